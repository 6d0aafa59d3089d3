//! Seconds since 1970 as forges write them, and back.

/// Returns seconds as `2026-01-02T03:04:05Z`.
#[must_use]
pub fn text(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |moment| moment.to_string())
}

/// Returns seconds as GitLab writes them, with thousandths.
pub fn text_in_thousandths(seconds: i64) -> String {
    text(seconds).replace('Z', ".000Z")
}

/// Reads a date with its time, in any zone. Fractions of a second are cut off.
pub fn read(text: &str) -> Option<i64> {
    // A `+` that was not escaped in an address is a space there.
    text.replace(' ', "+").parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}
