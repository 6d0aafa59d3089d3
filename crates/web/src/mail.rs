//! Links by mail: asked for, opened, and used by a press. Programs that open links use nothing up. The answer to somebody who asks is the
//! same whether the address lets anybody in. Which links are good, the gate says (`host::gate`).

pub(crate) mod address;
pub(crate) mod letters;

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use host::clock;
use host::gate::{LINK_US, Purpose, Shown, Spent, Tried, asking_browser};

use crate::form::{Fields, value};
use crate::frame::{Frame, render, see};
use crate::session::enter::{Coming, with_cookie};
use crate::session::{Transport, cookie_of};
use crate::sign_in::after_first;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use crate::way::{note_changed, reason};

/// Somebody asked for a link: six digits for another browser, and no word of whether there is such an address.
#[derive(Template)]
#[template(path = "mail/asked.html")]
struct AskedPage {
    frame: Frame,
    digits: String,
    lead: &'static str,
}

/// A link that was opened.
#[derive(Template)]
#[template(path = "mail/show.html")]
struct LinkPage {
    frame: Frame,
    token: String,
    /// The link, where it is still good.
    link: Option<LinkView>,
    problem: Option<&'static str>,
}

struct LinkView {
    lead: String,
    button: String,
    /// Another browser asked for it: this one types the digits that the other shows.
    asks_digits: bool,
    /// It adds an address, and the reader is not signed in as its member.
    elsewhere: bool,
}

/// Asks for a link by which an address lets its member in.
pub(crate) async fn ask(visitor: Visitor, coming: Coming, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    if visitor.app.post.is_none() {
        return Err(Trouble::Absent);
    }
    let asks = [Tried::from_network(visitor.app.coop.read().id(), coming.from)];
    if !visitor.app.tries.may_try(&asks, clock::now()) {
        return Err(Trouble::TooMany);
    }
    let (secret, digits) = asking_browser()?;
    let (typed, shown) = (value(&fields, "address").to_owned(), digits.clone());
    let browser = secret.clone();
    // Nobody waits for it, so that the time of the answer says nothing of whether something was written.
    visitor.app.coop.do_later(
        move |batch| batch.mail_sign_in(&typed, (&browser, &shown), clock::now()),
        |written: Result<(), host::Error>| {
            if let Err(why) = written {
                tracing::warn!(%why, "no letter with a link was written");
            }
        },
    )?;
    asked(&visitor, &secret, digits, words::way::LINK_ASKED)
}

/// The page that shows the digits, in the browser that keeps the secret.
fn asked(visitor: &Visitor, secret: &str, digits: String, lead: &'static str) -> Result<Response, Trouble> {
    let page = visitor.see(|sight, _| {
        let frame = visitor.frame(sight, "sign-in", "/sign-in", None);
        Ok(AskedPage { frame, digits, lead })
    })?;
    let seconds = LINK_US / 1_000_000;
    let (name, flags) = (cookie_name(visitor), cookie_flags(visitor));
    Ok(with_cookie(render(&page)?.into_response(), &format!("{name}={secret}; {flags}; Max-Age={seconds}")))
}

/// Shows whose link it is, and uses nothing up.
pub(crate) async fn show(visitor: Visitor, headers: HeaderMap, Path(token): Path<String>) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    page(&visitor, &headers, token, None, StatusCode::OK)
}

/// Uses a link up.
pub(crate) async fn take(
    visitor: Visitor,
    coming: Coming,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    let tried = [Tried::from_network(visitor.app.coop.read().id(), coming.from)];
    if !visitor.app.tries.may_try(&tried, clock::now()) {
        return Err(Trouble::TooMany);
    }
    let digits = value(&fields, "digits").to_owned();
    let shown = match secret(&visitor, &headers) {
        _ if !digits.is_empty() => Shown::Digits(digits),
        Some(secret) => Shown::Browser(secret),
        None => Shown::Nothing,
    };
    let (me, opened, now) = (visitor.me, token.clone(), clock::now());
    let spent = visitor.write(move |batch| Ok(batch.spend_link(&opened, &shown, me, now)?)).await?;
    if !matches!(spent, Spent::Wrong) {
        visitor.app.tries.was_right(&tried);
    }
    match spent {
        Spent::Done(member, Purpose::SignIn) => after_first(&visitor, &coming, member).await,
        Spent::Done(member, Purpose::Add(_)) => {
            note_changed(&visitor, member)?;
            Ok(see("/me/ways?done=way-added"))
        }
        Spent::Done(member, Purpose::Undo(_)) => {
            note_changed(&visitor, member)?;
            Ok(see("/sign-in?done=address-back"))
        }
        Spent::Wrong => {
            let words = Some(words::way::WRONG_DIGITS);
            page(&visitor, &headers, token, words, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Spent::Gone => page(&visitor, &headers, token, None, StatusCode::OK),
        Spent::No(why) => page(&visitor, &headers, token, Some(reason(why)), StatusCode::CONFLICT),
    }
}

fn page(
    visitor: &Visitor,
    headers: &HeaderMap,
    token: String,
    problem: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Trouble> {
    let secret = secret(visitor, headers);
    let page = visitor.see(|sight, coop| {
        let frame = visitor.frame(sight, "sign-in", "/sign-in", None);
        let found = coop.mail_link(&token, clock::now())?;
        let link = found.map(|(member, link)| {
            let name = sight.directory.name(member);
            let is_here = secret.as_deref().is_some_and(|secret| link.is_of(secret));
            let (lead, button) = match &link.purpose {
                Purpose::SignIn => (words::way::link_in(&name), words::way::come_in_as(&name)),
                Purpose::Add(address) => (words::way::link_adds(address, &name), words::way::ADD_IT.to_owned()),
                Purpose::Undo(address) => (words::way::link_undoes(address, &name), words::way::PUT_BACK.to_owned()),
            };
            let is_undo = matches!(link.purpose, Purpose::Undo(_));
            let elsewhere = matches!(link.purpose, Purpose::Add(_)) && visitor.me != Some(member);
            LinkView { lead, button, asks_digits: !is_here && !is_undo, elsewhere }
        });
        Ok(LinkPage { frame, token, link, problem })
    })?;
    let status = if page.link.is_none() && page.problem.is_none() { StatusCode::GONE } else { status };
    Ok((status, render(&page)?).into_response())
}

/// The secret that this browser keeps, if it has asked for a link.
fn secret(visitor: &Visitor, headers: &HeaderMap) -> Option<String> {
    cookie_of(headers, cookie_name(visitor)).map(str::to_owned)
}

fn cookie_name(visitor: &Visitor) -> &'static str {
    match visitor.app.transport {
        Transport::Plain => "rochdale_mail",
        Transport::Https => "__Host-rochdale_mail",
    }
}

fn cookie_flags(visitor: &Visitor) -> &'static str {
    match visitor.app.transport {
        Transport::Plain => "Path=/; HttpOnly; SameSite=Lax",
        Transport::Https => "Path=/; HttpOnly; SameSite=Lax; Secure",
    }
}
