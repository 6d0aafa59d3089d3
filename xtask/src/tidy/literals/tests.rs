//! Sentences, and what only looks like one.

use super::super::tests::{house, places};
use super::*;

#[track_caller]
fn finds(path: &str, text: &str, lines: &[usize]) {
    let expect: Vec<String> = lines.iter().map(|line| format!("{path}:{line}")).collect();
    assert_eq!(places(&check(&house(&[(path, text)]))), expect, "{text}");
}

#[test]
fn words_in_a_string_are_found() {
    let path = "crates/views/src/a.rs";
    for prose in ["\"closed for want of support\"", "\"{name} joined\"", "\" from {}\"", "r#\"Nobody is “here”\"#"]
    {
        finds(path, &format!("//! A.\nfn a() {{ b({prose}) }}"), &[2]);
    }
}

#[test]
fn names_addresses_and_figures_are_free() {
    let path = "crates/views/src/a.rs";
    for free in [
        "\"kernel\"",
        "\"/fork/{}/{part}\"",
        "\"{} {currency}\"",
        "\"{} %\"",
        "\" · \"",
        "\"{a:04}-{b:02}\"",
        "\"M{} C{} {} Z\"",
    ] {
        finds(path, &format!("fn a() {{ b({free}) }}"), &[]);
    }
    finds(path, "fn a() { b(\"{name}={id}; Path=/; HttpOnly; Secure\") }", &[]);
    finds(path, "fn a() { tracing::error!(%why, \"not as JSON\") }", &[]);
    finds(path, "#[expect(dead_code, reason = \"a later room reads it\")]\nfn a() {} // and this is a comment", &[]);
}

#[test]
fn tests_and_other_rooms_are_free() {
    let text = "fn a() { b(\"closed for want of support\") }";
    finds("crates/views/src/a/tests.rs", text, &[]);
    finds("crates/words/src/en/a.rs", text, &[]);
    finds("crates/views/src/a.rs", &format!("#[cfg(test)]\nmod tests {{\n{text}\n}}"), &[]);
}

#[test]
fn texts_of_a_page_are_found() {
    let path = "crates/views/src/a.html";
    finds(path, "<p class=\"a hint\">{{ words::home::A }}</p>\n<p>Place {{ share }}</p>", &[2]);
    finds(path, "{{ a }} {{ b }}", &[]);
    finds(path, "<p aria-label=\"Two words\">{% call p::line(\"a\", \"The name\") %}</p>", &[1, 1]);
    finds(path, "<pre><code>curl -X POST</code></pre> <code>rochdale fork</code>", &[]);
}

#[test]
fn texts_and_attributes_of_the_web_are_found() {
    let path = "crates/web/src/home/show.html";
    finds(path, "<p>{{ words::home::of(a, b) }} · {{ c }} %</p>\n<a title=\"Every entry\">x</a>", &[2]);
    finds(path, "<p aria-label=\"{{ words::home::of(a, b) }}\">{% if a %}<b>{{ a }}</b>{% endif %}</p>", &[]);
    finds("crates/web/src/chart/flow.rs", "fn a() { b(\"Where money went\") }", &[1]);
}

#[test]
fn classes_marks_and_reports_are_free() {
    let path = "crates/web/src/home.rs";
    for free in
        ["b(\"fill against\")", "b(r#\"<i class=\"{a}\" x=\"{b}\"/>\"#)", "tracing::error!(%a, \"a page is broken\")"]
    {
        finds(path, &format!("fn a() {{ {free} }}"), &[]);
    }
    finds("crates/web/src/assets.rs", "fn a() { b(\"public and immutable\") }", &[]);
}
