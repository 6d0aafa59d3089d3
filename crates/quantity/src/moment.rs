//! A moment: microseconds since 1970 in UTC, and its written form. It has no zone and reads no clock.

use serde::{Deserialize, Serialize};
use std::fmt;

use jiff::Span;
use jiff::civil::{Date, Time, date};

use crate::Zone;

/// A moment in time: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Written forms exist for the years 0000 to 9999; the others only bound comparisons ([`Moment::FIRST`],
/// [`Moment::LAST`]).
///
/// ```
/// use quantity::Moment;
/// let moment = Moment::parse("2025-11-01T05:08:12+01:00").unwrap();
/// assert_eq!(moment.to_string(), "2025-11-01T04:08:12Z");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default, Serialize, Deserialize)]
pub struct Moment(pub i64);

const MICROS_IN_SECOND: i64 = 1_000_000;
const SECONDS_IN_DAY: i64 = 86_400;
const EPOCH: Date = date(1970, 1, 1);

impl Moment {
    /// Earlier than everything that can be written.
    pub const FIRST: Moment = Moment(i64::MIN);
    /// Later than everything that can be written.
    pub const LAST: Moment = Moment(i64::MAX);

    /// Reads `YYYY-MM-DD` (midnight UTC), `YYYY-MM-DDTHH:MM:SS` (UTC), or the same with up to nine decimals
    /// and an offset (RFC 3339).
    ///
    /// Digits beyond the microsecond are dropped (toward the earlier moment). `T` may be a space or lower
    /// case, as RFC 3339 allows. A leap second is refused, because this scale has no place for it.
    ///
    /// # Errors
    /// A lower-case message that quotes the text, when it is none of these or not a day of the calendar.
    ///
    /// ```
    /// use quantity::Moment;
    /// assert_eq!(Moment::parse("1970-01-02"), Ok(Moment(86_400_000_000)));
    /// assert_eq!(Moment::parse("1970-01-01T00:00:00.5Z"), Ok(Moment(500_000)));
    /// assert_eq!(
    ///     Moment::parse("2025-02-29").unwrap_err(),
    ///     "`2025-02-29` is not a day of the calendar"
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Moment, String> {
        if let Some(moment) = read_written(text) {
            return Ok(moment);
        }
        match read_date(text)? {
            (day, "") => Ok(at_utc(day, 0)),
            (day, rest) => read_time(text, day, rest),
        }
    }

    /// Reads as [`Moment::parse`] does, except that a bare date is the first moment of that day in the zone.
    ///
    /// # Errors
    /// As [`Moment::parse`].
    ///
    /// ```
    /// use quantity::{Moment, Zone};
    /// let vancouver = Zone::named("America/Vancouver").unwrap();
    /// let start = Moment::parse_at_start_of_day("2025-03-01", &vancouver).unwrap();
    /// assert_eq!(start.to_string(), "2025-03-01T08:00:00Z");
    /// ```
    pub fn parse_at_start_of_day(text: &str, zone: &Zone) -> Result<Moment, String> {
        match read_date(text)? {
            (day, "") => match zone.moment(day.to_datetime(Time::midnight())) {
                Moment::FIRST | Moment::LAST => Ok(at_utc(day, 0)),
                start => Ok(start),
            },
            (day, rest) => read_time(text, day, rest),
        }
    }

    /// Reads as [`Moment::parse`] does, except that a bare date is the last microsecond of that day in the zone:
    /// the meaning of "as of 31 December".
    ///
    /// # Errors
    /// As [`Moment::parse`].
    ///
    /// ```
    /// use quantity::{Moment, Zone};
    /// let berlin = Zone::named("Europe/Berlin").unwrap();
    /// let end = Moment::parse_at_end_of_day("2024-12-31", &berlin).unwrap();
    /// assert_eq!(end.to_string(), "2024-12-31T22:59:59.999999Z");
    /// ```
    pub fn parse_at_end_of_day(text: &str, zone: &Zone) -> Result<Moment, String> {
        match read_date(text)? {
            (day, "") => {
                let midnight = match day.tomorrow() {
                    Ok(next) => zone.moment(next.to_datetime(Time::midnight())),
                    Err(_) => Moment::LAST,
                };
                // Zones end with the calendar, two days before the year 9999 does: UTC replaces them there.
                let end_in_utc = at_utc(day, SECONDS_IN_DAY * MICROS_IN_SECOND - 1);
                Ok(match midnight {
                    Moment::LAST => end_in_utc,
                    midnight => Moment(midnight.0.saturating_sub(1)),
                })
            }
            (day, rest) => read_time(text, day, rest),
        }
    }

    /// Returns microseconds since 1970-01-01T00:00:00Z.
    ///
    /// ```
    /// assert_eq!(quantity::Moment(7).micros(), 7);
    /// ```
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Returns whole seconds from `earlier` to this moment, rounded down; 0 when `earlier` is the later one.
    ///
    /// ```
    /// use quantity::Moment;
    /// assert_eq!(Moment(2_999_999).seconds_since(Moment(0)), 2);
    /// assert_eq!(Moment(0).seconds_since(Moment(1)), 0);
    /// ```
    pub fn seconds_since(self, earlier: Moment) -> u64 {
        self.micros_since(earlier) / crate::MICRO
    }

    /// Returns microseconds from `earlier` to this moment; 0 when `earlier` is the later one.
    ///
    /// ```
    /// use quantity::Moment;
    /// assert_eq!(Moment(5).micros_since(Moment(-2)), 7);
    /// ```
    pub fn micros_since(self, earlier: Moment) -> u64 {
        if self <= earlier {
            return 0;
        }
        self.0.abs_diff(earlier.0)
    }

    /// Returns the moment that is this many seconds later (earlier when negative). It saturates at [`Moment::FIRST`] and
    /// [`Moment::LAST`].
    ///
    /// ```
    /// use quantity::Moment;
    /// assert_eq!(Moment(0).plus_seconds(-1), Moment(-1_000_000));
    /// ```
    pub fn plus_seconds(self, seconds: i64) -> Moment {
        let distance = i128::from(seconds).saturating_mul(i128::from(MICROS_IN_SECOND));
        let micros = i128::from(self.0).saturating_add(distance);
        let nearest = if micros < 0 { i64::MIN } else { i64::MAX };
        Moment(i64::try_from(micros).unwrap_or(nearest))
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in UTC, with six decimals only when the second is not whole.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(MICROS_IN_SECOND);
        let days = seconds.div_euclid(SECONDS_IN_DAY);
        let day = Span::new()
            .try_days(days)
            .ok()
            .and_then(|days| EPOCH.checked_add(days).ok())
            .filter(|day| (0..=9999).contains(&day.year()));
        let Some(day) = day else {
            return out.write_str(if self.0 < 0 { "before the year 0000" } else { "after the year 9999" });
        };
        let second = seconds.rem_euclid(SECONDS_IN_DAY);
        let (hour, minute) = (second / 3600, second / 60 % 60);
        write!(out, "{day}T{hour:02}:{minute:02}:{second:02}", second = second % 60)?;
        match self.0.rem_euclid(MICROS_IN_SECOND) {
            0 => out.write_str("Z"),
            micros => write!(out, ".{micros:06}Z"),
        }
    }
}

/// Returns the moment this many microseconds after midnight UTC of the day. Days of four-digit years are far inside i64.
fn at_utc(day: Date, micros: i64) -> Moment {
    let days = day.duration_since(EPOCH).as_hours() / 24;
    let midnight = days.saturating_mul(SECONDS_IN_DAY * MICROS_IN_SECOND);
    Moment(midnight.saturating_add(micros))
}

fn no_moment(text: &str) -> String {
    format!("`{text}` is not a moment: write `2025-11-01` or `2025-11-01T04:08:12Z`")
}

/// Reads `2025-11-01T04:08:12Z`, the form that a log has most of: without the detours that the other forms take. `None` says
/// nothing but that one of them is left to be tried.
fn read_written(text: &str) -> Option<Moment> {
    let bytes: [u8; 20] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] = bytes else {
        return None;
    };
    let digit = |byte: u8| Some(byte.wrapping_sub(b'0')).filter(|digit| *digit <= 9);
    let two = |tens, ones| Some(digit(tens)?.saturating_mul(10).saturating_add(digit(ones)?));
    let year = i16::from(two(y1, y2)?).saturating_mul(100).saturating_add(two(y3, y4)?.into());
    let day = Date::new(year, two(m1, m2)?.try_into().ok()?, two(d1, d2)?.try_into().ok()?).ok()?;
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let minutes = i64::from(hour).saturating_mul(60).saturating_add(minute.into());
    let seconds = minutes.saturating_mul(60).saturating_add(second.into());
    Some(at_utc(day, seconds.saturating_mul(MICROS_IN_SECOND)))
}

/// Returns the date at the beginning of the text, and the rest.
fn read_date(text: &str) -> Result<(Date, &str), String> {
    let (day, rest) = text.split_at_checked(10).ok_or_else(|| no_moment(text))?;
    let [year, month, day_of_month] = fields(day, '-', [4, 2, 2]).ok_or_else(|| no_moment(text))?;
    let small = |number: i64| i8::try_from(number).ok();
    let date = i16::try_from(year)
        .ok()
        .zip(small(month))
        .zip(small(day_of_month))
        .and_then(|((year, month), day)| Date::new(year, month, day).ok());
    let date = date.ok_or_else(|| format!("`{day}` is not a day of the calendar"))?;
    Ok((date, rest))
}

/// Reads the text after a date, `T04:08:12`, decimals and offset, and returns the moment.
fn read_time(text: &str, day: Date, rest: &str) -> Result<Moment, String> {
    let clock = rest.strip_prefix(['T', 't', ' ']).ok_or_else(|| no_moment(text))?;
    let (clock, rest) = clock.split_at_checked(8).ok_or_else(|| no_moment(text))?;
    let [hour, minute, second] = fields(clock, ':', [2, 2, 2]).ok_or_else(|| no_moment(text))?;
    if second == 60 {
        return Err(format!("`{text}` is a leap second, which is not kept: write second 59"));
    }
    if hour > 23 || minute > 59 || second > 59 {
        return Err(format!("`{clock}` is not a time of day"));
    }
    let (decimals, offset) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest.split_at_checked(end).unwrap_or(("0", ""))
        }
        None => ("0", rest),
    };
    let micros = read_decimals(decimals).ok_or_else(|| no_moment(text))?;
    let offset_minutes = read_offset(offset).ok_or_else(|| no_moment(text))?;
    let seconds = hour
        .saturating_mul(3600)
        .saturating_add(minute.saturating_sub(offset_minutes).saturating_mul(60))
        .saturating_add(second);
    Ok(at_utc(day, seconds.saturating_mul(MICROS_IN_SECOND).saturating_add(micros)))
}

/// Reads numbers of exactly these widths, in ASCII digits, separated by the mark.
fn fields(text: &str, mark: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(mark);
    let mut numbers = [0; 3];
    for (number, width) in numbers.iter_mut().zip(widths) {
        *number = digits(parts.next().filter(|part| part.len() == width)?)?;
    }
    parts.next().is_none().then_some(numbers)
}

fn digits(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Reads one to nine decimals of a second as microseconds; further digits are dropped.
fn read_decimals(text: &str) -> Option<i64> {
    if text.len() > 9 {
        return None;
    }
    digits(text)?;
    digits(format!("{text:0<9}").get(..6)?)
}

/// Reads an offset as minutes east of UTC: nothing, `Z`, `+01:00`, `-05:30`.
fn read_offset(text: &str) -> Option<i64> {
    let (sign, clock) = match text.split_at_checked(1) {
        None => return text.is_empty().then_some(0),
        Some(("Z" | "z", "")) => return Some(0),
        Some(("+", clock)) => (1_i64, clock),
        Some(("-", clock)) => (-1_i64, clock),
        Some(_) => return None,
    };
    let (hours, minutes) = clock.split_once(':')?;
    let two = |text: &str| digits(text).filter(|_| text.len() == 2);
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let total = hours.saturating_mul(60).saturating_add(minutes);
    (hours <= 23 && minutes <= 59).then(|| total.saturating_mul(sign))
}

#[cfg(test)]
mod tests;
