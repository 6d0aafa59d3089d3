//! Members' support, as rows by kind. Rows are added, never edited: taking back adds a row with a minus.

pub(crate) mod act;
pub(crate) mod affirm;
pub(crate) mod claim;
mod own;
pub(crate) mod pledge;
pub(crate) mod seat;
pub mod silence;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

use charter::SupportKind;
use imbl::OrdMap;
use quantity::{Broken, Column, Index, Moment, ensure};

use crate::digest::Mix;
use crate::id::MemberIndex;

pub use act::{is_series, is_source};
pub use affirm::Affirming;
pub use claim::{Claim, Claimed, Claims, REASONS};
pub use pledge::{Backed, OwnPledge, OwnPledges};

/// The rows of one kind of support, in the order of the log, and by member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    rows: Column<Linked>,
    /// By member, their latest row plus one; 0 without one.
    latest: Column<u32>,
}

/// A row, and the one before it of the same member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Linked {
    member: MemberIndex,
    /// Its place plus one; 0 at the member's first.
    before: u32,
    amount: i64,
    counted_at: Moment,
    known_at: Moment,
}

impl Linked {
    #[inline]
    fn row(&self) -> SupportRow {
        let Linked { member, amount, counted_at, known_at, .. } = *self;
        SupportRow { member, amount, counted_at, known_at }
    }
}

impl Rows {
    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// No rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One row.
    #[must_use]
    pub fn row(&self, at: usize) -> Option<SupportRow> {
        self.rows.get(at).map(Linked::row)
    }

    /// All rows from `from` on, with their places.
    pub fn from(&self, from: usize) -> impl Iterator<Item = (usize, SupportRow)> + '_ {
        (from..).zip(self.rows.since(from).map(Linked::row))
    }

    /// The rows of one member, with their places, in the order of the log.
    #[must_use]
    pub fn of(&self, member: MemberIndex) -> Vec<(usize, SupportRow)> {
        let mut next = self.latest.get(member.place()).copied().unwrap_or(0);
        let mut own = Vec::new();
        while let Some(linked) = self.at(next) {
            own.push(((next as usize).saturating_sub(1), linked.row()));
            next = linked.before;
        }
        own.reverse();
        own
    }

    /// The row at a place plus one.
    fn at(&self, next: u32) -> Option<&Linked> {
        self.rows.get((next as usize).checked_sub(1)?)
    }

    fn push(&mut self, row: SupportRow) {
        let member = row.member.place();
        self.latest.lengthen(member.saturating_add(1), 0);
        let before = self.latest.get(member).copied().unwrap_or(0);
        let SupportRow { member: giver, amount, counted_at, known_at } = row;
        self.rows.push(Linked { member: giver, before, amount, counted_at, known_at });
        self.latest.set(member, u32::try_from(self.rows.len()).unwrap_or(NO_RECORD));
    }

    /// Each row is in its member's chain, which goes back in the log.
    fn check(&self, kind: SupportKind) -> Result<(), Broken> {
        let mut chained: usize = 0;
        for place in 0..self.latest.len() {
            let member = MemberIndex::at(place);
            let own = self.of(member);
            ensure!(own.iter().all(|(_, row)| row.member == member), "{kind:?} of {member} are another's");
            ensure!(own.is_sorted_by(|(a, _), (b, _)| a < b), "{kind:?} of {member} are not in order");
            chained = chained.saturating_add(own.len());
        }
        ensure!(chained == self.len(), "{chained} of {} rows of {kind:?} are somebody's", self.len());
        Ok(())
    }
}

/// One row of support.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportRow {
    /// Who gave.
    pub member: MemberIndex,
    /// Minor units, seconds or micro-credits; what is taken back is negative.
    pub amount: i64,
    /// The date that periods and decay go by. Taking back goes by the date of what it takes back.
    pub counted_at: Moment,
    /// From when it counts at all: its own date, or the date of taking back.
    pub known_at: Moment,
}

/// The time that a pledge lasts, and the series whose later pledge takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PledgeTerms {
    /// The series, numbered in order of first use.
    pub series: u16,
    /// The instant at which it lapses.
    pub until: Moment,
}

/// Where a record's rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// A record of support as it was given, whatever was taken back since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Who gave.
    pub member: MemberIndex,
    /// Its kind.
    pub kind: SupportKind,
    /// All its parts together: minor units, seconds or micro-credits.
    pub amount: i64,
    /// When it was given.
    pub at: Moment,
}

/// Money that came into the book with a record of support, or left it as the record was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The account that it went to, by its place in the book.
    pub to: u32,
    /// The account that it came from.
    pub from: u32,
    /// Minor units, above 0.
    pub minor: i64,
}

impl Moved {
    /// So much of it back again.
    pub(crate) fn back(self, minor: i64) -> Moved {
        Moved { to: self.from, from: self.to, minor }
    }
}

/// Everything ever given, and which facts outside it records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    kinds: BTreeMap<SupportKind, Rows>,
    pledges: OrdMap<u32, PledgeTerms>,
    series: Column<Arc<str>>,
    series_by_name: OrdMap<Arc<str>, u16>,
    /// By row of a pledge: how much was taken back, and from when on.
    reductions: OrdMap<u32, Arc<Vec<(Moment, i64)>>>,
    reduced: usize,
    records: Column<RecordRef>,
    /// By fingerprint of the source, the place of its record.
    sources: Index,
    /// By fingerprint of the source: what is left of each part, once something was taken back.
    left: OrdMap<u64, Arc<Vec<i64>>>,
    /// By fingerprint of the source: where the rows of a record that has moved to another member were at first.
    given: OrdMap<u64, RecordRef>,
    /// By fingerprint of the source: the money that it moved in the book.
    booked: OrdMap<u64, Moved>,
    /// The services that something was given to, in order of first use.
    services: Arc<Vec<Arc<str>>>,
    /// By fingerprint of the source: the place of the service that it was given to.
    of_service: OrdMap<u64, u16>,
    /// The rows of one kind that were given to one service, once more.
    serving: BTreeMap<(SupportKind, u16), Rows>,
    /// From edition 3 on: what members say themselves that they mean to donate a month.
    pub own_pledges: OwnPledges,
    pub(crate) digest: Mix,
}

/// A place beyond all.
const NO_RECORD: u32 = u32::MAX;
/// A source without support (a booking).
const NOTHING_HELD: u32 = u32::MAX.saturating_sub(1);

impl Support {
    /// The rows of one kind.
    #[must_use]
    pub fn rows(&self, kind: SupportKind) -> Option<&Rows> {
        self.kinds.get(&kind)
    }

    /// The rows that a source of formulas sums.
    #[must_use]
    pub fn rows_of(&self, kind: SupportKind, service: Option<&str>) -> Option<&Rows> {
        match service {
            None => self.rows(kind),
            Some(service) => self.serving.get(&(kind, self.service_place(service)?)),
        }
    }

    /// The services that something was given to, in order of first use.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.iter().map(|service| &**service)
    }

    /// The service that what a source records was given to.
    #[must_use]
    pub fn service_of(&self, source: &str) -> Option<&str> {
        let place = self.of_service.get(&Fingerprint::of(source).0)?;
        self.services.get(usize::from(*place)).map(|service| &**service)
    }

    fn service_place(&self, service: &str) -> Option<u16> {
        self.services.iter().position(|known| **known == *service).and_then(|place| u16::try_from(place).ok())
    }

    /// Whether one more service would be too many.
    pub(crate) fn services_full(&self, service: &str) -> bool {
        self.services.len() >= MAX_SERVICES && self.service_place(service).is_none()
    }

    /// Notes that what a source records was given to a service.
    pub(crate) fn serve(
        &mut self,
        Fingerprint(source): Fingerprint,
        kind: SupportKind,
        rows: &[SupportRow],
        service: &str,
    ) {
        let place = self.service_place(service).unwrap_or_else(|| {
            let place = u16::try_from(self.services.len()).unwrap_or(u16::MAX);
            Arc::make_mut(&mut self.services).push(Arc::from(service));
            place
        });
        let mut bytes = source.to_le_bytes().to_vec();
        bytes.extend_from_slice(service.as_bytes());
        self.digest.add(&bytes);
        self.of_service.insert(source, place);
        let known = self.serving.entry((kind, place)).or_default();
        rows.iter().for_each(|row| known.push(*row));
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
        let given = self.rows(SupportKind::Pledge).and_then(|rows| rows.row(row as usize)).map_or(0, |row| row.amount);
        let reductions = self.reductions.get(&row).into_iter().flat_map(|taken| taken.iter());
        reductions.filter(|(from, _)| *from <= at).fold(given, |left, (_, amount)| left.saturating_sub(*amount))
    }

    /// How often something was taken back from a pledge.
    pub(crate) fn reduction_count(&self) -> usize {
        self.reduced
    }

    /// Whether a fact outside is already recorded, as support or in the book.
    #[must_use]
    pub fn knows(&self, source: &str) -> bool {
        self.place(Fingerprint::of(source)).is_some()
    }

    /// Whether a pledge of a series with this name is recorded.
    #[must_use]
    pub fn knows_series(&self, name: &str) -> bool {
        self.series_by_name.contains_key(name)
    }

    /// Who gave what a source records.
    #[must_use]
    pub fn giver(&self, source: &str) -> Option<MemberIndex> {
        let record = self.record(source)?;
        self.rows(record.kind)?.row(record.first as usize).map(|row| row.member)
    }

    /// Returns the record of a source as it was given; `None` for a booking, for what takes another back, and for a source that
    /// nothing is recorded from.
    #[must_use]
    pub fn recorded(&self, source: &str) -> Option<Recorded> {
        let record = self.record(source)?;
        let rows = self.rows(record.kind)?;
        let first = rows.row(record.first as usize)?;
        let given = self.given.get(&Fingerprint::of(source).0).copied().unwrap_or(record);
        let amount =
            given.places().filter_map(|at| rows.row(at)).fold(0_i64, |sum, row| sum.saturating_add(row.amount));
        Some(Recorded { member: first.member, kind: record.kind, amount, at: first.counted_at })
    }

    /// The fingerprint of a source that nothing is recorded from yet; `None` for another.
    pub(crate) fn fresh(&self, source: &str) -> Option<Fingerprint> {
        let source = Fingerprint::of(source);
        self.place(source).is_none().then_some(source)
    }

    pub(crate) fn record(&self, source: &str) -> Option<RecordRef> {
        self.records.get(self.place(Fingerprint::of(source))? as usize).copied()
    }

    fn place(&self, Fingerprint(source): Fingerprint) -> Option<u32> {
        self.sources.find(source, |_| true)
    }

    /// Returns the rest of each part of a record, in the order of its rows.
    pub(crate) fn parts_left(&self, source: &str, record: RecordRef) -> Vec<i64> {
        if let Some(left) = self.left.get(&Fingerprint::of(source).0) {
            return left.to_vec();
        }
        let given = self
            .rows(record.kind)
            .into_iter()
            .flat_map(|rows| record.places().filter_map(|at| rows.row(at)).map(|row| row.amount));
        given.collect()
    }

    /// Notes a fact outside that is no support: a booking.
    pub(crate) fn note_source(&mut self, Fingerprint(source): Fingerprint) {
        self.digest.add(&source.to_le_bytes());
        self.sources.replace(source, NOTHING_HELD);
    }

    pub(crate) fn add(
        &mut self,
        Fingerprint(source): Fingerprint,
        kind: SupportKind,
        rows: &[SupportRow],
        pledge: Option<(&str, Moment)>,
    ) {
        let terms = pledge.map(|(series, until)| PledgeTerms { series: self.series_number(series), until });
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
        self.sources.replace(source, place);
    }

    /// Adds the rows that take back, one for each part of the record, with amounts of 0 or less.
    pub(crate) fn reverse(
        &mut self,
        Fingerprint(source): Fingerprint,
        of: &str,
        record: RecordRef,
        rows: &[SupportRow],
    ) {
        let (mut left, Fingerprint(of)) = (self.parts_left(of, record), Fingerprint::of(of));
        let known = self.kinds.entry(record.kind).or_default();
        for (row, left) in rows.iter().zip(&mut left) {
            *left = left.saturating_add(row.amount);
            if row.amount == 0 {
                continue;
            }
            known.push(*row);
            if let Some(place) = self.of_service.get(&of) {
                self.serving.entry((record.kind, *place)).or_default().push(*row);
            }
            let bytes = taken_back_bytes(source, of, record.kind, row);
            self.digest.add(&bytes);
            if record.kind == SupportKind::Pledge {
                let taken = (row.known_at, row.amount.saturating_neg());
                Arc::make_mut(self.reductions.entry(record.first).or_default()).push(taken);
                self.reduced = self.reduced.saturating_add(1);
            }
        }
        self.left.insert(of, Arc::new(left));
        self.sources.replace(source, NOTHING_HELD);
    }

    /// The sources of a member's records, by number, in the order of the log.
    pub(crate) fn sources_of(&self, member: MemberIndex) -> Vec<u64> {
        let is_theirs = |record: &RecordRef| {
            let first = self.rows(record.kind).and_then(|rows| rows.row(record.first as usize));
            first.is_some_and(|row| row.member == member)
        };
        let known = |place: u32| self.records.get(place as usize).is_some_and(is_theirs);
        let mut own: Vec<(u32, u64)> =
            self.sources.iter().filter(|(_, place)| known(*place)).map(|(source, place)| (place, source)).collect();
        own.sort_unstable();
        own.into_iter().map(|(_, source)| source).collect()
    }

    /// Moves what is left of a record to another member, at its own dates and known from `at` on: a row with a minus for each part, and
    /// the same part anew (docs/spec/people.md, Joining). Returns whether anything was left.
    pub(crate) fn hand_over(&mut self, source: u64, to: MemberIndex, at: Moment) -> bool {
        let Some(place) = self.sources.find(source, |_| true) else {
            return false;
        };
        let Some(record) = self.records.get(place as usize).copied() else {
            return false;
        };
        let given: Vec<SupportRow> =
            self.rows(record.kind).into_iter().flat_map(|rows| record.places().filter_map(|at| rows.row(at))).collect();
        let left = match self.left.get(&source) {
            Some(left) => left.to_vec(),
            None => given.iter().map(|row| row.amount).collect(),
        };
        if left.iter().all(|part| *part == 0) {
            return false;
        }
        let known = self.kinds.entry(record.kind).or_default();
        for (row, left) in given.iter().zip(&left).filter(|(_, left)| **left != 0) {
            let row = SupportRow { amount: left.saturating_neg(), known_at: at.max(row.known_at), ..*row };
            known.push(row);
            self.digest.add(&taken_back_bytes(source, source, record.kind, &row));
        }
        // Rows of each kind are counted by themselves: a donation's place is some other pledge's.
        let terms = self.pledges.get(&record.first).copied().filter(|_| record.kind == SupportKind::Pledge);
        let first = u32::try_from(known.len()).unwrap_or(NO_RECORD);
        for (row, left) in given.iter().zip(&left) {
            let row = SupportRow { member: to, amount: *left, known_at: at.max(row.known_at), ..*row };
            known.push(row);
            self.digest.add(&given_bytes(source, record.kind, &row, terms));
        }
        if let Some(terms) = terms {
            let taken = left.iter().map(|left| (at, *left));
            Arc::make_mut(self.reductions.entry(record.first).or_default()).extend(taken);
            self.reduced = self.reduced.saturating_add(1);
            self.pledges.insert(first, terms);
        }
        self.records.set(place as usize, RecordRef { first, ..record });
        self.left.remove(&source);
        if !self.given.contains_key(&source) {
            self.given.insert(source, record);
        }
        true
    }

    /// Columns of one length, rows where records say that they are, and no more taken back than was given.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        for (kind, rows) in &self.kinds {
            rows.check(*kind)?;
        }
        for ((kind, _), rows) in &self.serving {
            rows.check(*kind)?;
        }
        for record in self.records.iter() {
            let known = self.rows(record.kind).map_or(0, Rows::len);
            ensure!(record.places().end <= known, "a record has rows up to {}, of {known}", record.places().end);
        }
        ensure!(self.left.values().all(|left| left.iter().all(|part| *part >= 0)), "more was taken back than given");
        Ok(())
    }

    /// Returns the money that a source moved in the book, as support or in taking it back.
    #[must_use]
    pub fn booked(&self, source: &str) -> Option<Moved> {
        self.booked.get(&Fingerprint::of(source).0).copied()
    }

    /// Notes what a source moved in the book.
    pub(crate) fn note_booked(&mut self, Fingerprint(source): Fingerprint, moved: Moved) {
        let mut bytes = Vec::with_capacity(24);
        bytes.extend_from_slice(&source.to_le_bytes());
        bytes.extend_from_slice(&moved.to.to_le_bytes());
        bytes.extend_from_slice(&moved.from.to_le_bytes());
        bytes.extend_from_slice(&moved.minor.to_le_bytes());
        self.digest.add(&bytes);
        self.booked.insert(source, moved);
    }

    fn series_number(&mut self, name: &str) -> u16 {
        if let Some(known) = self.series_by_name.get(name) {
            return *known;
        }
        let (place, name) = (u16::try_from(self.series.len()).unwrap_or(u16::MAX), Arc::from(name));
        self.series.push(Arc::clone(&name));
        self.series_by_name.insert(name, place);
        place
    }

    /// Whether one more series would be too many.
    pub(crate) fn series_full(&self, name: &str) -> bool {
        self.series.len() >= MAX_SERIES && !self.series_by_name.contains_key(name)
    }
}

/// Services that a co-op may use: the parts of what it does.
const MAX_SERVICES: usize = 100;
/// Series of pledges that a co-op may use: a closed set of words in practice.
const MAX_SERIES: usize = 1_000;

impl Fingerprint {
    /// The number that stands for the source.
    pub(crate) fn number(self) -> u64 {
        self.0
    }
}

/// The first 64 bits of SHA-256 over the source's name. Two names that share them count as one source:
/// among three million records the odds of that are one in four million.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fingerprint(u64);

/// The number of a source, by which it is found.
pub(crate) fn number_of(source: &str) -> u64 {
    Fingerprint::of(source).number()
}

impl Fingerprint {
    pub(crate) fn of(source: &str) -> Fingerprint {
        Fingerprint(crate::digest::short(source.as_bytes()))
    }
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
