//! The editions of the rules that this program knows. The content of an edition is in the places that ask for it;
//! `docs/spec/editions.md` lists them.

pub(crate) mod act;
mod begin;

use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub use charter::Edition;
use charter::{Clause, ClauseKind};
use imbl::OrdSet;
use quantity::Moment;

use crate::digest::Collect;
use crate::id::MemberIndex;
use crate::rules::amendment::HeadsBehind;

/// The first edition, which a log has that names none. Closed.
pub const ONE: Edition = Edition::ONE;
/// The second edition, of rules that hold against people. Closed.
pub const TWO: Edition = Edition::TWO;
/// The third edition, of living doors. Closed.
pub const THREE: Edition = Edition::THREE;
/// The fourth edition, of mechanisms of time and money. Closed.
pub const FOUR: Edition = Edition::FOUR;
/// The fifth edition, of people. Open.
pub const FIVE: Edition = Edition::FIVE;
/// An edition that only tests know. It carries requests for money out, which every other keeps.
pub(crate) const MADE_UP: Edition = match Edition::numbered(u16::MAX) {
    Some(edition) => edition,
    None => TWO,
};

/// Whether the rules of an edition never change again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// They never do, and golden logs prove it.
    Closed,
    /// They may: a log under it says so, and may stop replaying.
    Open,
}

/// Every edition that this program knows, in order.
const KNOWN: &[(Edition, Status)] = &[
    (ONE, Status::Closed),
    (TWO, Status::Closed),
    (THREE, Status::Closed),
    (FOUR, Status::Closed),
    (FIVE, Status::Open),
    #[cfg(test)]
    (MADE_UP, Status::Open),
];

/// The known editions with their status, in order.
pub fn known() -> impl Iterator<Item = (Edition, Status)> {
    KNOWN.iter().copied()
}

/// Whether an edition is closed; `None` where this program does not know it.
#[must_use]
pub fn status(edition: Edition) -> Option<Status> {
    known().find(|(known, _)| *known == edition).map(|(_, status)| status)
}

/// The edition that new logs begin under.
#[must_use]
pub fn newest_closed() -> Edition {
    let closed = known().filter(|(_, status)| *status == Status::Closed);
    closed.map(|(edition, _)| edition).max().unwrap_or(ONE)
}

/// Reports whether an edition carries a clause out, and opens a decision for it. One kind is made up for tests.
pub(crate) fn carries_out(edition: Edition, clause: &Clause) -> bool {
    if is_made_up(clause) { edition >= MADE_UP } else { clause.opens(edition) }
}

/// Whether a clause is of the kind that only the tests' edition carries out: requests for money, as lists.
pub(crate) fn is_made_up(clause: &Clause) -> bool {
    let ClauseKind::Commitment(commitment) = &clause.kind else {
        return false;
    };
    cfg!(test) && matches!(commitment.due, charter::Due::Continuous { of: None, .. })
}

/// A later edition that is announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// Which.
    pub edition: Edition,
    /// When.
    pub at: Moment,
    /// SHA-256, hex, of what would have come out differently by then.
    pub dry_run: String,
    /// The differences by then.
    pub dry_run_text: Arc<str>,
    /// SHA-256, hex, of the line `edition N` and those differences: what members agree to.
    pub name: String,
    /// Who agrees to it, where the kernel leaves it to members.
    pub assents: OrdSet<MemberIndex>,
    /// The first update since which it has had the weight that an amendment needs, without a break.
    pub held_since: Option<Moment>,
    /// The heads behind it, where the kernel counts any.
    pub heads: Option<HeadsBehind>,
}

/// The edition of a log, and the one that is announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editions {
    /// The edition whose rules hold.
    pub current: Edition,
    /// The later one, if any is announced.
    pub announced: Option<Announced>,
}

impl Editions {
    /// Nothing announced.
    pub(crate) fn new(current: Edition) -> Editions {
        Editions { current, announced: None }
    }

    /// A former member agrees to nothing.
    pub(crate) fn forget(&mut self, member: MemberIndex) {
        if let Some(announced) = &mut self.announced {
            announced.assents.remove(&member);
        }
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        if let Some(announced) = &self.announced {
            into.number(announced.edition.number())
                .number(announced.at.0)
                .text(&announced.dry_run)
                .number(announced.held_since.map_or(-1, |at| at.0))
                .wide(announced.assents.len() as u128);
            for member in &announced.assents {
                into.number(*member);
            }
        }
    }
}
