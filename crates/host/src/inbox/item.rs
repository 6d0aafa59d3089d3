//! Items of a forge or another list outside: opened and closed here on every ranking that takes them.

use bridges::{Fact, What};
use engine::act::{Act, CloseItem, OpenItem};
use engine::chamber::Decision;
use quantity::Moment;
use views::ItemCard;

use super::differs::{Difference, of_item};
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
    let What::Item { list, id: number, place, title, url, labels, closed, was_closed } = &fact.what else {
        return Ok(New::Known);
    };
    let mut new = New::Known;
    for decision in rankings_of(batch, list)? {
        let id = &id_there(batch, &decision, place.as_deref(), number);
        if id.len() > MAX_ITEM {
            return Ok(New::LeftOut(format!("its id `{id}` has more than {MAX_ITEM} characters")));
        }
        let here = standing(batch, &decision, id);
        // Our own outcome has not reached the forge yet, whose word is older.
        if here.contradicts(*closed) && batch.is_on_its_way(&decision, id)? {
            continue;
        }
        let known = batch.item(&decision, id).cloned();
        let said_before = was_closed.or_else(|| known.as_ref().map(|card| card.closed_outside)).unwrap_or(false);
        let is_turned = said_before != *closed;
        let act = match turned(here, *closed, is_turned, (decision.as_str(), id.as_str())) {
            Turn::Act(act) => Some(*act),
            Turn::Passed => {
                new = if new == New::Known { New::ClosedOutside } else { new };
                continue;
            }
            Turn::Differs(how) => {
                of_item(taken, file, fact, how);
                None
            }
            Turn::Nothing => None,
        };
        let closed_outside = *closed && here != Here::BySupport;
        let (title, url, labels) = (title.clone(), url.clone(), labels.clone());
        let card = match &known {
            // Its title is not for everybody any more: the one that was stays.
            Some(known) if title.is_empty() => ItemCard { closed_outside, bound: false, ..known.clone() },
            _ => ItemCard { title, url, labels, closed_outside, bound: false },
        };
        let renamed = known.as_ref().is_some_and(|known| known.title != card.title);
        match act {
            Some(act) => {
                let at = match (time, here) {
                    // The item was opened here when the list was first read, perhaps after it was closed or opened again outside.
                    (LogTime::Replay { .. }, Here::Open | Here::Closed) => batch.time(fact.at),
                    _ => log_time(batch, fact, time)?,
                };
                let (_, actor) = batch.recording.of(batch.state(), act.clone(), batch.time(at));
                batch.append_item(&act, &card, actor, at)?;
                new = New::Recorded;
            }
            None if known
                .as_ref()
                .is_none_or(|known| *known != ItemCard { bound: known.bound, ..card.clone() }.safe()) =>
            {
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
    /// It had its turn and its part of the ranking's supply; the work is still to be done outside.
    Served,
    /// Where it comes from, or by a decision here.
    Closed,
}

impl Here {
    /// Whether the outside says something else.
    fn contradicts(self, closed: bool) -> bool {
        match self {
            Here::Never | Here::Served => false,
            Here::Open => closed,
            Here::Closed | Here::BySupport => !closed,
        }
    }
}

/// The outcome of the outside's word on an item.
enum Turn {
    Act(Box<Act>),
    /// It is closed there, and was never here.
    Passed,
    Differs(Difference),
    Nothing,
}

/// A word that says again what the outside said before takes no decision back that was made here since. An item that support has closed
/// here stays closed, whatever the forge still says.
fn turned(here: Here, closed: bool, is_turned: bool, (decision, item): (&str, &str)) -> Turn {
    let (decision, item) = (decision.to_owned(), item.to_owned());
    match (here, closed) {
        (Here::Never, true) => Turn::Passed,
        (Here::Never, false) => Turn::Act(Box::new(Act::OpenItem(OpenItem { decision, item, amount: None }))),
        (Here::Closed, false) if is_turned => {
            Turn::Act(Box::new(Act::OpenItem(OpenItem { decision, item, amount: None })))
        }
        (Here::Open, true) if is_turned => Turn::Act(Box::new(Act::CloseItem(CloseItem { decision, item }))),
        (Here::Closed, false) => Turn::Differs(Difference::StaysClosed { decision, item }),
        (Here::Open, true) => Turn::Differs(Difference::StaysOpen { decision, item }),
        (Here::BySupport, false) => Turn::Differs(Difference::OpenThere { decision, item }),
        (Here::Open | Here::Served, false) | (Here::Closed | Here::BySupport | Here::Served, true) => Turn::Nothing,
    }
}

fn standing(batch: &Batch<'_>, decision: &str, id: &str) -> Here {
    let state = batch.state();
    let Some(item) = state.decision(decision).and_then(|ranking| ranking.item(id)) else { return Here::Never };
    let Some(closed_at) = item.closed_at else { return Here::Open };
    let is_noted = batch.item(decision, id).is_some_and(|card| card.closed_outside);
    if item.served && !is_noted {
        return Here::Served;
    }
    // Support closes items at updates and never between them; earlier versions noted nothing.
    let kernel = &state.rules.kernel;
    let update = kernel.updates.previous_before(Moment(closed_at.0.saturating_add(1)), &kernel.zone);
    if is_noted || update != closed_at { Here::Closed } else { Here::BySupport }
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
