//! Members: the register, the classes, and how concentrated weight is; now, or as the log had them at a date.

use crate::api::v1::{as_of, at_date};
use crate::chart::{self, Figure};
use crate::frame::{Frame, render};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::Query;
use axum::response::Html;
use serde::Deserialize;
use views::{MembersView, Sight};

#[derive(Template)]
#[template(path = "member/list.html")]
struct MemberListPage {
    frame: Frame,
    view: MembersView,
    curve: Option<Figure>,
    /// The date of the register, as it was asked for, and in words with the last update by then.
    past: Option<(String, String)>,
}

/// The parameters of the page's address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    query: String,
    cursor: Option<String>,
    done: Option<String>,
    #[serde(default)]
    at: String,
}

pub(crate) async fn show(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Html<String>, Trouble> {
    if wanted.at.is_empty() {
        return visitor.page(|sight, _| Ok(page(&visitor, sight, &wanted)));
    }
    let past =
        move |visitor: &Visitor| as_of(visitor, Some(&wanted.at), |sight| render(&page(visitor, sight, &wanted)));
    at_date(&visitor, true, past).await
}

fn page(visitor: &Visitor, sight: &Sight<'_>, wanted: &Wanted) -> MemberListPage {
    let view = views::members(sight, &wanted.query, wanted.cursor.as_deref());
    let frame = visitor.frame(sight, "members", "/members", wanted.done.as_deref());
    let counted = sight.state.last_update.map(|at| sight.moment(at).text);
    let told = match counted {
        Some(update) => words::members::as_of(sight.moment(sight.now).text, update),
        None => words::members::as_of_before_updates(sight.moment(sight.now).text),
    };
    let past = (!wanted.at.is_empty()).then(|| (wanted.at.clone(), told));
    MemberListPage { frame, curve: chart::curve("curve", &view.curve, &view.curve_words), view, past }
}
