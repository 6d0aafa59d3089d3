//! What other rules would change for a co-op today.

use charter::Kernel;
use engine::{Outcome, State};

use super::compare::{Weighed, listed, weights_compared};
use super::facts::weights_under;
use crate::{Directory, DocumentOut, HereDiff, Share, ShareFreed};

/// What differs for a co-op when one kernel takes the other's place and `outcomes` come of it; the words say why nothing can.
#[must_use]
pub fn here_diff(
    state: &State,
    (before, after): (&Kernel, &Kernel),
    outcomes: Result<&[Outcome], String>,
    directory: &Directory,
) -> HereDiff {
    let weights = [before, after].map(|kernel| weights_under(state, kernel));
    let [old, new] = &weights;
    let weighed = |kernel, weights| Weighed { kernel, members: &state.members, weights };
    let (mut opened, mut closed) = (Vec::new(), Vec::new());
    let (mut no_longer_check, mut freed) = (Vec::new(), Vec::new());
    for outcome in outcomes.as_ref().copied().unwrap_or_default() {
        match outcome {
            Outcome::DecisionOpened { decision } => opened.push(decision.clone()),
            Outcome::DecisionClosed { decision, .. } => closed.push(decision.clone()),
            Outcome::DocumentNoLongerChecks { decision, document } => {
                no_longer_check.push(DocumentOut {
                    decision: decision.clone(),
                    document: document.clone(),
                    title: directory.candidate_text(document),
                });
            }
            Outcome::ShareFreed { member, decision, share_ppm } => freed.push(ShareFreed {
                member: member.to_string(),
                name: directory.name(*member),
                decision: decision.clone(),
                share: Share::from_ppm(*share_ppm),
            }),
            _ => {}
        }
    }
    HereDiff {
        weights: weights_compared(weighed(before, old), weighed(after, new), directory),
        opened,
        closed,
        no_longer_check: listed(no_longer_check),
        freed: listed(freed),
        impossible: outcomes.err(),
    }
}
