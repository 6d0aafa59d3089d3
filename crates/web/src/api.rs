//! The JSON API: the pages' facts for programs. Failures are RFC 9457 problem details, made in `trouble.rs`.

pub(crate) mod openapi;
pub(crate) mod v1;

use crate::app::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

/// `GET /health`: 200 if the co-op can be read, 503 and why not if it cannot.
pub(crate) async fn health(State(app): State<App>) -> Response {
    let keep = [(CACHE_CONTROL, "no-store")];
    match app.desk.ready() {
        Ok(()) => (keep, "ready\n").into_response(),
        Err(why) => (
            StatusCode::SERVICE_UNAVAILABLE,
            keep,
            axum::Json(serde_json::json!({ "ready": false, "why": why })),
        )
            .into_response(),
    }
}
