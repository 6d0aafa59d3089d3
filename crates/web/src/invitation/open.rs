//! An invitation: who invites to what, and the button that makes its reader a member's browser. Opening the page uses nothing
//! up, because programs open links before people do.

use super::{InvitationView, invitation, redeem};
use crate::form::{Fields, value};
use crate::frame::{Frame, render, see};
use crate::prose::{self, Block};
use crate::session::enter::{Coming, with_cookie};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::{Html, Response};
use host::gate::{FreshId, MOST_BROWSERS, NoPlace, Session, Tried, code_hash};
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
    /// The member has as many browsers as may be.
    is_full: bool,
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
        let is_full = visitor.app.invited_sessions()?.of(view.member, "").len() >= MOST_BROWSERS;
        Ok(InvitationPage { frame, view, rules, decisions, is_full, code: code.clone() })
    });
    render(&page?)
}

/// Begins a session. The browser's old one ends: an id never stands for two members. Before the admission has taken effect, the page
/// says when it does.
pub(crate) async fn accept(
    visitor: Visitor,
    coming: Coming,
    Path(code): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let sessions = visitor.app.invited_sessions()?;
    let view = looked_up(&visitor, &code, |sight, coop| invitation(sight, coop, &code))?;
    if view.waits.is_some() {
        return Ok(see(&format!("/invitation/{code}")));
    }
    sessions.admit_one()?;
    // The place first, so that a link is not used up for nothing. The link's holder may sign the others out: it is a way in.
    if !value(&fields, "alone").is_empty() {
        sessions.end_others(view.member, "");
    }
    let fresh = FreshId::new()?;
    let begun = Session { browser: coming.browser.clone(), ..Session::begun(view.member, clock::now()) };
    let cookie = sessions.take_place(&fresh, &begun).map_err(|full| Trouble::NoPlace(no_place_by_link(full)))?;
    if let Err(trouble) = redeem(&visitor, &code, fresh.hash.clone(), coming.browser).await {
        sessions.give_back(&fresh);
        return Err(trouble);
    }
    if let Ok((id, _)) = visitor.session() {
        sessions.end_id(id);
    }
    let noted = visitor.app.coop.read().ways_in(view.member)?;
    if let Some(at_us) = noted.changed_us() {
        sessions.note_changed(view.member, at_us, &fresh.id);
    }
    Ok(with_cookie(see("/me?done=joined"), &cookie))
}

fn no_place_by_link(full: NoPlace) -> &'static str {
    match full {
        NoPlace::OfOne => words::invitation::FULL,
        NoPlace::OfAll => words::sign_in::ALL_FULL,
    }
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
