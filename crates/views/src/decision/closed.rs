//! A decision that the rules no longer define.

use engine::DecisionId;
use engine::chamber::Decision;
use quantity::Moment;
use serde::Serialize;

use crate::names::{decision_title, kind_of};
use crate::{DecisionKind, Sight, Tenure};

/// A decision that the rules no longer define.
#[derive(Serialize, Debug, Clone)]
pub struct ClosedDecision {
    pub name: String,
    pub title: String,
    pub kind: DecisionKind,
    pub opened: crate::Moment,
    pub closed: crate::Moment,
    /// The holders and their times, oldest first.
    pub tenures: Vec<Tenure>,
}

/// Returns the last decision of this path, where it is closed; `None` where it is open or never was.
#[must_use]
pub fn closed_decision(sight: &Sight<'_>, path: &str) -> Option<ClosedDecision> {
    let mut known = sight.state.decisions.iter().rev();
    let (place, decision) = known.find(|(_, known)| known.name == path)?;
    let closed_at = decision.closed_at?;
    Some(ClosedDecision {
        name: path.to_owned(),
        title: decision_title(path),
        kind: kind_of(decision),
        opened: sight.moment(decision.opened_at),
        closed: sight.moment(closed_at),
        tenures: tenures(sight, place, decision, closed_at),
    })
}

fn tenures(sight: &Sight<'_>, place: DecisionId, decision: &Decision, closed_at: Moment) -> Vec<Tenure> {
    let mut tenures = sight.tenures(place, decision);
    for tenure in &mut tenures {
        tenure.until.get_or_insert_with(|| sight.moment(closed_at));
    }
    tenures
}
