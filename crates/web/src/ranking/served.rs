//! The page of the requests that past periods of a ranking served.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Html;
use views::ServedView;

use crate::frame::{Asked, Frame};
use crate::paging;
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "ranking/served.html")]
struct ServedPage {
    frame: Frame,
    view: ServedView,
    path: String,
}

pub(crate) async fn show(
    visitor: Visitor,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let begin = paging::begin(asked.cursor.as_deref())?;
    let path = format!("/decisions/{}/served", name.replace('/', "%2F"));
    let page = visitor.see(|sight, _| {
        let view = views::served(sight, &name, begin).ok_or(Trouble::Absent)?;
        Ok(ServedPage { frame: visitor.frame(sight, "issues", &path, None), view, path: path.clone() })
    })?;
    crate::frame::render(&page)
}
