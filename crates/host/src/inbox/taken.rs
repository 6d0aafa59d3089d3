//! The report of an import: what was recorded, what was known, and what was left out and why.

use bridges::{Fact, Place, What};

use super::rewritten::Credits;
use crate::batch::Batch;
use crate::error::Error;

/// The most names and records that a report lists; it counts all.
const LISTED: usize = 20;

/// The most notes of a report.
const MOST_NOTES: usize = 100;

/// The counts of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Taken {
    /// Facts that are now in the log.
    pub recorded: u64,
    /// Facts that were there already.
    pub known: u64,
    /// Items that are closed outside and were never on a list here.
    pub closed_outside: u64,
    /// Items with a new title, and nothing else that is new.
    pub renamed: u64,
    /// Of what was known: commits that are in the log under another id, since the history was written anew.
    pub same_change: u64,
    /// Of what was recorded: support.
    pub support: u64,
    /// Of what was recorded: support taken back.
    pub taken_back: u64,
    /// Of what was recorded: entries of the book.
    pub booked: u64,
    /// Of the support: payments that are not in the book, since the log's edition books none with support.
    pub not_booked: u64,
    /// People who were nobody's member before.
    pub new_members: u64,
    /// The first of their names.
    pub new_names: Vec<String>,
    /// Records in which strangers chose something that cannot be.
    pub left_out: u64,
    /// The first of them.
    pub left_out_first: Vec<LeftOut>,
    /// Further sentences for the reader.
    pub notes: Vec<String>,
    /// Whether the log has records of Open Collective by their short ids; `None` until it matters.
    #[serde(skip)]
    short_ids: Option<bool>,
    #[serde(skip)]
    pub(super) rewritten: Credits,
}

/// A record that was left out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LeftOut {
    /// Its file's name.
    pub file: String,
    /// Its line.
    pub line: u64,
    /// The reason.
    pub why: String,
    #[serde(skip)]
    place: Place,
}

impl Taken {
    pub(super) fn note_recorded(&mut self, fact: &Fact) {
        self.recorded += 1;
        match fact.what {
            What::Support { .. } => self.support += 1,
            What::Reversal { .. } => self.taken_back += 1,
            What::Booking { .. } => self.booked += 1,
            What::Member { .. } | What::Item { .. } => {}
        }
    }

    pub(super) fn note_newcomer(&mut self, name: &str) {
        self.new_members += 1;
        if self.new_names.len() < LISTED {
            self.new_names.push(name.to_owned());
        }
    }

    /// Notes a record that shares nothing with a member but the name.
    pub(super) fn keep_apart(&mut self, name: &str, id: &str) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(format!(
                "kept apart: `{name}` ({id}) has a member's name and nothing else that shows it is them; the register's columns `handle` and `email` say so"
            ));
        }
    }

    /// Counts a record once, however many facts it gives.
    pub(super) fn leave_out(&mut self, file: &str, place: Place, why: String) {
        let same = |last: &LeftOut| last.place == place && last.file == file;
        if self.left_out_first.last().is_some_and(same) {
            return;
        }
        self.left_out += 1;
        if self.left_out_first.len() < LISTED {
            self.left_out_first.push(LeftOut { file: file.to_owned(), line: place.line, why, place });
        }
    }

    /// Refuses a record of Open Collective that has its serial number alone while the log knows such records by short ids: it
    /// could be there already.
    pub(super) fn check_keys(&mut self, batch: &mut Batch<'_>, fact: &Fact) -> Result<(), Error> {
        const BY_SERIAL: &str = "open-collective:serial/";
        let other = |key: &String| !key.starts_with(BY_SERIAL) && !key.ends_with(":book");
        if !fact.source.starts_with(BY_SERIAL) || fact.also.iter().any(other) {
            return Ok(());
        }
        let known = match self.short_ids {
            Some(known) => known,
            None => has_short_ids(batch)?,
        };
        self.short_ids = Some(known);
        if !known {
            return Ok(());
        }
        Err(Error::Usage(
            "the log knows records of Open Collective by their short ids and this file has `Transaction ID` alone, so that one record could come in twice: export it with the column `Short Transaction ID` too".to_owned(),
        ))
    }

    /// Returns the report in words, a line each, without the first.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match self.renamed {
            0 => {}
            1 => lines.push("1 item has a new title".to_owned()),
            items => lines.push(format!("{items} items have a new title")),
        }
        if self.same_change > 0 {
            let commits = if self.same_change == 1 { "commit is" } else { "commits are" };
            lines.push(format!(
                "{} {commits} in the log under another id (same author and date): the history was written anew",
                self.same_change
            ));
        }
        if self.not_booked > 0 {
            let payments = if self.not_booked == 1 { "payment gives" } else { "payments give" };
            lines.push(format!(
                "{} {payments} support and did not touch the book: under edition 2 of the rules both come together",
                self.not_booked
            ));
        }
        if self.new_members > 0 {
            let more = self.new_members - self.new_names.len() as u64;
            let names = self.new_names.join(", ");
            let and = if more > 0 { format!(" and {more} more") } else { String::new() };
            let people = if self.new_members == 1 { "new member" } else { "new members" };
            lines.push(format!("{} {people}: {names}{and}", self.new_members));
        }
        for LeftOut { file, line, why, .. } in &self.left_out_first {
            lines.push(format!("left out: {file}:{line}: {why}"));
        }
        let more = self.left_out - self.left_out_first.len() as u64;
        if more > 0 {
            lines.push(format!("left out: {more} more"));
        }
        lines.extend(self.notes.iter().cloned());
        lines
    }
}

fn has_short_ids(batch: &mut Batch<'_>) -> Result<bool, Error> {
    const KEY: &str = "\"source\":\"open-collective:";
    const PLAIN: &str = "open-collective:";
    let is_short = |rest: &str| !rest.starts_with("serial/");
    // From edition 2 on the log has no source in plain, and those that were handed in are beside it.
    let mut found = batch.any_source(&mut |plain| plain.strip_prefix(PLAIN).is_some_and(is_short))?;
    if found {
        return Ok(true);
    }
    batch.each_entry(&mut |_, line| {
        let line = String::from_utf8_lossy(line);
        found = line.split(KEY).skip(1).any(is_short);
        if found { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
    })?;
    Ok(found)
}
