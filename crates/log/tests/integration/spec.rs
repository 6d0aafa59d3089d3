//! The examples of `docs/spec/log.md` are what the program writes and reads.

use rochdale_log::{ChainAudit, Hash, Line, commitment, decode, document_hash, hash_entry, read_line};

const SPEC: &str = include_str!("../../../../docs/spec/log.md");

fn block(language: &str) -> &'static str {
    let (_, after) = SPEC.split_once(&format!("```{language}\n")).unwrap();
    after.split_once("\n```").unwrap().0
}

#[test]
fn the_example_entry_has_the_hash_that_is_given() {
    let entry = block("json");
    assert!(decode(entry.as_bytes()).is_ok());
    assert!(SPEC.contains(&format!("`{}`", hash_entry(entry.as_bytes()))));
}

#[test]
fn the_example_file_verifies_and_ends_with_the_hash_that_is_given() {
    let mut audit = ChainAudit::new("hledger");
    let mut documents = 0;
    for line in block("log").lines() {
        match read_line(line.as_bytes()).unwrap() {
            Line::Entry(bytes) => assert!(audit.feed(bytes).is_continue()),
            Line::Document { hash, .. } => {
                assert_eq!(hash, document_hash(b"abc"));
                documents += 1;
            }
        }
    }
    let end = audit.verdict(None).unwrap();
    assert_eq!((end.seq, documents), (2, 1));
    assert!(SPEC.contains(&format!("Its last hash is `{}`", end.hash)));
}

#[test]
fn the_example_commitment_is_right() {
    let key = std::array::from_fn(|index| index as u8);
    let hash: Hash = commitment(&key, "member/name", "Zoë".as_bytes());
    assert!(SPEC.contains(&format!("`{hash}`")));
}
