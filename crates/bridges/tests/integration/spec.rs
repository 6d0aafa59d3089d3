//! `docs/spec/import.md` run as a test: each file in it gives the facts or mistakes of the block after it.

use std::ops::ControlFlow;
use std::path::Path;

use bridges::{Fact, Kind, Refused, What, open};

const CHAPTER: &str = include_str!("../../../../docs/spec/import.md");

/// Returns the chapter's fenced blocks: the words after the fence, and the lines within.
fn blocks() -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut parts = CHAPTER.split("```");
    parts.next();
    while let Some(block) = parts.next() {
        let (name, text) = block.split_once('\n').unwrap();
        blocks.push((name.to_owned(), text.to_owned()));
        parts.next();
    }
    blocks
}

#[test]
fn every_file_in_the_chapter_says_what_follows_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut blocks = blocks().into_iter();
    let mut files = 0;
    while let Some((name, text)) = blocks.next() {
        let kind = Kind::parse(&name).unwrap();
        let (says, expected) = blocks.next().unwrap();
        assert_eq!(says, "says");
        let path = folder.path().join(format!("{}.csv", name.trim_end_matches("-csv")));
        std::fs::write(&path, text).unwrap();
        assert_eq!(read(kind, &path), expected.lines().collect::<Vec<_>>());
        files += 1;
    }
    assert_eq!(files, 6);
}

#[test]
fn every_kind_has_its_section() {
    for kind in Kind::ALL {
        assert!(CHAPTER.contains(&format!("\n## {}\n", kind.name())), "{}", kind.name());
    }
}

fn read(kind: Kind, path: &Path) -> Vec<String> {
    let mut source = match open(kind, path, &mut |_, _| {}) {
        Ok(source) => source,
        Err(Refused::Mistakes { first, .. }) => {
            return first.iter().map(ToString::to_string).collect();
        }
        Err(fault) => panic!("{fault}"),
    };
    let mut said = Vec::new();
    source
        .facts(&mut |fact| {
            said.push(told(&fact));
            ControlFlow::Continue(())
        })
        .unwrap();
    said
}

fn told(fact: &Fact) -> String {
    let what = match &fact.what {
        What::Member { person, organisation, .. } => format!("{} {organisation}", person.name),
        What::Support { person, kind, amount, months, pledge_series, stands_months, .. } => {
            let parts = if *months == 1 { String::new() } else { format!(", {months} parts") };
            let series = pledge_series.as_ref();
            let stands = series.map(|name| format!(", {name} for {stands_months} months"));
            format!("{kind} {amount} by {}{parts}{}", person.name, stands.unwrap_or_default())
        }
        What::Reversal { of, amount } => format!("takes back {amount} of {}", of[0]),
        What::Booking { narration, postings, .. } => {
            let postings = postings.iter().map(|p| format!("{} {}", p.account, p.minor));
            format!("{narration}: {}", postings.collect::<Vec<_>>().join(", "))
        }
        What::Item { list, id, title, url, labels, closed, .. } => {
            let state = if *closed { "closed" } else { "open" };
            let url = url.as_deref().unwrap_or_default();
            format!("item {id} of {list}, {state}: {title} [{}] {url}", labels.join(" "))
        }
    };
    format!("{} {} {what}", fact.at, fact.source)
}
