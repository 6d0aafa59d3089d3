//! A length of time that does not depend on the calendar, as rules write it: "14 days", "1 year".

use serde::{Deserialize, Serialize};
use std::fmt;

/// A length of time in whole seconds.
///
/// A year is always 365 days and a month 30 days: a half-life or a settling time must not depend on its
/// start. [`crate::Period`] follows the calendar.
///
/// ```
/// use quantity::Span;
/// assert_eq!(Span::parse("14 days").unwrap().to_string(), "2 weeks");
/// assert_eq!(Span::parse("1 year").unwrap().seconds(), 365 * 86_400);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    seconds: u64,
}

/// Largest first. Months are read but never written: "3 months" for 90 days would promise a calendar.
const UNITS: [(&str, u64); 6] =
    [("year", 365 * 86_400), ("week", 7 * 86_400), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
const MONTH: (&str, u64) = ("month", 30 * 86_400);

impl Span {
    /// Makes a span of this many seconds.
    ///
    /// ```
    /// assert_eq!(quantity::Span::from_seconds(90).to_string(), "90 seconds");
    /// ```
    pub const fn from_seconds(seconds: u64) -> Span {
        Span { seconds }
    }

    /// Reads a whole number and a unit: `14 days`, `1 year`, `6 months`, `8 hours`, `30 minutes`,
    /// `10 seconds`, `2 weeks`. `None` for anything else and beyond 64 bits of microseconds.
    ///
    /// ```
    /// use quantity::Span;
    /// assert_eq!(Span::parse("6 months"), Span::parse("180 days"));
    /// assert_eq!(Span::parse("1.5 days"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Span> {
        let (count, unit) = text.trim().split_once(' ')?;
        let plain = count.bytes().all(|byte| byte.is_ascii_digit());
        let count: u64 = plain.then(|| count.parse().ok()).flatten()?;
        let unit = unit.trim_start();
        let singular = match unit.strip_suffix('s') {
            Some(singular) => singular,
            None if count == 1 => unit,
            None => return None,
        };
        let (_, seconds_in_unit) = UNITS.into_iter().chain([MONTH]).find(|(word, _)| *word == singular)?;
        let seconds = count.checked_mul(seconds_in_unit)?;
        seconds.checked_mul(crate::MICRO)?;
        Some(Span { seconds })
    }

    /// Returns whole seconds.
    ///
    /// ```
    /// assert_eq!(quantity::Span::parse("8 hours").unwrap().seconds(), 28_800);
    /// ```
    pub const fn seconds(self) -> u64 {
        self.seconds
    }

    /// Microseconds; saturates.
    ///
    /// ```
    /// assert_eq!(quantity::Span::parse("10 seconds").unwrap().micros(), 10_000_000);
    /// ```
    pub const fn micros(self) -> u64 {
        self.seconds.saturating_mul(crate::MICRO)
    }
}

impl fmt::Display for Span {
    /// Writes it in the largest unit that divides it; [`Span::parse`] reads it back to the same span.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = UNITS.into_iter().find_map(|(word, seconds_in_unit)| {
            let count = self.seconds.checked_div(seconds_in_unit)?;
            let exact = count > 0 && count.checked_mul(seconds_in_unit) == Some(self.seconds);
            exact.then_some((word, count))
        });
        match whole {
            Some((word, 1)) => write!(out, "1 {word}"),
            Some((word, count)) => write!(out, "{count} {word}s"),
            None => out.write_str("0 seconds"),
        }
    }
}

#[cfg(test)]
mod tests;
