//! A commitment over a series of updates, given every option's votes: conviction after each, and what is taken at the deadline.

use std::collections::BTreeMap;

use engine::count::chosen;
use quantity::Conviction;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::{decimal, print_decimal};
use crate::commands::{print, print_json};
use crate::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// In periods.
    half_life: Box<RawValue>,
    default: String,
    quorum: Box<RawValue>,
    capacity: Box<RawValue>,
    votes_at_each_update: BTreeMap<String, Vec<Box<RawValue>>>,
}

/// Places that numbers may have.
const PLACES: u32 = 9;
const ONE: i128 = 1_000_000_000;
/// Places of a conviction, and how many parts of the last one that numbers have.
const FINER_PLACES: u32 = 12;
const FINER: u32 = 1_000;
/// A million million votes.
const MOST: i128 = 1_000_000_000_000 * ONE;
/// The longest half-life, in periods.
const LONGEST: i128 = 1_000_000_000 * ONE;

pub fn run(input: Input, json: bool) -> Result<(), Exit> {
    let half_life = decimal(&input.half_life, PLACES, "`half_life`")?;
    if !(1..=LONGEST).contains(&half_life) {
        return Err(Exit::input("`half_life` is above 0 and at most 1000000000 periods"));
    }
    let quorum = u32::try_from(decimal(&input.quorum, 6, "`quorum`")?).ok().filter(|ppm| *ppm <= quantity::PPM);
    let quorum = quorum.ok_or_else(|| Exit::input("`quorum` is at least 0 and at most 1"))?;
    let capacity = decimal(&input.capacity, PLACES, "`capacity`")?;
    let capacity = u128::try_from(capacity).ok().filter(|_| capacity <= MOST);
    let capacity = capacity.ok_or_else(|| Exit::input("`capacity` goes from 0 to 1000000000000"))?;
    let votes = votes(&input)?;
    let mut options: BTreeMap<&str, Conviction> = votes.keys().map(|name| (*name, Conviction::default())).collect();
    options.entry(&input.default).or_default();
    let updates = votes.values().map(Vec::len).max().unwrap_or(0);
    let mut rounds = Vec::new();
    for update in 0..updates {
        for (name, conviction) in &mut options {
            let now = votes.get(name).and_then(|all| all.get(update)).copied().unwrap_or(0);
            // Bounded above: both fit in 64 bits.
            *conviction = conviction.toward(now, ONE as u64, half_life as u64);
        }
        rounds.push(options.clone());
    }
    let leading = |round: &BTreeMap<&str, Conviction>| {
        let default = round.get(input.default.as_str()).copied().unwrap_or_default();
        let others = round.iter().filter(|(name, _)| **name != input.default);
        chosen(others.map(|(name, conviction)| (*name, *conviction)), default, quorum, capacity)
            .unwrap_or(&input.default)
            .to_owned()
    };
    let winner = rounds.last().map_or_else(|| input.default.clone(), &leading);
    let written = |conviction: &Conviction| print_decimal(conviction.in_parts(FINER), FINER_PLACES);
    if json {
        let each = |round: &BTreeMap<&str, Conviction>| -> BTreeMap<String, String> {
            round.iter().map(|(name, conviction)| ((*name).to_owned(), written(conviction))).collect()
        };
        let conviction: Vec<_> = rounds.iter().map(each).collect();
        return print_json(&json!({ "winner": winner, "conviction": conviction }));
    }
    for (number, round) in (1_u64..).zip(&rounds) {
        let mut lines = format!("update {number}: `{}` if it ended now\n", leading(round));
        for (name, conviction) in round {
            let now = votes.get(name).and_then(|all| all.get(number as usize - 1)).copied().unwrap_or(0);
            let (now, conviction) = (print_decimal(now, PLACES), written(conviction));
            lines.push_str(&format!("  {name}: {now} votes, conviction {conviction}\n"));
        }
        print(&lines)?;
    }
    print(&format!("taken: {winner}\n"))
}

/// Votes by option and update. One with fewer updates than another has none at the later ones.
fn votes(input: &Input) -> Result<BTreeMap<&str, Vec<i128>>, Exit> {
    let mut all = BTreeMap::new();
    for (name, votes) in &input.votes_at_each_update {
        let mut own = Vec::with_capacity(votes.len());
        for (number, votes) in (1_u64..).zip(votes) {
            let votes = decimal(votes, PLACES, &format!("the votes of `{name}` at update {number}"))?;
            if !(-MOST..=MOST).contains(&votes) {
                return Err(Exit::input(format!("`{name}`: votes go from -1000000000000 to 1000000000000")));
            }
            own.push(votes);
        }
        all.insert(name.as_str(), own);
    }
    Ok(all)
}
