//! What holders type, and what is read.

use super::*;
use views::SpendForm;

fn view(form: PowerForm) -> PowerView {
    PowerView { power: String::new(), held: Vec::new(), given: Vec::new(), form }
}

fn fields(typed: &[(&str, &str)]) -> Fields {
    let pairs = typed.iter().map(|(name, typed)| (*name, *typed));
    pairs.map(|(name, typed)| (name.to_owned(), typed.to_owned())).collect()
}

fn wrong(form: PowerForm, typed: &[(&str, &str)]) -> Vec<String> {
    let problems = deed(&view(form), &fields(typed)).expect_err("something is wrong");
    problems.into_iter().map(|problem| problem.field).collect()
}

fn spend() -> PowerForm {
    PowerForm::Spend(SpendForm { digits: 2, ..SpendForm::default() })
}

#[test]
fn an_expense_is_read_to_the_cent() {
    let source = "0123456789abcdef0123456789ABCDEF";
    let typed = [
        ("amount", "1234.5"),
        ("from", " assets:bank "),
        ("to", "expenses:rent"),
        ("narration", "rent  of\tJune"),
        ("day", "2025-06-01"),
        ("source", source),
    ];
    let expected = Deed::Spend {
        minor: 123_450,
        from: "assets:bank".to_owned(),
        to: "expenses:rent".to_owned(),
        narration: "rent of June".to_owned(),
        day: "2025-06-01".to_owned(),
        source: source.to_lowercase(),
    };
    assert_eq!(deed(&view(spend()), &fields(&typed)), Ok(expected));
}

#[test]
fn every_field_that_cannot_be_read_is_named() {
    let all = ["amount", "from", "to", "narration", "day", "source"];
    assert_eq!(wrong(spend(), &[]), all);
    for day in ["2025-02-30", "2025-06-01T10:00:00Z", "1 June", "20250601  "] {
        assert!(wrong(spend(), &[("day", day)]).contains(&"day".to_owned()), "{day}");
    }
    assert_eq!(wrong(PowerForm::Admit, &[("name", " \t ")]), ["name"]);
    let lists = || PowerForm::KeepList(views::ListForm::default());
    assert_eq!(wrong(lists(), &[]), ["list", "member", "do"]);
    let items = || PowerForm::CloseIssue(views::ItemForm::default());
    assert_eq!(wrong(items(), &[]), ["ranking", "item", "title"]);
    assert_eq!(wrong(items(), &[("do", "close")]), ["ranking", "closing"]);
}

#[test]
fn links_lead_to_https_only() {
    let long = format!("https://example.org/{}", "a".repeat(MOST_LINK));
    for link in ["javascript:alert(1)", "http://example.org", "https://a b", &long] {
        let typed = [("ranking", "r"), ("item", "1"), ("title", "t"), ("link", link)];
        let form = PowerForm::CloseIssue(views::ItemForm::default());
        assert_eq!(wrong(form, &typed), ["link"], "{link}");
    }
    let title = "t".repeat(MOST_TITLE + 1);
    let typed = [("ranking", "r"), ("item", "1"), ("title", title.as_str())];
    let form = PowerForm::CloseIssue(views::ItemForm::default());
    assert_eq!(wrong(form, &typed), ["title"]);
}
