//! Written forms of moments, and distances between moments.

use proptest::prelude::*;

use super::*;

#[test]
fn reads_and_writes() {
    for (text, expect) in [
        ("2025-11-01T04:08:12Z", "2025-11-01T04:08:12Z"),
        ("2025-11-01T04:08:12", "2025-11-01T04:08:12Z"),
        ("2025-11-01 04:08:12", "2025-11-01T04:08:12Z"),
        ("2025-11-01t04:08:12z", "2025-11-01T04:08:12Z"),
        ("2025-11-01", "2025-11-01T00:00:00Z"),
        ("2025-11-01T04:08:12+05:30", "2025-10-31T22:38:12Z"),
        ("2025-12-31T23:00:00-02:00", "2026-01-01T01:00:00Z"),
        ("2025-11-01T04:08:12-00:00", "2025-11-01T04:08:12Z"),
        ("2025-11-01T04:08:12.5Z", "2025-11-01T04:08:12.500000Z"),
        ("2025-11-01T04:08:12.000001", "2025-11-01T04:08:12.000001Z"),
        ("2025-11-01T04:08:12.123456789Z", "2025-11-01T04:08:12.123456Z"),
        ("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z"),
        ("2024-02-29", "2024-02-29T00:00:00Z"),
        ("2000-02-29", "2000-02-29T00:00:00Z"),
        ("0000-01-01", "0000-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ] {
        let moment = Moment::parse(text).unwrap();
        assert_eq!(moment.to_string(), expect, "{text}");
        assert_eq!(Moment::parse(expect), Ok(moment), "{text}");
    }
}

#[test]
fn counts_from_1970() {
    assert_eq!(Moment::parse("1970-01-01"), Ok(Moment(0)));
    assert_eq!(Moment::parse("1969-12-31T23:59:59Z"), Ok(Moment(-1_000_000)));
    // `date --date=2025-11-01T04:08:12Z +%s`
    assert_eq!(Moment::parse("2025-11-01T04:08:12Z"), Ok(Moment(1_761_970_092_000_000)));
}

#[test]
fn refuses_with_clear_words() {
    let none = |text: &str| format!("`{text}` is not a moment: write `2025-11-01` or `2025-11-01T04:08:12Z`");
    let day = |text: &str| format!("`{text}` is not a day of the calendar");
    for (text, expect) in [
        ("2025-02-29", day("2025-02-29")),
        ("1900-02-29", day("1900-02-29")),
        ("2025-04-31T00:00:00Z", day("2025-04-31")),
        ("2025-13-01", day("2025-13-01")),
        ("2025-00-10", day("2025-00-10")),
        (
            "2016-12-31T23:59:60Z",
            "`2016-12-31T23:59:60Z` is a leap second, which is not kept: write second 59".to_string(),
        ),
        ("2025-01-01T24:00:00Z", "`24:00:00` is not a time of day".to_string()),
        ("2025-01-01T10:61:00Z", "`10:61:00` is not a time of day".to_string()),
        ("2025-01-01T10:00:61Z", "`10:00:61` is not a time of day".to_string()),
    ] {
        assert_eq!(Moment::parse(text).unwrap_err(), expect);
    }
    for text in [
        "",
        "today",
        "2025",
        "2025-1-1",
        "01.11.2025",
        "11/01/2025",
        "20251101",
        "2025-11-01T",
        "2025-11-01T04:08",
        "2025-11-01T04:08:12+0100",
        "2025-11-01T04:08:12+24:00",
        "2025-11-01T04:08:12 UTC",
        "2025-11-01T04:08:12.Z",
        "2025-11-01T04:08:12.1234567890Z",
        "2025-11-01T04:08:12ZZ",
        "+2025-11-01",
        "-025-11-01",
        "2025-11-01x",
        "２０２５-11-01",
        "2025-11-0é",
        "2025-11-01T04:08:1é",
        "2025-11-01T04:08:12é",
    ] {
        assert_eq!(Moment::parse(text).unwrap_err(), none(text));
    }
}

#[test]
fn as_of_a_day_is_its_last_microsecond_there() {
    for (zone, text, expect) in [
        ("UTC", "2025-12-31", "2025-12-31T23:59:59.999999Z"),
        ("Europe/Berlin", "2025-12-31", "2025-12-31T22:59:59.999999Z"),
        ("America/New_York", "2025-12-31", "2026-01-01T04:59:59.999999Z"),
        // Days of 23 and 25 hours.
        ("Europe/Berlin", "2025-03-30", "2025-03-30T21:59:59.999999Z"),
        ("Europe/Berlin", "2025-10-26", "2025-10-26T22:59:59.999999Z"),
        ("Europe/Berlin", "2025-12-31T10:00:00Z", "2025-12-31T10:00:00Z"),
    ] {
        let zone = Zone::named(zone).unwrap();
        assert_eq!(Moment::parse_at_end_of_day(text, &zone).unwrap().to_string(), expect);
    }
    for day in ["9999-12-30", "9999-12-31"] {
        let end = Moment::parse_at_end_of_day(day, &Zone::utc()).unwrap();
        assert_eq!(end.to_string(), format!("{day}T23:59:59.999999Z"));
    }
}

#[test]
fn distances() {
    assert_eq!(Moment(-1).seconds_since(Moment(-1_000_001)), 1);
    assert_eq!(Moment(999_999).seconds_since(Moment(0)), 0);
    assert_eq!(Moment::FIRST.seconds_since(Moment::LAST), 0);
    assert_eq!(Moment::LAST.micros_since(Moment::FIRST), u64::MAX);
    assert_eq!(Moment(5).plus_seconds(i64::MAX), Moment::LAST);
    assert_eq!(Moment(5).plus_seconds(i64::MIN), Moment::FIRST);
    assert_eq!(Moment(5).plus_seconds(2), Moment(2_000_005));
}

#[test]
fn what_cannot_be_written_says_so() {
    assert_eq!(Moment::FIRST.to_string(), "before the year 0000");
    assert_eq!(Moment::LAST.to_string(), "after the year 9999");
    let last = Moment::parse("9999-12-31T23:59:59Z").unwrap();
    assert_eq!(last.plus_seconds(1).to_string(), "after the year 9999");
    let first = Moment::parse("0000-01-01").unwrap();
    assert_eq!(Moment(first.0 - 1).to_string(), "before the year 0000");
}

proptest! {
    #[test]
    fn what_is_written_reads_back(micros in -62_167_219_200_000_000_i64..253_402_300_800_000_000) {
        let moment = Moment(micros);
        prop_assert_eq!(Moment::parse(&moment.to_string()), Ok(moment));
    }

    #[test]
    fn written_order_is_the_order_of_moments(a in 0..4_000_000_000_i64, b in 0..4_000_000_000_i64) {
        let (a, b) = (Moment(0).plus_seconds(a), Moment(0).plus_seconds(b));
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn the_short_way_reads_as_the_long_one(text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z") {
        let long = read_date(&text).and_then(|(day, rest)| read_time(&text, day, rest));
        prop_assert_eq!(read_written(&text), long.ok());
    }

    #[test]
    fn no_text_is_a_crash(text: String) {
        let _ = Moment::parse(&text);
    }
}
