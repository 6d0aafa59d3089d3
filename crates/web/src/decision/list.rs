//! Decisions: everything that weight can be placed on.

use crate::chart;
use crate::frame::{Asked, Frame};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::Query;
use axum::response::Html;
use views::DecisionCard;

#[derive(Template)]
#[template(path = "decision/list.html")]
struct DecisionListPage {
    frame: Frame,
    decisions: Vec<DecisionCard>,
    buckets: Vec<String>,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let decisions = views::decision_cards(sight);
        let frame = visitor.frame(sight, "decisions", "/decisions", asked.done.as_deref());
        Ok(DecisionListPage { frame, buckets: buckets(&decisions), decisions })
    })
}

/// The picture of each card.
pub(crate) fn buckets(decisions: &[DecisionCard]) -> Vec<String> {
    let picture = |(index, card): (usize, &DecisionCard)| match &card.challenger {
        Some(whose) => chart::bucket_level(&format!("level-{index}"), whose, card.fill_ppm),
        None => String::new(),
    };
    decisions.iter().enumerate().map(picture).collect()
}
