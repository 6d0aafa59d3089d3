//! The supply of a ranking: how much of something scarce is shared out in each period.

use crate::document::{Fields, Mistakes};
use crate::kernel::Kernel;
use crate::named::{Named, named};
use crate::phrase::{self, Amount, Every};
use crate::vocabulary::{Known, field};
use crate::words;

/// A quantity per calendar period, given to the items of a ranking in their order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Supply {
    pub amount: Amount,
    pub every: Every,
    pub too_large: TooLarge,
}

named! {
    /// The fate of a request for more than is left, as `skip` says.
    pub enum TooLarge {
        /// It is passed over, and the next one is served.
        IsSkipped = "yes",
        /// Serving stops there until the next period.
        Stops = "no",
    }
}

pub(super) const SUPPLY: Known = field("supply", "how much is served in each period");
pub(super) const SKIP: Known =
    field("skip", "whether a request too large for what is left lets the next one pass").values(TooLarge::WORDS);

/// Reads `supply` and `skip`: `Some(None)` where the ranking has no supply, `None` where it is wrong.
pub(super) fn read(found: &Fields, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Option<Supply>> {
    let per =
        found.optional("supply", mistakes, |value, mistakes| phrase::quantity_per(value, kernel.currency, mistakes));
    let too_large = found.or("skip", TooLarge::Stops, mistakes, phrase::named);
    if found.get("supply").is_none() {
        found.needs("skip", "`supply`", mistakes);
    }
    let (per, too_large) = (per?, too_large?);
    Some(per.map(|(amount, every)| Supply { amount, every, too_large }))
}

impl Supply {
    pub(super) fn sentence(self, kernel: &Kernel) -> String {
        let amount = match self.amount {
            Amount::Money(minor) => format!("{} are", words::money(minor, kernel.currency)),
            Amount::Seconds(seconds) => match quantity::Span::from_seconds(seconds).to_string() {
                one if one.starts_with("1 ") => format!("{one} is"),
                many => format!("{many} are"),
            },
            Amount::Count(1) => "1 unit is".to_owned(),
            Amount::Count(count) => format!("{} are", words::count(count, "unit")),
        };
        let too_large = match self.too_large {
            TooLarge::Stops => "waits for the next, and so does everything behind it",
            TooLarge::IsSkipped => "is passed over",
        };
        format!(
            "Each {} its items are served in their order until {amount} used up; a request for more than is left {too_large}.",
            self.every.name()
        )
    }
}
