//! Classes: who earns weight, and how. Members and their weights are the engine's.

mod affirmed;
mod diff;
mod door;
mod meaning;
mod order;

use std::collections::BTreeSet;
use std::ops::Range;

use quantity::{Currency, PPM};

use super::parameter::check_limits;
use super::{Counting, Parameter};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{Fields, Mistakes, Node, Value, fields};
use crate::edition::Edition;
use crate::formula::{Formula, Quantity, Scope, WORDS};
use crate::named::{Named, named};
use crate::nearest::list;
use crate::phrase;
use crate::support::SupportKind;
use crate::vocabulary::{Known, field};

pub use affirmed::Affirmed;
pub(super) use diff::compare_all;
pub(super) use door::open_to_many;
pub use door::{Door, explain_door};
pub(super) use meaning::meaning;
use order::class_order;

named! {
    /// Those who put members on a list and take them off.
    pub enum KeptBy {
        Powers = "powers" "who holds the power `keep-list`",
        Members = "members" "more than half of those on it; of all members while nobody is",
    }
}

/// A kind of member with its own way to earn weight.
#[derive(Clone, Debug)]
pub struct Class {
    pub name: String,
    /// The list that says who belongs; without one, every member with weight in it does.
    pub list: Option<String>,
    /// Who keeps that list.
    pub kept_by: KeptBy,
    pub weight: Formula,
    /// The part of the co-op that it is about: sums that name no service are of this one; since edition 3.
    pub service: Option<String>,
    /// The most of the class's weight that one member may hold, in parts per million; since edition 2.
    pub cap_ppm: Option<u32>,
    /// `scale "sqrt"`: the square root of the formula's value is the weight.
    pub scale_root: bool,
    /// Fixed control: the part of the votes that the class holds in every decision it may vote in.
    pub control_ppm: Option<u32>,
    /// `from=3`: with fewer members than this the percentage counts in proportion; 1 where it is not said.
    pub control_from: u32,
    /// The most of the votes that the class holds in any decision.
    pub at_most_ppm: Option<u32>,
    /// While a source of records that it reads is later than expected, members keep their weight for 60 days; since edition 3.
    pub holds_while_silent: bool,
    /// How its members affirm each other's hours, where they do; since edition 3.
    pub affirmed: Option<Affirmed>,
    /// How newcomers come in through it; since edition 5.
    pub door: Door,
    /// The line where the class begins.
    pub line: u32,
}

named! {
    /// How the sum of records that others enter falls from one period to the next.
    pub enum Falls {
        ByHalf = "by half" "half of what the period before had counts at least",
        AtOnce = "at once" "only what is recorded for the period counts",
    }
}

named! {
    /// The weight of a class while a source of the records that it reads is later than expected.
    pub enum WhileSilent {
        Hold = "hold 60 days" "members keep the weight that they had when it was last heard, for 60 days",
        Fade = "fade" "weight is that of the records that there are",
    }
}

pub(super) const CLASS: Known =
    field("class", "a kind of member with its own way to earn weight").fields(FIELDS).repeats();
const FIELDS: &[Known] = &[
    field("weight", "a formula whose value is the member's weight").values(WORDS),
    field("list", "the list that says who belongs"),
    KEPT_BY,
    field("scale", "`sqrt` makes the root of the formula the weight")
        .values(&[("none", "the formula's value is the weight"), ("sqrt", "its root is")]),
    field("control", "the part of all votes that this class holds, whatever its head count").percent().fields(FROM),
    field("at-most", "the most of all votes that this class may hold").percent(),
    field("falls", "how fast weight falls where records of hours or contributions are late")
        .values(Falls::WORDS)
        .since(Edition::TWO),
    field("while-silent", "the weight while a source of its records is later than expected")
        .values(WhileSilent::WORDS)
        .since(Edition::THREE),
    affirmed::AFFIRMED_BY,
    field("cap", "the most of the class's weight that one member may hold").percent().since(Edition::TWO),
    field("service", "the part of the co-op that it is about: only what was given to it counts").since(Edition::THREE),
    door::JOIN,
];
const FROM: &[Known] =
    &[field("from", "with fewer members with weight than this, the percentage counts in proportion")
        .since(Edition::TWO)];
/// The most members from whom on a class can have its percentage in full.
const MOST_FROM: u32 = 1_000;
const KEPT_BY: Known =
    field("kept-by", "who puts members on its list").values(<KeptBy as Named>::WORDS).since(Edition::TWO);
const MOST_CLASSES: usize = 64;

impl Class {
    /// Reports whether its weight is a root, so that quadratic votes take the root twice.
    pub(crate) fn is_root(&self) -> bool {
        self.scale_root || self.weight.is_root()
    }
}

/// Reads every class, in the order of the document.
pub(super) fn read_classes(
    nodes: &[&Node],
    (edition, currency): (Edition, Option<Currency>),
    parameters: &[Parameter],
    mistakes: &mut Mistakes,
) -> Vec<Class> {
    let known: Vec<Known> = FIELDS.iter().copied().filter(|known| known.since <= edition).collect();
    let first = |node: &&Node| node.values.first().map(|value| value.text.clone());
    let names: Vec<String> = nodes.iter().filter_map(first).collect();
    if let Some(extra) = nodes.get(MOST_CLASSES) {
        let why = format!("a kernel has {MOST_CLASSES} classes at most");
        mistakes.report(code::TOO_MANY, &extra.at, why, None);
        return Vec::new();
    }
    let mut classes: Vec<Class> = Vec::new();
    let mut taken = BTreeSet::new();
    let mut held = Vec::new();
    for node in nodes {
        let name = phrase::own_name(node, "class", &mut taken, mistakes);
        let found = fields(node, &known, mistakes);
        let shares = Shares {
            class: node.at.clone(),
            control: control_of(&found, mistakes),
            control_from: control_from(&found, mistakes),
            // A cap of 100 % would be no cap.
            at_most: found
                .optional("at-most", mistakes, |value, mistakes| part(value, PPM.saturating_sub(1), mistakes)),
        };
        let class = read_class(node, &found, &shares, (edition, currency), (&names, parameters), mistakes);
        held.push(shares);
        if let (Some(name), Some(class)) = (name, class) {
            classes.push(Class { name, ..class });
        }
    }
    control(&held, mistakes);
    classes
}

fn part(value: &Value, most: u32, mistakes: &mut Mistakes) -> Option<(u32, Range<usize>)> {
    Some((phrase::ratio_ppm(value, 1..=most, mistakes)?, value.at.clone()))
}

/// Reads the percentage of `control "40%" from=3`.
fn control_of(found: &Fields, mistakes: &mut Mistakes) -> Share {
    let Some(field) = found.get("control") else {
        return Some(None);
    };
    // Other properties than `from` are reported where that is read, from edition 2 on; braces here.
    if mistakes.edition() < Edition::TWO {
        field.nothing_else(&[], mistakes);
    }
    part(field.only_text(mistakes)?, PPM, mistakes).map(Some)
}

/// Reads its `from`; 1 where there is none.
fn control_from(found: &Fields, mistakes: &mut Mistakes) -> Option<u32> {
    match found.get("control") {
        Some(field) if mistakes.edition() >= Edition::TWO => {
            field.no_braces(mistakes);
            Some(field.number_beside("from", 1..=MOST_FROM, mistakes)?.unwrap_or(1))
        }
        _ => Some(1),
    }
}

/// The fields of a class on its part of the votes.
struct Shares {
    /// The place of the class.
    class: Range<usize>,
    control: Share,
    /// `None` where it is wrong.
    control_from: Option<u32>,
    at_most: Share,
}

/// A part of the votes in parts per million, with its place: `Some(None)` where it is absent, `None` where it is wrong.
type Share = Option<Option<(u32, Range<usize>)>>;

impl Shares {
    fn has_no_control(&self) -> bool {
        matches!(self.control, Some(None))
    }
}

/// Returns the formula as its sums fall: by half from edition 2 on, unless the class says otherwise.
fn fallen(mut formula: Formula, falls: Option<Falls>, edition: Edition) -> Formula {
    if edition >= Edition::TWO && falls != Some(Falls::AtOnce) {
        formula.fall_by_half();
    }
    formula
}

fn read_class(
    node: &Node,
    found: &Fields,
    shares: &Shares,
    (edition, currency): (Edition, Option<Currency>),
    known: (&[String], &[Parameter]),
    mistakes: &mut Mistakes,
) -> Option<Class> {
    let list = found.optional("list", mistakes, phrase::name);
    let kept_by = found.or("kept-by", KeptBy::Powers, mistakes, phrase::named);
    if let (Some(field), None) = (found.get("kept-by"), found.get("list")) {
        let why = "a class without a `list` has nobody on it to keep it";
        mistakes.report(code::NEEDS_ANOTHER, &field.name.at, why, "name the `list`, or leave `kept-by` out");
    }
    let scale = found
        .or("scale", "none".to_owned(), mistakes, |value, mistakes| phrase::choice(value, &["none", "sqrt"], mistakes));
    if !shares.has_no_control() {
        found.clash(&["at-most"], "control", mistakes);
    }
    if found.get("weight").is_none() {
        found.missing("weight", "weight \"1\"", mistakes);
    }
    let weight = found.optional("weight", mistakes, |value, mistakes| formula(value, currency, known, mistakes));
    let falls = found.optional("falls", mistakes, phrase::named);
    if weight.as_ref().is_some_and(|weight| weight.as_ref().is_some_and(|weight| !weight.can_fall())) {
        found.needs("falls", "a sum of hours or contributions over a calendar period", mistakes);
    }
    let silent = found.optional("while-silent", mistakes, phrase::named);
    if weight.as_ref().is_some_and(|weight| weight.as_ref().is_some_and(|weight| !weight.reads_support())) {
        found.needs("while-silent", "a sum of support", mistakes);
    }
    let service = read_service(found, weight.as_ref().and_then(Option::as_ref), mistakes);
    if weight.as_ref().is_some_and(|weight| {
        weight.as_ref().is_some_and(|weight| !weight.support_kinds().any(|kind| kind == SupportKind::Hours))
    }) {
        found.needs("affirmed-by", "hours in its weight", mistakes);
    }
    let affirmed = affirmed::read(found, currency, mistakes);
    let door = door::read(found, currency, mistakes);
    let cap = found.optional("cap", mistakes, |value, mistakes| phrase::ratio_ppm(value, 1..=PPM, mistakes));
    let line = mistakes.line(node.at.start);
    let mut weight = fallen(weight??, falls?, edition);
    let service = service?;
    if let Some(service) = &service {
        weight.serve(service);
    }
    Some(Class {
        name: String::new(),
        list: list?,
        kept_by: kept_by?,
        holds_while_silent: edition >= Edition::THREE && silent? != Some(WhileSilent::Fade) && weight.reads_support(),
        weight,
        service,
        affirmed: affirmed?,
        door: door?,
        cap_ppm: cap?,
        scale_root: scale? == "sqrt",
        control_ppm: shares.control.as_ref()?.as_ref().map(|(ppm, _)| *ppm),
        control_from: shares.control_from?,
        at_most_ppm: shares.at_most.as_ref()?.as_ref().map(|(ppm, _)| *ppm),
        line,
    })
}

/// Reads the service of a class, whose weight has to be of something that can be given to one.
fn read_service(found: &Fields, weight: Option<&Formula>, mistakes: &mut Mistakes) -> Option<Option<String>> {
    let service = found.optional("service", mistakes, phrase::service);
    if let (Some(field), Some(weight)) = (found.get("service"), weight) {
        let pledges = weight.support_kinds().any(|kind| kind == SupportKind::Pledge);
        if pledges || !weight.reads_support() {
            let why = match pledges {
                true => "the weight reads pledges, and a promise is of no service",
                false => "the weight reads nothing that was given to a service",
            };
            let help = "leave `service` out, or weigh by what is given";
            mistakes.report(code::SERVICE_MISPLACED, &field.name.at, why, help);
        }
    }
    service
}

/// Reads a weight. Where the co-op's own currency is wrong, another replaces it, so that the formula's other mistakes are
/// reported too.
fn formula(
    value: &Value,
    currency: Option<Currency>,
    (classes, known): (&[String], &[Parameter]),
    mistakes: &mut Mistakes,
) -> Option<Formula> {
    let parameters: Vec<(String, Quantity)> = known.iter().map(|one| (one.name.clone(), one.default.clone())).collect();
    let currency_here = currency.or_else(|| Currency::parse("USD"))?;
    let scope = Scope { currency: currency_here, classes, parameters: &parameters, edition: mistakes.edition() };
    match Formula::parse(&value.text, &scope) {
        Ok(formula) => {
            check_limits(&formula, value, &scope, known, mistakes);
            Some(formula)
        }
        Err(mut found) => {
            if currency.is_none() {
                let of_currency = [code::UNKNOWN_CURRENCY, code::OTHER_CURRENCY];
                found.retain(|mistake| !of_currency.contains(&mistake.code));
            }
            mistakes.report_formula(value, found);
            None
        }
    }
}

/// Reports fixed control that only some classes have or that does not add up to 100 %, and caps that leave votes which no
/// class can hold.
fn control(held: &[Shares], mistakes: &mut Mistakes) {
    let controlled = held.iter().any(|shares| !shares.has_no_control());
    for shares in held.iter().filter(|shares| controlled && shares.has_no_control()) {
        let why = "this class has no `control`, and others have";
        mistakes.report(code::CONTROL_INCOMPLETE, &shares.class, why, "give every class a part, together 100%");
    }
    if let Some((sum, at)) = total(held.iter().map(|shares| &shares.control))
        && sum != u64::from(PPM)
    {
        let sum = phrase::percent_of(sum);
        let why = format!("the classes control {sum} of the votes together, and must control 100%");
        mistakes.report(code::CONTROL_INCOMPLETE, at, why, "change the parts until they add up to 100%");
    }
    if let Some((sum, at)) = total(held.iter().map(|shares| &shares.at_most))
        && sum < u64::from(PPM)
        && !controlled
    {
        let sum = phrase::percent_of(sum);
        let why = format!("the classes may hold {sum} of the votes together: nobody could hold the rest");
        mistakes.report(code::CONTROL_INCOMPLETE, at, why, "raise a cap, or leave out that of one class");
    }
}

/// Returns the sum where every class has a sound part, and the place of the last one.
fn total<'s>(shares: impl Iterator<Item = &'s Share>) -> Option<(u64, &'s Range<usize>)> {
    let parts: Option<Vec<_>> = shares.map(|share| share.as_ref()?.as_ref()).collect();
    let parts = parts?;
    let (_, at) = parts.last()?;
    Some((parts.iter().map(|(ppm, _)| u64::from(*ppm)).sum(), at))
}

/// Returns the order of evaluation, or reports a cycle at its first class.
pub(super) fn order(classes: &[Class], node: &Node, mistakes: &mut Mistakes) -> Option<Vec<usize>> {
    match class_order(classes) {
        Ok(order) => Some(order),
        Err(circle) => {
            let names: Vec<&str> =
                circle.iter().filter_map(|index| classes.get(*index)).map(|class| class.name.as_str()).collect();
            let first = names.first().copied().unwrap_or("");
            let place = class_node(node, first).map_or(&node.name.at, |class| &class.at).clone();
            let why = match names.as_slice() {
                [_] => format!("the weight of `{first}` depends on itself"),
                _ => format!("the weights of {} depend on each other", list(&names)),
            };
            let help = "a class with a `list` may count itself: `count` needs no weight there";
            mistakes.refuse(code::CLASS_CIRCLE, &place, why, help)
        }
    }
}

fn class_node<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    node.children
        .iter()
        .filter(|child| child.name.text == "class")
        .find(|child| child.values.first().is_some_and(|value| value.text == name))
}

/// Notes classes in which a promise gives weight that no gift bounds. Since edition 3, under which members enter their own.
pub(super) fn promises(classes: &[Class], node: &Node, mistakes: &Mistakes) -> Vec<Diagnostic> {
    let alone = classes.iter().filter(|class| class.weight.counts_promises_alone());
    alone
        .filter(|_| mistakes.edition() >= Edition::THREE)
        .map(|class| {
            let place = class_node(node, &class.name).map_or(&node.name.at, |class| &class.at).clone();
            let why = format!("in `{}` a promise gives weight that no gift bounds", class.name);
            let help = Some("take the least of both: `min(donated(last month), pledged(next month))`".to_owned());
            mistakes.diagnostic(code::PROMISE_ALONE, &place, why, help)
        })
        .collect()
}

/// Notes classes whose weight is a root and whose votes are rooted again, which is allowed but probably not meant.
pub(super) fn notes(classes: &[Class], node: &Node, counting: Counting, mistakes: &Mistakes) -> Vec<Diagnostic> {
    let twice = classes.iter().filter(|class| class.is_root());
    twice
        .filter(|_| counting == Counting::Quadratic)
        .map(|class| {
            let place = class_node(node, &class.name).map_or(&node.name.at, |class| &class.at).clone();
            let why = format!("the weight of `{}` is a root, and its votes are rooted again", class.name);
            let help = Some("root once: here, or by `votes \"quadratic\"`".to_owned());
            mistakes.diagnostic(code::ROOT_TWICE, &place, why, help)
        })
        .collect()
}
