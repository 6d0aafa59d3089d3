//! The supply of a ranking: at the first update of each period, requests are served in order until it is used. From edition 4 on.
//! Source: `docs/spec/rankings.md`, Supply. Pages ask `outlook` when a request is likely to be served.

mod outlook;
mod serve;
#[cfg(test)]
mod tests;

use charter::TooLarge;
use quantity::{Broken, CalendarUnit, Currency, Moment, Period, Reach, Zone, ensure};
use serde::{Deserialize, Serialize};

use super::{Item, Ranking};
use crate::act::Amount;
use crate::digest::Collect;
use crate::id::ItemId;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

pub use outlook::{Outlook, Wait};

/// How many periods' servings of one ranking are remembered.
const MOST_SERVINGS: usize = 120;
/// How many served requests of one ranking are remembered, over all periods but the last.
const MOST_SERVED: usize = 10_000;

/// The unit in which a supply, and what is asked of it, is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Unit {
    /// Minor units of the co-op's currency.
    Minor,
    /// Seconds of somebody's time.
    Second,
    /// Things that are counted, such as places.
    Unit,
}

impl Unit {
    /// The word of an amount's unit in the log: `second`, `unit`, or the currency's code.
    #[must_use]
    pub fn word(self, currency: Currency) -> &'static str {
        match self {
            Unit::Minor => currency.code(),
            Unit::Second => "second",
            Unit::Unit => "unit",
        }
    }
}

/// An amount of something scarce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The unit that it counts.
    pub unit: Unit,
    /// How many of it.
    pub amount: u64,
}

/// The terms of a supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supply {
    /// The whole of one period.
    pub whole: Asked,
    /// The calendar period.
    pub every: CalendarUnit,
    /// A request for more than is left is passed over; else serving stops there.
    pub skips: bool,
}

/// The part of a supply that the first update of a period handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// The update.
    pub at: Moment,
    /// The whole supply then.
    pub whole: Asked,
    /// The requests in the order in which they were served, and how much each had.
    pub served: Vec<(ItemId, u64)>,
}

impl Serving {
    /// How much was handed out, in the unit of the whole.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.served.iter().fold(0, |sum, (_, amount)| sum.saturating_add(*amount))
    }
}

/// A ranking's supply, and what it has handed out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handing {
    /// The terms in force, if the clause has any.
    pub supply: Option<Supply>,
    /// The last update that served, or else when the supply came into force: a period that begins later has a serving.
    settled_at: Option<Moment>,
    /// The servings that are remembered, the earliest first.
    servings: Vec<Serving>,
}

impl From<charter::Supply> for Supply {
    fn from(clause: charter::Supply) -> Supply {
        let whole = match clause.amount {
            charter::Amount::Money(minor) => Asked { unit: Unit::Minor, amount: u64::try_from(minor).unwrap_or(0) },
            charter::Amount::Seconds(amount) => Asked { unit: Unit::Second, amount },
            charter::Amount::Count(amount) => Asked { unit: Unit::Unit, amount },
        };
        Supply { whole, every: clause.every.unit(), skips: clause.too_large == TooLarge::IsSkipped }
    }
}

impl Supply {
    /// How much an item asks for, in the unit of the supply; `None` where it does not say so, and is never served. A thing that is
    /// counted is one where it says nothing.
    #[must_use]
    pub fn asked_by(&self, item: &Item) -> Option<u64> {
        match (item.asked, self.whole.unit) {
            (Some(asked), unit) if asked.unit == unit => Some(asked.amount),
            (None, Unit::Unit) => Some(1),
            _ => None,
        }
    }

    /// The calendar period that an instant is in: its first instant, and that of the next one.
    fn period(&self, at: Moment, zone: &Zone) -> (Moment, Moment) {
        Period { reach: Reach::This, unit: self.every }.bounds(at, zone)
    }

    /// Serves in order until the whole is used: those who are served, and how much each has. A request for more than the whole can
    /// never be served, so nobody waits for it.
    fn serve<T>(&self, requests: impl IntoIterator<Item = (T, u64)>) -> Vec<(T, u64)> {
        let mut left = self.whole.amount;
        let mut served = Vec::new();
        for (who, amount) in requests {
            if amount > self.whole.amount {
                continue;
            }
            match left.checked_sub(amount) {
                Some(rest) => {
                    left = rest;
                    served.push((who, amount));
                }
                None if self.skips => {}
                None => break,
            }
            if left == 0 {
                break;
            }
        }
        served
    }
}

impl Handing {
    /// Takes a new clause's terms. A supply that comes into force begins with the first period that begins after it.
    pub(super) fn renew(&mut self, supply: Option<Supply>, at: Moment) {
        match (self.supply, supply) {
            (None, Some(_)) => self.settled_at = Some(at),
            (Some(_), None) => self.settled_at = None,
            _ => {}
        }
        self.supply = supply;
    }

    /// The terms by which an update at `at` serves; `None` where it is not the first one of a period.
    fn due(&self, at: Moment, zone: &Zone) -> Option<Supply> {
        let (supply, settled_at) = (self.supply?, self.settled_at?);
        (supply.period(at, zone).0 > settled_at).then_some(supply)
    }

    /// The servings that are remembered, the earliest first.
    #[must_use]
    pub fn servings(&self) -> &[Serving] {
        &self.servings
    }

    /// Notes what was served, and forgets the earliest servings beyond what is remembered.
    fn note(&mut self, serving: Serving) {
        self.settled_at = Some(serving.at);
        self.servings.push(serving);
        let mut before: usize = 0;
        let mut kept: usize = 0;
        for serving in self.servings.iter().rev() {
            if kept > 0 && (kept >= MOST_SERVINGS || before.saturating_add(serving.served.len()) > MOST_SERVED) {
                break;
            }
            // The last period counts for nothing here, so that all of it is there to be read.
            before = before.saturating_add(if kept == 0 { 0 } else { serving.served.len() });
            kept = kept.saturating_add(1);
        }
        self.servings.drain(..self.servings.len().saturating_sub(kept));
    }

    pub(super) fn check(&self, name: &str, items: usize) -> Result<(), Broken> {
        ensure!(
            self.supply.is_some() == self.settled_at.is_some(),
            "`{name}` has a supply or has settled one, not both"
        );
        ensure!(self.servings.is_sorted_by(|one, next| one.at < next.at), "servings of `{name}` are not in order");
        for serving in &self.servings {
            let (used, whole) = (serving.used(), serving.whole.amount);
            ensure!(used <= whole, "`{name}` has handed out {used} of {whole}");
            ensure!(serving.served.iter().all(|(item, _)| item.place() < items), "`{name}` served what it never had");
        }
        Ok(())
    }
}

impl Ranking {
    /// The requests that can be served, in order: those that are wanted and say how much they ask for.
    fn requests<'a>(&'a self, supply: &'a Supply) -> impl Iterator<Item = (ItemId, u64)> + 'a {
        self.order().into_iter().filter_map(|place| {
            let item = self.items.get(place).filter(|item| self.is_wanted(item))?;
            Some((place, supply.asked_by(item)?))
        })
    }

    /// Whether there is anything of a supply in it.
    pub(crate) fn has_requests(&self) -> bool {
        let Handing { supply, servings, .. } = &self.handing;
        supply.is_some() || !servings.is_empty() || self.items.rows().iter().any(|item| item.asked.is_some())
    }

    /// Its part of the section `requests`.
    pub(crate) fn collect_requests(&self, into: &mut Collect) {
        into.number(self.handing.settled_at.map_or(-1, |at| at.0));
        let asking = || self.items.iter().filter(|(_, item)| item.asked.is_some() || item.served);
        into.wide(asking().count() as u128);
        for (place, item) in asking() {
            into.number(place);
            collect(item.asked, into);
            into.number(i32::from(item.served));
        }
        into.wide(self.handing.servings.len() as u128);
        for serving in &self.handing.servings {
            into.number(serving.at.0);
            collect(Some(serving.whole), into);
            into.wide(serving.served.len() as u128);
            for (place, amount) in &serving.served {
                into.number(*place).wide(u128::from(*amount));
            }
        }
    }
}

/// The number of a unit, 0 where there is no amount, and the amount.
fn collect(asked: Option<Asked>, into: &mut Collect) {
    let unit = match asked.map(|asked| asked.unit) {
        None => 0,
        Some(Unit::Minor) => 1,
        Some(Unit::Second) => 2,
        Some(Unit::Unit) => 3,
    };
    into.number(unit).wide(asked.map_or(0, |asked| u128::from(asked.amount)));
}

impl State {
    /// The amount that a request names, in the unit of the supply.
    pub(super) fn amount_asked(&self, list: &Ranking, amount: Option<&Amount>) -> Result<Option<Asked>, Refusal> {
        let (Some(supply), Some(amount)) = (list.handing.supply, amount) else { return Ok(None) };
        let (unit, ours) = (supply.whole.unit, self.rules.kernel.currency);
        let wanted = unit.word(ours);
        let says = match unit {
            Unit::Minor => amount.currency.is_some() && amount.unit.is_none(),
            Unit::Second | Unit::Unit => amount.currency.is_none() && amount.unit.as_deref() == Some(wanted),
        };
        if !says {
            let why = format!("the amount does not say that it is in {wanted}");
            return Err(Refusal::new(Rule::WrongUnit, why, format!("give it in {wanted}")));
        }
        let asked = u64::try_from(amount.amount).ok().filter(|amount| *amount > 0);
        let Some(asked) = asked else {
            let why = format!("the amount is {}", amount.amount);
            let most = supply.whole.amount;
            return Err(Refusal::new(
                Rule::AmountOutOfRange,
                why,
                format!("it goes from 1 to {most}, the whole supply"),
            ));
        };
        if let Some(other) = amount.currency.as_deref().filter(|code| *code != wanted) {
            let why = format!("the co-op counts in {wanted}, and the amount is in {other}");
            return Err(Refusal::new(Rule::WrongCurrency, why, format!("give it in {wanted}")));
        }
        Ok(Some(Asked { unit, amount: asked }))
    }
}

/// Whether a request fits the supply: no amount where none is handed out, one where time or money is, and none larger than the whole.
/// Issues of the forge bring no amount, and wait.
pub(super) fn fits(list: &Ranking, name: &str, named: bool, asked: Option<Asked>) -> Result<(), Refusal> {
    let Some(supply) = list.handing.supply else {
        if !named {
            return Ok(());
        }
        let why = format!("`{name}` hands nothing out");
        return Err(Refusal::new(Rule::NoSupply, why, "leave the amount out"));
    };
    let unit = supply.whole.unit;
    match asked {
        None if unit == Unit::Unit || list.of.is_some() => Ok(()),
        None => {
            let why = format!("`{name}` hands out an amount in each period, and this item asks for none");
            let most = supply.whole.amount;
            Err(Refusal::new(Rule::AmountMissing, why, format!("say how much it asks for, from 1 to {most}")))
        }
        Some(asked) if asked.amount > supply.whole.amount => {
            let (most, asked) = (supply.whole.amount, asked.amount);
            let why = format!("it asks for {asked}, and the whole supply of a period is {most}");
            Err(Refusal::new(Rule::MoreThanSupply, why, "ask for no more than that, or for a part at a time"))
        }
        Some(_) => Ok(()),
    }
}
