//! Decisions that close, and the shares that come free with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use charter::Allowance;
use quantity::Moment;

use super::{Change, rules_path};
use crate::chamber::Layer;
use crate::id::{DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::state::State;

impl State {
    /// Closes decisions with everything that their documents define. Places stay; seats, totals and buckets end.
    pub(super) fn close(&mut self, places: &BTreeSet<DecisionId>, at: Moment, change: &mut Change) {
        if places.is_empty() {
            return;
        }
        self.empty_pools(places, at, change);
        let closed = &mut change.closed;
        for (place, decision) in self.decisions.iter_mut() {
            let below = matches!(decision.layer, Layer::Of(above) if closed.contains(&above));
            let closes = places.contains(&place) || below;
            if !closes || decision.closed_at.is_some() {
                continue;
            }
            closed.insert(place);
            change.to_lay_out.remove(&place);
            decision.close(at);
            self.by_path.remove(decision.name.as_str());
            if decision.holds_rules {
                Arc::make_mut(&mut self.rules).below.remove(rules_path(&decision.name));
            }
        }
    }

    /// The money of pools goes back before they close: those among `places`, and those below them.
    fn empty_pools(&mut self, places: &BTreeSet<DecisionId>, at: Moment, change: &mut Change) {
        let mut closing: BTreeSet<DecisionId> = change.closed.clone();
        let mut pools = Vec::new();
        for (place, decision) in self.open_decisions() {
            let below = matches!(decision.layer, Layer::Of(above) if closing.contains(&above));
            if places.contains(&place) || below {
                closing.insert(place);
                if decision.pool().is_some() {
                    pools.push(place);
                }
            }
        }
        for place in pools {
            change.outcomes.extend(self.empty_pool(place, at));
        }
    }

    /// Takes the ballots on closed decisions away, in one walk over all ballots, and returns whose shares come free.
    pub(super) fn give_back(&mut self, change: &mut Change) {
        if change.closed.is_empty() {
            return;
        }
        let mut closed = vec![false; self.decisions.len()];
        for decision in &change.closed {
            if let Some(cell) = closed.get_mut(decision.place()) {
                *cell = true;
            }
        }
        // One walk over all ballots, however many decisions closed: an amendment may close thousands.
        let on_closed = |decision: DecisionId| closed.get(decision.place()) == Some(&true);
        let mut freed: BTreeMap<DecisionId, BTreeMap<MemberIndex, u32>> = BTreeMap::new();
        let mut members: BTreeSet<MemberIndex> = BTreeSet::new();
        for ballot in self.ballots.rows().iter() {
            if ballot.member != MemberIndex::NOBODY && on_closed(ballot.decision) {
                members.insert(ballot.member);
                let of_decision = freed.entry(ballot.decision).or_default();
                let share = of_decision.entry(ballot.member).or_default();
                *share = share.saturating_add(ballot.share_ppm);
            }
        }
        // Rows are collected first, since removing one moves others.
        for member in members {
            let own = self.ballots.of(&self.members, member);
            let gone: Vec<u32> = own.filter(|(_, ballot)| on_closed(ballot.decision)).map(|(row, _)| row).collect();
            for row in gone {
                let has_scores = self.has_scores(row);
                self.remove_ballot(row, has_scores);
            }
        }
        // Outcomes are in the order of closing, then of members (spec/updates.md, The entry).
        for place in &change.closed {
            let Some(decision) = self.decisions.get(*place).map(|d| d.name.clone()) else {
                continue;
            };
            let shares = freed.remove(place).unwrap_or_default();
            change.outcomes.push(Outcome::DecisionClosed {
                decision: decision.clone(),
                freed: u32::try_from(shares.len()).unwrap_or(u32::MAX),
            });
            // A whole vote on one decision took nothing from others, and nothing comes free.
            let takes = self.decisions.get(*place).is_some_and(|d| d.allowance == Allowance::Shared);
            for (member, share_ppm) in shares.into_iter().filter(|_| takes) {
                if let Some(member) = self.members.pseudonym(member) {
                    change.outcomes.push(Outcome::ShareFreed { member, decision: decision.clone(), share_ppm });
                }
            }
        }
    }
}
