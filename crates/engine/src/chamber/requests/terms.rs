//! The terms of requests, as they are kept with the state.

use std::sync::Arc;

use charter::{Clause, ClauseKind, Due, OwnProjects};
use quantity::{MICRO, Span};
use serde::{Deserialize, Serialize};

use super::threshold::Limits;

/// The terms of the clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestTerms {
    /// The name of the pool, a clause of the same constitution.
    pub of: Arc<str>,
    /// A request for more of the pool never passes, parts per million.
    pub spending_limit_ppm: u32,
    /// The part of all votes that the least request needs, parts per million.
    pub least_conviction_ppm: u32,
    /// h.
    half_life: Span,
    /// Nobody votes on a request of their own.
    pub excludes_own: bool,
}

impl RequestTerms {
    /// `None` for a clause that takes no requests.
    pub(super) fn of(clause: &Clause) -> Option<RequestTerms> {
        let ClauseKind::Commitment(commitment) = &clause.kind else {
            return None;
        };
        let Due::Continuous { spending_limit_ppm, least_conviction_ppm, of, own_requests } = &commitment.due else {
            return None;
        };
        Some(RequestTerms {
            of: Arc::from(of.as_deref()?),
            spending_limit_ppm: *spending_limit_ppm,
            least_conviction_ppm: *least_conviction_ppm,
            half_life: commitment.conviction_half_life?,
            excludes_own: *own_requests == OwnProjects::Excluded,
        })
    }

    /// The two numbers of the threshold.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let RequestTerms { spending_limit_ppm, least_conviction_ppm, .. } = *self;
        Limits { spending_limit_ppm, least_conviction_ppm }
    }

    /// h, microseconds.
    #[must_use]
    pub fn half_life_us(&self) -> u64 {
        self.half_life.seconds().saturating_mul(MICRO)
    }

    /// The time for which what has passed counts: four half-lives, microseconds.
    #[must_use]
    pub fn remembered_us(&self) -> u64 {
        self.half_life_us().saturating_mul(4)
    }
}
