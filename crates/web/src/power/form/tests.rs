//! Holders type, and forms read.

use super::*;
use views::SpendForm;

fn view(form: PowerForm) -> PowerView {
    PowerView {
        power: String::new(),
        held: Vec::new(),
        kept: Vec::new(),
        by_members: false,
        waits: false,
        given: Vec::new(),
        form,
    }
}

fn fields(typed: &[(&str, &str)]) -> Fields {
    let pairs = typed.iter().map(|(name, typed)| (*name, *typed));
    pairs.map(|(name, typed)| (name.to_owned(), typed.to_owned())).collect()
}

fn kernel() -> Kernel {
    let template = charter::template("club").expect("a template");
    let filled = template.fill("a club", quantity::Currency::parse("USD").expect("a currency"));
    charter::read_kernel(&filled.kernel).expect("a kernel")
}

fn wrong(form: PowerForm, typed: &[(&str, &str)]) -> Vec<String> {
    let problems = deed(&view(form), &fields(typed), &kernel()).expect_err("something is wrong");
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
    let Ok(Deed::Act(Act::BookEntry(entry))) = deed(&view(spend()), &fields(&typed), &kernel()) else {
        panic!("it can be read");
    };
    let postings: Vec<(&str, i64)> = entry.postings.iter().map(|one| (one.account.as_str(), one.minor)).collect();
    assert_eq!(postings, [("assets:bank", -123_450), ("expenses:rent", 123_450)]);
    assert_eq!((entry.narration.as_deref(), entry.currency.as_str()), (Some("rent of June"), "USD"));
    assert_eq!(entry.source, format!("page:{}", source.to_lowercase()));
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

#[test]
fn a_day_begins_at_midnight_in_the_zone() {
    let zone = Zone::named("Pacific/Auckland").expect("a zone");
    let began = beginning("2025-01-02", &zone).expect("a day");
    assert_eq!(began.to_string(), "2025-01-01T11:00:00Z");
}
