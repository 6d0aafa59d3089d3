//! Just enough HTTP, and a server that ends with the test.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::run::Place;

/// A server on a port of its own.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {self:?}"))
    }
}

impl Server {
    pub fn start(place: &Place, more: &[&str]) -> Server {
        let arguments = [&["serve", "home", "--listen", "127.0.0.1:0"], more].concat();
        Server::of(&mut place.command(&arguments))
    }

    pub fn of(command: &mut Command) -> Server {
        Server::with_words(command, 1).0
    }

    /// Returns as many lines of what it says as well.
    pub fn with_words(command: &mut Command, lines: usize) -> (Server, String) {
        // Logs of tests have dates of their own, which no clock needs to be near to.
        if command.get_args().next().is_some_and(|first| first == "serve") {
            command.arg("--clock-is-right");
        }
        Server::as_said(command, lines)
    }

    /// As it is said, with the clock doubted.
    pub fn as_said(command: &mut Command, lines: usize) -> (Server, String) {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut words = String::new();
        for _ in 0..lines {
            said.read_line(&mut words).unwrap();
        }
        let line = words.lines().next().unwrap_or_default();
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .unwrap_or_else(|| panic!("the server said `{line}`"))
            .parse()
            .unwrap();
        (Server { child, address }, words)
    }

    /// Sends a signal and waits; the exit code.
    pub fn signal(mut self, name: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        let kill = Command::new("kill").args([name, &id]).status();
        assert!(kill.unwrap().success());
        self.child.wait().unwrap().code()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    /// Begins a request and leaves it at that, for as long as the answer is held.
    pub fn send_half(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    }

    pub fn act(&self, headers: &[&str], body: &str) -> Answer {
        let headers = [&["Content-Type: application/json"], headers].concat();
        self.send("POST", "/api/v1/acts", &headers, body)
    }

    pub fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|header| header.starts_with("Host:")) {
            text += &format!("Host: {}\r\n", self.address);
        }
        for header in headers {
            text += &format!("{header}\r\n");
        }
        text += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // A server that refuses a body early may hang up before all of it is sent.
        let _ = stream.write_all(text.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        Answer {
            status: head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
