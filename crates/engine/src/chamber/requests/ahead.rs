//! When a request would pass if nobody moved a vote, nothing else passed, and the pool kept what it has.

use quantity::Moment;

use crate::chamber::Decision;
use crate::id::ItemId;
use crate::state::State;

/// How many updates ahead are looked at.
const MOST_AHEAD: usize = 200;

impl State {
    /// The update at which a request passes by the votes and weights of the last one; `None` where it never does, or in more than 200
    /// updates.
    #[must_use]
    pub fn request_passes_at(&self, decision: &Decision, item: ItemId) -> Option<Moment> {
        let requests = decision.requests()?;
        let request = requests.request(item)?;
        let needs = i128::try_from(self.request_now(decision, item)?.needs?).ok()?;
        let votes = decision.item_at(item)?.total;
        let counted = self.last_update?;
        let mut at = self.next_update;
        for _ in 0..MOST_AHEAD {
            let then = request.conviction.toward(votes, at.micros_since(counted), requests.terms.half_life_us());
            if then.rounded() > needs {
                return Some(at);
            }
            at = self.next_update_after(at);
        }
        None
    }
}
