//! Founders: members who have the powers of vacant offices and bodies until members have seated somebody who may admit more.
//! `docs/spec/powers.md`, The founding period.

use charter::{Edition, Power};
use imbl::OrdSet;
use quantity::{Broken, Moment, ensure};
use serde::{Deserialize, Serialize};

use crate::act::Pseudonym;
use crate::chamber::{Decision, Kind};
use crate::digest::Collect;
use crate::id::MemberIndex;
use crate::state::State;

/// Members who founded the co-op, and whether the period in which that gives them anything is over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Founders {
    /// Former members too: nobody comes back under the same pseudonym.
    members: OrdSet<MemberIndex>,
    is_over: bool,
    weight: Weight,
}

/// Whether founders have weight as such, kept from edition 3 on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Weight {
    /// At how many updates in a row two members have had weight of their own, up to the last.
    supported: u32,
    /// For good, even if nobody has any weight later.
    is_over: bool,
}

/// Founders' weight ends with the second update after the first of so many in a row.
const SUPPORTED: u32 = 3;
/// The members who have to have weight of their own at them.
const SUPPORTERS: usize = 2;
/// Founders' weight ends at the latest with the first update so long after the founding: 180 days, in microseconds. A kernel that has to be
/// wanted for half a year is so in no founder's reach.
const LONGEST_FOUNDING_US: i64 = 180 * 86_400 * 1_000_000;

impl Founders {
    /// Nobody is a founder, and the period is not over.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && !self.is_over && self.weight == Weight::default()
    }

    /// Those who have founders' weight, where the kernel gives any; `None` once that is over.
    pub(crate) fn with_weight(&self) -> Option<&OrdSet<MemberIndex>> {
        (!self.weight.is_over).then_some(&self.members)
    }

    /// Ends founders' weight in a log that has counted something under an edition that knew none.
    pub(crate) fn begin(&mut self) {
        self.weight.is_over = true;
    }

    /// Somebody who may admit members was seated: for good, even if the seat falls vacant again.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    pub(crate) fn add(&mut self, member: MemberIndex) {
        self.members.insert(member);
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.members.len() as u128);
        for member in &self.members {
            into.number(*member);
        }
        into.number(u32::from(self.is_over));
        if self.weight != Weight::default() {
            into.number(self.weight.supported).number(u32::from(self.weight.is_over));
        }
    }
}

impl State {
    /// Founders who are members now, in order of admission, whether or not that gives them anything.
    pub fn founders(&self) -> impl Iterator<Item = MemberIndex> + '_ {
        let all = self.founders.members.iter().copied();
        all.filter(|member| self.members.is_active(*member))
    }

    /// Whether founders have powers now: the kernel in force says so, and the founding period is not over.
    #[must_use]
    pub fn founding_lasts(&self) -> bool {
        self.rules.kernel.founders_hold_powers && !self.founders.is_over
    }

    /// The open offices and bodies that nobody holds and whose powers a member has as a founder, in the order of decisions.
    pub fn held_as_founder(&self, who: Pseudonym) -> impl Iterator<Item = &Decision> {
        let founds = |member| self.founders.members.contains(&member) && self.members.is_active(member);
        let has_any = self.founding_lasts() && self.members.index(who).is_some_and(founds);
        let vacant = has_any.then(|| self.open_decisions().map(|(_, one)| one).filter(|one| is_vacant(one)));
        vacant.into_iter().flatten()
    }

    /// Whether founders have weight as such now.
    #[must_use]
    pub fn founding_weight_lasts(&self) -> bool {
        self.rules.kernel.founding_weight_micro > 0 && !self.founders.weight.is_over
    }

    /// Whether two members had weight of their own at the last update, so that founders' weight is about to end.
    #[must_use]
    pub fn has_support(&self) -> bool {
        self.founders.weight.supported > 0
    }

    /// The update with which founders' weight ends if members who have weight of their own keep it: at the latest the first one 180 days
    /// after the founding. `None` where founders have none.
    #[must_use]
    pub fn founding_weight_ends(&self) -> Option<Moment> {
        if !self.founding_weight_lasts() {
            return None;
        }
        let last = Moment(self.founding.at.0.saturating_add(LONGEST_FOUNDING_US).saturating_sub(1));
        let latest = self.next_update_after(last).max(self.next_update);
        let wanted = SUPPORTED.saturating_sub(self.founders.weight.supported);
        let soon = (1..wanted).fold(self.next_update, |at, _| self.next_update_after(at));
        Some(if self.founders.weight.supported > 0 { soon.min(latest) } else { latest })
    }

    /// The least that a member weighs as a founder at an instant to come, micro-weights.
    #[must_use]
    pub(crate) fn founding_weight(&self, member: MemberIndex, at: Moment) -> u64 {
        let founds = self.founders.members.contains(&member) && self.members.is_active(member);
        let lasts = founds && self.founding_weight_ends().is_some_and(|ends| at < ends);
        if lasts { self.rules.kernel.founding_weight_micro } else { 0 }
    }

    /// Ends founders' weight where its longest time is over. To be asked before weights are worked out.
    pub(crate) fn end_late_founding(&mut self, at: Moment) {
        let is_late = at.0.saturating_sub(self.founding.at.0) >= LONGEST_FOUNDING_US;
        if self.editions.current >= Edition::THREE && is_late {
            self.founders.weight.is_over = true;
        }
    }

    /// Notes whether two members have weight of their own at an update. Returns whether founders' weight ends with it, and founders
    /// had some.
    pub(crate) fn note_support(&mut self) -> bool {
        if self.editions.current < Edition::THREE || self.founders.weight.is_over {
            return false;
        }
        let own = self.weights.own().iter().filter(|weight| **weight > 0).take(SUPPORTERS).count();
        let weight = &mut self.founders.weight;
        weight.supported = if own < SUPPORTERS { 0 } else { weight.supported.saturating_add(1) };
        weight.is_over = weight.supported >= SUPPORTED;
        weight.is_over && self.weights.founding.is_some()
    }

    /// Ends the founding period where somebody who may admit members holds a seat. To be asked after seats are taken.
    pub(crate) fn end_founding(&mut self, at: Moment) {
        if self.founders.is_over {
            return;
        }
        let may_admit = |one: &Decision| one.seated().next().is_some() && self.gives(one, Power::Admit);
        let is_over = self.open_decisions().any(|(_, one)| may_admit(one));
        self.founders.is_over = is_over;
        // docs/spec/powers.md, Founders' weight: a founder whom founders seat does not end the time in which everybody's head counts.
        let by_weight = self.editions.current >= Edition::THREE && self.founding_weight_lasts();
        if is_over && self.editions.current > crate::edition::ONE && !by_weight {
            self.tenure.end_founding(at);
        }
    }

    pub(crate) fn check_founders(&self) -> Result<(), Broken> {
        let mut all = self.founders.members.iter();
        ensure!(all.all(|member| member.place() < self.members.len()), "a founder never joined");
        Ok(())
    }
}

fn is_vacant(decision: &Decision) -> bool {
    matches!(decision.kind(), Kind::Office | Kind::Body) && decision.seated().next().is_none()
}

#[cfg(test)]
mod tests;
