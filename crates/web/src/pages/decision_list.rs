//! Decisions: everything that weight can be placed on.

use super::{Asked, Frame, render};
use crate::app::App;
use crate::chart;
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use views::DecisionCard;

#[derive(Template)]
#[template(path = "decision_list.html")]
struct DecisionListPage {
    frame: Frame,
    decisions: Vec<DecisionCard>,
    buckets: Vec<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let frame = Frame::new(&app, &visitor, "decisions", "/decisions", asked.done.as_deref())?;
    let decisions = app.desk.decisions()?;
    render(&DecisionListPage { frame, buckets: buckets(&decisions), decisions })
}

/// The picture of each card.
pub(super) fn buckets(decisions: &[DecisionCard]) -> Vec<String> {
    let picture = |(index, card): (usize, &DecisionCard)| match &card.challenger {
        Some(whose) => chart::bucket_level(&format!("level-{index}"), whose, card.fill_ppm),
        None => String::new(),
    };
    decisions.iter().enumerate().map(picture).collect()
}
