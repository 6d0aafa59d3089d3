//! Units with rational exponents: what may be added to what. Not the amounts.

use quantity::Currency;

/// The parts that an exponent is counted in: a root can be taken six times of a plain unit.
const PARTS: i32 = 64;
/// The greatest exponent, in parts.
const GREATEST: i32 = 64 * PARTS;

/// The unit of a number: money and time, each to a power counted in 64ths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Unit {
    money: i32,
    time: i32,
}

/// What an expression is: a number with its unit, or yes or no.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Number(Unit),
    Truth,
    /// The expression holds a mistake that was told already.
    Broken,
}

impl Unit {
    pub(crate) const PLAIN: Unit = Unit { money: 0, time: 0 };
    pub(crate) const MONEY: Unit = Unit {
        money: PARTS,
        time: 0,
    };
    pub(crate) const TIME: Unit = Unit {
        money: 0,
        time: PARTS,
    };

    /// The unit of a product; `None` where an exponent leaves its range.
    pub(crate) fn times(self, other: Unit) -> Option<Unit> {
        bounded(
            self.money.saturating_add(other.money),
            self.time.saturating_add(other.time),
        )
    }

    /// The unit of a quotient; `None` where an exponent leaves its range.
    pub(crate) fn over(self, other: Unit) -> Option<Unit> {
        bounded(
            self.money.saturating_sub(other.money),
            self.time.saturating_sub(other.time),
        )
    }

    /// The unit of a square root; `None` where an exponent gets too fine.
    pub(crate) fn root(self) -> Option<Unit> {
        let half = |parts: i32| {
            (parts.checked_rem(2) == Some(0))
                .then(|| parts.checked_div(2))
                .flatten()
        };
        bounded(half(self.money)?, half(self.time)?)
    }

    /// Money's and time's exponents in 64ths.
    pub(crate) fn exponents(self) -> (i32, i32) {
        (self.money, self.time)
    }

    /// The unit in words: `USD`, `hours`, `USD per hour`, `the root of USD`, `a plain number`.
    pub(crate) fn words(self, currency: Currency) -> String {
        let money = currency.code();
        match (self.money, self.time) {
            (0, 0) => "a plain number".to_owned(),
            (PARTS, 0) => money.to_owned(),
            (0, PARTS) => "hours".to_owned(),
            (m, t) => {
                let above = [power(money, m), power("hour", t)]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>();
                let below = [
                    power(money, m.saturating_neg()),
                    power("hour", t.saturating_neg()),
                ];
                let below = below.into_iter().flatten().collect::<Vec<_>>().join(" ");
                match (above.is_empty(), below.is_empty()) {
                    (_, true) => above.join(" "),
                    (true, false) => format!("1 per {below}"),
                    (false, false) => format!("{} per {below}", above.join(" ")),
                }
            }
        }
    }
}

fn bounded(money: i32, time: i32) -> Option<Unit> {
    let inside = |parts: i32| (-GREATEST..=GREATEST).contains(&parts);
    (inside(money) && inside(time)).then_some(Unit { money, time })
}

/// A unit to a positive power in words; `None` for the others.
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
    Some(format!(
        "{name}^({}/{})",
        parts.checked_div(shared)?,
        PARTS.checked_div(shared)?
    ))
}
