//! Where a member’s weight comes from.

words! {
    records(of, records) "{of}: {records}";
    earlier(count) "and {count} earlier";
    AFTER_THE_COUNT "recorded after the count, counts at the next update";
    faded(day, amount) "{day}: {amount}, faded since";
    promised(day, until) "promised on {day}, holds until {until}";
    taken_back(day) "{day}: taken back";
    FLOOR "every member who is in a class weighs at least this much";
    cap(share) "no member holds more than {share} of all weight";
}
