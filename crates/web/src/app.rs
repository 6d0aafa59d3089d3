//! Every handler shares these: the co-op, the sessions, and how visitors come in.

use crate::connection::Limits;
use crate::front::Front;
use crate::session::{Sessions, Transport};
use crate::test_coop::{Admits, TestCoop};
use crate::trouble::Trouble;
use host::Shared;
use host::file::{Room, Sweep};
use host::gate::{Fetches, Halves, Tries, Uses};
use host::mail::Post;
use proof::issuer::List;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

/// Cheap to clone; one for each server.
#[derive(Clone)]
pub struct App {
    pub(crate) coop: Arc<Shared>,
    /// None where nobody can come in.
    pub(crate) sessions: Option<Arc<Sessions>>,
    pub(crate) door: Door,
    pub(crate) transport: Transport,
    pub(crate) tries: Arc<Tries>,
    /// Uses of tokens that are still to be noted.
    pub(crate) uses: Arc<Uses>,
    /// Proxies in front of this server, which say where a request comes from.
    pub(crate) proxies: Arc<[IpAddr]>,
    /// Held by whoever tries rules on the past: one such reading takes as long as a replay.
    pub(crate) trying: Arc<Mutex<()>>,
    /// The places for costly work of visitors: a check of rules, a reading of the past.
    pub(crate) costly: Arc<Semaphore>,
    /// As many for members, whom visitors do not keep from proposing rules.
    pub(crate) costly_of_members: Arc<Semaphore>,
    /// The room for deliveries of forges that are under way.
    pub(crate) hooks: Arc<Semaphore>,
    /// The room for releases that come in.
    pub(crate) uploads: Arc<Semaphore>,
    /// How much of files is kept.
    pub(crate) room: Room,
    /// Ends uploads that nothing came of.
    pub(crate) sweep: Arc<Sweep>,
    /// How often members' own links were used today.
    pub(crate) fetches: Arc<Fetches>,
    /// The places for hashing passwords: each takes 19 MiB.
    pub(crate) hashing: Arc<Semaphore>,
    /// The way of letters out, where there is a server of mail.
    pub(crate) post: Option<Arc<Post>>,
    /// Sign-ins that wait for their second factor.
    pub(crate) halves: Arc<Halves>,
    /// The addresses at which the server is, and the issuers whose word it takes; none where nobody signs in.
    pub(crate) front: Option<Arc<Front>>,
    /// The place of a test co-op, where members sign in: at other doors a demonstration is.
    pub(crate) test: Option<Arc<TestCoop>>,
}

/// How a visitor becomes a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Nobody can: pages are read only.
    ReadOnly,
    /// Anyone who reaches the server picks whom to act as. The server must listen on loopback, and requests must name it.
    WalkIn,
    /// A browser that opens an invitation becomes that of the member it was made for.
    Invited,
}

impl App {
    /// A server that is read-only or for walking in.
    pub fn new(coop: Arc<Shared>, door: Door) -> Self {
        let sessions = (door == Door::WalkIn).then(|| Arc::new(Sessions::walk_in()));
        Self::with(coop, sessions, door, Transport::Plain)
    }

    /// A server for invited members.
    ///
    /// # Errors
    /// The sessions cannot be read.
    pub fn invited(coop: Arc<Shared>, transport: Transport) -> Result<Self, Trouble> {
        let sessions = Some(Arc::new(Sessions::kept(Arc::clone(&coop), transport)?));
        let tries = Arc::new(Tries::kept(&coop)?);
        let test = Some(TestCoop::new(Admits::Maker(transport), "/test-co-op?done=test-ended"));
        let front = Some(Arc::new(Front::new(Vec::new(), List::default())?));
        Ok(Self { tries, test, front, ..Self::with(coop, sessions, Door::Invited, transport) })
    }

    /// A warning for the operator: everything works, and somebody must look.
    pub(crate) fn warning(&self) -> Option<String> {
        let mail = || self.post.as_ref().and_then(|post| post.warning(&self.coop));
        self.coop.warning().or_else(|| self.tries.warning()).or_else(mail)
    }

    fn with(coop: Arc<Shared>, sessions: Option<Arc<Sessions>>, door: Door, transport: Transport) -> Self {
        let (tries, trying) = (Arc::default(), Arc::default());
        let (costly, costly_of_members) = (places(&Limits::USUAL), places(&Limits::USUAL));
        let (uses, proxies) = (Arc::default(), Arc::from([]));
        let hooks = crate::bridge::hook::room();
        let (uploads, room) = (crate::release::upload::room(), Room::USUAL);
        let (sweep, fetches, halves) = (Arc::default(), Arc::default(), Arc::default());
        let hashing = Arc::new(Semaphore::new(MOST_HASHES));
        Self {
            coop,
            sessions,
            door,
            transport,
            tries,
            uses,
            proxies,
            trying,
            costly,
            costly_of_members,
            hooks,
            uploads,
            room,
            sweep,
            fetches,
            hashing,
            halves,
            post: None,
            front: None,
            test: None,
        }
    }

    /// The same server with letters, by `post`; links in them begin with `address`.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn mailing(self, post: Post, address: &str) -> Result<Self, Trouble> {
        self.coop.set_mail(Some(address))?;
        Ok(Self { post: Some(Arc::new(post)), ..self })
    }

    /// The same server within other limits.
    #[must_use]
    pub fn within(self, limits: &Limits) -> Self {
        let proxies = Arc::from(limits.proxies.as_slice());
        Self { costly: places(limits), costly_of_members: places(limits), proxies, room: limits.room, ..self }
    }

    /// The same server at these addresses, with these issuers.
    #[must_use]
    pub fn behind(self, front: &Arc<Front>) -> Self {
        Self { front: self.front.map(|_| Arc::clone(front)), ..self }
    }

    /// The sessions of invited members; [`Trouble::Absent`] at any other door.
    pub(crate) fn invited_sessions(&self) -> Result<&Arc<Sessions>, Trouble> {
        self.sessions.as_ref().filter(|_| self.door == Door::Invited).ok_or(Trouble::Absent)
    }
}

/// The most passwords that are hashed at once.
const MOST_HASHES: usize = 4;

fn places(limits: &Limits) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(
        usize::try_from(limits.costly).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS),
    ))
}

/// So long does a request wait for its answer. Its act is done all the same.
const PATIENCE: Duration = Duration::from_secs(60);

/// Hands something to the writer with `hand_in`, and waits for its answer without holding a thread.
pub(crate) async fn answered<T: Send + 'static>(
    hand_in: impl FnOnce(Box<dyn FnOnce(T) + Send>) -> Result<(), host::Error>,
) -> Result<T, Trouble> {
    let (told, answer) = oneshot::channel();
    hand_in(Box::new(move |result| {
        // Nobody waits for it any more, where the browser has gone.
        let _ = told.send(result);
    }))?;
    match timeout(PATIENCE, answer).await {
        Ok(Ok(result)) => Ok(result),
        _ => Err(Trouble::Busy),
    }
}

/// Does what takes a while, away from the threads that answer readers.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(fault) => {
            tracing::error!(%fault, "a request's work did not end");
            Err(Trouble::Unready)
        }
    }
}
