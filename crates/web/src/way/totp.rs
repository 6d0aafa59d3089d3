//! Codes of an authenticator program are set up: the seed is shown, and kept once a code proves that the program has it.

use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use host::clock;
use host::gate::{Kind, Seed, Totp};

use super::{NoWay, add, fresh, qr, reason};
use crate::form::{Fields, value};
use crate::frame::{Frame, render, see};
use crate::sign_in::prove::prove_first;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// This page, to which one comes back from showing who one is.
const HERE: &str = "/me/ways/totp";

#[derive(Template)]
#[template(path = "way/totp.html")]
struct TotpPage {
    frame: Frame,
    /// The seed, which travels in the page until it is kept: nothing is kept of it before.
    seed: String,
    link: String,
    /// The link as a picture, SVG of squares alone.
    picture: String,
    problem: Option<&'static str>,
}

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Trouble> {
    match fresh(&visitor)? {
        Some(_) => again(&visitor, &Seed::new()?, None, StatusCode::OK),
        None => Ok(prove_first(HERE)),
    }
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let Some(proof) = fresh(&visitor)? else { return Ok(prove_first(HERE)) };
    let seed = Seed::read(value(&fields, "seed")).ok_or_else(|| Trouble::bad("seed", words::form::ODD_SHAPE))?;
    let Some(step) = seed.step(value(&fields, "code"), clock::now()) else {
        return again(&visitor, &seed, Some(words::way::NOT_THE_CODE), StatusCode::UNPROCESSABLE_ENTITY);
    };
    let (member, kept) = (proof.member(), seed.clone());
    let totp = visitor.aside(move |visitor| {
        let vault = visitor.app.coop.gate_vault().ok_or(Trouble::Absent)?;
        Ok(Totp::new(&vault, member, &kept, step)?)
    });
    match add(&visitor, proof, Kind::Totp(totp.await?)).await? {
        Ok(()) => Ok(see("/me/ways?done=way-added")),
        Err(NoWay::Stale) => Ok(prove_first(HERE)),
        Err(why) => again(&visitor, &seed, Some(reason(why)), StatusCode::CONFLICT),
    }
}

fn again(
    visitor: &Visitor,
    seed: &Seed,
    problem: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Trouble> {
    let me = visitor.me()?;
    if visitor.app.coop.gate_vault().is_none() {
        return Err(Trouble::Absent);
    }
    let page = visitor.see(|sight, _| {
        let frame = visitor.frame(sight, "me", HERE, None);
        let link = seed.link(&frame.coop.name, &sight.directory.name(me));
        let picture = qr(&link).unwrap_or_default();
        Ok(TotpPage { frame, seed: seed.text(), link, picture, problem })
    })?;
    Ok((status, render(&page)?).into_response())
}
