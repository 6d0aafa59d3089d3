//! Everything that is not the page asked for: refusals of the rules, things that are absent, input that cannot be read, and a store
//! that is down. One type, shown as a page to people and as RFC 9457 problem details under `/api/`.

use crate::app::{App, Door};
use crate::pages::error_show;
use crate::session::Visitor;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use views::{Problem, RefusalView};

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The rules said no.
    #[error("refused: {}", .0.name)]
    Refused(RefusalView),
    /// There is no such thing.
    #[error("there is nothing here")]
    Absent,
    /// A member is needed, and the visitor is nobody.
    #[error("this needs a member")]
    Nobody,
    /// An invitation that was good once; why it is not any more.
    #[error("{0}")]
    Over(&'static str),
    /// Too many wrong codes came from there, or too many sessions begin at once.
    #[error("too many tries: wait ten minutes")]
    TooMany,
    /// What was sent cannot be read.
    #[error("the input cannot be read")]
    BadInput(Vec<Problem>),
    /// Another site's page set it off.
    #[error("the request came from another site")]
    CrossSite,
    /// The request names a host that this is not.
    #[error("this server does not go by that name")]
    Misdirected,
    /// The address is there, but not for this method.
    #[error("this address does not take that method")]
    WrongMethod,
    /// More than 64 KiB.
    #[error("too much was sent at once")]
    TooLarge,
    /// The world failed: the store is down or still starting.
    #[error("the server cannot answer right now")]
    Unready,
}

impl Trouble {
    /// One thing wrong with the input.
    pub fn bad(field: &str, words: impl Into<String>) -> Self {
        Self::BadInput(vec![Problem { field: field.to_owned(), words: words.into() }])
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Absent => StatusCode::NOT_FOUND,
            Self::Nobody => StatusCode::UNAUTHORIZED,
            Self::Over(_) => StatusCode::GONE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::BadInput(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unready => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// RFC 9457.
    fn problem(&self) -> Value {
        let status = self.status();
        match self {
            Self::Refused(refusal) => json!({
                "type": format!("urn:rochdale:refusal:{}", refusal.name),
                "title": refusal.name,
                "status": status.as_u16(),
                "detail": refusal.happened,
                "number": refusal.number,
                "name": refusal.name,
                "ways_out": refusal.ways_out,
            }),
            Self::BadInput(problems) => json!({
                "type": "urn:rochdale:bad-input",
                "title": self.to_string(),
                "status": status.as_u16(),
                "detail": problems.first().map_or("", |problem| problem.words.as_str()),
                "problems": problems,
            }),
            _ => json!({
                "type": "about:blank",
                "title": status.canonical_reason().unwrap_or("Error"),
                "status": status.as_u16(),
                "detail": self.to_string(),
            }),
        }
    }
}

impl IntoResponse for Trouble {
    /// Bare: `dress` makes a page or a problem of it, because only there is it known who asks and where.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives every failure its page or its problem details, those that the framework makes among them.
pub(crate) async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let visitor = Visitor::of(&app, &parts);
    let path = parts.uri.path().to_owned();
    let from_script = parts.headers.contains_key("hx-request");
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(trouble) = trouble_of(&response) else {
        return response;
    };
    let mut headers = HeaderMap::new();
    if trouble == Trouble::Unready {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    if path.starts_with("/api/") {
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(CONTENT_TYPE, kind);
        return (trouble.status(), headers, trouble.problem().to_string()).into_response();
    }
    if trouble == Trouble::TooMany {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("600"));
    }
    if trouble == Trouble::Nobody && !from_script && app.door == Door::WalkIn {
        let there = HeaderValue::from_static("/walk-in");
        return (StatusCode::SEE_OTHER, [(LOCATION, there)]).into_response();
    }
    if from_script {
        // The words appear where the preview would have, and the form stays as it was typed.
        for (name, value) in [("hx-retarget", "#preview"), ("hx-reselect", "#trouble"), ("hx-reswap", "innerHTML")] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
    let page = error_show::page(&app, &visitor, &path, &trouble);
    (trouble.status(), headers, page).into_response()
}

pub(crate) fn trouble_of(response: &Response) -> Option<Trouble> {
    if let Some(trouble) = response.extensions().get::<Trouble>() {
        return Some(trouble.clone());
    }
    let words = || "the address or the form does not have the expected shape";
    match response.status() {
        StatusCode::NOT_FOUND => Some(Trouble::Absent),
        StatusCode::METHOD_NOT_ALLOWED => Some(Trouble::WrongMethod),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Trouble::TooLarge),
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY => {
            // A page that shows its own form again is already dressed.
            let html = response.headers().get(CONTENT_TYPE);
            let dressed = html.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
            (!dressed).then(|| Trouble::bad("", words()))
        }
        StatusCode::INTERNAL_SERVER_ERROR => Some(Trouble::Unready),
        _ => None,
    }
}
