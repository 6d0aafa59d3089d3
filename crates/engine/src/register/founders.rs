//! Founders: members who have the powers of vacant offices and bodies until members have seated somebody who may admit more.
//! `docs/spec/powers.md`, The founding period.

use charter::Power;
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
}

impl Founders {
    /// Nobody is a founder, and the period is not over.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && !self.is_over
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

    /// Ends the founding period where somebody who may admit members holds a seat. To be asked after seats are taken.
    pub(crate) fn end_founding(&mut self, at: Moment) {
        if self.founders.is_over {
            return;
        }
        let may_admit = |one: &Decision| one.seated().next().is_some() && self.gives(one, Power::Admit);
        let is_over = self.open_decisions().any(|(_, one)| may_admit(one));
        self.founders.is_over = is_over;
        if is_over && self.editions.current > crate::edition::ONE {
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
