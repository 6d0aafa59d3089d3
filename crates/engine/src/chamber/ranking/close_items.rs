//! Items that close, and the shares that come free with them.

use std::collections::{BTreeMap, BTreeSet};

use quantity::Moment;

use crate::ballot::HasScores;
use crate::id::{DecisionId, ItemId, MemberIndex};
use crate::outcome::Outcome;
use crate::state::State;

impl State {
    /// Closes what nobody has supported for as long as each ranking's clause says.
    pub(crate) fn close_due_items(&mut self, at: Moment) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for place in self.decisions.ids() {
            let Some(decision) = self.decisions.get(place) else {
                continue;
            };
            let (name, due) = (decision.name.clone(), decision.items_due(at));
            let closing: BTreeSet<ItemId> = due.iter().map(|(target, _)| *target).collect();
            let freed = self.close_items(place, &closing, at);
            for (target, item) in due {
                let freed = freed.get(&target).copied().unwrap_or(0);
                outcomes.push(Outcome::ItemClosed { decision: name.clone(), item, freed });
            }
        }
        outcomes
    }

    /// Closes items of one ranking and gives the shares on them back, in one walk over all ballots; how many ballots
    /// that were, by item.
    pub(crate) fn close_items(
        &mut self,
        decision: DecisionId,
        items: &BTreeSet<ItemId>,
        at: Moment,
    ) -> BTreeMap<ItemId, u32> {
        let mut freed = BTreeMap::new();
        if items.is_empty() {
            return freed;
        }
        let gone: Vec<(u32, ItemId)> = (0_u32..)
            .zip(self.ballots.rows().iter())
            .filter(|(_, ballot)| ballot.member != MemberIndex::NOBODY && ballot.decision == decision)
            .filter(|(_, ballot)| items.contains(&ballot.item()))
            .map(|(row, ballot)| (row, ballot.item()))
            .collect();
        for (row, item) in gone {
            self.remove_ballot(row, HasScores::No);
            let count: &mut u32 = freed.entry(item).or_default();
            *count = count.saturating_add(1);
        }
        if let Some(decision) = self.decisions.get_mut(decision) {
            decision.close_items(items, at);
        }
        freed
    }
}
