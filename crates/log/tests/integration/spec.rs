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
    let mut audit = ChainAudit::new("c_38wheqj84186n");
    let mut documents = Vec::new();
    for line in block("log").lines() {
        match read_line(line.as_bytes()).unwrap() {
            Line::Entry(bytes) => assert!(audit.feed(bytes).is_continue()),
            Line::Document { hash, .. } => documents.push(hash),
        }
    }
    let end = audit.verdict(None).unwrap();
    assert_eq!(end.seq, 3);
    assert!(SPEC.contains(&format!("Its last hash is `{}`", end.hash)));
    assert_eq!(documents, [document_hash(b"the kernel"), document_hash(b"the constitution")]);
    let rules = document_hash(format!("{}\n{}\n", documents[0], documents[1]).as_bytes());
    assert_eq!(decode(block("json").as_bytes()).unwrap().rules, rules, "adoption.md, The rules' hash");
    assert!(SPEC.contains(&format!("`abc` has\n  `{}`", document_hash(b"abc"))));
}

#[test]
fn the_example_commitment_is_right() {
    let key = std::array::from_fn(|index| index as u8);
    let hash: Hash = commitment(&key, "name", "Zoë".as_bytes());
    assert!(SPEC.contains(&format!("`{hash}`")) && block("log").contains(&format!("\"name\":\"{hash}\"")));
}

/// The receipt of the page is that of the last entry of its log, signed with the key of the page.
#[test]
fn the_receipt_of_the_specification() {
    let lines: Vec<&str> = block("log").lines().filter(|line| !line.starts_with("{\"document\"")).collect();
    let mut secret = [0; 32];
    (0_u8..).zip(&mut secret).for_each(|(number, byte)| *byte = number);
    let signer = rochdale_log::Signer::new("rochdale/c_38wheqj84186n", &secret).unwrap();
    let mut tree = rochdale_log::Tree::default();
    lines.iter().for_each(|line| tree.append(hash_entry(line.as_bytes())));
    let proof = rochdale_log::Proof {
        entry: 3,
        of: rochdale_log::Proven::Bytes(lines[2].as_bytes().to_vec()),
        path: tree.proof_of_last(),
        checkpoint: signer.sign(3, tree.root()),
    };
    assert_eq!(proof.write(), format!("{}\n", block("receipt")));
    let key = signer.public().write(signer.name());
    assert!(SPEC.contains(&format!("`{key}`")), "{key}");
    assert_eq!(proof.check(Some(&signer.public())).unwrap().size, 3);
}
