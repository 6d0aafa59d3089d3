//! Edition 2's closing of items: one whose votes were at or below the floor for more than half of `close-after` is closed. Not edition
//! 1's, which asks for the whole of that time (`ranking`).

use quantity::Moment;
use serde::{Deserialize, Serialize};

use super::Item;

/// How many earlier times of one item are remembered; of more, the oldest count as not low.
pub(crate) const MOST_LOW_TIMES: usize = 512;
const SECOND: i64 = 1_000_000;

/// Times in which an item was low, each from its first update until the first that found it above the floor, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Low(Vec<(Moment, Moment)>);

impl Low {
    pub(crate) fn times(&self) -> &[(Moment, Moment)] {
        &self.0
    }
}

/// Takes in the votes of an update at `at`. Times that ended before the last `close_after_s` are forgotten.
pub(super) fn note(item: &mut Item, floor: i128, at: Moment, close_after_s: u64) {
    if item.total <= floor {
        item.low_since = item.low_since.or(Some(at));
    } else if let Some(since) = item.low_since.take() {
        item.low.0.push((since, at));
    }
    let begins = at.0.saturating_sub(micros(close_after_s));
    let beyond = item.low.0.len().saturating_sub(MOST_LOW_TIMES);
    let mut place: usize = 0;
    item.low.0.retain(|(_, until)| {
        place = place.saturating_add(1);
        until.0 > begins && place > beyond
    });
}

/// Whether an item is older than `close_after_s` at `at`, and was low for more than half of that time.
pub(super) fn is_due(item: &Item, at: Moment, close_after_s: u64) -> bool {
    let span = micros(close_after_s);
    let begins = at.0.saturating_sub(span);
    item.opened_at.0 <= begins && low_for(item, begins, at.0).saturating_mul(2) > i128::from(span)
}

/// For how long it was low in a time, microseconds.
fn low_for(item: &Item, begins: i64, ends: i64) -> i128 {
    let present = item.low_since.map(|since| (since, Moment(ends)));
    let times = item.low.0.iter().copied().chain(present);
    let overlaps = times.map(|(from, until)| until.0.min(ends).saturating_sub(from.0.max(begins)).max(0));
    overlaps.fold(0, |sum: i128, overlap| sum.saturating_add(i128::from(overlap)))
}

/// When an item closes if its votes stay as they are, to the second. While it is low this never passes out of reach: the time that
/// leaves at one end is no longer than the time that comes in at the other.
pub(super) fn closes_at(item: &Item, close_after_s: u64) -> Option<Moment> {
    let span = micros(close_after_s);
    let oldest = Moment(item.opened_at.0.saturating_add(span));
    let Some(since) = item.low_since else {
        return is_due(item, oldest, close_after_s).then_some(oldest);
    };
    let half = since.0.saturating_add(span.div_euclid(2)).saturating_add(SECOND);
    let (mut early, mut late) = (oldest.0, half.max(oldest.0));
    while early < late {
        let middle = early.saturating_add(late.saturating_sub(early).div_euclid(2));
        if is_due(item, Moment(middle), close_after_s) {
            late = middle;
        } else {
            early = middle.saturating_add(1);
        }
    }
    Some(Moment(late))
}

fn micros(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(SECOND)
}
