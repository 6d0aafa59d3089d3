//! What other rules would change for a co-op today. `rochdale diff --json` and its page.

use serde::Serialize;

use crate::{Listed, Share, Weight};

/// What a change of rules brings.
#[derive(Serialize, Debug, Clone)]
pub struct RulesDiff {
    /// What differs in the documents, a sentence each: thresholds, powers, electorates, flows.
    pub effects: Vec<EffectWords>,
    /// What differs for the co-op at hand; `None` where none was given.
    pub here: Option<HereDiff>,
}

/// One effect of a change of rules.
#[derive(Serialize, Debug, Clone)]
pub struct EffectWords {
    /// A decision's path, a class, or `kernel`.
    pub about: String,
    /// `opens`, `closes`, `settles`, `electorate`, `counting`, `powers`, `seats`, `weight`, `amendment`, `fork`, `flow`,
    /// `closing` or `identity`.
    pub kind: String,
    /// A full sentence.
    pub words: String,
}

/// What differs for the co-op at hand.
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
    /// Why the rules cannot be put in force here, if they cannot.
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

/// Everyone's weight by two kernels.
#[derive(Serialize, Debug, Clone)]
pub struct WeightsCompared {
    /// Of all members.
    pub total: Weight,
    pub total_instead: Weight,
    /// Every class of either, in the order of the first kernel, then of the second.
    pub classes: Vec<ClassCompared>,
    /// Members whose share of all weight differs, the largest difference first.
    pub members: Listed<MemberCompared>,
}

/// One class by two kernels.
#[derive(Serialize, Debug, Clone)]
pub struct ClassCompared {
    pub class: String,
    /// `None` where there is no such class.
    pub weight: Option<Weight>,
    pub weight_instead: Option<Weight>,
    /// Of all weight.
    pub share: Option<Share>,
    pub share_instead: Option<Share>,
}

/// One member by two kernels.
#[derive(Serialize, Debug, Clone)]
pub struct MemberCompared {
    /// The pseudonym.
    pub member: String,
    pub name: String,
    pub weight: Weight,
    pub weight_instead: Weight,
    /// Of all weight.
    pub share: Share,
    pub share_instead: Share,
}
