//! Addresses that are and are not called.

use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn only_the_open_internet_is_reached_from_a_page() {
    for public in ["140.82.121.3", "8.8.8.8", "2606:50c0:8000::154", "64:ff9b::8c52:7903", "2002:8c52:7903::1"] {
        assert!(Reach::ALL.into_iter().all(|reach| reach.allows(ip(public))), "{public}");
    }
    for inside in
        ["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1", "::ffff:10.0.0.1"]
    {
        assert!(!Reach::Public.allows(ip(inside)), "{inside}");
        assert!(Reach::Private.allows(ip(inside)) && Reach::Loopback.allows(ip(inside)), "{inside}");
    }
    for here in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
        assert!(!Reach::Public.allows(ip(here)) && !Reach::Private.allows(ip(here)), "{here}");
        assert!(Reach::Loopback.allows(ip(here)), "{here}");
    }
    for never in [
        "0.0.0.0",
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.7",
        "192.0.0.8",
        "192.88.99.1",
        "240.0.0.1",
        "::",
        "::7f00:1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "64:ff9b:1::1",
    ] {
        assert!(Reach::ALL.into_iter().all(|reach| !reach.allows(ip(never))), "{never}");
    }
}

#[test]
fn texts_that_are_no_address_of_a_forge_are_refused() {
    for good in ["https://github.com/owner/name", "https://git.example:8443/a/b", "https://[2606:50c0:8000::154]/a/b"] {
        assert!(checked(good, Reach::Public).is_ok(), "{good}");
    }
    for bad in [
        "http://github.com/a/b",
        "ftp://github.com/a/b",
        "file:///etc/passwd",
        "gopher://github.com/1",
        "//github.com/a/b",
        "github.com/a/b",
        "https:///a/b",
        "https://user@github.com/a/b",
        "https://github.com@127.0.0.1/a/b",
        "https://user:secret@github.com/a/b",
        "https://127.0.0.1/a/b",
        "https://localhost/a/b",
        "https://LOCALHOST/a/b",
        "https://[::1]/a/b",
        "https://[::ffff:127.0.0.1]/a/b",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/a/b",
        "https://0.0.0.0/a/b",
        "https://2130706433/a/b",
        "https://0x7f000001/a/b",
        "https://0x7f.1/a/b",
        "https://127.1/a/b",
        "https://017700000001/a/b",
        "https://0177.0.0.1/a/b",
        "https://github.com\\@127.0.0.1/",
        "https://github.com /a/b",
        "https://github.com\t/a/b",
        "https://github.com\r\nHost: x/a",
        "https://gith\u{fc}b.com/a/b",
        "",
        "https://",
        "https://127.0.0.1./a/b",
        "https://[fe80::1]/a/b",
        "https://[fd00::1]/a/b",
        "https://192.168.0.1/a",
        "https://./a/b",
    ] {
        assert!(checked(bad, Reach::Public).is_err(), "{bad}");
    }
    assert!(checked(&format!("https://github.com/{}", "a".repeat(LONGEST_ADDRESS)), Reach::Public).is_err());
    for (here, reach) in [("http://127.0.0.1:3000/a/b", Reach::Loopback), ("https://10.0.0.1/a/b", Reach::Private)] {
        assert!(checked(here, reach).is_ok(), "{here}");
    }
    for (beyond, reach) in [("http://10.0.0.1/a/b", Reach::Loopback), ("http://127.0.0.1/a/b", Reach::Private)] {
        assert!(checked(beyond, reach).is_err(), "{beyond}");
    }
}
