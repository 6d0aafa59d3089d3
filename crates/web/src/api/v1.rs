//! `/api/v1/…`: reads mirror the pages, acts go in one at a time.

use crate::app::App;
use crate::session::Visitor;
use crate::trouble::Trouble;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

/// What reports can be asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    at: Option<String>,
    member: Option<String>,
    by: Option<String>,
    query: Option<String>,
    cursor: Option<String>,
}

pub(crate) async fn coop(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    json(&app.desk.coop(visitor.me.as_deref())?)
}

pub(crate) async fn weights(State(app): State<App>, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let report = app.at_desk(move |desk| desk.weights_report(wanted.at.as_deref(), wanted.member.as_deref())).await?;
    json(&report)
}

pub(crate) async fn decisions(State(app): State<App>) -> Result<Response, Trouble> {
    json(&app.desk.decisions()?)
}

pub(crate) async fn standings(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Trouble> {
    let report = app.at_desk(move |desk| desk.standings_report(&name, wanted.at.as_deref())).await?;
    json(&report)
}

pub(crate) async fn issues(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    json(&app.desk.ranking(None, visitor.me.as_deref())?)
}

pub(crate) async fn book(State(app): State<App>, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let by = wanted.by.unwrap_or_else(|| "year".to_owned());
    if by != "year" && by != "month" {
        return Err(Trouble::bad("by", "`by` is `year` or `month`"));
    }
    let report = app.at_desk(move |desk| desk.book_report(&by, wanted.at.as_deref())).await?;
    json(&report)
}

pub(crate) async fn members(State(app): State<App>, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let query = wanted.query.unwrap_or_default();
    json(&app.desk.members(&query, wanted.cursor.as_deref())?)
}

pub(crate) async fn member(State(app): State<App>, Path(member): Path<String>) -> Result<Response, Trouble> {
    json(&app.desk.member(&member)?)
}

pub(crate) async fn log(State(app): State<App>, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    json(&app.desk.log(wanted.cursor.as_deref())?)
}

/// `POST /api/v1/acts`: one act as JSON, with the act's key in `Idempotency-Key`.
pub(crate) async fn submit_act(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    act: String,
) -> Result<Response, Trouble> {
    if !is_json(&headers) {
        return Err(Trouble::bad("content-type", "acts are sent as `application/json`"));
    }
    let key = match headers.get("idempotency-key").map(|key| key.to_str()) {
        None => None,
        Some(Ok(key)) => Some(key.to_owned()),
        Some(Err(_)) => return Err(Trouble::bad("idempotency-key", "the key is plain ASCII")),
    };
    let receipt = app.at_desk(move |desk| desk.submit_act(visitor.me.as_deref(), key.as_deref(), &act)).await?;
    json(&serde_json::json!({ "receipt": receipt }))
}

/// Any other type could be sent by a foreign page's form.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next());
    kind.map(str::trim) == Some("application/json")
}

pub(super) fn json(what: &impl Serialize) -> Result<Response, Trouble> {
    match serde_json::to_value(what) {
        Ok(value) => Ok(Json(value).into_response()),
        Err(fault) => {
            tracing::error!(%fault, "a view cannot be written as JSON");
            Err(Trouble::Unready)
        }
    }
}
