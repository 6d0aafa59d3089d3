//! A password is set, or takes the place of the old one.

use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use host::gate::{Kind, MOST_LETTERS, Password, SHORTEST, SHORTEST_ALONE, Unfit};

use super::{NoWay, add, fresh, reason};
use crate::form::{Fields, value};
use crate::frame::{Frame, render, see};
use crate::sign_in::check::hashing;
use crate::sign_in::prove::prove_first;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// This page, to which one comes back from showing who one is.
const HERE: &str = "/me/ways/password";

#[derive(Template)]
#[template(path = "way/password.html")]
struct PasswordPage {
    frame: Frame,
    fewest: usize,
    most: usize,
    problem: Option<String>,
}

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Trouble> {
    match fresh(&visitor)? {
        Some(_) => again(&visitor, None, StatusCode::OK),
        None => Ok(prove_first(HERE)),
    }
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let Some(proof) = fresh(&visitor)? else { return Ok(prove_first(HERE)) };
    let wrong = |words: String| again(&visitor, Some(words), StatusCode::UNPROCESSABLE_ENTITY);
    let typed = value(&fields, "password").to_owned();
    if typed != value(&fields, "again") {
        return wrong(words::way::NOT_THE_SAME.to_owned());
    }
    let password = match hashing(&visitor, move |_| Ok(Password::new(&typed)?)).await? {
        Ok(password) => password,
        Err(Unfit::Short) => return wrong(words::way::too_short(fewest(&visitor)?)),
        Err(Unfit::Long) => return wrong(words::way::too_long(MOST_LETTERS)),
        Err(Unfit::Common) => return wrong(words::way::COMMON.to_owned()),
    };
    match add(&visitor, proof, Kind::Password(password)).await? {
        Ok(()) => Ok(see("/me/ways?done=way-added")),
        Err(NoWay::Alone) => wrong(words::way::too_short(SHORTEST_ALONE)),
        Err(NoWay::Stale) => Ok(prove_first(HERE)),
        Err(why) => wrong(reason(why).to_owned()),
    }
}

fn fewest(visitor: &Visitor) -> Result<usize, Trouble> {
    let ways = visitor.app.coop.read().ways_in(visitor.me()?)?;
    Ok(if ways.has_second() { SHORTEST } else { SHORTEST_ALONE })
}

fn again(visitor: &Visitor, problem: Option<String>, status: StatusCode) -> Result<Response, Trouble> {
    let fewest = fewest(visitor)?;
    let page = visitor.see(|sight, _| {
        let frame = visitor.frame(sight, "me", HERE, None);
        Ok(PasswordPage { frame, fewest, most: MOST_LETTERS, problem })
    })?;
    Ok((status, render(&page)?).into_response())
}
