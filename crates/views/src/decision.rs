//! An election as a reader sees it: who or what holds, who challenges, and how long until it would change.

use crate::{BallotForm, ItemBallot, Moment, Votes};
use serde::Serialize;

/// One decision on a list.
#[derive(Serialize, Debug, Clone)]
pub struct DecisionCard {
    pub name: String,
    pub title: String,
    pub kind: DecisionKind,
    pub href: String,
    /// Names of those seated; empty for a vacant seat and for a ranking.
    pub holders: Vec<String>,
    /// The challenger whose bucket is fullest.
    pub challenger: Option<String>,
    /// That bucket; 0 without a challenger.
    pub fill_ppm: u32,
    /// One sentence, for example `member-080 takes over on 8 December 2025 if nothing moves`.
    pub outlook: String,
}

/// What kind of decision it is.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    Office,
    Body,
    Document,
    /// A document that holds rules.
    Constitution,
    Ranking,
}

/// The decision page.
#[derive(Serialize, Debug, Clone)]
pub struct DecisionView {
    pub name: String,
    pub title: String,
    pub kind: DecisionKind,
    /// The rule in plain words, a sentence each: powers, settling time, rhythm, how ballots count.
    pub rules: Vec<String>,
    /// Who or what is seated, greatest votes first; empty for a vacant seat.
    pub holders: Vec<Holder>,
    /// Seats; 1 for an office or a document.
    pub seats: u32,
    /// The votes one candidate would have if everyone agreed.
    pub capacity: Votes,
    /// The votes that challengers are measured against.
    pub reference: Votes,
    /// Fullest bucket first. *Nobody* is among them for an office or a body.
    pub challengers: Vec<Challenger>,
    /// Not yet candidates.
    pub nominees: Vec<Nominee>,
    /// How long until the outcome would change if nothing moves.
    pub outlook: String,
    /// Votes at each update, a series for each candidate, oldest point first.
    pub history: Vec<VotesSeries>,
    /// Who held when, oldest first.
    pub tenures: Vec<Tenure>,
    /// The reader's ballots; none for a visitor who is nobody.
    pub ballot: Option<BallotForm>,
    /// Of a document election: what is in force, then challengers and nominees. At most twenty.
    pub documents: Vec<DocumentView>,
    /// What the reader can do besides voting; none for a visitor who is nobody.
    pub steps: Option<Steps>,
}

/// A decision that the rules no longer define.
#[derive(Serialize, Debug, Clone)]
pub struct ClosedDecision {
    pub name: String,
    pub title: String,
    pub kind: DecisionKind,
    pub opened: Moment,
    pub closed: Moment,
    /// Who or what held when, oldest first.
    pub tenures: Vec<Tenure>,
}

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

/// What a member can do about candidates of an election.
#[derive(Serialize, Debug, Clone, Default, PartialEq, Eq)]
pub struct Steps {
    /// Put their own name up.
    pub may_stand: bool,
    /// Take their own name back.
    pub may_withdraw: bool,
    /// Give the seat back.
    pub may_resign: bool,
    /// Put a document up here.
    pub may_propose: bool,
    /// Where rules are written that stand for this place.
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
    pub share: crate::Share,
}

/// Whom or what a ballot can score.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The pseudonym of a member, the id of a document, or `nobody`.
    pub id: String,
    /// The name to show.
    pub name: String,
    pub kind: CandidateKind,
    pub href: Option<String>,
}

/// What stands for election.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CandidateKind {
    Member,
    Document,
    Nobody,
}

/// Someone or something seated.
#[derive(Serialize, Debug, Clone)]
pub struct Holder {
    pub candidate: Candidate,
    pub votes: Votes,
    pub since: Moment,
    /// For example `2 years 3 months`.
    pub since_words: String,
}

/// A candidate who is not seated, and their bucket.
#[derive(Serialize, Debug, Clone)]
pub struct Challenger {
    pub candidate: Candidate,
    pub votes: Votes,
    /// Votes less the reference: what fills the bucket, or drains it.
    pub lead: Votes,
    /// Parts per million of a full bucket.
    pub fill_ppm: u32,
    /// Micro-vote-seconds in the bucket.
    pub bucket_micro_vote_s: i128,
    /// Micro-vote-seconds of a full bucket.
    pub bucket_size_micro_vote_s: i128,
    /// The bucket at each update, oldest first.
    pub history: Vec<FillPoint>,
    /// When the bucket would be full if nothing moves; none if never.
    pub full_at: Option<Moment>,
    /// One sentence, for example `filling, full on 8 December 2025`.
    pub outlook: String,
}

/// A bucket at one update.
#[derive(Serialize, Debug, Clone)]
pub struct FillPoint {
    pub at_us: i64,
    /// The update's date, short.
    pub label: String,
    pub fill_ppm: u32,
}

/// A newcomer on the way to being a candidate.
#[derive(Serialize, Debug, Clone)]
pub struct Nominee {
    pub candidate: Candidate,
    /// Parts per million of the level at which they become a candidate.
    pub level_ppm: u32,
    pub outlook: String,
    /// The reader's attention; none for a visitor who is nobody.
    pub attention: Option<ItemBallot>,
}

/// One candidate's votes over time.
#[derive(Serialize, Debug, Clone)]
pub struct VotesSeries {
    pub candidate: Candidate,
    pub points: Vec<VotesPoint>,
}

/// Votes at one update.
#[derive(Serialize, Debug, Clone)]
pub struct VotesPoint {
    pub at_us: i64,
    /// The update's date, short.
    pub label: String,
    pub votes: Votes,
}

/// A time in the seat.
#[derive(Serialize, Debug, Clone)]
pub struct Tenure {
    pub candidate: Candidate,
    pub from: Moment,
    /// None for who holds now.
    pub until: Option<Moment>,
}

impl DecisionKind {
    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Body => "body",
            Self::Document => "document",
            Self::Constitution => "constitution",
            Self::Ranking => "ranking",
        }
    }

    /// True where texts stand for election, and one of them is in force.
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
