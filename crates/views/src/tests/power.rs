//! The powers that holders see, and the spending that everybody sees.

use charter::Power;
use engine::act::{Act, BookEntry, Posting, Stand};
use engine::{Actor, Context, apply};

use super::world::{World, at, m};
use crate::{PowerForm, PowerView};
use crate::{decision, my_page, power};

/// Members 4 and 5 sit on the core team, which may spend 100 USD a month; 4 is the maintainer too.
fn world() -> World {
    let mut world = World::usual();
    for member in [4, 5] {
        let decision = "core-team".to_owned();
        world.act(Act::Stand(Stand { member: m(member), decision }));
    }
    let both = [(4, 1_000_000), (5, 1_000_000)];
    world.cast(1, "core-team", 400_000, &both);
    for _ in 0..80 {
        let seated = |member, power| world.state.holds_power(m(member), power).next().is_some();
        if seated(5, Power::Spend) && seated(4, Power::CloseIssue) {
            return world;
        }
        world.run(1);
    }
    panic!("nobody was seated");
}

fn spend(world: &mut World, member: u64, minor: i64) {
    let posting = |account: &str, minor| Posting { account: account.to_owned(), minor };
    let act = Act::BookEntry(BookEntry {
        at: at("2025-01-02"),
        source: format!("bill:{minor}"),
        narration: Some("rent".to_owned()),
        currency: "USD".to_owned(),
        postings: vec![posting("assets:bank", -minor), posting("expenses:rent", minor)],
    });
    let context = Context::of(Actor::Member(m(member)), world.state.time);
    apply(&mut world.state, &act, &context).unwrap();
}

fn page(world: &World, me: u64, name: &str, query: &str) -> PowerView {
    power(&world.sight(Some(me)), name, query).unwrap()
}

#[test]
fn holders_are_told_what_they_may_do_and_what_is_left() {
    let mut world = world();
    spend(&mut world, 5, 2_000);
    let held = my_page(&world.sight(Some(4))).unwrap().held;
    let titles: Vec<&str> = held.iter().map(|office| office.title.as_str()).collect();
    assert_eq!(titles, ["Maintainer", "Core team"]);
    let powers = held[0].powers.iter();
    let powers: Vec<_> = powers.map(|power| (power.words.as_str(), power.href.as_deref())).collect();
    let expected = [("merge", None), ("release", None), ("close issues", Some("/powers/close-issue"))];
    assert_eq!(powers, expected);
    assert!(held[0].limits.is_empty());
    // The seat's other holder spent it: the limit is the body's.
    assert_eq!(held[1].limits[0].left_words, "80.00 of 100.00 USD of this month are left");
    assert!(my_page(&world.sight(Some(1))).unwrap().held.is_empty());
    let rules = decision(&world.sight(None), "core-team").unwrap().rules;
    let spent = "Of the 100.00 USD of this month 20.00 USD are spent.".to_owned();
    assert!(rules.contains(&spent), "{rules:?}");
    let rules = decision(&world.sight(None), "maintainer").unwrap().rules;
    assert!(!rules.iter().any(|rule| rule.contains("are spent")));
}

#[test]
fn a_page_says_through_what_the_reader_has_the_power_and_who_has_it_else() {
    let mut world = world();
    spend(&mut world, 5, 2_000);
    let view = page(&world, 1, "spend", "");
    assert!(view.held.is_empty());
    let given = ("Core team".to_owned(), "/decisions/core-team".to_owned());
    assert_eq!(view.given, [given]);
    let view = page(&world, 5, "spend", "");
    assert_eq!(view.held[0].name, "core-team");
    let PowerForm::Spend(form) = view.form else {
        panic!("not the form of spending");
    };
    let (from, to) = (["assets:bank".to_owned()], ["expenses:rent".to_owned()]);
    assert_eq!((form.from, form.to), (from.to_vec(), to.to_vec()));
    assert_eq!(at(&form.today), at(&world.state.time.to_string()[..10]), "{}", form.today);
    assert!(power(&world.sight(Some(4)), "merge", "").is_none());
    assert!(power(&world.sight(None), "spend", "").is_none());
}

#[test]
fn members_are_found_by_name_with_their_lists_and_items_with_their_titles() {
    let world = world();
    let PowerForm::KeepList(form) = page(&world, 1, "keep-list", " MEMBER-004 ").form else {
        panic!("not the form of lists");
    };
    let lists: Vec<&str> = form.lists.iter().map(|list| list.title.as_str()).collect();
    assert_eq!((form.found, lists), (1, vec!["contributor list"]));
    assert_eq!(form.members[0].name, "member-004");
    assert_eq!(form.members[0].on, ["contributor list"]);
    let PowerForm::CloseIssue(form) = page(&world, 4, "close-issue", "").form else {
        panic!("not the form of items");
    };
    assert_eq!(form.rankings[0].name, "issues");
    assert!(form.open.iter().any(|item| item.title == "Issue 220"));
    let PowerForm::CloseIssue(form) = page(&world, 5, "close-issue", "").form else {
        panic!("not the form of items");
    };
    assert!(form.rankings.is_empty(), "the core team looks after none");
}
