//! Priorities: the list in order, why each item stands where it stands, and what will close and when.

pub(crate) mod amount;
pub(crate) mod ballot;
pub(crate) mod own;
pub(crate) mod served;

use crate::chart::{self, Table};
use crate::frame::{Asked, Frame};
use crate::paging;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::Query;
use axum::response::Html;
use views::{Problem, RankedItem, RankingPart, RankingView, Sight};

#[derive(Template)]
#[template(path = "ranking/show.html")]
pub(crate) struct RankingPage {
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

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    let part = part(&asked)?;
    visitor.page(|sight, _| {
        let view = first(sight, part).unwrap_or_else(|_| nothing_ranked());
        Ok(RankingPage::new(&visitor, sight, view, None, Vec::new(), asked.done.as_deref()))
    })
}

/// Which page is asked for: the one of an item, or the one that a cursor names.
pub(crate) fn part(asked: &Asked) -> Result<RankingPart<'_>, Trouble> {
    match asked.item.as_deref() {
        Some(item) => Ok(RankingPart::With(item)),
        None => Ok(RankingPart::After(paging::begin(asked.cursor.as_deref())?)),
    }
}

/// A page of the ranking that Priorities shows.
pub(crate) fn first(sight: &Sight<'_>, part: RankingPart<'_>) -> Result<RankingView, Trouble> {
    let name = views::first_ranking(sight);
    name.and_then(|name| views::ranking(sight, &name, part)).ok_or(Trouble::Absent)
}

/// For a constitution without any ranking.
fn nothing_ranked() -> RankingView {
    RankingView {
        name: String::new(),
        title: words::names::PRIORITIES.to_owned(),
        href: "/issues".to_owned(),
        rules: Vec::new(),
        by_conviction: false,
        items: Vec::new(),
        open: 0,
        previous: None,
        next: None,
        supply: None,
        closed: Vec::new(),
        free: None,
        adding: None,
        preview: None,
    }
}

impl RankingPage {
    pub(crate) fn new(
        visitor: &Visitor,
        sight: &Sight<'_>,
        mut view: RankingView,
        open: Option<String>,
        problems: Vec<Problem>,
        done: Option<&str>,
    ) -> Self {
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
        Self { frame: visitor.frame(sight, "issues", &view.href, done), view, rows, table, open, problems }
    }
}
