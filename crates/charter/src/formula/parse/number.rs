//! Numbers with units: `5 USD`, `3 hours`, `20%`, `0.5`, `5 USD per month`.

use std::ops::Range;

use quantity::Currency;

use super::{Expression, Lexeme, Part, Reader, Sign, Step, What};
use crate::code;
use crate::formula::Pico;
use crate::formula::units::{Kind, Unit};
use crate::nearest::nearest;

/// The digits of a `Pico` after the point.
const DECIMALS: usize = 12;
/// The most digits before the point.
const WHOLE_DIGITS: usize = 15;
/// The word before the unit that a number is divided by.
pub(super) const PER: &str = "per";
/// Units of calendar time and their months.
const MONTHS: [(&str, Pico); 6] =
    [("month", 1), ("months", 1), ("quarter", 3), ("quarters", 3), ("year", 12), ("years", 12)];
/// Units of time and their seconds. Months and years differ in length, so they have no seconds.
const TIMES: [(&str, Pico); 10] = [
    ("second", 1),
    ("seconds", 1),
    ("minute", 60),
    ("minutes", 60),
    ("hour", 3_600),
    ("hours", 3_600),
    ("day", 86_400),
    ("days", 86_400),
    ("week", 604_800),
    ("weeks", 604_800),
];
const KEYWORDS: [&str; 7] = ["if", "then", "else", "and", "or", "not", PER];

impl Reader<'_> {
    /// Reads a number whose digits were just taken, with the unit that follows it, and `per` another one.
    pub(super) fn number(&mut self, digits: &str, at: Range<usize>) -> Step<Part> {
        let value = self.value(digits, &at);
        let (factor, divisor, mut kind, mut end) = self.unit(at.end);
        let value = value.saturating_mul(factor).checked_div(divisor).unwrap_or(0);
        let mut over = 1;
        if self.peek().is_some_and(|token| token.is == Lexeme::Word(PER)) {
            let sign = self.take();
            let (word, at) = self.word("a unit after `per`")?;
            let (factor, below) = self.unit_word(word, &at);
            over = factor;
            end = at.end;
            kind = match (kind, below) {
                (Kind::Number(above), Kind::Number(below)) => self.bounded(above.over(below), &sign),
                _ => Kind::Broken,
            };
        }
        let at = at.start..end;
        let written = self.words(&at).to_owned();
        let what = What::Number { value, over, written };
        Ok(Part { is: Expression { what, kind }, at })
    }

    fn value(&mut self, digits: &str, at: &Range<usize>) -> Pico {
        match pico(digits) {
            Some(value) => value,
            None => {
                let why = format!("a number may have {WHOLE_DIGITS} digits before the point and {DECIMALS} after it");
                self.report(code::NUMBER_OUT_OF_RANGE, at.clone(), why, None);
                0
            }
        }
    }

    /// Reads a unit: its factor and divisor, its kind, and where the number with its unit ends.
    fn unit(&mut self, end: usize) -> (Pico, Pico, Kind, usize) {
        let plain = Kind::Number(Unit::PLAIN);
        let Some(token) = self.peek() else {
            return (1, 1, plain, end);
        };
        match token.is {
            Lexeme::Sign(Sign::Percent) => {
                self.take();
                (1, 100, plain, token.at.end)
            }
            Lexeme::Word(word) if !KEYWORDS.contains(&word) => {
                self.take();
                let (factor, kind) = self.unit_word(word, &token.at);
                (factor, 1, kind, token.at.end)
            }
            _ => (1, 1, plain, end),
        }
    }

    fn unit_word(&mut self, word: &str, at: &Range<usize>) -> (Pico, Kind) {
        let ours = self.scope.currency;
        if word == ours.code() {
            return (minor_units(ours), Kind::Number(Unit::MONEY));
        }
        if let Some((_, seconds)) = TIMES.iter().find(|(name, _)| *name == word) {
            return (*seconds, Kind::Number(Unit::TIME));
        }
        if let Some((_, months)) = MONTHS.iter().find(|(name, _)| *name == word) {
            return (*months, Kind::Number(Unit::MONTHS));
        }
        let known = TIMES.iter().chain(&MONTHS).map(|(name, _)| *name);
        let likely = nearest(word, [ours.code()].into_iter().chain(known));
        let meant = likely.map(|known| format!("did you mean `{known}`?"));
        let is_code = word.len() == 3 && word.chars().all(|letter| letter.is_ascii_uppercase());
        if is_code && Currency::parse(word).is_some() {
            let why = format!("this co-op counts in {}, not in {word}", ours.code());
            self.report(code::OTHER_CURRENCY, at.clone(), why, None);
        } else if is_code || likely == Some(ours.code()) {
            let help = meant.or_else(|| Some(format!("this co-op counts in `{}`", ours.code())));
            self.report(code::UNKNOWN_CURRENCY, at.clone(), format!("no currency is called `{word}`"), help);
        } else {
            let help = meant.or_else(|| Some("there are currencies, `hours`, `days`, `weeks` and `months`".to_owned()));
            self.report(code::UNKNOWN_UNIT, at.clone(), format!("no unit is called `{word}`"), help);
        }
        (1, Kind::Broken)
    }
}

/// Digits, perhaps with a point, × 10^12; `None` where they do not fit.
pub(crate) fn pico(digits: &str) -> Option<Pico> {
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0');
    let decimals = decimals.trim_end_matches('0');
    if whole.len() > WHOLE_DIGITS || decimals.len() > DECIMALS {
        return None;
    }
    format!("{whole}{decimals:0<DECIMALS$}").parse().ok()
}

/// Returns the minor units in one unit of the currency.
pub(crate) fn minor_units(currency: Currency) -> Pico {
    10_i128.saturating_pow(u32::from(currency.digits()))
}
