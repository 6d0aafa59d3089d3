//! Reads a kernel and tells every mistake in it.

use quantity::{Currency, PPM, Span, Zone};

use super::class::{notes, order, read_classes};
use super::{Amendment, Counting, Fork, Kernel, Part, Terms, TreasuryShare};
use crate::Grant;
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Field, Mistakes, Node, Value, fields};
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
const CARRIES: [&str; 3] = ["register", "ledger", "rules"];
/// Two thirds of all weight for half a year.
const DEFAULT_AMENDMENT: Amendment = Amendment::Held {
    of_weight: Part {
        numerator: 2,
        denominator: 3,
    },
    of_each_class: None,
    span: Span::from_seconds(180 * 86_400),
};

/// Reads and checks a kernel; on failure every mistake, in the order of their places.
pub fn read_kernel(text: &str) -> Result<Kernel, Vec<Diagnostic>> {
    let (nodes, mut mistakes) = document::read(text)?;
    let kernel = find(&nodes, &mut mistakes).and_then(|node| kernel(node, &mut mistakes));
    match kernel {
        Some(kernel) if mistakes.is_empty() => Ok(kernel),
        _ => Err(mistakes.all()),
    }
}

/// Whether a document states a kernel, with or without mistakes in it. A text whose form cannot be read states none.
pub fn is_kernel(text: &str) -> bool {
    document::read(text).is_ok_and(|(nodes, _)| nodes.iter().any(|node| node.name.text == "kernel"))
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
    let found = fields(&rest, &FIELDS, mistakes);
    let field = |name: &str| found.iter().find(|field| field.name.text == name);
    whole(node, &found, classes.is_empty(), mistakes);
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
        None => Some(DEFAULT_AMENDMENT),
    };
    let fork = field("fork").map_or_else(default_fork, |field| read_fork(field, mistakes));
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
        grant: Grant::everything(),
        amend,
        fork,
        notes,
    })
}

/// What every kernel has, and what none has.
fn whole(node: &Node, found: &[Field], without_class: bool, mistakes: &mut Mistakes) {
    if let Some(value) = node.values.first() {
        let help = Some("the co-op's name is a field: `name \"…\"`".to_owned());
        mistakes.tell(
            code::UNEXPECTED_VALUE,
            &value.at,
            "`kernel` takes no value",
            help,
        );
    }
    if let Some(beside) = found.iter().find(|field| field.name.text == "class") {
        let help = Some("write `class \"members\" { weight \"1\" }` in the braces".to_owned());
        mistakes.tell(
            code::UNEXPECTED_VALUE,
            &beside.at,
            "a class does not stand beside `kernel`",
            help,
        );
    }
    for name in ["name", "purpose", "currency", "constitution"] {
        if !found.iter().any(|field| field.name.text == name) {
            mistakes.tell(
                code::FIELD_MISSING,
                &node.name.at,
                format!("the kernel has no `{name}`"),
                None,
            );
        }
    }
    if without_class {
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

fn amend(field: &Field, mistakes: &mut Mistakes) -> Option<Amendment> {
    let value = field.text(mistakes)?;
    let words: Vec<&str> = value.text.split_whitespace().collect();
    let amendment = match words.as_slice() {
        ["never"] => Some(Amendment::Never),
        [ratio, "of", "weight", "for", count, unit] => {
            let span = Span::parse(&format!("{count} {unit}"));
            majority(ratio)
                .zip(span)
                .map(|(of_weight, span)| Amendment::Held {
                    of_weight,
                    of_each_class: None,
                    span,
                })
        }
        _ => None,
    };
    if amendment.is_none() {
        let why = format!("`{}` does not say how the kernel changes", value.text);
        let help =
            "write `never`, or a share of at least half and a time: `2/3 of weight for 180 days`";
        mistakes.tell(code::BAD_AMENDMENT, &value.at, why, Some(help.to_owned()));
    }
    amendment
}

/// At least half and at most all: `2/3`, `75%`.
fn majority(ratio: &str) -> Option<Part> {
    let (numerator, denominator) = match ratio.split_once('/') {
        Some((part, whole)) => (part.parse::<u32>().ok()?, whole.parse::<u32>().ok()?),
        None => {
            let ppm = quantity::parse_decimal(ratio.strip_suffix('%')?, 4).ok()?;
            (u32::try_from(ppm).ok()?, PPM)
        }
    };
    let twice = u64::from(numerator).saturating_mul(2);
    let sound = numerator > 0 && numerator <= denominator && twice >= u64::from(denominator);
    sound.then_some(Part {
        numerator,
        denominator,
    })
}

const fn default_fork() -> Fork {
    Fork {
        register: true,
        ledger: true,
        rules: true,
        treasury: TreasuryShare::ByWeight,
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
        fork.register = words.contains(&"register");
        fork.ledger = words.contains(&"ledger");
        fork.rules = words.contains(&"rules");
    }
    if let Some(value) = field.property("treasury") {
        let known = TreasuryShare::ALL.map(TreasuryShare::name);
        let chosen = phrase::choice(value, &known, mistakes);
        let named = |share: &TreasuryShare| chosen.as_deref() == Some(share.name());
        fork.treasury = TreasuryShare::ALL
            .into_iter()
            .find(named)
            .unwrap_or(fork.treasury);
    }
    fork
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
