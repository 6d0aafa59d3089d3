//! Receipts for every entry of logs of many sizes, and texts that are none.

use super::*;
use crate::merkle::{Tree, audit_path};
use crate::note::Signer;

fn entries(count: u64) -> Vec<Vec<u8>> {
    (0..count).map(|number| format!("{{\"an entry with the number\":{number}}}").into_bytes()).collect()
}

fn receipt(entry: u64, size: u64, signer: &Signer) -> Proof {
    let (root, proof) = proof(entry, size);
    Proof { checkpoint: signer.sign(size, root), ..proof }
}

/// Without a checkpoint, and the head for it.
fn proof(entry: u64, size: u64) -> (Hash, Proof) {
    let entries = entries(size);
    let leaves: Vec<Hash> = entries.iter().map(|bytes| hash_entry(bytes)).collect();
    let mut tree = Tree::default();
    leaves.iter().for_each(|leaf| tree.append(*leaf));
    let mut head = |from: u64, to: u64| {
        let mut part = Tree::default();
        leaves[from as usize..to as usize].iter().for_each(|leaf| part.append(*leaf));
        Ok::<Hash, BadProof>(part.root())
    };
    let path = audit_path(entry - 1, size, &mut head).unwrap();
    let of = Proven::Bytes(entries[entry as usize - 1].clone());
    (tree.root(), Proof { entry, of, path, checkpoint: String::new() })
}

fn signer(secret: u8) -> Signer {
    Signer::new("rochdale/c_38wheqj84186n", &[secret; 32]).unwrap()
}

/// Of a thousand receipts each proves its entry, and proves no other.
#[test]
fn a_thousand_receipts() {
    let signer = signer(7);
    let (mut tried, other) = (0, self::signer(8).public());
    for size in 1..=45 {
        let checkpoint = signer.sign(size, proof(1, size).0);
        for entry in 1..=size {
            let proof = Proof { checkpoint: checkpoint.clone(), ..proof(entry, size).1 };
            let text = proof.write();
            assert!(text.len() <= MAX_PROOF);
            let read = Proof::read(&text).unwrap();
            assert_eq!(read, proof);
            assert_eq!(read.check(None).unwrap().size, size);
            if entry == size {
                assert!(read.check(Some(&signer.public())).is_ok());
                assert_eq!(read.check(Some(&other)), Err(BadProof::Checkpoint(BadNote::NotSigned)));
            }
            let mut moved = read.clone();
            moved.entry = if entry == size { entry + 1 } else { size };
            assert_eq!(moved.check(None), Err(BadProof::NotIncluded), "{entry} of {size}");
            let mut another = read;
            another.of = Proven::Bytes(b"{\"another entry than the one that was signed\"}".to_vec());
            assert_eq!(another.check(None), Err(BadProof::NotIncluded));
            tried += 1;
        }
    }
    assert_eq!(tried, 1_035);
}

/// A receipt with any byte changed proves nothing.
#[test]
fn no_changed_byte_passes() {
    let signer = signer(7);
    let text = receipt(6, 11, &signer).write();
    let good = |text: &str| Proof::read(text).and_then(|proof| proof.check(Some(&signer.public()))).is_ok();
    assert!(good(&text));
    for place in 0..text.len() {
        for byte in [b'A', if place % 2 == 0 { b'1' } else { b'\n' }] {
            let mut changed = text.clone().into_bytes();
            if changed[place] == byte {
                continue;
            }
            changed[place] = byte;
            // A byte within a letter of several is no text.
            let Ok(changed) = String::from_utf8(changed) else { continue };
            assert!(!good(&changed), "byte {place}: {changed}");
        }
        let cut = text.get(..place).unwrap_or_default();
        assert!(!good(cut), "cut off at {place}");
    }
    assert!(!good(&text.replace("index 5", "index 05")));
    assert!(!good(&format!("{text}{}", "\u{2014} x y\n".repeat(1_000))), "too long");
}

/// An entry that does not fit is named by its hash, and the receipt stays short.
#[test]
fn a_long_entry_is_named_by_its_hash() {
    let signer = signer(7);
    let mut tree = Tree::default();
    let long = vec![b'x'; 65_535];
    tree.append(hash_entry(&long));
    let proof =
        Proof { entry: 1, of: Proven::Bytes(long.clone()), path: Vec::new(), checkpoint: signer.sign(1, tree.root()) };
    let text = proof.write();
    let read = Proof::read(&text).unwrap();
    assert_eq!(read.of, Proven::Hash(hash_entry(&long)));
    assert!(text.len() <= MAX_PROOF && read.check(Some(&signer.public())).is_ok());
}

/// The longest path and a short entry still fit.
#[test]
fn the_longest_receipt_is_short_enough() {
    let path = vec![Hash([255; 32]); MOST_HASHES];
    let checkpoint = signer(7).sign(u64::MAX, Hash([255; 32]));
    let proof = Proof { entry: u64::MAX, of: Proven::Bytes(vec![b'x'; 65_535]), path, checkpoint };
    assert!(proof.write().len() <= MAX_PROOF, "{}", proof.write().len());
}
