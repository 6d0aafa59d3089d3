//! The changes that other rules would make for a co-op today. `rochdale diff --json` and its page.

use charter::Kernel;
use engine::{Outcome, State};
use schemars::JsonSchema;
use serde::Serialize;

use crate::compare::{Weighed, listed, weights_compared};
use crate::facts::weights_under;
use crate::{Directory, Listed, Share, WeightsCompared};

/// The effects of a change of rules.
#[derive(Serialize, Debug, Clone)]
pub struct RulesDiff {
    /// The differences of the documents, a sentence each: thresholds, powers, electorates, flows.
    pub effects: Vec<EffectWords>,
    /// The differences for the co-op at hand; `None` where none was given.
    pub here: Option<HereDiff>,
}

/// One effect of a change of rules.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct EffectWords {
    /// A decision's path, a class, or `kernel`.
    pub about: String,
    /// `opens`, `closes`, `settles`, `electorate`, `counting`, `powers`, `seats`, `weight`, `amendment`, `fork`, `flow`,
    /// `closing` or `identity`.
    pub kind: String,
    /// A full sentence.
    pub words: String,
}

/// The differences for the co-op at hand.
#[derive(Serialize, Debug, Clone)]
pub struct HereDiff {
    /// By support up to the last update.
    pub weights: WeightsCompared,
    /// Decisions that open.
    pub opened: Vec<String>,
    /// Decisions that close.
    pub closed: Vec<String>,
    /// Documents that no longer check.
    pub no_longer_check: Listed<DocumentOut>,
    /// Members whose shares come free.
    pub freed: Listed<ShareFreed>,
    /// The reason why the rules cannot be put in force here, if they cannot.
    pub impossible: Option<String>,
}

/// A document that no longer checks.
#[derive(Serialize, Debug, Clone)]
pub struct DocumentOut {
    /// The decision's path.
    pub decision: String,
    /// SHA-256 of the text, hex.
    pub document: String,
    pub title: String,
}

/// A share that comes free.
#[derive(Serialize, Debug, Clone)]
pub struct ShareFreed {
    /// The pseudonym.
    pub member: String,
    pub name: String,
    /// The decision's path.
    pub decision: String,
    pub share: Share,
}

/// Returns the differences for a co-op when one kernel replaces the other and `outcomes` follow, or the reason why it cannot.
#[must_use]
pub fn here_diff(
    state: &State,
    (before, after): (&Kernel, &Kernel),
    outcomes: Result<&[Outcome], String>,
    directory: Directory<'_>,
) -> HereDiff {
    // Both kernels weigh the same support at the same instant, so every difference comes from the rules.
    let weights = [before, after].map(|kernel| weights_under(state, kernel));
    let [old, new] = &weights;
    let weighed = |kernel, weights| Weighed { kernel, members: &state.members, weights };
    let (mut opened, mut closed) = (Vec::new(), Vec::new());
    let (mut no_longer_check, mut freed) = (Vec::new(), Vec::new());
    // Outcomes are those of a trial on a copy; where the trial was refused, the weights are compared all the same.
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
