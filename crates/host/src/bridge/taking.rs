//! Records of a forge or a collective into the log. Of an issue the newest word counts, whatever order deliveries come in; a contribution whose author
//! is nobody here yet waits beside the log.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use bridges::forge::{Gone, Issue, contribution};
use bridges::open_collective::Transfer;
use bridges::{By, Fact, FarEnd, Identity, Source, What};
use engine::chamber::Decision;
use quantity::Moment;
use rochdale_log::Store;
use serde::{Deserialize, Serialize};

use super::ledger::{Fresh, Ledger, fresh};
use super::{Bridge, Strangers};
use crate::batch::Batch;
use crate::error::Error;
use crate::gate::record;
use crate::inbox::{
    Bringer, Difference, Door, Import, Kinds, LogTime, Named, Newcomers, NotTaken, Recording, Report, bring_one,
    person_of,
};

/// Where it is kept what was heard last of each issue: `BRIDGE/NUMBER`.
pub(crate) const OUTSIDE: &str = "outside";
/// Where contributions wait: `BRIDGE/SOURCE`.
pub(crate) const WAITING: &str = "waiting";
/// The most contributions of one bridge that wait.
const MOST_WAITING: u64 = 10_000;

/// Records of a forge that were read together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub issues: Vec<Issue>,
    /// By which way.
    pub way: Way,
    pub contributions: Vec<Fact>,
    /// A collective's transactions.
    pub transfers: Vec<Transfer>,
    /// How far they were read.
    pub ledger: Ledger,
    /// Look again at the contributions that wait.
    pub looks_again: bool,
    /// Sources of records that cannot be taken: they are left out.
    pub skips: BTreeSet<String>,
    /// Records that could not be read.
    pub odd: u64,
}

/// The way by which a word about an issue came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// The forge was asked, and said how it is.
    #[default]
    Read,
    /// By a delivery, late perhaps.
    Told,
}

/// The newest word about an issue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outside {
    /// When it was changed last, microseconds since 1970 by the forge's clock.
    updated_us: i64,
    /// How many comments it has.
    comments: u64,
    /// It is there no more, and never again.
    #[serde(default)]
    gone: bool,
    /// Whether it was closed; earlier versions noted it nowhere.
    #[serde(default)]
    closed: Option<bool>,
    /// The beginning of the hash of all that it said.
    #[serde(default)]
    said: Option<u64>,
    /// When its item was turned here last, at the time when a report listed how the two differ; microseconds since 1970.
    #[serde(default)]
    listed_us: Option<i64>,
}

impl Outside {
    /// The note of an issue's word.
    fn of(issue: &Issue) -> Outside {
        let closed = issue.closed || issue.gone.is_some();
        let text = format!("{closed}\n{}\n{:?}\n{:?}", issue.title, issue.url, issue.labels);
        let said = engine::digest::hex(text.as_bytes()).get(..16).and_then(|hex| u64::from_str_radix(hex, 16).ok());
        Outside {
            updated_us: issue.updated.0,
            comments: issue.comments,
            gone: matches!(issue.gone, Some(Gone::Deleted | Gone::Transferred)),
            closed: Some(closed),
            said,
            listed_us: None,
        }
    }

    /// Whether a report has listed that it differs from an item that was turned here at `turned` last.
    pub(super) fn is_listed(&self, turned: Moment) -> bool {
        self.listed_us == Some(turned.0)
    }
}

/// A contribution whose author is nobody here yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    at_us: i64,
    is_commit: bool,
    name: String,
    emails: Vec<String>,
    handle: Option<String>,
}

/// Why nothing of what was found is taken in: the caller undoes its part of the transaction.
#[derive(Debug)]
pub(super) enum Unkept {
    /// One record cannot be: the others can, without it.
    Record { source: String, why: String },
    /// A fault, or nothing can.
    Failed(NotTaken),
}

impl From<Error> for Unkept {
    fn from(why: Error) -> Unkept {
        Unkept::Failed(failed(why))
    }
}

impl From<NotTaken> for Unkept {
    fn from(why: NotTaken) -> Unkept {
        Unkept::Failed(why)
    }
}

/// The record that was not taken, by its line, which is its place among the sources.
fn unkept(why: NotTaken, sources: &[String]) -> Unkept {
    let at = match &why {
        NotTaken::Record { place, .. } => usize::try_from(place.line).ok().and_then(|line| line.checked_sub(1)),
        _ => None,
    };
    match (at.and_then(|at| sources.get(at)), &why) {
        (Some(source), NotTaken::Record { why, .. }) => Unkept::Record { source: source.clone(), why: why.to_string() },
        _ => Unkept::Failed(why),
    }
}

/// Takes what was found in, and notes it with the bridge, which the caller keeps.
pub(super) fn take(
    batch: &mut Batch<'_>,
    id: &str,
    bridge: &mut Bridge,
    found: Found,
    now: Moment,
) -> Result<Report, Unkept> {
    let place = bridge.place();
    let now = batch.time(now);
    let mut facts = Vec::new();
    if let Some(list) = &bridge.settings.list.clone() {
        takes_items(batch, list)?;
        let turning = batch.turning(id).map_err(failed)?;
        for issue in &found.issues {
            // Our own outcome has not reached the forge yet, whose word is older: it is asked for once the task has ended.
            let closed = issue.closed || issue.gone.is_some();
            if turning.get(&issue.number).is_some_and(|close| *close != closed) {
                continue;
            }
            if let News::Says { was_closed } = news(batch, (id, &mut *bridge), issue, found.way, now)? {
                let mut fact = issue.fact(&place, list);
                // The forge's clock may be ahead of ours.
                fact.at = fact.at.min(now);
                if let What::Item { was_closed: was, .. } = &mut fact.what {
                    *was = was_closed;
                }
                facts.push(fact);
            }
        }
    }
    let mut over = 0;
    if found.looks_again || !found.contributions.is_empty() {
        let (ready, left) = due(batch, id, bridge, found.contributions, now)?;
        facts.extend(ready);
        over = left;
    }
    let import = Import {
        door: Door::Bridge,
        by: Bringer { member: bridge.by.member, token: Some(place.clone()) },
        time: LogTime::Now(now),
        newcomers: Newcomers::Welcome,
        kinds: Kinds::All,
        recording: Recording::Bridge,
        // A bridge says by itself that its forge was heard.
        every: None,
    };
    let skipped = facts.len();
    facts.retain(|fact| !found.skips.contains(&fact.source));
    over += (skipped - facts.len()) as u64;
    let transfers = match found.transfers.is_empty() {
        true => Fresh::default(),
        false => {
            let is_left_out = |source: &str| found.skips.contains(record_of(source));
            fresh(batch, id, &found.ledger, found.transfers, now, &is_left_out)?
        }
    };
    over += transfers.left_out;
    facts.extend(transfers.facts);
    let sources = numbered(&mut facts);
    let source = source_of(bridge, facts, (transfers.records, transfers.how_often_unsaid));
    let named = Named { name: place, source };
    let report = bring_one(batch, &mut [named], &import).map_err(|why| unkept(why, &sources))?;
    note_listed(batch, id, &sources, &report)?;
    bridge.heard.recorded += report.taken.recorded;
    bridge.heard.left_out += report.taken.left_out + found.odd + over;
    Ok(report)
}

/// The source of facts of a forge, or of so many transactions, of which so many do not say how often they come.
fn source_of(bridge: &Bridge, facts: Vec<Fact>, (records, unsaid): (u64, u64)) -> Source {
    match bridge.to() {
        FarEnd::Forge(_) => Source::of_forge(facts),
        FarEnd::OpenCollective => {
            let words = || format!("gifts of which nothing says how often they come: {unsaid}; they count once each");
            Source::of_collective(facts, records, (unsaid > 0).then(words).into_iter().collect())
        }
    }
}

/// Gives each record its place among them for a line, so that the one at fault is found; their sources.
fn numbered(facts: &mut [Fact]) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for fact in facts {
        let record = record_of(&fact.source);
        if sources.last().is_none_or(|last| last != record) {
            sources.push(record.to_owned());
        }
        fact.place.line = sources.len() as u64;
    }
    sources
}

/// The source of the record that a fact is of: a gift renews a pledge and is booked besides, under sources of its own.
fn record_of(source: &str) -> &str {
    let own = source.strip_suffix(":book").or_else(|| source.strip_suffix(":pledge"));
    own.filter(|own| own.starts_with("open-collective:")).unwrap_or(source)
}

fn failed(why: Error) -> NotTaken {
    NotTaken::Failed(Box::new(why))
}

/// Refuses where no ranking takes the bridge's items: what would pass now would never come again.
fn takes_items(batch: &Batch<'_>, list: &str) -> Result<(), NotTaken> {
    let takes = |decision: &Decision| decision.items_of() == Some(list);
    match batch.state().open_decisions().any(|(_, decision)| takes(decision)) {
        true => Ok(()),
        false => Err(failed(Error::Usage(format!(
            "no ranking of the constitution has `of=\"{list}\"`: propose one, or let the bridge take no issues"
        )))),
    }
}

/// The newest words about the issues of a bridge, by number.
pub(super) fn outside(store: &mut dyn Store, coop: &str, id: &str) -> Result<BTreeMap<u64, Outside>, Error> {
    let mut found = BTreeMap::new();
    store.scan(coop, OUTSIDE, &mut |name, json| {
        let number = std::str::from_utf8(name).ok().and_then(|name| name.strip_prefix(id)?.strip_prefix('/'));
        let known = number.and_then(|number| number.parse::<u64>().ok()).zip(serde_json::from_slice(json).ok());
        found.extend(known);
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// The outcome of a word about an issue.
enum News {
    /// Nothing: a newer one is known, or the forge is asked first.
    Nothing,
    /// It is taken; with what was said before, where something was.
    Says { was_closed: Option<bool> },
}

/// Notes the word of an issue, unless something newer was heard of it before. Of two words of one second that are not the same nobody
/// can tell which is the newer, so that the forge is asked.
fn news(
    batch: &mut Batch<'_>,
    (id, bridge): (&str, &mut Bridge),
    issue: &Issue,
    way: Way,
    now: Moment,
) -> Result<News, NotTaken> {
    let name = format!("{id}/{}", issue.number);
    let known: Option<Outside> = record(&mut *batch.coop.store, &batch.coop.now.id, OUTSIDE, &name).map_err(failed)?;
    let mut next = Outside::of(issue);
    if let Some(known) = known {
        // An issue that went is not opened again by an older word that comes late; a title may become one for everybody.
        if !next.gone && (known.gone || known.updated_us > next.updated_us) {
            return Ok(News::Nothing);
        }
        if known.updated_us == next.updated_us && known.said.is_some_and(|said| Some(said) != next.said) && !next.gone {
            bridge.ask(issue.number, now);
            if way == Way::Told {
                return Ok(News::Nothing);
            }
        }
        next.listed_us = known.listed_us;
    }
    if known != Some(next) {
        put(batch, OUTSIDE, &name, &next)?;
    }
    let before = known.and_then(|known| known.closed);
    // To be gone is to be closed anew.
    let goes = next.gone && !known.is_some_and(|known| known.gone);
    Ok(News::Says { was_closed: if goes { Some(false) } else { before } })
}

/// Notes which differences the report has listed, so that the daily comparison does not list them every day.
fn note_listed(batch: &mut Batch<'_>, id: &str, sources: &[String], report: &Report) -> Result<(), NotTaken> {
    for one in &report.taken.differ_first {
        let (Difference::OpenThere { decision, item }
        | Difference::StaysClosed { decision, item }
        | Difference::StaysOpen { decision, item }) = &one.how
        else {
            continue;
        };
        let known = batch.state().decision(decision).and_then(|ranking| ranking.item(item));
        let Some(turned) = known.map(|item| item.closed_at.unwrap_or(item.opened_at)) else { continue };
        let source = usize::try_from(one.line).ok().and_then(|line| sources.get(line.checked_sub(1)?));
        let Some(number) = source.and_then(|source| source.strip_prefix("github-issue:")) else { continue };
        let name = format!("{id}/{number}");
        let outside: Option<Outside> =
            record(&mut *batch.coop.store, &batch.coop.now.id, OUTSIDE, &name).map_err(failed)?;
        if let Some(outside) = outside.filter(|outside| outside.listed_us.is_none_or(|at| at < turned.0)) {
            put(batch, OUTSIDE, &name, &Outside { listed_us: Some(turned.0), ..outside })?;
        }
    }
    Ok(())
}

/// Parts contributions into those that can be recorded now and those that wait, and adds those that waited and can now. How many had no
/// room to wait.
fn due(
    batch: &mut Batch<'_>,
    id: &str,
    bridge: &mut Bridge,
    found: Vec<Fact>,
    now: Moment,
) -> Result<(Vec<Fact>, u64), NotTaken> {
    let (mut ready, mut over) = (Vec::new(), 0);
    let mut waiting = waiting(batch, id).map_err(failed)?;
    let mut count = waiting.len() as u64;
    for fact in found {
        let What::Support { person, .. } = &fact.what else { continue };
        if bridge.is_bot(person) || waiting.iter().any(|(source, _)| *source == fact.source) {
            continue;
        }
        if batch.knows(&fact.source).map_err(failed)? || is_ready(batch, bridge, &fact, now).map_err(failed)? {
            ready.push(fact);
        } else if count < MOST_WAITING {
            put(batch, WAITING, &format!("{id}/{}", fact.source), &Waiting::of(&fact))?;
            count += 1;
        } else {
            over += 1;
        }
    }
    for (source, kept) in waiting.drain(..) {
        let fact = kept.fact(source);
        // Somebody has called them a program since.
        if matches!(&fact.what, What::Support { person, .. } if bridge.is_bot(person)) {
            batch.delete(WAITING, format!("{id}/{}", fact.source).as_bytes()).map_err(failed)?;
            count -= 1;
        } else if is_ready(batch, bridge, &fact, now).map_err(failed)? {
            batch.delete(WAITING, format!("{id}/{}", fact.source).as_bytes()).map_err(failed)?;
            count -= 1;
            ready.push(fact);
        }
    }
    bridge.heard.waiting = count;
    Ok((ready, over))
}

/// Whether a contribution has happened, and its author may have it.
fn is_ready(batch: &mut Batch<'_>, bridge: &Bridge, fact: &Fact, now: Moment) -> Result<bool, Error> {
    let What::Support { person, .. } = &fact.what else { return Ok(false) };
    let person = person_of(person, false, batch.origin_of(fact));
    let is_known = bridge.settings.strangers == Strangers::Join || batch.known(&person)?.is_some();
    Ok(fact.at <= now && is_known)
}

/// The contributions of a bridge that wait, by their sources.
fn waiting(batch: &mut Batch<'_>, id: &str) -> Result<Vec<(String, Waiting)>, Error> {
    let mut found = Vec::new();
    let coop = &mut *batch.coop;
    coop.store.scan(&coop.now.id, WAITING, &mut |name, json| {
        let source = std::str::from_utf8(name).ok().and_then(|name| name.split_once('/')).filter(|(of, _)| *of == id);
        if let (Some((_, source)), Ok(kept)) = (source, serde_json::from_slice::<Waiting>(json)) {
            found.push((source.to_owned(), kept));
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn put(batch: &mut Batch<'_>, space: &str, name: &str, value: &impl Serialize) -> Result<(), NotTaken> {
    let json = serde_json::to_vec(value).map_err(|why| failed(Error::Usage(why.to_string())))?;
    batch.put(space, name.as_bytes(), &json).map_err(failed)
}

impl Waiting {
    fn of(fact: &Fact) -> Waiting {
        let person = match &fact.what {
            What::Support { person, .. } => person.clone(),
            _ => Identity::default(),
        };
        let Identity { name, emails, handle, .. } = person;
        Waiting { at_us: fact.at.0, is_commit: fact.by == By::Author, name, emails, handle }
    }

    fn fact(self, source: String) -> Fact {
        let by = if self.is_commit { By::Author } else { By::Outside };
        let person = Identity { name: self.name, emails: self.emails, handle: self.handle, id: None };
        contribution(source, Moment(self.at_us), by, person)
    }
}
