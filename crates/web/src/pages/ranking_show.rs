//! Priorities: the list in order, why each item stands where it stands, and what will close and when.

use super::{Asked, Frame, render};
use crate::app::App;
use crate::chart::{self, Table};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use views::{Problem, RankedItem, RankingView};

#[derive(Template)]
#[template(path = "ranking_show.html")]
pub(super) struct RankingPage {
    frame: Frame,
    view: RankingView,
    rows: Vec<Row>,
    table: Table,
    /// The item whose form is open.
    open: Option<String>,
    problems: Vec<Problem>,
}

struct Row {
    item: RankedItem,
    bar: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let view = match app.desk.ranking(None, visitor.me.as_deref()) {
        Err(Trouble::Absent) => nothing_ranked(),
        other => other?,
    };
    let page = RankingPage::new(&app, &visitor, view, None, Vec::new(), asked.done.as_deref())?;
    render(&page)
}

/// For a constitution without any ranking.
fn nothing_ranked() -> RankingView {
    RankingView {
        name: String::new(),
        title: "Priorities".to_owned(),
        href: "/issues".to_owned(),
        rules: Vec::new(),
        items: Vec::new(),
        closed: Vec::new(),
        free: None,
        preview: None,
    }
}

impl RankingPage {
    pub(super) fn new(
        app: &App,
        visitor: &Visitor,
        mut view: RankingView,
        open: Option<String>,
        problems: Vec<Problem>,
        done: Option<&str>,
    ) -> Result<Self, Trouble> {
        let longest = |item: &RankedItem| {
            let given = item.votes_for.votes_micro;
            // The left side of a bar is half as long as the right.
            given.max(item.votes_against.votes_micro.abs().saturating_mul(2))
        };
        let greatest = view.items.iter().map(longest).max().unwrap_or(1);
        let table = chart::opposed_table(&view.items);
        let rows = std::mem::take(&mut view.items)
            .into_iter()
            .map(|item| Row { bar: chart::opposed(&format!("bar-{}", item.rank), &item, greatest), item })
            .collect();
        Ok(Self { frame: Frame::new(app, visitor, "issues", &view.href, done)?, view, rows, table, open, problems })
    }
}
