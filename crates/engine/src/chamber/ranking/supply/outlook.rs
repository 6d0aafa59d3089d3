//! When requests would be served if nothing changed: no vote, no request, no rule. It decides nothing.

use std::collections::BTreeMap;

use quantity::{Conviction, Moment};

use super::{Handing, Supply};
use crate::chamber::{Decision, Item};
use crate::id::ItemId;
use crate::state::State;

/// How many servings are looked ahead to.
const MOST_AHEAD: usize = 24;
/// How many requests are looked at, the first ones in order.
const MOST_LOOKED_AT: usize = 1_000;

/// The servings to come, if nothing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The terms of the supply.
    pub supply: Supply,
    /// The next updates that serve, 24 at most.
    pub at: Vec<Moment>,
    waits: BTreeMap<ItemId, Wait>,
    /// The list goes by conviction.
    by_conviction: bool,
}

/// How long a request waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// It would be served at this update.
    Served {
        /// The update.
        at: Moment,
        /// How many servings come before that one.
        after: usize,
        /// The sum that requests before it in the order ask for, in the unit of the supply.
        before: u64,
    },
    /// It would be served later than is looked ahead to.
    Later {
        /// The sum that requests before it ask for; `None` for those that are not looked at.
        before: Option<u64>,
    },
    /// Not while its votes are 0 or less.
    NoVotes,
    /// Not while its conviction is 0 or less, in a list that goes by that.
    NoConviction,
    /// It does not say how much of the supply it asks for.
    NoAmount,
    /// It asks for more than the whole supply of a period.
    TooLarge,
}

impl Outlook {
    /// How long an open item waits.
    #[must_use]
    pub fn wait(&self, place: ItemId, item: &Item) -> Wait {
        match self.supply.asked_by(item) {
            None => Wait::NoAmount,
            Some(asked) if asked > self.supply.whole.amount => Wait::TooLarge,
            Some(_) if item.total <= 0 => Wait::NoVotes,
            Some(_) if self.by_conviction && item.conviction <= Conviction::default() => Wait::NoConviction,
            Some(_) => self.waits.get(&place).copied().unwrap_or(Wait::Later { before: None }),
        }
    }
}

impl State {
    /// The servings to come of a ranking with a supply.
    #[must_use]
    pub fn outlook(&self, decision: &Decision) -> Option<Outlook> {
        let list = decision.ranking()?;
        let supply = list.handing.supply?;
        let at = self.servings_ahead(&list.handing)?;
        let can_be_served = |asked: &u64| *asked <= supply.whole.amount;
        let looked_at = list.requests(&supply).filter(|(_, asked)| can_be_served(asked)).take(MOST_LOOKED_AT);
        let mut before: u64 = 0;
        let mut waiting = Vec::new();
        let mut waits = BTreeMap::new();
        for (place, asked) in looked_at {
            waits.insert(place, Wait::Later { before: Some(before) });
            waiting.push(((place, before), asked));
            before = before.saturating_add(asked);
        }
        for (after, at) in at.iter().enumerate() {
            for ((place, before), _) in supply.serve(waiting.iter().copied()) {
                waits.insert(place, Wait::Served { at: *at, after, before });
            }
            waiting.retain(|((place, _), _)| matches!(waits.get(place), Some(Wait::Later { .. })));
        }
        Some(Outlook { supply, at, waits, by_conviction: list.half_life_s.is_some() })
    }

    /// The next updates that serve.
    fn servings_ahead(&self, handing: &Handing) -> Option<Vec<Moment>> {
        let supply = handing.supply?;
        let (updates, zone) = (&self.rules.kernel.updates, &self.rules.kernel.zone);
        let mut settled_at = handing.settled_at?;
        let mut all = Vec::with_capacity(MOST_AHEAD);
        while all.len() < MOST_AHEAD {
            let begins = supply.period(settled_at, zone).1;
            let at = updates.next_after(Moment(begins.0.saturating_sub(1)), zone).max(self.next_update);
            if at == Moment::LAST {
                break;
            }
            all.push(at);
            settled_at = at;
        }
        Some(all)
    }
}
