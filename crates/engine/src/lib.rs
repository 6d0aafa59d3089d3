//! The engine: `apply(state, act) → outcomes` or a refusal. The only place where anything is decided.
//!
//! It does no IO, reads no clock and draws no random number: the same log gives the same state, bit for bit,
//! on every machine and with any number of threads. An [`Act`] is a request for a change;
//! the [`State`] has no other door.
#![cfg_attr(not(test), deny(clippy::float_arithmetic, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

pub mod act;
mod apply;
#[cfg(test)]
mod attacks;
pub mod ballot;
pub mod book;
pub mod chamber;
mod check;
mod context;
pub mod count;
pub mod credit;
pub mod digest;
mod due;
pub mod edition;
mod fault;
pub mod fork;
mod id;
pub mod intent;
pub mod outcome;
pub mod pool;
pub mod power;
pub mod refusal;
pub mod register;
pub mod release;
pub mod rules;
mod saved;
pub mod state;
pub mod support;
#[cfg(test)]
mod tests;
mod update;
pub mod weight;

pub use act::{Act, Pseudonym};
pub use apply::apply;
pub use apply::handed_in::ActsLeft;
pub use book::SpendingLimit;
pub use context::{Actor, Context, Signed};
pub use due::Due;
pub use edition::Edition;
pub use fault::NotDone;
pub use id::{CandidateId, ClassId, DecisionId, ItemId, MemberIndex};
pub use outcome::Outcome;
pub use refusal::{Refusal, Rule};
pub use rules::Assented;
pub use state::{Founding, State};
pub use update::{change, update};
