//! Who gets in: other sites do not, other names do not, and a session is its member's only.

#![allow(clippy::expect_used, reason = "helpers of tests are tests")]

#[allow(dead_code, reason = "other tests use more of the fixture than this")]
mod fixture;
#[allow(dead_code, reason = "other tests use more of it than this")]
mod site;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::http::{Request, StatusCode};
use fixture::Fixture;
use site::{example, get, post, send, serve, walk_in};
use web::{Door, ROUTES};

#[tokio::test]
async fn acts_from_another_site_change_nothing() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    for route in ROUTES.iter().filter(|route| route.method == "post") {
        let hostile: [&[(&str, &str)]; 4] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.test")],
            &[],
        ];
        for headers in hostile {
            let mut request = Request::post(example(route.path))
                .header(HOST, "localhost:1844")
                .header(COOKIE, &cookie)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let body = Body::from("for_share=1&share=1&side=for&member=member-001");
            let answer = send(&mut server, request.body(body).expect("a request")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {headers:?}", route.path);
            assert!(!answer.headers.contains_key(SET_COOKIE), "{}", route.path);
        }
        // The same route by GET is no way around it.
        let answer = send(&mut server, get(&example(route.path), &cookie)).await;
        let reads = ROUTES.iter().any(|other| other.method == "get" && other.path == route.path);
        assert!(reads || answer.status == StatusCode::METHOD_NOT_ALLOWED, "{}", route.path);
    }
    assert!(facts.submitted.lock().expect("a lock").is_empty());
}

#[tokio::test]
async fn walking_in_needs_an_open_door_and_a_loopback_name() {
    let (mut server, _) = serve(Fixture::default(), Door::ReadOnly);
    let answer = send(&mut server, get("/walk-in", "")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let answer = send(&mut server, post("/walk-in", "", "member=member-001")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let (mut server, _) = serve(Fixture::default(), Door::WalkIn);
    let rebound = Request::get("/").header(HOST, "evil.test").body(Body::empty());
    let answer = send(&mut server, rebound.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(!answer.text.contains("hledger"));
    let answer = send(&mut server, post("/walk-in", "", "member=nobody")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn leaving_ends_the_session_on_the_server_too() {
    let (mut server, _) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    assert_eq!(send(&mut server, get("/me", &cookie)).await.status, StatusCode::OK);
    send(&mut server, post("/walk-in/end", &cookie, "")).await;
    let answer = send(&mut server, get("/me", &cookie)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_walk_in_server_answers_to_no_other_name_at_any_address() {
    let (mut server, facts) = serve(Fixture::default(), Door::WalkIn);
    let cookie = walk_in(&mut server, "member-003").await;
    for route in ROUTES {
        for host in ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test:1844", "10.0.0.1", ""] {
            let request = Request::builder()
                .method(route.method.to_ascii_uppercase().as_str())
                .uri(example(route.path))
                .header(HOST, host)
                .header("sec-fetch-site", "same-origin")
                .header(COOKIE, &cookie)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from("share=1&side=for"));
            let answer = send(&mut server, request.expect("a request")).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{} {host}", route.path);
            assert!(!answer.text.contains("hledger"), "{}", route.path);
        }
    }
    assert!(facts.submitted.lock().expect("a lock").is_empty());
}

#[tokio::test]
async fn the_session_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let (mut server, _) = serve(Fixture::default(), Door::WalkIn);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let answer = send(&mut server, post("/walk-in", "", "member=member-003")).await;
        let cookie = answer.headers[SET_COOKIE].to_str().expect("ASCII");
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        assert!(!cookie.contains("Domain") && !cookie.contains("member"), "{cookie}");
        ids.push(cookie.to_owned());
    }
    assert_ne!(ids[0], ids[1]);
}
