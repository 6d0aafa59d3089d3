//! The first update of a period serves requests and closes them.

use std::collections::BTreeSet;

use quantity::Moment;

use super::Serving;
use crate::chamber::Decision;
use crate::id::{DecisionId, ItemId};
use crate::outcome::Outcome;
use crate::state::State;

impl State {
    /// Serves what each ranking hands out at this update, in the order in which rankings opened.
    pub(crate) fn serve_requests(&mut self, at: Moment) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for place in self.decisions.ids() {
            if let Some((name, serving)) = self.decisions.get(place).and_then(|list| self.serving_of(list, at)) {
                outcomes.extend(self.hand_out(place, &name, serving));
            }
        }
        outcomes
    }

    fn serving_of(&self, decision: &Decision, at: Moment) -> Option<(String, Serving)> {
        let list = decision.ranking().filter(|_| decision.is_open())?;
        let supply = list.handing.due(at, &self.rules.kernel.zone)?;
        let served = supply.serve(list.requests(&supply));
        Some((decision.name.clone(), Serving { at, whole: supply.whole, served }))
    }

    fn hand_out(&mut self, place: DecisionId, name: &str, serving: Serving) -> Vec<Outcome> {
        let closing: BTreeSet<ItemId> = serving.served.iter().map(|(item, _)| *item).collect();
        let freed = self.close_items(place, &closing, serving.at);
        let unit = serving.whole.unit.word(self.rules.kernel.currency).to_owned();
        let Some(list) = self.decisions.get_mut(place).and_then(Decision::ranking_mut) else { return Vec::new() };
        let mut outcomes = Vec::with_capacity(serving.served.len());
        for (item, amount) in &serving.served {
            let Some(one) = list.items.get_mut(*item) else { continue };
            one.served = true;
            outcomes.push(Outcome::ItemServed {
                decision: name.to_owned(),
                item: one.id.to_string(),
                amount: *amount,
                unit: unit.clone(),
                freed: freed.get(item).copied().unwrap_or(0),
            });
        }
        list.handing.note(serving);
        outcomes
    }
}
