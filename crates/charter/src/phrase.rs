//! The phrases that fields are written in: names, spans, rhythms, percentages, amounts. Each reads one
//! value and tells what is wrong with it.

use std::ops::RangeInclusive;

use quantity::{Currency, MICRO, PPM, Rhythm, Span, parse_decimal};

use crate::code;
use crate::document::{Field, Mistakes, Value};
use crate::nearest::{list, suggest};
use crate::{Every, MoneyPer};

/// The longest name, in characters.
const LONGEST_NAME: usize = 64;
const HOUR: Span = Span::from_seconds(3_600);
const TEN_YEARS: Span = Span::from_seconds(10 * 365 * 86_400);

/// A name that other rules refer to: lower-case letters and digits, with single hyphens inside.
pub(crate) fn name(value: &Value, mistakes: &mut Mistakes) -> Option<String> {
    let text = &value.text;
    let letter = |letter: char| letter.is_alphanumeric() && !letter.is_uppercase();
    let sound = text
        .chars()
        .next()
        .is_some_and(|first| first.is_alphabetic())
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(letter));
    if !sound {
        let why = format!(
            "`{text}` is not a name: it has lower-case letters, digits and single hyphens inside"
        );
        let mended = mend(text);
        let help = (!mended.is_empty()).then(|| format!("write `{mended}`"));
        mistakes.tell(code::BAD_NAME, &value.at, why, help);
        return None;
    }
    if text.chars().count() > LONGEST_NAME {
        mistakes.tell(
            code::BAD_NAME,
            &value.at,
            format!("a name has {LONGEST_NAME} letters at most"),
            None,
        );
        return None;
    }
    Some(text.clone())
}

fn mend(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let parts = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|part| !part.is_empty());
    let mended = parts.take(8).collect::<Vec<_>>().join("-");
    mended
        .trim_start_matches(|letter: char| !letter.is_alphabetic())
        .to_owned()
}

/// A line of prose with a first and a last length in characters.
pub(crate) fn line(field: &Field, longest: usize, mistakes: &mut Mistakes) -> Option<String> {
    let value = field.text(mistakes)?;
    let text = value.text.trim();
    let count = text.chars().count();
    if count == 0 || count > longest || text.chars().any(char::is_control) {
        let why = format!(
            "`{}` is one line of 1 to {longest} letters",
            field.name.text
        );
        mistakes.tell(code::OUT_OF_RANGE, &value.at, why, None);
        return None;
    }
    Some(text.to_owned())
}

/// One of a closed list of words.
pub(crate) fn choice(value: &Value, known: &[&str], mistakes: &mut Mistakes) -> Option<String> {
    if known.contains(&value.text.as_str()) {
        return Some(value.text.clone());
    }
    let why = format!("`{}` is none of {}", value.text, list(known));
    mistakes.tell(
        code::UNKNOWN_CHOICE,
        &value.at,
        why,
        suggest(&value.text, known),
    );
    None
}

/// A span between an hour and ten years.
pub(crate) fn span(value: &Value, mistakes: &mut Mistakes) -> Option<Span> {
    let Some(span) = Span::parse(&value.text) else {
        let help = Some("write a whole number and a unit, as in `14 days`".to_owned());
        mistakes.tell(
            code::BAD_SPAN,
            &value.at,
            format!("`{}` is not a length of time", value.text),
            help,
        );
        return None;
    };
    if !(HOUR..=TEN_YEARS).contains(&span) {
        mistakes.tell(
            code::OUT_OF_RANGE,
            &value.at,
            "a length of time is from 1 hour to 10 years",
            None,
        );
        return None;
    }
    Some(span)
}

/// A rhythm such as `weekly on monday at 01:00`.
pub(crate) fn rhythm(value: &Value, mistakes: &mut Mistakes) -> Option<Rhythm> {
    let rhythm = Rhythm::parse(&value.text);
    if rhythm.is_none() {
        let help = "write `hourly`, `daily at 01:00`, `weekly on monday at 01:00` or `monthly on 1 at 01:00`";
        let why = format!("`{}` is not a rhythm", value.text);
        mistakes.tell(code::BAD_RHYTHM, &value.at, why, Some(help.to_owned()));
    }
    rhythm
}

/// A percentage with up to four decimals, in parts per million.
pub(crate) fn ratio_ppm(
    value: &Value,
    range: RangeInclusive<u32>,
    mistakes: &mut Mistakes,
) -> Option<u32> {
    let percent = value.text.strip_suffix('%').map(str::trim_end);
    let ppm = percent.and_then(|number| parse_decimal(number, 4).ok());
    let Some(ppm) = ppm else {
        let help = Some("write a percentage in quotes, as in `\"20%\"`".to_owned());
        mistakes.tell(
            code::BAD_RATIO,
            &value.at,
            format!("`{}` is not a percentage", value.text),
            help,
        );
        return None;
    };
    let inside = u32::try_from(ppm).ok().filter(|ppm| range.contains(ppm));
    if inside.is_none() {
        let why = format!(
            "the percentage is from {} to {}",
            percent_of(*range.start()),
            percent_of(*range.end())
        );
        mistakes.tell(code::OUT_OF_RANGE, &value.at, why, None);
    }
    inside
}

fn percent_of(ppm: u32) -> String {
    let micro = i128::from(ppm).saturating_mul(100);
    format!("{}%", quantity::format_micro(micro))
}

/// A number of micro-units, with the unit's word after it if it has one: `0.5 votes`.
pub(crate) fn micro(value: &Value, unit: &str, mistakes: &mut Mistakes) -> Option<u64> {
    let text = value.text.trim();
    let number = text
        .strip_suffix(unit)
        .or_else(|| text.strip_suffix(unit.trim_end_matches('s')));
    let number = number.map(str::trim_end);
    match number
        .and_then(|number| parse_decimal(number, 6).ok())
        .and_then(|micro| u64::try_from(micro).ok())
    {
        Some(micro) if micro <= MICRO.saturating_mul(u64::from(PPM)) => Some(micro),
        Some(_) => {
            mistakes.tell(
                code::OUT_OF_RANGE,
                &value.at,
                "the amount is 1000000 at most",
                None,
            );
            None
        }
        None => {
            let why = format!("`{}` is not a number of {unit}", value.text);
            mistakes.tell(
                code::BAD_AMOUNT,
                &value.at,
                why,
                Some(format!("write it as in `0.5 {unit}`")),
            );
            None
        }
    }
}

/// Money per calendar period: `500 USD per month`.
pub(crate) fn money_per(
    value: &Value,
    currency: Currency,
    mistakes: &mut Mistakes,
) -> Option<MoneyPer> {
    let code = currency.code();
    let words: Vec<&str> = value.text.split_whitespace().collect();
    let parsed = match *words.as_slice() {
        [amount, unit, "per", every] if unit == code => parse_decimal(amount, currency.digits())
            .ok()
            .filter(|amount| *amount > 0)
            .zip(every_of(every)),
        _ => None,
    };
    if parsed.is_none() {
        let why = format!(
            "`{}` is not an amount of {code} per day, week, month, quarter or year",
            value.text
        );
        let help = Some(format!("write it as in `500 {code} per month`"));
        mistakes.tell(code::BAD_AMOUNT, &value.at, why, help);
    }
    parsed.map(|(amount_minor, every)| MoneyPer {
        amount_minor,
        every,
    })
}

fn every_of(word: &str) -> Option<Every> {
    match word {
        "day" => Some(Every::Day),
        "week" => Some(Every::Week),
        "month" => Some(Every::Month),
        "quarter" => Some(Every::Quarter),
        "year" => Some(Every::Year),
        _ => None,
    }
}
