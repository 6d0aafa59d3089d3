//! Requests as a browser sends them.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::Service;

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: usize,
    pub text: String,
}

pub async fn send(server: &mut Router, request: Request<Body>) -> Answer {
    let response = server.call(request).await.expect("routers do not fail");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a body");
    Answer {
        status: parts.status,
        headers: parts.headers,
        bytes: bytes.len(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

pub fn get(path: &str, cookie: &str) -> Request<Body> {
    let mut request = Request::get(path).header(HOST, "localhost:1844");
    if !cookie.is_empty() {
        request = request.header(COOKIE, cookie);
    }
    request.body(Body::empty()).expect("a request")
}

pub fn post(path: &str, cookie: &str, form: &str) -> Request<Body> {
    let mut request = Request::post(path)
        .header(HOST, "localhost:1844")
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    if !cookie.is_empty() {
        request = request.header(COOKIE, cookie);
    }
    request.body(Body::from(form.to_owned())).expect("a request")
}

/// A form with further headers.
pub async fn send_with(
    server: &mut Router,
    path: &str,
    cookie: &str,
    form: &str,
    more: &[(&'static str, &str)],
) -> Answer {
    let mut request = post(path, cookie, form);
    for (name, value) in more {
        request.headers_mut().insert(*name, value.parse().expect("a header"));
    }
    send(server, request).await
}

/// A program's request to an address of the API.
pub fn post_json(path: &str, json: impl ToString) -> Request<Body> {
    let request = Request::post(path).header(HOST, "localhost").header(CONTENT_TYPE, "application/json");
    request.body(Body::from(json.to_string())).expect("a request")
}

/// A form with a file in it, as a browser sends it.
pub fn post_file(path: &str, cookie: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Request<Body> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--x7\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!("--x7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x7--\r\n");
    let request = Request::post(path)
        .header(HOST, "localhost:1844")
        .header("sec-fetch-site", "same-origin")
        .header(COOKIE, cookie)
        .header(CONTENT_TYPE, "multipart/form-data; boundary=x7");
    request.body(Body::from(body)).expect("a request")
}

/// Walks in and answers the cookie.
pub async fn walk_in(server: &mut Router, member: &str) -> String {
    let answer = send(server, post("/walk-in", "", &format!("member={member}"))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let set = answer.headers[SET_COOKIE].to_str().expect("ASCII");
    set.split(';').next().expect("a pair").to_owned()
}

/// A text as forms write it.
pub fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// A path that exists for each route.
pub fn example(path: &str) -> String {
    path.replace("{name}", "maintainer")
        .replace("{item}", "220")
        .replace("{member}", "m_0000000000000")
        .replace("{document}", "d_1")
        .replace("{path}", "docs-team")
        .replace("{fork}", "blue")
        .replace("{part}", "kernel")
        .replace("{power}", "spend")
        .replace("{code}", "0123456789abcdef0123456789abcdef")
        .replace("{hash}", "0")
        .replace("{clause}", "binaries")
        .replace("{release}", "binaries")
        .replace("{version}", "1.0")
        .replace("{key}", "0123456789abcdef0123456789abcdef")
        .replace("{file}", "rochdale.css")
        .replace("{entry}", "1")
        .replace("{number}", "1")
        .replace("{bridge}", "0123456789abcdef01234567")
}
