//! Forks: members who leave together for a co-op of their own. Who goes, what goes along, and how much money. Not the new
//! co-op's log, which `host` writes from what is said here.

pub(crate) mod act;
mod extract;
mod given;
mod share;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

use charter::{Counted, Edition, TreasuryShare};
use imbl::OrdSet;
use quantity::Moment;

use crate::act::{AnnounceFork, BookEntry};
use crate::digest::Collect;
use crate::id::MemberIndex;

pub use extract::Extract;
pub use share::Going;

/// The most forks that are announced at a time.
pub const MAX_OPEN: usize = 20;

/// Every fork that is announced or was completed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forks {
    open: Vec<OpenFork>,
    completed: Vec<Arc<CompletedFork>>,
}

/// A fork that is announced. It stands as long as somebody goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenFork {
    /// Its name, unique among those announced and completed.
    pub name: String,
    /// Who announced it.
    pub announced_by: MemberIndex,
    /// When.
    pub announced_at: Moment,
    /// SHA-256 of the new co-op's kernel, hex.
    pub kernel: String,
    /// SHA-256 of the new co-op's constitution, hex.
    pub constitution: String,
    /// Who goes; never empty.
    pub going: OrdSet<MemberIndex>,
    /// Everybody's part when it was announced; from edition 2 on.
    pub then: Option<Then>,
}

/// Everybody's part of the co-op when a fork was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Then {
    /// The weights of the members of then at the update before, micro-weights.
    pub weights: Arc<Vec<u64>>,
    /// Their sum.
    pub whole: u128,
    /// The update before: whoever joined later is not counted by heads.
    pub update: Option<Moment>,
    /// How many were members of then and are counted by heads.
    pub heads: u64,
    /// How many forks had been completed.
    pub forks: u64,
}

/// A fork that was completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletedFork {
    /// Its name.
    pub name: String,
    /// The new co-op's id.
    pub coop: String,
    /// The key that signs the pointer from the new log into this one: Ed25519, 64 hex digits.
    pub key: String,
    /// When.
    pub at: Moment,
    /// SHA-256 of the new co-op's kernel, hex.
    pub kernel: String,
    /// SHA-256 of the new co-op's constitution, hex.
    pub constitution: String,
    /// Who left, in order of admission.
    pub went: Vec<MemberIndex>,
    /// By list, who of them was on it.
    pub lists: BTreeMap<String, Vec<MemberIndex>>,
    /// Whether the kernel let their entries in the register go along.
    pub register: bool,
    /// Whether it let what they gave go along.
    pub ledger: bool,
    /// By what the kernel divided the money.
    pub treasury: TreasuryShare,
    /// The edition under which they left, and under which the new co-op begins.
    pub edition: Edition,
    /// The money that went along.
    pub share: Share,
    /// The part of it that is taken for a gift of each who went, in the order of `went`, minor units: these gifts are
    /// divided, and give no weight in the new co-op. Empty under edition 1.
    pub divided: Vec<i64>,
    /// The support that counted as given.
    pub counted: Counted,
    /// How it was booked out; `None` where there was none.
    pub booking: Option<BookEntry>,
}

/// How much money goes along with members who go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The divided sum: assets less liabilities, no more than asset accounts hold and than 10^15, never below 0; minor
    /// units.
    pub balance_minor: i64,
    /// The part of those who go: their weight in micro-weights, or their number; 0 where no money goes along.
    pub part: u128,
    /// The same of all who are members.
    pub whole: u128,
    /// The money that goes along: the divided sum × part ÷ whole, rounded down, within the limits below; minor units.
    pub minor: i64,
    /// Edition 2: the part and the whole as they were when the fork was announced; the lesser share counts.
    pub then: Option<(u128, u128)>,
    /// Edition 2: the sum that those who go have given, less what they have back or are owed, where that is a limit; minor
    /// units.
    pub given_minor: Option<i64>,
    /// Edition 2: the reserve, which was taken off the divided sum before; minor units.
    pub reserve_minor: i64,
}

impl Forks {
    /// Whether none was ever announced that members still go with, or completed.
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.completed.is_empty()
    }

    /// Those that are announced, in order of announcement.
    #[must_use]
    pub fn open(&self) -> &[OpenFork] {
        &self.open
    }

    /// Those that were completed, in order of completion.
    #[must_use]
    pub fn completed(&self) -> &[Arc<CompletedFork>] {
        &self.completed
    }

    /// One that is announced, by name.
    #[must_use]
    pub fn open_named(&self, name: &str) -> Option<&OpenFork> {
        self.open.iter().find(|fork| fork.name == name)
    }

    /// One that was completed, by name.
    #[must_use]
    pub fn completed_named(&self, name: &str) -> Option<&CompletedFork> {
        self.completed.iter().find(|fork| fork.name == name).map(|fork| &**fork)
    }

    /// The fork that a member goes with.
    #[must_use]
    pub fn of(&self, member: MemberIndex) -> Option<&OpenFork> {
        self.open.iter().find(|fork| fork.going.contains(&member))
    }

    pub(crate) fn announce(&mut self, act: &AnnounceFork, by: MemberIndex, at: Moment, then: Option<Then>) {
        self.open.push(OpenFork {
            name: act.fork.clone(),
            announced_by: by,
            announced_at: at,
            kernel: act.kernel.clone(),
            constitution: act.constitution.clone(),
            going: OrdSet::unit(by),
            then,
        });
    }

    /// Begins what edition 2 keeps in a log that has been under edition 1: parts are those of now.
    pub(crate) fn begin(&mut self, then: &Then) {
        for fork in &mut self.open {
            fork.then = Some(then.clone());
        }
    }

    /// The completed fork that a member left with.
    pub(crate) fn left_with(&self, member: MemberIndex) -> Option<(&CompletedFork, i64)> {
        self.completed.iter().find_map(|fork| {
            let place = fork.went.binary_search(&member).ok()?;
            Some((&**fork, fork.divided.get(place).copied().unwrap_or(0)))
        })
    }

    /// The members who left by forks that were completed since an announcement.
    pub(crate) fn left_since(&self, then: &Then) -> impl Iterator<Item = MemberIndex> + '_ {
        let before = usize::try_from(then.forks).unwrap_or(usize::MAX);
        self.completed.iter().skip(before).flat_map(|fork| fork.went.iter().copied())
    }

    /// From edition 2 on: what shares are worked out from, and what was divided.
    pub(crate) fn collect_shares(&self, into: &mut Collect) {
        for then in self.open.iter().filter_map(|fork| fork.then.as_ref()) {
            into.column(&then.weights)
                .wide(then.whole)
                .number(then.update.map_or(-1, |at| at.0))
                .number(then.heads)
                .number(then.forks);
        }
        for fork in &self.completed {
            into.wide(fork.divided.len() as u128);
            for minor in &fork.divided {
                into.number(*minor);
            }
            into.number(u32::from(fork.counted.purchases)).number(fork.counted.hour_minor);
        }
    }

    pub(crate) fn join(&mut self, name: &str, member: MemberIndex) {
        if let Some(fork) = self.open.iter_mut().find(|fork| fork.name == name) {
            fork.going.insert(member);
        }
    }

    /// A member goes with nobody any more; the name of the fork that is withdrawn because they were the last.
    pub(crate) fn stay(&mut self, member: MemberIndex) -> Option<String> {
        let place = self.open.iter().position(|fork| fork.going.contains(&member))?;
        let fork = self.open.get_mut(place)?;
        fork.going.remove(&member);
        let last = fork.going.is_empty();
        last.then(|| self.open.remove(place).name)
    }

    pub(crate) fn take_open(&mut self, name: &str) -> Option<OpenFork> {
        let place = self.open.iter().position(|fork| fork.name == name)?;
        Some(self.open.remove(place))
    }

    pub(crate) fn complete(&mut self, fork: CompletedFork) {
        self.completed.push(Arc::new(fork));
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.open.len() as u128);
        for fork in &self.open {
            into.text(&fork.name)
                .number(fork.announced_by)
                .number(fork.announced_at.0)
                .text(&fork.kernel)
                .text(&fork.constitution)
                .wide(fork.going.len() as u128);
            for member in &fork.going {
                into.number(*member);
            }
        }
        into.wide(self.completed.len() as u128);
        for fork in &self.completed {
            into.text(&fork.name)
                .text(&fork.coop)
                .text(&fork.key)
                .number(fork.at.0)
                .number(fork.share.minor)
                .wide(fork.went.len() as u128);
            for member in &fork.went {
                into.number(*member);
            }
        }
    }
}

#[cfg(test)]
mod tests;
