//! The page for every "no" and every failure: what happened, that nothing was lost, and what to do. Programs get problem details.

use crate::app::{App, Door};
use crate::frame::Frame;
use crate::trouble::{Trouble, trouble_of};
use crate::visit::Visitor;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use views::WayOut;

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
    if trouble == Trouble::Unready {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
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
        words.heading = "No co-op is here yet";
        words.happened = vec![
            "The person who started this server finds in its terminal the address of the page where one is founded, with the code that belongs to it."
                .to_owned(),
        ];
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
    let code = trouble.status().as_str().to_owned();
    let kept = "Nothing was changed, and nothing was lost.";
    let way = |words: &str, href: &str| WayOut { words: words.to_owned(), href: Some(href.to_owned()) };
    let home = || vec![way("Go to the home page", "/")];
    let one = |words: &str| vec![words.to_owned()];
    let (heading, happened, ways_out) = match trouble {
        Trouble::Refused(refusal) => {
            return Words {
                code: refusal.code(),
                heading: "The rules say no",
                happened: one(&refusal.happened),
                kept: "Nothing was changed: your ballots stand as they did, and no entry was made in the log.",
                ways_out: refusal.ways_out.clone(),
            };
        }
        Trouble::Absent => (
            "There is nothing at this address",
            one("The address may be mistyped, or what stood here has closed."),
            vec![way("Go to the home page", "/"), way("See every decision", "/decisions")],
        ),
        Trouble::Nobody => nobody(door),
        Trouble::Over(why) => (
            "This invitation is over",
            one(why),
            vec![
                WayOut { words: "Ask whoever invited you for a new link".to_owned(), href: None },
                way("Go to the home page", "/"),
            ],
        ),
        Trouble::TooMany => (
            "Too many tries",
            one(
                "Too many wrong codes came from your address, or too many people come in at once. Wait ten minutes, then try again.",
            ),
            home(),
        ),
        Trouble::BadInput(problems) => (
            "This could not be read",
            problems.iter().map(|problem| sentence(&problem.words)).collect(),
            vec![WayOut { words: "Go back: your browser keeps what you typed".to_owned(), href: None }],
        ),
        Trouble::CrossSite => (
            "This came from another site",
            one("Another site's page tried to act here in your name, so it was stopped."),
            home(),
        ),
        Trouble::Misdirected => (
            "This server goes by another name",
            one("A server that lets anyone walk in answers only to localhost, 127.0.0.1 and [::1]."),
            Vec::new(),
        ),
        Trouble::WrongMethod => {
            ("This address does not take that", one("The address exists, but not for what was sent to it."), home())
        }
        Trouble::TooLarge => ("This was too much at once", one("At most 64 KiB can be sent at once."), home()),
        Trouble::Unready => (
            "The server cannot answer right now",
            one("It may still be starting, or its store may be out of reach."),
            vec![way("Try again in a few seconds", "/")],
        ),
    };
    Words { code, heading, happened, kept, ways_out }
}

/// A heading, what happened, and the ways out.
type Told = (&'static str, Vec<String>, Vec<WayOut>);

fn nobody(door: Door) -> Told {
    let heading = "This needs a member";
    let way = |words: &str, href: &str| WayOut { words: words.to_owned(), href: Some(href.to_owned()) };
    let (happened, ways_out) = match door {
        Door::WalkIn => (
            "You are not acting as any member now. Sessions end when the server starts again.",
            vec![way("Pick a member", "/walk-in")],
        ),
        Door::Invited => (
            "You are not signed in here. A session ends when you sign out, after 30 days without a visit, and with the membership.",
            vec![
                WayOut {
                    words: "Members come in by a link of their own: ask whoever invites members, or the operator of this server, for a new one".to_owned(),
                    href: None,
                },
                way("Go to the home page", "/"),
            ],
        ),
        Door::ReadOnly => (
            "Nobody can act on this server: it is for reading only.",
            vec![way("Go to the home page", "/")],
        ),
    };
    (heading, vec![happened.to_owned()], ways_out)
}

/// Messages are lower case without a full stop; a page shows sentences.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
