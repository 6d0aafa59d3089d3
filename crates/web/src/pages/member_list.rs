//! Members: the register, the classes, and how concentrated weight is.

use super::{Asked, Frame, render};
use crate::app::App;
use crate::chart::{self, Figure};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use views::MembersView;

#[derive(Template)]
#[template(path = "member_list.html")]
struct MemberListPage {
    frame: Frame,
    view: MembersView,
    curve: Option<Figure>,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let frame = Frame::new(&app, &visitor, "members", "/members", asked.done.as_deref())?;
    let view = app.desk.members(&asked.query, asked.cursor.as_deref())?;
    render(&MemberListPage { frame, curve: chart::curve("curve", &view.curve, &view.curve_words), view })
}
