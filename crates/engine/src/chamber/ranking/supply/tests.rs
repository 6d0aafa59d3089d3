//! Supplies. Each test is a sentence of `docs/spec/rankings.md`, *Supply*.

use charter::{Amount, BroughtBy, Clause, ClauseKind, Every, TooLarge};

use super::*;
use crate::edition::{FOUR, THREE};
use crate::tests::{Coop, Setup, at, by, on_item, ranking, read, rule};
use crate::{Act, State};

const HOUR: u64 = 3_600;

/// The clause `help`, to which members bring items, with a supply.
fn help(amount: Amount, every: Every, too_large: TooLarge) -> Clause {
    let mut clause = ranking("help", 0, 0);
    if let ClauseKind::Ranking(list) = &mut clause.kind {
        list.brought_by = BroughtBy::Members;
        list.supply = Some(charter::Supply { amount, every, too_large });
    }
    clause
}

fn hours(hours: u64, too_large: TooLarge) -> Clause {
    help(Amount::Seconds(hours * HOUR), Every::Month, too_large)
}

/// Founded on 1 January 2025; members of these weights, counted once on 6 January.
fn house(clause: Clause, weights: &[i64]) -> Coop {
    let mut house = Setup { edition: FOUR, ..Setup::new(vec![clause]) }.found().with_weights(weights);
    house.next();
    house
}

fn brings(member: u64, item: &str, seconds: u64) -> Act {
    let amount = format!(r#"{{"amount":{seconds},"unit":"second"}}"#);
    read("bring_item", &format!(r##"{{"member":"#{member}","decision":"help","item":"{item}","amount":{amount}}}"##))
}

/// Members 1, 2 and so on bring requests for so many hours, and place all their weight on their own.
fn ask(house: &mut Coop, requests: &[(&str, u64)]) {
    for (member, (item, hours)) in (1..).zip(requests) {
        house.act(brings(member, item, hours * HOUR));
        house.place(member, "help", item, 1_000_000);
    }
}

fn open(house: &Coop) -> Vec<String> {
    let list = house.decision("help");
    list.item_order().into_iter().map(|place| list.item_at(place).unwrap().id.to_string()).collect()
}

fn handing(house: &Coop) -> &Handing {
    &house.decision("help").ranking().unwrap().handing
}

/// Another clause comes into force, as a constitution would bring it.
fn renew(house: &mut Coop, clause: &Clause) {
    let (kernel, time) = (house.state.rules.kernel.clone(), house.state.time);
    let place = house.state.decision_place("help").unwrap();
    house.state.decisions[place].renew(&kernel, clause, time);
}

#[test]
fn a_request_too_large_for_the_rest_stops_the_list_or_is_skipped() {
    let served = |too_large| {
        let mut house = house(hours(8, too_large), &[9, 4, 1]);
        ask(&mut house, &[("a", 5), ("b", 4), ("c", 3)]);
        house.run_until("2025-02-03T01:00:00Z")
    };
    assert_eq!(served(TooLarge::Stops), ["item-served help a 18000 second freed 1"]);
    let both = ["item-served help a 18000 second freed 1", "item-served help c 10800 second freed 1"];
    assert_eq!(served(TooLarge::IsSkipped), both);
}

#[test]
fn served_items_close_and_free_their_weight() {
    let mut house = house(hours(8, TooLarge::Stops), &[9, 4]);
    ask(&mut house, &[("a", 5), ("b", 8)]);
    house.run_until("2025-02-03T01:00:00Z");
    assert_eq!(open(&house), ["b"]);
    let item = house.decision("help").item("a").unwrap();
    assert_eq!((item.closed_at, item.served), (Some(at("2025-02-03T01:00:00Z")), true));
    assert_eq!(house.state.members.placed_ppm(crate::MemberIndex(0)), 0);
    assert_eq!(house.state.members.placed_ppm(crate::MemberIndex(1)), 1_000_000);
    house.act(brings(1, "a2", HOUR));
    assert_eq!(rule(by(&mut house, 1, &brings(1, "a", HOUR))), Rule::ItemWasThere);
    // Somebody who may opens it again, as a new request.
    house.act(read("open_item", r#"{"decision":"help","item":"a","amount":{"amount":60,"unit":"second"}}"#));
    assert!(!house.decision("help").item("a").unwrap().served);
}

#[test]
fn each_period_serves_once_and_the_rest_is_lost() {
    let mut house = house(hours(8, TooLarge::Stops), &[9, 4]);
    ask(&mut house, &[("a", 5), ("b", 8)]);
    assert!(house.run_until("2025-02-02").is_empty(), "the supply came into force within January");
    assert_eq!(house.next(), ["item-served help a 18000 second freed 1"]);
    assert!(house.run_until("2025-03-02").is_empty(), "three hours are left, and no update of February serves again");
    assert_eq!(house.next(), ["item-served help b 28800 second freed 1"], "eight hours, not eleven");
    let servings: Vec<_> =
        handing(&house).servings().iter().rev().map(|one| (one.at, one.used(), one.served.len())).collect();
    assert_eq!(servings, [(at("2025-03-03T01:00:00Z"), 8 * HOUR, 1), (at("2025-02-03T01:00:00Z"), 5 * HOUR, 1)]);
    assert!(house.run_until("2025-04-07T01:00:00Z").is_empty());
    assert_eq!(handing(&house).servings().last().unwrap().used(), 0, "nothing was asked for, and the supply is lost");
}

#[test]
fn only_votes_above_zero_are_served_and_the_older_first() {
    let mut house = house(hours(8, TooLarge::IsSkipped), &[4, 4, 4, 9]);
    for item in ["a", "b", "c", "d"] {
        house.act(brings(1, item, 4 * HOUR));
        house.state.time = house.state.time.plus_seconds(60);
    }
    house.place(1, "help", "c", 1_000_000);
    house.place(2, "help", "b", 1_000_000);
    house.place(3, "help", "a", 1_000_000);
    let against = on_item(4, "help", "a", 1_000_000);
    house.act(Act::CastBallot(crate::act::CastBallot { against: true, ..against }));
    let told = house.run_until("2025-02-03T01:00:00Z");
    assert_eq!(told, ["item-served help b 14400 second freed 1", "item-served help c 14400 second freed 1"]);
    assert_eq!(open(&house), ["d", "a"], "0 votes, and 2 − 3");
}

#[test]
fn missed_updates_serve_each_period_by_the_log_as_of_then() {
    let mut house = house(hours(8, TooLarge::Stops), &[16, 9, 4]);
    ask(&mut house, &[("a", 8), ("b", 8), ("c", 8)]);
    let mut late = house.clone();
    house.run_until("2025-02-20");
    house.run_until("2025-03-20");
    // The server was down from January to March; three months later it makes each update once.
    let told = late.run_until("2025-03-20");
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(late.state.hash(), house.state.hash());
    assert_eq!(open(&late), ["c"]);
}

#[test]
fn a_period_without_an_update_loses_its_supply() {
    let mut house = house(help(Amount::Seconds(HOUR), Every::Day, TooLarge::Stops), &[9, 4, 1]);
    ask(&mut house, &[("a", 1), ("b", 1), ("c", 1)]);
    assert_eq!(house.next().len(), 1, "one day's hour of seven");
    assert_eq!(house.next().len(), 1);
    assert_eq!(open(&house), ["c"]);
}

#[test]
fn periods_are_those_of_the_zone() {
    let setup = Setup {
        edition: FOUR,
        zone: "Europe/Berlin",
        updates: "daily at 00:30",
        ..Setup::new(vec![hours(8, TooLarge::Stops)])
    };
    let mut house = setup.found().with_weights(&[4]);
    ask(&mut house, &[("a", 8)]);
    house.run_until("2025-01-31T00:00:00Z");
    assert_eq!(house.next().len(), 1);
    assert_eq!(house.state.time, at("2025-01-31T23:30:00Z"), "the first of February in Berlin");
}

#[test]
fn another_supply_counts_from_the_next_period_on() {
    let mut house = house(hours(8, TooLarge::Stops), &[16, 9, 4]);
    ask(&mut house, &[("a", 8), ("b", 8), ("c", 2)]);
    house.run_until("2025-02-03T01:00:00Z");
    let mut more = house.clone();
    // Sixteen hours a month from mid-February on: none of them in February.
    renew(&mut more, &hours(16, TooLarge::Stops));
    assert!(more.run_until("2025-03-02").is_empty());
    assert_eq!(more.next().len(), 2);
    // Weeks in place of months: the next week serves.
    let mut weekly = house.clone();
    renew(&mut weekly, &help(Amount::Seconds(8 * HOUR), Every::Week, TooLarge::Stops));
    assert_eq!(weekly.next(), ["item-served help b 28800 second freed 1"]);
    // Less than somebody asks for: that request is never served, and nobody waits for it.
    let mut less = house.clone();
    renew(&mut less, &hours(4, TooLarge::Stops));
    assert_eq!(less.run_until("2025-03-03T01:00:00Z"), ["item-served help c 7200 second freed 1"]);
    // Another unit: none of them says how many.
    let mut places = house.clone();
    renew(&mut places, &help(Amount::Count(4), Every::Month, TooLarge::Stops));
    assert!(places.run_until("2025-03-03T01:00:00Z").is_empty());
    // Taken away and given again within a period: nothing is served twice.
    let none = ranking("help", 0, 0);
    renew(&mut house, &none);
    renew(&mut house, &hours(8, TooLarge::Stops));
    assert!(house.run_until("2025-03-02").is_empty());
    assert_eq!(house.next().len(), 1);
}

#[test]
fn requests_say_how_much_in_the_supplys_unit() {
    let mut house = house(hours(8, TooLarge::Stops), &[9]);
    let asks = |amount: &str| {
        let amount = if amount.is_empty() { String::new() } else { format!(r#","amount":{amount}"#) };
        read("bring_item", &format!(r##"{{"member":"#1","decision":"help","item":"x"{amount}}}"##))
    };
    let opens = |amount: &str| {
        let amount = if amount.is_empty() { String::new() } else { format!(r#","amount":{amount}"#) };
        read("open_item", &format!(r##"{{"decision":"help","item":"x"{amount}}}"##))
    };
    let second = |amount: i64| format!(r#"{{"amount":{amount},"unit":"second"}}"#);
    for (amount, wanted) in [
        ("", Rule::AmountMissing),
        (second(0).as_str(), Rule::AmountOutOfRange),
        (second(-60).as_str(), Rule::AmountOutOfRange),
        (second(28_801).as_str(), Rule::MoreThanSupply),
        (r#"{"amount":1,"unit":"unit"}"#, Rule::WrongUnit),
        (r#"{"amount":1,"currency":"USD"}"#, Rule::WrongUnit),
        (r#"{"amount":1,"unit":"second","currency":"USD"}"#, Rule::WrongUnit),
    ] {
        assert_eq!(rule(by(&mut house, 1, &asks(amount))), wanted, "{amount}");
        assert_eq!(house.submit(&opens(amount)).unwrap_err().rule, wanted, "{amount}");
    }
    by(&mut house, 1, &asks(&second(28_800))).unwrap();
    assert_eq!(rule(by(&mut house, 1, &asks(""))), Rule::ItemAlreadyOpen, "the earlier rule answers");
}

#[test]
fn money_is_in_the_coops_currency() {
    let mut house = house(help(Amount::Money(5_000), Every::Quarter, TooLarge::Stops), &[9]);
    let asks = |code: &str| {
        let amount = format!(r#"{{"amount":5000,"currency":"{code}"}}"#);
        read("bring_item", &format!(r##"{{"member":"#1","decision":"help","item":"x","amount":{amount}}}"##))
    };
    assert_eq!(rule(by(&mut house, 1, &asks("EUR"))), Rule::WrongCurrency);
    by(&mut house, 1, &asks("USD")).unwrap();
    house.place(1, "help", "x", 1_000_000);
    assert_eq!(house.run_until("2025-04-07T01:00:00Z"), ["item-served help x 5000 USD freed 1"]);
}

#[test]
fn a_thing_that_is_counted_is_one_where_nothing_is_said() {
    let mut house = house(help(Amount::Count(3), Every::Week, TooLarge::Stops), &[16, 9, 4]);
    for (member, amount) in [(1, ""), (2, r#","amount":{"amount":2,"unit":"unit"}"#), (3, "")] {
        let act = format!(r##"{{"member":"#{member}","decision":"help","item":"p{member}"{amount}}}"##);
        house.act(read("bring_item", &act));
        house.place(member, "help", &format!("p{member}"), 1_000_000);
    }
    assert_eq!(house.next(), ["item-served help p1 1 unit freed 1", "item-served help p2 2 unit freed 1"]);
    assert_eq!(house.next(), ["item-served help p3 1 unit freed 1"]);
}

#[test]
fn issues_of_the_forge_wait_where_hours_are_handed_out() {
    let of_forge = |amount| {
        let mut clause = help(amount, Every::Week, TooLarge::Stops);
        if let ClauseKind::Ranking(list) = &mut clause.kind {
            list.brought_by = BroughtBy::Forge;
        }
        let mut house = house(clause, &[9]);
        house.open("help", "220");
        house.place(1, "help", "220", 1_000_000);
        let told = house.next();
        (house, told)
    };
    assert_eq!(of_forge(Amount::Count(1)).1, ["item-served help 220 1 unit freed 1"]);
    let (mut house, told) = of_forge(Amount::Seconds(HOUR));
    assert!(told.is_empty());
    let outlook = house.state.outlook(house.decision("help")).unwrap();
    assert_eq!(outlook.wait(ItemId(0), house.decision("help").item("220").unwrap()), Wait::NoAmount);
    // Somebody who may opens it again with an amount.
    house.act(read("close_item", r#"{"decision":"help","item":"220"}"#));
    house.act(read("open_item", r#"{"decision":"help","item":"220","amount":{"amount":3600,"unit":"second"}}"#));
    house.place(1, "help", "220", 1_000_000);
    assert_eq!(house.next(), ["item-served help 220 3600 second freed 1"]);
}

#[test]
fn other_rankings_take_no_amount() {
    let mut house = house(ranking("help", 0, 0), &[9]);
    let act = r#"{"decision":"help","item":"x","amount":{"amount":1,"unit":"second"}}"#;
    assert_eq!(house.submit(&read("open_item", act)).unwrap_err().rule, Rule::NoSupply);
    house.open("help", "x");
}

#[test]
fn earlier_editions_keep_a_supply_and_hand_nothing_out() {
    let mut house = Setup { edition: THREE, ..Setup::new(vec![hours(8, TooLarge::Stops)]) }.found().with_weights(&[9]);
    assert_eq!(rule(by(&mut house, 1, &brings(1, "a", HOUR))), Rule::ActOfLaterEdition);
    let proposes = r##"{"member":"#1","proposed":{"act":"open_item","decision":"help","item":"a","amount":{"amount":1,"unit":"unit"}}}"##;
    assert_eq!(rule(by(&mut house, 1, &read("propose_act", proposes))), Rule::ActOfLaterEdition);
    house.act(read("bring_item", r##"{"member":"#1","decision":"help","item":"a"}"##));
    house.place(1, "help", "a", 1_000_000);
    assert!(house.run_until("2025-04-01").is_empty());
    assert_eq!(handing(&house), &Handing::default());
}

#[test]
fn the_state_hash_has_every_number_of_it() {
    let mut house = house(hours(8, TooLarge::Stops), &[9, 4]);
    let mut seen = std::collections::BTreeSet::from([house.state.hash()]);
    ask(&mut house, &[("a", 5), ("b", 8)]);
    house.run_until("2025-02-03T01:00:00Z");
    let list = |house: &mut Coop, change: &dyn Fn(&mut Ranking)| {
        let place = house.state.decision_place("help").unwrap();
        change(house.state.decisions[place].ranking_mut().unwrap());
    };
    let item =
        |list: &mut Ranking, id: u32, change: &dyn Fn(&mut Item)| change(list.items.get_mut(ItemId(id)).unwrap());
    let changes: [&dyn Fn(&mut Ranking); 9] = [
        &|_| {},
        &|list| list.handing.settled_at = Some(Moment(1)),
        &|list| list.handing.servings[0].at.0 += 1,
        &|list| list.handing.servings[0].whole.amount += 1,
        &|list| list.handing.servings[0].whole.unit = Unit::Unit,
        &|list| list.handing.servings[0].served[0].1 += 1,
        &|list| item(list, 0, &|item| item.served = false),
        &|list| item(list, 1, &|item| item.asked.as_mut().unwrap().amount += 1),
        &|list| item(list, 1, &|item| item.asked.as_mut().unwrap().unit = Unit::Minor),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut changed = house.clone();
        list(&mut changed, change);
        assert!(seen.insert(changed.state.hash()), "change {number}");
    }
}

#[test]
fn an_invariant_asks_for_no_more_than_the_whole() {
    let mut house = house(hours(8, TooLarge::Stops), &[9]);
    ask(&mut house, &[("a", 5)]);
    house.run_until("2025-02-03T01:00:00Z");
    let broken = |change: fn(&mut Ranking)| {
        let mut state: State = house.state.clone();
        let place = state.decision_place("help").unwrap();
        change(state.decisions[place].ranking_mut().unwrap());
        state.check().unwrap_err().to_string()
    };
    assert!(broken(|list| list.handing.servings[0].served[0].1 = 8 * HOUR + 1).contains("28801 of 28800"));
    assert!(broken(|list| list.handing.settled_at = None).contains("not both"));
    assert!(broken(|list| list.handing.servings[0].served[0].0 = ItemId(7)).contains("never had"));
    assert!(broken(|list| list.handing.servings.push(list.handing.servings[0].clone())).contains("not in order"));
}

#[test]
fn servings_are_remembered_up_to_a_bound() {
    let mut handing = Handing::default();
    let mut note = |at: i64, served: usize| {
        let whole = Asked { unit: Unit::Unit, amount: 1_000_000 };
        handing.note(Serving { at: Moment(at), whole, served: vec![(ItemId(0), 1); served] });
        (handing.servings().len(), handing.servings()[0].at.0)
    };
    for at in 1..=120 {
        note(at, 1);
    }
    assert_eq!(note(121, 1), (120, 2));
    assert_eq!(note(122, 20_000), (120, 3), "all of the last period is there");
    assert_eq!(note(123, 1), (1, 123), "and the larger one before it is not");
    assert_eq!(note(124, 1), (2, 123));
}

#[test]
fn the_outlook_says_when_each_is_served_if_nothing_changes() {
    let mut house = house(hours(8, TooLarge::Stops), &[25, 16, 9, 4, 1]);
    ask(&mut house, &[("a", 5), ("b", 4), ("c", 3), ("d", 8)]);
    house.act(brings(5, "e", HOUR));
    let waits = |house: &Coop| -> Vec<(String, Wait)> {
        let list = house.decision("help");
        let outlook = house.state.outlook(list).unwrap();
        let wait = |place: ItemId| {
            (list.item_at(place).unwrap().id.to_string(), outlook.wait(place, list.item_at(place).unwrap()))
        };
        list.item_order().into_iter().map(wait).collect()
    };
    house.run_until("2025-01-13T01:00:00Z");
    let served = |day: &str, after, before: u64| Wait::Served {
        at: at(&format!("2025-{day}T01:00:00Z")),
        after,
        before: before * HOUR,
    };
    let wanted = [
        ("a", served("02-03", 0, 0)),
        ("b", served("03-03", 1, 5)),
        ("c", served("03-03", 1, 9)),
        ("d", served("04-07", 2, 12)),
        ("e", Wait::NoVotes),
    ];
    assert_eq!(waits(&house), wanted.map(|(item, wait)| (item.to_owned(), wait)));
    // It comes true.
    let told = house.run_until("2025-04-07T01:00:00Z");
    let served: Vec<&str> = told.iter().map(|line| line.split(' ').nth(2).unwrap()).collect();
    assert_eq!(served, ["a", "b", "c", "d"]);
    // Under `skip`, what fits is served before what is larger.
    let mut skips = self::house(hours(8, TooLarge::IsSkipped), &[25, 16, 9]);
    ask(&mut skips, &[("a", 5), ("b", 4), ("c", 3)]);
    skips.run_until("2025-01-13T01:00:00Z");
    let after: Vec<usize> = waits(&skips)
        .into_iter()
        .map(|(_, wait)| if let Wait::Served { after, .. } = wait { after } else { usize::MAX })
        .collect();
    assert_eq!(after, [0, 1, 0]);
}

#[test]
fn far_ahead_nothing_is_said() {
    let mut house = house(hours(1, TooLarge::Stops), &[100]);
    if let Some(clause) = house.rules_mut().constitution.clauses.first_mut()
        && let ClauseKind::Ranking(list) = &mut clause.kind
    {
        list.each_at_most = 100;
    }
    for number in 0..26 {
        house.act(brings(1, &format!("r{number:02}"), HOUR));
        house.place(1, "help", &format!("r{number:02}"), 10_000);
    }
    house.run_until("2025-01-13T01:00:00Z");
    let list = house.decision("help");
    let outlook = house.state.outlook(list).unwrap();
    assert_eq!(outlook.at.len(), 24);
    assert_eq!(outlook.at.last().unwrap(), &at("2027-01-04T01:00:00Z"));
    let wait = |place: u32| outlook.wait(ItemId(place), list.item_at(ItemId(place)).unwrap());
    assert!(matches!(wait(23), Wait::Served { after: 23, .. }));
    assert_eq!(wait(24), Wait::Later { before: Some(24 * HOUR) });
}
