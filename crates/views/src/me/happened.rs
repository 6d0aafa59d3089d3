//! The effects of rules on a member lately: shares that came free, requests that were served, documents that are out.

use engine::chamber::CandidateName;
use engine::{MemberIndex, Outcome};
use quantity::Moment;

use crate::names::{decision_href, served_href};
use crate::{Happening, Share, Sight, say};

/// The time that members look back, microseconds: four weeks.
pub(crate) const LATELY_US: i64 = 28 * 86_400_000_000;

/// The most rows.
const TOLD: usize = 20;

/// Returns the newest first.
pub(crate) fn happened(sight: &Sight<'_>, me: MemberIndex) -> Vec<Happening> {
    let since = Moment(sight.now.0.saturating_sub(LATELY_US));
    let lately = sight.kept.lately(sight);
    let about = sight.me.map_or_else(Vec::new, |member| lately.about(member));
    let told = about.into_iter().filter(|told| told.at >= since).filter_map(|one| {
        let (words, href) = told(sight, me, &one.outcome)?;
        Some(Happening { at: sight.moment(one.at), words, href: Some(href) })
    });
    told.take(TOLD).collect()
}

fn told(sight: &Sight<'_>, me: MemberIndex, outcome: &Outcome) -> Option<(String, String)> {
    match outcome {
        Outcome::ShareFreed { member, decision, share_ppm } if sight.state.members.index(*member) == Some(me) => {
            let share = Share::from_ppm(*share_ppm).text;
            Some((words::me::came_free(share, say::plain(decision)), decision_href(decision)))
        }
        // Only requests that the reader brought are told here.
        Outcome::ItemServed { decision, item, .. } => {
            let title = sight.directory.item_title(decision, item);
            Some((words::home::item_served(title, say::plain(decision)), served_href(decision)))
        }
        Outcome::DocumentNoLongerChecks { decision, document } if is_own(sight, me, decision, document) => {
            let title = sight.directory.candidate_text(document);
            Some((words::me::document_out(title, say::plain(decision)), decision_href(decision)))
        }
        _ => None,
    }
}

fn is_own(sight: &Sight<'_>, me: MemberIndex, decision: &str, document: &str) -> bool {
    let name = CandidateName::Document(document.to_owned());
    let mut known = sight.state.decisions.rows().iter().rev();
    known.any(|known| {
        let own = known.candidate_place(&name).and_then(|place| known.candidate(place));
        known.name == decision && own.is_some_and(|own| own.proposer == Some(me))
    })
}
