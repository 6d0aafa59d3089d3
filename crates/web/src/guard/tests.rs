//! Which requests may act.

use super::*;

#[test]
fn acts_from_other_sites_are_refused() {
    for (headers, path, expect) in [
        (&[("sec-fetch-site", "same-origin")][..], "/walk-in", true),
        (&[("sec-fetch-site", "none")], "/walk-in", true),
        (&[("sec-fetch-site", "cross-site")], "/walk-in", false),
        (&[("sec-fetch-site", "same-site")], "/walk-in", false),
        (&[("sec-fetch-site", "cross-site")], "/api/v1/acts", false),
        (&[("origin", "http://localhost:1844"), ("host", "localhost:1844")], "/walk-in", true),
        (&[("origin", "http://evil.test"), ("host", "localhost:1844")], "/walk-in", false),
        (&[("origin", "null"), ("host", "localhost:1844")], "/walk-in", false),
        (&[("origin", "http://localhost:80"), ("host", "localhost:1844")], "/walk-in", false),
        (&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")], "/walk-in", false),
        (&[], "/walk-in", false),
        (&[], "/api/v1/acts", true),
        (&[("cookie", "rochdale_walk_in=1")], "/api/v1/acts", false),
    ] {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        assert_eq!(is_same_site(&map, path), expect, "{headers:?} {path}");
    }
}

#[test]
fn only_loopback_names_are_known() {
    for host in ["localhost", "LOCALHOST:1844", "127.0.0.1:1844", "[::1]:1844", "[::1]"] {
        assert!(is_loopback(host), "{host}");
    }
    for host in ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test:1844", "", "192.168.1.2"] {
        assert!(!is_loopback(host), "{host}");
    }
}
