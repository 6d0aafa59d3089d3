//! Support and its reversals.

use std::sync::Arc;

use charter::{Edition, Kernel, LONGEST_SERVICE, SupportKind, SupportUnit, is_service};
use quantity::{Moment, Zone, month_index, month_start, months_later, split};

use crate::act::{Amount, Posting, Pseudonym, RecordSupport, ReverseSupport, Sides};
use crate::book::Day;
use crate::book::act::{account_allowed, room_for};
use crate::chamber::pool::not_kept_by_pools;
use crate::context::{Context, member};
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;
use crate::support::{Fingerprint, Moved, RecordRef, SupportRow, number_of};

/// The most that one record may be: 10^15 minor units, seconds or micro-credits. Sums of nine thousand such still fit.
pub(crate) const MAX_AMOUNT: i64 = 1_000_000_000_000_000;
/// The most parts that one record may be spread over, and months that a pledge may last.
const MAX_MONTHS: u32 = 120;
/// The months that a pledge lasts unless its record says otherwise: its own calendar month and the next.
const DEFAULT_MONTHS: u32 = 2;
/// The longest name of a source.
const MAX_SOURCE: usize = 128;
/// The longest name of a series of pledges.
const MAX_SERIES_NAME: usize = 64;

// flat: the ladder of checks of one act.
pub(crate) fn record(state: &mut State, act: &RecordSupport, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    // docs/spec/people.md, Joining: what comes for a record that was joined is its holder's.
    let named = state.members.index(act.member);
    let zone = &state.rules.kernel.zone;
    let who = match had_left_after(state, act.member, act.given(zone), zone) {
        Some(former) => former,
        None => member(state, state.holder(act.member))?,
    };
    // The ladder goes in the order of the rules' numbers (docs/spec/refusals.md).
    source_name(&act.source)?;
    let series = act.series.as_deref().unwrap_or("");
    series_name(series)?;
    let Some(kind) = kind_of(state, &act.kind) else {
        let kinds: Vec<&str> = SupportKind::recorded().map(SupportKind::name).collect();
        let why = format!("`{}` is not a kind of support", act.kind);
        return Err(Refusal::new(Rule::UnknownSupportKind, why, format!("one of {}", kinds.join(", "))));
    };
    unit(state, kind, &act.amount)?;
    amount(act.amount.amount)?;
    let rules = Arc::clone(&state.rules);
    let zone = &rules.kernel.zone;
    let given_at = act.given(zone);
    not_in_the_future(given_at, zone, context)?;
    let months = act.stands_months.unwrap_or(DEFAULT_MONTHS);
    parts(kind, act.parts, months)?;
    let source = not_recorded(state, &act.source)?;
    currency(state, kind, &act.amount)?;
    if kind == SupportKind::Pledge && state.support.series_full(series) {
        return Err(Refusal::new(Rule::TooMany, "there are too many series of pledges", "use one of the known series"));
    }
    if let Some(sides) = &act.book {
        bookable(state, kind, sides)?;
    }
    let given_at = given_at.ok_or_else(date_unclear)?;
    if let Some(service) = &act.service {
        service_allowed(state, kind, service)?;
    }
    if let Some(sides) = &act.book {
        not_kept_by_pools(state, &sides.to)?;
        not_kept_by_pools(state, &sides.from)?;
    }
    // docs/spec/support.md, Parts: equal monthly gifts by largest remainder, the earlier months having the odd cents.
    let amounts = split(act.amount.amount, &vec![1; act.parts as usize]);
    let rows: Vec<SupportRow> = (0_u32..)
        .zip(amounts)
        .map(|(month, amount)| {
            // The first part keeps the gift's own date; the others follow the calendar of the co-op's zone.
            let at = match month {
                0 => given_at,
                later => months_later(given_at, later, zone),
            };
            SupportRow { member: who, amount, counted_at: at, known_at: at }
        })
        .collect();
    // docs/spec/support.md, Pledges: a pledge lasts whole calendar months, and a later one of its series replaces it.
    let pledge = (kind == SupportKind::Pledge).then(|| (series, stands_until(given_at, months, zone)));
    state.support.add(source, kind, &rows, pledge);
    if let Some(named) = named.filter(|named| *named != who) {
        state.joins.note_moved(named, source.number());
    }
    if let Some(service) = &act.service {
        state.support.serve(source, kind, &rows, service);
    }
    if let Some(sides) = &act.book {
        let day = Day::of(given_at, zone);
        let (to, from) = (state.book.account_of(&sides.to), state.book.account_of(&sides.from));
        move_money(state, source, Moved { to, from, minor: act.amount.amount }, day);
    }
    state.feed_pools(source.number(), kind, act.amount.amount, Day::of(given_at, zone));
    Ok(vec![Outcome::Recorded])
}

/// The kind of a record. Credit comes of a commitment, or at the beginning of a fork's log of the old one.
fn kind_of(state: &State, kind: &str) -> Option<SupportKind> {
    let begins = state.founding.act.forked_from.is_some() && state.updates == 0;
    let credit = (begins && state.editions.current >= Edition::FOUR).then_some(SupportKind::Credit);
    SupportKind::parse_recorded(kind).or(credit.filter(|credit| credit.name() == kind))
}

/// Somebody who had left before the register was kept here, where they gave it while they were a member: docs/spec/people.md, Days of
/// joining and leaving. It gives them no weight.
fn had_left_after(state: &State, who: Pseudonym, given_at: Option<Moment>, zone: &Zone) -> Option<MemberIndex> {
    let index = state.members.index(who)?;
    let left = state.members.days(index).left_on?;
    (Day::of(given_at?, zone) <= left).then_some(index)
}

/// Returns the instant at which a pledge lapses: the start of the month after those that it lasts for.
fn stands_until(given_at: Moment, months: u32, zone: &Zone) -> Moment {
    let months = i32::try_from(months).unwrap_or(i32::MAX);
    month_start(month_index(given_at, zone).saturating_add(months), zone)
}

pub(crate) fn reverse(state: &mut State, act: &ReverseSupport, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    source_name(&act.source)?;
    let zone = &state.rules.kernel.zone;
    let given_at = act.given(zone);
    let day = given_at.map(|at| Day::of(at, zone));
    not_in_the_future(given_at, zone, context)?;
    let source = not_recorded(state, &act.source)?;
    let Some(record) = state.support.record(&act.of) else {
        let why = format!("nothing is recorded from `{}`", act.of);
        return Err(Refusal::new(Rule::UnknownSource, why, "record what was given before what was taken back"));
    };
    if record.kind == SupportKind::Credit {
        let why = format!("`{}` is credit that a commitment accepted", act.of);
        return Err(Refusal::new(
            Rule::CreditStands,
            why,
            "a decision that is taken stands: strike before its deadline",
        ));
    }
    let parts_left = state.support.parts_left(&act.of, record);
    let left = parts_left.iter().fold(0_i64, |sum, part| sum.saturating_add(*part));
    let amount = act.amount.unwrap_or(left);
    if amount <= 0 || amount > left {
        let why = format!("{left} of it is left, and {amount} would be taken back");
        let instead = "take back more than 0 and no more than is left";
        return Err(Refusal::new(Rule::ReversesTooMuch, why, instead));
    }
    let (Some(given_at), Some(day)) = (given_at, day) else { return Err(date_unclear()) };
    if let Some(giver) = state.support.giver(&act.of) {
        state.not_divided(giver, record.kind, amount)?;
    }
    let rows = reversing_rows(state, record, &parts_left, amount, given_at);
    // docs/spec/elections.md, Capacity: what a refund takes back leaves its giver's part at the next update.
    if state.editions.current >= Edition::TWO {
        for row in &rows {
            state.refunded.insert(row.member);
        }
    }
    state.support.reverse(source, &act.of, record, &rows);
    // docs/spec/support.md, Support in the book: money that came in with a record leaves again as that is taken back.
    if let Some(moved) = state.support.booked(&act.of) {
        move_money(state, source, moved.back(amount), day);
    }
    state.take_back_fed(source.number(), number_of(&act.of), amount, day);
    Ok(vec![Outcome::Recorded])
}

/// Both sides of a record in the book, on the day on which the money moved.
fn move_money(state: &mut State, source: Fingerprint, moved: Moved, day: Day) {
    let posting = |account, minor| Posting { account: state.book.account(account).to_owned(), minor };
    let postings = [posting(moved.to, moved.minor), posting(moved.from, moved.minor.saturating_neg())];
    state.book.enter(day, &postings);
    state.support.note_booked(source, moved);
}

/// Money that moved has two accounts that the book may have.
fn bookable(state: &State, kind: SupportKind, sides: &Sides) -> Result<(), Refusal> {
    account_allowed(&sides.to)?;
    account_allowed(&sides.from)?;
    let postings = [&sides.to, &sides.from].map(|account| Posting { account: account.clone(), minor: 0 });
    room_for(state, &postings)?;
    if kind.unit() == SupportUnit::Money && kind != SupportKind::Pledge && sides.to != sides.from {
        return Ok(());
    }
    let why = format!("a {} between `{}` and `{}` moves no money", kind.name(), sides.from, sides.to);
    let instead = "leave `book` out, or name two accounts of a donation, purchase, dues, loan or share capital";
    Err(Refusal::new(Rule::NothingToBook, why, instead))
}

/// A service has a name, and a promise is of none.
fn service_allowed(state: &State, kind: SupportKind, service: &str) -> Result<(), Refusal> {
    if !is_service(service) {
        let why = format!("`{service}` is not the name of a service");
        let instead =
            format!("give at most {LONGEST_SERVICE} lower-case letters, digits and single hyphens, a letter first");
        return Err(Refusal::new(Rule::NoSuchService, why, instead));
    }
    if kind == SupportKind::Pledge {
        let why = "a pledge is a promise, and a promise is of no service";
        return Err(Refusal::new(Rule::PledgeOfService, why, "leave the service out; the payment itself can have one"));
    }
    // Nobody can use up the names before one that the rules name is used.
    if state.support.services_full(service) && !names_service(&state.rules.kernel, service) {
        let why = format!("something was given to {} services already", state.support.services().count());
        return Err(Refusal::new(Rule::TooManyServices, why, "use the name of one of them"));
    }
    Ok(())
}

/// Whether a class is of a service, or a formula names it. Clauses name none but those of classes.
fn names_service(kernel: &Kernel, service: &str) -> bool {
    kernel.classes.iter().any(|class| {
        let read = class.weight.sources.iter().any(|source| source.service() == Some(service));
        read || class.service.as_deref() == Some(service)
    })
}

fn date_unclear() -> Refusal {
    let why = "it says neither `given_at` nor `given_on`, or both, or a day that the calendar does not have";
    Refusal::new(Rule::DateUnclear, why, "give an instant in `given_at`, or a day such as 2025-12-31 in `given_on`")
}

/// Rows with a minus at the dates of what they take back, split over its parts by what is left of each (largest
/// remainder), so that no part goes below zero and what is taken back wholly leaves nothing in any month.
fn reversing_rows(state: &State, record: RecordRef, parts_left: &[i64], amount: i64, at: Moment) -> Vec<SupportRow> {
    let given: Vec<SupportRow> = state
        .support
        .rows(record.kind)
        .into_iter()
        .flat_map(|rows| record.places().filter_map(|place| rows.row(place)))
        .collect();
    let parts: Vec<u64> = parts_left.iter().map(|left| u64::try_from(*left).unwrap_or(0)).collect();
    given
        .iter()
        .zip(split(amount, &parts))
        .map(|(row, part)| SupportRow {
            member: row.member,
            amount: part.saturating_neg(),
            counted_at: row.counted_at,
            known_at: at.max(row.known_at),
        })
        .collect()
}

/// Money says a currency and nothing else, time and credits say their unit and nothing else.
pub(crate) fn unit(state: &State, kind: SupportKind, amount: &Amount) -> Result<(), Refusal> {
    let (says, wanted) = match kind.unit() {
        SupportUnit::Money => (amount.currency.is_some() && amount.unit.is_none(), state.rules.kernel.currency.code()),
        SupportUnit::Seconds => (only_unit(amount, "second"), "second"),
        SupportUnit::MicroCredits => (only_unit(amount, "micro-credit"), "micro-credit"),
    };
    if says {
        return Ok(());
    }
    let why = format!("the amount of a {} does not say that it is in {wanted}", kind.name());
    Err(Refusal::new(Rule::WrongUnit, why, format!("give it in {wanted}")))
}

fn only_unit(amount: &Amount, unit: &str) -> bool {
    amount.currency.is_none() && amount.unit.as_deref() == Some(unit)
}

pub(crate) fn currency(state: &State, kind: SupportKind, amount: &Amount) -> Result<(), Refusal> {
    let own = state.rules.kernel.currency.code();
    let given = amount.currency.as_deref().unwrap_or_default();
    if kind.unit() != SupportUnit::Money || given == own {
        return Ok(());
    }
    Err(Refusal::new(Rule::WrongCurrency, format!("it is in `{given}`"), format!("this co-op's currency is {own}")))
}

/// A pledge is one payment promised again and again, so it has no parts.
fn parts(kind: SupportKind, parts: u32, months: u32) -> Result<(), Refusal> {
    let most_parts = if kind == SupportKind::Pledge { 1 } else { MAX_MONTHS };
    if (1..=most_parts).contains(&parts) && (1..=MAX_MONTHS).contains(&months) {
        return Ok(());
    }
    let why = format!("parts are {parts} and months are {months}");
    let instead =
        format!("parts go from 1 to {MAX_MONTHS}, of a pledge there is 1, and it lasts 1 to {MAX_MONTHS} months");
    Err(Refusal::new(Rule::PartsOutOfRange, why, instead))
}

/// Whether a series of pledges may have this name, as it is handed in.
#[must_use]
pub fn is_series(series: &str) -> bool {
    series.len() <= MAX_SERIES_NAME && series.chars().all(|c| !c.is_control())
}

fn series_name(series: &str) -> Result<(), Refusal> {
    if is_series(series) {
        return Ok(());
    }
    let instead = format!("give at most {MAX_SERIES_NAME} characters without control characters");
    Err(Refusal::new(Rule::NameNotAllowed, "the series' name cannot be used", instead))
}

pub(crate) fn amount(amount: i64) -> Result<(), Refusal> {
    if (1..=MAX_AMOUNT).contains(&amount) {
        return Ok(());
    }
    Err(Refusal::new(
        Rule::AmountOutOfRange,
        format!("the amount is {amount}"),
        format!("it goes from 1 to {MAX_AMOUNT}"),
    ))
}

/// A date that cannot be read is refused later in the ladder.
pub(crate) fn not_in_the_future(given_at: Option<Moment>, zone: &Zone, context: &Context) -> Result<(), Refusal> {
    let Some(given_at) = given_at.filter(|at| *at > context.time) else { return Ok(()) };
    let why = format!("it is dated {} and the log is at {}", zone.written(given_at), zone.written(context.time));
    Err(Refusal::new(Rule::GivenInTheFuture, why, "record it once it has happened"))
}

/// Whether a fact outside may have this name, as it is handed in.
#[must_use]
pub fn is_source(source: &str) -> bool {
    !source.is_empty() && source.len() <= MAX_SOURCE && source.chars().all(|c| !c.is_control())
}

pub(crate) fn source_name(source: &str) -> Result<(), Refusal> {
    if is_source(source) {
        return Ok(());
    }
    let instead = format!("give 1 to {MAX_SOURCE} characters without control characters");
    Err(Refusal::new(Rule::NameNotAllowed, "the source's name cannot be used", instead))
}

pub(crate) fn not_recorded(state: &State, source: &str) -> Result<Fingerprint, Refusal> {
    state.support.fresh(source).ok_or_else(|| {
        let why = format!("`{source}` is recorded already");
        Refusal::new(Rule::SourceAlreadyRecorded, why, "nothing needs to be done: twice is once")
    })
}

#[cfg(test)]
mod tests;
