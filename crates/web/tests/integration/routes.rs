//! Every route, tried as anonymous, as a member, from another site, and on a co-op that is empty or down.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HOST, LOCATION};
use axum::http::{Method, Request, StatusCode};
use web::ROUTES;

use crate::house::{HOSTILE, House};
use crate::site::{example, get, post, post_json, send};

const PAGES: [&str; 23] = [
    "/",
    "/me",
    "/powers/spend",
    "/powers/keep-list",
    "/decisions",
    "/decisions/maintainer",
    "/decisions/code-of-conduct",
    "/decisions/treasurer",
    "/constitution",
    "/constitution/of/docs-team",
    "/constitution/kernel",
    "/issues",
    "/money",
    "/members",
    "/log",
    "/record",
    "/record/move-in",
    "/imports",
    "/who",
    "/bridges",
    "/walk-in",
    "/api",
    "/nothing-here",
];

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let mut requests: Vec<Request<Body>> = Vec::new();
    for route in ROUTES {
        requests.push(get(&example(route.path), &cookie));
        requests.push(post(&example(route.path), &cookie, "for_share=1"));
        requests.push(post(&example(route.path), "", "\0"));
    }
    requests.push(get("/nothing-here", ""));
    requests.push(get("/decisions/%FF", ""));
    requests.push(Request::get("/").header(HOST, "evil.test").body(Body::empty()).expect("a request"));
    for request in requests {
        let what = format!("{} {}", request.method(), request.uri());
        let answer = send(&mut house.server, request).await;
        for (name, part) in [
            ("content-security-policy", "default-src 'none'"),
            (
                "content-security-policy",
                if what.contains("/embed/") { "frame-ancestors *" } else { "frame-ancestors 'none'" },
            ),
            ("x-content-type-options", "nosniff"),
            ("strict-transport-security", "max-age="),
            ("referrer-policy", "same-origin"),
            ("permissions-policy", "camera=()"),
            ("permissions-policy", "geolocation=()"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", ""),
        ] {
            let value = answer.headers.get(name).unwrap_or_else(|| panic!("{what}: no {name}"));
            assert!(value.to_str().expect("ASCII").contains(part), "{what}: {name}");
        }
        let policy = answer.headers["content-security-policy"].to_str().expect("ASCII");
        assert!(!policy.contains("unsafe"), "{what}");
    }
}

#[tokio::test]
async fn pages_are_whole_and_nothing_in_them_is_script_or_style() {
    let mut house = House::busy();
    let member = house.member(3).await;
    let own = format!("/members/{}", house.members[0]);
    for cookie in ["", member.as_str()] {
        for path in PAGES.into_iter().chain([own.as_str()]) {
            let answer = house.get(path, cookie).await;
            let own = ["/me", "/record", "/record/move-in", "/imports", "/who", "/bridges"];
            let of_members = own.contains(&path) || path.starts_with("/powers/");
            if of_members && cookie.is_empty() {
                assert_eq!(answer.headers[LOCATION], "/walk-in");
                continue;
            }
            let text = &answer.text;
            assert!(text.starts_with("<!doctype html>"), "{path}");
            assert!(text.trim_end().ends_with("</html>"), "{path}");
            assert!(!text.contains("<script>") && !text.contains(" style="), "{path}");
            assert!(!text.contains(" onclick") && !text.contains("javascript:"), "{path}");
            assert_eq!(text.matches("<script").count(), 1, "{path}");
            assert_eq!(text.matches("<h1").count(), 1, "{path}");
            assert!(text.contains("anyone at this address may act as any member"), "{path}");
            let pictures = text.matches("<figure").count();
            assert!(text.matches("Show as table").count() >= pictures, "{path}");
            assert!(!text.contains(HOSTILE), "{path}");
            let listed = ["/issues", "/members", "/log", "/decisions/maintainer"].contains(&path);
            assert!(!listed || text.contains("&#60;script&#62;"), "{path}");
        }
    }
}

#[tokio::test]
async fn pages_that_show_ballots_say_that_they_are_made_up() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    for path in ["/", "/me", "/decisions", "/decisions/maintainer", "/issues", "/log"] {
        let answer = house.get(path, &cookie).await;
        assert!(answer.text.contains("ballots on this page are made up") || path == "/", "{path}");
        assert!(answer.text.contains("made up"), "{path}");
    }
    for path in ["/", "/decisions/maintainer"] {
        let answer = house.get(path, &cookie).await;
        assert!(answer.text.contains("Run the next update now"), "{path}");
    }
}

#[tokio::test]
async fn a_co_op_on_its_first_day_has_every_page() {
    let mut house = House::first_day();
    let cookie = house.member(1).await;
    for path in ["/", "/me", "/decisions", "/issues", "/money", "/members", "/log", "/walk-in"] {
        let answer = house.get(path, &cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn absent_things_are_404_and_a_store_that_is_down_is_503_to_those_who_write() {
    let mut house = House::busy();
    for path in ["/decisions/none", "/members/nobody", "/static/0/none", "/api/v1/members/nobody", "/x"] {
        assert_eq!(house.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = house.get("/api/v1/nothing", "").await;
    assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json");
    let mut house = House::down();
    for path in ["/", "/members", "/api/v1/coop"] {
        assert_eq!(house.get(path, "").await.status, StatusCode::OK, "{path}: what was committed can be read");
    }
    let health = house.get("/health", "").await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(health.text.contains("it is not known whether the last entries were saved"), "{}", health.text);
    let stand = serde_json::json!({ "act": "stand", "member": "m_0000000000000", "decision": "maintainer" });
    let answer = send(&mut house.server, post_json("/api/v1/acts", &stand)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert!(answer.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn too_much_at_once_is_refused_in_words() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    let form = format!("for_share={}", "1".repeat(70_000));
    let answer = house.post("/decisions/maintainer/ballot", &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains("64 KiB"));
}

#[tokio::test]
async fn private_pages_are_not_kept_and_files_are_kept_for_good() {
    let mut house = House::busy();
    let cookie = house.member(3).await;
    for path in ["/me", "/", "/decisions/maintainer"] {
        let answer = house.get(path, &cookie).await;
        assert_eq!(answer.headers[CACHE_CONTROL], "no-store", "{path}");
    }
    let home = house.get("/", "").await.text;
    let start = home.find("/static/").expect("a style sheet");
    let path = home[start..].split('"').next().expect("an address");
    let answer = house.get(path, "").await;
    assert!(answer.headers[CACHE_CONTROL].to_str().expect("ASCII").contains("immutable"));
    let answer = house.get("/static/0/rochdale.css", "").await;
    assert_eq!(answer.headers[CACHE_CONTROL], "no-cache");
}

#[tokio::test]
async fn the_first_page_is_at_most_60_kilobytes_over_the_wire() {
    let mut house = House::busy();
    let mut bytes = 0;
    for path in ["/", "/static/0/rochdale.css", "/static/0/htmx.min.js", "/static/0/mark.svg"] {
        let mut request = get(path, "");
        request.headers_mut().insert("accept-encoding", "gzip".parse().expect("ASCII"));
        let answer = send(&mut house.server, request).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.bytes < 1_000 || answer.headers[CONTENT_ENCODING] == "gzip", "{path}");
        bytes += answer.bytes;
    }
    assert!(bytes <= 60_000, "{bytes} bytes");
}

#[tokio::test]
async fn unknown_methods_are_answered_in_words() {
    let mut house = House::busy();
    let mut request = get("/money", "");
    *request.method_mut() = Method::DELETE;
    request.headers_mut().insert("sec-fetch-site", "same-origin".parse().expect("ASCII"));
    let answer = send(&mut house.server, request).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.text.contains("does not take that"));
}
