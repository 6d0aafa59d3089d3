//! Log: every entry in words, and how to check it all without trusting this server.

use super::{Asked, Frame, render};
use crate::app::App;
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use views::LogView;

#[derive(Template)]
#[template(path = "log_list.html")]
struct LogPage {
    frame: Frame,
    view: LogView,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let frame = Frame::new(&app, &visitor, "log", "/log", asked.done.as_deref())?;
    let view = app.desk.log(asked.cursor.as_deref())?;
    render(&LogPage { frame, view })
}
