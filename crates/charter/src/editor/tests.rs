//! What is offered and told at a place, and that the words are the checker's words.

use super::*;
use crate::{read_constitution, read_kernel, template};

/// The words offered at `|`.
fn offered(text: &str, kernel: Option<&Kernel>) -> Vec<String> {
    let at = text.find('|').unwrap();
    let found = complete(&text.replacen('|', "", 1), at, kernel);
    found.words.into_iter().map(|word| word.word).collect()
}

fn the_kernel() -> Kernel {
    let currency = quantity::Currency::parse("EUR").unwrap();
    let filled = template("open-source").unwrap().fill("x", currency);
    read_kernel(&filled.kernel).unwrap()
}

#[test]
fn clauses_fields_and_values_are_offered_where_they_fit() {
    let kernel = the_kernel();
    let kernel = Some(&kernel);
    assert_eq!(offered("off|", kernel), ["office"]);
    assert_eq!(offered("office \"x\" { sett|", kernel), ["settles-in"]);
    assert_eq!(
        offered(
            "office \"x\" { settles-in \"14 days\"; may \"merge\" \"re|",
            kernel
        ),
        ["release"]
    );
    assert_eq!(
        offered("office \"x\" electorate=\"con|\"", kernel),
        ["contributors"]
    );
    assert_eq!(offered("body \"x\" se|", kernel), ["seats", "settles-in"]);
    assert_eq!(
        offered("ranking \"x\" { close-after \"9 days\" fl|", kernel),
        ["floor"]
    );
    assert_eq!(offered("office \"|", kernel), Vec::<String>::new());
    assert_eq!(
        offered("kernel {\n  class \"a\" { weight \"min(don|", None),
        ["donated"]
    );
    assert_eq!(
        offered(
            "kernel { class \"workers\" {weight \"1\"}\n class \"a\" { weight \"count(wor|",
            None
        ),
        ["workers"]
    );
    assert_eq!(offered("kernel { constitution { upd|", None), ["updates"]);
    assert_eq!(offered("// off|\n", kernel), Vec::<String>::new());
}

#[test]
fn prose_has_no_rules_to_complete() {
    let page = "# Rules\n\noff|\n\n```charter\noffice \"a\" {}\n```\n\nMore\n";
    assert_eq!(offered(page, None), Vec::<String>::new());
    let page = "# Rules\n\n```charter\noff|\n```\n";
    assert_eq!(offered(page, None), ["office"]);
    let page = "# Rules\n\n```charter\noffice \"a\" {\n```\n\nHi\n\n```charter\noff|\n";
    assert_eq!(offered(page, None), ["office"]);
}

#[test]
fn the_chosen_word_takes_the_place_of_what_was_written() {
    let text = "office \"x\" { may \"spe";
    let found = complete(text, text.len(), None);
    assert_eq!(text.get(found.replaces), Some("spe"));
}

#[test]
fn a_word_tells_what_it_means_and_whose_it_is() {
    let text = "office \"maintainer\" { settles-in \"14 days\"; may \"merge\" }";
    let of = |word: &str| hover(text, text.find(word).unwrap()).unwrap();
    assert_eq!(of("office").clause.as_deref(), Some("maintainer"));
    assert_eq!(of("maintainer").clause.as_deref(), Some("maintainer"));
    assert!(of("settles-in").about.starts_with("how long"));
    assert_eq!(of("merge").about, "merge changes at the forge");
    assert_eq!(hover("# Title\n\nprose\n", 10), None);
}

#[test]
fn no_place_in_any_text_is_too_odd() {
    let texts = [
        "\"",
        "{{{{",
        "}}}}",
        "office \"é",
        "```charter\n\"",
        "a\\\n\"\\",
        "/*",
        "office \"x\" { \u{1f600}",
    ];
    for text in texts {
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let _ = (complete(text, at, None), hover(text, at));
        }
    }
}

/// The checker says of an unknown field which ones there are; each word here must not be unknown to it.
#[test]
fn every_field_is_one_that_the_checker_knows() {
    let kernel = the_kernel();
    for clause in [
        "office",
        "body",
        "document",
        "ranking",
        "constitution",
        "commitment",
        "pool",
        "release",
    ] {
        for (field, _) in words(clause) {
            if (clause, *field) == ("constitution", "updates") {
                continue;
            }
            let text = format!("{clause} \"x\" {{\n{field} \"?\"\n}}");
            let found = read_constitution(&text, &kernel).err().unwrap_or_default();
            let unknown = found.iter().any(|mistake| mistake.code == "C006");
            assert!(!unknown, "{clause} {field}: {found:?}");
        }
    }
    for clause in ["kernel", "members", "constitution"] {
        for (field, _) in words(clause) {
            let inner = format!("{field} \"?\"");
            let text = match clause {
                "kernel" => format!("kernel {{ {inner} }}"),
                _ => format!("kernel {{ {clause} {{ {inner} }} }}"),
            };
            if clause == "constitution" && ["electorate", "votes", "may", "limits"].contains(field)
            {
                continue;
            }
            let found = read_kernel(&text).err().unwrap_or_default();
            let unknown = found.iter().any(|mistake| mistake.code == "C006");
            assert!(!unknown, "{clause} {field}: {found:?}");
        }
    }
}

#[test]
fn every_function_and_power_is_one_that_the_checker_knows() {
    let kernel = the_kernel();
    for (word, _) in values("may", "office") {
        let text = format!("office \"x\" {{ settles-in \"14 days\"; may \"{word}\" }}");
        assert!(read_constitution(&text, &kernel).is_ok(), "{word}");
    }
    for (word, _) in FORMULA
        .iter()
        .filter(|(word, _)| !["faded", "if", "then", "else", "half-life"].contains(word))
    {
        let classes = ["a".to_owned()];
        let scope = crate::Scope {
            currency: kernel.currency,
            classes: &classes,
        };
        let found = crate::Formula::parse(&format!("{word}(a)"), &scope)
            .err()
            .unwrap_or_default();
        assert!(
            found.iter().all(|mistake| mistake.code != "C017"),
            "{word}: {found:?}"
        );
    }
}
