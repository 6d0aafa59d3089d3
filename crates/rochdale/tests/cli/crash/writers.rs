//! Clients over HTTP, each with an idempotency key of its own for each act: one whose answer was lost hands the act in again.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use crate::crash::PATIENCE;

/// A member who moves one ballot to and fro.
#[derive(Debug)]
pub struct Writer {
    number: usize,
    member: String,
    /// The act that is next, or whose answer was lost.
    act: u64,
    pub acknowledged: Vec<Acknowledged>,
    /// Acts that were done before, without an answer.
    pub repeated: u64,
}

/// The server's promise.
#[derive(Debug)]
pub struct Acknowledged {
    pub key: String,
    pub entry: u64,
    pub hash: String,
}

impl Writer {
    pub fn new((number, member): (usize, String)) -> Writer {
        Writer { number, member, act: 0, acknowledged: Vec::new(), repeated: 0 }
    }

    /// Hands acts in until the server is gone. Each acknowledgement is told.
    pub fn write(&mut self, address: SocketAddr, stop: &AtomicBool, told: &Sender<()>) {
        while !stop.load(Ordering::Relaxed) && self.hand_in(address) {
            let _ = told.send(());
        }
    }

    /// Hands in the act whose answer was lost.
    pub fn settle(&mut self, address: SocketAddr) {
        assert!(self.hand_in(address), "writer {} got no answer", self.number);
    }

    /// Whether an answer came.
    fn hand_in(&mut self, address: SocketAddr) -> bool {
        let (member, key, share) = (&self.member, format!("w{}-{}", self.number, self.act), 1 + self.act % 1_000_000);
        let body = format!(
            r#"{{"act":"cast_ballot","member":"{member}","decision":"issues","item":"1","share_ppm":{share},"against":false,"key":"{key}"}}"#
        );
        let Some((status, answer)) = ask(address, "POST /api/v1/acts HTTP/1.1", &body) else {
            return false;
        };
        assert!((200..=299).contains(&status), "{status}: {answer}");
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("not JSON: {answer}"));
        let receipt = &answer["receipt"];
        let entry = receipt["entry"].as_u64().unwrap_or_else(|| panic!("no entry: {answer}"));
        let hash = receipt["hash"].as_str().unwrap().to_owned();
        self.repeated += u64::from(receipt["repeated"] == true);
        self.acknowledged.push(Acknowledged { key, entry, hash });
        self.act += 1;
        true
    }
}

/// Returns the status and the body, if the whole answer came.
pub fn ask(address: SocketAddr, line: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let length = body.len();
    write!(stream, "{line}\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let told = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok())?;
    (body.len() == told).then(|| (status, body.to_owned()))
}
