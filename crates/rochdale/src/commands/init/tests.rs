//! The questions of `init`: the effect of an answer, and the questions that are asked again.

use super::*;

fn asked(given: Given, typed: &str) -> (Result<Given, Exit>, String) {
    let (mut given, mut said) = (given, Vec::new());
    let done = ask(&mut given, Path::new("home"), &mut typed.as_bytes(), &mut said);
    (done.map(|()| given), String::from_utf8(said).unwrap())
}

#[test]
fn an_empty_line_is_the_usual_answer_and_a_wrong_one_is_asked_again() {
    let typed = "guild\nclub\n\nXXXX\neur\nEUR\nPlay chess\nMars\nEurope/Vienna\nsoon\n45 days\n";
    let (given, said) = asked(Given::default(), typed);
    let given = given.unwrap();
    assert_eq!(given.template.as_deref(), Some("club"));
    assert_eq!(given.name.as_deref(), Some("home"));
    assert_eq!(given.currency.as_deref(), Some("EUR"));
    assert_eq!(given.purpose.as_deref(), Some("Play chess"));
    assert_eq!(given.time_zone.as_deref(), Some("Europe/Vienna"));
    assert_eq!(given.settles_in.as_deref(), Some("45 days"));
    for words in [
        "there is no template `guild`",
        "`XXXX` is not an ISO 4217",
        "`Mars` is not a time zone",
        "`soon` is not a length of time",
    ] {
        assert!(said.contains(words), "{said}");
    }
    for name in charter::templates() {
        assert!(said.contains(&format!("\n  {name} ")), "{said}");
    }
}

#[test]
fn what_is_given_is_not_asked_and_an_end_of_answers_makes_nothing() {
    let given = || Given { template: Some("club".to_owned()), currency: Some("JPY".to_owned()), ..Given::default() };
    let (answered, said) = asked(given(), "Chess\n\n\n\n");
    let answered = answered.unwrap();
    assert_eq!(answered.currency.as_deref(), Some("JPY"));
    assert_eq!(answered.name.as_deref(), Some("Chess"));
    assert!(!said.contains("Template") && !said.contains("currency"), "{said}");
    let (ended, _) = asked(given(), "Chess\n");
    assert!(ended.is_err());
}
