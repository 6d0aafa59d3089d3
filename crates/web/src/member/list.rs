//! Members: the register, the classes, and how concentrated weight is.

use crate::chart::{self, Figure};
use crate::frame::{Asked, Frame};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::Query;
use axum::response::Html;
use views::MembersView;

#[derive(Template)]
#[template(path = "member/list.html")]
struct MemberListPage {
    frame: Frame,
    view: MembersView,
    curve: Option<Figure>,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let view = views::members(sight, &asked.query, asked.cursor.as_deref());
        let frame = visitor.frame(sight, "members", "/members", asked.done.as_deref());
        Ok(MemberListPage { frame, curve: chart::curve("curve", &view.curve, &view.curve_words), view })
    })
}
