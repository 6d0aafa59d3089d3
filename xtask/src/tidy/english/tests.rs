//! Each place where a sentence may begin, and the openings that are free.

use super::super::tests::{house, places};
use super::*;

/// The opening is put in the place of `@`.
#[track_caller]
fn finds(path: &str, text: &str, lines: &[usize]) {
    for opening in OPENINGS {
        let text = text.replace('@', opening);
        let expect: Vec<String> = lines.iter().map(|line| format!("{path}:{line}")).collect();
        assert_eq!(places(&check(&house(&[(path, &text)]))), expect, "{text}");
    }
}

#[test]
fn a_comment_is_one_text_over_its_lines() {
    finds("xtask/a.rs", "//! @ is here.", &[1]);
    finds("xtask/a.rs", "/// A reader meets a noun. @ comes\n/// second here.", &[1]);
    finds("xtask/a.rs", "// A reader asks.\n// @ is\n// it?", &[]);
    finds("xtask/a.rs", "// The rule says\n// @ twice, in the middle.", &[]);
    finds("xtask/a.rs", "fn a() {} // @ is beside code", &[1]);
    finds("xtask/a.rs", "/* @ is in a block */", &[1]);
    finds("xtask/a.rs", "/// One kind\n// @ is of another kind", &[2]);
}

#[test]
fn code_and_names_are_no_sentences() {
    finds("xtask/a.rs", "enum A { @, Else }", &[]);
    finds("xtask/a.rs", "// `@ is code`", &[]);
    finds("xtask/a.rs", "/// ```\n/// // @ is an example\n/// ```", &[]);
    finds("xtask/a.rs", "// No sentence begins with *@* or *Else*.", &[]);
    finds("xtask/a.rs", "// @", &[]);
}

#[test]
fn a_message_that_ends_is_a_sentence_and_one_that_does_not_is_a_heading() {
    finds("xtask/a.rs", "let a = \"@ is here.\";", &[1]);
    finds("xtask/a.rs", "let a = \"nothing is lost. @ is here too.\";", &[1]);
    finds("xtask/a.rs", "let a = \"one\\\n  two.\\n@ is here.\";", &[2]);
    finds("xtask/a.rs", "let a = r#\"@ is raw.\"#;", &[1]);
    finds("xtask/a.rs", "let a = \"@ would change\";", &[]);
    finds("xtask/a.rs", "let a = \"@ is it called?\";", &[]);
}

#[test]
fn documents_are_read_by_paragraph_item_and_cell() {
    finds("a.md", "# @ is a heading\n\n@ is a\nparagraph.", &[3]);
    finds("a.md", "Text.\n- @ is an item\n1. @ is another\n> @ is quoted", &[2, 3, 4]);
    finds("a.md", "| @ is a heading | b |\n| --- | --- |\n| a | @ is a cell |", &[3]);
    finds("a.md", "```\n@ is an example.\n```", &[]);
    finds("a.md", "**Note.** @ is here. *@ is* there.", &[1, 1]);
    finds("a.md", "A list: @ is here; then it ends.", &[1]);
}

#[test]
fn pages_are_read_without_their_tags() {
    finds("xtask/a.html", "<h2>@ is a heading</h2><p>Here.\n@ <b>is</b> a text.</p>", &[2]);
    finds("xtask/a.html", "<p>@ is {% if x > 1 %}one{% else %}two{% endif %}?</p>", &[]);
    finds("xtask/a.html", "<p>{{ x }} @ follows a value.</p>", &[]);
    finds("xtask/a.html", "<a href=\"{{ a }}\" title=\"@ is read out.\">a</a>", &[1]);
    finds("xtask/a.html", "{% call m(\"@ is handed in.\") %}", &[1]);
}

#[test]
fn comments_of_scripts_are_read() {
    finds("a", "#!/bin/sh\n# @ is here\necho '@ is printed.'", &[2]);
    finds("a.py", "def a():\n    \"\"\"@ is said\n    here.\"\"\"\n    # @ is too", &[2, 4]);
    finds("a.mjs", "/** @ is here. */\n// @ is too", &[1, 2]);
    finds("a.toml", "# @ is here", &[1]);
}

#[test]
fn texts_that_are_kept_are_left_alone() {
    for kept in KEPT {
        finds(&format!("{kept}a.md"), "@ is kept.", &[]);
    }
}

#[test]
fn subjects_of_commits_are_read() {
    let subjects = format!("1a log: {} is wrong is named\n2b log: Names mistakes", OPENINGS[1]);
    assert_eq!(places(&check_commits(&subjects)), ["commit 1a:1"]);
}
