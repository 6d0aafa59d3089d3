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
    as_one_of(class) "As one of the {class}";
    KERNEL_SAYS "The kernel says";
    line_by_line(class) "Weight earned in {class}, line by line";
    STEP "step";
    VALUE "value";
    EARNED "earned";
    AFTER_SCALING "after scaling";
    AFTER_THE_CAP "after the cap";
    NO_CLASS_YET "No class gives any weight yet. Support of any kind (a donation, hours, a contribution) is counted at the next update.";
    before_the_cap(cap) "before the cap: {cap}";
    IN_ALL "weight in all";
    of_all(share) "{share} of all weight";
    COUNTED_AT "Counted at the update of";
}
