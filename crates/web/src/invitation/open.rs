//! An invitation: who invites to what, and the button that makes its reader a member's browser. Opening the page uses nothing
//! up, because programs open links before people do.

use super::{InvitationView, invitation, redeem};
use crate::frame::{Frame, render, see};
use crate::prose::{self, Block};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::{Path, Request};
use axum::http::header::SET_COOKIE;
use axum::response::{Html, Response};
use host::gate::{FreshId, Tried, code_hash};
use host::{Snapshot, clock};
use views::{DecisionCard, Sight};

#[derive(Template)]
#[template(path = "invitation/open.html")]
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

pub(crate) async fn show(visitor: Visitor, Path(code): Path<String>) -> Result<Html<String>, Trouble> {
    let page = looked_up(&visitor, &code, |sight, coop| {
        let view = invitation(sight, coop, &code)?;
        let kernel = view.kernel.as_deref().map(prose::blocks);
        let rules = kernel.unwrap_or_default().into_iter();
        let rules = rules.filter(|block| matches!(block, Block::Paragraph(_)));
        let (rules, decisions) = (rules.take(PARAGRAPHS).collect(), views::decision_cards(sight));
        let frame = visitor.frame(sight, "", "/", None);
        Ok(InvitationPage { frame, view, rules, decisions, code: code.clone() })
    });
    render(&page?)
}

/// Begins a session. The browser's old one ends: an id never stands for two members. Before the admission has taken effect, the page
/// says when it does.
pub(crate) async fn accept(visitor: Visitor, Path(code): Path<String>, request: Request) -> Result<Response, Trouble> {
    let (parts, _) = request.into_parts();
    let sessions = visitor.app.invited_sessions()?;
    let waits = looked_up(&visitor, &code, |sight, coop| Ok(invitation(sight, coop, &code)?.waits.is_some()))?;
    if waits {
        return Ok(see(&format!("/invitation/{code}")));
    }
    sessions.admit_one()?;
    let fresh = FreshId::new()?;
    let hash = fresh.hash.clone();
    let session = redeem(&visitor, &code, hash).await?;
    sessions.end(&parts);
    let mut response = see("/me?done=joined");
    let cookie = sessions.open_kept(&fresh, &session);
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Looks a code up. One that is wrong counts for its link, and for the member who is signed in; not for the address, which
/// many may share, and one that is right always works.
fn looked_up<T>(
    visitor: &Visitor,
    code: &str,
    look: impl FnOnce(&Sight<'_>, &Snapshot) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    visitor.app.invited_sessions()?;
    let found = visitor.see(look);
    if matches!(found, Err(Trouble::Absent)) {
        let link = Tried::Link(code_hash(code));
        let tried: Vec<_> = [link].into_iter().chain(visitor.me.map(Tried::Account)).collect();
        if visitor.app.tries.note(&tried, clock::now()) {
            return Err(Trouble::TooMany);
        }
    }
    found
}
