//! Receipts of every entry of a log, as it grows from checkpoint to checkpoint.

use rochdale_log::{Head, Memory, Signer};

use super::*;

const COOP: &str = "c_38wheqj84186n";

fn bytes(seq: u64) -> Vec<u8> {
    format!("{{\"the entry\":{seq}}}").into_bytes()
}

#[test]
fn a_thousand_receipts_of_one_log() {
    let mut store = Memory::new();
    store.begin(COOP, &Head::default()).unwrap();
    for seq in 1..=1_000 {
        store.push(seq, "", &bytes(seq)).unwrap();
    }
    store.commit(&Head { seq: 1_000, hash: hash_entry(&bytes(1_000)), time_us: 0 }).unwrap();
    let signer = Signer::new(&key::origin(COOP), &[7; 32]).unwrap();
    let tiles = Tiles::default();
    let (mut tree, mut good) = (Tree::default(), 0);
    for size in 1..=1_000 {
        tree.append(hash_entry(&bytes(size)));
        if ![1, 2, 255, 256, 257, 511, 512, 700, 1_000].contains(&size) {
            continue;
        }
        let checkpoint = signer.sign(size, tree.root());
        for entry in (1..=size).filter(|entry| size == 1_000 || entry % 50 == 1) {
            let text = receipt(&mut store, COOP, &tiles, entry, &checkpoint).unwrap().unwrap();
            assert!(text.len() <= rochdale_log::MAX_PROOF);
            let proof = Proof::read(&text).unwrap();
            assert_eq!((proof.entry, proof.of.clone()), (entry, Proven::Bytes(bytes(entry))));
            assert_eq!(proof.check(None).unwrap().size, size);
            // Neither is it the receipt of another entry.
            let other = text.replacen(&format!("\nindex {}\n", entry - 1), &format!("\nindex {}\n", entry % 1_000), 1);
            assert!(other == text || Proof::read(&other).unwrap().check(None).is_err(), "{other}");
            good += 1;
        }
        let mut none = |entry: u64, note: &str| receipt(&mut store, COOP, &tiles, entry, note).unwrap();
        assert_eq!((none(0, &checkpoint), none(size + 1, &checkpoint)), (None, None));
        let elsewhere = Signer::new("rochdale/c_another", &[7; 32]).unwrap().sign(size, tree.root());
        assert_eq!(none(1, &elsewhere), None, "a checkpoint of another log");
        let anew = signer.sign(size, hash_entry(b"another head"));
        assert_eq!(none(1, &anew), None, "the log was written anew");
    }
    assert!(good >= 1_000, "{good}");
}
