//! Head, home, priorities, members, walk-in and money.

use engine::Act;
use engine::act::{BookEntry, OpenItem, Posting};

use super::world::{World, at, m};
use crate::{
    MoneyPage, RankingPart, coop_summary, home, member, members, money, money_entry, my_page, ranking, walk_in,
};

#[test]
fn the_head_says_when_votes_are_counted() {
    let world = World::usual();
    let coop = coop_summary(&world.sight(Some(1)));
    assert_eq!((coop.name.as_str(), coop.currency.as_str(), coop.members), ("trial", "USD", 6));
    assert_eq!(coop.last_update.unwrap().text, "Monday 3 February 2025, 01:00");
    assert_eq!(coop.next_update_words, "in 7 days");
    let me = coop.me.unwrap();
    assert_eq!((me.name.as_str(), me.waiting), ("member-001", 2));
    assert!(coop_summary(&world.sight(Some(9))).me.is_none());
}

#[test]
fn home_tells_what_is_liveliest_and_what_happened() {
    let mut world = World::usual();
    world.book("2025-01-05", "contribution", "income:contributions", 12_000);
    let view = home(&world.sight(None));
    assert_eq!(view.decisions.len(), 3);
    assert_eq!(view.decisions[0].name, "maintainer");
    assert!(
        view.decisions[0].outlook.starts_with("member-004 takes a vacant seat in"),
        "{}",
        view.decisions[0].outlook
    );
    assert_eq!(view.priorities[0].title, "Issue 220");
    assert_eq!(view.balance.text, "120.00 USD");
    let classes: u32 = view.classes.iter().map(|slice| slice.share.share_ppm).sum();
    assert!((999_997..=1_000_000).contains(&classes), "{classes}");
    assert!(view.happenings.is_empty());
    world.run_until("2025-04-07T01:00:00Z");
    let told: Vec<String> = home(&world.sight(None)).happenings.into_iter().map(|one| one.words).collect();
    assert_eq!(told, ["“Issue 275” closed for want of support"]);
}

#[test]
fn priorities_tell_order_support_and_closing() {
    let mut world = World::usual();
    let view = ranking(&world.sight(Some(1)), "issues", RankingPart::After(0)).unwrap();
    assert_eq!(view.title, "Priorities");
    assert_eq!(view.free.unwrap().share_ppm, 510_000);
    let [first, second] = view.items.as_slice() else { panic!("two items") };
    assert_eq!((first.rank, first.item.as_str(), first.supporters, first.opponents), (1, "220", 1, 0));
    assert!(first.closing.is_none() && first.ballot.as_ref().unwrap().placed);
    assert_eq!(first.votes.votes_micro, first.votes_for.votes_micro - first.votes_against.votes_micro);
    let closing = second.closing.as_ref().unwrap();
    assert_eq!(closing.closes_at.text, "Monday 7 April 2025, 01:00");
    assert_eq!((closing.left_days, closing.of_days), (63, 90));
    assert_eq!(closing.words, "closes in 9 weeks, on Monday 7 April 2025 unless someone supports it");
    assert!(!second.ballot.as_ref().unwrap().placed);
    assert!(view.rules.iter().any(|rule| rule
        == "An item whose votes stay at 0.50 or under for 90 days is closed, and the weight on it comes back."));
    world.run_until("2025-04-07T01:00:00Z");
    let view = ranking(&world.sight(None), "issues", RankingPart::After(0)).unwrap();
    assert_eq!((view.closed[0].item.as_str(), view.closed[0].words.as_str()), ("275", "90 days without support"));
    assert!(view.free.is_none() && view.items[0].ballot.is_none());
}

#[test]
fn a_long_ranking_comes_a_page_at_a_time() {
    let mut world = World::usual();
    for number in 1_000..1_200 {
        world.act(Act::OpenItem(OpenItem { decision: "issues".to_owned(), item: number.to_string(), amount: None }));
    }
    let page = |part| ranking(&world.sight(Some(1)), "issues", part).unwrap();
    let ranks = |view: &crate::RankingView| (view.items[0].rank, view.items.last().unwrap().rank);
    let (first, second, third) =
        (page(RankingPart::After(0)), page(RankingPart::After(100)), page(RankingPart::After(200)));
    assert_eq!((ranks(&first), ranks(&second), ranks(&third)), ((1, 100), (101, 200), (201, 202)));
    assert_eq!([first.open, second.open, third.open], [202; 3]);
    let cursors = |view: &crate::RankingView| (view.previous.clone(), view.next.clone());
    let at = |text: &str| Some(text.to_owned());
    assert_eq!(cursors(&first), (None, at("100")));
    assert_eq!(cursors(&second), (at("0"), at("200")));
    assert_eq!(cursors(&third), (at("100"), None));
    // One row says how far it is ahead of the first row of the next page.
    assert!(first.items[99].ahead.is_some() && third.items[1].ahead.is_none());
    let found = page(RankingPart::With(&second.items[30].item));
    assert_eq!(ranks(&found), (101, 200));
    assert_eq!(ranks(&page(RankingPart::With("none"))), (1, 100));
    let past = page(RankingPart::After(5_000));
    assert!(past.items.is_empty() && past.next.is_none());
    let report = |shown| crate::standings_report(&world.sight(None), "issues", shown).unwrap();
    assert_eq!((report(0..150).items.len(), report(0..150).next.as_deref()), (150, Some("150")));
    assert_eq!((report(150..300).items.len(), report(150..300).next), (52, None));
    assert_eq!(report(0..usize::MAX).items.len(), 202);
}

#[test]
fn what_closes_soon_waits_for_its_supporter() {
    let mut world = World::usual();
    world.place(3, "275", 10_000);
    world.run_until("2025-03-31T01:00:00Z");
    let page = my_page(&world.sight(Some(3))).unwrap();
    assert_eq!(page.waiting[0].words, "“Issue 275”, which you support, closes in 7 days, on Monday 7 April 2025.");
    assert_eq!(page.waiting[0].href, "/issues?item=275#item-275");
    assert_eq!(page.waiting.last().unwrap().words, "99 % of your weight is not placed anywhere.");
    assert_eq!((page.placed[0].field.as_str(), page.placed[0].title.as_str()), ("issues:275", "Issue 275"));
    assert_eq!(page.idle.share_ppm, 990_000);
}

#[test]
fn the_register_is_heaviest_first_and_can_be_searched() {
    let mut world = World::usual();
    world.admit(7..=120);
    // The curve is that of the last update: newcomers are in the list at once, and in the curve from the next one on.
    assert_eq!(members(&world.sight(None), "", None).curve.len(), 7);
    world.run(1);
    let view = members(&world.sight(None), "", None);
    assert_eq!((view.total, view.found, view.rows.len()), (120, 120, 50));
    assert_eq!(view.rows[0].name, "member-001");
    assert_eq!((view.next.as_deref(), view.previous.as_deref()), (Some("50"), None));
    let last = members(&world.sight(None), "", Some("100"));
    assert_eq!((last.rows.len(), last.next.as_deref(), last.previous.as_deref()), (20, None, Some("50")));
    assert_eq!(members(&world.sight(None), "", Some("50")).previous.as_deref(), Some(""));
    let found = members(&world.sight(None), "ER-004", None);
    assert_eq!((found.found, found.rows[0].member.clone()), (1, m(4).to_string()));
    assert_eq!(view.curve.len(), 41);
    assert_eq!((view.curve[40].members_ppm, view.curve[40].weight_ppm), (1_000_000, 1_000_000));
    assert_eq!(view.curve_words, "The heaviest tenth of members hold 100 % of all weight.");
    assert_eq!(
        view.classes[0].earned_words,
        "Weight is (the lesser of donated last month and pledged next month) ÷ 1 USD."
    );
    assert!(members(&world.sight(None), "no one", Some("900")).rows.is_empty());
}

#[test]
fn offices_stand_beside_their_holders() {
    let mut world = World::usual();
    world.run(40);
    let view = member(&world.sight(None), m(4)).unwrap();
    assert_eq!(view.offices, [("Maintainer".to_owned(), "/decisions/maintainer".to_owned())]);
}

#[test]
fn walking_in_shows_members_with_weight_first() {
    let world = World::usual();
    let view = walk_in(&world.sight(None), "", None);
    assert_eq!(view.found, 6);
    assert!(view.rows[0].words.starts_with("patrons and friends · weight 193.92 "), "{}", view.rows[0].words);
    assert!(view.rows[0].words.ends_with("· votes on 2 decisions"));
    assert!(view.rows[5].words.starts_with("no weight "));
    assert!(view.rows[5].words.ends_with(" · no votes placed"));
}

#[test]
fn the_book_flows_from_sources_to_uses() {
    let mut world = World::usual();
    world.book("2025-01-05", "contribution", "income:contributions", 12_000);
    world.book("2025-01-06", "host fee", "expenses:host-fees", -1_200);
    world.book("2025-02-01", "expense", "expenses:paid", -800);
    let entry = BookEntry {
        at: at("2025-02-01"),
        source: "test:1".to_owned(),
        narration: Some("host fee".to_owned()),
        currency: "USD".to_owned(),
        postings: vec![
            Posting { account: "assets:bank".to_owned(), minor: -1_200 },
            Posting { account: "expenses:host-fees".to_owned(), minor: 1_200 },
        ],
    };
    let row = money_entry(&world.sight(None), &entry, 10_000);
    assert_eq!(
        (row.words.as_str(), row.amount.text.as_str(), row.balance.text.as_str()),
        ("Host fee", "−12.00 USD", "100.00 USD")
    );
    let page = MoneyPage { entries: vec![row], as_of: Some(at("2025-02-01")), ..MoneyPage::default() };
    let view = money(&world.sight(None), page);
    assert_eq!((view.balance.text.as_str(), view.kept.amount_minor), ("100.00 USD", 10_000));
    assert_eq!(view.flow_words, "January 2025 to February 2025");
    assert_eq!((view.sources[0].name.as_str(), view.sources[0].amount.amount_minor), ("Contributions", 12_000));
    let uses: Vec<_> = view.uses.iter().map(|part| (part.name.as_str(), part.amount.amount_minor)).collect();
    assert_eq!(uses, [("Host fees", 1_200), ("Paid", 800)]);
    assert_eq!((view.months[0].label.as_str(), view.months[0].at_us), ("Jan 2025", at("2025-01-01").0));
    assert_eq!(view.years[0].net.amount_minor, 10_000);
    assert_eq!(view.decided_by, ["The core team may spend up to 100.00 USD a month."]);
    assert_eq!(view.as_of.unwrap().text, "Saturday 1 February 2025, 00:00");
}

#[test]
fn who_loses_a_decision_is_told_and_nobody_sees_it_any_more() {
    let mut world = World::usual();
    let rules = "```charter\nranking \"issues\" of=\"forge\"\n```\n";
    let now = world.state.time;
    let outcomes = world.state.put_in_force("constitution", rules, now);
    world.history.push(crate::UpdatePoint::of(&world.state, &outcomes.unwrap()).into());
    world.keep();
    let page = my_page(&world.sight(Some(2))).unwrap();
    assert_eq!(page.waiting[0].words, "40 % of your weight came free: the rules no longer define maintainer.");
    let others = my_page(&world.sight(Some(3))).unwrap();
    assert!(others.waiting.iter().all(|one| !one.words.contains("came free")));
    let names: Vec<String> = crate::decision_cards(&world.sight(None)).into_iter().map(|card| card.name).collect();
    assert_eq!(names, ["constitution", "issues"]);
    assert!(crate::decision(&world.sight(None), "maintainer").is_none());
    let home = crate::home(&world.sight(None));
    assert_eq!(home.decisions.len(), 2);
    let closed = "The rules no longer define: maintainer";
    assert!(home.happenings.iter().any(|one| one.words == closed), "{:?}", home.happenings);
}

#[test]
fn a_decision_inside_a_constitution_has_an_address_of_its_own() {
    let mut world = World::usual();
    let now = world.state.time;
    let fenced = |clause: &str| format!("```charter\n{clause}\n```\n");
    let outer = fenced("constitution \"docs\" { settles-in \"7 days\" }");
    let inner = fenced("office \"editor\" { settles-in \"7 days\" }");
    for (path, text) in [("constitution", outer), ("docs", inner)] {
        world.state.put_in_force(path, &text, now).unwrap();
    }
    let cards = crate::decision_cards(&world.sight(None));
    let hrefs: Vec<&str> = cards.iter().map(|card| card.href.as_str()).collect();
    assert_eq!(hrefs, ["/decisions/constitution", "/decisions/docs", "/decisions/docs%2Feditor"]);
    assert!(crate::decision(&world.sight(None), "docs/editor").is_some());
}
