//! The charter language: text in, checked rules out. It reads kernels, constitutions and the formulas
//! inside them, and reports every mistake at once. It has no clock, no files and no co-op's state.
#![cfg_attr(not(test), deny(clippy::float_arithmetic, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod clause;
mod code;
mod constitution;
mod diagnostic;
mod diff;
mod document;
mod edition;
mod editor;
mod effect;
mod explain;
mod facts;
mod format;
mod formula;
mod kernel;
mod named;
mod nearest;
mod phrase;
mod rules;
mod support;
mod template;
mod vocabulary;
mod words;

pub use clause::{
    ACCEPT, Accepts, Ballot, Body, BroughtBy, Clause, ClauseKind, Commitment, CreditFlow, Delegation, Document, Domain,
    Due, FUND_IN_ORDER, FUND_NOTHING, Feed, FundingOrder, Income, InnerConstitution, ItemOrder, Matching, NOTHING,
    Office, OwnProjects, Pool, Ranking, Release, SharesOut, Supply, TooLarge, Until, explain_clause, patron_kinds,
};
pub use code::{CODES, Code};
pub use constitution::{Above, Constitution, read_constitution, read_constitution_below};
pub use diagnostic::Diagnostic;
pub use diff::diff;
pub use document::{Section, is_hidden, later_mistakes, lines, sections};
pub use edition::Edition;
pub use editor::{Completion, Hover, Suggestion, WordKind, complete, hover};
pub use effect::{Effect, EffectKind};
pub use explain::{explain_constitution, explain_constitution_at};
pub use facts::{ClassFacts, DecisionFacts, Explained, Facts, Heaviest};
pub use format::format;
pub use formula::{Formula, FormulaMistake, Pico, Quantity, Scope, Source, TraceLine};
pub use kernel::{
    ActsPer, Affirmed, Allowance, Amendment, Class, Counted, Counting, Door, Ends, Fork, GivenPower, Grant, Heads,
    KeptBy, Kernel, Leaving, Of, Parameter, Part, Power, Reach, Setting, Terms, TreasuryShare, explain_amendment,
    explain_door, explain_fork, explain_kernel, explain_power, explain_root, explain_splitting, explain_updates,
    explain_votes, is_kernel,
};
pub use nearest::near;
pub use phrase::{Amount, Every, MoneyPer};
pub use rules::{Rules, Unread, read_kernel, read_kernel_under};
pub use support::{LONGEST_SERVICE, SupportKind, SupportKinds, SupportUnit, is_service};
pub use template::{Answers, Filled, Template, template, template_under, templates};
