//! Nominations that ended at an update: the shares on them come free (edition 2).

use std::collections::{BTreeMap, BTreeSet};

use crate::ballot::HasScores;
use crate::id::{CandidateId, DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::state::State;

impl State {
    /// Gives back the shares of those who nominated somebody that is a candidate now, or is out, in one walk over all ballots.
    pub(super) fn free_nominations(&mut self, ended: &BTreeSet<(DecisionId, CandidateId)>) -> Vec<Outcome> {
        if ended.is_empty() {
            return Vec::new();
        }
        let gone: Vec<(u32, DecisionId, MemberIndex, u32)> = (0_u32..)
            .zip(self.ballots.rows().iter())
            .filter(|(_, ballot)| ballot.member != MemberIndex::NOBODY && ballot.side.is_nomination())
            .filter(|(_, ballot)| ended.contains(&(ballot.decision, ballot.candidate())))
            .map(|(row, ballot)| (row, ballot.decision, ballot.member, ballot.share_ppm))
            .collect();
        let mut freed: BTreeMap<(DecisionId, MemberIndex), u32> = BTreeMap::new();
        for (row, decision, member, share_ppm) in gone {
            self.remove_ballot(row, HasScores::No);
            let share = freed.entry((decision, member)).or_default();
            *share = share.saturating_add(share_ppm);
        }
        let told = freed.into_iter().filter_map(|((decision, member), share_ppm)| {
            let decision = self.decisions.get(decision)?.name.clone();
            Some(Outcome::ShareFreed { member: self.members.pseudonym(member)?, decision, share_ppm })
        });
        told.collect()
    }
}
