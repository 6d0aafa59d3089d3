//! Documents that stand for election or are in force.

words! {
    UNTITLED "Untitled";
    in_force_since(day) "in force since {day}";
    candidate_since(day) "can be voted for since {day}";
    nominated_on(day) "nominated on {day}";
    out_since(day) "out since {day}";
}
