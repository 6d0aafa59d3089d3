//! The rules' crash test: each attack of `docs/spec/attacks.md` is played on a copy of a co-op, and the worst comes first.
//!
//! Attackers use what every member has: the engine's acts, at times of their choosing. So this room knows no rule of its own
//! and decides nothing; another rule changes the answers by itself. It reads no file and no clock.
#![cfg_attr(not(test), deny(clippy::float_arithmetic, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod catalogue;
mod compare;
mod game;
mod ground;
mod report;
mod rhythm;
#[cfg(test)]
mod tests;

pub use compare::{Compared, compare};
pub use ground::Ground;
pub use report::{Attack, Harm, Report, Tried};

use quantity::Broken;

/// Tries the whole catalogue on copies of a co-op.
///
/// # Errors
/// An invariant of the engine that does not hold: the rules met a mistake in this program.
pub fn attack(ground: &Ground, threads: usize) -> Result<Report, Broken> {
    let mut attacks = Vec::new();
    for play in catalogue::ALL {
        attacks.extend(play(ground, threads)?);
    }
    Ok(Report::new(ground, attacks))
}
