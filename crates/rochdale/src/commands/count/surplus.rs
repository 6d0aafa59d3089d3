//! A surplus, split in proportion to parts to the last minor unit.

use quantity::format_decimal;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::amount::Unit;
use super::decimal;
use crate::commands::{print, print_json, table};
use crate::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Minor units.
    amount: Box<RawValue>,
    parts: Vec<Box<RawValue>>,
}

pub fn run(input: Input, json: bool) -> Result<(), Exit> {
    let amount = i64::try_from(decimal(&input.amount, 0, "`amount`")?).ok().filter(|amount| *amount >= 0);
    let amount = amount.ok_or_else(|| Exit::input(format!("`amount` goes from 0 to {} minor units", i64::MAX)))?;
    // Parts are of any unit: the last place that one of them is written with counts.
    let unit = Unit::of(input.parts.iter().map(|part| part.get()));
    let mut parts = Vec::new();
    for (number, part) in (1_u64..).zip(&input.parts) {
        parts.push(unit.read(part, &format!("part {number}"))?);
    }
    let split = engine::pool::surplus(amount, &parts);
    if json {
        return print_json(&json!({ "split": split }));
    }
    let mut rows = vec![["number", "part", "gets"].map(str::to_owned).to_vec()];
    let each = (1_u64..).zip(parts.iter().zip(&split));
    rows.extend(
        each.map(|(number, (part, gets))| vec![number.to_string(), unit.show(*part), format_decimal(*gets, 0)]),
    );
    let all: i64 = split.iter().sum();
    let rest = amount - all;
    let told = if rest > 0 { format!("all parts are 0: {rest} stay in the reserves\n") } else { String::new() };
    print(&format!("{}{told}", table(&rows)))
}
