//! Reads a kernel and reports every mistake in it.

use quantity::{Currency, PPM, Rhythm, Zone};

use super::class::{CLASS, notes, open_to_many, order, promises, read_classes};
use super::counting::{ALLOWANCE, VOTES, allowance, votes};
use super::founding::Founding;
use super::power::{GIVES, GIVES_UP_TO, Grant, Under};
use super::terms::{CHANGES, NOMINATED_BY, SETTLES_IN, Terms};
use super::{ActsPer, Counting, Kernel, Leaving, acts_per, amend, editions, fork, founding, leaving, parameter};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Field, Fields, Mistakes, Node, Value, fields};
use crate::edition::Edition;
use crate::nearest::nearest;
use crate::phrase;
use crate::vocabulary::{Known, RHYTHMS, field, names};

pub(crate) const FIELDS: &[Known] = &[
    field("name", "what the co-op is called"),
    field("purpose", "what it is for, in a line"),
    field("currency", "the currency of its book, three letters of ISO 4217").values(&[
        ("EUR", ""),
        ("USD", ""),
        ("GBP", ""),
        ("CHF", ""),
        ("JPY", ""),
    ]),
    field("time-zone", "where its days and months are counted").values(&[
        ("UTC", ""),
        ("Europe/Berlin", ""),
        ("Europe/London", ""),
        ("America/New_York", ""),
    ]),
    CLASS,
    parameter::PARAMETER,
    field("members", "limits on one member: weight, and acts").fields(MEMBERS),
    VOTES,
    ALLOWANCE,
    field("constitution", "how the constitution changes, and when everything is counted").fields(ROOT),
    amend::AMEND,
    fork::FORK,
    fork::RESERVES,
    editions::EDITIONS,
    founding::FOUNDING,
    leaving::LEAVING,
];
const MEMBERS: &[Known] = &[
    field("cap", "the most of all weight that one member may hold").percent(),
    field("floor", "the least that a member of any class weighs"),
    acts_per::ACTS_PER,
];
/// The kernel's fields on its constitution.
const ROOT: &[Known] = &[
    SETTLES_IN,
    NOMINATED_BY,
    CHANGES,
    field("updates", "when everything is counted").values(RHYTHMS),
    GIVES,
    GIVES_UP_TO,
];
/// Fields that every kernel has besides its classes, each with an example.
const NEEDED: [(&str, &str); 4] = [
    ("name", "name \"Toad Lane\""),
    ("purpose", "purpose \"Good food at fair prices\""),
    ("currency", "currency \"EUR\""),
    ("constitution", "constitution { settles-in \"30 days\"; updates \"weekly on monday at 01:00\" }"),
];
/// The only node of a kernel's document.
const KERNEL: &str = "kernel";

/// Reads and checks a kernel, or returns every mistake in the order of their places.
/// `clauses` are words that begin a constitution, so that one in the place of a kernel is recognised.
pub(crate) fn read(text: &str, edition: Edition, clauses: &[&str]) -> Result<Kernel, Vec<Diagnostic>> {
    let (nodes, mut mistakes) = document::read_all(text, edition)?;
    let mut kernels = Vec::new();
    for node in find(&nodes, clauses, &mut mistakes) {
        if !mistakes.is_full() {
            kernels.extend(kernel(node, edition, &mut mistakes));
        }
    }
    match kernels.pop() {
        Some(mut kernel) if mistakes.is_empty() => {
            kernel.notes.extend(mistakes.nearly_marked());
            Ok(kernel)
        }
        _ => Err(mistakes.without_echoes().all()),
    }
}

/// Reports whether a document has a kernel, with or without mistakes in it. A text whose form cannot be read has none.
pub fn is_kernel(text: &str) -> bool {
    document::read(text).is_ok_and(|(nodes, _)| nodes.iter().any(|node| node.name.text == KERNEL))
}

/// Returns the document's kernels, with a second one and a misspelt one, so that their mistakes are reported too.
fn find<'n>(nodes: &'n [Node], clauses: &[&str], mistakes: &mut Mistakes) -> Vec<&'n Node> {
    let mut found: Vec<&Node> = Vec::new();
    let is_exact = |node: &Node| node.name.text == KERNEL;
    let is_meant = |node: &Node| nearest(&node.name.text, [KERNEL]).is_some();
    if !nodes.iter().any(|node| is_exact(node) || is_meant(node)) {
        absent(nodes, clauses, mistakes);
        return found;
    }
    for node in nodes {
        if mistakes.is_full() {
            break;
        }
        let name = node.name.text.as_str();
        if is_exact(node) && found.iter().any(|earlier| is_exact(earlier)) {
            let why = "there is a kernel already";
            mistakes.report(code::FIELD_TWICE, &node.name.at, why, "a document has one: leave one of them out");
        } else if !is_exact(node) {
            let why = format!("`{name}` has no place in a kernel's document");
            let help = if is_meant(node) { "did you mean `kernel`?" } else { "clauses belong in the constitution" };
            mistakes.report(code::WRONG_DOCUMENT, &node.name.at, why, help);
        }
        if is_exact(node) || is_meant(node) {
            found.push(node);
        }
    }
    found
}

/// Reports, once, that the document is of another kind.
fn absent(nodes: &[Node], clauses: &[&str], mistakes: &mut Mistakes) {
    let clause = nodes.iter().find(|node| clauses.contains(&node.name.text.as_str()));
    if let Some(clause) = clause {
        let why = "this looks like a constitution: it has no `kernel { … }`";
        let help = "say which kernel applies to it: `--kernel FILE`";
        mistakes.report(code::WRONG_DOCUMENT, &clause.name.at, why, help);
    } else if mistakes.is_empty() {
        let at = nodes.first().map_or(0..0, |node| node.name.at.clone());
        let why = "the document has no `kernel { … }`";
        mistakes.report(code::WRONG_DOCUMENT, &at, why, "write it in a block marked `charter`");
    }
}

// flat: a line for each field.
fn kernel(node: &Node, edition: Edition, mistakes: &mut Mistakes) -> Option<Kernel> {
    let known: Vec<Known> = FIELDS.iter().copied().filter(|known| known.since <= edition).collect();
    let found = fields(node, &known, mistakes);
    // A document full of unknown names is not searched for a misspelt `class`: that would take too long.
    let few = !mistakes.is_full();
    let all = names(&known);
    let is_class = |child: &&Node| {
        let name = child.name.text.as_str();
        let mistyped = || few && !all.contains(&name) && nearest(name, all.iter().copied()) == Some(CLASS.name);
        name == CLASS.name || mistyped()
    };
    let classes: Vec<&Node> = node.children.iter().filter(is_class).collect();
    // All fields are read before the first `?`, so that every mistake is reported.
    whole(node, &found, mistakes);
    let name = found.optional("name", mistakes, |value, mistakes| phrase::line(value, 100, mistakes));
    let purpose = found.optional("purpose", mistakes, |value, mistakes| phrase::line(value, 500, mistakes));
    let currency = found.optional("currency", mistakes, currency).flatten();
    let zone = found.or("time-zone", Zone::utc(), mistakes, zone);
    let counting = found.get("votes").map_or(Some(Counting::Quadratic), |field| votes(field, mistakes));
    let allowance = found.get("allowance").map_or(Some(None), |field| allowance(field, mistakes).map(Some));
    let members = found.get("members").map_or(Some(Members::USUAL), |field| members(field, edition, mistakes));
    let changes =
        found.get("constitution").and_then(|field| constitution(field, Under { currency, edition }, mistakes));
    let amend =
        found.or("amend", amend::usual(edition), mistakes, |value, mistakes| amend::read(value, edition, mistakes));
    let fork = match found.get("fork") {
        Some(field) => fork::read(field, edition, currency, mistakes),
        None => Some(fork::usual(edition)),
    };
    let reserves_ppm = found.or("reserves", 0, mistakes, |value, mistakes| phrase::ratio_ppm(value, 1..=PPM, mistakes));
    let editions_by_amend = found.get("editions").map_or(Some(false), |field| editions::read(field, mistakes));
    let founding = found.get("founding").map_or(Some(Founding::default()), |field| founding::read(field, mistakes));
    let leaving = found.get("leaving").map_or(Some(Leaving::USUAL), |field| leaving::read(field, mistakes));
    // Formulas need the currency, and the order of evaluation needs formulas.
    let parameters = parameter::read_all(node, edition, currency, mistakes);
    let classes = read_classes(&classes, (edition, currency), &parameters, mistakes);
    let class_order = order(&classes, node, mistakes);
    let mut notes = counting.map(|counting| notes(&classes, node, counting, mistakes)).unwrap_or_default();
    notes.extend(parameter::unused(&parameters, &classes, node, mistakes));
    notes.extend(promises(&classes, node, mistakes));
    notes.extend(open_to_many(&classes, members.as_ref().map_or(0, |members| members.floor_micro), node, mistakes));
    let (constitution, updates, grant) = changes?;
    let Members { cap_ppm, floor_micro, acts_per } = members?;
    let Founding { powers, weight_micro } = founding?;
    Some(Kernel {
        edition,
        name: name??,
        purpose: purpose??,
        currency: currency?,
        zone: zone?,
        classes,
        parameters,
        class_order: class_order?,
        cap_ppm,
        floor_micro,
        acts_per,
        counting: counting?,
        allowance: allowance?,
        constitution,
        updates,
        grant,
        amend: amend?,
        editions_by_amend: editions_by_amend?,
        founders_hold_powers: powers,
        founding_weight_micro: weight_micro,
        leaving: leaving?,
        fork: fork?,
        reserves_ppm: reserves_ppm?,
        notes,
    })
}

/// Reports absent fields that every kernel has, and values that none has.
fn whole(node: &Node, found: &Fields, mistakes: &mut Mistakes) {
    if let Some(value) = node.values.first() {
        let help = "the co-op's name is a field: `name \"…\"`";
        mistakes.report(code::UNEXPECTED_VALUE, &value.at, "`kernel` takes no value", help);
    }
    let mut beside = node.properties.iter().map(|(name, _)| name);
    if let Some(beside) = beside.find(|name| name.text == "class") {
        let help = "write `class \"members\" { weight \"1\" }` in the braces";
        mistakes.report(code::UNEXPECTED_VALUE, &beside.at, "a class does not belong beside `kernel`", help);
    }
    for (name, example) in NEEDED {
        if found.get(name).is_none() {
            found.missing(name, example, mistakes);
        }
    }
    if found.get("class").is_none() {
        let help = "without one nobody has weight: write `class \"members\" { weight \"1\" }`";
        mistakes.report(code::FIELD_MISSING, &node.name.at, "the kernel has no `class`", help);
    }
}

fn currency(value: &Value, mistakes: &mut Mistakes) -> Option<Currency> {
    let currency = Currency::parse(&value.text);
    if currency.is_none() {
        let upper = value.text.to_uppercase();
        let help = match Currency::parse(&upper) {
            Some(_) => format!("did you mean `{upper}`?"),
            None => "write the three letters of ISO 4217, as in `EUR`".to_owned(),
        };
        let why = format!("no currency is called `{}`", value.text);
        mistakes.report(code::UNKNOWN_CURRENCY, &value.at, why, help);
    }
    currency
}

fn zone(value: &Value, mistakes: &mut Mistakes) -> Option<Zone> {
    let zone = Zone::named(&value.text);
    if zone.is_none() {
        let why = format!("no time zone is called `{}`", value.text);
        let help = "write `UTC`, or a name of the IANA data base such as `Europe/Berlin`";
        mistakes.report(code::BAD_TIME_ZONE, &value.at, why, help);
    }
    zone
}

/// The fields of `members`.
struct Members {
    cap_ppm: Option<u32>,
    floor_micro: u64,
    acts_per: ActsPer,
}

impl Members {
    const USUAL: Members = Members { cap_ppm: None, floor_micro: 0, acts_per: ActsPer::USUAL };
}

fn members(field: &Field, edition: Edition, mistakes: &mut Mistakes) -> Option<Members> {
    let known: Vec<Known> = MEMBERS.iter().copied().filter(|known| known.since <= edition).collect();
    let found = field.fields(&known, mistakes);
    let cap = found.optional("cap", mistakes, |value, mistakes| phrase::ratio_ppm(value, 1..=PPM, mistakes));
    let floor = found.or("floor", 0, mistakes, |value, mistakes| phrase::micro(value, "weights", mistakes));
    let acts = found.get("acts-per").map_or(Some(ActsPer::USUAL), |field| acts_per::read(field, mistakes));
    Some(Members { cap_ppm: cap?, floor_micro: floor?, acts_per: acts? })
}

/// `constitution { settles-in …; updates …; may … }`
fn constitution(field: &Field, under: Under, mistakes: &mut Mistakes) -> Option<(Terms, Rhythm, Grant)> {
    let found = field.fields(ROOT, mistakes);
    let terms = Terms::read(&found, None, mistakes);
    let grant = Grant::read(&found, under, mistakes);
    if found.get("updates").is_none() {
        let example = "updates \"weekly on monday at 01:00\"";
        found.missing("updates", example, mistakes);
    }
    let updates = found.optional("updates", mistakes, phrase::rhythm);
    Some((terms?, updates??, grant))
}
