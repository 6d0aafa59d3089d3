//! The supply of a ranking: how much of something scarce is shared out in each period.

use super::Every;

/// So much per calendar period, given to the items of a ranking in their order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Supply {
    pub amount: Amount,
    pub every: Every,
    pub too_large: TooLarge,
}

/// A quantity with its unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amount {
    /// Minor units of the kernel's currency.
    Money(i64),
    Seconds(u64),
    /// Things that are counted, such as places.
    Count(u64),
}

/// What happens to a request that is larger than what is left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TooLarge {
    /// Serving stops there until the next period.
    Stops,
    /// It is passed over, and the next one is served.
    IsSkipped,
}
