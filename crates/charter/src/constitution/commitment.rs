//! Commitments: decisions that cannot be taken back, by a day, in a cycle, or as requests come.

use quantity::{Moment, Span};

use super::Every;

/// A decision that is taken once and never undone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commitment {
    pub due: Due,
    /// How fast conviction follows votes; `None` is a quarter of the cycle, or of the time up to the deadline.
    pub conviction_half_life: Option<Span>,
}

/// When a commitment is decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Due {
    /// At the end of every period.
    Every(Every, Ballot),
    /// Once, at the end of a day in the co-op's time zone.
    Deadline(Moment, Ballot),
    /// Requests for money pass one by one, each when its conviction suffices.
    Continuous {
        /// A request for more of the pool than this can never pass, in parts per million.
        spending_limit_ppm: u32,
        /// The part of all votes that the least request needs, in parts per million.
        least_conviction_ppm: u32,
    },
}

/// How the options of a commitment with an end are decided between.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ballot {
    /// The option that wins where no other does.
    pub default: String,
    /// The last part of the time, in which no option enters, in parts per million.
    pub freeze_ppm: u32,
    /// The conviction that an option needs, in parts per million of the capacity.
    pub quorum_ppm: u32,
}
