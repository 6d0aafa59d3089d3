//! The register of a move by itself, and against the log.

use std::collections::{BTreeMap, BTreeSet};

use bridges::{Fact, What};
use quantity::{Moment, Zone};

use super::{Findings, NOTED, each_fact, known_by_number};
use crate::batch::Batch;
use crate::directory::fold;
use crate::error::Error;
use crate::inbox::day_of;
use crate::move_in::{MovingIn, RegisterIn, Sheet};

/// A row of the register.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) joined: String,
    pub(super) left: Option<String>,
}

/// The register of the files, by number.
#[derive(Default)]
pub(super) struct Register {
    pub(super) file: String,
    pub(super) rows: BTreeMap<String, Row>,
    /// Whether rows of it could not be read.
    pub(super) is_partial: bool,
}

/// The findings of all rows together.
#[derive(Default)]
struct Seen {
    counts: RegisterIn,
    pairs: Pairs,
    /// Those whose last day is not over.
    leave_later: u64,
    /// Those whom the log knows without the day on which they joined.
    without_day: u64,
    no_lists: BTreeSet<String>,
}

pub(super) fn check(
    batch: &mut Batch<'_>,
    sheet: &mut Sheet,
    now: Moment,
    moving: &mut MovingIn,
    found: &mut Findings,
) -> Result<Register, Error> {
    let zone = batch.state().rules.kernel.zone.clone();
    let today = day_of(now, &zone);
    let file = sheet.named.name.clone();
    let mut register = Register { file: file.clone(), is_partial: sheet.is_partial, ..Register::default() };
    let mut seen = Seen { counts: RegisterIn { file, ..RegisterIn::default() }, ..Seen::default() };
    each_fact(sheet, found, &mut |file, fact, found| {
        let Some((number, row)) = row_of(fact, &zone, &today) else { return Ok(()) };
        if row.joined > today {
            let why = format!("they join on {}, which is in the future: bring the row once it has come", row.joined);
            found.at(file, fact, &why);
        }
        seen.count(fact, &row);
        if row.left.is_none() {
            seen.check_lists(batch, file, fact, found);
            seen.pairs.look(file, fact);
        }
        if let Some(known) = known_by_number(batch, &number)? {
            seen.counts.known += 1;
            seen.without_day += u64::from(known.joined.is_none() && known.since != row.joined);
        }
        register.rows.insert(number, row);
        Ok(())
    })?;
    moving.register = Some(seen.notes(found));
    Ok(register)
}

/// A row with its number. A last day that is not over is none yet.
fn row_of(fact: &Fact, zone: &Zone, today: &str) -> Option<(String, Row)> {
    let What::Member { person, left_on, .. } = &fact.what else { return None };
    let number = fold(person.handle.as_deref().unwrap_or_default());
    let joined = fact.on.clone().unwrap_or_else(|| day_of(fact.at, zone));
    let left = left_on.clone().filter(|day| day.as_str() < today);
    Some((number, Row { line: fact.place.line, joined, left }))
}

impl Seen {
    fn count(&mut self, fact: &Fact, row: &Row) {
        let What::Member { organisation, left_on, .. } = &fact.what else { return };
        self.counts.organisations += u64::from(*organisation);
        self.leave_later += u64::from(left_on.is_some() && row.left.is_none());
        match row.left {
            Some(_) => self.counts.left += 1,
            None => self.counts.members += 1,
        }
        let joined = &row.joined;
        let [first, last] = self.counts.joined.get_or_insert_with(|| [joined.clone(), joined.clone()]);
        if joined < first {
            first.clone_from(joined);
        }
        if joined > last {
            last.clone_from(joined);
        }
    }

    /// Reports each list that no class reads, once.
    fn check_lists(&mut self, batch: &Batch<'_>, file: &str, fact: &Fact, found: &mut Findings) {
        let What::Member { lists, .. } = &fact.what else { return };
        let state = batch.state();
        for list in lists.iter().filter(|list| state.members.list(list).is_none()) {
            if self.no_lists.insert(list.clone()) {
                let classes = state.rules.kernel.classes.iter();
                let known: BTreeSet<String> =
                    classes.filter_map(|class| class.list.as_ref().map(|own| format!("`{own}`"))).collect();
                let known = known.into_iter().collect::<Vec<_>>().join(", ");
                let which = if known.is_empty() { "none has a list".to_owned() } else { format!("there are {known}") };
                let why = format!(
                    "no class of the kernel reads a list `{list}` ({which}; leave the cell empty for a class without one)"
                );
                found.at(file, fact, &why);
            }
        }
    }

    /// Notes what somebody should know, and returns the counts.
    fn notes(self, found: &mut Findings) -> RegisterIn {
        match self.leave_later {
            0 => {}
            1 => found.notes.push(
                "1 member leaves on a day that is not over: they come in as a member, and their membership is ended then"
                    .to_owned(),
            ),
            many => found.notes.push(format!(
                "{many} members leave on a day that is not over: they come in as members, and their membership is ended then"
            )),
        }
        if self.without_day > 0 {
            let who = if self.without_day == 1 {
                "1 member is".to_owned()
            } else {
                format!("{} members are", self.without_day)
            };
            found.notes.push(format!(
                "{who} here already without an earlier day of joining, which the log does not learn later"
            ));
        }
        self.pairs.note(found);
        self.counts
    }
}

/// Rows of two numbers that may be one person.
#[derive(Default)]
struct Pairs {
    seen: BTreeMap<String, u64>,
    first: Vec<String>,
    count: u64,
}

impl Pairs {
    fn look(&mut self, file: &str, fact: &Fact) {
        let What::Member { person, .. } = &fact.what else { return };
        let line = fact.place.line;
        let emails = person.emails.iter().map(|email| (format!("email:{}", fold(email)), "an address"));
        let name = (format!("name:{}", fold(&person.name)), "a name");
        let mut shared = None;
        for (key, what) in emails.chain([name]) {
            match self.seen.get(&key) {
                Some(other) => shared = shared.or(Some((*other, what))),
                None => {
                    self.seen.insert(key, line);
                }
            }
        }
        let Some((other, what)) = shared else { return };
        self.count += 1;
        if self.first.len() < NOTED {
            let (one, two) = if other < line { (other, line) } else { (line, other) };
            self.first.push(format!(
                "{file}:{two}: has {what} that line {one} has too: whether they are one person is asked at /who"
            ));
        }
    }

    fn note(self, found: &mut Findings) {
        let more = self.count.saturating_sub(self.first.len() as u64);
        found.notes.extend(self.first);
        if more > 0 {
            found.notes.push(format!("{more} more rows share an address or a name with another one"));
        }
    }
}
