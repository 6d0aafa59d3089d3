//! Members' gifts while an attack is played: each goes on as before. Not those that attackers make for it.

use std::collections::BTreeMap;

use charter::{Kernel, Source, SupportKind};
use engine::{Pseudonym, State};
use quantity::{CalendarUnit, Moment, Zone, months_later};

use crate::ground::kinds;

/// The shortest time between two gifts of one member that counts as a rhythm, days: a week.
const SHORTEST_DAYS: u64 = 7;
/// From so many days on a rhythm is one of months.
const MONTH_DAYS: u64 = 25;

/// When a gift comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Every {
    Days(u64),
    Months(u32),
}

/// A gift that comes again and again.
#[derive(Clone, Debug)]
pub(crate) struct Giving {
    pub(crate) who: Pseudonym,
    pub(crate) kind: SupportKind,
    pub(crate) amount: i64,
    every: Every,
    /// The last that was given before the play.
    anchor: Moment,
    times: u32,
}

impl Giving {
    /// The next time.
    fn next(&self, zone: &Zone) -> Moment {
        match self.every {
            Every::Days(days) => {
                let seconds = days.saturating_mul(86_400).saturating_mul(self.times.into());
                self.anchor.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
            }
            Every::Months(months) => months_later(self.anchor, months.saturating_mul(self.times), zone),
        }
    }
}

/// All that members go on giving, by the time at which it comes next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rhythm {
    coming: BTreeMap<Moment, Vec<Giving>>,
    /// A kind of which nothing comes any more.
    silent: Option<SupportKind>,
}

impl Rhythm {
    /// Members repeat the last gift of each kind that the formulas read: after as long a time as lay between their last
    /// two, or, of one who gave once, after the period that the formula reads.
    pub(crate) fn of(state: &State, began: Moment) -> Rhythm {
        let (kernel, zone) = (&state.rules.kernel, &state.rules.kernel.zone);
        let mut rhythm = Rhythm::default();
        for kind in kinds(kernel) {
            let Some(rows) = state.support.rows(kind) else { continue };
            for member in state.members.indices().filter(|member| state.members.is_active(*member)) {
                let own = rows.of(member);
                let mut given: Vec<(Moment, i64)> = own.iter().map(|(_, row)| (row.counted_at, row.amount)).collect();
                given.retain(|(_, amount)| *amount > 0);
                given.sort_unstable();
                let Some(((anchor, amount), who)) = given.last().copied().zip(state.members.pseudonym(member)) else {
                    continue;
                };
                let before = given.iter().rev().map(|(at, _)| *at).find(|at| *at < anchor);
                let every = before.map_or_else(|| read_over(kernel, kind), |before| between(before, anchor));
                // Somebody who has missed two in a row goes on not giving.
                let again = |times| Giving { who, kind, amount, every, anchor, times };
                if let Some(giving) = (1..=2).map(again).find(|giving| giving.next(zone) >= began) {
                    rhythm.note(giving, zone);
                }
            }
        }
        rhythm
    }

    fn note(&mut self, giving: Giving, zone: &Zone) {
        self.coming.entry(giving.next(zone)).or_default().push(giving);
    }

    /// When something is given next.
    pub(crate) fn next(&self) -> Option<Moment> {
        self.coming.keys().next().copied()
    }

    /// Takes what is given next. It comes again, whether it is recorded or not.
    pub(crate) fn take(&mut self, zone: &Zone) -> Vec<Giving> {
        let Some((_, mut given)) = self.coming.pop_first() else {
            return Vec::new();
        };
        for giving in &given {
            let again = Giving { times: giving.times.saturating_add(1), ..giving.clone() };
            self.note(again, zone);
        }
        given.retain(|giving| self.silent != Some(giving.kind));
        given
    }

    /// Nothing of a kind is recorded from here on.
    pub(crate) fn silence(&mut self, kind: SupportKind) {
        self.silent = Some(kind);
    }
}

/// The rhythm of two gifts.
fn between(before: Moment, after: Moment) -> Every {
    let days = after.seconds_since(before).checked_div(86_400).unwrap_or(0);
    if days < MONTH_DAYS {
        return Every::Days(days.max(SHORTEST_DAYS));
    }
    // To the nearest month of 30 days.
    let months = days.saturating_add(15).checked_div(30).unwrap_or(1);
    Every::Months(u32::try_from(months).unwrap_or(u32::MAX).clamp(1, 12))
}

/// The shortest period over which the formulas read a kind.
fn read_over(kernel: &Kernel, kind: SupportKind) -> Every {
    let sources = kernel.classes.iter().flat_map(|class| &class.weight.sources);
    let months = sources.filter_map(|source| match source {
        Source::Support { kind: read, period } | Source::Falling { kind: read, period } if *read == kind => {
            Some(match period.unit {
                CalendarUnit::Year => 12,
                CalendarUnit::Quarter => 3,
                _ => 1,
            })
        }
        Source::Faded { kind: read, .. } if *read == kind => Some(12),
        _ => None,
    });
    Every::Months(months.min().unwrap_or(12))
}
