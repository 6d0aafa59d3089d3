//! A server on loopback, and clients who are slow, silent, many, or hard to understand.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use axum::routing::{get, post};

use super::*;

const HOUR: Duration = Duration::from_secs(3_600);
const SOON: Duration = Duration::from_millis(20);
const PATIENT: Patience = Patience { head: HOUR, body: HOUR, idle: HOUR, answer: HOUR };
const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
/// More than sockets hold.
const LONG: usize = 64 * 1024 * 1024;

/// Serves until the test ends; the address.
async fn served(limits: Limits) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let routes = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/long", get(|| async { vec![b'x'; LONG] }))
        .route("/", post(|text: String| async move { text }));
    tokio::spawn(async move { answer(listener, routes, &limits, std::future::pending()).await });
    address
}

fn patient(patience: Patience) -> Limits {
    Limits { patience, ..Limits::USUAL }
}

/// Does what blocks beside the server.
async fn client<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("a client")
}

fn connected(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("set");
    stream
}

/// Sends `text`, and reads until the server hangs up.
fn heard(address: SocketAddr, text: &str) -> String {
    let mut stream = connected(address);
    // A server without a seat may hang up before.
    let _ = stream.write_all(text.as_bytes());
    let mut all = Vec::new();
    let ended = stream.read_to_end(&mut all);
    let waits = ended.is_err_and(|why| matches!(why.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut));
    assert!(!waits, "the server does not hang up: {text:?}");
    String::from_utf8_lossy(&all).into_owned()
}

/// The status codes of the answers in `text`.
fn codes(text: &str) -> Vec<&str> {
    text.match_indices("HTTP/1.").filter_map(|(at, _)| text.get(at + 9..at + 12)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_part_of_a_request_has_its_time() {
    let half = "GET / HTTP/1.1\r\nHost: a\r\n";
    let body = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab";
    for (patience, text, expect) in [
        (Patience { head: SOON, ..PATIENT }, "", &[][..]),
        (Patience { head: SOON, ..PATIENT }, half, &[]),
        (Patience { idle: SOON, ..PATIENT }, GET, &["200"]),
        (Patience { head: SOON, ..PATIENT }, &format!("{GET}{half}"), &["200"]),
        (Patience { body: SOON, ..PATIENT }, body, &["400"]),
    ] {
        let (address, text) = (served(patient(patience)).await, text.to_owned());
        let answer = client(move || heard(address, &text)).await;
        assert_eq!(codes(&answer), expect, "{patience:?} {answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_who_does_not_read_is_hung_up_on() {
    let limits = Limits { connections: 1, ..patient(Patience { answer: SOON, ..PATIENT }) };
    let address = served(limits).await;
    let answer = client(move || {
        let mut stream = connected(address);
        stream.write_all(b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n").expect("sent");
        stream.read_exact(&mut [0; 1]).expect("an answer begins");
        // The only seat is free again once the server has hung up, and not before.
        loop {
            let answer = heard(address, "GET / HTTP/1.0\r\n\r\n");
            if codes(&answer) == ["200"] {
                return answer;
            }
        }
    });
    let answer = answer.await;
    assert!(answer.ends_with("here"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_shut_nobody_out() {
    let limits = Limits { connections: 8, ..patient(PATIENT) };
    let address = served(limits).await;
    let answers = client(move || {
        let idle: Vec<_> = (0..50).map(|_| connected(address)).collect();
        let mut half = connected(address);
        half.write_all(b"GET / HTTP/1.1\r\n").expect("sent");
        let answers: Vec<_> = (0..20).map(|_| heard(address, "GET / HTTP/1.0\r\n\r\n")).collect();
        drop(idle);
        answers
    });
    for answer in answers.await {
        assert_eq!(codes(&answer), ["200"], "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_of_two_meanings_are_answered_with_400() {
    let address = served(patient(PATIENT)).await;
    let lengths = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n";
    for (text, expect) in [
        ("GET / HTTP/1.1\r\n\r\n", &["400"][..]),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", &["400"]),
        ("GET / HTTP/1.1\nHost: a\n\n", &["400"]),
        ("GET / HTTP/1.1\r\nHost: a\r\nx: y\n\r\n", &["400"]),
        (lengths, &["400"]),
        (&format!("{GET}{lengths}"), &["200", "400"]),
        ("GET / HTTP/1.0\r\n\r\n", &["200"]),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\n\r\n",
            &["200"],
        ),
    ] {
        let own = text.to_owned();
        let answer = client(move || heard(address, &own)).await;
        assert_eq!(codes(&answer), expect, "{text:?} {answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_requests_get_the_headers_of_every_answer() {
    let address = served(patient(PATIENT)).await;
    let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "x: y\r\n".repeat(100));
    for (text, code) in [
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        ("? / HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nx y: z\r\n\r\n", "400"),
        ("GET a:b:c HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"),
        ("X-AMBIGUOUS / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "400"),
        (&many, "431"),
    ] {
        let own = text.to_owned();
        let answer = client(move || heard(address, &own)).await;
        assert_eq!(codes(&answer), [code], "{text:?} {answer}");
        for (name, value) in crate::guard::HEADERS {
            assert!(answer.contains(&format!("{name}: {value}\r\n")), "{name}: {answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_without_end_is_answered_with_431() {
    let address = served(patient(PATIENT)).await;
    let long = format!("GET / HTTP/1.1\r\nHost: a\r\nx: {}", "y".repeat(2 * MOST_HEAD));
    let answer = client(move || {
        let mut stream = connected(address);
        // The server may hang up before all of it is sent.
        let _ = stream.write_all(long.as_bytes());
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        String::from_utf8_lossy(&all).into_owned()
    });
    // The system forgets an answer where more was sent than read.
    let answer = answer.await;
    assert!(answer.is_empty() || codes(&answer) == ["431"], "{answer}");
    let after = client(move || heard(address, "GET / HTTP/1.0\r\n\r\n")).await;
    assert_eq!(codes(&after), ["200"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_ends_answers_what_it_began() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (told, heard) = tokio::sync::oneshot::channel::<()>();
    let routes = Router::new().route("/", post(|text: String| async move { text }));
    let server = tokio::spawn(async move {
        let stop = async { drop(heard.await) };
        answer(listener, routes, &patient(PATIENT), stop).await
    });
    let begun = client(move || {
        let mut stream = connected(address);
        stream
            .write_all(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            .expect("sent");
        let mut line = [0; 25];
        stream.read_exact(&mut line).expect("the server reads the body");
        stream
    });
    let mut stream = begun.await;
    drop(told);
    let answer = client(move || {
        stream.write_all(b"ab").expect("sent");
        let mut all = String::new();
        let _ = stream.read_to_string(&mut all);
        all
    });
    let answer = answer.await;
    assert!(answer.contains("HTTP/1.1 200") && answer.ends_with("ab"), "{answer}");
    assert!(server.await.expect("ended").is_ok());
}
