//! The things that wait for a member.

use engine::ballot::Side as BallotSide;
use engine::{MemberIndex, Outcome};
use quantity::{Moment, PPM};
use serde::Serialize;
use words::me;

use crate::names::{decision_href, decision_title, item_href};
use crate::ranking::countdown::countdown;
use crate::{Share, Sight, ballot, say};

/// Something the member could do.
#[derive(Serialize, Debug, Clone)]
pub struct Waiting {
    pub words: String,
    pub href: String,
    /// The link's words, for example `Place it`.
    pub action: String,
}

/// Decisions and items that change or close within this many days wait for their supporters.
const SOON_DAYS: u32 = 14;

const DAY_S: u64 = 86_400;

/// Most pressing first.
pub(crate) fn waiting(sight: &Sight<'_>, me: MemberIndex) -> Vec<Waiting> {
    let mut waiting = crate::power::waits::for_member(sight, me);
    waiting.extend(crate::claim::for_member(sight));
    waiting.extend(crate::who::for_member(sight));
    waiting.extend(crate::hearing::for_member(sight));
    waiting.extend(crate::application::for_member(sight));
    waiting.extend(freed(sight));
    waiting.extend(closing(sight, me));
    waiting.extend(changing(sight, me));
    waiting.extend(spent(sight, me));
    let idle = ballot::idle_ppm(sight, me);
    if idle > 0 && sight.state.weights.of(me) > 0 && ballot::shares_weight(sight, me) {
        let words = match idle {
            PPM => me::NOTHING_PLACED.to_owned(),
            part => me::share_not_placed(Share::from_ppm(part).text),
        };
        waiting.push(Waiting { words, href: "/decisions".to_owned(), action: me::PLACE_IT.to_owned() });
    }
    waiting
}

/// Returns shares that came free since the last update, because the rules no longer define their decision.
pub(crate) fn freed(sight: &Sight<'_>) -> Vec<Waiting> {
    let last = sight.state.last_update.unwrap_or(Moment::LAST);
    let own = sight.me.map_or(&[][..], |member| sight.kept.lately(sight).freed(member));
    let told = own.iter().filter(|told| told.at >= last).filter_map(|told| match &told.outcome {
        Outcome::ShareFreed { decision, share_ppm, .. } => Some(Waiting {
            words: me::came_free(Share::from_ppm(*share_ppm).text, say::plain(decision)),
            href: "/decisions".to_owned(),
            action: me::PLACE_IT.to_owned(),
        }),
        _ => None,
    });
    told.collect()
}

/// Returns items that the member supports and that close soon.
pub(crate) fn closing(sight: &Sight<'_>, me: MemberIndex) -> Vec<Waiting> {
    let ballots = sight.state.ballots.of(&sight.state.members, me).map(|(_, ballot)| ballot);
    let closing = ballots.filter(|ballot| ballot.side == BallotSide::For).filter_map(|ballot| {
        let decision = sight.state.decisions.get(ballot.decision)?;
        let item = decision.item_at(ballot.item())?;
        let left = countdown(sight, decision, item).filter(|left| left.left_days <= SOON_DAYS)?;
        let title = sight.directory.item_title(&decision.name, &item.id);
        let words = me::item_closes(title, sight.when(Moment(left.closes_at.at_us)));
        let waiting = Waiting { words, href: item_href(&decision.name, &item.id), action: me::LOOK.to_owned() };
        Some((left.closes_at.at_us, waiting))
    });
    let mut closing: Vec<(i64, Waiting)> = closing.collect();
    closing.sort_by_key(|(at, _)| *at);
    closing.into_iter().map(|(_, waiting)| waiting).collect()
}

/// Returns shares on nominations that are over.
pub(crate) fn spent<'a>(sight: &'a Sight<'_>, me: MemberIndex) -> impl Iterator<Item = Waiting> + 'a {
    let decisions = sight.state.open_decisions();
    decisions.flat_map(move |(place, decision)| {
        sight.spent(place, decision, me).into_iter().map(|spent| Waiting {
            words: me::nomination_over(spent.share.text, spent.candidate.name, say::plain(&decision.name)),
            href: format!("{}#nominations", decision_href(&decision.name)),
            action: me::TAKE_IT_BACK.to_owned(),
        })
    })
}

/// Returns elections that are about to change.
pub(crate) fn changing<'a>(sight: &'a Sight<'_>, me: MemberIndex) -> impl Iterator<Item = Waiting> + 'a {
    let soon = u64::from(SOON_DAYS).saturating_mul(DAY_S);
    sight.state.open_decisions().filter_map(move |(place, decision)| {
        let next = sight.state.next_seat_change(decision).filter(|next| !next.changes.is_empty())?;
        let own = sight.state.ballots_on(me, place).next().is_some();
        let may = own || sight.state.votes_for_share(decision, me, PPM) > 0;
        (may && next.at.seconds_since(sight.now) <= soon).then(|| Waiting {
            words: me::changing(decision_title(&decision.name), sight.card_words(decision)),
            href: decision_href(&decision.name),
            action: if own { me::LOOK } else { me::VOTE }.to_owned(),
        })
    })
}
