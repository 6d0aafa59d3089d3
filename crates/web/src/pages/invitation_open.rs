//! An invitation: who invites to what, and the button that makes its reader a member's browser. Opening the page uses nothing
//! up, because programs open links before people do.

use super::{Frame, render, see};
use crate::app::{App, aside};
use crate::invitation::InvitationView;
use crate::prose::{self, Block};
use crate::session::{FreshId, Visitor};
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::header::SET_COOKIE;
use axum::response::{Html, Response};
use host::clock;
use views::DecisionCard;

#[derive(Template)]
#[template(path = "invitation_open.html")]
struct InvitationPage {
    frame: Frame,
    view: InvitationView,
    /// The first words of the kernel.
    rules: Vec<Block>,
    decisions: Vec<DecisionCard>,
    code: String,
}

/// So much of the kernel is the rules in short.
const PARAGRAPHS: usize = 2;

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(code): Path<String>,
    request: Request,
) -> Result<Html<String>, Trouble> {
    let (parts, _) = request.into_parts();
    let view = looked_up(&app, &parts, |house| house.invitation(&code))?;
    let frame = Frame::new(&app, &visitor, "", "/", None)?;
    let kernel = view.kernel.as_deref().map(prose::blocks);
    let rules = kernel.unwrap_or_default().into_iter();
    let rules = rules.filter(|block| matches!(block, Block::Paragraph(_)));
    let decisions = app.desk.decisions()?;
    render(&InvitationPage { frame, view, rules: rules.take(PARAGRAPHS).collect(), decisions, code })
}

/// Begins a session. The browser's old one ends: an id never stands for two members.
pub(crate) async fn accept(
    State(app): State<App>,
    Path(code): Path<String>,
    request: Request,
) -> Result<Response, Trouble> {
    let (parts, _) = request.into_parts();
    let (house, sessions) = app.house()?;
    looked_up(&app, &parts, |house| house.invitation(&code).map(|_| ()))?;
    sessions.admit_one(clock::now())?;
    let fresh = FreshId::new()?;
    let hash = fresh.hash.clone();
    let session = aside(move || house.redeem(&code, &hash)).await?;
    sessions.end(&parts);
    let mut response = see("/me?done=joined");
    let cookie = sessions.open_kept(&fresh, &session);
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Looks a code up for somebody who was not wrong too often.
fn looked_up<T>(
    app: &App,
    parts: &axum::http::request::Parts,
    look: impl FnOnce(&crate::hosted::HostDesk) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let (house, _) = app.house()?;
    let (from, now) = (app.address(parts), clock::now());
    if !app.tries.allows(from, now) {
        return Err(Trouble::TooMany);
    }
    let found = look(&house);
    if matches!(found, Err(Trouble::Absent)) {
        app.tries.note(from, now);
    }
    found
}
