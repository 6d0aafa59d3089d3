//! The demonstration's members use the mechanisms of time and money: projects and pledges, what each quarter is for, hours,
//! files, and credit of the real history. From the month after their constitution came into force.

use std::collections::BTreeMap;
use std::sync::Arc;

use bridges::{Fact, What};
use engine::act::{
    Act, AskPool, BringItem, CastBallot, HoldMoney, Nominate, PledgeToProject, ProposeCredit, PublishRelease,
    ReleaseFile,
};
use engine::book::Day;
use engine::credit::contributions::{Contribution, Contributions, Strikes};
use engine::credit::{Kind, sunday_of, week_of};
use engine::{MemberIndex, Pseudonym, digest};
use host::Batch;
use host::file::Room;
use quantity::{Moment, month_start};

use super::script::free;
use super::{ACTOR, LAST_YEAR, member, weighty};
use crate::exit::Exit;

const COMMONS: &str = "commons";
const SHARING: &str = "sharing";
const QUARTER: &str = "quarter";
const HELP: &str = "help";
const BINARIES: &str = "binaries";
const CREDIT: &str = "credit";
const FOUNDER: &str = "member-001";

/// The first month in which their clauses are in force, counted as year × 12 + month − 1.
pub const FIRST_MONTH: i32 = (LAST_YEAR - 2) * 12;
/// Projects ask in the last autumn, so that they are under way when the log ends.
const PROJECTS_ASK: i32 = LAST_YEAR * 12 + 9;

/// Projects: the words of each, and the goal in cents.
const PROJECTS: [(&str, i64); 3] = [
    ("A manual for beginners, printed\n\nTwo hundred copies for schools that teach with it.", 60_000),
    ("A week of bug fixes\n\nSomebody is paid to go through the oldest reports.", 45_000),
    ("A faster start on old machines\n\nMeasure first, then mend what is slow.", 30_000),
];
const WISHES: [&str; 6] = [
    "Books of a small choir, from paper",
    "Two currencies in one year's books",
    "Rules for the bank's CSV files",
    "A budget that rolls over",
    "Invoices and who has paid them",
    "Shares bought in parts",
];
const OPTIONS: [&str; 4] = [
    "A quarter for the manual",
    "A quarter for old bugs",
    "A quarter for the web page\n\nIt is the first thing that strangers see.",
    "A quarter for speed",
];

/// Hands in the acts of the beginning of a month.
pub fn month(batch: &mut Batch<'_>, commits: &[Fact], month: i32, at: Moment) -> Result<(), Exit> {
    if month < FIRST_MONTH || batch.state().decision(COMMONS).is_none() {
        return Ok(());
    }
    if month % 3 == 0 {
        put_up_options(batch, month, at)?;
    } else if month % 3 == 1 {
        vote_quarter(batch, month, at)?;
    }
    wish(batch, month, at)?;
    if month % 6 == 0 {
        publish(batch, month, at)?;
    }
    if month == PROJECTS_ASK {
        ask(batch, at)?;
        direct(batch, at)?;
    } else if month == PROJECTS_ASK + 1 {
        for (index, _) in some(batch, 0, 2, 200) {
            let wanted = BTreeMap::from([(hash(&manual_first()), 1_000_000)]);
            super::script::cast(batch, index, SHARING, wanted, 60_000, at)?;
        }
    }
    propose_credit(batch, commits, month, at)
}

fn hash(text: &str) -> String {
    digest::hex(text.as_bytes())
}

/// Some of those with weight, the same in each run.
fn some(batch: &Batch<'_>, begin: usize, step: usize, count: usize) -> Vec<(MemberIndex, Pseudonym)> {
    let state = batch.state();
    let members = weighty(state).into_iter().skip(begin).step_by(step).take(count);
    members.filter_map(|index| Some((index, state.members.pseudonym(index)?))).collect()
}

fn options_of(month: i32) -> [&'static str; 2] {
    let at = usize::try_from(month / 3).unwrap_or(0);
    let option = |at: usize| OPTIONS.get(at % OPTIONS.len()).copied().unwrap_or_default();
    [option(at), option(at + 1)]
}

/// The founder and somebody else put up what the quarter could be for, and a few give it attention.
fn put_up_options(batch: &mut Batch<'_>, month: i32, at: Moment) -> Result<(), Exit> {
    for text in options_of(month) {
        let who = member(batch, FOUNDER, at)?;
        batch.append(&engine::intent::put_up(who, QUARTER, text), ACTOR, "", "", at)?;
        nominate(batch, QUARTER, text, at)?;
    }
    Ok(())
}

/// Two of three want the first, one the second.
fn vote_quarter(batch: &mut Batch<'_>, month: i32, at: Moment) -> Result<(), Exit> {
    let [first, second] = options_of(month - 1).map(hash);
    for (index, _) in some(batch, 0, 1, 500) {
        let wanted = if index.0 % 3 == 0 { &second } else { &first };
        super::script::cast(batch, index, QUARTER, BTreeMap::from([(wanted.clone(), 1_000_000)]), 90_000, at)?;
    }
    Ok(())
}

/// Two members ask for some of the hours, and others say who needs them most.
fn wish(batch: &mut Batch<'_>, month: i32, at: Moment) -> Result<(), Exit> {
    let number = usize::try_from(month - FIRST_MONTH).unwrap_or(0);
    for (place, (_, bringer)) in (0..).zip(some(batch, number % 5, 4, 2)) {
        let item = format!("{}-{place}", number + 1);
        let title = WISHES.get((number * 2 + place) % WISHES.len()).copied().unwrap_or_default();
        let hours = 2 + i64::try_from((number + place * 3) % 4).unwrap_or(0);
        let amount =
            Some(engine::act::Amount { amount: hours * 3_600, currency: None, unit: Some("second".to_owned()) });
        let (decision, title) = (HELP.to_owned(), Some(title.into()));
        let act = BringItem { member: bringer, decision, item: item.clone(), amount, title };
        if batch.append(&Act::BringItem(act), ACTOR, "", "", at).is_err() {
            // They have two open already.
            continue;
        }
        for (index, voter) in some(batch, place + 1, 3 + place, 5) {
            if free(batch.state(), index) >= 20_000 && voter != bringer {
                item_ballot(batch, voter, HELP, &item, 20_000, at)?;
            }
        }
    }
    Ok(())
}

fn item_ballot(
    batch: &mut Batch<'_>,
    member: Pseudonym,
    decision: &str,
    item: &str,
    share_ppm: u32,
    at: Moment,
) -> Result<(), Exit> {
    let (decision, item) = (decision.to_owned(), Some(item.to_owned()));
    let act = CastBallot { member, decision, item, share_ppm, scores: None, against: false };
    batch.append(&Act::CastBallot(act), ACTOR, "", "", at)?;
    Ok(())
}

/// A version comes out, for those who give first.
fn publish(batch: &mut Batch<'_>, month: i32, at: Moment) -> Result<(), Exit> {
    let version = format!("{}.{}", month / 12, month % 12 / 6 + 1);
    let bytes = format!("This stands for hledger {version}. A demonstration ships no program.\n");
    let kept = batch.keep_file(bytes.as_bytes(), Room::USUAL, at);
    kept.map_err(|why| Exit::world(why.to_string()))?;
    let file = ReleaseFile {
        name: "hledger.txt".to_owned(),
        bytes: bytes.len() as u64,
        sha256: hash(&bytes),
        media: "text/plain".to_owned(),
    };
    let act = PublishRelease { release: BINARIES.to_owned(), version, files: vec![file] };
    batch.append(&Act::PublishRelease(act), ACTOR, "", "", at)?;
    Ok(())
}

/// Three projects ask, and members pledge money that is held for them and place weight.
fn ask(batch: &mut Batch<'_>, at: Moment) -> Result<(), Exit> {
    let usd = |amount: i64| engine::act::Amount { amount, currency: Some("USD".to_owned()), unit: None };
    for (number, (text, goal)) in (0..).zip(PROJECTS) {
        let Some((_, who)) = some(batch, number, 1, 1).first().copied() else { continue };
        batch.put_document(text)?;
        let (decision, project) = (COMMONS.to_owned(), hash(text));
        let (people, text) = (Vec::new(), Some(text.into()));
        let act = AskPool { member: who, decision, project: project.clone(), goal: usd(goal), people, text };
        batch.append(&Act::AskPool(act), ACTOR, "", "", at)?;
        for (place, (index, giver)) in (0..).zip(some(batch, number + 1, 2, 4 + number * 3)) {
            let minor = 500 + 250 * (place % 4);
            let source = format!("held:{number}:{place}");
            let account = "assets:held".to_owned();
            let hold = HoldMoney { member: giver, amount: usd(minor), at, source, account };
            batch.append(&Act::HoldMoney(hold), ACTOR, "", "", at)?;
            let (decision, project) = (COMMONS.to_owned(), project.clone());
            let pledge = PledgeToProject { member: giver, decision, project: project.clone(), amount: usd(minor) };
            batch.append(&Act::PledgeToProject(pledge), ACTOR, "", "", at)?;
            let share_ppm = 20_000.min(free(batch.state(), index));
            if share_ppm > 0 && giver != who {
                item_ballot(batch, giver, COMMONS, &project, share_ppm, at)?;
            }
        }
    }
    Ok(())
}

/// The text that would fund the first project before the others.
fn manual_first() -> String {
    let [(manual, _), ..] = PROJECTS;
    let name = hash(manual);
    let line = manual.lines().next().unwrap_or_default();
    format!(
        "The manual first\n\nSchools order before the year ends.\n\nfund {} {line}\n",
        name.get(..12).unwrap_or(&name)
    )
}

/// Somebody else than its proposer wants the manual first, and a few give that attention.
fn direct(batch: &mut Batch<'_>, at: Moment) -> Result<(), Exit> {
    let Some((_, who)) = some(batch, 5, 1, 1).first().copied() else { return Ok(()) };
    let text = manual_first();
    batch.append(&engine::intent::put_up(who, SHARING, &text), ACTOR, "", "", at)?;
    nominate(batch, SHARING, &text, at)
}

/// Some give an option a little attention.
fn nominate(batch: &mut Batch<'_>, decision: &str, text: &str, at: Moment) -> Result<(), Exit> {
    for (index, voter) in some(batch, 0, 1, 12) {
        let share_ppm = 40_000.min(free(batch.state(), index));
        if share_ppm > 0 {
            let (decision, candidate) = (decision.to_owned(), hash(text));
            let act = Nominate { member: voter, decision, candidate, share_ppm, against: false };
            batch.append(&Act::Nominate(act), ACTOR, "", "", at)?;
        }
    }
    Ok(())
}

/// The credit of the month before is proposed: everybody's commits of that month, which lead to no earlier ones in these records.
fn propose_credit(batch: &mut Batch<'_>, commits: &[Fact], month: i32, at: Moment) -> Result<(), Exit> {
    let zone = batch.state().rules.kernel.zone.clone();
    let (from, until) = (month_start(month - 1, &zone), month_start(month, &zone));
    let first_week = week_of(from);
    let day = |at: Moment| Day::of(at, &zone).to_string();
    let mut list = Contributions {
        period: (day(from), day(until)),
        week: day(sunday_of(first_week)),
        people: Vec::new(),
        items: Vec::new(),
    };
    let mut places: BTreeMap<Pseudonym, u32> = BTreeMap::new();
    for fact in commits.iter().filter(|fact| fact.at >= from && fact.at < until) {
        let What::Support { person, .. } = &fact.what else { continue };
        let who = member(batch, &person.name, at)?;
        let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
        let place = *places.entry(who).or_insert_with(|| {
            list.people.push(Some(who));
            next
        });
        let week = u32::try_from(week_of(fact.at).saturating_sub(first_week)).unwrap_or(0);
        let id = format!("commit-{:05}", list.items.len());
        let (kind, authors, links) = (Kind::Commit, vec![place], Vec::new());
        list.items.push(Contribution { kind, id, week, authors, new: true, links });
    }
    let credit = list
        .rows(&Strikes::default(), &batch.state().credit_parameters())
        .map_err(|wrong| Exit::world(format!("{wrong:?}")))?;
    if credit.is_empty() {
        return Ok(());
    }
    let text: Arc<str> = list.text().into();
    batch.put_document(&text)?;
    let (decision, period, contributions) = (CREDIT.to_owned(), list.period.0.clone(), hash(&text));
    let act = ProposeCredit { decision, period, contributions, contributions_text: Some(text), credit };
    batch.append(&Act::ProposeCredit(act), ACTOR, "", "", at)?;
    Ok(())
}
