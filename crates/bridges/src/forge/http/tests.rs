//! Calls to a scripted server on loopback.

use super::*;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

/// A server that gives one scripted answer to each connection in turn, and hands back what was asked of it.
fn answering(answers: Vec<String>) -> (SocketAddr, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                if stream.read(&mut byte).unwrap() == 0 {
                    break;
                }
                head.push(byte[0]);
            }
            asked.push(String::from_utf8(head).unwrap());
            stream.write_all(answer.as_bytes()).unwrap();
        }
        asked
    });
    (at, thread)
}

fn answer(status: &str, head: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{head}\r\n{body}", body.len())
}

fn get(reach: Reach, answers: Vec<String>) -> (Vec<Result<Answer, NoAnswer>>, Vec<String>) {
    let count = answers.len();
    let (at, thread) = answering(answers);
    let http = Http::new(reach);
    let got = (0..count)
        .map(|_| http.call(Verb::Get, &format!("http://{at}/x"), &[("accept", "text/plain")], None))
        .collect();
    (got, thread.join().unwrap())
}

#[test]
fn a_limit_says_how_long_to_wait_and_a_refusal_is_an_answer() {
    let limits = [
        ("429 Too Many Requests", "retry-after: 90\r\n", "", 90),
        ("429 Too Many Requests", "", "", 60),
        ("429 Too Many Requests", "retry-after: 1\r\n", "", 60),
        ("429 Too Many Requests", "retry-after: 4000000000\r\n", "", LONGEST_WAIT),
        ("403 Forbidden", "retry-after: 120\r\n", "", 120),
        ("403 Forbidden", "", "You have exceeded a secondary rate limit", 60),
        ("403 Forbidden", "x-ratelimit-remaining: 0\r\n", "", 60),
        ("503 Service Unavailable", "retry-after: 70\r\n", "", 70),
    ];
    let (got, _) =
        get(Reach::Loopback, limits.iter().map(|(status, head, body, _)| answer(status, head, body)).collect());
    for (got, (status, _, _, seconds)) in got.into_iter().zip(limits) {
        assert_eq!(got, Err(NoAnswer::Limited(seconds)), "{status}");
    }
    let others = ["403 Forbidden", "401 Unauthorized", "404 Not Found", "503 Service Unavailable"];
    let (got, _) = get(Reach::Loopback, others.iter().map(|status| answer(status, "", "no")).collect());
    for (got, status) in got.into_iter().zip(others) {
        assert_eq!(got.map(|got| got.status.to_string()), Ok(status.split_once(' ').unwrap().0.to_owned()));
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let head = "location: http://169.254.169.254/latest\r\n";
    let (got, asked) = get(Reach::Loopback, vec![answer("301 Moved Permanently", head, "")]);
    let got = got.into_iter().next().unwrap().unwrap();
    assert_eq!((got.status, got.location.as_deref()), (301, Some("http://169.254.169.254/latest")));
    assert!(asked[0].starts_with("GET /x HTTP/1.1\r\n") && asked[0].contains("user-agent: rochdale/"), "{asked:?}");
}

#[test]
fn an_answer_that_is_too_long_or_no_http_is_none() {
    let long = answer("200 OK", "", &"a".repeat(usize::try_from(LONGEST_ANSWER).unwrap() + 1));
    let (got, _) = get(Reach::Loopback, vec![long]);
    assert_eq!(got, vec![Err(NoAnswer::TooLong)]);
    let (got, _) = get(Reach::Loopback, vec!["220 mail ready\r\n\r\n".to_owned()]);
    assert!(matches!(got[..], [Err(NoAnswer::Unreached(_))]), "{got:?}");
}

/// A name that leads inside is looked at when the connection is made, whatever the address says.
#[test]
fn nothing_inside_is_called() {
    let canary = TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let port = canary.local_addr().unwrap().port();
    for reach in [Reach::Public, Reach::Private] {
        for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "user@127.0.0.1"]
        {
            for scheme in ["http", "https"] {
                let got = Http::new(reach).call(Verb::Get, &format!("{scheme}://{host}:{port}/"), &[], None);
                assert!(matches!(got, Err(NoAnswer::Address(_))), "{scheme} {host} {got:?}");
            }
        }
        // As if its text had passed: a name that has come to lead here.
        let guarded = Guarded { inner: DefaultResolver::default(), reach };
        let agent = Agent::with_parts(Config::builder().proxy(None).build(), DefaultConnector::default(), guarded);
        let got = agent.run(Request::get(format!("http://localhost:{port}/")).body(()).unwrap());
        assert_eq!(why_not(got.unwrap_err()), NoAnswer::Address(format!("the forge is not called: {REFUSED}")));
    }
    assert!(canary.accept().is_err(), "nobody knocked");
}
