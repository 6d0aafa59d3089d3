//! The words and meanings that an editor shows at a place, and that they are the checker's words.

use std::collections::BTreeSet;

use super::spot::OF_KERNEL;
use super::*;
use crate::diagnostic::Diagnostic;
use crate::{read_constitution, read_kernel, template};

/// The words offered at `|`.
fn offered(text: &str, kernel: Option<&Kernel>) -> Vec<String> {
    offered_under(text, kernel, Edition::USUAL)
}

fn offered_under(text: &str, kernel: Option<&Kernel>, edition: Edition) -> Vec<String> {
    let at = text.find('|').unwrap();
    let found = complete(&text.replacen('|', "", 1), at, kernel, edition);
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
    assert_eq!(offered("office \"x\" { settles-in \"14 days\"; may \"merge\" \"re|", kernel), ["record", "release"]);
    assert_eq!(offered("office \"x\" electorate=\"con|\"", kernel), ["contributors"]);
    assert_eq!(offered("body \"x\" se|", kernel), ["seats", "settles-in", "service"]);
    assert_eq!(offered("ranking \"x\" { close-after \"9 days\" fl|", kernel), ["floor"]);
    assert_eq!(offered("office \"|", kernel), Vec::<String>::new());
    assert_eq!(offered("kernel {\n  class \"a\" { weight \"min(don|", None), ["donated"]);
    assert_eq!(
        offered("kernel { class \"workers\" {weight \"1\"}\n class \"a\" { weight \"count(wor|", None),
        ["workers"]
    );
    assert_eq!(offered("kernel { constitution { upd|", None), ["updates"]);
    assert_eq!(offered("// off|\n", kernel), Vec::<String>::new());
}

/// A co-op of an earlier edition is offered no word that its checker would report.
#[test]
fn words_of_later_editions_are_offered_from_these_on() {
    for (text, word) in [
        ("body \"x\" { act|", "acts-by"),
        ("kernel { found|", "founding"),
        ("kernel { class \"a\" { kept|", "kept-by"),
        ("kernel { fork ho|", "hour"),
    ] {
        assert_eq!(offered_under(text, None, Edition::TWO), [word], "{text}");
        assert_eq!(offered_under(text, None, Edition::ONE), [""; 0], "{text}");
    }
    assert_eq!(offered_under("office \"x\" { sett|", None, Edition::ONE), ["settles-in"]);
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
    let found = complete(text, text.len(), None, Edition::USUAL);
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
    let texts = ["\"", "{{{{", "}}}}", "office \"é", "```charter\n\"", "a\\\n\"\\", "/*", "office \"x\" { \u{1f600}"];
    for text in texts {
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let _ = (complete(text, at, None, Edition::USUAL), hover(text, at));
        }
    }
}

/// A word that is near none.
const ODD: &str = "qqqqqqqqqqqq";

/// The words that a message has in backticks, after the one that is wrong.
fn ticked(words: &str) -> BTreeSet<String> {
    let ticked = words.split('`').skip(1).step_by(2);
    ticked.filter(|word| *word != ODD).map(str::to_owned).collect()
}

fn mistakes(text: &str) -> Vec<Diagnostic> {
    let found = match text.starts_with("kernel") {
        true => read_kernel(text).err(),
        false => read_constitution(text, &the_kernel()).err(),
    };
    found.unwrap_or_default()
}

/// The words that the checker names where it finds an odd one, by the code of the mistake.
fn known_to_the_checker(text: &str, code: &str) -> BTreeSet<String> {
    let found = mistakes(text);
    let odd = found.iter().find(|mistake| mistake.code == code && mistake.why.contains(ODD));
    let odd = odd.unwrap_or_else(|| panic!("{text}: {found:?}"));
    match odd.why.split_once(" is none of ") {
        Some((_, known)) => ticked(known),
        None => ticked(odd.help.as_deref().unwrap_or_else(|| panic!("{text}: {odd:?}"))),
    }
}

fn set(words: &[Meaning]) -> BTreeSet<String> {
    words.iter().map(|(word, _)| (*word).to_owned()).collect()
}

#[test]
fn the_fields_are_those_of_the_checker_in_both_directions() {
    for (owner, text) in [
        ("office", "office \"x\" { ODD \"?\" }"),
        ("body", "body \"x\" { ODD \"?\" }"),
        ("document", "document \"x\" { ODD \"?\" }"),
        ("constitution", "constitution \"x\" { ODD \"?\" }"),
        ("ranking", "ranking \"x\" { ODD \"?\" }"),
        ("commitment", "commitment \"x\" { ODD \"?\" }"),
        ("pool", "pool \"x\" { ODD \"?\" }"),
        ("release", "release \"x\" { ODD \"?\" }"),
        ("limits", "office \"x\" { limits { ODD \"?\" } }"),
        ("may", "office \"x\" { may \"spend\" ODD=\"?\" }"),
        ("close-after", "ranking \"x\" { close-after \"9 days\" ODD=\"?\" }"),
        ("kernel", "kernel { ODD \"?\" }"),
        ("class", "kernel { class \"x\" { ODD \"?\" } }"),
        ("members", "kernel { members { ODD \"?\" } }"),
        ("fork", "kernel { fork ODD=\"?\" }"),
        (OF_KERNEL, "kernel { constitution { ODD \"?\" } }"),
    ] {
        let known = known_to_the_checker(&text.replace("ODD", ODD), "C006");
        assert_eq!(set(&words(owner, Edition::USUAL)), known, "{owner}");
    }
    let mut clauses = known_to_the_checker(&format!("{ODD} \"x\""), "C005");
    assert!(clauses.insert("kernel".to_owned()));
    assert_eq!(set(&outside(Edition::TWO)), clauses);
}

#[test]
fn closed_lists_of_words_are_those_of_the_checker() {
    for (field, code, text) in [
        ("may", "C034", "office \"x\" { may \"ODD\" }"),
        ("votes", "C033", "office \"x\" { votes \"ODD\" }"),
        ("delegation", "C033", "office \"x\" { delegation \"ODD\" }"),
        ("of", "C033", "ranking \"x\" of=\"ODD\""),
        ("skip", "C033", "ranking \"x\" skip=\"ODD\""),
        ("every", "C033", "commitment \"x\" every=\"ODD\""),
        ("match", "C033", "pool \"x\" match=\"ODD\""),
        ("self", "C033", "pool \"x\" self=\"ODD\""),
        ("order", "C033", "pool \"x\" order=\"ODD\""),
        ("scale", "C033", "kernel { class \"x\" scale=\"ODD\" }"),
        ("treasury", "C033", "kernel { fork treasury=\"ODD\" }"),
    ] {
        let mut known = known_to_the_checker(&text.replace("ODD", ODD), code);
        if field == "may" {
            let kinds = format!("office \"x\" {{ may \"record\" \"hours\" \"{ODD}\" }}");
            known.extend(known_to_the_checker(&kinds, "C080"));
        }
        let clause = text.split(' ').next().unwrap_or_default();
        assert_eq!(set(&values(field, &[clause])), known, "{field}");
    }
    let text = format!("kernel {{ class \"x\" weight=\"{ODD}(x)\" }}");
    let mut functions = known_to_the_checker(&text, "C017");
    functions.extend(["if", "then", "else", "and", "or", "not", "half-life", "of"].map(|word| word.to_owned()));
    assert_eq!(set(formula::WORDS), functions);
}

#[test]
fn every_example_of_an_open_list_is_read() {
    for (field, text) in [
        ("settles-in", "office \"x\" { settles-in \"ODD\" }"),
        ("changes", "office \"x\" { settles-in \"1 day\"; changes \"ODD\" }"),
    ] {
        for (example, _) in values(field, &[]) {
            assert_eq!(mistakes(&text.replace("ODD", example)), [], "{example}");
        }
    }
    for field in ["amend", "carries", "currency", "time-zone"] {
        for (example, _) in values(field, &[]) {
            let text = match field {
                "carries" => format!("kernel {{ fork carries=\"{example}\" }}"),
                field => format!("kernel {{ {field} \"{example}\" }}"),
            };
            let missing = |mistake: &Diagnostic| mistake.code == "C007";
            assert!(mistakes(&text).iter().all(missing), "{text}");
        }
    }
}

#[test]
fn the_kernel_s_constitution_has_other_fields_than_a_clause() {
    assert_eq!(offered("kernel { constitution { elec|", None), [""; 0]);
    assert_eq!(offered("constitution \"x\" { upd|", None), [""; 0]);
    assert_eq!(offered("pool \"x\" order=\"sk|\"", None), ["skip"]);
    assert_eq!(offered("ranking \"x\" { order \"co|\" }", None), ["conviction"]);
}
