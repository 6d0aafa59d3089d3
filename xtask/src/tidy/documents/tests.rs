//! Each rule about documents, kept and broken.

use super::super::tests::{house, places};
use super::*;

const LICENCE: &str = "GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007\nEND OF TERMS AND CONDITIONS\n";

#[track_caller]
fn finds(files: &[(&str, &str)], expect: &[&str]) {
    let mut files = house(files);
    files.entry("LICENSE".to_owned()).or_insert_with(|| LICENCE.to_owned());
    let known: Vec<String> = files.keys().cloned().collect();
    let findings =
        check(&files, &|path| known.iter().any(|file| file == path || file.starts_with(&format!("{path}/"))));
    assert_eq!(places(&findings), expect);
}

#[test]
fn every_chapter_is_linked_from_the_front() {
    finds(&[("README.md", "[polls](docs/spec/polls.md#quorum)"), ("docs/spec/polls.md", "# Polls")], &[]);
    finds(&[("README.md", "see docs/spec/polls.md"), ("docs/spec/polls.md", "# Polls")], &["docs/spec/polls.md:1"]);
    finds(&[("docs/a.md", "[polls](spec/polls.md)"), ("docs/spec/polls.md", "# Polls")], &["docs/spec/polls.md:1"]);
}

#[test]
fn no_link_leads_nowhere() {
    finds(&[("README.md", "x\n[a](gone.md)")], &["README.md:2"]);
    finds(
        &[("docs/a.md", "[a](../README.md) [b](https://example.org) [c](#here) [d](../docs)"), ("README.md", "")],
        &[],
    );
    finds(&[("README.md", "```\n[a](gone.md)\n```\n`[b](gone.md)`")], &[]);
}

#[test]
fn the_licence_is_whole() {
    finds(&[("LICENSE", "MIT")], &["LICENSE:1"]);
}
