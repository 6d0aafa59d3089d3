//! The one thread that writes a co-op. Jobs queue for it, those that wait share a transaction and a sync, and each is answered
//! once it is on storage. Readers take the snapshot that it published last.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use quantity::Moment;
use rochdale_log::Fault;

use crate::batch::Batch;
use crate::clock::{Reading, Watch};
use crate::coop::{Coop, Submission, Submitted};
use crate::error::Error;
use crate::shared::ServerClock;
use crate::snapshot::Snapshot;

/// As many jobs as share one transaction.
pub(crate) const MOST_TOGETHER: usize = 1_024;
/// As many jobs as wait.
const MOST_WAITING: usize = 4_096;
/// The longest time that the writer waits for company, and for the next of them: where processors are busy, that is how long it
/// takes until each of their threads has had its turn, and before the first comes back, all of them have been answered.
const LONGEST_GATHERING: Duration = Duration::from_millis(5);
const GAP: Duration = Duration::from_millis(1);
const GAP_FOR_EACH: Duration = Duration::from_micros(20);

/// Something to be written.
pub(crate) trait Job: Send {
    /// Does it, or nothing of it.
    ///
    /// # Errors
    /// A fault that leaves the batch unfit to be committed.
    fn run(&mut self, batch: &mut Batch<'_>, now: Moment) -> Result<Ran, Error>;

    /// Tells the result; or, for a batch that was lost, why.
    fn answer(self: Box<Self>, lost: Option<&Error>);
}

/// Whether a job left something to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    Kept,
    Undone,
}

/// One act.
pub(crate) struct HandIn<A> {
    submission: Submission,
    result: Option<Result<Submitted, Error>>,
    answer: A,
}

impl<A: FnOnce(Result<Submitted, Error>) + Send> HandIn<A> {
    pub(crate) fn new(submission: Submission, answer: A) -> Self {
        HandIn { submission, result: None, answer }
    }
}

impl<A: FnOnce(Result<Submitted, Error>) + Send> Job for HandIn<A> {
    /// Without a mark in the transaction: an act that is refused changes nothing, nor does one that cannot be written.
    fn run(&mut self, batch: &mut Batch<'_>, now: Moment) -> Result<Ran, Error> {
        let result = batch.hand_in(&self.submission, now);
        if batch.is_torn() || matches!(result, Err(Error::Fault(_))) {
            return result.map(|_| Ran::Undone);
        }
        let accepted = matches!(result, Ok(Submitted::Accepted(_)));
        self.result = Some(result);
        Ok(if accepted { Ran::Kept } else { Ran::Undone })
    }

    fn answer(self: Box<Self>, lost: Option<&Error>) {
        let HandIn { result, answer, .. } = *self;
        answer(told(result, lost));
    }
}

/// Work that is done as a whole.
pub(crate) struct Part<T, E, W, A> {
    work: Option<W>,
    result: Option<Result<T, E>>,
    answer: A,
}

impl<T, E, W, A> Part<T, E, W, A>
where
    T: Send,
    E: From<Error> + Send,
    W: FnOnce(&mut Batch<'_>) -> Result<T, E> + Send,
    A: FnOnce(Result<T, E>) + Send,
{
    pub(crate) fn new(work: W, answer: A) -> Self {
        Part { work: Some(work), result: None, answer }
    }
}

impl<T, E, W, A> Job for Part<T, E, W, A>
where
    T: Send,
    E: From<Error> + Send,
    W: FnOnce(&mut Batch<'_>) -> Result<T, E> + Send,
    A: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, batch: &mut Batch<'_>, _now: Moment) -> Result<Ran, Error> {
        let Some(work) = self.work.take() else {
            return Ok(Ran::Undone);
        };
        let result = batch.part(work)?;
        let kept = result.is_ok();
        self.result = Some(result);
        Ok(if kept { Ran::Kept } else { Ran::Undone })
    }

    fn answer(self: Box<Self>, lost: Option<&Error>) {
        let Part { result, answer, .. } = *self;
        answer(told(result, lost));
    }
}

/// Of a batch that was lost nothing counts, not even a refusal: it may rest on an act that is not there.
fn told<T, E: From<Error>>(result: Option<Result<T, E>>, lost: Option<&Error>) -> Result<T, E> {
    match (lost, result) {
        (None, Some(result)) => result,
        (Some(error), _) => Err(E::from(error.shared())),
        (None, None) => Err(E::from(Error::Busy(STOPPED))),
    }
}

const STOPPED: &str = "the server is stopping: nothing was done";
const FULL: &str = "too much waits to be written: nothing was done, try again in a moment";

/// The newest snapshot, for readers.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) snapshot: Arc<Snapshot>,
    /// The reason why nothing can be written now.
    pub(crate) fault: Option<String>,
    /// A warning for the operator though everything works.
    pub(crate) warning: Option<String>,
}

/// The thread, its queue, and what it published last.
pub(crate) struct Writer {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

struct Desk {
    queue: Mutex<Queue>,
    came: Condvar,
    /// Locked for as long as two pointers take to copy.
    published: RwLock<Published>,
    commits: AtomicU64,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Box<dyn Job>>,
    /// The writer is woken when so many wait.
    wanted: usize,
    /// No more jobs come.
    closed: bool,
    /// The log was found to be wrong: nothing is added to it any more.
    wrong: Option<String>,
    /// Compares the clocks; `None` where a demonstration has a time of its own.
    watch: Option<Watch>,
    /// The reason why the clock is doubted: nothing is written meanwhile.
    doubted: Option<String>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("published", &self.published()).finish_non_exhaustive()
    }
}

impl Writer {
    /// Starts the thread. Where the machine gives none, nothing can be written, and the fault says so.
    pub(crate) fn start(coop: Coop, clock: ServerClock) -> Writer {
        let published = published_of(&coop);
        let watch = (clock == ServerClock::Machine).then(|| Watch::from(Reading::now()));
        let (queue, came) = (Mutex::new(Queue { watch, ..Queue::default() }), Condvar::new());
        let desk = Arc::new(Desk { queue, came, published: RwLock::new(published), commits: AtomicU64::new(0) });
        let at_desk = Arc::clone(&desk);
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || at_desk.write(coop, clock));
        if let Err(why) = &thread {
            desk.lock().closed = true;
            desk.published_mut().fault = Some(format!("this machine gives no thread to write with: {why}"));
        }
        Writer { desk, thread: thread.ok() }
    }

    pub(crate) fn published(&self) -> Published {
        let mut published = self.desk.published.read().unwrap_or_else(PoisonError::into_inner).clone();
        let queue = self.desk.lock();
        published.fault = queue.wrong.clone().or_else(|| queue.doubted.clone()).or(published.fault);
        published
    }

    /// Looks at the clocks; whether that on the wall is doubted.
    pub(crate) fn doubts(&self, reading: Reading) -> bool {
        self.desk.doubt(reading).is_some()
    }

    /// Doubts the clock where it is more than a year after the last entry.
    pub(crate) fn watch_from(&self, last: Moment, reading: Reading) {
        let mut queue = self.desk.lock();
        queue.watch = queue.watch.map(|_| Watch::at_start(last, reading));
        drop(queue);
        self.desk.doubt(reading);
    }

    /// Believes the clock from now on.
    pub(crate) fn believe(&self, reading: Reading) {
        let mut queue = self.desk.lock();
        queue.watch = queue.watch.map(|_| Watch::from(reading));
        queue.doubted = None;
    }

    /// The way to stop the writer for good, for whoever finds that the log is wrong.
    pub(crate) fn brake(&self) -> Brake {
        Brake(Arc::clone(&self.desk))
    }

    /// Transactions that are on storage since the start.
    pub(crate) fn commits(&self) -> u64 {
        self.desk.commits.load(Ordering::Relaxed)
    }

    /// Puts a job at the end of the queue.
    pub(crate) fn queue(&self, job: Box<dyn Job>) -> Result<(), Error> {
        let mut queue = self.desk.lock();
        if queue.closed {
            return Err(Error::Busy(STOPPED));
        }
        if let Some(why) = queue.wrong.as_ref().or(queue.doubted.as_ref()) {
            return Err(Error::Usage(why.clone()));
        }
        if queue.jobs.len() >= MOST_WAITING {
            return Err(Error::Busy(FULL));
        }
        queue.jobs.push_back(job);
        let enough = queue.jobs.len() >= queue.wanted;
        drop(queue);
        if enough {
            self.desk.came.notify_one();
        }
        Ok(())
    }
}

/// Stops a writer for good.
pub(crate) struct Brake(Arc<Desk>);

impl Brake {
    pub(crate) fn pull(&self, why: String) {
        self.0.lock().wrong = Some(why);
    }
}

impl Drop for Writer {
    /// Jobs that wait are still done.
    fn drop(&mut self) {
        self.desk.lock().closed = true;
        self.desk.came.notify_one();
        let own = std::thread::current().id();
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != own) {
            let _ = thread.join();
        }
    }
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the clocks: the reason for doubting that on the wall.
    fn doubt(&self, reading: Reading) -> Option<String> {
        let mut queue = self.lock();
        queue.doubted = queue.watch.as_mut().and_then(|watch| watch.look(reading));
        queue.doubted.clone()
    }

    fn published_mut(&self) -> std::sync::RwLockWriteGuard<'_, Published> {
        self.published.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, mut coop: Coop, clock: ServerClock) {
        // A start serves at once: the first reader who asks for it before then works it out.
        coop.warm();
        let mut last = Last(0);
        let mut full = None;
        while let Some(mut jobs) = self.take(last) {
            // Between two looks of the server the clock may have jumped: no entry gets a time that is doubted.
            if let Some(why) = self.doubt(Reading::now()) {
                let lost = Error::Usage(why);
                jobs.into_iter().for_each(|job| job.answer(Some(&lost)));
                last = Last(0);
                continue;
            }
            // A mistake of this program in one batch ends that batch, whose jobs are not answered; not the server.
            let done = catch_unwind(AssertUnwindSafe(|| carry_out(&mut coop, &mut jobs, clock.now())));
            let (lost, kept) = match done {
                Ok(Ok(kept)) => (None, kept == Ran::Kept),
                Ok(Err(error)) => (Some(error), false),
                Err(_) => (Some(Error::Usage(PANICKED.to_owned())), false),
            };
            match &lost {
                Some(error @ Error::Fault(Fault::Full(_))) => full = Some(error.to_string()),
                None if kept => full = None,
                _ => {}
            }
            self.commits.fetch_add(u64::from(kept), Ordering::Relaxed);
            last = Last(jobs.len().saturating_add(self.lock().jobs.len()));
            let mut published = published_of(&coop);
            published.fault = published.fault.or_else(|| full.clone());
            *self.published_mut() = published;
            for job in jobs {
                job.answer(lost.as_ref());
            }
        }
    }

    /// The jobs of the next batch; `None` once no more come.
    fn take(&self, last: Last) -> Option<Vec<Box<dyn Job>>> {
        let mut queue = self.lock();
        while queue.jobs.is_empty() {
            if queue.closed {
                return None;
            }
            queue.wanted = 1;
            queue = self.came.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        let mut queue = self.gather(queue, last);
        let count = queue.jobs.len().min(MOST_TOGETHER);
        Some(queue.jobs.drain(..count).collect())
    }

    /// Waits a little for those whom the last batch answered: they come back while a sync would go by, and share it then.
    /// A client who writes alone never waits.
    fn gather<'a>(&'a self, mut queue: MutexGuard<'a, Queue>, last: Last) -> MutexGuard<'a, Queue> {
        let (company, gap, mut left) = (last.company(), last.gap(), LONGEST_GATHERING);
        queue.wanted = company;
        while queue.jobs.len() < company && !queue.closed && !left.is_zero() {
            let (began, there) = (instant(), queue.jobs.len());
            let (woken, waited) = self.came.wait_timeout(queue, gap.min(left)).unwrap_or_else(PoisonError::into_inner);
            queue = woken;
            if waited.timed_out() && queue.jobs.len() == there {
                break;
            }
            left = left.saturating_sub(began.elapsed());
        }
        queue
    }
}

const PANICKED: &str = "a mistake in this program ended the batch, and nothing of it is saved";

/// How many jobs the last batch answered, and how many had come meanwhile: as many clients as there are. Without the latter, each
/// half of them would share syncs among themselves, in turn.
#[derive(Clone, Copy)]
struct Last(usize);

impl Last {
    /// As many as are worth waiting for: most of them. A single one is there already.
    fn company(self) -> usize {
        let jobs = self.0.min(MOST_TOGETHER);
        jobs - jobs / 8
    }

    /// So long without another one.
    fn gap(self) -> Duration {
        let jobs = u32::try_from(self.0).unwrap_or(u32::MAX);
        GAP.saturating_add(GAP_FOR_EACH.saturating_mul(jobs)).min(LONGEST_GATHERING)
    }
}

/// Does all jobs in one transaction; whether anything of it is kept.
fn carry_out(coop: &mut Coop, jobs: &mut [Box<dyn Job>], now: Moment) -> Result<Ran, Error> {
    let mut batch = coop.batch()?;
    // Founding puts the rules into force, and neither a refused act nor work that failed does that.
    let mut keeps = batch.is_founded();
    for job in jobs {
        keeps |= job.run(&mut batch, now)? == Ran::Kept;
    }
    if !keeps {
        batch.abort();
        return Ok(Ran::Undone);
    }
    batch.commit()?;
    // An update may have been among it.
    coop.warm();
    Ok(Ran::Kept)
}

#[allow(clippy::disallowed_methods, reason = "it says how long to wait for company, and nothing else")]
fn instant() -> Instant {
    Instant::now()
}

fn published_of(coop: &Coop) -> Published {
    let (fault, warning) = (coop.fault().map(ToString::to_string), coop.warning().map(str::to_owned));
    Published { snapshot: coop.committed(), fault, warning }
}

#[cfg(test)]
mod tests;
