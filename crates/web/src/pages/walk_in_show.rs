//! Picking whom to act as, on a server that allows it.

use super::{Asked, Frame, render, see};
use crate::app::{App, Door};
use crate::form::Fields;
use crate::session::{Sessions, Visitor};
use crate::trouble::Trouble;
use askama::Template;
use axum::Form;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{Html, IntoResponse, Response};
use views::WalkInView;

#[derive(Template)]
#[template(path = "walk_in_show.html")]
struct WalkInPage {
    frame: Frame,
    view: WalkInView,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    open(&app)?;
    let frame = Frame::new(&app, &visitor, "walk-in", "/walk-in", asked.done.as_deref())?;
    let view = app.desk.walk_in(&asked.query, asked.cursor.as_deref())?;
    render(&WalkInPage { frame, view })
}

/// Begins to act as a member. The old session ends: an id never stands for two members.
pub(crate) async fn begin(State(app): State<App>, request: Request) -> Result<Response, Trouble> {
    let sessions = open(&app)?;
    let (parts, body) = request.into_parts();
    sessions.end(&parts);
    let form = Form::<Fields>::from_request(Request::from_parts(parts, body), &()).await;
    let Form(fields) = form.map_err(|_| Trouble::bad("member", "pick a member from the list"))?;
    let picked = fields.iter().find(|(name, _)| name == "member");
    let (_, member) = picked.ok_or_else(|| Trouble::bad("member", "pick a member from the list"))?;
    let known = app.desk.member(member)?;
    let headers = [(SET_COOKIE, sessions.begin(&known.member)?), (LOCATION, "/me?done=walk-in".to_owned())];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Stops acting as a member.
pub(crate) async fn end(State(app): State<App>, request: Request) -> Result<Response, Trouble> {
    let sessions = open(&app)?;
    let (parts, _) = request.into_parts();
    let cookie = sessions.end(&parts);
    let mut response = see("/");
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn open(app: &App) -> Result<&Sessions, Trouble> {
    match (app.door, &app.sessions) {
        (Door::WalkIn, Some(sessions)) => Ok(sessions),
        _ => Err(Trouble::Absent),
    }
}
