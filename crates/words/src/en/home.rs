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
}
