//! The supply of a ranking: how much of something scarce is shared out in each period.

use super::super::reader::Reader;
use crate::code;
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

/// The fields that editions before the fourth keep and do not carry out.
pub(super) const FIELDS: [&str; 2] = ["supply", "skip"];

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

/// Notes a supply whose periods are shorter than the time between two updates: those without an update serve nobody.
pub(super) fn note_lost(reader: &mut Reader, found: &Fields, supply: Option<Supply>) {
    let updates = &reader.kernel().updates;
    if let (Some(supply), Some(field)) = (supply, found.get("supply"))
        && updates.usual_seconds() > supply.every.usual_seconds()
    {
        let every = supply.every.name();
        let why = format!("updates are {updates}, so most {every}s have none, and their supply is lost");
        let help = "write the supply of a longer period, or let the kernel count more often";
        reader.note(code::SUPPLY_LOST, &field.name.at.clone(), why, help);
    }
}

impl Supply {
    /// Says what a request is, and when it is served.
    pub(super) fn terms(self, kernel: &Kernel) -> String {
        let every = self.every.name();
        let asks = match self.amount {
            Amount::Count(_) => "asks for 1 unit, or says for how many",
            Amount::Money(_) | Amount::Seconds(_) => "says how much it asks for",
        };
        format!(
            "Each item {asks}, and for no more than the whole of it. The first update of a {every} ({}) serves those with votes above 0, and closes them; what is left over lapses.",
            kernel.zone.name()
        )
    }

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
