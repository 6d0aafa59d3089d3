//! Signing in: a name or an address and a password, then the code of a program where the member has one; or a recovery code. The same words
//! answer a wrong password and an unknown name, after the same work. Which proof is good, the gate says (`host::gate`).

pub(crate) mod check;
pub(crate) mod issuer;
pub(crate) mod passkey;
pub(crate) mod prove;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use engine::Pseudonym;
use host::clock;
use host::gate::{Half, NoPlace, Proof};

use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, see};
use crate::front::Offer;
use crate::session::enter::{Coming, Entering, enter, no_place};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use check::{Checked, Code};

/// Where somebody goes who has come in.
const IN: &str = "/me?done=signed-in";

#[derive(Template)]
#[template(path = "sign_in/show.html")]
struct SignInPage {
    frame: Frame,
    /// The name as it was typed. Never a password.
    name: String,
    problem: Option<&'static str>,
    /// Links can be sent by mail.
    by_mail: bool,
    offer: Offer,
}

#[derive(Template)]
#[template(path = "sign_in/code.html")]
struct CodePage {
    frame: Frame,
    half: String,
    problem: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "sign_in/full.html")]
struct FullPage {
    frame: Frame,
    /// `None` where all members together have as many browsers as may be.
    half: Option<String>,
    why: &'static str,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    if visitor.me.is_some() {
        return Ok(see("/me"));
    }
    let page = visitor.page(|sight, _| {
        let frame = visitor.frame(sight, "sign-in", "/sign-in", asked.done.as_deref());
        let (by_mail, offer) = (visitor.app.post.is_some(), visitor.offer());
        Ok(SignInPage { frame, name: String::new(), problem: None, by_mail, offer })
    })?;
    Ok(page.into_response())
}

/// Checks a name and a password.
pub(crate) async fn take(visitor: Visitor, coming: Coming, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    let (name, typed) = (value(&fields, "name"), value(&fields, "password"));
    let member = match check::password(&visitor, &coming, name, typed).await? {
        Checked::Right(member) => member,
        Checked::Wrong => return again(&visitor, name, Some(words::sign_in::WRONG), StatusCode::UNPROCESSABLE_ENTITY),
        Checked::Slowed => return again(&visitor, name, Some(words::sign_in::SLOWED), StatusCode::TOO_MANY_REQUESTS),
    };
    after_first(&visitor, &coming, member).await
}

/// Goes on from a first factor that was right: asks for the second where there is one, or lets the browser in.
pub(crate) async fn after_first(visitor: &Visitor, coming: &Coming, member: Pseudonym) -> Result<Response, Trouble> {
    if visitor.app.coop.read().ways_in(member)?.has_second() {
        let half = visitor.app.halves.begin(Half { member, proven: None }, clock::now())?;
        return code_page(visitor, half, None, StatusCode::OK);
    }
    come_in(visitor, coming, Entering { member, proof: Proof::First }).await
}

/// Checks the second factor of somebody whose first one was right: a code of their program, or a recovery code in its place.
pub(crate) async fn second(visitor: Visitor, coming: Coming, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    let (half, typed) = (value(&fields, "half"), value(&fields, "code"));
    let waiting = visitor.app.halves.get(half, clock::now()).filter(|half| half.proven.is_none());
    let Some(Half { member, .. }) = waiting else {
        return again(&visitor, "", Some(words::sign_in::TOO_LATE), StatusCode::UNPROCESSABLE_ENTITY);
    };
    let (proof, checked) = match Code::of(typed) {
        Code::Recovery => (Proof::First, check::recovery(&visitor, &coming, Some(member), typed).await?),
        Code::Program => (Proof::Second, check::code(&visitor, &coming, member, typed).await?),
    };
    let half = half.to_owned();
    match checked {
        Checked::Right(_) => {}
        Checked::Wrong => {
            let words = Some(words::sign_in::WRONG_CODE);
            return code_page(&visitor, half, words, StatusCode::UNPROCESSABLE_ENTITY);
        }
        Checked::Slowed => {
            let words = Some(words::sign_in::CODES_SLOWED);
            return code_page(&visitor, half, words, StatusCode::TOO_MANY_REQUESTS);
        }
    }
    visitor.app.halves.end(&half);
    come_in(&visitor, &coming, Entering { member, proof }).await
}

/// Checks a recovery code of somebody who has lost the rest.
pub(crate) async fn recover(visitor: Visitor, coming: Coming, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    let (name, typed) = (value(&fields, "name"), value(&fields, "code"));
    let found = visitor.app.coop.read().signs_in_as(name)?;
    let member = match check::recovery(&visitor, &coming, found, typed).await? {
        Checked::Right(member) => member,
        Checked::Wrong => {
            let words = Some(words::sign_in::WRONG_RECOVERY);
            return again(&visitor, name, words, StatusCode::UNPROCESSABLE_ENTITY);
        }
        Checked::Slowed => return again(&visitor, name, Some(words::sign_in::SLOWED), StatusCode::TOO_MANY_REQUESTS),
    };
    come_in(&visitor, &coming, Entering { member, proof: Proof::First }).await
}

/// Signs all other browsers of somebody out who has proven all, and has no place for this one.
pub(crate) async fn alone(visitor: Visitor, coming: Coming, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let sessions = visitor.app.invited_sessions()?;
    let half = value(&fields, "half");
    let waiting = visitor.app.halves.get(half, clock::now());
    let Some((member, proof)) = waiting.and_then(|half| Some((half.member, half.proven?))) else {
        return again(&visitor, "", Some(words::sign_in::TOO_LATE), StatusCode::UNPROCESSABLE_ENTITY);
    };
    // Of many at once one does it.
    if visitor.app.halves.end(half) {
        sessions.end_others(member, "");
    }
    come_in(&visitor, &coming, Entering { member, proof }).await
}

async fn come_in(visitor: &Visitor, coming: &Coming, entering: Entering) -> Result<Response, Trouble> {
    match enter(visitor, coming, entering, IN).await? {
        Ok(response) => Ok(response),
        Err(full) => full_page(visitor, entering, full),
    }
}

/// Says that there is no place, and goes on from the proof without asking for it again.
fn full_page(visitor: &Visitor, entering: Entering, full: NoPlace) -> Result<Response, Trouble> {
    let proven = Half { member: entering.member, proven: Some(entering.proof) };
    let half = match full {
        NoPlace::OfOne => Some(visitor.app.halves.begin(proven, clock::now())?),
        NoPlace::OfAll => None,
    };
    let page = visitor.page(|sight, _| {
        let frame = visitor.frame(sight, "sign-in", "/sign-in", None);
        Ok(FullPage { frame, half, why: no_place(full) })
    })?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

fn again(
    visitor: &Visitor,
    name: &str,
    problem: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Trouble> {
    let page = visitor.page(|sight, _| {
        let frame = visitor.frame(sight, "sign-in", "/sign-in", None);
        let name = name.chars().take(MOST_NAME).collect();
        let (by_mail, offer) = (visitor.app.post.is_some(), visitor.offer());
        Ok(SignInPage { frame, name, problem, by_mail, offer })
    })?;
    Ok((status, page).into_response())
}

/// The most letters of a name that a page shows again.
const MOST_NAME: usize = 254;

fn code_page(
    visitor: &Visitor,
    half: String,
    problem: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Trouble> {
    let page: Html<String> = visitor.page(|sight, _| {
        let frame = visitor.frame(sight, "sign-in", "/sign-in", None);
        Ok(CodePage { frame, half, problem })
    })?;
    Ok((status, page).into_response())
}

/// Whether a member can come in by nothing but the browsers in which they are.
pub(crate) fn has_no_way(visitor: &Visitor, member: Pseudonym) -> Result<bool, Trouble> {
    let is_kept = visitor.app.invited_sessions().is_ok();
    Ok(is_kept && !visitor.app.coop.read().ways_in(member)?.lets_in())
}
