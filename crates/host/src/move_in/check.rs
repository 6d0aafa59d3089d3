//! The checks of a move, before anything of it is kept: each paper by itself, and against the others. Everything at fault is reported
//! together, with its file and line.

mod balances;
mod dues;
mod register;

use std::ops::ControlFlow;

use bridges::{Fact, Refused};
use engine::book::Day;

use super::opening::InLog;
use super::{MovingIn, Opened, Sheet};
use crate::batch::Batch;
use crate::directory::Person;
use crate::error::Error;
use crate::inbox::{Import, LogTime, Recording, day_of};
use dues::Income;
use register::Register;

/// The most lines at fault that are shown, and the most notes of one kind.
const SHOWN: usize = 60;
const NOTED: usize = 20;

/// The findings of all checks.
#[derive(Debug, Default)]
pub(super) struct Findings {
    wrong: Vec<String>,
    more: u64,
    pub(super) notes: Vec<String>,
}

impl Findings {
    pub(super) fn say(&mut self, words: String) {
        if self.wrong.len() < SHOWN {
            self.wrong.push(words);
        } else {
            self.more += 1;
        }
    }

    pub(super) fn is_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    pub(super) fn refused(&mut self, refused: &Refused) {
        match refused {
            Refused::Mistakes { first, more } => {
                first.iter().for_each(|mistake| self.say(mistake.to_string()));
                self.more += more;
            }
            fault @ Refused::Fault { .. } => self.say(fault.to_string()),
        }
    }

    fn at(&mut self, file: &str, fact: &Fact, words: &str) {
        self.say(format!("{file}:{}:{}: {words}", fact.place.line, fact.place.column));
    }

    /// The lines at fault, and the notes.
    pub(super) fn words(mut self) -> (Vec<String>, Vec<String>) {
        if self.more > 0 {
            self.wrong.push(format!("and {} more", self.more));
        }
        (self.wrong, self.notes)
    }
}

/// Checks all papers.
pub(super) fn everything(
    batch: &mut Batch<'_>,
    opened: &mut Opened,
    import: &Import,
    moving: &mut MovingIn,
    found: &mut Findings,
) -> Result<(), Error> {
    let (LogTime::Now(now) | LogTime::Replay { now }) = import.time;
    let now = batch.time(now);
    let mut register = Register::default();
    if let Some(sheet) = &mut opened.register {
        register = register::check(batch, sheet, now, moving, found)?;
        let new = moving.register.as_ref().map_or(0, |own| (own.members + own.left).saturating_sub(own.known));
        // docs/spec/powers.md: what an office admits is announced, and nobody is a member before it takes effect.
        if new > 0 && matches!(import.recording, Recording::Member(_)) {
            found.say(format!(
                "{}: what your office admits is announced and takes effect later, so that {new} rows cannot come in at once: the operator moves them in (`rochdale move-in`), or a founder while the founding period lasts",
                register.file
            ));
        }
    }
    let in_log = InLog::of(batch)?;
    let opening = match &opened.balances {
        Some((_, Ok(balances))) => Some(balances.at),
        _ => in_log.at,
    };
    let mut income = Income::default();
    if let Some(sheet) = &mut opened.dues {
        income = dues::check(batch, sheet, &register, (now, opening), moving, found)?;
        moving.books_from = opening;
    }
    match &opened.balances {
        Some((file, Ok(own))) => {
            moving.balances = Some(balances::check(batch, (file, own), &in_log, now, found));
            balances::compare(file, own, &income, found);
        }
        Some((_, Err(refused))) => found.refused(refused),
        None => {}
    }
    Ok(())
}

/// Hands out the facts of a sheet, and reports its mistakes.
fn each_fact(
    sheet: &mut Sheet,
    found: &mut Findings,
    each: &mut dyn FnMut(&str, &Fact, &mut Findings) -> Result<(), Error>,
) -> Result<(), Error> {
    if let Some(refused) = &sheet.wrong {
        found.refused(refused);
    }
    let name = sheet.named.name.clone();
    let mut failed = None;
    let read = sheet.named.source.facts(&mut |fact| match each(&name, &fact, found) {
        Ok(()) => ControlFlow::Continue(()),
        Err(why) => {
            failed = Some(why);
            ControlFlow::Break(())
        }
    });
    match (failed, read) {
        (Some(why), _) => Err(why),
        (None, Err(refused)) => {
            found.refused(&refused);
            Ok(())
        }
        (None, Ok(())) => Ok(()),
    }
}

/// The days of a member whom the log knows by their number.
struct Known {
    joined: Option<String>,
    since: String,
    left: Option<String>,
}

fn known_by_number(batch: &mut Batch<'_>, number: &str) -> Result<Option<Known>, Error> {
    let person = Person { handle: Some(number.to_owned()), ..Person::default() };
    let Some(member) = batch.known_by_keys(&person)? else { return Ok(None) };
    let state = batch.state();
    let Some(index) = state.members.index(member) else { return Ok(None) };
    let days = state.members.days(index);
    let since = state.members.since(index).map(|at| day_of(at, &state.rules.kernel.zone));
    let written = |day: Option<Day>| day.map(|day| day.to_string());
    let (joined, left) = (written(days.joined_on), written(days.left_on));
    Ok(Some(Known { joined, since: since.unwrap_or_default(), left }))
}
