//! How the kernel itself changes: a part of all weight assents to another text for long enough.

use std::ops::Range;

use quantity::{PPM, Span};

use crate::code;
use crate::document::{Mistakes, Value};
use crate::facts::Facts;
use crate::kernel::Kernel;
use crate::named::Meaning;
use crate::phrase;
use crate::vocabulary::{Known, field};
use crate::words;

/// How the kernel itself changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amendment {
    /// The kernel never changes: members who want another one fork.
    Never,
    /// Members assent to a text with this much weight, without a break, for this long.
    Held {
        of_weight: Part,
        /// Also in every class that has weight.
        of_each_class: Option<Part>,
        span: Span,
    },
}

/// A part of a whole, exact: two thirds is 2 of 3.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    pub numerator: u32,
    /// Never 0.
    pub denominator: u32,
}

pub(super) const AMEND: Known = field("amend", "what it takes to change the kernel itself").values(EXAMPLES);
const EXAMPLES: &[Meaning] = &[
    ("2/3 of weight for 180 days", "two thirds of all weight, held for half a year"),
    ("3/4 of weight and 1/2 of each class for 90 days", "also half of every class"),
    ("never", "members who want another kernel fork"),
];
const DAY: Span = Span::from_seconds(86_400);
const TEN_YEARS: Span = Span::from_seconds(10 * 365 * 86_400);
/// Two thirds of all weight for half a year.
pub(super) const DEFAULT: Amendment = Amendment::Held {
    of_weight: Part { numerator: 2, denominator: 3 },
    of_each_class: None,
    span: Span::from_seconds(180 * 86_400),
};

pub(super) fn read(value: &Value, mistakes: &mut Mistakes) -> Option<Amendment> {
    let words = phrase::words(&value.text);
    let only: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let (of_weight, of_each_class, span) = match *only.as_slice() {
        ["never"] => return Some(Amendment::Never),
        [part, "of", "weight", "for", count, unit] => (part, None, [count, unit]),
        [part, "of", "weight", "and", each, "of", "each", "class", "for", count, unit] => {
            (part, Some(each), [count, unit])
        }
        _ => {
            let why = format!("`{}` does not say how the kernel changes", value.text);
            let help =
                "write `never`, `2/3 of weight for 180 days` or `3/4 of weight and 1/2 of each class for 90 days`";
            return mistakes.refuse(code::BAD_AMENDMENT, &value.at, why, help);
        }
    };
    let at = |nth: usize| words.get(nth).map_or(0..0, |(_, at)| at.clone());
    let mut wrong = |at: Range<usize>, why: String| {
        mistakes.report(code::BAD_AMENDMENT, &value.place(&at), why, None);
    };
    // A part below a half would let a minority change the kernel.
    let majority = part(of_weight).filter(|part| part.is_half());
    if majority.is_none() {
        wrong(at(0), format!("`{of_weight}` is not a part from a half to all, as in `2/3`"));
    }
    let each = of_each_class.map(part);
    if let (Some(None), Some(text)) = (each, of_each_class) {
        wrong(at(4), format!("`{text}` is not a part above 0 to all, as in `1/2`"));
    }
    // The count and the unit of the span are the last two words.
    let span_at = at(words.len().saturating_sub(2)).start..at(words.len().saturating_sub(1)).end;
    let span = Span::parse(&span.join(" ")).filter(|span| (DAY..=TEN_YEARS).contains(span));
    if span.is_none() {
        wrong(span_at, "a kernel changes after 1 day to 10 years of assent".to_owned());
    }
    Some(Amendment::Held {
        of_weight: majority?,
        of_each_class: match each {
            Some(each) => Some(each?),
            None => None,
        },
        span: span?,
    })
}

/// Reads a part above 0 and at most all: `2/3`, `75%`.
fn part(ratio: &str) -> Option<Part> {
    let (numerator, denominator) = match ratio.split_once('/') {
        Some((part, whole)) => (part.parse::<u32>().ok()?, whole.parse::<u32>().ok()?),
        None => {
            let ppm = quantity::parse_decimal(ratio.strip_suffix('%')?, 4).ok()?;
            (u32::try_from(ppm).ok()?, PPM)
        }
    };
    (numerator > 0 && numerator <= denominator).then_some(Part { numerator, denominator })
}

/// Says how the kernel changes, a sentence each.
pub fn explain_amendment(kernel: &Kernel) -> Vec<String> {
    meaning(kernel, None)
}

/// Says how the kernel changes, with what that takes today.
pub(crate) fn meaning(kernel: &Kernel, facts: Option<&Facts>) -> Vec<String> {
    let mut sentences = vec![kernel.amend.sentence()];
    let Amendment::Held { of_weight, of_each_class, span } = kernel.amend else {
        return sentences;
    };
    sentences.push(format!("Falling below that, even for one count, begins the {} anew.", words::days(span)));
    if let Some(facts) = facts {
        sentences.extend(heaviest(of_weight, facts));
        sentences.extend(of_each_class.and_then(|part| each_class(part, facts)));
    }
    sentences
}

impl Amendment {
    pub(super) fn sentence(self) -> String {
        let Amendment::Held { of_weight, of_each_class, span } = self else {
            return "The kernel never changes: members who want another one leave together with others.".to_owned();
        };
        let whole = of_weight.numerator == of_weight.denominator;
        let part = if whole { String::new() } else { format!("{} of ", of_weight.words()) };
        let each = of_each_class.map(|part| format!(", and with {} of the weight of each class,", part.words()));
        format!(
            "The kernel changes when members with {part}all weight{} assent to the same text for {} without a break.",
            each.unwrap_or_default(),
            words::days(span)
        )
    }
}

/// Says how many of the heaviest members could change the kernel together.
fn heaviest(part: Part, facts: &Facts) -> Option<String> {
    let (needed, sum) = facts.heaviest.fewest_with(part)?;
    let (sum, total) = (words::micro(sum), words::micro(facts.heaviest.whole_micro()));
    Some(match needed {
        1 => format!("Today one member alone has that much: {sum} of {total}."),
        several => format!("Today the {several} heaviest members together have that much: {sum} of {total}."),
    })
}

fn each_class(part: Part, facts: &Facts) -> Option<String> {
    let needs = facts.classes.iter().filter(|(_, class)| class.total_micro > 0);
    let needs: Vec<String> = needs
        .map(|(name, class)| {
            let needed = class
                .total_micro
                .saturating_mul(u128::from(part.numerator))
                .div_ceil(u128::from(part.denominator.max(1)));
            format!("{} of the {}", words::micro(needed), words::plain(name))
        })
        .collect();
    (!needs.is_empty()).then(|| format!("Of each class that is a weight of {} today.", words::all_of(&needs)))
}

impl Part {
    /// Reports whether it is a half or more.
    pub fn is_half(self) -> bool {
        u64::from(self.numerator).saturating_mul(2) >= u64::from(self.denominator)
    }

    /// Reports whether `part` is at least this part of `whole`; never where `whole` is 0.
    pub fn is_reached(self, part: u128, whole: u128) -> bool {
        // INVARIANT: the weights of all members together stay below 2^96, so the products fit.
        let (numerator, denominator) = (u128::from(self.numerator), u128::from(self.denominator));
        whole > 0 && part.saturating_mul(denominator) >= whole.saturating_mul(numerator)
    }

    /// Writes `two thirds`, `75 %`, `5/7`.
    fn words(self) -> String {
        let words = match (self.numerator, self.denominator) {
            (one, all) if one == all => "all",
            (1, 2) => "half",
            (2, 3) => "two thirds",
            (3, 4) => "three quarters",
            (3, 5) => "three fifths",
            (4, 5) => "four fifths",
            (ppm, PPM) => return words::percent(ppm),
            (numerator, denominator) => return format!("{numerator}/{denominator}"),
        };
        words.to_owned()
    }
}
