//! Quadratic range voting over a file of ballots. Votes come with twelve places, each rounded toward zero.

use std::collections::BTreeMap;

use engine::Edition;
use engine::count::{Shares, root_votes, scored};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{decimal, print_decimal};
use crate::commands::{print, print_json, table};
use crate::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    ballots: Vec<Ballot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ballot {
    weight: Box<RawValue>,
    #[serde(rename = "for")]
    in_favour: Option<Side>,
    against: Option<Side>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Side {
    share: Box<RawValue>,
    scores: BTreeMap<String, Box<RawValue>>,
}

/// Places of a result: micro-votes, a million times finer.
const PLACES: u32 = 12;
const FINER: u64 = 1_000_000;
const MICRO: i128 = 1_000_000;
/// A million million, in millionths: below 2^64, as weights are in a co-op.
const MAX_WEIGHT: i128 = 1_000_000_000_000 * MICRO;

pub fn run(input: Input, edition: Edition, json: bool) -> Result<(), Exit> {
    let mut votes: BTreeMap<String, i128> = BTreeMap::new();
    for (number, ballot) in (1_u64..).zip(&input.ballots) {
        let weight = decimal(&ballot.weight, 6, &format!("the weight of ballot {number}"))?;
        if !(0..=MAX_WEIGHT).contains(&weight) {
            return Err(Exit::input(format!("ballot {number}: a weight goes from 0 to 1000000000000")));
        }
        let [own, opposite] = shares(&ballot.in_favour, &ballot.against, number)?;
        for (side, sign, shares) in [(&ballot.in_favour, 1, [own, opposite]), (&ballot.against, -1, [opposite, own])] {
            let Some(side) = side else { continue };
            let [own_ppm, other_ppm] = shares;
            let opposite_ppm = if edition < Edition::TWO { 0 } else { other_ppm };
            let shares = Shares { own_ppm, opposite_ppm };
            // Checked above: a weight is below 2^60, and shares together at most a million.
            let root = shares.part_of(root_votes::<FINER>(weight as u64, shares.together_ppm()));
            for (name, score) in &side.scores {
                let score = decimal(score, 6, &format!("a score of ballot {number}"))?;
                if !(0..=MICRO).contains(&score) {
                    return Err(Exit::input(format!("ballot {number}: the score of `{name}` goes from 0 to 1")));
                }
                *votes.entry(name.clone()).or_default() += sign * i128::from(scored(root, score as u32));
            }
        }
    }
    let printed: BTreeMap<&String, String> =
        votes.iter().map(|(name, votes)| (name, print_decimal(*votes, PLACES))).collect();
    if json {
        return print_json(&serde_json::json!({ "votes": printed }));
    }
    let mut order: Vec<_> = votes.iter().collect();
    order.sort_by_key(|(name, votes)| (-**votes, (*name).clone()));
    let rows: Vec<Vec<String>> =
        order.into_iter().map(|(name, votes)| vec![name.clone(), print_decimal(*votes, PLACES)]).collect();
    print(&table(&rows))
}

/// Reads the shares for and against of a ballot, parts per million; 0 where there is none.
fn shares(in_favour: &Option<Side>, against: &Option<Side>, number: u64) -> Result<[u32; 2], Exit> {
    let mut shares = [0_u32; 2];
    let mut placed = 0;
    for (side, ppm) in [in_favour, against].into_iter().zip(&mut shares) {
        let Some(side) = side else { continue };
        let share = decimal(&side.share, 6, &format!("a share of ballot {number}"))?;
        placed = share.saturating_add(placed);
        if share < 0 || placed > MICRO {
            return Err(Exit::input(format!("ballot {number}: the shares of a ballot go together from 0 to 1")));
        }
        *ppm = share as u32;
    }
    Ok(shares)
}
