//! Labels and short sentences that several nouns share.

words! {
    HOME "Home";
    MY_PAGE "My page";
    DECISIONS "Decisions";
    CONSTITUTION "Constitution";
    MONEY "Money";
    MEMBERS "Members";
    MEMBER "Member";
    LOG "Log";
    WEIGHT_IN_ALL "Weight in all";
    NEXT_UPDATE "Next update";
    BALANCE "Balance";
    ENTRIES "Entries";
    TEXT "Text";
    THE_RULE "The rule";
    PREVIEW "Preview";
    CAST "Cast";
    FOR "For";
    AGAINST "Against";
    SHARE "Share of my weight, %";
    VOTES "Votes";
    VOTES_LEFT "votes";
    votes(votes) "{votes} votes";
    SINCE "since";
    IN_FORCE "in force";
    HOLDS "holds";
    NEWER "Newer";
    OLDER "Older";
    PICK_A_MEMBER "Pick a member";
    PICK_TO_TRY "‹Pick a member› to try it.";
}
