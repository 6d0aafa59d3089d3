//! Sources of files: how often each is expected, as somebody who may record says, and telling the log that one was heard. The engine
//! decides what a silent source does (`docs/spec/support.md`, Silent sources).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use bridges::Kind;
use charter::SupportKind;
use engine::Actor;
use engine::act::{Act, SourceHeard};
use engine::edition::Edition;
use engine::support::silence::MOST_DAYS;
use quantity::Moment;
use rochdale_log::Store;
use serde::{Deserialize, Serialize};

use super::bring::{Import, Kinds};
use super::recorder::{Recording, kinds_by_power};
use super::{LogTime, Named, NotTaken, Taken};
use crate::batch::Batch;
use crate::error::Error;
use crate::snapshot::Snapshot;

/// Where they are kept beside the log.
pub(crate) const FILE_SOURCES: &str = "file-source";
/// The most that are kept: as many as the log knows by name.
const MOST_FILE_SOURCES: usize = 100;
/// The beginning of their names.
const FILE: &str = "file/";
/// A source that is heard often tells the log once a day, as bridges do.
const TELL_US: i64 = 86_400_000_000;

/// A source whose records come in files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSource {
    /// The kinds of support that it has brought.
    pub kinds: BTreeSet<String>,
    /// How many days after a file the next one is expected; none where nobody has said so.
    pub every_days: Option<u32>,
    /// The name of the last file that counts: of the first one where nothing is expected.
    pub file: String,
    /// When it came, microseconds since 1970.
    pub last_us: i64,
}

/// Reads how often a file is expected: `every 30 days`, `30 days`, `2 weeks`, `every month`.
///
/// # Errors
/// Words that say no such time.
pub fn rhythm(words: &str) -> Result<u32, String> {
    let lower = words.trim().to_lowercase();
    let told = lower.strip_prefix("every ").unwrap_or(&lower).trim();
    let days = match told.split_once(' ').map_or((told, ""), |(number, unit)| (number, unit.trim())) {
        ("day", "") => Some(1),
        ("week", "") => Some(7),
        ("month", "") => Some(31),
        ("quarter", "") => Some(92),
        ("year", "") => Some(MOST_DAYS),
        (number, "" | "day" | "days") => number.parse::<u32>().ok(),
        (number, "week" | "weeks") => number.parse::<u32>().ok().and_then(|weeks| weeks.checked_mul(7)),
        (number, "month" | "months") => number.parse::<u32>().ok().and_then(|months| months.checked_mul(31)),
        _ => None,
    };
    days.filter(|days| (1..=MOST_DAYS).contains(days)).ok_or_else(|| {
        format!(
            "`{}` is no time after which a file is expected: say `every 30 days`, 1 to {MOST_DAYS} days",
            words.trim()
        )
    })
}

/// The sources of one file, by the kinds of support in it. Tables of support are kept apart by kind: dues may come once a year, and hours
/// each week. Of a file without records the source is known, and its kinds are not.
fn sources_of(named: &Named, kinds: &BTreeSet<&'static str>) -> BTreeMap<String, BTreeSet<String>> {
    let (kind, all) = (named.source.kind(), kinds.iter().map(|kind| (*kind).to_owned()).collect());
    match kind {
        Kind::OpenCollectiveCsv | Kind::CommitsCsv => BTreeMap::from([(format!("{FILE}{}", kind.name()), all)]),
        Kind::Git => BTreeMap::from([(format!("{FILE}{}/{}", kind.name(), named.name), all)]),
        Kind::SupportCsv => {
            let each =
                kinds.iter().map(|one| (format!("{FILE}{}/{one}", kind.name()), BTreeSet::from([(*one).to_owned()])));
            each.collect()
        }
        Kind::MembersCsv | Kind::Balances | Kind::GithubIssues | Kind::Forge => BTreeMap::new(),
    }
}

/// Notes the sources of files that were just taken, and tells the log of those that are expected again; in words.
///
/// # Errors
/// A rhythm that cannot be kept, or a fault.
pub(super) fn note(
    batch: &mut Batch<'_>,
    files: &[Named],
    taken: &Taken,
    import: &Import,
) -> Result<Vec<String>, NotTaken> {
    let usage = |words: String| NotTaken::from(Error::Usage(words));
    let (now, is_replay) = match import.time {
        LogTime::Now(now) => (now, false),
        LogTime::Replay { now } => (now, true),
    };
    match import.every {
        Some(_) if is_replay => return Err(usage(
            "records that are replayed under their own dates say nothing about when the next file is expected: import them without a rhythm, and say it on the page of sources, `/sources`".to_owned(),
        )),
        Some(_) if batch.state().editions.current < Edition::THREE => return Err(usage(NOT_YET.to_owned())),
        _ if is_replay || batch.state().editions.current < Edition::THREE => return Ok(Vec::new()),
        _ => {}
    }
    let (mut words, nothing, now) = (Vec::new(), BTreeSet::new(), batch.time(now));
    for file in files {
        let sources = sources_of(file, taken.kinds_in(&file.name).unwrap_or(&nothing));
        if sources.is_empty() && import.every.is_some() {
            return Err(usage(format!(
                "{}: it has no record of what members give, so that nothing says which source is expected again",
                file.name
            )));
        }
        for (name, kinds) in sources {
            words.extend(batch.note_file(&name, &kinds, &file.name, import, now)?);
        }
    }
    Ok(words)
}

const NOT_YET: &str =
    "sources are expected under edition 3 of the rules, and this co-op is under an earlier one: leave the rhythm out";

impl Batch<'_> {
    /// Notes a file of a source, and tells the log where it is expected again.
    fn note_file(
        &mut self,
        name: &str,
        kinds: &BTreeSet<String>,
        file: &str,
        import: &Import,
        now: Moment,
    ) -> Result<Option<String>, Error> {
        let known = self.file_source(name)?;
        let every_days = import.every.or(known.as_ref().and_then(|known| known.every_days));
        // Without a rhythm, what is known already is not written again: the same file brings nothing new.
        if known.is_some() && every_days.is_none() {
            return Ok(None);
        }
        let mut all = known.as_ref().map(|known| known.kinds.clone()).unwrap_or_default();
        all.extend(kinds.iter().cloned());
        if all.is_empty() {
            return Ok(None);
        }
        if let Some(kind) = all.iter().find(|kind| !may_tell(self, kind, import, now)) {
            let why = format!("that source also brings records of `{kind}`, which you may not record");
            return match import.every {
                Some(_) => Err(Error::Usage(format!("{file}: you cannot say when it is expected: {why}"))),
                None => Ok(Some(format!("{file}: its source does not count as heard: {why}"))),
            };
        }
        if known.is_none() && self.file_sources()?.len() >= MOST_FILE_SOURCES {
            let why = format!("{MOST_FILE_SOURCES} sources of files are kept, and that is the most");
            return if import.every.is_some() { Err(Error::Usage(why)) } else { Ok(Some(why)) };
        }
        let day = self.state().rules.kernel.zone.civil(now);
        let day = format!("{:04}-{:02}-{:02}", day.year, day.month, day.day);
        let source = FileSource { kinds: all, every_days, file: file.to_owned(), last_us: now.0 };
        let same = known.filter(|known| known.kinds == source.kinds && known.every_days == every_days);
        if let Some(days) = every_days
            && same.is_some_and(|told| now.0.saturating_sub(told.last_us) < TELL_US)
        {
            return Ok(Some(expected(&source, days, &day)));
        }
        self.put_file_source(name, &source)?;
        let Some(days) = every_days else { return Ok(None) };
        self.tell_heard(name, &source, days, now)?;
        Ok(Some(expected(&source, days, &day)))
    }

    /// Tells the log that a source of files was heard.
    fn tell_heard(&mut self, name: &str, source: &FileSource, every_days: u32, now: Moment) -> Result<(), Error> {
        let kinds = source.kinds.iter().cloned().collect();
        let act = Act::SourceHeard(SourceHeard { source: name.to_owned(), kinds, every_days });
        let at = self.time(now);
        self.append(&act, Actor::Bridge, "", "", at).map(|_| ())
    }

    /// Says after how many days the next file of a source is expected. Where nothing was expected of it so far it counts as heard now; else
    /// the new rhythm holds from the next file on, so that nobody ends a silence by words.
    ///
    /// # Errors
    /// An unknown source, a number that the engine refuses, or a fault.
    pub fn expect_file(&mut self, name: &str, every_days: u32, now: Moment) -> Result<(), Error> {
        let mut source = self.file_source(name)?.ok_or_else(|| unknown(name))?;
        if self.state().editions.current < Edition::THREE {
            return Err(Error::Usage(NOT_YET.to_owned()));
        }
        let is_first = source.every_days.replace(every_days).is_none();
        self.put_file_source(name, &source)?;
        if is_first { self.tell_heard(name, &source, every_days, now) } else { Ok(()) }
    }

    /// Says that a source of files has nothing new: that is an answer too.
    ///
    /// # Errors
    /// An unknown source, one of which nothing is expected, or a fault.
    pub fn hear_nothing_new(&mut self, name: &str, now: Moment) -> Result<(), Error> {
        let mut source = self.file_source(name)?.ok_or_else(|| unknown(name))?;
        let Some(days) = source.every_days else {
            return Err(Error::Usage("say first how often a file of it is expected".to_owned()));
        };
        source.last_us = self.time(now).0;
        self.put_file_source(name, &source)?;
        self.tell_heard(name, &source, days, now)
    }

    fn file_source(&mut self, name: &str) -> Result<Option<FileSource>, Error> {
        let coop = &mut *self.coop;
        let json = coop.store.get(&coop.now.id, FILE_SOURCES, name.as_bytes())?;
        Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
    }

    fn file_sources(&mut self) -> Result<BTreeMap<String, FileSource>, Error> {
        let coop = &mut *self.coop;
        all(&mut *coop.store, &coop.now.id)
    }

    fn put_file_source(&mut self, name: &str, source: &FileSource) -> Result<(), Error> {
        let json = serde_json::to_vec(source).map_err(|error| Error::Usage(error.to_string()))?;
        self.put(FILE_SOURCES, name.as_bytes(), &json)
    }
}

impl Snapshot {
    /// The sources of files by their names.
    ///
    /// # Errors
    /// A fault.
    pub fn file_sources(&self) -> Result<BTreeMap<String, FileSource>, Error> {
        self.beside.look(all)
    }
}

fn all(store: &mut dyn Store, coop: &str) -> Result<BTreeMap<String, FileSource>, Error> {
    let mut found = BTreeMap::new();
    store.scan(coop, FILE_SOURCES, &mut |name, json| {
        if let Ok(source) = serde_json::from_slice(json) {
            found.insert(String::from_utf8_lossy(name).into_owned(), source);
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn unknown(name: &str) -> Error {
    Error::Usage(format!("no file has come from a source `{name}`"))
}

/// Whether somebody may say of a kind of support that it was heard: they may record it.
fn may_tell(batch: &Batch<'_>, kind: &str, import: &Import, now: Moment) -> bool {
    let by_token = match &import.kinds {
        Kinds::All => true,
        Kinds::Only(names) => names.contains(kind),
    };
    let by_power = match import.recording {
        Recording::Bridge | Recording::MemberOrBridge(_) => true,
        Recording::Member(who) => {
            SupportKind::parse(kind).is_some_and(|kind| kinds_by_power(batch.state(), who, now).contains(&kind))
        }
    };
    by_token && by_power
}

fn expected(source: &FileSource, days: u32, day: &str) -> String {
    let kinds: Vec<&str> = source.kinds.iter().map(String::as_str).collect();
    let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    format!("the source of {} was heard on {day}, and is expected again within {days}", kinds.join(", "))
}

#[cfg(test)]
mod tests;
