//! Document: the whole text of what is in force or stands for election.

use super::{Asked, Frame, render};
use crate::app::App;
use crate::prose::{Block, blocks};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use views::{DecisionView, DocumentView};

#[derive(Template)]
#[template(path = "document_show.html")]
struct DocumentPage {
    frame: Frame,
    decision: DecisionView,
    view: DocumentView,
    blocks: Vec<Block>,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((name, document)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let decision = app.desk.decision(&name, None)?;
    let view = app.desk.document(&name, &document)?;
    let address = name.replace('/', "%2F");
    let path = format!("/decisions/{address}/documents/{}", view.candidate.id);
    let frame = Frame::new(&app, &visitor, "decisions", &path, asked.done.as_deref())?;
    render(&DocumentPage { frame, blocks: view.text.as_deref().map(blocks).unwrap_or_default(), decision, view })
}
