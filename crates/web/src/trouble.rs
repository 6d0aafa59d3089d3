//! Everything that is not the page asked for: refusals of the rules, things that are absent, input that cannot be read, and a store
//! that is down. One type, shown as a page to people and as RFC 9457 problem details under `/api/`.

use crate::release::fetch::Dressed;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use host::ToSign;
use rochdale_log::Fault;
use schemars::JsonSchema;
use serde::Serialize;
use views::{Problem, RefusalView, WayOut};

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The rules said no.
    #[error("{}", words::trouble::refused(&.0.name))]
    Refused(RefusalView),
    /// There is no such thing.
    #[error("{}", words::trouble::ABSENT)]
    Absent,
    /// A member is needed, and the visitor is nobody.
    #[error("{}", words::trouble::NOBODY)]
    Nobody,
    /// An invitation that was good once; why it is not any more.
    #[error("{0}")]
    Over(&'static str),
    /// There is no place for one more session; why, and what to do.
    #[error("{0}")]
    NoPlace(&'static str),
    /// As many passwords are hashed as can be at once, and the turn did not come in time.
    #[error("{}", words::trouble::HASHING)]
    Hashing,
    /// A program's token is not good.
    #[error("{}", words::trouble::WRONG_TOKEN)]
    WrongToken,
    /// A program's token is not for that.
    #[error("{}", words::trouble::OUT_OF_SCOPE)]
    OutOfScope,
    /// Too many wrong codes came from there, or too many sessions begin at once.
    #[error("{}", words::trouble::TOO_MANY)]
    TooMany,
    /// The input cannot be read.
    #[error("{}", words::trouble::BAD_INPUT)]
    BadInput(Vec<Problem>),
    /// Another site's page set it off.
    #[error("{}", words::trouble::CROSS_SITE)]
    CrossSite,
    /// The request names a host that this is not.
    #[error("{}", words::trouble::MISDIRECTED)]
    Misdirected,
    /// The address is there, but not for this method.
    #[error("{}", words::trouble::WRONG_METHOD)]
    WrongMethod,
    /// More than 64 KiB.
    #[error("{}", words::trouble::TOO_LARGE)]
    TooLarge,
    /// The world failed: the store is down or still starting.
    #[error("{}", words::trouble::UNREADY)]
    Unready,
    /// The disk is full.
    #[error("{}", words::trouble::NO_ROOM)]
    NoRoom,
    /// More is handed in than can be written in time.
    #[error("{}", words::trouble::BUSY)]
    Busy,
    /// Nothing is done yet: a device is to sign these first.
    #[error("{}", words::device::TO_SIGN)]
    ToSign(Vec<ToSign>),
    /// Others have all places for costly work.
    #[error("{}", words::trouble::CROWDED)]
    Crowded,
}

impl Trouble {
    /// One thing wrong with the input.
    pub fn bad(field: &str, words: impl Into<String>) -> Self {
        Self::BadInput(vec![Problem { field: field.to_owned(), words: words.into() }])
    }

    /// For writers of names: what is wrong with one is told beside the form.
    pub(crate) fn in_words(error: host::Error) -> Self {
        match error {
            host::Error::Usage(words) => Self::bad("names", words),
            error => error.into(),
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Refused(_) | Self::NoPlace(_) => StatusCode::CONFLICT,
            Self::Absent => StatusCode::NOT_FOUND,
            Self::Nobody | Self::WrongToken => StatusCode::UNAUTHORIZED,
            Self::Over(_) => StatusCode::GONE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::BadInput(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::CrossSite | Self::OutOfScope => StatusCode::FORBIDDEN,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ToSign(_) => StatusCode::OK,
            Self::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
            Self::Unready | Self::Busy | Self::Crowded | Self::Hashing => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub(crate) fn problem(&self) -> ProblemDetails {
        let status = self.status();
        let details = |kind: String, title: String, detail: &str| ProblemDetails {
            kind,
            title,
            status: status.as_u16(),
            detail: detail.to_owned(),
            ..ProblemDetails::default()
        };
        match self {
            Self::Refused(refusal) => ProblemDetails {
                number: Some(refusal.number),
                name: Some(refusal.name.clone()),
                ways_out: Some(refusal.ways_out.clone()),
                ..details(format!("urn:rochdale:refusal:{}", refusal.name), refusal.name.clone(), &refusal.happened)
            },
            Self::BadInput(problems) => {
                let first = problems.first().map_or("", |problem| problem.words.as_str());
                let details = details("urn:rochdale:bad-input".to_owned(), self.to_string(), first);
                ProblemDetails { problems: Some(problems.clone()), ..details }
            }
            _ => {
                let title = status.canonical_reason().unwrap_or("Error");
                details("about:blank".to_owned(), title.to_owned(), &self.to_string())
            }
        }
    }
}

/// Why there is no answer: RFC 9457.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct ProblemDetails {
    /// A URN; of a refusal `urn:rochdale:refusal:` and its name.
    #[serde(rename = "type")]
    kind: String,
    title: String,
    /// As in the answer's head.
    status: u16,
    /// A sentence.
    detail: String,
    /// A refusal's; never used again.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u16>,
    /// A refusal's.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ways_out: Option<Vec<WayOut>>,
    /// Every field that cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<Vec<Problem>>,
}

impl From<engine::Refusal> for Trouble {
    fn from(refusal: engine::Refusal) -> Self {
        Self::Refused(views::refusal(&refusal))
    }
}

impl From<engine::NotDone> for Trouble {
    fn from(why: engine::NotDone) -> Self {
        match why {
            engine::NotDone::Refused(refusal) => refusal.into(),
            engine::NotDone::Broken(broken) => {
                tracing::error!(%broken, "a mistake in this program");
                Self::Unready
            }
        }
    }
}

impl From<host::Error> for Trouble {
    /// A refusal, or a fault of the world: the operator reads why in the server's own log.
    fn from(error: host::Error) -> Self {
        match error {
            host::Error::Refused(refusal) => refusal.into(),
            host::Error::Busy(why) => {
                tracing::warn!(why, "the writer is busy");
                Self::Busy
            }
            error @ host::Error::Fault(Fault::Full(_)) => {
                tracing::error!(%error, "nothing can be written");
                Self::NoRoom
            }
            error => {
                tracing::error!(%error, "the co-op cannot be used");
                Self::Unready
            }
        }
    }
}

impl IntoResponse for Trouble {
    /// Bare: `error::dress` makes a page or a problem of it, because only there is it known who asks and where.
    fn into_response(self) -> Response {
        if let Self::ToSign(to_sign) = &self {
            return crate::device::sign::answer(to_sign);
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

pub(crate) fn trouble_of(response: &Response) -> Option<Trouble> {
    if let Some(trouble) = response.extensions().get::<Trouble>() {
        return Some(trouble.clone());
    }
    if response.extensions().get::<Dressed>().is_some() {
        return None;
    }
    let words = || words::form::ODD_SHAPE;
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
