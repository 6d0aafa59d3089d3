//! A member adds a mail address: a link goes there, and the press on it adds the address.

use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use host::clock;
use host::gate::{NoWay, asking_browser, checked_address};

use super::asked;
use crate::form::{Fields, value};
use crate::frame::{Frame, render};
use crate::sign_in::prove::prove_first;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use crate::way::{fresh, reason};

/// This page, to which one comes back from showing who one is.
const HERE: &str = "/me/ways/address";

#[derive(Template)]
#[template(path = "mail/address.html")]
struct AddressPage {
    frame: Frame,
    typed: String,
    problem: Option<&'static str>,
}

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Trouble> {
    match fresh(&visitor)? {
        Some(_) => again(&visitor, "", None, StatusCode::OK),
        None => Ok(prove_first(HERE)),
    }
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let Some(proof) = fresh(&visitor)? else { return Ok(prove_first(HERE)) };
    let typed = value(&fields, "address");
    let Some(address) = checked_address(typed) else {
        return again(&visitor, typed, Some(words::way::NO_ADDRESS), StatusCode::UNPROCESSABLE_ENTITY);
    };
    if visitor.app.post.is_none() {
        return Err(Trouble::Absent);
    }
    let (secret, digits) = asking_browser()?;
    let (browser, shown) = (secret.clone(), digits.clone());
    let written = visitor.write(move |batch| Ok(batch.mail_add(proof, &address, (&browser, &shown), clock::now())?));
    match written.await? {
        Ok(()) => asked(&visitor, &secret, digits, words::way::ADDRESS_ASKED),
        Err(NoWay::Stale) => Ok(prove_first(HERE)),
        Err(why) => again(&visitor, typed, Some(reason(why)), StatusCode::CONFLICT),
    }
}

fn again(
    visitor: &Visitor,
    typed: &str,
    problem: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Trouble> {
    if visitor.app.post.is_none() {
        return Err(Trouble::Absent);
    }
    let page = visitor.see(|sight, _| {
        let frame = visitor.frame(sight, "me", HERE, None);
        Ok(AddressPage { frame, typed: typed.to_owned(), problem })
    })?;
    Ok((status, render(&page)?).into_response())
}
