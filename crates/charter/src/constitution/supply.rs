//! The supply of a ranking: how much of something scarce is shared out in each period.

use super::Every;
use crate::Kernel;
use crate::document::{Fields, Mistakes};
use crate::phrase;

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

/// Reads `supply` and `skip`: `Some(None)` where the ranking has no supply, `None` where it is wrong.
pub(super) fn read(found: &Fields, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Option<Supply>> {
    let per =
        found.optional("supply", mistakes, |value, mistakes| phrase::quantity_per(value, kernel.currency, mistakes));
    let too_large = found.or("skip", TooLarge::Stops, mistakes, |value, mistakes| {
        let chosen = phrase::choice(value, &["yes", "no"], mistakes)?;
        Some(match chosen.as_str() {
            "yes" => TooLarge::IsSkipped,
            _ => TooLarge::Stops,
        })
    });
    if found.get("supply").is_none() {
        found.needs("skip", "`supply`", mistakes);
    }
    let (per, too_large) = (per?, too_large?);
    Some(per.map(|(amount, every)| Supply { amount, every, too_large }))
}
