//! What the co-op is, how it is doing, what is being decided and what just happened.

use engine::Outcome;
use quantity::Moment;
use serde::Serialize;
use words::home;
use words::numbers::MEMBERS;

use crate::classes::classes;
use crate::names::{decision_href, item_href};
use crate::{Amount, ClassSlice, DecisionCard, MonthBalance, RankedItem, Sight, decision, money, ranking, say};

/// The home page.
#[derive(Serialize, Debug, Clone)]
pub struct HomeView {
    /// Weight by class, in the kernel's order.
    pub classes: Vec<ClassSlice>,
    /// What the co-op has now.
    pub balance: Amount,
    /// Oldest first.
    pub months: Vec<MonthBalance>,
    /// The three liveliest decisions, liveliest first.
    pub decisions: Vec<DecisionCard>,
    /// The first items of the priorities.
    pub priorities: Vec<RankedItem>,
    /// What changed at the last update; empty if nothing did.
    pub happenings: Vec<Happening>,
}

/// One thing that happened.
#[derive(Serialize, Debug, Clone)]
pub struct Happening {
    pub at: crate::Moment,
    /// For example `member-080 took over as maintainer from member-012`.
    pub words: String,
    pub href: Option<String>,
}

const LIVELIEST: usize = 3;
const PRIORITIES: usize = 5;
const HAPPENINGS: usize = 12;

/// The home page.
#[must_use]
pub fn home(sight: &Sight<'_>) -> HomeView {
    let months = money::months(sight);
    HomeView {
        classes: if sight.state.last_update.is_some() { classes(sight) } else { Vec::new() },
        balance: months.last().map_or_else(|| money::amount(sight, 0), |month| month.balance.clone()),
        months,
        decisions: liveliest(sight),
        priorities: ranking::first_items(sight, PRIORITIES),
        happenings: happenings(sight),
    }
}

/// What changes soonest, then what has the fullest bucket; rankings last.
fn liveliest(sight: &Sight<'_>) -> Vec<DecisionCard> {
    let mut known: Vec<(Moment, u32, DecisionCard)> = sight
        .state
        .open_decisions()
        .map(|(_, known)| {
            let next = sight.state.next_seat_change(known).map_or(Moment::LAST, |next| next.at);
            let card = decision::card(sight, known);
            (next, u32::MAX.saturating_sub(card.fill_ppm), card)
        })
        .collect();
    known.sort_by_key(|(next, empty, card)| (*next, *empty, card.kind == crate::DecisionKind::Ranking));
    known.into_iter().take(LIVELIEST).map(|(_, _, card)| card).collect()
}

/// What the last update and the change times after it brought about.
fn happenings(sight: &Sight<'_>) -> Vec<Happening> {
    let Some(last) = sight.state.last_update else {
        return Vec::new();
    };
    let recent = sight.history.iter().rev().take_while(|point| point.at >= last);
    let outcomes = recent.flat_map(|point| point.outcomes.iter().map(move |outcome| (point.at, outcome)));
    let told = outcomes.filter_map(|(at, outcome)| {
        let (words, href) = outcome_words(sight, outcome)?;
        Some(Happening { at: sight.moment(at), words, href: Some(href) })
    });
    told.take(HAPPENINGS).collect()
}

/// What came about in words, and where it is shown; `None` for what members are not told.
// flat: one match over a closed enum.
pub(super) fn outcome_words(sight: &Sight<'_>, outcome: &Outcome) -> Option<(String, String)> {
    let name = |who: &str| sight.directory.candidate_text(who);
    let said = match outcome {
        Outcome::CandidateEntered { decision, candidate } => {
            (home::candidate_entered(name(candidate), say::plain(decision)), decision_href(decision))
        }
        Outcome::NomineeDropped { decision, candidate } => {
            (home::nominee_dropped(name(candidate), say::plain(decision)), decision_href(decision))
        }
        Outcome::SeatTaken { decision, candidate, from } => {
            let (to, title) = (name(candidate), say::plain(decision));
            let words = match from {
                Some(from) => home::seat_taken_from(to, name(from), title),
                None => home::seat_taken(to, title),
            };
            (words, decision_href(decision))
        }
        Outcome::SeatVacated { decision, from } => {
            (home::seat_vacated(name(from), say::plain(decision)), decision_href(decision))
        }
        Outcome::ItemClosed { decision, item, .. } => {
            (home::item_closed(sight.item_title(decision, item)), item_href(decision, item))
        }
        Outcome::DecisionOpened { decision } => (home::decision_opened(say::plain(decision)), decision_href(decision)),
        Outcome::DecisionClosed { decision, .. } => {
            (home::decision_closed(say::plain(decision)), "/decisions".to_owned())
        }
        Outcome::DocumentNoLongerChecks { decision, document } => {
            (home::document_no_longer_checks(name(document), say::plain(decision)), decision_href(decision))
        }
        Outcome::AmendmentAdopted { document } => (home::amendment_adopted(name(document)), "/log".to_owned()),
        Outcome::EditionAnnounced { edition } => (home::edition_announced(edition), "/log".to_owned()),
        Outcome::EditionAdopted { edition } => (home::edition_adopted(edition), "/log".to_owned()),
        Outcome::ForkAnnounced { fork } => (home::fork_announced(say::plain(fork)), "/fork".to_owned()),
        Outcome::ForkWithdrawn { fork } => (home::fork_withdrawn(say::plain(fork)), "/fork".to_owned()),
        Outcome::ForkCompleted { fork, left, .. } => {
            let members = say::count(u64::from(*left), MEMBERS);
            (home::fork_completed(members, say::plain(fork)), "/fork".to_owned())
        }
        Outcome::ShareFreed { .. }
        | Outcome::RulesChanged { .. }
        | Outcome::MemberAdmitted { .. }
        | Outcome::Recorded => return None,
    };
    Some(said)
}
