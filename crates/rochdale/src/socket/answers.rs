//! A command's streams as its client has them: what it prints goes out in frames, what it reads comes in by them.

use std::io::{self, ErrorKind, Read};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use super::frame::{Frame, PIECE};

/// As many frames as wait to be sent.
const WAITING: usize = 16;
/// How often a client is told how far the work is.
const BEAT: Duration = Duration::from_millis(200);

/// A command's way to its client.
pub struct Answers {
    to: SyncSender<Frame>,
    bar: Shown,
}

/// The bar that is shown, if one is.
type Shown = Arc<Mutex<Weak<Told>>>;

/// The frames of a command, and how far its work is: to be sent by a thread of its own, so that the command's work never
/// waits for a client that is told how far it is.
pub struct Outgoing {
    frames: Receiver<Frame>,
    bar: Shown,
}

/// The two ends of a command's answers.
pub fn answers() -> (Answers, Outgoing) {
    let (to, frames) = sync_channel(WAITING);
    let bar = Shown::default();
    (Answers { to, bar: Arc::clone(&bar) }, Outgoing { frames, bar })
}

impl Answers {
    /// Standard output.
    pub fn print(&self, bytes: &[u8]) -> io::Result<()> {
        bytes.chunks(PIECE).try_for_each(|piece| self.send(Frame::Output(piece.to_vec())))
    }

    /// A line of standard error, even if nobody reads it any more.
    pub fn warn(&self, words: &str) {
        let line = format!("rochdale: {words}\n");
        let _ = line.as_bytes().chunks(PIECE).try_for_each(|piece| self.send(Frame::Errors(piece.to_vec())));
    }

    /// A bar on the client's terminal.
    pub fn bar(&self, total: u64, what: &'static str) -> Arc<Told> {
        let total = AtomicU64::new(total);
        let told =
            Arc::new(Told { what, done: AtomicU64::new(0), total, over: AtomicBool::new(false), to: self.to.clone() });
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(&told);
        told
    }

    /// The last word.
    pub fn end(self, code: u8) {
        let _ = self.send(Frame::End(code));
    }

    /// Fails as a closed pipe does once the client has gone.
    fn send(&self, frame: Frame) -> io::Result<()> {
        self.to.send(frame).map_err(|_| ErrorKind::BrokenPipe.into())
    }
}

impl Outgoing {
    /// Sends everything until the command has ended or the client has gone.
    pub fn send_all(self, to: &mut UnixStream) -> io::Result<()> {
        let mut last = None;
        loop {
            match self.frames.recv_timeout(BEAT) {
                Ok(frame) => frame.write(to)?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {
                    let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
                    let now = bar.and_then(|bar| bar.look());
                    if now.is_some() && now != last {
                        now.iter().try_for_each(|frame| frame.write(to))?;
                        last = now;
                    }
                }
            }
        }
    }
}

/// How far some work is, for a client to be told. Nobody who does the work waits for that.
pub struct Told {
    what: &'static str,
    done: AtomicU64,
    total: AtomicU64,
    over: AtomicBool,
    to: SyncSender<Frame>,
}

impl Told {
    /// One more step is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// So many steps are done.
    pub fn is_at(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// The client takes the bar away before it prints what comes next.
    pub fn finish(&self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = self.to.send(Frame::ProgressEnds);
    }

    fn look(&self) -> Option<Frame> {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let what = self.what.to_owned();
        (!self.over.load(Ordering::Relaxed)).then_some(Frame::Progress { done, total, what })
    }
}

/// The client's standard input.
pub struct Input {
    from: UnixStream,
}

impl Input {
    /// Reads from the client's end of the connection.
    pub fn new(from: UnixStream) -> Input {
        Input { from }
    }

    /// Asks the client for its input, and hands it out.
    pub fn reader<'a>(&'a self, answers: &'a Answers) -> impl Read + 'a {
        Reader { from: &self.from, answers: Some(answers), piece: Vec::new(), taken: 0, over: false }
    }
}

struct Reader<'a> {
    from: &'a UnixStream,
    /// Until it is asked.
    answers: Option<&'a Answers>,
    piece: Vec<u8>,
    taken: usize,
    over: bool,
}

impl Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if let Some(answers) = self.answers.take() {
            answers.send(Frame::WantsInput)?;
        }
        while self.taken == self.piece.len() && !self.over {
            match Frame::read(&mut self.from)? {
                Frame::Input(piece) => (self.over, self.piece, self.taken) = (piece.is_empty(), piece, 0),
                _ => return Err(ErrorKind::InvalidData.into()),
            }
        }
        let mut rest = self.piece.get(self.taken..).unwrap_or_default();
        let read = rest.read(into)?;
        self.taken += read;
        Ok(read)
    }
}
