//! The canonical layout (`docs/spec/format.md`): its examples, and the templates.

use charter::format;
use quantity::Currency;

const SPEC: &str = include_str!("../../../../docs/spec/format.md");

fn laid_out(text: &str) -> String {
    let laid_out = format(text).unwrap_or_else(|found| panic!("{text}\n{found:?}"));
    assert_eq!(format(&laid_out).unwrap(), laid_out, "from\n{text}");
    laid_out
}

/// Each pair of blocks in the chapter, `before` and `after`.
#[test]
fn every_example_of_the_chapter_is_laid_out_as_it_says() {
    let block = |from: &str, mark: &str| -> Option<(String, usize)> {
        let begin = from.find(mark)? + mark.len();
        let length = from[begin..].find("\n````\n")? + 1;
        Some((from[begin..begin + length].to_owned(), begin + length))
    };
    let (mut rest, mut count) = (SPEC, 0);
    while let Some((before, at)) = block(rest, "````kdl before\n") {
        let (after, next) = block(&rest[at..], "````kdl after\n").unwrap();
        assert_eq!(laid_out(&before), after);
        assert_eq!(laid_out(&before.replace('\n', "\r\n")), after.replace('\n', "\r\n"));
        rest = &rest[at + next..];
        count += 1;
    }
    assert_eq!(count, 3);
}

#[test]
fn prose_is_kept_to_the_byte() {
    let text = "\u{feff}# A  \r\n\ttext \n\n\n  ```charter x\n\n a;b{c}\n\n  ```  \nmore  \n\n```kdl\n a;b\n```\n~~~charter\n~~~\nend";
    let wanted = "\u{feff}# A  \r\n\ttext \n\n\n  ```charter x\n  a\n  b { c }\n  ```  \nmore  \n\n```kdl\n a;b\n```\n~~~charter\n~~~\nend";
    assert_eq!(laid_out(text), wanted);
}

#[test]
fn layout_does_not_depend_on_spacing() {
    let one = "office \"a\" { settles-in \"14 days\"\n may \"merge\" \"release\" }\nranking \"b\"";
    let other = "\n\n\toffice   \"a\"   \\\n {;;\nsettles-in #\"14 days\"#;may merge\\\n release;};  ranking b";
    assert_eq!(laid_out(one), laid_out(other));
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    for (text, code, line) in [("office \"a", "C003", 1), ("\n# x\n", "C002", 1), ("# x\n\n```charter\n", "C004", 3)] {
        let found = format(text).unwrap_err();
        assert_eq!((found[0].code, found[0].line), (code, line), "{text}");
    }
    let deep = "a{".repeat(17);
    assert_eq!(format(&deep).unwrap_err()[0].code, "C025");
    // Seven bytes become 74: a layout that would be too long to be read again is refused.
    let open = "a{".repeat(16);
    let wide = format!("{open}{}{}", "b;".repeat(90_000), "}".repeat(16));
    assert_eq!(format(&wide).unwrap_err()[0].code, "C001");
}

#[test]
fn a_mistake_of_rules_is_no_mistake_of_form() {
    assert_eq!(laid_out("ofice { x 5 }"), "ofice { x 5 }\n");
    assert_eq!(laid_out(""), "");
}

/// Found by the fuzz target `format`.
#[test]
fn a_drop_mark_that_drops_nothing_leaves_no_trace() {
    assert_eq!(laid_out("a {b:/-}"), "a { \"b:\" }\n");
    assert_eq!(laid_out("a { b /-\n/- ; }"), "a { b }\n");
    assert_eq!(laid_out("a { b /-/-c }"), "a {\n    b /-\"c\"\n}\n");
    assert_eq!(laid_out("a {} /- \n; b /-"), "a {}\nb\n");
}

#[test]
fn names_that_could_be_taken_for_a_fence_stay_names() {
    assert_eq!(laid_out("a; ```"), "a\n\"```\"\n");
    assert_eq!(laid_out("a; ~~~ ~~~"), "a\n\"~~~\" \"~~~\"\n");
}

#[test]
fn templates_are_laid_out() {
    for name in charter::templates() {
        let filled = charter::template(name).unwrap().fill("The \"x\" co-op", Currency::parse("EUR").unwrap());
        assert_eq!(laid_out(&filled.kernel), filled.kernel, "{name}");
        assert_eq!(laid_out(&filled.constitution), filled.constitution, "{name}");
    }
}

/// 16 KiB of one pattern are laid out once and for all, or refused.
#[test]
fn no_pattern_is_too_much() {
    for pattern in [
        "a ",
        "a;",
        "a\n",
        "a{}",
        "a /-{} ",
        "/-a\n",
        "a /*x*/ ",
        "a \\\n",
        "a \\ // c\n",
        "// c\n",
        "/* /* */ */",
        "\"",
        "\"\"\"\n",
        "a \"\\n\"\n",
        "a #\"\"\"\n b\n\"\"\"# ",
        "a {b}\n",
        "a {\n\n\n\n",
        "a {b;c}\n",
        "\n",
        ";",
        "a b=c ",
        "a /-",
        "```charter\n```\n",
        "a \"\\u{0}\" ",
        "# x\n",
        "é",
        "a =",
    ] {
        let text = pattern.repeat(16_384 / pattern.len());
        for text in [&text, &format!("a {{{text}"), &format!("x {{ y {{\n{text}\n}}\n}}")] {
            match format(text) {
                Ok(laid_out) => {
                    assert_eq!(format(&laid_out).as_ref(), Ok(&laid_out), "{pattern:?}")
                }
                Err(found) => assert!(!found.is_empty(), "{pattern:?}"),
            }
        }
    }
}
