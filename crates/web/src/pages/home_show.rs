//! Home: what the co-op is, how it is doing, what is being decided and what happened.

use super::{Asked, Frame, render};
use crate::app::App;
use crate::chart::{self, Figure};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use views::HomeView;

#[derive(Template)]
#[template(path = "home_show.html")]
struct HomePage {
    frame: Frame,
    view: HomeView,
    classes: Option<Figure>,
    balance: Option<Figure>,
    /// The bucket of each decision's first challenger, in the order of the decisions.
    buckets: Vec<String>,
}

/// Money over the last three years: the whole story is on the money page.
const MONTHS: usize = 36;

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let frame = Frame::new(&app, &visitor, "home", "/", asked.done.as_deref())?;
    let view = app.desk.home(visitor.me.as_deref())?;
    let first = view.months.len().saturating_sub(MONTHS);
    render(&HomePage {
        frame,
        classes: chart::classes("classes", &view.classes),
        balance: chart::balance("balance", &view.months[first..]),
        buckets: super::decision_list::buckets(&view.decisions),
        view,
    })
}
