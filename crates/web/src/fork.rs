//! Leaving together: what goes along, who goes, who went; and a member's own part in it.

use crate::constitution::propose::Findings;
use crate::constitution::{Part, parts};
use crate::form::{self, Fields};
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use engine::act::JoinFork;
use engine::{Act, intent};
use views::{ForkDraft, ForksView, RefusalView, RulesCheck, RulesText, Sight};

#[derive(Template)]
#[template(path = "fork/show.html")]
struct ForkPage {
    frame: Frame,
    view: ForksView,
}

#[derive(Template)]
#[template(path = "fork/text.html")]
struct ForkTextPage {
    frame: Frame,
    sections: Vec<Part>,
    view: RulesText,
}

#[derive(Template)]
#[template(path = "fork/announce.html")]
struct AnnouncePage {
    frame: Frame,
    draft: ForkDraft,
    /// Of the kernel, then of the constitution.
    findings: Option<(Findings, Findings)>,
    no: Option<RefusalView>,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let frame = visitor.frame(sight, "constitution", "/fork", asked.done.as_deref());
        Ok(ForkPage { frame, view: views::forks(sight) })
    })
}

pub(crate) async fn show_text(
    visitor: Visitor,
    Path((fork, part)): Path<(String, String)>,
) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let view = views::fork_text(sight, &fork, &part).ok_or(Trouble::Absent)?;
        let frame = visitor.frame(sight, "constitution", "/fork", None);
        Ok(ForkTextPage { frame, sections: parts(&view.sections), view })
    })
}

pub(crate) async fn join(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let fork = form::value(&fields, "fork").to_owned();
    visitor.act(move |_, member| Ok(vec![Act::JoinFork(JoinFork { member, fork, going: true })])).await?;
    Ok(see("/fork?done=fork-join"))
}

pub(crate) async fn stay(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let fork = form::value(&fields, "fork").to_owned();
    visitor.act(move |_, member| Ok(vec![Act::JoinFork(JoinFork { member, fork, going: false })])).await?;
    Ok(see("/fork?done=fork-stay"))
}

pub(crate) async fn draft(visitor: Visitor) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    visitor.page(|sight, _| Ok(AnnouncePage::new(&visitor, sight, views::fork_draft(sight))))
}

/// Shows the page again with what the checker says of both texts. Nothing is kept.
pub(crate) async fn check(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let (page, _) = looked_at(&visitor, fields).await?;
    Ok(render(&page)?.into_response())
}

pub(crate) async fn announce(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let (mut page, texts) = looked_at(&visitor, fields).await?;
    let Some((kernel, constitution)) = texts else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response());
    };
    let fork = page.draft.name.clone();
    match visitor.act(move |_, me| Ok(vec![intent::announce_fork(me, &fork, &kernel, &constitution)])).await {
        Ok(()) => Ok(see("/fork?done=fork-announce")),
        Err(Trouble::Refused(no)) => {
            page.no = Some(no);
            Ok((StatusCode::CONFLICT, render(&page)?).into_response())
        }
        Err(other) => Err(other),
    }
}

/// A kernel and a constitution.
type Texts = (String, String);

/// The page with what was typed and what is found in it; the texts where both check.
async fn looked_at(visitor: &Visitor, fields: Fields) -> Result<(AnnouncePage, Option<Texts>), Trouble> {
    visitor.me()?;
    visitor
        .costly(move |visitor| {
            visitor.see(|sight, _| {
                let typed = |name: &str| form::value(&fields, name).replace("\r\n", "\n");
                let draft = ForkDraft {
                    name: typed("fork").trim().to_owned(),
                    kernel: typed("kernel"),
                    constitution: typed("constitution"),
                    ..views::fork_draft(sight)
                };
                let mut page = AnnouncePage::new(visitor, sight, draft);
                let (findings, texts) = findings(sight, &fields);
                page.findings = Some(findings);
                Ok((page, texts))
            })
        })
        .await
}

/// The findings in the kernel, then in the constitution.
fn findings(sight: &Sight<'_>, fields: &Fields) -> ((Findings, Findings), Option<Texts>) {
    match (form::rules_text(fields, "kernel"), form::rules_text(fields, "constitution")) {
        (Ok(kernel), Ok(constitution)) => {
            let checks = views::fork_check(sight, &kernel, &constitution);
            let both = checks.0.checks() && checks.1.checks();
            ((Findings::new(checks.0), Findings::new(checks.1)), both.then_some((kernel, constitution)))
        }
        (kernel, constitution) => {
            let found = |text: Result<String, String>| {
                let checked = |_| Findings::new(RulesCheck::default());
                text.map_or_else(Findings::unreadable, checked)
            };
            ((found(kernel), found(constitution)), None)
        }
    }
}

impl AnnouncePage {
    fn new(visitor: &Visitor, sight: &Sight<'_>, draft: ForkDraft) -> Self {
        Self { frame: visitor.frame(sight, "constitution", "/fork", None), draft, findings: None, no: None }
    }
}
