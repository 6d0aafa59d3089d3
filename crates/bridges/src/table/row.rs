//! One CSV record cut into cells, each of which knows its place.

use std::collections::BTreeSet;

use quantity::Zone;

use super::Importer;
use super::reader::Record;
use crate::Place;
use crate::layout::{Mapping, Origin};
use crate::mistake::Wrong;

/// The longest cell, in bytes without its quotes.
pub(super) const CELL_MAX: usize = 64 << 10;

/// The most cells of a row, the first line included.
const CELLS_MAX: usize = 1_000;

/// A column that an importer reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub name: &'static str,
    /// Other names for it, in the languages that our users write; capitals, spaces and signs do not matter.
    pub also: &'static [&'static str],
    pub needed: bool,
}

impl Column {
    pub(crate) const fn needed(name: &'static str) -> Self {
        Self { name, also: &[], needed: true }
    }

    pub(crate) const fn optional(name: &'static str) -> Self {
        Self { name, also: &[], needed: false }
    }

    pub(crate) const fn or(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    /// Returns the cell that has this column's name: as it is, or else in capitals or another language.
    fn find(&self, names: &[&str], folded: &[String]) -> Result<Option<usize>, usize> {
        if let Some(at) = names.iter().position(|name| *name == self.name) {
            return Ok(Some(at));
        }
        for wanted in [&[self.name][..], self.also] {
            let is_wanted = |name: &&String| wanted.iter().any(|wanted| fold(wanted) == **name);
            let mut found = folded.iter().enumerate().filter(|(_, name)| is_wanted(name)).map(|(at, _)| at);
            match (found.next(), found.next()) {
                (_, Some(second)) => return Err(second),
                (Some(at), None) => return Ok(Some(at)),
                (None, None) => {}
            }
        }
        Ok(None)
    }
}

/// A record cut into cells. It is reused from row to row.
#[derive(Debug)]
pub(crate) struct Row {
    /// Where days are days.
    pub zone: Zone,
    /// The sign between cells.
    pub(super) separator: u8,
    raw: Vec<u8>,
    line: u64,
    text: String,
    cells: Vec<Cell>,
    /// For each column of the importer, which cell it is.
    columns: Vec<Option<usize>>,
    /// For each column of the importer, the text that every row has there, where a mapping says one.
    always: Vec<Option<String>>,
    /// How many rows before this one have the same content, where an importer tells rows apart by it.
    pub nth: u32,
    /// The same of rows whose content is written the same way.
    pub nth_written: u32,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    /// Its offset in `raw`.
    raw_start: usize,
    start: usize,
    end: usize,
}

impl Row {
    pub(super) fn new(zone: &Zone) -> Self {
        Self {
            zone: zone.clone(),
            separator: b',',
            raw: Vec::new(),
            line: 0,
            text: String::new(),
            cells: Vec::new(),
            columns: Vec::new(),
            always: Vec::new(),
            nth: 0,
            nth_written: 0,
        }
    }

    /// A row that is no file's: the text of each column of the importer, none for a column that is not there.
    pub(crate) fn of_texts(line: u64, texts: Vec<Option<String>>) -> Self {
        Self { line, always: texts, ..Self::new(&Zone::utc()) }
    }

    /// Returns the cell of the importer's column `column`, without spaces around it; empty if the file lacks it.
    pub(crate) fn get(&self, column: usize) -> &str {
        if let Some(always) = self.always.get(column).and_then(Option::as_deref) {
            return always;
        }
        let cell = self.columns.get(column).copied().flatten();
        cell.and_then(|cell| self.cell(cell)).unwrap_or_default()
    }

    /// Returns the place at which the cell of that column begins.
    pub(crate) fn place(&self, column: usize) -> Place {
        let cell = self.columns.get(column).copied().flatten();
        self.place_of_cell(cell.unwrap_or(0))
    }

    /// Returns the place of the row itself.
    pub(crate) const fn start(&self) -> Place {
        Place { line: self.line, column: 1 }
    }

    /// Returns a mistake in the cell of that column.
    pub(crate) fn wrong(&self, column: usize, why: impl Into<String>) -> Wrong {
        Wrong::at(self.place(column), why)
    }

    /// Returns whether a comma in a number comes before its decimals: where commas part cells, nobody leaves them bare in numbers.
    pub(crate) const fn has_decimal_commas(&self) -> bool {
        self.separator != b','
    }

    /// Takes the file's columns from the header that was just [`cut`](Self::cut).
    pub(super) fn read_header(&mut self, importer: &Importer) -> Result<(), Wrong> {
        let columns = importer.columns;
        let names: Vec<&str> = (0..self.cells.len()).filter_map(|i| self.cell(i)).collect();
        let twice = |at: usize| {
            let why = format!("the column `{}` occurs a second time", shown(names.get(at).unwrap_or(&"")));
            Err(Wrong::at(self.place_of_cell(at), why))
        };
        let mut seen = BTreeSet::new();
        if let Some(at) = names.iter().position(|name| !name.is_empty() && !seen.insert(*name)) {
            return twice(at);
        }
        let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let mut found = Vec::with_capacity(columns.len());
        for column in columns {
            match column.find(&names, &folded) {
                Ok(at) => found.push(at),
                Err(second) => return twice(second),
            }
        }
        let is_found = |column: &usize| found.get(*column).is_some_and(Option::is_some);
        let groups = importer.one_of.iter().filter_map(|group| Some((*group.first()?, group.iter().any(is_found))));
        let mut needed: Vec<(usize, bool)> = groups.collect();
        needed.extend(
            (0..columns.len()).filter(|at| columns.get(*at).is_some_and(|c| c.needed)).map(|at| (at, is_found(&at))),
        );
        needed.sort_unstable();
        let name = |at: &usize| columns.get(*at).map_or("", |column| column.name);
        let missing: Vec<String> =
            needed.iter().filter(|(_, found)| !found).map(|(at, _)| format!("`{}`", name(at))).collect();
        if !missing.is_empty() {
            let noun = if missing.len() == 1 { "column" } else { "columns" };
            let why = format!("the {noun} {} missing", are(&missing));
            let names: Vec<&str> = needed.iter().map(|(at, _)| name(at)).collect();
            let mut help = format!("the first line names the columns: {}", names.join(","));
            if !importer.help.is_empty() {
                help = format!("{help}; {}", importer.help);
            }
            return Err(Wrong::at(self.start(), why).help(help));
        }
        self.columns = found;
        Ok(())
    }

    /// Takes the columns from a mapping by hand, for a file whose header was just [`cut`](Self::cut).
    pub(super) fn map_header(&mut self, importer: &Importer, mapping: &Mapping) -> Result<(), Wrong> {
        let width = self.cells.len();
        let (mut columns, mut always) = (Vec::new(), Vec::new());
        for column in importer.columns {
            let from = mapping.columns.iter().find(|(name, _)| name == column.name).map(|(_, from)| from);
            let (cell, text) = match from {
                Some(Origin::Cell(cell)) if *cell < width => (Some(*cell), None),
                Some(Origin::Always(text)) if !text.trim().is_empty() => (None, Some(text.trim().to_owned())),
                Some(Origin::Cell(_)) => {
                    let why = format!("the mapping takes `{}` from a column that the file does not have", column.name);
                    return Err(Wrong::at(self.start(), why));
                }
                _ if column.needed => {
                    return Err(Wrong::at(self.start(), format!("the mapping says nothing of `{}`", column.name)));
                }
                _ => (None, None),
            };
            columns.push(cell);
            always.push(text);
        }
        (self.columns, self.always) = (columns, always);
        Ok(())
    }

    /// Takes a text for every row in each of these columns that the file, whose header was just read, does not have.
    pub(super) fn fill_in(&mut self, importer: &Importer, absent: &[(&'static str, String)]) {
        let text = |(at, column): (usize, &Column)| {
            let is_there = self.columns.get(at).is_some_and(Option::is_some);
            absent.iter().find(|(name, _)| *name == column.name && !is_there).map(|(_, text)| text.clone())
        };
        self.always = importer.columns.iter().enumerate().map(text).collect();
    }

    /// Returns the cells of the record that was just [`cut`](Self::cut).
    pub(super) fn texts(&self) -> Vec<String> {
        (0..self.cells.len()).map(|at| self.cell(at).unwrap_or_default().to_owned()).collect()
    }

    /// Returns whether the file has that column.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.columns.get(column).copied().flatten().is_some() || self.always.get(column).is_some_and(Option::is_some)
    }

    /// Cuts `record` into cells; `width` is the number that there must be, 0 for any.
    pub(super) fn cut(&mut self, record: &Record, width: usize) -> Result<usize, Wrong> {
        self.raw.clear();
        self.raw.extend_from_slice(&record.bytes);
        self.line = record.line;
        self.text.clear();
        self.cells.clear();
        let raw = std::mem::take(&mut self.raw);
        let cut = self.cut_bytes(&raw);
        self.raw = raw;
        cut?;
        let found = self.cells.len();
        if width != 0 && found != width {
            let why = format!("this row has {found} cells, the first line has {width}");
            let sign = match self.separator {
                b',' => "comma",
                b';' => "semicolon",
                b'\t' => "tab",
                _ => "sign that parts cells",
            };
            return Err(Wrong::at(self.start(), why).help(format!("quote cells that hold a {sign}")));
        }
        Ok(found)
    }

    fn cut_bytes(&mut self, raw: &[u8]) -> Result<(), Wrong> {
        let place = |at| place_in(raw, self.line, cell_start(raw, at, self.separator));
        let text = std::str::from_utf8(raw).map_err(|error| {
            Wrong::at(place(error.valid_up_to()), "this cell is not in UTF-8").help("save the file as CSV in UTF-8")
        })?;
        if let Some(at) = raw.iter().position(|byte| *byte == 0) {
            return Err(Wrong::at(place(at), "this cell holds a NUL byte"));
        }
        let mut at = 0;
        loop {
            let start = self.text.len();
            let rest = text.get(at..).unwrap_or_default();
            if self.cells.len() == CELLS_MAX {
                let why = format!("this row has more than {CELLS_MAX} cells");
                return Err(Wrong::at(place_in(raw, self.line, 0), why).help("leave out the columns that are not read"));
            }
            let into = &mut self.text;
            let taken = if rest.starts_with('"') {
                quoted(rest, self.separator, into)
            } else {
                plain(rest, self.separator, into)
            };
            let wrong = |why: &str| Wrong::at(place_in(raw, self.line, at), why);
            let taken = taken.map_err(|Misquoted { why, help }| wrong(why).help(help))?;
            if self.text.len() - start > CELL_MAX {
                let why = format!("this cell is longer than {} KiB", CELL_MAX >> 10);
                return Err(wrong(&why));
            }
            self.cells.push(Cell { raw_start: at, start, end: self.text.len() });
            at += taken;
            if at >= raw.len() {
                return Ok(());
            }
            at += 1;
        }
    }

    fn cell(&self, cell: usize) -> Option<&str> {
        let cell = self.cells.get(cell)?;
        self.text.get(cell.start..cell.end).map(str::trim)
    }

    fn place_of_cell(&self, cell: usize) -> Place {
        let at = self.cells.get(cell).map_or(0, |cell| cell.raw_start);
        place_in(&self.raw, self.line, at)
    }
}

struct Misquoted {
    why: &'static str,
    help: &'static str,
}

/// Takes a cell in quotes from the start of `rest`; returns its length there.
fn quoted(rest: &str, separator: u8, into: &mut String) -> Result<usize, Misquoted> {
    let mut at = 1;
    loop {
        let piece = rest.get(at..).unwrap_or_default();
        let Some(end) = piece.find('"') else {
            return Err(Misquoted {
                why: "the quote that opens here is never closed",
                help: "close it, or double the quotes inside the cell",
            });
        };
        into.push_str(piece.get(..end).unwrap_or_default());
        at += end + 1;
        match rest.as_bytes().get(at) {
            Some(b'"') => {
                into.push('"');
                at += 1;
            }
            None => return Ok(at),
            Some(sign) if *sign == separator => return Ok(at),
            Some(_) => {
                return Err(Misquoted {
                    why: "this cell goes on after its closing quote",
                    help: "double the quotes inside the cell",
                });
            }
        }
    }
}

/// Takes a cell without quotes from the start of `rest`; returns its length there.
fn plain(rest: &str, separator: u8, into: &mut String) -> Result<usize, Misquoted> {
    let end = rest.find(char::from(separator)).unwrap_or(rest.len());
    let cell = rest.get(..end).unwrap_or_default();
    if cell.contains('"') {
        return Err(Misquoted {
            why: "this cell holds a quote but does not begin with one",
            help: "put the cell in quotes and double the quotes inside it",
        });
    }
    if cell.contains('\r') {
        return Err(Misquoted { why: "this cell holds a carriage return", help: "end lines with a line feed" });
    }
    into.push_str(cell);
    Ok(end)
}

/// Returns the place of byte `at` of a record that begins on `line`. Bytes that are no character count as one.
pub(crate) fn place_in(raw: &[u8], line: u64, at: usize) -> Place {
    let before = raw.get(..at).unwrap_or(raw);
    let newlines = before.iter().filter(|byte| **byte == b'\n').count();
    let on_line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let characters = String::from_utf8_lossy(on_line).chars().count();
    Place { line: line + newlines as u64, column: characters as u64 + 1 }
}

/// Returns the offset at which the cell with byte `at` begins.
fn cell_start(raw: &[u8], at: usize, separator: u8) -> usize {
    let mut in_quotes = false;
    let mut start = 0;
    for (i, byte) in raw.iter().enumerate().take(at) {
        match byte {
            b'"' => in_quotes = !in_quotes,
            sign if *sign == separator && !in_quotes => start = i + 1,
            _ => {}
        }
    }
    start
}

/// Returns a column's name without capitals, spaces and signs.
fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn are(names: &[String]) -> String {
    match names {
        [one] => format!("{one} is"),
        [most @ .., last] => format!("{} and {last} are", most.join(", ")),
        [] => String::new(),
    }
}

/// Makes `text` fit to be quoted in a message: short, without characters that a terminal would act on.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown: String =
        text.chars().take(LONGEST).map(|c| if crate::text::is_refused_in_name(c) { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
