//! Which of many entries a page shows, newest first.

use std::ops::Range;

use crate::trouble::Trouble;

/// Entries on one page.
const PAGE: usize = 50;

/// Which of `total` things, oldest first, a page shows. A cursor is the number of things up to the page's newest.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) range: Range<usize>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl Page {
    pub(crate) fn of(total: usize, cursor: Option<&str>) -> Result<Page, Trouble> {
        let end = match cursor.filter(|text| !text.is_empty()) {
            None => total,
            Some(text) => {
                text.parse::<usize>().map_err(|_| Trouble::bad("cursor", words::form::ODD_CURSOR))?.min(total)
            }
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

/// The number of things before a page of a list that begins with the first; a cursor says it.
pub(crate) fn begin(cursor: Option<&str>) -> Result<usize, Trouble> {
    match cursor.filter(|text| !text.is_empty()) {
        None => Ok(0),
        Some(text) => text.parse().map_err(|_| Trouble::bad("cursor", words::form::ODD_CURSOR)),
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
