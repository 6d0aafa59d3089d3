//! Dates and lengths of time as people say them.

use quantity::Zone;

use super::world::at;
use crate::say;

#[test]
fn moments_are_told_in_the_zone() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    let new_york = Zone::named("America/New_York").unwrap();
    for (zone, moment, expect) in [
        (&Zone::utc(), "2025-12-08T01:00:00Z", "Monday 8 December 2025, 01:00"),
        (&berlin, "2025-12-31T23:30:00Z", "Thursday 1 January 2026, 00:30"),
        (&new_york, "2026-01-01T00:30:00Z", "Wednesday 31 December 2025, 19:30"),
        (&Zone::utc(), "1969-12-31T00:00:00Z", "Wednesday 31 December 1969, 00:00"),
    ] {
        let said = say::moment(at(moment), zone);
        assert_eq!(said.text, expect);
        assert_eq!(said.iso, moment);
    }
}

#[test]
fn lengths_ahead_take_the_most_telling_unit() {
    let now = "2025-01-01T00:00:00Z";
    for (then, expect) in [
        ("2024-12-31", "now"),
        ("2025-01-01T00:00:30Z", "in a minute"),
        ("2025-01-01T00:40:00Z", "in 40 minutes"),
        ("2025-01-01T05:00:00Z", "in 5 hours"),
        ("2025-01-04", "in 3 days"),
        ("2025-01-22", "in 3 weeks"),
        ("2025-05-01", "in 4 months"),
        ("2028-03-01", "in 3 years"),
    ] {
        assert_eq!(say::ahead(at(now), at(then), &Zone::utc()), expect, "{then}");
    }
}

#[test]
fn lengths_past_count_calendar_months() {
    for (from, to, expect) in [
        ("2025-01-01", "2025-01-02", "1 day"),
        ("2025-01-31", "2025-03-30", "58 days"),
        ("2025-01-31", "2025-03-31", "2 months"),
        ("2022-10-01", "2025-01-01", "2 years 3 months"),
        ("2020-01-01", "2025-01-01", "5 years"),
    ] {
        assert_eq!(say::since(at(from), at(to), &Zone::utc()), expect, "{from} to {to}");
    }
}

#[test]
fn lists_titles_and_parts() {
    let all = |parts: &[&str]| words::numbers::all_of(&parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
    assert_eq!(all(&["a"]), "a");
    assert_eq!(all(&["a", "b", "c"]), "a, b and c");
    assert_eq!(say::title("code-of-conduct"), "Code of conduct");
    assert_eq!(say::count(2_310, words::numbers::MEMBERS), "2,310 members");
    assert_eq!((say::ppm(1, 3), say::ppm(5, 3), say::ppm(1, 0)), (333_333, 1_000_000, 0));
}
