//! Members ask for money, and take a request back.

use std::sync::Arc;

use charter::SupportKind;
use quantity::{Conviction, Moment};

use super::{Request, RequestEnd, Requests};
use crate::act::{RequestMoney, WithdrawRequest};
use crate::chamber::Decision;
use crate::chamber::commitment::act::has_a_line;
use crate::context::{Context, decision, member, wrong_kind};
use crate::id::{DecisionId, ItemId, MemberIndex};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::rules::texts::{is_hash, is_its_text};
use crate::state::State;
use crate::support::act::{amount, currency, unit};

/// The most requests of one decision that stand at a time.
const MOST_ASKING: usize = 1_000;
/// The most requests of one member: those that stand, and those that they took back within the last 30 days.
const MOST_OWN: usize = 5;
/// The time for which a request that was taken back still counts, seconds: 30 days.
const COUNTS_S: i64 = 30 * 86_400;
/// The most people whom a request pays beside its asker.
const MOST_PEOPLE: usize = 20;
/// Money of a request's kind: the words in which a wrong unit is refused.
const MONEY: SupportKind = SupportKind::Donation;

/// A member asks for money. `room` says whether the text fits beside those of the same day.
// flat: the ladder of checks of one act.
pub(crate) fn ask(
    state: &mut State,
    act: &RequestMoney,
    context: &Context,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let mut people = vec![who];
    for one in &act.people {
        people.push(member(state, *one)?);
    }
    let place = decision(state, &act.decision)?;
    let known = requests(state, place, &act.decision)?;
    is_hash(&act.request)?;
    unit(state, MONEY, &act.amount)?;
    amount(act.amount.amount)?;
    currency(state, MONEY, &act.amount)?;
    leaves_places(known, who, &act.decision, context.time)?;
    room?;
    is_its_text("the request", act.text.as_ref(), &act.request)?;
    if known.list.place(&act.request).is_some() {
        let why = format!("a request of the same words was made of `{}` before", act.decision);
        return Err(Refusal::new(Rule::ItemWasThere, why, "say what is new about it"));
    }
    act.text.as_ref().map_or(Ok(()), |text| has_a_line("the request", text))?;
    let named = people.len();
    people.sort_unstable();
    people.dedup();
    if named > MOST_PEOPLE.saturating_add(1) || people.len() < named {
        let why = format!("it names {} people beside its asker, or one of them twice", act.people.len());
        return Err(Refusal::new(Rule::PeopleOutOfRange, why, format!("name 0 to {MOST_PEOPLE} others, each once")));
    }
    let Some(requests) = state.decisions.get_mut(place).and_then(Decision::requests_mut) else {
        return Ok(Vec::new());
    };
    requests.list.open(&act.request, context.time, None, None);
    requests.requests.push(Request {
        asker: who,
        people: Arc::new(people),
        minor: act.amount.amount.unsigned_abs(),
        conviction: Conviction::default(),
        backing: Arc::default(),
        end: None,
    });
    Ok(vec![Outcome::Recorded])
}

/// An asker takes a request back.
pub(crate) fn withdraw(state: &mut State, act: &WithdrawRequest, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let known = requests(state, place, &act.decision)?;
    let item = open_request(known, &act.decision, &act.request)?;
    if known.request(item).is_none_or(|request| request.asker != who) {
        let why = "you did not ask for it";
        return Err(Refusal::new(Rule::NotTheProposer, why, "ask who did, or place weight against it"));
    }
    Ok(state.close_request(place, item, RequestEnd::Withdrawn, context.time))
}

/// Refuses a ballot of somebody whom a request pays.
pub(crate) fn not_own(decision: &Decision, item: ItemId, who: MemberIndex) -> Result<(), Refusal> {
    let requests = decision.requests().filter(|requests| requests.terms.excludes_own);
    if requests.and_then(|requests| requests.request(item)).is_some_and(|request| request.is_own(who)) {
        let why = "this request would pay you";
        return Err(Refusal::new(Rule::OwnRequest, why, "place your share on another, and let others judge this one"));
    }
    Ok(())
}

/// Whether this member may ask for one more.
fn leaves_places(requests: &Requests, who: MemberIndex, name: &str, now: Moment) -> Result<(), Refusal> {
    let open = requests.asking().count();
    let counts = |item: ItemId, request: &Request| {
        let closed_at = requests.list.items.get(item).and_then(|one| one.closed_at);
        let lately = closed_at.is_some_and(|at| now < at.plus_seconds(COUNTS_S));
        request.end.is_none() || (request.end == Some(RequestEnd::Withdrawn) && lately)
    };
    let own = requests.all().filter(|(item, request)| request.asker == who && counts(*item, request)).count();
    let (why, instead) = match (own, open) {
        (MOST_OWN.., _) => (
            format!("{own} requests of `{name}` are yours, with those that you took back within 30 days"),
            "wait until one passes or closes, or until 30 days after you took one back",
        ),
        (_, MOST_ASKING..) => (
            format!("{open} requests stand on `{name}`"),
            "wait until one passes, or until one that nobody is for closes",
        ),
        _ => return Ok(()),
    };
    Err(Refusal::new(Rule::TooMany, why, instead))
}

/// The place of a request that stands.
fn open_request(requests: &Requests, decision: &str, request: &str) -> Result<ItemId, Refusal> {
    let Some(item) = requests.list.place(request) else {
        let why = format!("`{decision}` has no request `{}`", request.escape_default());
        return Err(Refusal::new(Rule::UnknownItem, why, "name a request of its page"));
    };
    if requests.request(item).is_some_and(|request| request.end.is_some()) {
        return Err(Refusal::new(Rule::ItemClosed, "this request is closed", "choose one that stands"));
    }
    Ok(item)
}

/// The requests at a place.
fn requests<'a>(state: &'a State, place: DecisionId, name: &str) -> Result<&'a Requests, Refusal> {
    let known = state.decisions.get(place);
    known
        .and_then(Decision::requests)
        .ok_or_else(|| wrong_kind(name, known.map_or("decision", |one| one.kind().word()), "a commitment of requests"))
}
