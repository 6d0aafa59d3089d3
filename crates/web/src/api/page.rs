//! The JSON API for people: every address, what it answers, and one example.

use super::openapi::{OPERATIONS, Operation};
use crate::frame::{Asked, Frame};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::Query;
use axum::response::Html;

#[derive(Template)]
#[template(path = "api/show.html")]
struct ApiPage {
    frame: Frame,
    operations: &'static [Operation],
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let frame = visitor.frame(sight, "", "/api", asked.done.as_deref());
        Ok(ApiPage { frame, operations: &OPERATIONS })
    })
}
