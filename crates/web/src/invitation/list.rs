//! Inviting: names in, a link for each out, shown once; and the invitations that are open.

use super::{InvitationsView, NewInvitation, invitations, invite as make, names, revoke as take_back};
use crate::form::{Fields, value, values};
use crate::frame::{Asked, Frame, render, see};
use crate::session::Transport;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use host::gate::{code_hash, invitation_id};

#[derive(Template)]
#[template(path = "invitation/list.html")]
struct InvitationsPage {
    frame: Frame,
    view: InvitationsView,
    /// Invitations that were just made.
    made: Vec<MadeLink>,
    typed: String,
    lists: Vec<String>,
    problem: Option<String>,
}

/// A link that is shown once.
struct MadeLink {
    name: String,
    link: String,
    /// When the admission takes effect; `None` for a link that works now.
    waits: Option<String>,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    let page = page(&visitor, asked.done.as_deref())?;
    let lists = match page.view.lists.as_slice() {
        [only] => vec![only.name.clone()],
        _ => Vec::new(),
    };
    render(&InvitationsPage { lists, ..page })
}

/// Makes the invitations and shows their links, once. The links stand nowhere: an address must not hold them.
pub(crate) async fn invite(
    visitor: Visitor,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    visitor.me()?;
    let typed = value(&fields, "names").to_owned();
    let lists: Vec<String> = values(&fields, "list");
    let on = lists.clone();
    let made = match names(&typed) {
        Ok(names) => make(&visitor, names, on).await,
        Err(words) => Err(Trouble::bad("names", words)),
    };
    let shown = page(&visitor, None)?;
    match made {
        Ok(made) => {
            let origin = origin(&visitor, &headers);
            let made = made.into_iter().map(|one| link(&origin, one, &shown.view)).collect();
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

pub(crate) async fn revoke(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    let id = value(&fields, "invitation").to_owned();
    take_back(&visitor, id).await?;
    Ok(see("/invitations?done=revoked"))
}

fn page(visitor: &Visitor, done: Option<&str>) -> Result<InvitationsPage, Trouble> {
    visitor.app.invited_sessions()?;
    let me = visitor.me()?;
    visitor.see(|sight, coop| {
        Ok(InvitationsPage {
            frame: visitor.frame(sight, "members", "/invitations", done),
            view: invitations(sight, coop, me)?,
            made: Vec::new(),
            typed: String::new(),
            lists: Vec::new(),
            problem: None,
        })
    })
}

fn link(origin: &str, one: NewInvitation, view: &InvitationsView) -> MadeLink {
    let id = invitation_id(&code_hash(&one.code));
    let waits = view.open.iter().find(|open| open.id == id).and_then(|open| open.waits.clone());
    MadeLink { name: one.name, link: format!("{origin}/invitation/{}", one.code), waits }
}

/// How the reader's own browser calls this server.
fn origin(visitor: &Visitor, headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let scheme = match visitor.app.transport {
        Transport::Https => "https",
        Transport::Plain => "http",
    };
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}
