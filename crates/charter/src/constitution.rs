//! The constitution: the clauses that define every other decision, checked against the kernel.

mod commitment;
mod jurisdiction;
mod pool;
mod power;
mod read;
mod release;
mod supply;

#[cfg(test)]
mod tests;

use quantity::Span;

use crate::{Counting, Diagnostic, Kernel, Terms};

pub use commitment::{Ballot, Commitment, Due};
pub use pool::{Feed, FundingOrder, Income, Matching, OwnProjects, Pool};
pub use power::Power;
pub(crate) use power::grant;
pub(crate) use read::is_clause;
pub use read::{read_constitution, read_constitution_below};
pub use release::{Release, Until};
pub use supply::{Amount, Supply, TooLarge};

/// A checked constitution.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Constitution {
    pub clauses: Vec<Clause>,
    /// What is allowed but worth knowing, such as a clause that this version keeps and does not carry out.
    pub notes: Vec<Diagnostic>,
}

/// What a document may pass on to those it names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// `None` is everything there is, without limit.
    pub powers: Option<Vec<GivenPower>>,
}

/// Everything that stands above a constitution: what it is checked against.
#[derive(Clone, Debug)]
pub struct Above<'a> {
    pub kernel: &'a Kernel,
    /// The `constitution` clauses from the root's down to the one whose document this is; none for the root's own.
    pub clauses: Vec<&'a Clause>,
}

/// One decision that the constitution defines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clause {
    pub name: String,
    pub kind: ClauseKind,
    /// The classes whose members vote, inherited from above where the clause names none; empty means all.
    pub electorate: Vec<String>,
    pub counting: Counting,
    /// Whether a member may let another one vote for them here.
    pub delegation: Delegation,
    /// The line where the clause begins, from 1.
    pub line: u32,
}

/// What a clause defines, with what only that kind has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ClauseKind {
    Office(Office),
    Body(Body),
    Document(Document),
    Constitution(InnerConstitution),
    Ranking(Ranking),
    /// Kept with a note: this version does not carry it out.
    Commitment(Commitment),
    /// Kept with a note: this version does not carry it out.
    Pool(Pool),
    /// Kept with a note: this version does not carry it out.
    Release(Release),
}

/// One seat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Office {
    pub terms: Terms,
    pub powers: Vec<GivenPower>,
}

/// Several seats.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Body {
    pub seats: u32,
    pub terms: Terms,
    pub powers: Vec<GivenPower>,
}

/// A text that members can replace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    pub terms: Terms,
}

/// A document that defines decisions itself, within what is granted to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InnerConstitution {
    pub terms: Terms,
    pub grant: Grant,
}

/// Items in the order of their standing votes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranking {
    /// Where its items come from: `forge`, or `None` where members bring them.
    pub of: Option<String>,
    /// How long an item may have votes at or below the floor before it is closed.
    pub close_after: Option<Span>,
    /// Micro-votes.
    pub floor_micro: u64,
    /// What its items are served with, in their order; without one they are only put in order.
    pub supply: Option<Supply>,
}

/// Whether votes may be passed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Delegation {
    Nobody,
    Allowed,
}

/// A power that a clause gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GivenPower {
    pub power: Power,
    /// The most that may be spent; only [`Power::Spend`] has a limit, and without one it has none.
    pub limit: Option<MoneyPer>,
}

/// Money per calendar period, in minor units of the kernel's currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MoneyPer {
    pub amount_minor: i64,
    pub every: Every,
}

/// A calendar period that a limit is counted over.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Every {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Every {
    pub const ALL: [Every; 5] = [Every::Day, Every::Week, Every::Month, Every::Quarter, Every::Year];

    /// The word for it in a document.
    pub fn name(self) -> &'static str {
        match self {
            Every::Day => "day",
            Every::Week => "week",
            Every::Month => "month",
            Every::Quarter => "quarter",
            Every::Year => "year",
        }
    }

    /// The period with exactly this name.
    pub fn parse(name: &str) -> Option<Every> {
        Every::ALL.into_iter().find(|every| every.name() == name)
    }

    /// How many periods of this length one of `outer` can touch: at most 6 weeks touch a month. 1 where it
    /// is as long or longer.
    pub fn most_within(self, outer: Every) -> u32 {
        match (self, outer) {
            (Every::Day, Every::Week) => 7,
            (Every::Day, Every::Month) => 31,
            (Every::Day, Every::Quarter) => 92,
            (Every::Day, Every::Year) => 366,
            (Every::Week, Every::Month) => 6,
            (Every::Week, Every::Quarter) => 14,
            (Every::Week, Every::Year) => 54,
            (Every::Month, Every::Quarter) => 3,
            (Every::Month, Every::Year) => 12,
            (Every::Quarter, Every::Year) => 4,
            _ => 1,
        }
    }
}

impl Grant {
    /// Every power, without limit.
    pub fn everything() -> Grant {
        Grant { powers: None }
    }
}

impl<'a> Above<'a> {
    /// What stands above the root constitution: the kernel alone.
    pub fn root(kernel: &'a Kernel) -> Above<'a> {
        Above { kernel, clauses: Vec::new() }
    }

    /// What stands above a document of this `constitution` clause.
    pub fn below(&self, clause: &'a Clause) -> Above<'a> {
        let mut clauses = self.clauses.clone();
        clauses.push(clause);
        Above { kernel: self.kernel, clauses }
    }
}

impl Constitution {
    /// The clause with this name.
    pub fn clause(&self, name: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.name == name)
    }
}

impl Clause {
    /// How its outcome settles; the others have no outcome that settles.
    pub fn terms(&self) -> Option<&Terms> {
        match &self.kind {
            ClauseKind::Office(office) => Some(&office.terms),
            ClauseKind::Body(body) => Some(&body.terms),
            ClauseKind::Document(document) => Some(&document.terms),
            ClauseKind::Constitution(inner) => Some(&inner.terms),
            ClauseKind::Ranking(_) | ClauseKind::Commitment(_) | ClauseKind::Pool(_) | ClauseKind::Release(_) => None,
        }
    }

    /// The powers of its holder.
    pub fn powers(&self) -> &[GivenPower] {
        match &self.kind {
            ClauseKind::Office(office) => &office.powers,
            ClauseKind::Body(body) => &body.powers,
            _ => &[],
        }
    }

    /// How many seats it has: 1 for an office, 0 where members hold none.
    pub fn seats(&self) -> u32 {
        match &self.kind {
            ClauseKind::Office(_) => 1,
            ClauseKind::Body(body) => body.seats,
            _ => 0,
        }
    }

    /// What it may pass on, where its outcome is a constitution.
    pub fn grant(&self) -> Option<&Grant> {
        match &self.kind {
            ClauseKind::Constitution(inner) => Some(&inner.grant),
            _ => None,
        }
    }

    /// The power with its limit, where the clause gives it to its holder.
    pub fn power(&self, power: Power) -> Option<&GivenPower> {
        self.powers().iter().find(|given| given.power == power)
    }
}
