//! Powers: what an office or a body may do, and what a constitution may pass on. The list is closed.

use std::ops::Range;

use quantity::Currency;

use super::{Grant, Power};
use crate::code;
use crate::document::{Field, Fields, Mistakes};
use crate::nearest::suggest;
use crate::phrase;

const POWERS: [&str; 8] = ["admit", "close-issue", "keep-list", "merge", "moderate", "publish", "release", "spend"];
/// The only power with a limit.
pub(super) const LIMITED: &str = "spend";

/// A power and the place where it is given.
pub(super) struct Given {
    pub(super) power: Power,
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
    let mut powers: Vec<Power> = given.into_iter().map(|given| given.power).collect();
    if !says && !limits {
        return Grant::everything();
    }
    if !says {
        let others = POWERS.into_iter().filter(|name| *name != LIMITED);
        powers.extend(others.map(|name| Power { name: name.to_owned(), limit: None }));
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
        if !POWERS.contains(&value.text.as_str()) {
            let why = format!("no power is called `{}`", value.text);
            let help = suggest(&value.text, &POWERS);
            mistakes.tell(code::UNKNOWN_POWER, &value.at, why, help);
        } else if given.iter().any(|given| given.power.name == value.text) {
            let why = format!("the power `{}` is given already", value.text);
            let help = Some("leave it out here".to_owned());
            mistakes.tell(code::NAME_TAKEN, &value.at, why, help);
        } else {
            let power = Power { name: value.text.clone(), limit: limit.filter(|_| value.text == LIMITED) };
            given.push(Given {
                unreadable: value.text == LIMITED && written.is_some() && limit.is_none(),
                at: value.at.clone(),
                power,
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
    let earlier = given.iter_mut().find(|given| given.power.name == LIMITED);
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
        None => given.push(Given { power: Power { name: LIMITED.to_owned(), limit }, at, unreadable: limit.is_none() }),
    }
}
