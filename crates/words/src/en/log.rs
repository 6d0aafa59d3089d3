//! Entries of the log.

words! {
    by_holder(decision) ", by the holder of {decision}";
    by_member_of(decision) ", by a member of {decision}";
    AT_THE_DESK ", handed in at the desk";
    FOUNDED "The co-op was founded";
    FOUNDED_AS_DEMONSTRATION "The co-op was founded, as a demonstration";
    founded_as_fork(coop) "The co-op was founded as a fork of {coop}";
    update(moment, outcomes) "Update of {moment}: everything counted, {outcomes}";
    change(moment, outcomes) "Change time of {moment}: {outcomes}";
    NOTHING_CHANGED "nothing changed";
    joined(name) "{name} joined";
    organisation_joined(name) "{name}, an organisation, joined";
    left(name) "{name} left";
    put_on_list(name, list) "{name} was put on the {list}";
    taken_off_list(name, list) "{name} was taken off the {list}";
    given(name, gave, amount, day) "{name} {gave} {amount} on {day}";
    in_parts(parts) ", counted as {parts} monthly parts";
    credits(number) "{number} credits";
    A_CHANGE "a change";
    taken_back(record) "The record {record} was taken back";
    part_taken_back(record) "Part of the record {record} was taken back";
    item_ballot(name, share, side, title) "{name} placed {share} {side} “{title}”";
    item_ballot_taken_back(name, title) "{name} took back their ballot on “{title}”";
    scored(candidate, score) "{candidate} (score {score})";
    ballot(name, share, side, candidates, decision) "{name} placed {share} {side} {candidates} on {decision}";
    ballot_taken_back(name, side, decision) "{name} took back their {side}-ballot on {decision}";
    nominated(name, share, candidate, decision) "{name} placed {share} for letting {candidate} stand for {decision}";
    nominated_against(name, share, candidate, decision) "{name} placed {share} against letting {candidate} stand for {decision}";
    nomination_taken_back(name, candidate, decision) "{name} took back their attention for {candidate} on {decision}";
    stands(name, decision) "{name} stands for {decision}";
    proposed(name, title, decision) "{name} proposed “{title}” for {decision}";
    assents(name, title) "{name} assents to “{title}” as the kernel";
    no_longer_assents(name, title) "{name} no longer assents to “{title}” as the kernel";
    withdrew(name, decision) "{name} withdrew from {decision}";
    withdrew_document(name, title, decision) "{name} withdrew “{title}” from {decision}";
    resigned(name, decision) "{name} resigned from {decision}";
    item_opened(title, decision) "“{title}” came on the list of {decision}";
    item_closed(title, decision) "“{title}” left the list of {decision}";
    booked(narration, amount) "Booked: {narration}, {amount}";
    fork_announced(name, fork) "{name} announced the fork “{fork}”";
    goes_with(name, fork) "{name} goes with the fork “{fork}”";
    does_not_go_with(name, fork) "{name} does not go with the fork “{fork}”";
    fork_completed(fork, coop) "The fork “{fork}” was completed: those who went left, and are {coop}";
    edition_announced(edition) "The operator announced {edition} of the program’s rules";
    lead(entries) "{entries} entries. Everything on these pages is recomputed from them, and anyone can do it again.";
    CHECK "Check it yourself";
    ONE_COMMAND "One command replays every entry and compares each result. It names the first entry that is wrong, or says that all are right.";
    COMMAND "Command to verify the log";
    VERIFY "rochdale verify DIR";
    LAST_HASH "Hash of the last entry";
    STATE_HASH "Hash of the state after the update";
    STATE_HASH_OF "Hash of the state after the update of";
    NO_ENTRY "No entry yet.";
    DEMONSTRATION "demonstration";
    PAGES "Log, page by page";
}

/// The verb for a kind of support, before its amount: `{name} donated 5 USD`.
#[must_use]
pub fn gave(kind: &str) -> &'static str {
    match kind {
        "donation" => "donated",
        "pledge" => "pledged",
        "purchase" => "bought for",
        "dues" => "paid dues of",
        "hours" => "worked",
        "contribution" => "contributed",
        "compute" => "gave computing time of",
        "loan" => "lent",
        "share-capital" => "subscribed share capital of",
        _ => "gave",
    }
}
