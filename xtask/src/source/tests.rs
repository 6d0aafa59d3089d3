//! The scanner tells code from words about code.

use super::*;

#[track_caller]
fn check(text: &str, expect: &str) {
    let code = code_only(text);
    assert_eq!(code.len(), text.len(), "places must stay");
    assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), expect);
}

#[test]
fn comments_and_strings_are_not_code() {
    check("let a = 1; // f64", "let a = 1;");
    check("/* f64 /* nested */ still */ let b;", "let b;");
    check(r#"let s = "f64 \" f64"; let t;"#, "let s = ; let t;");
    check(r##"let s = r#"f64 " f64"#; let t;"##, "let s = ; let t;");
    check(r##"let s = br#"f64"#; let t;"##, "let s = b ; let t;");
}

#[test]
fn a_quote_opens_a_character_or_a_lifetime() {
    check("match c { '{' => 1, '\\'' => 2, 'é' => 3 }", "match c { => 1, => 2, => 3 }");
    check("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}");
    check("'outer: loop { break 'outer; }", "'outer: loop { break 'outer; }");
}

#[test]
fn an_identifier_that_ends_in_r_opens_no_raw_string() {
    check("let bar = for_r#\"x\"#;", "let bar = for_r# #;");
    check("r#type", "r#type");
}

#[test]
fn guarded_tests_are_not_product_code() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { f64 } }\nfn c() {}";
    let code = product_code(text);
    assert!(code.contains("fn a") && code.contains("fn c"));
    assert!(!code.contains("f64"));
    assert!(product_code("#[cfg(test)]\nmod tests;\nfn d() {}").contains("fn d"));
}

#[test]
fn words_are_whole() {
    assert_eq!(whole_words("f64 xf64 f64x f64", "f64").collect::<Vec<_>>(), [0, 14]);
}

#[test]
fn lines_count_from_one() {
    assert_eq!(line_of("a\nb\nc", 0), 1);
    assert_eq!(line_of("a\nb\nc", 4), 3);
}

#[test]
fn test_files_are_known_by_their_path() {
    for path in ["crates/engine/src/apply/tests.rs", "crates/rochdale/tests/book.rs", "browser/run.mjs"] {
        assert!(is_test(path), "{path}");
    }
    assert!(!is_test("crates/engine/src/apply.rs"));
}
