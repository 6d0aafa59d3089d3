//! What the state looks like to a reader: plain structs in the reader's words, shared by pages, JSON and the command line.
//! Not a place where anything is decided: every figure here was computed by the engine.
//!
//! # How to read a field
//! - A number that people read comes twice: as `text`, ready to print with its unit's rounding, and raw, for charts and JSON.
//!   The raw field names its unit last: `share_ppm`, `weight_micro`, `votes_micro`, `amount_minor`, `at_us`.
//! - `_ppm`: parts per million, 0 to 1,000,000. `_micro`: millionths of one weight or one vote. `_minor`: cents (none for JPY).
//!   `_us`: microseconds since 1970-01-01 UTC.
//! - `…_words` and `words` are whole sentences or phrases in plain English, without mark-up.
//! - `href` is a path on this server, or an `https:` address of the co-op's own forge.
//! - `class_index` is the class's place in the kernel, from 0: pages colour classes by it, so it must not depend on the page.
//! - `Option` is `None` where the thing is absent, never where it is unknown.
//!
//! # Which page reads what
//! | page | struct |
//! | --- | --- |
//! | every page's head and foot | [`CoopSummary`] |
//! | Home | [`HomeView`] |
//! | My page | [`MyPageView`] |
//! | what a holder may do | [`HeldOffice`], [`PowerView`] |
//! | Decisions, Decision | [`DecisionCard`], [`DecisionView`], [`BallotForm`], [`PreviewView`] |
//! | Priorities | [`RankingView`] |
//! | Money | [`MoneyView`] |
//! | Members, Member | [`MembersView`], [`MemberView`], [`WeightExplained`] |
//! | Log | [`LogView`] |
//! | Pick a member | [`WalkInView`] |
//! | a refusal | [`RefusalView`] |
//! | what other rules would change | [`RulesDiff`], [`DryRunReport`] |
//! | JSON reports, command line | [`WeightsReport`], [`StandingsReport`], [`BookReport`], [`StatusReport`] |
//!
//! The functions of [`fill`] fill them.
#![cfg_attr(not(test), deny(clippy::float_arithmetic, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod ballot;
mod constitution;
mod coop;
mod decision;
mod directory;
mod dry_run;
mod editor;
pub mod fill;
mod fork;
mod history;
mod home;
mod log;
mod me;
mod members;
mod money;
mod power;
mod preview;
mod ranking;
mod refusal;
mod report;
mod rules_diff;
mod status;
mod weight;
mod words;

pub use ballot::{BallotForm, BallotRow, ItemBallot, Problem, ScoreField, ShareField, Side};
pub use constitution::{
    AmendmentView, Branch, ClassAssent, ConstitutionView, KernelView, PlainClause, ProposedKernel, RulesCandidate,
    RulesDocument, RulesReport, RulesSection, RulesText,
};
pub use coop::{ClassSlice, CoopSummary, MeBadge};
pub use decision::{
    Candidate, CandidateKind, Challenger, ClosedDecision, DecisionCard, DecisionKind, DecisionView, DocumentView,
    FillPoint, Holder, Nominee, Spent, Steps, Tenure, VotesPoint, VotesSeries,
};
pub use directory::{Directory, DocumentCard, ItemCard};
pub use dry_run::{CameAbout, DecisionCompared, DryRunReport, LISTED, Listed, Moved, RefusedAct};
pub use editor::{Mistake, RulesCheck, RulesDraft};
pub use fill::Sight;
pub use fork::{CompletedForkView, ForkDraft, ForkText, ForkView, ForksView};
pub use history::{BookMark, ElectionPoint, History, UpdatePoint};
pub use home::{Happening, HomeView};
pub use log::{LogEntryView, LogHead, LogView};
pub use me::{FadePoint, MyPageView, Placed, Waiting};
pub use members::{ClassSummary, CurvePoint, MemberRow, MemberView, MembersView, WalkInRow, WalkInView};
pub use money::{FlowPart, MoneyEntry, MoneyView, MonthBalance, YearRow};
pub use power::{
    Choice, HeldOffice, HeldPower, ItemForm, LimitView, ListForm, MemberChoice, PowerForm, PowerView, SpendForm,
};
pub use preview::{PreviewRow, PreviewView};
pub use ranking::{ClosedItem, Countdown, RankedItem, RankingView};
pub use refusal::{RefusalView, WayOut};
pub use report::{
    BookPeriod, BookReport, CandidateStanding, ClassWeight, ItemStanding, MemberWeight, MoneyJson, NomineeStanding,
    StandingsReport, WeightsReport,
};
pub use rules_diff::{
    ClassCompared, DocumentOut, EffectWords, HereDiff, MemberCompared, RulesDiff, ShareFreed, WeightsCompared,
};
pub use status::{DecisionStatus, StatusReport};
pub use weight::{CapLine, ClassWeightExplained, WeightExplained, WeightLine};
pub use words::{Amount, Moment, Share, Votes, Weight, decimal};
