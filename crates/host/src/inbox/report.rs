//! The report of each import, kept beside the log: what came in by which door, handed in by whom, and what became of it. Names of
//! people are not kept with it, so that erasing somebody erases them here too. It is no part of the log.

use engine::Pseudonym;
use quantity::Moment;
use rochdale_log::Store;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::taken::Taken;
use crate::batch::Batch;
use crate::error::Error;
use crate::snapshot::Snapshot;

/// Where reports are kept beside the log.
const IMPORTS: &str = "import";
/// The record that has the number of the last report.
const LAST: &[u8] = b"last";
/// The most reports that are kept; then the oldest goes.
const MOST_REPORTS: u64 = 10_000;

/// The way by which facts came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// A page.
    Page,
    /// The JSON API.
    Api,
    /// The watched folder.
    Folder,
    /// The command line.
    Command,
    /// A bridge to a forge.
    Bridge,
}

impl Door {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Door::Page => "page",
            Door::Api => "api",
            Door::Folder => "folder",
            Door::Command => "command",
            Door::Bridge => "bridge",
        }
    }
}

/// Who handed facts in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bringer {
    /// The member, or the one who gave the token; none is the operator.
    #[schemars(with = "Option<String>")]
    pub member: Option<Pseudonym>,
    /// The name of the token by which they came; of a bridge its repository.
    pub token: Option<String>,
}

/// A file that was brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Brought {
    /// Its name.
    pub name: String,
    /// Its kind, by the name of the command line; none for one that was not recognised.
    pub kind: Option<String>,
    /// Its records.
    pub records: u64,
}

/// The report of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Its number; none where there was nothing to be kept, since everything was known and nothing differed.
    pub number: Option<u64>,
    /// When, microseconds since 1970; of single records of one day the last of them.
    pub at_us: i64,
    /// By which door.
    pub door: Door,
    /// By whom.
    pub by: Bringer,
    /// The files that were brought.
    pub files: Vec<Brought>,
    /// The result.
    #[serde(flatten)]
    pub taken: Taken,
    /// The lines at fault, where they stopped the import: then nothing was recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
}

impl Report {
    /// Returns the report in words, a line each. `name` says whom a pseudonym is of.
    pub fn lines(&self, name: &dyn Fn(Pseudonym) -> String) -> Vec<String> {
        if self.refused.is_empty() {
            return self.taken.lines(name);
        }
        let mut lines = vec!["nothing was imported".to_owned()];
        lines.extend(self.refused.iter().cloned());
        lines
    }

    /// The report without names, which are looked up where it is read.
    fn without_names(&self) -> Report {
        let mut report = self.clone();
        report.taken.new_names.clear();
        report.taken.kept_apart.iter_mut().for_each(|apart| apart.id = None);
        report
    }
}

/// Whether a record of the space of reports can be read.
pub(crate) fn is_readable(name: &str, json: &[u8]) -> bool {
    match name {
        "last" => std::str::from_utf8(json).is_ok_and(|text| text.parse::<u64>().is_ok()),
        name if name.starts_with("open:") => serde_json::from_slice::<OpenDay>(json).is_ok(),
        name => {
            let report = serde_json::from_slice::<Report>(json);
            report.is_ok_and(|report| report.number.is_some_and(|number| record_of(number) == name))
        }
    }
}

/// The name of a report's record.
fn record_of(number: u64) -> String {
    format!("{number:010}")
}

/// The name of the record that says which report the single records of one bringer have, and of which day it is.
fn open_of(door: Door, by: &Bringer) -> String {
    let who = by.member.map_or_else(|| "operator".to_owned(), |member| member.to_string());
    format!("open:{}:{who}:{}", door.name(), by.token.as_deref().unwrap_or_default())
}

/// The day and the report to which further single records of it go.
#[derive(Serialize, Deserialize)]
struct OpenDay {
    day: String,
    number: u64,
}

impl Batch<'_> {
    /// Keeps a report under the next number, where it says anything.
    pub(super) fn keep_report(&mut self, report: &mut Report) -> Result<(), Error> {
        if !report.taken.says_anything() && report.refused.is_empty() {
            return Ok(());
        }
        let last = self.last_report()?;
        let number = last + 1;
        report.number = Some(number);
        self.put_report(number, report)?;
        self.put(IMPORTS, LAST, number.to_string().as_bytes())?;
        if let Some(gone) = number.checked_sub(MOST_REPORTS) {
            self.delete(IMPORTS, record_of(gone).as_bytes())?;
        }
        Ok(())
    }

    /// Adds a report of single records to that of the day and the bringer.
    pub(super) fn add_to_report(&mut self, report: &mut Report, day: &str) -> Result<(), Error> {
        let name = open_of(report.door, &report.by);
        let coop = &mut *self.coop;
        let open: Option<OpenDay> = get(&mut *coop.store, &coop.now.id, &name)?;
        if let Some(open) = open.filter(|open| open.day == day)
            && let Some(mut whole) = get::<Report>(&mut *coop.store, &coop.now.id, &record_of(open.number))?
        {
            report.number = Some(open.number);
            if report.taken.says_anything() {
                whole.at_us = report.at_us;
                for (own, more) in whole.files.iter_mut().zip(&report.files) {
                    own.records += more.records;
                }
                whole.taken.merge(report.taken.clone());
                self.put_report(open.number, &whole)?;
            }
            return Ok(());
        }
        self.keep_report(report)?;
        if let Some(number) = report.number {
            let json = json(&OpenDay { day: day.to_owned(), number })?;
            self.put(IMPORTS, name.as_bytes(), &json)?;
        }
        Ok(())
    }

    fn last_report(&mut self) -> Result<u64, Error> {
        let coop = &mut *self.coop;
        last(&mut *coop.store, &coop.now.id)
    }

    fn put_report(&mut self, number: u64, report: &Report) -> Result<(), Error> {
        let json = json(&report.without_names())?;
        self.put(IMPORTS, record_of(number).as_bytes(), &json)
    }
}

impl Snapshot {
    /// The number of the last report; 0 without one. Reports are numbered from 1, and the oldest are not kept for ever.
    ///
    /// # Errors
    /// A fault.
    pub fn last_report(&self) -> Result<u64, Error> {
        self.beside.look(last)
    }

    /// The report of this number, if it is kept.
    ///
    /// # Errors
    /// A fault.
    pub fn report(&self, number: u64) -> Result<Option<Report>, Error> {
        self.beside.look(|store, coop| get(store, coop, &record_of(number)))
    }

    /// The time of a report in the co-op's zone, for people.
    #[must_use]
    pub fn shown_time(&self, report: &Report) -> views::Moment {
        views::moment(Moment(report.at_us), &self.state().rules.kernel.zone)
    }
}

fn last(store: &mut dyn Store, coop: &str) -> Result<u64, Error> {
    let text = store.get(coop, IMPORTS, LAST)?;
    Ok(text.and_then(|text| std::str::from_utf8(&text).ok()?.parse().ok()).unwrap_or(0))
}

fn get<T: for<'a> Deserialize<'a>>(store: &mut dyn Store, coop: &str, name: &str) -> Result<Option<T>, Error> {
    let json = store.get(coop, IMPORTS, name.as_bytes())?;
    Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|error| Error::Usage(error.to_string()))
}
