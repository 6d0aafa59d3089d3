//! The editor of rules: the text that it begins with, and what the checker says of a text that somebody writes.

use serde::Serialize;

use crate::{PlainClause, RulesDiff};

/// What the editor begins with.
#[derive(Serialize, Debug, Clone)]
pub struct RulesDraft {
    /// `kernel`, `constitution`, or the path of a constitution inside it.
    pub decision: String,
    /// For example `Constitution` or `Docs team`.
    pub title: String,
    /// The page of the rules in force.
    pub back_href: String,
    /// The text to begin with; empty where nothing is in force.
    pub text: String,
    /// Which text that is, for example `the text in force, “How we decide”`.
    pub words: String,
    /// What has to be done for it to be in force, a sentence each.
    pub terms: Vec<String>,
    /// The date from which the past is tried if none is given: a year before now, `2025-03-03`.
    pub past_from: String,
    /// The reader may propose a text.
    pub may_propose: bool,
}

/// What the checker says of a text.
#[derive(Serialize, Debug, Clone, Default)]
pub struct RulesCheck {
    /// The first of them, at most [`crate::LISTED`], in the order of the text; empty where the text checks.
    pub mistakes: Vec<Mistake>,
    /// How many there are.
    pub mistakes_total: u64,
    /// What is allowed, and worth knowing.
    pub notes: Vec<Mistake>,
    /// Every clause in plain English; empty where there are mistakes.
    pub plain: Vec<PlainClause>,
    /// What would change if it were in force today; `None` where there are mistakes, and where nothing is compared.
    pub change: Option<RulesDiff>,
    /// It is, byte for byte, the text in force.
    pub in_force: bool,
}

/// One mistake, with the line as it was typed.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    pub end_line: u32,
    /// The column after the last character.
    pub end_column: u32,
    /// The stable code, such as `C012`.
    pub code: String,
    /// Its name, such as `unit-mismatch`.
    pub name: String,
    /// A sentence.
    pub why: String,
    /// How to mend it, a sentence.
    pub help: Option<String>,
    /// The line before the words that are wrong, cut to its end where it is long.
    pub before: String,
    /// The words that are wrong, as far as they stand in this line.
    pub words: String,
    /// The line after them, cut to its beginning where it is long.
    pub after: String,
}

impl RulesCheck {
    /// It has no mistakes.
    #[must_use]
    pub fn checks(&self) -> bool {
        self.mistakes_total == 0
    }
}
