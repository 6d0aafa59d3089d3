//! A small forge in GitHub's dialect for tests: issues, changes and reviews in memory, over HTTP on loopback.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

#[derive(Default)]
struct Held {
    issues: BTreeMap<u64, Value>,
    changes: BTreeMap<u64, Value>,
    reviews: BTreeMap<u64, Vec<Value>>,
    /// A part of an address, and the head of the answer that it gets.
    refused: Option<(String, String)>,
    calls: usize,
}

pub(super) struct Scripted {
    at: SocketAddr,
    held: Arc<Mutex<Held>>,
}

impl Scripted {
    pub(super) fn start() -> Scripted {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (at, held) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Held::default())));
        let shared = Arc::clone(&held);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &shared);
            }
        });
        Scripted { at, held }
    }

    pub(super) fn page(&self) -> String {
        format!("http://{}/{}", self.at, self.path())
    }

    pub(super) fn path(&self) -> &'static str {
        "coop/tool"
    }

    pub(super) fn calls(&self) -> usize {
        self.held.lock().unwrap().calls
    }

    pub(super) fn put_issue(&self, issue: &Value) {
        let number = issue["number"].as_u64().unwrap();
        let mut held = self.held.lock().unwrap();
        // The state that was written last stays, as at the forge.
        let newer = |known: &Value| known["updated_at"].as_str() > issue["updated_at"].as_str();
        if !held.issues.get(&number).is_some_and(newer) {
            held.issues.insert(number, issue.clone());
        }
    }

    pub(super) fn remove_issue(&self, number: u64) {
        self.held.lock().unwrap().issues.remove(&number);
    }

    pub(super) fn put_change(&self, number: u64, login: &str, merged: Option<&str>, updated: &str) {
        let change = json!({"number": number, "user": {"login": login}, "merged_at": merged, "updated_at": updated});
        self.held.lock().unwrap().changes.insert(number, change);
    }

    pub(super) fn put_review(&self, number: u64, login: &str, at: &str) {
        let review = json!({"user": {"login": login}, "state": "APPROVED", "submitted_at": at});
        self.held.lock().unwrap().reviews.entry(number).or_default().push(review);
    }

    /// Answers addresses with `part` in them so, until told otherwise; with an empty head as usual.
    pub(super) fn refuse(&self, part: &str, head: &str) {
        let refused = (!head.is_empty()).then(|| (part.to_owned(), head.to_owned()));
        self.held.lock().unwrap().refused = refused;
    }
}

/// The head of a delivery that is signed.
pub(super) fn signed(secret: &str, event: &str, delivery: &str, body: &str) -> Vec<(String, String)> {
    let signature = format!("sha256={}", hmac(secret, body));
    [("x-github-event", event), ("x-github-delivery", delivery), ("x-hub-signature-256", &signature)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

/// HMAC-SHA-256 by its definition (RFC 2104), so that the test does not believe the code that it tests.
fn hmac(secret: &str, body: &str) -> String {
    let hash = |bytes: &[u8]| -> Vec<u8> {
        let hex = engine::digest::hex(bytes);
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    };
    let mut key = [0_u8; 64];
    key[..secret.len()].copy_from_slice(secret.as_bytes());
    let pad = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<_>>();
    let inner = hash(&[pad(0x36), body.as_bytes().to_vec()].concat());
    engine::digest::hex(&[pad(0x5c), inner].concat())
}

fn answer(stream: TcpStream, held: &Mutex<Held>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let mut authorised = false;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            authorised |= line.trim_end() == "authorization: Bearer the-token";
            if line == "\r\n" {
                break;
            }
        }
        let target = first.split(' ').nth(1).unwrap().to_owned();
        let (head, body) = respond(&target, authorised, &mut held.lock().unwrap());
        let text = format!("{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        if (&stream).write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

const OK: &str = "HTTP/1.1 200 OK\r\n";

fn respond(target: &str, authorised: bool, held: &mut Held) -> (String, String) {
    held.calls += 1;
    if let Some((_, head)) = held.refused.as_ref().filter(|(part, _)| target.contains(part.as_str())) {
        return (head.clone(), "{}".to_owned());
    }
    if !authorised {
        return ("HTTP/1.1 401 Unauthorized\r\n".to_owned(), "{}".to_owned());
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let asked = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let Some(under) = path.strip_prefix("/api/v3/repos/coop/tool") else {
        return ("HTTP/1.1 404 Not Found\r\n".to_owned(), "{}".to_owned());
    };
    let list = |records: Vec<&Value>| {
        let per: usize = asked("per_page").unwrap_or("30").parse().unwrap();
        let page: usize = asked("page").unwrap_or("1").parse().unwrap();
        Value::from(records.into_iter().skip(per * (page - 1)).take(per).cloned().collect::<Vec<_>>())
    };
    let newest = |all: &BTreeMap<u64, Value>| {
        let mut all: Vec<Value> = all.values().cloned().collect();
        all.sort_by(|a, b| b["updated_at"].as_str().cmp(&a["updated_at"].as_str()));
        all
    };
    let parts: Vec<&str> = under.split('/').filter(|part| !part.is_empty()).collect();
    let found = match parts[..] {
        [] => json!({"full_name": "coop/tool", "private": false, "has_issues": true}),
        ["issues"] => {
            let since = asked("since").map(|since| since.replace("%3A", ":"));
            let is_wanted = |issue: &&Value| {
                let open = asked("state") == Some("all") || issue["state"] == "open";
                open && since.as_deref().is_none_or(|since| issue["updated_at"].as_str().unwrap() >= since)
            };
            let all = newest(&held.issues);
            list(all.iter().filter(is_wanted).collect())
        }
        ["issues", number] => match held.issues.get(&number.parse().unwrap()) {
            Some(issue) => issue.clone(),
            None => return ("HTTP/1.1 410 Gone\r\n".to_owned(), "{}".to_owned()),
        },
        ["pulls"] => list(newest(&held.changes).iter().collect()),
        ["pulls", number, "reviews"] => {
            Value::from(held.reviews.get(&number.parse().unwrap()).cloned().unwrap_or_default())
        }
        ["releases"] => json!([]),
        _ => return ("HTTP/1.1 404 Not Found\r\n".to_owned(), "{}".to_owned()),
    };
    (OK.to_owned(), found.to_string())
}
