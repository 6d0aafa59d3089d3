//! Who had weight at which update of the last 90 days, wherever a cap asks for it (docs/spec/support.md, The cap). Not the cap
//! itself (`cut`).
//!
//! A newcomer is no measure for others: whoever makes names for the purpose has to carry them for 90 days first.

use std::collections::VecDeque;
use std::sync::Arc;

use quantity::{Broken, Moment, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::digest::{Collect, to_hex};

/// The days after which a member is of standing, and those that are looked back on.
const STANDING_DAYS: i64 = 90;
/// A first update that never was.
const NEVER: u32 = u32::MAX;

/// Who had weight when: of the whole register, and in the classes that have a cap of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// By the class's name; the empty name is that of all weight.
    tracks: Vec<(Arc<str>, Track)>,
}

/// Who had weight when, of one column of weights. Updates are numbered from the first that was noted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Track {
    /// How many updates were noted.
    updates: u32,
    /// The first of them at which anybody had weight.
    begun: Option<u32>,
    /// By member, the first of them at which they had weight; `NEVER` before it.
    first: Arc<Vec<u32>>,
    /// SHA-256 over `first`, made anew where it changes.
    first_digest: String,
    /// The updates of the last 90 days, oldest first.
    window: VecDeque<Point>,
    /// By member, at how many updates of the window they had weight.
    held: Arc<Vec<u16>>,
}

/// One update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Point {
    at: Moment,
    had: Arc<Members>,
}

/// A set of members, a bit each. Updates after which nobody came or went share one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    words: Vec<u64>,
    digest: String,
}

impl Members {
    /// Returns the members who have weight.
    pub(crate) fn with_weight(weights: &[u64]) -> Members {
        // Eight bits at a time wait for each other, and not all 64.
        let byte = |weights: &[u64]| weights.iter().rev().fold(0, |byte, weight| (byte << 1) | u64::from(*weight > 0));
        let word = |weights: &[u64]| weights.chunks(8).rev().fold(0, |word, eight| (word << 8) | byte(eight));
        Members { words: weights.chunks(64).map(word).collect(), digest: String::new() }
    }

    /// Reports whether nobody else is in it and nobody in it is missing.
    pub(crate) fn same(&self, other: &Members) -> bool {
        self.words == other.words
    }

    /// Returns the places of those who are in one of two sets and not in the other.
    pub(crate) fn differing<'a>(&'a self, other: &'a Members) -> impl Iterator<Item = usize> + 'a {
        let count = self.words.len().max(other.words.len());
        (0..count).flat_map(|number| {
            let begin = number.saturating_mul(64);
            bits(self.word(number) ^ other.word(number)).map(move |bit| begin.saturating_add(bit))
        })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Reports whether nobody is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Reports whether a member is in it.
    #[must_use]
    pub fn has(&self, place: usize) -> bool {
        let word = self.words.get(place / 64).copied().unwrap_or(0);
        word.wrapping_shr(u32::try_from(place % 64).unwrap_or(0)) & 1 == 1
    }

    /// Changes the cell of each of them.
    fn each<T>(&self, cells: &mut [T], change: impl FnMut(&mut T)) {
        self.each_but(&Members::default(), cells, change);
    }

    /// Changes the cell of each of them who is not among others.
    fn each_but<T>(&self, others: &Members, cells: &mut [T], mut change: impl FnMut(&mut T)) {
        let others = others.words.iter().copied().chain(std::iter::repeat(0));
        for ((word, other), cells) in self.words.iter().zip(others).zip(cells.chunks_mut(64)) {
            for place in bits(word & !other) {
                if let Some(cell) = cells.get_mut(place) {
                    change(cell);
                }
            }
        }
    }

    /// The word of 64 members.
    pub(super) fn word(&self, number: usize) -> u64 {
        self.words.get(number).copied().unwrap_or(0)
    }

    fn with_digest(mut self) -> Members {
        self.digest = digest(self.words.iter().flat_map(|word| word.to_le_bytes()));
        self
    }
}

impl Standing {
    /// Notes an update: `weights` are those before the cap, by the name of their column. Other columns are forgotten.
    pub(crate) fn note(&mut self, at: Moment, weights: &[(&str, &[u64])]) {
        self.tracks.retain(|(name, _)| weights.iter().any(|(noted, _)| **noted == **name));
        for (name, column) in weights {
            let known = self.tracks.iter().position(|(known, _)| **known == **name);
            let place = known.unwrap_or_else(|| {
                self.tracks.push((Arc::from(*name), Track::default()));
                self.tracks.len().saturating_sub(1)
            });
            if let Some((_, track)) = self.tracks.get_mut(place) {
                track.note(at, column);
            }
        }
    }

    /// Returns who of a column has weight and is not of standing at an instant, by their weight there before the cap.
    #[must_use]
    pub(super) fn newcomers(&self, name: &str, at: Moment, weights: &[u64]) -> Members {
        let now = Members::with_weight(weights);
        let track = self.tracks.iter().find(|(known, _)| **known == *name).map(|(_, track)| track);
        let mut newcomers = match track {
            Some(track) => track.of(at, &now),
            None => Track::default().of(at, &now),
        };
        for (word, now) in newcomers.words.iter_mut().zip(&now.words) {
            *word = now & !*word;
        }
        newcomers
    }

    /// Nothing was noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.tracks.is_empty()
    }

    /// Counts what the window has, and nobody before their first update.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        for (name, track) in &self.tracks {
            let mut held = vec![0_u16; track.held.len()];
            for point in &track.window {
                point.had.each(&mut held, |held| *held = held.saturating_add(1));
            }
            ensure!(held == *track.held, "somebody had weight in `{name}` at other updates than are noted");
            let sound = |first: &u32| *first == NEVER || *first < track.updates;
            ensure!(track.first.iter().all(sound), "somebody first had weight in `{name}` at no update");
        }
        Ok(())
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.tracks.len() as u128);
        for (name, track) in &self.tracks {
            into.text(name).number(track.updates).number(track.begun.map_or(-1, i64::from));
            into.text(&track.first_digest).wide(track.window.len() as u128);
            for point in &track.window {
                into.number(point.at.0).text(&point.had.digest);
            }
        }
    }
}

impl Track {
    fn note(&mut self, at: Moment, weights: &[u64]) {
        // The rules may weigh anew at the instant of an update: that is noted once.
        if self.window.back().is_some_and(|last| last.at >= at) {
            return;
        }
        let had = Members::with_weight(weights);
        let same = self.window.back().filter(|last| last.had.same(&had)).map(|last| Arc::clone(&last.had));
        // Where nobody came or went, nobody has weight for the first time.
        let is_same = same.is_some();
        let had = same.unwrap_or_else(|| Arc::new(had.with_digest()));
        if !is_same || self.first.len() < weights.len() {
            let first = Arc::make_mut(&mut self.first);
            first.resize(weights.len().max(first.len()), NEVER);
            had.each(first, |first| *first = (*first).min(self.updates));
            self.first_digest = digest(first.iter().flat_map(|first| first.to_le_bytes()));
            self.begun = first.iter().copied().min().filter(|first| *first != NEVER);
        }
        self.hold(at, &had, weights.len());
        self.window.push_back(Point { at, had });
        self.updates = self.updates.saturating_add(1);
    }

    /// Counts an update into `held`, and out of it those that leave the window with it.
    fn hold(&mut self, at: Moment, had: &Arc<Members>, count: usize) {
        let begins = window_begins(at);
        let leaving = self.window.partition_point(|point| point.at <= begins);
        let mut leaving: Vec<Arc<Members>> = self.window.drain(..leaving).map(|point| point.had).collect();
        // Where the one that leaves last had the same members as the one that comes, nothing changes.
        let last = leaving.pop().unwrap_or_default();
        if leaving.is_empty() && self.held.len() >= count && (Arc::ptr_eq(&last, had) || last.same(had)) {
            return;
        }
        let held = Arc::make_mut(&mut self.held);
        held.resize(count.max(held.len()), 0);
        for old in leaving {
            old.each(held, |held| *held = held.saturating_sub(1));
        }
        last.each_but(had, held, |held| *held = held.saturating_sub(1));
        had.each_but(&last, held, |held| *held = held.saturating_add(1));
    }

    /// Returns who is of standing, where `now` have weight. Of 64 members it is clear without a look at each of them where the same
    /// have had weight all the time.
    fn of(&self, at: Moment, now: &Members) -> Members {
        let ruling = Ruling::of(self, at);
        let steady = ruling.steady(self);
        let word = |number: usize| {
            let now = now.word(number);
            let is_steady = steady.as_ref().is_some_and(|had| had.iter().all(|had| had.word(number) == now));
            if is_steady { now } else { ruling.of_64(self, number, now) }
        };
        Members { words: (0..now.words.len()).map(word).collect(), digest: String::new() }
    }
}

/// The numbers by which it is decided at one instant who is of standing. Updates are counted from the first that was noted.
struct Ruling<'a> {
    /// The first update of the window, and the one after its last.
    begins: u32,
    ends: u32,
    /// The first update at which anybody had weight, where it was before the end of the window.
    begun: Option<u32>,
    /// Updates that were noted within 90 days of another instant.
    outside: Vec<&'a Members>,
    /// How many updates before the window are still noted, and how many are in it.
    before: usize,
    within: usize,
    /// Whether the update of the instant is still to be noted.
    counting: bool,
}

/// So many different points of a window are compared at once; with more of them it costs less to look at each member.
const FEW: usize = 32;

impl<'a> Ruling<'a> {
    fn of(track: &'a Track, at: Moment) -> Ruling<'a> {
        let place = |until: Moment| track.window.partition_point(|point| point.at <= until);
        let (low, high) = (place(window_begins(at)), place(at));
        let ahead = track.window.range(high..);
        let outside = track.window.range(..low).chain(ahead).map(|point| point.had.as_ref()).collect();
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let first = track.updates.saturating_sub(number(track.window.len()));
        let (begins, ends) = (first.saturating_add(number(low)), first.saturating_add(number(high)));
        let begun = track.begun.filter(|first| *first < ends);
        let last = high.checked_sub(1).filter(|last| *last >= low).and_then(|last| track.window.get(last));
        let counting = last.is_none_or(|last| last.at < at);
        Ruling { begins, ends, begun, outside, before: low, within: high.saturating_sub(low), counting }
    }

    fn is_young(&self) -> bool {
        self.begun.is_none_or(|first| first >= self.begins)
    }

    /// Returns the points of the window, each once of those in a row that are alike, where members who had weight at all of them and
    /// have it now are of standing: each began before the window, or all began with it.
    fn steady(&self, track: &'a Track) -> Option<Vec<&'a Members>> {
        if self.within == 0 || !self.counting {
            return None;
        }
        // The update before the window shows who began before it.
        let from = if self.is_young() { self.before } else { self.before.checked_sub(1)? };
        let mut points: Vec<&Members> = Vec::new();
        for point in track.window.range(from..self.before.saturating_add(self.within)) {
            if !points.last().is_some_and(|last| std::ptr::eq(*last, point.had.as_ref())) {
                points.push(&point.had);
            }
        }
        Some(points).filter(|points| points.len() <= FEW)
    }

    /// The word of those of 64 members who are of standing; `now` is that of those who have weight.
    fn of_64(&self, track: &Track, number: usize, now: u64) -> u64 {
        let begin = number.saturating_mul(64);
        let is_of_standing = |bit: &u32| {
            let place = begin.saturating_add(*bit as usize);
            let has = |word: u64| word.wrapping_shr(*bit) & 1 == 1;
            let now = self.counting && has(now);
            let first = track.first.get(place).copied().filter(|first| *first < self.ends);
            let is_old = first.is_some_and(|first| first < self.begins);
            // In a younger class those are of standing who had weight at its first update.
            let began = if self.begun.is_none() { now } else { first.is_some() && first == self.begun };
            if !(is_old || self.is_young() && began) {
                return false;
            }
            let gone = self.outside.iter().filter(|had| has(had.word(number))).count();
            let gone = u32::try_from(gone).unwrap_or(u32::MAX);
            let held = u32::from(track.held.get(place).copied().unwrap_or(0)).saturating_sub(gone);
            let since = self.ends.saturating_sub(first.unwrap_or(self.ends).max(self.begins));
            let since = since.saturating_add(u32::from(self.counting));
            held.saturating_add(u32::from(now)).saturating_mul(2) > since
        };
        (0..64).filter(is_of_standing).fold(0, |word, bit| word | 1_u64.wrapping_shl(bit))
    }
}

/// The places of the bits that are set.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word.wrapping_sub(1);
        Some(place)
    })
}

/// The instant after which the window of 90 days begins that ends at `at`.
fn window_begins(at: Moment) -> Moment {
    Moment(at.0.saturating_sub(STANDING_DAYS.saturating_mul(86_400_000_000)))
}

fn digest(bytes: impl Iterator<Item = u8>) -> String {
    let bytes: Vec<u8> = bytes.collect();
    to_hex(&Sha256::digest(&bytes))
}

#[cfg(test)]
mod tests;
