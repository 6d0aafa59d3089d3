//! The editor of rules: a text with every mistake in place, what it means and what it would change, and its way to the members.

use crate::chart::{self, Figure};
use crate::form::{self, Fields};
use crate::frame::{Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use ::attack::{Compared, Ground, attack, compare};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use charter::Unread;
use engine::{digest, intent};
use host::{Error, Proposal};
use quantity::Moment;
use serde::Deserialize;
use std::sync::{Arc, TryLockError};
use views::{Directory, DocumentCard, DryRunReport, Library, RefusalView, RulesCheck, RulesDraft, Sight};

/// The most members with weight for whom a page plays attacks: more of them take minutes, and the command line has them.
const MOST_VOTERS: u64 = 2_000;

#[derive(Template)]
#[template(path = "constitution/propose.html")]
struct ProposePage {
    frame: Frame,
    draft: RulesDraft,
    from: String,
    findings: Option<Findings>,
    past: Option<Tried>,
    attacked: Option<Attacked>,
    no: Option<RefusalView>,
}

/// Findings in a text.
pub(crate) struct Findings {
    /// Why the text cannot even be read.
    pub(crate) problem: Option<String>,
    pub(crate) check: RulesCheck,
    pub(crate) gains: Option<Figure>,
}

/// The result of trying rules on the past.
#[derive(Debug)]
pub(crate) enum Tried {
    Report(Box<DryRunReport>),
    /// The past is being read for somebody else.
    Busy,
    /// They cannot be tried from then on, and why.
    CannotBe(String),
}

/// The answers to the catalogue of attacks under the rules in force, and under a text.
#[derive(Debug)]
pub(crate) enum Attacked {
    Answers(Answers),
    /// They are being worked out for somebody else.
    Busy,
    /// They cannot be worked out, and why.
    CannotBe(&'static str),
}

/// Answers side by side: those that differ, with those that the text opens first, and those that do not.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) differ: Vec<Compared>,
    pub(crate) same: Vec<Compared>,
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

pub(crate) async fn show(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    visitor.page(|sight, _| {
        let draft = views::rules_draft(sight, &wanted.decision, wanted.from.as_deref()).ok_or(Trouble::Absent)?;
        Ok(ProposePage::new(&visitor, sight, draft))
    })
}

/// Shows the page again with what the checker says. Nothing is kept.
pub(crate) async fn check(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let (page, _) = looked_at(&visitor, fields).await?;
    Ok(render(&page)?.into_response())
}

/// Shows the page again with the text in its canonical layout, where its form can be read.
pub(crate) async fn tidy(visitor: Visitor, Form(mut fields): Form<Fields>) -> Result<Response, Trouble> {
    if let Ok(text) = form::rules_text(&fields, "text")
        && let Some((_, typed)) = fields.iter_mut().find(|(name, _)| name == "text")
        && let Ok(tidied) = charter::format(&text)
    {
        *typed = tidied;
    }
    let (page, _) = looked_at(&visitor, fields).await?;
    Ok(render(&page)?.into_response())
}

/// Shows the page again with the past under this text.
pub(crate) async fn past(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let (mut page, text) = looked_at(&visitor, fields).await?;
    if let Some(text) = text {
        let (decision, from) = (page.draft.decision.clone(), page.from.clone());
        page.past = Some(visitor.costly(move |visitor| tried(visitor, &decision, &text, &from)).await?);
    }
    Ok(render(&page)?.into_response())
}

/// Shows the page again with what attackers could do under this text, and what they can do now.
pub(crate) async fn attacks(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let (mut page, text) = looked_at(&visitor, fields).await?;
    if let Some(text) = text {
        let decision = page.draft.decision.clone();
        page.attacked = Some(visitor.costly(move |visitor| attacked(visitor, &decision, &text)).await?);
    }
    Ok(render(&page)?.into_response())
}

/// Puts the text up, and goes to the page where it stands.
pub(crate) async fn propose(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let (mut page, text) = looked_at(&visitor, fields).await?;
    let Some(text) = text else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response());
    };
    let decision = page.draft.decision.clone();
    match visitor.act(move |_, me| Ok(vec![intent::propose(me, &decision, &text)])).await {
        Ok(()) => {
            let done = match page.draft.decision.as_str() {
                "kernel" => "propose-kernel#proposals",
                _ => "propose#candidates",
            };
            Ok(see(&format!("{}?done={done}", page.draft.back_href)))
        }
        Err(Trouble::Refused(no)) => {
            page.no = Some(no);
            Ok((StatusCode::CONFLICT, render(&page)?).into_response())
        }
        Err(other) => Err(other),
    }
}

/// The page with the text that was typed and what is found in it; the text itself where it checks.
async fn looked_at(visitor: &Visitor, fields: Fields) -> Result<(ProposePage, Option<String>), Trouble> {
    visitor.me()?;
    let look = move |visitor: &Visitor| {
        visitor.see(|sight, _| {
            let decision = form::value(&fields, "decision");
            let mut draft = views::rules_draft(sight, decision, None).ok_or(Trouble::Absent)?;
            draft.text = form::value(&fields, "text").replace("\r\n", "\n");
            let (findings, text) = match form::rules_text(&fields, "text") {
                Err(problem) => (Findings::unreadable(problem), None),
                Ok(text) => {
                    let check = checked(sight, decision, &text)?;
                    let checks = check.checks();
                    (Findings::new(check), checks.then_some(text))
                }
            };
            let mut page = ProposePage::new(visitor, sight, draft);
            page.findings = Some(findings);
            let from = form::value(&fields, "from").trim();
            if !from.is_empty() {
                page.from = from.to_owned();
            }
            Ok((page, text))
        })
    };
    visitor.costly(look).await
}

/// The checker's verdict on a text, with the changes that it would make today; nothing does.
pub(crate) fn checked(sight: &Sight<'_>, decision: &str, text: &str) -> Result<RulesCheck, Trouble> {
    let rules = match sight.state.rules.with_document(decision, text) {
        Ok(rules) => rules,
        Err(Unread::Mistakes(mistakes)) => return Ok(views::mistaken(text, &mistakes)),
        Err(Unread::NoSuchDecision) => return Err(Trouble::Absent),
    };
    let change = host::diff_to_force(sight.state, sight.directory, decision, text).ok();
    Ok(views::checked(sight, decision, text, &rules, change))
}

/// Tries a text on the past since a date, unless somebody else does so just now. It takes as long as reading the log twice.
fn tried(visitor: &Visitor, decision: &str, text: &str, from: &str) -> Result<Tried, Trouble> {
    let _one_at_a_time = match visitor.app.trying.try_lock() {
        Ok(held) => held,
        Err(TryLockError::Poisoned(held)) => held.into_inner(),
        Err(TryLockError::WouldBlock) => return Ok(Tried::Busy),
    };
    let from = match Moment::parse(from) {
        Ok(from) => from,
        Err(why) => return Ok(Tried::CannotBe(why.to_string())),
    };
    let proposal = Proposal { decision: decision.to_owned(), name: decision.to_owned(), text: text.into() };
    match visitor.app.coop.dry_run(&[proposal], Some(from)) {
        Ok(run) => visitor.see(|sight, _| {
            let beside = sight.directory.documents;
            let documents =
                WithDraft { hash: digest::hex(text.as_bytes()), card: DocumentCard::of(text).into(), beside };
            let report = views::dry_run_report(&run, Directory { documents: &documents, ..sight.directory });
            Ok(Tried::Report(Box::new(report)))
        }),
        Err(Error::Usage(why)) => Ok(Tried::CannotBe(why)),
        Err(Error::Refused(refusal)) => Ok(Tried::CannotBe(refusal.why)),
        Err(Error::Rules { mistakes, .. }) => {
            let why: Vec<String> = mistakes.into_iter().map(|one| one.why).collect();
            Ok(Tried::CannotBe(why.join("; ")))
        }
        Err(error) => Err(error.into()),
    }
}

/// Plays the catalogue of attacks on two copies of the co-op: as it is, and with a text in force. One at a time.
fn attacked(visitor: &Visitor, decision: &str, text: &str) -> Result<Attacked, Trouble> {
    let _one_at_a_time = match visitor.app.trying.try_lock() {
        Ok(held) => held,
        Err(TryLockError::Poisoned(held)) => held.into_inner(),
        Err(TryLockError::WouldBlock) => return Ok(Attacked::Busy),
    };
    let ground = visitor.see(|sight, _| Ok(Ground::of(sight.state)))?;
    match ground.voters() {
        0 => return Ok(Attacked::CannotBe(words::attack::NOBODY_YET)),
        MOST_VOTERS.. => return Ok(Attacked::CannotBe(words::attack::TOO_MANY)),
        _ => {}
    }
    let broken = |broken| Trouble::from(Error::Broken { entry: 0, broken });
    let Some(then) = ground.with_document(decision, text, 1).map_err(broken)? else {
        return Ok(Attacked::CannotBe(words::attack::NOT_IN_FORCE));
    };
    let now = attack(&ground, 1).map_err(broken)?;
    let then = attack(&then, 1).map_err(broken)?;
    let (differ, same) = compare(&now, &then).into_iter().partition(Compared::differs);
    Ok(Attacked::Answers(Answers { differ, same }))
}

/// The texts of the co-op, and a draft that is not handed in.
#[derive(Debug)]
struct WithDraft<'a> {
    hash: String,
    card: Arc<DocumentCard>,
    beside: &'a dyn Library,
}

impl Library for WithDraft<'_> {
    fn document(&self, hash: &str) -> Option<Arc<DocumentCard>> {
        if hash == self.hash { Some(Arc::clone(&self.card)) } else { self.beside.document(hash) }
    }

    fn title(&self, hash: &str) -> Option<Arc<str>> {
        if hash == self.hash { Some(Arc::clone(&self.card.title)) } else { self.beside.title(hash) }
    }

    fn narration(&self, source: &str) -> Option<String> {
        self.beside.narration(source)
    }
}

impl ProposePage {
    fn new(visitor: &Visitor, sight: &Sight<'_>, draft: RulesDraft) -> Self {
        let frame = visitor.frame(sight, "constitution", &draft.back_href, None);
        Self { frame, from: draft.past_from.clone(), draft, findings: None, past: None, attacked: None, no: None }
    }
}

impl Findings {
    pub(crate) fn new(check: RulesCheck) -> Self {
        let here = check.change.as_ref().and_then(|change| change.here.as_ref());
        Self { problem: None, gains: here.and_then(|here| chart::gains("gains", &here.weights)), check }
    }

    pub(crate) fn unreadable(problem: String) -> Self {
        Self { problem: Some(problem), check: RulesCheck::default(), gains: None }
    }

    /// In one sentence.
    pub(crate) fn verdict(&self) -> String {
        match (&self.problem, self.check.mistakes_total) {
            (Some(problem), _) => words::constitution::unreadable(problem),
            (None, 0) if self.check.in_force => words::constitution::CHECKS_IN_FORCE.to_owned(),
            (None, 0) => words::constitution::CHECKS.to_owned(),
            (None, 1) => words::constitution::ONE_MISTAKE.to_owned(),
            (None, many) => words::constitution::mistakes(many),
        }
    }

    pub(crate) fn checks(&self) -> bool {
        self.problem.is_none() && self.check.checks()
    }
}

#[cfg(test)]
mod tests;
