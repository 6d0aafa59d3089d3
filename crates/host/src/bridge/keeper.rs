//! The thread that reads forges when it is time. It calls one forge at a time, and the writer never waits for a forge.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{Running, Vault, poll};
use crate::shared::Shared;
use crate::writable::Writable;

/// So often it looks whether it is time.
const BEAT: Duration = Duration::from_secs(2);

/// Reads forges until it is dropped. A call that is under way then ends by itself.
#[derive(Debug)]
pub struct Keeper {
    ends: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread.
    ///
    /// # Errors
    /// The machine gives none.
    pub fn start(coop: &Arc<Shared>, vault: Vault) -> std::io::Result<Keeper> {
        let ends = Arc::new((Mutex::new(false), Condvar::new()));
        let (coop, told) = (Arc::clone(coop), Arc::clone(&ends));
        let thread = std::thread::Builder::new().name("bridges".to_owned()).spawn(move || {
            while !over(&told) {
                look(&coop, &vault, &|| *told.0.lock().unwrap_or_else(PoisonError::into_inner));
            }
        })?;
        Ok(Keeper { ends, thread: Some(thread) })
    }
}

/// Waits for the next beat; whether it is the end.
fn over(told: &(Mutex<bool>, Condvar)) -> bool {
    let ends = told.0.lock().unwrap_or_else(PoisonError::into_inner);
    let (ends, _) = told.1.wait_timeout_while(ends, BEAT, |ends| !*ends).unwrap_or_else(PoisonError::into_inner);
    *ends
}

/// Reads every forge whose time has come. Failures are kept with their bridges, and shown there.
fn look(coop: &Arc<Shared>, vault: &Vault, ends: &dyn Fn() -> bool) {
    if coop.health().is_err() {
        return;
    }
    let Ok(bridges) = coop.read().bridges() else { return };
    let now = coop.now();
    let due = |bridge: &super::Bridge| bridge.state == Running::Going && bridge.heard.next_us <= now.0;
    for (id, _) in bridges.into_iter().filter(|(_, bridge)| due(bridge)) {
        if ends() {
            return;
        }
        let _ = poll(&mut Writable::Served(Arc::clone(coop)), vault, &id, coop.now());
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        *self.ends.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.ends.1.notify_all();
        // Not joined: a forge that does not answer would hold up the end. All it does is one transaction.
        drop(self.thread.take());
    }
}
