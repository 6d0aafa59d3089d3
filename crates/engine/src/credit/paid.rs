//! Pay-out: each person's part of all that was minted, whole and by week, in units that sum to it exactly.

use quantity::split;

use super::chain::Chain;
use super::graph::{Graph, Wrong};
use super::parameters::Parameters;
use super::shares::Shares;
use super::tails::{Tails, part_of_ppm, share};

/// Everybody's credit, in the order of the graph's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credits {
    pub people: Vec<Credit>,
    /// Micro-credits that all items minted, and that all people have.
    pub minted_micro: u64,
    /// Sweeps over the graph until nothing changed.
    pub sweeps: u32,
}

/// One person's credit. Largest remainders round it, of equal ones that of the earlier person or week: people's sum to what was minted, in micro-credits
/// and in pico-credits, and weeks' to the person's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credit {
    /// Everything that depends on credit takes this.
    pub micro: u64,
    /// Millionths of it, for whoever compares.
    pub pico: u64,
    /// Weeks with any, in order.
    pub weeks: Vec<InWeek>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InWeek {
    pub week: u32,
    pub pico: u64,
}

const ONE_PPM: u128 = 1_000_000;

pub fn pay(
    graph: &Graph,
    parameters: &Parameters,
    tails: &Tails,
    chain: &Chain,
    shares: &Shares,
    (flows, sweeps): (Vec<u128>, u32),
) -> Result<Credits, Wrong> {
    let beta = part_of_ppm(u64::from(parameters.beta_ppm));
    let paid: Vec<Vec<(u32, u128)>> = (0..)
        .zip(&chain.weeks)
        .map(|(person, weeks)| {
            let mut paid = through_all_weeks(weeks, &flows, graph.weeks, tails);
            for (week, flow) in &mut paid {
                *flow = kept(share(*flow, beta), shares.given_ppm(person, *week));
            }
            paid
        })
        .collect();
    let of_people: Vec<u128> = paid.iter().map(|weeks| sum(weeks)).collect();
    let minted_micro = graph.minted_micro(parameters);
    if minted_micro > 0 && of_people.iter().all(|paid| *paid == 0) {
        return Err(Wrong::Unpaid);
    }
    let minted = u128::from(minted_micro);
    let micro = divide(minted, &of_people);
    let pico = divide(minted.saturating_mul(ONE_PPM), &of_people);
    let people = paid.iter().zip(micro.into_iter().zip(pico)).map(|(weeks, (micro, pico))| {
        let flows: Vec<u128> = weeks.iter().map(|(_, flow)| *flow).collect();
        let in_weeks = weeks.iter().zip(divide(u128::from(pico), &flows));
        let weeks = in_weeks.map(|((week, _), pico)| InWeek { week: *week, pico }).filter(|week| week.pico > 0);
        Credit { micro, pico, weeks: weeks.collect() }
    });
    Ok(Credits { people: people.collect(), minted_micro, sweeps })
}

/// The flow through each week of a person, weeks without a node among them, in order.
fn through_all_weeks(weeks: &[(u32, u32)], flows: &[u128], all_weeks: u32, tails: &Tails) -> Vec<(u32, u128)> {
    let flow = |node: u32| flows.get(node as usize).copied().unwrap_or(0);
    let mut found = Vec::new();
    if let Some((first, node)) = weeks.first() {
        let mut beside = flow(*node);
        for week in (0..*first).rev() {
            // As many weeks from here to the first one of all, this one included.
            beside = share(beside, tails.end(week.saturating_add(1)).first);
            if beside == 0 {
                break;
            }
            found.push((week, beside));
        }
        found.reverse();
    }
    for pair in weeks.windows(2) {
        let [(week, node), (next_week, next)] = *pair else { continue };
        found.push((week, flow(node)));
        let run = next_week.saturating_sub(week).saturating_sub(1);
        let inside = tails.inside(flow(node), flow(next), run);
        found.extend(inside.into_iter().rev().map(|(at, flow)| (week.saturating_add(at), flow)));
    }
    if let Some((last, node)) = weeks.last() {
        let mut beside = flow(*node);
        found.push((*last, beside));
        for week in last.saturating_add(1)..all_weeks {
            beside = share(beside, tails.end(all_weeks.saturating_sub(week)).last);
            if beside == 0 {
                break;
            }
            found.push((week, beside));
        }
    }
    found
}

/// The part of a pay-out that somebody keeps, rounded down. A flow is below 2^95.
fn kept(flow: u128, given_ppm: u64) -> u128 {
    flow.saturating_mul(ONE_PPM.saturating_sub(u128::from(given_ppm))).checked_div(ONE_PPM).unwrap_or(0)
}

fn sum(weeks: &[(u32, u128)]) -> u128 {
    weeks.iter().fold(0, |sum, (_, flow)| sum.saturating_add(*flow))
}

/// Divides whole units in proportion to flows, by largest remainder. Flows keep their 63 leading bits.
pub fn divide(units: u128, flows: &[u128]) -> Vec<u64> {
    let all = flows.iter().fold(0_u128, |sum, flow| sum.saturating_add(*flow));
    if all == 0 {
        return vec![0; flows.len()];
    }
    let spare = 65_u32.saturating_sub(all.leading_zeros());
    let parts: Vec<u64> = flows.iter().map(|flow| u64::try_from(flow >> spare).unwrap_or(u64::MAX)).collect();
    // INVARIANT: at most nine million credits in pico-credits, below 2^63.
    let units = i64::try_from(units).unwrap_or(i64::MAX);
    split(units, &parts).into_iter().map(|part| u64::try_from(part).unwrap_or(0)).collect()
}
