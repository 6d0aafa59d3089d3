//! The bytes of one connection, with the patience that each part of a request has: head, body, the time between two requests,
//! and an answer that is not taken.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::Patience;
use super::requests::{Refused, Requests};
use super::seats::Seat;

/// Bytes that are read at once.
const PIECE: usize = 8 * 1024;

/// Stand in for a request that is refused, so that its answer comes after those before it. Within a body they are an error too.
const AMBIGUOUS: &str = concat!("X-AMBIGUOUS ", "/ HTTP/1.1\r\n", "host:x\r\n", "connection:close\r\n\r\n");
const TOO_LONG: &str = concat!("X-TOO-LONG ", "/ HTTP/1.1\r\n", "host:x\r\n", "connection:close\r\n\r\n");

/// The status that answers a method which stands for a refused request. A client who sends such a method gets the same.
pub(super) fn refused(method: &str) -> Option<StatusCode> {
    match method {
        "X-AMBIGUOUS" => Some(StatusCode::BAD_REQUEST),
        "X-TOO-LONG" => Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
        _ => None,
    }
}

/// One connection's bytes.
#[derive(Debug)]
pub(super) struct Wire<T> {
    inner: T,
    seat: Arc<Seat>,
    patience: Patience,
    requests: Requests,
    /// Read, and not given on yet.
    held: Vec<u8>,
    /// So much of it can be given on.
    ready: usize,
    /// Nothing more is read: the client has ended its side.
    ended: bool,
    /// Nothing more is read: a request was refused. An end would be taken for the client's, who then gets no answer.
    refused: bool,
    waiting: Option<(Waiting, Pin<Box<Sleep>>)>,
    /// When an answer must be taken, from the first time that its reader let it wait; the number of heads then.
    taking: Option<(u64, Pin<Box<Sleep>>)>,
}

/// The part of a request that is waited for, with the number of heads before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    Head(u64),
    Body(u64),
    /// The next request on a connection that had one.
    Next(u64),
}

impl<T: AsyncRead + AsyncWrite + Unpin> Wire<T> {
    pub(super) fn new(inner: T, seat: Arc<Seat>, patience: Patience) -> Wire<T> {
        let requests = Requests::new();
        Wire {
            inner,
            seat,
            patience,
            requests,
            held: Vec::new(),
            ready: 0,
            ended: false,
            refused: false,
            waiting: None,
            taking: None,
        }
    }

    /// Looks at what is held; whether some of it can be given on now.
    fn look(&mut self) -> io::Result<bool> {
        if self.ready == 0 && !self.held.is_empty() {
            let heads = self.requests.heads();
            match self.requests.pass(&self.held) {
                Ok(count) => self.ready = count,
                Err(refused) => {
                    let instead = if refused == Refused::TooLong { TOO_LONG } else { AMBIGUOUS };
                    self.held = instead.as_bytes().to_vec();
                    (self.ready, self.refused) = (instead.len(), true);
                }
            }
            if self.requests.heads() > heads && !self.seat.begin() {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
        }
        Ok(self.ready > 0)
    }

    /// Waits for more to read, as long as that part of a request may take.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let heads = self.requests.heads();
        let part = match (self.requests.is_in_head(), self.held.is_empty()) {
            // While a request is answered, nobody expects the next.
            (true, _) if !self.seat.is_waiting() => None,
            (true, true) if heads > 0 => Some((Waiting::Next(heads), self.patience.idle)),
            (true, _) => Some((Waiting::Head(heads), self.patience.head)),
            (false, _) => Some((Waiting::Body(heads), self.patience.body)),
        };
        let Some((part, most)) = part else {
            self.waiting = None;
            self.seat.wake_when_answered(cx.waker());
            return Poll::Pending;
        };
        if self.waiting.as_ref().is_none_or(|(before, _)| *before != part) {
            self.waiting = Some((part, Box::pin(tokio::time::sleep(most))));
        }
        over(cx, self.waiting.as_mut().map(|(_, sleep)| sleep))
    }

    /// Waits for the reader of an answer.
    fn wait_for_reader<V>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<V>> {
        let heads = self.requests.heads();
        if self.taking.as_ref().is_none_or(|(before, _)| *before != heads) {
            self.taking = Some((heads, Box::pin(tokio::time::sleep(self.patience.answer))));
        }
        over(cx, self.taking.as_mut().map(|(_, sleep)| sleep))
    }
}

/// An error once the time is over.
fn over<V>(cx: &mut Context<'_>, sleep: Option<&mut Pin<Box<Sleep>>>) -> Poll<io::Result<V>> {
    match sleep.map(|sleep| sleep.as_mut().poll(cx)) {
        Some(Poll::Ready(())) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
        _ => Poll::Pending,
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let wire = &mut *self;
        loop {
            if wire.look()? {
                let count = wire.ready.min(out.remaining());
                out.put_slice(wire.held.get(..count).unwrap_or_default());
                wire.held.drain(..count);
                wire.ready -= count;
                return Poll::Ready(Ok(()));
            }
            if wire.ended {
                return Poll::Ready(Ok(()));
            }
            if wire.refused {
                return wire.wait(cx);
            }
            let mut piece = [0; PIECE];
            let mut read = ReadBuf::new(&mut piece);
            match Pin::new(&mut wire.inner).poll_read(cx, &mut read) {
                Poll::Pending => return wire.wait(cx),
                Poll::Ready(Err(why)) => return Poll::Ready(Err(why)),
                Poll::Ready(Ok(())) if read.filled().is_empty() => {
                    // A request that broke off is no request.
                    wire.held.clear();
                    wire.ended = true;
                }
                Poll::Ready(Ok(())) => wire.held.extend_from_slice(read.filled()),
            }
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.inner).poll_write(cx, bytes) {
            Poll::Pending => self.wait_for_reader(cx),
            done => done,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_flush(cx) {
            Poll::Pending => self.wait_for_reader(cx),
            done => done,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_shutdown(cx) {
            Poll::Pending => self.wait_for_reader(cx),
            done => done,
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.inner).poll_write_vectored(cx, bytes) {
            Poll::Pending => self.wait_for_reader(cx),
            done => done,
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

/// So long a program that was refused at the door may take to read why.
pub(super) const LAST_WORD: Duration = Duration::from_secs(1);
