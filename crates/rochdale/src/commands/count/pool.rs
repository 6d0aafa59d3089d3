//! A pool's cycle: which projects are paid, in the engine's order.

use engine::pool::{
    Asking, Cycle, MOST_PLEDGED, NANO, Order, Paid, SAVED_CYCLES, Scaled, fund, plain, scaled, to_minor,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::amount::Unit;
use super::{decimal, print_decimal};
use crate::commands::{print, print_json, table};
use crate::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    pool: Box<RawValue>,
    order: Name,
    /// Cycles before this one that saved, in a row.
    #[serde(default)]
    saved: u32,
    #[serde(rename = "match", default)]
    rule: Match,
    projects: Vec<Project>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Name {
    Strict,
    Skip,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Match {
    #[default]
    Plain,
    Scaled,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Project {
    id: String,
    goal: Box<RawValue>,
    pledges: Vec<Box<RawValue>>,
    conviction: Box<RawValue>,
}

/// Places of a conviction.
const PLACES: u32 = 12;

pub fn run(input: Input, json: bool) -> Result<(), Exit> {
    let amounts = input.projects.iter().flat_map(|project| project.pledges.iter().chain([&project.goal]));
    let unit = Unit::of(amounts.chain([&input.pool]).map(|value| value.get()));
    let pool = unit.read(&input.pool, "`pool`")?;
    let mut asking = Vec::new();
    let mut matches = Vec::new();
    for project in &input.projects {
        if input.projects.iter().filter(|other| other.id == project.id).count() > 1 {
            return Err(Exit::input(format!("`{}` is the id of two projects", project.id)));
        }
        let (one, matched) = read(project, unit)?;
        asking.push(one);
        matches.push(matched);
    }
    let asked = asking.clone();
    let scaled = (input.rule == Match::Scaled).then(|| scaled(pool, &matches, &asking));
    for (one, matched) in asking.iter_mut().zip(scaled.iter().flat_map(|scaled| &scaled.matched)) {
        match matched {
            Some(matched) => one.matched = *matched,
            // Struck, or never in: no conviction keeps it out of the order.
            None => one.conviction = 0,
        }
    }
    let order = match input.order {
        Name::Strict => Order::Strict,
        Name::Skip => Order::Skip,
    };
    let cycle = fund(pool, order, input.saved, &asking);
    let ids: Vec<&str> = input.projects.iter().map(|project| project.id.as_str()).collect();
    if json {
        return print_json(&answer(&cycle, &ids, unit));
    }
    print(&told(&cycle, &asked, &asking, scaled.as_ref(), &ids, unit, input.saved))
}

fn read(project: &Project, unit: Unit) -> Result<(Asking, u128), Exit> {
    let id = &project.id;
    let mut sums = Vec::new();
    for (number, pledge) in (1_u64..).zip(&project.pledges) {
        sums.push(unit.read(pledge, &format!("pledge {number} of `{id}`"))?);
    }
    let pledged = sums.iter().try_fold(0_u64, |all, minor| all.checked_add(*minor)).filter(|all| *all <= MOST_PLEDGED);
    let pledged = pledged.ok_or_else(|| {
        Exit::input(format!("the pledges of `{id}` are at most {MOST_PLEDGED} of the last place written"))
    })?;
    let matched = plain(&sums, NANO);
    let asking = Asking {
        goal: unit.read(&project.goal, &format!("the goal of `{id}`"))?,
        pledged,
        matched: to_minor(matched),
        conviction: decimal(&project.conviction, PLACES, &format!("the conviction of `{id}`"))?,
        rank: 0,
        eligible_since: 0,
    };
    Ok((asking, matched))
}

fn answer(cycle: &Cycle, ids: &[&str], unit: Unit) -> Value {
    let id = |project: usize| ids.get(project).copied().unwrap_or_default();
    let order: Vec<&str> = cycle.order.iter().map(|project| id(*project)).collect();
    let row = |paid: &Paid| {
        json!({
            "project": id(paid.project),
            "from_pool": unit.json(paid.from_pool),
            "pledges_charged": unit.json(paid.pledges_charged),
        })
    };
    let paid: Vec<Value> = cycle.paid.iter().map(row).collect();
    json!({ "order": order, "paid": paid, "left": unit.json(cycle.left) })
}

/// Each project with its sums, what was struck, and each step of the order.
fn told(
    cycle: &Cycle,
    asked: &[Asking],
    asking: &[Asking],
    scaled: Option<&Scaled>,
    ids: &[&str],
    unit: Unit,
    saved: u32,
) -> String {
    let id = |project: usize| ids.get(project).copied().unwrap_or_default();
    let mut rows = vec![["project", "goal", "pledged", "match", "conviction", "eligible"].map(str::to_owned).to_vec()];
    for (project, one) in asked.iter().enumerate() {
        let money = [one.goal, one.pledged, one.matched].map(|minor| unit.show(minor));
        let eligible = if one.is_eligible() { "yes" } else { "no" };
        let conviction = print_decimal(one.conviction, PLACES);
        rows.push([id(project).to_owned()].into_iter().chain(money).chain([conviction, eligible.to_owned()]).collect());
    }
    let mut told = table(&rows);
    if let Some(scaled) = scaled {
        for project in &scaled.struck {
            told.push_str(&format!("{}: struck, its scaled match leaves it short of its goal\n", id(*project)));
        }
        for (project, matched) in scaled.matched.iter().enumerate() {
            if let Some(matched) = matched {
                told.push_str(&format!("{}: scaled to {}\n", id(project), unit.show(*matched)));
            }
        }
    }
    if saved >= SAVED_CYCLES {
        told.push_str(&format!("after {saved} cycles of saving this one passes over what cannot be paid\n"));
    }
    for project in &cycle.order {
        let due = asking.get(*project).map_or(0, Asking::due);
        let line = match cycle.paid.iter().find(|paid| paid.project == *project) {
            Some(paid) => format!("{} from the pool, {} of pledges", unit.show(due), unit.show(paid.pledges_charged)),
            None if cycle.saving_for == Some(*project) => {
                format!("the pool is being saved for it: it takes {}", unit.show(due))
            }
            None => format!("not paid: it takes {}", unit.show(due)),
        };
        told.push_str(&format!("{}: {line}\n", id(*project)));
    }
    told.push_str(&format!("left: {}\n", unit.show(cycle.left)));
    told
}
