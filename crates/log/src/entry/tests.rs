//! Golden vectors, whose hashes were computed with Python's `hashlib`; the law that decoding undoes encoding; and the
//! refusal of all bytes but the canonical ones.

use proptest::prelude::*;

use super::*;
use crate::hash::hash_entry;

/// Returns the first entry of `docs/spec/log.md`, and its hash.
fn first() -> (EntryHead<'static>, &'static [u8], &'static str, &'static str) {
    let head = EntryHead {
        coop: "c_38wheqj84186n",
        seq: 1,
        prev: Hash::ZERO,
        time_us: 1_483_228_800_000_000,
        kind: "found",
        rules: "fc263baa80681c8502636a0493c49cbe87353f0faac7ec4e4aa04ccce53fd110".parse().unwrap(),
        actor: "operator",
        authority: "founder",
        nonce: "",
        key: "",
    };
    (head, BODY.as_bytes(), FIRST, "bd87df8c5705ffb3da493cf141d569cfd3508fb25edd77360095db37b8216d3e")
}

const BODY: &str = concat!(
    r#"{"kernel":"7c2f712a5b31004cd31b6fe611e12219b02a73755049a698be58fdfa32a856cf","#,
    r#""constitution":"d1bd4299dd0e637b5634bb955202a6dc3b5e7db9444f0949772506de3932196f","demonstration":false}"#,
);

const FIRST: &str = concat!(
    r#"{"v":1,"coop":"c_38wheqj84186n","seq":1,"prev":"0000000000000000000000000000000000000000000000000000000000000000","#,
    r#""time_us":1483228800000000,"kind":"found","#,
    r#""rules":"fc263baa80681c8502636a0493c49cbe87353f0faac7ec4e4aa04ccce53fd110","actor":"operator","authority":"founder","#,
    r#""nonce":"","key":"","body":{"kernel":"7c2f712a5b31004cd31b6fe611e12219b02a73755049a698be58fdfa32a856cf","#,
    r#""constitution":"d1bd4299dd0e637b5634bb955202a6dc3b5e7db9444f0949772506de3932196f","demonstration":false},"commitments":{}}"#,
);

const SECOND: &str = concat!(
    r#"{"v":1,"coop":"c_38wheqj84186n","seq":2,"prev":"bd87df8c5705ffb3da493cf141d569cfd3508fb25edd77360095db37b8216d3e","#,
    r#""time_us":-1,"kind":"cast_ballot","#,
    r#""rules":"fc263baa80681c8502636a0493c49cbe87353f0faac7ec4e4aa04ccce53fd110","actor":"m_\"\\\u001f\n\u007f","#,
    r#""authority":"Zoë 漢","nonce":"n1","key":"k-0001","body":{"share_ppm":50000,"scores":null,"against":false},"#,
    r#""commitments":{"comment":"e8821956ce23c7aa73dd08c10f5c328be5d823fb5a03cfdd46993400136e27fb","#,
    r#""name":"00000000000000000000000000000000000000000000000000000000000000ff"}}"#,
);

#[test]
fn first_vector() {
    let (head, body, line, hash) = first();
    let mut out = Vec::new();
    encode(&head, body, &[], Form::One, &mut out).unwrap();
    assert_eq!(std::str::from_utf8(&out).unwrap(), line);
    assert_eq!(hash_entry(&out).to_string(), hash);
}

#[test]
fn second_vector_sorts_commitments_and_escapes() {
    // U+007F is no control character in JSON and is written as it is.
    let line = SECOND.replace(r"\u007f", "\u{7f}");
    let (before, _, _, prev) = first();
    let head = EntryHead {
        seq: 2,
        prev: prev.parse().unwrap(),
        time_us: -1,
        kind: "cast_ballot",
        actor: "m_\"\\\u{1f}\n\u{7f}",
        authority: "Zoë 漢",
        nonce: "n1",
        key: "k-0001",
        ..before
    };
    let mut last = [0; 32];
    last[31] = 0xff;
    let comment = "e8821956ce23c7aa73dd08c10f5c328be5d823fb5a03cfdd46993400136e27fb".parse().unwrap();
    let body = br#"{"share_ppm":50000,"scores":null,"against":false}"#;
    let mut out = b"kept ".to_vec();
    encode(&head, body, &[("name", Hash(last)), ("comment", comment)], Form::One, &mut out).unwrap();
    assert_eq!(std::str::from_utf8(&out[5..]).unwrap(), line);
    assert_eq!(hash_entry(&out[5..]).to_string(), "4862f9e445a3c20d59e259bda0cae5f5d13eaea9e3c12c69a1752a6375308ff6");
    let entry = decode(&out[5..]).unwrap();
    assert_eq!(entry.head(), head);
    assert_eq!(entry.body, body);
    assert_eq!(entry.commitments, [("comment".into(), comment), ("name".into(), Hash(last))]);
}

#[test]
fn any_other_json_reader_reads_it() {
    let json: serde_json::Value = serde_json::from_str(FIRST).unwrap();
    assert_eq!(json["seq"], 1);
    assert_eq!(json["body"]["demonstration"], false);
}

#[test]
fn only_the_canonical_bytes_are_read() {
    for (from, to) in [
        ("{\"v\":1", "{\"v\":2"),
        ("{\"v\":1", "{\"v\":3"),
        ("{\"v\":1", "{\"v\":01"),
        ("{\"v\":1", "{ \"v\":1"),
        ("\"v\":1,\"coop\":\"c_38wheqj84186n\"", "\"coop\":\"c_38wheqj84186n\",\"v\":1"),
        ("\"seq\":1", "\"seq\":0"),
        ("\"seq\":1", "\"seq\":1.0"),
        ("\"seq\":1", "\"seq\":\"1\""),
        ("\"seq\":1", "\"seq\":-1"),
        ("\"seq\":1", "\"seq\":9223372036854775808"),
        ("1483228800000000", "9223372036854775808"),
        ("\"seq\":1", "\"seq\":1,\"seq\":1"),
        ("\"nonce\":\"\",", ""),
        ("\"nonce\":\"\"", "\"nonce\":null"),
        ("\"nonce\":\"\"", "\"nonce\":\"\\u0041\""),
        ("fc26", "FC26"),
        ("fc26", "fc2"),
        (BODY, "[]"),
        ("\"demonstration\":false", "\"demonstration\":False"),
        ("false}", "false,\"kernel\":null}"),
        ("false}", "false} "),
        ("\"commitments\":{}", "\"commitments\":{},\"more\":1"),
        ("\"commitments\":{}", "\"commitments\":{\"a\":\"\"}"),
        ("\"commitments\":{}", "\"commitments\":null"),
        ("{}}", "{}}\n"),
        ("{}}", "{}"),
    ] {
        let changed = FIRST.replacen(from, to, 1);
        assert_ne!(changed, FIRST, "{from}");
        assert!(decode(changed.as_bytes()).is_err(), "{changed}");
    }
    let zeros = Hash::ZERO;
    for commitments in [format!("\"b\":\"{zeros}\",\"a\":\"{zeros}\""), format!("\"a\":\"{zeros}\",\"a\":\"{zeros}\"")]
    {
        let changed = FIRST.replace("\"commitments\":{}", &format!("\"commitments\":{{{commitments}}}"));
        assert!(decode(changed.as_bytes()).is_err(), "{changed}");
    }
}

#[test]
fn longest_entry_is_65_535_bytes() {
    let (head, ..) = first();
    let mut out = Vec::new();
    encode(&head, b"{\"a\":\"\"}", &[], Form::One, &mut out).unwrap();
    let room = MAX_ENTRY_BYTES - out.len();
    let body = |filling: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(filling));
    out.clear();
    encode(&head, body(room).as_bytes(), &[], Form::One, &mut out).unwrap();
    assert_eq!(out.len(), MAX_ENTRY_BYTES);
    assert!(decode(&out).is_ok());
    let longer = String::from_utf8(out.clone()).unwrap().replace("\"a\":\"", "\"a\":\"x");
    assert_eq!(decode(longer.as_bytes()), Err(TooLong { bytes: 65_536 }.into()));
    assert_eq!(encode(&head, body(room + 1).as_bytes(), &[], Form::One, &mut out), Err(TooLong { bytes: 65_536 }));
    assert_eq!(out.len(), MAX_ENTRY_BYTES, "the buffer keeps its earlier bytes");
}

fn hashes() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash)
}

/// Canonical JSON values: `serde_json` writes integers and strings in the same form.
fn values() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

type Owned = ([String; 6], [Hash; 2], u64, i64, Vec<u8>, Vec<(String, Hash)>);

fn entries() -> impl Strategy<Value = Owned> {
    let bodies =
        prop::collection::btree_map("[a-z]{1,8}", values(), 0..5).prop_map(|map| serde_json::to_vec(&map).unwrap());
    let commitments =
        prop::collection::btree_map(any::<String>(), hashes(), 0..4).prop_map(|map| map.into_iter().collect());
    (any::<[String; 6]>(), [hashes(), hashes()], 1..=i64::MAX as u64, any::<i64>(), bodies, commitments)
}

fn written(entry: &Owned) -> Vec<u8> {
    let ([coop, kind, actor, authority, nonce, key], [prev, rules], seq, time_us, body, commitments) = entry;
    let (seq, prev, time_us, rules) = (*seq, *prev, *time_us, *rules);
    let head = EntryHead { coop, seq, prev, time_us, kind, rules, actor, authority, nonce, key };
    let commitments: Vec<_> = commitments.iter().map(|(name, hash)| (name.as_str(), *hash)).collect();
    let mut out = Vec::new();
    encode(&head, body, &commitments, Form::One, &mut out).unwrap();
    out
}

fn written_again(entry: &Entry<'_>) -> Vec<u8> {
    let commitments: Vec<_> = entry.commitments.iter().map(|(name, hash)| (name.as_ref(), *hash)).collect();
    let mut out = Vec::new();
    encode(&entry.head(), entry.body, &commitments, entry.form(), &mut out).unwrap();
    out
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decoding_undoes_encoding(entry in entries()) {
        let bytes = written(&entry);
        let read = decode(&bytes).unwrap();
        let ([coop, kind, actor, authority, nonce, key], [prev, rules], seq, time_us, body, commitments) = &entry;
        let head = EntryHead {
            coop, seq: *seq, prev: *prev, time_us: *time_us, kind, rules: *rules, actor, authority, nonce, key,
        };
        prop_assert_eq!(read.head(), head);
        prop_assert_eq!(read.body, &body[..]);
        prop_assert!(read.commitments.iter().map(|(name, hash)| (name.as_ref(), *hash))
            .eq(commitments.iter().map(|(name, hash)| (name.as_str(), *hash))));
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());
    }

    #[test]
    fn changed_bytes_are_refused_or_have_one_writing(
        entry in entries(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        let mut bytes = written(&entry);
        for (place, byte, change) in changes {
            let at = place.index(bytes.len());
            match change {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        if let Ok(read) = decode(&bytes) {
            prop_assert_eq!(written_again(&read), bytes);
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
        let _ = crate::check_body(&bytes);
        let _ = crate::read_line(&bytes);
    }
}
