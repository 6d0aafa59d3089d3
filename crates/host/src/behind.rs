//! The log verified behind a start from a stored snapshot, on a thread of its own: readers and the writer go on meanwhile. If it is
//! wrong, nothing is added to it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use crate::error::Error;
use crate::snapshot::Snapshot;
use crate::stored::{Image, Shelf, prove};
use crate::writer::Brake;

/// A verification under way, or done.
#[derive(Debug)]
pub(crate) struct Behind {
    at: Arc<Progress>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Progress {
    /// The last entry that is to be verified; 0 once all are.
    until: AtomicU64,
    stopped: AtomicBool,
}

impl Behind {
    /// Verifies the entries up to that of `image`, which the co-op began with.
    pub(crate) fn start(image: Image, coop: &Snapshot, shelf: Option<Shelf>, brake: Brake) -> Behind {
        let at = Arc::new(Progress { until: AtomicU64::new(image.head.seq), stopped: AtomicBool::new(false) });
        let (progress, beside, id) = (Arc::clone(&at), Arc::clone(&coop.beside), Arc::clone(&coop.id));
        let work = move || {
            let stopped = || progress.stopped.load(Ordering::Relaxed);
            let proven = beside.snapshot().and_then(|mut store| prove(&mut *store, &id, &image, &stopped));
            match proven {
                _ if stopped() => {}
                Ok(()) => progress.until.store(0, Ordering::Relaxed),
                // Storage that cannot be read now says nothing about the log: it stays unverified, and says so.
                Err(Error::Fault(_)) => {}
                Err(error) => {
                    if let Some(shelf) = shelf {
                        shelf.clear();
                    }
                    brake.pull(error.to_string());
                }
            }
        };
        let thread = std::thread::Builder::new().name("verifier".to_owned()).spawn(work).ok();
        Behind { at, thread }
    }

    /// The place of the last entry that is not verified yet.
    pub(crate) fn until(&self) -> Option<u64> {
        Some(self.at.until.load(Ordering::Relaxed)).filter(|seq| *seq > 0)
    }

    #[cfg(test)]
    pub(crate) fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Behind {
    fn drop(&mut self) {
        self.at.stopped.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
