//! Who gets in: other sites do not, other names do not, and a session is its member's only.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::http::{Request, StatusCode};
use web::{Door, ROUTES};

use crate::house::House;
use crate::site::{example, send};

/// A word that every page of the co-op shows.
const NAME: &str = "Toad Lane";

#[tokio::test]
async fn acts_from_another_site_change_nothing() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let entries = house.entries();
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
            let body = Body::from(format!("for_share=1&share=1&side=for&member={}", house.members[0]));
            let answer = send(&mut house.server, request.body(body).expect("a request")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {headers:?}", route.path);
            assert!(!answer.headers.contains_key(SET_COOKIE), "{}", route.path);
        }
        // The same route by GET is no way around it.
        let answer = house.get(&example(route.path), &cookie).await;
        let reads = ROUTES.iter().any(|other| other.method == "get" && other.path == route.path);
        assert!(reads || answer.status == StatusCode::METHOD_NOT_ALLOWED, "{}", route.path);
    }
    assert_eq!(house.entries(), entries);
}

#[tokio::test]
async fn walking_in_needs_an_open_door_and_a_loopback_name() {
    let mut house = House::busy_behind(Door::ReadOnly);
    let answer = house.get("/walk-in", "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let member = format!("member={}", house.members[0]);
    let answer = house.post("/walk-in", "", &member).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let mut house = House::busy();
    let rebound = Request::get("/").header(HOST, "evil.test").body(Body::empty());
    let answer = send(&mut house.server, rebound.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(!answer.text.contains(NAME));
    let answer = house.post("/walk-in", "", "member=nobody").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn leaving_ends_the_session_on_the_server_too() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    assert_eq!(house.get("/me", &cookie).await.status, StatusCode::OK);
    house.post("/walk-in/end", &cookie, "").await;
    let answer = house.get("/me", &cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_walk_in_server_answers_to_no_other_name_at_any_address() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let entries = house.entries();
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
            let answer = send(&mut house.server, request.expect("a request")).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{} {host}", route.path);
            assert!(!answer.text.contains(NAME), "{}", route.path);
        }
    }
    assert_eq!(house.entries(), entries);
}

#[tokio::test]
async fn the_session_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let mut house = House::busy();
    let member = format!("member={}", house.members[2]);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let answer = house.post("/walk-in", "", &member).await;
        let cookie = answer.headers[SET_COOKIE].to_str().expect("ASCII");
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        assert!(!cookie.contains("Domain") && !cookie.contains("m_"), "{cookie}");
        ids.push(cookie.to_owned());
    }
    assert_ne!(ids[0], ids[1]);
}
