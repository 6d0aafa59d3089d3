//! What waits for a member, what their weight is, where it is placed and how it will fade.

use engine::Outcome;
use engine::ballot::{Ballot, Side as BallotSide};
use engine::chamber::Decision;
use engine::intent::ballot_name;
use engine::weight::weight_ahead;
use quantity::{Moment, PPM, month_index, month_start};
use serde::Serialize;
use words::me;

use crate::me::happened::happened;
use crate::names::{decision_href, decision_title, item_href};
use crate::{
    Happening, HeldOffice, Problem, Share, ShareField, Side, Sight, Votes, Weight, WeightExplained, ballot, explain,
    power, ranking, say,
};

mod happened;

/// My page.
#[derive(Serialize, Debug, Clone)]
pub struct MyPageView {
    pub name: String,
    /// Most pressing first.
    pub waiting: Vec<Waiting>,
    /// What the rules did to the member in the last four weeks, newest first.
    pub happened: Vec<Happening>,
    /// Offices and seats of theirs that have powers.
    pub held: Vec<HeldOffice>,
    pub weight: WeightExplained,
    /// Every ballot that holds a share, largest share first.
    pub placed: Vec<Placed>,
    /// What is not placed anywhere.
    pub idle: Share,
    /// By month from now, if nothing more is given; the first point is now.
    pub fade: Vec<FadePoint>,
    /// The same in one sentence.
    pub fade_words: String,
    /// How weight becomes votes, in one sentence.
    pub votes_words: String,
    /// What was wrong with the shares just typed; empty when the page is first shown.
    pub problems: Vec<Problem>,
}

/// Something the member could do.
#[derive(Serialize, Debug, Clone)]
pub struct Waiting {
    pub words: String,
    pub href: String,
    /// What the link says, for example `Place it`.
    pub action: String,
}

/// One ballot's share.
#[derive(Serialize, Debug, Clone)]
pub struct Placed {
    /// The name of the form field: unique among this member's ballots and stable while the ballot stands.
    pub field: String,
    /// The decision's (or the item's) title.
    pub title: String,
    pub href: String,
    pub side: Side,
    pub share: Share,
    /// What stands in the field: the share, or what the member just typed.
    pub typed: ShareField,
    /// The votes that a full score makes of it now.
    pub votes: Votes,
}

/// The weight at a future month.
#[derive(Serialize, Debug, Clone)]
pub struct FadePoint {
    pub at_us: i64,
    /// For example `January 2026`.
    pub label: String,
    pub weight: Weight,
}

/// How far ahead the forecast goes.
const MONTHS: i32 = 12;
/// What closes or changes within so many days waits for its supporters.
const SOON_DAYS: u32 = 14;
const DAY_S: u64 = 86_400;

/// The reader's own page; `None` for a visitor who is nobody.
#[must_use]
pub fn my_page(sight: &Sight<'_>) -> Option<MyPageView> {
    let (member, index) = (sight.me?, sight.me_index()?);
    let fade = fade(sight, index);
    Some(MyPageView {
        name: sight.directory.name(member),
        waiting: waiting(sight, index),
        happened: happened(sight, index),
        held: power::held(sight, member),
        weight: explain(sight, member)?,
        placed: placed(sight, index),
        idle: Share::from_ppm(ballot::idle_ppm(sight, index)),
        fade_words: fade_words(&fade),
        votes_words: charter::explain_votes(&sight.state.rules.kernel),
        fade,
        problems: Vec::new(),
    })
}

/// Most pressing first.
pub(super) fn waiting(sight: &Sight<'_>, me: u32) -> Vec<Waiting> {
    let mut waiting = freed(sight);
    waiting.extend(closing(sight, me));
    waiting.extend(changing(sight, me));
    waiting.extend(spent(sight, me));
    let idle = ballot::idle_ppm(sight, me);
    if idle > 0 && sight.state.weights.of(me) > 0 {
        let words = match idle {
            PPM => me::NOTHING_PLACED.to_owned(),
            part => me::share_not_placed(Share::from_ppm(part).text),
        };
        waiting.push(Waiting { words, href: "/decisions".to_owned(), action: me::PLACE_IT.to_owned() });
    }
    waiting
}

/// Shares that came free since the last update, because the rules no longer define what they stood on.
fn freed(sight: &Sight<'_>) -> Vec<Waiting> {
    let last = sight.state.last_update.unwrap_or(Moment::LAST);
    let points = sight.history.iter().rev();
    let recent = points.take_while(|point| point.at >= last);
    let freed = recent.flat_map(|point| &point.outcomes);
    let told = freed.filter_map(|outcome| match outcome {
        Outcome::ShareFreed { member, decision, share_ppm } if sight.me == Some(*member) => Some(Waiting {
            words: me::came_free(Share::from_ppm(*share_ppm).text, say::plain(decision)),
            href: "/decisions".to_owned(),
            action: me::PLACE_IT.to_owned(),
        }),
        _ => None,
    });
    told.collect()
}

/// Items that the member supports and that close soon.
fn closing(sight: &Sight<'_>, me: u32) -> Vec<Waiting> {
    let ballots = sight.state.ballots.of(&sight.state.members, me).map(|(_, ballot)| ballot);
    let closing = ballots.filter(|ballot| ballot.side == BallotSide::For).filter_map(|ballot| {
        let decision = sight.state.decisions.get(usize::from(ballot.decision))?;
        let item = decision.item_at(ballot.target)?;
        let left = ranking::countdown(sight, decision, item).filter(|left| left.left_days <= SOON_DAYS)?;
        let title = sight.item_title(&decision.name, &item.id);
        let words = me::item_closes(title, sight.when(Moment(left.closes_at.at_us)));
        let waiting = Waiting { words, href: item_href(&decision.name, &item.id), action: me::LOOK.to_owned() };
        Some((left.closes_at.at_us, waiting))
    });
    let mut closing: Vec<(i64, Waiting)> = closing.collect();
    closing.sort_by_key(|(at, _)| *at);
    closing.into_iter().map(|(_, waiting)| waiting).collect()
}

/// Shares on nominations that are over.
fn spent<'a>(sight: &'a Sight<'_>, me: u32) -> impl Iterator<Item = Waiting> + 'a {
    let decisions = sight.state.open_decisions();
    decisions.flat_map(move |(place, decision)| {
        sight.spent(place, decision, me).into_iter().map(|spent| Waiting {
            words: me::nomination_over(spent.share.text, spent.candidate.name, say::plain(&decision.name)),
            href: format!("{}#nominations", decision_href(&decision.name)),
            action: me::TAKE_IT_BACK.to_owned(),
        })
    })
}

/// Elections that are about to change.
fn changing<'a>(sight: &'a Sight<'_>, me: u32) -> impl Iterator<Item = Waiting> + 'a {
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

/// Largest share first.
fn placed(sight: &Sight<'_>, me: u32) -> Vec<Placed> {
    let ballots = sight.state.ballots.of(&sight.state.members, me).map(|(_, ballot)| ballot);
    let rows = ballots.filter_map(|ballot| {
        let decision = sight.state.decisions.get(usize::from(ballot.decision))?;
        let (title, href) = target(sight, decision, ballot)?;
        Some(Placed {
            field: ballot_name(decision, ballot)?,
            title,
            href,
            side: ballot::side_of(ballot.side),
            share: Share::from_ppm(ballot.share_ppm),
            typed: ShareField::placed(ballot.share_ppm),
            votes: say::votes(i128::from(sight.state.votes_for_share(decision, me, ballot.share_ppm))),
        })
    });
    let mut rows: Vec<Placed> = rows.collect();
    rows.sort_by(|a, b| (b.share.share_ppm, &a.field).cmp(&(a.share.share_ppm, &b.field)));
    rows
}

fn target(sight: &Sight<'_>, decision: &Decision, ballot: &Ballot) -> Option<(String, String)> {
    let (title, href) = (decision_title(&decision.name), decision_href(&decision.name));
    if decision.lists_items() {
        let item = decision.item_at(ballot.target)?;
        return Some((sight.item_title(&decision.name, &item.id), item_href(&decision.name, &item.id)));
    }
    let nominee = ballot.side.is_nomination().then(|| sight.in_words(decision, ballot.target as usize));
    Some((nominee.map_or_else(|| title.clone(), |nominee| me::nomination(&title, nominee)), href))
}

/// The weight of the last update, then that of the first update of each month to come.
fn fade(sight: &Sight<'_>, me: u32) -> Vec<FadePoint> {
    let Some(last) = sight.state.last_update else {
        return Vec::new();
    };
    let zone = sight.zone();
    let updates = &sight.state.rules.kernel.updates;
    let month = month_index(last, zone);
    let ahead: Vec<Moment> = (1..=MONTHS)
        .map(|later| {
            updates.next_after(Moment(month_start(month.saturating_add(later), zone).0.saturating_sub(1)), zone)
        })
        .collect();
    let weights = weight_ahead(sight.state, me, &ahead);
    let points = std::iter::once((last, sight.state.weights.of(me))).chain(ahead.into_iter().zip(weights));
    points
        .map(|(at, micro)| FadePoint { at_us: at.0, label: say::month(at, zone), weight: Weight::from_micro(micro) })
        .collect()
}

fn fade_words(fade: &[FadePoint]) -> String {
    let micro = |point: &FadePoint| point.weight.weight_micro;
    let (Some(now), Some(last)) = (fade.first(), fade.last()) else {
        return me::NOTHING_COUNTED.to_owned();
    };
    if fade.iter().all(|point| micro(point) == 0) {
        return me::NOTHING_TO_FADE.to_owned();
    }
    if fade.iter().all(|point| micro(point) == micro(now)) {
        return me::weight_stays(&now.weight.text);
    }
    // From when on it stays as it is at the end.
    let settled = fade.iter().rev().take_while(|point| micro(point) == micro(last)).last().unwrap_or(last);
    match micro(last) {
        0 => me::weight_gone(&now.weight.text, &settled.label),
        _ => me::weight_fades(&now.weight.text, &last.weight.text, &settled.label),
    }
}
