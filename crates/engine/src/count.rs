//! Counting: pure functions from ballots and weights to what they add up to, and from votes to who takes a seat. They know no state;
//! decisions and `rochdale count` call the same.

pub mod by_class;
mod conviction;
pub mod settle;
mod tally;
pub mod votes;

pub use by_class::Factor;
pub use conviction::chosen;
pub use settle::{Memory, Past, Recount, SeatChange, SeatKind, Seats, Settling, TakenBack, flow};
pub use tally::{Reading, Tally, tally};
pub use votes::{Shares, Votes, capacity, root_votes, scored, votes_by_class, votes_of};
