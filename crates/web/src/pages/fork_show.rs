//! Leaving together: what goes along, who goes, who went; and a member's own part in it.

use super::constitution_show::{Part, parts};
use super::propose_show::Findings;
use super::{Asked, Frame, render, see};
use crate::app::App;
use crate::desk::ForkStep;
use crate::form::{self, Fields};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use views::{ForkDraft, ForksView, RefusalView, RulesCheck, RulesText};

#[derive(Template)]
#[template(path = "fork_show.html")]
struct ForkPage {
    frame: Frame,
    view: ForksView,
}

#[derive(Template)]
#[template(path = "fork_text.html")]
struct ForkTextPage {
    frame: Frame,
    sections: Vec<Part>,
    view: RulesText,
}

#[derive(Template)]
#[template(path = "fork_announce.html")]
struct AnnouncePage {
    frame: Frame,
    draft: ForkDraft,
    /// Of the kernel, then of the constitution.
    findings: Option<(Findings, Findings)>,
    no: Option<RefusalView>,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let view = app.desk.forks(visitor.me.as_deref())?;
    let frame = Frame::new(&app, &visitor, "constitution", "/fork", asked.done.as_deref())?;
    render(&ForkPage { frame, view })
}

pub(crate) async fn show_text(
    State(app): State<App>,
    visitor: Visitor,
    Path((fork, part)): Path<(String, String)>,
) -> Result<Html<String>, Trouble> {
    let view = app.desk.fork_text(&fork, &part)?;
    let frame = Frame::new(&app, &visitor, "constitution", "/fork", None)?;
    render(&ForkTextPage { frame, sections: parts(&view.sections), view })
}

pub(crate) async fn join(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let fork = form::value(&fields, "fork").to_owned();
    take(app, visitor, ForkStep::Join { fork }, "fork-join").await
}

pub(crate) async fn stay(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let fork = form::value(&fields, "fork").to_owned();
    take(app, visitor, ForkStep::Stay { fork }, "fork-stay").await
}

async fn take(app: App, visitor: Visitor, step: ForkStep, done: &str) -> Result<Response, Trouble> {
    let me = visitor.me.ok_or(Trouble::Nobody)?;
    app.at_desk(move |desk| desk.take_fork_step(&me, &step)).await?;
    Ok(see(&format!("/fork?done={done}")))
}

pub(crate) async fn draft(State(app): State<App>, visitor: Visitor) -> Result<Html<String>, Trouble> {
    if visitor.me.is_none() {
        return Err(Trouble::Nobody);
    }
    let draft = app.desk.fork_draft()?;
    render(&AnnouncePage::new(&app, &visitor, draft)?)
}

/// Shows the page again with what the checker says of both texts. Nothing is kept.
pub(crate) async fn check(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let (page, _) = looked_at(&app, &visitor, &fields).await?;
    Ok(render(&page)?.into_response())
}

pub(crate) async fn announce(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    let (mut page, step) = looked_at(&app, &visitor, &fields).await?;
    let Some(step) = step else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response());
    };
    match app.at_desk(move |desk| desk.take_fork_step(&me, &step)).await {
        Ok(()) => Ok(see("/fork?done=fork-announce")),
        Err(Trouble::Refused(no)) => {
            page.no = Some(no);
            Ok((StatusCode::CONFLICT, render(&page)?).into_response())
        }
        Err(other) => Err(other),
    }
}

/// The page with what was typed and what is found in it; the act where both texts check.
async fn looked_at(app: &App, visitor: &Visitor, fields: &Fields) -> Result<(AnnouncePage, Option<ForkStep>), Trouble> {
    if visitor.me.is_none() {
        return Err(Trouble::Nobody);
    }
    let typed = |name: &str| form::value(fields, name).replace("\r\n", "\n");
    let draft = ForkDraft {
        name: typed("fork").trim().to_owned(),
        kernel: typed("kernel"),
        constitution: typed("constitution"),
        ..app.desk.fork_draft()?
    };
    let texts = (form::rules_text(fields, "kernel"), form::rules_text(fields, "constitution"));
    let mut page = AnnouncePage::new(app, visitor, draft)?;
    let (kernel, constitution) = match texts {
        (Ok(kernel), Ok(constitution)) => (kernel, constitution),
        (kernel, constitution) => {
            let found = |text: Result<String, String>| {
                let checked = |_| Findings::new(RulesCheck::default());
                text.map_or_else(Findings::unreadable, checked)
            };
            page.findings = Some((found(kernel), found(constitution)));
            return Ok((page, None));
        }
    };
    let texts = (kernel.clone(), constitution.clone());
    let checks = app.at_desk(move |desk| desk.check_fork(&texts.0, &texts.1)).await?;
    let both = checks.0.checks() && checks.1.checks();
    page.findings = Some((Findings::new(checks.0), Findings::new(checks.1)));
    let step = ForkStep::Announce { fork: page.draft.name.clone(), kernel, constitution };
    Ok((page, both.then_some(step)))
}

impl AnnouncePage {
    fn new(app: &App, visitor: &Visitor, draft: ForkDraft) -> Result<Self, Trouble> {
        Ok(Self { frame: Frame::new(app, visitor, "constitution", "/fork", None)?, draft, findings: None, no: None })
    }
}
