//! What members gave, as rows by kind. Rows are added, never edited: taking back adds a row with a minus.

use std::collections::BTreeMap;

use charter::SupportKind;
use quantity::Moment;

use crate::digest::Mix;
use crate::member::MemberIndex;

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

/// How long a pledge stands and which later one takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PledgeTerms {
    /// The series, numbered in order of first use.
    pub series: u16,
    /// The instant at which it no longer stands.
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

/// Everything ever given, and which facts outside it records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    kinds: BTreeMap<SupportKind, Rows>,
    pledges: BTreeMap<u32, PledgeTerms>,
    series: Vec<String>,
    taken_back: BTreeMap<u32, Moment>,
    records: Vec<RecordRef>,
    sources: BTreeMap<u64, u32>,
    reversed: BTreeMap<u64, i64>,
    pub(crate) digest: Mix,
}

/// A source that stands for no support (a booking).
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

    /// When the pledge in a row was taken back.
    #[must_use]
    pub fn taken_back_at(&self, row: u32) -> Option<Moment> {
        self.taken_back.get(&row).copied()
    }

    pub(crate) fn taken_back_count(&self) -> usize {
        self.taken_back.len()
    }

    /// Whether a fact outside is already recorded, as support or in the book.
    #[must_use]
    pub fn knows(&self, source: &str) -> bool {
        self.sources.contains_key(&fingerprint(source))
    }

    pub(crate) fn record(&self, source: &str) -> Option<RecordRef> {
        let place = self.sources.get(&fingerprint(source))?;
        self.records.get(*place as usize).copied()
    }

    /// How much of a record is not taken back, and whose it is.
    pub(crate) fn left(&self, source: &str, record: RecordRef) -> Option<(i64, MemberIndex)> {
        let rows = self.rows(record.kind)?;
        let first = record.first as usize;
        let given = (first..first.saturating_add(record.parts as usize))
            .filter_map(|at| rows.amount.get(at))
            .sum::<i64>();
        let reversed = self
            .reversed
            .get(&fingerprint(source))
            .copied()
            .unwrap_or(0);
        Some((given.saturating_sub(reversed), *rows.member.get(first)?))
    }

    pub(crate) fn note_source(&mut self, source: &str) {
        self.sources.insert(fingerprint(source), NO_RECORD);
    }

    pub(crate) fn add(
        &mut self,
        source: &str,
        kind: SupportKind,
        rows: &[SupportRow],
        pledge: Option<(&str, Moment)>,
    ) {
        let known = self.kinds.entry(kind).or_default();
        let first = u32::try_from(known.len()).unwrap_or(NO_RECORD);
        for row in rows {
            known.push(*row);
            self.digest.add_row(kind, row);
        }
        if let Some((series, until)) = pledge {
            let series = self.series_number(series);
            self.pledges.insert(first, PledgeTerms { series, until });
        }
        let place = u32::try_from(self.records.len()).unwrap_or(NO_RECORD);
        self.records.push(RecordRef {
            kind,
            first,
            parts: u16::try_from(rows.len()).unwrap_or(u16::MAX),
        });
        self.sources.insert(fingerprint(source), place);
    }

    pub(crate) fn reverse(
        &mut self,
        source: &str,
        of: &str,
        record: RecordRef,
        rows: &[SupportRow],
        amount: i64,
    ) {
        let known = self.kinds.entry(record.kind).or_default();
        for row in rows {
            known.push(*row);
            self.digest.add_row(record.kind, row);
        }
        if record.kind == SupportKind::Pledge {
            if let Some(row) = rows.first() {
                self.taken_back.insert(record.first, row.known_at);
            }
        }
        self.note_source(source);
        let reversed = self.reversed.entry(fingerprint(of)).or_default();
        *reversed = reversed.saturating_add(amount);
    }

    /// Number of series in use.
    #[must_use]
    pub fn series_count(&self) -> usize {
        self.series.len()
    }

    fn series_number(&mut self, name: &str) -> u16 {
        let place = self
            .series
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
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
