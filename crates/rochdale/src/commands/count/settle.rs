//! Buckets over a series of updates, given everyone's votes.

use std::collections::{BTreeMap, BTreeSet};

use engine::CandidateId;
use engine::count::{SeatKind, Seats};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{decimal, print_decimal};
use crate::commands::{print, print_json};
use crate::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Seconds, or any unit of time that the bucket is given in.
    period: Box<RawValue>,
    /// F.
    bucket: Box<RawValue>,
    holder: Option<Holders>,
    #[serde(default = "office")]
    kind: String,
    #[serde(default = "one")]
    seats: usize,
    updates: Vec<Update>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Holders {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    totals: BTreeMap<String, Box<RawValue>>,
}

fn office() -> String {
    "office".to_owned()
}

fn one() -> usize {
    1
}

/// Always a challenger of an office or a seat, with no votes of their own.
const NOBODY: &str = "nobody";

/// Places that numbers may have.
const PLACES: u32 = 9;

pub fn run(input: Input, json: bool) -> Result<(), Exit> {
    let Terms { kind, period, size } = terms(&input)?;
    let seated = seated(&input)?;
    // Places are in the order of names, so that the order of the input never shows (docs/spec/count.md).
    let names: Vec<String> = input
        .updates
        .iter()
        .flat_map(|update| update.totals.keys())
        .chain(&seated)
        .filter(|name| *name != NOBODY)
        .cloned()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let place = |name: &String| names.binary_search(name).ok().map(CandidateId::at);
    let mut seats = Seats {
        holders: vec![None; input.seats],
        totals: vec![None; names.len()],
        buckets: vec![0; names.len()],
        nobody: 0,
    };
    for (seat, name) in seats.holders.iter_mut().zip(&seated) {
        *seat = place(name);
    }
    // Each update pours and then takes over, since every update is a change time here (docs/spec/count.md, settle).
    let mut updates = Vec::new();
    for (number, update) in (1_u64..).zip(&input.updates) {
        seats.totals.fill(None);
        for (name, votes) in &update.totals {
            let votes = decimal(votes, PLACES, &format!("the votes of `{name}` in update {number}"))?;
            if name == NOBODY && votes != 0 {
                return Err(Exit::input(format!("update {number}: nobody always has 0 votes")));
            }
            if let Some(total) = place(name).and_then(|place| seats.totals.get_mut(place.place())) {
                *total = Some(votes);
            }
        }
        seats.pour(kind, period, size);
        seats.take_over(kind, size);
        updates.push(report(&seats, &names));
    }
    if json {
        return print_json(&json!({ "updates": updates }));
    }
    for (number, update) in (1_u64..).zip(&updates) {
        print(&format!("update {number}: holders {}, buckets {}\n", update["holders"], update["buckets"]))?;
    }
    Ok(())
}

/// The terms of every update.
struct Terms {
    kind: SeatKind,
    period: u64,
    size: u128,
}

fn terms(input: &Input) -> Result<Terms, Exit> {
    let kind = match input.kind.as_str() {
        "office" => SeatKind::Office,
        "body" => SeatKind::Body,
        "document" => SeatKind::Document,
        other => {
            return Err(Exit::input(format!("`kind` is `{other}`: one of office, body, document")));
        }
    };
    let period = decimal(&input.period, 0, "`period`")?;
    let period = u64::try_from(period)
        .ok()
        .filter(|period| *period > 0)
        .ok_or_else(|| Exit::input("`period` is a whole number above 0"))?;
    let size = decimal(&input.bucket, PLACES, "`bucket`")?;
    let size = u128::try_from(size).map_err(|_| Exit::input("`bucket` is not below 0"))?;
    if !(1..=1_000).contains(&input.seats) || (kind != SeatKind::Body && input.seats != 1) {
        return Err(Exit::input("`seats` goes from 1 to 1000, and only a body has more than 1"));
    }
    Ok(Terms { kind, period, size })
}

/// Returns the holders at the start. `nobody` is a vacant one.
fn seated(input: &Input) -> Result<Vec<String>, Exit> {
    let mut seated = match &input.holder {
        None => Vec::new(),
        Some(Holders::One(name)) => vec![name.clone()],
        Some(Holders::Several(names)) => names.clone(),
    };
    seated.retain(|name| name != NOBODY);
    if seated.len() > input.seats {
        return Err(Exit::input("there are more holders than seats"));
    }
    let different: BTreeSet<&String> = seated.iter().collect();
    if different.len() < seated.len() {
        return Err(Exit::input("`holder` names somebody twice"));
    }
    Ok(seated)
}

/// Holders by name, vacant seats left out; the bucket of every challenger, and of nobody while it holds anything.
fn report(seats: &Seats, names: &[String]) -> Value {
    let name = |place: &CandidateId| names.get(place.place());
    let holders: Vec<&String> = seats.holders.iter().flatten().filter_map(name).collect();
    let challenges = |place: &CandidateId| !seats.holders.contains(&Some(*place));
    let print_bucket = |bucket: u128| print_decimal(i128::try_from(bucket).unwrap_or(i128::MAX), PLACES);
    let mut buckets: BTreeMap<&str, String> = (0..names.len())
        .map(CandidateId::at)
        .filter(challenges)
        .filter_map(|place| {
            Some((names.get(place.place())?.as_str(), print_bucket(*seats.buckets.get(place.place())?)))
        })
        .collect();
    if seats.nobody > 0 {
        buckets.insert(NOBODY, print_bucket(seats.nobody));
    }
    json!({ "holders": holders, "buckets": buckets })
}
