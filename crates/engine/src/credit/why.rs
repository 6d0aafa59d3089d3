//! Why somebody has the credit that they have: by the items that they made, and by where the flow through each of those came from. Parts are
//! divided by largest remainder, so that they sum to the person's micro-credits exactly.
//!
//! A person keeps of what enters their weeks the same part, whichever week it enters: what goes to the weeks beside it is their own again. So
//! their credit is divided among their items in proportion to what each pays them.

use super::chain::Chain;
use super::flow::settle;
use super::graph::{Graph, Wrong};
use super::paid::{Credits, divide, pay};
use super::parameters::Parameters;
use super::shares::Shares;
use super::tails::{Tails, share};

/// An item that a person made, and how much of their credit came through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The item's place.
    pub item: u32,
    /// Micro-credits.
    pub micro: u64,
    /// From where, the greatest part first.
    pub from: Vec<Came>,
}

/// A part of what came through an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Came {
    /// From where.
    pub from: Origin,
    /// Micro-credits.
    pub micro: u64,
}

/// Where the flow through an item comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The item minted it.
    Minted,
    /// From another item, along a link.
    Item(u32),
    /// From the week in which this person made it: a part of what else they made then.
    Person(u32),
}

/// A graph that has come to rest, of which each person's credit can be explained.
#[derive(Debug)]
pub struct Explained {
    /// Everybody's credit.
    pub credits: Credits,
    chain: Chain,
    flows: Vec<u128>,
    /// By node: the item, or the person whose week it is.
    nodes: Vec<Origin>,
}

impl Explained {
    /// Computes everybody's credit and keeps the flows.
    ///
    /// # Errors
    /// Those of [`credits`](super::credits); and attributions, which this does not explain.
    pub fn of(graph: &Graph, parameters: &Parameters) -> Result<Explained, Wrong> {
        parameters.check()?;
        graph.check(parameters)?;
        if !graph.attributions.is_empty() {
            return Err(Wrong::TooManyAttributed);
        }
        let (tails, shares) = (Tails::of(parameters), Shares::of(graph));
        let chain = Chain::of(graph, parameters, &tails, &shares);
        let (flows, sweeps) = settle(&chain);
        let credits = pay(graph, parameters, &tails, &chain, &shares, (flows.clone(), sweeps))?;
        let mut nodes = vec![Origin::Minted; flows.len()];
        for (item, node) in (0..).zip(&chain.items) {
            if let Some(known) = nodes.get_mut(*node as usize) {
                *known = Origin::Item(item);
            }
        }
        for (person, weeks) in (0..).zip(&chain.weeks) {
            for (_, node) in weeks {
                if let Some(known) = nodes.get_mut(*node as usize) {
                    *known = Origin::Person(person);
                }
            }
        }
        Ok(Explained { credits, chain, flows, nodes })
    }

    /// The items through which a person's credit came, the greatest part first. Their parts sum to the person's micro-credits, and so do
    /// the parts of each to its own.
    #[must_use]
    pub fn why(&self, person: u32) -> Vec<Made> {
        let Some(credit) = self.credits.people.get(person as usize) else {
            return Vec::new();
        };
        let mut paid: Vec<(u32, u128)> = Vec::new();
        for (_, week) in self.chain.weeks.get(person as usize).into_iter().flatten() {
            for edge in self.chain.to(*week as usize) {
                if let Some(Origin::Item(item)) = self.nodes.get(edge.from as usize) {
                    paid.push((*item, share(self.flow(edge.from), edge.part)));
                }
            }
        }
        paid.sort_unstable();
        let flows: Vec<u128> = paid.iter().map(|(_, flow)| *flow).collect();
        let parts = paid.iter().zip(divide(u128::from(credit.micro), &flows));
        let made = parts.filter(|(_, micro)| *micro > 0);
        let mut made: Vec<Made> =
            made.map(|((item, _), micro)| Made { item: *item, micro, from: self.came(*item, micro) }).collect();
        made.sort_by_key(|one| (std::cmp::Reverse(one.micro), one.item));
        made
    }

    /// Where an item's flow came from, as parts of micro-credits.
    fn came(&self, item: u32, micro: u64) -> Vec<Came> {
        let Some(node) = self.chain.items.get(item as usize).copied() else {
            return Vec::new();
        };
        let minted = self.chain.minted.get(node as usize).copied().unwrap_or(0);
        let mut into: Vec<(Origin, u128)> = vec![(Origin::Minted, minted)];
        for edge in self.chain.to(node as usize) {
            if let Some(source) = self.nodes.get(edge.from as usize) {
                into.push((*source, share(self.flow(edge.from), edge.part)));
            }
        }
        let flows: Vec<u128> = into.iter().map(|(_, flow)| *flow).collect();
        let parts = into.iter().zip(divide(u128::from(micro), &flows));
        let mut came: Vec<Came> =
            parts.filter(|(_, micro)| *micro > 0).map(|((from, _), micro)| Came { from: *from, micro }).collect();
        came.sort_by_key(|one| (std::cmp::Reverse(one.micro), one.from));
        came
    }

    fn flow(&self, node: u32) -> u128 {
        self.flows.get(node as usize).copied().unwrap_or(0)
    }
}
