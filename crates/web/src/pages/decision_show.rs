//! Decision: who or what holds, who challenges, how long until it would change, and my ballot here.

use super::ranking_show::RankingPage;
use super::{Asked, Frame, render};
use crate::app::App;
use crate::chart::{self, Figure};
use crate::prose::{self, Block};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use views::{ClosedDecision, DecisionView, DocumentView, PreviewView};

#[derive(Template)]
#[template(path = "decision_show.html")]
pub(super) struct DecisionPage {
    frame: Frame,
    view: DecisionView,
    buckets: Option<Figure>,
    votes: Option<Figure>,
    preview: Option<PreviewView>,
    texts: Vec<Text>,
}

#[derive(Template)]
#[template(path = "decision_closed.html")]
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

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let me = visitor.me.as_deref();
    let view = match app.desk.decision(&name, me) {
        Err(Trouble::Absent) => {
            let view = match app.desk.ranking(Some(&name), me) {
                Err(Trouble::Absent) => return closed(&app, &visitor, &name),
                other => other?,
            };
            let done = asked.done.as_deref();
            return render(&RankingPage::new(&app, &visitor, view, None, Vec::new(), done)?);
        }
        other => other?,
    };
    render(&DecisionPage::new(&app, &visitor, view, None, asked.done.as_deref())?)
}

/// The page of a decision that is there no more.
fn closed(app: &App, visitor: &Visitor, name: &str) -> Result<Html<String>, Trouble> {
    let view = app.desk.closed_decision(name)?;
    let frame = Frame::new(app, visitor, "decisions", "/decisions", None)?;
    render(&ClosedPage { frame, view })
}

impl DecisionPage {
    pub(super) fn new(
        app: &App,
        visitor: &Visitor,
        view: DecisionView,
        preview: Option<PreviewView>,
        done: Option<&str>,
    ) -> Result<Self, Trouble> {
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
        Ok(Self {
            frame: Frame::new(app, visitor, "decisions", &path, done)?,
            buckets: chart::buckets("buckets", &view),
            votes: chart::votes("votes", &view),
            texts: texts.collect(),
            view,
            preview,
        })
    }
}
