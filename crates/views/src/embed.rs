//! The state of a decision or an item in a few words, for badges and for other people's pages. It is the same for everybody, and says
//! nothing about anybody.

use words::outbox;

use crate::names::{decision_href, decision_title, item_href};
use crate::{Sight, say};

/// The rows of a ranking that other pages show.
const ROWS: usize = 5;

/// A decision or an item in a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded {
    /// Its title.
    pub title: String,
    /// Its state.
    pub words: String,
    /// Whether it is open.
    pub open: bool,
    /// Its page here.
    pub href: String,
    /// The first items of a ranking: title, state, page.
    pub rows: Vec<(String, String, String)>,
    /// The last update, if there was one.
    pub counted: Option<crate::Moment>,
}

/// Returns a decision, or an item of a ranking; `None` where there is none.
#[must_use]
pub fn embedded(sight: &Sight<'_>, decision: &str, item: Option<&str>) -> Option<Embedded> {
    let place = sight.state.decision_place(decision)?;
    let known = sight.state.decisions.get(place)?;
    let counted = sight.history.last().map(|point| sight.moment(point.at));
    let (title, href) = (decision_title(decision), decision_href(decision));
    let Some(item) = item else {
        let order = known.item_order();
        let words = match known.commitment() {
            Some(commitment) => crate::commitment::outlook(sight, known, commitment),
            None if known.pool().is_some() => {
                known.pool().map_or_else(String::new, |pool| crate::pool::card(sight, pool))
            }
            None if known.requests().is_some() => {
                known.requests().map_or_else(String::new, |one| crate::requests::card(sight, known, one))
            }
            None if known.lists_items() => crate::ranking::open_words(order.len()),
            None => outbox::badge_seats(known.seated().count(), known.seats().holders.len()),
        };
        let rows = order.into_iter().take(ROWS).filter_map(|at| {
            let id = known.item_at(at)?.id.to_string();
            let own = embedded(sight, decision, Some(&id))?;
            Some((own.title, own.words, own.href))
        });
        return Some(Embedded { title, words, open: true, href, rows: rows.collect(), counted });
    };
    let kept = known.item(item)?;
    let open = kept.closed_at.is_none();
    let words = match open {
        true => {
            let votes = say::votes(kept.total).text;
            let at = known.item_order().iter().position(|one| known.item_place(item) == Some(*one)).unwrap_or(0);
            outbox::badge_support(at.saturating_add(1), votes)
        }
        false => outbox::BADGE_CLOSED.to_owned(),
    };
    let title = sight.directory.item_title(decision, item);
    Some(Embedded { title, words, open, href: item_href(decision, item), rows: Vec::new(), counted })
}
