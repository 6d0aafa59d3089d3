//! The engine: `apply(state, act) → outcomes` or a refusal. The only place where anything is decided.
//!
//! It does no IO, reads no clock and draws no random number: the same log gives the same state, bit for bit,
//! on every machine and with any number of threads. Whoever wants something changed hands in an [`Act`];
//! the [`State`] has no other door.
#![cfg_attr(not(test), deny(clippy::float_arithmetic, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

pub mod act;
mod adoption;
pub mod amendment;
mod apply;
pub mod ballot;
pub mod book;
pub mod chamber;
pub mod digest;
pub mod forecast;
pub mod fork;
pub mod member;
pub mod outcome;
pub mod refusal;
pub mod settle;
pub mod state;
pub mod tally;
#[cfg(test)]
mod tests;
mod update;
pub mod weight;

pub use act::{Act, Pseudonym};
pub use adoption::Assented;
pub use apply::{Actor, Context, SpendingLimit, apply};
pub use outcome::Outcome;
pub use refusal::{Refusal, Rule};
pub use state::{Founding, State};
pub use update::{Due, change, update};
