//! `/api/v1/rules`: the documents in force, and a text checked against them as editors want it.

use super::v1::{answer, is_json};
use crate::constitution::propose::checked;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use axum::http::HeaderMap;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use views::{EffectWords, Mistake, PlainClause, RulesCheck};

/// A text, and whose place it would take.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesToCheck {
    /// `kernel`, `constitution`, or the path of a constitution inside it.
    decision: String,
    /// Markdown with `charter` blocks, at most 1 MiB.
    text: String,
}

/// The checker's answer.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RulesChecked {
    checks: bool,
    /// How many there are.
    mistakes: u64,
    diagnostics: Vec<Diagnostic>,
    /// Null where the text does not check.
    effects: Option<Vec<EffectWords>>,
    plain: Vec<PlainClause>,
}

/// As the Language Server Protocol has it.
#[derive(Debug, Serialize, JsonSchema)]
struct Diagnostic {
    range: Range,
    /// 1 for a mistake, 2 for a note.
    severity: u8,
    /// Such as `C012`.
    code: String,
    /// Always `rochdale`.
    source: String,
    /// The mistake, and how to mend it.
    message: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Range {
    start: Position,
    end: Position,
}

/// Both from 0; characters in units of UTF-16.
#[derive(Debug, Serialize, JsonSchema)]
struct Position {
    line: u32,
    character: usize,
}

/// How much a diagnostic matters to an editor, as the Language Server Protocol counts.
const MISTAKE: u8 = 1;
const NOTE: u8 = 2;

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Trouble> {
    answer(&visitor.aside(|visitor| visitor.see(|sight, _| Ok(views::rules_report(sight)))).await?)
}

/// Checks a text. Nothing is kept.
pub(crate) async fn check(visitor: Visitor, headers: HeaderMap, body: String) -> Result<Response, Trouble> {
    if !is_json(&headers) {
        return Err(Trouble::bad("content-type", words::api::TEXTS_ARE_JSON));
    }
    let asked: RulesToCheck =
        serde_json::from_str(&body).map_err(|why| Trouble::bad("", words::api::decision_and_text(why)))?;
    let check = move |visitor: &Visitor| {
        visitor.see(|sight, _| Ok(found(&checked(sight, &asked.decision, &asked.text)?, &asked.text)))
    };
    answer(&visitor.costly(check).await?)
}

fn found(check: &RulesCheck, text: &str) -> RulesChecked {
    let lines: Vec<&str> = charter::lines(text).collect();
    let mistakes = check.mistakes.iter().map(|one| (one, MISTAKE));
    let told = mistakes.chain(check.notes.iter().map(|one| (one, NOTE)));
    RulesChecked {
        checks: check.checks(),
        mistakes: check.mistakes_total,
        diagnostics: told.map(|(one, severity)| diagnostic(one, severity, &lines)).collect(),
        effects: check.change.as_ref().map(|change| change.effects.clone()),
        plain: check.plain.clone(),
    }
}

fn diagnostic(one: &Mistake, severity: u8, lines: &[&str]) -> Diagnostic {
    let position = |line: u32, column: u32| {
        let line = line.saturating_sub(1);
        let text = usize::try_from(line).ok().and_then(|line| lines.get(line));
        let column = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
        let before = text.copied().unwrap_or_default().chars().take(column);
        Position { line, character: before.map(char::len_utf16).sum() }
    };
    let help = one.help.as_deref().unwrap_or_default();
    Diagnostic {
        range: Range { start: position(one.line, one.column), end: position(one.end_line, one.end_column) },
        severity,
        code: one.code.to_string(),
        source: "rochdale".to_owned(),
        message: format!("{}: {} {help}", one.name, one.why).trim_end().to_owned(),
    }
}
