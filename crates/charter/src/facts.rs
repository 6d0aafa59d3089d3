//! Explanations: the facts of a co-op that the caller counts, and the sentences that come of them.

use std::collections::BTreeMap;

/// One class, field or clause in plain English.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explained {
    /// The class, the field (`members`, `votes`, `constitution`, `amend`, `fork`) or the clause's path.
    pub name: String,
    /// A line of the document that it belongs to, from 1: where a class or clause begins; for a field of the
    /// kernel, where its first class begins.
    pub line: u32,
    /// At least one; each a full sentence.
    pub sentences: Vec<String>,
}

/// The state of a co-op today, in numbers that the caller works out. Unknown ones stay empty and are not mentioned.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// The weight of every member who has any, in micro-weights, as the last update found it. In any order.
    pub weights_micro: Vec<u64>,
    /// How many members weigh less because of the cap.
    pub capped: u64,
    /// By class.
    pub classes: BTreeMap<String, ClassFacts>,
    /// By the decision's path; the constitution's own election is `constitution`.
    pub decisions: BTreeMap<String, DecisionFacts>,
}

/// The state of a class today.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClassFacts {
    /// On its list, or, where it has none, with weight in it.
    pub members: u64,
    /// The greatest weight of one member in it, in micro-weights.
    pub highest_micro: u64,
    /// In micro-weights.
    pub total_micro: u128,
}

/// The state of a decision today.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DecisionFacts {
    /// All votes that could be cast, in micro-votes: the capacity.
    pub capacity_micro: u128,
    /// The holders under the names that pages show; empty for a vacant seat.
    pub holders: Vec<String>,
}
