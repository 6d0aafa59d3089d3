//! Texts are read when they are asked for, and few stay in memory.

use rochdale_log::{Head, Memory, Store as _};
use views::Library as _;

use super::*;

const COOP: &str = "c_library";

/// A library with texts of so many bytes, and their hashes.
fn library(texts: usize, bytes: usize) -> (Memory, Library, Vec<String>) {
    let mut store = Memory::new();
    store.begin(COOP, &Head::default()).unwrap();
    let hashes = (0..texts).map(|number| {
        let text = format!("# Text {number}\n{}", "x".repeat(bytes));
        let hash = engine::digest::hex(text.as_bytes());
        store.put("document", hash.as_bytes(), text.as_bytes()).unwrap();
        hash
    });
    let hashes = hashes.collect();
    store.commit(&Head::default()).unwrap();
    let library = Library::new(Arc::new(Beside::of(&store, COOP)));
    (store, library, hashes)
}

#[test]
fn nothing_is_read_before_it_is_asked_for() {
    let (_store, library, hashes) = library(3, 10);
    assert!(library.kept().titles.is_empty());
    assert_eq!(library.title(&hashes[1]).as_deref(), Some("Text 1"));
    assert_eq!(library.kept().titles.len(), 1);
    assert!(library.document(&hashes[2]).unwrap().text.starts_with("# Text 2\n"));
    assert_eq!(library.document("00"), None);
}

#[test]
fn a_text_that_came_later_is_found() {
    let (mut store, library, _) = library(0, 0);
    assert_eq!(library.document("ab"), None);
    store.begin(COOP, &Head::default()).unwrap();
    store.put("document", b"ab", b"# Later").unwrap();
    assert_eq!(library.document("ab"), None, "not committed");
    store.commit(&Head::default()).unwrap();
    assert_eq!(library.title("ab").as_deref(), Some("Later"));
}

#[test]
fn texts_in_memory_have_a_bound_and_titles_outlive_them() {
    let (_store, library, hashes) = library(20, 1_048_576);
    for hash in &hashes {
        library.document(hash).unwrap();
        let kept = library.kept();
        let bytes: usize = kept.cards.values().map(|card| card.text.len()).sum();
        assert_eq!(kept.bytes, bytes);
        assert!(bytes <= MOST_BYTES, "{bytes}");
    }
    let kept = library.kept();
    assert!(kept.cards.len() < 8 && kept.titles.len() == 20);
}
