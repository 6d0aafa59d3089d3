//! Reads the classes of a kernel: who earns weight, and how.

use std::collections::BTreeSet;

use quantity::{Currency, PPM};

use super::order::class_order;
use super::{Class, Counting};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{Mistakes, Node, Value, fields};
use crate::formula::{Formula, Scope};
use crate::phrase;

const MOST_CLASSES: usize = 64;
const FIELDS: [&str; 5] = ["list", "weight", "scale", "control", "at-most"];

/// Reads every class, in the order in which they stand.
pub(super) fn read_classes(
    nodes: &[&Node],
    currency: Option<Currency>,
    mistakes: &mut Mistakes,
) -> Vec<Class> {
    let first = |node: &&Node| node.values.first().map(|value| value.text.clone());
    let names: Vec<String> = nodes.iter().filter_map(first).collect();
    if let Some(extra) = nodes.get(MOST_CLASSES) {
        let why = format!("a kernel has {MOST_CLASSES} classes at most");
        mistakes.tell(code::TOO_MANY, &extra.at, why, None);
        return Vec::new();
    }
    let mut classes: Vec<Class> = Vec::new();
    let mut taken = BTreeSet::new();
    for node in nodes {
        let name = own_name(node, "class", &mut taken, mistakes);
        let class = read_class(node, currency, &names, mistakes);
        if let (Some(name), Some(class)) = (name, class) {
            classes.push(Class { name, ..class });
        }
    }
    control(nodes, mistakes);
    classes
}

/// The name after a node's word, which no earlier one may have.
pub(crate) fn own_name(
    node: &Node,
    what: &str,
    taken: &mut BTreeSet<String>,
    mistakes: &mut Mistakes,
) -> Option<String> {
    let Some(value) = node.values.first() else {
        let why = format!("this {what} has no name");
        let help = Some(format!("write `{} \"…\"`", node.name.text));
        mistakes.tell(code::FIELD_MISSING, &node.name.at, why, help);
        return None;
    };
    if let Some(extra) = node.values.get(1) {
        mistakes.tell(
            code::UNEXPECTED_VALUE,
            &extra.at,
            format!("a {what} has one name"),
            None,
        );
    }
    let name = phrase::name(value, mistakes)?;
    if !taken.insert(name.clone()) {
        mistakes.tell(
            code::NAME_TAKEN,
            &value.at,
            format!("there is a {what} `{name}` already"),
            None,
        );
        return None;
    }
    Some(name)
}

fn read_class(
    node: &Node,
    currency: Option<Currency>,
    names: &[String],
    mistakes: &mut Mistakes,
) -> Option<Class> {
    let found = fields(node, &FIELDS, &[], mistakes);
    let list = found.optional("list", mistakes, phrase::name);
    let scale = found.or("scale", "none".to_owned(), mistakes, |value, mistakes| {
        phrase::choice(value, &["none", "sqrt"], mistakes)
    });
    let control_ppm = found.optional("control", mistakes, |value, mistakes| {
        phrase::ratio_ppm(value, 1..=PPM, mistakes)
    });
    let at_most_ppm = found.optional("at-most", mistakes, |value, mistakes| {
        phrase::ratio_ppm(value, 1..=PPM.saturating_sub(1), mistakes)
    });
    if found.get("control").is_some() {
        found.clash(&["at-most"], "control", mistakes);
    }
    if found.get("weight").is_none() {
        found.missing("weight", "weight \"1\"", mistakes);
    }
    let weight = found.optional("weight", mistakes, |value, mistakes| {
        formula(value, currency, names, mistakes)
    });
    let line = mistakes.line(node.at.start);
    Some(Class {
        name: String::new(),
        list: list?,
        weight: weight??,
        scale_root: scale? == "sqrt",
        control_ppm: control_ppm?,
        at_most_ppm: at_most_ppm?,
        line,
    })
}

/// A weight. Where the co-op's own currency is wrong, another stands in, so that the formula's other
/// mistakes are told too.
fn formula(
    value: &Value,
    currency: Option<Currency>,
    names: &[String],
    mistakes: &mut Mistakes,
) -> Option<Formula> {
    let scope = Scope {
        currency: currency.or_else(|| Currency::parse("USD"))?,
        classes: names,
    };
    match Formula::parse(&value.text, &scope) {
        Ok(formula) => Some(formula),
        Err(mut found) => {
            if currency.is_none() {
                let of_currency = [code::UNKNOWN_CURRENCY, code::OTHER_CURRENCY];
                found.retain(|mistake| !of_currency.contains(&mistake.code));
            }
            mistakes.tell_formula(value, found);
            None
        }
    }
}

/// Fixed control: all classes have it or none, and it comes to all votes. Caps may not leave votes that
/// no class can hold.
fn control(nodes: &[&Node], mistakes: &mut Mistakes) {
    let with = |name: &'static str| {
        let has = move |node: &&&Node| written(node, name).is_some();
        nodes.iter().filter(has).count()
    };
    let sum = |name: &'static str| -> Option<u64> {
        let parts = nodes.iter().map(|node| ppm(written(node, name)?));
        parts.sum()
    };
    let controlled = with("control");
    if controlled > 0 && controlled < nodes.len() {
        for node in nodes
            .iter()
            .filter(|node| written(node, "control").is_none())
        {
            let why = "this class has no `control`, and others have";
            let help = Some("give every class a part, together 100%".to_owned());
            mistakes.tell(code::CONTROL_INCOMPLETE, &node.at, why, help);
        }
    }
    let wrong = if controlled == nodes.len() {
        let all = |ppm: &u64| *ppm != u64::from(PPM);
        sum("control").filter(all).map(|sum| ("control", sum))
    } else if with("at-most") == nodes.len() {
        let all = |ppm: &u64| *ppm < u64::from(PPM);
        sum("at-most").filter(all).map(|sum| ("at-most", sum))
    } else {
        None
    };
    let last = nodes.last();
    if let (Some((name, sum)), Some(last)) = (wrong, last) {
        let sum = phrase::percent_of(sum);
        let why = match name {
            "control" => {
                format!("the classes control {sum} of the votes together, and must control 100%")
            }
            _ => format!(
                "the classes may hold {sum} of the votes together: nobody could hold the rest"
            ),
        };
        let at = written(last, name).map_or(&last.at, |value| &value.at);
        mistakes.tell(code::CONTROL_INCOMPLETE, at, why, None);
    }
}

/// The first value of a field as it is written, sound or not.
fn written<'n>(node: &'n Node, name: &str) -> Option<&'n Value> {
    let mut beside = node.properties.iter();
    let beside = beside.find(|(word, _)| word.text == name);
    let mut inside = node.children.iter();
    let inside = || inside.find(|child| child.name.text == name)?.values.first();
    beside.map(|(_, value)| value).or_else(inside)
}

/// The percentage of a value, where it is one.
fn ppm(value: &Value) -> Option<u64> {
    let number = value.text.strip_suffix('%')?.trim_end();
    let ppm = quantity::parse_decimal(number, 4).ok()?;
    u64::try_from(ppm).ok().filter(|ppm| *ppm <= u64::from(PPM))
}

/// The order of evaluation; a circle is a mistake at its first class.
pub(super) fn order(classes: &[Class], node: &Node, mistakes: &mut Mistakes) -> Option<Vec<usize>> {
    match class_order(classes) {
        Ok(order) => Some(order),
        Err(circle) => {
            let names: Vec<&str> = circle
                .iter()
                .filter_map(|index| classes.get(*index))
                .map(|class| class.name.as_str())
                .collect();
            let first = names.first().copied().unwrap_or("");
            let place = class_node(node, first)
                .map_or(&node.name.at, |class| &class.at)
                .clone();
            let why = match names.as_slice() {
                [_] => format!("the weight of `{first}` depends on itself"),
                _ => format!(
                    "the weights of {} depend on each other",
                    crate::nearest::list(&names)
                ),
            };
            let help = Some(
                "a class with a `list` may count itself: `count` needs no weight there".to_owned(),
            );
            mistakes.tell(code::CLASS_CIRCLE, &place, why, help);
            None
        }
    }
}

fn class_node<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    node.children
        .iter()
        .filter(|child| child.name.text == "class")
        .find(|child| child.values.first().is_some_and(|value| value.text == name))
}

/// What is allowed but probably not meant: a weight that is rooted and whose votes are rooted again.
pub(super) fn notes(
    classes: &[Class],
    node: &Node,
    counting: Counting,
    mistakes: &Mistakes,
) -> Vec<Diagnostic> {
    let twice = classes
        .iter()
        .filter(|class| class.scale_root || class.weight.is_root());
    twice
        .filter(|_| counting == Counting::Quadratic)
        .map(|class| {
            let place = class_node(node, &class.name)
                .map_or(&node.name.at, |class| &class.at)
                .clone();
            let why = format!(
                "the weight of `{}` is a root, and its votes are rooted again",
                class.name
            );
            let help = Some("root once: here, or by `votes \"quadratic\"`".to_owned());
            mistakes.diagnostic(code::ROOT_TWICE, &place, why, help)
        })
        .collect()
}
