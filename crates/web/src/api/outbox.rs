//! `/api/v1/outbox`: outcomes on their way to forges, for programs.

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::Response;
use host::outbox::{Outlet, Task};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::v1::{answer, is_json};
use crate::bridge::keeper;
use crate::outbox::{Chosen, Said, chosen, sees, told};
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// The outbox.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Outbox")]
pub(crate) struct OutboxAnswer {
    /// The outlets of all bridges.
    outlets: Vec<OutletOf>,
    /// The tasks that wait, the oldest first.
    waiting: Vec<Task>,
    /// The tasks that ended, the newest first; 1,000 are kept.
    ended: Vec<Task>,
}

/// The outlet of one bridge.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OutletOf {
    bridge: String,
    #[serde(flatten)]
    outlet: Outlet,
}

/// Something that a program says of tasks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaidOfTask {
    /// `retry`, `drop`, or `go` for all that are held.
    #[serde(rename = "do")]
    what: String,
    /// The task's number, but for `go`.
    #[serde(default)]
    task: Option<u64>,
}

/// The tasks that it was about.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TasksAnswer {
    tasks: Vec<Task>,
}

/// The choice of what goes out by a bridge.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOutlet {
    /// The bridge's id.
    bridge: String,
    /// Close issues, and open them again.
    #[serde(default)]
    close: bool,
    /// Keep a comment on support.
    #[serde(default)]
    comment: bool,
    /// Keep a label on support.
    #[serde(default)]
    label: bool,
    /// Days between two renewals of one issue.
    #[serde(default)]
    every_days: Option<u32>,
}

/// `GET /api/v1/outbox`.
pub(crate) async fn show(visitor: Visitor) -> Result<Response, Trouble> {
    visitor.see(|sight, coop| {
        sees(&visitor, sight, coop)?;
        let outlets = coop.outlets()?.into_iter().map(|(bridge, outlet)| OutletOf { bridge, outlet }).collect();
        answer(&OutboxAnswer { outlets, waiting: coop.outbox()?, ended: coop.outbox_ended()? })
    })
}

fn read<T: for<'a> Deserialize<'a>>(headers: &HeaderMap, body: &Bytes) -> Result<T, Trouble> {
    if !is_json(headers) {
        return Err(Trouble::bad("content-type", words::api::ACTS_ARE_JSON));
    }
    serde_json::from_slice(body).map_err(|why| Trouble::bad("", why.to_string()))
}

/// `POST /api/v1/outbox`.
pub(crate) async fn take(visitor: Visitor, headers: HeaderMap, body: Bytes) -> Result<Response, Trouble> {
    keeper(&visitor)?;
    let asked: SaidOfTask = read(&headers, &body)?;
    let number = asked.task.unwrap_or(0);
    let said = match asked.what.as_str() {
        "retry" => Said::Retry(number),
        "drop" => Said::Drop(number),
        "go" => Said::GoAll,
        _ => return Err(Trouble::bad("do", words::outbox::SAID_OF_TASKS)),
    };
    let all = matches!(said, Said::GoAll);
    let tasks = told(&visitor, said).await?;
    if tasks.is_empty() && !all {
        return Err(Trouble::Absent);
    }
    answer(&TasksAnswer { tasks })
}

/// `POST /api/v1/outbox/outlets`.
pub(crate) async fn choose(visitor: Visitor, headers: HeaderMap, body: Bytes) -> Result<Response, Trouble> {
    keeper(&visitor)?;
    let asked: NewOutlet = read(&headers, &body)?;
    let sends = (asked.close, asked.comment, asked.label);
    let days = asked.every_days.unwrap_or(host::outbox::DAYS.1);
    answer(&chosen(&visitor, Chosen { bridge: asked.bridge, sends, days }).await?)
}
