//! Calendar periods in a zone: "last month", "next 3 months", "this year". It does not know the events in them.

use serde::{Deserialize, Serialize};
use std::fmt;

use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan as _};

use crate::{Moment, Zone};

/// A unit of the calendar. Weeks begin on Monday (ISO 8601).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum CalendarUnit {
    /// From midnight to midnight.
    Day,
    /// From Monday to Sunday.
    Week,
    /// From the first to the last of the month.
    Month,
    /// January to March and so on.
    Quarter,
    /// January to December.
    Year,
}

/// How far a period lies from the unit that contains the present.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum Reach {
    /// This many whole units before the current one; "last month" is `Last(1)`.
    Last(u16),
    /// The current unit, whole.
    This,
    /// This many whole units after the current one.
    Next(u16),
    /// All of time; the unit does not matter.
    Ever,
}

/// A calendar period relative to the present, as formulas name it.
///
/// ```
/// use quantity::{Moment, Period, Zone};
/// let at = Moment::parse("2025-11-15T12:00:00Z").unwrap();
/// let (from, to) = Period::parse("last month").unwrap().bounds(at, &Zone::utc());
/// assert_eq!((from.to_string().as_str(), to.to_string().as_str()), ("2025-10-01T00:00:00Z", "2025-11-01T00:00:00Z"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The distance from the present, and the length.
    pub reach: Reach,
    /// The unit of both.
    pub unit: CalendarUnit,
}

impl Period {
    /// All of time.
    pub const EVER: Period = Period { reach: Reach::Ever, unit: CalendarUnit::Day };

    /// Reads `last month`, `last 12 months`, `this year`, `next week`, `next 2 quarters`, `ever`: lower case,
    /// numbers 1 to 65,535.
    ///
    /// ```
    /// use quantity::Period;
    /// assert_eq!(Period::parse("last 1 month"), Period::parse("last month"));
    /// assert_eq!(Period::parse("last 0 months"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Period> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (reach, count, unit) = match *words.as_slice() {
            ["ever"] => return Some(Period::EVER),
            [reach, unit] => (reach, 1, CalendarUnit::parse(unit)?),
            [reach, count, unit] => {
                let count = count.parse::<u16>().ok().filter(|count| *count > 0)?;
                let singular = if count == 1 { unit } else { unit.strip_suffix('s')? };
                (reach, count, CalendarUnit::parse(singular)?)
            }
            _ => return None,
        };
        let reach = match reach {
            "last" => Reach::Last(count),
            "this" if words.len() == 2 => Reach::This,
            "next" => Reach::Next(count),
            _ => return None,
        };
        Some(Period { reach, unit })
    }

    /// Returns the first moment in the period and the first after it, in the zone's calendar, when the present is `at`.
    ///
    /// Where a midnight does not exist the day begins when clocks start again. Beyond the calendar both ends
    /// saturate; `ever` is everything from [`Moment::FIRST`] up to [`Moment::LAST`].
    ///
    /// ```
    /// use quantity::{Moment, Period, Zone};
    /// assert_eq!(Period::EVER.bounds(Moment(0), &Zone::utc()), (Moment::FIRST, Moment::LAST));
    /// ```
    pub fn bounds(self, at: Moment, zone: &Zone) -> (Moment, Moment) {
        self.bounds_before(0, at, zone)
    }

    /// Returns the bounds of the period of equal length that lies so many of them before it; `ever` has none before it, and begins
    /// and ends where it does.
    ///
    /// ```
    /// use quantity::{Moment, Period, Zone};
    /// let (period, at) = (Period::parse("last 2 months").unwrap(), Moment::parse("2025-07-15").unwrap());
    /// let (from, to) = period.bounds_before(1, at, &Zone::utc());
    /// assert_eq!([from, to].map(|at| at.to_string()), ["2025-03-01T00:00:00Z", "2025-05-01T00:00:00Z"]);
    /// ```
    pub fn bounds_before(self, times: u8, at: Moment, zone: &Zone) -> (Moment, Moment) {
        let times = i64::from(times);
        let current = self.unit.first_day(zone.date_time(at).date());
        let edge = |units: i64| match self.unit.later(current, units) {
            Some(day) => zone.moment(day.to_datetime(Time::midnight())),
            None if units < 0 => Moment::FIRST,
            None => Moment::LAST,
        };
        match self.reach {
            Reach::Last(count) => {
                let end = i64::from(count).saturating_mul(times).saturating_neg();
                (edge(end.saturating_sub(i64::from(count))), edge(end))
            }
            Reach::This => (edge(times.saturating_neg()), edge(1_i64.saturating_sub(times))),
            Reach::Next(count) => {
                let begin = 1_i64.saturating_sub(i64::from(count).saturating_mul(times));
                (edge(begin), edge(begin.saturating_add(i64::from(count))))
            }
            Reach::Ever => (Moment::FIRST, Moment::LAST),
        }
    }
}

impl fmt::Display for Period {
    /// Writes the words that [`Period::parse`] reads.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit.word();
        match self.reach {
            Reach::Last(1) => write!(out, "last {unit}"),
            Reach::Last(count) => write!(out, "last {count} {unit}s"),
            Reach::This => write!(out, "this {unit}"),
            Reach::Next(1) => write!(out, "next {unit}"),
            Reach::Next(count) => write!(out, "next {count} {unit}s"),
            Reach::Ever => out.write_str("ever"),
        }
    }
}

/// Returns the number of the calendar month: year × 12 + month − 1, so that neighbours differ by one.
///
/// ```
/// use quantity::{Moment, Zone, month_index};
/// assert_eq!(month_index(Moment(0), &Zone::utc()), 1970 * 12);
/// ```
pub fn month_index(at: Moment, zone: &Zone) -> i32 {
    let shown = zone.date_time(at);
    i32::from(shown.year()).saturating_mul(12).saturating_add(i32::from(shown.month())).saturating_sub(1)
}

/// Returns the first moment of the month with this number ([`month_index`]); saturates beyond the calendar.
///
/// ```
/// use quantity::{Zone, month_start};
/// assert_eq!(month_start(2025 * 12 + 1, &Zone::utc()).to_string(), "2025-02-01T00:00:00Z");
/// ```
pub fn month_start(index: i32, zone: &Zone) -> Moment {
    let year = i16::try_from(index.div_euclid(12)).ok();
    let month = i8::try_from(index.rem_euclid(12).saturating_add(1)).ok();
    let day = year.zip(month).and_then(|(year, month)| Date::new(year, month, 1).ok());
    match day {
        Some(day) => zone.moment(day.to_datetime(Time::midnight())),
        None if index < 0 => Moment::FIRST,
        None => Moment::LAST,
    }
}

/// Returns the same day of the month and time of day this many months later; the month's last day when it has no such
/// day. Skipped and repeated clock times as in [`crate::Rhythm`]. Saturates at [`Moment::LAST`].
///
/// ```
/// use quantity::{Moment, Zone, months_later};
/// let at = Moment::parse("2024-01-31T10:00:00Z").unwrap();
/// assert_eq!(months_later(at, 1, &Zone::utc()).to_string(), "2024-02-29T10:00:00Z");
/// ```
pub fn months_later(at: Moment, months: u32, zone: &Zone) -> Moment {
    if months == 0 {
        return at;
    }
    let later = Span::new().try_months(i64::from(months)).and_then(|months| zone.date_time(at).checked_add(months));
    later.map_or(Moment::LAST, |shown| zone.moment(shown))
}

impl CalendarUnit {
    fn parse(word: &str) -> Option<CalendarUnit> {
        Some(match word {
            "day" => CalendarUnit::Day,
            "week" => CalendarUnit::Week,
            "month" => CalendarUnit::Month,
            "quarter" => CalendarUnit::Quarter,
            "year" => CalendarUnit::Year,
            _ => return None,
        })
    }

    fn word(self) -> &'static str {
        match self {
            CalendarUnit::Day => "day",
            CalendarUnit::Week => "week",
            CalendarUnit::Month => "month",
            CalendarUnit::Quarter => "quarter",
            CalendarUnit::Year => "year",
        }
    }

    /// Returns the first day of the unit that contains the day.
    fn first_day(self, day: Date) -> Date {
        match self {
            CalendarUnit::Day => day,
            CalendarUnit::Week => {
                let since_monday = day.weekday().to_monday_zero_offset();
                day.saturating_sub(i64::from(since_monday).days())
            }
            CalendarUnit::Month => day.first_of_month(),
            CalendarUnit::Quarter => {
                let into_quarter = day.month().saturating_sub(1) % 3;
                day.first_of_month().saturating_sub(i64::from(into_quarter).months())
            }
            CalendarUnit::Year => day.first_of_year(),
        }
    }

    fn later(self, first_day: Date, units: i64) -> Option<Date> {
        let span = match self {
            CalendarUnit::Day => Span::new().try_days(units),
            CalendarUnit::Week => Span::new().try_weeks(units),
            CalendarUnit::Month => Span::new().try_months(units),
            CalendarUnit::Quarter => Span::new().try_months(units.saturating_mul(3)),
            CalendarUnit::Year => Span::new().try_years(units),
        };
        first_day.checked_add(span.ok()?).ok()
    }
}

#[cfg(test)]
mod tests;
