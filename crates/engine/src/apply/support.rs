//! What members give, and what is taken back.

use charter::{SupportKind, SupportUnit};
use quantity::{Moment, month_index, month_start, months_later, split};

use crate::act::{Amount, RecordSupport, ReverseSupport};
use crate::apply::{Context, member};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;
use crate::weight::SupportRow;

/// The most that one record may be: 10^15 minor units, seconds or micro-credits. Sums of nine thousand such still fit.
const MAX_AMOUNT: i64 = 1_000_000_000_000_000;
/// The most parts that one record may be spread over, and months that a pledge may stand.
const MAX_MONTHS: u32 = 120;
/// How long a pledge stands unless its record says otherwise: its own calendar month and the next.
const DEFAULT_MONTHS: u32 = 2;
/// The longest name of a source.
const MAX_SOURCE: usize = 128;

pub(super) fn record(
    state: &mut State,
    act: &RecordSupport,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    source_name(&act.source)?;
    let Some(kind) = SupportKind::parse(&act.kind) else {
        let kinds: Vec<&str> = SupportKind::ALL.iter().map(|kind| kind.name()).collect();
        let why = format!("`{}` is not a kind of support", act.kind);
        return Err(Refusal::new(
            Rule::UnknownSupportKind,
            why,
            format!("one of {}", kinds.join(", ")),
        ));
    };
    unit(state, kind, &act.amount)?;
    amount(act.amount.amount)?;
    not_in_the_future(act.given_at, context)?;
    let months = act.stands_months.unwrap_or(DEFAULT_MONTHS);
    if !(1..=MAX_MONTHS).contains(&act.parts) || !(1..=MAX_MONTHS).contains(&months) {
        let why = format!("parts are {} and months are {months}", act.parts);
        return Err(Refusal::new(
            Rule::PartsOutOfRange,
            why,
            format!("both go from 1 to {MAX_MONTHS}"),
        ));
    }
    let series = act.series.as_deref().unwrap_or("");
    if series.len() > 64 || state.support.series_full(series) {
        return Err(Refusal::new(
            Rule::TooMany,
            "there are too many series of pledges, or its name is too long",
            "use one of the known series",
        ));
    }
    already_recorded(state, &act.source)?;
    let zone = &state.rules.kernel.zone;
    let parts = split(act.amount.amount, &vec![1; act.parts as usize]);
    let rows: Vec<SupportRow> = (0_u32..)
        .zip(parts)
        .map(|(month, amount)| {
            let at = months_later(act.given_at, month, zone);
            SupportRow {
                member: who,
                amount,
                counted_at: at,
                known_at: at,
            }
        })
        .collect();
    let until = month_start(
        month_index(act.given_at, zone).saturating_add(i32::try_from(months).unwrap_or(i32::MAX)),
        zone,
    );
    let pledge = (kind == SupportKind::Pledge).then_some((series, until));
    state.support.add(&act.source, kind, &rows, pledge);
    Ok(vec![Outcome::Recorded])
}

pub(super) fn reverse(
    state: &mut State,
    act: &ReverseSupport,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    source_name(&act.source)?;
    not_in_the_future(act.given_at, context)?;
    already_recorded(state, &act.source)?;
    let known = state
        .support
        .record(&act.of)
        .and_then(|record| Some((record, state.support.left(&act.of, record)?)));
    let Some((record, (left, who))) = known else {
        let why = format!("nothing is recorded from `{}`", act.of);
        return Err(Refusal::new(
            Rule::UnknownSource,
            why,
            "record what was given before what was taken back",
        ));
    };
    let amount = act.amount.unwrap_or(left);
    let whole_only = record.kind == SupportKind::Pledge && amount != left;
    if amount <= 0 || amount > left || whole_only {
        let why = format!("{left} of it is left, and {amount} would be taken back");
        let instead = if whole_only {
            "a pledge is taken back whole"
        } else {
            "take back no more than is left"
        };
        return Err(Refusal::new(Rule::ReversesTooMuch, why, instead));
    }
    let rows = reversing_rows(state, record, amount, act.given_at, who);
    state
        .support
        .reverse(&act.source, &act.of, record, &rows, amount);
    Ok(vec![Outcome::Recorded])
}

/// Rows with a minus at the dates of what they take back, split over its parts by their amounts (largest remainder).
fn reversing_rows(
    state: &State,
    record: crate::weight::RecordRef,
    amount: i64,
    at: Moment,
    who: u32,
) -> Vec<SupportRow> {
    let first = record.first as usize;
    let given: Vec<SupportRow> = state
        .support
        .rows(record.kind)
        .into_iter()
        .flat_map(|rows| {
            (first..first.saturating_add(record.parts as usize)).filter_map(|place| rows.row(place))
        })
        .collect();
    let parts: Vec<u64> = given
        .iter()
        .map(|row| u64::try_from(row.amount).unwrap_or(0))
        .collect();
    given
        .iter()
        .zip(split(amount, &parts))
        .map(|(row, part)| SupportRow {
            member: who,
            amount: part.saturating_neg(),
            counted_at: row.counted_at,
            known_at: at.max(row.known_at),
        })
        .collect()
}

fn unit(state: &State, kind: SupportKind, amount: &Amount) -> Result<(), Refusal> {
    let (given, wanted) = match kind.unit() {
        SupportUnit::Money => {
            let own = state.rules.kernel.currency.code().to_owned();
            if amount.unit.is_none() && amount.currency.as_deref().is_some_and(|code| code != own) {
                let why = format!(
                    "it is in `{}`",
                    amount.currency.as_deref().unwrap_or_default()
                );
                return Err(Refusal::new(
                    Rule::WrongCurrency,
                    why,
                    format!("this co-op's currency is {own}"),
                ));
            }
            (
                amount.currency.clone().filter(|_| amount.unit.is_none()),
                own,
            )
        }
        SupportUnit::Seconds => (
            amount.unit.clone().filter(|_| amount.currency.is_none()),
            "second".to_owned(),
        ),
        SupportUnit::MicroCredits => (
            amount.unit.clone().filter(|_| amount.currency.is_none()),
            "micro-credit".to_owned(),
        ),
    };
    if given.as_deref() == Some(wanted.as_str()) {
        return Ok(());
    }
    let why = format!(
        "the amount of a {} does not say that it is in {wanted}",
        kind.name()
    );
    Err(Refusal::new(
        Rule::WrongUnit,
        why,
        format!("give it in {wanted}"),
    ))
}

fn amount(amount: i64) -> Result<(), Refusal> {
    if (1..=MAX_AMOUNT).contains(&amount) {
        return Ok(());
    }
    Err(Refusal::new(
        Rule::AmountOutOfRange,
        format!("the amount is {amount}"),
        format!("it goes from 1 to {MAX_AMOUNT}"),
    ))
}

fn not_in_the_future(given_at: Moment, context: &Context) -> Result<(), Refusal> {
    if given_at <= context.time {
        return Ok(());
    }
    let why = format!(
        "it is dated {given_at} and the log stands at {}",
        context.time
    );
    Err(Refusal::new(
        Rule::GivenInTheFuture,
        why,
        "record it once it has happened",
    ))
}

pub(super) fn source_name(source: &str) -> Result<(), Refusal> {
    let allowed =
        !source.is_empty() && source.len() <= MAX_SOURCE && source.chars().all(|c| !c.is_control());
    if allowed {
        return Ok(());
    }
    let instead = format!("give 1 to {MAX_SOURCE} characters without control characters");
    Err(Refusal::new(
        Rule::NameNotAllowed,
        "the source's name cannot be used",
        instead,
    ))
}

pub(super) fn already_recorded(state: &State, source: &str) -> Result<(), Refusal> {
    if !state.support.knows(source) {
        return Ok(());
    }
    let why = format!("`{source}` is recorded already");
    Err(Refusal::new(
        Rule::SourceAlreadyRecorded,
        why,
        "nothing needs to be done: twice is once",
    ))
}
