//! Pledges that members enter themselves, and how far gifts bear them out. From edition 3 on. Source: `docs/spec/support.md`, Own pledges.

use charter::SupportKind;
use imbl::OrdMap;
use quantity::{Moment, Zone, month_index, month_start};
use serde::{Deserialize, Serialize};

use super::{Support, act as support};
use crate::act::PledgeOwn;
use crate::context::{Context, member};
use crate::digest::Collect;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// A member's own word of what they mean to donate a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPledge {
    /// Minor units a month, above 0.
    pub minor: i64,
    /// Since when.
    pub since: Moment,
}

/// Everybody's own pledges: one each at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPledges(OrdMap<MemberIndex, OwnPledge>);

impl OwnPledges {
    /// Nobody has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A member's.
    #[must_use]
    pub fn of(&self, member: MemberIndex) -> Option<OwnPledge> {
        self.0.get(&member).copied()
    }

    /// All, by member.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (MemberIndex, OwnPledge)> {
        self.0.iter().map(|(member, pledge)| (*member, *pledge))
    }

    pub(crate) fn set(&mut self, member: MemberIndex, pledge: Option<OwnPledge>) {
        match pledge {
            Some(pledge) => self.0.insert(member, pledge),
            None => self.0.remove(&member),
        };
    }

    /// docs/spec/updates.md, Named sections, `pledges`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.0.len() as u128);
        for (member, pledge) in &self.0 {
            into.number(*member).number(pledge.minor).number(pledge.since.0);
        }
    }
}

/// The part of a member's own pledge that their gifts bear out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backed {
    /// Minor units a month.
    pub minor: i64,
    /// When it lasts no longer without a further gift.
    pub until: Moment,
}

impl Support {
    /// How far gifts bear out a member's own pledge at an instant: up to the greater of what they donated in that calendar month and in
    /// the one before, less what was taken back. `None` without a pledge.
    #[must_use]
    pub fn backed(&self, member: MemberIndex, at: Moment, zone: &Zone) -> Option<Backed> {
        let own = self.own_pledges.of(member)?;
        let month = month_index(at, zone);
        let begins = |ahead: i32| month_start(month.saturating_add(ahead), zone);
        let (mut this, mut last) = (0_i64, 0_i64);
        for (_, row) in self.rows(SupportKind::Donation).map(|rows| rows.of(member)).unwrap_or_default() {
            if row.known_at > at || row.counted_at > at || row.counted_at < begins(-1) {
                continue;
            }
            let sum = if row.counted_at < begins(0) { &mut last } else { &mut this };
            *sum = sum.saturating_add(row.amount);
        }
        let minor = own.minor.min(this.max(last).max(0));
        let until = if this >= minor { begins(2) } else { begins(1) };
        Some(Backed { minor, until })
    }
}

/// A member enters, changes or ends their own pledge.
pub(crate) fn promise(state: &mut State, act: &PledgeOwn, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let minor = act.amount.amount;
    if minor == 0 && state.support.own_pledges.of(who).is_none() {
        let why = "you have entered no pledge";
        return Err(Refusal::new(Rule::NothingToTakeBack, why, "nothing needs to be done"));
    }
    support::unit(state, SupportKind::Pledge, &act.amount)?;
    if minor != 0 {
        support::amount(minor)?;
    }
    support::currency(state, SupportKind::Pledge, &act.amount)?;
    let pledge = (minor > 0).then_some(OwnPledge { minor, since: context.time });
    state.support.own_pledges.set(who, pledge);
    Ok(vec![Outcome::Recorded])
}

#[cfg(test)]
mod tests;
