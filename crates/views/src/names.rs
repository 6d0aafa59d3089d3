//! Decisions and candidates by the names and addresses that readers know.

use engine::CandidateId;
use engine::chamber::{CandidateName, Decision, Kind, ROOT};
use engine::rules::amendment::KERNEL;
use schemars::JsonSchema;
use serde::Serialize;
use words::names;

use crate::{Sight, say};

/// The kind of a decision.
#[derive(Serialize, JsonSchema, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    Office,
    Body,
    Document,
    /// A document that holds rules.
    Constitution,
    Ranking,
    /// Options, one of which is taken at a deadline.
    Commitment,
    /// Money, and projects that ask for it.
    Pool,
    Requests,
}

/// A member or document that a ballot can score.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The pseudonym of a member, the id of a document, or `nobody`.
    pub id: String,
    /// The name to show.
    pub name: String,
    pub kind: CandidateKind,
    pub href: Option<String>,
}

/// The kind of a candidate.
#[derive(Serialize, JsonSchema, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CandidateKind {
    Member,
    Document,
    Nobody,
}

impl DecisionKind {
    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Office => names::OFFICE,
            Self::Body => names::BODY,
            Self::Document => names::DOCUMENT,
            Self::Constitution => names::CONSTITUTION,
            Self::Ranking => names::RANKING,
            Self::Commitment => names::COMMITMENT,
            Self::Pool => names::POOL,
            Self::Requests => names::REQUESTS,
        }
    }

    /// Returns whether the candidates are texts, and one of them is in force.
    pub fn is_of_texts(self) -> bool {
        matches!(self, Self::Document | Self::Constitution)
    }
}

impl Candidate {
    /// True for *nobody*: it cannot be scored, only the holder can be voted below zero.
    pub fn is_nobody(&self) -> bool {
        self.kind == CandidateKind::Nobody
    }
}

impl Sight<'_> {
    /// Returns the candidate at a place of a decision.
    pub(crate) fn candidate(&self, decision: &Decision, place: CandidateId) -> Option<Candidate> {
        let candidate = self.named(&decision.candidate(place)?.name);
        match decision.commitment() {
            Some(commitment) => Some(crate::commitment::option(self, commitment, candidate)),
            None => Some(candidate),
        }
    }

    pub(crate) fn named(&self, name: &CandidateName) -> Candidate {
        let (kind, href) = match name {
            CandidateName::Member(member) => (CandidateKind::Member, Some(member_href(*member))),
            CandidateName::Document(_) => (CandidateKind::Document, None),
        };
        Candidate { id: name.to_string(), name: self.directory.candidate(name), kind, href }
    }

    /// Returns a member's name, or a document's title in quotation marks.
    pub(crate) fn in_words(&self, decision: &Decision, place: CandidateId) -> String {
        self.candidate(decision, place).map_or_else(String::new, |candidate| match candidate.kind {
            CandidateKind::Document => names::quoted(candidate.name),
            CandidateKind::Member | CandidateKind::Nobody => candidate.name,
        })
    }
}

pub(crate) fn nobody() -> Candidate {
    Candidate { id: "nobody".to_owned(), name: names::NOBODY.to_owned(), kind: CandidateKind::Nobody, href: None }
}

pub(crate) fn member_href(member: engine::Pseudonym) -> String {
    format!("/members/{member}")
}

pub(crate) fn kind_of(decision: &Decision) -> DecisionKind {
    match decision.kind() {
        Kind::Office => DecisionKind::Office,
        Kind::Body => DecisionKind::Body,
        Kind::Document => DecisionKind::Document,
        Kind::Constitution => DecisionKind::Constitution,
        Kind::Ranking => DecisionKind::Ranking,
        Kind::Commitment => DecisionKind::Commitment,
        Kind::Pool => DecisionKind::Pool,
        Kind::Requests => DecisionKind::Requests,
    }
}

/// The ranking of issues has a page of its own: Priorities.
pub(crate) const ISSUES: &str = "issues";

pub(crate) fn decision_title(name: &str) -> String {
    match name {
        ISSUES => names::PRIORITIES.to_owned(),
        KERNEL => names::KERNEL.to_owned(),
        _ => say::title(name),
    }
}

/// Returns what people call an open decision.
#[must_use]
pub fn decision_title_of(sight: &Sight<'_>, name: &str) -> Option<String> {
    sight.state.decision(name).map(|known| decision_title(&known.name))
}

pub(crate) fn decision_href(name: &str) -> String {
    match name {
        ISSUES => "/issues".to_owned(),
        KERNEL => rules_href(name),
        _ => format!("/decisions/{}", in_address(name)),
    }
}

/// Returns a path as one part of an address: the decision `docs/editor` is at `/decisions/docs%2Feditor`.
pub(crate) fn in_address(path: &str) -> String {
    path.replace('/', "%2F")
}

/// Returns a text as a value in the query of an address.
fn in_query(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => written.push(char::from(byte)),
            other => written.push_str(&format!("%{other:02X}")),
        }
    }
    written
}

pub(crate) fn document_href(decision: &str, document: &str) -> String {
    format!("/decisions/{}/documents/{document}", in_address(decision))
}

pub(crate) fn item_href(decision: &str, item: &str) -> String {
    format!("{}?item={}#item-{item}", decision_href(decision), in_query(item))
}

/// Returns the page of what a ranking has served.
pub(crate) fn served_href(decision: &str) -> String {
    format!("/decisions/{}/served", in_address(decision))
}

/// Returns the page on which a text for the place of a rules document is written.
pub(crate) fn propose_href(path: &str) -> String {
    format!("/constitution/propose?decision={}", in_address(path))
}

/// Returns the page of a rules document.
pub(crate) fn rules_href(path: &str) -> String {
    match path {
        KERNEL => "/constitution/kernel".to_owned(),
        ROOT => "/constitution".to_owned(),
        path => format!("/constitution/of/{}", in_address(path)),
    }
}
