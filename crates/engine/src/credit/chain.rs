//! The chain that credit flows along: its nodes are items and people's weeks, its edges the parts of 2^64 that go from node to node. Back to the
//! seed goes the rest, which no edge says. Weeks in which a person made nothing have no node: `tails` carries what flows through them.

use super::graph::Graph;
use super::parameters::{Pair, Parameters};
use super::shares::Shares;
use super::tails::{Tails, share};

#[derive(Debug)]
pub struct Chain {
    /// In 2^-64 credits, by node: what the seed gives it.
    pub minted: Vec<u128>,
    /// By item: its node.
    pub items: Vec<u32>,
    /// By person: the weeks that have a node, and the node, in order.
    pub weeks: Vec<Vec<(u32, u32)>>,
    /// The edges to a node are those from its place here up to the next one's.
    first_edge: Vec<u32>,
    edges: Vec<Edge>,
}

/// An edge to a node: the node that it comes from, and the part of that node's flow.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub from: u32,
    pub part: u64,
}

/// An edge with its weight, before all weights from its node are known.
struct Weighted {
    from: u32,
    to: u32,
    weight_micro: u64,
}

/// The nodes of items, of people's weeks, and which of them are weeks.
struct Nodes {
    of_item: Vec<u32>,
    of_person: Vec<Vec<(u32, u32)>>,
    is_week: Vec<bool>,
}

type Found = Vec<(u32, Edge)>;

const ONE_PPM: u128 = 1_000_000;

impl Chain {
    pub fn of(graph: &Graph, parameters: &Parameters, tails: &Tails, shares: &Shares) -> Self {
        let nodes = Nodes::of(graph);
        let mut found: Found = parts(&weighted(graph, parameters, &nodes), parameters, &nodes);
        for weeks in &nodes.of_person {
            add_weeks(&mut found, weeks, graph.weeks, tails);
        }
        add_shares(&mut found, shares, parameters, &nodes);

        let mut minted = vec![0; nodes.is_week.len()];
        for (item, node) in graph.items.iter().zip(&nodes.of_item) {
            let micro = Graph::mint_micro(parameters, item);
            if let Some(minted) = minted.get_mut(*node as usize) {
                *minted = (u128::from(micro) << 64).checked_div(ONE_PPM).unwrap_or(0);
            }
        }
        found.retain(|(_, edge)| edge.part > 0);
        found.sort_unstable_by_key(|(to, edge)| (*to, edge.from));
        let mut first_edge = vec![0_u32; minted.len().saturating_add(1)];
        for (to, _) in &found {
            if let Some(count) = first_edge.get_mut((*to as usize).saturating_add(1)) {
                *count = count.saturating_add(1);
            }
        }
        let mut before = 0_u32;
        for first in &mut first_edge {
            before = before.saturating_add(*first);
            *first = before;
        }
        let edges = found.into_iter().map(|(_, edge)| edge).collect();
        Self { minted, items: nodes.of_item, weeks: nodes.of_person, first_edge, edges }
    }

    /// The edges to a node.
    pub fn to(&self, node: usize) -> &[Edge] {
        let place = |at: usize| self.first_edge.get(at).map(|first| *first as usize);
        let range = place(node).zip(place(node.saturating_add(1)));
        range.and_then(|(from, to)| self.edges.get(from..to)).unwrap_or_default()
    }
}

impl Nodes {
    /// Nodes by week, items of a week before the people's: credit flows mostly from late to early, so that two sweeps over the nodes, one each
    /// way, carry it far.
    fn of(graph: &Graph) -> Self {
        let mut weeks: Vec<Vec<u32>> = vec![Vec::new(); graph.people as usize];
        for item in &graph.items {
            if let Some(weeks) = item.author.and_then(|author| weeks.get_mut(author as usize)) {
                weeks.push(item.week);
            }
        }
        for (item, author) in &graph.with {
            let week = graph.items.get(*item as usize).map(|item| item.week);
            if let Some((weeks, week)) = weeks.get_mut(*author as usize).zip(week) {
                weeks.push(week);
            }
        }
        for person in graph.attributed() {
            if let Some(weeks) = weeks.get_mut(person as usize) {
                weeks.extend(0..graph.weeks);
            }
        }
        // By week, then items, then people.
        let mut order: Vec<(u32, bool, u32)> =
            (0..).zip(&graph.items).map(|(place, item)| (item.week, false, place)).collect();
        for (person, weeks) in (0..).zip(&mut weeks) {
            weeks.sort_unstable();
            weeks.dedup();
            order.extend(weeks.iter().map(|week| (*week, true, person)));
        }
        order.sort_unstable();
        let mut nodes = Self {
            of_item: vec![0; graph.items.len()],
            of_person: vec![Vec::new(); graph.people as usize],
            is_week: order.iter().map(|(_, is_week, _)| *is_week).collect(),
        };
        for (node, (week, is_week, place)) in (0..).zip(order) {
            if !is_week {
                if let Some(of_item) = nodes.of_item.get_mut(place as usize) {
                    *of_item = node;
                }
            } else if let Some(weeks) = nodes.of_person.get_mut(place as usize) {
                weeks.push((week, node));
            }
        }
        nodes
    }

    fn week(&self, person: u32, week: u32) -> Option<u32> {
        let weeks = self.of_person.get(person as usize)?;
        let place = weeks.binary_search_by_key(&week, |(week, _)| *week).ok()?;
        weeks.get(place).map(|(_, node)| *node)
    }
}

/// Every edge between items, and between items and the weeks of their authors, that has a weight.
fn weighted(graph: &Graph, parameters: &Parameters, nodes: &Nodes) -> Vec<Weighted> {
    let mut found = Vec::new();
    let mut add = |from: Option<u32>, to: Option<u32>, pair: Pair| {
        let Some((from, to)) = from.zip(to) else { return };
        let forward = Weighted { from, to, weight_micro: pair.forward_micro };
        let back = Weighted { from: to, to: from, weight_micro: pair.back_micro };
        found.extend([forward, back].into_iter().filter(|edge| edge.weight_micro > 0));
    };
    let node = |item: u32| nodes.of_item.get(item as usize).copied();
    // How many authors an item has beside its first: what it pays and what it gets of their weeks is divided evenly.
    let mut beside: Vec<u64> = vec![0; graph.items.len()];
    for (item, _) in &graph.with {
        if let Some(beside) = beside.get_mut(*item as usize) {
            *beside = beside.saturating_add(1);
        }
    }
    let shared = |place: u32| {
        let authors = beside.get(place as usize).copied().unwrap_or(0).saturating_add(1);
        let part = |micro: u64| micro.checked_div(authors).unwrap_or(0);
        Pair { forward_micro: part(parameters.author.forward_micro), back_micro: part(parameters.author.back_micro) }
    };
    for (place, item) in (0..).zip(&graph.items) {
        add(item.author.and_then(|author| nodes.week(author, item.week)), node(place), shared(place));
    }
    for (place, author) in graph.with.iter().copied() {
        let week = graph.items.get(place as usize).map(|item| item.week);
        add(week.and_then(|week| nodes.week(author, week)), node(place), shared(place));
    }
    for link in &graph.links {
        add(node(link.from), node(link.to), parameters.link(link.kind));
    }
    found
}

/// Each weighted edge's part of its node's flow: its part of all weights from there, of what goes to items and people at all.
fn parts(weighted: &[Weighted], parameters: &Parameters, nodes: &Nodes) -> Found {
    let mut all_micro = vec![0_u64; nodes.is_week.len()];
    for edge in weighted {
        // At most ten million edges of at most 2^30 each.
        if let Some(all) = all_micro.get_mut(edge.from as usize) {
            *all = all.saturating_add(edge.weight_micro);
        }
    }
    let part = |edge: &Weighted| {
        let is_week = nodes.is_week.get(edge.from as usize) == Some(&true);
        let going_ppm = if is_week { parameters.week_to_items_ppm() } else { parameters.item_to_all_ppm() };
        let all = all_micro.get(edge.from as usize).copied().unwrap_or(0);
        // INVARIANT: 2^30 × 2^20 × 2^64 and 2^54 × 2^20 are far inside 128 bits.
        let going = u128::from(edge.weight_micro).saturating_mul(u128::from(going_ppm)) << 64;
        let part = going.checked_div(u128::from(all).saturating_mul(ONE_PPM)).unwrap_or(0);
        u64::try_from(part).unwrap_or(u64::MAX)
    };
    weighted.iter().map(|edge| (edge.to, Edge { from: edge.from, part: part(edge) })).collect()
}

/// Edges between the weeks of one person, through those that have no node, and from each to itself.
fn add_weeks(found: &mut Found, weeks: &[(u32, u32)], all_weeks: u32, tails: &Tails) {
    let mut add = |from: u32, to: u32, part: u64| found.push((to, Edge { from, part }));
    for pair in weeks.windows(2) {
        let [(week, node), (next_week, next)] = *pair else { continue };
        let run = tails.between(next_week.saturating_sub(week).saturating_sub(1));
        add(node, next, run.through);
        add(next, node, run.through_back);
        add(node, node, run.back);
        add(next, next, run.back);
    }
    // A run to an end gives back what its first week has, times γ. Without one γ stays in the week.
    let [stays_last, stays_first] = [tails.between(0).through, tails.between(0).through_back];
    if let Some((week, node)) = weeks.last().copied() {
        let run = all_weeks.saturating_sub(week).saturating_sub(1);
        let returned = share(u128::from(tails.end(run).last), stays_first) as u64;
        add(node, node, if run == 0 { stays_last } else { returned });
    }
    if let Some((week, node)) = weeks.first().copied() {
        let returned = share(u128::from(tails.end(week).first), stays_last) as u64;
        add(node, node, if week == 0 { stays_first } else { returned });
    }
}

/// Edges from the weeks of people who share their pay-out to the same weeks of others.
fn add_shares(found: &mut Found, shares: &Shares, parameters: &Parameters, nodes: &Nodes) {
    for giver in shares.givers() {
        for (week, from) in nodes.of_person.get(giver as usize).into_iter().flatten().copied() {
            for (to, share_ppm) in shares.in_week(giver, week) {
                let Some(to) = nodes.week(to, week) else { continue };
                let part = shared_part(u64::from(parameters.beta_ppm).saturating_mul(u64::from(share_ppm)));
                found.push((to, Edge { from, part }));
            }
        }
    }
}

/// A number of millionths of millionths as a part of 2^64.
fn shared_part(of_million_million: u64) -> u64 {
    let part = (u128::from(of_million_million) << 64).checked_div(ONE_PPM.saturating_mul(ONE_PPM)).unwrap_or(0);
    u64::try_from(part).unwrap_or(u64::MAX)
}
