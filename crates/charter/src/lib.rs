//! The charter language: text in, checked rules out. It reads kernels, constitutions and the formulas
//! inside them, and says every mistake at once. It has no clock, no files and no co-op's state.
#![cfg_attr(not(test), deny(clippy::float_arithmetic, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod code;
mod constitution;
mod diagnostic;
mod diff;
mod document;
mod editor;
mod explain;
mod format;
mod formula;
mod kernel;
mod named;
mod nearest;
mod phrase;
mod rules;
mod section;
mod support;
mod template;

pub use code::{CODES, Code};
pub use constitution::{
    Above, Amount, Ballot, Body, Clause, ClauseKind, Commitment, Constitution, Delegation, Document, Due, Every, Feed,
    FundingOrder, GivenPower, Grant, Income, InnerConstitution, Matching, MoneyPer, Office, OwnProjects, Pool, Power,
    Ranking, Release, Supply, TooLarge, Until, read_constitution, read_constitution_below,
};
pub use diagnostic::Diagnostic;
pub use diff::{Effect, EffectKind, diff};
pub use document::lines;
pub use editor::{Completion, Hover, Suggestion, WordKind, complete, hover};
pub use explain::{
    ClassFacts, DecisionFacts, Explained, Facts, explain_amendment, explain_clause, explain_constitution,
    explain_constitution_at, explain_fork, explain_kernel, explain_power, explain_root, explain_updates, explain_votes,
};
pub use format::format;
pub use formula::{Formula, FormulaMistake, Pico, Scope, Source, TraceLine};
pub use kernel::{Amendment, Class, Counting, Fork, Kernel, Part, Terms, TreasuryShare, is_kernel, read_kernel};
pub use rules::{Rules, Unread};
pub use section::{Section, sections};
pub use support::{SupportKind, SupportUnit};
pub use template::{Answers, Filled, Template, template, templates};
