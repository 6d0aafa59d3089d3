//! Templates: each is clean, whatever name it is filled with.

use proptest::prelude::*;
use quantity::Currency;

use super::{Filled, Template, template, template_under, templates};
use crate::code;
use crate::{Edition, Kernel, explain_constitution, explain_kernel, format, read_constitution, read_kernel_under};

/// Every template of every edition.
fn all() -> impl Iterator<Item = Template> {
    let under = |edition| templates().iter().filter_map(move |name| template_under(name, edition));
    [Edition::ONE, Edition::TWO, Edition::THREE, Edition::FOUR].into_iter().flat_map(under)
}

fn check(filled: &Filled, edition: Edition) -> Kernel {
    let kernel = read_kernel_under(&filled.kernel, edition);
    let kernel = kernel.unwrap_or_else(|found| panic!("{}: {found:?}", filled.kernel));
    let constitution = read_constitution(&filled.constitution, &kernel);
    let constitution = constitution.unwrap_or_else(|found| panic!("{}: {found:?}", filled.constitution));
    assert!(!constitution.clauses.is_empty());
    // Somebody has to record what gives weight: the templates say in words what C083 notes.
    let others = constitution.notes.iter().filter(|note| note.code != code::RECORDED_BY_ONE);
    assert_eq!(others.count(), 0, "what a founder adopts is carried out: {:?}", constitution.notes);
    kernel
}

#[test]
fn every_template_checks_clean_in_every_sort_of_currency() {
    for template in all() {
        let name = format!("{}, {}", template.name, template.edition);
        for code in ["USD", "EUR", "JPY", "KWD"] {
            let filled = template.fill("Plain", Currency::parse(code).unwrap());
            assert!(!filled.kernel.contains("{{") && !filled.constitution.contains("{{"), "{name}");
            let kernel = check(&filled, template.edition);
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
    for template in all() {
        let name = template.name;
        let about = template.about;
        assert!((20..=100).contains(&about.len()) && !about.ends_with('.'));
        let prose = |text: &str| text.lines().filter(|line| line.ends_with(".")).count();
        assert!(prose(template.kernel) >= 2, "{name} says why");
    }
}

#[test]
fn every_template_has_the_canonical_layout_and_keeps_it_when_filled() {
    for template in all() {
        let name = format!("{}, {}", template.name, template.edition);
        let filled = template.fill("Plain", Currency::parse("JPY").unwrap());
        for text in [template.kernel, template.constitution, &filled.kernel, &filled.constitution] {
            assert_eq!(format(text).as_deref(), Ok(text), "{name}");
        }
    }
}

#[test]
fn every_block_of_a_template_has_words_before_it_and_is_explained() {
    for template in all() {
        let name = template.name;
        let filled = template.fill("Plain", Currency::parse("USD").unwrap());
        for text in [&filled.kernel, &filled.constitution] {
            for (before, _) in text.match_indices("```charter").map(|(at, _)| text.split_at(at)) {
                let words = before.trim_end().rsplit("\n\n").next().unwrap();
                assert!(words.split_whitespace().count() >= 8 && !words.starts_with('#'), "{name}: {words}");
            }
        }
        let kernel = read_kernel_under(&filled.kernel, template.edition).unwrap();
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
        for known in all() {
            let kernel = check(&known.fill(name, currency), known.edition);
            let plain = check(&known.fill("x", currency), known.edition);
            assert_eq!(kernel.classes.len(), plain.classes.len());
            assert_eq!(kernel.name, super::one_line(name));
        }
    }
}

proptest! {
    #[test]
    fn any_name_is_only_a_name(name in "[ -~é\u{202e}\n]{1,60}") {
        prop_assume!(!super::one_line(&name).is_empty());
        let filled = template("open-source").unwrap().fill(&name, Currency::parse("EUR").unwrap());
        prop_assert_eq!(check(&filled, Edition::USUAL).name, super::one_line(&name));
    }
}

/// Returns the row of the table *What they say* in `docs/spec/templates.md`: days for offices, bodies, documents and the constitution.
fn days_of(name: &str) -> Vec<String> {
    let chapter = include_str!("../../../../docs/spec/templates.md");
    let row = chapter.lines().find_map(|line| line.strip_prefix(&format!("| {name} | "))).unwrap();
    let days = row.split(" days").next().unwrap();
    days.split(", ").map(str::to_owned).collect()
}

#[test]
fn templates_since_edition_2_settle_in_the_days_that_the_chapter_gives() {
    for template in all().filter(|template| template.edition >= Edition::TWO) {
        let name = template.name;
        let filled = template.fill("Plain", Currency::parse("USD").unwrap());
        let kernel = check(&filled, template.edition);
        let constitution = read_constitution(&filled.constitution, &kernel).unwrap();
        let days = days_of(name);
        let mut found = vec!["–".to_owned(); 4];
        let seconds_a_day = 86_400;
        let said = |terms: &crate::Terms| (terms.settles_in.seconds() / seconds_a_day).to_string();
        found[3] = said(&kernel.constitution);
        for clause in &constitution.clauses {
            let Some(place) = ["office", "body", "document"].iter().position(|kind| *kind == clause.kind_name()) else {
                continue;
            };
            found[place] = said(clause.terms().unwrap());
        }
        assert_eq!(found, days, "{name}");
    }
}

/// As the chapter says of all of them: two keys, a fork that takes no more than was given, and founders who hand over.
#[test]
fn templates_since_edition_2_have_two_keys_and_hand_over() {
    for template in all().filter(|template| template.edition >= Edition::TWO) {
        let name = template.name;
        let kernel = check(&template.fill("Plain", Currency::parse("USD").unwrap()), template.edition);
        let said: Vec<String> = explain_kernel(&kernel, None).into_iter().flat_map(|part| part.sentences).collect();
        for words in ["more than half of the members, assent", "They take no more than they gave"] {
            assert!(said.iter().any(|sentence| sentence.contains(words)), "{name}: {words}");
        }
        assert!(said.iter().all(|sentence| !sentence.contains(",,")), "{name}: {said:?}");
        assert!(kernel.founders_hold_powers, "{name}");
        let weight = if template.edition < Edition::THREE { 0 } else { 1_000_000 };
        assert_eq!(kernel.founding_weight_micro, weight, "{name}");
    }
}
