//! Decisions: what weight can be placed on. Elections and rankings; not how ballots add up (`tally`).

pub mod election;
pub mod ranking;

use charter::{ClauseKind, Constitution, Counting, Kernel};
use quantity::Moment;

pub use election::{Candidate, CandidateName, Election, Standing};
pub use ranking::{Item, Ranking};

use crate::settle::SeatKind;

/// Which document defines a decision. Decisions of one layer share its members' weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The kernel: the constitution's own election.
    Kernel,
    /// The constitution.
    Constitution,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its name, unique in the co-op.
    pub name: String,
    /// Where it is defined.
    pub layer: Layer,
    /// Since when weight can be placed on it.
    pub opened_at: Moment,
    /// In how many updates it was counted.
    pub updates: u64,
    /// Places of the classes that may vote, in the kernel's order; empty for all.
    pub electorate: Vec<usize>,
    /// How ballots are rooted.
    pub counting: Counting,
    /// C at the last update, micro-votes: what one candidate would have if everyone divided their weight evenly.
    pub capacity: u128,
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
        if let Matter::Election(election) = &self.matter {
            Some(election)
        } else {
            None
        }
    }

    /// The ranking, if it is one.
    #[must_use]
    pub fn ranking(&self) -> Option<&Ranking> {
        if let Matter::Ranking(ranking) = &self.matter {
            Some(ranking)
        } else {
            None
        }
    }

    /// What people call its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.matter {
            Matter::Ranking(_) => "ranking",
            Matter::Election(election) => election.kind_name(),
        }
    }

    /// How many parts of a member's weight this decision stands for: a body counts once a seat.
    pub(crate) fn parts(&self) -> u32 {
        match &self.matter {
            Matter::Election(election) => {
                u32::try_from(election.seats.holders.len()).unwrap_or(u32::MAX)
            }
            Matter::Ranking(_) => 1,
        }
    }
}

/// The decisions that a kernel and a constitution open, the constitution's own election first.
pub(crate) fn open_all(
    kernel: &Kernel,
    constitution: &Constitution,
    in_force: &str,
    at: Moment,
) -> Vec<Decision> {
    let mut own = Election::new(SeatKind::Document, 1, kernel.constitution.clone());
    own.enter_holder(CandidateName::Document(in_force.to_owned()), at);
    let root = Decision {
        name: "constitution".to_owned(),
        layer: Layer::Kernel,
        opened_at: at,
        updates: 0,
        electorate: Vec::new(),
        counting: kernel.counting,
        capacity: 0,
        matter: Matter::Election(own),
    };
    let clauses = constitution.clauses.iter().filter_map(|clause| {
        let matter = match &clause.kind {
            ClauseKind::Office { terms, .. } => {
                Matter::Election(Election::new(SeatKind::Office, 1, terms.clone()))
            }
            ClauseKind::Body { seats, terms, .. } => {
                Matter::Election(Election::new(SeatKind::Body, *seats, terms.clone()))
            }
            ClauseKind::Document { terms } | ClauseKind::Constitution { terms, .. } => {
                Matter::Election(Election::new(SeatKind::Document, 1, terms.clone()))
            }
            ClauseKind::Ranking {
                of,
                close_after,
                floor_micro,
                ..
            } => Matter::Ranking(Ranking::new(
                of.clone(),
                close_after.map(quantity::Span::seconds),
                *floor_micro,
            )),
            // Kept with a note by the checker, and not carried out.
            ClauseKind::Commitment(_) | ClauseKind::Pool(_) | ClauseKind::Release(_) => {
                return None;
            }
        };
        let place = |name: &String| kernel.classes.iter().position(|class| &class.name == name);
        Some(Decision {
            name: clause.name.clone(),
            layer: Layer::Constitution,
            opened_at: at,
            updates: 0,
            electorate: clause.electorate.iter().filter_map(place).collect(),
            counting: clause.counting,
            capacity: 0,
            matter,
        })
    });
    std::iter::once(root).chain(clauses).collect()
}
