//! Members who may be one person: the question that waits, and joins and what became of them.

use charter::{Power, SupportKind};
use engine::register::join::{Join, Stage};
use engine::{Edition, MemberIndex, Pseudonym};
use schemars::JsonSchema;
use serde::Serialize;
use words::numbers::RECORDS;
use words::who;

use crate::{Sight, Waiting, say};

/// As many joins as one page lists.
const LISTED: usize = 100;
/// The page that asks.
const PAGE: &str = "/who";

/// Two members who may be one person, and whether it is an address that says so.
pub type Pair = (Pseudonym, Pseudonym, bool);

/// The page: one question, and all joins.
#[derive(Serialize, Debug, Clone)]
pub struct WhoView {
    /// The question that comes first for this reader.
    pub asked: Option<AskedView>,
    /// How many others wait, in words.
    pub more: Option<String>,
    pub joins: Vec<JoinView>,
    /// Whether the reader decides for others: they may admit members.
    pub may_decide: bool,
    /// Whether members are joined here: from edition 3 on.
    pub is_open: bool,
}

/// Two cards.
#[derive(Serialize, Debug, Clone)]
pub struct AskedView {
    pub cards: [CardView; 2],
    /// Why it is asked.
    pub why: String,
    /// Whether the reader is one of the two.
    pub is_you: bool,
}

/// A member on a card.
#[derive(Serialize, Debug, Clone)]
pub struct CardView {
    pub member: String,
    pub name: String,
    pub href: String,
    /// Since when they are in the register, what they gave, what they take part in.
    pub facts: Vec<String>,
    pub is_you: bool,
}

/// A join, as the page says it.
#[derive(Serialize, Debug, Clone, JsonSchema)]
pub struct JoinView {
    /// The pseudonym of the record that goes.
    pub from: String,
    /// The one that stays.
    pub into: String,
    /// `asked`, `announced`, `joined` or `parting`.
    pub stage: String,
    pub words: String,
    /// Whether the reader is asked for a yes.
    pub may_agree: bool,
    /// Whether the reader may stop it or take it back.
    pub may_stop: bool,
}

/// Returns the page for a reader. `pairs` are those that wait for an answer, the first one first.
#[must_use]
pub fn who(sight: &Sight<'_>, pairs: &[Pair]) -> WhoView {
    let may_decide = may_decide(sight);
    let is_mine = |pair: &&Pair| may_decide || sight.me == Some(pair.0) || sight.me == Some(pair.1);
    let own: Vec<&Pair> = pairs.iter().filter(is_mine).collect();
    let more = own.len().saturating_sub(1);
    WhoView {
        asked: own.first().map(|pair| asked(sight, pair)),
        more: (more > 0).then(|| who::more(say::whole(more))),
        joins: joins(sight),
        may_decide,
        is_open: sight.state.editions.current >= Edition::THREE,
    }
}

/// Whether a reader may admit members, and so says who is who for those who are not there.
#[must_use]
pub fn may_decide(sight: &Sight<'_>) -> bool {
    sight.me.is_some_and(|me| sight.state.holds_power(me, Power::Admit).next().is_some())
}

/// Returns all joins for a reader, in order of admission of the records that go.
#[must_use]
pub fn joins(sight: &Sight<'_>) -> Vec<JoinView> {
    let all = sight.state.joins.all().take(LISTED);
    all.map(|(from, join)| join_view(sight, from, join)).collect()
}

fn join_view(sight: &Sight<'_>, from: MemberIndex, join: &Join) -> JoinView {
    let pseudonym = |index| sight.state.members.pseudonym(index).unwrap_or(Pseudonym(0));
    let (goes, stays) = (pseudonym(from), pseudonym(join.into));
    let (one, other) = (sight.directory.name(goes), sight.directory.name(stays));
    let (stage, words) = match join.stage {
        Stage::Asked => ("asked", who::waits(one, other, sight.when(join.lapses_at()))),
        Stage::Announced => ("announced", who::announced(one, other, sight.when(join.due()))),
        Stage::Joined => ("joined", who::took_effect(one, other, say::count(join.moved() as u64, RECORDS))),
        Stage::Parting => ("parting", who::parting(one, other, sight.when(join.due()))),
    };
    let me = sight.me_index();
    let is_side = me == Some(from) || me == Some(join.into);
    let waits = matches!(join.stage, Stage::Asked | Stage::Announced);
    let both = join.agreed.contains(&from) && join.agreed.contains(&join.into);
    let takes_back = join.stage == Stage::Joined && (is_side || (may_decide(sight) && !both));
    JoinView {
        from: goes.to_string(),
        into: stays.to_string(),
        stage: stage.to_owned(),
        words,
        may_agree: waits && is_side && me.is_some_and(|me| !join.agreed.contains(&me)),
        may_stop: (waits && (is_side || may_decide(sight))) || takes_back,
    }
}

fn asked(sight: &Sight<'_>, (one, other, by_address): &Pair) -> AskedView {
    let cards = [card(sight, *one), card(sight, *other)];
    let why = if *by_address { who::ONE_ADDRESS } else { who::ONE_NAME };
    let is_you = cards.iter().any(|card| card.is_you);
    AskedView { cards, why: why.to_owned(), is_you }
}

fn card(sight: &Sight<'_>, member: Pseudonym) -> CardView {
    let index = sight.state.members.index(member);
    let mut facts = Vec::new();
    if let Some(index) = index {
        let since = crate::members::joined(sight, index).map(|at| say::day(at, sight.zone()));
        facts.extend(since.map(who::since));
        facts.push(given(sight, index));
        let acts = sight.state.acts_themselves(index);
        facts.push(if acts { who::TAKES_PART } else { who::TAKES_NO_PART }.to_owned());
    }
    CardView {
        member: member.to_string(),
        name: sight.directory.name(member),
        href: format!("/members/{member}"),
        facts,
        is_you: sight.me == Some(member),
    }
}

fn given(sight: &Sight<'_>, member: MemberIndex) -> String {
    let rows = |kind: &SupportKind| sight.state.support.rows(*kind).map(|rows| rows.of(member)).unwrap_or_default();
    let all: Vec<_> = SupportKind::ALL.iter().flat_map(rows).filter(|(_, row)| row.amount > 0).collect();
    match all.iter().map(|(_, row)| row.counted_at).max() {
        Some(last) => who::gave(say::count(all.len() as u64, RECORDS), say::day(last, sight.zone())),
        None => who::GAVE_NOTHING.to_owned(),
    }
}

/// Returns the joins that wait for a member's word.
pub(crate) fn for_member(sight: &Sight<'_>) -> Vec<Waiting> {
    let waiting = joins(sight).into_iter().filter(|join| join.may_agree);
    waiting.map(|join| Waiting { words: join.words, href: PAGE.to_owned(), action: who::ANSWER.to_owned() }).collect()
}
