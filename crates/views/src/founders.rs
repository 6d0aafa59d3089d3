//! The founding period: who has which power until when, for everybody.

use charter::Power;
use engine::Pseudonym;
use engine::chamber::CandidateName;
use serde::Serialize;
use words::founders;

use crate::power::{HeldOffice, office};
use crate::{Candidate, Sight, Weight};

/// The founding period while it lasts and there are founders.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct FoundingView {
    /// How long founders have the powers of vacant seats, in a sentence; `None` once they have none.
    pub until: Option<String>,
    /// Their weight as such, and its end; `None` once that is nothing.
    pub weight: Option<String>,
    /// In order of admission.
    pub founders: Vec<Candidate>,
    /// The offices and bodies that nobody holds and whose powers founders have, in the order of decisions.
    pub vacant: Vec<HeldOffice>,
}

/// Returns the founding period; `None` where founders have neither powers nor weight as such, and where there are none.
pub(super) fn founding(sight: &Sight<'_>) -> Option<FoundingView> {
    let state = sight.state;
    let known = state.founders().filter_map(|index| state.members.pseudonym(index));
    let all: Vec<Pseudonym> = known.collect();
    let first = all.first().filter(|_| state.founding_lasts() || state.founding_weight_lasts())?;
    let vacant = state.held_as_founder(*first).map(|decision| office(sight, decision));
    let vacant = vacant.filter(|office| !office.powers.is_empty()).collect();
    let somebody_may = state.open_decisions().any(|(_, decision)| state.gives(decision, Power::Admit));
    Some(FoundingView {
        until: state.founding_lasts().then(|| {
            let until = if somebody_may { founders::UNTIL_ADMIT_IS_HELD } else { founders::NO_END };
            until.to_owned()
        }),
        weight: weight(sight),
        founders: all.into_iter().map(|who| sight.named(&CandidateName::Member(who))).collect(),
        vacant,
    })
}

/// Returns what founders weigh as such, and until when.
fn weight(sight: &Sight<'_>) -> Option<String> {
    let state = sight.state;
    let ends = sight.day(state.founding_weight_ends()?);
    let least = Weight::from_micro(state.rules.kernel.founding_weight_micro).text;
    let words = if state.has_support() { founders::weight_ends } else { founders::weight_until };
    Some(words(least, ends))
}
