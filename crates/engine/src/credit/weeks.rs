//! Weeks of credit: from Sunday 00:00 UTC to the next, and that moment itself belongs to the earlier week.

use quantity::Moment;

const MICROS_IN_WEEK: i64 = 7 * 86_400 * 1_000_000;
/// Sunday 4 January 1970, three days after the first moment.
const FIRST_SUNDAY: i64 = 3 * 86_400 * 1_000_000;

/// Returns the week that a moment is in, counted from the one that began on Sunday 4 January 1970.
///
/// ```
/// use engine::credit::{sunday_of, week_of};
/// let at = |text: &str| quantity::Moment::parse(text).unwrap();
/// assert_eq!(week_of(at("1970-01-04T00:00:00.000001Z")), 0);
/// assert_eq!(week_of(at("1970-01-04T00:00:00Z")), -1);
/// assert_eq!(sunday_of(0), at("1970-01-04T00:00:00Z"));
/// ```
pub fn week_of(at: Moment) -> i64 {
    at.0.saturating_sub(FIRST_SUNDAY).saturating_sub(1).div_euclid(MICROS_IN_WEEK)
}

/// Returns the Sunday that a week begins on.
pub fn sunday_of(week: i64) -> Moment {
    Moment(week.saturating_mul(MICROS_IN_WEEK).saturating_add(FIRST_SUNDAY))
}
