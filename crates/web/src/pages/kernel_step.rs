//! A proposed kernel: its text beside what it means; members assent, and its proposer withdraws it.

use super::constitution_show::{Part, parts};
use super::{Asked, Frame, render, see};
use crate::app::App;
use crate::desk::Step;
use crate::form::{self, Fields};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use views::ProposedKernel;

#[derive(Template)]
#[template(path = "kernel_document.html")]
struct KernelDocumentPage {
    frame: Frame,
    sections: Vec<Part>,
    view: ProposedKernel,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(document): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let view = app.desk.proposed_kernel(&document, visitor.me.as_deref())?;
    let path = view.proposal.href.clone();
    let frame = Frame::new(&app, &visitor, "constitution", &path, asked.done.as_deref())?;
    render(&KernelDocumentPage { frame, sections: parts(&view.text.sections), view })
}

pub(crate) async fn assent(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let document = form::value(&fields, "document").to_owned();
    let (assent, done) = match form::value(&fields, "assent") {
        "yes" => (true, "assent"),
        "no" => (false, "assent-back"),
        _ => return Err(Trouble::bad("assent", "say `yes` or `no`")),
    };
    take(app, visitor, Step::Assent { document, assent }, done).await
}

pub(crate) async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let document = Some(form::value(&fields, "document").to_owned());
    take(app, visitor, Step::Withdraw { document }, "withdraw-kernel").await
}

async fn take(app: App, visitor: Visitor, step: Step, done: &str) -> Result<Response, Trouble> {
    let me = visitor.me.ok_or(Trouble::Nobody)?;
    app.at_desk(move |desk| desk.take_step(&me, "kernel", &step)).await?;
    Ok(see(&format!("/constitution/kernel?done={done}#proposals")))
}
