//! Numbers with the things that they count, and lists. Every number comes as it is to be printed.

/// A thing that is counted: one of it, and any other number of it.
pub type Counted = (&'static str, &'static str);

pub const DAYS: Counted = ("day", "days");
pub const DECISIONS: Counted = ("decision", "decisions");
pub const FILES: Counted = ("file", "files");
pub const HOURS: Counted = ("hour", "hours");
pub const MEMBERS: Counted = ("member", "members");
pub const PROJECTS: Counted = ("project", "projects");
pub const MINUTES: Counted = ("minute", "minutes");
pub const MONTHS: Counted = ("month", "months");
pub const NEWCOMERS: Counted = ("newcomer", "newcomers");
pub const OUTCOMES: Counted = ("outcome", "outcomes");
pub const RECORDS: Counted = ("record", "records");
pub const UNITS: Counted = ("unit", "units");
pub const WEEKS: Counted = ("week", "weeks");
pub const YEARS: Counted = ("year", "years");

include!("numbers.words");

/// `1 member`, `2,310 members`, `1.5 hours`.
#[must_use]
pub fn count(number: &str, (one, many): Counted) -> String {
    format!("{number} {}", if number == "1" { one } else { many })
}

/// `a, b and c`.
#[must_use]
pub fn all_of(parts: &[String]) -> String {
    joined(parts, "and")
}

/// `a, b or c`.
#[must_use]
pub fn any_of(parts: &[String]) -> String {
    joined(parts, "or")
}

fn joined(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
