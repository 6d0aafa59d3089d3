//! The published history of one election: votes, buckets, and the holders with their times.

use engine::{CandidateId, DecisionId};
use std::collections::BTreeMap;

use engine::chamber::Decision;
use quantity::Moment;
use serde::Serialize;

use crate::history::{ElectionPoint, UpdatePoint};
use crate::{Candidate, Sight, Votes, say};

/// A bucket at one update.
#[derive(Serialize, Debug, Clone)]
pub struct FillPoint {
    pub at_us: i64,
    /// The update's date, short.
    pub label: String,
    pub fill_ppm: u32,
}

/// One candidate's votes over time.
#[derive(Serialize, Debug, Clone)]
pub struct VotesSeries {
    pub candidate: Candidate,
    pub points: Vec<VotesPoint>,
}

/// Votes at one update.
#[derive(Serialize, Debug, Clone)]
pub struct VotesPoint {
    pub at_us: i64,
    /// The update's date, short.
    pub label: String,
    pub votes: Votes,
}

/// A time in the seat.
#[derive(Serialize, Debug, Clone)]
pub struct Tenure {
    pub candidate: Candidate,
    pub from: crate::Moment,
    /// None for a present holder.
    pub until: Option<crate::Moment>,
}

/// As many points as a picture can show on a phone; the newest is always among them.
const SHOWN: usize = 120;

impl Sight<'_> {
    /// Returns the points that pictures show, oldest first.
    pub(crate) fn shown(&self, decision: DecisionId) -> Vec<(&UpdatePoint, &ElectionPoint)> {
        let points = self.history;
        let step = points.len().div_ceil(SHOWN).max(1);
        let mut shown: Vec<_> =
            points.iter().rev().step_by(step).filter_map(|point| Some((&**point, of(point, decision)?))).collect();
        shown.reverse();
        shown
    }

    pub(crate) fn votes_series(
        &self,
        shown: &[(&UpdatePoint, &ElectionPoint)],
        decision: &Decision,
        place: CandidateId,
    ) -> Option<VotesSeries> {
        let points = shown.iter().filter_map(|(point, numbers)| {
            Some(VotesPoint {
                at_us: point.at.0,
                label: say::short_day(point.at, self.zone()),
                votes: say::votes(candidate(numbers, place)?.0),
            })
        });
        Some(VotesSeries { candidate: self.candidate(decision, place)?, points: points.collect() })
    }

    /// Returns the bucket of a candidate, or of *nobody*.
    pub(crate) fn fills(&self, shown: &[(&UpdatePoint, &ElectionPoint)], place: Option<CandidateId>) -> Vec<FillPoint> {
        let points = shown.iter().filter_map(|(point, numbers)| {
            let bucket = match place {
                Some(place) => candidate(numbers, place)?.1,
                None => numbers.nobody,
            };
            Some(FillPoint {
                at_us: point.at.0,
                label: say::short_day(point.at, self.zone()),
                fill_ppm: say::ppm(bucket, numbers.bucket_size),
            })
        });
        points.collect()
    }

    /// Returns the holders and their times, oldest first. A seat that was given back between updates shows as left at
    /// the next one.
    pub(crate) fn tenures(&self, place: DecisionId, decision: &Decision) -> Vec<Tenure> {
        let mut open: BTreeMap<CandidateId, Moment> = BTreeMap::new();
        let mut held: Vec<(CandidateId, Moment, Option<Moment>)> = Vec::new();
        let past = self.history.iter().filter_map(|point| Some((point.at, of(point, place)?.holders.as_slice())));
        let present = decision.changed_at().unwrap_or(decision.opened_at);
        for (at, holders) in past.chain([(present, decision.seats().holders.as_slice())]) {
            let seated = |who: &CandidateId| holders.contains(&Some(*who));
            let left: Vec<CandidateId> = open.keys().copied().filter(|who| !seated(who)).collect();
            for who in left {
                let from = open.remove(&who).unwrap_or(at);
                held.push((who, from, Some(at.max(from))));
            }
            for who in holders.iter().flatten() {
                let at_founding =
                    decision.candidate(*who).is_some_and(|candidate| candidate.since == decision.opened_at);
                let from = if at_founding && held.is_empty() && decision.changed_at().is_some() {
                    decision.opened_at
                } else {
                    at
                };
                open.entry(*who).or_insert(from);
            }
        }
        held.extend(open.into_iter().map(|(who, from)| (who, from, None)));
        held.sort_by_key(|(_, from, _)| *from);
        let tenures = held.into_iter().filter_map(|(who, from, until)| {
            Some(Tenure {
                candidate: self.candidate(decision, who)?,
                from: self.moment(from),
                until: until.map(|at| self.moment(at)),
            })
        });
        tenures.collect()
    }
}

fn of(point: &UpdatePoint, decision: DecisionId) -> Option<&ElectionPoint> {
    point.elections.iter().find(|election| election.decision == decision)
}

/// Returns votes and bucket. Candidates are in the order of their places.
fn candidate(numbers: &ElectionPoint, place: CandidateId) -> Option<(i128, u128)> {
    let at = numbers.candidates.binary_search_by_key(&place, |(place, _, _)| *place).ok()?;
    numbers.candidates.get(at).map(|(_, votes, bucket)| (*votes, *bucket))
}
