//! Amounts: money, hours and things that are counted, perhaps per calendar period.

#[cfg(test)]
mod tests;

use std::ops::Range;

use quantity::{CalendarUnit, Currency, MICRO, parse_decimal};

use super::words;
use crate::code;
use crate::document::{Mistakes, Value};
use crate::named::{Named, named};
use crate::nearest::{nearest, suggest};

/// Money per calendar period, in minor units of the kernel's currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MoneyPer {
    pub amount_minor: i64,
    pub every: Every,
}

named! {
    /// A calendar period that a limit is counted over.
    pub enum Every {
        Day = "day",
        Week = "week" "from Monday",
        Month = "month",
        Quarter = "quarter",
        Year = "year",
    }
}

/// A quantity with its unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amount {
    /// Minor units of the kernel's currency.
    Money(i64),
    Seconds(u64),
    /// Things that are counted, such as places.
    Count(u64),
}

impl Every {
    /// Returns the calendar unit that it repeats with.
    #[must_use]
    pub fn unit(self) -> CalendarUnit {
        match self {
            Every::Day => CalendarUnit::Day,
            Every::Week => CalendarUnit::Week,
            Every::Month => CalendarUnit::Month,
            Every::Quarter => CalendarUnit::Quarter,
            Every::Year => CalendarUnit::Year,
        }
    }

    /// Returns the usual seconds of one: 30 days for a month, as in [`quantity::Rhythm::usual_seconds`].
    pub(crate) fn usual_seconds(self) -> u64 {
        const DAY_S: u64 = 86_400;
        match self {
            Every::Day => DAY_S,
            Every::Week => 7 * DAY_S,
            Every::Month => 30 * DAY_S,
            Every::Quarter => 91 * DAY_S,
            Every::Year => 365 * DAY_S,
        }
    }

    /// Returns how many periods of this length one of `outer` can touch: at most 6 weeks touch a month. Returns 1 where it
    /// is as long or longer.
    pub fn most_within(self, outer: Every) -> u32 {
        match (self, outer) {
            (Every::Day, Every::Week) => 7,
            (Every::Day, Every::Month) => 31,
            (Every::Day, Every::Quarter) => 92,
            (Every::Day, Every::Year) => 366,
            (Every::Week, Every::Month) => 6,
            (Every::Week, Every::Quarter) => 14,
            (Every::Week, Every::Year) => 54,
            (Every::Month, Every::Quarter) => 3,
            (Every::Month, Every::Year) => 12,
            (Every::Quarter, Every::Year) => 4,
            _ => 1,
        }
    }
}

/// Units of time in an amount, and their seconds.
const TIMES: [(&str, u64); 4] = [("hour", 3_600), ("hours", 3_600), ("minute", 60), ("minutes", 60)];
/// The most of anything that is counted or timed in one period.
const MOST: u64 = 1_000_000_000;

/// A word and its place in its text.
type Word<'v> = (&'v str, Range<usize>);

/// The parts of `8 hours per month`. `every` is `None` where the period is wrong, and then reported already.
struct Per<'v> {
    amount: Word<'v>,
    unit: Word<'v>,
    every: Option<Every>,
}

/// Reads money per calendar period: `500 USD per month`. Any currency is accepted while the kernel's own is unknown.
pub(crate) fn money_per(value: &Value, currency: Option<Currency>, mistakes: &mut Mistakes) -> Option<MoneyPer> {
    let per = per(value, &example(currency, " per month"), mistakes)?;
    let amount_minor = amount_of_money(value, &per.amount, &per.unit, currency, mistakes);
    Some(MoneyPer { amount_minor: amount_minor?, every: per.every? })
}

/// Reads a quantity per calendar period: `8 hours per month`, `500 USD per year`, `5 places per week`.
pub(crate) fn quantity_per(value: &Value, currency: Currency, mistakes: &mut Mistakes) -> Option<(Amount, Every)> {
    let per = per(value, "8 hours per month", mistakes)?;
    quantity(value, &per.amount, &per.unit, currency, mistakes).zip(per.every)
}

/// Reads money: `5000 USD`.
pub(crate) fn money(value: &Value, currency: Currency, mistakes: &mut Mistakes) -> Option<i64> {
    let words = words(&value.text);
    let [amount, unit] = words.as_slice() else {
        return wrong(value, &example(Some(currency), ""), mistakes);
    };
    amount_of_money(value, amount, unit, Some(currency), mistakes)
}

fn per<'v>(value: &'v Value, example: &str, mistakes: &mut Mistakes) -> Option<Per<'v>> {
    let words = words(&value.text);
    let [amount, unit, ("per", _), (word, at)] = words.as_slice() else {
        return wrong(value, example, mistakes);
    };
    let every = Every::parse(word);
    if every.is_none() {
        let why = format!("no calendar period is called `{word}`");
        mistakes.report(code::UNKNOWN_PERIOD, &value.place(at), why, suggest(word, &Every::names()));
    }
    Some(Per { amount: amount.clone(), unit: unit.clone(), every })
}

/// Reads money, time, or a count of things.
fn quantity(value: &Value, amount: &Word, unit: &Word, currency: Currency, mistakes: &mut Mistakes) -> Option<Amount> {
    let (digits, at) = amount;
    if let Some((_, seconds)) = TIMES.iter().find(|(name, _)| *name == unit.0) {
        let micro = parse_decimal(digits, 6).ok().and_then(|micro| u64::try_from(micro).ok());
        let given = micro.and_then(|micro| micro.checked_mul(*seconds)).and_then(|micro| micro.checked_div(MICRO));
        return in_range(value, at, given, mistakes).map(Amount::Seconds);
    }
    let is_code = unit.0.len() == 3 && unit.0.bytes().all(|letter| letter.is_ascii_uppercase());
    if is_code {
        return amount_of_money(value, amount, unit, Some(currency), mistakes).map(Amount::Money);
    }
    if let Some(meant) = nearest(unit.0, TIMES.map(|(name, _)| name)) {
        let why = format!("no unit is called `{}`", unit.0);
        return mistakes.refuse(code::UNKNOWN_UNIT, &value.place(&unit.1), why, format!("did you mean `{meant}`?"));
    }
    if unit.0.is_empty() || !unit.0.chars().all(char::is_alphabetic) {
        return wrong(value, "8 hours per month", mistakes);
    }
    in_range(value, at, digits.parse().ok(), mistakes).map(Amount::Count)
}

fn amount_of_money(
    value: &Value,
    amount: &Word,
    unit: &Word,
    currency: Option<Currency>,
    mistakes: &mut Mistakes,
) -> Option<i64> {
    let at = value.place(&unit.1);
    let written = Currency::parse(unit.0);
    let currency = match (currency, written) {
        (Some(ours), Some(written)) if ours.code() != written.code() => {
            let why = format!("this co-op counts in {}, not in {}", ours.code(), unit.0);
            return mistakes.refuse(code::OTHER_CURRENCY, &at, why, None);
        }
        (_, Some(written)) => written,
        (Some(ours), None) => {
            let why = format!("no currency is called `{}`", unit.0);
            let help = format!("this co-op counts in `{}`", ours.code());
            return mistakes.refuse(code::UNKNOWN_CURRENCY, &at, why, help);
        }
        (None, None) => return None,
    };
    let minor = parse_decimal(amount.0, currency.digits()).ok().filter(|minor| *minor > 0);
    minor.or_else(|| {
        let (digits, code, decimals) = (amount.0, currency.code(), currency.digits());
        let why = format!("`{digits}` is not an amount of {code} above 0 with {decimals} decimals at most");
        mistakes.refuse(code::BAD_AMOUNT, &value.place(&amount.1), why, None)
    })
}

fn in_range(value: &Value, at: &Range<usize>, number: Option<u64>, mistakes: &mut Mistakes) -> Option<u64> {
    number.filter(|number| (1..=MOST).contains(number)).or_else(|| {
        let why = format!("`{}` is not a number above 0, or too large a one", value.text);
        mistakes.refuse(code::BAD_AMOUNT, &value.place(at), why, None)
    })
}

fn wrong<T>(value: &Value, example: &str, mistakes: &mut Mistakes) -> Option<T> {
    let why = format!("`{}` is not an amount of the kind that belongs here", value.text);
    mistakes.refuse(code::BAD_AMOUNT, &value.at, why, format!("write it as in `{example}`"))
}

fn example(currency: Option<Currency>, per: &str) -> String {
    let code = currency.map_or("USD", |currency| currency.code());
    format!("500 {code}{per}")
}
