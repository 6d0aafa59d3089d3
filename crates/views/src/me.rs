//! A member's own page: things that wait for them, their weight, its shares and its fading.

use charter::Allowance;
use engine::MemberIndex;
use engine::ballot::Ballot;
use engine::chamber::Decision;
use engine::intent::ballot_name;
use engine::weight::weight_ahead;
use quantity::{Moment, month_index, month_start};
use serde::Serialize;
use words::me;

use crate::acts_left::acts_left;
use crate::first_steps::{Earning, earning};
use crate::me::happened::happened;
use crate::me::waiting::{Waiting, waiting};
use crate::names::{decision_href, decision_title, item_href};
use crate::{
    Happening, HeldOffice, OwnPeriod, Problem, Share, ShareField, Side, Sight, Votes, Weight, WeightExplained, ballot,
    explain, power, say,
};

pub(crate) mod happened;
pub(crate) mod waiting;

/// My page.
#[derive(Serialize, Debug, Clone)]
pub struct MyPageView {
    pub name: String,
    /// Most pressing first.
    pub waiting: Vec<Waiting>,
    /// The effects of rules on the member in the last four weeks, newest first.
    pub happened: Vec<Happening>,
    /// Offices and seats of theirs that have powers.
    pub held: Vec<HeldOffice>,
    /// Whether members hand in hours, which wait for a yes.
    pub claims_hours: bool,
    /// Whether they enter a pledge of their own, which a class reads.
    pub pledges: bool,
    pub weight: WeightExplained,
    /// The periods in which they have credit, or would have some, latest first.
    pub credit: Vec<OwnPeriod>,
    /// How a say is earned, for a member who has none.
    pub earning: Option<Earning>,
    /// Every ballot that holds a share, largest share first.
    pub placed: Vec<Placed>,
    /// How many acts are left, where they are few.
    pub acts_left: Option<String>,
    /// The share that is not placed anywhere, of the one weight that decisions share.
    pub idle: Share,
    /// Whether there is anything that shares one weight with others; where every decision has a whole vote, nothing is idle.
    pub divides: bool,
    /// By month from now, if nothing more is given; the first point is now.
    pub fade: Vec<FadePoint>,
    /// The same in one sentence.
    pub fade_words: String,
    /// How weight becomes votes, in one sentence.
    pub votes_words: String,
    /// The mistakes in the shares just typed; empty when the page is first shown.
    pub problems: Vec<Problem>,
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
    /// Whether it is a share of a whole vote there, which takes nothing from others.
    pub whole_vote: bool,
    /// The field's text: the share, or the text that the member just typed.
    pub typed: ShareField,
    /// Its votes with a full score now.
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

/// The months that the forecast looks ahead.
const MONTHS: i32 = 12;

/// Returns the reader's own page; `None` for a visitor who is nobody.
#[must_use]
pub fn my_page(sight: &Sight<'_>) -> Option<MyPageView> {
    let (member, index) = (sight.me?, sight.me_index()?);
    let fade = fade(sight, index);
    Some(MyPageView {
        name: sight.directory.name(member),
        waiting: waiting(sight, index),
        happened: happened(sight, index),
        held: power::held(sight, member),
        claims_hours: sight.state.editions.current >= engine::Edition::THREE,
        pledges: sight.state.editions.current >= engine::Edition::THREE && crate::pledge::reads_promises(sight),
        weight: explain(sight, member)?,
        credit: crate::credit::mine(sight),
        earning: earning(sight),
        placed: placed(sight, index),
        acts_left: acts_left(sight.state, member, sight.now),
        idle: Share::from_ppm(ballot::idle_ppm(sight, index)),
        divides: sight.state.open_decisions().any(|(_, decision)| decision.allowance == Allowance::Shared),
        fade_words: fade_words(&fade),
        votes_words: charter::explain_votes(&sight.state.rules.kernel),
        fade,
        problems: Vec::new(),
    })
}

/// Largest share first.
fn placed(sight: &Sight<'_>, me: MemberIndex) -> Vec<Placed> {
    let ballots = sight.state.ballots.of(&sight.state.members, me).map(|(_, ballot)| ballot);
    let rows = ballots.filter_map(|ballot| {
        let decision = sight.state.decisions.get(ballot.decision)?;
        let (title, href) = target(sight, decision, ballot)?;
        Some(Placed {
            field: ballot_name(decision, ballot)?,
            title,
            href,
            side: ballot::side_of(ballot.side),
            share: Share::from_ppm(ballot.share_ppm),
            whole_vote: ballot.allowance == Allowance::Each,
            typed: ShareField::placed(ballot.share_ppm),
            votes: say::votes(i128::from(sight.state.votes_of_ballot(decision, ballot))),
        })
    });
    let mut rows: Vec<Placed> = rows.collect();
    rows.sort_by(|a, b| (b.share.share_ppm, &a.field).cmp(&(a.share.share_ppm, &b.field)));
    rows
}

fn target(sight: &Sight<'_>, decision: &Decision, ballot: &Ballot) -> Option<(String, String)> {
    let (title, href) = (decision_title(&decision.name), decision_href(&decision.name));
    if decision.lists_items() {
        let item = decision.item_at(ballot.item())?;
        return Some((sight.directory.item_title(&decision.name, &item.id), item_href(&decision.name, &item.id)));
    }
    let nominee = ballot.side.is_nomination().then(|| sight.in_words(decision, ballot.candidate()));
    Some((nominee.map_or_else(|| title.clone(), |nominee| me::nomination(&title, nominee)), href))
}

/// Returns the weight of the last update, then that of the first update of each month to come.
fn fade(sight: &Sight<'_>, me: MemberIndex) -> Vec<FadePoint> {
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
    let weights = weight_ahead(sight.state, &sight.kept.counted(sight).sums, me, &ahead);
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
