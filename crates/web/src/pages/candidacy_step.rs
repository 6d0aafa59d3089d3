//! What members do about candidates: stand, withdraw, resign, propose a document, and give a nominee attention.

use super::see;
use crate::app::App;
use crate::desk::Step;
use crate::form::{self, Fields};
use crate::session::Visitor;
use crate::trouble::Trouble;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;

pub(crate) async fn stand(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    take(app, visitor, name, Step::Stand, "stand").await
}

pub(crate) async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let document = form::value(&fields, "document");
    let document = (!document.is_empty()).then(|| document.to_owned());
    take(app, visitor, name, Step::Withdraw { document }, "withdraw").await
}

pub(crate) async fn resign(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    take(app, visitor, name, Step::Resign, "resign").await
}

pub(crate) async fn propose(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let text = form::document_text(&fields).map_err(|words| Trouble::bad("text", words))?;
    take(app, visitor, name, Step::Propose { text }, "propose").await
}

pub(crate) async fn nominate(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let candidate = form::value(&fields, "candidate");
    let draft = form::item_ballot(candidate, &fields).map_err(Trouble::BadInput)?;
    let step = Step::Nominate { candidate: draft.item, side: draft.side, share_ppm: draft.share_ppm };
    take(app, visitor, name, step, "nominate").await
}

async fn take(app: App, visitor: Visitor, name: String, step: Step, done: &'static str) -> Result<Response, Trouble> {
    let me = visitor.me.ok_or(Trouble::Nobody)?;
    // Only names of decisions that exist go into the address of the answer.
    let name = app.desk.decision(&name, Some(&me))?.name;
    let address = name.replace('/', "%2F");
    let path = format!("/decisions/{address}?done={done}#nominations");
    app.at_desk(move |desk| desk.take_step(&me, &name, &step)).await?;
    Ok(see(&path))
}
