//! Elections if nothing moves. A `when` is a date with its preposition: `in 3 weeks, on Monday 8 December 2025`.

words! {
    FULL "full";
    NEVER_FULL "filling, but never full at this rate";
    filling(when) "filling, full {when} if nothing moves";
    draining(day) "draining, empty on {day} if nothing moves";
    EMPTY "empty, and never full at this rate";
    STILL "neither filling nor draining";
    counted_first(day) "is counted first on {day}";
    NEVER_A_CANDIDATE "never becomes a candidate at this rate";
    becomes_candidate(day) "becomes a candidate on {day} if nothing moves";
    drops_out(day) "drops out on {day} if nothing moves";
    STAYS_NOMINEE "stays a nominee if nothing moves";
    first_count(day) "Votes are counted for the first time on {day}.";
    if_nobody_moves(change) "If nobody moves a vote, {change}.";
    if_nothing_moves(change) "{change} if nothing moves.";
    TIE "Challengers with a full bucket have equal votes: a tie keeps the seat as it is.";
    replaces(to, from, when) "{to} replaces {from} {when}";
    takes_over(to, from, when) "{to} takes over from {from} {when}";
    takes_vacant_seat(to, when) "{to} takes a vacant seat {when}";
    loses_seat(from, when) "{from} loses the seat {when}, and it is vacant";
    nothing_changes(when) "nothing changes {when}";
    STAYS_VACANT "The seat stays vacant: no candidate is ahead of the others at this rate.";
    nobody_challenges(holders) "Nothing would change: nobody challenges {holders}.";
    nobody_ahead(holder) "Nothing would change: no challenger is ahead of {holder}.";
    NOBODY_AHEAD_OF_THOSE_SEATED "Nothing would change: no challenger is ahead of those seated.";
    NO_TEXT "No text is in force and none is proposed yet.";
    NO_TEXT_BUT_NOMINATED "No text is in force. The first is being nominated.";
    NO_HOLDER "Nobody holds this seat and nobody stands for it yet.";
    NO_HOLDER_BUT_NOMINATED "Nobody holds this seat. Newcomers are being nominated.";
}
