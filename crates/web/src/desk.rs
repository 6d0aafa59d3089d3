//! What pages ask of a co-op: views to show and acts to submit. The server's own desk stands on `host`; tests bring a desk with
//! fixed facts. No method waits on a third party.

use crate::Trouble;
use std::collections::BTreeMap;
use views::{
    BookReport, ClosedDecision, ConstitutionView, CoopSummary, DecisionCard, DecisionView, DocumentView, DryRunReport,
    ForkDraft, ForksView, HomeView, KernelView, LogView, MemberView, MembersView, MoneyView, MyPageView, PowerView,
    PreviewView, ProposedKernel, RankingView, RulesCheck, RulesDraft, RulesReport, RulesText, StandingsReport,
    WalkInView, WeightsReport,
};

/// One co-op as its pages need it. Reading works on the newest state that is published; `me` is the reader's pseudonym.
/// Acts are decided by the engine alone: a "no" comes back as [`Trouble::Refused`].
pub trait Desk: Send + Sync + 'static {
    fn coop(&self, me: Option<&str>) -> Result<CoopSummary, Trouble>;
    fn home(&self, me: Option<&str>) -> Result<HomeView, Trouble>;
    fn my_page(&self, me: &str) -> Result<MyPageView, Trouble>;
    fn decisions(&self) -> Result<Vec<DecisionCard>, Trouble>;
    /// [`Trouble::Absent`] if there is no such election.
    fn decision(&self, name: &str, me: Option<&str>) -> Result<DecisionView, Trouble>;
    /// A decision that the rules no longer define. [`Trouble::Absent`] if none of this name is closed.
    fn closed_decision(&self, name: &str) -> Result<ClosedDecision, Trouble>;
    /// The rules that a decision holds. [`Trouble::Absent`] if it holds none.
    fn constitution(&self, path: &str, me: Option<&str>) -> Result<ConstitutionView, Trouble>;
    fn kernel(&self, me: Option<&str>) -> Result<KernelView, Trouble>;
    /// [`Trouble::Absent`] if the document never stood there.
    fn document(&self, decision: &str, document: &str) -> Result<DocumentView, Trouble>;
    /// [`Trouble::Absent`] if no such kernel is proposed.
    fn proposed_kernel(&self, document: &str, me: Option<&str>) -> Result<ProposedKernel, Trouble>;
    /// What the editor begins with: the document `from`, or the one in force. [`Trouble::Absent`] if the decision holds no rules,
    /// or `from` never stood there.
    fn rules_draft(&self, decision: &str, from: Option<&str>, me: Option<&str>) -> Result<RulesDraft, Trouble>;
    /// What the checker says of a text, and what it would change today; nothing does.
    fn check_rules(&self, decision: &str, text: &str) -> Result<RulesCheck, Trouble>;
    /// What the checker says of the kernel and of the constitution that a fork would begin with.
    fn check_fork(&self, kernel: &str, constitution: &str) -> Result<(RulesCheck, RulesCheck), Trouble>;
    /// The past since `from` (ISO 8601) under a text that checks. It takes as long as reading the log twice.
    fn try_rules(&self, decision: &str, text: &str, from: &str) -> Result<Tried, Trouble>;
    /// Every rules document in force.
    fn rules_report(&self) -> Result<RulesReport, Trouble>;
    fn forks(&self, me: Option<&str>) -> Result<ForksView, Trouble>;
    /// What a member begins with who announces a fork.
    fn fork_draft(&self) -> Result<ForkDraft, Trouble>;
    /// `part` is `kernel` or `constitution`. [`Trouble::Absent`] if no such fork is announced.
    fn fork_text(&self, fork: &str, part: &str) -> Result<RulesText, Trouble>;
    /// `name` is none for the one that Priorities shows. [`Trouble::Absent`] if there is no such ranking.
    fn ranking(&self, name: Option<&str>, me: Option<&str>) -> Result<RankingView, Trouble>;
    fn money(&self, cursor: Option<&str>) -> Result<MoneyView, Trouble>;
    fn members(&self, query: &str, cursor: Option<&str>) -> Result<MembersView, Trouble>;
    fn member(&self, member: &str) -> Result<MemberView, Trouble>;
    fn log(&self, cursor: Option<&str>) -> Result<LogView, Trouble>;
    fn walk_in(&self, query: &str, cursor: Option<&str>) -> Result<WalkInView, Trouble>;

    /// What would change; nothing does.
    fn preview_ballot(&self, me: &str, decision: &str, draft: &BallotDraft) -> Result<PreviewView, Trouble>;
    /// What would change; nothing does.
    fn preview_item(&self, me: &str, ranking: &str, draft: &ItemDraft) -> Result<PreviewView, Trouble>;
    /// What would change on each decision that the moves touch; nothing does.
    fn preview_shares(&self, me: &str, moves: &[ShareMove]) -> Result<Vec<PreviewView>, Trouble>;
    /// Replaces both of the member's ballots on an election.
    fn cast_ballot(&self, me: &str, decision: &str, draft: &BallotDraft) -> Result<(), Trouble>;
    /// Replaces the member's ballot on one item of a ranking; a share of 0 takes it back.
    fn cast_item_ballot(&self, me: &str, ranking: &str, draft: &ItemDraft) -> Result<(), Trouble>;
    /// Changes the shares of ballots that stand, all or none.
    fn move_shares(&self, me: &str, moves: &[ShareMove]) -> Result<(), Trouble>;
    /// Stands, withdraws, resigns, proposes or nominates.
    fn take_step(&self, me: &str, decision: &str, step: &Step) -> Result<(), Trouble>;
    /// Announces a fork, goes with one, or stays after all.
    fn take_fork_step(&self, me: &str, step: &ForkStep) -> Result<(), Trouble>;
    /// The page of a power. `query` is part of a member's name. [`Trouble::Absent`] if the power has no page.
    fn power(&self, me: &str, power: &str, query: &str) -> Result<PowerView, Trouble>;
    /// Does what the rules let the holder of an office or a seat do.
    fn use_power(&self, me: &str, deed: &Deed) -> Result<(), Trouble>;
    /// Runs the next update now. Only a demonstration may: [`Trouble::Absent`] elsewhere.
    fn run_next_update(&self) -> Result<(), Trouble>;

    /// `at` is ISO 8601; none for now.
    fn weights_report(&self, at: Option<&str>, member: Option<&str>) -> Result<WeightsReport, Trouble>;
    fn standings_report(&self, decision: &str, at: Option<&str>) -> Result<StandingsReport, Trouble>;
    /// `by` is `year` or `month`.
    fn book_report(&self, by: &str, at: Option<&str>) -> Result<BookReport, Trouble>;
    /// One act as JSON, exactly as received; answers its receipt as JSON. `key` is the `Idempotency-Key`, `me` whoever the session
    /// or token says.
    fn submit_act(&self, me: Option<&str>, key: Option<&str>, act: &str) -> Result<serde_json::Value, Trouble>;
    /// Says why not, in words for the operator.
    fn ready(&self) -> Result<(), String>;
}

/// Both of a member's ballots on an election, as typed and parsed. The rules have not seen it yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BallotDraft {
    pub for_share_ppm: u32,
    pub against_share_ppm: u32,
    /// Candidate → millionths of a full score; scores of 0 are left out.
    pub for_scores_ppm: BTreeMap<String, u32>,
    pub against_scores_ppm: BTreeMap<String, u32>,
}

/// A ballot on one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemDraft {
    pub item: String,
    pub side: views::Side,
    pub share_ppm: u32,
}

/// What a member does about the candidates of an election.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Puts their own name up.
    Stand,
    /// Takes back their own name, or a document of theirs.
    Withdraw { document: Option<String> },
    /// Gives the seat back.
    Resign,
    /// Puts up a document: at most 64 KiB of text, of rules 1 MiB.
    Propose { text: String },
    /// Agrees to a proposed kernel, or takes that back.
    Assent { document: String, assent: bool },
    /// Gives a nominee attention; a share of 0 takes it back.
    Nominate { candidate: String, side: views::Side, share_ppm: u32 },
}

/// What a member does about leaving together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForkStep {
    /// With the texts of the new co-op.
    Announce { fork: String, kernel: String, constitution: String },
    /// Goes with it.
    Join { fork: String },
    /// Stays after all.
    Stay { fork: String },
}

/// What a holder does in the name of an office or a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Admits somebody new.
    Admit {
        name: String,
        organisation: bool,
    },
    PutOnList {
        list: String,
        /// A pseudonym, as below.
        member: String,
    },
    TakeOffList {
        list: String,
        member: String,
    },
    OpenItem {
        ranking: String,
        item: String,
        title: String,
        /// An `https:` address.
        link: Option<String>,
    },
    CloseItem {
        ranking: String,
        item: String,
    },
    /// Books an expense.
    Spend {
        /// Minor units, above 0.
        minor: i64,
        from: String,
        to: String,
        narration: String,
        /// For example `2025-12-29`, in the co-op's zone.
        day: String,
        /// 32 hexadecimal digits: the same ones are booked once.
        source: String,
    },
}

/// What came of trying rules on the past.
#[derive(Debug, Clone)]
pub enum Tried {
    Report(Box<DryRunReport>),
    /// The past is being read for somebody else: one such reading takes as much memory as the co-op itself.
    Busy,
    /// They cannot be tried from then on, and why.
    CannotBe(String),
}

/// A new share for a ballot that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareMove {
    /// As in [`views::Placed::field`].
    pub field: String,
    pub share_ppm: u32,
}
