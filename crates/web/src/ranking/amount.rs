//! The amount that a request asks for, as it is typed: hours, things that are counted, or money. Whether it may, the engine says.

use engine::act::Amount;
use quantity::Currency;
use views::Quantity;

use crate::form::amount_minor;

/// Hours are typed with two decimals at most, and a hundredth of one has 36 seconds.
const HUNDREDTH_S: i64 = 36;

/// Reads an amount in the unit of a supply.
pub(crate) fn read(whole: &Quantity, typed: &str) -> Result<Amount, String> {
    let unit = Some(whole.unit.clone());
    match whole.unit.as_str() {
        "second" => {
            let hundredths = amount_minor(typed, 2)?;
            Ok(Amount { amount: hundredths.saturating_mul(HUNDREDTH_S), currency: None, unit })
        }
        "unit" => Ok(Amount { amount: amount_minor(typed, 0)?, currency: None, unit }),
        code => {
            let digits = Currency::parse(code).map_or(2, |currency| u32::from(currency.digits()));
            Ok(Amount { amount: amount_minor(typed, digits)?, currency: unit, unit: None })
        }
    }
}

/// The question for an amount in the unit of a supply.
pub(crate) fn label(whole: &Quantity) -> String {
    match whole.unit.as_str() {
        "second" => words::ranking::HOW_MUCH_HOURS.to_owned(),
        "unit" => words::ranking::HOW_MUCH_UNITS.to_owned(),
        code => words::ranking::how_much_money(code),
    }
}
