//! Money: in, out, balance, every entry, and who decides what.

use crate::chart::{self, Figure};
use crate::frame::{Asked, Frame};
use crate::paging::Page;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::Query;
use axum::response::Html;
use engine::act::BookEntry;
use host::Snapshot;
use views::{MoneyView, Sight};

#[derive(Template)]
#[template(path = "money/show.html")]
struct MoneyPage {
    frame: Frame,
    view: MoneyView,
    has_releases: bool,
    flow: Option<Figure>,
    balance: Option<Figure>,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, coop| {
        let view = view(sight, coop, asked.cursor.as_deref())?;
        Ok(MoneyPage {
            frame: visitor.frame(sight, "money", "/money", asked.done.as_deref()),
            flow: chart::flow("flow", &view),
            balance: chart::balance("balance", &view.months),
            has_releases: views::has_releases(sight),
            view,
        })
    })
}

fn view(sight: &Sight<'_>, coop: &Snapshot, cursor: Option<&str>) -> Result<MoneyView, Trouble> {
    let bookings = coop.history().bookings();
    let page = Page::of(bookings.len(), cursor)?;
    let mut entries = Vec::new();
    for mark in page.range.rev().filter_map(|place| bookings.get(place)) {
        if let Some(act) = booking(coop, mark.seq)? {
            let mut entry = views::money_entry(sight, &act, mark.balance_minor);
            entry.source = source(sight, coop, &act)?;
            entries.push(entry);
        }
    }
    let last = match bookings.last() {
        Some(mark) => booking(coop, mark.seq)?,
        None => None,
    };
    let (next, previous, as_of) = (page.next, page.previous, last.map(|act| act.at));
    Ok(views::money(sight, views::MoneyPage { entries, next, previous, as_of }))
}

/// The record's own id at its source. From edition 2 on the log has its keyed hash alone, and only members read what it was: it can
/// be a hash of what stood in a row, by which somebody could be guessed.
fn source(sight: &Sight<'_>, coop: &Snapshot, act: &BookEntry) -> Result<Option<String>, Trouble> {
    if host::is_keyed(&act.source) && sight.me.is_none() {
        return Ok(None);
    }
    Ok(coop.source_in_plain(&act.source)?)
}

/// The book entry at a place in the log.
fn booking(coop: &Snapshot, seq: u64) -> Result<Option<BookEntry>, Trouble> {
    Ok(coop.entry(seq)?.and_then(|bytes| host::booked(coop.state(), &bytes)))
}
