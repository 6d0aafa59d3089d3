//! Money: in, out, balance, every entry, and who decides what.

use super::{Asked, Frame, render};
use crate::app::App;
use crate::chart::{self, Figure};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use views::MoneyView;

#[derive(Template)]
#[template(path = "money_show.html")]
struct MoneyPage {
    frame: Frame,
    view: MoneyView,
    flow: Option<Figure>,
    balance: Option<Figure>,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let frame = Frame::new(&app, &visitor, "money", "/money", asked.done.as_deref())?;
    let view = app.desk.money(asked.cursor.as_deref())?;
    render(&MoneyPage {
        frame,
        flow: chart::flow("flow", &view),
        balance: chart::balance("balance", &view.months),
        view,
    })
}
