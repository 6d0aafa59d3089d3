//! Powers: what an office or a body may do, and what a constitution may pass on. The list is closed.

use std::ops::Range;

use quantity::Currency;

use super::{GivenPower, Grant};
use crate::code;
use crate::document::{Field, Fields, Mistakes};
use crate::named::{Named, named};
use crate::nearest::suggest;
use crate::phrase;

named! {
    /// Something that an office or a body may do.
    pub enum Power {
        Admit = "admit" "admit new members",
        CloseIssue = "close-issue" "open and close items of rankings",
        KeepList = "keep-list" "put members on the lists that classes read, and take them off",
        Merge = "merge" "merge changes at the forge",
        Moderate = "moderate" "moderate what is written",
        Publish = "publish" "publish in the co-op's name",
        Release = "release" "make releases",
        /// The only power with a limit.
        Spend = "spend" "spend the co-op's money, with `up-to` as a limit",
    }
}

/// The only power with a limit, as documents name it.
const LIMITED: &str = Power::Spend.name();

/// A power and the place where it is given.
pub(super) struct Given {
    pub(super) power: GivenPower,
    pub(super) at: Range<usize>,
    /// A limit is written, and it is wrong: how much is given is not known.
    pub(super) unreadable: bool,
}

/// The powers of every `may` and of `limits`.
pub(super) fn powers(found: &Fields, currency: Option<Currency>, mistakes: &mut Mistakes) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    for line in found.all("may") {
        if mistakes.is_full() {
            break;
        }
        give(line, currency, &mut given, mistakes);
    }
    if let Some(limits) = found.get("limits") {
        limit(limits, currency, &mut given, mistakes);
    }
    given
}

/// What the kernel lets its constitution give: everything where it does not say.
pub(crate) fn grant(found: &Fields, currency: Option<Currency>, mistakes: &mut Mistakes) -> Grant {
    let says = found.get("may").is_some();
    let limits = found.get("limits").is_some();
    let given = powers(found, currency, mistakes);
    let mut powers: Vec<GivenPower> = given.into_iter().map(|given| given.power).collect();
    if !says && !limits {
        return Grant::everything();
    }
    if !says {
        let others = Power::ALL.into_iter().filter(|power| *power != Power::Spend);
        powers.extend(others.map(|power| GivenPower { power, limit: None }));
    }
    Grant { powers: Some(powers) }
}

/// One line of powers; `up-to` limits what `spend` on the same line may spend.
fn give(line: &Field, currency: Option<Currency>, given: &mut Vec<Given>, mistakes: &mut Mistakes) {
    line.nothing_else(&["up-to"], mistakes);
    let values = line.texts(mistakes);
    let written = line.property("up-to");
    if let Some(limit) = written
        && !values.iter().any(|value| value.text == LIMITED)
    {
        let why = "only `spend` has a limit, and it does not stand on this line";
        let help = Some("write it beside `spend`, or leave it out".to_owned());
        mistakes.tell(code::LIMIT_MISPLACED, &limit.at, why, help);
    }
    let limit = written.and_then(|value| phrase::money_per(value, currency, mistakes));
    for value in values {
        if mistakes.is_full() {
            break;
        }
        let Some(power) = Power::parse(&value.text) else {
            let why = format!("no power is called `{}`", value.text);
            let help = suggest(&value.text, &Power::names());
            mistakes.tell(code::UNKNOWN_POWER, &value.at, why, help);
            continue;
        };
        if given.iter().any(|given| given.power.power == power) {
            let why = format!("the power `{}` is given already", value.text);
            let help = Some("leave it out here".to_owned());
            mistakes.tell(code::NAME_TAKEN, &value.at, why, help);
        } else {
            let spends = power == Power::Spend;
            given.push(Given {
                unreadable: spends && written.is_some() && limit.is_none(),
                at: value.at.clone(),
                power: GivenPower { power, limit: limit.filter(|_| spends) },
            });
        }
    }
}

/// `limits { spend "…" }`: the same as `may "spend" up-to="…"`.
fn limit(limits: &Field, currency: Option<Currency>, given: &mut Vec<Given>, mistakes: &mut Mistakes) {
    let found = limits.fields(&[LIMITED], &[], mistakes);
    let Some(field) = found.get(LIMITED) else {
        // Whatever stands there instead is told already.
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
            let help = Some("leave one of them out".to_owned());
            mistakes.tell(code::FIELD_TWICE, &field.name.at, why, help);
        }
        Some(earlier) => {
            earlier.power.limit = limit;
            earlier.unreadable |= limit.is_none();
            earlier.at = at;
        }
        None => {
            let power = GivenPower { power: Power::Spend, limit };
            given.push(Given { power, at, unreadable: limit.is_none() });
        }
    }
}
