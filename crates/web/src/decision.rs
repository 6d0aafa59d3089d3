//! Decision: who or what holds, who challenges, how long until it would change, and my ballot here.

pub(crate) mod ballot;
pub(crate) mod candidacy;
pub(crate) mod document;
pub(crate) mod list;

use crate::chart::{self, Figure};
use crate::commitment::CommitmentPage;
use crate::frame::{Asked, Frame, render};
use crate::pool::PoolPage;
use crate::prose::{self, Block};
use crate::ranking::{self, RankingPage};
use crate::requests::RequestsPage;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Html;
use views::{ClosedDecision, DecisionView, DocumentView, PreviewView, Sight};

#[derive(Template)]
#[template(path = "decision/show.html")]
struct DecisionPage {
    frame: Frame,
    view: DecisionView,
    buckets: Option<Figure>,
    votes: Option<Figure>,
    preview: Option<PreviewView>,
    texts: Vec<Text>,
}

#[derive(Template)]
#[template(path = "decision/closed.html")]
struct ClosedPage {
    frame: Frame,
    view: ClosedDecision,
}

/// A document with the beginning of its text.
struct Text {
    document: DocumentView,
    blocks: Vec<Block>,
    more: bool,
}

/// The page of an election, a commitment, a pool or a ranking, open or closed.
pub(crate) async fn show(
    visitor: Visitor,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let done = asked.done.as_deref();
    let part = ranking::part(&asked)?;
    let rendered = visitor.see(|sight, _| {
        if let Some(view) = views::decision(sight, &name) {
            return Ok(render(&DecisionPage::new(&visitor, sight, view, None, done)));
        }
        if let Some(view) = views::commitment(sight, &name) {
            return Ok(render(&CommitmentPage::new(&visitor, sight, view, done)));
        }
        if let Some(view) = views::pool(sight, &name) {
            return Ok(render(&PoolPage::new(&visitor, sight, view, done)));
        }
        if let Some(view) = views::requests(sight, &name) {
            return Ok(render(&RequestsPage::new(&visitor, sight, view, done)));
        }
        if let Some(view) = views::ranking(sight, &name, part) {
            return Ok(render(&RankingPage::new(&visitor, sight, view, None, Vec::new(), done)));
        }
        let view = views::closed_decision(sight, &name).ok_or(Trouble::Absent)?;
        Ok(render(&ClosedPage { frame: visitor.frame(sight, "decisions", "/decisions", None), view }))
    });
    rendered?
}

/// The view of an election.
fn election(sight: &Sight<'_>, name: &str) -> Result<DecisionView, Trouble> {
    views::decision(sight, name).ok_or(Trouble::Absent)
}

/// Whether there is such a decision, and ballots on it score candidates or options.
fn is_scored(sight: &Sight<'_>, name: &str) -> Result<(), Trouble> {
    let known = sight.state.decision(name);
    known.filter(|decision| decision.scores_candidates()).map(|_| ()).ok_or(Trouble::Absent)
}

impl DecisionPage {
    fn new(
        visitor: &Visitor,
        sight: &Sight<'_>,
        view: DecisionView,
        preview: Option<PreviewView>,
        done: Option<&str>,
    ) -> Self {
        let path = format!("/decisions/{}", view.name.replace('/', "%2F"));
        let texts = view.documents.iter().cloned().map(|document| {
            let (mut blocks, more) = prose::excerpt(document.text.as_deref().unwrap_or_default());
            // The title stands above it already.
            let title = &document.candidate.name;
            if blocks.first().is_some_and(|first| first.is_heading(title)) {
                blocks.remove(0);
            }
            Text { document, blocks, more }
        });
        Self {
            frame: visitor.frame(sight, "decisions", &path, done),
            buckets: chart::buckets("buckets", &view),
            votes: chart::votes("votes", &view),
            texts: texts.collect(),
            view,
            preview,
        }
    }
}
