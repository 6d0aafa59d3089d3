//! A rhythm: the moments at which something recurs, by the clocks of a zone. It names moments and does not wait for them.

use serde::{Deserialize, Serialize};
use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::{DateTime, Time};

use crate::{Moment, Zone};

/// A recurring moment: hourly, daily, weekly or monthly, at a minute of the day.
///
/// Clock times are those of the zone. A skipped time happens as long after the skip as it was written after the skip's
/// beginning (02:30 becomes 03:30). A time that clocks show twice happens only the first time.
/// `hourly` is every whole hour of universal time, so that beats are always 3600 seconds apart.
///
/// ```
/// use quantity::{Moment, Rhythm, Zone};
/// let rhythm = Rhythm::parse("monday 07:00").unwrap();
/// assert_eq!(rhythm.to_string(), "weekly on monday at 07:00");
/// let next = rhythm.next_after(Moment::parse("2025-11-01").unwrap(), &Zone::utc());
/// assert_eq!(next.to_string(), "2025-11-03T07:00:00Z");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub struct Rhythm(Beat);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
enum Beat {
    Hourly,
    Daily(Clock),
    Weekly(Weekday, Clock),
    /// Days 1 to 28, which every month has.
    Monthly(i8, Clock),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
struct Clock {
    hour: i8,
    minute: i8,
}

const HOUR_US: i64 = 3_600_000_000;

impl Rhythm {
    /// Reads `hourly`, `daily at 01:00`, `weekly on monday at 01:00`, `monthly on 1 at 01:00` (day 1 to 28) or
    /// `monday 07:00` (weekly), in lower case.
    ///
    /// ```
    /// use quantity::Rhythm;
    /// assert!(Rhythm::parse("monthly on 28 at 23:59").is_some());
    /// assert_eq!(Rhythm::parse("monthly on 29 at 01:00"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Rhythm> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let beat = match *words.as_slice() {
            ["hourly"] => Beat::Hourly,
            ["daily", "at", clock] => Beat::Daily(Clock::parse(clock)?),
            ["weekly", "on", day, "at", clock] | [day, clock] => {
                Beat::Weekly(Weekday::parse(day)?, Clock::parse(clock)?)
            }
            ["monthly", "on", day, "at", clock] => {
                let day = day.parse().ok().filter(|day| (1..=28).contains(day))?;
                Beat::Monthly(day, Clock::parse(clock)?)
            }
            _ => return None,
        };
        Some(Rhythm(beat))
    }

    /// Returns the first beat strictly after the moment; [`Moment::LAST`] when the calendar ends before it.
    ///
    /// ```
    /// use quantity::{Moment, Rhythm, Zone};
    /// let daily = Rhythm::parse("daily at 01:00").unwrap();
    /// let beat = daily.next_after(Moment(0), &Zone::utc());
    /// assert_eq!(beat, Moment(3_600_000_000));
    /// assert_eq!(daily.next_after(beat, &Zone::utc()), Moment(25 * 3_600_000_000));
    /// ```
    pub fn next_after(&self, at: Moment, zone: &Zone) -> Moment {
        if self.0 == Beat::Hourly {
            let hour = at.0.div_euclid(HOUR_US).saturating_add(1);
            return Moment(hour.saturating_mul(HOUR_US));
        }
        let near = zone.date_time(at);
        (-1..=2).filter_map(|steps| self.beat_near(near, steps, zone)).find(|beat| *beat > at).unwrap_or(Moment::LAST)
    }

    /// Returns the last beat strictly before the moment; [`Moment::FIRST`] when the calendar begins after it.
    ///
    /// ```
    /// use quantity::{Moment, Rhythm, Zone};
    /// let hourly = Rhythm::parse("hourly").unwrap();
    /// assert_eq!(hourly.previous_before(Moment(3_600_000_000), &Zone::utc()), Moment(0));
    /// ```
    pub fn previous_before(&self, at: Moment, zone: &Zone) -> Moment {
        if self.0 == Beat::Hourly {
            let hour = at.0.saturating_sub(1).div_euclid(HOUR_US);
            return Moment(hour.saturating_mul(HOUR_US));
        }
        let near = zone.date_time(at);
        (-2..=1)
            .rev()
            .filter_map(|steps| self.beat_near(near, steps, zone))
            .find(|beat| *beat < at)
            .unwrap_or(Moment::FIRST)
    }

    /// Returns the usual seconds from one beat to the next: clock changes ignored, a month counted as 30 days as in
    /// [`crate::Span`].
    ///
    /// ```
    /// use quantity::Rhythm;
    /// assert_eq!(Rhythm::parse("monday 07:00").unwrap().usual_seconds(), 604_800);
    /// ```
    pub fn usual_seconds(&self) -> u64 {
        match self.0 {
            Beat::Hourly => 3_600,
            Beat::Daily(_) => 86_400,
            Beat::Weekly(..) => 604_800,
            Beat::Monthly(..) => 2_592_000,
        }
    }

    /// Returns the beat of the unit (day, week, month) this many units from the one that contains `near`.
    fn beat_near(&self, near: DateTime, steps: i64, zone: &Zone) -> Option<Moment> {
        let day = near.date();
        let (day, clock) = match self.0 {
            Beat::Hourly => return None,
            Beat::Daily(clock) => (day.checked_add(steps.days()).ok()?, clock),
            Beat::Weekly(weekday, clock) => {
                let today = i64::from(day.weekday().to_monday_zero_offset());
                let days = steps.saturating_mul(7).saturating_add(weekday.after_monday()).saturating_sub(today);
                (day.checked_add(days.days()).ok()?, clock)
            }
            Beat::Monthly(of_month, clock) => {
                let first = day.first_of_month().checked_add(steps.months()).ok()?;
                let days = i64::from(of_month).saturating_sub(1);
                (first.checked_add(days.days()).ok()?, clock)
            }
        };
        let time = Time::new(clock.hour, clock.minute, 0, 0).ok()?;
        Some(zone.moment(day.to_datetime(time)))
    }
}

impl fmt::Display for Rhythm {
    /// Writes the longest form that [`Rhythm::parse`] reads.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Beat::Hourly => out.write_str("hourly"),
            Beat::Daily(clock) => write!(out, "daily at {clock}"),
            Beat::Weekly(day, clock) => write!(out, "weekly on {} at {clock}", day.word()),
            Beat::Monthly(day, clock) => write!(out, "monthly on {day} at {clock}"),
        }
    }
}

impl Weekday {
    const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    fn parse(word: &str) -> Option<Weekday> {
        Weekday::ALL.into_iter().find(|day| day.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Weekday::Monday => "monday",
            Weekday::Tuesday => "tuesday",
            Weekday::Wednesday => "wednesday",
            Weekday::Thursday => "thursday",
            Weekday::Friday => "friday",
            Weekday::Saturday => "saturday",
            Weekday::Sunday => "sunday",
        }
    }

    fn after_monday(self) -> i64 {
        self as i64
    }
}

impl Clock {
    fn parse(text: &str) -> Option<Clock> {
        let (hour, minute) = text.split_once(':')?;
        let two = |text: &str| {
            let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse::<i8>().ok()).flatten()
        };
        let hour = two(hour).filter(|hour| *hour <= 23)?;
        let minute = two(minute).filter(|minute| *minute <= 59)?;
        Some(Clock { hour, minute })
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:02}:{:02}", self.hour, self.minute)
    }
}

#[cfg(test)]
mod tests;
