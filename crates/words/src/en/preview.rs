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
}
