//! Releases: files that patrons get first, and everyone later.

use quantity::Moment;

use super::MoneyPer;

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
