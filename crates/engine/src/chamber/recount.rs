//! One election counted once more, at a change time of its own: the ballots that stand then, by the weights of the last update. And how
//! many members are behind candidates that tie. Edition 2.

use charter::Edition;
use quantity::Moment;

use super::{Decision, Standing};
use crate::ballot::Side;
use crate::count::{Reading, Recount, scored, tally};
use crate::id::{DecisionId, MemberIndex};
use crate::state::State;

use super::lanes::Lanes;

impl State {
    /// Counts what a take-over asks beside the last update; nothing where no bucket is full.
    pub(crate) fn recount(&self, place: DecisionId) -> Recount {
        let decision = self.decisions.get(place);
        let Some((decision, election)) = decision.and_then(|decision| Some((decision, decision.election()?))) else {
            return Recount::default();
        };
        let later = self.editions.current >= Edition::TWO && election.measures.edition >= Edition::TWO;
        if !later || !election.seats.any_full(election.bucket_size) {
            return Recount::default();
        }
        let own = election.terms.changes.is_some();
        let ties = election.seats.ties(&election.settling(Moment(0)));
        Recount {
            totals: if own { self.totals_now(place, decision) } else { None },
            members: if ties { self.members_behind(place, decision) } else { Vec::new() },
        }
    }

    fn totals_now(&self, place: DecisionId, decision: &Decision) -> Option<Vec<Option<i128>>> {
        let (kernel, members) = (&self.rules.kernel, &self.members);
        let alone = [decision];
        let mut lanes = Lanes::new(kernel, &alone, members, &self.weights, &|_| 1).ok()?;
        lanes.take_factors(&alone);
        let own = lanes.readings(&alone).pop()?;
        let none = |decision: &Decision| Reading {
            counting: decision.counting,
            lane: &[],
            classes: Vec::new(),
            targets: 0,
            scored: decision.has_seats(),
            together: false,
        };
        let mut readings: Vec<Reading<'_>> = self.decisions.rows().iter().map(none).collect();
        *readings.get_mut(place.place())? = own;
        let counted = tally(&readings, &self.ballots, 1).ok()?;
        let total = |(target, one): (usize, &super::Candidate)| {
            let counts = one.standing == Standing::Candidate && !one.waits;
            counts.then(|| counted.support(place.place(), target).net())
        };
        Some(decision.candidates().iter().enumerate().map(total).collect())
    }

    /// By candidate, how many members' votes for it are above 0.
    fn members_behind(&self, place: DecisionId, decision: &Decision) -> Vec<u64> {
        let mut behind = vec![0_u64; decision.target_count()];
        let on_it = |ballot: &&crate::ballot::Ballot| {
            ballot.member != MemberIndex::NOBODY && ballot.decision == place && ballot.side == Side::For
        };
        for ballot in self.ballots.rows().iter().filter(on_it) {
            let votes = self.votes_for_share(decision, ballot.member, ballot.share_ppm);
            for score in self.ballots.scores(ballot).filter(|score| scored(votes, score.ppm()) > 0) {
                if let Some(count) = behind.get_mut(score.candidate.place()) {
                    *count = count.saturating_add(1);
                }
            }
        }
        behind
    }
}
