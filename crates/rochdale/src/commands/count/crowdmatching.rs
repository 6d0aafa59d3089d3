//! Crowd-matching: a unit for every active patron, up to each one's limit.

use engine::pool::crowd_match;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::amount::Unit;
use crate::commands::{counted, print, print_json};
use crate::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Minor units.
    unit: Box<RawValue>,
    /// Minor units, the earliest pledge first.
    limits_in_order_of_pledging: Vec<Box<RawValue>>,
}

pub fn run(input: Input, json: bool) -> Result<(), Exit> {
    let minor = Unit { places: 0 };
    let unit = minor.read(&input.unit, "`unit`")?;
    let mut limits = Vec::new();
    for (place, limit) in input.limits_in_order_of_pledging.iter().enumerate() {
        limits.push(minor.read(limit, &format!("the limit at {place}"))?);
    }
    let crowd = crowd_match(unit, &limits);
    let total =
        u64::try_from(crowd.total).map_err(|_| Exit::input(format!("all together give more than {}", u64::MAX)))?;
    if json {
        return print_json(&json!({ "active": crowd.active, "each_pays": crowd.each_pays, "total": total }));
    }
    let mut told = String::new();
    for (round, place) in crowd.suspended.iter().enumerate() {
        let active = limits.len() - round;
        let limit = limits.get(*place).copied().unwrap_or(0);
        let each = u128::from(unit) * active as u128;
        let patrons = counted(active as u64, "patron", "patrons");
        told.push_str(&format!(
            "{patrons}, {each} each: the pledge at {place} is suspended, with a limit of {limit}\n"
        ));
    }
    let places: Vec<String> = crowd.active.iter().map(usize::to_string).collect();
    let patrons = counted(crowd.active.len() as u64, "patron", "patrons");
    told.push_str(&format!("{patrons}, {} each, {total} together: {}\n", crowd.each_pays, places.join(", ")));
    print(&told)
}
