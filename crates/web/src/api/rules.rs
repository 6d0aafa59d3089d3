//! `/api/v1/rules`: the documents in force, and a text checked against them as editors want it.

use super::schemas::{list, object, or_null, reference, text, whole};
use super::v1::{answer, is_json};
use crate::constitution::propose::checked;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value};
use views::{Mistake, RulesCheck};

/// A text, and whose place it would take.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    decision: String,
    text: String,
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
        let words = "texts are sent as `application/json`";
        return Err(Trouble::bad("content-type", words));
    }
    let asked: Asked =
        serde_json::from_str(&body).map_err(|why| Trouble::bad("", format!("give `decision` and `text`: {why}")))?;
    let check = move |visitor: &Visitor| {
        visitor.see(|sight, _| Ok(found(&checked(sight, &asked.decision, &asked.text)?, &asked.text)))
    };
    answer(&visitor.aside(check).await?)
}

fn found(check: &RulesCheck, text: &str) -> Value {
    let lines: Vec<&str> = charter::lines(text).collect();
    let mistakes = check.mistakes.iter().map(|one| (one, MISTAKE));
    let told = mistakes.chain(check.notes.iter().map(|one| (one, NOTE)));
    let diagnostics: Vec<Value> = told.map(|(one, severity)| diagnostic(one, severity, &lines)).collect();
    let effects = check.change.as_ref().map(|change| &change.effects);
    serde_json::json!({
        "checks": check.checks(),
        "mistakes": check.mistakes_total,
        "diagnostics": diagnostics,
        "effects": effects,
        "plain": check.plain,
    })
}

/// As the Language Server Protocol has it: lines from 0, characters from 0 in units of UTF-16.
fn diagnostic(one: &Mistake, severity: u8, lines: &[&str]) -> Value {
    let position = |line: u32, column: u32| {
        let line = line.saturating_sub(1);
        let text = usize::try_from(line).ok().and_then(|line| lines.get(line));
        let column = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
        let before = text.copied().unwrap_or_default().chars().take(column);
        let character: usize = before.map(char::len_utf16).sum();
        serde_json::json!({ "line": line, "character": character })
    };
    let help = one.help.as_deref().unwrap_or_default();
    serde_json::json!({
        "range": {
            "start": position(one.line, one.column),
            "end": position(one.end_line, one.end_column),
        },
        "severity": severity,
        "code": one.code,
        "source": "rochdale",
        "message": format!("{}: {} {help}", one.name, one.why).trim_end(),
    })
}

/// What these routes take and answer.
pub(super) fn schemas() -> Map<String, Value> {
    let clause = object(&[
        ("name", text("the clause's path, a class, or a part of the kernel")),
        ("title", text("as people say it")),
        ("sentences", list(text("what it means, a sentence"))),
        ("href", or_null(text("the page of the decision that it defines"))),
    ]);
    let document = object(&[
        ("decision", text("`kernel`, `constitution`, or the path of a constitution inside it")),
        ("document", text("SHA-256 of the text, hex")),
        ("title", text("its first heading")),
        ("text", text("Markdown, as written")),
        ("plain", list(reference("PlainClause"))),
    ]);
    let position = object(&[("line", whole("from 0")), ("character", whole("from 0, UTF-16"))]);
    let range = object(&[("start", position.clone()), ("end", position)]);
    let diagnostic = object(&[
        ("range", range),
        ("severity", whole("1 a mistake, 2 a note")),
        ("code", text("such as `C012`")),
        ("source", text("`rochdale`")),
        ("message", text("what is wrong, and how to mend it")),
    ]);
    let effect = object(&[
        ("about", text("a decision's path, a class, or `kernel`")),
        ("kind", text("what it is on, such as `powers`")),
        ("words", text("a sentence")),
    ]);
    let checked = object(&[
        ("checks", serde_json::json!({ "type": "boolean" })),
        ("mistakes", whole("how many there are")),
        ("diagnostics", list(diagnostic)),
        ("effects", or_null(list(effect))),
        ("plain", list(reference("PlainClause"))),
    ]);
    let asked = object(&[
        ("decision", text("whose place it would take")),
        ("text", text("Markdown with `charter` blocks, at most 1 MiB")),
    ]);
    let all = [
        ("PlainClause", clause),
        ("Rules", object(&[("documents", list(document))])),
        ("RulesChecked", checked),
        ("RulesToCheck", asked),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
