//! The terms of a commitment, as they are kept with the state, and the cycles of the calendar.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use charter::{Clause, ClauseKind, Due, Every, Terms};
use quantity::{Moment, Period, Reach, Span, Zone};

/// When it is decided, and by which numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ending {
    when: When,
    pub(super) default: Arc<str>,
    /// `None` is a quarter of the cycle.
    pub(super) half_life: Option<Span>,
    pub(super) freeze_ppm: u32,
    pub(super) quorum_ppm: u32,
    nominated_by_ppm: u32,
    /// The pool that it shares out.
    pub(super) shares_out: Option<SharedOut>,
}

/// The pool that a commitment shares out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedOut {
    /// Its name, a clause of the same constitution.
    pub of: Arc<str>,
    /// The most common money that one decision adds, minor units.
    pub may_add_minor: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum When {
    /// At the end of every period.
    Every(Every),
    /// Once: at the first moment after a day.
    Once(Moment),
}

impl Ending {
    /// `None` for a commitment that ends by no day.
    pub(super) fn of(clause: &Clause) -> Option<Ending> {
        let ClauseKind::Commitment(commitment) = &clause.kind else {
            return None;
        };
        let (when, ballot) = match &commitment.due {
            Due::Every(every, ballot) => (When::Every(*every), ballot),
            // The clause names the last microsecond of its day, which an update at midnight would miss.
            Due::Deadline(day, ballot) => (When::Once(Moment(day.0.saturating_add(1))), ballot),
            Due::Continuous { .. } => return None,
        };
        Some(Ending {
            when,
            default: Arc::from(ballot.default.as_str()),
            half_life: commitment.conviction_half_life,
            freeze_ppm: ballot.freeze_ppm,
            quorum_ppm: ballot.quorum_ppm,
            nominated_by_ppm: ballot.nominated_by_ppm,
            shares_out: commitment.shares_out.as_ref().map(|shares| SharedOut {
                of: Arc::from(shares.of.as_str()),
                may_add_minor: shares.may_add_minor.unsigned_abs(),
            }),
        })
    }

    /// The terms of nomination. Nothing settles.
    pub(super) fn terms(&self) -> Terms {
        Terms { settles_in: Span::from_seconds(0), nominated_by_ppm: self.nominated_by_ppm, changes: None }
    }

    /// The cycle around a moment; `None` where the only day has passed.
    pub(super) fn span_around(&self, zone: &Zone, at: Moment) -> Option<(Moment, Moment)> {
        match self.when {
            When::Every(every) => Some(Period { reach: Reach::This, unit: every.unit() }.bounds(at, zone)),
            When::Once(until) => (until > at).then_some((at, until)),
        }
    }

    /// The only day, where it is taken once.
    pub(super) fn day(&self) -> Option<Moment> {
        if let When::Once(until) = self.when { Some(until) } else { None }
    }

    pub(super) fn is_once(&self) -> bool {
        self.day().is_some()
    }

    /// Whether both end at the same days.
    pub(super) fn ends_as(&self, other: &Ending) -> bool {
        self.when == other.when
    }
}
