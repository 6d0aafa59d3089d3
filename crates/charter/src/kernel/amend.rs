//! How the kernel itself changes: a part of all weight, and from edition 2 on of the members, assents to another text for long
//! enough.

use std::ops::Range;

use quantity::{PPM, Span};

use crate::code;
use crate::document::{Mistakes, Value};
use crate::edition::Edition;
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
        /// Also of the members, by heads.
        of_members: Option<Heads>,
        span: Span,
    },
}

/// A part of the members, by heads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Heads {
    pub part: Part,
    pub of: Of,
}

/// Which members are counted, of those who have had weight for long enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Of {
    All,
    /// Those with something placed or delegated at the count.
    Active,
}

/// A part of a whole, exact: two thirds is 2 of 3.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    pub numerator: u32,
    /// Never 0.
    pub denominator: u32,
    pub reach: Reach,
}

/// Whether a part itself is enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    AtLeast,
    /// A half, from edition 2 on.
    MoreThan,
}

pub(super) const AMEND: Known = field("amend", "what it takes to change the kernel itself").values(EXAMPLES);
const EXAMPLES: &[Meaning] = &[
    ("2/3 of weight for 180 days", "two thirds of all weight, held for half a year"),
    ("3/4 of weight and 1/2 of each class for 90 days", "also half of every class"),
    ("never", "members who want another kernel fork"),
];
const DAY: Span = Span::from_seconds(86_400);
const TEN_YEARS: Span = Span::from_seconds(10 * 365 * 86_400);

/// Two thirds of all weight for half a year; from edition 2 on also more than half of the members.
pub(super) const fn usual(edition: Edition) -> Amendment {
    let half = Part { numerator: 1, denominator: 2, reach: Reach::MoreThan };
    Amendment::Held {
        of_weight: Part { numerator: 2, denominator: 3, reach: Reach::AtLeast },
        of_each_class: None,
        of_members: if edition.number() >= Edition::TWO.number() {
            Some(Heads { part: half, of: Of::All })
        } else {
            None
        },
        span: Span::from_seconds(180 * 86_400),
    }
}

/// The parts of a phrase, each with the place of its word.
type Parts<'v> = (&'v str, Option<(&'v str, usize)>, Option<(&'v str, usize, Of)>);

/// Returns the parts that the words before `for` name; `None` where they say something else.
fn parts<'v>(words: &[&'v str], edition: Edition) -> Option<Parts<'v>> {
    let (weight, mut rest) = match words {
        [part, "of", "weight", rest @ ..] => (*part, rest),
        _ => return None,
    };
    let (mut each, mut members) = (None, None);
    while !rest.is_empty() {
        // The word after `and`.
        let at = words.len().saturating_sub(rest.len()).saturating_add(1);
        rest = match rest {
            ["and", part, "of", "each", "class", rest @ ..] if each.is_none() => {
                each = Some((*part, at));
                rest
            }
            ["and", part, "of", "members", rest @ ..] if members.is_none() && edition >= Edition::TWO => {
                members = Some((*part, at, Of::All));
                rest
            }
            ["and", part, "of", "active", "members", rest @ ..] if members.is_none() && edition >= Edition::TWO => {
                members = Some((*part, at, Of::Active));
                rest
            }
            _ => return None,
        };
    }
    Some((weight, each, members))
}

pub(super) fn read(value: &Value, edition: Edition, mistakes: &mut Mistakes) -> Option<Amendment> {
    let words = phrase::words(&value.text);
    let only: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let said = match only.as_slice() {
        ["never"] => return Some(Amendment::Never),
        [before @ .., "for", count, unit] => parts(before, edition).map(|parts| (parts, [*count, *unit])),
        _ => None,
    };
    let Some(((of_weight, of_each_class, of_members), span)) = said else {
        let why = format!("`{}` does not say how the kernel changes", value.text);
        let help = if edition >= Edition::TWO {
            "write `never`, `2/3 of weight and 1/2 of members for 180 days` or `3/4 of weight and 1/2 of each class for 90 days`"
        } else {
            "write `never`, `2/3 of weight for 180 days` or `3/4 of weight and 1/2 of each class for 90 days`"
        };
        return mistakes.refuse(code::BAD_AMENDMENT, &value.at, why, help);
    };
    let at = |nth: usize| words.get(nth).map_or(0..0, |(_, at)| at.clone());
    let mut wrong = |at: Range<usize>, why: String| {
        mistakes.report(code::BAD_AMENDMENT, &value.place(&at), why, None);
    };
    // A part below a half would let a minority change the kernel.
    let majority = part(of_weight, edition).filter(|part| part.is_half());
    if majority.is_none() {
        wrong(at(0), format!("`{of_weight}` is not a part from a half to all, as in `2/3`"));
    }
    let mut above_nothing = |text: &str, nth: usize| {
        let found = part(text, edition);
        if found.is_none() {
            wrong(at(nth), format!("`{text}` is not a part above 0 to all, as in `1/2`"));
        }
        found
    };
    let each = of_each_class.map(|(text, nth)| above_nothing(text, nth));
    let members = of_members.map(|(text, nth, of)| above_nothing(text, nth).map(|part| Heads { part, of }));
    // The count and the unit of the span are the last two words.
    let span_at = at(words.len().saturating_sub(2)).start..at(words.len().saturating_sub(1)).end;
    let span = Span::parse(&span.join(" ")).filter(|span| (DAY..=TEN_YEARS).contains(span));
    if span.is_none() {
        wrong(span_at, "a kernel changes after 1 day to 10 years of assent".to_owned());
    }
    // A key that was said and could not be read is a mistake, and never no key.
    Some(Amendment::Held {
        of_weight: majority?,
        of_each_class: each.map_or(Some(None), |part| part.map(Some))?,
        of_members: members.map_or(Some(None), |part| part.map(Some))?,
        span: span?,
    })
}

/// Reads a part above 0 and at most all: `2/3`, `75%`. From edition 2 on a half, however it is written, means more than half.
fn part(ratio: &str, edition: Edition) -> Option<Part> {
    let (numerator, denominator) = match ratio.split_once('/') {
        Some((part, whole)) => (part.parse::<u32>().ok()?, whole.parse::<u32>().ok()?),
        None => {
            let ppm = quantity::parse_decimal(ratio.strip_suffix('%')?, 4).ok()?;
            (u32::try_from(ppm).ok()?, PPM)
        }
    };
    let is_half = u64::from(numerator).saturating_mul(2) == u64::from(denominator);
    let reach = if is_half && edition >= Edition::TWO { Reach::MoreThan } else { Reach::AtLeast };
    (numerator > 0 && numerator <= denominator).then_some(Part { numerator, denominator, reach })
}

/// Says how the kernel changes, a sentence each.
pub fn explain_amendment(kernel: &Kernel) -> Vec<String> {
    meaning(kernel, None)
}

/// Says how the kernel changes, for a comparison: without what follows from it.
pub(super) fn compared(kernel: &Kernel) -> Vec<String> {
    let mut sentences = vec![kernel.amend.sentence(kernel.edition)];
    if let Amendment::Held { of_members: Some(heads), .. } = kernel.amend {
        sentences.push(heads.sentence());
    }
    sentences
}

/// Says how the kernel changes, with what that takes today.
pub(crate) fn meaning(kernel: &Kernel, facts: Option<&Facts>) -> Vec<String> {
    let mut sentences = compared(kernel);
    let Amendment::Held { of_weight, of_each_class, span, .. } = kernel.amend else {
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
    pub(super) fn sentence(self, edition: Edition) -> String {
        let Amendment::Held { of_weight, of_each_class, of_members, span } = self else {
            return "The kernel never changes: members who want another one leave together with others.".to_owned();
        };
        let whole = of_weight.numerator == of_weight.denominator;
        let part = if whole { String::new() } else { format!("{} of ", of_weight.said(edition)) };
        let each = of_each_class.map(|part| format!(", and with {} of the weight of each class", part.said(edition)));
        // The weight and the heads are two keys: neither opens alone.
        let heads =
            of_members.map(|heads| format!(", among them {} of the {}", heads.part.said(edition), heads.of.words()));
        let comma = if each.is_some() || heads.is_some() { "," } else { "" };
        format!(
            "The kernel changes when members with {part}all weight{}{}{comma} assent to the same text for {} without a break.",
            each.unwrap_or_default(),
            heads.unwrap_or_default(),
            words::days(span)
        )
    }
}

impl Of {
    fn words(self) -> &'static str {
        match self {
            Of::All => "members",
            Of::Active => "active members",
        }
    }
}

impl Heads {
    /// Says who is counted by heads.
    fn sentence(self) -> String {
        let active = match self.of {
            Of::All => "",
            Of::Active => ", and of them who has any weight placed at the count",
        };
        format!(
            "Members are those who first had weight 180 days before the text was proposed or earlier (in a younger co-op: by the end of its founding period), had it at more than half of the counts since, and have not left{active}."
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
            let needed = part.least(class.total_micro);
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
        let (have, need) = (part.saturating_mul(denominator), whole.saturating_mul(numerator));
        whole > 0
            && match self.reach {
                Reach::AtLeast => have >= need,
                Reach::MoreThan => have > need,
            }
    }

    /// Returns the least whole number that reaches this part of `whole`.
    #[must_use]
    pub fn least(self, whole: u128) -> u128 {
        let (product, denominator) =
            (whole.saturating_mul(u128::from(self.numerator)), u128::from(self.denominator.max(1)));
        match self.reach {
            Reach::AtLeast => product.div_ceil(denominator),
            Reach::MoreThan => product.checked_div(denominator).unwrap_or(0).saturating_add(1),
        }
    }

    /// Writes the part with what reaches it: `at least two thirds`, `more than half`. Edition 1 leaves `at least` unsaid.
    #[must_use]
    pub fn said(self, edition: Edition) -> String {
        match self.reach {
            Reach::MoreThan => format!("more than {}", self.words()),
            Reach::AtLeast if edition >= Edition::TWO && self.numerator < self.denominator => {
                format!("at least {}", self.words())
            }
            Reach::AtLeast => self.words(),
        }
    }

    /// Writes `two thirds`, `75 %`, `5/7`.
    fn words(self) -> String {
        let words = match (self.numerator, self.denominator) {
            (one, all) if one == all => "all",
            _ if self.reach == Reach::MoreThan => "half",
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
