//! Amounts of money of one file: its minor unit is the last place that any of them is written with.

use engine::pool::MOST_PLEDGED;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{decimal, decimal_of, print_decimal};
use crate::exit::Exit;

/// Places that an amount may have.
const MOST_PLACES: u32 = 9;
/// Places that an amount is printed with where it is not whole.
const PRINTED: u32 = 9;

/// The minor unit of a file: 10^-`places` of the unit that its amounts are in.
#[derive(Clone, Copy)]
pub struct Unit {
    pub places: u32,
}

impl Unit {
    /// The finest place that an amount of a file is written with.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Unit {
        let places = |text: &str| text.trim_matches('"').split_once('.').map_or(0, |(_, rest)| rest.len());
        let finest = texts.map(places).max().unwrap_or(0);
        Unit { places: u32::try_from(finest).unwrap_or(MOST_PLACES).min(MOST_PLACES) }
    }

    /// Reads an amount in minor units.
    pub fn read(self, value: &RawValue, what: &str) -> Result<u64, Exit> {
        within(decimal(value, self.places, what)?, what)
    }

    /// Reads an amount from a cell of a table.
    pub fn read_text(self, text: &str, what: &str) -> Result<u64, Exit> {
        within(decimal_of(text, self.places, what)?, what)
    }

    /// Minor units of the file's unit: 1 where amounts are whole.
    pub fn minor(self) -> u64 {
        10_u64.pow(self.places)
    }

    /// An amount as an answer gives it: a number where the file's amounts are whole, and otherwise a decimal number in a string.
    pub fn json(self, minor: u64) -> Value {
        if self.places == 0 { json!(minor) } else { json!(self.show(minor)) }
    }

    /// An amount for people: without places where it is whole, and otherwise with nine.
    pub fn show(self, minor: u64) -> String {
        let finer = 10_i128.pow(PRINTED - self.places);
        print_decimal(i128::from(minor) * finer, PRINTED)
    }
}

fn within(amount: i128, what: &str) -> Result<u64, Exit> {
    let amount = u64::try_from(amount).ok().filter(|minor| *minor <= MOST_PLEDGED);
    amount.ok_or_else(|| {
        Exit::input(format!("{what} is not below 0, and at most {MOST_PLEDGED} of the last place written"))
    })
}
