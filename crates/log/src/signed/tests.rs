//! A vector that PyNaCl (libsodium) signed; every changed byte; the keys that one signature would open; S + L.

use proptest::prelude::*;

use super::*;
use crate::entry::{Form, decode, encode};

const SECRET: [u8; 32] = {
    let mut secret = [0; 32];
    let mut at = 0;
    while at < 32 {
        secret[at] = at as u8;
        at += 1;
    }
    secret
};

const BODY: &[u8] =
    br#"{"member":"m_04hmasw9nf6yy","decision":"issues","item":"220","share_ppm":50000,"against":false}"#;

fn statement() -> Statement<'static> {
    Statement {
        coop: "c_38wheqj84186n",
        first: "bd87df8c5705ffb3da493cf141d569cfd3508fb25edd77360095db37b8216d3e".parse().unwrap(),
        member: "m_04hmasw9nf6yy",
        authority: "member",
        device: 12,
        turn: 1,
        after: 19,
        head: "4862f9e445a3c20d59e259bda0cae5f5d13eaea9e3c12c69a1752a6375308ff6".parse().unwrap(),
        until_us: 1_483_315_800_000_000,
        kind: "cast_ballot",
        body: BODY,
        commitments: &[],
    }
}

const SIGNATURE: &str = "NU12Af5zFrYIns3PkI5JkUe4dilL1AZcFLGxCPQ2bo6R8tP3fuBmHjtFqrk9tidspMidcrR976t51p5eCVVXAQ==";

fn key() -> DeviceKey {
    DeviceKey::read(&public_of(&SECRET)).unwrap()
}

#[test]
fn libsodium_signs_the_same() {
    let statement = statement();
    assert_eq!(
        String::from_utf8(statement.bytes()).unwrap(),
        concat!(
            r#"{"statement":"rochdale/act/1","coop":"c_38wheqj84186n","first":"bd87df8c5705ffb3da493cf141d569cfd3508fb25edd77360095db37b8216d3e","#,
            r#""member":"m_04hmasw9nf6yy","authority":"member","device":12,"turn":1,"after":19,"#,
            r#""head":"4862f9e445a3c20d59e259bda0cae5f5d13eaea9e3c12c69a1752a6375308ff6","until_us":1483315800000000,"kind":"cast_ballot","#,
            r#""body":{"member":"m_04hmasw9nf6yy","decision":"issues","item":"220","share_ppm":50000,"against":false},"commitments":{}}"#,
        )
    );
    let signed = statement.sign(&SECRET);
    assert_eq!(base64::encode(&signed.sig), SIGNATURE);
    assert!(key().has_signed(&statement.bytes(), &signed.sig));
}

#[test]
fn an_entry_ends_with_it_and_is_read_back() {
    let signed = statement().sign(&SECRET);
    let head = crate::entry::EntryHead {
        coop: "c_38wheqj84186n",
        seq: 20,
        prev: Hash::ZERO,
        time_us: 1,
        kind: "cast_ballot",
        rules: Hash::ZERO,
        actor: "m_04hmasw9nf6yy",
        authority: "member",
        nonce: "",
        key: "12/1",
    };
    let mut line = Vec::new();
    encode(&head, BODY, &[], Form::Two(Some(&signed)), &mut line).unwrap();
    let text = String::from_utf8(line.clone()).unwrap();
    let end = format!(
        r#""commitments":{{}},"signed":{{"device":12,"turn":1,"after":19,"until_us":1483315800000000,"sig":"{SIGNATURE}"}}}}"#
    );
    assert!(text.starts_with("{\"v\":2,") && text.ends_with(&end), "{text}");
    assert_eq!(decode(&line).unwrap().signed, Some(Some(signed)));
    let mut unsigned = Vec::new();
    encode(&head, BODY, &[], Form::Two(None), &mut unsigned).unwrap();
    assert!(unsigned.ends_with(br#","commitments":{},"signed":null}"#));
    assert_eq!(decode(&unsigned).unwrap().signed, Some(None));
    for (from, to) in [
        ("{\"v\":2", "{\"v\":1"),
        ("{\"v\":2", "{\"v\":3"),
        ("\"device\":12", "\"device\":-1"),
        ("\"device\":12", "\"device\":9223372036854775808"),
        ("\"turn\":1,", "\"turn\":01,"),
        ("\"turn\":1,\"after\":19", "\"after\":19,\"turn\":1"),
        ("\"until_us\":1483315800000000", "\"until_us\":9223372036854775808"),
        ("AQ==\"", "AQ==\\u0041\""),
        ("AQ==\"", "AQ\""),
        ("AQ==\"", "AR==\""),
        ("\"sig\":\"NU12", "\"sig\":\""),
        ("AQ==\"}", "AQ==\",\"more\":1}"),
    ] {
        let other = text.replace(from, to);
        assert_ne!(other, text, "{from}");
        assert!(decode(other.as_bytes()).is_err(), "{to}");
    }
}

proptest! {
    #[test]
    fn no_other_byte_is_signed(at in 0_usize..600, by in 1_u8..=255, bit in 0_usize..512) {
        let statement = statement();
        let signed = statement.sign(&SECRET);
        let mut bytes = statement.bytes();
        let place = at % bytes.len();
        bytes[place] ^= by;
        prop_assert!(!key().has_signed(&bytes, &signed.sig));
        let mut sig = signed.sig;
        sig[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!key().has_signed(&statement.bytes(), &sig));
    }
}

#[test]
fn a_signature_has_one_form() {
    let statement = statement();
    let mut sig = statement.sign(&SECRET).sig;
    // L = 2^252 + 27742317777372353535851937790883648493, the lowest byte first.
    let l: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0_u16;
    for (byte, add) in sig[32..].iter_mut().zip(l) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    assert_eq!(carry, 0);
    assert!(!key().has_signed(&statement.bytes(), &sig), "S + L is the same number to some libraries");
}

/// Every encoding that some library reads as a point whose eightfold is the neutral one.
const SMALL: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

#[test]
fn keys_that_one_signature_opens_are_refused() {
    for hex in SMALL {
        let bytes: [u8; 32] = Hash::from_hex(hex.as_bytes()).unwrap().0;
        let read = DeviceKey::read(&bytes);
        assert!(read.is_err(), "{hex}: {read:?}");
    }
    let mut beyond = [0xff; 32];
    (beyond[0], beyond[31]) = (0xf0, 0x7f);
    assert_eq!(DeviceKey::read(&beyond), Err(BadDeviceKey::Form), "y = p + 3");
    assert!(
        (0..=255_u8).any(|byte| DeviceKey::read(&[byte; 32]) == Err(BadDeviceKey::Form)),
        "half of all bytes are no point"
    );
}
