//! Words, and beats across changes of the clocks.

use proptest::prelude::*;

use super::*;

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

#[test]
fn words_read_and_write() {
    for (text, canonical) in [
        ("hourly", "hourly"),
        ("daily at 01:00", "daily at 01:00"),
        ("weekly on monday at 01:00", "weekly on monday at 01:00"),
        ("monday 07:00", "weekly on monday at 07:00"),
        ("sunday 23:59", "weekly on sunday at 23:59"),
        ("monthly on 1 at 01:00", "monthly on 1 at 01:00"),
        ("monthly on 28 at 00:00", "monthly on 28 at 00:00"),
    ] {
        let rhythm = Rhythm::parse(text).unwrap();
        assert_eq!(rhythm.to_string(), canonical);
        assert_eq!(Rhythm::parse(canonical), Some(rhythm));
    }
    for text in [
        "",
        "daily",
        "daily 01:00",
        "daily at 24:00",
        "daily at 1:00",
        "daily at 01:60",
        "weekly on monday",
        "weekly on moonday at 01:00",
        "monthly on 0 at 01:00",
        "monthly on 29 at 01:00",
        "monthly on 1",
        "hourly at 01:00",
        "Monday 07:00",
        "daily at +1:00",
        "daily at 01:00:00",
    ] {
        assert_eq!(Rhythm::parse(text), None, "{text}");
    }
}

/// Each row: a beat, the next one, and their rhythm and zone.
#[test]
fn beats_follow_each_other() {
    let table = [
        ("daily at 01:00", "UTC", "2024-02-28T01:00:00Z", "2024-02-29T01:00:00Z"),
        ("daily at 01:00", "UTC", "2024-12-31T01:00:00Z", "2025-01-01T01:00:00Z"),
        ("weekly on monday at 01:00", "UTC", "2025-12-29T01:00:00Z", "2026-01-05T01:00:00Z"),
        ("monthly on 28 at 12:00", "UTC", "2025-01-28T12:00:00Z", "2025-02-28T12:00:00Z"),
        ("monthly on 1 at 01:00", "UTC", "2025-12-01T01:00:00Z", "2026-01-01T01:00:00Z"),
        ("hourly", "Asia/Kolkata", "2025-01-01T00:00:00Z", "2025-01-01T01:00:00Z"),
        ("hourly", "Europe/Berlin", "2025-03-30T00:00:00Z", "2025-03-30T01:00:00Z"),
        // A day of 23 hours, then one of 25.
        ("daily at 12:00", "Europe/Berlin", "2025-03-29T11:00:00Z", "2025-03-30T10:00:00Z"),
        ("daily at 12:00", "Europe/Berlin", "2025-10-25T10:00:00Z", "2025-10-26T11:00:00Z"),
        // 02:30 is skipped in Berlin: 03:30 of the new time, then 02:30 again.
        ("daily at 02:30", "Europe/Berlin", "2025-03-29T01:30:00Z", "2025-03-30T01:30:00Z"),
        ("daily at 02:30", "Europe/Berlin", "2025-03-30T01:30:00Z", "2025-03-31T00:30:00Z"),
        // 02:30 is shown twice: the first, and once only.
        ("daily at 02:30", "Europe/Berlin", "2025-10-25T00:30:00Z", "2025-10-26T00:30:00Z"),
        ("daily at 02:30", "Europe/Berlin", "2025-10-26T00:30:00Z", "2025-10-27T01:30:00Z"),
        ("weekly on sunday at 02:30", "America/New_York", "2025-03-02T07:30:00Z", "2025-03-09T07:30:00Z"),
        ("weekly on sunday at 01:30", "America/New_York", "2025-10-26T05:30:00Z", "2025-11-02T05:30:00Z"),
        ("weekly on sunday at 01:30", "America/New_York", "2025-11-02T05:30:00Z", "2025-11-09T06:30:00Z"),
        // Samoa had no 30 December 2011.
        ("daily at 01:00", "Pacific/Apia", "2011-12-29T11:00:00Z", "2011-12-30T11:00:00Z"),
    ];
    for (rhythm, name, beat, next) in table {
        let zone = zone(name);
        let rhythm = Rhythm::parse(rhythm).unwrap();
        assert_eq!(rhythm.next_after(at(beat), &zone), at(next), "{rhythm} in {name} after {beat}");
        assert_eq!(rhythm.previous_before(at(next), &zone), at(beat), "{rhythm} in {name} before {next}");
        let soon = Moment(at(beat).0 - 1);
        assert_eq!(rhythm.next_after(soon, &zone), at(beat), "{rhythm} in {name} just before {beat}");
        let late = Moment(at(next).0 + 1);
        assert_eq!(rhythm.previous_before(late, &zone), at(next), "{rhythm} in {name} just after {next}");
    }
}

#[test]
fn the_second_showing_of_an_hour_is_after_its_beat() {
    let rhythm = Rhythm::parse("daily at 02:30").unwrap();
    let second = at("2025-10-26T01:30:00Z");
    let berlin = zone("Europe/Berlin");
    assert_eq!(rhythm.next_after(second, &berlin), at("2025-10-27T01:30:00Z"));
    assert_eq!(rhythm.previous_before(second, &berlin), at("2025-10-26T00:30:00Z"));
}

#[test]
fn beats_end_with_the_calendar() {
    for text in ["hourly", "daily at 01:00", "weekly on monday at 01:00", "monthly on 1 at 01:00"] {
        let rhythm = Rhythm::parse(text).unwrap();
        assert_eq!(rhythm.next_after(Moment::LAST, &Zone::utc()), Moment::LAST, "{text}");
        assert_eq!(rhythm.previous_before(Moment::FIRST, &Zone::utc()), Moment::FIRST, "{text}");
    }
}

#[test]
fn usual_distances() {
    for (text, seconds) in
        [("hourly", 3_600), ("daily at 01:00", 86_400), ("monday 01:00", 604_800), ("monthly on 1 at 01:00", 2_592_000)]
    {
        assert_eq!(Rhythm::parse(text).unwrap().usual_seconds(), seconds);
    }
}

proptest! {
    #[test]
    fn the_next_beat_is_the_first_and_the_previous_the_last(
        micros in -2_000_000_000_000_000_i64..6_000_000_000_000_000,
        text in prop::sample::select(vec![
            "hourly", "daily at 00:00", "daily at 02:30", "weekly on sunday at 01:30", "monthly on 28 at 23:59",
        ]),
        name in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"]),
    ) {
        let (rhythm, zone, at) = (Rhythm::parse(text).unwrap(), zone(name), Moment(micros));
        let (next, previous) = (rhythm.next_after(at, &zone), rhythm.previous_before(at, &zone));
        prop_assert!(previous < at && at < next);
        // Nothing lies between them but, at most, the moment itself.
        let after_previous = rhythm.next_after(previous, &zone);
        prop_assert!(after_previous == next || after_previous == at);
        prop_assert!(next.micros_since(previous) <= 2 * 32 * 86_400_000_000);
    }
}
