//! Reading a forge or a collective with cursors: what hooks missed comes in here, as the same facts with the same sources. The cursors move in the
//! transaction of what was read, so that a server that dies between the two reads again and records nothing twice.

use std::collections::{BTreeMap, BTreeSet};

use bridges::FarEnd;
use bridges::forge::{Change, Commit, Forge, Gone, Issue, NotRead, Page, place_of_item};
use bridges::open_collective::{self, MOST_ON_PAGE, Teller};
use engine::Actor;
use engine::act::{Act, SourceHeard};
use engine::edition::Edition;
use quantity::Moment;
use views::ItemCard;

use super::ledger::{Walked as Transactions, forget};
use super::taking::{Found, Outside, Unkept, take};
use super::{Bridge, Counts, Cursors, NoBridge, Running, Trouble, Vault, Walk};
use crate::batch::Batch;
use crate::error::Error;
use crate::inbox::{NotTaken, Report};
use crate::snapshot::Snapshot;
use crate::writable::Writable;

/// The most pages of one list that are read together: a walk goes on at the next reading.
const MOST_PAGES: u32 = 10;
/// The most pages of changes together where each change is asked for its reviews.
const MOST_PAGES_WITH_REVIEWS: u32 = 1;
/// The most pages of a walk, all readings of it together.
const MOST_PAGES_OF_WALK: u32 = 2_000;
/// The most pages of open issues that are compared.
const MOST_COMPARED: u32 = 100;
/// The most open items that the forge does not list which are asked for one by one, each day.
const MOST_ASKED: usize = 100;
/// The most open issues that are closed here, or not here at all, which one comparison looks at anew.
const MOST_MISSED: usize = 1_000;
/// The most records of one reading that are left out because they cannot be taken.
const MOST_SKIPPED: usize = 20;
/// Open issues are compared with the forge's once a day.
const COMPARE_US: i64 = DAY_US;
/// A branch may bring commits of so long ago.
const BRANCH_US: i64 = 90 * DAY_US;
/// The log is told so often that the source was heard.
const TELL_US: i64 = DAY_US - 4 * 3_600_000_000;
/// A bridge is expected to be heard every so many days.
const EXPECTED_DAYS: u32 = 7;
const DAY_US: i64 = 86_400_000_000;
const MINUTE_US: i64 = 60_000_000;
/// The longest wait after failures in a row, minutes.
const LONGEST_WAIT_MINUTES: i64 = 360;

/// The outcome of a reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Polled {
    /// Facts that were recorded.
    pub recorded: u64,
    /// There is more to read at once.
    pub more: bool,
}

/// The outcome of a dry run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryRun {
    /// The report, as it would be.
    pub report: Report,
    /// There would be more: one reading takes only so many pages.
    pub more: bool,
    /// How many transactions the collective has in all, where it is read from its beginning.
    pub total: Option<u64>,
}

/// All that one reading found, and where the next begins.
#[derive(Clone)]
struct Reading {
    found: Found,
    cursors: Cursors,
    /// Issues that were asked for by themselves, as the bridge had them.
    asked: BTreeMap<u64, i64>,
    release: Option<(String, i64)>,
    more: bool,
    /// How many transactions there are in all.
    total: Option<u64>,
    /// The seconds to wait before the next call.
    pause: Option<u32>,
    /// It ended early.
    failed: Option<Failed>,
}

/// Why a reading ended early.
#[derive(Clone)]
enum Failed {
    Forge(NotRead),
    Collective(open_collective::NotRead),
}

impl From<Failed> for NoBridge {
    fn from(why: Failed) -> NoBridge {
        match why {
            Failed::Forge(why) => NoBridge::Forge(why),
            Failed::Collective(why) => NoBridge::Collective(why),
        }
    }
}

/// Reads a forge once and records what is new, whether or not it is time. A failure is kept with the bridge.
///
/// # Errors
/// The forge could not be read, or a fault.
pub fn poll(coop: &mut Writable, vault: &Vault, id: &str, now: Moment) -> Result<Polled, NoBridge> {
    let present = coop.read();
    let bridge = present.bridge(id)?.ok_or_else(|| NoBridge::Asked("there is no such bridge".to_owned()))?;
    if bridge.state != Running::Going {
        return Err(NoBridge::Asked("the bridge is paused".to_owned()));
    }
    let read = read(&present, (id, &bridge), vault, now);
    let mut reading = match read {
        Ok(reading) => reading,
        Err(why) => {
            keep_trouble(coop, id, &why, now)?;
            return Err(why);
        }
    };
    let failed = reading.failed.clone();
    let kept = loop {
        let (id, tried, begun) = (id.to_owned(), reading.clone(), bridge.cursors.clone());
        match coop.write(move |batch| keep(batch, &id, tried, &begun, now)) {
            Ok(polled) => break Ok(polled),
            Err(why) => match skipping(&mut reading.found, why) {
                Ok(()) => {}
                Err(why) => break Err(why),
            },
        }
    };
    match (kept, failed) {
        (Ok(polled), None) => Ok(polled),
        (Ok(_), Some(why)) => {
            let why = NoBridge::from(why);
            keep_trouble(coop, id, &why, now)?;
            Err(why)
        }
        (Err(why), _) => {
            keep_trouble(coop, id, &why, now)?;
            Err(why)
        }
    }
}

/// Reads a forge as the next reading would, and records nothing.
///
/// # Errors
/// As [`poll`].
pub fn dry_run(coop: &mut Writable, vault: &Vault, id: &str, now: Moment) -> Result<DryRun, NoBridge> {
    let present = coop.read();
    let bridge = present.bridge(id)?.ok_or_else(|| NoBridge::Asked("there is no such bridge".to_owned()))?;
    let reading = read(&present, (id, &bridge), vault, now)?;
    if let Some(why) = reading.failed {
        return Err(why.into());
    }
    let (more, total) = (reading.more, reading.total);
    let mut found = reading.found;
    loop {
        let (mut bridge, id, tried) = (bridge.clone(), id.to_owned(), found.clone());
        // An error undoes the work; the report is carried out in it.
        let done: Result<(), Undone> = coop.write(move |batch| match take(batch, &id, &mut bridge, tried, now) {
            Ok(report) => Err(Undone::Report(Box::new(report))),
            Err(why) => Err(Undone::Not(why)),
        });
        match done {
            Err(Undone::Report(report)) => return Ok(DryRun { report: *report, more, total }),
            Err(Undone::Not(why)) => skipping(&mut found, why)?,
            Ok(()) => return Err(NoBridge::Asked("the dry run came to nothing".to_owned())),
        }
    }
}

enum Undone {
    Report(Box<Report>),
    Not(Unkept),
}

impl From<Error> for Undone {
    fn from(why: Error) -> Undone {
        Undone::Not(why.into())
    }
}

/// Leaves one record out that cannot be taken, so that the others can.
///
/// # Errors
/// It is no record's fault, or there are too many.
fn skipping(found: &mut Found, why: Unkept) -> Result<(), NoBridge> {
    match why {
        Unkept::Record { source, .. } if found.skips.len() < MOST_SKIPPED && found.skips.insert(source.clone()) => {
            Ok(())
        }
        Unkept::Record { why, .. } => Err(NoBridge::Asked(why)),
        Unkept::Failed(why) => Err(not_taken(why)),
    }
}

/// Asks whether a bridge would work: the forge, its token, and the ranking. Sentences, the first about the forge.
///
/// # Errors
/// The forge could not be read, or a fault.
pub fn tested(coop: &Snapshot, vault: &Vault, id: &str) -> Result<Vec<String>, NoBridge> {
    let bridge = coop.bridge(id)?.ok_or_else(|| NoBridge::Asked("there is no such bridge".to_owned()))?;
    if bridge.to() == FarEnd::OpenCollective {
        return tested_collective(coop, &bridge.teller(id, vault)?);
    }
    let forge = bridge.forge(id, vault)?;
    let about = forge.about()?;
    let mut said = vec![format!("{} answers for `{}`", bridge.to().title(), about.path)];
    if about.is_private {
        said.push(
            "the repository is private there, and titles of its issues are shown on this co-op's pages".to_owned(),
        );
    }
    if let Some(list) = &bridge.settings.list {
        if about.has_issues {
            let page = forge.issues(None, 1)?;
            said.push(format!(
                "{} issues were read{}",
                page.records.len(),
                if page.is_last { "" } else { ", and there are more" }
            ));
        } else {
            said.push("the repository has no issues".to_owned());
        }
        let takes = coop.state().open_decisions().any(|(_, one)| one.items_of() == Some(list.as_str()));
        if !takes {
            said.push(format!("no ranking of the constitution has `of=\"{list}\"`, so that issues have no place yet"));
        }
    }
    if bridge.settings.counts.contains(&Counts::Commits) {
        forge.commits(None, 1)?;
        said.push("its commits can be read".to_owned());
    }
    if bridge.settings.counts.iter().any(|kind| *kind != Counts::Commits) {
        let page = forge.changes(None, 1)?;
        if let Some(change) = page.records.first().filter(|_| bridge.settings.counts.contains(&Counts::Reviews)) {
            forge.reviewers(change)?;
        }
        said.push("its changes can be read".to_owned());
    }
    Ok(said)
}

/// Asks for one transaction, and says how many there are and of which money.
fn tested_collective(coop: &Snapshot, teller: &Teller) -> Result<Vec<String>, NoBridge> {
    let (page, _) = teller.transactions(None, 0, 1, coop.state().time)?;
    let account = &page.account;
    let mut said = vec![
        format!("Open Collective answers for `{}` ({})", account.slug, account.name),
        format!("{} transactions can be read", page.total),
    ];
    let own = coop.state().rules.kernel.currency.code();
    if !account.currency.is_empty() && account.currency != own {
        said.push(format!("its money is in {}, and this co-op's in {own}", account.currency));
    }
    Ok(said)
}

/// Reads the far end from the cursors on. Records that were read before a failure are kept.
fn read(coop: &Snapshot, (id, bridge): (&str, &Bridge), vault: &Vault, now: Moment) -> Result<Reading, NoBridge> {
    let mut reading = Reading {
        found: Found { looks_again: true, ..Found::default() },
        cursors: bridge.cursors.clone(),
        asked: BTreeMap::new(),
        release: bridge.heard.release.clone(),
        more: false,
        total: None,
        pause: None,
        failed: None,
    };
    match bridge.to() {
        FarEnd::Forge(_) => {
            let forge = bridge.forge(id, vault)?;
            let known = coop.beside.look(|store, coop| super::taking::outside(store, coop, id))?;
            reading.failed = reading.all(coop, bridge, (&forge, &known), now).err().map(Failed::Forge);
        }
        FarEnd::OpenCollective => reading.transactions(&bridge.teller(id, vault)?, now),
    }
    Ok(reading)
}

impl Reading {
    fn transactions(&mut self, teller: &Teller, now: Moment) {
        let mut ledger = self.cursors.ledger.take().unwrap_or_default();
        let total = std::cell::Cell::new(None);
        let ask = |since: Option<Moment>, offset| {
            let answer = teller.transactions(since, offset, MOST_ON_PAGE, now)?;
            if since.is_none() {
                total.set(Some(answer.0.total));
            }
            Ok(answer)
        };
        let Transactions { transfers, nameless, more, pause, failed } = ledger.walk(now, &ask);
        (self.total, self.more, self.pause) = (total.get(), more, pause);
        self.found.odd += nameless;
        self.found.transfers = transfers;
        self.found.ledger = ledger.clone();
        self.failed = failed.map(Failed::Collective);
        self.cursors.ledger = Some(ledger);
    }

    fn all(
        &mut self,
        coop: &Snapshot,
        bridge: &Bridge,
        (forge, known): (&Forge, &BTreeMap<u64, Outside>),
        now: Moment,
    ) -> Result<(), NotRead> {
        let settings = &bridge.settings;
        if let Some(list) = &settings.list {
            let updated = |issue: &Issue| issue.updated;
            let fetch = |since, page| forge.issues(since, page);
            let issues = walk(&mut self.cursors.issues, MOST_PAGES, fetch, updated);
            self.note(issues, |found, issue| found.issues.push(issue))?;
            let due = self.cursors.compared_us.is_none_or(|at| now.0.saturating_sub(at) >= COMPARE_US);
            if due && self.cursors.issues.page == 0 {
                self.compare(coop, (forge, known), list, now)?;
                self.cursors.compared_us = Some(now.0);
            }
            let places = BTreeSet::from([forge.site.place().to_owned()]);
            let here = if bridge.asks.is_empty() { BTreeMap::new() } else { here(coop, &places, list) };
            for (number, at) in bridge.asks.iter().take(MOST_ASKED) {
                self.ask(forge, *number, here.get(number).map(|here| &here.card), now)?;
                self.asked.insert(*number, *at);
            }
        }
        let (changes, reviews) =
            (settings.counts.contains(&Counts::Changes), settings.counts.contains(&Counts::Reviews));
        if changes || reviews {
            let pages = if reviews { MOST_PAGES_WITH_REVIEWS } else { MOST_PAGES };
            let (before, place) = (self.cursors.changes.clone(), bridge.place());
            let fetch = |since, page| forge.changes(since, page);
            let walked = walk(&mut self.cursors.changes, pages, fetch, |change: &Change| change.updated);
            let mut found = Vec::new();
            self.note(walked, |_, change| found.push(change))?;
            for change in found.iter().filter(|change| change.merged.is_some()) {
                if changes {
                    self.found.contributions.extend(change.fact(&place));
                }
                if reviews {
                    // The walk goes back to where it was: each change is asked again, and known.
                    let by = forge.reviewers(change).inspect_err(|_| self.cursors.changes = before.clone())?;
                    self.found.contributions.extend(by.iter().filter_map(|by| change.review(&place, by)));
                }
            }
        }
        if settings.counts.contains(&Counts::Commits) {
            self.commits(forge)?;
        }
        self.release = forge.release()?.map(|release| (release.name, release.at.0)).or(self.release.take());
        Ok(())
    }

    fn note<T>(
        &mut self,
        (records, odd, more, failed): Walked<T>,
        mut keep: impl FnMut(&mut Found, T),
    ) -> Result<(), NotRead> {
        records.into_iter().for_each(|record| keep(&mut self.found, record));
        self.found.odd += odd;
        self.more |= more;
        failed.map_or(Ok(()), Err)
    }

    /// Commits of the main branch. A branch that is merged brings older ones, so that some are read again.
    fn commits(&mut self, forge: &Forge) -> Result<(), NotRead> {
        let newest = forge.commits(None, 1)?;
        let head = newest.records.first().map(|commit| commit.id.clone());
        if head.is_none() || (head == self.cursors.head && self.cursors.commits.page == 0) {
            return Ok(());
        }
        let earlier = |since: Moment| Moment(since.0.saturating_sub(BRANCH_US));
        let fetch = |since: Option<Moment>, page| forge.commits(since.map(earlier), page);
        let walked = walk_all(&mut self.cursors.commits, MOST_PAGES, fetch, |commit: &Commit| commit.at);
        self.note(walked, |found, commit| found.contributions.extend(commit.fact(1)))?;
        self.cursors.head = head.filter(|_| self.cursors.commits.page == 0);
        Ok(())
    }

    /// Asks for one issue; one that is there no more is closed.
    fn ask(&mut self, forge: &Forge, number: u64, card: Option<&ItemCard>, now: Moment) -> Result<(), NotRead> {
        let gone = || Issue {
            number,
            title: card.map_or_else(String::new, |card| card.title.clone()),
            url: card.and_then(|card| card.url.clone()),
            labels: card.map_or_else(Vec::new, |card| card.labels.clone()),
            closed: true,
            at: now,
            updated: now,
            comments: 0,
            gone: Some(Gone::Deleted),
        };
        match forge.issue(number) {
            Ok(issue) => self.found.issues.push(issue.unwrap_or_else(gone)),
            // One issue that cannot be read, or is kept from us, holds up no other.
            Err(NotRead::Unread(_) | NotRead::Status(400..500)) => self.found.odd += 1,
            Err(why) => return Err(why),
        }
        Ok(())
    }

    /// Compares what is open here with what is open there. An issue that went without a word is asked for; one that is open there
    /// and not here is looked at anew. A difference that a report has listed is not listed again every day.
    fn compare(
        &mut self,
        coop: &Snapshot,
        (forge, known): (&Forge, &BTreeMap<u64, Outside>),
        list: &str,
        now: Moment,
    ) -> Result<(), NotRead> {
        let mut open = BTreeMap::new();
        // By the pages that the forge names: it may be called by another name than it shows.
        let mut places = BTreeSet::from([forge.site.place().to_owned()]);
        for page in 1..=MOST_COMPARED {
            let found = forge.open_issues(page)?;
            places.extend(found.records.iter().filter_map(|issue| bridges::place_of_page(issue.url.as_deref()?)));
            open.extend(found.records.into_iter().map(|issue| (issue.number, issue)));
            if found.is_last {
                break;
            }
        }
        let here = here(coop, &places, list);
        let is_listed = |number: &u64, item: &Here| known.get(number).is_some_and(|known| known.is_listed(item.turned));
        let gone =
            here.iter().filter(|(number, item)| item.open && !open.contains_key(number) && !is_listed(number, item));
        for (number, item) in gone.take(MOST_ASKED) {
            self.ask(forge, *number, Some(&item.card), now)?;
        }
        let differs = |number: &u64| here.get(number).is_none_or(|item| item.closed && !is_listed(number, item));
        let missed = open.into_iter().filter(|(number, _)| differs(number)).map(|(_, issue)| issue);
        self.found.issues.extend(missed.take(MOST_MISSED));
        Ok(())
    }
}

/// How an issue's items are here.
struct Here {
    card: ItemCard,
    /// On one of the rankings.
    open: bool,
    /// On one of them.
    closed: bool,
    /// When one of them was opened or closed last.
    turned: Moment,
}

/// A repository's issues on the rankings of a list, by number.
fn here(coop: &Snapshot, places: &BTreeSet<String>, list: &str) -> BTreeMap<u64, Here> {
    let mut all: BTreeMap<u64, Here> = BTreeMap::new();
    for (_, decision) in coop.state().open_decisions().filter(|(_, one)| one.items_of() == Some(list)) {
        for item in decision.items() {
            let card = coop.directory().item(&decision.name, &item.id).cloned().unwrap_or_default();
            let home = card.url.as_deref().and_then(bridges::place_of_page);
            let number = places.iter().find_map(|place| place_of_item(&item.id, home.as_deref(), place));
            let Some(number) = number else { continue };
            let (closed, turned) = (item.closed_at.is_some(), item.closed_at.unwrap_or(item.opened_at));
            let known = all.entry(number).or_insert(Here { card, open: false, closed: false, turned });
            (known.open, known.closed) = (known.open || !closed, known.closed || closed);
            known.turned = known.turned.max(turned);
        }
    }
    all
}

/// Records of a walk, how many could not be read, whether there are more pages, and why it ended early.
type Walked<T> = (Vec<T>, u64, bool, Option<NotRead>);

/// Walks on, at most some pages, until what is older than the last walk.
fn walk<T>(
    walk: &mut Walk,
    pages: u32,
    fetch: impl Fn(Option<Moment>, u32) -> Result<Page<T>, NotRead>,
    updated: impl Fn(&T) -> Moment,
) -> Walked<T> {
    let since = walk.since_us;
    let is_old =
        |page: &Page<T>| page.records.last().is_some_and(|last| since.is_some_and(|since| updated(last).0 < since));
    walk_until(walk, pages, &fetch, &updated, &is_old)
}

/// Walks on to the end of the list.
fn walk_all<T>(
    walk: &mut Walk,
    pages: u32,
    fetch: impl Fn(Option<Moment>, u32) -> Result<Page<T>, NotRead>,
    updated: impl Fn(&T) -> Moment,
) -> Walked<T> {
    walk_until(walk, pages, &fetch, &updated, &|_| false)
}

fn walk_until<T>(
    walk: &mut Walk,
    pages: u32,
    fetch: &dyn Fn(Option<Moment>, u32) -> Result<Page<T>, NotRead>,
    updated: &dyn Fn(&T) -> Moment,
    is_over: &dyn Fn(&Page<T>) -> bool,
) -> Walked<T> {
    let (mut records, mut odd) = (Vec::new(), 0);
    for _ in 0..pages {
        let number = walk.page.max(1);
        let page = match fetch(walk.since_us.map(Moment), number) {
            Ok(page) => page,
            Err(why) => return (records, odd, false, Some(why)),
        };
        if number == 1 {
            walk.newest_us = page.records.iter().map(|record| updated(record).0).max();
        }
        odd += page.odd.len() as u64;
        let over = page.is_last || is_over(&page) || number >= MOST_PAGES_OF_WALK;
        records.extend(page.records);
        if over {
            // The next walk begins with the newest of this one's first page: later changes came after it was read.
            *walk = Walk { since_us: walk.newest_us.max(walk.since_us), page: 0, newest_us: None };
            return (records, odd, false, None);
        }
        walk.page = number + 1;
    }
    (records, odd, true, None)
}

/// Keeps what was read, and the cursors in the same transaction.
fn keep(batch: &mut Batch<'_>, id: &str, reading: Reading, begun: &Cursors, now: Moment) -> Result<Polled, Unkept> {
    let Some(mut bridge) = batch.bridge(id)?.filter(|bridge| bridge.state == Running::Going) else {
        return Ok(Polled::default());
    };
    // Somebody else has read it meanwhile, further or from another place.
    if bridge.cursors != *begun {
        return Ok(Polled::default());
    }
    bridge.cursors = reading.cursors;
    let looked = |cursors: &Cursors| cursors.ledger.as_ref().map(|ledger| ledger.looked_us);
    if let Some(ledger) = bridge.cursors.ledger.as_ref().filter(|_| looked(&bridge.cursors) != looked(begun)) {
        forget(batch, id, ledger, now)?;
    }
    // One that was to be asked for again meanwhile stays.
    bridge.asks.retain(|number, at| reading.asked.get(number) != Some(at));
    let report = take(batch, id, &mut bridge, reading.found, now)?;
    let more = reading.more || (bridge.settings.list.is_some() && !bridge.asks.is_empty());
    let heard = &mut bridge.heard;
    (heard.release, heard.poll_us, heard.last_us) = (reading.release, Some(now.0), Some(now.0));
    if reading.failed.is_none() {
        heard.trouble = None;
        let minutes = if more { 0 } else { i64::from(bridge.settings.every_minutes) };
        let pause = i64::from(reading.pause.unwrap_or(0)).saturating_mul(1_000_000);
        heard.next_us = now.0.saturating_add(minutes.saturating_mul(MINUTE_US).max(pause));
        if !reading.more {
            tell(batch, &mut bridge, now)?;
        }
    }
    batch.put_bridge(id, &bridge)?;
    Ok(Polled { recorded: report.taken.recorded, more })
}

/// Tells the log, once a day, that the source was heard to its end.
fn tell(batch: &mut Batch<'_>, bridge: &mut Bridge, now: Moment) -> Result<(), Error> {
    let is_due = bridge.heard.told_us.is_none_or(|told| now.0.saturating_sub(told) >= TELL_US);
    let kinds = bridge.kinds();
    if kinds.is_empty() || !is_due || batch.state().editions.current < Edition::THREE {
        return Ok(());
    }
    let act = Act::SourceHeard(SourceHeard { source: bridge.source(), kinds, every_days: EXPECTED_DAYS });
    let at = batch.time(now);
    match batch.append(&act, Actor::Bridge, "", "", at) {
        // There are too many sources: the bridge works all the same.
        Ok(_) | Err(Error::Refused(_)) => bridge.heard.told_us = Some(now.0),
        Err(why) => return Err(why),
    }
    Ok(())
}

/// Keeps a failure with its bridge, and when it is tried again: after a limit as long as the forge says, and else longer each time.
fn keep_trouble(coop: &mut Writable, id: &str, why: &NoBridge, now: Moment) -> Result<(), NoBridge> {
    let (id, words) = (id.to_owned(), why.to_string());
    let limited = why.limited().map(|seconds| i64::from(seconds) * 1_000_000);
    coop.write(move |batch| {
        let Some(mut bridge) = batch.bridge(&id)? else { return Ok::<_, Error>(()) };
        let times = bridge.heard.trouble.take().map_or(0, |trouble| trouble.times).saturating_add(1);
        let minutes = 2_i64.saturating_pow(times.min(16)).min(LONGEST_WAIT_MINUTES);
        let wait = limited.unwrap_or(minutes.saturating_mul(MINUTE_US));
        bridge.heard.next_us = now.0.saturating_add(wait);
        bridge.heard.trouble = Some(Trouble { at_us: now.0, why: words, times });
        batch.put_bridge(&id, &bridge)
    })?;
    Ok(())
}

fn not_taken(why: NotTaken) -> NoBridge {
    match why {
        NotTaken::Failed(why) => NoBridge::Failed(*why),
        other => NoBridge::Asked(other.to_string()),
    }
}
