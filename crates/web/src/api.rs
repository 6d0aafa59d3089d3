//! The JSON API: the pages' facts for programs. Failures are RFC 9457 problem details, made in `trouble.rs`.

mod acts;
pub(crate) mod bridges;
pub(crate) mod imports;
pub(crate) mod openapi;
pub(crate) mod outbox;
pub(crate) mod page;
pub(crate) mod rules;
pub(crate) mod v1;

pub(crate) use v1::named as member;

use crate::app::App;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// `GET /health`: 200 and `{"ready":true}` if the co-op can be read and written, 503 and why not if it can only be read. After a
/// start from a stored snapshot `unverified_until` names the last entry that is still to be verified.
pub(crate) async fn health(State(app): State<App>) -> Response {
    let keep = [(CACHE_CONTROL, "no-store")];
    // With a warning where no checkpoint was signed, or wrong codes were not saved: everything works, and somebody must look.
    let (status, answer) = match app.coop.health() {
        Ok(()) => {
            let mut answer = json!({ "ready": true });
            if let Some(entry) = app.coop.unverified() {
                answer["unverified_until"] = json!(entry);
            }
            if let Some(words) = app.warning() {
                answer["warning"] = json!(words);
            }
            (StatusCode::OK, answer)
        }
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, json!({ "ready": false, "why": why })),
    };
    (status, keep, Json(answer)).into_response()
}

/// A schema of the document, by name.
fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}
