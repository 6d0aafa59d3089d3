//! `/api/v1/imports` and `/api/v1/facts`: what programs record, and the reports of all imports. Whatever is decided, the host and
//! the engine decide.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use bridges::Kind;
use host::inbox::{Door, Handed, Report, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use views::Problem;

use super::v1::{answer, is_json};
use crate::record::bring::{Settings, Share, bring};
use crate::record::imports;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// A file, a text or rows that a program hands in at once.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewImport {
    /// A kind of file; recognised by the first line without one.
    #[serde(default)]
    kind: Option<String>,
    /// The name of the file, which the report says.
    #[serde(default)]
    name: Option<String>,
    /// The file, where it is a text.
    #[serde(default)]
    text: Option<String>,
    /// Or records of support.
    #[serde(default)]
    rows: Option<Vec<Row>>,
    /// Admit people whom the co-op's own tables name and nobody knows; else such rows are mistakes.
    #[serde(default)]
    new_members: bool,
}

/// The same in the address, where the body is the file itself.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Named {
    kind: Option<String>,
    name: Option<String>,
    #[serde(default)]
    new_members: bool,
}

/// The reports of imports, newest first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Imports")]
pub(crate) struct ImportsAnswer {
    imports: Vec<Report>,
    /// The cursor of the page after this one.
    next: Option<String>,
}

/// `POST /api/v1/imports`: files and rows, all of them or nothing.
pub(crate) async fn import(
    visitor: Visitor,
    Query(named): Query<Named>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Trouble> {
    visitor.recorder()?;
    let (handed, kind, new_members) = if is_json(&headers) {
        let asked: NewImport = serde_json::from_slice(&body).map_err(|why| Trouble::bad("", why.to_string()))?;
        let kind = asked.kind.as_deref().map(kind_named).transpose()?;
        let name = asked.name.unwrap_or_else(|| ROWS.to_owned());
        match (asked.text, asked.rows) {
            (Some(text), None) => (Handed { name, bytes: text.into_bytes() }, kind, asked.new_members),
            (None, Some(rows)) => (Handed::of_rows(&name, &rows), Some(Kind::SupportCsv), asked.new_members),
            _ => return Err(Trouble::bad("text", words::record::TEXT_OR_ROWS)),
        }
    } else if is_file(&headers) {
        let kind = named.kind.as_deref().map(kind_named).transpose()?;
        let name = named.name.unwrap_or_else(|| ROWS.to_owned());
        (Handed { name, bytes: body.to_vec() }, kind, named.new_members)
    } else {
        return Err(Trouble::bad("content-type", words::record::FILE_TYPES));
    };
    let settings = Settings { door: Door::Api, kind, mapping: None, new_members, share: Share::OfItsOwn };
    answer(&bring(&visitor, handed, settings).await?)
}

/// `POST /api/v1/facts`: one record of support. Those of one day have one report.
pub(crate) async fn fact(visitor: Visitor, headers: HeaderMap, body: Bytes) -> Result<Response, Trouble> {
    visitor.recorder()?;
    if !is_json(&headers) {
        return Err(Trouble::bad("content-type", words::api::ACTS_ARE_JSON));
    }
    let row: Row = serde_json::from_slice(&body).map_err(|why| Trouble::bad("", why.to_string()))?;
    if row.source.trim().is_empty() {
        // Without one, two equal records of one day could not be told from one that is handed in twice.
        return Err(Trouble::bad("source", words::record::NAME_THE_SOURCE));
    }
    let handed = Handed::of_rows(FACT, &[row]);
    let kind = Some(Kind::SupportCsv);
    let settings = Settings { door: Door::Api, kind, mapping: None, new_members: false, share: Share::OfTheDay };
    answer(&bring(&visitor, handed, settings).await?)
}

/// The names of what has none.
const ROWS: &str = "rows";
const FACT: &str = "record";

fn kind_named(name: &str) -> Result<Kind, Trouble> {
    Kind::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        Trouble::BadInput(vec![Problem {
            field: "kind".to_owned(),
            words: words::record::no_such_kind(name, known.join(", ")),
        }])
    })
}

/// Types that no form of a foreign page can send.
fn is_file(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    matches!(kind, Some("text/csv" | "application/octet-stream"))
}

/// `GET /api/v1/imports`.
pub(crate) async fn list(visitor: Visitor, Query(asked): Query<crate::frame::Asked>) -> Result<Response, Trouble> {
    visitor.see(|sight, coop| {
        let sees = imports::sees(&visitor, sight, coop)?;
        let (reports, page) = imports::page(coop, asked.cursor.as_deref())?;
        let imports = reports.into_iter().map(|report| imports::shown(report, sees, sight.directory)).collect();
        answer(&ImportsAnswer { imports, next: page.next })
    })
}

/// `GET /api/v1/imports/{number}`.
pub(crate) async fn one(visitor: Visitor, Path(number): Path<u64>) -> Result<Json<Report>, Trouble> {
    visitor.see(|sight, coop| {
        let sees = imports::sees(&visitor, sight, coop)?;
        let report = coop.report(number)?.ok_or(Trouble::Absent)?;
        Ok(Json(imports::shown(report, sees, sight.directory)))
    })
}
