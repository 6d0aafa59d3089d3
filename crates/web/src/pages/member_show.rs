//! Member: one member's weight, line by line.

use super::{Asked, Frame, render};
use crate::app::App;
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use views::MemberView;

#[derive(Template)]
#[template(path = "member_show.html")]
struct MemberPage {
    frame: Frame,
    view: MemberView,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(member): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let view = app.desk.member(&member)?;
    let path = format!("/members/{}", view.member);
    let frame = Frame::new(&app, &visitor, "members", &path, asked.done.as_deref())?;
    render(&MemberPage { frame, view })
}
