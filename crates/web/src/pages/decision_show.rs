//! Decision: who or what holds, who challenges, how long until it would change, and my ballot here.

use super::{Asked, Frame, render};
use crate::app::App;
use crate::chart::{self, Figure};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use views::{DecisionView, PreviewView};

#[derive(Template)]
#[template(path = "decision_show.html")]
pub(super) struct DecisionPage {
    frame: Frame,
    view: DecisionView,
    buckets: Option<Figure>,
    votes: Option<Figure>,
    preview: Option<PreviewView>,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let view = app.desk.decision(&name, visitor.me.as_deref())?;
    render(&DecisionPage::new(
        &app,
        &visitor,
        view,
        None,
        asked.done.as_deref(),
    )?)
}

impl DecisionPage {
    pub(super) fn new(
        app: &App,
        visitor: &Visitor,
        view: DecisionView,
        preview: Option<PreviewView>,
        done: Option<&str>,
    ) -> Result<Self, Trouble> {
        let path = format!("/decisions/{}", view.name);
        Ok(Self {
            frame: Frame::new(app, visitor, "decisions", &path, done)?,
            buckets: chart::buckets("buckets", &view),
            votes: chart::votes("votes", &view),
            view,
            preview,
        })
    }
}
