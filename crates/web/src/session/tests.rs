//! Sessions stand for one member until they end.

use super::*;
use axum::http::Request;

fn with_cookie(cookie: &str) -> Parts {
    let request = Request::builder().header(COOKIE, cookie).body(());
    request.expect("a request").into_parts().0
}

#[test]
fn a_session_is_long_random_and_kept_from_scripts() {
    let sessions = Sessions::new();
    let first = sessions.begin("m_1").expect("random");
    let second = sessions.begin("m_1").expect("random");
    assert_ne!(first, second);
    assert!(
        first.contains("HttpOnly") && first.contains("SameSite=Lax") && first.contains("Path=/")
    );
    let id = first.split(['=', ';']).nth(1).expect("an id");
    assert_eq!(id.len(), 64);
}

#[test]
fn the_cookie_finds_the_member_among_others() {
    let sessions = Sessions::new();
    let set = sessions.begin("m_1").expect("random");
    let pair = set.split(';').next().expect("a pair");
    let parts = with_cookie(&format!("other=1; {pair}; last=2"));
    assert_eq!(sessions.member(&parts).as_deref(), Some("m_1"));
    sessions.end(&parts);
    assert_eq!(sessions.member(&parts), None);
}

#[test]
fn made_up_ids_are_nobody() {
    let sessions = Sessions::new();
    let _ = sessions.begin("m_1").expect("random");
    for cookie in [
        "",
        "rochdale_walk_in=",
        "rochdale_walk_in=00",
        "rochdale_walk_in",
    ] {
        assert_eq!(sessions.member(&with_cookie(cookie)), None, "{cookie}");
    }
}

#[test]
fn the_oldest_session_goes_first() {
    let sessions = Sessions::new();
    let first = sessions.begin("m_1").expect("random");
    for _ in 0..MOST_SESSIONS {
        let _ = sessions.begin("m_2").expect("random");
    }
    let pair = first.split(';').next().expect("a pair");
    assert_eq!(sessions.member(&with_cookie(pair)), None);
}
