//! The words of a booking on their way into the log: from edition 2 on they stay beside the log, and the entry binds them. Source: `docs/spec/log.md`, *Narrations*.

use engine::Edition;
use engine::act::{Act, BookEntry, Deed};
use engine::book::is_narration;
use rochdale_log::{Entry, Hash, commitment};

use super::Batch;
use crate::error::Error;
use crate::founding::random_key;
use crate::records::{NARRATION, opening_of_narration};
use crate::texts::kept_narration;

/// The words of one act, taken out of it.
#[derive(Debug)]
pub(super) struct Narration {
    /// The source in the form of the log, which names the words.
    source: String,
    words: String,
    key: [u8; 32],
}

impl Narration {
    /// Takes the words out of an act. Words that cannot be a narration stay in it: the engine refuses them, in its own words.
    pub(super) fn taken(act: &mut Act) -> Result<Option<Narration>, Error> {
        let Some(entry) = booked_by(act) else { return Ok(None) };
        let Some(words) = entry.narration.take_if(|words| is_narration(words)) else { return Ok(None) };
        Ok(Some(Narration { source: entry.source.clone(), words, key: random_key()? }))
    }

    /// The commitment by which the entry binds them.
    pub(super) fn binding(&self) -> Hash {
        commitment(&self.key, NARRATION, self.words.as_bytes())
    }
}

/// The booking that an act makes or proposes.
pub(crate) fn booked_by(act: &mut Act) -> Option<&mut BookEntry> {
    match act {
        Act::BookEntry(entry) => Some(entry),
        Act::ProposeAct(act) => match &mut act.proposed {
            Deed::BookEntry(entry) => Some(entry),
            _ => None,
        },
        _ => None,
    }
}

/// The act as an entry under `edition` has it: without the words, from edition 2 on.
pub(crate) fn without_narration(mut act: Act, edition: Edition) -> Act {
    if edition >= Edition::TWO
        && let Some(entry) = booked_by(&mut act)
    {
        entry.narration = None;
    }
    act
}

impl Batch<'_> {
    /// Keeps the words beside the log, in the transaction of their entry. Of several entries with one source the last counts.
    pub(super) fn keep_narration(&mut self, narration: &Narration) -> Result<(), Error> {
        self.put("opening", opening_of_narration(&narration.source).as_bytes(), &narration.key)?;
        self.put("narration", narration.source.as_bytes(), narration.words.as_bytes())
    }
}

impl crate::coop::Coop {
    /// Whether an act is about something else than the entry that binds the words kept under its source. Words that are erased, or
    /// those of a later entry, say nothing.
    pub(crate) fn is_about_another(&mut self, entry: &Entry<'_>, handed_in: &Act, in_log: &Act) -> Result<bool, Error> {
        if !matches!(handed_in, Act::BookEntry(_) | Act::ProposeAct(_)) {
            return Ok(false);
        }
        let (mut handed_in, mut in_log) = (handed_in.clone(), in_log.clone());
        let words = booked_by(&mut handed_in).and_then(|entry| entry.narration.take());
        let bound = entry.commitments.iter().find(|(name, _)| name == NARRATION);
        let (Some(words), Some(source), Some((_, bound))) = (words, booked_by(&mut in_log), bound) else {
            return Ok(false);
        };
        let (store, coop) = (&mut *self.store, &self.now.id);
        let opening = opening_of_narration(&source.source);
        let key = store.get(coop, "opening", opening.as_bytes())?.and_then(|key| <[u8; 32]>::try_from(key).ok());
        let kept = kept_narration(store, coop, &source.source)?;
        Ok(key
            .zip(kept)
            .is_some_and(|(key, kept)| commitment(&key, NARRATION, kept.as_bytes()) == *bound && kept != words))
    }
}

#[cfg(test)]
mod tests;
