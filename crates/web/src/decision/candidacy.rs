//! Steps about candidates: members stand, withdraw, resign, propose a document, and give a nominee attention.

use super::is_scored;
use crate::form::{self, Fields};
use crate::frame::see;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use engine::act::{Nominate, ResignSeat, Stand, WithdrawCandidacy};
use engine::{Act, Pseudonym, intent};
use views::Side;

pub(crate) async fn stand(visitor: Visitor, Path(name): Path<String>) -> Result<Response, Trouble> {
    take(visitor, name, "stand", |member, decision| Act::Stand(Stand { member, decision })).await
}

pub(crate) async fn withdraw(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let document = form::value(&fields, "document").to_owned();
    let document = Some(document).filter(|document| !document.is_empty());
    let act = |member, decision| Act::WithdrawCandidacy(WithdrawCandidacy { member, decision, document });
    take(visitor, name, "withdraw", act).await
}

pub(crate) async fn resign(visitor: Visitor, Path(name): Path<String>) -> Result<Response, Trouble> {
    take(visitor, name, "resign", |member, decision| Act::ResignSeat(ResignSeat { member, decision })).await
}

pub(crate) async fn propose(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let text = form::document_text(&fields).map_err(|words| Trouble::bad("text", words))?;
    take(visitor, name, "propose", move |member, decision| intent::propose(member, &decision, &text)).await
}

pub(crate) async fn nominate(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let candidate = form::value(&fields, "candidate").to_owned();
    let (side, share_ppm) = form::side_and_share(&fields).map_err(Trouble::BadInput)?;
    let against = side == Side::Against;
    let act = move |member, decision| Act::Nominate(Nominate { member, decision, candidate, share_ppm, against });
    take(visitor, name, "nominate", act).await
}

async fn take(
    visitor: Visitor,
    name: String,
    done: &str,
    act: impl FnOnce(Pseudonym, String) -> Act + Send + 'static,
) -> Result<Response, Trouble> {
    // Only names of decisions that exist go into the address of the answer.
    let address = name.replace('/', "%2F");
    visitor
        .act(move |sight, me| {
            is_scored(sight, &name)?;
            Ok(vec![act(me, name)])
        })
        .await?;
    Ok(see(&format!("/decisions/{address}?done={done}#nominations")))
}
