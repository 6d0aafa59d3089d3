//! Kernels that are proposed.

words! {
    proposed_by(name, day) "Proposed by {name} on {day}.";
    takes_effect(day) "It takes effect on {day} if it keeps the assent that it needs.";
    NO_ASSENT_COUNTS "Nobody has weight yet, so that no assent counts.";
    LACKS_ASSENT "It does not have the assent that it needs yet.";
}
