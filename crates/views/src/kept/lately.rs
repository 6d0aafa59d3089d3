//! The outcomes that pages tell, sorted out once: an update may free the shares of everybody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{Outcome, Pseudonym};
use quantity::Moment;

use crate::home::{HAPPENINGS, outcome_words};
use crate::me::happened::LATELY_US;
use crate::{Sight, UpdatePoint};

/// The outcomes that pages tell.
#[derive(Debug)]
pub(crate) struct Lately {
    /// Of the last update and the change times after it: the first that members are shown, newest point first.
    pub(crate) told: Vec<(Moment, Outcome)>,
    /// The moment since which the kernel has been in force; `None` where it is the first.
    pub(crate) kernel_since: Option<Moment>,
    /// Shares that came free, and own requests that were served, in the last four weeks, by member.
    freed: BTreeMap<Pseudonym, Vec<Told>>,
    /// Documents that were out in the last four weeks.
    out: Vec<Told>,
    /// Items that updates closed: the moment, the ranking and the item.
    closed: BTreeSet<(Moment, String, String)>,
}

/// An outcome at its place in the history.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The points after it, and the outcomes before it at its point: newest first, then in the order of the log.
    place: (usize, usize),
    pub(crate) at: Moment,
    pub(crate) outcome: Outcome,
}

impl Lately {
    pub(super) fn of(sight: &Sight<'_>) -> Lately {
        let newest = sight.history.last().map_or(Moment::FIRST, |point| point.at);
        let since = Moment(newest.0.saturating_sub(LATELY_US));
        let mut lately = Lately {
            told: told(sight),
            kernel_since: kernel_since(sight.history),
            freed: BTreeMap::new(),
            out: Vec::new(),
            closed: BTreeSet::new(),
        };
        for (after, point) in sight.history.iter().rev().enumerate() {
            for (before, outcome) in point.outcomes.iter().enumerate() {
                let told = || Told { place: (after, before), at: point.at, outcome: outcome.clone() };
                match outcome {
                    Outcome::ShareFreed { member, .. } if point.at >= since => {
                        lately.freed.entry(*member).or_default().push(told());
                    }
                    Outcome::DocumentNoLongerChecks { .. } if point.at >= since => lately.out.push(told()),
                    Outcome::ItemServed { .. } if point.at >= since => {
                        if let Some(who) = bringer(sight, outcome) {
                            lately.freed.entry(who).or_default().push(told());
                        }
                    }
                    Outcome::ItemClosed { decision, item, .. } => {
                        lately.closed.insert((point.at, decision.clone(), item.clone()));
                    }
                    _ => {}
                }
            }
        }
        lately
    }

    /// Returns the shares of a member that came free and their requests that were served in the last four weeks, newest first.
    pub(crate) fn freed(&self, member: Pseudonym) -> &[Told] {
        self.freed.get(&member).map_or(&[], Vec::as_slice)
    }

    /// Returns what may concern a member in the last four weeks, newest first: their shares, and every document.
    pub(crate) fn about(&self, member: Pseudonym) -> Vec<&Told> {
        let mut about: Vec<&Told> = self.freed(member).iter().chain(&self.out).collect();
        about.sort_by_key(|told| told.place);
        about
    }

    /// Returns whether an update or change time closed an item, and not somebody outside.
    pub(crate) fn has_closed(&self, at: Moment, ranking: &str, item: &str) -> bool {
        self.closed.contains(&(at, ranking.to_owned(), item.to_owned()))
    }
}

/// Returns who brought the item that was served, if a member did.
fn bringer(sight: &Sight<'_>, outcome: &Outcome) -> Option<Pseudonym> {
    let Outcome::ItemServed { decision, item, .. } = outcome else { return None };
    let brought = sight.state.decision(decision)?.item(item)?.brought?;
    sight.state.members.pseudonym(brought.by)
}

fn told(sight: &Sight<'_>) -> Vec<(Moment, Outcome)> {
    let Some(last) = sight.state.last_update else {
        return Vec::new();
    };
    let recent = sight.history.iter().rev().take_while(|point| point.at >= last);
    let outcomes = recent.flat_map(|point| point.outcomes.iter().map(move |outcome| (point.at, outcome)));
    let told = outcomes.filter(|(_, outcome)| outcome_words(sight, outcome).is_some());
    told.take(HAPPENINGS).map(|(at, outcome)| (at, outcome.clone())).collect()
}

fn kernel_since(history: &[Arc<UpdatePoint>]) -> Option<Moment> {
    let adopted = |outcome: &Outcome| matches!(outcome, Outcome::AmendmentAdopted { .. });
    let mut adoptions = history.iter().rev().filter(|point| point.outcomes.iter().any(adopted));
    adoptions.next().map(|point| point.at)
}
