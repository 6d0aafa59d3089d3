//! The rules in force as a reader sees them: prose, clause and plain English side by side; what stands for their place.

use serde::Serialize;

use crate::{Candidate, DocumentView, EffectWords, ItemBallot, Share, Tenure};

/// The page of one rules document: the constitution, or one inside it.
#[derive(Serialize, Debug, Clone)]
pub struct ConstitutionView {
    /// The decision's path: `constitution`, or `docs-team`.
    pub decision: String,
    pub title: String,
    /// This page.
    pub href: String,
    pub propose_href: String,
    /// Where members vote on it.
    pub vote_href: String,
    /// For example `in force since 30 April 2018`; none where no document is in force.
    pub in_force: Option<RulesText>,
    /// Every decision that the rules define, each after the document that defines it.
    pub tree: Vec<Branch>,
    /// What stands for its place, what would come next first. At most twenty.
    pub candidates: Vec<RulesCandidate>,
    /// What was in force when, oldest first.
    pub history: Vec<Tenure>,
    /// How this document itself changes, a sentence each.
    pub terms: Vec<String>,
    /// The reader may put another one up.
    pub may_propose: bool,
}

/// A text of rules with what it means.
#[derive(Serialize, Debug, Clone)]
pub struct RulesText {
    /// SHA-256 of the text, hex.
    pub document: String,
    pub title: String,
    /// For example `in force since 30 April 2018`.
    pub words: String,
    pub sections: Vec<RulesSection>,
    /// Clauses that are in force and that this version does not carry out, a sentence each.
    pub kept: Vec<String>,
}

/// Some prose, the rules after it, and what they mean.
#[derive(Serialize, Debug, Clone)]
pub struct RulesSection {
    /// Markdown.
    pub prose: String,
    /// As written, between the fences.
    pub rules: Option<String>,
    pub plain: Vec<PlainClause>,
}

/// One clause in plain English.
#[derive(Serialize, Debug, Clone)]
pub struct PlainClause {
    pub name: String,
    pub title: String,
    pub sentences: Vec<String>,
    /// The decision that it defines.
    pub href: Option<String>,
}

/// One decision on the tree.
#[derive(Serialize, Debug, Clone)]
pub struct Branch {
    /// 0 for the kernel, 1 for the constitution, 2 for what the constitution defines.
    pub depth: u32,
    pub title: String,
    /// `kernel`, `constitution`, `office` …
    pub kind: String,
    /// None for a clause that this version keeps and does not carry out.
    pub href: Option<String>,
    /// Who or what holds, in a few words.
    pub holders: Vec<String>,
}

/// A document that stands for the place of the rules in force.
#[derive(Serialize, Debug, Clone)]
pub struct RulesCandidate {
    pub document: DocumentView,
    /// What it would change, a sentence each; none where it would not change a thing.
    pub effects: Vec<EffectWords>,
    /// For example `its bucket is full on 3 March 2027 if nobody moves a vote`.
    pub outlook: String,
    /// The reader's attention, where it is a nominee; none for a visitor who is nobody.
    pub attention: Option<ItemBallot>,
}

/// The kernel's page.
#[derive(Serialize, Debug, Clone)]
pub struct KernelView {
    pub in_force: RulesText,
    /// What it takes to change it, a sentence each.
    pub amend: Vec<String>,
    pub proposals: Vec<AmendmentView>,
    /// The reader may propose another one.
    pub may_propose: bool,
}

/// A proposed kernel.
#[derive(Serialize, Debug, Clone)]
pub struct AmendmentView {
    /// SHA-256 of the text, hex.
    pub document: Candidate,
    /// Its whole text.
    pub href: String,
    /// Who proposed it, and when.
    pub words: String,
    /// Of all weight, as of the last update.
    pub assent: Share,
    /// Of the weight of each class, where the kernel asks for that too.
    pub classes: Vec<ClassAssent>,
    /// What is missing, or when it takes effect.
    pub outlook: String,
    pub effects: Vec<EffectWords>,
    /// Whether the reader assents; none for a visitor who is nobody.
    pub mine: Option<bool>,
    /// The reader proposed it and may take it back.
    pub may_withdraw: bool,
}

/// A proposed kernel beside what it means.
#[derive(Serialize, Debug, Clone)]
pub struct ProposedKernel {
    pub proposal: AmendmentView,
    pub text: RulesText,
    /// What it takes to put it in force, by the kernel in force, a sentence each.
    pub amend: Vec<String>,
}

/// Every rules document in force, for programs.
#[derive(Serialize, Debug, Clone)]
pub struct RulesReport {
    /// The kernel first, then the constitution, then those inside it.
    pub documents: Vec<RulesDocument>,
}

/// One rules document in force.
#[derive(Serialize, Debug, Clone)]
pub struct RulesDocument {
    /// `kernel`, `constitution`, or the path of a constitution inside it.
    pub decision: String,
    /// SHA-256 of the text, hex.
    pub document: String,
    pub title: String,
    /// As written.
    pub text: String,
    pub plain: Vec<PlainClause>,
}

/// How much of one class assents.
#[derive(Serialize, Debug, Clone)]
pub struct ClassAssent {
    pub class: String,
    pub share: Share,
}
