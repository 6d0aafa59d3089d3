//! The register.

words! {
    NO_VOTES "no votes placed";
    votes_on(decisions) "votes on {decisions}";
    NO_WEIGHT "no weight now";
    weight(weight) "weight {weight}";
    NOBODY_HAS_WEIGHT "Nobody has weight yet.";
    TENTH "tenth";
    heaviest(part, share) "The heaviest {part} of members hold {share} of all weight.";
    square_root(formula) "the square root of ({formula})";
    earned(formula) "Weight is {formula}.";
    earned_on_list(list, formula) "Weight for those on the {list} is {formula}.";
}
