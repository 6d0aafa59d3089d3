//! The one place that reads the machine's clocks, and where a server doubts the one on the wall.
//!
//! A clock that jumps forward would be believed for ever, since the log's time never goes back: updates of years would be run that
//! nobody voted in. So nothing is written while the clock is doubted, until an operator says that it is right, or it is set right.

use quantity::Moment;

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;
/// A clock may go so much further than the machine has run, microseconds: a week. Machines are set right by minutes.
const MOST_RUNNING: i64 = 7 * DAY_US;
/// A start may come so long after the last entry, microseconds: a year.
const MOST_AT_START: i64 = 365 * DAY_US;

/// The present instant, microseconds.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn now() -> Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// Both clocks at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The clock on the wall, which somebody can set.
    pub wall: Moment,
    /// For how long the machine has run, microseconds since whenever: nobody sets it.
    pub steady_us: i64,
}

impl Reading {
    /// Returns the present of both.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is the one place that reads the clocks")]
    pub fn now() -> Reading {
        static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        let run = BEGAN.get_or_init(std::time::Instant::now).elapsed();
        Reading { wall: now(), steady_us: i64::try_from(run.as_micros()).unwrap_or(i64::MAX) }
    }
}

/// Compares the clocks from look to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    /// The last reading that was believed.
    believed: Reading,
    /// So much further may the wall have gone since, microseconds.
    most_us: i64,
}

impl Watch {
    /// Believes a reading.
    pub(crate) fn from(reading: Reading) -> Watch {
        Watch { believed: reading, most_us: MOST_RUNNING }
    }

    /// Believes a reading where it is not too long after the last entry.
    pub(crate) fn at_start(last: Moment, reading: Reading) -> Watch {
        Watch { believed: Reading { wall: last, ..reading }, most_us: MOST_AT_START }
    }

    /// Looks at the clocks: the reason for doubting the wall, or nothing, and then the reading is believed. Where it is set back,
    /// the log's own time holds.
    pub(crate) fn look(&mut self, reading: Reading) -> Option<String> {
        let gone = reading.wall.0.saturating_sub(self.believed.wall.0);
        let run = reading.steady_us.saturating_sub(self.believed.steady_us);
        if gone.saturating_sub(run) <= self.most_us {
            *self = Watch::from(reading);
            return None;
        }
        let since = self.believed.wall;
        let why = if self.most_us == MOST_AT_START {
            format!("the clock says {}, more than a year after the last entry of {since}", reading.wall)
        } else {
            let hours = run / HOUR_US;
            format!("the clock went from {since} to {} while this server ran for {hours} hours", reading.wall)
        };
        Some(format!(
            "{why}: nothing is written and no update is run until the clock is set right, or an operator says that it is right: `rochdale update --clock-is-right`"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: Reading = Reading { wall: Moment(1_750_000_000_000_000), steady_us: 5_000 };

    /// The wall so many days later, and the machine so many.
    fn later(wall: i64, run: i64) -> Reading {
        Reading { wall: Moment(BEGAN.wall.0 + wall * DAY_US), steady_us: BEGAN.steady_us + run * DAY_US }
    }

    #[test]
    fn a_step_of_more_than_a_week_is_doubted_and_time_that_passes_is_not() {
        let mut watch = Watch::from(BEGAN);
        for days in 1..400 {
            assert_eq!(watch.look(later(days, days)), None);
        }
        assert_eq!(watch.look(later(407, 400)), None, "a week is no jump");
        let why = watch.look(later(500, 401)).unwrap();
        assert!(why.contains("while this server ran for 24 hours: nothing is written"), "{why}");
        assert!(watch.look(later(501, 402)).is_some(), "it stays doubted");
        assert_eq!(watch.look(later(410, 403)), None, "until the clock is set right");
    }

    #[test]
    fn many_small_steps_are_each_believed_and_a_step_back_too() {
        let mut watch = Watch::from(BEGAN);
        assert_eq!(watch.look(later(6, 0)), None);
        assert_eq!(watch.look(later(12, 0)), None);
        assert_eq!(watch.look(later(-900, 0)), None);
        assert!(watch.look(later(12, 0)).is_some(), "forward again it is a jump");
    }

    #[test]
    fn a_start_more_than_a_year_after_the_last_entry_is_doubted() {
        let last = BEGAN.wall;
        for (days, doubted) in [(0, false), (365, false), (366, true)] {
            let mut watch = Watch::at_start(last, later(days, 0));
            let why = watch.look(later(days, 0));
            assert_eq!(why.is_some(), doubted, "{days}: {why:?}");
        }
        let mut watch = Watch::at_start(last, later(366, 0));
        assert!(watch.look(later(366, 0)).unwrap().contains("more than a year after the last entry of 2025-06-15"));
        assert_eq!(watch.look(later(300, 0)), None, "set right, it is believed");
        assert!(watch.look(later(310, 1)).is_some(), "and then watched by the week");
    }
}
