//! Members' support, as rows by kind. Rows are added, never edited: taking back adds a row with a minus.

pub(crate) mod act;
mod own;

use std::collections::BTreeMap;

use charter::SupportKind;
use quantity::{Broken, Moment, ensure};

use crate::digest::Mix;
use crate::id::MemberIndex;

/// The rows of one kind of support, as columns of one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Who gave.
    pub member: Vec<MemberIndex>,
    /// Minor units, seconds or micro-credits; what is taken back is negative.
    pub amount: Vec<i64>,
    /// The date that periods and decay go by. Taking back goes by the date of what it takes back.
    pub counted_at: Vec<Moment>,
    /// From when the row counts at all: its own date, or the date of taking back.
    pub known_at: Vec<Moment>,
}

impl Rows {
    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.member.len()
    }

    /// No rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.member.is_empty()
    }

    /// One row.
    #[must_use]
    pub fn row(&self, at: usize) -> Option<SupportRow> {
        Some(SupportRow {
            member: *self.member.get(at)?,
            amount: *self.amount.get(at)?,
            counted_at: *self.counted_at.get(at)?,
            known_at: *self.known_at.get(at)?,
        })
    }

    /// All rows from `from` on.
    pub fn from(&self, from: usize) -> impl Iterator<Item = (usize, SupportRow)> + '_ {
        (from..self.len()).filter_map(|at| Some((at, self.row(at)?)))
    }

    fn push(&mut self, row: SupportRow) {
        self.member.push(row.member);
        self.amount.push(row.amount);
        self.counted_at.push(row.counted_at);
        self.known_at.push(row.known_at);
    }
}

/// One row of support.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportRow {
    /// Who gave.
    pub member: MemberIndex,
    /// Minor units, seconds or micro-credits.
    pub amount: i64,
    /// The date that periods and decay go by.
    pub counted_at: Moment,
    /// From when it counts at all.
    pub known_at: Moment,
}

/// The time that a pledge lasts, and the series whose later pledge takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PledgeTerms {
    /// The series, numbered in order of first use.
    pub series: u16,
    /// The instant at which it lapses.
    pub until: Moment,
}

/// Where a record's rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordRef {
    /// Its kind.
    pub kind: SupportKind,
    /// The first row.
    pub first: u32,
    /// How many rows.
    pub parts: u16,
}

impl RecordRef {
    /// The places of its rows among those of its kind.
    pub(crate) fn places(self) -> std::ops::Range<usize> {
        let first = self.first as usize;
        first..first.saturating_add(self.parts as usize)
    }
}

/// Everything ever given, and which facts outside it records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    kinds: BTreeMap<SupportKind, Rows>,
    pledges: BTreeMap<u32, PledgeTerms>,
    series: Vec<String>,
    /// By row of a pledge: how much was taken back, and from when on.
    reductions: BTreeMap<u32, Vec<(Moment, i64)>>,
    records: Vec<RecordRef>,
    sources: BTreeMap<u64, u32>,
    /// By fingerprint of the source: what is left of each part, once something was taken back.
    left: BTreeMap<u64, Vec<i64>>,
    pub(crate) digest: Mix,
}

/// A source without support (a booking).
const NO_RECORD: u32 = u32::MAX;

impl Support {
    /// The rows of one kind.
    #[must_use]
    pub fn rows(&self, kind: SupportKind) -> Option<&Rows> {
        self.kinds.get(&kind)
    }

    /// How many rows there are of all kinds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.values().map(Rows::len).sum()
    }

    /// Nothing was given yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Terms of the pledge in a row, `None` for a row that takes one back.
    #[must_use]
    pub fn pledge(&self, row: u32) -> Option<PledgeTerms> {
        self.pledges.get(&row).copied()
    }

    /// Returns the rest at `at` of the pledge in a row, minor units.
    #[must_use]
    pub fn pledge_left(&self, row: u32, at: Moment) -> i64 {
        let given = self.rows(SupportKind::Pledge).and_then(|rows| rows.amount.get(row as usize)).copied().unwrap_or(0);
        let reductions = self.reductions.get(&row).into_iter().flatten();
        reductions.filter(|(from, _)| *from <= at).fold(given, |left, (_, amount)| left.saturating_sub(*amount))
    }

    /// How often something was taken back from a pledge.
    pub(crate) fn reduction_count(&self) -> usize {
        self.reductions.values().map(Vec::len).sum()
    }

    /// Whether a fact outside is already recorded, as support or in the book.
    #[must_use]
    pub fn knows(&self, source: &str) -> bool {
        self.sources.contains_key(&fingerprint(source))
    }

    /// Who gave what a source records.
    #[must_use]
    pub fn giver(&self, source: &str) -> Option<MemberIndex> {
        let record = self.record(source)?;
        self.rows(record.kind)?.member.get(record.first as usize).copied()
    }

    pub(crate) fn record(&self, source: &str) -> Option<RecordRef> {
        let place = self.sources.get(&fingerprint(source))?;
        self.records.get(*place as usize).copied()
    }

    /// Returns the rest of each part of a record, in the order of its rows.
    pub(crate) fn parts_left(&self, source: &str, record: RecordRef) -> Vec<i64> {
        if let Some(left) = self.left.get(&fingerprint(source)) {
            return left.clone();
        }
        let given = self
            .rows(record.kind)
            .into_iter()
            .flat_map(|rows| record.places().filter_map(|at| rows.amount.get(at).copied()));
        given.collect()
    }

    /// Notes a fact outside that is no support: a booking.
    pub(crate) fn note_source(&mut self, source: &str) {
        self.digest.add(&fingerprint(source).to_le_bytes());
        self.sources.insert(fingerprint(source), NO_RECORD);
    }

    pub(crate) fn add(&mut self, source: &str, kind: SupportKind, rows: &[SupportRow], pledge: Option<(&str, Moment)>) {
        let terms = pledge.map(|(series, until)| PledgeTerms { series: self.series_number(series), until });
        let source = fingerprint(source);
        let known = self.kinds.entry(kind).or_default();
        let first = u32::try_from(known.len()).unwrap_or(NO_RECORD);
        for row in rows {
            known.push(*row);
            self.digest.add(&given_bytes(source, kind, row, terms));
        }
        if let Some(terms) = terms {
            self.pledges.insert(first, terms);
        }
        let place = u32::try_from(self.records.len()).unwrap_or(NO_RECORD);
        self.records.push(RecordRef { kind, first, parts: u16::try_from(rows.len()).unwrap_or(u16::MAX) });
        self.sources.insert(source, place);
    }

    /// Adds the rows that take back, one for each part of the record, with amounts of 0 or less.
    pub(crate) fn reverse(&mut self, source: &str, of: &str, record: RecordRef, rows: &[SupportRow]) {
        let mut left = self.parts_left(of, record);
        let known = self.kinds.entry(record.kind).or_default();
        for (row, left) in rows.iter().zip(&mut left) {
            *left = left.saturating_add(row.amount);
            if row.amount == 0 {
                continue;
            }
            known.push(*row);
            let bytes = taken_back_bytes(fingerprint(source), fingerprint(of), record.kind, row);
            self.digest.add(&bytes);
            if record.kind == SupportKind::Pledge {
                let taken = (row.known_at, row.amount.saturating_neg());
                self.reductions.entry(record.first).or_default().push(taken);
            }
        }
        self.left.insert(fingerprint(of), left);
        self.sources.insert(fingerprint(source), NO_RECORD);
    }

    /// Columns of one length, rows where records say that they are, and no more taken back than was given.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        for (kind, rows) in &self.kinds {
            let lengths = [rows.amount.len(), rows.counted_at.len(), rows.known_at.len()];
            ensure!(lengths.iter().all(|length| *length == rows.len()), "{kind:?} has columns of {lengths:?}");
        }
        for record in &self.records {
            let known = self.rows(record.kind).map_or(0, Rows::len);
            ensure!(record.places().end <= known, "a record has rows up to {}, of {known}", record.places().end);
        }
        ensure!(self.left.values().flatten().all(|left| *left >= 0), "more was taken back than given");
        Ok(())
    }

    fn series_number(&mut self, name: &str) -> u16 {
        let place = self.series.iter().position(|known| known == name).unwrap_or_else(|| {
            self.series.push(name.to_owned());
            self.series.len().saturating_sub(1)
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    /// Whether one more series would be too many.
    pub(crate) fn series_full(&self, name: &str) -> bool {
        self.series.len() >= MAX_SERIES && !self.series.iter().any(|known| known == name)
    }
}

/// Series of pledges that a co-op may use: a closed set of words in practice.
const MAX_SERIES: usize = 1_000;

/// The first 64 bits of SHA-256 over the source's name. Two names that share them count as one source:
/// among three million records the odds of that are one in four million.
fn fingerprint(source: &str) -> u64 {
    crate::digest::short(source.as_bytes())
}

/// A row's bytes in the set of records: what was given. `docs/spec/updates.md` lists the fields.
fn given_bytes(source: u64, kind: SupportKind, row: &SupportRow, pledge: Option<PledgeTerms>) -> Vec<u8> {
    let mut bytes = row_bytes(source, kind, row);
    if let Some(terms) = pledge {
        bytes.extend_from_slice(&terms.series.to_le_bytes());
        bytes.extend_from_slice(&terms.until.0.to_le_bytes());
    }
    bytes
}

/// A row's bytes in the set of records: what was taken back from `of`.
fn taken_back_bytes(source: u64, of: u64, kind: SupportKind, row: &SupportRow) -> Vec<u8> {
    let mut bytes = row_bytes(source, kind, row);
    bytes.extend_from_slice(&of.to_le_bytes());
    bytes
}

fn row_bytes(source: u64, kind: SupportKind, row: &SupportRow) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(48);
    bytes.extend_from_slice(&source.to_le_bytes());
    bytes.push(kind as u8);
    bytes.extend_from_slice(&row.member.0.to_le_bytes());
    bytes.extend_from_slice(&row.amount.to_le_bytes());
    bytes.extend_from_slice(&row.counted_at.0.to_le_bytes());
    bytes.extend_from_slice(&row.known_at.0.to_le_bytes());
    bytes
}
