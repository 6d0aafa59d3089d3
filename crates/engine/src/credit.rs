//! Credit: a graph of people and of items that they made becomes each person's part of all that was minted, by week, as in
//! SourceCred's CredRank (docs/spec/credit.md). The flow knows no member, no log and no edition; `act` and `proposal` are what a co-op does
//! with it.
//!
//! Everything is an integer: probabilities are parts of 2^64, and flows whole numbers of 2^-64 credits, all rounded down.

pub(crate) mod act;
mod anew;
mod chain;
pub mod contributions;
mod flow;
mod graph;
mod paid;
mod parameters;
pub mod proposal;
mod shares;
mod tails;
#[cfg(test)]
mod tests;
mod weeks;
pub mod why;
pub mod wish;

pub use anew::worked_anew;
pub use graph::{Attribution, Graph, Item, Kind, Link, LinkKind, MOST_MINTED_MICRO, MOST_WEEKS, Wrong};
pub use paid::{Credit, Credits, InWeek};
pub use parameters::{MOST_WEIGHT_MICRO, Mint, Pair, Parameters};
pub use proposal::CoopCredit;
pub use weeks::{sunday_of, week_of};
pub use why::{Came, Explained, Made, Origin};

/// Computes everybody's credit. People and items are known by their places: hand both in by the order of their ids, so that the order of
/// somebody's file never shows.
///
/// # Errors
/// Something of the graph or of the parameters is out of its bounds, or no credit reaches anybody.
pub fn credits(graph: &Graph, parameters: &Parameters) -> Result<Credits, Wrong> {
    parameters.check()?;
    graph.check(parameters)?;
    let tails = tails::Tails::of(parameters);
    let shares = shares::Shares::of(graph);
    let chain = chain::Chain::of(graph, parameters, &tails, &shares);
    let settled = flow::settle(&chain);
    paid::pay(graph, parameters, &tails, &chain, &shares, settled)
}
