//! Powers: the rights of offices and bodies, which constitutions pass on. The list is closed.

use std::ops::Range;

use quantity::Currency;

use crate::code;
use crate::document::{Field, Fields, Mistakes, Value};
use crate::edition::Edition;
use crate::kernel::Kernel;
use crate::named::{Named, named};
use crate::nearest::suggest;
use crate::phrase::{self, MoneyPer};
use crate::support::{SupportKind, SupportKinds};
use crate::vocabulary::{Known, field};
use crate::words;

named! {
    /// Something that an office or a body may do.
    pub enum Power {
        Admit = "admit" "admit new members",
        CloseIssue = "close-issue" "open and close items of rankings",
        /// From edition 5 on: a body of three seats or more has it.
        Expel = "expel" "hear members, and expel them together with other seats",
        KeepList = "keep-list" "put members on the lists that classes read, and take them off",
        Merge = "merge" "merge changes at the forge",
        Moderate = "moderate" "moderate what is written",
        Publish = "publish" "publish in the co-op's name",
        /// The only power with kinds, from edition 3 on.
        Record = "record" "record what members give, of the kinds that follow it: `may \"record\" \"purchases\"`",
        Release = "release" "make releases",
        /// The only power with a limit.
        Spend = "spend" "spend the co-op's money, with `up-to` as a limit",
    }
}

impl Power {
    /// Returns the first edition that has it.
    #[must_use]
    pub fn since(self) -> Edition {
        match self {
            Power::Record => Edition::THREE,
            Power::Expel => Edition::FIVE,
            _ => Edition::ONE,
        }
    }

    /// Returns the names of those that an edition has.
    fn names_in(edition: Edition) -> Vec<&'static str> {
        Power::ALL.into_iter().filter(|power| power.since() <= edition).map(Power::name).collect()
    }
}

/// A power that a clause gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GivenPower {
    pub power: Power,
    /// The kinds of support of [`Power::Record`]; every other power has none.
    pub kinds: SupportKinds,
    /// The most that may be spent; only [`Power::Spend`] has a limit, and without one it has none.
    pub limit: Option<MoneyPer>,
}

impl GivenPower {
    /// Returns a power without limit and without kinds.
    #[must_use]
    pub fn plain(power: Power) -> GivenPower {
        GivenPower { power, kinds: SupportKinds::NONE, limit: None }
    }
}

/// The powers that a document may pass on to those it names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// `None` is everything there is, without limit.
    pub powers: Option<Vec<GivenPower>>,
}

/// The only power with a limit, as documents name it.
const LIMITED: &str = Power::Spend.name();
const UP_TO: &[Known] = &[field("up-to", "the most that may be spent in a period")];
const SPEND: &[Known] = &[field(LIMITED, "the most that may be spent in a period, by all together")];

pub(crate) const MAY: Known = field("may", "powers of its holder").values(Power::WORDS).fields(UP_TO).repeats();
pub(crate) const LIMITS: Known = field("limits", "powers of its holder, up to a sum").fields(SPEND);
/// `may` and `limits` of a constitution, which has no holder.
pub(crate) const GIVES: Known = Known { about: "powers that it may give to its offices and bodies", ..MAY };
pub(crate) const GIVES_UP_TO: Known = Known { about: "powers that it may give, up to a sum", ..LIMITS };

/// A power and the place where it is given.
pub(crate) struct Given {
    pub(crate) power: GivenPower,
    pub(crate) at: Range<usize>,
    /// Whether a limit is written that cannot be read, so that the amount is unknown.
    pub(crate) unreadable: bool,
    /// The kinds of support with their places, for `record`.
    pub(crate) kinds: Vec<(SupportKind, Range<usize>)>,
}

/// The document's currency and edition, as far as powers read them.
#[derive(Clone, Copy)]
pub(crate) struct Under {
    pub(crate) currency: Option<Currency>,
    pub(crate) edition: Edition,
}

/// Reads the powers of every `may` and of `limits`.
pub(crate) fn powers(found: &Fields, under: Under, mistakes: &mut Mistakes) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    for line in found.all("may") {
        if mistakes.is_full() {
            break;
        }
        give(line, under, &mut given, mistakes);
    }
    if let Some(limits) = found.get("limits") {
        limit(limits, under.currency, &mut given, mistakes);
    }
    given
}

/// Reads one line of powers; `up-to` is the limit of `spend` on the same line, and the names after `record` are its kinds.
fn give(line: &Field, under: Under, given: &mut Vec<Given>, mistakes: &mut Mistakes) {
    line.nothing_else(UP_TO, mistakes);
    let values = line.texts(mistakes);
    let written = line.property("up-to");
    // `up-to` limits spending alone, so a line without `spend` cannot have it.
    if let Some(limit) = written
        && !values.iter().any(|value| value.text == LIMITED)
    {
        let why = "only `spend` has a limit, and it is not on this line";
        mistakes.report(code::LIMIT_MISPLACED, &limit.at, why, "write it beside `spend`, or leave it out");
    }
    let limit = written.and_then(|value| phrase::money_per(value, under.currency, mistakes));
    let mut values = values.into_iter();
    while let Some(value) = values.next() {
        if mistakes.is_full() {
            break;
        }
        let Some(power) = Power::parse(&value.text).filter(|power| power.since() <= under.edition) else {
            let why = format!("no power is called `{}`", value.text);
            let help = suggest(&value.text, &Power::names_in(under.edition));
            mistakes.report(code::UNKNOWN_POWER, &value.at, why, help);
            continue;
        };
        let kinds =
            if power == Power::Record { kinds(value, &mut values, under.edition, mistakes) } else { Vec::new() };
        if given.iter().any(|given| given.power.power == power) {
            let why = format!("the power `{}` is given already", value.text);
            mistakes.report(code::NAME_TAKEN, &value.at, why, "leave it out here");
        } else {
            let spends = power == Power::Spend;
            given.push(Given {
                unreadable: spends && written.is_some() && limit.is_none(),
                at: value.at.clone(),
                power: GivenPower {
                    power,
                    kinds: kinds.iter().map(|(kind, _)| *kind).collect(),
                    limit: limit.filter(|_| spends),
                },
                kinds,
            });
        }
    }
}

/// Reads the names after `record`, which are kinds of support to the end of the line.
fn kinds<'v>(
    record: &Value,
    rest: &mut impl Iterator<Item = &'v Value>,
    edition: Edition,
    mistakes: &mut Mistakes,
) -> Vec<(SupportKind, Range<usize>)> {
    let mut kinds: Vec<(SupportKind, Range<usize>)> = Vec::new();
    let mut named = false;
    for value in rest {
        if mistakes.is_full() {
            break;
        }
        named = true;
        let Some(kind) = SupportKind::of_many(&value.text, edition) else {
            let why = format!("no kind of support is called `{}`", value.text);
            let words: Vec<&str> = SupportKind::known(edition).map(SupportKind::many).collect();
            let help = match Power::parse(&value.text) {
                Some(_) => Some("the names after `record` are its kinds: write other powers before it".to_owned()),
                None => suggest(&value.text, &words),
            };
            mistakes.report(code::UNKNOWN_KIND, &value.at, why, help);
            continue;
        };
        if kinds.iter().any(|(known, _)| *known == kind) {
            let why = format!("`{}` is named twice", value.text);
            mistakes.report(code::NAME_TAKEN, &value.at, why, "leave one of them out");
        } else {
            kinds.push((kind, value.at.clone()));
        }
    }
    if !named {
        let why = "`record` does not say what may be recorded";
        let help = "name the kinds of support after it: `may \"record\" \"purchases\" \"hours\"`";
        mistakes.report(code::KINDS_MISSING, &record.at, why, help);
    }
    kinds
}

/// Reads `limits { spend "…" }`, which is the same as `may "spend" up-to="…"`.
fn limit(limits: &Field, currency: Option<Currency>, given: &mut Vec<Given>, mistakes: &mut Mistakes) {
    let found = limits.fields(SPEND, mistakes);
    let Some(field) = found.get(LIMITED) else {
        // Anything else in the braces is reported already.
        if limits.properties.is_empty() && limits.children.is_empty() {
            found.missing(LIMITED, "spend \"100 USD per month\"", mistakes);
        }
        return;
    };
    let mut at = field.name.at.clone();
    let limit = found.optional(LIMITED, mistakes, |value, mistakes| {
        at = value.at.clone();
        phrase::money_per(value, currency, mistakes)
    });
    let limit = limit.flatten();
    let earlier = given.iter_mut().find(|given| given.power.power == Power::Spend);
    match earlier {
        Some(earlier) if earlier.power.limit.is_some() => {
            let why = "`spend` has a limit already";
            mistakes.report(code::FIELD_TWICE, &field.name.at, why, "leave one of them out");
        }
        Some(earlier) => {
            earlier.power.limit = limit;
            earlier.unreadable |= limit.is_none();
            earlier.at = at;
        }
        None => {
            let power = GivenPower { limit, ..GivenPower::plain(Power::Spend) };
            given.push(Given { power, at, unreadable: limit.is_none(), kinds: Vec::new() });
        }
    }
}

impl Grant {
    /// Returns every power, without limit.
    pub fn everything() -> Grant {
        Grant { powers: None }
    }

    /// Reads the powers that the kernel lets its constitution give: everything unless it says otherwise.
    pub(crate) fn read(found: &Fields, under: Under, mistakes: &mut Mistakes) -> Grant {
        let says = found.get("may").is_some();
        let limits = found.get("limits").is_some();
        let given = powers(found, under, mistakes);
        let mut powers: Vec<GivenPower> = given.into_iter().map(|given| given.power).collect();
        if !says && !limits {
            return Grant::everything();
        }
        // A limit on spending alone takes no other power away.
        if !says {
            let others =
                Power::ALL.into_iter().filter(|power| *power != Power::Spend && power.since() <= under.edition);
            powers.extend(others.map(|power| match power {
                Power::Record => {
                    GivenPower { kinds: SupportKind::known(under.edition).collect(), ..GivenPower::plain(power) }
                }
                power => GivenPower::plain(power),
            }));
        }
        Grant { powers: Some(powers) }
    }

    /// Says which powers `it` can give; nothing where it can give everything.
    pub(crate) fn meaning(&self, it: &str, kernel: &Kernel) -> Vec<String> {
        let Some(powers) = &self.powers else {
            return Vec::new();
        };
        let spends = |given: &GivenPower| given.power == Power::Spend && given.limit.is_some();
        let together = "The limit on spending is for all of them together.".to_owned();
        let together = powers.iter().any(spends).then_some(together);
        std::iter::once(granted(it, powers, kernel)).chain(together).collect()
    }

    /// Says which powers it can give, in one sentence that does not depend on their order in the document.
    pub(crate) fn compared(&self, kernel: &Kernel) -> String {
        self.powers.as_ref().map_or_else(
            || "It can give any power.".to_owned(),
            |powers| {
                let mut powers = powers.clone();
                powers.sort_by_key(|given| given.power);
                granted("it", &powers, kernel)
            },
        )
    }
}

fn granted(it: &str, powers: &[GivenPower], kernel: &Kernel) -> String {
    let (it, powers) = (words::sentence(it), powers_in_words(powers, kernel));
    match powers.as_slice() {
        [] => format!("{it} cannot give any powers."),
        powers => format!("{it} can let those it names {}, and nothing else.", words::all_of(powers)),
    }
}

/// Writes each power in words: `close issues`, `spend up to 50.00 USD a month`.
pub(crate) fn powers_in_words(powers: &[GivenPower], kernel: &Kernel) -> Vec<String> {
    powers.iter().map(|given| explain_power(given, kernel)).collect()
}

/// Writes a power in words, after `may`: `close issues`, `spend up to 50.00 USD a month`.
pub fn explain_power(given: &GivenPower, kernel: &Kernel) -> String {
    let name = match given.power {
        Power::CloseIssue => "close issues".to_owned(),
        Power::KeepList => keep_lists(kernel),
        Power::Admit => "admit members".to_owned(),
        Power::Expel => "hear members and expel them".to_owned(),
        Power::Record => format!("record {}", kinds_in_words(given.kinds)),
        other => words::plain(other.name()),
    };
    match given.limit {
        None => name,
        Some(limit) => format!("{name} up to {}", words::money_per(limit, kernel.currency)),
    }
}

/// Writes kinds of support: `purchases and hours`.
pub(crate) fn kinds_in_words(kinds: SupportKinds) -> String {
    words::all_of(&kinds.iter().map(|kind| words::plain(kind.many())).collect::<Vec<_>>())
}

/// Writes the lists that classes read: `keep the contributor list`.
fn keep_lists(kernel: &Kernel) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in kernel.classes.iter().filter_map(|class| class.list.as_deref()) {
        let name = words::list(name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { "keep lists of members".to_owned() } else { format!("keep {}", words::all_of(&names)) }
}

#[cfg(test)]
mod tests;
