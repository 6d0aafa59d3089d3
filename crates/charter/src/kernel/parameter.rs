//! Parameters: numbers that a kernel leaves to the constitution, each within limits. The constitution's `set` gives one its value
//! (`constitution`); formulas and the times of clauses use its name.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;

use quantity::Currency;

use super::{Class, Kernel};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{Mistakes, Node, Value, fields};
use crate::edition::Edition;
use crate::effect::{EffectKind, Effects};
use crate::formula::{Formula, Quantity, Scope, is_taken};
use crate::phrase;
use crate::vocabulary::{Known, field};
use crate::words;

/// The most parameters of a kernel.
const MOST_PARAMETERS: usize = 32;
/// The word of the constitution that gives one its value.
pub(crate) const SET: &str = "set";
pub(crate) const ABOUT_SET: &str = "gives a number that the kernel leaves to the constitution its value";

pub(super) const PARAMETER: Known = field("parameter", "a number that the constitution may set, within limits")
    .fields(FIELDS)
    .repeats()
    .since(Edition::THREE);
const FIELDS: &[Known] = &[
    field("default", "its value where the constitution sets none"),
    field("from", "the least that the constitution may set"),
    field("to", "the most that the constitution may set"),
];

/// A number that the kernel leaves to the constitution.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    pub name: String,
    pub default: Quantity,
    pub from: Quantity,
    pub to: Quantity,
    /// The value in force: the constitution's, or the default.
    pub value: Quantity,
    /// The line where it stands.
    pub line: u32,
}

/// A value that a constitution gives a parameter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    pub name: String,
    /// As it was written.
    pub value: String,
    /// The line where it stands.
    pub line: u32,
}

/// Reads every parameter, in the order of the document.
pub(super) fn read_all(
    node: &Node,
    edition: Edition,
    currency: Option<Currency>,
    mistakes: &mut Mistakes,
) -> Vec<Parameter> {
    if edition < Edition::THREE {
        return Vec::new();
    }
    let of = |word: &'static str| node.children.iter().filter(move |child| child.name.text == word);
    if let Some(extra) = of(PARAMETER.name).nth(MOST_PARAMETERS) {
        let why = format!("a kernel has {MOST_PARAMETERS} parameters at most");
        mistakes.report(code::TOO_MANY, &extra.at, why, None);
        return Vec::new();
    }
    let classes: Vec<&str> = of("class").filter_map(|class| class.values.first()).map(|name| &*name.text).collect();
    let mut taken = BTreeSet::new();
    of(PARAMETER.name).filter_map(|node| read(node, &classes, currency, &mut taken, mistakes)).collect()
}

fn read(
    node: &Node,
    classes: &[&str],
    currency: Option<Currency>,
    taken: &mut BTreeSet<String>,
    mistakes: &mut Mistakes,
) -> Option<Parameter> {
    let name = phrase::own_name(node, "parameter", taken, mistakes);
    let found = fields(node, FIELDS, mistakes);
    let mut read = |name: &str, example: &str| {
        if found.get(name).is_none() {
            found.missing(name, example, mistakes);
        }
        found.optional(name, mistakes, |value, mistakes| Some((quantity(value, currency, mistakes)?, value.at.clone())))
    };
    let default = read("default", "default=\"1 year\"");
    let from = read("from", "from=\"90 days\"");
    let to = read("to", "to=\"5 years\"");
    let name = name?;
    let at = node.values.first().map_or(&node.at, |value| &value.at);
    if classes.contains(&name.as_str()) {
        let why = format!("there is a class `{name}` already");
        return mistakes.refuse(code::NAME_TAKEN, at, why, "give the parameter another name");
    }
    if is_taken(&name) {
        let why = format!("`{name}` is a word of formulas already");
        return mistakes.refuse(
            code::NAME_TAKEN,
            at,
            why,
            format!("give the parameter another name, as in `usual-{name}`"),
        );
    }
    let default = default??;
    // A parameter without sound limits is a mistake, and the formulas that name it are not: they are read with its default.
    let limited = from.flatten().zip(to.flatten());
    let limited = limited.filter(|(from, to)| limits(&name, &default, [from, to], currency, mistakes).is_some());
    let (from, to) = limited.unwrap_or_else(|| (default.clone(), default.clone()));
    let line = mistakes.line(node.at.start);
    let ((default, _), (from, _), (to, _)) = (default, from, to);
    Some(Parameter { name, value: default.clone(), default, from, to, line })
}

/// Reads a number with its unit. Where the co-op's own currency is wrong, another replaces it.
pub(crate) fn quantity(value: &Value, currency: Option<Currency>, mistakes: &mut Mistakes) -> Option<Quantity> {
    match Quantity::parse(&value.text, currency.or_else(|| Currency::parse("USD"))?) {
        Ok(quantity) => Some(quantity),
        Err(mut found) => {
            let of_currency = [code::UNKNOWN_CURRENCY, code::OTHER_CURRENCY];
            found.retain(|mistake| currency.is_some() || !of_currency.contains(&mistake.code));
            mistakes.report_formula(value, found);
            None
        }
    }
}

type Placed = (Quantity, Range<usize>);

/// Reports limits of another unit, limits of which the lower is the higher one, and a default outside them.
fn limits(
    name: &str,
    (default, at): &Placed,
    bounds: [&Placed; 2],
    currency: Option<Currency>,
    mistakes: &mut Mistakes,
) -> Option<()> {
    let [(from, _), (to, to_at)] = bounds;
    let words = |quantity: &Quantity| currency.map_or_else(String::new, |currency| quantity.unit_words(currency));
    for (word, (bound, at)) in ["from", "to"].iter().zip(bounds) {
        if bound.unit != default.unit {
            let why = format!("`{word}` is {}, and the default of `{name}` is {}", words(bound), words(default));
            return mistakes.refuse(code::OTHER_UNIT, at, why, "write all three in one unit");
        }
    }
    if from.order(to) == Ordering::Greater {
        let why = format!("`{name}` would be {} at least and {} at most", from.written, to.written);
        return mistakes.refuse(code::DEFAULT_OUTSIDE, to_at, why, "the lower limit is `from`, the upper one `to`");
    }
    if default.order(from) == Ordering::Less || default.order(to) == Ordering::Greater {
        let why = format!("the default of `{name}` is outside of its own limits, {} to {}", from.written, to.written);
        return mistakes.refuse(code::DEFAULT_OUTSIDE, at, why, "move the default or a limit");
    }
    Some(())
}

impl Parameter {
    /// Returns whether a value is of its unit and within its limits.
    pub(crate) fn takes(&self, value: &Quantity) -> bool {
        value.unit == self.default.unit && self.from.order(value).is_le() && self.to.order(value).is_ge()
    }

    /// Returns the value that these values give it: the default where they give none, or one that it does not take.
    fn among(&self, values: &[(String, String)], currency: Currency) -> Quantity {
        let own = values.iter().find(|(name, _)| *name == self.name);
        let read = own.and_then(|(_, value)| Quantity::parse(value, currency).ok());
        read.filter(|value| self.takes(value)).unwrap_or_else(|| self.default.clone())
    }

    /// Writes `The half-life is 2 years. The constitution may set …`.
    fn meaning(&self) -> [String; 2] {
        let (name, Parameter { default, from, to, value, .. }) = (words::plain(&self.name), self);
        let today = match value == default {
            true => String::new(),
            false => format!(" It is {} today.", value.written),
        };
        [
            format!("The constitution may set the {name}, from {} to {}.", from.written, to.written),
            format!("Where it sets none, the {name} is {}.{today}", default.written),
        ]
    }
}

impl Kernel {
    /// Returns the parameter with this name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Gives parameters the values of a constitution, and the default to those that it does not set. Formulas keep the values
    /// that they count by, until [`Kernel::count_by`].
    pub fn set(&mut self, values: &[(String, String)]) {
        let currency = self.currency;
        for parameter in &mut self.parameters {
            parameter.value = parameter.among(values, currency);
        }
    }

    /// Makes formulas count by these values, and by the default where there is none. Says whether a formula counts differently by them.
    pub fn count_by(&mut self, values: &[(String, String)]) -> bool {
        if self.parameters.is_empty() {
            return false;
        }
        let classes: Vec<String> = self.classes.iter().map(|class| class.name.clone()).collect();
        let own = |parameter: &Parameter| (parameter.name.clone(), parameter.among(values, self.currency));
        let parameters: Vec<(String, Quantity)> = self.parameters.iter().map(own).collect();
        let scope =
            Scope { currency: self.currency, classes: &classes, parameters: &parameters, edition: self.edition };
        let mut differs = false;
        for class in &mut self.classes {
            if class.weight.parameters().is_empty() {
                continue;
            }
            // It was read with the limits of each parameter, so it reads with what is between them.
            if let Some(bound) = class.weight.bound(&scope) {
                differs |= !bound.is_same(&class.weight);
                class.weight = bound;
            }
        }
        differs
    }

    /// Returns it with the values of a constitution, which its formulas count by.
    #[must_use]
    pub fn with_values(mut self, values: &[(String, String)]) -> Kernel {
        self.set(values);
        self.count_by(values);
        self
    }
}

/// Reads a formula with each limit of the parameters that it names, so that no value between them is a mistake. `read` is it with
/// their defaults.
pub(super) fn check_limits(
    read: &Formula,
    value: &Value,
    scope: &Scope,
    parameters: &[Parameter],
    mistakes: &mut Mistakes,
) {
    let named: Vec<&Parameter> = parameters.iter().filter(|one| names(read, one)).collect();
    let lowest: Vec<(String, Quantity)> = named.iter().map(|one| (one.name.clone(), one.from.clone())).collect();
    let highest: Vec<(String, Quantity)> = named.iter().map(|one| (one.name.clone(), one.to.clone())).collect();
    for bounds in [lowest, highest] {
        if let Err(found) = Formula::parse(value.text.as_str(), &Scope { parameters: &bounds, ..*scope }) {
            return mistakes.report_formula(value, found);
        }
    }
}

/// Reports whether a formula names a parameter.
pub(crate) fn names(formula: &Formula, parameter: &Parameter) -> bool {
    formula.parameters().iter().any(|(name, _)| *name == parameter.name)
}

/// Notes parameters that no formula names and that no clause could: a clause takes a length of time or a percentage.
pub(super) fn unused(parameters: &[Parameter], classes: &[Class], node: &Node, mistakes: &Mistakes) -> Vec<Diagnostic> {
    let is_read = |parameter: &&Parameter| classes.iter().any(|class| names(&class.weight, parameter));
    let fits_clauses = |parameter: &&Parameter| parameter.default.span().is_some() || parameter.default.ppm().is_some();
    let unused = parameters.iter().filter(|parameter| !is_read(parameter));
    unused
        .map(|parameter| {
            let named = |child: &&Node| {
                child.name.text == PARAMETER.name
                    && child.values.first().is_some_and(|value| value.text == parameter.name)
            };
            let at = node.children.iter().find(named).map_or(&node.at, |child| &child.at).clone();
            let why = format!("no formula names `{}`", parameter.name);
            let help = match fits_clauses(&parameter) {
                true => "name it in a formula, or leave it to clauses of the constitution, which may name it too",
                false => "name it in a formula, or leave it out",
            };
            mistakes.diagnostic(code::PARAMETER_UNUSED, &at, why, Some(help.to_owned()))
        })
        .collect()
}

/// Says which numbers the constitution may set.
pub(super) fn meaning(kernel: &Kernel) -> Vec<String> {
    kernel.parameters.iter().flat_map(Parameter::meaning).collect()
}

/// Adds the effects of other parameters, and of other values.
pub(super) fn compare(from: &Kernel, to: &Kernel, effects: &mut Effects) {
    for old in from.parameters.iter().filter(|old| to.parameter(&old.name).is_none()) {
        let sentence = format!("The constitution could not set the {} any more.", words::plain(&old.name));
        effects.add(EffectKind::Powers, sentence);
    }
    for new in &to.parameters {
        let name = words::plain(&new.name);
        let limits = |of: &Parameter| format!("from {} to {}", of.from.written, of.to.written);
        match from.parameter(&new.name) {
            None => effects.add(
                EffectKind::Powers,
                format!(
                    "The constitution could set the {name}, {}; where it sets none, it would be {}.",
                    limits(new),
                    new.default.written
                ),
            ),
            Some(old) => {
                if limits(old) != limits(new) {
                    let sentence =
                        format!("The constitution could set the {name} {}, instead of {}.", limits(new), limits(old));
                    effects.add(EffectKind::Powers, sentence);
                }
                if old.default.written != new.default.written {
                    let (new, old) = (&new.default.written, &old.default.written);
                    let sentence =
                        format!("Where the constitution sets none, the {name} would be {new} instead of {old}.");
                    effects.add(EffectKind::Weight, sentence);
                }
                if old.value.written != new.value.written {
                    let sentence =
                        format!("The {name} would be {} instead of {}.", new.value.written, old.value.written);
                    effects.add(EffectKind::Weight, sentence);
                }
            }
        }
    }
}
