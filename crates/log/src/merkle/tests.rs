//! The tree against the definitions of RFC 6962, written out, and against published tree heads.

use sha2::{Digest, Sha256};

use super::*;
use crate::hash_entry;

/// RFC 6962, 2.1, word for word: the split is the largest power of two smaller than the number of leaves.
fn head(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash(Sha256::digest(b"").into()),
        [leaf] => *leaf,
        _ => {
            let split = (1..leaves.len()).rfind(|k| k.is_power_of_two()).unwrap();
            let (left, right) = leaves.split_at(split);
            node(&head(left), &head(right))
        }
    }
}

/// RFC 6962, 2.1.1, word for word.
fn path(place: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let split = (1..leaves.len()).rfind(|k| k.is_power_of_two()).unwrap();
    let (left, right) = leaves.split_at(split);
    let (mut inner, other) =
        if place < split { (path(place, left), head(right)) } else { (path(place - split, right), head(left)) };
    inner.push(other);
    inner
}

fn leaves(count: u32) -> Vec<Hash> {
    (0..count).map(|n| hash_entry(&n.to_be_bytes())).collect()
}

/// The leaves and tree heads that the test suite of Certificate Transparency has published since 2012.
#[test]
fn the_heads_of_certificate_transparency() {
    let inputs: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let heads = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tree = Tree::default();
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(tree.root().to_string(), nothing);
    for (input, head) in inputs.iter().zip(heads) {
        tree.append(hash_entry(input));
        assert_eq!(tree.root().to_string(), head, "{} leaves", tree.size());
    }
}

#[test]
fn every_size_has_the_head_and_the_path_of_the_definition() {
    let leaves = leaves(300);
    let mut tree = Tree::default();
    for (place, leaf) in leaves.iter().enumerate() {
        tree.append(*leaf);
        let so_far = &leaves[..=place];
        assert_eq!(tree.size(), so_far.len() as u64);
        assert_eq!(tree.root(), head(so_far), "{} leaves", so_far.len());
        assert_eq!(tree.proof_of_last(), path(place, so_far), "leaf {place}");
    }
}

#[test]
fn a_proof_shows_the_last_leaf_and_nothing_else() {
    let leaves = leaves(100);
    let mut tree = Tree::default();
    for leaf in &leaves {
        tree.append(*leaf);
        let (root, size, proof) = (tree.root(), tree.size(), tree.proof_of_last());
        assert!(includes_last(&root, size, *leaf, &proof));
        let other = hash_entry(b"another");
        assert!(!includes_last(&root, size, other, &proof));
        assert!(!includes_last(&other, size, *leaf, &proof));
        assert!(!includes_last(&root, 0, *leaf, &proof));
        let longer = [&proof[..], &[other]].concat();
        assert!(!includes_last(&root, size, *leaf, &longer));
        for place in 0..proof.len() {
            let mut changed = proof.clone();
            changed[place] = other;
            assert!(!includes_last(&root, size, *leaf, &changed));
            changed.remove(place);
            assert!(!includes_last(&root, size, *leaf, &changed));
        }
    }
}

#[test]
fn a_tree_goes_on_from_its_full_trees() {
    let leaf = |n: u64| crate::hash_entry(&n.to_be_bytes());
    let mut whole = Tree::default();
    for size in 0..70 {
        let mut again = Tree::of_full(size, whole.full().to_vec()).unwrap();
        assert_eq!((again.size(), again.root()), (size, whole.root()));
        whole.append(leaf(size));
        again.append(leaf(size));
        assert_eq!(again, whole);
        assert_eq!(Tree::of_full(size, vec![leaf(0); 9]), None);
    }
}

/// The path of each leaf is that of the RFC, and shows that leaf at that place alone.
#[test]
fn the_path_of_every_leaf() {
    for count in 1..70_u32 {
        let leaves = leaves(count);
        let (root, size) = (head(&leaves), u64::from(count));
        for place in 0..count as usize {
            let mut part = |from: u64, to: u64| Ok::<Hash, ()>(head(&leaves[from as usize..to as usize]));
            let found = audit_path(place as u64, size, &mut part).unwrap();
            assert_eq!(found, path(place, &leaves), "{place} of {count}");
            for other in 0..size + 2 {
                let is = includes(&root, size, other, leaves[place], &found);
                assert_eq!(is, other == place as u64, "{place} at {other} of {count}");
            }
            assert!(!includes(&root, size, place as u64, Hash([1; 32]), &found));
        }
    }
}
