//! Reads a constitution against its kernel and tells every mistake in it.

use std::collections::BTreeSet;

use super::{Above, Clause, ClauseKind, Constitution, Delegation, Power};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Field, Literal, Mistakes, Node, fields};
use crate::kernel::{Kernel, not_yet, own_name, terms, votes};
use crate::nearest::suggest;
use crate::phrase;

const CLAUSES: [&str; 4] = ["office", "body", "document", "ranking"];
/// Clauses and fields that `charter.md` intends and this version does not count yet.
const LATER_CLAUSES: [&str; 5] = ["commitment", "pool", "release", "constitution", "poll"];
const LATER_FIELDS: [&str; 5] = ["delegation", "supply", "skip", "conviction", "limits"];

/// What an office or body may do, with what it means; the list is closed.
pub(crate) const POWERS: [&str; 8] = [
    "admit",
    "close-issue",
    "keep-list",
    "merge",
    "moderate",
    "publish",
    "release",
    "spend",
];

const MOST_SEATS: u32 = 100;

/// Reads and checks a co-op's own constitution; on failure every mistake, in the order of their places.
pub fn read_constitution(text: &str, kernel: &Kernel) -> Result<Constitution, Vec<Diagnostic>> {
    read_constitution_below(text, &Above::root(kernel))
}

/// Reads a constitution and checks it against everything above it; on failure every mistake.
pub fn read_constitution_below(
    text: &str,
    above: &Above<'_>,
) -> Result<Constitution, Vec<Diagnostic>> {
    let kernel = above.kernel;
    let (nodes, mut mistakes) = document::read(text)?;
    let mut clauses = Vec::new();
    let mut taken = BTreeSet::new();
    for node in &nodes {
        if mistakes.is_full() {
            break;
        }
        clauses.extend(clause(node, kernel, &mut taken, &mut mistakes));
    }
    if mistakes.is_empty() {
        Ok(Constitution {
            clauses,
            notes: Vec::new(),
        })
    } else {
        Err(mistakes.all())
    }
}

fn clause(
    node: &Node,
    kernel: &Kernel,
    taken: &mut BTreeSet<String>,
    mistakes: &mut Mistakes,
) -> Option<Clause> {
    let word = node.name.text.as_str();
    if !CLAUSES.contains(&word) {
        unknown(node, mistakes);
        return None;
    }
    let name = own_name(node, "clause", taken, mistakes);
    let node = &not_yet(node, &LATER_FIELDS, mistakes);
    // A power may be given on several lines, so they are taken out before the fields are.
    let (may, others): (Vec<&Node>, Vec<&Node>) = node
        .children
        .iter()
        .partition(|child| child.name.text == "may");
    let has_powers = ["office", "body"].contains(&word);
    let rest = match has_powers {
        true => Node {
            children: others.into_iter().cloned().collect(),
            ..node.clone()
        },
        false => node.clone(),
    };
    let found = fields(&rest, known_fields(word), mistakes);
    let field = |name: &str| found.iter().find(|field| field.name.text == name);
    let electorate = field("electorate")
        .map(|field| electorate(field, kernel, mistakes))
        .unwrap_or_default();
    let counting = match field("votes") {
        Some(field) => votes(field, mistakes),
        None => Some(kernel.counting),
    };
    let powers = if has_powers {
        powers(&may, field("may"), kernel, mistakes)
    } else {
        Vec::new()
    };
    let kind = match word {
        "office" => {
            terms(&found, &node.name, mistakes).map(|terms| ClauseKind::Office { terms, powers })
        }
        "document" => {
            terms(&found, &node.name, mistakes).map(|terms| ClauseKind::Document { terms })
        }
        "body" => body(&found, node, powers, mistakes),
        _ => ranking(&found, mistakes),
    };
    let line = mistakes.line(node.name.at.start);
    Some(Clause {
        name: name?,
        kind: kind?,
        electorate,
        counting: counting?,
        delegation: Delegation::Nobody,
        line,
    })
}

/// The fields of a kind of clause.
fn known_fields(word: &str) -> &'static [&'static str] {
    match word {
        "body" => &[
            "seats",
            "electorate",
            "votes",
            "settles-in",
            "nominated-by",
            "changes",
            "may",
        ],
        "office" => &[
            "electorate",
            "votes",
            "settles-in",
            "nominated-by",
            "changes",
            "may",
        ],
        "document" => &[
            "electorate",
            "votes",
            "settles-in",
            "nominated-by",
            "changes",
        ],
        _ => &["of", "electorate", "votes", "close-after"],
    }
}

fn unknown(node: &Node, mistakes: &mut Mistakes) {
    let word = node.name.text.as_str();
    if word == "kernel" {
        let why = "a constitution cannot define a kernel: who has weight is decided above it";
        mistakes.tell(code::WRONG_DOCUMENT, &node.name.at, why, None);
    } else if LATER_CLAUSES.contains(&word) {
        let why = format!("this version does not count a `{word}` yet");
        mistakes.tell(code::NOT_COUNTED_YET, &node.name.at, why, None);
    } else {
        let why = format!("no clause is called `{word}`");
        mistakes.tell(
            code::UNKNOWN_CLAUSE,
            &node.name.at,
            why,
            suggest(word, &CLAUSES),
        );
    }
}

fn electorate(field: &Field, kernel: &Kernel, mistakes: &mut Mistakes) -> Vec<String> {
    field.nothing_else(&[], mistakes);
    let mut names: Vec<String> = Vec::new();
    for value in field.texts(mistakes) {
        if kernel.class(&value.text).is_none() {
            let known: Vec<&str> = kernel
                .classes
                .iter()
                .map(|class| class.name.as_str())
                .collect();
            let why = format!("no class is called `{}`", value.text);
            mistakes.tell(
                code::UNKNOWN_CLASS,
                &value.at,
                why,
                suggest(&value.text, &known),
            );
        } else if names.contains(&value.text) {
            mistakes.tell(
                code::NAME_TAKEN,
                &value.at,
                format!("`{}` stands here twice", value.text),
                None,
            );
        } else {
            names.push(value.text.clone());
        }
    }
    names
}

fn body(
    found: &[Field],
    node: &Node,
    powers: Vec<Power>,
    mistakes: &mut Mistakes,
) -> Option<ClauseKind> {
    let terms = terms(found, &node.name, mistakes);
    let Some(seats) = found.iter().find(|field| field.name.text == "seats") else {
        let help = Some("write `seats=5`".to_owned());
        mistakes.tell(
            code::FIELD_MISSING,
            &node.name.at,
            "`body` has no `seats`",
            help,
        );
        return None;
    };
    let seats = seats.whole(1..=MOST_SEATS, mistakes)?;
    Some(ClauseKind::Body {
        seats,
        terms: terms?,
        powers,
    })
}

fn ranking(found: &[Field], mistakes: &mut Mistakes) -> Option<ClauseKind> {
    let field = |name: &str| found.iter().find(|field| field.name.text == name);
    let of = match field("of").map(|field| field.text(mistakes)) {
        Some(value) => Some(value.and_then(|value| phrase::choice(value, &["forge"], mistakes))?),
        None => None,
    };
    let Some(close) = field("close-after") else {
        return Some(ClauseKind::Ranking {
            of,
            close_after: None,
            floor_micro: 0,
            supply: None,
        });
    };
    close.nothing_else(&["floor"], mistakes);
    let close_after = close
        .only_text(mistakes)
        .and_then(|value| phrase::span(value, mistakes));
    let floor = match close
        .property("floor")
        .filter(|value| value.is == Literal::Text)
    {
        Some(value) => phrase::micro(value, "votes", mistakes),
        None => Some(0),
    };
    Some(ClauseKind::Ranking {
        of,
        close_after: Some(close_after?),
        floor_micro: floor?,
        supply: None,
    })
}

fn powers(
    may: &[&Node],
    beside: Option<&Field>,
    kernel: &Kernel,
    mistakes: &mut Mistakes,
) -> Vec<Power> {
    let mut powers: Vec<Power> = Vec::new();
    let lines = may.iter().map(|node| Field {
        name: &node.name,
        values: node.values.iter().collect(),
        properties: &node.properties,
        children: &node.children,
        at: node.at.clone(),
    });
    for line in lines {
        give(&line, kernel, &mut powers, mistakes);
    }
    if let Some(line) = beside {
        give(line, kernel, &mut powers, mistakes);
    }
    powers
}

/// One line of powers; `up-to` limits what `spend` on the same line may spend.
fn give(line: &Field, kernel: &Kernel, powers: &mut Vec<Power>, mistakes: &mut Mistakes) {
    line.nothing_else(&["up-to"], mistakes);
    let values = line.texts(mistakes);
    let limit = line
        .property("up-to")
        .filter(|value| value.is == Literal::Text);
    if let Some(limit) = limit
        && !values.iter().any(|value| value.text == "spend")
    {
        let why = "only `spend` has a limit, and it does not stand on this line";
        mistakes.tell(code::LIMIT_MISPLACED, &limit.at, why, None);
        return;
    }
    let limit = limit.and_then(|value| phrase::money_per(value, kernel.currency, mistakes));
    for value in values {
        if !POWERS.contains(&value.text.as_str()) {
            let why = format!("no power is called `{}`", value.text);
            mistakes.tell(
                code::UNKNOWN_POWER,
                &value.at,
                why,
                suggest(&value.text, &POWERS),
            );
        } else if powers.iter().any(|power| power.name == value.text) {
            let why = format!("the power `{}` is given already", value.text);
            mistakes.tell(code::NAME_TAKEN, &value.at, why, None);
        } else {
            let limit = limit.filter(|_| value.text == "spend");
            powers.push(Power {
                name: value.text.clone(),
                limit,
            });
        }
    }
}
