//! Kernels that members propose in place of the one in force, and who assents to each. Not how one is adopted (`rules`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use quantity::Moment;

use crate::digest::Collect;
use crate::id::MemberIndex;

/// The name that acts use for the kernel. It is no decision: no weight is placed on it.
pub const KERNEL: &str = "kernel";

/// How the kernel stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amending {
    /// SHA-256 of the text in force, hex.
    pub in_force: String,
    /// The text in force, which is read again under another edition; `None` where it is not at hand.
    pub text: Option<Arc<str>>,
    /// The kernels that stand, in the order of their proposal; at most 100, and from edition 2 on 100 more that wait.
    pub proposals: Vec<Proposal>,
    /// How many were ever proposed.
    pub(crate) numbered: u64,
    /// The numbers of the texts that a member assents to, in the order of their assents; from edition 2 on.
    pub(crate) given: OrdMap<MemberIndex, Vec<u64>>,
}

/// How many texts a member can assent to at a time, from edition 2 on: the latest count.
pub const MOST_ASSENTS: usize = 3;

/// How long a text may stand with less than a hundredth of all weight, and how long one may wait for a place: 30 days, in
/// seconds.
pub(crate) const UNSUPPORTED_S: u64 = 30 * 86_400;

/// Whether a proposed kernel is one of those whose assent counts, from edition 2 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// It is.
    Counts,
    /// Others have more behind them. It can be read and assented to, and has its place as soon as it has more.
    Waits,
}

/// The heads behind a proposed kernel, as the last update counted them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadsBehind {
    /// Members who are counted and assent.
    pub part: u64,
    /// Members who are counted.
    pub whole: u64,
}

/// One proposed kernel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// SHA-256 of its text, hex.
    pub document: String,
    /// Its text.
    pub text: Arc<str>,
    /// Who proposed it.
    pub proposer: MemberIndex,
    /// When.
    pub since: Moment,
    /// Who assents.
    pub assents: OrdSet<MemberIndex>,
    /// The first update since which it has had the weight that an amendment needs, without a break.
    pub held_since: Option<Moment>,
    /// Its number in the order of all that were ever proposed, from 0.
    pub(crate) number: u64,
    /// Whether its assent counts.
    pub place: Place,
    /// The first update since which less than a hundredth of all weight assents, without a break; from edition 2 on.
    pub low_since: Option<Moment>,
    /// The heads behind it, where the kernel counts any.
    pub heads: Option<HeadsBehind>,
}

impl Proposal {
    /// When it leaves if it keeps less than a hundredth of all weight; `None` while it has more.
    #[must_use]
    pub fn leaves_at(&self) -> Option<Moment> {
        let us = i64::try_from(UNSUPPORTED_S).ok()?.checked_mul(1_000_000)?;
        Some(Moment(self.low_since?.0.checked_add(us)?))
    }
}

impl Amending {
    /// Nothing proposed.
    pub(crate) fn new(in_force: &str) -> Amending {
        Amending { in_force: in_force.to_owned(), text: None, proposals: Vec::new(), numbered: 0, given: OrdMap::new() }
    }

    /// The place of a proposal that stands.
    #[must_use]
    pub fn place(&self, document: &str) -> Option<usize> {
        self.proposals.iter().position(|proposal| proposal.document == document)
    }

    /// A proposal that stands.
    #[must_use]
    pub fn proposal(&self, document: &str) -> Option<&Proposal> {
        self.proposals.get(self.place(document)?)
    }

    /// A former member assents to nothing.
    pub(crate) fn forget(&mut self, member: MemberIndex) {
        for proposal in &mut self.proposals {
            proposal.assents.remove(&member);
        }
        self.given.remove(&member);
    }

    /// A member assents to a text. Returns the one that they no longer assent to, because they have given more since.
    pub(crate) fn give(&mut self, member: MemberIndex, number: u64) -> Option<String> {
        let given = self.given.entry(member).or_default();
        given.push(number);
        let earliest = (given.len() > MOST_ASSENTS).then(|| given.remove(0))?;
        let proposal = self.proposals.iter_mut().find(|proposal| proposal.number == earliest)?;
        proposal.assents.remove(&member);
        Some(proposal.document.clone())
    }

    /// A member no longer assents to a text.
    pub(crate) fn take(&mut self, member: MemberIndex, number: u64) {
        if let Some(given) = self.given.get_mut(&member) {
            given.retain(|one| *one != number);
            if given.is_empty() {
                self.given.remove(&member);
            }
        }
    }

    /// Forgets assents to texts that no longer stand.
    pub(crate) fn tidy(&mut self) {
        let stands: BTreeSet<u64> = self.proposals.iter().map(|proposal| proposal.number).collect();
        let stale = |given: &Vec<u64>| given.iter().any(|number| !stands.contains(number));
        let members: Vec<MemberIndex> =
            self.given.iter().filter(|(_, given)| stale(given)).map(|(member, _)| *member).collect();
        for member in members {
            let left: Vec<u64> = self
                .given
                .get(&member)
                .into_iter()
                .flatten()
                .copied()
                .filter(|number| stands.contains(number))
                .collect();
            if left.is_empty() {
                self.given.remove(&member);
            } else {
                self.given.insert(member, left);
            }
        }
    }

    /// Begins to count a member's latest assents in a log that has been under edition 1, where their order is that of the texts.
    pub(crate) fn begin(&mut self) {
        self.given = OrdMap::new();
        let all: Vec<(u64, OrdSet<MemberIndex>)> =
            self.proposals.iter().map(|proposal| (proposal.number, proposal.assents.clone())).collect();
        for (number, assents) in all {
            for member in &assents {
                self.give(*member, number);
            }
        }
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.text(&self.in_force);
        self.collect_proposals(into);
    }

    /// From edition 2 on: how the proposals are placed, and in which order members gave their assents.
    pub(crate) fn collect_places(&self, into: &mut Collect) {
        into.number(self.numbered);
        for proposal in &self.proposals {
            into.number(proposal.number)
                .number(u32::from(proposal.place == Place::Waits))
                .number(proposal.low_since.map_or(-1, |at| at.0));
        }
        into.wide(self.given.len() as u128);
        for (member, given) in &self.given {
            into.number(*member).wide(given.len() as u128);
            for number in given {
                into.number(*number);
            }
        }
    }

    pub(crate) fn collect_proposals(&self, into: &mut Collect) {
        into.wide(self.proposals.len() as u128);
        for proposal in &self.proposals {
            into.text(&proposal.document)
                .number(proposal.proposer)
                .number(proposal.since.0)
                .number(proposal.held_since.map_or(-1, |at| at.0));
            into.wide(proposal.assents.len() as u128);
            for member in &proposal.assents {
                into.number(*member);
            }
        }
    }
}
