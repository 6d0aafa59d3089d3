//! Each value has exactly one form: accepted bytes, and everything near them that is refused.

use super::*;

#[test]
fn canonical_bodies_are_accepted() {
    for body in [
        "{}",
        r#"{"a":1}"#,
        r#"{"a":-1,"b":0,"c":[],"d":{},"e":[1,"x",null,true,false,{"a":[]}]}"#,
        r#"{"b":1,"a":2}"#,
        r#"{"n":18446744073709551615,"m":-9223372036854775808}"#,
        r#"{"text":"\"\\\b\t\n\f\r\u0000\u001f\u000b é 漢 / <"}"#,
        "{\"\":\"\u{7f}\u{2028}\u{10ffff}\"}",
    ] {
        assert_eq!(check_body(body.as_bytes()), Ok(()), "{body}");
    }
}

#[test]
fn other_writings_are_refused() {
    for body in [
        "",
        "1",
        "[]",
        "null",
        "{",
        "{}}",
        "{} ",
        " {}",
        "{ }",
        r#"{"a": 1}"#,
        r#"{"a" :1}"#,
        "{\"a\":1}\n",
        r#"{"a":1,}"#,
        r#"{,"a":1}"#,
        r#"{"a":[1,]}"#,
        r#"{"a":[,1]}"#,
        r#"{"a"}"#,
        r#"{a:1}"#,
        r#"{'a':1}"#,
        r#"{"a":1.0}"#,
        r#"{"a":1e3}"#,
        r#"{"a":01}"#,
        r#"{"a":-0}"#,
        r#"{"a":+1}"#,
        r#"{"a":-}"#,
        r#"{"a":00}"#,
        r#"{"a":18446744073709551616}"#,
        r#"{"a":-9223372036854775809}"#,
        r#"{"a":NaN}"#,
        r#"{"a":True}"#,
        r#"{"a":nul}"#,
        r#"{"a":truefalse}"#,
        r#"{"a":"\/"}"#,
        r#"{"a":"\u0041"}"#,
        r#"{"a":"\u000A"}"#,
        r#"{"a":"\u000a"}"#,
        r#"{"a":"\u0008"}"#,
        r#"{"a":"\u001F"}"#,
        r#"{"a":"\u0020"}"#,
        r#"{"a":"\ud83d\ude00"}"#,
        r#"{"a":"\x"}"#,
        r#"{"a":"\"}"#,
        r#"{"a":"\u00"}"#,
        "{\"a\":\"\n\"}",
        "{\"a\":\"\0\"}",
        r#"{"a":"}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"x":{"a":1,"b":2,"a":3}}"#,
        r#"[{"a":1}]"#,
        "\u{feff}{}",
    ] {
        assert!(check_body(body.as_bytes()).is_err(), "{body}");
    }
    assert!(check_body(b"{\"a\":\"\xff\"}").is_err());
    assert!(check_body(b"{\"a\":\"\xed\xa0\x80\"}").is_err(), "a lone surrogate is not UTF-8");
}

#[test]
fn a_name_may_come_again_in_another_object() {
    assert_eq!(check_body(br#"{"a":{"a":1},"b":[{"a":1},{"a":1}]}"#), Ok(()));
}

#[test]
fn a_name_twice_is_found_among_many() {
    let names: Vec<_> = (0..300).map(|name| format!("\"{}\":0", name * 7919 % 1000)).collect();
    assert_eq!(check_body(format!("{{{}}}", names.join(",")).as_bytes()), Ok(()));
    let twice = format!("{{{},\"7919\":0,\"7919\":1}}", names.join(","));
    assert!(check_body(twice.as_bytes()).is_err());
}

#[test]
fn depth_has_a_limit() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    assert_eq!(check_body(nested(MAX_DEPTH).as_bytes()), Ok(()));
    assert!(check_body(nested(MAX_DEPTH + 1).as_bytes()).is_err());
    assert!(check_body("{\"a\":".repeat(20_000).as_bytes()).is_err());
}

#[test]
fn an_error_says_where() {
    let error = check_body(br#"{"a":1.5}"#).unwrap_err();
    assert_eq!(error.to_string(), "at byte 6: `,` or `}` was expected");
}

#[test]
fn strings_come_back_as_they_were() {
    let all: String = (0..0x3000).filter_map(char::from_u32).chain(['\u{1f600}']).collect();
    let mut written = Vec::new();
    write_string(&all, &mut written);
    let mut reader = Reader::new(&written).unwrap();
    assert_eq!(reader.string().unwrap(), all);
    assert_eq!(reader.end(), Ok(()));
    // Another implementation writes and reads the same.
    assert_eq!(written, serde_json::to_vec(&all).unwrap());
}
