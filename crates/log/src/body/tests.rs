//! The deserializer takes the bytes that `check_body` takes, and makes of them the same as another reader of JSON.

use proptest::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::*;
use crate::check_body;

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    name: String,
    #[serde(default)]
    count: Option<u8>,
    #[serde(default)]
    inner: Vec<(i64, bool)>,
}

/// A reader that takes a mistake within for an absence.
#[derive(Debug, Default, PartialEq, Eq)]
struct Lenient(Option<Value>);

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Lenient(Value::deserialize(from).ok()))
    }
}

fn shape(body: &str) -> Result<Shape, String> {
    read_body(body.as_bytes(), |body| Shape::deserialize(body)).map_err(|bad| bad.to_string())
}

#[test]
fn a_body_becomes_its_type() {
    let expect = Shape { name: "a\n\"é".to_owned(), count: Some(255), inner: vec![(-1, true), (i64::MAX, false)] };
    let body = r#"{"inner":[[-1,true],[9223372036854775807,false]],"name":"a\n\"é","count":255}"#;
    assert_eq!(shape(body), Ok(expect));
    let least = Shape { name: String::new(), count: None, inner: Vec::new() };
    assert_eq!(shape(r#"{"name":"","count":null}"#), Ok(least));
}

#[test]
fn other_shapes_are_refused() {
    for (body, why) in [
        (r#"{}"#, "missing field `name`"),
        (r#"{"name":"","more":1}"#, "unknown field `more`, expected one of `name`, `count`, `inner`"),
        (r#"{"name":1}"#, "invalid type: integer `1`, expected a string"),
        (r#"{"name":null}"#, "invalid type: unit value, expected a string"),
        (r#"{"name":"","count":256}"#, "invalid value: integer `256`, expected u8"),
        (r#"{"name":"","count":-1}"#, "invalid value: integer `-1`, expected u8"),
        (r#"{"name":"","inner":{}}"#, "invalid type: map, expected a sequence"),
        (r#"{"name":"","inner":[[1]]}"#, "invalid length 1, expected a tuple of size 2"),
        (r#"{"name":"","inner":[[1,true,2]]}"#, "a list has fewer items"),
        (r#"{"name":"","name":""}"#, "at byte 21: a name occurs twice in the object that ends here"),
        (r#"["",1,[]]"#, "at byte 0: an object was expected"),
        (r#"{"name":"\u0041"}"#, "at byte 9: an escape that is not the canonical one"),
        (r#"{"name":"", "count":1}"#, "at byte 11: a string was expected"),
        (r#"{"name":""} "#, "at byte 11: something follows the end"),
        (r#"{"name":"""#, "at byte 10: `,` or `}` was expected"),
    ] {
        assert_eq!(shape(body), Err(why.to_owned()), "{body}");
    }
}

#[test]
fn names_that_nobody_reads_are_compared_too() {
    for body in [r#"{"a":1,"a":1}"#, r#"{"b":{"a":1,"c":2,"a":1}}"#, r#"{"b":[{"a":1,"a":2}]}"#] {
        assert!(read_body(body.as_bytes(), |body| IgnoredAny::deserialize(body)).is_err(), "{body}");
        assert!(read_body(body.as_bytes(), |body| Lenient::deserialize(body)).is_err(), "{body}");
        assert!(read_body(body.as_bytes(), |_| Ok(())).is_err(), "{body}");
    }
}

#[test]
fn no_bytes_pass_unread() {
    assert_eq!(read_body(br#"{"a":[1,2]}"#, |_| Ok(7)), Ok(7));
    assert!(read_body(br#"{"a":[1,02]}"#, |_| Ok(7)).is_err());
}

/// Canonical bodies, some with bytes changed.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    let values = leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map("[a-c\n]{0,2}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    let objects = prop::collection::btree_map("[a-c]{0,2}", values, 0..5);
    let changes = prop::collection::vec((any::<prop::sample::Index>(), 0..SIGNS.len(), 0..3_u8), 0..3);
    (objects, changes).prop_map(|(object, changes)| {
        let mut bytes = serde_json::to_vec(&object).unwrap();
        for (place, sign, change) in changes {
            let at = place.index(bytes.len());
            match change {
                0 => bytes[at] = SIGNS[sign],
                1 => bytes.insert(at, SIGNS[sign]),
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    })
}

const SIGNS: &[u8] = b"{}[]\":,\\ntrufalse0123456789-.eE \n\x00\xffabc";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn canonical_bytes_and_no_others_are_read(bytes in bodies()) {
        let read = read_body(&bytes, |body| Value::deserialize(body));
        prop_assert_eq!(read.is_ok(), check_body(&bytes).is_ok(), "{:?}", read);
        if let Ok(value) = read {
            prop_assert_eq!(value, serde_json::from_slice::<Value>(&bytes).unwrap());
        }
    }
}
