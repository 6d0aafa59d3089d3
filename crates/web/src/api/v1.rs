//! `/api/v1/…`: reads mirror the pages, acts go in one at a time.

use crate::app::answered;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use crate::{log, member, paging, ranking};
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use engine::book::{BookPeriod, Day};
use engine::weight::{Sources, weigh};
use engine::{Actor, Pseudonym};
use host::{Called, Receipt, Snapshot, Submission, decode_act};
use quantity::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use views::{Kept, RankingPart, Sight, StandingsReport, WeightsReport, Whom};

/// Members, or items, of one page of a report.
const MOST_ROWS: usize = 1_000;

/// The parameters of reports.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    at: Option<String>,
    member: Option<String>,
    by: Option<String>,
    query: Option<String>,
    cursor: Option<String>,
}

pub(crate) async fn coop(visitor: Visitor) -> Result<Response, Trouble> {
    visitor.see(|sight, _| answer(&views::coop_summary(sight)))
}

pub(crate) async fn weights(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let past = wanted.at.is_some();
    let report = move |visitor: &Visitor| weights_report(visitor, &wanted);
    answer(&at_date(&visitor, past, report).await?)
}

fn weights_report(visitor: &Visitor, wanted: &Wanted) -> Result<WeightsReport, Trouble> {
    let past = wanted.at.as_deref().map(|text| visitor.see(|_, coop| moment(text, coop))).transpose()?;
    let weighed = past.map_or(Ok(None), |at| visitor.app.coop.weighed_at(at))?;
    visitor.see(|sight, coop| {
        let begin = paging::begin(wanted.cursor.as_deref())?;
        let whom = match &wanted.member {
            None => Whom::Page { begin, most: MOST_ROWS },
            Some(name) => Whom::One(named(coop, name)?),
        };
        let (state, at) = (weighed.as_ref().unwrap_or(sight.state), past.unwrap_or(sight.now));
        let (kernel, members) = (&state.rules.kernel, &state.members);
        let weights = weigh(kernel, members, state.given(), &mut Sources::default(), at, 1);
        Ok(views::weights_report(kernel, members, &weights, sight.directory, at, whom))
    })
}

pub(crate) async fn decisions(visitor: Visitor) -> Result<Response, Trouble> {
    visitor.see(|sight, _| answer(&views::decision_cards(sight)))
}

pub(crate) async fn standings(
    visitor: Visitor,
    Path(name): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Trouble> {
    let (past, begin) = (wanted.at.is_some(), paging::begin(wanted.cursor.as_deref())?);
    let stand = move |visitor: &Visitor| standings_report(visitor, &name, begin, wanted.at.as_deref());
    answer(&at_date(&visitor, past, stand).await?)
}

fn standings_report(
    visitor: &Visitor,
    decision: &str,
    begin: usize,
    at: Option<&str>,
) -> Result<StandingsReport, Trouble> {
    let shown = begin..begin.saturating_add(MOST_ROWS);
    as_of(visitor, at, |sight| views::standings_report(sight, decision, shown).ok_or(Trouble::Absent))
}

pub(crate) async fn served(
    visitor: Visitor,
    Path(name): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Trouble> {
    let begin = paging::begin(wanted.cursor.as_deref())?;
    visitor.see(|sight, _| answer(&views::served(sight, &name, begin).ok_or(Trouble::Absent)?))
}

pub(crate) async fn releases(visitor: Visitor) -> Result<Response, Trouble> {
    visitor.see(|sight, coop| answer(&crate::release::with_signatures(sight, coop, None)?))
}

pub(crate) async fn issues(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let begin = paging::begin(wanted.cursor.as_deref())?;
    visitor.see(|sight, _| answer(&ranking::first(sight, RankingPart::After(begin))?))
}

pub(crate) async fn book(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let by = match wanted.by.as_deref().unwrap_or("year") {
        "year" => BookPeriod::Year,
        "month" => BookPeriod::Month,
        _ => return Err(Trouble::bad("by", words::api::YEAR_OR_MONTH)),
    };
    let past = wanted.at.is_some();
    let report = move |visitor: &Visitor| {
        visitor.see(|sight, coop| {
            let until = wanted.at.as_deref().map(|text| moment(text, coop)).transpose()?;
            let until = until.map(|at| Day::of(at, &sight.state.rules.kernel.zone));
            Ok(views::book_report(&sight.state.book, by, until))
        })
    };
    answer(&at_date(&visitor, past, report).await?)
}

pub(crate) async fn members(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let past = wanted.at.is_some();
    let report = move |visitor: &Visitor| {
        let (query, cursor) = (wanted.query.as_deref().unwrap_or_default(), wanted.cursor.as_deref());
        as_of(visitor, wanted.at.as_deref(), |sight| Ok(views::members(sight, query, cursor)))
    };
    answer(&at_date(&visitor, past, report).await?)
}

/// Looks at the co-op as the log had it at a date; without one, as it is now.
pub(crate) fn as_of<T>(
    visitor: &Visitor,
    at: Option<&str>,
    look: impl FnOnce(&Sight<'_>) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let Some(text) = at else {
        return visitor.see(|sight, _| look(sight));
    };
    let now = visitor.see(|_, coop| moment(text, coop))?;
    let (state, history) = visitor.app.coop.state_at(now)?.ok_or(Trouble::Absent)?;
    let kept = Kept::of(&state, history.points());
    visitor.see(|sight, _| look(&Sight { state: &state, kept: &kept, history: history.points(), now, ..*sight }))
}

pub(crate) async fn member(visitor: Visitor, Path(member): Path<String>) -> Result<Response, Trouble> {
    visitor.see(|sight, _| answer(&member::view(sight, &member)?))
}

pub(crate) async fn log(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    visitor.see(|sight, coop| answer(&log::view(&visitor, sight, coop, wanted.cursor.as_deref())?))
}

/// `POST /api/v1/acts`: one act as JSON, with the act's key in `Idempotency-Key`.
pub(crate) async fn submit_act(visitor: Visitor, headers: HeaderMap, act: String) -> Result<Response, Trouble> {
    if !is_json(&headers) {
        return Err(Trouble::bad("content-type", words::api::ACTS_ARE_JSON));
    }
    let key = match headers.get("idempotency-key").map(|key| key.to_str()) {
        None => None,
        Some(Ok(key)) => Some(key.to_owned()),
        Some(Err(_)) => return Err(Trouble::bad("idempotency-key", words::api::PLAIN_KEY)),
    };
    let (who, receipt) = submit(&visitor, key.as_deref(), &act).await?;
    let acts_left = visitor.see(|sight, _| Ok(views::acts_left(sight.state, who, sight.now)))?;
    answer(&Submitted { receipt, acts_left })
}

/// An act that is in the log.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Submitted {
    receipt: Receipt,
    /// How many acts the member has left in the hour or the day, in a sentence, once fewer than a quarter are.
    #[serde(skip_serializing_if = "Option::is_none")]
    acts_left: Option<String>,
}

/// Hands in one act as JSON, exactly as received. As whom, the session says.
async fn submit(visitor: &Visitor, key: Option<&str>, act: &str) -> Result<(Pseudonym, Receipt), Trouble> {
    let mut line = visitor.see(|sight, coop| {
        if sight.me.is_none() && !sight.walk_in {
            // Before anything is looked up: a stranger must not learn from the answer who is in the register.
            return Err(Trouble::Nobody);
        }
        let mut find = |name: &str| named(coop, name).ok();
        decode_act(act.as_bytes(), &mut find).map_err(|misread| Trouble::bad("act", misread.to_string()))
    })?;
    // Where anyone may pick whom to act as, a program picks by naming the member in the act.
    let who = visitor.me.or_else(|| line.act.own_member()).ok_or(Trouble::Nobody)?;
    if let Some(key) = key {
        key.clone_into(&mut line.key);
    }
    if line.key.len() > host::MAX_KEY || line.key.chars().any(char::is_control) {
        return Err(Trouble::bad("Idempotency-Key", words::api::LONG_KEY));
    }
    let actor = Actor::Member(who);
    let (act, key, nonce) = (line.act, line.key, line.nonce);
    let acts = [act];
    if let Some(to_sign) = visitor.see(|_, coop| visitor.signing.to_sign(coop, &acts, who, visitor.app.coop.now()))? {
        return Err(Trouble::ToSign(to_sign));
    }
    let signed = visitor.signing.each(acts.len())?.into_iter().flatten().next().or(line.signed);
    let [act] = acts;
    let submission = Submission { act, actor, key, nonce, signed };
    match answered(|answer| visitor.app.coop.hand_in(submission, answer)).await?? {
        host::Submitted::Accepted(receipt) => Ok((who, receipt)),
        host::Submitted::Refused(refusal) => Err(refusal.into()),
        host::Submitted::KeyReused(entry) => Err(Trouble::bad("Idempotency-Key", words::api::key_used(entry))),
    }
}

/// Works out a report; one as of a date costs much.
pub(crate) async fn at_date<T: Send + 'static>(
    visitor: &Visitor,
    past: bool,
    report: impl FnOnce(&Visitor) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    if past { visitor.costly(report).await } else { visitor.aside(report).await }
}

fn moment(text: &str, coop: &Snapshot) -> Result<Moment, Trouble> {
    let zone = &coop.state().rules.kernel.zone;
    Moment::parse_at_end_of_day(text, zone).map_err(|why| Trouble::bad("at", why))
}

/// A member by pseudonym or by the name shown, which only one may have.
pub(crate) fn named(coop: &Snapshot, name: &str) -> Result<Pseudonym, Trouble> {
    let known = |member: &Pseudonym| coop.state().members.index(*member).is_some();
    if let Some(member) = name.parse().ok().filter(known) {
        return Ok(member);
    }
    match coop.called(name) {
        Called::One(member) => Ok(member),
        Called::Several => Err(Trouble::bad("member", words::api::several_called(name))),
        Called::Nobody => Err(Trouble::Absent),
    }
}

/// Any other type could be sent by a foreign page's form.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next());
    kind.map(str::trim) == Some("application/json")
}

/// An answer as JSON.
pub(crate) fn answer(what: &impl Serialize) -> Result<Response, Trouble> {
    match serde_json::to_value(what) {
        Ok(value) => Ok(Json(value).into_response()),
        Err(fault) => {
            tracing::error!(%fault, "a view cannot be written as JSON");
            Err(Trouble::Unready)
        }
    }
}
