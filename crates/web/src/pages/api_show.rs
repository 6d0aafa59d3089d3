//! The JSON API for people: every address, what it answers, and one example.

use super::{Asked, Frame, render};
use crate::api::openapi::{OPERATIONS, Operation};
use crate::app::App;
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;

#[derive(Template)]
#[template(path = "api_show.html")]
struct ApiPage {
    frame: Frame,
    operations: &'static [Operation],
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let frame = Frame::new(&app, &visitor, "", "/api", asked.done.as_deref())?;
    render(&ApiPage { frame, operations: &OPERATIONS })
}
