//! The standings as a move would make them.

words! {
    unchanged(outlook) "As it is now: {outlook}";
    changed(then, now) "{then} Before: {now}";
    SEATED "seated";
    NOTHING_CHANGES "Nothing would change: the ballot stands as it is.";
    item_stays(title, place) "“{title}” would stay at place {place}.";
    item_moves(title, from, to) "“{title}” would move from place {from} to place {to}.";
    place(place) "place {place}";
    place_closing(place, closes) "place {place}, {closes}";
    HEADING "What would change";
    would_change_on(title) "What would change on {title}";
    on(title) "on {title}";
    VOTES_NOW "votes now";
    WOULD_BE "would be";
    CHANGE "change";
    left_to_place(share) "You would have {share} of your weight left to place.";
    NOT_YET "Nothing has changed yet. All else is taken to stand still: the update counts everybody's weight anew, and others may move their votes.";
}
