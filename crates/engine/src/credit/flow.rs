//! The flow of credit through every node once nothing changes any more.

use super::chain::Chain;
use super::tails::share;

/// A flow loses at least a hundredth where it goes, so that some 5,000 sweeps bring the largest one below 2^-64 credits.
const MOST_SWEEPS: u32 = 20_000;

/// Returns the flow through each node in 2^-64 credits, and how many sweeps it took.
///
/// INVARIANT: each node has what it mints and, from each edge, that part of the flow behind it, rounded down. These sums never fall when
/// a flow grows, and all begin at 0; so sweeps in any order end at the same flows, the least that stand still.
pub fn settle(chain: &Chain) -> (Vec<u128>, u32) {
    let nodes = chain.minted.len();
    let mut flows = vec![0_u128; nodes];
    for sweep in 1..=MOST_SWEEPS {
        let mut changed = false;
        let mut visit = |node| changed |= flow_into(chain, &mut flows, node);
        match sweep % 2 {
            0 => (0..nodes).for_each(&mut visit),
            _ => (0..nodes).rev().for_each(&mut visit),
        }
        if !changed {
            return (flows, sweep);
        }
    }
    (flows, MOST_SWEEPS)
}

/// Computes one node's flow anew; returns whether it changed.
fn flow_into(chain: &Chain, flows: &mut [u128], node: usize) -> bool {
    let mut flow = chain.minted.get(node).copied().unwrap_or(0);
    for edge in chain.to(node) {
        let behind = flows.get(edge.from as usize).copied().unwrap_or(0);
        // INVARIANT: nine million credits in 2^-64, and a hundredth of each flow leaves: all flows together stay below 2^95.
        flow = flow.wrapping_add(share(behind, edge.part));
    }
    match flows.get_mut(node) {
        Some(before) if *before != flow => {
            *before = flow;
            true
        }
        _ => false,
    }
}
