//! Conviction voting in its published form: y ← α × y + stake, and a request passes above ρ × supply ÷ (β − its part of the pool)².

use std::collections::{BTreeMap, BTreeSet};

use quantity::mul_div;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{decimal, print_decimal};
use crate::commands::{print, print_json};
use crate::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    alpha: Box<RawValue>,
    beta: Box<RawValue>,
    rho: Box<RawValue>,
    supply: Box<RawValue>,
    pool: Box<RawValue>,
    proposals: Vec<Proposal>,
    steps: Vec<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proposal {
    id: String,
    requested: Box<RawValue>,
    stakes: Vec<Stake>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stake {
    step: u64,
    /// The whole stake from then on.
    amount: Box<RawValue>,
}

/// Places that numbers may have.
const PLACES: u32 = 9;
const ONE: i128 = 1_000_000_000;
/// Places of results, and how many parts they have of the last one that numbers have.
const FINER_PLACES: u32 = 18;
const FINER: i128 = ONE;
/// A million million.
const MOST: i128 = 1_000_000_000_000 * ONE;
/// The last step that can be asked for.
const MOST_STEPS: u64 = 1_000_000;

/// The numbers of a pool, in 10^-9.
struct Pool {
    alpha: i128,
    beta: i128,
    rho: i128,
    supply: i128,
    money: i128,
}

/// A proposal's numbers at one step.
struct At {
    step: u64,
    conviction: i128,
    threshold: Option<i128>,
}

impl At {
    /// Passing is strict.
    fn passes(&self) -> bool {
        self.threshold.is_some_and(|threshold| self.conviction > threshold)
    }
}

pub fn run(input: Input, json: bool) -> Result<(), Exit> {
    let pool = Pool::of(&input)?;
    let steps: BTreeSet<u64> = input.steps.iter().copied().collect();
    if steps.last().is_some_and(|last| *last > MOST_STEPS) {
        return Err(Exit::input(format!("`steps` go up to {MOST_STEPS}")));
    }
    let mut known = BTreeSet::new();
    let mut all = Vec::with_capacity(input.proposals.len());
    for proposal in &input.proposals {
        if !known.insert(&proposal.id) {
            return Err(Exit::input(format!("`proposals` names `{}` twice", proposal.id)));
        }
        let asked = input.steps.iter();
        let by_step = pool.follow(proposal, &steps)?;
        let at: Vec<&At> = asked.filter_map(|step| by_step.get(step)).collect();
        if json {
            let at: Vec<Value> = at.iter().map(|at| at.json()).collect();
            all.push(json!({ "id": proposal.id, "at": at }));
        } else {
            print(&round(&proposal.id, &at))?;
        }
    }
    if json { print_json(&json!({ "proposals": all })) } else { Ok(()) }
}

impl Pool {
    fn of(input: &Input) -> Result<Pool, Exit> {
        let ratio = |value: &RawValue, name: &str| {
            let ratio = decimal(value, PLACES, &format!("`{name}`"))?;
            if (0..=ONE).contains(&ratio) {
                return Ok(ratio);
            }
            Err(Exit::input(format!("`{name}` goes from 0 to 1")))
        };
        let amount = |value: &RawValue, name: &str| amount(value, &format!("`{name}`"));
        let alpha = ratio(&input.alpha, "alpha")?;
        if alpha == ONE {
            return Err(Exit::input("`alpha` is below 1: at 1 nothing is ever forgotten"));
        }
        Ok(Pool {
            alpha,
            beta: ratio(&input.beta, "beta")?,
            rho: ratio(&input.rho, "rho")?,
            supply: amount(&input.supply, "supply")?,
            money: amount(&input.pool, "pool")?,
        })
    }

    /// Conviction at each of these steps. A stake of one step counts from the next on.
    fn follow(&self, proposal: &Proposal, steps: &BTreeSet<u64>) -> Result<BTreeMap<u64, At>, Exit> {
        let what = format!("`requested` of `{}`", proposal.id);
        let threshold = self.threshold(amount(&proposal.requested, &what)?);
        let mut stakes = BTreeMap::new();
        for stake in &proposal.stakes {
            let amount = amount(&stake.amount, &format!("a stake of `{}`", proposal.id))?;
            if stakes.insert(stake.step, amount).is_some() {
                let (id, step) = (&proposal.id, stake.step);
                return Err(Exit::input(format!("`{id}` has two stakes at step {step}; the whole stake is one")));
            }
        }
        let mut at = BTreeMap::new();
        let (mut conviction, mut stake) = (0_i128, 0_i128);
        for step in 0..=steps.last().copied().unwrap_or(0) {
            if step > 0 {
                conviction = mul_div(conviction, self.alpha, ONE).saturating_add(stake.saturating_mul(FINER));
            }
            if conviction > i128::MAX / 2 {
                return Err(Exit::input(format!(
                    "the conviction of `{}` has more digits than there is room for",
                    proposal.id
                )));
            }
            stake = stakes.get(&step).copied().unwrap_or(stake);
            if steps.contains(&step) {
                at.insert(step, At { step, conviction, threshold });
            }
        }
        Ok(at)
    }

    /// ρ × supply ÷ (β − requested ÷ pool)², rounded down; `None` at β and above it, which includes an empty pool.
    fn threshold(&self, requested: i128) -> Option<i128> {
        // β − q = (β × pool − requested) ÷ pool, with 18 places.
        let room = self.beta.saturating_mul(self.money).saturating_sub(requested.saturating_mul(ONE));
        if self.money == 0 || room <= 0 {
            return None;
        }
        let pool = self.money.saturating_mul(ONE);
        let least = self.rho.saturating_mul(self.supply);
        Some(mul_div(mul_div(least, pool, room), pool, room))
    }
}

fn amount(value: &RawValue, what: &str) -> Result<i128, Exit> {
    let amount = decimal(value, PLACES, what)?;
    if (0..=MOST).contains(&amount) {
        return Ok(amount);
    }
    Err(Exit::input(format!("{what} goes from 0 to 1000000000000")))
}

impl At {
    fn json(&self) -> Value {
        json!({
            "step": self.step,
            "conviction": print_decimal(self.conviction, FINER_PLACES),
            "threshold": self.threshold.map(|threshold| print_decimal(threshold, FINER_PLACES)),
            "passes": self.passes(),
        })
    }
}

/// One proposal in words.
fn round(id: &str, at: &[&At]) -> String {
    let mut lines = format!("{id}\n");
    for at in at {
        let conviction = print_decimal(at.conviction, FINER_PLACES);
        let needs = match at.threshold {
            None => "asks for too much of the pool to pass".to_owned(),
            Some(threshold) => {
                let passes = if at.passes() { "passes" } else { "does not pass" };
                format!("more than {} needed, {passes}", print_decimal(threshold, FINER_PLACES))
            }
        };
        lines.push_str(&format!("  step {}: conviction {conviction}, {needs}\n", at.step));
    }
    lines
}
