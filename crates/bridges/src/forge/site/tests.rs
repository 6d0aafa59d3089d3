//! Addresses of repositories in each dialect.

use super::*;

fn of(dialect: Dialect, address: &str) -> Option<(String, String)> {
    let site = Site::parse(dialect, address, Reach::Loopback).ok()?;
    Some((site.place().to_owned(), site.api()))
}

#[test]
fn each_dialect_has_its_interface_beside_its_pages() {
    for (dialect, page, place, api) in [
        (Dialect::Github, "https://github.com/A/b", "github.com/a/b", "https://api.github.com/repos/A/b"),
        (Dialect::Github, "https://git.example/A/b.git", "git.example/a/b", "https://git.example/api/v3/repos/A/b"),
        (Dialect::Gitea, "https://codeberg.org/A/b", "codeberg.org/a/b", "https://codeberg.org/api/v1/repos/A/b"),
        (Dialect::Gitea, "https://x.example/git/A/b/", "x.example/git/a/b", "https://x.example/git/api/v1/repos/A/b"),
        (
            Dialect::Gitlab,
            "https://gitlab.com/g/s/b",
            "gitlab.com/g/s/b",
            "https://gitlab.com/api/v4/projects/g%2Fs%2Fb",
        ),
        (Dialect::Gitea, "http://127.0.0.1:3000/a/b", "127.0.0.1_3000/a/b", "http://127.0.0.1:3000/api/v1/repos/a/b"),
    ] {
        assert_eq!(of(dialect, page), Some((place.to_owned(), api.to_owned())), "{page}");
    }
    for bad in [
        "https://github.com",
        "https://github.com/a",
        "https://github.com/a/b/c",
        "https://github.com/a/../b",
        "https://github.com/a/b?x",
        "https://github.com/a/b#x",
        "https://github.com/a//b",
        "https://github.com/a/%2e%2e",
        "https://github.com/a/b c",
    ] {
        assert_eq!(of(Dialect::Github, bad), None, "{bad}");
    }
}

#[test]
fn a_token_is_never_shown_and_never_breaks_a_head() {
    let site = Site::parse(Dialect::Github, "https://github.com/a/b", Reach::Public).unwrap();
    let forge = Forge::new(site.clone(), Some(" secret-of-the-coop "), Reach::Public).unwrap();
    assert!(!format!("{forge:?}").contains("secret"));
    for bad in ["two words", "line\nbreak", "\u{fc}", &"a".repeat(LONGEST_TOKEN + 1)] {
        assert!(Forge::new(site.clone(), Some(bad), Reach::Public).is_err(), "{bad}");
    }
}
