//! Reads the classes of a kernel: who earns weight, and how.

use std::collections::BTreeSet;

use quantity::Currency;

use super::order::class_order;
use super::{Class, Counting};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{Mistakes, Node, fields};
use crate::formula::{Formula, Scope};
use crate::phrase;

const MOST_CLASSES: usize = 64;
/// Fields of a class that `charter.md` intends and this version does not count yet.
const LATER: [&str; 3] = ["control", "cap", "delegation"];

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
        mistakes.tell(code::OUT_OF_RANGE, &extra.at, why, None);
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
    let node = &not_yet(node, &LATER, mistakes);
    let found = fields(node, &["list", "weight", "scale"], mistakes);
    let field = |name: &str| found.iter().find(|field| field.name.text == name);
    let list = match field("list").map(|field| field.text(mistakes)) {
        Some(value) => Some(value.and_then(|value| phrase::name(value, mistakes))?),
        None => None,
    };
    let scale = match field("scale").map(|field| field.text(mistakes)) {
        Some(value) => {
            value.and_then(|value| phrase::choice(value, &["none", "sqrt"], mistakes))?
        }
        None => "none".to_owned(),
    };
    let Some(weight) = field("weight") else {
        let help = Some("one member one vote is `weight \"1\"`".to_owned());
        mistakes.tell(
            code::FIELD_MISSING,
            &node.name.at,
            "this class has no `weight`",
            help,
        );
        return None;
    };
    let value = weight.text(mistakes)?;
    match Formula::parse(
        &value.text,
        &Scope {
            currency: currency?,
            classes: names,
        },
    ) {
        Ok(weight) => {
            let line = mistakes.line(node.at.start);
            Some(Class {
                name: String::new(),
                list,
                weight,
                scale_root: scale == "sqrt",
                control_ppm: None,
                at_most_ppm: None,
                line,
            })
        }
        Err(found) => {
            mistakes.tell_formula(value, found);
            None
        }
    }
}

/// Tells the fields that are intended but not counted yet, and gives the clause without them.
pub(crate) fn not_yet(node: &Node, later: &[&str], mistakes: &mut Mistakes) -> Node {
    let mut known = node.clone();
    let properties = node.properties.iter().map(|(name, _)| name);
    for name in properties.chain(node.children.iter().map(|child| &child.name)) {
        if later.contains(&name.text.as_str()) {
            let why = format!("this version does not count `{}` yet", name.text);
            mistakes.tell(code::NOT_COUNTED_YET, &name.at, why, None);
        }
    }
    known
        .properties
        .retain(|(name, _)| !later.contains(&name.text.as_str()));
    known
        .children
        .retain(|child| !later.contains(&child.name.text.as_str()));
    known
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
