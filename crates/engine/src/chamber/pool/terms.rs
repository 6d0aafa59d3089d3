//! The terms of a pool, as they are kept with the state.

use std::sync::Arc;

use charter::{Clause, ClauseKind, Every, Feed, FundingOrder, Income, Matching, OwnProjects, SupportKind};
use quantity::{Moment, Period, Reach, Span, Zone};
use serde::{Deserialize, Serialize};

/// How what members pledge is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Match {
    /// (Σ√c)² − Σc.
    Plain,
    /// The same, and all are scaled where the pool does not hold them.
    Scaled,
    /// Each pair of members damped.
    Pairwise {
        /// M, minor units above 0.
        m_minor: u64,
    },
    /// Between groups of members.
    Connected,
    /// Plain, and no project has more than this part of the pool.
    Capped {
        /// In parts per million.
        cap_ppm: u32,
    },
    /// With nothing.
    Nothing,
}

/// The terms of a pool's clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The match.
    pub matching: Match,
    /// The kernel's lists that are groups.
    pub groups: Arc<Vec<String>>,
    /// The cycle.
    pub every: Every,
    /// Nobody supports a project of their own.
    pub excludes_own: bool,
    /// A project that cannot be paid in full is passed over; else it stops the list.
    pub skips: bool,
    /// `None` is a quarter of the cycle.
    pub half_life: Option<Span>,
    /// Parts of income, each with the words of its rule: parts per million, as places of `INCOME`.
    feeds: Arc<Vec<(u32, u8)>>,
}

impl Terms {
    /// `None` for a clause that is no pool.
    pub(super) fn of(clause: &Clause) -> Option<Terms> {
        let ClauseKind::Pool(pool) = &clause.kind else {
            return None;
        };
        let matching = match pool.matching {
            Matching::Quadratic => Match::Plain,
            Matching::Scaled => Match::Scaled,
            Matching::Pairwise { m_minor } => Match::Pairwise { m_minor: u64::try_from(m_minor).unwrap_or(1).max(1) },
            Matching::Connected => Match::Connected,
            Matching::Capped { cap_ppm } => Match::Capped { cap_ppm },
            Matching::Nothing => Match::Nothing,
        };
        let feed = |feed: &Feed| {
            let place = INCOME.iter().position(|income| *income == feed.of).unwrap_or(0);
            (feed.part_ppm, u8::try_from(place).unwrap_or(0))
        };
        Some(Terms {
            matching,
            groups: Arc::new(pool.groups.clone()),
            every: pool.every,
            excludes_own: pool.own_projects == OwnProjects::Excluded,
            skips: pool.order == FundingOrder::Skip,
            half_life: pool.conviction_half_life,
            feeds: Arc::new(pool.fed_by.iter().map(feed).collect()),
        })
    }

    /// The calendar period around an instant.
    pub(super) fn cycle_around(&self, at: Moment, zone: &Zone) -> (Moment, Moment) {
        Period { reach: Reach::This, unit: self.every.unit() }.bounds(at, zone)
    }

    /// The part of a record of support of this kind that goes into the pool, parts per million; 0 for none.
    #[must_use]
    pub fn part_of(&self, kind: SupportKind) -> u32 {
        let takes_in = |place: u8| INCOME.get(usize::from(place)).is_some_and(|income| income.takes_in(kind));
        let parts = self.feeds.iter().filter(|(_, place)| takes_in(*place));
        parts.fold(0, |sum: u32, (part, _)| sum.saturating_add(*part))
    }
}

/// In the order in which state keeps them.
const INCOME: [Income; 6] =
    [Income::Donations, Income::Dues, Income::Purchases, Income::Invoices, Income::All, Income::Surplus];
