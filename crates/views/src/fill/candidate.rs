//! Decisions and candidates by the names that readers know.

use engine::amendment::KERNEL;
use engine::decision::{CandidateName, Decision, Election};
use engine::settle::SeatKind;

use super::{Sight, say};
use crate::{Candidate, CandidateKind, DecisionKind};

impl Sight<'_> {
    /// The candidate at a place of an election.
    pub(super) fn candidate(&self, election: &Election, place: usize) -> Option<Candidate> {
        Some(self.named(&election.candidates.get(place)?.name))
    }

    pub(super) fn named(&self, name: &CandidateName) -> Candidate {
        let (kind, href) = match name {
            CandidateName::Member(member) => (CandidateKind::Member, Some(member_href(*member))),
            CandidateName::Document(_) => (CandidateKind::Document, None),
        };
        Candidate { id: name.to_string(), name: self.directory.candidate(name), kind, href }
    }

    /// Of members their name, of documents their title in quotation marks.
    pub(super) fn in_words(&self, election: &Election, place: usize) -> String {
        self.candidate(election, place).map_or_else(String::new, |candidate| match candidate.kind {
            CandidateKind::Document => format!("“{}”", candidate.name),
            CandidateKind::Member | CandidateKind::Nobody => candidate.name,
        })
    }

    /// What an item is called: its title, or its id.
    pub(super) fn item_title(&self, decision: &str, item: &str) -> String {
        let card = self.directory.item(decision, item).filter(|card| !card.title.is_empty());
        card.map_or_else(|| item.to_owned(), |card| card.title.clone())
    }
}

pub(super) fn nobody() -> Candidate {
    Candidate { id: "nobody".to_owned(), name: "nobody".to_owned(), kind: CandidateKind::Nobody, href: None }
}

pub(super) fn member_href(member: engine::Pseudonym) -> String {
    format!("/members/{member}")
}

pub(super) fn kind_of(decision: &Decision) -> DecisionKind {
    match decision.election().map(|election| election.kind) {
        None => DecisionKind::Ranking,
        Some(SeatKind::Office) => DecisionKind::Office,
        Some(SeatKind::Body) => DecisionKind::Body,
        Some(SeatKind::Document) if decision.holds_rules => DecisionKind::Constitution,
        Some(SeatKind::Document) => DecisionKind::Document,
    }
}

/// The ranking of issues has a page of its own: Priorities.
pub(super) const ISSUES: &str = "issues";

pub(super) fn decision_title(name: &str) -> String {
    if name == ISSUES { "Priorities".to_owned() } else { say::title(name) }
}

pub(super) fn decision_href(name: &str) -> String {
    match name {
        ISSUES => "/issues".to_owned(),
        KERNEL => "/constitution/kernel".to_owned(),
        _ => format!("/decisions/{}", in_address(name)),
    }
}

/// A path as one part of an address: the decision `docs/editor` stands at `/decisions/docs%2Feditor`.
fn in_address(path: &str) -> String {
    path.replace('/', "%2F")
}

pub(super) fn document_href(decision: &str, document: &str) -> String {
    format!("/decisions/{}/documents/{document}", in_address(decision))
}

pub(super) fn item_href(decision: &str, item: &str) -> String {
    format!("{}#item-{item}", decision_href(decision))
}
