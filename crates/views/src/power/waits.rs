//! The acts of offices, bodies and lists that wait: proposed ones for agreement, announced ones for their time.

use engine::act::{Deed, TakeBackAct};
use engine::chamber::CandidateName;
use engine::power::{Announced, Group, Proposed};
use engine::{Act, Actor, Context, MemberIndex};
use schemars::JsonSchema;
use serde::Serialize;
use words::power;

use crate::names::decision_href;
use crate::{Sight, Waiting, log, say};

/// As many of each kind as one page lists.
const LISTED: usize = 50;
/// The page that lists them all.
const PAGE: &str = "/powers/waiting";

/// Acts that wait, oldest first.
#[derive(JsonSchema, Serialize, Debug, Clone, Default)]
pub struct WaitsView {
    pub proposed: Vec<ProposedView>,
    pub announced: Vec<AnnouncedView>,
    /// How many there are in all, where not all are listed here.
    pub more: Option<u64>,
}

/// An act that waits for agreement.
#[derive(JsonSchema, Serialize, Debug, Clone)]
pub struct ProposedView {
    pub number: u64,
    /// The act in words, as the log has it.
    pub words: String,
    /// Whose act it will be.
    pub by: String,
    /// The page of the body; `None` for those on a list.
    pub href: Option<String>,
    /// `1 of the 2 that are needed have agreed: member-001. Until …`
    pub stands: String,
    /// Whether the reader is asked to agree.
    pub may_agree: bool,
    /// Whether the reader has agreed.
    pub agrees: bool,
}

/// An act that takes effect later.
#[derive(JsonSchema, Serialize, Debug, Clone)]
pub struct AnnouncedView {
    pub number: u64,
    pub words: String,
    pub by: String,
    pub href: Option<String>,
    /// When it takes effect, and who holds it up.
    pub stands: String,
    /// Whether the reader can take it back, alone or by proposing it.
    pub may_take_back: bool,
}

/// Returns every act that waits.
#[must_use]
pub fn waits(sight: &Sight<'_>) -> WaitsView {
    some(sight, |_| true, |_| true)
}

/// Returns when an announced act takes effect, and who holds it up: a sentence or two.
#[must_use]
pub fn takes_effect(sight: &Sight<'_>, one: &Announced) -> String {
    let due = sight.when(one.due());
    let candidates = one.held_up_by().filter_map(|place| {
        let watched = sight.state.decisions.get(one.watched)?;
        Some(match &watched.candidate(place)?.name {
            CandidateName::Member(who) => sight.directory.name(*who),
            CandidateName::Document(hash) => sight.directory.candidate_text(hash),
        })
    });
    let holding: Vec<String> = candidates.collect();
    match holding.is_empty() {
        true => power::takes_effect(due),
        false => power::held_up(due, holding.join(", "), sight.when(one.latest())),
    }
}

/// Returns the acts of one decision that wait.
pub(crate) fn of_decision(sight: &Sight<'_>, path: &str) -> WaitsView {
    let place = sight.state.decision_place(path);
    let is_its = |by: &Group| matches!(by, Group::Seat(seat) if Some(*seat) == place);
    some(sight, |one| is_its(&one.by), |one| is_its(&one.by))
}

/// Returns the announced acts that wait.
pub(crate) fn announced_only(sight: &Sight<'_>) -> WaitsView {
    some(sight, |_| false, |_| true)
}

fn some(sight: &Sight<'_>, proposed: impl Fn(&Proposed) -> bool, announced: impl Fn(&Announced) -> bool) -> WaitsView {
    let powers = &sight.state.powers;
    let first: Vec<(u64, &Proposed)> = powers.proposed().filter(|(_, one)| proposed(one)).collect();
    let second: Vec<(u64, &Announced)> = powers.announced().filter(|(_, one)| announced(one)).collect();
    let all = first.len().saturating_add(second.len());
    let is_cut = first.len() > LISTED || second.len() > LISTED;
    WaitsView {
        proposed: first.into_iter().take(LISTED).map(|(number, one)| proposed_view(sight, number, one)).collect(),
        announced: second.into_iter().take(LISTED).map(|(number, one)| announced_view(sight, number, one)).collect(),
        more: is_cut.then(|| u64::try_from(all).unwrap_or(u64::MAX)),
    }
}

fn whose(sight: &Sight<'_>, by: &Group) -> (String, Option<String>) {
    match by {
        Group::Seat(_) => {
            let path = sight.state.group_name(by);
            (crate::names::decision_title(&path), Some(decision_href(&path)))
        }
        Group::List(list) => (power::those_on(say::plain(list)), None),
        Group::Members => (power::THE_MEMBERS.to_owned(), None),
    }
}

fn names(sight: &Sight<'_>, of: impl Iterator<Item = MemberIndex>) -> String {
    let name = |who| sight.state.members.pseudonym(who).map(|who| sight.directory.name(who));
    let named: Vec<String> = of.filter_map(name).take(LISTED).collect();
    named.join(", ")
}

/// Returns an act in words, as something that is yet to come.
fn deed_words(sight: &Sight<'_>, deed: &Deed) -> String {
    let name = deed.member().map(|who| sight.directory.name(who)).unwrap_or_default();
    let list = say::plain(deed.list().unwrap_or_default());
    match deed {
        Deed::AdmitMember(_) => power::admits(name),
        Deed::AddToList(_) => power::puts_on(name, list),
        Deed::RemoveFromList(_) => power::takes_off(name, list),
        other => log::act_words(&other.act(), sight),
    }
}

fn proposed_view(sight: &Sight<'_>, number: u64, one: &Proposed) -> ProposedView {
    let (by, href) = whose(sight, &one.by);
    let agrees = sight.me_index().is_some_and(|me| one.agreed.contains(&me));
    let among = sight.me_index().is_some_and(|me| sight.state.is_among(&one.by, me));
    let needed = sight.state.needed(&one.by, &one.deed);
    let agreed = names(sight, one.agreed.iter().copied());
    ProposedView {
        number,
        words: deed_words(sight, &one.deed),
        by,
        href,
        stands: power::agreed(one.agreed.len(), needed, agreed, sight.when(one.lapses_at())),
        may_agree: among && !agrees && sight.now < one.lapses_at(),
        agrees,
    }
}

fn announced_view(sight: &Sight<'_>, number: u64, one: &Announced) -> AnnouncedView {
    let (by, href) = whose(sight, &one.by);
    let stands = takes_effect(sight, one);
    let act = Act::TakeBackAct(TakeBackAct { number });
    let context = |who| Context::of(Actor::Member(who), sight.now);
    let by_seat = sight.me.is_some_and(|who| sight.state.authority(&act, &context(who)).is_some());
    let by_head =
        !matches!(one.by, Group::Seat(_)) && sight.me_index().is_some_and(|me| sight.state.is_among(&one.by, me));
    AnnouncedView { number, words: deed_words(sight, &one.deed), by, href, stands, may_take_back: by_seat || by_head }
}

/// Returns the things that wait for a member: acts to agree to, and announced ones about them.
pub(crate) fn for_member(sight: &Sight<'_>, me: MemberIndex) -> Vec<Waiting> {
    let powers = &sight.state.powers;
    let about = powers.announced().filter(|(_, one)| one.deed.member().is_some() && one.deed.member() == sight.me);
    let told = about.take(LISTED).map(|(_, one)| Waiting {
        words: power::about_you(deed_words(sight, &one.deed), whose(sight, &one.by).0, sight.when(one.due())),
        href: PAGE.to_owned(),
        action: words::me::LOOK.to_owned(),
    });
    let asked = powers.proposed().filter(|(_, one)| {
        !one.agreed.contains(&me) && sight.now < one.lapses_at() && sight.state.is_among(&one.by, me)
    });
    let asked = asked.take(LISTED).map(|(_, one)| Waiting {
        words: power::waits_for_you(deed_words(sight, &one.deed), whose(sight, &one.by).0),
        href: PAGE.to_owned(),
        action: power::AGREE.to_owned(),
    });
    told.chain(asked).collect()
}
