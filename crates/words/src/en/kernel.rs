//! Kernels that are proposed.

words! {
    proposed_by(name, day) "Proposed by {name} on {day}.";
    takes_effect(day) "It takes effect on {day} if it keeps the assent that it needs.";
    NO_ASSENT_COUNTS "Nobody has weight yet, so that no assent counts.";
    LACKS_ASSENT "It does not have the assent that it needs yet.";
    PROPOSED "Proposed kernels";
    NONE_PROPOSED "No other kernel is proposed.";
    in_force(title, since) "“{title}”, {since}. It says who has weight and how the rules change; no ordinary decision changes it.";
    TAKES_TO_CHANGE "What it takes to change it";
    PROPOSE_ANOTHER "Propose another kernel";
    assents(share) "{share} of all weight assents.";
    ASSENT "Assent";
    TAKE_ASSENT_BACK "Take my assent back";
    assent_to(name) "to {name}";
    WITHDRAW "Withdraw";
    ASSENT_IS_FREE "Assenting uses no share of your weight, and can be taken back at any time.";
    IN_FORCE "The kernel in force";
    ASSENT_SO_FAR "Its assent so far";
    WHAT_IT_TAKES "What it takes";
    WOULD_CHANGE "What it would change";
    SEE_FOR_WHOM "See for whom, or start from this text";
    THE_PROPOSED "The proposed kernel";
    YES_OR_NO "say `yes` or `no`";
}
