//! Names as people type them.

use super::names;

#[test]
fn names_stand_a_line_each() {
    assert_eq!(names("a\r\n\n  b   c \n"), Ok(vec!["a".to_owned(), "b c".to_owned()]));
    for (typed, words) in [
        ("", "at least one"),
        (" \n \n", "at least one"),
        ("a\nA", "twice"),
        ("m_0000000000001", "write a name"),
        ("a\u{202e}b", "can be seen"),
        ("a\u{7}b", "can be seen"),
    ] {
        let why = names(typed).expect_err("a mistake");
        assert!(why.contains(words), "{typed:?}: {why}");
    }
    let many = |count: usize| (0..count).map(|n| format!("n{n}")).collect::<Vec<_>>().join("\n");
    assert_eq!(names(&many(100)).map(|all| all.len()), Ok(100));
    assert!(names(&many(101)).is_err_and(|why| why.contains("101 names")));
    assert!(names(&"x".repeat(100)).is_ok() && names(&"x".repeat(101)).is_err());
}
