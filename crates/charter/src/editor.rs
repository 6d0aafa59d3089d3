//! Answers for an editor while a document is being written: the words that fit here, and the meaning of the word here. It
//! reads unfinished text and never refuses it; only the checker knows whether the document is right.

mod spot;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::clause::KINDS;
use crate::edition::Edition;
use crate::formula;
use crate::kernel::{ABOUT_SET, FIELDS, Kernel, Power, SET};
use crate::named::{Meaning, Named};
use crate::support::{MANY, SupportKind};
use crate::vocabulary::Known;
use spot::{OF_KERNEL, Spot};

/// Words that fit at a place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Completion {
    /// The bytes that a chosen word replaces.
    pub replaces: Range<usize>,
    pub words: Vec<Suggestion>,
}

/// One word that fits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    pub word: String,
    /// Its meaning in a sentence or less; empty for names of the co-op's own.
    pub about: String,
    pub is: WordKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WordKind {
    Clause,
    Field,
    Function,
    Value,
    /// A class, list or decision of these documents.
    Name,
}

/// The word at a place, with its meaning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// The bytes of the word.
    pub at: Range<usize>,
    /// The name of the clause or class around it, to be explained from the checked document.
    pub clause: Option<String>,
    pub about: String,
}

/// Returns the words that fit at byte `at`, of those that the co-op's edition reads. `kernel` is the one above a constitution.
pub fn complete(text: &str, at: usize, kernel: Option<&Kernel>, edition: Edition) -> Completion {
    let Some(spot) = Spot::at(text, at) else {
        return Completion::default();
    };
    let written = text.get(spot.partial.clone()).unwrap_or("");
    let known = match (&spot.value_of, spot.parent()) {
        (Some(field), _) if field == "weight" => formula_words(kernel, text),
        (Some(field), _) if field == SET && edition >= Edition::THREE => set_words(kernel, spot.name.as_deref()),
        (Some(field), _) => value_words(field, &spot, kernel, text),
        (None, None) if spot.begins_node => listed(&outside(edition), WordKind::Clause),
        (None, None) => fields_of(spot.node().unwrap_or(""), edition),
        (None, Some(parent)) if spot.begins_node => fields_of(parent, edition),
        (None, Some(_)) => fields_of(spot.node().unwrap_or(""), edition),
    };
    let words = known.into_iter().filter(|suggestion| suggestion.word.starts_with(written)).collect();
    Completion { replaces: spot.partial, words }
}

/// Returns the meaning of the word at byte `at`, also where the co-op's edition does not read it yet.
pub fn hover(text: &str, at: usize) -> Option<Hover> {
    let word = spot::word_at(text, at)?;
    let spot = Spot::at(text, word.start)?;
    let written = text.get(word.clone()).unwrap_or("");
    let owner = match (&spot.value_of, spot.begins_node) {
        (Some(field), _) => Some(field.as_str()),
        (None, true) => spot.parent(),
        (None, false) => spot.node(),
    };
    let clause = spot.clause(text, &word);
    let about = about(owner, &within(&spot), written).unwrap_or("").to_owned();
    (clause.is_some() || !about.is_empty()).then_some(Hover { at: word, clause, about })
}

fn listed(words: &[(&str, &str)], is: WordKind) -> Vec<Suggestion> {
    let suggestion =
        |(word, about): &(&str, &str)| Suggestion { word: (*word).to_owned(), about: (*about).to_owned(), is };
    words.iter().map(suggestion).collect()
}

fn fields_of(clause: &str, edition: Edition) -> Vec<Suggestion> {
    listed(&words(clause, edition), WordKind::Field)
}

fn names(names: impl IntoIterator<Item = String>) -> Vec<Suggestion> {
    let named = |word| Suggestion { word, about: String::new(), is: WordKind::Name };
    names.into_iter().map(named).collect()
}

fn formula_words(kernel: Option<&Kernel>, text: &str) -> Vec<Suggestion> {
    let mut known = listed(formula::WORDS, WordKind::Function);
    known.extend(class_names(kernel, text));
    known.extend(parameter_names(kernel, text));
    known
}

/// Returns the parameters of the kernel above, or of the kernel that is being written.
fn parameter_names(kernel: Option<&Kernel>, text: &str) -> Vec<Suggestion> {
    match kernel {
        Some(kernel) => names(kernel.parameters.iter().map(|parameter| parameter.name.clone())),
        None => names(spot::named(text, "parameter")),
    }
}

/// Returns the parameters that a constitution may set, or, after the name of one, its limits and its default.
fn set_words(kernel: Option<&Kernel>, name: Option<&str>) -> Vec<Suggestion> {
    let parameters = kernel.map_or(&[][..], |kernel| &kernel.parameters);
    let value = |word: &str, about: String| Suggestion { word: word.to_owned(), about, is: WordKind::Value };
    match name.and_then(|name| parameters.iter().find(|parameter| parameter.name == name)) {
        Some(parameter) => vec![
            value(&parameter.default.written, "the default".to_owned()),
            value(&parameter.from.written, "the least".to_owned()),
            value(&parameter.to.written, "the most".to_owned()),
        ],
        None => {
            let named = parameters.iter().map(|one| {
                let about =
                    format!("from {} to {}; {} unless set", one.from.written, one.to.written, one.default.written);
                Suggestion { word: one.name.clone(), about, is: WordKind::Name }
            });
            named.collect()
        }
    }
}

/// Returns the classes of the kernel above, or of the kernel that is being written.
fn class_names(kernel: Option<&Kernel>, text: &str) -> Vec<Suggestion> {
    match kernel {
        Some(kernel) => names(kernel.classes.iter().map(|class| class.name.clone())),
        None => names(spot::named(text, "class")),
    }
}

fn value_words(field: &str, spot: &Spot, kernel: Option<&Kernel>, text: &str) -> Vec<Suggestion> {
    if field == "electorate" {
        return class_names(kernel, text);
    }
    listed(&values(field, &within(spot)), WordKind::Value)
}

/// Returns the words outside of all braces.
fn outside(edition: Edition) -> Vec<Meaning> {
    let kernel = ("kernel", "who has weight, how it is counted, and how the rules themselves change");
    let set = (edition >= Edition::THREE).then_some((SET, ABOUT_SET));
    std::iter::once(kernel).chain(set).chain(KINDS.iter().map(|row| (row.word, row.about))).collect()
}

/// Returns the fields of a clause, and those of a field, that an edition reads.
pub(crate) fn words(owner: &str, edition: Edition) -> Vec<Meaning> {
    let clause = KINDS.iter().find(|row| row.word == owner).map(|row| row.fields);
    let fields = match (owner, clause) {
        ("kernel", _) => FIELDS,
        (_, Some(fields)) => fields,
        // The kernel's own `constitution` has other fields than a clause of that word.
        (OF_KERNEL, _) => field(|field| field.name == "constitution").map_or(&[][..], |field| field.fields),
        _ => field(|field| field.name == owner).map_or(&[][..], |field| field.fields),
    };
    let read = fields.iter().filter(|field| field.since <= edition);
    read.map(|field| (field.name, field.about)).collect()
}

/// Returns the words of the node at a place and of the one around it.
fn within(spot: &Spot) -> Vec<&str> {
    [spot.node(), spot.parent()].into_iter().flatten().collect()
}

/// Returns the texts that a field takes, or examples of them: those of the clause that it is in, where that has such a field.
fn values(name: &str, within: &[&str]) -> Vec<Meaning> {
    if name == "may" {
        return powers(Edition::USUAL);
    }
    let is_meant = |field: &Known| field.name == name && !field.values.is_empty();
    let around = KINDS.iter().filter(|row| within.contains(&row.word)).flat_map(|row| row.fields);
    let own = around.into_iter().find(|field| is_meant(field));
    own.or_else(|| field(is_meant)).map_or(Vec::new(), |field| field.values.to_vec())
}

/// Returns the powers of an edition, and the kinds of support that may follow `record`.
fn powers(edition: Edition) -> Vec<Meaning> {
    let is_there = |word: &str| Power::parse(word).is_some_and(|power| power.since() <= edition);
    let mut words: Vec<Meaning> = <Power as Named>::WORDS.iter().copied().filter(|(word, _)| is_there(word)).collect();
    if is_there(Power::Record.name()) {
        words.extend(SupportKind::known(edition).filter_map(|kind| MANY.iter().find(|(word, _)| *word == kind.many())));
    }
    words
}

/// Returns the first such field of the kernel, of a clause, or of one of their fields.
fn field(is_meant: impl Fn(&Known) -> bool) -> Option<&'static Known> {
    let owners = std::iter::once(FIELDS).chain(KINDS.iter().map(|row| row.fields));
    let outer: Vec<&Known> = owners.flatten().collect();
    let inner = outer.iter().flat_map(|field| field.fields);
    outer.iter().copied().chain(inner).find(|field| is_meant(field))
}

/// Returns the meaning of a word inside `owner`; outside of all braces there is no owner.
fn about(owner: Option<&str>, within: &[&str], word: &str) -> Option<&'static str> {
    let mut known = match owner {
        None => Vec::new(),
        Some("weight") => formula::WORDS.to_vec(),
        Some(owner) => [words(owner, Edition::USUAL), values(owner, within)].concat(),
    };
    known.extend(outside(Edition::THREE));
    known.into_iter().find(|(known, _)| *known == word).map(|(_, about)| about)
}
