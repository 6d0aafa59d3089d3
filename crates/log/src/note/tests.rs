//! Notes and keys against published vectors, and against whoever changes a byte.

use super::*;
use crate::Tree;

fn signer() -> Signer {
    Signer::new("rochdale/c_0000000000000", &[7; 32]).unwrap()
}

/// The example that Go's `note` package and the C2SP page have: a key, a text and its signature.
const PRIVATE: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const PETER: &str = "PeterNeumann";
const SIGNED: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

#[test]
fn the_published_key_signs_as_published() {
    let signer = Signer::read(PRIVATE).unwrap();
    assert_eq!((signer.name(), signer.write().as_str()), (PETER, PRIVATE));
    let (text, line) = SIGNED.split_once("\n\n").unwrap();
    let bytes = base64::decode(line.trim_end().rsplit_once(' ').unwrap().1).unwrap();
    assert_eq!(bytes[..4], signer.public().id(PETER));
    let text = format!("{text}\n");
    assert_eq!(bytes[4..], signer.key.sign(text.as_bytes()).to_bytes());
}

/// RFC 8032, 7.1, tests 1 and 2.
#[test]
fn keys_and_signatures_are_those_of_the_standard() {
    for (secret, public, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            &b""[..],
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            b"\x72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ] {
        let secret = Hash::from_hex(secret.as_bytes()).unwrap().0;
        let signer = Signer::new("a", &secret).unwrap();
        assert_eq!(signer.public().to_string(), public);
        assert_eq!(PublicKey::from_hex(public), Ok(signer.public()));
        let made = signer.key.sign(message).to_bytes();
        let made: String = made.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(made, signature);
    }
}

#[test]
fn a_checkpoint_opens_as_it_was_signed() {
    let signer = signer();
    let note = signer.sign(12, Tree::default().root());
    assert!(
        note.starts_with("rochdale/c_0000000000000\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u{2014} rochdale/c_0000000000000 "),
        "{note}"
    );
    let opened = Checkpoint::open(&note, &signer.public()).unwrap();
    assert_eq!(opened.size, 12);
    assert_eq!(opened.root, Tree::default().root());
    assert_eq!(opened.origin, signer.name());
    // Another signer's line beside it does no harm.
    let beside = format!("{note}\u{2014} witness {}\n", base64::encode(&[1; 68]));
    assert_eq!(Checkpoint::open(&beside, &signer.public()), Ok(opened.clone()));
    assert_eq!(Checkpoint::unsigned(&note), Ok(opened));
}

#[test]
fn whatever_is_changed_does_not_open() {
    let signer = signer();
    let key = signer.public();
    let note = signer.sign(12, Tree::default().root());
    for place in 0..note.len() {
        let mut bytes = note.clone().into_bytes();
        bytes[place] ^= 1;
        if let Ok(changed) = String::from_utf8(bytes) {
            assert!(Checkpoint::open(&changed, &key).is_err(), "byte {place}");
        }
        if note.is_char_boundary(place) {
            assert!(Checkpoint::open(&note[..place], &key).is_err(), "cut at {place}");
        }
    }
    let other = Signer::new(signer.name(), &[8; 32]).unwrap();
    assert_eq!(Checkpoint::open(&note, &other.public()), Err(BadNote::NotSigned));
    let renamed = note.replacen("12\n", "13\n", 1);
    assert_eq!(Checkpoint::open(&renamed, &key), Err(BadNote::WrongSignature));
    let long = format!("{note}{}", "x".repeat(MAX_NOTE));
    assert_eq!(Checkpoint::open(&long, &key), Err(BadNote::TooLong));
    for odd in ["", "\n\n", "a\n01\n\n", "a\n1\nAAAA\n\n\u{2014} a AAAA\n"] {
        assert_eq!(Checkpoint::open(odd, &key), Err(BadNote::Form), "{odd:?}");
    }
}

#[test]
fn a_key_is_read_as_written_or_not_at_all() {
    let written = signer().write();
    assert_eq!(Signer::read(&written).unwrap().public(), signer().public());
    assert!(!format!("{:?}", signer()).contains(&base64::encode(&[7; 32])[..20]));
    for bad in
        ["", "PRIVATE+KEY+a", &written[..written.len() - 4], &written.replace("c_0", "c_1"), &format!("{written}\n")]
    {
        assert_eq!(Signer::read(bad).map(|_| ()), Err(BadKey), "{bad}");
    }
    for name in ["", "a b", "a+b", "a\nb"] {
        assert!(Signer::new(name, &[7; 32]).is_none(), "{name:?}");
    }
    let weak = format!("01{}", "00".repeat(31));
    for bad in
        ["", "zz", weak.as_str(), &format!("02{}", "00".repeat(31)), &signer().public().to_string().to_uppercase()]
    {
        assert_eq!(PublicKey::from_hex(bad), Err(BadKey), "{bad}");
    }
}

#[test]
fn base_64_has_one_writing() {
    for (bytes, text) in [
        (&b""[..], ""),
        (b"f", "Zg=="),
        (b"fo", "Zm8="),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg=="),
        (b"\xff\xfe\xfd", "//79"),
    ] {
        assert_eq!(base64::encode(bytes), text);
        assert_eq!(base64::decode(text).as_deref(), Some(bytes));
    }
    for bad in ["Z", "Zg", "Zg=", "Zh==", "Zg==Zg==", "Zm9v\n", "=", "====", "Zm-v", "Z===", "ab=c"] {
        assert_eq!(base64::decode(bad), None, "{bad:?}");
    }
}

#[test]
fn a_public_key_is_read_as_it_is_written() {
    let signer = Signer::new("rochdale/c_38wheqj84186n", &[3; 32]).unwrap();
    let written = signer.public().write(signer.name());
    assert!(written.starts_with("rochdale/c_38wheqj84186n+"), "{written}");
    assert_eq!(PublicKey::read(&written), Ok(signer.public()));
    assert_eq!(PublicKey::read(&signer.public().to_string()), Ok(signer.public()));
    for wrong in [written.replace("c_3", "c_4"), written[..written.len() - 4].to_owned(), String::new(), "+".repeat(9)]
    {
        assert_eq!(PublicKey::read(&wrong), Err(BadKey), "{wrong}");
    }
}
