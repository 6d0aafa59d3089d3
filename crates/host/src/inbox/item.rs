//! Items of a forge or another list outside: opened and closed here on every ranking that takes them.

use bridges::{Fact, What};
use engine::Actor;
use engine::act::{Act, CloseItem, OpenItem};
use engine::chamber::Decision;
use quantity::Moment;
use views::ItemCard;

use super::differs::of_item;
use super::{LogTime, New, Taken, log_time};
use crate::batch::Batch;
use crate::error::Error;

/// The longest id that the engine takes.
const MAX_ITEM: usize = 64;

/// Takes an item's fact; [`New::Known`] for facts of other kinds.
pub(super) fn take(
    batch: &mut Batch<'_>,
    file: &str,
    fact: &Fact,
    time: LogTime,
    taken: &mut Taken,
) -> Result<New, Error> {
    let What::Item { list, id: number, place, title, url, labels, closed } = &fact.what else {
        return Ok(New::Known);
    };
    let mut new = New::Known;
    for decision in rankings_of(batch, list)? {
        let id = &id_there(batch, &decision, place.as_deref(), number);
        if id.len() > MAX_ITEM {
            return Ok(New::LeftOut(format!("its id `{id}` has more than {MAX_ITEM} characters")));
        }
        let here = standing(batch, &decision, id);
        if here == Here::BySupport && !closed {
            of_item(taken, file, fact, &decision, id);
        }
        let act = match (here, closed) {
            (Here::Never | Here::Outside, false) => {
                Some(Act::OpenItem(OpenItem { decision: decision.clone(), item: id.clone() }))
            }
            (Here::Open, true) => Some(Act::CloseItem(CloseItem { decision: decision.clone(), item: id.clone() })),
            (Here::Never, true) => {
                new = if new == New::Known { New::ClosedOutside } else { new };
                continue;
            }
            // An item that support has closed here stays closed, whatever the forge still says.
            (Here::Open | Here::BySupport, false) | (Here::Outside | Here::BySupport, true) => None,
        };
        let closed_outside = *closed && here != Here::BySupport;
        let card =
            ItemCard { title: title.clone(), url: url.clone(), labels: labels.clone(), closed_outside, bound: false };
        let known = batch.item(&decision, id);
        let renamed = known.is_some_and(|known| known.title != card.title);
        match act {
            Some(act) => {
                let at = match (time, here) {
                    // The item was opened here when the list was first read, perhaps after it was closed or opened again outside.
                    (LogTime::Replay { .. }, Here::Open | Here::Outside) => batch.time(fact.at),
                    _ => log_time(batch, fact, time)?,
                };
                batch.append_item(&act, &card, Actor::Bridge, at)?;
                new = New::Recorded;
            }
            None if known.is_none_or(|known| *known != ItemCard { bound: known.bound, ..card.clone() }.safe()) => {
                batch.put_item(&decision, id, &card)?;
                if renamed && new == New::Known {
                    new = New::Renamed;
                }
            }
            None => {}
        }
    }
    Ok(new)
}

/// Returns an issue's id on a ranking: its number, where the ranking's first item is of the same repository, and else its
/// repository with it. So two repositories never share an id, and items that earlier versions opened keep theirs.
fn id_there(batch: &Batch<'_>, decision: &str, place: Option<&str>, number: &str) -> String {
    let Some(place) = place else { return number.to_owned() };
    let ranking = batch.state().decision(decision);
    let first = ranking.and_then(|ranking| ranking.items().next()).and_then(|item| batch.item(decision, &item.id));
    let home = first.and_then(|card| card.url.as_deref()).and_then(bridges::place_of_page);
    match home {
        Some(home) if home != place => format!("{place}#{number}"),
        _ => number.to_owned(),
    }
}

/// Where an item is here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Here {
    Never,
    Open,
    /// By the support that it had.
    BySupport,
    /// Where it comes from.
    Outside,
}

fn standing(batch: &Batch<'_>, decision: &str, id: &str) -> Here {
    let state = batch.state();
    let Some(item) = state.decision(decision).and_then(|ranking| ranking.item(id)) else { return Here::Never };
    let Some(closed_at) = item.closed_at else { return Here::Open };
    let is_noted = batch.item(decision, id).is_some_and(|card| card.closed_outside);
    // Support closes items at updates and never between them; earlier versions noted nothing.
    let kernel = &state.rules.kernel;
    let update = kernel.updates.previous_before(Moment(closed_at.0.saturating_add(1)), &kernel.zone);
    if is_noted || update != closed_at { Here::Outside } else { Here::BySupport }
}

/// Returns the rankings that a bridge's items come on.
fn rankings_of(batch: &Batch<'_>, list: &str) -> Result<Vec<String>, Error> {
    let takes = |decision: &&Decision| decision.items_of() == Some(list);
    let names: Vec<String> = batch
        .state()
        .open_decisions()
        .map(|(_, decision)| decision)
        .filter(takes)
        .map(|decision| decision.name.clone())
        .collect();
    if names.is_empty() {
        return Err(Error::Usage(format!("no ranking of the constitution has `of=\"{list}\"`")));
    }
    Ok(names)
}
