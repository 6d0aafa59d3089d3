//! The specification's pages hold: every example of `acts.md` reads and writes back the same, every act and every
//! refusal has its section, and the numbers that the acts' page names are those of the rules.

use engine::act::{ActRow, Right};
use engine::{Act, Rule};

const ACTS: &str = include_str!("../../../../docs/spec/acts.md");
const LOG: &str = include_str!("../../../../docs/spec/log.md");
const REFUSALS: &str = include_str!("../../../../docs/spec/refusals.md");

/// Sections of a page, as heading and text.
fn sections(page: &str) -> Vec<(&str, &str)> {
    let parts = page.split("\n## ").skip(1);
    parts.map(|part| part.split_once('\n').unwrap_or((part, ""))).collect()
}

/// The JSON examples of a section.
fn examples(text: &str) -> impl Iterator<Item = &str> {
    let blocks = text.split("```json\n").skip(1);
    blocks.map(|block| block.split("\n```").next().unwrap_or_default())
}

fn read(kind: &str, body: &str) -> Result<Act, String> {
    let mut from = serde_json::Deserializer::from_str(body);
    let act = Act::deserialize_body(kind, &mut from).ok_or("no such act")?;
    act.map_err(|why| why.to_string())
}

#[test]
fn each_act_has_a_section_with_examples_that_read() {
    let sections = sections(ACTS);
    for ActRow { kind, .. } in Act::TABLE {
        let text = sections.iter().find(|(heading, _)| heading == kind);
        let (_, text) = text.unwrap_or_else(|| panic!("`{kind}` has no section"));
        assert!(examples(text).count() > 0, "`{kind}` has no example");
        for example in examples(text) {
            let act = read(kind, example).unwrap_or_else(|why| panic!("{kind}: {example}: {why}"));
            assert_eq!(act.kind(), *kind);
            let mut written = Vec::new();
            act.serialize_body(&mut serde_json::Serializer::new(&mut written)).unwrap();
            let again = read(kind, std::str::from_utf8(&written).unwrap());
            assert_eq!(again, Ok(act), "what is written reads back the same");
            let unknown = example.replacen('{', r#"{"colour":"red","#, 1);
            assert!(read(kind, &unknown).is_err(), "{kind} reads over an unknown field");
        }
    }
}

#[test]
fn the_entries_of_the_page_of_the_log_are_acts() {
    let entries: Vec<serde_json::Value> = LOG
        .lines()
        .filter(|line| line.starts_with("{\"v\":1,"))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(entries.len(), 4);
    for entry in entries {
        let (kind, actor) = (entry["kind"].as_str().unwrap(), entry["actor"].as_str().unwrap());
        let act = read(kind, &entry["body"].to_string()).unwrap_or_else(|why| panic!("{entry}: {why}"));
        let own = act.own_member().map(|member| member.to_string());
        assert_eq!(actor, own.as_deref().unwrap_or("operator"), "{entry}");
    }
}

/// The kinds that a row of *Who may hand in what* names.
fn kinds_of_row<'a>(who: &str) -> Vec<&'a str> {
    let (_, page) = ACTS.split_once("## Who may hand in what").unwrap_or_default();
    let row = page.lines().find(|line| line.starts_with(&format!("| {who} |")));
    let row = row.unwrap_or_else(|| panic!("no row `{who}`"));
    row.split('`').skip(1).step_by(2).filter(|word| Act::row_of(word).is_some()).collect()
}

#[test]
fn the_list_of_who_may_hand_in_what_is_that_of_the_table() {
    let of_table = |gives: &dyn Fn(&Right) -> bool| -> Vec<&str> {
        Act::TABLE.iter().filter(|row| row.rights.iter().any(gives)).map(|row| row.kind).collect()
    };
    let same = |who: &str, gives: &dyn Fn(&Right) -> bool| {
        let (mut listed, mut known) = (kinds_of_row(who), of_table(gives));
        listed.sort_unstable();
        known.sort_unstable();
        assert_eq!(listed, known, "{who}");
    };
    same("a member", &|right| *right == Right::Own);
    same("a member who holds an office or a seat", &|right| matches!(right, Right::Power(_)));
    same("a bridge", &|right| *right == Right::Fact);
    for row in Act::TABLE {
        assert!(row.rights.iter().any(|right| !matches!(right, Right::Command(_))) || row.kind == "found", "{row:?}");
    }
}

#[test]
fn each_refusal_has_a_section_and_there_are_no_others() {
    let headings: Vec<&str> = sections(REFUSALS).iter().map(|(heading, _)| *heading).collect();
    let rules: Vec<String> = Rule::ALL.iter().map(|rule| format!("{} {}", rule.number(), rule.name())).collect();
    assert_eq!(headings, rules, "one section a rule, in order of precedence");
    for (heading, text) in sections(REFUSALS) {
        assert!(text.contains("- Example: ") && text.contains("- Way out: "), "{heading}");
    }
}

#[test]
fn the_page_of_acts_names_rules_that_exist() {
    let words = ACTS.split(|c: char| !c.is_ascii_alphanumeric());
    let named = words.filter(|word| word.len() == 4 && word.starts_with('R') && word[1..].parse::<u16>().is_ok());
    for number in named {
        assert!(Rule::ALL.iter().any(|rule| rule.number() == number), "{number}");
    }
    for rule in Rule::ALL.iter().filter(|rule| rule.number() != "R004") {
        assert!(ACTS.contains(rule.number()), "no act says that it can be refused as {}", rule.number());
    }
}

#[test]
fn wrong_bodies_do_not_read() {
    for (kind, body) in [
        ("cast_ballot", r#"{"member":"member-001","decision":"maintainer","share_ppm":1}"#),
        ("cast_ballot", r#"{"member":"m_04hmasw9nf6yy","decision":"maintainer","share_ppm":-1}"#),
        ("cast_ballot", r#"{"member":"m_04hmasw9nf6yy","decision":"maintainer","share_ppm":0.5}"#),
        ("cast_ballot", r#"{"decision":"maintainer","share_ppm":1}"#),
        ("stand", r#"{"member":"m_z4hmasw9nf6yy","decision":"maintainer"}"#),
        ("book_entry", r#"{"at":"yesterday","source":"a","narration":"b","currency":"USD","postings":[]}"#),
        ("book_entry", r#"{"at":"2025-01-15","source":"a","narration":null,"currency":"USD","postings":[]}"#),
        ("no_such_act", "{}"),
    ] {
        assert!(read(kind, body).is_err(), "{kind} {body}");
    }
}
