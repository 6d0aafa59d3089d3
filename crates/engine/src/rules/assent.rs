//! Members propose another kernel and assent to it. No share of their weight is placed: the same member may assent to several.

use charter::{Amendment, Kernel, read_kernel_under};
use imbl::OrdSet;
use quantity::Moment;

use crate::act::{Assent, ProposeDocument, WithdrawCandidacy};
use crate::context::{member, wrong_kind};
use crate::edition::Edition;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::rules::adoption::HUNDREDTH;
use crate::rules::amendment::{KERNEL, Place, Proposal};
use crate::rules::texts::{MAX_OWN_RULES, MAX_RULES, does_not_check, has_place, is_hash, text_of};
use crate::state::State;

/// How many kernels wait for a place, beside those that have one; from edition 2 on.
const MAX_WAITING: usize = 100;

// flat: the ladder of checks of one act.
pub(crate) fn propose(
    state: &mut State,
    act: &ProposeDocument,
    who: MemberIndex,
    at: Moment,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    // The ladder goes in the order of the rules' numbers (docs/spec/refusals.md).
    is_hash(&act.document)?;
    if state.amendment.place(&act.document).is_some() {
        return Err(Refusal::new(Rule::AlreadyStanding, "this kernel is proposed already", "assent to it"));
    }
    if state.amendment.in_force == act.document {
        return Err(Refusal::new(Rule::DocumentInForce, "this kernel is in force", "propose a changed one"));
    }
    let gives_way = match state.editions.current {
        Edition::ONE => {
            let standing = state.amendment.proposals.iter();
            has_place(KERNEL, who, standing.map(|proposal| Some(proposal.proposer)))?;
            None
        }
        _ => gives_way(state, who)?,
    };
    room?;
    if state.rules.kernel.amend == Amendment::Never {
        return Err(Refusal::new(
            Rule::NoAmendment,
            "the kernel in force says that it is never amended",
            "those who want another one can leave together and found a co-op with it: a fork",
        ));
    }
    let text = text_of(act)?;
    let kernel =
        read_kernel_under(&text, state.editions.current).map_err(|mistakes| does_not_check("the text", &mistakes))?;
    // docs/spec/adoption.md, Another kernel: every constitution in force must check; currency and time zone stay.
    fits(state, &kernel)?;
    // Proposing is no assent: the proposer's own is an act like everybody's (docs/spec/acts.md, assent).
    let mut outcomes = vec![Outcome::Recorded];
    if let Some(place) = gives_way {
        let candidate = state.amendment.proposals.remove(place).document;
        state.amendment.tidy();
        outcomes.push(Outcome::NomineeDropped { decision: KERNEL.to_owned(), candidate });
    }
    let number = state.amendment.numbered;
    state.amendment.numbered = number.saturating_add(1);
    state.amendment.proposals.push(Proposal {
        document: act.document.clone(),
        text,
        proposer: who,
        since: at,
        assents: OrdSet::new(),
        held_since: None,
        number,
        place: Place::Counts,
        low_since: None,
        heads: None,
    });
    Ok(outcomes)
}

/// The weight behind a text at the last update: of those who assent and of its proposer, micro-weights.
fn behind(state: &State, proposal: &Proposal) -> u128 {
    let mut members = proposal.assents.clone();
    members.insert(proposal.proposer);
    members.iter().map(|member| u128::from(state.weights.of(*member))).sum()
}

/// The text that leaves for one more: the one with least behind it, where all places are taken and the newcomer has more.
/// `docs/spec/adoption.md`, Places.
fn gives_way(state: &State, who: MemberIndex) -> Result<Option<usize>, Refusal> {
    let standing = &state.amendment.proposals;
    let own = standing.iter().filter(|proposal| proposal.proposer == who).count();
    if own >= MAX_OWN_RULES {
        let why = format!("{MAX_OWN_RULES} texts of yours stand for `{KERNEL}` already");
        return Err(Refusal::new(Rule::TooMany, why, "withdraw one of them first"));
    }
    if standing.len() < MAX_RULES.saturating_add(MAX_WAITING) {
        return Ok(None);
    }
    // Of equal ones the older stays.
    let least = (0_usize..).zip(standing).map(|(place, one)| (behind(state, one), std::cmp::Reverse(place))).min();
    match least {
        Some((weight, std::cmp::Reverse(place))) if weight < u128::from(state.weights.of(who)) => Ok(Some(place)),
        _ => Err(Refusal::new(
            Rule::TooMany,
            format!("{} texts are proposed already, and each has as much weight behind it as you", standing.len()),
            "assent to one of them, or propose it together with somebody who weighs more",
        )),
    }
}

/// A kernel that could become the one in force as things stand.
pub(crate) fn fits(state: &State, kernel: &Kernel) -> Result<(), Refusal> {
    state
        .rules_under(kernel)
        .map_err(|mistakes| does_not_check("under this kernel the constitution in force", &mistakes))?;
    state.fixed_for_good(kernel).map_or(Ok(()), Err)
}

pub(crate) fn withdraw(state: &mut State, act: &WithdrawCandidacy, who: MemberIndex) -> Result<Vec<Outcome>, Refusal> {
    let Some(document) = &act.document else {
        return Err(wrong_kind(KERNEL, "document", "the `document` that is withdrawn"));
    };
    let Some((place, proposal)) =
        state.amendment.place(document).and_then(|place| Some((place, state.amendment.proposals.get(place)?)))
    else {
        return Err(not_proposed(document));
    };
    if proposal.proposer != who {
        return Err(Refusal::new(
            Rule::NotTheProposer,
            format!("`{document}` was proposed by someone else"),
            "ask its proposer, or do not assent to it",
        ));
    }
    if carried_by_others(state, proposal, who) {
        return Err(Refusal::new(
            Rule::CarriedByOthers,
            format!("others assent to `{document}`, and it is not one member's to end"),
            "take your own assent back",
        ));
    }
    state.amendment.proposals.remove(place);
    state.amendment.tidy();
    Ok(vec![Outcome::Recorded])
}

/// Whether others carry a text, so that its proposer cannot end it: anybody, and from edition 2 on a hundredth of all weight.
fn carried_by_others(state: &State, proposal: &Proposal, who: MemberIndex) -> bool {
    let mut others = proposal.assents.iter().filter(|member| **member != who);
    if state.editions.current < Edition::TWO {
        return others.next().is_some();
    }
    let weight: u128 = others.map(|member| u128::from(state.weights.of(*member))).sum();
    weight > 0 && weight.saturating_mul(HUNDREDTH) >= state.weights.total
}

impl State {
    /// Whether a member can withdraw a kernel that they proposed.
    #[must_use]
    pub fn may_withdraw_kernel(&self, proposal: &Proposal, who: MemberIndex) -> bool {
        proposal.proposer == who && !carried_by_others(self, proposal, who)
    }

    /// The documents that members can assent to: proposed kernels, and the announced edition where members decide about it.
    pub fn open_to_assent(&self) -> impl Iterator<Item = &str> {
        let by_amend = self.rules.kernel.editions_by_amend;
        let announced = self.editions.announced.as_ref().filter(|_| by_amend);
        let kernels = self.amendment.proposals.iter().map(|proposal| proposal.document.as_str());
        kernels.chain(announced.map(|next| next.name.as_str()))
    }
}

impl State {
    /// Whether a member assents to a document that is open to it.
    pub(crate) fn assents(&self, who: MemberIndex, document: &str) -> bool {
        let announced = self.editions.announced.as_ref();
        let announced = announced.filter(|one| self.rules.kernel.editions_by_amend && one.name == document);
        let place = self.amendment.place(document);
        let proposal = place.and_then(|place| self.amendment.proposals.get(place));
        let assents = proposal.map(|proposal| &proposal.assents).or(announced.map(|one| &one.assents));
        assents.is_some_and(|assents| assents.contains(&who))
    }
}

pub(crate) fn assent(state: &mut State, act: &Assent) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let by_amend = state.rules.kernel.editions_by_amend;
    let announced = state.editions.announced.as_mut().filter(|one| by_amend && one.name == act.document);
    let place = state.amendment.place(&act.document);
    let number = place.and_then(|place| state.amendment.proposals.get(place)).map(|proposal| proposal.number);
    let proposal = place.and_then(|place| state.amendment.proposals.get_mut(place));
    let assents = proposal.map(|proposal| &mut proposal.assents).or(announced.map(|one| &mut one.assents));
    let Some(assents) = assents else {
        return Err(not_proposed(&act.document));
    };
    let stood = assents.contains(&who);
    if !act.assent && !stood {
        return Err(Refusal::new(
            Rule::NothingToTakeBack,
            "you do not assent to this kernel",
            "nothing needs to be done",
        ));
    }
    if act.assent && stood {
        return Err(Refusal::new(
            Rule::AlreadyStanding,
            "you assent to this kernel already",
            "nothing needs to be done",
        ));
    }
    if act.assent {
        assents.insert(who);
    } else {
        assents.remove(&who);
    }
    let mut outcomes = vec![Outcome::Recorded];
    if let Some(number) = number.filter(|_| state.editions.current >= Edition::TWO) {
        if act.assent {
            let earlier = state.amendment.give(who, number);
            outcomes.extend(earlier.map(|document| Outcome::AssentEnded { member: act.member, document }));
        } else {
            state.amendment.take(who, number);
        }
    }
    Ok(outcomes)
}

fn not_proposed(document: &str) -> Refusal {
    Refusal::new(
        Rule::NotStanding,
        format!("`{document}` is not proposed as the {KERNEL}"),
        "propose it first, or name one that stands",
    )
}
