//! Reads a clause: first the fields that all kinds share, then those of its own kind.

use super::jurisdiction::belongs_above;
use super::kinds::{KINDS, Row, words};
use super::reader::Reader;
use super::{Clause, Delegation, domain};
use crate::code;
use crate::document::{Fields, Node, Value, fields};
use crate::kernel::{Class, Counting, allowance, votes};
use crate::nearest::{nearest, suggest};
use crate::phrase;
use crate::vocabulary::Known;

/// Names of decisions that every co-op has, which no clause of its own constitution can take.
const RESERVED: [&str; 2] = ["constitution", "kernel"];

/// Reads a clause of a constitution.
pub(crate) fn read(reader: &mut Reader, node: &Node) -> Option<Clause> {
    let row = match KINDS.iter().find(|row| row.word == node.name.text) {
        Some(row) => row,
        None => unknown(reader, node)?,
    };
    let name = phrase::own_name(node, "clause", &mut reader.taken, &mut reader.mistakes);
    if let (0, Some(value)) = (reader.depth, node.values.first())
        && RESERVED.contains(&value.text.as_str())
    {
        let why = format!("every co-op has a decision `{}` already", value.text);
        reader.mistakes.report(code::NAME_TAKEN, &value.at, why, "give the clause another name");
    }
    let edition = reader.kernel.edition;
    let known: Vec<Known> = row.fields.iter().copied().filter(|known| known.since <= edition).collect();
    let found = fields(node, &known, &mut reader.mistakes);
    let mut electorate = electorate(reader, &found);
    let counting = match found.get("votes") {
        Some(field) => votes(field, &mut reader.mistakes),
        None => Some(reader.kernel.counting),
    };
    let domain = domain::read(reader, &found, &mut electorate, counting);
    let allowance = match found.get("allowance") {
        Some(field) => allowance(field, &mut reader.mistakes),
        None => counting.map(|counting| reader.kernel.allowance_of(counting)),
    };
    note_root(reader, &found, &electorate, counting);
    let delegation = found.or("delegation", Delegation::Nobody, &mut reader.mistakes, phrase::named);
    if delegation == Some(Delegation::Allowed) {
        reader.note_field(&found, "delegation");
    }
    let kind = (row.read)(reader, node, &found);
    let line = reader.mistakes.line(node.name.at.start);
    let (name, kind, counting, allowance, delegation) = (name?, kind?, counting?, allowance?, delegation?);
    let domain = domain?;
    let clause = Clause { name, kind, electorate, counting, domain, allowance, delegation, line };
    note_recorder(reader, &found, &clause);
    if !clause.opens(reader.kernel.edition) {
        let why = format!("this version keeps a `{}` and does not carry it out yet", node.name.text);
        reader.note(code::NOT_COUNTED_YET, &node.name.at, why, None);
    }
    Some(clause)
}

/// Reports a word that is no clause, and returns the kind that is probably meant, so that its fields are checked too.
fn unknown(reader: &mut Reader, node: &Node) -> Option<&'static Row> {
    let word = node.name.text.as_str();
    if belongs_above(node, &mut reader.mistakes) {
        return None;
    }
    let why = format!("no clause is called `{word}`");
    let known = words();
    let mut meant = None;
    let help = match word {
        "poll" => Some("this version has no polls: leave the clause out".to_owned()),
        "may" | "limits" => Some(format!("`{word}` belongs in an office, a body or a constitution")),
        word => {
            meant = nearest(word, known.iter().copied());
            suggest(word, &known)
        }
    };
    reader.mistakes.report(code::UNKNOWN_CLAUSE, &node.name.at, why, help);
    KINDS.iter().find(|row| Some(row.word) == meant)
}

/// Returns the classes that a clause lets vote.
fn electorate(reader: &mut Reader, found: &Fields) -> Vec<String> {
    let values: Option<Vec<&Value>> = found.get("electorate").map(|field| {
        field.nothing_else(&[], &mut reader.mistakes);
        field.texts(&mut reader.mistakes)
    });
    reader.jurisdiction.electorate(values, &mut reader.mistakes)
}

/// Notes a seat that records alone what gives weight in its own electorate: its holder has a hand in who elects them.
fn note_recorder(reader: &mut Reader, found: &Fields, clause: &Clause) {
    if clause.seats_to_record() > 1 {
        return;
    }
    let votes = |class: &&Class| clause.electorate.is_empty() || clause.electorate.contains(&class.name);
    let mut classes = reader.kernel.classes.iter().filter(votes);
    let Some((class, kind)) = classes.find_map(|class| {
        let kind = class.weight.support_kinds().find(|kind| clause.records(*kind))?;
        Some((class.name.clone(), kind))
    }) else {
        return;
    };
    let values = found.all("may").flat_map(|line| &line.values);
    let mut named = values.filter(|value| value.text == kind.many());
    if let Some(value) = named.next() {
        let why =
            format!("one seat alone records `{}`, which give weight to `{class}` in its own electorate", kind.many());
        let help = "let a body record with `acts-by`, or keep a bridge that brings them";
        reader.note(code::RECORDED_BY_ONE, &value.at.clone(), why, help);
    }
}

/// Notes a clause that takes the root of votes whose weight is a root already, where the kernel takes none.
fn note_root(reader: &mut Reader, found: &Fields, electorate: &[String], counting: Option<Counting>) {
    let kernel = reader.kernel;
    let Some(field) = found.get("votes") else {
        return;
    };
    if counting != Some(Counting::Quadratic) || kernel.counting == Counting::Quadratic {
        return;
    }
    let votes = |class: &&Class| electorate.is_empty() || electorate.contains(&class.name);
    if let Some(class) = kernel.classes.iter().filter(votes).find(|class| class.is_root()) {
        let why = format!("the weight of `{}` is a root, and its votes here are rooted again", class.name);
        let help = "root once: leave `votes` out here, or the root out of the weight";
        reader.note(code::ROOT_TWICE, &field.name.at, why, help);
    }
}
