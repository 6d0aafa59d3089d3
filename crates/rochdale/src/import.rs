//! Facts from outside into acts: who a person is, and which act a fact stands for. All of a file or nothing of it.

use std::ops::ControlFlow;

use bridges::{Fact, Identity, Source, Unit, What};
use engine::Actor;
use engine::act::{Act, Amount, BookEntry, CloseItem, OpenItem, Posting, RecordSupport, ReverseSupport};
use host::{Batch, Error, Person, clock};
use quantity::Moment;
use views::ItemCard;

use crate::exit::Exit;

/// Which time the log gives to entries made from facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogTime {
    /// The present.
    Now(Moment),
    /// Each record's own date, so that past updates happen as they would have.
    Replay,
}

/// The counts of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Taken {
    /// Facts that are now in the log.
    pub recorded: u64,
    /// Facts that were there already.
    pub known: u64,
    /// Items that are closed outside and were never on a list here.
    pub closed_outside: u64,
}

/// Takes every fact of `source` in order.
///
/// # Errors
/// The first fact that the rules refuse, with its place, or a fault. The caller drops the batch then.
pub fn take_all(
    batch: &mut Batch<'_>,
    file: &str,
    source: &mut Source,
    time: LogTime,
    each: &mut dyn FnMut(),
) -> Result<Taken, Exit> {
    let mut taken = Taken::default();
    let mut failed = None;
    let read = source.facts(&mut |fact| {
        each();
        match take(batch, &fact, time, &mut taken) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(placed(file, &fact, error));
                ControlFlow::Break(())
            }
        }
    });
    match (failed, read) {
        (Some(exit), _) => Err(exit),
        (None, Err(refused)) => Err(Exit::input(refused.to_string())),
        (None, Ok(())) => Ok(taken),
    }
}

/// Adds the place in the file to an error.
pub fn placed(file: &str, fact: &Fact, error: Error) -> Exit {
    let at = format!("{file}:{}:{}", fact.place.line, fact.place.column);
    match error {
        Error::Refused(refusal) => Exit::input(format!("{at}: {refusal}; nothing was imported")),
        Error::Usage(words) => Exit::input(format!("{at}: {words}; nothing was imported")),
        other => other.into(),
    }
}

/// Takes one fact.
///
/// # Errors
/// A refusal or a fault.
pub fn take(batch: &mut Batch<'_>, fact: &Fact, time: LogTime, taken: &mut Taken) -> Result<(), Error> {
    happened(batch, fact, time)?;
    let before = *taken;
    let recorded = match &fact.what {
        What::Member { person, organisation, lists } => take_member(batch, fact, person, *organisation, lists, time)?,
        What::Item { .. } => take_item(batch, fact, time, taken)?,
        What::Support { .. } | What::Reversal { .. } | What::Booking { .. }
            if batch.state().support.knows(&fact.source) =>
        {
            false
        }
        What::Support { person, .. } => {
            let at = log_time(batch, fact, time)?;
            let member = batch.member_for(&person_of(person, false), Actor::Bridge, at)?;
            hand_in(batch, support_act(fact, member), at)?
        }
        What::Reversal { .. } | What::Booking { .. } => {
            let at = log_time(batch, fact, time)?;
            hand_in(batch, money_act(fact), at)?
        }
    };
    let left_out = taken.closed_outside > before.closed_outside;
    match (recorded, left_out) {
        (true, _) => taken.recorded += 1,
        (false, true) => {}
        (false, false) => taken.known += 1,
    }
    Ok(())
}

/// Hands an act in for the bridge; nothing where a fact stands for none.
fn hand_in(batch: &mut Batch<'_>, act: Option<Act>, at: Moment) -> Result<bool, Error> {
    let Some(act) = act else { return Ok(false) };
    batch.append(&act, Actor::Bridge, "", "", at)?;
    Ok(true)
}

/// Returns the act that takes support back or books a movement of money.
fn money_act(fact: &Fact) -> Option<Act> {
    let source = fact.source.clone();
    match &fact.what {
        What::Reversal { of, amount } => Some(Act::ReverseSupport(ReverseSupport {
            of: of.clone(),
            amount: Some(*amount),
            given_at: fact.at,
            source,
        })),
        What::Booking { narration, currency, postings } => {
            let posting =
                |posting: &bridges::Posting| Posting { account: posting.account.clone(), minor: posting.minor };
            Some(Act::BookEntry(BookEntry {
                at: fact.at,
                source,
                narration: narration.clone(),
                currency: currency.code().to_owned(),
                postings: postings.iter().map(posting).collect(),
            }))
        }
        What::Member { .. } | What::Support { .. } | What::Item { .. } => None,
    }
}

/// Refuses a record dated after the present where no rule of the engine would see the date. The engine refuses support and
/// bookings that get the present as their log time.
fn happened(batch: &Batch<'_>, fact: &Fact, time: LogTime) -> Result<(), Error> {
    let now = match (time, &fact.what) {
        (LogTime::Replay, _) => clock::now(),
        (LogTime::Now(now), What::Member { .. } | What::Item { .. }) => now,
        (LogTime::Now(_), _) => return Ok(()),
    };
    if fact.at <= batch.time(now) {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "the record is dated {}, which is in the future: import it once it has happened",
        fact.at
    )))
}

fn log_time(batch: &Batch<'_>, fact: &Fact, time: LogTime) -> Result<Moment, Error> {
    match time {
        LogTime::Now(now) => Ok(now),
        LogTime::Replay if batch.time(fact.at) > fact.at => {
            let why = format!(
                "the record is dated {} and the log is already at {}: `--replay` needs a co-op with nothing later in its log (name several files in one command to replay them together)",
                fact.at,
                batch.state().time
            );
            Err(Error::Usage(why))
        }
        LogTime::Replay => Ok(fact.at),
    }
}

fn take_member(
    batch: &mut Batch<'_>,
    fact: &Fact,
    person: &Identity,
    organisation: bool,
    lists: &[String],
    time: LogTime,
) -> Result<bool, Error> {
    let before = batch.state().members.len();
    let at = match time {
        LogTime::Now(now) => now,
        LogTime::Replay => batch.time(fact.at),
    };
    let member = batch.member_for(&person_of(person, organisation), Actor::Bridge, at)?;
    let mut recorded = batch.state().members.len() > before;
    for list in lists {
        recorded |= batch.put_on_list(list, member, Actor::Bridge, at)?;
    }
    Ok(recorded)
}

fn take_item(batch: &mut Batch<'_>, fact: &Fact, time: LogTime, taken: &mut Taken) -> Result<bool, Error> {
    let What::Item { list, id, title, url, labels, closed } = &fact.what else {
        return Ok(false);
    };
    let mut changed = false;
    for decision in rankings_of(batch, list)? {
        let known = batch.state().decision(&decision).and_then(|ranking| ranking.item(id));
        let known = known.map(|item| item.closed_at.is_some());
        let act = match (known, closed) {
            (None, false) => Act::OpenItem(OpenItem { decision: decision.clone(), item: id.clone() }),
            (Some(false), true) => Act::CloseItem(CloseItem { decision: decision.clone(), item: id.clone() }),
            (None, true) => {
                taken.closed_outside += 1;
                continue;
            }
            // An item that support has closed here stays closed, whatever the forge still says.
            (Some(_), _) => continue,
        };
        let at = match (time, &act) {
            (LogTime::Replay, Act::CloseItem(_)) => batch.time(fact.at),
            _ => log_time(batch, fact, time)?,
        };
        batch.append(&act, Actor::Bridge, "", "", at)?;
        let card = ItemCard { title: title.clone(), url: url.clone(), labels: labels.clone() };
        batch.put_item(&decision, id, &card)?;
        changed = true;
    }
    Ok(changed)
}

/// Returns the rankings that a bridge's items come on.
fn rankings_of(batch: &Batch<'_>, list: &str) -> Result<Vec<String>, Error> {
    let takes = |decision: &&engine::chamber::Decision| decision.items_of() == Some(list);
    let names: Vec<String> = batch
        .state()
        .open_decisions()
        .map(|(_, decision)| decision)
        .filter(takes)
        .map(|decision| decision.name.clone())
        .collect();
    if names.is_empty() {
        return Err(Error::Usage(format!("no ranking of the constitution has `of=\"{list}\"`")));
    }
    Ok(names)
}

fn support_act(fact: &Fact, member: engine::Pseudonym) -> Option<Act> {
    let What::Support { kind, amount, unit, months, pledge_series, stands_months, .. } = &fact.what else {
        return None;
    };
    let amount = match unit {
        Unit::Money(currency) => Amount { amount: *amount, currency: Some(currency.code().to_owned()), unit: None },
        Unit::Seconds => Amount { amount: *amount, currency: None, unit: Some("second".to_owned()) },
        Unit::MicroCredits => Amount { amount: *amount, currency: None, unit: Some("micro-credit".to_owned()) },
    };
    Some(Act::RecordSupport(RecordSupport {
        member,
        kind: (*kind).to_owned(),
        amount,
        given_at: fact.at,
        source: fact.source.clone(),
        parts: *months,
        series: pledge_series.clone(),
        stands_months: (*stands_months > 0).then_some(*stands_months),
    }))
}

/// Returns a person as the host knows people.
pub fn person_of(identity: &Identity, organisation: bool) -> Person {
    Person {
        name: identity.name.clone(),
        emails: identity.emails.clone(),
        handle: identity.handle.clone(),
        organisation,
    }
}
