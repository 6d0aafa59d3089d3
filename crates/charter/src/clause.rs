//! Clauses: each defines one decision. A folder holds everything about one kind of clause. Only `kinds` knows which kinds
//! there are; the other files ask a clause without knowing its kind.

mod body;
mod commitment;
mod constitution;
mod diff;
mod document;
mod domain;
mod jurisdiction;
mod kind;
mod kinds;
mod lists;
mod meaning;
mod office;
mod pool;
mod ranking;
mod read;
mod reader;
mod release;
mod together;

#[cfg(test)]
mod tests;

use crate::edition::Edition;
use crate::kernel::{Allowance, Counting, GivenPower, Grant, Power, Terms};
use crate::named::named;
use crate::support::SupportKind;

pub use body::Body;
pub(crate) use commitment::check_pools;
pub use commitment::{
    ACCEPT, Accepts, Ballot, Commitment, CreditFlow, Due, FUND_IN_ORDER, FUND_NOTHING, NOTHING, SharesOut,
};
pub use constitution::InnerConstitution;
pub(crate) use diff::{closes, compare, opens};
pub use document::Document;
pub use domain::Domain;
pub(crate) use jurisdiction::{Layer, MOST_ABOVE};
pub(crate) use kind::Sides;
pub use kinds::ClauseKind;
pub(crate) use kinds::{KINDS, words};
pub(crate) use lists::check as check_lists;
pub use meaning::explain_clause;
pub use office::Office;
pub use pool::{Feed, FundingOrder, Income, Matching, OwnProjects, Pool};
pub use ranking::{BroughtBy, ItemOrder, Ranking, Supply, TooLarge};
pub(crate) use read::read;
pub(crate) use reader::Reader;
pub use release::{Release, Until, patron_kinds};

/// One decision that the constitution defines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clause {
    pub name: String,
    pub kind: ClauseKind,
    /// The classes whose members vote, inherited from above where the clause names none; empty means all.
    pub electorate: Vec<String>,
    pub counting: Counting,
    /// The part of the co-op that it is about; since edition 3.
    pub domain: Option<Domain>,
    /// The allowance that members place on it from.
    pub allowance: Allowance,
    /// Whether a member may let another one vote for them here.
    pub delegation: Delegation,
    /// The line where the clause begins, from 1.
    pub line: u32,
}

named! {
    /// Whether votes may be passed on.
    pub enum Delegation {
        Allowed = "allowed" "members may let others vote for them here",
        Nobody = "none" "everyone votes for themselves",
    }
}

impl Clause {
    /// Returns the word with which clauses of its kind begin: `office`.
    pub fn kind_name(&self) -> &'static str {
        self.kind.word()
    }

    /// Returns the first edition that carries it out; `None` where every one keeps it with a note.
    pub fn since(&self) -> Option<Edition> {
        self.kind.answers().since
    }

    /// Reports whether an edition carries it out: it opens a decision, where members vote on it.
    pub fn opens(&self, edition: Edition) -> bool {
        self.since().is_some_and(|since| since <= edition)
    }

    /// Reports whether an edition opens a decision for it on which members place parts of the one weight that they divide.
    pub(crate) fn divides_one_weight(&self, edition: Edition) -> bool {
        self.opens(edition) && self.kind.answers().is_voted_on && self.allowance == Allowance::Shared
    }

    /// Says how its outcome settles; the others have no outcome that settles.
    pub fn terms(&self) -> Option<&Terms> {
        self.kind.answers().terms
    }

    /// Returns the powers of its holder.
    pub fn powers(&self) -> &[GivenPower] {
        self.kind.answers().powers
    }

    /// Returns the power with its limit, where the clause gives it to its holder.
    pub fn power(&self, power: Power) -> Option<&GivenPower> {
        self.powers().iter().find(|given| given.power == power)
    }

    /// Says how many seats it has: 1 for an office, 0 where members hold none.
    pub fn seats(&self) -> u32 {
        self.kind.answers().seats
    }

    /// Returns the powers that it may pass on, where its outcome is a constitution.
    pub fn grant(&self) -> Option<&Grant> {
        self.kind.answers().grant
    }

    /// Says how many of its seats must agree to an act: 1 for an office, 0 where members hold none.
    pub fn seats_to_act(&self) -> u32 {
        match &self.kind {
            ClauseKind::Body(body) => body.needed(),
            _ => self.seats(),
        }
    }

    /// Says how many of its seats must agree before something is recorded: one, unless a body says `acts-by`.
    pub fn seats_to_record(&self) -> u32 {
        match &self.kind {
            ClauseKind::Body(body) => body.acts_by.unwrap_or(1),
            _ => self.seats(),
        }
    }

    /// Reports whether it gives its holder the power to record a kind of support.
    pub fn records(&self, kind: SupportKind) -> bool {
        self.power(Power::Record).is_some_and(|given| given.kinds.has(kind))
    }

    /// Reports whether both are of one kind, so that the one can go on as the other.
    pub(crate) fn is_like(&self, other: &Clause) -> bool {
        self.kind_name() == other.kind_name()
    }
}
