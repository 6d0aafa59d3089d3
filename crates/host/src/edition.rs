//! The differences under a later edition, and how a co-op goes on under one. The engine decides whether it may.
//! Source: `docs/spec/editions.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::sync::Arc;

use engine::act::{AdoptEdition, AnnounceEdition};
use engine::edition::Edition;
use engine::rules::brought::MAX_RULES;
use engine::{Act, Actor, Outcome, State, digest};
use quantity::Moment;
use rochdale_log::Store;
use views::DryRun;

use crate::batch::{Accepted, Batch};
use crate::codec::read_body;
use crate::coop::Coop;
use crate::dry_run::{Trial, dry_run};
use crate::error::Error;
use crate::replay::Wrong;

/// As many differences as are written down, a line each.
const MOST_LINES: usize = 10_000;
/// As many bytes as they have, with room below the longest text that is kept for the line that counts the rest.
const MOST_BYTES: usize = MAX_RULES - 64;

/// Returns the differences under `edition` up to the entry `last`, one a line; the empty text where there are none.
pub(crate) fn differences(
    store: &mut dyn Store,
    coop: &str,
    edition: Edition,
    last: u64,
    threads: usize,
) -> Result<String, Error> {
    let run = dry_run(store, coop, Trial::Edition(edition, last), threads)?;
    let mut lines = outcome_lines(&run);
    lines.extend(run.skipped.iter().map(|one| format!("refused {} {}", one.entry, one.refusal.rule.number())));
    let unlisted = run.skipped_count.saturating_sub(run.skipped.len() as u64);
    lines.extend(end_lines(&run.happened.state, &run.instead.state));
    if lines.is_empty() && run.happened.state.hash_as(Edition::ONE) != run.instead.state.hash_as(Edition::ONE) {
        lines.push("state".to_owned());
    }
    let mut text = String::new();
    let mut more = unlisted;
    for (written, line) in lines.iter().enumerate() {
        if written < MOST_LINES && text.len() + line.len() < MOST_BYTES {
            let _ = writeln!(text, "{line}");
        } else {
            more += 1;
        }
    }
    if more > 0 {
        let _ = writeln!(text, "and {more} more");
    }
    Ok(text)
}

/// Outcomes of one course alone, in the order of instants and words.
fn outcome_lines(run: &DryRun) -> Vec<String> {
    let mut balance: BTreeMap<(Moment, String), i64> = BTreeMap::new();
    for (course, one) in [(&run.happened, 1), (&run.instead, -1)] {
        for (at, outcome) in &course.came {
            // A challenger's gains are told, and change nothing by themselves.
            if !matches!(
                outcome,
                Outcome::EditionAnnounced { .. } | Outcome::EditionAdopted { .. } | Outcome::ChallengerGains { .. }
            ) {
                *balance.entry((*at, outcome.to_string())).or_default() += one;
            }
        }
    }
    let mut lines = Vec::new();
    for ((at, words), count) in balance {
        let side = if count > 0 { "only-before" } else { "only-after" };
        lines.extend((0..count.unsigned_abs()).map(|_| format!("{side} {at} {words}")));
    }
    lines
}

/// Returns the differences of the numbers at the end: weights, then decisions.
fn end_lines(before: &State, after: &State) -> Vec<String> {
    let mut lines = Vec::new();
    for member in before.members.indices() {
        let (own, other) = (before.weights.of(member), after.weights.of(member));
        if let Some(name) = before.members.pseudonym(member).filter(|_| own != other) {
            lines.push(format!("weight {name} {own} {other}"));
        }
    }
    let digests = |state: &State| -> BTreeMap<String, String> {
        let all = state.open_decisions();
        all.map(|(_, decision)| (decision.name.clone(), decision.digest())).collect()
    };
    let (own, other) = (digests(before), digests(after));
    let mut paths: Vec<&String> = before.open_decisions().map(|(_, decision)| &decision.name).collect();
    paths.extend(after.open_decisions().map(|(_, decision)| &decision.name).filter(|path| !own.contains_key(*path)));
    let differ = paths.into_iter().filter(|path| own.get(*path) != other.get(*path));
    lines.extend(differ.map(|path| format!("decision {path}")));
    lines
}

/// How a co-op comes to go on under a later edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is announced, and takes effect later.
    Announce,
    /// It is adopted at once.
    Adopt,
}

impl Coop {
    /// Returns the differences so far under `edition`, one a line; the empty text where there are none.
    ///
    /// # Errors
    /// Mistakes of what is in force under that edition, a fault, or the first wrong entry.
    pub fn edition_differences(&mut self, edition: Edition) -> Result<String, Error> {
        let (last, threads) = (self.head().seq, self.threads);
        differences(&mut *self.store, &self.now.id, edition, last, threads)
    }

    /// Hands in the act by which the log goes on under `edition`, with what would have come out differently so far.
    ///
    /// # Errors
    /// A refusal, a co-op that is not founded, or a fault.
    pub fn go_on_under(&mut self, edition: Edition, way: Way, open: bool, now: Moment) -> Result<Accepted, Error> {
        self.all_or_nothing(|batch| batch.catch_up(now))?;
        self.all_or_nothing(|batch| batch.go_on_under(edition, way, open, now))
    }
}

impl Batch<'_> {
    /// Runs what is due by `now`. It stays, whatever becomes of an act after it.
    pub(crate) fn catch_up(&mut self, now: Moment) -> Result<(), Error> {
        if !self.is_founded() {
            let words = "nothing is in the log yet: `rochdale init --edition` says under which edition a co-op begins";
            return Err(Error::Usage(words.to_owned()));
        }
        self.run_due(now)?;
        Ok(())
    }

    /// As [`Coop::go_on_under`], in this batch.
    pub(crate) fn go_on_under(
        &mut self,
        edition: Edition,
        way: Way,
        open: bool,
        now: Moment,
    ) -> Result<Accepted, Error> {
        // Due updates come before the act, and so into the comparison.
        self.run_due(self.time(now))?;
        let coop = &mut *self.coop;
        let actor = if coop.now.demonstration { Actor::Demonstration } else { Actor::Operator };
        let knows = engine::edition::status(edition).is_some() && edition > coop.now.state.editions.current;
        let text = if knows { coop.edition_differences(edition)? } else { String::new() };
        let dry_run = digest::hex(text.as_bytes());
        let act = match way {
            Way::Announce => {
                let dry_run_text = Some(Arc::from(text));
                Act::AnnounceEdition(AnnounceEdition { edition, open, dry_run, dry_run_text })
            }
            Way::Adopt => Act::AdoptEdition(AdoptEdition { edition, open, dry_run }),
        };
        self.append(&act, actor, "", "", now)
    }
}

/// Works out again what each entry says that would have come out differently. Only a log that goes on under another edition
/// than it began with, or that has one announced, can have such entries.
pub(crate) fn check_claims(store: &mut dyn Store, coop: &str, state: &State, threads: usize) -> Result<(), Error> {
    if state.editions.current == state.founding.act.edition && state.editions.announced.is_none() {
        return Ok(());
    }
    let mut claims: Vec<(u64, Edition, String)> = Vec::new();
    store.read(coop, 1, &mut |seq, bytes| {
        let entry = rochdale_log::decode(bytes).ok();
        let entry = entry.filter(|entry| Act::row_of(&entry.kind).is_some_and(|row| row.names_edition()));
        match entry.and_then(|entry| read_body(&entry.kind, entry.body).ok()) {
            Some(Act::AnnounceEdition(act)) => claims.push((seq, act.edition, act.dry_run)),
            Some(Act::AdoptEdition(act)) => claims.push((seq, act.edition, act.dry_run)),
            _ => {}
        }
        ControlFlow::Continue(())
    })?;
    for (seq, edition, told) in claims {
        let text = differences(store, coop, edition, seq - 1, threads)?;
        if digest::hex(text.as_bytes()) != told {
            let why = format!("what would have come out differently under {edition} is not what it says");
            return Err(Wrong { seq, why }.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
