//! Money is held for members and paid back, members give, ask, pledge, and take back.

use std::sync::Arc;

use charter::SupportKind;
use imbl::OrdMap;
use quantity::{Conviction, Moment};

use super::money::not_kept_by_pools;
use super::{End, Pool, Project};
use crate::act::{AskPool, GiveToPool, HoldMoney, PayBackHeld, PledgeToProject, Posting, WithdrawProject};
use crate::book::act::{account_allowed, room_for};
use crate::book::{AccountKind, Day};
use crate::chamber::Decision;
use crate::chamber::commitment::act::has_a_line;
use crate::context::{Context, decision, member, wrong_kind};
use crate::id::{DecisionId, ItemId, MemberIndex};
use crate::outcome::Outcome;
use crate::pool::MOST_PLEDGED;
use crate::refusal::{Refusal, Rule};
use crate::rules::texts::{is_hash, is_its_text};
use crate::state::State;
use crate::support::act::{amount, currency, not_in_the_future, not_recorded, source_name, unit};

/// The most projects of one pool that ask at a time.
const MOST_ASKING: usize = 1_000;
/// The most projects of one member in one cycle of a pool: those that ask, and those that they took back in it.
const MOST_OWN: usize = 5;
/// The most people of a project beside its proposer.
const MOST_PEOPLE: usize = 20;
/// The most pledges to one pool.
const MOST_PLEDGES: usize = 100_000;
/// Money of a project's kind: the words in which a wrong unit is refused.
const MONEY: SupportKind = SupportKind::Donation;

/// Money came in for a member.
// flat: the ladder of checks of one act.
pub(crate) fn hold(state: &mut State, act: &HoldMoney, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, state.holder(act.member))?;
    source_name(&act.source)?;
    unit(state, MONEY, &act.amount)?;
    amount(act.amount.amount)?;
    not_in_the_future(Some(act.at), &state.rules.kernel.zone, context)?;
    let source = not_recorded(state, &act.source)?;
    assets(&act.account)?;
    currency(state, MONEY, &act.amount)?;
    let postings = State::held_postings(&act.account, act.amount.amount);
    room_for(state, &postings)?;
    let minor = act.amount.amount.unsigned_abs();
    if state.all_held().saturating_add(minor) > MOST_PLEDGED {
        let why = format!("{} minor units are held for all members", state.all_held());
        return Err(Refusal::new(Rule::TooMany, why, "pay some of it back first"));
    }
    state.support.note_source(source);
    state.held.put(who, minor);
    enter(state, &postings, act.at);
    Ok(vec![Outcome::Recorded])
}

/// Money that was held for somebody went back to them.
// flat: the ladder of checks of one act.
pub(crate) fn pay_back(state: &mut State, act: &PayBackHeld, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    // Who has left is still owed what is held for them.
    let holder = state.holder(act.member);
    let Some(who) = state.members.index(holder) else {
        return Err(member(state, holder).err().unwrap_or_else(|| not_held(0, act.amount.amount)));
    };
    source_name(&act.source)?;
    unit(state, MONEY, &act.amount)?;
    amount(act.amount.amount)?;
    not_in_the_future(Some(act.at), &state.rules.kernel.zone, context)?;
    let source = not_recorded(state, &act.source)?;
    assets(&act.account)?;
    currency(state, MONEY, &act.amount)?;
    let postings = State::held_postings(&act.account, act.amount.amount.saturating_neg());
    room_for(state, &postings)?;
    is_free(state, who, act.amount.amount)?;
    state.support.note_source(source);
    state.held.take(who, act.amount.amount.unsigned_abs());
    enter(state, &postings, act.at);
    Ok(vec![Outcome::Recorded])
}

/// A member gives a pool what is held for them.
pub(crate) fn give(state: &mut State, act: &GiveToPool, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    pool(state, place, &act.decision)?;
    unit(state, MONEY, &act.amount)?;
    amount(act.amount.amount)?;
    currency(state, MONEY, &act.amount)?;
    is_free(state, who, act.amount.amount)?;
    let postings = state.gift_postings(place, act.amount.amount);
    state.held.take(who, act.amount.amount.unsigned_abs());
    if let Some(pool) = state.decisions.get_mut(place).and_then(Decision::pool_mut) {
        pool.sums.given = pool.sums.given.saturating_add(act.amount.amount);
    }
    enter(state, &postings, context.time);
    Ok(vec![Outcome::Recorded])
}

/// A member asks for money. `room` says whether the text fits beside those of the same day.
// flat: the ladder of checks of one act.
pub(crate) fn ask(
    state: &mut State,
    act: &AskPool,
    context: &Context,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let mut people = vec![who];
    for one in &act.people {
        people.push(member(state, *one)?);
    }
    let place = decision(state, &act.decision)?;
    let known = pool(state, place, &act.decision)?;
    is_hash(&act.project)?;
    unit(state, MONEY, &act.goal)?;
    amount(act.goal.amount)?;
    currency(state, MONEY, &act.goal)?;
    leaves_places(known, who, &act.decision)?;
    room?;
    is_its_text("the project", act.text.as_ref(), &act.project)?;
    if known.list.place(&act.project).is_some() {
        let why = format!("a project of the same words asked `{}` before", act.decision);
        return Err(Refusal::new(Rule::ItemWasThere, why, "say what is new about it"));
    }
    act.text.as_ref().map_or(Ok(()), |text| has_a_line("the project", text))?;
    let named = people.len();
    people.sort_unstable();
    people.dedup();
    if named > MOST_PEOPLE.saturating_add(1) || people.len() < named {
        let why = format!("it names {} people beside its proposer, or one of them twice", act.people.len());
        return Err(Refusal::new(Rule::PeopleOutOfRange, why, format!("name 0 to {MOST_PEOPLE} others, each once")));
    }
    let Some(pool) = state.decisions.get_mut(place).and_then(Decision::pool_mut) else { return Ok(Vec::new()) };
    pool.list.open(&act.project, context.time, None, None);
    pool.projects.push(Project {
        proposer: who,
        people: Arc::new(people),
        goal_minor: act.goal.amount.unsigned_abs(),
        pledges: OrdMap::new(),
        conviction: Conviction::default(),
        eligible_since: None,
        end: None,
    });
    Ok(vec![Outcome::Recorded])
}

/// A proposer takes a project back.
pub(crate) fn withdraw(state: &mut State, act: &WithdrawProject, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let known = pool(state, place, &act.decision)?;
    let item = open_project(known, &act.decision, &act.project)?;
    if known.project(item).is_none_or(|project| project.proposer != who) {
        let why = "you did not ask for it";
        return Err(Refusal::new(Rule::NotTheProposer, why, "ask its proposer, or place weight against it"));
    }
    Ok(state.close_project(place, item, End::Withdrawn, context.time))
}

/// A member pledges, pledges something else, or takes their pledge back.
// flat: the ladder of checks of one act.
pub(crate) fn pledge(state: &mut State, act: &PledgeToProject) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let known = pool(state, place, &act.decision)?;
    let had = |pool: &Pool| {
        let project = pool.list.place(&act.project).and_then(|item| pool.project(item));
        project.and_then(|project| project.pledges.get(&who).copied()).unwrap_or(0)
    };
    let had = had(known);
    if act.amount.amount == 0 && had == 0 {
        let why = "you have pledged nothing to it";
        return Err(Refusal::new(Rule::NothingToTakeBack, why, "nothing needs to be done"));
    }
    let item = open_project(known, &act.decision, &act.project)?;
    unit(state, MONEY, &act.amount)?;
    if act.amount.amount != 0 {
        amount(act.amount.amount)?;
    }
    currency(state, MONEY, &act.amount)?;
    let minor = act.amount.amount.unsigned_abs();
    has_room(state, place, item, who, minor)?;
    let more = i64::try_from(minor.saturating_sub(had)).unwrap_or(i64::MAX);
    is_free(state, who, more)?;
    state.held.put(who, had);
    state.held.take(who, minor);
    set_pledge(state, place, item, who, minor);
    Ok(vec![Outcome::Recorded])
}

fn set_pledge(state: &mut State, place: DecisionId, item: ItemId, who: MemberIndex, minor: u64) {
    let pool = state.decisions.get_mut(place).and_then(Decision::pool_mut);
    if let Some(project) = pool.and_then(|pool| pool.projects.get_mut(item)) {
        match minor {
            0 => project.pledges.remove(&who),
            minor => project.pledges.insert(who, minor),
        };
    }
}

/// Refuses a pledge with which matches could not be worked out any more. A smaller one, or none, can always be made.
fn has_room(state: &State, place: DecisionId, item: ItemId, who: MemberIndex, minor: u64) -> Result<(), Refusal> {
    let Some(pool) = state.decisions.get(place).and_then(Decision::pool) else { return Ok(()) };
    let stands = pool.project(item).is_some_and(|project| project.pledges.contains_key(&who));
    if stands || minor == 0 {
        return Ok(());
    }
    let count = pool.asking().fold(0_usize, |sum, (_, project)| sum.saturating_add(project.pledges.len()));
    if count < MOST_PLEDGES && state.has_room_for(pool, item, who, minor) {
        return Ok(());
    }
    let why = format!("{count} pledges stand here, and no more can be matched");
    Err(Refusal::new(Rule::TooMany, why, "add to a pledge that stands, or wait until projects are funded"))
}

/// Whether this member may ask for one more in this cycle.
fn leaves_places(pool: &Pool, who: MemberIndex, name: &str) -> Result<(), Refusal> {
    let open = pool.asking().count();
    let counts = |item: ItemId, project: &Project| {
        let closed_at = pool.list.items.get(item).and_then(|one| one.closed_at);
        let taken_back = project.end == Some(End::Withdrawn) && closed_at.is_some_and(|at| at >= pool.from());
        project.end.is_none() || taken_back
    };
    let own = pool.projects().filter(|(item, project)| project.proposer == who && counts(*item, project)).count();
    let why = match (own, open) {
        (MOST_OWN.., _) => format!("you have asked `{name}` for {own} projects in this cycle"),
        (_, MOST_ASKING..) => format!("{open} projects ask `{name}`"),
        _ => return Ok(()),
    };
    Err(Refusal::new(Rule::TooMany, why, "wait for the end of the cycle"))
}

/// The place of a project that asks now.
fn open_project(pool: &Pool, decision: &str, project: &str) -> Result<ItemId, Refusal> {
    let Some(item) = pool.list.place(project) else {
        let why = format!("`{decision}` has no project `{}`", project.escape_default());
        return Err(Refusal::new(Rule::UnknownItem, why, "name a project of its page"));
    };
    if pool.project(item).is_some_and(|project| project.end.is_some()) {
        return Err(Refusal::new(Rule::ItemClosed, "this project asks no more", "choose one that does"));
    }
    Ok(item)
}

/// The pool at a place.
fn pool<'a>(state: &'a State, place: DecisionId, name: &str) -> Result<&'a Pool, Refusal> {
    let known = state.decisions.get(place);
    known
        .and_then(Decision::pool)
        .ok_or_else(|| wrong_kind(name, known.map_or("decision", |one| one.kind().word()), "a pool"))
}

/// Refuses more than is held for somebody and pledged to nothing.
fn is_free(state: &State, who: MemberIndex, minor: i64) -> Result<(), Refusal> {
    let free = i64::try_from(state.held.free(who)).unwrap_or(i64::MAX);
    if minor <= free { Ok(()) } else { Err(not_held(free, minor)) }
}

fn not_held(free: i64, minor: i64) -> Refusal {
    let why = format!("{free} minor units are held for them and pledged to nothing, and this takes {minor}");
    Refusal::new(Rule::NotHeld, why, "take a pledge back, or pay money in that is held")
}

/// Money is on an account of the co-op.
fn assets(account: &str) -> Result<(), Refusal> {
    account_allowed(account)?;
    if AccountKind::of(account) == Some(AccountKind::Assets) {
        return Ok(());
    }
    let why = format!("`{account}` holds no money");
    Err(Refusal::new(Rule::AccountNotAllowed, why, "name the account under assets: that it came to or left"))
}

fn enter(state: &mut State, postings: &[Posting], at: Moment) {
    let day = Day::of(at, &state.rules.kernel.zone);
    state.book.enter(day, postings);
}

impl State {
    /// All that is held for members, pledged or not; minor units.
    pub(crate) fn all_held(&self) -> u64 {
        let pools = self.open_decisions().filter_map(|(_, decision)| decision.pool());
        pools.fold(self.held.all_free(), |sum, pool| sum.saturating_add(pool.pledged()))
    }
}

/// Refuses accounts that pools keep.
pub(crate) fn accounts_free(state: &State, postings: &[Posting]) -> Result<(), Refusal> {
    postings.iter().try_for_each(|posting| not_kept_by_pools(state, &posting.account))
}
