//! What every handler shares: the desk, the sessions, and how visitors come in.

use crate::desk::Desk;
use crate::session::Sessions;
use crate::trouble::Trouble;
use std::sync::Arc;

/// Cheap to clone; one for each server.
#[derive(Clone)]
pub struct App {
    pub(crate) desk: Arc<dyn Desk>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) door: Door,
}

/// How a visitor becomes a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Nobody can: pages are read only.
    ReadOnly,
    /// Anyone who reaches the server picks whom to act as. The server must listen on loopback, and requests must name it.
    WalkIn,
}

impl App {
    pub fn new(desk: Arc<dyn Desk>, door: Door) -> Self {
        Self {
            desk,
            sessions: Arc::new(Sessions::new()),
            door,
        }
    }

    /// Does what may wait for the disk, away from the threads that answer readers.
    pub(crate) async fn at_desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Desk) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let desk = Arc::clone(&self.desk);
        match tokio::task::spawn_blocking(move || work(desk.as_ref())).await {
            Ok(answer) => answer,
            Err(fault) => {
                tracing::error!(%fault, "a request's work did not end");
                Err(Trouble::Unready)
            }
        }
    }
}
