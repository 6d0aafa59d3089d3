//! Heads and bodies in one stream, however it is cut; and requests that two programs could read differently.

use super::*;

/// Gives `bytes` on in pieces of `size`; all that was passed, and whether the rest is refused.
fn passed(bytes: &[u8], size: usize) -> (usize, bool) {
    let mut requests = Requests::new();
    let (mut held, mut all) = (Vec::new(), 0);
    for piece in bytes.chunks(size) {
        held.extend_from_slice(piece);
        loop {
            match requests.pass(&held) {
                Ok(0) => break,
                Ok(count) => {
                    held.drain(..count);
                    all += count;
                }
                Err(_) => return (all, true),
            }
        }
    }
    (all, false)
}

fn check(text: &str, expect: (usize, bool)) {
    for size in [1, 2, 7, text.len().max(1)] {
        assert_eq!(passed(text.as_bytes(), size), expect, "in pieces of {size}: {text:?}");
    }
}

const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn requests_pass_one_after_the_other() {
    let posted = "POST / HTTP/1.1\r\nhost: a:1844\r\ncontent-length: 5\r\n\r\na\nb\rc";
    let pieces =
        "POST / HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\na\nb\r\n0\r\nx: y\r\n\r\n";
    let old = "GET / HTTP/1.0\r\n\r\n";
    let empty = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    for text in [GET, posted, pieces, old, empty] {
        check(text, (text.len(), false));
        let twice = format!("{text}\r\n{text}{GET}");
        check(&twice, (twice.len(), false));
    }
}

#[test]
fn a_head_waits_until_it_is_whole() {
    check("GET / HTTP/1.1\r\nHost: a\r\n", (0, false));
    check(&format!("{GET}GET / HTTP/1.1\r\nHost: a\r\n"), (GET.len(), false));
}

#[test]
fn requests_of_two_meanings_are_refused() {
    for head in [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n",
        "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\rx: y\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    ] {
        check(head, (0, true));
        check(&format!("{GET}{head}"), (GET.len(), true));
    }
    let body = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for wrong in ["1\na\r\n", "x\r\n", "-1\r\n", "0\r\n\n", "10000000000000000\r\n"] {
        let (all, refused) = passed(format!("{body}{wrong}").as_bytes(), 1);
        assert!(all >= body.len() && refused, "{wrong:?}");
    }
}

#[test]
fn what_hyper_cannot_read_is_refused_before_it() {
    for head in [
        "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\n",
        "GET /\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nx y: z\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nx: \0\r\n\r\n",
        "GET a:b:c HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        check(head, (0, true));
        assert_eq!(Requests::new().pass(head.as_bytes()), Err(Refused::Ambiguous), "{head:?}");
    }
}

#[test]
fn a_head_has_so_many_fields_and_bytes() {
    let fields = |count: usize| format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "x: y\r\n".repeat(count - 1));
    assert!(Requests::new().pass(fields(MOST_FIELDS).as_bytes()).is_ok());
    assert_eq!(Requests::new().pass(fields(MOST_FIELDS + 1).as_bytes()), Err(Refused::TooLong));
    let long = format!("GET / HTTP/1.1\r\nHost: a\r\nx: {}", "y".repeat(MOST_HEAD));
    assert_eq!(Requests::new().pass(long.as_bytes()), Err(Refused::TooLong));
}
