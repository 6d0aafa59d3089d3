//! Decisions: what weight can be placed on. Elections and rankings; not how ballots add up (`tally`).

pub mod election;
pub mod ranking;

use charter::{Clause, ClauseKind, Constitution, Counting, Kernel};
use quantity::Moment;

pub use election::{Candidate, CandidateName, Election, Standing};
pub use ranking::{Item, Ranking};

use crate::settle::SeatKind;
use crate::tally::Factor;

/// Which document defines a decision. Decisions of one layer share its members' weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The kernel: the constitution's own election.
    Kernel,
    /// The document in force of the decision at this place.
    Of(u16),
}

/// The layer of what the constitution itself defines: its own election stands first.
pub const CONSTITUTION: Layer = Layer::Of(0);

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its path: the name of its clause, after the paths of the constitutions that the clause stands in further down
    /// (`docs-team/editor`). Unique among open decisions.
    pub name: String,
    /// Where it is defined.
    pub layer: Layer,
    /// Since when weight can be placed on it.
    pub opened_at: Moment,
    /// When the rules ceased to define it. No weight stands on it from then on.
    pub closed_at: Option<Moment>,
    /// The document that is elected is a constitution: it defines decisions itself.
    pub holds_rules: bool,
    /// In how many updates it was counted.
    pub updates: u64,
    /// Places of the classes that may vote, in the kernel's order; empty for all.
    pub electorate: Vec<usize>,
    /// How ballots are rooted.
    pub counting: Counting,
    /// C at the last update, micro-votes: what one candidate would have if everyone divided their weight evenly.
    pub capacity: u128,
    /// What the votes of each class that may vote were multiplied by at the last update; empty where no class has control.
    pub factors: Vec<Factor>,
    /// What is decided.
    pub matter: Matter,
}

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matter {
    /// An office, a body or a document.
    Election(Election),
    /// An ordered list.
    Ranking(Ranking),
}

impl Decision {
    /// The election, if it is one.
    #[must_use]
    pub fn election(&self) -> Option<&Election> {
        if let Matter::Election(election) = &self.matter { Some(election) } else { None }
    }

    /// The ranking, if it is one.
    #[must_use]
    pub fn ranking(&self) -> Option<&Ranking> {
        if let Matter::Ranking(ranking) = &self.matter { Some(ranking) } else { None }
    }

    /// Whether weight can be placed on it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// What people call its kind: `office`, `body`, `document`, `constitution` or `ranking`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.matter {
            Matter::Ranking(_) => "ranking",
            Matter::Election(_) if self.holds_rules => "constitution",
            Matter::Election(election) => election.kind_name(),
        }
    }

    /// How many parts of a member's weight this decision stands for: a body counts once a seat.
    pub(crate) fn parts(&self) -> u32 {
        match &self.matter {
            Matter::Election(election) => u32::try_from(election.seats.holders.len()).unwrap_or(u32::MAX),
            Matter::Ranking(_) => 1,
        }
    }
}

/// The name of the constitution's own election.
pub const ROOT: &str = "constitution";
/// The most decisions that there ever were: a ballot has 16 bits for its decision's place.
pub(crate) const MAX_DECISIONS: usize = 65_535;

/// The decisions that a kernel and a constitution open, the constitution's own election first.
pub(crate) fn open_all(kernel: &Kernel, constitution: &Constitution, in_force: &str, at: Moment) -> Vec<Decision> {
    let mut own = Election::new(SeatKind::Document, 1, kernel.constitution.clone(), at);
    own.enter_holder(CandidateName::Document(in_force.to_owned()), at);
    let root = Decision {
        name: ROOT.to_owned(),
        layer: Layer::Kernel,
        opened_at: at,
        closed_at: None,
        holds_rules: true,
        updates: 0,
        electorate: Vec::new(),
        counting: kernel.counting,
        capacity: 0,
        factors: Vec::new(),
        matter: Matter::Election(own),
    };
    let clauses = constitution.clauses.iter();
    let clauses = clauses.filter_map(|clause| open(kernel, clause, clause.name.clone(), CONSTITUTION, at));
    std::iter::once(root).chain(clauses).collect()
}

/// The decision that a clause opens; `None` for a clause that this version keeps and does not carry out.
pub(crate) fn open(kernel: &Kernel, clause: &Clause, path: String, layer: Layer, at: Moment) -> Option<Decision> {
    let election = |kind: SeatKind, seats: u32, terms: &charter::Terms| {
        Matter::Election(Election::new(kind, seats, terms.clone(), at))
    };
    let matter = match &clause.kind {
        ClauseKind::Office(office) => election(SeatKind::Office, 1, &office.terms),
        ClauseKind::Body(body) => election(SeatKind::Body, body.seats, &body.terms),
        ClauseKind::Document(document) => election(SeatKind::Document, 1, &document.terms),
        ClauseKind::Constitution(inner) => election(SeatKind::Document, 1, &inner.terms),
        ClauseKind::Ranking(charter::Ranking { of, close_after, floor_micro, .. }) => {
            Matter::Ranking(Ranking::new(of.clone(), close_after.map(quantity::Span::seconds), *floor_micro))
        }
        _ => return None,
    };
    Some(Decision {
        name: path,
        layer,
        opened_at: at,
        closed_at: None,
        holds_rules: clause.grant().is_some(),
        updates: 0,
        electorate: electorate(kernel, clause),
        counting: clause.counting,
        capacity: 0,
        factors: Vec::new(),
        matter,
    })
}

/// Places of the classes that a clause names, in the order in which it names them.
pub(crate) fn electorate(kernel: &Kernel, clause: &Clause) -> Vec<usize> {
    let place = |name: &String| kernel.classes.iter().position(|class| &class.name == name);
    clause.electorate.iter().filter_map(place).collect()
}
