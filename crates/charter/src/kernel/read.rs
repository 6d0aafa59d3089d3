//! Reads a kernel and tells every mistake in it.

use std::collections::BTreeSet;

use quantity::{Currency, PPM, Span, Zone};

use super::order::class_order;
use super::{Class, Counting, Fork, Kernel, Terms};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Field, Mistakes, Node, Value, fields};
use crate::formula::{Formula, Scope};
use crate::nearest::suggest;
use crate::phrase;

const FIELDS: [&str; 10] = [
    "name",
    "purpose",
    "currency",
    "time-zone",
    "class",
    "members",
    "votes",
    "constitution",
    "amend",
    "fork",
];
const MOST_CLASSES: usize = 64;
const CARRIES: [&str; 3] = ["register", "ledger", "rules"];
const TREASURY: [&str; 3] = ["by weight of those who go", "by head", "none"];
const DEFAULT_AMEND: &str = "2/3 of weight for 180 days";
/// Fields of a class that `charter.md` intends and this version does not count yet.
const LATER: [&str; 3] = ["control", "cap", "delegation"];

/// Reads and checks a kernel; on failure every mistake, in the order of their places.
pub fn read_kernel(text: &str) -> Result<Kernel, Vec<Diagnostic>> {
    let (nodes, mut mistakes) = document::read(text)?;
    let kernel = find(&nodes, &mut mistakes).and_then(|node| kernel(node, &mut mistakes));
    match kernel {
        Some(kernel) if mistakes.is_empty() => Ok(kernel),
        _ => Err(mistakes.all()),
    }
}

/// The only node of the document, `kernel`.
fn find<'n>(nodes: &'n [Node], mistakes: &mut Mistakes) -> Option<&'n Node> {
    let mut found: Option<&Node> = None;
    for node in nodes {
        if mistakes.is_full() {
            break;
        }
        let name = node.name.text.as_str();
        if name != "kernel" {
            let why = format!("`{name}` has no place in a kernel's document");
            let help = suggest(name, &["kernel"]).filter(|help| help.starts_with("did"));
            let help = help.or_else(|| Some("clauses belong in the constitution".to_owned()));
            mistakes.tell(code::WRONG_DOCUMENT, &node.name.at, why, help);
        } else if found.is_some() {
            mistakes.tell(
                code::FIELD_TWICE,
                &node.name.at,
                "there is a kernel already",
                None,
            );
        } else {
            found = Some(node);
        }
    }
    if found.is_none() && mistakes.is_empty() {
        mistakes.tell(
            code::WRONG_DOCUMENT,
            &(0..0),
            "the document has no `kernel { … }`",
            None,
        );
    }
    found
}

fn kernel(node: &Node, mistakes: &mut Mistakes) -> Option<Kernel> {
    // Classes may stand more than once, so they are taken out before the fields are.
    let (classes, others): (Vec<&Node>, Vec<&Node>) = node
        .children
        .iter()
        .partition(|child| child.name.text == "class");
    let rest = Node {
        children: others.into_iter().cloned().collect(),
        ..node.clone()
    };
    if let Some(value) = node.values.first() {
        let help = Some("the co-op's name is a field: `name \"…\"`".to_owned());
        mistakes.tell(
            code::UNEXPECTED_VALUE,
            &value.at,
            "`kernel` takes no value",
            help,
        );
    }
    let found = fields(&rest, &FIELDS, mistakes);
    let field = |name: &str| found.iter().find(|field| field.name.text == name);
    for name in ["name", "purpose", "currency", "constitution"] {
        if field(name).is_none() {
            mistakes.tell(
                code::FIELD_MISSING,
                &node.name.at,
                format!("the kernel has no `{name}`"),
                None,
            );
        }
    }
    let name = field("name").and_then(|field| phrase::line(field, 100, mistakes));
    let purpose = field("purpose").and_then(|field| phrase::line(field, 500, mistakes));
    let currency = field("currency").and_then(|field| currency(field, mistakes));
    let zone = match field("time-zone") {
        Some(field) => zone(field, mistakes),
        None => Some(Zone::utc()),
    };
    let counting = match field("votes") {
        Some(field) => votes(field, mistakes),
        None => Some(Counting::Quadratic),
    };
    let (cap_ppm, floor_micro) =
        field("members").map_or((None, 0), |field| members(field, mistakes));
    let changes = field("constitution").and_then(|field| constitution(field, mistakes));
    let amend = match field("amend") {
        Some(field) => amend(field, mistakes),
        None => Some(DEFAULT_AMEND.to_owned()),
    };
    let fork = field("fork").map_or_else(default_fork, |field| read_fork(field, mistakes));
    if classes.is_empty() {
        let help = Some(
            "without one nobody has weight: write `class \"members\" { weight \"1\" }`".to_owned(),
        );
        mistakes.tell(
            code::FIELD_MISSING,
            &node.name.at,
            "the kernel has no `class`",
            help,
        );
    }
    let classes = read_classes(&classes, currency, mistakes);
    let class_order = order(&classes, node, mistakes);
    let notes = counting
        .map(|counting| notes(&classes, node, counting, mistakes))
        .unwrap_or_default();
    let (terms, updates) = changes?;
    let (name, purpose, currency, zone) = (name?, purpose?, currency?, zone?);
    let (counting, amend, class_order) = (counting?, amend?, class_order?);
    Some(Kernel {
        name,
        purpose,
        currency,
        zone,
        classes,
        class_order,
        cap_ppm,
        floor_micro,
        counting,
        constitution: terms,
        updates,
        amend,
        fork,
        notes,
    })
}

fn currency(field: &Field, mistakes: &mut Mistakes) -> Option<Currency> {
    let value = field.text(mistakes)?;
    let currency = Currency::parse(&value.text);
    if currency.is_none() {
        let upper = value.text.to_uppercase();
        let help = match Currency::parse(&upper) {
            Some(_) => format!("did you mean `{upper}`?"),
            None => "write the three letters of ISO 4217, as in `EUR`".to_owned(),
        };
        let why = format!("no currency is called `{}`", value.text);
        mistakes.tell(code::UNKNOWN_CURRENCY, &value.at, why, Some(help));
    }
    currency
}

fn zone(field: &Field, mistakes: &mut Mistakes) -> Option<Zone> {
    let value = field.text(mistakes)?;
    let zone = Zone::named(&value.text);
    if zone.is_none() {
        let help =
            Some("write `UTC`, or a name of the IANA data base such as `Europe/Berlin`".to_owned());
        let why = format!("no time zone is called `{}`", value.text);
        mistakes.tell(code::BAD_TIME_ZONE, &value.at, why, help);
    }
    zone
}

/// How weight becomes votes; also for clauses.
pub(crate) fn votes(field: &Field, mistakes: &mut Mistakes) -> Option<Counting> {
    let value = field.text(mistakes)?;
    let known = Counting::ALL.map(Counting::name);
    phrase::choice(value, &known, mistakes).and_then(|name| Counting::parse(&name))
}

fn members(field: &Field, mistakes: &mut Mistakes) -> (Option<u32>, u64) {
    let node = as_node(field);
    no_value(field, mistakes);
    let found = fields(&node, &["cap", "floor"], mistakes);
    let text = |name: &str, mistakes: &mut Mistakes| {
        found
            .iter()
            .find(|field| field.name.text == name)
            .and_then(|field| field.text(mistakes))
    };
    let cap = text("cap", mistakes).and_then(|value| phrase::ratio_ppm(value, 1..=PPM, mistakes));
    let floor = text("floor", mistakes).and_then(|value| phrase::micro(value, "weights", mistakes));
    (cap, floor.unwrap_or(0))
}

/// `constitution { settles-in …; updates … }`
fn constitution(field: &Field, mistakes: &mut Mistakes) -> Option<(Terms, quantity::Rhythm)> {
    no_value(field, mistakes);
    let node = as_node(field);
    let found = fields(
        &node,
        &["settles-in", "nominated-by", "changes", "updates"],
        mistakes,
    );
    let read = terms(&found, field.name, mistakes);
    let Some(updates) = found.iter().find(|field| field.name.text == "updates") else {
        let help = Some("write `updates \"weekly on monday at 01:00\"`".to_owned());
        mistakes.tell(
            code::FIELD_MISSING,
            &field.name.at,
            "`constitution` has no `updates`",
            help,
        );
        return None;
    };
    let updates = updates
        .text(mistakes)
        .and_then(|value| phrase::rhythm(value, mistakes));
    read.zip(updates)
}

/// How an outcome changes: the fields that every election has.
pub(crate) fn terms(
    found: &[Field],
    owner: &document::Word,
    mistakes: &mut Mistakes,
) -> Option<Terms> {
    const DEFAULT_NOMINATED_BY_PPM: u32 = 20_000;
    let text = |name: &str, mistakes: &mut Mistakes| -> Option<Option<&Value>> {
        let field = found.iter().find(|field| field.name.text == name)?;
        Some(field.text(mistakes))
    };
    let settles_in: Option<Span> = match text("settles-in", mistakes) {
        Some(value) => value.and_then(|value| phrase::span(value, mistakes)),
        None => {
            let why = format!("`{}` has no `settles-in`", owner.text);
            let help = Some("write `settles-in \"14 days\"`".to_owned());
            mistakes.tell(code::FIELD_MISSING, &owner.at, why, help);
            None
        }
    };
    let nominated_by_ppm = match text("nominated-by", mistakes) {
        Some(value) => value.and_then(|value| phrase::ratio_ppm(value, 100..=500_000, mistakes)),
        None => Some(DEFAULT_NOMINATED_BY_PPM),
    };
    let changes = match text("changes", mistakes) {
        Some(value) => Some(value.and_then(|value| phrase::rhythm(value, mistakes))?),
        None => None,
    };
    Some(Terms {
        settles_in: settles_in?,
        nominated_by_ppm: nominated_by_ppm?,
        changes,
    })
}

fn amend(field: &Field, mistakes: &mut Mistakes) -> Option<String> {
    let value = field.text(mistakes)?;
    let words: Vec<&str> = value.text.split_whitespace().collect();
    let sound = match words.as_slice() {
        ["never"] => true,
        [ratio, "of", "weight", "for", count, unit] => {
            is_majority(ratio) && Span::parse(&format!("{count} {unit}")).is_some()
        }
        _ => false,
    };
    if !sound {
        let why = format!("`{}` does not say how the kernel changes", value.text);
        let help =
            "write `never`, or a share of at least half and a time: `2/3 of weight for 180 days`";
        mistakes.tell(code::BAD_AMENDMENT, &value.at, why, Some(help.to_owned()));
        return None;
    }
    Some(words.join(" "))
}

/// At least half and at most all: `2/3`, `75%`.
fn is_majority(ratio: &str) -> bool {
    let (part, whole) = match ratio.split_once('/') {
        Some((part, whole)) => (part.parse::<u32>().ok(), whole.parse::<u32>().ok()),
        None => {
            let percent = ratio
                .strip_suffix('%')
                .and_then(|number| quantity::parse_decimal(number, 4).ok());
            (percent.and_then(|ppm| u32::try_from(ppm).ok()), Some(PPM))
        }
    };
    part.zip(whole).is_some_and(|(part, whole)| {
        part > 0 && part <= whole && part.checked_mul(2).is_none_or(|twice| twice >= whole)
    })
}

fn default_fork() -> Fork {
    Fork {
        carries: CARRIES.map(str::to_owned).to_vec(),
        treasury: "by weight of those who go".to_owned(),
    }
}

fn read_fork(field: &Field, mistakes: &mut Mistakes) -> Fork {
    no_value(field, mistakes);
    field.nothing_else(&["carries", "treasury"], mistakes);
    let mut fork = default_fork();
    if let Some(value) = field.property("carries") {
        let words: Vec<&str> = value.text.split_whitespace().collect();
        let unknown = words.iter().find(|word| !CARRIES.contains(word));
        if let Some(word) = unknown {
            let why = format!("a fork cannot carry `{word}`");
            mistakes.tell(
                code::UNKNOWN_CHOICE,
                &value.at,
                why,
                suggest(word, &CARRIES),
            );
        }
        fork.carries = words.into_iter().map(str::to_owned).collect();
    }
    if let Some(value) = field.property("treasury") {
        fork.treasury = phrase::choice(value, &TREASURY, mistakes).unwrap_or_default();
    }
    fork
}

fn read_classes(
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

fn order(classes: &[Class], node: &Node, mistakes: &mut Mistakes) -> Option<Vec<usize>> {
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
fn notes(
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

fn no_value(field: &Field, mistakes: &mut Mistakes) {
    if let Some(value) = field.values.first() {
        let why = format!("`{}` takes no value of its own", field.name.text);
        mistakes.tell(code::UNEXPECTED_VALUE, &value.at, why, None);
    }
}

fn as_node(field: &Field) -> Node {
    Node {
        name: field.name.clone(),
        values: Vec::new(),
        properties: field.properties.to_vec(),
        children: field.children.to_vec(),
        at: field.at.clone(),
    }
}
