//! Signing in by a passkey, and showing again by one who one is. A script asks the browser for it; the server checks the answer.

use axum::http::StatusCode;
use axum::response::Response;
use axum::{Form, Json};
use engine::Pseudonym;
use host::clock;
use host::gate::Proof;
use proof::Bytes;
use proof::passkey::{Passkey, Proved, Proving, Refused, ToProve};
use std::sync::Arc;

use super::prove::{self, page_of};
use super::{again, come_in};
use crate::app::aside;
use crate::form::{Fields, value};
use crate::frame::see;
use crate::session::enter::{Coming, Entering, with_cookie};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use crate::way::note_changed;

/// The use of a question that any passkey answers.
const SIGN_IN: &str = "sign-in";

/// The use of a question that one of a member's passkeys answers.
fn again_as(member: Pseudonym) -> String {
    format!("prove/{member}")
}

/// Asks for any passkey of this address.
pub(crate) async fn ask(visitor: Visitor) -> Result<Response, Trouble> {
    let party = visitor.here.party.clone().map_err(|_| Trouble::Absent)?;
    let (options, question) = Proving::begin(&party, clock::now()).map_err(|_| Trouble::Unready)?;
    visitor.asked(SIGN_IN, &question, Json(options))
}

/// Checks the answer, and lets its member in: the authenticator is one factor, and how it verified its holder another.
pub(crate) async fn take(visitor: Visitor, coming: Coming, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let question = visitor.question::<Proving>(SIGN_IN)?;
    let wrong = |words| again(&visitor, "", Some(words), StatusCode::UNPROCESSABLE_ENTITY);
    let answer = value(&fields, "answer");
    if answer.is_empty() {
        return wrong(words::passkey::NO_SCRIPT);
    }
    let (member, proved) = match checked(&visitor, question, answer)? {
        Ok(found) => found,
        Err(words) => return wrong(words),
    };
    if !visitor.answered()? || !used(&visitor, member, proved).await? {
        return wrong(words::passkey::NOT_ASKED);
    }
    come_in(&visitor, &coming, Entering { member, proof: Proof::Second }).await
}

/// Asks for one of the passkeys of who is signed in.
pub(crate) async fn ask_again(visitor: Visitor) -> Result<Response, Trouble> {
    let party = visitor.here.party.clone().map_err(|_| Trouble::Absent)?;
    let (_, me) = visitor.session()?;
    let ways = visitor.app.coop.read().ways_in(me)?;
    let handle = ways.handle().ok_or(Trouble::Absent)?;
    let ids: Vec<Bytes> = ways.passkeys_for(party.host()).map(|passkey| passkey.credential.id.clone()).collect();
    if ids.is_empty() {
        return Err(Trouble::Absent);
    }
    let (options, question) = Proving::again(&party, handle, &ids, clock::now()).map_err(|_| Trouble::Unready)?;
    visitor.asked(&again_as(me), &question, Json(options))
}

/// Checks the answer of who is signed in, whose browser gets another id.
pub(crate) async fn prove(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let sessions = Arc::clone(visitor.app.invited_sessions()?);
    let (id, me) = visitor.session()?;
    let then = value(&fields, "then");
    let ways = visitor.app.coop.read().ways_in(me)?;
    let wrong = |words| prove::again(&visitor, &ways, then, Some(words), StatusCode::UNPROCESSABLE_ENTITY);
    let question = visitor.question::<Proving>(&again_as(me))?;
    let answer = value(&fields, "answer");
    if answer.is_empty() {
        return wrong(words::passkey::NO_SCRIPT);
    }
    let proved = match checked(&visitor, question, answer)? {
        Ok((member, proved)) if member == me => proved,
        Ok(_) => return wrong(words::passkey::NOT_TAKEN),
        Err(words) => return wrong(words),
    };
    if !visitor.answered()? || !used(&visitor, me, proved).await? {
        return wrong(words::passkey::NOT_ASKED);
    }
    let cookie = sessions.renew(id, Proof::Second)?;
    aside(move || sessions.save()).await?;
    Ok(with_cookie(see(&format!("{}?done=proven", page_of(then))), &cookie))
}

/// Checks an answer against the question of the browser; whose it is, or the reason why it is not taken.
fn checked(
    visitor: &Visitor,
    question: Option<Proving>,
    answer: &str,
) -> Result<Result<(Pseudonym, Proved), &'static str>, Trouble> {
    let Some(question) = question else { return Ok(Err(words::passkey::NOT_ASKED)) };
    let answer = match ToProve::read(answer.as_bytes()) {
        Ok(answer) => answer,
        Err(why) => return Ok(Err(reason(&why))),
    };
    let Some((member, passkey)) = visitor.app.coop.read().passkey(answer.id())? else {
        return Ok(Err(words::passkey::NOT_KNOWN));
    };
    let known: &Passkey = &passkey.credential;
    Ok(question.finish(&answer, known, clock::now()).map(|proved| (member, proved)).map_err(|why| reason(&why)))
}

/// Notes the use; whether the passkey is still there. A counter that went back is told to the member's browsers.
async fn used(visitor: &Visitor, member: Pseudonym, proved: Proved) -> Result<bool, Trouble> {
    let went_back = proved.went_back;
    let used = visitor.write(move |batch| Ok(batch.use_passkey(member, &proved, clock::now())?)).await?;
    if went_back {
        note_changed(visitor, member)?;
    }
    Ok(used)
}

/// The reason in the words of a page.
pub(crate) fn reason(why: &Refused) -> &'static str {
    match why {
        Refused::Late | Refused::OtherChallenge => words::passkey::NOT_ASKED,
        Refused::OtherOrigin(_) | Refused::OtherHost(_) | Refused::CrossOrigin => words::passkey::OTHER_ADDRESS,
        Refused::NotPresent | Refused::NotVerified => words::passkey::NOT_VERIFIED,
        Refused::Algorithm(_) => words::passkey::ALGORITHM,
        Refused::TooLong
        | Refused::Unreadable(_)
        | Refused::OtherType(_)
        | Refused::Copies
        | Refused::Key
        | Refused::Signature
        | Refused::OtherCredential
        | Refused::OtherMember => words::passkey::NOT_TAKEN,
    }
}
