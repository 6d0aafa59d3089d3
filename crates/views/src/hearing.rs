//! Hearings: who is heard and why, what they answered, and what the reader can do.

use charter::Power;
use engine::act::Deed;
use engine::register::hearing::Hearing;
use engine::{Act, MemberIndex, Outcome, Pseudonym};
use schemars::JsonSchema;
use serde::Serialize;
use words::hearing;

use crate::{Sight, Waiting};

/// The page that lists them.
const PAGE: &str = "/hearings";

/// Hearings that are open, in order of admission of who is heard.
#[derive(JsonSchema, Serialize, Debug, Clone)]
pub struct HearingsView {
    pub open: Vec<HearingView>,
    /// Whether the reader sits on a body that may open one.
    pub may_open: bool,
    /// Whether the rules let a body expel members.
    pub is_given: bool,
}

/// One hearing.
#[derive(JsonSchema, Serialize, Debug, Clone)]
pub struct HearingView {
    /// The pseudonym of who is heard.
    pub accused: String,
    /// `member-009 is being heard`.
    pub words: String,
    /// Who opened it and what comes when; a sentence each.
    pub stands: Vec<String>,
    /// The text of the reason; none where it is not kept any more.
    pub reason: Option<String>,
    /// The text of the answer.
    pub answer: Option<String>,
    /// Whether there is an answer, kept or not.
    pub is_answered: bool,
    /// Whether the reader is heard.
    pub is_you: bool,
    /// Whether the reader can propose to expel them.
    pub may_propose: bool,
}

/// Returns the hearings for a reader.
#[must_use]
pub fn hearings(sight: &Sight<'_>) -> HearingsView {
    let state = sight.state;
    HearingsView {
        open: state.hearings.open().filter_map(|(accused, one)| view(sight, accused, one)).collect(),
        may_open: may_open(sight),
        is_given: state.open_decisions().any(|(_, one)| state.gives(one, Power::Expel)),
    }
}

fn may_open(sight: &Sight<'_>) -> bool {
    let Some(me) = sight.me else { return false };
    sight.state.holds_power(me, Power::Expel).any(|one| one.seats_member(me))
}

fn view(sight: &Sight<'_>, accused: MemberIndex, one: &Hearing) -> Option<HearingView> {
    let who = sight.state.members.pseudonym(accused)?;
    let text = |hash: &str| sight.directory.document(hash).map(|card| card.text.clone());
    let opener = sight.state.members.pseudonym(one.opener).map(|who| sight.directory.name(who));
    let mut stands = vec![hearing::opened(opener.unwrap_or_default(), sight.when(one.at))];
    let announced = sight.state.powers.announced().map(|(_, act)| act);
    let announced = announced.into_iter().find(|act| matches!(&act.deed, Deed::ExpelMember(act) if act.accused == who));
    match announced {
        Some(act) => stands.push(hearing::announced(sight.when(act.due()))),
        None => {
            if sight.now < one.decided_from() {
                stands.push(hearing::decided_from(sight.when(one.decided_from())));
            }
            stands.push(hearing::lapses(sight.when(one.lapses_at())));
        }
    }
    Some(HearingView {
        accused: who.to_string(),
        words: hearing::heard(sight.directory.name(who)),
        stands,
        reason: text(&one.reason),
        answer: one.answer.as_deref().and_then(text),
        is_answered: one.answer.is_some(),
        is_you: sight.me == Some(who),
        may_propose: announced.is_none() && sight.now >= one.decided_from() && may_open(sight),
    })
}

/// A hearing of the reader, as what waits for them.
pub(crate) fn for_member(sight: &Sight<'_>) -> Vec<Waiting> {
    let own = sight.me_index().and_then(|me| sight.state.hearings.of(me)).filter(|one| one.answer.is_none());
    let name = sight.me.map(|me| sight.directory.name(me)).unwrap_or_default();
    own.map(|_| Waiting { words: hearing::waits(name), href: PAGE.to_owned(), action: hearing::LOOK.to_owned() })
        .into_iter()
        .collect()
}

/// An outcome in words; `None` for others.
pub(crate) fn happened(sight: &Sight<'_>, outcome: &Outcome) -> Option<String> {
    let name = |who: &Pseudonym| sight.directory.name(*who);
    Some(match outcome {
        Outcome::HearingOpened { accused, until } => hearing::happened_opened(name(accused), sight.when(*until)),
        Outcome::HearingAnswered { accused } => hearing::happened_answered(name(accused)),
        Outcome::HearingLapsed { accused } => hearing::happened_lapsed(name(accused)),
        Outcome::MemberExpelled { member } => hearing::happened_expelled(name(member)),
        _ => return None,
    })
}

/// An act of a hearing in words, as the log has it; `None` for others.
pub(crate) fn act_words(act: &Act, name: impl Fn(Pseudonym) -> String) -> Option<String> {
    Some(match act {
        Act::OpenHearing(act) => hearing::log_opened(name(act.accused)),
        Act::AnswerHearing(act) => hearing::log_answered(name(act.member)),
        Act::ExpelMember(act) => hearing::log_expels(name(act.accused)),
        _ => return None,
    })
}
