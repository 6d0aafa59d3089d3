//! Reads a kernel and tells every mistake in it.

use quantity::{Currency, PPM, Rhythm, Span, Zone};

use super::class::{notes, order, read_classes};
use super::{Amendment, Counting, Fork, Kernel, Part, Terms, TreasuryShare};
use crate::Grant;
use crate::code;
use crate::constitution::{grant, is_clause};
use crate::diagnostic::Diagnostic;
use crate::document::{self, Field, Fields, Mistakes, Node, Value, fields};
use crate::nearest::{nearest, suggest};
use crate::phrase;

const FIELDS: [&str; 9] =
    ["name", "purpose", "currency", "time-zone", "members", "votes", "constitution", "amend", "fork"];
/// What every kernel has besides its classes, each with an example.
const NEEDED: [(&str, &str); 4] = [
    ("name", "name \"Toad Lane\""),
    ("purpose", "purpose \"Good food at fair prices\""),
    ("currency", "currency \"EUR\""),
    ("constitution", "constitution { settles-in \"30 days\"; updates \"weekly on monday at 01:00\" }"),
];
/// The only node of a kernel's document.
const KERNEL: &str = "kernel";
const CARRIES: [&str; 3] = ["register", "ledger", "rules"];
const DAY: Span = Span::from_seconds(86_400);
const TEN_YEARS: Span = Span::from_seconds(10 * 365 * 86_400);
/// Two thirds of all weight for half a year.
const DEFAULT_AMENDMENT: Amendment = Amendment::Held {
    of_weight: Part { numerator: 2, denominator: 3 },
    of_each_class: None,
    span: Span::from_seconds(180 * 86_400),
};

/// Reads and checks a kernel; on failure every mistake, in the order of their places.
pub fn read_kernel(text: &str) -> Result<Kernel, Vec<Diagnostic>> {
    let (nodes, mut mistakes) = document::read_all(text)?;
    let mut kernels = Vec::new();
    for node in find(&nodes, &mut mistakes) {
        if !mistakes.is_full() {
            kernels.extend(kernel(node, &mut mistakes));
        }
    }
    match kernels.pop() {
        Some(kernel) if mistakes.is_empty() => Ok(kernel),
        _ => Err(mistakes.without_echoes().all()),
    }
}

/// Whether a document states a kernel, with or without mistakes in it. A text whose form cannot be read states none.
pub fn is_kernel(text: &str) -> bool {
    document::read(text).is_ok_and(|(nodes, _)| nodes.iter().any(|node| node.name.text == KERNEL))
}

/// The document's kernels: what is nearly called so is looked into too, and so is a second one.
fn find<'n>(nodes: &'n [Node], mistakes: &mut Mistakes) -> Vec<&'n Node> {
    let mut found: Vec<&Node> = Vec::new();
    let is_exact = |node: &Node| node.name.text == KERNEL;
    let is_meant = |node: &Node| nearest(&node.name.text, [KERNEL]).is_some();
    if !nodes.iter().any(|node| is_exact(node) || is_meant(node)) {
        absent(nodes, mistakes);
        return found;
    }
    for node in nodes {
        if mistakes.is_full() {
            break;
        }
        let name = node.name.text.as_str();
        if is_exact(node) && found.iter().any(|earlier| is_exact(earlier)) {
            let help = Some("a document has one: leave one of them out".to_owned());
            let why = "there is a kernel already";
            mistakes.tell(code::FIELD_TWICE, &node.name.at, why, help);
        } else if !is_exact(node) {
            let why = format!("`{name}` has no place in a kernel's document");
            let help = match is_meant(node) {
                true => format!("did you mean `{KERNEL}`?"),
                false => "clauses belong in the constitution".to_owned(),
            };
            mistakes.tell(code::WRONG_DOCUMENT, &node.name.at, why, Some(help));
        }
        if is_exact(node) || is_meant(node) {
            found.push(node);
        }
    }
    found
}

/// Tells, once, that the document is of another kind.
fn absent(nodes: &[Node], mistakes: &mut Mistakes) {
    let clause = nodes.iter().find(|node| is_clause(&node.name.text));
    if let Some(clause) = clause {
        let why = "this looks like a constitution: it has no `kernel { … }`";
        let help = "say which kernel it stands under: `--kernel FILE`";
        let (at, help) = (&clause.name.at, Some(help.to_owned()));
        mistakes.tell(code::WRONG_DOCUMENT, at, why, help);
    } else if mistakes.is_empty() {
        let at = nodes.first().map_or(0..0, |node| node.name.at.clone());
        let why = "the document has no `kernel { … }`";
        let help = Some("write it in a block marked `charter`".to_owned());
        mistakes.tell(code::WRONG_DOCUMENT, &at, why, help);
    }
}

fn kernel(node: &Node, mistakes: &mut Mistakes) -> Option<Kernel> {
    let found = fields(node, &FIELDS, &["class"], mistakes);
    // Of very many names that nobody knows, none is looked at twice.
    let few = !mistakes.is_full();
    let is_class = |child: &&Node| {
        let name = child.name.text.as_str();
        let all = FIELDS.iter().copied().chain(["class"]);
        let mistyped = || few && !FIELDS.contains(&name) && nearest(name, all) == Some("class");
        name == "class" || mistyped()
    };
    let classes: Vec<&Node> = node.children.iter().filter(is_class).collect();
    whole(node, &found, mistakes);
    let name = found.optional("name", mistakes, |value, mistakes| phrase::line(value, 100, mistakes));
    let purpose = found.optional("purpose", mistakes, |value, mistakes| phrase::line(value, 500, mistakes));
    let currency = found.optional("currency", mistakes, currency).flatten();
    let zone = found.or("time-zone", Zone::utc(), mistakes, zone);
    let counting = match found.get("votes") {
        Some(field) => votes(field, mistakes),
        None => Some(Counting::Quadratic),
    };
    let members = found.get("members").map_or(Some((None, 0)), |field| members(field, mistakes));
    let changes = found.get("constitution").and_then(|field| constitution(field, currency, mistakes));
    let amend = found.or("amend", DEFAULT_AMENDMENT, mistakes, amend);
    let fork = match found.get("fork") {
        Some(field) => fork(field, mistakes),
        None => Some(default_fork()),
    };
    let classes = read_classes(&classes, currency, mistakes);
    let class_order = order(&classes, node, mistakes);
    let notes = counting.map(|counting| notes(&classes, node, counting, mistakes)).unwrap_or_default();
    let (constitution, updates, grant) = changes?;
    let (cap_ppm, floor_micro) = members?;
    Some(Kernel {
        name: name??,
        purpose: purpose??,
        currency: currency?,
        zone: zone?,
        classes,
        class_order: class_order?,
        cap_ppm,
        floor_micro,
        counting: counting?,
        constitution,
        updates,
        grant,
        amend: amend?,
        fork: fork?,
        notes,
    })
}

/// What every kernel has, and what none has.
fn whole(node: &Node, found: &Fields, mistakes: &mut Mistakes) {
    if let Some(value) = node.values.first() {
        let help = Some("the co-op's name is a field: `name \"…\"`".to_owned());
        mistakes.tell(code::UNEXPECTED_VALUE, &value.at, "`kernel` takes no value", help);
    }
    let mut beside = node.properties.iter().map(|(name, _)| name);
    if let Some(beside) = beside.find(|name| name.text == "class") {
        let help = Some("write `class \"members\" { weight \"1\" }` in the braces".to_owned());
        mistakes.tell(code::UNEXPECTED_VALUE, &beside.at, "a class does not stand beside `kernel`", help);
    }
    for (name, example) in NEEDED {
        if found.get(name).is_none() {
            found.missing(name, example, mistakes);
        }
    }
    if found.get("class").is_none() {
        let help = Some("without one nobody has weight: write `class \"members\" { weight \"1\" }`".to_owned());
        mistakes.tell(code::FIELD_MISSING, &node.name.at, "the kernel has no `class`", help);
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
        mistakes.tell(code::UNKNOWN_CURRENCY, &value.at, why, Some(help));
    }
    currency
}

fn zone(value: &Value, mistakes: &mut Mistakes) -> Option<Zone> {
    let zone = Zone::named(&value.text);
    if zone.is_none() {
        let help = Some("write `UTC`, or a name of the IANA data base such as `Europe/Berlin`".to_owned());
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

fn members(field: &Field, mistakes: &mut Mistakes) -> Option<(Option<u32>, u64)> {
    let found = field.fields(&["cap", "floor"], &[], mistakes);
    let cap = found.optional("cap", mistakes, |value, mistakes| phrase::ratio_ppm(value, 1..=PPM, mistakes));
    let floor = found.or("floor", 0, mistakes, |value, mistakes| phrase::micro(value, "weights", mistakes));
    cap.zip(floor)
}

/// `constitution { settles-in …; updates …; may … }`
fn constitution(field: &Field, currency: Option<Currency>, mistakes: &mut Mistakes) -> Option<(Terms, Rhythm, Grant)> {
    let known = ["settles-in", "nominated-by", "changes", "updates", "limits"];
    let found = field.fields(&known, &["may"], mistakes);
    let terms = terms(&found, None, mistakes);
    let grant = grant(&found, currency, mistakes);
    if found.get("updates").is_none() {
        let example = "updates \"weekly on monday at 01:00\"";
        found.missing("updates", example, mistakes);
    }
    let updates = found.optional("updates", mistakes, phrase::rhythm);
    Some((terms?, updates??, grant))
}

/// How an outcome changes: the fields that every election has. Without a default `settles-in` is needed.
pub(crate) fn terms(found: &Fields, default: Option<&Terms>, mistakes: &mut Mistakes) -> Option<Terms> {
    const DEFAULT_NOMINATED_BY_PPM: u32 = 20_000;
    if default.is_none() && found.get("settles-in").is_none() {
        found.missing("settles-in", "settles-in \"14 days\"", mistakes);
    }
    let settles_in = found.optional("settles-in", mistakes, phrase::span);
    let nominated_by =
        found.optional("nominated-by", mistakes, |value, mistakes| phrase::ratio_ppm(value, 100..=500_000, mistakes));
    let changes = found.optional("changes", mistakes, phrase::rhythm);
    let usual = default.map_or(DEFAULT_NOMINATED_BY_PPM, |terms| terms.nominated_by_ppm);
    let (settles_in, nominated_by, changes) = (settles_in?, nominated_by?, changes?);
    Some(Terms {
        settles_in: settles_in.or(default.map(|terms| terms.settles_in))?,
        nominated_by_ppm: nominated_by.unwrap_or(usual),
        changes: changes.or(default.and_then(|terms| terms.changes)),
    })
}

fn amend(value: &Value, mistakes: &mut Mistakes) -> Option<Amendment> {
    let words = phrase::words(&value.text);
    let only: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let (of_weight, of_each_class, span) = match *only.as_slice() {
        ["never"] => return Some(Amendment::Never),
        [part, "of", "weight", "for", count, unit] => (part, None, [count, unit]),
        [part, "of", "weight", "and", each, "of", "each", "class", "for", count, unit] => {
            (part, Some(each), [count, unit])
        }
        _ => {
            let why = format!("`{}` does not say how the kernel changes", value.text);
            let help =
                "write `never`, `2/3 of weight for 180 days` or `3/4 of weight and 1/2 of each class for 90 days`";
            mistakes.tell(code::BAD_AMENDMENT, &value.at, why, Some(help.to_owned()));
            return None;
        }
    };
    let at = |nth: usize| words.get(nth).map_or(0..0, |(_, at)| at.clone());
    let mut wrong = |at: std::ops::Range<usize>, why: String| {
        mistakes.tell(code::BAD_AMENDMENT, &value.place(&at), why, None);
    };
    let majority = part(of_weight).filter(|part| part.is_half());
    if majority.is_none() {
        wrong(at(0), format!("`{of_weight}` is not a part from a half to all, as in `2/3`"));
    }
    let each = of_each_class.map(part);
    if let (Some(None), Some(text)) = (each, of_each_class) {
        wrong(at(4), format!("`{text}` is not a part above 0 to all, as in `1/2`"));
    }
    let span_at = at(words.len().saturating_sub(2)).start..at(words.len().saturating_sub(1)).end;
    let span = Span::parse(&span.join(" ")).filter(|span| (DAY..=TEN_YEARS).contains(span));
    if span.is_none() {
        wrong(span_at, "a kernel changes after 1 day to 10 years of assent".to_owned());
    }
    Some(Amendment::Held {
        of_weight: majority?,
        of_each_class: match each {
            Some(each) => Some(each?),
            None => None,
        },
        span: span?,
    })
}

/// Above 0 and at most all: `2/3`, `75%`.
fn part(ratio: &str) -> Option<Part> {
    let (numerator, denominator) = match ratio.split_once('/') {
        Some((part, whole)) => (part.parse::<u32>().ok()?, whole.parse::<u32>().ok()?),
        None => {
            let ppm = quantity::parse_decimal(ratio.strip_suffix('%')?, 4).ok()?;
            (u32::try_from(ppm).ok()?, PPM)
        }
    };
    (numerator > 0 && numerator <= denominator).then_some(Part { numerator, denominator })
}

const fn default_fork() -> Fork {
    Fork { register: true, ledger: true, rules: true, treasury: TreasuryShare::ByWeight }
}

/// `fork carries="…" treasury="…"`
fn fork(field: &Field, mistakes: &mut Mistakes) -> Option<Fork> {
    let found = field.fields(&["carries", "treasury"], &[], mistakes);
    let all = CARRIES.to_vec();
    let carries = found.or("carries", all, mistakes, |value, mistakes| {
        let words = phrase::words(&value.text);
        for (word, at) in &words {
            if !CARRIES.contains(word) {
                let why = format!("a fork cannot carry `{word}`");
                let help = suggest(word, &CARRIES);
                mistakes.tell(code::UNKNOWN_CHOICE, &value.place(at), why, help);
            }
        }
        let sound = words.iter().all(|(word, _)| CARRIES.contains(word));
        sound.then(|| words.into_iter().map(|(word, _)| word).collect())
    });
    let usual = default_fork().treasury;
    let treasury = found.or("treasury", usual, mistakes, |value, mistakes| {
        let known = TreasuryShare::ALL.map(TreasuryShare::name);
        let chosen = phrase::choice(value, &known, mistakes)?;
        let mut all = TreasuryShare::ALL.into_iter();
        all.find(|share| share.name() == chosen)
    });
    let carries = carries?;
    Some(Fork {
        register: carries.contains(&"register"),
        ledger: carries.contains(&"ledger"),
        rules: carries.contains(&"rules"),
        treasury: treasury?,
    })
}
