//! Jurisdiction: the limits that everything above sets to a constitution. It passes on no more than it was given, and only
//! to members who have a say above it.

#[cfg(test)]
mod tests;

use std::ops::Range;

use quantity::{Currency, format_decimal};

use crate::code;
use crate::document::{Mistakes, Node, Value};
use crate::edition::Edition;
use crate::kernel::{Given, Grant, Kernel};
use crate::nearest::{list, suggest};
use crate::phrase::MoneyPer;
use crate::support::SupportKind;

/// The most constitutions above one.
pub(crate) const MOST_ABOVE: usize = 16;
/// Words that only the kernel may use, with the way out for a writer who needs one.
const ABOVE: [(&str, &str); 9] = [
    ("kernel", "who has weight is decided in the kernel alone"),
    ("class", "classes belong in the kernel: an office can keep the list of one"),
    ("currency", "the kernel has the currency of all"),
    ("members", "the kernel has the cap and the floor of all weight"),
    ("amend", "the kernel says how it changes"),
    ("fork", "the kernel says what a fork carries"),
    ("time-zone", "the kernel has the time zone of all"),
    ("updates", "everything is counted when the kernel says"),
    ("parameter", "the kernel says what the constitution may set: write `set` for its value"),
];

/// A `constitution` clause above, as far as it binds what is below it.
pub(crate) struct Layer<'a> {
    pub(crate) name: &'a str,
    pub(crate) electorate: &'a [String],
    pub(crate) grant: Option<&'a Grant>,
}

/// The rights that the documents above leave to this one, and how much of them is given away so far.
pub(super) struct Jurisdiction<'a> {
    kernel: &'a Kernel,
    /// The electorates above that leave somebody out, the outermost first.
    electorates: Vec<&'a [String]>,
    /// The grants above, the kernel's first, each with the part that is given away.
    grants: Vec<Granted<'a>>,
}

struct Granted<'a> {
    grant: &'a Grant,
    /// The clause whose grant it is; `None` is the kernel.
    of: Option<&'a str>,
    /// Minor units within one period of the grant's limit.
    spent: i128,
    reported: bool,
}

impl<'a> Jurisdiction<'a> {
    pub(super) fn new(kernel: &'a Kernel, above: &[Layer<'a>]) -> Jurisdiction<'a> {
        let of_layers = above.iter().filter_map(|layer| Some((layer.grant?, Some(layer.name))));
        let grants = std::iter::once((&kernel.grant, None)).chain(of_layers);
        let grants = grants.map(|(grant, of)| Granted { grant, of, spent: 0, reported: false }).collect();
        let electorates = above.iter().map(|layer| layer.electorate).filter(|classes| !classes.is_empty()).collect();
        Jurisdiction { kernel, electorates, grants }
    }

    /// Returns the classes that a clause lets vote: those it names, or the narrowest electorate above.
    pub(super) fn electorate(&self, values: Option<Vec<&Value>>, mistakes: &mut Mistakes) -> Vec<String> {
        let narrowest = self.electorates.last().copied().unwrap_or(&[]);
        let Some(values) = values else {
            return narrowest.to_vec();
        };
        let mut names: Vec<String> = Vec::new();
        for value in values {
            if mistakes.is_full() {
                break;
            }
            let name = &value.text;
            let outside = self.electorates.iter().find(|classes| !classes.contains(name));
            if self.kernel.class(name).is_none() {
                let classes = self.kernel.classes.iter();
                let known: Vec<&str> = classes.map(|class| class.name.as_str()).collect();
                let why = format!("no class is called `{name}`");
                mistakes.report(code::UNKNOWN_CLASS, &value.at, why, suggest(name, &known));
            } else if names.contains(name) {
                let why = format!("`{name}` is named twice");
                mistakes.report(code::NAME_TAKEN, &value.at, why, "leave one of them out");
            } else if let Some(classes) = outside {
                let known: Vec<&str> = classes.iter().map(String::as_str).collect();
                let why = format!("`{name}` has no vote above: there the electorate is {}", list(&known));
                let help = "name classes that vote above too, or leave `electorate` out";
                mistakes.report(code::ELECTORATE_OUTSIDE, &value.at, why, help);
            } else {
                names.push(name.clone());
            }
        }
        names
    }

    /// Returns classes that vote by another field than `electorate`, where all of them vote above too.
    pub(super) fn within(&self, names: Vec<String>, at: &Range<usize>, mistakes: &mut Mistakes) -> Vec<String> {
        let outside = |name: &&String| self.electorates.iter().any(|classes| !classes.contains(name));
        if let Some(name) = names.iter().find(outside) {
            let why = format!("`{name}` has no vote above");
            mistakes.report(
                code::ELECTORATE_OUTSIDE,
                at,
                why,
                "leave `service` out, and name classes that vote above too",
            );
        }
        names
    }

    /// Gives a power away. It must be granted above, and all gifts together may not exceed the grant.
    pub(super) fn give(&mut self, given: &Given, mistakes: &mut Mistakes) {
        let currency = self.kernel.currency;
        // The innermost grant is the tightest: a failure there would only be repeated by the outer ones.
        for granted in self.grants.iter_mut().rev() {
            if granted.give(given, currency, mistakes).is_none() {
                return;
            }
        }
    }
}

impl Granted<'_> {
    /// Returns `None` where the grant does not cover the power; the mistake is then reported.
    fn give(&mut self, given: &Given, currency: Currency, mistakes: &mut Mistakes) -> Option<()> {
        let Some(powers) = &self.grant.powers else {
            return Some(());
        };
        let (name, at) = (given.power.power.name(), &given.at);
        let of = self.of.map_or("the kernel".to_owned(), |name| format!("`{name}`"));
        let Some(outer) = powers.iter().find(|outer| outer.power == given.power.power) else {
            let why = format!("{of} does not give the power `{name}`, so it cannot be passed on");
            let known: Vec<&str> = powers.iter().map(|given| given.power.name()).collect();
            let known = if known.is_empty() { "no power at all".to_owned() } else { list(&known) };
            return mistakes.refuse(code::NOT_GIVEN, at, why, format!("{of} gives {known}"));
        };
        for (kind, at) in given.kinds.iter().filter(|(kind, _)| !outer.kinds.has(*kind)) {
            let why = format!("{of} does not give `record` for `{}`, so it cannot be passed on", kind.many());
            let known: Vec<&str> = outer.kinds.iter().map(SupportKind::many).collect();
            mistakes.report(code::KIND_NOT_GIVEN, at, why, format!("{of} gives it for {}", list(&known)));
        }
        if given.kinds.iter().any(|(kind, _)| !outer.kinds.has(*kind)) {
            return None;
        }
        // A power without a limit can be passed on as often as its holder likes.
        let Some(limit) = outer.limit else {
            return Some(());
        };
        // The amount is unknown and its mistake is reported already, so nothing is added up.
        if given.unreadable {
            return None;
        }
        let Some(inner) = given.power.limit else {
            let why = format!("`{name}` has a limit in {of}, and none here");
            let help = format!("give a limit of {} at most", words(limit, currency));
            return mistakes.refuse(code::LIMIT_NEEDED, at, why, help);
        };
        // One month can touch six weeks, and each of them has the whole of a weekly limit.
        let times = inner.every.most_within(limit.every);
        let most = i128::from(inner.amount_minor).saturating_mul(i128::from(times));
        self.spent = self.spent.saturating_add(most);
        if self.spent <= i128::from(limit.amount_minor) {
            return Some(());
        }
        // The first excess is reported: later ones only follow from it.
        if std::mem::replace(&mut self.reported, true) {
            return None;
        }
        let (every, period, code) = (limit.every.name(), inner.every.name(), currency.code());
        let spent = format_decimal(i64::try_from(self.spent).unwrap_or(i64::MAX), currency.digits());
        let limit = words(limit, currency);
        let why = format!("with this, {spent} {code} could be spent in one {every}, and {of} gives {limit}");
        let help = match times {
            1 => "lower this limit, or another of this document".to_owned(),
            times => format!("one {every} can touch {times} {period}s, and each of them has this limit"),
        };
        mistakes.refuse(code::LIMIT_EXCEEDED, at, why, help)
    }
}

/// Writes `500 USD per month`.
fn words(limit: MoneyPer, currency: Currency) -> String {
    let amount = format_decimal(limit.amount_minor, currency.digits());
    format!("{amount} {} per {}", currency.code(), limit.every.name())
}

/// Reports a clause that only the kernel can have, and returns whether it is one.
pub(super) fn belongs_above(node: &Node, mistakes: &mut Mistakes) -> bool {
    let word = node.name.text.as_str();
    // An edition does not know the words of a later one.
    let known =
        |(name, _): &&(&str, &str)| *name == word && (*name != "parameter" || mistakes.edition() >= Edition::THREE);
    let Some((_, help)) = ABOVE.iter().find(known) else {
        return false;
    };
    let why = format!("a constitution cannot decide `{word}`");
    mistakes.report(code::OUTSIDE_JURISDICTION, &node.name.at, why, *help);
    true
}
