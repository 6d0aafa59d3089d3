//! Kernel: its text beside what it means; the ones that are proposed, which members assent to and their proposers withdraw.

use crate::constitution::{Part, parts};
use crate::form::{self, Fields};
use crate::frame::{Asked, Frame, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{Html, Response};
use engine::act::{Assent, WithdrawCandidacy};
use engine::rules::amendment::KERNEL;
use engine::{Act, Pseudonym};
use views::{KernelView, ProposedKernel};

#[derive(Template)]
#[template(path = "kernel/show.html")]
struct KernelPage {
    frame: Frame,
    sections: Vec<Part>,
    view: KernelView,
}

#[derive(Template)]
#[template(path = "kernel/document.html")]
struct KernelDocumentPage {
    frame: Frame,
    sections: Vec<Part>,
    view: ProposedKernel,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let view = views::kernel(sight);
        let frame = visitor.frame(sight, "constitution", "/constitution/kernel", asked.done.as_deref());
        Ok(KernelPage { frame, sections: parts(&view.in_force.sections), view })
    })
}

pub(crate) async fn show_proposed(
    visitor: Visitor,
    Path(document): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let view = views::proposed_kernel(sight, &document).ok_or(Trouble::Absent)?;
        let frame = visitor.frame(sight, "constitution", &view.proposal.href, asked.done.as_deref());
        Ok(KernelDocumentPage { frame, sections: parts(&view.text.sections), view })
    })
}

pub(crate) async fn assent(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let document = form::value(&fields, "document").to_owned();
    let (assent, done) = match form::value(&fields, "assent") {
        "yes" => (true, "assent"),
        "no" => (false, "assent-back"),
        _ => return Err(Trouble::bad("assent", words::kernel::YES_OR_NO)),
    };
    take(visitor, done, move |member| Act::Assent(Assent { member, document, assent })).await
}

pub(crate) async fn withdraw(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let document = Some(form::value(&fields, "document").to_owned());
    let decision = KERNEL.to_owned();
    let act = |member| Act::WithdrawCandidacy(WithdrawCandidacy { member, decision, document });
    take(visitor, "withdraw-kernel", act).await
}

async fn take(
    visitor: Visitor,
    done: &str,
    act: impl FnOnce(Pseudonym) -> Act + Send + 'static,
) -> Result<Response, Trouble> {
    visitor.act(move |_, me| Ok(vec![act(me)])).await?;
    Ok(see(&format!("/constitution/kernel?done={done}#proposals")))
}
