//! The first run: a server without a co-op, on which one is founded and then served, in the same process. The holder of the
//! founder's code, which the terminal shows, may; nobody else sees more than that nothing is here yet.

mod draft;
mod page;
mod plain;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{HOST, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use engine::Edition;
use host::gate::{FirstFounding, FreshId, NotFounder};
use host::{Founder, ServerClock, Shared, clock};
use serde_json::json;
use tower::Service;
use tower_http::compression::CompressionLayer;

use crate::app::{App, Door, aside};
use crate::connection::Limits;
use crate::error::without_coop;
use crate::front::Front;
use crate::routes::router;
use crate::session::{Transport, address, cookie};
use crate::test_coop::{Admits, TestCoop};
use crate::trouble::{self, Trouble};
use crate::{assets, guard, test_coop};
use draft::Draft;

/// The most that a form may send, bytes: two documents, each byte written as up to three, and the answers.
const MOST_BYTES: usize = 2 * 3 * draft::MOST_TEXT + 64 * 1024;

const COOKIE_NAME: &str = "rochdale_founder";

/// A server that waits for its founder.
pub struct FirstRun {
    settings: FirstRunSettings,
    gate: FirstFounding,
    opened: OnceLock<Opened>,
    /// The place of a test co-op, until the founding.
    test: Arc<TestCoop>,
    /// The answers of the founder who tries them, which wait in memory.
    tried: Mutex<Option<Draft>>,
    when_founded: Mutex<Option<WhenFounded>>,
}

/// Told of the co-op once there is one, before the founder gets an answer.
type WhenFounded = Box<dyn FnOnce(&Arc<Shared>) + Send>;

/// How the first run and the co-op after it are served.
#[derive(Debug, Clone)]
pub struct FirstRunSettings {
    /// Where the co-op is made.
    pub folder: PathBuf,
    /// The door of the co-op once it is founded.
    pub door: Door,
    pub transport: Transport,
    /// Who may name this server.
    pub reach: Reach,
    /// After how many entries a snapshot is stored; 0 for never.
    pub snapshot_every: u64,
    pub limits: Limits,
    /// The edition under which the co-op begins: the newest closed one, but in tests of an open one.
    pub edition: Edition,
    /// The addresses at which the co-op will be, and the issuers whose word it takes.
    pub front: Arc<Front>,
    /// The clock that founds the co-op and gives its acts their time.
    pub clock: ServerClock,
}

/// From where a co-op may be founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// This machine only: requests name loopback.
    Loopback,
    /// Anywhere, for whoever has the code.
    Anywhere,
}

#[derive(Clone)]
struct Opened {
    app: App,
    routes: Router,
}

impl FirstRun {
    /// A first run, and its founder's code: 128 random bits that are kept nowhere else.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn new(settings: FirstRunSettings) -> Result<(Arc<Self>, String), host::Error> {
        let (gate, code) = FirstFounding::open(&settings.folder)?;
        let test = TestCoop::new(Admits::Maker(settings.transport), "/found");
        let (opened, tried) = (OnceLock::new(), Mutex::default());
        let first = Self { settings, gate, opened, test, tried, when_founded: Mutex::default() };
        Ok((Arc::new(first), code))
    }

    /// Has `told` called with the co-op once it is founded, in tokio's runtime and before the founder gets an answer.
    pub fn when_founded(&self, told: impl FnOnce(&Arc<Shared>) + Send + 'static) {
        *self.when_founded.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(told));
    }

    /// The co-op, once it is founded.
    pub(crate) fn opened(&self) -> Option<App> {
        Some(self.opened.get()?.app.clone())
    }

    /// The edition under which the co-op begins.
    pub(crate) fn edition(&self) -> Edition {
        self.settings.edition
    }

    /// The limits within which it is served.
    pub(crate) fn limits(&self) -> &Limits {
        &self.settings.limits
    }

    /// Whether `code` is the founder's. Somebody who was wrong too often is not answered.
    fn knows(&self, code: &str, from: IpAddr) -> Result<(), Trouble> {
        self.gate.check(code, from, clock::now()).map_err(|why| match why {
            NotFounder::Wrong => Trouble::Nobody,
            NotFounder::TooOften => Trouble::TooMany,
        })
    }

    /// Lets a request through that carries the founder's code in its cookie.
    pub(crate) fn founder(&self, parts: &Parts) -> Result<(), Trouble> {
        let code = cookie(parts, COOKIE_NAME).ok_or(Trouble::Nobody)?;
        self.knows(code, address(&self.settings.limits.proxies, parts))
    }

    /// Founds the co-op and opens its doors; where the founder goes on. The founder's code is good for nothing from then on.
    pub(crate) async fn found(self: &Arc<Self>, charter: host::Charter, founder: Founder) -> Result<Response, Trouble> {
        let first = Arc::clone(self);
        aside(move || first.found_now(&charter, &founder)).await
    }

    fn found_now(&self, charter: &host::Charter, founder: &Founder) -> Result<Response, Trouble> {
        let settings = &self.settings;
        let fresh = if settings.door == Door::Invited { Some(FreshId::new()?) } else { None };
        let session = fresh.as_ref().map(|fresh| (fresh, clock::now()));
        let founded = self.gate.found(charter, founder, session, settings.clock.now()).map_err(|error| {
            tracing::error!(%error, "no co-op was founded");
            match error {
                host::Error::Refused(refusal) => refusal.into(),
                error => Trouble::bad("founder", error.to_string()),
            }
        })?;
        let (mut coop, session) = founded.ok_or(Trouble::Absent)?;
        coop.store_snapshots_every(settings.snapshot_every);
        let coop = Arc::new(Shared::new(coop, settings.clock));
        let (app, cookie) = match &fresh {
            Some(fresh) => {
                let app = App::invited(coop, settings.transport)?;
                let cookie = app.invited_sessions()?.take_place(fresh, &session).map_err(|_| Trouble::Unready)?;
                (app, Some(cookie))
            }
            None => (App::new(coop, settings.door), None),
        };
        let app = app.within(&settings.limits).behind(&settings.front);
        if let Some(told) = self.when_founded.lock().unwrap_or_else(PoisonError::into_inner).take() {
            told(&app.coop);
        }
        let routes = router(app.clone());
        self.test.end();
        self.keep_tried(None);
        // Nobody else has set it: the gate founds once.
        let _ = self.opened.set(Opened { app, routes });
        Ok(on_to(settings.door, cookie))
    }

    /// Makes a test co-op of the rules of a draft, whose answers wait until it is thrown away.
    pub(crate) async fn try_out(&self, charter: host::Charter, draft: Draft) -> Result<Response, Trouble> {
        let response = self.test.make(charter).await?;
        self.keep_tried(Some(draft));
        Ok(response)
    }

    /// Whether a test co-op is there.
    pub(crate) fn is_trying(&self) -> bool {
        self.test.is_there()
    }

    /// The answers that wait, if any do.
    pub(crate) fn tried(&self) -> Option<Draft> {
        self.tried.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep_tried(&self, draft: Option<Draft>) {
        *self.tried.lock().unwrap_or_else(PoisonError::into_inner) = draft;
    }

    fn founder_cookie(&self, code: &str) -> String {
        let secure = match self.settings.transport {
            Transport::Https => "; Secure",
            Transport::Plain => "",
        };
        format!("{COOKIE_NAME}={code}; Path=/; HttpOnly; SameSite=Lax{secure}")
    }
}

/// After the founding: to the first invitations, signed in; or to where members are picked.
fn on_to(door: Door, session: Option<String>) -> Response {
    let there = match door {
        Door::Invited => "/invitations?done=founded",
        Door::WalkIn => "/walk-in",
        Door::ReadOnly => "/",
    };
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, there)]).into_response();
    let ended = format!("{COOKIE_NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    for cookie in session.into_iter().chain([ended]) {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

/// The server of a first run: its own few pages, and from the founding on the co-op's.
pub fn first_run_router(first: Arc<FirstRun>) -> Router {
    let founding = Router::new()
        .route("/", get(home))
        .route("/found", get(page::show).post(page::step))
        .route("/found/{code}", get(enter))
        .route("/health", get(health))
        .route("/static/{hash}/{file}", get(assets::show))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn(guard::same_site))
        .layer(from_fn_with_state(Arc::clone(&first), host_name))
        .layer(from_fn(dress))
        .layer(from_fn(guard::headers))
        .layer(CompressionLayer::new())
        .with_state(Arc::clone(&first));
    Router::new().fallback(move |request: Request| {
        let mut routes = first.opened.get().map_or_else(|| founding.clone(), |opened| opened.routes.clone());
        let is_test = first.opened.get().is_none() && test_coop::is_below(request.uri().path());
        let test = is_test.then(|| Arc::clone(&first.test));
        async move {
            if let Some(test) = test {
                return test.answer(request).await;
            }
            match routes.call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        }
    })
}

/// The address that the terminal shows: its code moves into a cookie, and out of the address.
async fn enter(
    State(first): State<Arc<FirstRun>>,
    axum::extract::Path(code): axum::extract::Path<String>,
    request: Request,
) -> Result<Response, Trouble> {
    let (parts, _) = request.into_parts();
    first.knows(&code, address(&first.settings.limits.proxies, &parts))?;
    let headers = [(SET_COOKIE, first.founder_cookie(&code)), (LOCATION, "/found".to_owned())];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

async fn home(State(first): State<Arc<FirstRun>>, request: Request) -> Result<Response, Trouble> {
    let (parts, _) = request.into_parts();
    first.founder(&parts)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, "/found")]).into_response())
}

async fn health() -> Response {
    let answer = json!({ "ready": false, "why": words::founding::NOT_FOUNDED });
    (StatusCode::SERVICE_UNAVAILABLE, Json(answer)).into_response()
}

/// A foreign page could point its own name at a server on loopback (DNS rebinding); it does not have the code, but need not
/// even see that somebody could use it.
async fn host_name(State(first): State<Arc<FirstRun>>, request: Request, next: Next) -> Response {
    let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let known = match first.settings.reach {
        Reach::Anywhere => true,
        Reach::Loopback => named.is_some_and(guard::is_loopback),
    };
    if known { next.run(request).await } else { Trouble::Misdirected.into_response() }
}

/// Gives every failure a page that needs no co-op.
async fn dress(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match trouble::trouble_of(&response) {
        Some(trouble) => (trouble.status(), without_coop(&trouble)).into_response(),
        None => response,
    }
}

#[cfg(test)]
mod tests;
