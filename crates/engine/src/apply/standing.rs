//! Acts of one's own that would change nothing, since what they ask for stands.

use crate::act::{Act, Pseudonym};
use crate::ballot::act as ballot;
use crate::chamber::election::act as candidacy;
use crate::state::State;

impl State {
    /// Whether a member's own act would change nothing: the same ballot or nomination stands, they stand for that office, assent to
    /// that document, or go with that fork. Its place in the log is its keeper's to find.
    #[must_use]
    pub fn stands_already(&self, act: &Act, who: Pseudonym) -> bool {
        let own = act.own_member() == Some(who);
        let active = self.members.index(who).filter(|index| self.members.is_active(*index));
        let Some(index) = active.filter(|_| own) else {
            return false;
        };
        match act {
            Act::CastBallot(act) => ballot::ballot_stands(self, act),
            Act::Nominate(act) => ballot::nomination_stands(self, act),
            Act::Stand(act) => candidacy::stands(self, act),
            Act::Assent(act) => act.assent && self.assents(index, &act.document),
            Act::JoinFork(act) => act.going && self.forks.of(index).is_some_and(|fork| fork.name == act.fork),
            _ => false,
        }
    }
}
