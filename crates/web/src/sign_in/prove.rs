//! Showing again who one is, within a session: what changes ways in asks for it. Each time the session gets another id.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use host::gate::{Proof, Ways};
use serde::Deserialize;
use std::sync::Arc;

use super::check::{self, Checked, Code};
use crate::app::aside;
use crate::form::{Fields, value};
use crate::frame::{Frame, render, see};
use crate::front::Offer;
use crate::session::enter::{Coming, with_cookie};
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// Pages that ask for a fresh proof, and to which one goes on from here. No address in a link can lead elsewhere.
const THEN: [&str; 6] =
    ["/me/ways", "/me/ways/passkey", "/me/ways/password", "/me/ways/totp", "/me/ways/address", "/tokens"];

#[derive(Template)]
#[template(path = "sign_in/prove.html")]
struct ProvePage {
    frame: Frame,
    then: &'static str,
    has_password: bool,
    has_totp: bool,
    has_codes: bool,
    /// Addresses to which a link can be sent.
    addresses: Vec<String>,
    has_passkey: bool,
    /// An account is linked: signing in anew by it is a proof.
    has_account: bool,
    offer: Offer,
    problem: Option<&'static str>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    then: String,
}

/// On to showing who one is, and from there to `then`.
pub(crate) fn prove_first(then: &str) -> Response {
    see(&format!("/prove?then={}", page_of(then)))
}

pub(super) fn page_of(then: &str) -> &'static str {
    THEN.into_iter().find(|page| *page == then).unwrap_or("/me/ways")
}

pub(crate) async fn show(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let (_, me) = asking(&visitor)?;
    let ways = visitor.app.coop.read().ways_in(me)?;
    again(&visitor, &ways, &wanted.then, None, StatusCode::OK)
}

/// Checks the proof: the password, with the code of a program where there is one; or a recovery code.
pub(crate) async fn take(visitor: Visitor, coming: Coming, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let (id, me) = asking(&visitor)?;
    let ways = visitor.app.coop.read().ways_in(me)?;
    let (typed, code, then) = (value(&fields, "password"), value(&fields, "code"), value(&fields, "then"));
    let wrong = |words| again(&visitor, &ways, then, Some(words), StatusCode::UNPROCESSABLE_ENTITY);
    let slowed = |words| again(&visitor, &ways, then, Some(words), StatusCode::TOO_MANY_REQUESTS);
    let mut proof = Proof::First;
    if !code.is_empty() && Code::of(code) == Code::Recovery {
        match check::recovery(&visitor, &coming, Some(me), code).await? {
            Checked::Right(_) => {}
            Checked::Wrong => return wrong(words::sign_in::WRONG_RECOVERY),
            Checked::Slowed => return slowed(words::sign_in::SLOWED),
        }
    } else {
        match check::own_password(&visitor, &coming, me, typed).await? {
            Checked::Right(_) => {}
            Checked::Wrong => return wrong(words::sign_in::WRONG_PASSWORD),
            Checked::Slowed => return slowed(words::sign_in::SLOWED),
        }
        if ways.has_second() {
            match check::code(&visitor, &coming, me, code).await? {
                Checked::Right(_) => proof = Proof::Second,
                Checked::Wrong => return wrong(words::sign_in::WRONG_CODE),
                Checked::Slowed => return slowed(words::sign_in::CODES_SLOWED),
            }
        }
    }
    let sessions = Arc::clone(visitor.app.invited_sessions()?);
    let cookie = sessions.renew(id, proof)?;
    aside(move || sessions.save()).await?;
    Ok(with_cookie(see(&format!("{}?done=proven", page_of(then))), &cookie))
}

/// The id and the member of a browser that is signed in.
fn asking(visitor: &Visitor) -> Result<(&str, engine::Pseudonym), Trouble> {
    visitor.app.invited_sessions()?;
    visitor.session()
}

pub(super) fn again(
    visitor: &Visitor,
    ways: &Ways,
    then: &str,
    problem: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Trouble> {
    let page = visitor.see(|sight, _| {
        Ok(ProvePage {
            frame: visitor.frame(sight, "me", "/prove", None),
            then: page_of(then),
            has_password: ways.password().is_some(),
            has_totp: ways.totp().is_some(),
            has_codes: ways.codes_left() > 0,
            addresses: visitor.app.post.iter().flat_map(|_| ways.addresses()).map(str::to_owned).collect(),
            has_passkey: visitor.here.has_passkey(ways),
            has_account: ways.accounts().next().is_some(),
            offer: visitor.offer(),
            problem,
        })
    })?;
    Ok((status, render(&page)?).into_response())
}
