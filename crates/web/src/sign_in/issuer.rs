//! Signing in by an account at an issuer, and coming back from there. A browser is sent on by a link, and its answer is taken by a form:
//! loading a page changes nothing.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, Response};
use engine::Pseudonym;
use host::clock;
use host::gate::{Account, Half, Kind, NoWay, Proof};
use proof::issuer::{Answer, Asked, Identity, Issuers, Refused};
use std::sync::Arc;

use super::check::network;
use super::{again, come_in};
use crate::form::Fields;
use crate::frame::{Frame, see};
use crate::session::enter::{Coming, Entering};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use crate::way;

#[derive(Template)]
#[template(path = "sign_in/back.html")]
struct BackPage {
    frame: Frame,
    to: String,
    /// The issuer's answer, as names and values of this page's form.
    answer: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "sign_in/leave.html")]
struct LeavePage {
    frame: Frame,
    title: String,
    address: String,
}

/// The use of a question: to sign in, or to link an account of this member.
fn usage(name: &str, linking: Option<Pseudonym>) -> String {
    match linking {
        Some(member) => format!("link/{member}/{name}"),
        None => format!("issuer/{name}"),
    }
}

/// The address to which an issuer sends browsers back; none where the operator has not named the one at which this browser is.
fn back(visitor: &Visitor, name: &str) -> Result<String, &'static str> {
    let party = visitor.here.party.as_ref().map_err(crate::front::Nowhere::words)?;
    Ok(format!("{}/sign-in/issuer/{name}/back", party.origin()))
}

/// Sends a browser on to an issuer. Nothing is kept here of it: the browser keeps the question.
pub(crate) async fn leave(visitor: Visitor, coming: Coming, Path(name): Path<String>) -> Result<Response, Trouble> {
    match begun(&visitor, &coming, &name).await? {
        Ok((address, asked)) => visitor.asked(&usage(&name, None), &asked, see(&address)),
        Err(why) => again(&visitor, "", Some(why), status(why)),
    }
}

/// Links an account: the browser is sent on by a link, since a form leads nowhere but here.
pub(crate) async fn link(visitor: Visitor, coming: Coming, Path(name): Path<String>) -> Result<Response, Trouble> {
    let Some(proof) = way::fresh(&visitor)? else { return Ok(super::prove::prove_first("/me/ways")) };
    let (address, asked) = match begun(&visitor, &coming, &name).await? {
        Ok(begun) => begun,
        Err(why) => return way::again(&visitor, why, status(why)),
    };
    let title = title(&visitor, &name)?;
    let page = visitor
        .page(|sight, _| Ok(LeavePage { frame: visitor.frame(sight, "me", "/me/ways", None), title, address }))?;
    visitor.asked(&usage(&name, Some(proof.member())), &asked, page)
}

async fn begun(
    visitor: &Visitor,
    coming: &Coming,
    name: &str,
) -> Result<Result<(String, Asked), &'static str>, Trouble> {
    title(visitor, name)?;
    let back = match back(visitor, name) {
        Ok(back) => back,
        Err(words) => return Ok(Err(words)),
    };
    let name = name.to_owned();
    called(visitor, coming, move |issuers| issuers.begin(&name, &back, clock::now())).await
}

/// Calls an issuer, away from the threads that answer readers. A call that comes to nothing counts as a wrong try of the address from which
/// the browser comes: the places for calls are few.
async fn called<T: Send + 'static>(
    visitor: &Visitor,
    coming: &Coming,
    call: impl FnOnce(&Issuers) -> Result<T, Refused> + Send + 'static,
) -> Result<Result<T, &'static str>, Trouble> {
    let tried = [network(visitor, coming)];
    if !visitor.app.tries.may_try(&tried, clock::now()) {
        return Ok(Err(words::issuer::SLOWED));
    }
    let front = Arc::clone(visitor.front()?);
    match visitor.aside(move |_| Ok(call(&front.issuers))).await? {
        Ok(found) => {
            visitor.app.tries.was_right(&tried);
            Ok(Ok(found))
        }
        Err(why) => {
            // For the operator: it holds nothing of the browser's answer but the issuer's own word of refusal.
            tracing::info!(%why, "an issuer's word was not taken");
            Ok(Err(reason(&why)))
        }
    }
}

/// The status of a page whose issuer was not asked, or did not answer.
fn status(why: &'static str) -> StatusCode {
    if why == words::issuer::SLOWED { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::BAD_GATEWAY }
}

/// The name of an issuer on pages; [`Trouble::Absent`] where there is none of that name.
fn title(visitor: &Visitor, name: &str) -> Result<String, Trouble> {
    let issuers = &visitor.front()?.issuers;
    let found = issuers.all().find(|issuer| issuer.name == name);
    found.map(|issuer| issuer.title.clone()).ok_or(Trouble::Absent)
}

/// The page to which an issuer sends a browser back: its form hands the answer in.
pub(crate) async fn show(
    visitor: Visitor,
    Path(name): Path<String>,
    Query(answer): Query<Vec<(String, String)>>,
) -> Result<Html<String>, Trouble> {
    title(&visitor, &name)?;
    // An answer that is none is said to be so by the form's own answer.
    let known = ["state", "code", "iss", "error"];
    let answer = answer.into_iter().filter(|(name, _)| known.contains(&name.as_str())).take(2 * known.len()).collect();
    visitor.page(|sight, _| {
        let frame = visitor.frame(sight, "sign-in", "/sign-in", None);
        Ok(BackPage { frame, to: format!("/sign-in/issuer/{name}/back"), answer })
    })
}

/// Checks the answer, and lets in whoever has linked the account; or links it.
pub(crate) async fn take(
    visitor: Visitor,
    coming: Coming,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    title(&visitor, &name)?;
    let me = visitor.session().ok().map(|(_, me)| me);
    if let Some(me) = me
        && let Some(asked) = visitor.question::<Asked>(&usage(&name, Some(me)))?
    {
        return linked(&visitor, &coming, asked, &fields).await;
    }
    let wrong = |words| again(&visitor, "", Some(words), StatusCode::UNPROCESSABLE_ENTITY);
    let Some(asked) = visitor.question::<Asked>(&usage(&name, None))? else {
        return wrong(words::issuer::NOT_ASKED);
    };
    let identity = match identity(&visitor, &coming, asked, &fields).await? {
        Ok(identity) => identity,
        Err(words) => return wrong(words),
    };
    let Some(member) = visitor.app.coop.read().member_of_account(&identity)? else {
        return wrong(words::issuer::NOT_LINKED);
    };
    let used = visitor.write(move |batch| Ok(batch.use_account(member, &identity, clock::now())?)).await?;
    if !used {
        return wrong(words::issuer::NOT_LINKED);
    }
    if visitor.app.coop.read().ways_in(member)?.has_second() {
        let half = visitor.app.halves.begin(Half { member, proven: None }, clock::now())?;
        return super::code_page(&visitor, half, None, StatusCode::OK);
    }
    come_in(&visitor, &coming, Entering { member, proof: Proof::First }).await
}

async fn linked(visitor: &Visitor, coming: &Coming, asked: Asked, fields: &Fields) -> Result<Response, Trouble> {
    let Some(proof) = way::fresh(visitor)? else { return Ok(super::prove::prove_first("/me/ways")) };
    let wrong = |words| way::again(visitor, words, StatusCode::UNPROCESSABLE_ENTITY);
    let identity = match identity(visitor, coming, asked, fields).await? {
        Ok(identity) => identity,
        Err(words) => return wrong(words),
    };
    match way::add(visitor, proof, Kind::Account(Account { identity })).await? {
        Ok(()) => Ok(see("/me/ways?done=way-added")),
        Err(NoWay::Stale) => Ok(super::prove::prove_first("/me/ways")),
        Err(NoWay::TooMany) => wrong(words::issuer::TOO_MANY),
        Err(_) => wrong(words::issuer::TAKEN),
    }
}

/// Asks the issuer who it is about. The question is good once.
async fn identity(
    visitor: &Visitor,
    coming: &Coming,
    asked: Asked,
    fields: &Fields,
) -> Result<Result<Identity, &'static str>, Trouble> {
    let answer = match Answer::read(fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))) {
        Ok(answer) => answer,
        Err(why) => return Ok(Err(reason(&why))),
    };
    let found = called(visitor, coming, move |issuers| issuers.finish(asked, &answer, clock::now())).await?;
    match found {
        Ok(_) if !visitor.answered()? => Ok(Err(words::issuer::NOT_ASKED)),
        found => Ok(found),
    }
}

/// The reason in the words of a page.
fn reason(why: &Refused) -> &'static str {
    match why {
        Refused::Late | Refused::NotAsked => words::issuer::NOT_ASKED,
        Refused::Denied(_) => words::issuer::DENIED,
        Refused::Busy => words::issuer::BUSY,
        Refused::Unreached(_) => words::issuer::UNREACHED,
        Refused::OtherIssuer(_)
        | Refused::Unreadable(_)
        | Refused::Token(_)
        | Refused::Absent
        | Refused::NoRandom(_) => words::issuer::NOT_TAKEN,
    }
}
