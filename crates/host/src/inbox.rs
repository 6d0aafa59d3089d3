//! Facts from outside into the log, each once: who a person is, which act a fact stands for, and at which time. Every way
//! in goes through here. It reads no file and parses nothing: `bridges` hands the facts in.

mod act;
mod bring;
mod differs;
mod folder;
mod heard;
mod item;
mod mapping;
mod people;
mod recorder;
mod report;
mod rewritten;
mod taken;

use std::ops::ControlFlow;

use bridges::{By, Fact, Identity, Place, Refused, Source, What};
use engine::act::{Act, AddToList, AdmitMember};
use engine::{Actor, Edition, Pseudonym};
use quantity::{Moment, Zone};

use crate::batch::{Batch, Membership};
use crate::directory::{Origin, Person};
use crate::error::Error;
pub use act::act_of;
pub(crate) use bring::bring_in_turn;
pub use bring::{Handed, Import, Kinds, MOST_BYTES_HANDED, NotOpened, Row, bring, bring_one, open, open_handed};
pub use differs::{Difference, Differs};
pub use folder::Folder;
pub(crate) use heard::FILE_SOURCES;
pub use heard::{FileSource, rhythm};
pub use people::Newcomers;
pub use recorder::{Recording, Right, kinds_by_power, may_record};
pub(crate) use report::is_readable;
pub use report::{Bringer, Brought, Door, Report};
pub use taken::{Apart, LeftOut, OffList, Sum, Taken};

/// Which time the log gives to entries made from facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogTime {
    /// The present.
    Now(Moment),
    /// Each record's own date, so that past updates happen as they would have. No record may be dated after `now`.
    Replay {
        /// The present.
        now: Moment,
    },
}

/// Why facts were not taken. Nothing of the import is in the log once its batch is dropped.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// A record cannot be taken: the rules refuse it, or the log's time does.
    #[error("{file}:{}:{}: {why}; nothing was imported", .place.line, .place.column)]
    Record {
        /// The file's name, as it was handed in.
        file: String,
        /// The record's place in it.
        place: Place,
        /// The reason.
        why: Box<Error>,
    },
    /// Rows of the co-op's own files say of nobody for certain who is meant.
    #[error("{}; nothing was imported", .0.join("\n"))]
    Unclear(Vec<String>),
    /// The file was changed while it was read.
    #[error("{0}")]
    Source(#[from] Refused),
    /// Something failed that has nothing to do with the record.
    #[error("{0}")]
    Failed(Box<Error>),
}

impl From<Error> for NotTaken {
    fn from(why: Error) -> NotTaken {
        NotTaken::Failed(Box::new(why))
    }
}

impl NotTaken {
    fn at(file: &str, place: Place, why: Error) -> NotTaken {
        let why = Box::new(why);
        match *why {
            Error::Refused(_) | Error::Usage(_) => NotTaken::Record { file: file.to_owned(), place, why },
            _ => NotTaken::Failed(why),
        }
    }
}

/// A source that is wholly checked, with the name that errors give.
#[derive(Debug)]
pub struct Named {
    /// The file's name.
    pub name: String,
    /// Its records.
    pub source: Source,
}

/// Takes every fact of one source as it streams, or of several in the order of their dates. `each` is called before each
/// fact.
///
/// # Errors
/// Rows that say of nobody for certain who is meant, the first fact that is not taken, or a fault. The caller drops the batch
/// then.
pub fn take_all(
    batch: &mut Batch<'_>,
    sources: &mut [Named],
    time: LogTime,
    newcomers: Newcomers,
    each: &mut dyn FnMut(),
) -> Result<Taken, NotTaken> {
    // Without members there is nobody to mistake anybody for.
    let had_members = !batch.state().members.is_empty();
    people::check(batch, sources, newcomers)?;
    let mut taken = Taken::default();
    taken.rewritten = rewritten::Credits::of(batch, sources)?;
    taken.notes.extend(sources.iter().flat_map(|named| named.source.remarks()));
    if let [only] = sources {
        let mut failed = None;
        let read = only.source.facts(&mut |fact| {
            each();
            match take(batch, &only.name, &fact, time, &mut taken) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        match failed {
            Some(error) => return Err(error),
            None => read?,
        }
    } else {
        let mut facts: Vec<(&str, Fact)> = Vec::new();
        for Named { name, source } in sources.iter_mut() {
            source.facts(&mut |fact| {
                facts.push((name, fact));
                ControlFlow::Continue(())
            })?;
        }
        facts.sort_by_key(|(_, fact)| fact.at);
        for (name, fact) in &facts {
            each();
            take(batch, name, fact, time, &mut taken)?;
        }
    }
    if had_members {
        taken.off_lists = people::off_lists(batch, sources)?;
    }
    Ok(taken)
}

/// Takes one fact of the file called `file`.
///
/// # Errors
/// The reason why it cannot be taken, with its place, or a fault.
pub fn take(batch: &mut Batch<'_>, file: &str, fact: &Fact, time: LogTime, taken: &mut Taken) -> Result<(), NotTaken> {
    let (before, proposed) = (batch.state().members.len(), batch.proposed);
    let new = take_fact(batch, file, fact, time, taken).map_err(|error| NotTaken::at(file, fact.place, error))?;
    taken.maybe_one += batch.proposed - proposed;
    match new {
        New::Recorded => taken.note_recorded(file, fact),
        New::Known => taken.known += 1,
        New::Renamed => taken.renamed += 1,
        New::ClosedOutside => taken.closed_outside += 1,
        New::Waits => taken.waiting += 1,
        New::LeftOut(why) => taken.leave_out(file, fact.place, why),
    }
    taken.note_giving(file, fact);
    taken.note_kind(file, fact);
    if let What::Member { person, .. } | What::Support { person, .. } = &fact.what
        && batch.state().members.len() > before
    {
        let newest = batch.state().members.indices().next_back();
        taken.note_newcomer(&person.name, newest.and_then(|index| batch.state().members.pseudonym(index)));
    }
    Ok(())
}

/// Whether a fact was new.
#[derive(Clone, Debug, PartialEq, Eq)]
enum New {
    Recorded,
    Known,
    /// Nothing of it is new but the title of an item.
    Renamed,
    ClosedOutside,
    /// Others of a body have to agree to it.
    Waits,
    /// A stranger chose something of it that cannot be.
    LeftOut(String),
}

fn take_fact(batch: &mut Batch<'_>, file: &str, fact: &Fact, time: LogTime, taken: &mut Taken) -> Result<New, Error> {
    if let (By::Author, Some(why)) = (fact.by, to_come(batch, fact, time)) {
        return Ok(New::LeftOut(why));
    }
    happened(batch, fact, time)?;
    Ok(match &fact.what {
        What::Member { .. } if take_member(batch, file, fact, time, taken)? => New::Recorded,
        What::Member { .. } => New::Known,
        What::Item { .. } => return item::take(batch, file, fact, time, taken),
        // A fact's source is its identity: the same record, read again, has the same one (docs/spec/import.md).
        What::Support { .. } | What::Reversal { .. } | What::Booking { .. }
            if let Some(known) = known_as(batch, fact)? =>
        {
            differs::of_support(batch, file, fact, &known, taken)?;
            New::Known
        }
        What::Support { person, .. } => {
            let at = log_time(batch, fact, time)?;
            taken.check_keys(batch, fact)?;
            let member =
                people::member_for(batch, &person_of(person, false, batch.origin_of(fact)), fact.by, at, taken)?;
            if taken.rewritten.has(batch, fact, member) {
                taken.same_change += 1;
                return Ok(New::Known);
            }
            let edition = batch.state().editions.current;
            taken.not_booked += u64::from(act::leaves_book(fact, edition));
            hand_in(batch, act::support(fact, member, edition), at)?
        }
        What::Reversal { of, .. } => {
            let mut known = None;
            for of in of {
                if known.is_none() && batch.giver(of)?.is_some() {
                    known = Some(of);
                }
            }
            if fact.by != By::Coop && known.is_none() {
                return Ok(New::LeftOut(NOTHING_TO_TAKE_BACK.to_owned()));
            }
            let at = log_time(batch, fact, time)?;
            hand_in(batch, act::reversal(fact, known.or(of.first()), batch.state().editions.current), at)?
        }
        What::Booking { .. } => {
            let at = log_time(batch, fact, time)?;
            hand_in(batch, act::booking(fact), at)?
        }
    })
}

const NOTHING_TO_TAKE_BACK: &str = "this refund has nothing to take back: what it refunds is not in the log";

/// Returns the key by which the log knows a record.
fn known_as(batch: &mut Batch<'_>, fact: &Fact) -> Result<Option<String>, Error> {
    for source in std::iter::once(&fact.source).chain(&fact.also) {
        if batch.knows(source)? {
            return Ok(Some(source.clone()));
        }
    }
    Ok(None)
}

/// The reason why a record that its author dated cannot be taken yet.
fn to_come(batch: &Batch<'_>, fact: &Fact, time: LogTime) -> Option<String> {
    let (LogTime::Now(now) | LogTime::Replay { now }) = time;
    let zone = &batch.state().rules.kernel.zone;
    (fact.at > batch.time(now)).then(|| format!("it is dated {}, which is in the future", zone.written(fact.at)))
}

/// Hands an act in, in the name of who records; known where a fact stands for none.
fn hand_in(batch: &mut Batch<'_>, act: Option<Act>, at: Moment) -> Result<New, Error> {
    let Some(act) = act else { return Ok(New::Known) };
    let (act, actor) = batch.recording.of(batch.state(), act, batch.time(at));
    batch.append(&act, actor, "", "", at)?;
    Ok(if matches!(act, Act::ProposeAct(_)) { New::Waits } else { New::Recorded })
}

/// In whose name somebody is admitted.
fn admitting(batch: &Batch<'_>, at: Moment) -> Actor {
    let newcomer =
        AdmitMember { member: Pseudonym(0), organisation: false, founder: false, joined_on: None, left_on: None };
    batch.recording.of(batch.state(), Act::AdmitMember(newcomer), batch.time(at)).1
}

/// Refuses a record dated after the present where no rule of the engine would see the date. The engine refuses support and
/// bookings that get the present as their log time.
fn happened(batch: &Batch<'_>, fact: &Fact, time: LogTime) -> Result<(), Error> {
    let now = match (time, &fact.what) {
        (LogTime::Replay { now }, _) | (LogTime::Now(now), What::Member { .. } | What::Item { .. }) => now,
        (LogTime::Now(_), _) => return Ok(()),
    };
    if fact.at <= batch.time(now) {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "the record is dated {}, which is in the future: import it once it has happened",
        batch.state().rules.kernel.zone.written(fact.at)
    )))
}

fn log_time(batch: &Batch<'_>, fact: &Fact, time: LogTime) -> Result<Moment, Error> {
    match time {
        LogTime::Now(now) => Ok(now),
        LogTime::Replay { .. } if batch.time(fact.at) > fact.at => {
            let why = format!(
                "the record is dated {} and the log is already at {}: `--replay` needs a co-op with nothing later in its log (name several files in one command to replay them together)",
                batch.state().rules.kernel.zone.written(fact.at),
                batch.state().rules.kernel.zone.written(batch.state().time)
            );
            Err(Error::Usage(why))
        }
        LogTime::Replay { .. } => Ok(fact.at),
    }
}

fn take_member(
    batch: &mut Batch<'_>,
    file: &str,
    fact: &Fact,
    time: LogTime,
    taken: &mut Taken,
) -> Result<bool, Error> {
    let What::Member { person, organisation, lists, .. } = &fact.what else { return Ok(false) };
    let before = batch.state().members.len();
    // A register names people whom earlier records may have brought already, so its dates may lie before the log's end.
    let at = match time {
        LogTime::Now(now) => now,
        LogTime::Replay { .. } => batch.time(fact.at),
    };
    let days = membership(batch, fact, at);
    let has_left = days.left_on.is_some();
    let mut person = person_of(person, *organisation, Origin::Coop);
    if has_left {
        // docs/spec/people.md, Days of joining and leaving: an address leads to a member, and never to somebody who was one.
        person.emails.clear();
    }
    let evidence = people::evidence(batch, &person, taken)?;
    let member: Pseudonym = batch.member_since(&person, &days, admitting(batch, at), at)?;
    let mut recorded = batch.state().members.len() > before;
    if !recorded {
        differs::of_member(batch, file, fact, member, taken)?;
        evidence.into_iter().for_each(|evidence| taken.note_joined(evidence));
    }
    for list in lists.iter().filter(|_| !has_left) {
        let holder = batch.state().holder(member);
        let put = Act::AddToList(AddToList { list: list.clone(), member: holder });
        let (_, actor) = batch.recording.of(batch.state(), put, batch.time(at));
        recorded |= batch.put_on_list(list, holder, actor, at)?;
    }
    Ok(recorded)
}

/// The days of a membership that the log keeps: those before the day of its entry.
fn membership(batch: &Batch<'_>, fact: &Fact, at: Moment) -> Membership {
    let What::Member { left_on, .. } = &fact.what else { return Membership::default() };
    if batch.state().editions.current < Edition::THREE {
        return Membership::default();
    }
    let zone = &batch.state().rules.kernel.zone;
    let today = day_of(batch.time(at), zone);
    let joined_on = fact.on.clone().unwrap_or_else(|| day_of(fact.at, zone));
    Membership {
        joined_on: Some(joined_on).filter(|day| *day < today),
        left_on: left_on.clone().filter(|day| *day < today),
    }
}

/// A day of the co-op's zone, `YYYY-MM-DD`.
pub(crate) fn day_of(at: Moment, zone: &Zone) -> String {
    engine::book::Day::of(at, zone).to_string()
}

impl Batch<'_> {
    /// Where the people of a record are known: the place of its source, which comes before the first `:` or `/`. Changes and reviews are
    /// of a forge, whose host follows.
    pub(crate) fn origin_of(&self, fact: &Fact) -> Origin {
        let mut parts = fact.source.split([':', '/']);
        let place = match (parts.next().unwrap_or_default(), parts.next()) {
            ("change" | "review", Some(host)) => host,
            (place, _) => place,
        };
        if fact.by == By::Coop { Origin::Coop } else { self.origin(place) }
    }
}

/// Returns a person as the host knows people.
pub(crate) fn person_of(identity: &Identity, organisation: bool, origin: Origin) -> Person {
    Person {
        name: identity.name.clone(),
        emails: identity.emails.clone(),
        handle: identity.handle.clone(),
        id: identity.id.clone(),
        organisation,
        origin,
    }
}

#[cfg(test)]
mod tests;
