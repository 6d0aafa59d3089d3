//! A passkey is added: a script asks the browser to make one, and the server checks its answer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use engine::Pseudonym;
use host::clock;
use host::gate::{Kind, MOST_LETTERS_OF_PASSKEY, Passkey};
use proof::Bytes;
use proof::passkey::{Adding, Handle, ToAdd};

use super::{NoWay, add, fresh};
use crate::form::{Fields, value};
use crate::frame::{Frame, render, see};
use crate::front::Nowhere;
use crate::sign_in::passkey::reason;
use crate::sign_in::prove::prove_first;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// This page, to which one comes back from showing who one is.
const HERE: &str = "/me/ways/passkey";

#[derive(Template)]
#[template(path = "way/passkey.html")]
struct PasskeyPage {
    frame: Frame,
    nowhere: Option<Nowhere>,
    name: String,
    most: usize,
    problem: Option<&'static str>,
}

/// The use of a question by which a member adds a passkey.
fn adds(member: Pseudonym) -> String {
    format!("add/{member}")
}

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Trouble> {
    match fresh(&visitor)? {
        Some(_) => again(&visitor, "", None, StatusCode::OK),
        None => Ok(prove_first(HERE)),
    }
}

/// Asks the browser to make one.
pub(crate) async fn ask(visitor: Visitor) -> Result<Response, Trouble> {
    let party = visitor.here.party.clone().map_err(|_| Trouble::Absent)?;
    let Some(proof) = fresh(&visitor)? else { return Ok(prove_first(HERE)) };
    let me = proof.member();
    let (name, ways) = visitor.see(|sight, coop| Ok((sight.directory.name(me), coop.ways_in(me)?)))?;
    let handle = ways.handle().cloned().map_or_else(Handle::new, Ok).map_err(|_| Trouble::Unready)?;
    let known: Vec<Bytes> = ways.passkeys().map(|passkey| passkey.credential.id.clone()).collect();
    let begun = Adding::begin(&party, &handle, &name, &known, clock::now());
    let (options, question) = begun.map_err(|_| Trouble::Unready)?;
    visitor.asked(&adds(me), &question, Json(options))
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let Some(proof) = fresh(&visitor)? else { return Ok(prove_first(HERE)) };
    let (name, answer) = (value(&fields, "name"), value(&fields, "answer"));
    let wrong = |words| again(&visitor, name, Some(words), StatusCode::UNPROCESSABLE_ENTITY);
    if answer.is_empty() {
        return wrong(words::passkey::NO_SCRIPT);
    }
    let Some(question) = visitor.question::<Adding>(&adds(proof.member()))? else {
        return wrong(words::passkey::NOT_ASKED);
    };
    let made = ToAdd::read(answer.as_bytes()).and_then(|answer| question.finish(&answer, clock::now()));
    let credential = match made {
        Ok(credential) => credential,
        Err(why) => return wrong(reason(&why)),
    };
    if !visitor.answered()? {
        return wrong(words::passkey::NOT_ASKED);
    }
    match add(&visitor, proof, Kind::Passkey(Passkey::new(name, credential))).await? {
        Ok(()) => Ok(see("/me/ways?done=way-added")),
        Err(NoWay::Stale) => Ok(prove_first(HERE)),
        Err(NoWay::TooMany) => wrong(words::passkey::TOO_MANY),
        Err(_) => wrong(words::passkey::TAKEN),
    }
}

fn again(
    visitor: &Visitor,
    name: &str,
    problem: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Trouble> {
    let nowhere = visitor.here.party.clone().err();
    let name = name.chars().take(MOST_LETTERS_OF_PASSKEY).collect();
    let page = visitor.see(|sight, _| {
        let frame = visitor.frame(sight, "me", HERE, None);
        Ok(PasskeyPage { frame, nowhere, name, most: MOST_LETTERS_OF_PASSKEY, problem })
    })?;
    Ok((status, render(&page)?).into_response())
}
