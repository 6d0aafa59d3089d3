//! The catalogue, a file for each attack. `docs/spec/attacks.md` says what each is and what holds it.

mod all_in;
mod amend;
mod collude;
mod divide;
mod dust;
mod farm;
mod fill;
mod friends;
mod gift;
mod late;
mod places;
mod release;
mod silence;
mod spend;
mod stay;
mod strike;
mod supply;

use quantity::{Broken, PPM, format_decimal};

use crate::ground::Ground;
use crate::report::{Attack, Tried};

/// Plays one attack on all its targets.
type Play = fn(&Ground, usize) -> Result<Vec<Attack>, Broken>;

/// Every attack, in the order of `docs/spec/attacks.md`.
pub(crate) const ALL: &[Play] = &[
    all_in::play,
    dust::play,
    gift::play,
    divide::play,
    amend::play,
    friends::play,
    strike::play,
    spend::play,
    places::play,
    stay::play,
    silence::play,
    late::play,
    supply::play,
    release::play,
    collude::play,
    farm::play,
    fill::play,
];

/// The longest that a course is played, days.
const YEAR: u64 = 366;

/// A number as a count of something.
fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// A part in per cent, with one decimal.
fn per_cent(ppm: u32) -> String {
    words::numbers::per_cent(format_decimal(i64::from(ppm / 1_000), 1))
}

/// An amount of the co-op's money.
fn money(ground: &Ground, minor: i64) -> String {
    let currency = ground.state.rules.kernel.currency;
    quantity::Money { minor, currency }.to_string()
}

/// `after 1 day`, `not within a year`.
fn when(days: Option<u64>) -> String {
    match days {
        Some(days) => words::attack::after(words::numbers::count(&days.to_string(), words::numbers::DAYS)),
        None => words::attack::NEVER.to_owned(),
    }
}

/// `3 members`.
fn members(count: u64) -> String {
    words::numbers::count(&count.to_string(), words::numbers::MEMBERS)
}

/// `3 newcomers`.
fn newcomers(count: u64) -> String {
    words::numbers::count(&count.to_string(), words::numbers::NEWCOMERS)
}

/// A course of members only.
fn of_members(count: usize, weight_ppm: u32, days: Option<u64>) -> Tried {
    Tried { members: wide(count), newcomers: 0, cost_minor: 0, taken_minor: 0, weight_ppm, days }
}

/// A whole number of millionths from a fraction.
const fn part(times: u32, over: u32) -> u32 {
    // Rounded down: `over` is none of ours that is 0.
    match PPM.checked_mul(times) {
        Some(product) => match product.checked_div(over) {
            Some(part) => part,
            None => 0,
        },
        None => 0,
    }
}
