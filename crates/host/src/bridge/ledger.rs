//! A collective's transactions, read with a cursor: the oldest first, by when they were written there. One that was written late, or in
//! the same instant, is found by reading some of them again; each is known by its id and by a mark of all that was said of it.

use std::ops::ControlFlow;

use bridges::Fact;
use bridges::open_collective::{NotRead, Page, Transfer};
use quantity::Moment;
use serde::{Deserialize, Serialize};

use crate::batch::Batch;
use crate::error::Error;
use crate::gate::record;

/// Where it is kept which transactions were read: `BRIDGE/ID`.
pub(crate) const SEEN: &str = "seen";
/// The most transactions of one bridge that are kept as read; others are known by the log.
const MOST_SEEN: usize = 100_000;
/// The most pages that are read together: the walk goes on at the next reading.
pub(super) const MOST_PAGES: u32 = 4;
/// The most transactions of one instant that are passed over to reach later ones.
const MOST_OFFSET: u32 = 100_000;
/// Each reading begins so long before the newest transaction: one that was written at the same time may be shown later.
const LATE_US: i64 = 3_600_000_000;
/// Once a day those of so long ago are read again, since the site writes some of them under an earlier date.
const BACK_US: i64 = 60 * DAY_US;
/// A further page begins so long before the end of the last one: the site orders what it wrote within ten seconds by other things.
const OVERLAP_US: i64 = 60_000_000;
const DAY_US: i64 = 86_400_000_000;

/// How far a collective's transactions were read. Instants are microseconds since 1970, by the site's clock where no other is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The next page has transactions from here on; none has all.
    #[serde(default)]
    pub from_us: Option<i64>,
    /// So many of these were read.
    #[serde(default)]
    pub offset: u32,
    /// When the newest was written.
    #[serde(default)]
    pub newest_us: Option<i64>,
    /// When earlier ones were read again last, by our clock.
    #[serde(default)]
    pub looked_us: Option<i64>,
}

/// A transaction that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    created_us: i64,
    mark: String,
}

/// The transactions that one walk found, and how it ended.
#[derive(Default)]
pub(super) struct Walked {
    pub transfers: Vec<Transfer>,
    /// Transactions that cannot be known again, so that nothing is taken of them.
    pub nameless: u64,
    pub more: bool,
    /// The seconds to wait before the next call, where the site allows no more for now.
    pub pause: Option<u32>,
    pub failed: Option<NotRead>,
}

/// A page, and the seconds to wait before the next call.
type Answered = Result<(Page, Option<u32>), NotRead>;

impl Ledger {
    /// Walks on, at most some pages. `ask` asks for one page: since when, and after how many.
    pub(super) fn walk(&mut self, now: Moment, ask: &dyn Fn(Option<Moment>, u32) -> Answered) -> Walked {
        let mut found = Walked::default();
        for _ in 0..MOST_PAGES {
            let (page, pause) = match ask(self.from_us.map(Moment), self.offset) {
                Ok(answer) => answer,
                Err(why) => return Walked { failed: Some(why), more: false, ..found },
            };
            found.more = self.step(&page, now);
            found.nameless += u64::from(page.count).saturating_sub(page.transfers.len() as u64);
            found.transfers.extend(page.transfers);
            found.pause = pause;
            if !found.more || pause.is_some() {
                break;
            }
        }
        found
    }

    /// Moves the cursor past a page; whether there is more to read.
    fn step(&mut self, page: &Page, now: Moment) -> bool {
        let last = page.transfers.iter().map(|one| one.created.0).max();
        // The site's clock may be wrong, and a date to come would hide what comes before it.
        self.newest_us = self.newest_us.max(last.map(|at| at.min(now.0)));
        let read = self.offset.saturating_add(page.count);
        if page.count > 0 && u64::from(read) < page.total && read < MOST_OFFSET {
            let further = last.map(|at| at.saturating_sub(OVERLAP_US)).filter(|at| self.from_us < Some(*at));
            // Where a whole page is of one minute, those that were read are counted off.
            (self.from_us, self.offset) = match further {
                Some(at) => (Some(at), 0),
                None => (self.from_us, read),
            };
            return true;
        }
        self.offset = 0;
        self.from_us = self.newest_us.map(|at| at.saturating_sub(LATE_US));
        // A first walk has read everything.
        let looked = self.looked_us.replace(now.0);
        let is_due = looked.is_some_and(|at| now.0.saturating_sub(at) >= DAY_US);
        if is_due {
            self.from_us = self.from_us.min(Some(now.0.saturating_sub(BACK_US)));
        } else if looked.is_some() {
            self.looked_us = looked;
        }
        is_due
    }

    /// Transactions that were written before are kept as read no longer.
    fn kept_from(&self, now: Moment) -> i64 {
        let newest = self.newest_us.map_or(now.0, |at| at.saturating_sub(LATE_US));
        newest.min(now.0.saturating_sub(BACK_US))
    }
}

/// Transactions that say something new.
#[derive(Default)]
pub(super) struct Fresh {
    pub facts: Vec<Fact>,
    /// How many transactions the facts are of.
    pub records: u64,
    /// How many cannot be read, with those that are to be left out.
    pub left_out: u64,
    pub how_often_unsaid: u64,
}

/// Takes out what was read before and has not changed, and notes the others as read. `is_left_out` says which source is to be left out.
pub(super) fn fresh(
    batch: &mut Batch<'_>,
    id: &str,
    ledger: &Ledger,
    transfers: Vec<Transfer>,
    now: Moment,
    is_left_out: &dyn Fn(&str) -> bool,
) -> Result<Fresh, Error> {
    let mut fresh = Fresh::default();
    let kept_from = ledger.kept_from(now);
    let mut room = None;
    for transfer in transfers {
        // One that has not happened yet comes again.
        if transfer.created > now || transfer.facts.iter().any(|fact| fact.at > now) {
            continue;
        }
        let name = format!("{id}/{}", transfer.id);
        let seen: Option<Seen> = record(&mut *batch.coop.store, &batch.coop.now.id, SEEN, &name)?;
        if seen.as_ref().is_some_and(|seen| seen.mark == transfer.mark) {
            continue;
        }
        if transfer.facts.iter().any(|fact| is_left_out(&fact.source)) {
            fresh.left_out += 1;
            continue;
        }
        if transfer.created.0 >= kept_from {
            let left = match room {
                Some(left) => left,
                None => MOST_SEEN.saturating_sub(count(batch, id)?),
            };
            if seen.is_some() || left > 0 {
                let kept = Seen { created_us: transfer.created.0, mark: transfer.mark };
                let json = serde_json::to_vec(&kept).map_err(|why| Error::Usage(why.to_string()))?;
                batch.put(SEEN, name.as_bytes(), &json)?;
            }
            room = Some(if seen.is_some() { left } else { left.saturating_sub(1) });
        }
        fresh.left_out += u64::from(transfer.odd.is_some());
        fresh.how_often_unsaid += u64::from(transfer.how_often_unsaid);
        fresh.records += u64::from(!transfer.facts.is_empty());
        fresh.facts.extend(transfer.facts);
    }
    Ok(fresh)
}

/// Forgets which transactions of long ago were read, once a day.
pub(super) fn forget(batch: &mut Batch<'_>, id: &str, ledger: &Ledger, now: Moment) -> Result<(), Error> {
    let (kept_from, start) = (ledger.kept_from(now), format!("{id}/"));
    let mut old = Vec::new();
    let coop = &mut *batch.coop;
    coop.store.scan(&coop.now.id, SEEN, &mut |name, json| {
        let is_old = |seen: Seen| seen.created_us < kept_from;
        if name.starts_with(start.as_bytes()) && serde_json::from_slice(json).map_or(true, is_old) {
            old.push(name.to_vec());
        }
        ControlFlow::Continue(())
    })?;
    for name in old {
        batch.delete(SEEN, &name)?;
    }
    Ok(())
}

fn count(batch: &mut Batch<'_>, id: &str) -> Result<usize, Error> {
    let (start, mut count) = (format!("{id}/"), 0);
    let coop = &mut *batch.coop;
    coop.store.scan(&coop.now.id, SEEN, &mut |name, _| {
        count += usize::from(name.starts_with(start.as_bytes()));
        ControlFlow::Continue(())
    })?;
    Ok(count)
}

#[cfg(test)]
mod tests;
