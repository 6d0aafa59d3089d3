//! Answers, edits, and the founder's code.

use super::draft::Draft;
use super::*;

fn draft(name: &str) -> Draft {
    Draft {
        template: "worker".to_owned(),
        name: name.to_owned(),
        purpose: "Work".to_owned(),
        currency: "eur".to_owned(),
        time_zone: "europe/vienna".to_owned(),
        settles_in: "60 days".to_owned(),
        ..Draft::under(Edition::USUAL)
    }
}

#[test]
fn texts_follow_the_answers_until_they_are_edited() {
    let mut draft = draft("First");
    let answers = draft.answers().expect("answers");
    assert!(!draft.fill(&answers));
    assert!(draft.kernel.contains("\"First\"") && draft.kernel.contains("\"Europe/Vienna\""));
    assert!(draft.texts().mistakes.kernel.is_empty());
    draft.name = "Second".to_owned();
    assert!(!draft.fill(&draft.clone().answers().expect("answers")));
    assert!(draft.kernel.contains("\"Second\""));

    draft.constitution.push_str("\nMore words.\n");
    draft.name = "Third".to_owned();
    let third = draft.answers().expect("answers");
    assert!(draft.fill(&third), "what was edited is told, not lost");
    assert!(draft.kernel.contains("\"Second\"") && draft.constitution.contains("More words."));
    draft.refill(&third);
    assert!(draft.kernel.contains("\"Third\"") && !draft.constitution.contains("More words."));
}

#[test]
fn every_wrong_answer_is_named() {
    let mut draft = draft("");
    draft.purpose = "two\nlines".to_owned();
    draft.currency = "EURO".to_owned();
    draft.time_zone = "Mars".to_owned();
    draft.settles_in = "soon".to_owned();
    let problems = draft.answers().expect_err("problems");
    let fields: Vec<&str> = problems.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["name", "purpose", "currency", "time_zone", "settles_in"]);
}

#[test]
fn a_template_suggests_until_somebody_answers() {
    let mut draft = Draft { template: "worker".to_owned(), ..Draft::under(Edition::USUAL) };
    draft.suggest();
    let (purpose, span) = (draft.purpose.clone(), draft.settles_in.clone());
    assert!(!purpose.is_empty() && span.ends_with(" days") && draft.time_zone == "UTC");
    draft.template = "club".to_owned();
    draft.suggest();
    assert_ne!(draft.purpose, purpose);
    draft.purpose = "Our own".to_owned();
    draft.template = "worker".to_owned();
    draft.suggest();
    assert_eq!(draft.purpose, "Our own");
}

#[test]
fn nothing_is_founded_on_mistakes_or_by_nobody() {
    let mut draft = draft("A");
    draft.fill(&draft.clone().answers().expect("answers"));
    let field = |draft: &Draft| draft.whole().expect_err("a problem")[0].field.clone();
    assert_eq!(field(&draft), "founder");
    draft.founder = "member-001".to_owned();
    draft.lists = vec!["worker-list".to_owned(), "made-up".to_owned()];
    let (_, founder) = draft.whole().expect("whole");
    assert_eq!(founder.lists, ["worker-list"]);
    draft.constitution = draft.constitution.replace("settles-in", "setles-in");
    assert_eq!(field(&draft), "texts");
    draft.kernel = "x".repeat(draft::MOST_TEXT + 1);
    assert_eq!(field(&draft), "kernel");
}

#[test]
fn every_template_can_be_founded_as_it_is_suggested() {
    for name in charter::templates() {
        assert!(charter::template(name).is_some());
        let mut draft = Draft {
            template: (*name).to_owned(),
            name: "A <b>name</b> \"quoted\"".to_owned(),
            currency: "USD".to_owned(),
            founder: "member-001".to_owned(),
            ..Draft::under(Edition::USUAL)
        };
        draft.suggest();
        let answers = draft.answers().expect("answers");
        draft.fill(&answers);
        assert!(draft.whole().is_ok(), "{name}");
        let (kernel, constitution) = plain::said(&draft.texts());
        for (text, said) in [(&draft.kernel, kernel), (&draft.constitution, constitution)] {
            let shown = plain::pieces(text, &said);
            let count: usize = shown.iter().map(|piece| piece.plain.len()).sum();
            assert_eq!(count, said.len(), "{name}: every sentence stands beside some rules");
            assert!(count > 0, "{name}");
        }
    }
}
