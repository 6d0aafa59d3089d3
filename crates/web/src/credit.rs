//! Credit: what is proposed and what was decided, and one's own, edge by edge.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{Html, Response};
use views::{CreditView, OwnCredit};

use crate::api::v1::answer;
use crate::frame::{Asked, Frame, render};
use crate::paging;
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "credit/show.html")]
struct CreditPage {
    frame: Frame,
    view: CreditView,
}

#[derive(Template)]
#[template(path = "credit/own.html")]
struct OwnPage {
    frame: Frame,
    view: OwnCredit,
}

pub(crate) async fn show(visitor: Visitor) -> Result<Html<String>, Trouble> {
    let page = visitor.see(|sight, _| {
        let view = views::credit(sight).ok_or(Trouble::Absent)?;
        Ok(CreditPage { frame: visitor.frame(sight, "me", "/credit", None), view })
    })?;
    render(&page)
}

/// The reader's own credit of one period.
pub(crate) async fn own(
    visitor: Visitor,
    Path(period): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    let begin = paging::begin(asked.cursor.as_deref())?;
    let page = visitor.see(|sight, _| {
        let view = views::own_credit(sight, &period, begin).ok_or(Trouble::Absent)?;
        let path = format!("/credit/{}", view.period);
        Ok(OwnPage { frame: visitor.frame(sight, "me", &path, None), view })
    })?;
    render(&page)
}

/// The same for programs.
pub(crate) async fn all_json(visitor: Visitor) -> Result<Response, Trouble> {
    visitor.see(|sight, _| answer(&views::credit(sight).unwrap_or_default()))
}

pub(crate) async fn own_json(
    visitor: Visitor,
    Path(period): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let begin = paging::begin(asked.cursor.as_deref())?;
    visitor.see(|sight, _| answer(&views::own_credit(sight, &period, begin).ok_or(Trouble::Absent)?))
}
