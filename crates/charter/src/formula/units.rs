//! Units with rational exponents: which numbers may be added. The amounts are elsewhere.

use quantity::Currency;

/// The fractions in which an exponent is counted: a plain unit allows six roots.
const PARTS: i32 = 64;
/// The greatest exponent, in parts.
const GREATEST: i32 = 64 * PARTS;

/// The unit of a number: money, time and calendar months, each to a power counted in 64ths. A month has no
/// fixed length, so that it is a unit of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Unit {
    money: i32,
    time: i32,
    months: i32,
}

/// The type of an expression: a number with its unit, or yes or no.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Number(Unit),
    Truth,
    /// The expression holds a mistake that is reported already.
    Broken,
}

impl Unit {
    pub(crate) const PLAIN: Unit = Unit { money: 0, time: 0, months: 0 };
    pub(crate) const MONEY: Unit = Unit { money: PARTS, ..Unit::PLAIN };
    pub(crate) const TIME: Unit = Unit { time: PARTS, ..Unit::PLAIN };
    pub(crate) const MONTHS: Unit = Unit { months: PARTS, ..Unit::PLAIN };

    /// Returns the unit of a product; `None` where an exponent leaves its range.
    pub(crate) fn times(self, other: Unit) -> Option<Unit> {
        bounded(
            self.money.saturating_add(other.money),
            self.time.saturating_add(other.time),
            self.months.saturating_add(other.months),
        )
    }

    /// Returns the unit of a quotient; `None` where an exponent leaves its range.
    pub(crate) fn over(self, other: Unit) -> Option<Unit> {
        bounded(
            self.money.saturating_sub(other.money),
            self.time.saturating_sub(other.time),
            self.months.saturating_sub(other.months),
        )
    }

    /// Returns the unit of a square root; `None` where an exponent gets too fine.
    pub(crate) fn root(self) -> Option<Unit> {
        let half = |parts: i32| (parts.checked_rem(2) == Some(0)).then(|| parts.checked_div(2)).flatten();
        bounded(half(self.money)?, half(self.time)?, half(self.months)?)
    }

    /// Returns the exponents of money and time in 64ths; months need no conversion.
    pub(crate) fn exponents(self) -> (i32, i32) {
        (self.money, self.time)
    }

    /// Returns the unit in words: `USD`, `hours`, `USD per month`, `the root of USD`, `a plain number`.
    pub(crate) fn words(self, currency: Currency) -> String {
        let money = currency.code();
        match self {
            Unit::PLAIN => "a plain number".to_owned(),
            Unit::MONEY => money.to_owned(),
            Unit::TIME => "hours".to_owned(),
            Unit::MONTHS => "months".to_owned(),
            unit => {
                let parts = [(money, unit.money), ("hour", unit.time), ("month", unit.months)];
                let above = parts.iter().filter_map(|(name, parts)| power(name, *parts));
                let above = above.collect::<Vec<_>>();
                let below = parts.iter();
                let below = below.filter_map(|(name, parts)| power(name, parts.saturating_neg()));
                let below = below.collect::<Vec<_>>().join(" ");
                match (above.is_empty(), below.is_empty()) {
                    (_, true) => above.join(" "),
                    (true, false) => format!("1 per {below}"),
                    (false, false) => format!("{} per {below}", above.join(" ")),
                }
            }
        }
    }
}

fn bounded(money: i32, time: i32, months: i32) -> Option<Unit> {
    let inside = |parts: i32| (-GREATEST..=GREATEST).contains(&parts);
    let unit = Unit { money, time, months };
    (inside(money) && inside(time) && inside(months)).then_some(unit)
}

/// Returns a unit to a positive power in words; `None` for the others.
fn power(name: &str, parts: i32) -> Option<String> {
    if parts <= 0 {
        return None;
    }
    let whole = parts.checked_div(PARTS)?;
    if parts == PARTS {
        return Some(name.to_owned());
    }
    if parts.checked_mul(2) == Some(PARTS) {
        return Some(format!("√{name}"));
    }
    if whole.checked_mul(PARTS) == Some(parts) {
        return Some(format!("{name}^{whole}"));
    }
    let shared = 1_i32.checked_shl(parts.trailing_zeros().min(6))?;
    Some(format!("{name}^({}/{})", parts.checked_div(shared)?, PARTS.checked_div(shared)?))
}
