//! Quadratic range voting over a file of ballots. Votes come with twelve places, each rounded toward zero.

use std::collections::BTreeMap;

use engine::count::{root_votes, scored};
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

pub fn run(input: Input, json: bool) -> Result<(), Exit> {
    let mut votes: BTreeMap<String, i128> = BTreeMap::new();
    for (number, ballot) in (1_u64..).zip(&input.ballots) {
        let weight = decimal(&ballot.weight, 6, &format!("the weight of ballot {number}"))?;
        if !(0..=MAX_WEIGHT).contains(&weight) {
            return Err(Exit::input(format!("ballot {number}: a weight goes from 0 to 1000000000000")));
        }
        let mut placed = 0;
        for (side, sign) in [(&ballot.in_favour, 1), (&ballot.against, -1)] {
            let Some(side) = side else { continue };
            let share = decimal(&side.share, 6, &format!("a share of ballot {number}"))?;
            placed = share.saturating_add(placed);
            if share < 0 || placed > MICRO {
                return Err(Exit::input(format!("ballot {number}: the shares of a ballot go together from 0 to 1")));
            }
            // Checked above: a weight is below 2^60, and a share at most a million.
            let (weight, share) = (weight as u64, share as u32);
            let root = root_votes::<FINER>(weight, share);
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
