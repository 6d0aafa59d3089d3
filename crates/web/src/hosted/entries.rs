//! Pages that show entries of the log: the log itself and the book, newest first, a page at a time.

use std::ops::Range;

use engine::Act;
use engine::act::BookEntry;
use host::Coop;
use quantity::Moment;
use views::MoneyPage;
use views::{LogEntryView, LogHead, LogView, MoneyView, Sight};

use super::down;
use crate::trouble::Trouble;

/// Entries on one page.
const PAGE: usize = 50;

pub(super) fn money(sight: &Sight<'_>, coop: &Coop, cursor: Option<&str>) -> Result<MoneyView, Trouble> {
    let bookings = coop.history().bookings();
    let page = Page::of(bookings.len(), cursor)?;
    let mut entries = Vec::new();
    for mark in bookings.get(page.range).unwrap_or_default().iter().rev() {
        if let Some(act) = booking(coop, mark.seq)? {
            entries.push(views::money_entry(sight, &act, mark.balance_minor));
        }
    }
    let last = match bookings.last() {
        Some(mark) => booking(coop, mark.seq)?,
        None => None,
    };
    let (next, previous, as_of) = (page.next, page.previous, last.map(|act| act.at));
    let page = MoneyPage { entries, next, previous, as_of };
    Ok(views::money(sight, page))
}

pub(super) fn log(sight: &Sight<'_>, coop: &Coop, cursor: Option<&str>) -> Result<LogView, Trouble> {
    let total = usize::try_from(coop.head().seq).unwrap_or(usize::MAX);
    let page = Page::of(total, cursor)?;
    let zone = &sight.state.rules.kernel.zone;
    let mut entries = Vec::new();
    for place in page.range.rev() {
        let sequence = place as u64 + 1;
        let Some(bytes) = coop.entry(sequence).map_err(down)? else {
            continue;
        };
        let Ok(entry) = rochdale_log::decode(&bytes) else {
            continue;
        };
        let mut body = serde_json::Deserializer::from_slice(entry.body);
        let Some(Ok(act)) = Act::deserialize_body(&entry.kind, &mut body) else {
            continue;
        };
        let told = views::log_entry(&entry.authority, &act, sight.directory, zone);
        entries.push(LogEntryView {
            sequence,
            at: views::moment(Moment(entry.time_us), zone),
            act: entry.kind.to_string(),
            words: told.words,
            entry_hash: rochdale_log::hash_entry(&bytes).to_string(),
            demonstration: told.demonstration,
        });
    }
    let head = LogHead {
        entries: coop.head().seq,
        entry_hash: coop.head().hash.to_string(),
        state_hash: coop.history().last_update().map(|(_, hash)| hash.to_owned()),
        state_at: coop.history().last_update().map(|(at, _)| views::moment(at, zone)),
    };
    Ok(LogView {
        head,
        verify_command: "rochdale verify DIR".to_owned(),
        entries,
        next: page.next,
        previous: page.previous,
    })
}

/// The book entry at a place in the log.
fn booking(coop: &Coop, seq: u64) -> Result<Option<BookEntry>, Trouble> {
    let Some(bytes) = coop.entry(seq).map_err(down)? else {
        return Ok(None);
    };
    Ok(host::booked(&coop.state().forks, &bytes))
}

/// Which of `total` things, oldest first, a page shows. A cursor is the number of things up to the page's newest.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    range: Range<usize>,
    previous: Option<String>,
    next: Option<String>,
}

impl Page {
    fn of(total: usize, cursor: Option<&str>) -> Result<Page, Trouble> {
        let end = match cursor.filter(|text| !text.is_empty()) {
            None => total,
            Some(text) => text
                .parse::<usize>()
                .map_err(|_| Trouble::bad("cursor", "the cursor is not one of this page's"))?
                .min(total),
        };
        let begin = end.saturating_sub(PAGE);
        let newer = end.saturating_add(PAGE);
        let previous = match (end >= total, newer >= total) {
            (true, _) => None,
            (false, true) => Some(String::new()),
            (false, false) => Some(newer.to_string()),
        };
        let next = (begin > 0).then(|| begin.to_string());
        Ok(Page { range: begin..end, previous, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_from_the_newest_to_the_oldest_and_back() {
        let page = |cursor| Page::of(120, cursor).unwrap();
        assert_eq!((page(None).range, page(None).previous), (70..120, None));
        assert_eq!(page(None).next.as_deref(), Some("70"));
        assert_eq!(page(Some("70")).range, 20..70);
        assert_eq!(page(Some("70")).previous.as_deref(), Some(""));
        assert_eq!(page(Some("20")).range, 0..20);
        assert_eq!(page(Some("20")).previous.as_deref(), Some("70"));
        assert_eq!(page(Some("20")).next, None);
        assert!(Page::of(120, Some("x")).is_err());
        assert_eq!(Page::of(0, None).unwrap().range, 0..0);
    }
}
