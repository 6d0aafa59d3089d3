//! Releases: files that patrons get first, and everyone later.

use quantity::Moment;

use super::MoneyPer;
use crate::Kernel;
use crate::document::{Fields, Mistakes, Value};
use crate::phrase;

pub(super) const FIELDS: &[&str] = &["patrons-until"];

/// Files that only patrons may fetch until a condition holds, and then everyone for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Release {
    pub patrons_until: Until,
}

/// What opens a release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Until {
    /// Support over the last full period reaches this.
    Support(MoneyPer),
    /// This much was raised in all, in minor units of the kernel's currency.
    Raised(i64),
    /// This day in the co-op's time zone has ended.
    Day(Moment),
}

/// Reads the condition that opens the release.
pub(super) fn read(found: &Fields, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Release> {
    if found.get("patrons-until").is_none() {
        found.missing("patrons-until", "patrons-until \"400 USD per month\"", mistakes);
    }
    let patrons_until = found.optional("patrons-until", mistakes, |value, mistakes| until(value, kernel, mistakes));
    Some(Release { patrons_until: patrons_until?? })
}

fn until(value: &Value, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Until> {
    let words = phrase::words(&value.text);
    let is_day = words.len() == 1 && value.text.contains('-');
    if is_day {
        phrase::day(value, &kernel.zone, mistakes).map(Until::Day)
    } else if words.iter().any(|(word, _)| *word == "per") {
        phrase::money_per(value, Some(kernel.currency), mistakes).map(Until::Support)
    } else {
        phrase::money(value, kernel.currency, mistakes).map(Until::Raised)
    }
}
