//! The look of a cookie, and the member whom it finds.

use super::*;
use axum::http::Request;
use host::{Charter, Coop, ServerClock};
use quantity::{Currency, Moment};

const NOW: Moment = Moment(1_750_000_000_000_000);

fn with_cookie(cookie: &str) -> Parts {
    let request = Request::builder().header(COOKIE, cookie).body(());
    request.expect("a request").into_parts().0
}

#[test]
fn a_session_is_long_random_and_kept_from_scripts() {
    let sessions = Sessions::walk_in();
    let first = sessions.begin(Pseudonym(1)).expect("random");
    let second = sessions.begin(Pseudonym(1)).expect("random");
    assert_ne!(first, second);
    assert!(first.contains("HttpOnly") && first.contains("SameSite=Lax") && first.contains("Path=/"));
    let id = first.split(['=', ';']).nth(1).expect("an id");
    assert_eq!(id.len(), 64);
}

#[test]
fn the_cookie_finds_the_member_among_others() {
    let sessions = Sessions::walk_in();
    let set = sessions.begin(Pseudonym(1)).expect("random");
    let pair = set.split(';').next().expect("a pair");
    let parts = with_cookie(&format!("other=1; {pair}; last=2"));
    assert_eq!(sessions.session(&parts).map(|(_, session)| session.member), Some(Pseudonym(1)));
    assert!(sessions.end(&parts).contains("Max-Age=0"));
    assert!(sessions.session(&parts).is_none());
}

#[test]
fn made_up_ids_are_nobody() {
    let sessions = Sessions::walk_in();
    let _ = sessions.begin(Pseudonym(1)).expect("random");
    for cookie in ["", "rochdale_walk_in=", "rochdale_walk_in=00", "rochdale_walk_in"] {
        assert!(sessions.session(&with_cookie(cookie)).is_none(), "{cookie}");
    }
}

#[test]
fn behind_https_the_cookie_goes_nowhere_else() {
    let template = charter::template("club").expect("a template");
    let filled = template.fill("a club", Currency::parse("EUR").expect("a currency"));
    let charter = Charter::read(filled.kernel, filled.constitution).expect("rules");
    let coop = Coop::in_memory(charter, false, NOW).expect("a co-op");
    let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
    let sessions = Sessions::kept(coop, Transport::Https).expect("sessions");
    let fresh = FreshId::new().expect("random");
    let set = sessions.take_place(&fresh, &Session::begun(Pseudonym(1), NOW)).expect("a place");
    for part in
        ["__Host-rochdale_session=", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=15552000"]
    {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Domain") && !set.contains(&fresh.hash), "{set}");
    let plain = with_cookie(&format!("rochdale_session={}", fresh.id));
    assert_eq!(sessions.id(&plain), None);
}

#[test]
fn only_a_proxy_that_was_named_says_where_a_request_comes_from() {
    let at = |text: &str| text.parse::<IpAddr>().expect("an address");
    let came = |from: &str, told: &[&str], proxies: &[&str]| {
        let mut request = axum::http::Request::builder();
        for words in told {
            request = request.header("x-forwarded-for", *words);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::new(at(from), 9)));
        let proxies: Vec<_> = proxies.iter().map(|text| at(text)).collect();
        address(&proxies, &parts)
    };
    let (proxy, other, client) = ("127.0.0.1", "192.0.2.9", "198.51.100.7");
    for (from, told, proxies, expect) in [
        (proxy, &["192.0.2.1, 198.51.100.7"][..], &[][..], proxy),
        (proxy, &["192.0.2.1, 198.51.100.7"], &[proxy], client),
        (proxy, &["192.0.2.1", "198.51.100.7"], &[proxy], client),
        (client, &["192.0.2.1"], &[proxy], client),
        (proxy, &["192.0.2.1, 198.51.100.7, 192.0.2.9"], &[proxy, other], client),
        (proxy, &["192.0.2.1, unknown"], &[proxy], proxy),
        (proxy, &[], &[proxy], proxy),
        ("::ffff:127.0.0.1", &["198.51.100.7"], &[proxy], client),
    ] {
        assert_eq!(came(from, told, proxies), at(expect), "{from} {told:?} {proxies:?}");
    }
}
