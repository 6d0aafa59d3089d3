//! The page for every "no" and every failure: what happened, that nothing was lost, and what to do. Programs get problem details.

use crate::app::{App, Door};
use crate::frame::Frame;
use crate::trouble::{Trouble, trouble_of};
use crate::visit::Visitor;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use views::WayOut;
use words::error as told;

#[derive(Template)]
#[template(path = "error/show.html")]
struct ErrorPage {
    frame: Frame,
    words: Words,
}

/// For a server that cannot even say whose it is.
#[derive(Template)]
#[template(path = "error/bare.html")]
struct BarePage {
    words: Words,
    style: &'static str,
}

struct Words {
    /// A refusal's code, or the HTTP status.
    code: String,
    heading: &'static str,
    happened: Vec<String>,
    kept: &'static str,
    ways_out: Vec<WayOut>,
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
    if matches!(trouble, Trouble::Unready | Trouble::NoRoom | Trouble::Busy | Trouble::Crowded | Trouble::Hashing) {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    if trouble == Trouble::WrongToken {
        // RFC 6750, 3.
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""));
    }
    if path.starts_with("/api/") {
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(CONTENT_TYPE, kind);
        let problem = serde_json::to_value(trouble.problem()).unwrap_or_default();
        return (trouble.status(), headers, problem.to_string()).into_response();
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
    let page = page(&visitor, &path, &trouble);
    (trouble.status(), headers, page).into_response()
}

fn page(visitor: &Visitor, path: &str, trouble: &Trouble) -> Html<String> {
    let words = words(trouble, visitor.app.door);
    let frame = match trouble {
        Trouble::Misdirected => Err(Trouble::Unready),
        _ => visitor.see(|sight, _| Ok(visitor.frame(sight, "", path, None))),
    };
    let html = match frame {
        Ok(frame) => ErrorPage { frame, words }.render(),
        Err(_) => return bare(words, trouble),
    };
    Html(html.unwrap_or_else(|_| trouble.to_string()))
}

/// The page where there is no co-op yet.
pub(crate) fn without_coop(trouble: &Trouble) -> Html<String> {
    let mut words = words(trouble, Door::ReadOnly);
    words.ways_out.clear();
    if *trouble == Trouble::Nobody {
        words.heading = told::NO_COOP;
        words.happened = vec![told::LOOK_IN_TERMINAL.to_owned()];
    }
    bare(words, trouble)
}

fn bare(words: Words, trouble: &Trouble) -> Html<String> {
    let style = &crate::assets::ADDRESSES.style;
    let html = BarePage { words, style }.render();
    Html(html.unwrap_or_else(|_| trouble.to_string()))
}

// flat: one match over every trouble.
fn words(trouble: &Trouble, door: Door) -> Words {
    let one = |words: &str| vec![words.to_owned()];
    let home = || vec![way(told::GO_HOME, "/")];
    let (heading, happened, ways_out) = match trouble {
        Trouble::Refused(refusal) => {
            return Words {
                code: refusal.code(),
                heading: told::REFUSED,
                happened: one(&refusal.happened),
                kept: told::BALLOTS_KEPT,
                ways_out: refusal.ways_out.clone(),
            };
        }
        Trouble::Absent => {
            let ways_out = vec![way(told::GO_HOME, "/"), way(told::SEE_DECISIONS, "/decisions")];
            (told::ABSENT, one(told::MISTYPED), ways_out)
        }
        Trouble::Nobody => match door {
            Door::WalkIn => {
                let pick = way(words::common::PICK_A_MEMBER, "/walk-in");
                (told::NOBODY, one(told::NOT_ACTING), vec![pick])
            }
            Door::Invited => {
                let sign_in = way(words::sign_in::SIGN_IN, "/sign-in");
                let ways_out = vec![sign_in, advice(told::ASK_FOR_LINK), way(told::GO_HOME, "/")];
                (told::NOBODY, one(told::NOT_SIGNED_IN), ways_out)
            }
            Door::ReadOnly => (told::NOBODY, one(told::READ_ONLY), home()),
        },
        Trouble::Over(why) => (told::INVITATION_OVER, one(why), vec![advice(told::ASK_AGAIN), way(told::GO_HOME, "/")]),
        Trouble::NoPlace(why) => (told::NO_PLACE, one(why), home()),
        Trouble::Hashing => (told::CROWDED, one(told::MANY_SIGN_IN), vec![advice(told::TRY_SOON)]),
        Trouble::WrongToken => (told::WRONG_TOKEN, one(told::TOKEN_OVER), home()),
        Trouble::OutOfScope => (told::OUT_OF_SCOPE, one(told::ANOTHER_TOKEN), home()),
        Trouble::TooMany => (told::TOO_MANY, one(told::WAIT), home()),
        Trouble::BadInput(problems) => {
            let happened = problems.iter().map(|problem| sentence(&problem.words)).collect();
            (told::BAD_INPUT, happened, vec![advice(told::GO_BACK)])
        }
        Trouble::CrossSite => (told::CROSS_SITE, one(told::STOPPED), home()),
        Trouble::Misdirected => (told::MISDIRECTED, one(told::LOCAL_NAMES), Vec::new()),
        Trouble::WrongMethod => (told::WRONG_METHOD, one(told::ADDRESS_EXISTS), home()),
        Trouble::TooLarge => (told::TOO_LARGE, one(told::AT_MOST), home()),
        Trouble::Busy => (told::BUSY, one(told::MUCH_AT_ONCE), vec![advice(told::SEE_FIRST)]),
        Trouble::NoRoom => (told::NO_ROOM, one(told::DISK_FULL), vec![advice(told::TRY_SOON)]),
        // Answered by itself, where it is asked for.
        Trouble::ToSign(_) => (words::device::TO_SIGN, Vec::new(), Vec::new()),
        Trouble::Crowded => (told::CROWDED, one(told::FEW_PLACES), vec![advice(told::TRY_SOON)]),
        Trouble::Unready => (told::UNREADY, one(told::STARTING), vec![way(told::TRY_AGAIN, "/")]),
    };
    Words { code: trouble.status().as_str().to_owned(), heading, happened, kept: told::KEPT, ways_out }
}

fn way(words: &str, href: &str) -> WayOut {
    WayOut { words: words.to_owned(), href: Some(href.to_owned()) }
}

/// A way out that no page has.
fn advice(words: &str) -> WayOut {
    WayOut { words: words.to_owned(), href: None }
}

/// Messages are lower case without a full stop; a page shows sentences.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
