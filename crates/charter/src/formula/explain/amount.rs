//! A value in the unit that people read: money with its decimals, time in hours, the rest as it is.

use quantity::{Currency, format_decimal};

use crate::formula::compile::ONE;
use crate::formula::parse::minor_units;
use crate::formula::units::{Kind, Unit};
use crate::formula::{Pico, wide};

const SECONDS_PER_HOUR: Pico = 3_600;

/// Writes the value in words, rounded toward zero where it has more decimals than are shown.
pub(crate) fn amount(value: Pico, kind: Kind, currency: Currency) -> String {
    match kind {
        Kind::Truth if value == 0 => "no".to_owned(),
        Kind::Truth => "yes".to_owned(),
        Kind::Number(Unit::PLAIN) | Kind::Broken => decimal(value),
        Kind::Number(Unit::MONEY) => money(value, currency),
        Kind::Number(Unit::TIME) => time(value),
        Kind::Number(Unit::MONTHS) => counted(&decimal(value), "month"),
        Kind::Number(unit) => {
            let (money, time) = unit.exponents();
            let value = shrink(value, minor_units(currency), money);
            let value = shrink(value, SECONDS_PER_HOUR, time);
            format!("{} {}", decimal(value), unit.words(currency))
        }
    }
}

fn money(value: Pico, currency: Currency) -> String {
    let minor = value.checked_div(ONE).unwrap_or(0);
    match i64::try_from(minor) {
        Ok(minor) => format!("{} {}", format_decimal(minor, currency.digits()), currency.code()),
        Err(_) => format!("{} {}", decimal(shrink(value, minor_units(currency), 64)), currency.code()),
    }
}

fn time(value: Pico) -> String {
    let words = decimal(wide::scale(value, 1, SECONDS_PER_HOUR));
    counted(&words, "hour")
}

fn counted(number: &str, unit: &str) -> String {
    match number {
        "1" => format!("1 {unit}"),
        number => format!("{number} {unit}s"),
    }
}

/// Writes up to six decimals, without trailing zeros.
fn decimal(value: Pico) -> String {
    quantity::format_micro(value.checked_div(1_000_000).unwrap_or(0))
}

/// Divides by a base to an exponent in 64ths: from the unit we count in to the unit people read.
fn shrink(value: Pico, base: Pico, parts: i32) -> Pico {
    let mut factor = ONE;
    let mut root = base.saturating_mul(ONE);
    let size = parts.unsigned_abs();
    for _ in 0..size.checked_div(64).unwrap_or(0) {
        factor = factor.saturating_mul(base);
    }
    // The binary digits of the fraction, a half first.
    for bit in (0..6_u32).rev() {
        root = wide::root(root);
        if size & (1 << bit) != 0 {
            factor = wide::scale(factor, root, ONE);
        }
    }
    if parts >= 0 { wide::scale(value, ONE, factor) } else { wide::scale(value, factor, ONE) }
}
