//! Quantities as a reader meets them: the printed words beside the integer they were made from.
//! There is no arithmetic here: numbers are only printed.

use schemars::JsonSchema;
use serde::Serialize;
use words::numbers;

/// A moment in the co-op's time zone.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// As people say it, for example `Monday 8 December 2025, 01:00`.
    pub text: String,
    /// Without the hour, for example `8 December 2025`.
    pub day: String,
    /// RFC 3339, for machines and `<time datetime>`.
    pub iso: String,
    /// Microseconds since 1970-01-01 UTC.
    pub at_us: i64,
}

/// A sum of money.
#[derive(JsonSchema, Serialize, Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// For example `1,234.50 USD`.
    pub text: String,
    /// Minor units (cents). JSON calls it `amount`, as in every report.
    #[serde(rename = "amount")]
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// An amount of weight.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// Rounded to two places, half away from zero, for example `12.35`. Without its unit.
    pub text: String,
    /// Micro-weights.
    pub weight_micro: u64,
}

/// A number of votes; below zero where more was placed against than for.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
pub struct Votes {
    /// Rounded to two places, half away from zero, with a true minus sign. Without its unit.
    pub text: String,
    /// Micro-votes.
    pub votes_micro: i64,
}

/// A part of a whole.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// For example `12.5 %`, with as many places as it needs (at most four).
    pub text: String,
    /// Parts per million, 0 to 1,000,000.
    pub share_ppm: u32,
}

impl Amount {
    /// Prints `amount_minor` with `places` digits after the point (2 for USD, 0 for JPY).
    pub fn from_minor(amount_minor: i64, currency: &str, places: u32) -> Self {
        let text = numbers::money(decimal(i128::from(amount_minor), places, places), currency);
        Self { text, amount_minor, currency: currency.to_owned() }
    }

    /// True for money that went out.
    pub fn is_negative(&self) -> bool {
        self.amount_minor < 0
    }
}

impl Weight {
    /// Prints micro-weights with two places.
    pub fn from_micro(weight_micro: u64) -> Self {
        Self { text: decimal(i128::from(weight_micro), 6, 2), weight_micro }
    }
}

impl Votes {
    /// Prints micro-votes with two places.
    pub fn from_micro(votes_micro: i64) -> Self {
        Self { text: decimal(i128::from(votes_micro), 6, 2), votes_micro }
    }

    /// True where more was placed against than for.
    pub fn is_negative(&self) -> bool {
        self.votes_micro < 0
    }
}

impl Share {
    /// Prints parts per million as a percentage, without noughts at the end.
    pub fn from_ppm(share_ppm: u32) -> Self {
        Self { text: numbers::per_cent(Self::typed(share_ppm)), share_ppm }
    }

    /// Returns the percentage as a member would type it: `12.5`, without the sign.
    pub fn typed(share_ppm: u32) -> String {
        let full = decimal(i128::from(share_ppm), 4, 4);
        full.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// For charts and long lists: one place; little is not shown as nothing.
    pub fn brief(&self) -> String {
        if (1..500).contains(&self.share_ppm) {
            return numbers::UNDER_A_TENTH.to_owned();
        }
        numbers::per_cent(decimal(i128::from(self.share_ppm), 4, 1))
    }
}

/// Prints `value × 10^-scale` with `places` digits after the point (`places ≤ scale`), thousands grouped by commas,
/// rounded half away from zero.
///
/// ```
/// assert_eq!(views::decimal(1_234_567_895, 6, 2), "1,234.57");
/// assert_eq!(views::decimal(-5, 1, 0), "−1");
/// ```
pub fn decimal(value: i128, scale: u32, places: u32) -> String {
    let dropped = 10u128.checked_pow(scale.saturating_sub(places)).unwrap_or(u128::MAX);
    let half = dropped.checked_div(2).unwrap_or(0);
    let rounded = value.unsigned_abs().saturating_add(half).checked_div(dropped).unwrap_or(0);
    let one = 10u128.checked_pow(places).unwrap_or(u128::MAX);
    let whole = rounded.checked_div(one).unwrap_or(0);
    let rest = rounded.checked_rem(one).unwrap_or(0);
    let sign = if value < 0 && rounded > 0 { "−" } else { "" };
    let whole = grouped(whole);
    if places == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(places).unwrap_or(usize::MAX);
    format!("{sign}{whole}.{rest:0width$}")
}

fn grouped(whole: u128) -> String {
    let digits = whole.to_string();
    let first = digits.len().checked_rem(3).unwrap_or(0);
    let mut out = String::with_capacity(digits.len().saturating_mul(2));
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place.checked_rem(3) == Some(first) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests;
