//! A number with its unit, written by itself: the value of a parameter. Not an amount of a clause (`phrase`).

use std::cmp::Ordering;

use quantity::{Currency, Span};

use super::units::Unit;
use super::{FormulaMistake, Pico, parse};

/// One in a formula's fixed point.
const ONE: Pico = 1_000_000_000_000;

/// A number with its unit: `2 years`, `20 USD per hour`, `20%`, `3`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quantity {
    /// As it was written.
    pub written: String,
    pub(crate) value: Pico,
    /// The number that `value` is divided by; never 0.
    pub(crate) over: Pico,
    pub(crate) unit: Unit,
}

impl Quantity {
    /// Reads a number with its unit. A whole number of seconds to years is a length of time, in which a month has 30 days and a year
    /// 365, as in a half-life.
    pub(crate) fn parse(text: &str, currency: Currency) -> Result<Quantity, Vec<FormulaMistake>> {
        let written = text.trim().to_owned();
        if let Some(span) = Span::parse(&written) {
            let value = i128::from(span.seconds()).saturating_mul(ONE);
            return Ok(Quantity { written, value, over: 1, unit: Unit::TIME });
        }
        let (value, over, unit) = parse::quantity(text, currency)?;
        Ok(Quantity { written, value, over, unit })
    }

    /// Returns it as a length of time in whole seconds, rounded down; `None` where it is none.
    pub(crate) fn span(&self) -> Option<Span> {
        let seconds = self.value.checked_div(self.over.saturating_mul(ONE))?;
        (self.unit == Unit::TIME).then_some(Span::from_seconds(u64::try_from(seconds).ok()?))
    }

    /// Returns it as a part of something in parts per million, rounded down; `None` where it has a unit.
    pub(crate) fn ppm(&self) -> Option<u32> {
        let ppm = self.value.checked_div(self.over.saturating_mul(1_000_000))?;
        (self.unit == Unit::PLAIN).then_some(u32::try_from(ppm).ok()?)
    }

    /// Returns which of two of one unit is the greater one.
    pub(crate) fn order(&self, other: &Quantity) -> Ordering {
        self.value.saturating_mul(other.over).cmp(&other.value.saturating_mul(self.over))
    }

    /// Returns its unit in words.
    pub(crate) fn unit_words(&self, currency: Currency) -> String {
        match self.unit {
            Unit::TIME => "a length of time".to_owned(),
            Unit::MONTHS => "calendar months".to_owned(),
            unit => unit.words(currency),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_of_formulas_can_be_a_parameter() {
        let usd = Currency::parse("USD").unwrap();
        let read = |text| Quantity::parse(text, usd).ok();
        let check = |text, seconds: Option<u64>, ppm: Option<u32>, unit: &str| {
            let read = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(read.span().map(|span| span.seconds()), seconds, "{text}");
            assert_eq!(read.ppm(), ppm, "{text}");
            assert_eq!(read.unit_words(usd), unit, "{text}");
        };
        check("2 years", Some(2 * 365 * 86_400), None, "a length of time");
        check("1.5 hours", Some(5_400), None, "a length of time");
        check("20%", None, Some(200_000), "a plain number");
        check("3", None, Some(3_000_000), "a plain number");
        check("5.25 USD", None, None, "USD");
        check("20 USD per hour", None, None, "USD per hour");
        check("5 USD per month", None, None, "USD per month");
        check("2 quarters", None, None, "calendar months");
        for wrong in ["", "soon", "5 EUR", "5 usd", "-3", "1 + 1", "3 hours more", "sqrt(4)", "1e9"] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
        let order = |a, b| read(a).unwrap().order(&read(b).unwrap());
        assert_eq!(order("90 days", "1 year"), Ordering::Less);
        assert_eq!(order("1 USD per hour", "60 USD per hour"), Ordering::Less);
        // A dollar a minute is sixty an hour.
        assert_eq!(order("1 USD per minute", "60 USD per hour"), Ordering::Equal);
    }
}
