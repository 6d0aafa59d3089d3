//! A part of a formula in plain English.

use crate::formula::Source;
use crate::formula::parse::{Add, Comparison, Expression, Multiply, What};

/// Longer words than this are shortened: the lines below explain the parts.
const LONGEST: usize = 120;

/// Returns the part in words.
pub(crate) fn words(part: &Expression, sources: &[Source]) -> String {
    let full = full(part, sources);
    if full.chars().count() <= LONGEST { full } else { short(part) }
}

fn full(part: &Expression, sources: &[Source]) -> String {
    match &part.what {
        What::Number { written, .. } => written.clone(),
        What::Source(index) => sources.get(*index).map_or_else(String::new, Source::words),
        What::Least(parts) => among("the lesser of", "the least of", parts, sources),
        What::Greatest(parts) => among("the greater of", "the greatest of", parts, sources),
        What::Root(inner) => format!("the square root of {}", grouped(inner, sources)),
        What::Negative(inner) => format!("minus {}", grouped(inner, sources)),
        What::Not(inner) => format!("not {}", grouped(inner, sources)),
        What::All(parts) => joined(parts, " and ", sources),
        What::Any(parts) => joined(parts, " or ", sources),
        What::Sum(terms) => chain(terms, |how| if how == Add::Plus { " + " } else { " − " }, sources),
        What::Product(factors) => chain(
            factors,
            |how| {
                if how == Multiply::Times { " × " } else { " ÷ " }
            },
            sources,
        ),
        What::Compare(how, sides) => {
            format!("{} {} {}", grouped(&sides.0, sources), sign(*how), grouped(&sides.1, sources))
        }
        What::Choice(choice) => format!(
            "{} if {}, otherwise {}",
            grouped(&choice.then, sources),
            full(&choice.condition, sources),
            full(&choice.otherwise, sources)
        ),
    }
}

impl Source {
    /// Writes the source as a formula's explanation does: `donated last month`.
    pub fn words(&self) -> String {
        match self {
            Source::Support { kind, period } | Source::Falling { kind, period } => format!("{} {period}", kind.given()),
            Source::Faded { kind, half_life_us } => {
                let half_life = quantity::Span::from_seconds(half_life_us.div_euclid(1_000_000));
                format!("what was {} and fades by half in {half_life}", kind.given())
            }
            Source::Of { service, of } => format!("{} of {service}", of.words()),
            Source::Count(class) => format!("the number of {class}"),
            Source::Highest(class) => format!("the highest weight among {class}"),
            Source::Total(class) => format!("the weight of all {class}"),
        }
    }
}

/// Returns the words, in parentheses where they would run into their neighbours.
fn grouped(part: &Expression, sources: &[Source]) -> String {
    let words = full(part, sources);
    let fades = |index| matches!(sources.get(index).map(Source::whole), Some(Source::Faded { .. }));
    match part.what {
        What::Source(index) if fades(index) => format!("({words})"),
        What::Number { .. } | What::Source(_) | What::Root(_) => words,
        _ => format!("({words})"),
    }
}

fn among(two: &str, many: &str, parts: &[Expression], sources: &[Source]) -> String {
    let start = if parts.len() == 2 { two } else { many };
    let words: Vec<String> = parts.iter().map(|part| grouped(part, sources)).collect();
    match words.as_slice() {
        [first @ .., last] => format!("{start} {} and {last}", first.join(", ")),
        [] => start.to_owned(),
    }
}

fn joined(parts: &[Expression], with: &str, sources: &[Source]) -> String {
    parts.iter().map(|part| grouped(part, sources)).collect::<Vec<_>>().join(with)
}

fn chain<How: Copy>(parts: &[(How, Expression)], sign: impl Fn(How) -> &'static str, sources: &[Source]) -> String {
    let mut words = String::new();
    for (index, (how, part)) in parts.iter().enumerate() {
        if index > 0 {
            words.push_str(sign(*how));
        }
        words.push_str(&grouped(part, sources));
    }
    words
}

fn sign(how: Comparison) -> &'static str {
    match how {
        Comparison::Equal => "is",
        Comparison::Unequal => "is not",
        Comparison::Less => "is less than",
        Comparison::AtMost => "is at most",
        Comparison::More => "is more than",
        Comparison::AtLeast => "is at least",
    }
}

fn short(part: &Expression) -> String {
    match &part.what {
        What::Number { written, .. } => written.clone(),
        What::Source(_) => "what was given".to_owned(),
        What::Least(parts) => format!("the least of {} values", parts.len()),
        What::Greatest(parts) => format!("the greatest of {} values", parts.len()),
        What::Root(_) => "the square root".to_owned(),
        What::Negative(_) => "minus".to_owned(),
        What::Not(_) => "not so".to_owned(),
        What::All(parts) => format!("all of {} conditions", parts.len()),
        What::Any(parts) => format!("any of {} conditions", parts.len()),
        What::Sum(terms) => format!("the sum of {} parts", terms.len()),
        What::Product(factors) => format!("the product of {} parts", factors.len()),
        What::Compare(..) => "a comparison".to_owned(),
        What::Choice(_) => "a choice".to_owned(),
    }
}
