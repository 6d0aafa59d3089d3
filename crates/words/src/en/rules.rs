//! The rules in plain words, beside what the charter says of itself.

words! {
    may_spend(holder, power) "The {holder} may {power}.";
    NOBODY_MAY_SPEND "No office has been given the power to spend: payments are recorded here, and not decided here.";
}
