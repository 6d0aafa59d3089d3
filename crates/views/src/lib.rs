//! The state as a reader sees it: plain structs in the reader's words, shared by pages, JSON and the command line.
//! Nothing is decided here: the engine computed every figure.
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
//! | Home | [`HomeView`], [`FoundingView`], [`Step`] |
//! | My page | [`MyPageView`] |
//! | what a holder may do | [`HeldOffice`], [`PowerView`] |
//! | Decisions, Decision | [`DecisionCard`], [`DecisionView`], [`BallotForm`], [`PreviewView`] |
//! | Priorities | [`RankingView`] |
//! | Commitment | [`CommitmentView`] |
//! | Money | [`MoneyView`] |
//! | Releases | [`ReleaseClauseView`] |
//! | Members, Member | [`MembersView`], [`MemberView`], [`WeightExplained`] |
//! | Log | [`LogView`] |
//! | Pick a member | [`WalkInView`] |
//! | a refusal | [`RefusalView`] |
//! | what other rules would change | [`RulesDiff`], [`DryRunReport`] |
//! | JSON reports, command line | [`WeightsReport`], [`StandingsReport`], [`BookReport`], [`StatusReport`] |
//!
//! Each noun has one file: the struct, and the function that fills it from a [`Sight`] of the state.
#![cfg_attr(not(test), deny(clippy::float_arithmetic, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod acts_left;
mod ahead;
mod application;
mod ballot;
mod claim;
mod classes;
mod commitment;
mod compare;
mod constitution;
mod coop;
mod credit;
mod decision;
pub mod device;
mod directory;
mod dry_run;
mod edition;
mod editor;
mod embed;
mod facts;
mod first_steps;
mod fork;
mod founders;
mod hearing;
mod history;
mod home;
mod kept;
mod leaving;
mod log;
mod me;
mod members;
mod money;
mod names;
mod pledge;
mod pool;
mod power;
mod preview;
mod quantities;
mod ranking;
mod refusal;
mod register;
mod release;
mod report;
mod requests;
mod rules;
mod rules_diff;
mod say;
mod sight;
mod sources;
#[cfg(test)]
mod tests;
mod weight;
mod who;

pub use acts_left::acts_left;
pub use ahead::{RecordAhead, record_ahead};
pub use application::{
    ApplicationView, ApplicationsView, DoorView, DoorsView, ReasonView, application_stands, applications, doors,
    has_door,
};
pub use ballot::{BallotForm, BallotRow, ItemBallot, Problem, ScoreField, ShareField, Side, ballot_form, item_ballot};
pub use claim::{ClaimView, ClaimsView, claims, services};
pub use classes::ClassSlice;
pub use commitment::{CommitmentView, OptionText, OptionView, TakenView, commitment, option_text};
pub use compare::{ClassCompared, LISTED, Listed, MemberCompared, Weighed, WeightsCompared, weights_compared};
pub use constitution::kernel::{AmendmentView, ClassAssent, KernelView, ProposedKernel, kernel, proposed_kernel};
pub use constitution::{
    Branch, ConstitutionView, PlainClause, RulesCandidate, RulesDocument, RulesReport, RulesSection, RulesText,
    constitution, rules_report,
};
pub use coop::{CoopSummary, MeBadge, coop_summary};
pub use credit::{
    AcceptedCredit, CameView, CreditChange, CreditOption, CreditRow, CreditView, MadeView, OwnCredit, OwnPeriod,
    ProposedCredit, credit, own_credit, proposed_credit, strike,
};
pub use decision::closed::{ClosedDecision, closed_decision};
pub use decision::document::{DocumentView, Spent, Steps, document};
pub use decision::series::{FillPoint, Tenure, VotesPoint, VotesSeries};
pub use decision::{Challenger, DecisionCard, DecisionView, Holder, Nominee, decision, decision_cards};
pub use directory::{Directory, DocumentCard, ItemCard, Library};
pub use dry_run::{
    CameAbout, Course, DecisionCompared, DryRun, DryRunReport, Moved, RefusedAct, Skipped, dry_run_report,
};
pub use edition::{AnnouncedEdition, EditionView, unfit_words};
pub use editor::{Mistake, RulesCheck, RulesDraft, checked, mistaken, rules_draft};
pub use embed::{Embedded, embedded};
pub use facts::{facts, weights_under};
pub use first_steps::{Earning, Step};
pub use fork::{CompletedForkView, ForkDraft, ForkText, ForkView, ForksView, fork_check, fork_draft, fork_text, forks};
pub use founders::FoundingView;
pub use hearing::{HearingView, HearingsView, hearings};
pub use history::{ElectionPoint, UpdatePoint};
pub use home::{Change, Happening, HomeView, changes, home};
pub use kept::Kept;
pub use leaving::{MembershipView, MembershipWish, membership, membership_act};
pub use log::{LogEntryView, LogHead, LogView, LogWords, log_entry, moment};
pub use me::waiting::Waiting;
pub use me::{FadePoint, MyPageView, Placed, my_page};
pub use members::{
    ClassSummary, CurvePoint, MemberRow, MemberView, MembersView, WalkInRow, WalkInView, joined, member, members,
    walk_in,
};
pub use money::{FlowPart, MoneyEntry, MoneyPage, MoneyView, MonthBalance, YearRow, money, money_entry};
pub use names::{Candidate, CandidateKind, DecisionKind, decision_title_of};
pub use pledge::{PledgeView, own_pledge};
pub use pool::{MoneyRow, MyMoney, MyPledge, OwnProject, PastCycle, PoolView, ProjectView, pool, project_text};
pub use power::waits::{AnnouncedView, ProposedView, WaitsView, takes_effect, waits};
pub use power::{
    Choice, HeldOffice, HeldPower, ItemForm, LimitView, ListForm, MemberChoice, PowerForm, PowerView, SpendForm, power,
};
pub use preview::{PreviewRow, PreviewView, preview_of};
pub use quantities::{Amount, Moment, Share, Votes, Weight, decimal};
pub use ranking::countdown::Countdown;
pub use ranking::supply::{Quantity, RequestView, ServedItem, ServedView, ServingView, SupplyView, served};
pub use ranking::{
    Adding, ClosedItem, RANKED, RankedItem, RankingPart, RankingView, SimilarItem, first_ranking, ranking,
    similar_items,
};
pub use refusal::{RefusalView, WayOut, refusal};
pub use register::{Ground, Life, ListStay, Lives, Mark, RegisterReport, RegisterRow, Stay, register, register_rows};
pub use release::{FileView, ReleaseClauseView, ReleaseVersion, Threshold, has_releases, may_publish, releases, size};
pub use report::{
    BookPeriod, BookReport, CandidateStanding, ClassWeight, CommitmentStanding, DecisionStatus, ItemStanding,
    MemberWeight, MoneyJson, NomineeStanding, StandingsReport, StatusReport, TakenStanding, WeightsReport, Whom,
    WorkPeriod, book_report, standings_report, status_report, weights_report, work_report,
};
pub use requests::{MoneyRequest, MyRequests, PassedRequest, RequestsView, requests};
pub use rules_diff::{DocumentOut, EffectWords, HereDiff, RulesDiff, ShareFreed, here_diff};
pub use sight::Sight;
pub use sources::{SourceView, Warning, sources};
pub use weight::{CapLine, ClassWeightExplained, WeightExplained, WeightLine, explain, explain_at};
pub use who::{AskedView, CardView, JoinView, WhoView, joins, may_decide, who};
