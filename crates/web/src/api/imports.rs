//! `/api/v1/imports` and `/api/v1/facts`: what programs record, and the reports of all imports. Whatever is decided, the host and
//! the engine decide.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use bridges::Kind;
use host::inbox::{self, Door, Handed, Report, Row};
use host::move_in::{HandedPapers, Then};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use views::Problem;

use super::v1::{answer, is_json};
use crate::record::bring::{Settings, Share, bring};
use crate::record::imports;
use crate::record::move_in::moves;
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
    /// How often a file from the same source is expected, such as `30 days`.
    #[serde(default)]
    every: Option<String>,
}

/// The same in the address, where the body is the file itself.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Named {
    kind: Option<String>,
    name: Option<String>,
    #[serde(default)]
    new_members: bool,
    every: Option<String>,
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
    let (handed, kind, new_members, every) = if is_json(&headers) {
        let asked: NewImport = serde_json::from_slice(&body).map_err(|why| Trouble::bad("", why.to_string()))?;
        let kind = asked.kind.as_deref().map(kind_named).transpose()?;
        let name = asked.name.unwrap_or_else(|| ROWS.to_owned());
        match (asked.text, asked.rows) {
            (Some(text), None) => (Handed { name, bytes: text.into_bytes() }, kind, asked.new_members, asked.every),
            (None, Some(rows)) => {
                (Handed::of_rows(&name, &rows), Some(Kind::SupportCsv), asked.new_members, asked.every)
            }
            _ => return Err(Trouble::bad("text", words::record::TEXT_OR_ROWS)),
        }
    } else if is_file(&headers) {
        let kind = named.kind.as_deref().map(kind_named).transpose()?;
        let name = named.name.unwrap_or_else(|| ROWS.to_owned());
        (Handed { name, bytes: body.to_vec() }, kind, named.new_members, named.every)
    } else {
        return Err(Trouble::bad("content-type", words::record::FILE_TYPES));
    };
    let every = every.as_deref().map(inbox::rhythm).transpose().map_err(|why| Trouble::bad("every", why))?;
    let (door, share) = (Door::Api, Share::OfItsOwn);
    let settings = Settings { door, kind, mapping: None, new_members, share, every };
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
    let (door, share) = (Door::Api, Share::OfTheDay);
    let settings = Settings { door, kind, mapping: None, new_members: false, share, every: None };
    answer(&bring(&visitor, handed, settings).await?)
}

/// A file of a co-op that moves in.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPaper {
    /// Its name, which lines at fault begin with.
    #[serde(default)]
    name: Option<String>,
    /// The table.
    text: String,
}

/// The papers of a co-op that moves in; one of the three at least.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMove {
    /// The register.
    #[serde(default)]
    register: Option<NewPaper>,
    /// The dues.
    #[serde(default)]
    dues: Option<NewPaper>,
    /// The opening balances.
    #[serde(default)]
    balances: Option<NewPaper>,
    /// The day that begins with them, where their table has no column for it.
    #[serde(default)]
    balances_on: Option<String>,
    /// Keep it, if nothing is wrong; else it is only checked.
    #[serde(default)]
    keep: bool,
}

/// `POST /api/v1/move-in`: all of it or nothing. Lines at fault are in the answer.
pub(crate) async fn move_in(visitor: Visitor, headers: HeaderMap, body: Bytes) -> Result<Response, Trouble> {
    visitor.recorder()?;
    if !is_json(&headers) {
        return Err(Trouble::bad("content-type", words::api::ACTS_ARE_JSON));
    }
    let asked: NewMove = serde_json::from_slice(&body).map_err(|why| Trouble::bad("", why.to_string()))?;
    let handed = |paper: Option<NewPaper>, name: &str| {
        paper
            .map(|paper| Handed { name: paper.name.unwrap_or_else(|| name.to_owned()), bytes: paper.text.into_bytes() })
    };
    let papers = HandedPapers {
        register: handed(asked.register, "register.csv"),
        dues: handed(asked.dues, "dues.csv"),
        balances: handed(asked.balances, "balances.csv"),
        balances_on: asked.balances_on,
    };
    let then = if asked.keep { Then::Keep } else { Then::Look };
    answer(&moves(&visitor, papers, Door::Api, then).await?)
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
