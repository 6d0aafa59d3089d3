//! Items of a forge or another list outside: opened and closed here on every ranking that takes them.

use bridges::{Fact, What};
use engine::Actor;
use engine::act::{Act, CloseItem, OpenItem};
use engine::chamber::Decision;
use views::ItemCard;

use super::{LogTime, New, log_time};
use crate::batch::Batch;
use crate::error::Error;

/// Takes an item's fact; [`New::Known`] for facts of other kinds.
pub(super) fn take(batch: &mut Batch<'_>, fact: &Fact, time: LogTime) -> Result<New, Error> {
    let What::Item { list, id, title, url, labels, closed } = &fact.what else {
        return Ok(New::Known);
    };
    let mut new = New::Known;
    for decision in rankings_of(batch, list)? {
        let known = batch.state().decision(&decision).and_then(|ranking| ranking.item(id));
        let known = known.map(|item| item.closed_at.is_some());
        let act = match (known, closed) {
            (None, false) => Act::OpenItem(OpenItem { decision: decision.clone(), item: id.clone() }),
            (Some(false), true) => Act::CloseItem(CloseItem { decision: decision.clone(), item: id.clone() }),
            (None, true) => {
                new = if new == New::Known { New::ClosedOutside } else { new };
                continue;
            }
            // An item that support has closed here stays closed, whatever the forge still says.
            (Some(_), _) => continue,
        };
        let at = match (time, &act) {
            // The item was opened here when the list was first read, perhaps after it was closed outside.
            (LogTime::Replay { .. }, Act::CloseItem(_)) => batch.time(fact.at),
            _ => log_time(batch, fact, time)?,
        };
        let card = ItemCard { title: title.clone(), url: url.clone(), labels: labels.clone(), bound: false };
        batch.append_item(&act, &card, Actor::Bridge, at)?;
        new = New::Recorded;
    }
    Ok(new)
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
