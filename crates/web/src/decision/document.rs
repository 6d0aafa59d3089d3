//! Document: the whole text of what is in force or stands for election, or of an option.

use super::election;
use crate::commitment::OptionPage;
use crate::frame::{Asked, Frame, render};
use crate::prose::{Block, blocks};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Html;
use views::{DecisionView, DocumentView};

#[derive(Template)]
#[template(path = "decision/document.html")]
struct DocumentPage {
    frame: Frame,
    decision: DecisionView,
    view: DocumentView,
    blocks: Vec<Block>,
}

pub(crate) async fn show(
    visitor: Visitor,
    Path((name, document)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let rendered = visitor.see(|sight, _| {
        if let Some(page) = OptionPage::of(&visitor, sight, &name, &document) {
            return Ok(render(&page));
        }
        let decision = election(sight, &name)?;
        let view = views::document(sight, &name, &document).ok_or(Trouble::Absent)?;
        let address = name.replace('/', "%2F");
        let path = format!("/decisions/{address}/documents/{}", view.candidate.id);
        let frame = visitor.frame(sight, "decisions", &path, asked.done.as_deref());
        let blocks = view.text.as_deref().map(blocks).unwrap_or_default();
        Ok(render(&DocumentPage { frame, blocks, decision, view }))
    });
    rendered?
}
