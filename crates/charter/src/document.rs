//! A document as nodes with their places in the whole file: Markdown whose fenced blocks marked
//! `charter` hold KDL 2, or bare KDL. It knows no clause.
//!
//! The KDL reader is our own. The `kdl` crate (6.7.1) was measured: 120 bytes (`/-{ ` repeated) kept it busy
//! for more than ten minutes, 3,000 `/*` or 400 `{` overflow its stack, and a thousand clauses took 55 ms where the budget
//! is 20. Rules come from strangers, so reading them must be linear and bounded.

mod fence;
mod field;
mod kdl;
mod section;
mod sign;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::Range;

pub(crate) use fence::fence;
pub(crate) use field::{Field, Fields, fields};
pub(crate) use kdl::{Mark, marks};
pub use section::{Section, sections};
pub use sign::is_hidden;
pub use sign::lines;
pub(crate) use sign::{ended_lines, escape, is_invisible, line_ends};

use crate::code::{self, name_of};
use crate::diagnostic::{Diagnostic, Help};
use crate::edition::Edition;
use crate::formula::{FormulaMistake, Quantity};

/// An invisible character that some editors put before everything else.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// The most bytes of a document.
pub(crate) const LONGEST: usize = 1_048_576;
/// The most mistakes reported at once: a document with more is of another kind.
const MOST_MISTAKES: usize = 500;
/// The most names and values of a document: 5,000 clauses with 20 each. It bounds the memory of a hostile one.
const MOST_WORDS: usize = 100_000;

/// A clause or field: a name, its values and properties, and the nodes in its braces.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: Word,
    pub(crate) values: Vec<Value>,
    pub(crate) properties: Vec<(Word, Value)>,
    pub(crate) children: Vec<Node>,
    /// From the name to the last value, without the braces.
    pub(crate) at: Range<usize>,
    /// The offset of its end, braces included.
    end: usize,
}

/// A name and its place.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) at: Range<usize>,
}

/// A value and its place, quotes included.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) is: Literal,
    pub(crate) text: String,
    pub(crate) at: Range<usize>,
    places: Places,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Literal {
    Text,
    Number,
    /// `#true`, `#false`, `#null`.
    Keyword,
}

/// The place in the file of each byte of a text value.
#[derive(Clone, Debug)]
enum Places {
    /// One after the other from here.
    From(usize),
    /// For each byte: the text was written with escapes or on several lines.
    Each(Vec<usize>),
}

impl Word {
    /// Cuts a name to the length that a message quotes: no known name is longer.
    fn cut(self) -> Word {
        Word { text: sign::cut(&self.text), at: self.at }
    }
}

impl Value {
    /// Returns the place in the file of a range of the text.
    pub(crate) fn place(&self, inside: &Range<usize>) -> Range<usize> {
        match &self.places {
            Places::From(start) => start.saturating_add(inside.start)..start.saturating_add(inside.end),
            Places::Each(each) => {
                let end = self.at.end.saturating_sub(1);
                let place = |index: usize| each.get(index).copied().unwrap_or(end);
                place(inside.start)..place(inside.end).max(place(inside.start))
            }
        }
    }
}

/// The mistakes of one document, with the data that finds their lines and columns.
pub(crate) struct Mistakes<'t> {
    text: &'t str,
    found: Vec<Diagnostic>,
    /// Where each mistake begins, in the order of the reports.
    starts: Vec<usize>,
    /// How many of them are mistakes of form: the first ones.
    of_form: usize,
    /// The first line begins after a byte order mark.
    line_starts: Vec<usize>,
    /// The last place looked up, so that many places on one long line cost no more than its length.
    last: Cell<Place>,
    /// Names and values so far.
    words: usize,
    /// The edition whose rules of form count.
    edition: Edition,
    /// Numbers that clauses may name in the place of a time or a percentage.
    numbers: Vec<(String, Quantity)>,
    /// Those of them that a clause has named.
    named: BTreeSet<String>,
    /// Blocks that readers may take for rules and that are none.
    nearly: Vec<Range<usize>>,
    /// Letters looked at so far, which tests bound.
    steps: Cell<usize>,
}

/// A byte, the byte where its line begins, and its column in characters from 0.
#[derive(Clone, Copy, Default)]
struct Place {
    at: usize,
    line_start: usize,
    column: usize,
}

/// Reads a document's nodes, or returns the mistakes in its form.
pub(crate) fn read<'t>(text: &'t str) -> Result<(Vec<Node>, Mistakes<'t>), Vec<Diagnostic>> {
    let (nodes, mistakes) = read_all(text, Edition::ONE)?;
    if mistakes.found.is_empty() { Ok((nodes, mistakes)) } else { Err(mistakes.all()) }
}

/// Reads as [`read`] does, except that mistakes of form do not end it: they come with the outermost nodes that are free of
/// them. After the first mistake only nodes with `known` names are returned: a field of a broken clause would look like an
/// unknown clause.
pub(crate) fn read_sound<'t>(
    text: &'t str,
    known: &[&str],
    edition: Edition,
) -> Result<(Vec<Node>, Mistakes<'t>), Vec<Diagnostic>> {
    let (mut nodes, mistakes) = read_all(text, edition)?;
    let mut starts = mistakes.starts.clone();
    starts.sort_unstable();
    if let Some(first) = starts.first().copied() {
        nodes.retain(|node| {
            let from = starts.partition_point(|start| *start < node.at.start);
            let sound = starts.get(from).is_none_or(|start| *start >= node.end);
            sound && (node.end <= first || known.contains(&node.name.text.as_str()))
        });
    }
    Ok((nodes, mistakes))
}

/// Reads as [`read`] does, except that mistakes of form do not end it: they come with every node that could be read.
/// Later mistakes in those nodes may only echo the first one: see [`Mistakes::without_echoes`].
pub(crate) fn read_all(text: &str, edition: Edition) -> Result<(Vec<Node>, Mistakes<'_>), Vec<Diagnostic>> {
    let (blocks, mut mistakes) = blocks(text, edition)?;
    let mut nodes = Vec::new();
    for block in blocks {
        nodes.extend(kdl::nodes(text, block, &mut mistakes));
    }
    mistakes.of_form = mistakes.found.len();
    Ok((nodes, mistakes))
}

/// Returns the mistakes of form that the first edition passes over: rules that readers of the page do not see, and KDL that is
/// none. A log of the first edition that has such a text stays what it is; no door lets another one in.
///
/// ```
/// let hidden = "# Rules\n\n<style>\n\n```charter\noffice \"extra\"\n```\n\n</style>\n";
/// assert_eq!(charter::later_mistakes(hidden)[0].code, "C058");
/// ```
pub fn later_mistakes(text: &str) -> Vec<Diagnostic> {
    let under = |edition| match read_all(text, edition) {
        Ok((_, mistakes)) => mistakes.all(),
        Err(mistakes) => mistakes,
    };
    // A text with mistakes that always counted is refused for them.
    if !under(Edition::ONE).is_empty() {
        return Vec::new();
    }
    let found = under(Edition::TWO);
    if found.is_empty() { read_differently(text) } else { found }
}

/// Reports the first block that one edition reads as rules and another does not: a fence inside HTML can open a block that takes
/// in a later one, which readers of the page see as rules.
fn read_differently(text: &str) -> Vec<Diagnostic> {
    let (Ok((before, _)), Ok((after, mistakes))) = (blocks(text, Edition::ONE), blocks(text, Edition::TWO)) else {
        return Vec::new();
    };
    let differs = before.iter().find(|block| !after.contains(block));
    let Some(block) = differs.or_else(|| after.iter().find(|block| !before.contains(block))) else {
        return Vec::new();
    };
    let why = "a fence in the HTML before this block changes whether it is read as rules";
    let help = "take the fence out of the HTML, or the HTML out of the document";
    vec![mistakes.diagnostic(code::HIDDEN_BLOCK, &(block.start..block.start), why, help)]
}

/// Returns the bytes of each block with rules, and the mistakes in finding them. A text that is too long is not read.
pub(crate) fn blocks(text: &str, edition: Edition) -> Result<(Vec<Range<usize>>, Mistakes<'_>), Vec<Diagnostic>> {
    let mut mistakes = Mistakes::new(text, edition);
    if text.len() > LONGEST {
        let why = format!("a document may have {LONGEST} bytes at most; this one has {}", text.len());
        mistakes.report(code::TOO_LONG, &(0..0), why, None);
        return Err(mistakes.all());
    }
    let blocks = fence::blocks(text, &mut mistakes);
    Ok((blocks, mistakes))
}

impl<'t> Mistakes<'t> {
    fn new(text: &'t str, edition: Edition) -> Mistakes<'t> {
        let first = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        Mistakes {
            text,
            found: Vec::new(),
            starts: Vec::new(),
            of_form: 0,
            line_starts: std::iter::once(first).chain(line_ends(text)).collect(),
            last: Cell::default(),
            words: 0,
            edition,
            numbers: Vec::new(),
            named: BTreeSet::new(),
            nearly: Vec::new(),
            steps: Cell::default(),
        }
    }

    /// Enters a mistake at bytes of the file.
    pub(crate) fn report(
        &mut self,
        code: &'static str,
        at: &Range<usize>,
        why: impl Into<String>,
        help: impl Into<Help>,
    ) {
        if !self.is_full() {
            let found = self.diagnostic(code, at, why, help);
            self.found.push(found);
            self.starts.push(at.start);
        }
    }

    /// Reports as [`Mistakes::report`] does, and returns `None` in the place of the value.
    pub(crate) fn refuse<T>(
        &mut self,
        code: &'static str,
        at: &Range<usize>,
        why: impl Into<String>,
        help: impl Into<Help>,
    ) -> Option<T> {
        self.report(code, at, why, help);
        None
    }

    /// Enters the mistakes of the formula in a value.
    pub(crate) fn report_formula(&mut self, value: &Value, mistakes: Vec<FormulaMistake>) {
        for FormulaMistake { code, at, why, help } in mistakes {
            self.report(code, &value.place(&at), why, help);
        }
    }

    /// Returns a diagnostic that is not entered among the mistakes.
    pub(crate) fn diagnostic(
        &self,
        code: &'static str,
        at: &Range<usize>,
        why: impl Into<String>,
        help: impl Into<Help>,
    ) -> Diagnostic {
        let (line, column) = self.place(at.start);
        let (end_line, end_column) = self.place(at.end);
        let words = sign::cut(self.text.get(at.clone()).unwrap_or(""));
        let (why, help) = (sign::message(&why.into()), help.into().0.as_deref().map(sign::message));
        Diagnostic { line, column, end_line, end_column, code, name: name_of(code), words, why, help }
    }

    /// Lets clauses name numbers in the place of a time or a percentage.
    pub(crate) fn know_numbers(&mut self, numbers: Vec<(String, Quantity)>) {
        self.numbers = numbers;
    }

    /// Returns the number that a clause names, and notes that it does.
    pub(crate) fn number(&mut self, name: &str) -> Option<Quantity> {
        let (_, number) = self.numbers.iter().find(|(known, _)| known == name)?;
        self.named.insert(name.to_owned());
        Some(number.clone())
    }

    /// Reports whether a clause has named a number.
    pub(crate) fn has_named(&self, name: &str) -> bool {
        self.named.contains(name)
    }

    /// Returns the edition whose words count.
    pub(crate) fn edition(&self) -> Edition {
        self.edition
    }

    /// Reports whether mistakes count that the first edition passes over.
    fn is_strict(&self) -> bool {
        self.edition > Edition::ONE
    }

    /// Returns a note on each block that a reader may take for rules and that is none.
    pub(crate) fn nearly_marked(&self) -> Vec<Diagnostic> {
        let why = "this block is not read as rules";
        let help = "write three backticks and `charter`, in small letters, at the beginning of a line, with nothing around the block";
        self.nearly.iter().map(|at| self.diagnostic(code::NEARLY_MARKED, at, why, help)).collect()
    }

    /// Returns the line of a byte, from 1.
    pub(crate) fn line(&self, at: usize) -> u32 {
        let line = self.line_starts.partition_point(|start| *start <= at).max(1);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// Returns all mistakes in the order of their places.
    pub(crate) fn all(mut self) -> Vec<Diagnostic> {
        self.found.sort();
        self.found.dedup();
        self.found
    }

    /// Keeps all mistakes of form, and of the others those before the first of these. Mistakes about something missing go
    /// too: the unread part may have it.
    pub(crate) fn without_echoes(mut self) -> Mistakes<'t> {
        const OF_ABSENCE: [&str; 5] = [
            code::FIELD_MISSING,
            code::WRONG_DOCUMENT,
            code::UNKNOWN_CLASS,
            code::CONTROL_INCOMPLETE,
            code::NEEDS_ANOTHER,
        ];
        let form = self.starts.iter().take(self.of_form).min().copied();
        if let Some(first) = form {
            let of_form = self.of_form;
            let mut starts = self.starts.iter().enumerate();
            self.found.retain(|mistake| {
                starts.next().is_some_and(|(index, start)| {
                    index < of_form || *start < first && !OF_ABSENCE.contains(&mistake.code)
                })
            });
        }
        self
    }

    /// Returns true when no further mistake is reported, so that looking for more is useless.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= MOST_MISTAKES
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Counts a name or a value, and returns false once there are too many.
    fn count_word(&mut self, at: &Range<usize>) -> bool {
        self.words = self.words.saturating_add(1);
        if self.words == MOST_WORDS.saturating_add(1) {
            let why = format!("a document has {MOST_WORDS} names and values at most");
            self.report(code::TOO_MANY, at, why, None);
        }
        self.words <= MOST_WORDS
    }

    /// Returns line and column in characters, both from 1.
    fn place(&self, at: usize) -> (u32, u32) {
        let at = at.max(self.line_starts.first().copied().unwrap_or(0));
        let line = self.line_starts.partition_point(|start| *start <= at);
        let line_start = line.checked_sub(1).and_then(|index| self.line_starts.get(index)).copied().unwrap_or(0);
        let last = self.last.get();
        let is_near = last.line_start == line_start && last.at.abs_diff(at) <= at.saturating_sub(line_start);
        let from = if is_near { last } else { Place { at: line_start, line_start, column: 0 } };
        let between = from.at.min(at)..from.at.max(at);
        self.step(between.len());
        let count = self.text.get(between).map_or(0, |text| text.chars().count());
        let column = if from.at <= at { from.column.saturating_add(count) } else { from.column.saturating_sub(count) };
        self.last.set(Place { at, line_start, column });
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (number(line), number(column.saturating_add(1)))
    }

    /// Counts letters looked at, in tests alone.
    fn step(&self, count: usize) {
        if cfg!(test) {
            self.steps.set(self.steps.get().saturating_add(count));
        }
    }
}
