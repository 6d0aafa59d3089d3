//! Templates: each is clean, whatever name it is filled with.

use proptest::prelude::*;
use quantity::Currency;

use super::{Filled, template, templates};
use crate::{Kernel, explain_constitution, explain_kernel, format, read_constitution, read_kernel};

fn check(filled: &Filled) -> Kernel {
    let kernel = read_kernel(&filled.kernel).unwrap_or_else(|found| panic!("{}: {found:?}", filled.kernel));
    let constitution = read_constitution(&filled.constitution, &kernel);
    let constitution = constitution.unwrap_or_else(|found| panic!("{}: {found:?}", filled.constitution));
    assert!(!constitution.clauses.is_empty());
    assert_eq!(constitution.notes, [], "what a founder adopts is carried out");
    kernel
}

#[test]
fn every_template_checks_clean_in_every_sort_of_currency() {
    for name in templates() {
        for code in ["USD", "EUR", "JPY", "KWD"] {
            let filled = template(name).unwrap().fill("Plain", Currency::parse(code).unwrap());
            assert!(!filled.kernel.contains("{{") && !filled.constitution.contains("{{"), "{name}");
            let kernel = check(&filled);
            assert_eq!((kernel.name.as_str(), kernel.notes.len()), ("Plain", 0), "{name}");
            assert_eq!(kernel.currency.code(), code);
        }
    }
    assert_eq!(template("none"), None);
}

#[test]
fn the_nine_stand_in_the_order_of_the_design_and_say_for_whom_they_are() {
    assert_eq!(
        templates(),
        [
            "open-source",
            "consumer",
            "worker",
            "multi-stakeholder",
            "fairshares",
            "platform",
            "computing",
            "data",
            "club"
        ]
    );
    for name in templates() {
        let template = template(name).unwrap();
        assert_eq!(template.name, *name);
        let about = template.about;
        assert!((20..=100).contains(&about.len()) && !about.ends_with('.'));
        let prose = |text: &str| text.lines().filter(|line| line.ends_with(".")).count();
        assert!(prose(template.kernel) >= 2, "{name} says why");
    }
}

#[test]
fn every_template_has_the_canonical_layout_and_keeps_it_when_filled() {
    for name in templates() {
        let template = template(name).unwrap();
        let filled = template.fill("Plain", Currency::parse("JPY").unwrap());
        for text in [template.kernel, template.constitution, &filled.kernel, &filled.constitution] {
            assert_eq!(format(text).as_deref(), Ok(text), "{name}");
        }
    }
}

#[test]
fn every_block_of_a_template_has_words_before_it_and_is_explained() {
    for name in templates() {
        let filled = template(name).unwrap().fill("Plain", Currency::parse("USD").unwrap());
        for text in [&filled.kernel, &filled.constitution] {
            for (before, _) in text.match_indices("```charter").map(|(at, _)| text.split_at(at)) {
                let words = before.trim_end().rsplit("\n\n").next().unwrap();
                assert!(words.split_whitespace().count() >= 8 && !words.starts_with('#'), "{name}: {words}");
            }
        }
        let kernel = read_kernel(&filled.kernel).unwrap();
        let constitution = read_constitution(&filled.constitution, &kernel).unwrap();
        let explained = explain_kernel(&kernel, None);
        assert!(explained.iter().all(|part| !part.sentences.is_empty()));
        let explained = explain_constitution(&constitution, &kernel, None);
        assert_eq!(explained.len(), constitution.clauses.len(), "{name}");
        assert!(explained.iter().all(|part| !part.sentences.is_empty()));
    }
}

#[test]
fn no_name_breaks_out_of_its_place() {
    let currency = Currency::parse("USD").unwrap();
    for name in [
        "\"; votes \"linear\" //",
        "\\",
        "{{currency}}",
        "\"{{name}}\"",
        "a\n```charter\nkernel { }\n```",
        "```charter",
        "\u{202e}kernel\u{2028}x",
        "} kernel {",
        "Föderal & Söhne",
    ] {
        for known in templates() {
            let kernel = check(&template(known).unwrap().fill(name, currency));
            assert_eq!(kernel.classes.len(), check(&template(known).unwrap().fill("x", currency)).classes.len());
            assert_eq!(kernel.name, super::one_line(name));
        }
    }
}

proptest! {
    #[test]
    fn any_name_is_only_a_name(name in "[ -~é\u{202e}\n]{1,60}") {
        prop_assume!(!super::one_line(&name).is_empty());
        let filled = template("open-source").unwrap().fill(&name, Currency::parse("EUR").unwrap());
        prop_assert_eq!(check(&filled).name, super::one_line(&name));
    }
}
