//! Words, and edges of calendars and clocks.

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
    for text in [
        "last month",
        "last 12 months",
        "this year",
        "next month",
        "ever",
        "last day",
        "next 2 weeks",
        "this quarter",
        "last 65535 years",
        "next 3 quarters",
    ] {
        assert_eq!(Period::parse(text).unwrap().to_string(), text);
    }
    for text in [
        "",
        "month",
        "last",
        "last months",
        "last 12 month",
        "this 2 months",
        "this 1 month",
        "last 0 months",
        "last -1 months",
        "last 65536 months",
        "ever after",
        "previous month",
        "Last month",
        "last 2 monthss",
    ] {
        assert_eq!(Period::parse(text), None, "{text}");
    }
}

#[test]
fn bounds_in_the_zone() {
    let table = [
        ("last month", "2025-11-15T12:00:00Z", "UTC", "2025-10-01T00:00:00Z", "2025-11-01T00:00:00Z"),
        ("last month", "2025-01-01T00:00:00Z", "UTC", "2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ("last month", "2024-12-31T23:59:59.999999Z", "UTC", "2024-11-01T00:00:00Z", "2024-12-01T00:00:00Z"),
        // 23:30 UTC on New Year's Eve is already January in Berlin.
        ("last month", "2024-12-31T23:30:00Z", "Europe/Berlin", "2024-11-30T23:00:00Z", "2024-12-31T23:00:00Z"),
        ("this month", "2025-01-01T03:00:00Z", "America/New_York", "2024-12-01T05:00:00Z", "2025-01-01T05:00:00Z"),
        // Winter time at one end, summer time at the other.
        ("this month", "2025-03-10", "Europe/Berlin", "2025-02-28T23:00:00Z", "2025-03-31T22:00:00Z"),
        ("this day", "2025-03-30T12:00:00Z", "Europe/Berlin", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z"),
        ("this day", "2025-11-02T12:00:00Z", "America/New_York", "2025-11-02T04:00:00Z", "2025-11-03T05:00:00Z"),
        ("this month", "2024-02-29T10:00:00Z", "UTC", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
        ("last 12 months", "2025-02-28T00:00:00Z", "UTC", "2024-02-01T00:00:00Z", "2025-02-01T00:00:00Z"),
        ("next month", "2025-12-31T12:00:00Z", "UTC", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        ("next 3 months", "2025-12-31T12:00:00Z", "UTC", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"),
        // Sunday belongs to the week of the Monday before; ISO week 1 of 2025 began in 2024.
        ("this week", "2025-11-02T23:59:59Z", "UTC", "2025-10-27T00:00:00Z", "2025-11-03T00:00:00Z"),
        ("this week", "2025-01-01T00:00:00Z", "UTC", "2024-12-30T00:00:00Z", "2025-01-06T00:00:00Z"),
        ("last 2 weeks", "2025-11-03T00:00:00Z", "UTC", "2025-10-20T00:00:00Z", "2025-11-03T00:00:00Z"),
        ("this quarter", "2025-12-31T00:00:00Z", "UTC", "2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("last quarter", "2025-03-31T00:00:00Z", "UTC", "2024-10-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ("this year", "2024-12-31T00:00:00Z", "UTC", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ("last year", "2024-12-31T23:30:00Z", "Europe/Berlin", "2023-12-31T23:00:00Z", "2024-12-31T23:00:00Z"),
        // Clocks in Santiago skip midnight of 7 September 2025: the day begins at one o'clock.
        ("this day", "2025-09-07T12:00:00Z", "America/Santiago", "2025-09-07T04:00:00Z", "2025-09-08T03:00:00Z"),
    ];
    for (period, present, name, from, to) in table {
        let bounds = Period::parse(period).unwrap().bounds(at(present), &zone(name));
        assert_eq!(bounds, (at(from), at(to)), "{period} at {present} in {name}");
    }
}

#[test]
fn bounds_saturate_beyond_the_calendar() {
    let far = |text| Period::parse(text).unwrap().bounds(at("2025-01-01"), &Zone::utc());
    assert_eq!(far("last 65535 years").0, Moment::FIRST);
    assert_eq!(far("next 65535 years").1, Moment::LAST);
    let (from, to) = Period::parse("this year").unwrap().bounds(Moment::LAST, &Zone::utc());
    assert_eq!((from, to), (at("9999-01-01"), Moment::LAST));
}

#[test]
fn months_have_numbers() {
    let berlin = zone("Europe/Berlin");
    assert_eq!(month_index(at("2024-12-31T23:00:00Z"), &berlin), 2025 * 12);
    assert_eq!(month_index(at("2024-12-31T22:59:59Z"), &berlin), 2024 * 12 + 11);
    assert_eq!(month_start(2025 * 12, &berlin), at("2024-12-31T23:00:00Z"));
    assert_eq!(month_start(2025 * 12 + 6, &berlin), at("2025-06-30T22:00:00Z"));
    assert_eq!(month_start(i32::MAX, &berlin), Moment::LAST);
    assert_eq!(month_start(i32::MIN, &berlin), Moment::FIRST);
}

#[test]
fn the_same_day_months_later() {
    for (from, months, name, expect) in [
        ("2024-01-31T10:00:00Z", 1, "UTC", "2024-02-29T10:00:00Z"),
        ("2025-01-31T10:00:00Z", 1, "UTC", "2025-02-28T10:00:00Z"),
        ("2024-02-29T10:00:00Z", 12, "UTC", "2025-02-28T10:00:00Z"),
        ("2024-02-29T10:00:00Z", 48, "UTC", "2028-02-29T10:00:00Z"),
        ("2025-12-15T10:00:00.000001Z", 1, "UTC", "2026-01-15T10:00:00.000001Z"),
        // The clock shows the same hour in summer.
        ("2025-03-15T09:00:00Z", 1, "Europe/Berlin", "2025-04-15T08:00:00Z"),
        // 02:30 is skipped on 30 March: 03:30; shown twice on 26 October: the first.
        ("2025-02-28T01:30:00Z", 0, "Europe/Berlin", "2025-02-28T01:30:00Z"),
        ("2025-01-30T01:30:00Z", 2, "Europe/Berlin", "2025-03-30T01:30:00Z"),
        ("2025-09-26T00:30:00Z", 1, "Europe/Berlin", "2025-10-26T00:30:00Z"),
        // The second showing stays itself when nothing is added.
        ("2025-10-26T01:30:00Z", 0, "Europe/Berlin", "2025-10-26T01:30:00Z"),
    ] {
        assert_eq!(months_later(at(from), months, &zone(name)), at(expect), "{from} + {months}");
    }
    assert_eq!(months_later(at("2025-01-01"), u32::MAX, &Zone::utc()), Moment::LAST);
}

proptest! {
    #[test]
    fn the_present_is_in_this_and_periods_meet(
        seconds in -2_000_000_000_i64..6_000_000_000,
        unit in prop::sample::select(vec!["day", "week", "month", "quarter", "year"]),
        name in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"]),
    ) {
        let (present, zone) = (Moment(0).plus_seconds(seconds), zone(name));
        let bounds = |words: &str| Period::parse(&format!("{words} {unit}")).unwrap().bounds(present, &zone);
        let (this, last, next) = (bounds("this"), bounds("last"), bounds("next"));
        prop_assert!(this.0 <= present && present < this.1);
        prop_assert_eq!(last.1, this.0);
        prop_assert_eq!(this.1, next.0);
    }

    #[test]
    fn a_month_contains_its_moments(seconds in -2_000_000_000_i64..6_000_000_000) {
        let (present, zone) = (Moment(0).plus_seconds(seconds), zone("Europe/Berlin"));
        let index = month_index(present, &zone);
        prop_assert!(month_start(index, &zone) <= present);
        prop_assert!(present < month_start(index + 1, &zone));
        prop_assert_eq!(month_index(month_start(index, &zone), &zone), index);
    }
}
