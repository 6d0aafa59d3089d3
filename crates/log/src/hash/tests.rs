//! Every value here was computed with Python's `hashlib` and `hmac`, not with this crate.

use super::*;

#[test]
fn entry_hash_is_the_leaf_hash_of_rfc_6962() {
    // The empty leaf is a test vector of RFC 6962 implementations.
    let empty = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    assert_eq!(hash_entry(b"").to_string(), empty);
    assert_ne!(hash_entry(b"abc"), document_hash(b"abc"));
}

#[test]
fn document_hash_is_plain_sha_256() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(document_hash(b"abc").to_string(), abc);
}

#[test]
fn commitment_is_hmac_over_length_prefixed_parts() {
    let key: [u8; 32] = std::array::from_fn(|index| index as u8);
    let hash = commitment(&key, "member/name", "Zoë".as_bytes());
    assert_eq!(hash.to_string(), "e8821956ce23c7aa73dd08c10f5c328be5d823fb5a03cfdd46993400136e27fb");
}

#[test]
fn commitment_keeps_field_and_value_apart() {
    let key = [7; 32];
    assert_ne!(commitment(&key, "ab", b"c"), commitment(&key, "a", b"bc"));
    assert_ne!(commitment(&key, "a", b""), commitment(&[8; 32], "a", b""));
}

#[test]
fn hash_has_one_writing() {
    let text = "00ff0123456789abcdef00ff0123456789abcdef00ff0123456789abcdef1234";
    let hash: Hash = text.parse().unwrap();
    assert_eq!(hash.to_string(), text);
    assert_eq!(hash.0[..3], [0x00, 0xff, 0x01]);
    for bad in [&text[1..], &text.to_uppercase(), &text.replace('1', "g"), &text.replace('1', " "), ""] {
        assert_eq!(bad.parse::<Hash>(), Err(BadHash), "{bad}");
    }
}

#[test]
fn bytes_one_after_another_have_the_hash_of_all() {
    let mut hash = DocumentHash::default();
    hash.add(b"a");
    hash.add(b"");
    hash.add(b"bc");
    assert_eq!(hash.end(), document_hash(b"abc"));
}
