//! Connections: how many there may be, how long each may wait, and where one request ends and the next begins. Not what is
//! answered.

mod requests;
mod seats;
mod wire;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse as _, Response};
use host::file::Room;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::Service as _;

use crate::guard;
use crate::trouble::Trouble;
use requests::MOST_HEAD;
use seats::{Seat, Seats};
use wire::Wire;

/// The bounds of a server's connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub patience: Patience,
    /// So many connections at once; fewer than the files that the system lets a program have open.
    pub connections: u32,
    /// So many of them from one address, or from one network of version 6. Loopback and proxies have as many as there are.
    pub connections_of_one: u32,
    /// Proxies, whose word in X-Forwarded-For is believed.
    pub proxies: Vec<IpAddr>,
    /// As much costly work as is done at once for members, and as much for everybody else.
    pub costly: u32,
    /// How much of releases' files is kept.
    pub room: Room,
}

/// How long a connection may wait for its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For all of a request's head, from its first byte; of the first request, from the connection on.
    pub head: Duration,
    /// For all of a request's body.
    pub body: Duration,
    /// For the next request.
    pub idle: Duration,
    /// For the reader of an answer, from the first time that the answer has to wait.
    pub answer: Duration,
}

impl Limits {
    /// The limits of a server that is told none.
    pub const USUAL: Limits = Limits {
        patience: Patience {
            head: Duration::from_secs(10),
            body: Duration::from_secs(60),
            idle: Duration::from_secs(60),
            answer: Duration::from_secs(120),
        },
        connections: 800,
        connections_of_one: 64,
        proxies: Vec::new(),
        costly: 2,
        room: Room::USUAL,
    };
}

/// After a connection that could not be taken: the system may have no more files.
const BREATH: Duration = Duration::from_millis(50);

/// Told to somebody for whom there is no seat. The code has no words after it, which RFC 9112 allows.
fn full() -> String {
    let mut told =
        concat!("HTTP/1.1 ", "503 \r\n", "retry-after:5\r\n", "content-length:0\r\n", "connection:close\r\n")
            .to_owned();
    for (name, value) in guard::HEADERS {
        told.push_str(&format!("{name}:{value}\r\n"));
    }
    told + "\r\n"
}

/// Answers connections until `stop` is done; requests under way are finished.
pub(crate) async fn answer(
    listener: TcpListener,
    routes: Router,
    limits: &Limits,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let seats = Arc::new(Seats::new(limits.connections, limits.connections_of_one, limits.proxies.clone()));
    let (ending, end) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut stop => break,
            taken = listener.accept() => match taken {
                Ok(taken) => taken,
                Err(why) => {
                    refused(&why, &seats).await;
                    continue;
                }
            },
        };
        match seats.take(peer.ip()) {
            Some(seat) => {
                let served = Connection { seats: Arc::clone(&seats), seat, peer, patience: limits.patience };
                tokio::spawn(served.serve(stream, routes.clone(), end.clone()));
            }
            None => drop(tokio::spawn(turn_away(stream))),
        }
    }
    drop((listener, end));
    let _ = ending.send(true);
    // Each connection holds the other end until it is over.
    ending.closed().await;
    Ok(())
}

/// A connection that broke off before it was taken is nothing; else the system has no room, and somebody who waits makes some.
async fn refused(why: &io::Error, seats: &Seats) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(why.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%why, "a connection cannot be taken: raise the limit of open files, or lower --connections");
        seats.make_room();
        tokio::time::sleep(BREATH).await;
    }
}

/// Says that there is no seat, to somebody who listens.
async fn turn_away(stream: TcpStream) {
    let say = async {
        stream.writable().await?;
        stream.try_write(full().as_bytes())
    };
    let _ = tokio::time::timeout(wire::LAST_WORD, say).await;
}

struct Connection {
    seats: Arc<Seats>,
    seat: Arc<Seat>,
    peer: SocketAddr,
    patience: Patience,
}

impl Connection {
    async fn serve(self, stream: TcpStream, routes: Router, mut end: watch::Receiver<bool>) {
        // An answer is written whole, and waits for no company.
        let _ = stream.set_nodelay(true);
        let wire = Wire::new(stream, Arc::clone(&self.seat), self.patience);
        let answer = service_fn(|request| self.answer(routes.clone(), request));
        let mut builder = http1::Builder::new();
        builder.max_buf_size(MOST_HEAD);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(wire), answer));
        let mut ending = false;
        loop {
            tokio::select! {
                // A connection that ends badly has nobody left to tell.
                _ = connection.as_mut() => break,
                () = self.seat.sent_away() => break,
                _ = end.changed(), if !ending => {
                    ending = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
        self.seats.leave(&self.seat);
    }

    async fn answer(&self, mut routes: Router, request: Request<Incoming>) -> Result<Response<Answer>, Infallible> {
        let held = Held { seats: Arc::clone(&self.seats), seat: Arc::clone(&self.seat) };
        // Where it came early, its seat was noted as waiting by the answer before.
        if !self.seat.begin() {
            return Ok(guard::dressed(Trouble::Busy.into_response()).map(|body| Answer { body, _held: held }));
        }
        if let Some(status) = wire::refused(request.method().as_str()) {
            return Ok(guard::dressed(status.into_response()).map(|body| Answer { body, _held: held }));
        }
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let Ok(response) = routes.call(request).await;
        Ok(response.map(|body| Answer { body, _held: held }))
    }
}

/// Held while a request is answered.
struct Held {
    seats: Arc<Seats>,
    seat: Arc<Seat>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.seats.answered(&self.seat);
    }
}

/// The body of an answer, which holds the seat until all of it is given.
struct Answer {
    body: Body,
    _held: Held,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests;
