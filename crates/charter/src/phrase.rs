//! The phrases in which fields are written: names, spans, rhythms, percentages, amounts. Each function reads one value and
//! reports the mistake in it.

mod amount;

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use quantity::{MICRO, Moment, PPM, Rhythm, Span, Zone, parse_decimal};

use crate::code;
use crate::document::{Mistakes, Node, Value, is_invisible};
use crate::named::Named;
use crate::nearest::{list, nearest};
use crate::support::{SERVICE_NAMES, is_service};

pub use amount::{Amount, Every, MoneyPer};
pub(crate) use amount::{money, money_per, quantity_per};

/// The longest name, in characters.
const LONGEST_NAME: usize = 64;
const HOUR: Span = Span::from_seconds(3_600);
/// Units of a span, for a writer who mistypes one.
const UNITS: [&str; 14] = [
    "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
    "year", "years",
];
const TEN_YEARS: Span = Span::from_seconds(10 * 365 * 86_400);

/// Reads a name that other rules refer to: lower-case letters and digits, with single hyphens inside.
pub(crate) fn name(value: &Value, mistakes: &mut Mistakes) -> Option<String> {
    let text = &value.text;
    let letter = |letter: char| letter.is_alphanumeric() && !letter.is_uppercase();
    let sound = text.chars().next().is_some_and(|first| first.is_alphabetic())
        && text.split('-').all(|part| !part.is_empty() && part.chars().all(letter));
    if !sound {
        let why = format!("`{text}` is not a name: it has lower-case letters, digits and single hyphens inside");
        let mended = mend(text);
        let help = (!mended.is_empty()).then(|| format!("write `{mended}`"));
        return mistakes.refuse(code::BAD_NAME, &value.at, why, help);
    }
    if text.split('-').any(mixes_alphabets) {
        let why = format!("`{text}` mixes letters of several alphabets: it could look like another name");
        return mistakes.refuse(code::BAD_NAME, &value.at, why, "write each part between hyphens in one alphabet");
    }
    if text.chars().count() > LONGEST_NAME {
        return mistakes.refuse(code::BAD_NAME, &value.at, format!("a name has {LONGEST_NAME} letters at most"), None);
    }
    Some(text.clone())
}

/// Reads the name after the word of a class or clause, which no earlier one may have.
pub(crate) fn own_name(
    node: &Node,
    what: &str,
    taken: &mut BTreeSet<String>,
    mistakes: &mut Mistakes,
) -> Option<String> {
    let Some(value) = node.values.first() else {
        let why = format!("this {what} has no name");
        return mistakes.refuse(code::FIELD_MISSING, &node.name.at, why, format!("write `{} \"…\"`", node.name.text));
    };
    if let Some(extra) = node.values.get(1) {
        mistakes.report(code::UNEXPECTED_VALUE, &extra.at, format!("a {what} has one name"), None);
    }
    let name = name(value, mistakes)?;
    if !taken.insert(name.clone()) {
        let help = "give one of them another name";
        return mistakes.refuse(code::NAME_TAKEN, &value.at, format!("there is a {what} `{name}` already"), help);
    }
    Some(name)
}

/// Reports whether Latin letters are mixed with others: a Cyrillic or Greek one can look like a Latin one.
fn mixes_alphabets(part: &str) -> bool {
    let is_latin = |letter: char| matches!(letter, 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    let letters = || part.chars().filter(|letter| letter.is_alphabetic());
    letters().any(is_latin) && !letters().all(is_latin)
}

fn mend(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let parts = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
    let mended = parts.take(8).collect::<Vec<_>>().join("-");
    mended.trim_start_matches(|letter: char| !letter.is_alphabetic()).to_owned()
}

/// Reads a line of prose with at most so many characters.
pub(crate) fn line(value: &Value, longest: usize, mistakes: &mut Mistakes) -> Option<String> {
    let text = value.text.trim();
    let count = text.chars().count();
    if count > 0 && is_invisible(text) {
        let why = "nothing of this text can be seen";
        return mistakes.refuse(code::HIDDEN_SIGN, &value.at, why, "write it with letters");
    }
    if count == 0 || count > longest || text.chars().any(char::is_control) {
        let why = format!("this is one line of 1 to {longest} letters");
        return mistakes.refuse(code::OUT_OF_RANGE, &value.at, why, None);
    }
    Some(text.to_owned())
}

/// Reads one of a closed list of words.
pub(crate) fn choice(value: &Value, known: &[&str], mistakes: &mut Mistakes) -> Option<String> {
    if known.contains(&value.text.as_str()) {
        return Some(value.text.clone());
    }
    let why = format!("`{}` is none of {}", value.text, list(known));
    let help = nearest(&value.text, known.iter().copied());
    let help = help.map(|meant| format!("did you mean `{meant}`?"));
    mistakes.refuse(code::UNKNOWN_CHOICE, &value.at, why, help)
}

/// Reads a span between an hour and ten years.
pub(crate) fn span(value: &Value, mistakes: &mut Mistakes) -> Option<Span> {
    let named = mistakes.number(&value.text);
    if let Some(number) = named.as_ref().filter(|number| number.span().is_none()) {
        let why = format!("`{}` is no length of time: it is {}", value.text, number.written);
        return mistakes.refuse(code::OTHER_UNIT, &value.at, why, "write a whole number and a unit, as in `14 days`");
    }
    let span = named.and_then(|number| number.span());
    let Some(span) = span.or_else(|| Span::parse(&value.text)) else {
        let unit = value.text.split_whitespace().nth(1);
        let meant = unit.and_then(|unit| nearest(unit, UNITS.iter().copied()));
        let help = match meant.filter(|meant| Some(*meant) != unit) {
            Some(meant) => Some(format!("did you mean `{meant}`?")),
            None => Some("write a whole number and a unit, as in `14 days`".to_owned()),
        };
        return mistakes.refuse(code::BAD_SPAN, &value.at, format!("`{}` is not a length of time", value.text), help);
    };
    if !(HOUR..=TEN_YEARS).contains(&span) {
        return mistakes.refuse(code::OUT_OF_RANGE, &value.at, "a length of time is from 1 hour to 10 years", None);
    }
    Some(span)
}

/// Reads the name of a service.
pub(crate) fn service(value: &Value, mistakes: &mut Mistakes) -> Option<String> {
    if is_service(&value.text) {
        return Some(value.text.clone());
    }
    let why = format!("`{}` is not the name of a service", value.text);
    mistakes.refuse(code::BAD_NAME, &value.at, why, SERVICE_NAMES)
}

/// Reads a day such as `2027-03-31` as its last moment in the zone.
pub(crate) fn day(value: &Value, zone: &Zone, mistakes: &mut Mistakes) -> Option<Moment> {
    let text = value.text.trim();
    let day = (text.len() == "2027-03-31".len()).then(|| Moment::parse_at_end_of_day(text, zone).ok()).flatten();
    if day.is_none() {
        let why = format!("`{}` is not a day of the calendar", value.text);
        mistakes.report(code::BAD_DAY, &value.at, why, "write it as in `2027-03-31`");
    }
    day
}

/// Reads one of a closed set.
pub(crate) fn named<T: Named>(value: &Value, mistakes: &mut Mistakes) -> Option<T> {
    choice(value, &T::names(), mistakes).and_then(|word| T::of(&word))
}

/// Returns the words of a text with their places. No phrase has more than sixteen, so the rest is left out.
pub(crate) fn words(text: &str) -> Vec<(&str, Range<usize>)> {
    const MOST: usize = 16;
    let mut words = Vec::new();
    let mut start = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, letter) in ends {
        match (start, letter.is_whitespace()) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                words.push((text.get(from..at).unwrap_or(""), from..at));
                start = None;
            }
            _ => {}
        }
        if words.len() == MOST {
            break;
        }
    }
    words
}

/// Reads a rhythm such as `weekly on monday at 01:00`.
pub(crate) fn rhythm(value: &Value, mistakes: &mut Mistakes) -> Option<Rhythm> {
    let rhythm = Rhythm::parse(&value.text);
    if rhythm.is_none() {
        let help = "write `hourly`, `daily at 01:00`, `weekly on monday at 01:00` or `monthly on 1 at 01:00`";
        let why = format!("`{}` is not a rhythm", value.text);
        mistakes.report(code::BAD_RHYTHM, &value.at, why, help);
    }
    rhythm
}

/// Reads a percentage with up to four decimals, in parts per million.
pub(crate) fn ratio_ppm(value: &Value, range: RangeInclusive<u32>, mistakes: &mut Mistakes) -> Option<u32> {
    let named = mistakes.number(&value.text);
    if let Some(number) = named.as_ref().filter(|number| number.ppm().is_none()) {
        let why = format!("`{}` is no percentage: it is {}", value.text, number.written);
        return mistakes.refuse(code::OTHER_UNIT, &value.at, why, "write a percentage in quotes, as in `\"20%\"`");
    }
    let percent = value.text.strip_suffix('%').map(str::trim_end);
    let ppm = percent.and_then(|number| parse_decimal(number, 4).ok());
    let ppm = named.and_then(|number| number.ppm()).map(i64::from).or(ppm);
    let Some(ppm) = ppm else {
        let help = "write a percentage in quotes, as in `\"20%\"`";
        return mistakes.refuse(code::BAD_RATIO, &value.at, format!("`{}` is not a percentage", value.text), help);
    };
    let inside = u32::try_from(ppm).ok().filter(|ppm| range.contains(ppm));
    if inside.is_none() {
        let why = format!("the percentage is from {} to {}", percent_of(*range.start()), percent_of(*range.end()));
        mistakes.report(code::OUT_OF_RANGE, &value.at, why, None);
    }
    inside
}

/// Writes parts per million as a percentage.
pub(crate) fn percent_of(ppm: impl Into<i128>) -> String {
    let micro = ppm.into().saturating_mul(100);
    format!("{}%", quantity::format_micro(micro))
}

/// Reads a number of micro-units, with the unit's word after it if it has one: `0.5 votes`.
pub(crate) fn micro(value: &Value, unit: &str, mistakes: &mut Mistakes) -> Option<u64> {
    let text = value.text.trim();
    let number = text.strip_suffix(unit).or_else(|| text.strip_suffix(unit.trim_end_matches('s')));
    let number = number.map(str::trim_end);
    match number.and_then(|number| parse_decimal(number, 6).ok()).and_then(|micro| u64::try_from(micro).ok()) {
        Some(micro) if micro <= MICRO.saturating_mul(u64::from(PPM)) => Some(micro),
        Some(_) => mistakes.refuse(code::OUT_OF_RANGE, &value.at, "the amount is 1000000 at most", None),
        None => {
            let why = format!("`{}` is not a number of {unit}", value.text);
            mistakes.refuse(code::BAD_AMOUNT, &value.at, why, format!("write it as in `0.5 {unit}`"))
        }
    }
}
