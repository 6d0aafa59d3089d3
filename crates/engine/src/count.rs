//! Counting: pure functions from ballots and weights to what they add up to, and from votes to who takes a seat. They know no state;
//! decisions and `rochdale count` call the same.

pub mod by_class;
mod lanes;
pub mod settle;
mod tally;

pub use by_class::Factor;
pub use lanes::Lanes;
pub use settle::{SeatChange, SeatKind, Seats, flow};
pub use tally::{Tally, Votes, capacity, counted_weight, in_electorate, tally, votes_of};
