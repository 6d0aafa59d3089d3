//! One request on a connection of its own, and what many of them came to.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::super::{line, ms, timed};
use crate::exit::Exit;

/// Nobody waits longer for an answer.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The times of requests, and how often each status came.
#[derive(Default)]
pub struct Asked {
    times: Vec<Duration>,
    statuses: BTreeMap<String, u64>,
}

impl Asked {
    /// Asks once; the status and the body.
    pub fn ask(&mut self, address: SocketAddr, request: &str, body: &str) -> (String, String) {
        let (answer, time) = timed(|| answer(address, request, body));
        let (status, body) = answer.unwrap_or_else(|why| (why.kind().to_string(), String::new()));
        self.times.push(time);
        *self.statuses.entry(status.clone()).or_default() += 1;
        (status, body)
    }

    pub fn last(&self) -> Duration {
        self.times.last().copied().unwrap_or_default()
    }

    pub fn add(&mut self, other: Asked) {
        self.times.extend(other.times);
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
    }

    /// The time within which so many of a hundred were answered.
    pub fn percentile(&self, percent: usize) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    pub fn tell(&self, name: &str) -> Result<(), Exit> {
        let [p50, p99, slowest] = [50, 99, 100].map(|percent| ms(self.percentile(percent)));
        line(&format!("  {name}: p50, p99 of {}, slowest", self.times.len()), &format!("{p50}, {p99}, {slowest}"))?;
        let statuses: Vec<String> = self.statuses.iter().map(|(status, count)| format!("{status}: {count}")).collect();
        line("    answers", &statuses.join(", "))
    }
}

fn answer(address: SocketAddr, request: &str, body: &str) -> std::io::Result<(String, String)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(LONGEST_WAIT))?;
    stream.set_write_timeout(Some(LONGEST_WAIT))?;
    let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
    let length = body.len();
    let head =
        format!("{request} HTTP/1.1\r\nHost: {address}\r\n{kind}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    // A server may refuse before it has read everything: its answer counts.
    let written = stream.write_all(body.as_bytes());
    let mut all = Vec::new();
    let read = stream.read_to_end(&mut all);
    let text = String::from_utf8_lossy(&all);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&*text, ""));
    match head.split(' ').nth(1) {
        Some(status) => Ok((status.to_owned(), body.to_owned())),
        None => {
            written?;
            read?;
            Err(std::io::ErrorKind::UnexpectedEof.into())
        }
    }
}
