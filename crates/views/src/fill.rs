//! Fills the plain structs of this crate from the engine's state: one file for each page noun. Not a place where anything
//! is decided: what a page says about the future comes from `engine::forecast`.

mod ballot;
mod candidate;
mod compare;
mod constitution;
mod coop;
mod decision;
mod dry_run;
mod editor;
mod facts;
mod fork;
mod happened;
mod home;
mod log;
mod me;
mod members;
mod money;
mod outlook;
mod power;
mod preview;
mod ranking;
mod refusal;
mod report;
mod rules;
mod rules_diff;
mod say;
mod series;
mod steps;
#[cfg(test)]
mod tests;
mod weight;

use engine::{Pseudonym, State};
use quantity::{Moment, Zone};

use crate::{Directory, History};

pub use ballot::{ballot_form, item_ballot};
pub use compare::{Weighed, weights_compared};
pub use constitution::{constitution, kernel, proposed_kernel, rules_report};
pub use coop::coop_summary;
pub use decision::{decision, decision_cards};
pub use dry_run::{Course, DryRun, Skipped, dry_run_report};
pub use editor::{checked, mistaken, rules_draft};
pub use facts::{facts, weights_under};
pub use fork::{fork_check, fork_draft, fork_text, forks};
pub use happened::closed_decision;
pub use home::home;
pub use log::{LogWords, log_entry, moment};
pub use me::{my_page, share_move, standing_share_ppm};
pub use members::{member, members, walk_in};
pub use money::{MoneyPage, money, money_entry};
pub use power::power;
pub use preview::preview_of;
pub use ranking::{first_ranking, ranking};
pub use refusal::refusal;
pub use report::{Whom, book_report, standings_report, status_report, weights_report};
pub use rules_diff::here_diff;
pub use steps::document;
pub use weight::{explain, explain_at};

/// What every page is filled from: the state, what stands beside it, the present, and who reads.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    pub state: &'a State,
    pub history: &'a History,
    pub directory: &'a Directory,
    /// The reader's present; nothing but words such as `in 3 days` depends on it.
    pub now: Moment,
    /// The member who reads, if any.
    pub me: Option<Pseudonym>,
    /// Anyone at this address may act as any member.
    pub walk_in: bool,
}

impl<'a> Sight<'a> {
    fn zone(&self) -> &'a Zone {
        &self.state.rules.kernel.zone
    }

    /// The reader's place in the register, while a member.
    fn me_index(&self) -> Option<u32> {
        self.state.members.index(self.me?).filter(|index| self.state.members.is_active(*index))
    }

    /// A moment as pages say it, in the co-op's time zone.
    #[must_use]
    pub fn moment(&self, at: Moment) -> crate::Moment {
        say::moment(at, self.zone())
    }

    fn day(&self, at: Moment) -> String {
        say::day(at, self.zone())
    }
}
