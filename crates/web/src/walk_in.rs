//! Picking whom to act as, on a server that allows it.

use crate::app::{App, Door};
use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, see};
use crate::member;
use crate::session::Sessions;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::Form;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{Html, IntoResponse, Response};
use views::WalkInView;

#[derive(Template)]
#[template(path = "walk_in/show.html")]
struct WalkInPage {
    frame: Frame,
    view: WalkInView,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    open(&visitor.app)?;
    visitor.page(|sight, _| {
        let frame = visitor.frame(sight, "walk-in", "/walk-in", asked.done.as_deref());
        Ok(WalkInPage { frame, view: views::walk_in(sight, &asked.query, asked.cursor.as_deref()) })
    })
}

/// Begins to act as a member. The old session ends: an id never stands for two members.
pub(crate) async fn begin(visitor: Visitor, request: Request) -> Result<Response, Trouble> {
    let sessions = open(&visitor.app)?;
    let (parts, body) = request.into_parts();
    sessions.end(&parts);
    let form = Form::<Fields>::from_request(Request::from_parts(parts, body), &()).await;
    let picked = form.ok().filter(|Form(fields)| fields.iter().any(|(name, _)| name == "member"));
    let Form(fields) = picked.ok_or_else(|| Trouble::bad("member", words::walk_in::FROM_THE_LIST))?;
    let known = visitor.see(|sight, _| member::view(sight, value(&fields, "member")))?;
    let member = known.member.parse().map_err(|_| Trouble::Absent)?;
    let headers = [(SET_COOKIE, sessions.begin(member)?), (LOCATION, "/me?done=walk-in".to_owned())];
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
