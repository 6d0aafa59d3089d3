//! Buckets over a series of updates, given everyone's votes.

use std::collections::{BTreeMap, BTreeSet};

use engine::CandidateId;
use engine::count::{Memory, Recount, SeatKind, Seats, Settling};
use engine::edition::{Edition, TWO};
use quantity::Moment;
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
    /// S, in the unit of the period: how long a seat stays with its holder, and how far back a lead is asked for.
    settles_in: Option<Box<RawValue>>,
    /// Names in the order of the ballot.
    candidates: Option<Vec<String>>,
    /// By name and update: how many members are behind a candidate.
    #[serde(default)]
    members: BTreeMap<String, Vec<u64>>,
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

pub fn run(input: Input, json: bool, edition: Edition) -> Result<(), Exit> {
    let terms = terms(&input, edition)?;
    let names = names(&input)?;
    let mut seats = seats_at_start(&input, &names)?;
    // Each update pours and then takes over, since every update is a change time here (docs/spec/count.md, settle).
    let mut updates = Vec::new();
    for (number, update) in (1_u64..).zip(&input.updates) {
        take_totals(&mut seats, &names, update, number)?;
        terms.pour(&mut seats, number);
        let poured = seats.clone();
        terms.take_over(&mut seats, number, || behind(&input, &names, number));
        if !json {
            print(&round(number, &poured, &seats, &names, &terms))?;
        }
        updates.push(report(&seats, &names));
    }
    if json { print_json(&json!({ "updates": updates })) } else { Ok(()) }
}

/// Every name, in the order of the ballot, then by name: the order of the input never shows (docs/spec/count.md).
fn names(input: &Input) -> Result<Vec<String>, Exit> {
    let mut names: Vec<String> = input.candidates.clone().unwrap_or_default();
    let different: BTreeSet<&String> = names.iter().collect();
    if different.len() < names.len() || names.iter().any(|name| name == NOBODY) {
        return Err(Exit::input("`candidates` names everybody once, and not `nobody`"));
    }
    let seated = seated(input)?;
    let totals = input.updates.iter().flat_map(|update| update.totals.keys());
    let others: BTreeSet<String> = totals.chain(&seated).filter(|name| *name != NOBODY).cloned().collect();
    let others: Vec<String> = others.into_iter().filter(|name| !different.contains(name)).collect();
    names.extend(others);
    Ok(names)
}

fn place(names: &[String], name: &str) -> Option<CandidateId> {
    names.iter().position(|known| known == name).map(CandidateId::at)
}

fn seats_at_start(input: &Input, names: &[String]) -> Result<Seats, Exit> {
    let mut seats = Seats {
        holders: vec![None; input.seats],
        totals: vec![None; names.len()],
        buckets: vec![0; names.len()],
        nobody: 0,
        memory: Memory::default(),
    };
    for (seat, name) in seats.holders.iter_mut().zip(&seated(input)?) {
        *seat = place(names, name);
    }
    Ok(seats)
}

fn take_totals(seats: &mut Seats, names: &[String], update: &Update, number: u64) -> Result<(), Exit> {
    seats.totals.fill(None);
    for (name, votes) in &update.totals {
        let votes = decimal(votes, PLACES, &format!("the votes of `{name}` in update {number}"))?;
        if name == NOBODY && votes != 0 {
            return Err(Exit::input(format!("update {number}: nobody always has 0 votes")));
        }
        if let Some(total) = place(names, name).and_then(|place| seats.totals.get_mut(place.place())) {
            *total = Some(votes);
        }
    }
    Ok(())
}

/// How many members are behind each candidate at an update; 0 where the file does not say.
fn behind(input: &Input, names: &[String], number: u64) -> Vec<u64> {
    let at = usize::try_from(number - 1).unwrap_or(usize::MAX);
    names.iter().map(|name| input.members.get(name).and_then(|counts| counts.get(at)).copied().unwrap_or(0)).collect()
}

/// The terms of every update.
struct Terms {
    edition: Edition,
    kind: SeatKind,
    period: u64,
    size: u128,
    /// S; 0 where the file does not say, and then nothing depends on it.
    settles_in: u64,
}

impl Terms {
    fn pour(&self, seats: &mut Seats, number: u64) {
        if self.edition < TWO {
            seats.pour(self.kind, self.period, self.size);
        } else {
            seats.pour_by(&self.by(number), self.period);
        }
    }

    /// The change time that comes with each update.
    fn take_over(&self, seats: &mut Seats, number: u64, members: impl FnOnce() -> Vec<u64>) {
        if self.edition < TWO {
            seats.take_over(self.kind, self.size);
        } else {
            seats.change_hands(&self.by(number), &Recount { taken_back: None, members: members() });
        }
    }

    fn by(&self, number: u64) -> Settling {
        let back = self.settles_in.div_ceil(self.period).clamp(1, number);
        let seconds = i64::try_from(number.saturating_mul(self.period)).unwrap_or(i64::MAX);
        Settling {
            kind: self.kind,
            size: self.size,
            capacity: self.size.checked_div(u128::from(self.settles_in)).unwrap_or(0),
            settles_s: self.settles_in,
            window: usize::try_from(back).unwrap_or(usize::MAX),
            at: Moment(0).plus_seconds(seconds),
        }
    }
}

fn terms(input: &Input, edition: Edition) -> Result<Terms, Exit> {
    let later = input.candidates.is_some() || !input.members.is_empty() || input.settles_in.is_some();
    if later && edition < TWO {
        return Err(Exit::input("`candidates`, `members` and `settles_in` come with edition 2: say `--edition 2`"));
    }
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
    let settles_in = input.settles_in.as_ref().map(|given| decimal(given, 0, "`settles_in`")).transpose()?;
    let settles_in = u64::try_from(settles_in.unwrap_or(0))
        .map_err(|_| Exit::input("`settles_in` is a whole number, not below 0"))?;
    Ok(Terms { edition, kind, period, size, settles_in })
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
    // Each seated member of a body has a bucket of nobody (edition 2): shown while it holds anything.
    let against = seats.holders.iter().zip(&seats.memory.nobody).filter(|(_, bucket)| **bucket > 0);
    let against: BTreeMap<&str, String> =
        against.filter_map(|(seat, bucket)| Some((name(seat.as_ref()?)?.as_str(), print_bucket(*bucket)))).collect();
    if against.is_empty() {
        return json!({ "holders": holders, "buckets": buckets });
    }
    json!({ "holders": holders, "buckets": buckets, "against": against })
}

/// One update in words: who was measured against what, how far each bucket is, and who holds what now.
fn round(number: u64, poured: &Seats, after: &Seats, names: &[String], terms: &Terms) -> String {
    let amount = |value: i128| print_decimal(value, PLACES);
    let bucket = |value: u128| amount(i128::try_from(value).unwrap_or(i128::MAX));
    let name = |place: CandidateId| names.get(place.place()).map_or(NOBODY, String::as_str);
    let seats = |seats: &Seats| {
        let held: Vec<&str> = seats.holders.iter().map(|seat| seat.map_or(NOBODY, name)).collect();
        held.join(", ")
    };
    let mut lines = format!("update {number}: held by {}\n", seats(poured));
    for (place, total) in (0..).map(CandidateId).zip(&poured.totals) {
        let Some(total) = total else { continue };
        let level = poured.buckets.get(place.place()).copied().unwrap_or(0);
        let against = if poured.holds(place) {
            "holds a seat".to_owned()
        } else if terms.edition < TWO {
            format!("bucket {} of {}", bucket(level), bucket(terms.size))
        } else {
            let reference = poured.measured_against(terms.kind, place);
            format!("against {}, bucket {} of {}", amount(reference), bucket(level), bucket(terms.size))
        };
        lines.push_str(&format!("  {}: {} votes, {against}\n", name(place), amount(*total)));
    }
    if poured.nobody > 0 {
        lines.push_str(&format!("  {NOBODY}: bucket {} of {}\n", bucket(poured.nobody), bucket(terms.size)));
    }
    if after.holders != poured.holders {
        lines.push_str(&format!("  now held by {}\n", seats(after)));
    }
    lines
}
