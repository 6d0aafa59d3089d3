//! Member: one member's weight, line by line.

pub(crate) mod list;

use crate::frame::{Asked, Frame};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Html;
use views::{MemberView, Sight};

#[derive(Template)]
#[template(path = "member/show.html")]
struct MemberPage {
    frame: Frame,
    view: MemberView,
}

pub(crate) async fn show(
    visitor: Visitor,
    Path(member): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let view = view(sight, &member)?;
        let path = format!("/members/{}", view.member);
        Ok(MemberPage { frame: visitor.frame(sight, "members", &path, asked.done.as_deref()), view })
    })
}

/// The member of a pseudonym.
pub(crate) fn view(sight: &Sight<'_>, member: &str) -> Result<MemberView, Trouble> {
    let member = member.parse().map_err(|_| Trouble::Absent)?;
    views::member(sight, member).ok_or(Trouble::Absent)
}
