//! Inviting: names in, a link for each out, shown once; and the invitations that are open.

use super::{Asked, Frame, render, see};
use crate::app::{App, aside};
use crate::form::{self, Fields};
use crate::invitation::{InvitationsView, NewInvitation, names};
use crate::session::{Transport, Visitor};
use crate::trouble::Trouble;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};

#[derive(Template)]
#[template(path = "invitation_list.html")]
struct InvitationsPage {
    frame: Frame,
    view: InvitationsView,
    /// What was just made; each with its link.
    made: Vec<(String, String)>,
    typed: String,
    lists: Vec<String>,
    problem: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let page = page(&app, &visitor, asked.done.as_deref())?;
    let lists = match page.view.lists.as_slice() {
        [only] => vec![only.name.clone()],
        _ => Vec::new(),
    };
    render(&InvitationsPage { lists, ..page })
}

/// Makes invitations. The answer shows the links and leads nowhere: an address must not hold them.
pub(crate) async fn invite(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let (house, _) = app.house()?;
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    let typed = form::value(&fields, "names").to_owned();
    let lists: Vec<String> = values(&fields, "list");
    let wanted = names(&typed);
    let on = lists.clone();
    let made = match wanted {
        Ok(names) => aside(move || house.invite(&me, &names, &on)).await,
        Err(words) => Err(Trouble::bad("names", words)),
    };
    let shown = page(&app, &visitor, None)?;
    match made {
        Ok(made) => {
            let origin = origin(&app, &headers);
            let made = made.into_iter().map(|one| link(&origin, one)).collect();
            let page = InvitationsPage { made, ..shown };
            Ok(render(&page)?.into_response())
        }
        Err(Trouble::BadInput(problems)) => {
            let problem = problems.first().map(|problem| problem.words.clone());
            let page = InvitationsPage { typed, lists, problem, ..shown };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
        }
        Err(trouble) => Err(trouble),
    }
}

pub(crate) async fn revoke(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let (house, _) = app.house()?;
    let me = visitor.me.ok_or(Trouble::Nobody)?;
    let id = form::value(&fields, "invitation").to_owned();
    aside(move || house.revoke(&me, &id)).await?;
    Ok(see("/invitations?done=revoked"))
}

fn page(app: &App, visitor: &Visitor, done: Option<&str>) -> Result<InvitationsPage, Trouble> {
    let (house, _) = app.house()?;
    let me = visitor.me.as_deref().ok_or(Trouble::Nobody)?;
    let view = house.invitations(me)?;
    Ok(InvitationsPage {
        frame: Frame::new(app, visitor, "members", "/invitations", done)?,
        view,
        made: Vec::new(),
        typed: String::new(),
        lists: Vec::new(),
        problem: None,
    })
}

fn link(origin: &str, one: NewInvitation) -> (String, String) {
    (one.name, format!("{origin}/invitation/{}", one.code))
}

/// How the reader's own browser calls this server.
fn origin(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let scheme = match app.transport {
        Transport::Https => "https",
        Transport::Plain => "http",
    };
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}

/// All values of a field that may stand several times.
pub(crate) fn values(fields: &Fields, wanted: &str) -> Vec<String> {
    let own = fields.iter().filter(|(name, _)| name == wanted);
    own.map(|(_, value)| value.clone()).collect()
}
