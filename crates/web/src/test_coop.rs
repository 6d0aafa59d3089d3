//! A test co-op under `/test/`: another co-op, in memory, on the same server, for who made it. Its pages are those of any co-op, with their
//! addresses moved below `/test` and a bar on each that says what it is, moves its time on, and throws it away.

pub(crate) mod page;
mod rebase;

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HOST, SET_COOKIE,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Form, Router};
use host::gate::{code_hash, new_code};
use host::{Batch, Charter, Shared, clock};
use quantity::Moment;
use tokio::net::TcpListener;
use tower::Service;

use crate::app::{App, Door, answered, aside};
use crate::connection::{self, Limits};
use crate::error::without_coop;
use crate::form::{Fields, value};
use crate::frame::see;
use crate::routes::router;
use crate::session::{Transport, cookie};
use crate::trouble::Trouble;
use crate::update::own_path;
use crate::{assets, guard};

/// Where it is.
const UNDER: &str = "/test";
const COOKIE_NAME: &str = "rochdale_test";
/// The most that a press sends, bytes.
const MOST_BYTES: usize = 64 * 1024;
/// The longest page that is moved below `/test`, bytes.
const LONGEST_PAGE: usize = 16 << 20;
const DAY_US: i64 = 86_400_000_000;

/// The place of the one test co-op of a server.
pub(crate) struct TestCoop {
    running: Mutex<Option<Arc<Running>>>,
    admits: Admits,
    /// The page to go on to once it is thrown away.
    after: &'static str,
}

/// Who sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admits {
    /// The browser that made it, by a cookie.
    Maker(Transport),
    /// Anybody at this machine.
    Loopback,
}

struct Running {
    /// The hash of its maker's cookie.
    code: String,
    app: App,
    routes: Router,
}

#[derive(Template)]
#[template(path = "test_coop/bar.html")]
struct Bar {
    day: String,
    back: String,
}

impl TestCoop {
    pub(crate) fn new(admits: Admits, after: &'static str) -> Arc<Self> {
        Arc::new(Self { running: Mutex::default(), admits, after })
    }

    /// Whether there is one.
    pub(crate) fn is_there(&self) -> bool {
        self.now().is_some()
    }

    fn now(&self) -> Option<Arc<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes one of these rules, in place of another; on to its home page.
    pub(crate) async fn make(&self, charter: Charter) -> Result<Response, Trouble> {
        let coop = aside(move || {
            host::found_test(charter, clock::now()).map_err(|error| match error {
                host::Error::Usage(words) => Trouble::bad("texts", words),
                error => error.into(),
            })
        });
        let app = App::new(Arc::new(Shared::demonstration(coop.await?)), Door::WalkIn);
        let code = new_code()?;
        let running = Running { code: code_hash(&code), routes: router(app.clone()), app };
        self.put(Some(Arc::new(running)));
        let mut response = see(&format!("{UNDER}/"));
        if let Ok(cookie) = HeaderValue::from_str(&self.cookie(&code, "")) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }

    /// Throws it away. Nothing of it was ever written anywhere.
    pub(crate) fn end(&self) {
        self.put(None);
    }

    fn put(&self, next: Option<Arc<Running>>) {
        // The old one ends outside the lock: its writer is waited for.
        let before = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *running, next)
        };
        drop(before);
    }

    fn cookie(&self, code: &str, more: &str) -> String {
        let secure = match self.admits {
            Admits::Maker(Transport::Https) => "; Secure",
            _ => "",
        };
        format!("{COOKIE_NAME}={code}; Path={UNDER}; HttpOnly; SameSite=Lax{secure}{more}")
    }

    /// The test co-op for the sender of a request; nobody else learns that there is one.
    fn for_sender(&self, parts: &Parts) -> Option<Arc<Running>> {
        let running = self.now()?;
        let known = match self.admits {
            Admits::Maker(_) => cookie(parts, COOKIE_NAME).is_some_and(|code| code_hash(code) == running.code),
            Admits::Loopback => {
                let named = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
                named.is_some_and(guard::is_loopback)
            }
        };
        known.then_some(running)
    }

    /// Answers a request below `/test`.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        match self.answered(request).await {
            Ok(response) => response,
            Err(trouble) => own((trouble.status(), without_coop(&trouble)).into_response()),
        }
    }

    async fn answered(&self, request: Request) -> Result<Response, Trouble> {
        let (parts, body) = request.into_parts();
        let running = self.for_sender(&parts).ok_or(Trouble::Absent)?;
        if !guard::is_safe(&parts.method) && !guard::is_same_site(&parts.headers, parts.uri.path()) {
            return Err(Trouble::CrossSite);
        }
        let inner = parts.uri.path().strip_prefix(UNDER).unwrap_or_default().to_owned();
        let is_post = parts.method == Method::POST;
        match inner.as_str() {
            "" => Ok(own(see(&format!("{UNDER}/")))),
            "/time" if is_post => {
                let fields = fields(parts, body).await?;
                running.forward(value(&fields, "by")).await?;
                Ok(own(see(&format!("{UNDER}{}", own_path(value(&fields, "back"))))))
            }
            "/end" if is_post => {
                self.end();
                let mut response = see(self.after);
                if let Ok(cookie) = HeaderValue::from_str(&self.cookie("", "; Max-Age=0")) {
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
                Ok(own(response))
            }
            _ => running.page(Request::from_parts(parts, body)).await,
        }
    }
}

/// Puts on an answer what every response has, and keeps it out of caches.
fn own(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    guard::dressed(response)
}

async fn fields(parts: Parts, body: Body) -> Result<Fields, Trouble> {
    let bytes = to_bytes(body, MOST_BYTES).await.map_err(|_| Trouble::TooLarge)?;
    let request = Request::from_parts(parts, Body::from(bytes));
    let form = Form::<Fields>::from_request(request, &()).await;
    form.map(|Form(fields)| fields).map_err(|_| Trouble::bad("", words::form::ODD_SHAPE))
}

impl Running {
    /// Moves its time on.
    async fn forward(&self, by: &str) -> Result<(), Trouble> {
        let days: Option<i64> = match by {
            "count" => None,
            "week" => Some(7),
            "month" => Some(31),
            "half-year" => Some(183),
            _ => return Err(Trouble::bad("by", words::test_coop::HOW_FAR)),
        };
        let now = self.app.coop.now();
        let work = move |batch: &mut Batch<'_>| {
            let state = batch.state();
            let from = state.time.max(now);
            let until = days.map_or(state.next_update, |days| Moment(from.0.saturating_add(days * DAY_US)));
            host::forward(batch, until).map_err(|error| match error {
                host::Error::Usage(words) => Trouble::bad("by", words),
                error => error.into(),
            })
        };
        answered(|answer| self.app.coop.do_later(work, answer)).await?
    }

    /// A page of it, as its own server gives it, moved below `/test`.
    async fn page(&self, request: Request) -> Result<Response, Trouble> {
        self.keep_up().await?;
        let (mut parts, body) = request.into_parts();
        let back = parts.uri.path().strip_prefix(UNDER).unwrap_or("/").to_owned();
        let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        parts.uri = format!("{back}{query}").parse::<Uri>().map_err(|_| Trouble::Absent)?;
        // Who is let in was asked above. The page is still to be changed, and belongs to no program.
        for name in [ACCEPT_ENCODING, AUTHORIZATION] {
            parts.headers.remove(name);
        }
        parts.headers.insert(HOST, HeaderValue::from_static(rebase::INSIDE));
        parts.headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        let is_read = matches!(parts.method, Method::GET | Method::HEAD);
        let mut routes = self.routes.clone();
        let Ok(response) = routes.call(Request::from_parts(parts, body)).await;
        let (mut parts, body) = response.into_parts();
        rebase::head(&mut parts.headers);
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_html = kind.starts_with("text/html");
        if !is_html && !kind.starts_with("application/atom+xml") {
            return Ok(Response::from_parts(parts, body));
        }
        let bytes = to_bytes(body, LONGEST_PAGE).await.map_err(|_| Trouble::Unready)?;
        let text = String::from_utf8_lossy(&bytes);
        let text = match is_html {
            true => rebase::page(&text, &self.bar(if is_read { &back } else { "/" })),
            false => rebase::feed(&text),
        };
        parts.headers.remove(CONTENT_LENGTH);
        Ok(Response::from_parts(parts, Body::from(text)))
    }

    /// Runs what is due meanwhile.
    async fn keep_up(&self) -> Result<(), Trouble> {
        let coop = Arc::clone(&self.app.coop);
        if coop.read().state().next_due().moment() > coop.now() {
            return Ok(());
        }
        aside(move || Ok(coop.run_due().map(|_| ())?)).await
    }

    fn bar(&self, back: &str) -> String {
        let present = self.app.coop.read();
        let state = present.state();
        let now = self.app.coop.now().max(state.time);
        let day = views::moment(now, &state.rules.kernel.zone).day;
        Bar { day, back: own_path(back).to_owned() }.render().unwrap_or_else(|_| words::test_coop::A_TEST.to_owned())
    }
}

/// Whether a path is a test co-op's.
pub(crate) fn is_below(path: &str) -> bool {
    path.strip_prefix(UNDER).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A request below `/test`, on the server of a co-op.
pub(crate) async fn enter(State(app): State<App>, request: Request) -> Response {
    match &app.test {
        Some(test) => test.answer(request).await,
        None => own((StatusCode::NOT_FOUND, without_coop(&Trouble::Absent)).into_response()),
    }
}

/// Serves a test co-op alone until `stop` is done, for anybody at this machine.
///
/// # Errors
/// Rules that no test co-op can be founded on, or those of the listener.
pub async fn serve_test(
    listener: TcpListener,
    charter: Charter,
    limits: Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let test = TestCoop::new(Admits::Loopback, "/");
    test.make(charter).await.map_err(|trouble| std::io::Error::other(trouble.to_string()))?;
    connection::answer(listener, alone(&test), &limits, stop).await
}

fn alone(test: &Arc<TestCoop>) -> Router {
    let (home, below) = (Arc::clone(test), Arc::clone(test));
    let start = move || {
        let is_there = home.is_there();
        async move {
            match is_there {
                true => own(see(&format!("{UNDER}/"))),
                false => own((StatusCode::OK, page::thrown_away()).into_response()),
            }
        }
    };
    let answer = move |request: Request| {
        let below = Arc::clone(&below);
        async move { below.answer(request).await }
    };
    let routes = Router::new().route("/", get(start)).route("/static/{hash}/{file}", get(assets::show));
    routes.route("/test", any(answer.clone())).route("/test/", any(answer.clone())).route("/test/{*path}", any(answer))
}
