//! Kernels that members propose in place of the one in force, and who assents to each. Not how one is adopted (`rules`).

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use imbl::OrdSet;
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
    /// The kernels that stand, in the order of their proposal; at most 100.
    pub proposals: Vec<Proposal>,
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
}

impl Amending {
    /// Nothing proposed.
    pub(crate) fn new(in_force: &str) -> Amending {
        Amending { in_force: in_force.to_owned(), text: None, proposals: Vec::new() }
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
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.text(&self.in_force);
        self.collect_proposals(into);
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
