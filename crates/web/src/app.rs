//! What every handler shares: the desk, the sessions, and how visitors come in.

use crate::desk::Desk;
use crate::hosted::HostDesk;
use crate::session::{Sessions, Transport, Tries};
use crate::trouble::Trouble;
use std::sync::Arc;

/// Cheap to clone; one for each server.
#[derive(Clone)]
pub struct App {
    pub(crate) desk: Arc<dyn Desk>,
    /// None where nobody can come in.
    pub(crate) sessions: Option<Arc<Sessions>>,
    pub(crate) door: Door,
    pub(crate) transport: Transport,
    pub(crate) tries: Arc<Tries>,
    /// The desk of invited members; at any other door none.
    house: Option<Arc<HostDesk>>,
}

/// How a visitor becomes a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Nobody can: pages are read only.
    ReadOnly,
    /// Anyone who reaches the server picks whom to act as. The server must listen on loopback, and requests must name it.
    WalkIn,
    /// Whoever opens an invitation becomes the member it was made for, in that browser.
    Invited,
}

impl App {
    /// A server that is read-only or for walking in.
    pub fn new(desk: Arc<dyn Desk>, door: Door) -> Self {
        Self {
            desk,
            sessions: (door == Door::WalkIn).then(|| Arc::new(Sessions::walk_in())),
            door,
            transport: Transport::Plain,
            tries: Arc::default(),
            house: None,
        }
    }

    /// A server for invited members.
    ///
    /// # Errors
    /// The sessions cannot be read.
    pub fn invited(house: Arc<HostDesk>, transport: Transport) -> Result<Self, Trouble> {
        let sessions = Sessions::kept(Arc::clone(&house), transport)?;
        Ok(Self {
            desk: Arc::clone(&house) as Arc<dyn Desk>,
            sessions: Some(Arc::new(sessions)),
            door: Door::Invited,
            transport,
            tries: Arc::default(),
            house: Some(house),
        })
    }

    /// The desk of invited members, and their sessions.
    pub(crate) fn house(&self) -> Result<(Arc<HostDesk>, Arc<Sessions>), Trouble> {
        let both = self.house.clone().zip(self.sessions.clone());
        both.ok_or(Trouble::Absent)
    }

    /// Does what may wait for the disk, away from the threads that answer readers.
    pub(crate) async fn at_desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Desk) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let desk = Arc::clone(&self.desk);
        aside(move || work(desk.as_ref())).await
    }
}

/// Does what may wait for the disk, away from the threads that answer readers.
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
