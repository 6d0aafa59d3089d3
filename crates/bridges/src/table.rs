//! A CSV file read twice: once to validate every row, keeping only its time and place, and
//! once to hand out its facts in the order of time. Each importer gives its rows their meaning.

mod reader;
mod row;

use std::collections::BTreeMap;
use std::io::{Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use quantity::{Moment, Zone};

use crate::encoding::read_as;
use crate::file::SteadyFile;
use crate::layout::Mapping;
use crate::mistake::{Mistakes, Wrong};
use crate::order::{Entry, Ids, in_time_order};
use crate::window::Window;
use crate::{Fact, Note, Place, Refused};
use reader::{Halt, Reader, Record};
pub(crate) use row::{Column, Row, place_in, shown};

/// The layout of one kind of CSV file, and the reader of its rows.
#[derive(Debug)]
pub(crate) struct Importer {
    pub columns: &'static [Column],
    /// Of each of these groups, the file must have one column at least.
    pub one_of: &'static [&'static [usize]],
    /// Where a column is missing: how to get a file that has it; may be empty.
    pub help: &'static str,
    /// Reads one row. INVARIANT: the same row gives the same facts, so a validation holds for the second reading.
    pub read: fn(&Row) -> Result<RowFacts, Wrong>,
}

/// The content of one row.
#[derive(Debug)]
pub(crate) struct RowFacts {
    pub at: Moment,
    /// The ids that may occur only once in the file, each with its column.
    pub ids: Vec<(usize, String)>,
    /// The content of a row that has no id of its own: rows with the same content are numbered.
    pub content: Option<Content>,
    pub facts: Vec<Fact>,
    pub notes: Vec<Note>,
}

/// The content that tells a row without an id from others.
#[derive(Debug)]
pub(crate) struct Content {
    /// Of its values, the same however they are written.
    pub values: String,
    /// Of its cells as they are written, which is what edition 1 went by.
    pub written: String,
}

/// How a table is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How<'a> {
    /// A day without a time is that day there.
    pub zone: &'a Zone,
    /// Which cell is which column, where the first line does not say it in words that are known.
    pub mapping: Option<&'a Mapping>,
    /// The text of every row in a column that the file does not have, by the column's name.
    pub absent: &'a [(&'static str, String)],
}

/// A table that was read as a whole, whatever is wrong with it.
#[derive(Debug)]
pub(crate) struct Looked {
    /// Its rows without those that cannot be read.
    pub table: Table,
    /// Its mistakes.
    pub wrong: Option<Refused>,
    /// Whether rows could not be read, so that nobody knows who they name.
    pub is_partial: bool,
}

/// The first line of a table, the row after it, and the kind whose columns the first line names.
#[derive(Debug)]
pub(crate) struct Beginning {
    pub columns: Vec<String>,
    pub example: Vec<String>,
    /// The place of the first importer that can read it, among those asked.
    pub known: Option<usize>,
}

/// Looks at the beginning of a table; `None` where it is none, or where its first line is no row.
pub(crate) fn beginning(path: &Path, importers: &[&'static Importer]) -> Result<Option<Beginning>, Refused> {
    let mut file = SteadyFile::open(path)?;
    file.in_utf8()?;
    file.file.seek(SeekFrom::Start(0)).map_err(|error| file.fault(error))?;
    let input = file.file.try_clone().map_err(|error| file.fault(error))?;
    let read = || -> Result<Beginning, Halt> {
        let mut reader = Reader::new(input)?;
        let mut row = Row::new(&Zone::utc());
        row.separator = reader.separator();
        let mut record = Record::default();
        let empty = || Halt::Wrong(Wrong::start("the file is empty"));
        if !reader.next(&mut record)? {
            return Err(empty());
        }
        row.cut(&record, 0).map_err(Halt::Wrong)?;
        let columns = row.texts();
        let known = importers.iter().position(|importer| row.read_header(importer).is_ok());
        let mut example = Vec::new();
        if reader.next(&mut record)? && row.cut(&record, 0).is_ok() {
            example = row.texts();
        }
        Ok(Beginning { columns, example, known })
    };
    match read() {
        Ok(beginning) => Ok(Some(beginning)),
        Err(Halt::Wrong(_)) => Ok(None),
        Err(Halt::Io(error)) => Err(file.fault(error)),
    }
}

/// The most rows of a file, which bounds the memory for their places.
const ROWS_MAX: usize = 2_000_000;

/// A validated CSV file.
#[derive(Debug)]
pub(crate) struct Table {
    file: SteadyFile,
    importer: &'static Importer,
    row: Row,
    width: usize,
    rows: Vec<Entry>,
    /// How many rows each note is about.
    notes: BTreeMap<Note, u64>,
    /// Its encoding, where that is not UTF-8.
    encoding: Option<&'static str>,
}

impl Table {
    /// Validates the whole file.
    pub(crate) fn open(
        importer: &'static Importer,
        path: &Path,
        how: How<'_>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Self, Refused> {
        let looked = Self::look(importer, path, how, progress)?;
        looked.wrong.map_or(Ok(looked.table), Err)
    }

    /// Reads the whole file, and keeps the rows that can be read where others cannot.
    ///
    /// # Errors
    /// A file that cannot be read at all.
    pub(crate) fn look(
        importer: &'static Importer,
        path: &Path,
        how: How<'_>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Looked, Refused> {
        let mut file = SteadyFile::open(path)?;
        let encoding = file.in_utf8()?;
        let row = Row::new(how.zone);
        let mut table = Self { file, importer, row, width: 0, rows: Vec::new(), notes: BTreeMap::new(), encoding };
        let mut mistakes = Mistakes::default();
        let mut ids = Ids::default();
        let mut contents = Contents::default();
        match table.validate(how, &mut mistakes, &mut ids, &mut contents, progress) {
            Ok(()) => {}
            Err(Halt::Wrong(wrong)) => mistakes.add(wrong),
            Err(Halt::Io(error)) => return Err(table.file.fault(error)),
        }
        let is_partial = !mistakes.is_empty();
        table.find_duplicates(ids, &mut mistakes)?;
        let wrong = mistakes.refuse(path).err();
        table.number_repeated(contents);
        table.file.check()?;
        in_time_order(&mut table.rows);
        Ok(Looked { table, wrong, is_partial })
    }

    pub(crate) fn count(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Returns what the reader should hear of, in words.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.encoding
            .map(read_as)
            .into_iter()
            .chain(self.notes.iter().map(|(note, count)| note.words(*count)))
            .collect()
    }

    /// Hands out the facts, oldest first.
    pub(crate) fn facts(&mut self, each: &mut dyn FnMut(Fact) -> ControlFlow<()>) -> Result<(), Refused> {
        self.file.check()?;
        let mut window = Window::default();
        let mut record = Record::default();
        for i in 0..self.rows.len() {
            let Some(entry) = self.rows.get(i).copied() else {
                break;
            };
            let read = self.read_again(entry, &mut window, &mut record)?;
            let read = read.map_err(|_| self.file.changed())?;
            for fact in read.facts {
                if each(fact).is_break() {
                    return Ok(());
                }
            }
        }
        self.file.check()
    }

    fn validate(
        &mut self,
        how: How<'_>,
        mistakes: &mut Mistakes,
        ids: &mut Ids,
        contents: &mut Contents,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Halt> {
        self.file.file.seek(SeekFrom::Start(0)).map_err(Halt::Io)?;
        let input = self.file.file.try_clone().map_err(Halt::Io)?;
        let mut reader = Reader::new(input)?;
        self.row.separator = reader.separator();
        let mut record = Record::default();
        if !reader.next(&mut record)? {
            return Err(Halt::Wrong(Wrong::start("the file is empty")));
        }
        self.width = self.row.cut(&record, 0).map_err(Halt::Wrong)?;
        let read = match how.mapping {
            Some(mapping) => self.row.map_header(self.importer, mapping),
            None => self.row.read_header(self.importer).map(|()| self.row.fill_in(self.importer, how.absent)),
        };
        read.map_err(Halt::Wrong)?;
        let mut told = 0;
        while reader.next(&mut record)? {
            if reader.offset() >> 18 != told {
                told = reader.offset() >> 18;
                progress(reader.offset(), self.file.length);
            }
            if self.rows.len() == ROWS_MAX {
                let why = format!("the file has more than {ROWS_MAX} rows");
                let place = Place { line: record.line, column: 1 };
                return Err(Halt::Wrong(Wrong::at(place, why).help("import it in parts")));
            }
            if let Err(wrong) = self.validate_row(&record, ids, contents) {
                mistakes.add(wrong);
            }
        }
        progress(self.file.length, self.file.length);
        Ok(())
    }

    fn validate_row(&mut self, record: &Record, ids: &mut Ids, contents: &mut Contents) -> Result<(), Wrong> {
        (self.row.nth, self.row.nth_written) = (0, 0);
        self.row.cut(record, self.width)?;
        let read = (self.importer.read)(&self.row)?;
        let fits = (u32::try_from(record.bytes.len()), u32::try_from(record.line));
        let (Ok(length), Ok(line)) = fits else {
            return Err(Wrong::at(self.row.start(), "the file has too many lines"));
        };
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        for (_, id) in &read.ids {
            ids.add(id, number);
        }
        if let Some(content) = &read.content {
            contents.values.add(&content.values, number);
            contents.written.add(&content.written, number);
        }
        for note in &read.notes {
            *self.notes.entry(*note).or_default() += 1;
        }
        let offset = record.offset;
        self.rows.push(Entry { at: read.at, offset, length, line, column: 1, nth: 0, nth_written: 0 });
        Ok(())
    }

    /// Reads the later of two rows with one id again, to find the place of the cell.
    fn find_duplicates(&mut self, ids: Ids, mistakes: &mut Mistakes) -> Result<(), Refused> {
        let mut window = Window::default();
        let mut record = Record::default();
        let mut repeated = ids.repeated();
        repeated.sort_unstable_by_key(|(_, later)| *later);
        mistakes.pass_over(repeated.len().saturating_sub(Refused::SHOWN) as u64);
        for (first, later) in repeated.into_iter().take(Refused::SHOWN) {
            let rows = (self.rows.get(first as usize), self.rows.get(later as usize));
            let (Some(first), Some(later)) = (rows.0.copied(), rows.1.copied()) else {
                continue;
            };
            let first_ids = match self.read_again(first, &mut window, &mut record)? {
                Ok(read) => read.ids,
                Err(_) => return Err(self.file.changed()),
            };
            let Ok(again) = self.read_again(later, &mut window, &mut record)? else {
                return Err(self.file.changed());
            };
            let same = again.ids.iter().find(|(_, id)| first_ids.iter().any(|(_, f)| f == id));
            if let Some((column, _)) = same {
                let id = shown(self.row.get(*column));
                let why = format!("`{id}` is already on line {}", first.line);
                mistakes.add(self.row.wrong(*column, why).help("each may occur only once"));
            }
        }
        Ok(())
    }

    fn number_repeated(&mut self, contents: Contents) {
        for (later, nth) in numbered(contents.values) {
            if let Some(entry) = self.rows.get_mut(later as usize) {
                entry.nth = nth;
            }
        }
        for (later, nth) in numbered(contents.written) {
            if let Some(entry) = self.rows.get_mut(later as usize) {
                entry.nth_written = nth;
            }
        }
    }

    fn read_again(
        &mut self,
        entry: Entry,
        window: &mut Window,
        record: &mut Record,
    ) -> Result<Result<RowFacts, Wrong>, Refused> {
        let read = window.read(&mut self.file.file, entry.offset, entry.length);
        let bytes = read.map_err(|_| self.file.changed())?;
        record.bytes.clear();
        record.bytes.extend_from_slice(bytes);
        record.offset = entry.offset;
        record.line = u64::from(entry.line);
        (self.row.nth, self.row.nth_written) = (entry.nth, entry.nth_written);
        let cut = self.row.cut(record, self.width);
        Ok(cut.and_then(|_| (self.importer.read)(&self.row)))
    }
}

/// The contents of rows without ids.
#[derive(Default)]
struct Contents {
    values: Ids,
    written: Ids,
}

/// Returns each row whose content an earlier one has, with the number of those.
fn numbered(contents: Ids) -> Vec<(u32, u32)> {
    let mut last = None;
    let mut nth = 0;
    let repeated = contents.repeated().into_iter();
    repeated
        .map(|(first, later)| {
            nth = if last == Some(first) { nth + 1 } else { 1 };
            last = Some(first);
            (later, nth)
        })
        .collect()
}
