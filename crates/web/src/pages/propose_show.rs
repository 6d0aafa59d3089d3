//! The editor of rules: a text with every mistake in place, what it means and what it would change, and its way to the members.

use super::{Frame, render, see};
use crate::app::App;
use crate::chart::{self, Figure};
use crate::desk::{Step, Tried};
use crate::form::{self, Fields};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use views::{RefusalView, RulesCheck, RulesDraft};

#[derive(Template)]
#[template(path = "propose_show.html")]
struct ProposePage {
    frame: Frame,
    draft: RulesDraft,
    from: String,
    findings: Option<Findings>,
    past: Option<Tried>,
    no: Option<RefusalView>,
}

/// What is found in a text.
pub(super) struct Findings {
    /// Why the text cannot even be read.
    pub(super) problem: Option<String>,
    pub(super) check: RulesCheck,
    pub(super) gains: Option<Figure>,
}

/// Which rules are to be written, and from which text on.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default = "constitution")]
    decision: String,
    from: Option<String>,
}

fn constitution() -> String {
    engine::chamber::ROOT.to_owned()
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, Trouble> {
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    let draft = app.desk.rules_draft(&wanted.decision, wanted.from.as_deref(), Some(&me))?;
    render(&ProposePage::new(&app, &visitor, draft)?)
}

/// Shows the page again with what the checker says. Nothing is kept.
pub(crate) async fn check(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let (page, _) = looked_at(&app, &visitor, &fields).await?;
    Ok(render(&page)?.into_response())
}

/// Shows the page again with the text in its canonical layout, where its form can be read.
pub(crate) async fn tidy(
    State(app): State<App>,
    visitor: Visitor,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    if let Ok(text) = form::rules_text(&fields, "text")
        && let Some((_, typed)) = fields.iter_mut().find(|(name, _)| name == "text")
        && let Ok(tidied) = charter::format(&text)
    {
        *typed = tidied;
    }
    let (page, _) = looked_at(&app, &visitor, &fields).await?;
    Ok(render(&page)?.into_response())
}

/// Shows the page again with the past under this text.
pub(crate) async fn past(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let (mut page, text) = looked_at(&app, &visitor, &fields).await?;
    if let Some(text) = text {
        let (decision, from) = (page.draft.decision.clone(), page.from.clone());
        let tried = app.at_desk(move |desk| desk.try_rules(&decision, &text, &from)).await;
        page.past = Some(match tried {
            Err(Trouble::BadInput(problems)) => {
                let words = problems.into_iter().map(|problem| problem.words);
                Tried::CannotBe(words.collect::<Vec<_>>().join("; "))
            }
            other => other?,
        });
    }
    Ok(render(&page)?.into_response())
}

/// Puts the text up, and goes to the page where it stands.
pub(crate) async fn propose(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    let (mut page, text) = looked_at(&app, &visitor, &fields).await?;
    let Some(text) = text else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response());
    };
    let decision = page.draft.decision.clone();
    let step = Step::Propose { text };
    match app.at_desk(move |desk| desk.take_step(&me, &decision, &step)).await {
        Ok(()) => {
            let (back, done) = match page.draft.decision.as_str() {
                "kernel" => (&page.draft.back_href, "propose-kernel#proposals"),
                _ => (&page.draft.back_href, "propose#candidates"),
            };
            Ok(see(&format!("{back}?done={done}")))
        }
        Err(Trouble::Refused(no)) => {
            page.no = Some(no);
            Ok((StatusCode::CONFLICT, render(&page)?).into_response())
        }
        Err(other) => Err(other),
    }
}

/// The page with the text that was typed and what is found in it; the text itself where it checks.
async fn looked_at(app: &App, visitor: &Visitor, fields: &Fields) -> Result<(ProposePage, Option<String>), Trouble> {
    let me = visitor.me.as_deref().ok_or(Trouble::Nobody)?;
    let mut draft = app.desk.rules_draft(form::value(fields, "decision"), None, Some(me))?;
    draft.text = form::value(fields, "text").replace("\r\n", "\n");
    let (findings, text) = match form::rules_text(fields, "text") {
        Err(problem) => (Findings::unreadable(problem), None),
        Ok(text) => {
            let (decision, typed) = (draft.decision.clone(), text.clone());
            let check = app.at_desk(move |desk| desk.check_rules(&decision, &typed)).await?;
            let checks = check.checks();
            (Findings::new(check), checks.then_some(text))
        }
    };
    let mut page = ProposePage::new(app, visitor, draft)?;
    page.findings = Some(findings);
    let from = form::value(fields, "from").trim();
    if !from.is_empty() {
        page.from = from.to_owned();
    }
    Ok((page, text))
}

impl ProposePage {
    fn new(app: &App, visitor: &Visitor, draft: RulesDraft) -> Result<Self, Trouble> {
        let path = draft.back_href.clone();
        Ok(Self {
            frame: Frame::new(app, visitor, "constitution", &path, None)?,
            from: draft.past_from.clone(),
            draft,
            findings: None,
            past: None,
            no: None,
        })
    }
}

impl Findings {
    pub(super) fn new(check: RulesCheck) -> Self {
        let here = check.change.as_ref().and_then(|change| change.here.as_ref());
        Self { problem: None, gains: here.and_then(|here| chart::gains("gains", &here.weights)), check }
    }

    pub(super) fn unreadable(problem: String) -> Self {
        Self { problem: Some(problem), check: RulesCheck::default(), gains: None }
    }

    /// In one sentence.
    pub(super) fn verdict(&self) -> String {
        match (&self.problem, self.check.mistakes_total) {
            (Some(problem), _) => format!("It cannot be read: {problem}."),
            (None, 0) if self.check.in_force => "It checks. It is the text in force.".to_owned(),
            (None, 0) => "It checks.".to_owned(),
            (None, 1) => "One mistake.".to_owned(),
            (None, many) => format!("{many} mistakes."),
        }
    }

    pub(super) fn checks(&self) -> bool {
        self.problem.is_none() && self.check.checks()
    }
}
