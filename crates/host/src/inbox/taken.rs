//! The report of an import: what was recorded, what was known, and what was left out and why.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash as _, Hasher as _};

use bridges::{Fact, Place, Unit, What};
use engine::Pseudonym;
use quantity::{Currency, format_decimal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::differs::Differs;
use super::rewritten::Credits;
use crate::batch::Batch;
use crate::directory::{Evidence, Origin, Person};
use crate::error::Error;

/// The most names that a report lists; it counts all.
const MOST_NAMES: usize = 20;

/// The most lines that a report lists of each kind; it counts all.
const MOST_LINES: usize = 1_000;

/// The most notes of a report.
const MOST_NOTES: usize = 100;

/// The counts of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Taken {
    /// Facts that are now in the log.
    pub recorded: u64,
    /// Facts that were there already.
    pub known: u64,
    /// Items that are closed outside and were never on a list here.
    pub closed_outside: u64,
    /// Items with a new title, and nothing else that is new.
    pub renamed: u64,
    /// Facts to which others of a body have to agree first.
    #[serde(default)]
    pub waiting: u64,
    /// Of what was known: commits that are in the log under another id, since the history was written anew.
    pub same_change: u64,
    /// Of what was recorded: support.
    pub support: u64,
    /// Of what was recorded: support taken back.
    pub taken_back: u64,
    /// Of what was recorded: entries of the book.
    pub booked: u64,
    /// Of these: entries that only touch the book, since their record gives nobody support.
    #[serde(default)]
    pub only_booked: u64,
    /// Of the support: payments that are not in the book, since the log's edition books none with support.
    pub not_booked: u64,
    /// The support that was recorded, by kind and unit.
    #[serde(default)]
    pub sums: Vec<Sum>,
    /// By what people were found to be members: how many people by each.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, u64>")]
    pub joined: BTreeMap<Evidence, u64>,
    /// People who were nobody's member before.
    pub new_members: u64,
    /// The first of their names.
    #[serde(default)]
    pub new_names: Vec<String>,
    /// The first of them, by pseudonym: names are not kept with a report.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub newcomers: Vec<Pseudonym>,
    /// Givers and authors who share only a name with a member, and are kept apart from them.
    #[serde(default)]
    pub kept_apart: Vec<Apart>,
    /// Pairs of a newcomer and a member who may be one person, since two places say alike of them: they wait for an answer.
    #[serde(default)]
    pub maybe_one: u64,
    /// Records that are known and say something else than the log, where no rule says which act follows.
    #[serde(default)]
    pub differ: u64,
    /// The first of them.
    #[serde(default)]
    pub differ_first: Vec<Differs>,
    /// Records in which strangers chose something that cannot be.
    pub left_out: u64,
    /// The first of them.
    pub left_out_first: Vec<LeftOut>,
    /// Members who are on a list that the file names, and by the file are not.
    #[serde(default)]
    pub off_lists: Vec<OffList>,
    /// Further sentences for the reader.
    pub notes: Vec<String>,
    /// Whether the log has records of Open Collective by their short ids; `None` until it matters.
    #[serde(skip)]
    short_ids: Option<bool>,
    #[serde(skip)]
    pub(super) rewritten: Credits,
    /// People of whom it is noted already how they were found, by a hash.
    #[serde(skip)]
    met: BTreeSet<u64>,
    /// The place of the last record that gave somebody support, or took it back.
    #[serde(skip)]
    giving: Option<(String, Place)>,
    /// The kinds of support in each file.
    #[serde(skip)]
    kinds: BTreeMap<String, BTreeSet<&'static str>>,
}

/// Support of one kind in one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sum {
    /// The kind of support.
    pub kind: String,
    /// A currency's code, `second` or `micro-credit`.
    pub unit: String,
    /// How many records.
    pub records: u64,
    /// All of them together, in minor units of a currency or in the unit.
    pub amount: i64,
}

/// Somebody who is kept apart from a member with the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Apart {
    /// The new member that they are.
    #[schemars(with = "String")]
    pub member: Pseudonym,
    /// Their name at their own place; it is not kept with a report.
    pub id: Option<String>,
}

/// Members who are on a list, and by the file that names it are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OffList {
    /// The list.
    pub list: String,
    /// How many.
    pub count: u64,
    /// The first of them.
    #[schemars(with = "Vec<String>")]
    pub first: Vec<Pseudonym>,
}

/// A record that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    pub(super) fn note_recorded(&mut self, file: &str, fact: &Fact) {
        self.recorded += 1;
        let gave = self.giving.as_ref().is_some_and(|(giving, place)| giving == file && *place == fact.place);
        match &fact.what {
            What::Support { kind, amount, unit, .. } => {
                self.support += 1;
                self.add(kind, *unit, *amount);
            }
            What::Reversal { .. } => self.taken_back += 1,
            What::Booking { .. } => {
                self.booked += 1;
                self.only_booked += u64::from(!gave);
            }
            What::Member { .. } | What::Item { .. } => {}
        }
    }

    /// Notes that a record gives somebody support, or takes it back, whether or not that is new: its entry in the book is more
    /// than that.
    pub(super) fn note_giving(&mut self, file: &str, fact: &Fact) {
        if matches!(fact.what, What::Support { .. } | What::Reversal { .. }) {
            self.giving = Some((file.to_owned(), fact.place));
        }
    }

    /// Notes which kinds of support a file has, whether they are new or known.
    pub(super) fn note_kind(&mut self, file: &str, fact: &Fact) {
        let What::Support { kind, .. } = &fact.what else { return };
        match self.kinds.get_mut(file) {
            Some(kinds) => {
                kinds.insert(kind);
            }
            None => {
                self.kinds.insert(file.to_owned(), BTreeSet::from([*kind]));
            }
        }
    }

    /// The kinds of support in a file; none where it has no support.
    pub(super) fn kinds_in(&self, file: &str) -> Option<&BTreeSet<&'static str>> {
        self.kinds.get(file)
    }

    fn add(&mut self, kind: &str, unit: Unit, amount: i64) {
        let unit = match unit {
            Unit::Money(currency) => currency.code(),
            Unit::Seconds => SECOND,
            Unit::MicroCredits => MICRO_CREDIT,
        };
        match self.sums.iter_mut().find(|sum| sum.kind == kind && sum.unit == unit) {
            Some(sum) => {
                sum.records += 1;
                sum.amount = sum.amount.saturating_add(amount);
            }
            None => self.sums.push(Sum { kind: kind.to_owned(), unit: unit.to_owned(), records: 1, amount }),
        }
    }

    pub(super) fn note_newcomer(&mut self, name: &str, member: Option<Pseudonym>) {
        self.new_members += 1;
        if self.new_names.len() < MOST_NAMES {
            self.new_names.push(name.to_owned());
            self.newcomers.extend(member);
        }
    }

    /// Whether it is still to be noted how these people were found.
    pub(super) fn is_first_met(&mut self, person: &Person) -> bool {
        let mut hasher = std::hash::DefaultHasher::new();
        (&person.name, &person.emails, &person.handle, person.origin == Origin::Coop).hash(&mut hasher);
        self.met.insert(hasher.finish())
    }

    pub(super) fn note_joined(&mut self, evidence: Evidence) {
        *self.joined.entry(evidence).or_default() += 1;
    }

    /// Notes a record that shares nothing with a member but the name.
    pub(super) fn keep_apart(&mut self, member: Pseudonym, id: Option<String>) {
        if self.kept_apart.len() < MOST_NOTES {
            self.kept_apart.push(Apart { member, id });
        }
    }

    /// Notes a record that says something else than the log.
    pub(super) fn differs(&mut self, differs: Differs) {
        self.differ += 1;
        if self.differ_first.len() < MOST_LINES {
            self.differ_first.push(differs);
        }
    }

    /// Counts a record once, however many facts it gives.
    pub(crate) fn leave_out(&mut self, file: &str, place: Place, why: String) {
        let same = |last: &LeftOut| last.place == place && last.file == file;
        if self.left_out_first.last().is_some_and(same) {
            return;
        }
        self.left_out += 1;
        if self.left_out_first.len() < MOST_LINES {
            self.left_out_first.push(LeftOut { file: file.to_owned(), line: place.line, why, place });
        }
    }

    /// Whether the import wrote something, or found something of which somebody should hear.
    #[must_use]
    pub fn says_anything(&self) -> bool {
        self.recorded + self.renamed + self.waiting + self.left_out + self.differ + self.new_members > 0
    }

    /// Adds sentences for the reader.
    pub(super) fn add_notes(&mut self, notes: &[String]) {
        append(&mut self.notes, notes.to_vec(), MOST_NOTES);
    }

    /// Adds what a further import found: single records of one day have one report.
    pub(crate) fn merge(&mut self, other: Taken) {
        for (own, more) in [
            (&mut self.recorded, other.recorded),
            (&mut self.known, other.known),
            (&mut self.closed_outside, other.closed_outside),
            (&mut self.renamed, other.renamed),
            (&mut self.waiting, other.waiting),
            (&mut self.same_change, other.same_change),
            (&mut self.support, other.support),
            (&mut self.taken_back, other.taken_back),
            (&mut self.booked, other.booked),
            (&mut self.only_booked, other.only_booked),
            (&mut self.not_booked, other.not_booked),
            (&mut self.new_members, other.new_members),
            (&mut self.maybe_one, other.maybe_one),
            (&mut self.differ, other.differ),
            (&mut self.left_out, other.left_out),
        ] {
            *own += more;
        }
        for more in other.sums {
            match self.sums.iter_mut().find(|sum| sum.kind == more.kind && sum.unit == more.unit) {
                Some(sum) => {
                    sum.records += more.records;
                    sum.amount = sum.amount.saturating_add(more.amount);
                }
                None => self.sums.push(more),
            }
        }
        for (evidence, people) in other.joined {
            *self.joined.entry(evidence).or_default() += people;
        }
        append(&mut self.new_names, other.new_names, MOST_NAMES);
        append(&mut self.newcomers, other.newcomers, MOST_NAMES);
        append(&mut self.kept_apart, other.kept_apart, MOST_NOTES);
        append(&mut self.differ_first, other.differ_first, MOST_LINES);
        self.off_lists.extend(other.off_lists);
        append(&mut self.left_out_first, other.left_out_first, MOST_LINES);
        append(&mut self.notes, other.notes, MOST_NOTES);
        self.notes.dedup();
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

    /// Returns the report in words, a line each. `name` says whom a pseudonym is of.
    pub fn lines(&self, name: &dyn Fn(Pseudonym) -> String) -> Vec<String> {
        let closed = match self.closed_outside {
            0 => String::new(),
            items => format!("; {items} items are closed where they come from and were left out"),
        };
        let mut lines = vec![format!("{} recorded, {} known already{closed}", self.recorded, self.known)];
        lines.extend(self.sums.iter().map(Sum::words));
        self.counts(&mut lines);
        self.people(&mut lines, name);
        let differing = self.differ_first.iter();
        lines.extend(differing.map(|one| format!("differs from the log: {}", one.words(name))));
        more(&mut lines, "differs from the log", self.differ, self.differ_first.len());
        for LeftOut { file, line, why, .. } in &self.left_out_first {
            lines.push(format!("left out: {file}:{line}: {why}"));
        }
        more(&mut lines, "left out", self.left_out, self.left_out_first.len());
        lines.extend(self.notes.iter().cloned());
        lines
    }

    fn counts(&self, lines: &mut Vec<String>) {
        if self.taken_back > 0 {
            lines.push(format!("{} taken back", counted(self.taken_back, "record is", "records are")));
        }
        if self.only_booked > 0 {
            let records = counted(self.only_booked, "record only touches", "records only touch");
            lines.push(format!("{records} the book: nobody gets support by it"));
        }
        if self.waiting > 0 {
            lines.push(counted(self.waiting, "record waits for others to agree", "records wait for others to agree"));
        }
        if self.renamed > 0 {
            lines.push(counted(self.renamed, "item has a new title", "items have a new title"));
        }
        if self.same_change > 0 {
            lines.push(format!(
                "{} in the log under another id (same author and date): the history was written anew",
                counted(self.same_change, "commit is", "commits are")
            ));
        }
        if self.not_booked > 0 {
            lines.push(format!(
                "{} support and did not touch the book: under edition 2 of the rules both come together",
                counted(self.not_booked, "payment gives", "payments give")
            ));
        }
    }

    fn people(&self, lines: &mut Vec<String>, name: &dyn Fn(Pseudonym) -> String) {
        if !self.joined.is_empty() {
            let by = |(evidence, people): (&Evidence, &u64)| match evidence {
                Evidence::Pseudonym => format!("{people} by the pseudonym"),
                Evidence::Address => format!("{people} by an address"),
                Evidence::Handle => format!("{people} by a handle"),
                Evidence::Name => format!("{people} by the name alone"),
            };
            let all: Vec<String> = self.joined.iter().map(by).collect();
            lines.push(format!("people who are members already: {}", all.join(", ")));
        }
        if self.new_members > 0 {
            let names: Vec<String> = match self.new_names.is_empty() {
                true => self.newcomers.iter().map(|member| name(*member)).collect(),
                false => self.new_names.clone(),
            };
            let more = self.new_members.saturating_sub(names.len() as u64);
            let and = if more > 0 { format!(" and {more} more") } else { String::new() };
            lines.push(format!(
                "{}: {}{and}",
                counted(self.new_members, "new member", "new members"),
                names.join(", ")
            ));
        }
        for Apart { member, id } in &self.kept_apart {
            let id = id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
            let way = match self.maybe_one {
                0 => "; the register's columns `handle` and `email` say so",
                _ => "",
            };
            lines.push(format!(
                "kept apart: `{}`{id} has a member's name and nothing else that shows it is them{way}",
                name(*member)
            ));
        }
        if self.maybe_one > 0 {
            lines.push(format!(
                "{} one person: /who asks, or `rochdale who`",
                counted(self.maybe_one, "pair of members may be", "pairs of members may be")
            ));
        }
        for OffList { list, count, first } in &self.off_lists {
            let names: Vec<String> = first.iter().map(|member| name(*member)).collect();
            let more = if *count > names.len() as u64 { " and others" } else { "" };
            lines.push(format!(
                "{} on `{list}` and not in the file: {}{more} (`remove_from_list` takes them off)",
                counted(*count, "member is", "members are"),
                names.join(", ")
            ));
        }
    }
}

const SECOND: &str = "second";
const MICRO_CREDIT: &str = "micro-credit";

impl Sum {
    /// Returns it in words, such as `donation: 3 records, 15.00 USD`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}: {}, {}", self.kind, counted(self.records, "record", "records"), self.amount_words())
    }

    /// Returns the amount with its unit, such as `15.00 USD` or `1.25 hours`.
    #[must_use]
    pub fn amount_words(&self) -> String {
        amount_words(self.amount, &self.unit)
    }
}

/// Returns an amount with its unit as people write it.
pub(super) fn amount_words(amount: i64, unit: &str) -> String {
    match unit {
        SECOND => format!("{} hours", format_decimal(amount / SECONDS_IN_HUNDREDTH, 2)),
        MICRO_CREDIT => format!("{} credits", shorter(format_decimal(amount, 6))),
        code => {
            let digits = Currency::parse(code).map_or(0, |currency| currency.digits());
            format!("{} {code}", format_decimal(amount, digits))
        }
    }
}

/// Hundredths of an hour are what tables have.
const SECONDS_IN_HUNDREDTH: i64 = 36;

/// A decimal without zeros that say nothing.
fn shorter(decimal: String) -> String {
    decimal.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn more(lines: &mut Vec<String>, what: &str, all: u64, shown: usize) {
    let more = all.saturating_sub(shown as u64);
    if more > 0 {
        lines.push(format!("{what}: {more} more"));
    }
}

fn append<T>(own: &mut Vec<T>, other: Vec<T>, most: usize) {
    let room = most.saturating_sub(own.len());
    own.extend(other.into_iter().take(room));
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
