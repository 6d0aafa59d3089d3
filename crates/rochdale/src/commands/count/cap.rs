//! The cap on a member's weight, as the engine has it since edition 2. All members of a file are of standing.

use quantity::{Binds, CapLevel, PPM, format_micro};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::decimal;
use crate::commands::{print, print_json, table};
use crate::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    cap: Box<RawValue>,
    weights_micro: Vec<Box<RawValue>>,
}

pub fn run(input: Input, json: bool) -> Result<(), Exit> {
    let cap = decimal(&input.cap, 6, "`cap`")?;
    let cap_ppm = u32::try_from(cap).ok().filter(|cap| (1..=PPM).contains(cap));
    let cap_ppm = cap_ppm.ok_or_else(|| Exit::input("`cap` is above 0 and at most 1"))?;
    let mut weights = Vec::new();
    for (number, weight) in (1_u64..).zip(&input.weights_micro) {
        let what = format!("weight {number}");
        let weight = u64::try_from(decimal(weight, 0, &what)?);
        weights.push(weight.map_err(|_| Exit::input(format!("{what} goes from 0 to {}", u64::MAX)))?);
    }
    let level = CapLevel::of(&weights, cap_ppm);
    let left: Vec<u64> = weights.iter().map(|weight| level.cut(*weight)).collect();
    // Where nobody is cut the level is above all weights, and the greatest of them says as much.
    let micro = level.micro.min(weights.iter().copied().max().unwrap_or(0));
    if json {
        let binds = match level.binds {
            Binds::None => "none",
            Binds::Cap => "cap",
            Binds::Tenth => "tenth",
        };
        return print_json(&json!({ "level_micro": micro, "weights_micro": left, "binds": binds }));
    }
    let weight = |micro: u64| format_micro(i128::from(micro));
    let sum = |micro: u128| format_micro(i128::try_from(micro).unwrap_or(i128::MAX));
    let mut rows = vec![["member", "weight", "after the cap"].map(str::to_owned).to_vec()];
    let each = (1_u64..).zip(weights.iter().zip(&left));
    rows.extend(each.map(|(number, (before, after))| vec![number.to_string(), weight(*before), weight(*after)]));
    rows.push(vec!["all".to_owned(), sum(level.whole), sum(level.kept)]);
    let told = match level.binds {
        Binds::None => "nobody is cut".to_owned(),
        Binds::Cap => format!("the cap binds: nobody keeps more than {}", weight(micro)),
        Binds::Tenth => {
            format!("a tenth of all weight has to stay, and binds: nobody keeps more than {}", weight(micro))
        }
    };
    print(&format!("{}{told}\n", table(&rows)))
}
