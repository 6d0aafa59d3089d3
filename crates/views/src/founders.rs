//! The founding period: who has which power until when, for everybody.

use charter::Power;
use engine::Pseudonym;
use engine::chamber::CandidateName;
use serde::Serialize;
use words::founders;

use crate::power::{HeldOffice, office};
use crate::{Candidate, Sight};

/// The founding period while it lasts and there are founders.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct FoundingView {
    /// How long it lasts, in a sentence.
    pub until: String,
    /// In order of admission.
    pub founders: Vec<Candidate>,
    /// The offices and bodies that nobody holds and whose powers founders have, in the order of decisions.
    pub vacant: Vec<HeldOffice>,
}

/// Returns the founding period; `None` where founders have no powers, and where there are none.
pub(super) fn founding(sight: &Sight<'_>) -> Option<FoundingView> {
    let state = sight.state;
    let known = state.founders().filter_map(|index| state.members.pseudonym(index));
    let all: Vec<Pseudonym> = known.collect();
    let first = all.first().filter(|_| state.founding_lasts())?;
    let vacant = state.held_as_founder(*first).map(|decision| office(sight, decision));
    let vacant = vacant.filter(|office| !office.powers.is_empty()).collect();
    let somebody_may = state.open_decisions().any(|(_, decision)| state.gives(decision, Power::Admit));
    Some(FoundingView {
        until: if somebody_may { founders::UNTIL_ADMIT_IS_HELD } else { founders::NO_END }.to_owned(),
        founders: all.into_iter().map(|who| sight.named(&CandidateName::Member(who))).collect(),
        vacant,
    })
}
