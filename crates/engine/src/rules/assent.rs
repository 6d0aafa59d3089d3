//! Members propose another kernel and assent to it. No share of their weight is placed: the same member may assent to several.

use charter::{Amendment, Kernel, read_kernel_under};
use imbl::OrdSet;
use quantity::Moment;

use crate::act::{Assent, ProposeDocument, WithdrawCandidacy};
use crate::context::{member, wrong_kind};
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::rules::amendment::{KERNEL, Proposal};
use crate::rules::texts::{does_not_check, has_place, is_hash, text_of};
use crate::state::State;

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
    let standing = state.amendment.proposals.iter();
    has_place(KERNEL, who, standing.map(|proposal| Some(proposal.proposer)))?;
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
    state.amendment.proposals.push(Proposal {
        document: act.document.clone(),
        text,
        proposer: who,
        since: at,
        assents: OrdSet::new(),
        held_since: None,
    });
    Ok(vec![Outcome::Recorded])
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
    if proposal.assents.iter().any(|member| *member != who) {
        return Err(Refusal::new(
            Rule::CarriedByOthers,
            format!("others assent to `{document}`, and it is not one member's to end"),
            "take your own assent back",
        ));
    }
    state.amendment.proposals.remove(place);
    Ok(vec![Outcome::Recorded])
}

impl State {
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
    Ok(vec![Outcome::Recorded])
}

fn not_proposed(document: &str) -> Refusal {
    Refusal::new(
        Rule::NotStanding,
        format!("`{document}` is not proposed as the {KERNEL}"),
        "propose it first, or name one that stands",
    )
}
