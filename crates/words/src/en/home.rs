//! The first page, and what came about.

words! {
    BEING_DECIDED "Being decided";
    nothing_counted_yet(next_update) "Nothing has been counted yet. The first update is {next_update}.";
    candidate_entered(name, decision) "{name} can now be voted for: {decision}";
    nominee_dropped(name, decision) "{name} dropped out of the nominations: {decision}";
    seat_taken(name, decision) "{name} took over: {decision}";
    seat_taken_from(name, from, decision) "{name} took over from {from}: {decision}";
    seat_vacated(name, decision) "{name} lost the seat, and it is vacant: {decision}";
    item_closed(title) "“{title}” closed for want of support";
    decision_opened(decision) "The rules now define: {decision}";
    decision_closed(decision) "The rules no longer define: {decision}";
    document_no_longer_checks(name, decision) "{name} does not fit the rules above it any more and is out: {decision}";
    amendment_adopted(name) "{name} is the kernel now";
    edition_announced(edition) "{edition} of the program’s rules is announced";
    fork_announced(fork) "A fork is announced: {fork}";
    fork_withdrawn(fork) "Nobody goes with the fork {fork} any more";
    fork_completed(members, fork) "{members} left with the fork {fork}";
    demonstration(coop) "A demonstration. The money and the history are real; the rules are made up, and so are the ballots: all of them are demonstration ballots. {coop} itself is not governed this way.";
    FIRST_STEPS "What to do first";
    NEW "This co-op is new: nobody is in its register yet.";
    IMPORT_MEMBERS "Bring in its members: `rochdale import members-csv FILE --dir DIR`";
    IMPORT_SUPPORT "Bring in what they give, so that they have weight: `rochdale import support-csv FILE --dir DIR`, or the records of a platform or a repository";
    wait(next_update) "Wait for the next update, {next_update}: it counts their weight, and then they can vote";
    HOW_IT_WORKS "How it works";
    SUPPORT_EARNS_WEIGHT "*Support earns weight.* Members who give money, work or time have a say, and it fades when they stop.";
    WHO_HAS_WEIGHT "Who has weight";
    WEIGHT_MAKES_VOTES "*Weight makes votes.* Members divide theirs over people, documents and priorities, and move it whenever they like.";
    DECIDED "What is decided";
    OUTCOMES_SETTLE "*Outcomes settle.* Nothing turns on one day: a challenger has to stay ahead until a bucket is full.";
    ANYONE_CAN_CHECK "*Anyone can check it.* Every figure is computed from a public log.";
    THE_LOG "The log";
    TRY "To try it, ‹pick a member›, move a ballot, see what it would change, and run the next update.";
    NOTHING_OPEN "Nothing is open yet. The constitution opens decisions; until then nothing is being decided.";
    NO_WEIGHT "No one has weight yet. It comes with the first support that is counted.";
    MEMBERS_AND_WEIGHT "Members and their weight";
    FIRST_IN_LINE "First in line";
    ALL_PRIORITIES "All priorities";
    NO_BOOK "The book is empty.";
    EVERY_ENTRY "Every entry";
    AT_THE_LAST_UPDATE "At the last update";
    NOTHING_HAPPENED "Nothing changed hands. Votes were counted and buckets moved on.";
}
