//! Documents: fences, positions and the syntax of rules.

use proptest::prelude::*;

use super::{Literal, Node, read};
use crate::edition::Edition;
use crate::{Above, read_constitution, read_constitution_below, read_kernel, read_kernel_under, template};

fn nodes(text: &str) -> Vec<Node> {
    read(text).map(|(nodes, _)| nodes).unwrap_or_else(|found| panic!("{text}: {found:?}"))
}

fn refused(text: &str) -> Vec<String> {
    let found = read(text).map(|_| ()).err().unwrap_or_default();
    found
        .iter()
        .map(|d| format!("{} {}:{}-{}:{} {:?}", d.code, d.line, d.column, d.end_line, d.end_column, d.words))
        .collect()
}

#[test]
fn kdl_is_read_with_its_places() {
    let text = "klasse \"é\" list = \"ü x\" { // c\n  gewicht \"a\\nb\"; x #\"r\\aw\"# -1_000 #true /* /* */ */\n}\n/- z { y }\nq a /-b \\\n  c /- { d }\n";
    let nodes = nodes(text);
    let names: Vec<&str> = nodes.iter().map(|node| node.name.text.as_str()).collect();
    assert_eq!(names, ["klasse", "q"]);
    let class = &nodes[0];
    assert_eq!(class.values[0].text, "é");
    assert_eq!(&text[class.properties[0].1.at.clone()], "\"ü x\"");
    assert_eq!(&text[class.at.clone()], "klasse \"é\" list = \"ü x\"");
    assert_eq!(class.children[0].values[0].text, "a\nb");
    let x = &class.children[1];
    assert_eq!(x.values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>(), ["r\\aw", "-1000", "#true"]);
    assert_eq!(x.values[1].is, Literal::Number);
    assert_eq!(nodes[1].values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert!(nodes[1].children.is_empty());
}

#[test]
fn a_place_inside_text_is_found_through_escapes_and_lines() {
    let text = "a \"é\\u{e9}x\" \"\"\"\n    one\n\n      twö x\n    \"\"\"";
    let nodes = nodes(text);
    let (escaped, lines) = (&nodes[0].values[0], &nodes[0].values[1]);
    assert_eq!(escaped.text, "ééx");
    assert_eq!(&text[escaped.place(&(4..5))], "x");
    assert_eq!(lines.text, "one\n\n  twö x");
    let at = lines.text.find('x').unwrap();
    assert_eq!(text[lines.place(&(at..at + 1)).start..].chars().next(), Some('x'));
}

#[test]
fn mistakes_of_form_are_reported_at_their_place_and_reading_goes_on() {
    assert_eq!(refused("a \"é\nb \"x\" )\nc {"), ["C003 1:3-1:5 \"\\\"é\"", "C003 2:7-2:8 \")\"",]);
    assert_eq!(refused("a {\n b"), ["C003 1:3-1:4 \"{\""]);
    assert_eq!(refused("é }"), ["C003 1:3-1:4 \"}\""]);
    assert_eq!(refused("a true"), ["C003 1:3-1:7 \"true\""]);
    assert_eq!(refused("a 5x"), ["C003 1:3-1:5 \"5x\""]);
    assert_eq!(refused("a \"b\"c"), ["C003 1:6-1:7 \"c\""]);
    assert_eq!(refused("a \"\\q\""), ["C003 1:4-1:5 \"\\\\\""]);
    assert_eq!(refused("(t)a"), ["C003 1:1-1:2 \"(\""]);
    assert_eq!(refused("/* a"), ["C003 1:1-1:3 \"/*\""]);
    assert_eq!(refused(&"x".repeat(1_048_577))[0].get(..4), Some("C001"));
}

#[test]
fn only_blocks_marked_charter_hold_rules() {
    let page = "# Title\r\n\r\n```kdl\r\nx\r\n```\r\n````markdown\n```charter\nnot this\n```\n````\n~~~ charter extra\na \"é\"\n~~~\n   ```charter\nb\n   ````\n";
    let names: Vec<String> = nodes(page).into_iter().map(|node| node.name.text).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(refused("# x\n\n```charter\né é é )\n```\n"), ["C003 4:7-4:8 \")\""]);
    assert_eq!(refused("```\nx\n```"), ["C002 1:1-1:1 \"\""]);
}

#[test]
fn hostile_nesting_is_refused_at_once() {
    for (pattern, count) in [
        ("/*", 100_000),
        ("/- ", 100_000),
        ("a /-{", 50_000),
        ("a{", 100_000),
        ("(", 100_000),
        ("\"\"\"", 50_000),
        ("{", 100_000),
        ("}", 100_000),
        ("a\n}\n{\n", 50_000),
    ] {
        assert!(!refused(&pattern.repeat(count)).is_empty(), "{pattern}");
    }
}

/// Letters that were looked at in reading a text as rules, form and meaning.
fn steps(text: &str) -> usize {
    let (nodes, mistakes) = super::read_sound(text, &["office"], Edition::ONE).unwrap();
    let reported = mistakes.found.len();
    assert!(reported <= super::MOST_MISTAKES);
    drop(nodes);
    mistakes.steps.get()
}

#[test]
fn reading_costs_a_fixed_number_of_steps_per_byte() {
    const PATTERNS: &str = "/*¦*/¦/*/¦/- ¦/-{ ¦a /-{¦a{¦a{}¦(¦\"\"\"¦\"\"\"\n¦{¦}¦a\n}\n{\n¦a b=¦a =¦a \\\n¦\\¦#\"¦##¦a ¦é ) ¦) ¦)\n¦\
        a \"\\u{¦a //\n¦a /**/¦a /* */ ¦office x;¦office \"x\" { a b=c }\n¦5x ¦5x\n¦a \"\n¦```charter\na )\n```\n¦\
        ~~~ charter\n¦# x\n";
    for pattern in PATTERNS.split('¦') {
        for length in [10_000, 200_000] {
            let text = pattern.repeat(length / pattern.len());
            let taken = steps(&text);
            assert!(taken <= 3 * text.len() + 1_000, "{pattern}: {taken} steps for {length} bytes");
        }
    }
}

#[test]
fn many_mistakes_on_one_line_cost_its_length_once() {
    let kernel = read_kernel_under(KERNEL, Edition::THREE).unwrap();
    // All notes and mistakes of a line are looked up in the order of their places, or nearly so.
    let clause = |n: usize| format!("pool p-{n} {{ self \"allowed\" }};");
    let long: String = (0..5_000).map(clause).collect();
    assert_eq!(read_constitution(&long, &kernel).unwrap().notes.len(), 5_000);
    let mistakes = super::Mistakes::new(&long, Edition::ONE);
    for at in 0..long.len() {
        mistakes.place(at);
    }
    for at in (0..long.len()).rev() {
        mistakes.place(at);
    }
    assert!(mistakes.steps.get() <= 2 * long.len());
    assert_eq!(mistakes.place(3), (1, 4));
}

#[test]
fn what_is_too_much_is_refused_whole() {
    let kernel = read_kernel(KERNEL).unwrap();
    let refused = |text: &str| -> Vec<&'static str> {
        let found = read_constitution(text, &kernel).unwrap_err();
        found.iter().map(|mistake| mistake.code).collect()
    };
    assert_eq!(refused(&" ".repeat(1_048_577)), ["C001"]);
    let clauses = |count: usize| -> String {
        let clause = |n| format!("document \"d-{n}\" {{ settles-in \"1 day\" }}\n");
        (0..count).map(clause).collect()
    };
    assert!(read_constitution(&clauses(5_000), &kernel).is_ok());
    assert_eq!(refused(&clauses(5_001)), ["C053"]);
    let words = |count: usize| format!("office a {{ may {} }}", "x ".repeat(count));
    assert_eq!(refused(&words(200_000)).last(), Some(&"C053"));
    let class = |n| format!("class \"c-{n}\" {{ weight \"1\" }}\n");
    let classes: String = (0..65).map(class).collect();
    let found = read_kernel(&KERNEL.replace("class p { weight \"1\" };", &classes)).unwrap_err();
    assert_eq!(found.iter().map(|m| m.code).collect::<Vec<_>>(), ["C053"]);
    assert_eq!(found[0].line, 65);
    // 500 are reported, however many there are.
    assert_eq!(refused(&"ofice a\n".repeat(20_000)).len(), 500);
}

#[test]
fn a_mistake_of_form_hides_no_other_clause() {
    let kernel = read_kernel(KERNEL).unwrap();
    let found = read_constitution(
        "office \"a\" { settles-in \"x\" }\nofice \"b\"\nbody \"c\" seats=5x {\n  settles-in \"1 day\"\n}\noffice \"d\" { settles-in \"1 minute\" }\n",
        &kernel,
    )
    .unwrap_err();
    let reported: Vec<String> = found.iter().map(|d| format!("{} {}", d.line, d.code)).collect();
    // The fields of `c` are not reported as unknown clauses.
    assert_eq!(reported, ["1 C037", "2 C005", "2 C007", "3 C003", "6 C014"]);
    let found = read_constitution(
        "office \"a\" {\n  settles-in \"14 days\n  may \"fly\"\n}\ndocument \"b\" { settles-in \"never\" }",
        &kernel,
    )
    .unwrap_err();
    let reported: Vec<String> = found.iter().map(|d| format!("{} {}", d.line, d.code)).collect();
    assert_eq!(reported, ["2 C003", "5 C037"]);
}

const KERNEL: &str = "kernel { name x; purpose y; currency USD; class p { weight \"1\" }; constitution { settles-in \"1 day\"; updates hourly } }";

/// Apart by `¦`.
const WORDS: &str = "kernel¦{¦}¦{¦}¦\n¦\n¦;¦name¦\"x\"¦currency \"USD\"¦class \"p\" {¦weight \"1\"¦weight \"donated(¦list=\"l\"¦=¦/-¦\
    /*¦*/¦//¦\\¦#\"¦\"#¦\"\"\"¦\"¦5¦0.5¦#true¦office \"o\"¦settles-in \"1 day\"¦seats=5¦\
    may \"spend\" up-to=\"5 USD per month\"¦ranking \"r\"¦```charter\n¦```\n¦é¦\u{feff}¦(¦)¦members { cap \"5%\"¦\
    constitution \"t\" {¦limits { spend \"5 USD per week\" }¦electorate \"p\"¦commitment \"c\" {¦every \"quarter\"¦\
    deadline \"2027-03-31\"¦pool \"p\" {¦fed-by \"20% of dues\"¦release \"r\" patrons-until=\"5 USD\"¦\
    supply \"8 hours per month\"¦control \"50%\"¦at-most \"50%\"¦\
    amend \"2/3 of weight and 1/2 of each class for 9 days\"";

proptest! {
    #[test]
    fn no_document_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn no_soup_of_words_panics(words in prop::collection::vec(prop::sample::select(WORDS.split('¦').collect::<Vec<_>>()), 0..60)) {
        check(&words.join(" "))?;
    }

    #[test]
    fn no_damage_to_a_template_panics(at in 0_usize..3_000, cut in 0_usize..40, put in "[\"{}\\\\#/*`\n -~é]{0,4}") {
        let filled = template("open-source").unwrap().fill("x", quantity::Currency::parse("USD").unwrap());
        for text in [filled.kernel, filled.constitution] {
            let letters: Vec<char> = text.chars().collect();
            let at = at % letters.len();
            let after = letters.iter().skip(at + cut);
            let damaged: String = letters[..at].iter().copied().chain(put.chars()).chain(after.copied()).collect();
            check(&damaged)?;
        }
    }
}

/// Mistakes have places in their text and come in order, for any text.
fn check(text: &str) -> Result<(), TestCaseError> {
    let kernel = read_kernel(KERNEL).unwrap();
    let team = "constitution t { electorate p; may merge; limits { spend \"5 USD per day\" } }";
    let team = read_constitution(team, &kernel).unwrap();
    let above = Above::root(&kernel).below(&team.clauses[0]);
    let plain = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = plain.split('\n').collect();
    for found in
        [read_kernel(text).err(), read_constitution(text, &kernel).err(), read_constitution_below(text, &above).err()]
            .into_iter()
            .flatten()
    {
        prop_assert!(!found.is_empty());
        prop_assert!(found.is_sorted());
        for mistake in found {
            let line = lines[mistake.line as usize - 1];
            prop_assert!(mistake.column as usize <= line.chars().count() + 1, "{:?} in {:?}", mistake, text);
            prop_assert!(!mistake.name.is_empty() && !mistake.why.is_empty());
        }
    }
    Ok(())
}

#[test]
fn a_message_repeats_little_and_nothing_that_a_terminal_obeys() {
    let kernel = read_kernel(KERNEL).unwrap();
    let long = "x".repeat(400_000);
    for text in [
        format!("office \"{long}\" {{ settles-in \"{long}\"; {long} 1; votes \"`{long}\" }}"),
        format!("{long} {{ }}"),
        format!("office a {{ {long} {{ {long} 1 }}; close {long}=1 }}"),
        format!("office a {long}=1 {{ may \"{long}\" }}"),
    ] {
        for found in [read_kernel(&text).err(), read_constitution(&text, &kernel).err()].into_iter().flatten().flatten()
        {
            assert!(found.to_string().len() < 8_300, "{}", found.code);
            assert!(found.words.chars().count() <= 81);
        }
    }
    let found = read_constitution("office \"m\" { settles-in \"\\u{1b}[2J\\u{7}\\u{202e}\" }", &kernel);
    assert_eq!(found.unwrap_err()[0].why, "`\\u{1b}[2J\\u{7}\\u{202e}` is not a length of time");
    let name = format!("office \"{}\" {{ settles-in \"1 day\" }}", "X".repeat(100));
    let found = read_constitution(&name, &kernel).unwrap_err();
    let eighty = "X".repeat(80);
    assert!(found[0].why.starts_with(&format!("`{eighty}…` is not a name")));
    assert_eq!(found[0].words, format!("\"{}…", "X".repeat(79)));
}

#[test]
fn lines_and_columns_are_those_of_editors() {
    assert_eq!(
        refused("\u{feff}a )\r\u{e9} )\r\nb )\n\rc )"),
        ["C003 1:3-1:4 \")\"", "C003 2:3-2:4 \")\"", "C003 3:3-3:4 \")\"", "C003 5:3-5:4 \")\""]
    );
    let lines: Vec<&str> = crate::lines("\u{feff}a )\r\u{e9} )\r\nb )\n\rc )").collect();
    assert_eq!(lines, ["a )", "\u{e9} )", "b )", "", "c )"]);
    let read = nodes("a \"\"\"\r  one\r\n  two\r  \"\"\" // c\rb \\\rc\r\nd \"\\\r\n x\"");
    assert_eq!(read[0].values[0].text, "one\ntwo");
    assert_eq!(read[1].values[0].text, "c");
    assert_eq!(read[2].values[0].text, "x");
    assert_eq!(refused("a \"\\n \nc\"")[0], "C003 1:3-1:7 \"\\\"\\\\n \"");
    assert_eq!(refused("a \"b\rc\"")[0], "C003 1:3-1:5 \"\\\"b\"");
    let names: Vec<String> = nodes("# T\r\r```charter\ra\rb\r```\r").into_iter().map(|node| node.name.text).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(nodes("\u{feff}```charter\na\n```\n").len(), 1);
}

#[test]
fn signs_that_nobody_sees_are_written_as_escapes() {
    for sign in "\u{0}\u{7}\u{b}\u{c}\u{1b}\u{7f}\u{85}\u{9b}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\u{2066}\u{2069}\u{feff}".chars() {
        for text in [
            format!("a // {sign}\n"),
            format!("a /* {sign} */"),
            format!("a   \"{sign}\""),
            format!("a   #\"{sign}\"#"),
        ] {
            let hidden: Vec<String> = refused(&text)
                .into_iter()
                .filter(|reported| reported.starts_with("C057"))
                .collect();
            assert_eq!(hidden.len(), 1, "{text:?}");
            assert!(crate::format(&text).is_err(), "{text:?}");
        }
        let escaped = format!("a \"\\u{{{:x}}}\"\n", u32::from(sign));
        assert_eq!(nodes(&escaped)[0].values[0].text, sign.to_string());
        // A laid-out text can be read again.
        assert_eq!(nodes(&crate::format(&escaped).unwrap())[0].values[0].text, sign.to_string());
    }
    let found = read_kernel(&KERNEL.replace("name x", "name \"\\u{200b}\\u{3164}\"")).unwrap_err();
    assert_eq!(found.iter().map(|m| m.code).collect::<Vec<_>>(), ["C057"]);
    assert!(read_kernel(&KERNEL.replace("name x", "name \"م\\u{200d}م\"")).is_ok());
    let two = "# T\n\n```charter\n\u{feff}a\n```\n";
    assert_eq!(refused(two)[0], "C057 4:1-4:2 \"\\u{feff}\"");
}

#[test]
fn rules_in_a_comment_are_refused() {
    let page =
        "# T\n\n```charter\na\n```\n\n<!-- old:\n\n```charter\nb\n```\n-->\n\n<!-- one line -->\n```charter\nc\n```\n";
    assert_eq!(refused(page), ["C058 9:1-9:11 \"```charter\""]);
    assert_eq!(refused("# T\n<!--\n~~~charter\nb\n~~~\n")[0], "C058 3:1-3:11 \"~~~charter\"");
    // A comment inside a block, or one with another block in it, hides nothing.
    let shown = "# T\n\n```html\n<!--\n```\n```charter\na\n```\n<!--\n```kdl\n-->\n```charter\nb\n```\n<div>\n```charter\nc\n```\n</div>\n> ```charter\n> d\n> ```\n";
    let names: Vec<String> = nodes(shown).into_iter().map(|node| node.name.text).collect();
    assert_eq!(names, ["a", "b", "c"]);
}

/// Returns the mistakes that count since edition 2 alone, each as its code and line.
fn later(text: &str) -> Vec<String> {
    assert!(read(text).is_ok(), "edition 1 reads it: {text}");
    crate::later_mistakes(text).iter().map(|mistake| format!("{} {}", mistake.code, mistake.line)).collect()
}

/// CommonMark 0.31, section 4.6, kinds 1 to 5: these blocks go on over empty lines, and readers of the page see nothing of them.
#[test]
fn rules_that_nobody_sees_are_found() {
    let shown = "```charter\noffice \"maintainer\" { settles-in \"14 days\" }\n```\n";
    let block = "```charter\noffice \"extra\" { settles-in \"1 hour\" }\n```\n";
    for (open, close) in [
        ("<style>", "</style>"),
        ("<STYLE media=print>", "</Style>"),
        ("<script type=\"text/plain\">", "</script>"),
        ("<pre", "</pre>"),
        ("<textarea>", "</textarea>"),
        ("<?note", "?>"),
        ("<!DOCTYPE x", ">"),
        ("<![CDATA[", "]]>"),
        ("<template>", "</template>"),
        ("<div hidden>", "</div>"),
        ("<div class=a hidden=\"\">\n<div>\n</div>", "</div>"),
        ("<section style=\"display: none\">", "</section>"),
        ("Text with <noscript> in it", "</noscript>"),
        ("<svg>", "</svg>"),
    ] {
        let text = format!("# Rules\n\n{shown}\n{open}\n\n{block}\n{close}\n");
        let line = text[..text.rfind("```charter").unwrap()].matches('\n').count() + 1;
        assert_eq!(later(&text), [format!("C058 {line}")], "{open}");
        let after = format!("# Rules\n\n{shown}\n{open}\n\n{close}\n\n{block}");
        assert_eq!(later(&after), Vec::<String>::new(), "closed again: {open}");
    }
    // Edition 1 takes the fence in the instruction for one, and so never sees the block that readers see.
    let swallowed = format!("# Rules\n\n{shown}\n<?x\n```\n?>\n\n{block}");
    assert_eq!(later(&swallowed), ["C058 12"]);
    for seen in [
        "<div>",
        "<details>",
        "`<template>` is a tag",
        "<br hidden>",
        "a < b hidden >",
        "<hiddenness>",
        "<script",
        "<styles>",
    ] {
        let text = format!("# Rules\n\n{shown}\n{seen}\n\n{block}");
        let expected: &[&str] = if seen == "<script" { &["C058 9"] } else { &[] };
        assert_eq!(later(&text), expected, "{seen}");
    }
}

#[test]
fn a_block_that_is_nearly_marked_is_noted() {
    let shown = "# Rules\n\n```charter\noffice \"maintainer\" { settles-in \"14 days\" }\n```\n\n";
    let kernel = read_kernel(KERNEL).unwrap();
    let noted = |block: &str| -> Vec<u32> {
        let constitution = read_constitution(&format!("{shown}{block}"), &kernel).unwrap();
        constitution.notes.iter().filter(|note| note.code == "C059").map(|note| note.line).collect()
    };
    for block in [
        "```Charter\nx\n```\n",
        "```{.charter}\nx\n```\n",
        "~~~ charter:\nx\n~~~\n",
        "> ```charter\n> x\n> ```\n",
        "- ```charter\n  x\n",
        "12. ```charter\n    x\n",
        "    ```charter\n    x\n    ```\n",
        "> - ```CHARTER\n",
    ] {
        assert_eq!(noted(block), [7], "{block}");
    }
    for block in [
        "```\nx\n```\n",
        "```chart\nx\n```\n",
        "````md\n```charter\nx\n```\n````\n",
        "see ```charter``` here\n",
        "```kdl\nx\n```\n",
    ] {
        assert_eq!(noted(block), Vec::<u32>::new(), "{block}");
    }
}

/// Official cases of KDL 2, by name: `slashdash_*comment*`, `slashdash_escline_*`, `slashdash_newline_*`. The texts are ours.
#[test]
fn comments_and_ends_of_lines_may_follow_a_slashdash() {
    let text = "office \"maintainer\" {\n    settles-in \"14 days\"\n    /- // not yet\n    may \"merge\"\n    may /- \\\n        \"release\" \"publish\"\n}\n/-\noffice \"second\" { settles-in \"1 day\" }\n";
    let found = nodes(text);
    assert_eq!(found.len(), 1);
    let may: Vec<&str> = found[0].children[1].values.iter().map(|value| value.text.as_str()).collect();
    assert_eq!((found[0].children.len(), may), (2, vec!["publish"]));
    for dropped in ["/- /* a */ x", "/-/* a */x", "/-\n\n// a\nx", "/- \\\n  x", "/-\r\nx"] {
        assert!(nodes(dropped).is_empty(), "{dropped}");
        let kept = nodes(&format!("y {dropped} z\n"));
        assert_eq!(kept[0].values.len(), 1, "{dropped}");
    }
    let laid_out = crate::format(text).unwrap();
    assert_eq!(nodes(&laid_out).len(), 1, "{laid_out}");
    assert_eq!(crate::format(&laid_out).as_deref(), Ok(laid_out.as_str()));
}

/// Official cases of KDL 2 that must fail, by name. The texts are ours; edition 1 reads them.
#[test]
fn kdl_that_is_no_kdl_is_found() {
    for (name, text) in [
        ("slashdash_before_children_end_fail", "a { b /- }"),
        ("slashdash_before_eof_fail", "a /-"),
        ("slashdash_before_semicolon_fail", "a /-;"),
        ("slashdash_child_block_before_entry_err_fail", "a /-{ b } c { d }"),
        ("slashdash_child_block_before_entry_err_fail", "a /-{ b } /-c"),
        ("no_digits_after_decimal_fail", "a 1."),
        ("multiple_dots_in_float_fail", "a 1.0.0"),
        ("multiple_dots_in_float_before_exponent_fail", "a 1.._0"),
        ("underscore_at_start_of_fraction_fail", "a 1._7"),
        ("dot_but_no_fraction_fail", "a 1.;"),
        ("leading_dot", "a .1"),
        ("dot_zero_fail", "a .0"),
        ("signed_dot_fail", "a -.1"),
        ("bare_ident_numeric_dot_fail", "a .0n"),
        ("floating_point_keyword_identifier_strings_fail", "a inf"),
        ("floating_point_keyword_identifier_strings_fail", "a b=-inf"),
        ("floating_point_keyword_identifier_strings_fail", "nan"),
    ] {
        assert_eq!(later(text), ["C003 1"], "{name}: {text}");
    }
    for text in
        ["a 1.5 -1_000 +0.1_0", "a .b -.b . - -- +", "a /-b { c }", "a { b } /-{ c }", "a /-{ b } { c } /-{ d }"]
    {
        assert_eq!(later(text), Vec::<String>::new(), "{text}");
    }
}
