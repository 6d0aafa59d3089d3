//! Joins take effect at updates, after take-overs, and what was taken back goes back then.

use imbl::OrdSet;
use quantity::Moment;

use super::{Join, Stage};
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::register::act::leave;
use crate::state::State;

impl State {
    /// Carries out the joins whose time has come, in order of admission. To be asked at an update, after it was counted: what moves
    /// counts from the next one on, and at none for two.
    pub(crate) fn carry_out_joins(&mut self, at: Moment) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for (from, join) in self.joins.of.clone() {
            let what = self.pair(from, join.into);
            match join.stage {
                Stage::Asked if at >= join.lapses_at() => {
                    self.joins.of.remove(&from);
                    outcomes.push(Outcome::JoinLapsed(what));
                }
                // Somebody has come who acts as one of them: then it is their word that counts.
                Stage::Announced if at >= join.due() && self.needs_both(from, &join) => {
                    self.joins.of.insert(from, Join { stage: Stage::Asked, at, ..join });
                    outcomes.push(Outcome::JoinAsked(what));
                }
                Stage::Announced if at >= join.due() => outcomes.extend(self.put_together(from, join, at)),
                Stage::Parting if at >= join.due() => outcomes.push(self.put_apart(from, &join, at)),
                _ => {}
            }
        }
        outcomes
    }

    /// Moves the support of a record. Its ballots, seats and lists end with it, as where somebody leaves.
    fn put_together(&mut self, from: MemberIndex, join: Join, at: Moment) -> Vec<Outcome> {
        let on = self.members.lists().filter(|(_, list)| list.contains(&from));
        let lists: OrdSet<String> = on.map(|(name, _)| name.clone()).collect();
        self.joins.of.remove(&from);
        self.hand_over_pools(from, join.into);
        self.hand_over_requests(from, join.into);
        let mut outcomes = leave(self, from, at);
        let sources = self.support.sources_of(from);
        let records = sources.into_iter().filter(|source| self.support.hand_over(*source, join.into, at)).collect();
        let what = self.pair(from, join.into);
        let join = Join { stage: Stage::Joined, at, records, lists, ..join };
        outcomes.push(Outcome::JoinTookEffect { what, records: join.moved() as u64 });
        self.joins.of.insert(from, join);
        outcomes
    }

    /// Gives everything back that came from a record, and the record its membership.
    fn put_apart(&mut self, from: MemberIndex, join: &Join, at: Moment) -> Outcome {
        let back: Vec<u64> =
            join.records.iter().copied().filter(|source| self.support.hand_over(*source, from, at)).collect();
        // Support that goes back counts as refunded on both sides: none of its weight is held while a source is silent, neither the sum
        // of both, nor what the one who comes back had before, of which some may be refunded by now.
        self.refunded.insert(join.into);
        self.refunded.insert(from);
        self.members.come_back(from);
        for list in &join.lists {
            if let Some(list) = self.members.list_mut(list) {
                list.insert(from);
            }
        }
        self.joins.of.remove(&from);
        Outcome::PartingTookEffect { what: self.pair(from, join.into), records: back.len() as u64 }
    }
}
