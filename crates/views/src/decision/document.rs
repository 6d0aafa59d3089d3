//! A member's acts about an election's candidates, and the texts of its documents.

use engine::ballot::Side as BallotSide;
use engine::chamber::{CandidateName, Decision, Standing};
use engine::{CandidateId, DecisionId, MemberIndex};
use serde::Serialize;
use words::document;

use crate::decision::order::in_order;
use crate::names::propose_href;
use crate::{Candidate, ItemBallot, Share, Sight, ballot};

/// A document that stands for election or is in force.
#[derive(Serialize, Debug, Clone)]
pub struct DocumentView {
    pub candidate: Candidate,
    /// It holds.
    pub in_force: bool,
    /// For example `in force since 30 April 2018`.
    pub words: String,
    /// Markdown, as its author wrote it; none where its text is not kept here.
    pub text: Option<String>,
}

/// A member's acts about candidates of an election.
#[derive(Serialize, Debug, Clone, Default, PartialEq, Eq)]
pub struct Steps {
    /// Put their own name up.
    pub may_stand: bool,
    /// Take their own name back.
    pub may_withdraw: bool,
    /// Give the seat back.
    pub may_resign: bool,
    /// Propose a document here.
    pub may_propose: bool,
    /// The page on which rules for this place are written.
    pub propose_href: Option<String>,
    /// Documents of their own that they can take back.
    pub own_documents: Vec<Candidate>,
    /// Attention placed on somebody who is no nominee any more: it does nothing now.
    pub spent: Vec<Spent>,
}

/// A share on the nomination of somebody who is no nominee any more.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    pub candidate: Candidate,
    pub share: Share,
}

/// The number of documents that are shown with their texts.
const DOCUMENTS: usize = 20;

impl Sight<'_> {
    /// Returns the reader's acts besides voting; `None` for a visitor who is nobody.
    pub(crate) fn steps(&self, place: DecisionId, decision: &Decision) -> Option<Steps> {
        let (member, me) = (self.me?, self.me_index()?);
        let spent = self.spent(place, decision, me);
        if decision.elects_documents() {
            let rules = Some(decision).filter(|decision| decision.holds_rules);
            return Some(Steps {
                may_propose: rules.is_none(),
                propose_href: rules.map(|decision| propose_href(&decision.name)),
                own_documents: self.own_documents(decision, me),
                spent,
                ..Steps::default()
            });
        }
        let own = decision.candidate_place(&CandidateName::Member(member));
        let stands = own.is_some_and(|own| {
            let candidate = decision.candidate(own);
            candidate.is_some_and(|candidate| candidate.standing != Standing::Out)
        });
        let holds = own.is_some_and(|own| decision.holds(own));
        Some(Steps { may_stand: !stands, may_withdraw: stands && !holds, may_resign: holds, spent, ..Steps::default() })
    }

    fn own_documents(&self, decision: &Decision, me: MemberIndex) -> Vec<Candidate> {
        let known = (0..).map(CandidateId).zip(decision.candidates());
        let own = known.filter(|(place, candidate)| {
            candidate.proposer == Some(me) && candidate.standing != Standing::Out && !decision.holds(*place)
        });
        own.map(|(_, candidate)| self.named(&candidate.name)).collect()
    }

    /// Returns attention that no longer has an effect, because its nominee is in or out.
    pub(crate) fn spent(&self, place: DecisionId, decision: &Decision, me: MemberIndex) -> Vec<Spent> {
        let ballots = self.state.ballots_on(me, place);
        let spent = ballots.filter_map(|ballot| {
            let candidate = decision.candidate(ballot.candidate())?;
            let is_spent = ballot.side.is_nomination() && candidate.standing != Standing::Nominee;
            is_spent.then(|| Spent { candidate: self.named(&candidate.name), share: Share::from_ppm(ballot.share_ppm) })
        });
        spent.collect()
    }

    /// Returns the reader's attention on a nominee, as a form; `None` for a visitor who is nobody.
    pub(crate) fn attention(&self, place: DecisionId, nominee: CandidateId) -> Option<ItemBallot> {
        let mut ballots = self.state.ballots_on(self.me_index()?, place);
        let nominates = |side| matches!(side, BallotSide::Nominate | BallotSide::NominateAgainst);
        let own = ballots.find(|ballot| nominates(ballot.side) && ballot.candidate() == nominee);
        Some(ballot::item_field(own))
    }

    /// Returns the text in force, then challengers, then nominees, with their texts.
    pub(crate) fn documents(&self, place: DecisionId, decision: &Decision) -> Vec<DocumentView> {
        if !decision.elects_documents() {
            return Vec::new();
        }
        let nominees = decision.nominees().map(|(place, _)| place);
        let shown = in_order(decision).into_iter().chain(nominees);
        shown.filter_map(|at| self.document_view(place, decision, at)).take(DOCUMENTS).collect()
    }

    pub(crate) fn document_view(
        &self,
        place: DecisionId,
        decision: &Decision,
        at: CandidateId,
    ) -> Option<DocumentView> {
        let known = decision.candidate(at)?;
        let in_force = decision.holds(at);
        let opened = self.state.decisions.get(place).map(|decision| decision.opened_at);
        let words = match (in_force, known.standing) {
            (true, _) => document::in_force_since(self.day(decision.changed_at().or(opened).unwrap_or(known.since))),
            (false, Standing::Candidate) => document::candidate_since(self.day(known.since)),
            (false, Standing::Nominee) => document::nominated_on(self.day(known.since)),
            (false, Standing::Out) => document::out_since(self.day(known.since)),
        };
        let card = self.directory.document(&known.name.to_string());
        Some(DocumentView {
            candidate: self.named(&known.name),
            in_force,
            words,
            text: card.map(|card| card.text.clone()),
        })
    }
}

/// One document that stood for an election or is in force; `None` where it never did.
#[must_use]
pub fn document(sight: &Sight<'_>, decision: &str, document: &str) -> Option<DocumentView> {
    let place = sight.state.decision_place(decision)?;
    let known = sight.state.decisions.get(place)?;
    let name = CandidateName::Document(document.to_owned());
    sight.document_view(place, known, known.candidate_place(&name)?)
}
