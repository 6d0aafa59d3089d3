//! A document beside what it means: each piece of prose and rules, and the same in plain English.

use charter::Explained;

use super::draft::Texts;
use crate::prose::{self, Block};

/// A piece of a document.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) prose: Vec<Block>,
    pub(crate) rules: Option<String>,
    /// The rules in plain English, sentence by sentence.
    pub(crate) plain: Vec<String>,
}

/// A sentence about the rules that stand on a line.
pub(crate) type Said = (u32, String);

/// The kernel and the constitution in plain English, as far as they can be read.
pub(crate) fn said(texts: &Texts) -> (Vec<Said>, Vec<Said>) {
    let lines = |all: Vec<Explained>| {
        let said = all.into_iter().flat_map(|one| {
            let line = one.line;
            one.sentences.into_iter().map(move |words| (line, words))
        });
        said.collect()
    };
    let Some(kernel) = &texts.kernel else {
        return (Vec::new(), Vec::new());
    };
    let of_constitution = texts
        .constitution
        .as_ref()
        .map(|constitution| lines(charter::explain_constitution(constitution, kernel, None)));
    (lines(charter::explain_kernel(kernel, None)), of_constitution.unwrap_or_default())
}

/// The document's pieces, each with what is said of its lines.
pub(crate) fn pieces(text: &str, said: &[Said]) -> Vec<Piece> {
    let sections = charter::sections(text).into_iter();
    let pieces = sections.map(|section| {
        let (first, end) = section.lines;
        let plain = said.iter().filter(|(line, _)| (first..end).contains(line));
        Piece {
            prose: prose::blocks(section.prose),
            rules: section.rules.map(|rules| rules.trim_end().to_owned()),
            plain: plain.map(|(_, words)| words.clone()).collect(),
        }
    });
    pieces.collect()
}
