//! Supplies of rankings: requests cut small, made large, or voted up at the last minute. Eight hours a month, weekly updates.

use charter::{Amount, BroughtBy, Clause, ClauseKind, Every, TooLarge};

use super::*;
use crate::edition::FOUR;
use crate::tests::{by, office, on_item, ranking, read, rule};
use crate::{MemberIndex, Rule};

const HOUR: u64 = 3_600;

fn help(too_large: TooLarge) -> Clause {
    let mut clause = ranking("help", 0, 0);
    if let ClauseKind::Ranking(list) = &mut clause.kind {
        list.brought_by = BroughtBy::Members;
        list.supply = Some(charter::Supply { amount: Amount::Seconds(8 * HOUR), every: Every::Month, too_large });
    }
    clause
}

/// Members of these weights since 1 January 2025, and an office beside the list.
fn served(too_large: TooLarge, weights: &[i64]) -> Coop {
    let clauses = vec![office("maintainer", 14), help(too_large)];
    let mut coop = Setup { edition: FOUR, ..Setup::new(clauses) }.found().with_weights(weights);
    coop.next();
    coop
}

fn request(member: u64, item: &str, hours: u64) -> Act {
    let amount = format!(r#"{{"amount":{},"unit":"second"}}"#, hours * HOUR);
    read("bring_item", &format!(r##"{{"member":"#{member}","decision":"help","item":"{item}","amount":{amount}}}"##))
}

/// A member brings a request and places a share of their weight on it.
fn ask(coop: &mut Coop, member: u64, item: &str, hours: u64, share_ppm: u32) {
    coop.act(request(member, item, hours));
    coop.place(member, "help", item, share_ppm);
}

/// The items that are served in the next month, in order.
fn next_month(coop: &mut Coop) -> Vec<String> {
    let month = |at: quantity::Moment| quantity::month_index(at, &quantity::Zone::utc());
    let before = month(coop.state.time);
    let mut told = Vec::new();
    while month(coop.state.time) == before {
        told.extend(coop.next());
    }
    told.iter()
        .filter(|line| line.starts_with("item-served"))
        .filter_map(|line| line.split(' ').nth(2))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_request_cut_into_four_has_half_of_the_votes() {
    // 64 and 25 weigh 8 and 5 votes.
    let mut whole = served(TooLarge::Stops, &[64, 25]);
    ask(&mut whole, 1, "mine", 4, 1_000_000);
    ask(&mut whole, 2, "theirs", 8, 1_000_000);
    assert_eq!(next_month(&mut whole), ["mine"]);
    let mut cut = served(TooLarge::Stops, &[64, 25]);
    for part in ["a", "b", "c", "d"] {
        ask(&mut cut, 1, part, 1, 250_000);
    }
    ask(&mut cut, 2, "theirs", 8, 1_000_000);
    assert_eq!(next_month(&mut cut), ["theirs"], "4 votes each are behind 5");
}

#[test]
fn cut_small_a_request_takes_what_is_left() {
    // Behind five hours with 5 votes, four hours with 4 votes wait; cut into hours with 2 votes each, three are served.
    let mut whole = served(TooLarge::Stops, &[25, 16, 1]);
    ask(&mut whole, 1, "first", 5, 1_000_000);
    ask(&mut whole, 2, "mine", 4, 1_000_000);
    ask(&mut whole, 3, "small", 1, 1_000_000);
    let mut cut = served(TooLarge::Stops, &[25, 16, 1]);
    ask(&mut cut, 1, "first", 5, 1_000_000);
    for part in ["a", "b", "c", "d"] {
        ask(&mut cut, 2, part, 1, 250_000);
    }
    ask(&mut cut, 3, "small", 1, 1_000_000);
    assert_eq!(next_month(&mut whole), ["first"]);
    assert_eq!(next_month(&mut cut), ["first", "a", "b", "c"]);
    assert_eq!(next_month(&mut cut), ["d", "small"]);
}

#[test]
fn small_requests_keep_a_large_one_waiting_under_skip() {
    let mut coop = served(TooLarge::IsSkipped, &[16, 1, 1, 1]);
    ask(&mut coop, 1, "large", 8, 1_000_000);
    for month in 1..=5 {
        // Another one with more votes asks for an hour, and three with one vote for an hour each, every month.
        for member in 2..=4 {
            ask(&mut coop, member, &format!("small{month}-{member}"), 1, 1_000_000);
        }
        if month == 1 {
            coop.admit(5..=5);
            coop.give(5, "donation", 2_500, "2025-01-01");
        }
        ask(&mut coop, 5, &format!("first{month}"), 1, 1_000_000);
        let told = next_month(&mut coop);
        assert_eq!((told.len(), told[0].as_str()), (4, format!("first{month}").as_str()), "{told:?}");
    }
    assert_eq!(next_month(&mut coop), ["large"], "once nobody with more votes asks for anything");
    // In strict order nothing passes it, and it is first the month after.
    let mut strict = served(TooLarge::Stops, &[25, 16, 1]);
    ask(&mut strict, 1, "first", 5, 1_000_000);
    ask(&mut strict, 2, "large", 8, 1_000_000);
    ask(&mut strict, 3, "small", 1, 1_000_000);
    assert_eq!([next_month(&mut strict), next_month(&mut strict)], [["first"], ["large"]]);
}

#[test]
fn a_request_for_everything_holds_up_those_with_fewer_votes_for_two_months() {
    let fill = |too_large| {
        let mut coop = served(too_large, &[16, 9, 4, 4, 4]);
        ask(&mut coop, 1, "hour", 1, 1_000_000);
        ask(&mut coop, 2, "everything", 8, 1_000_000);
        for member in 3..=5 {
            ask(&mut coop, member, &format!("small{member}"), 1, 1_000_000);
        }
        coop
    };
    let mut strict = fill(TooLarge::Stops);
    let mut against = strict.clone();
    assert_eq!(next_month(&mut strict), ["hour"], "seven hours are lost");
    assert_eq!(next_month(&mut strict), ["everything"]);
    assert_eq!(next_month(&mut strict).len(), 3);
    assert_eq!(next_month(&mut fill(TooLarge::IsSkipped)), ["hour", "small3", "small4", "small5"]);
    // Two of the three vote against it with half of their weight: 3 − 2 × 1.41 votes, less than 1.41.
    for member in [3, 4] {
        coop_against(&mut against, member);
    }
    assert_eq!(next_month(&mut against), ["hour", "small5", "small3", "small4"]);
    // More than everything is no request.
    let more = read(
        "bring_item",
        r##"{"member":"#3","decision":"help","item":"x","amount":{"amount":28801,"unit":"second"}}"##,
    );
    assert_eq!(rule(by(&mut strict, 3, &more)), Rule::MoreThanSupply);
}

/// Half of a member's weight goes from their own request against the large one.
fn coop_against(coop: &mut Coop, member: u64) {
    coop.place(member, "help", &format!("small{member}"), 500_000);
    let against = on_item(member, "help", "everything", 500_000);
    coop.act(Act::CastBallot(crate::act::CastBallot { against: true, ..against }));
}

#[test]
fn one_member_fills_a_list_with_five() {
    let mut coop = served(TooLarge::Stops, &[100, 25]);
    for number in 1..=5 {
        ask(&mut coop, 1, &format!("mine{number}"), 1, 200_000);
    }
    assert_eq!(rule(by(&mut coop, 1, &request(1, "mine6", 1))), Rule::TooMany);
    // √20 = 4.47 votes each, behind 5.
    ask(&mut coop, 2, "theirs", 4, 1_000_000);
    assert_eq!(next_month(&mut coop), ["theirs", "mine1", "mine2", "mine3", "mine4"]);
    coop.act(request(1, "mine6", 1));
}

#[test]
fn a_ring_of_four_is_served_in_turns() {
    // Four with 4 each have 8 votes on one request, and one with 25 has 5: the ring has 16 of 41.
    let mut coop = served(TooLarge::Stops, &[4, 4, 4, 4, 25]);
    ask(&mut coop, 5, "alone", 8, 1_000_000);
    let mut told = Vec::new();
    for turn in 1..=4 {
        coop.act(request(turn, &format!("ring{turn}"), 8));
        for member in 1..=4 {
            coop.place(member, "help", &format!("ring{turn}"), 1_000_000);
        }
        told.extend(next_month(&mut coop));
    }
    assert_eq!(told, ["ring1", "ring2", "ring3", "ring4"]);
    assert_eq!(next_month(&mut coop), ["alone"]);
}

#[test]
fn who_has_most_is_served_every_month() {
    // A million beside a hundred members with a hundred each: 1,000 votes against 10 each.
    let mut coop = served(TooLarge::Stops, &[1_000_000, 100, 100]);
    ask(&mut coop, 2, "theirs", 1, 1_000_000);
    for month in 1..=3 {
        ask(&mut coop, 1, &format!("mine{month}"), 8, 1_000_000);
        assert_eq!(next_month(&mut coop), [format!("mine{month}")]);
    }
    assert_eq!(next_month(&mut coop), ["theirs"]);
}

#[test]
fn weight_that_comes_for_one_update_counts_like_any_other() {
    let mut coop = served(TooLarge::Stops, &[100, 64]);
    ask(&mut coop, 2, "patient", 8, 1_000_000);
    coop.act(request(1, "late", 8));
    coop.enter(&[1], "maintainer");
    coop.vote(1, "maintainer", 1_000_000, &[(1, 1_000_000)]);
    coop.run_until("2025-02-03T00:59:00Z");
    let before = coop.bucket("maintainer", 1);
    // A minute before the first update of February, and back after it: the weight was free at once.
    coop.vote(1, "maintainer", 0, &[]);
    coop.place(1, "help", "late", 1_000_000);
    let told = coop.next();
    let served: Vec<&String> = told.iter().filter(|line| line.starts_with("item-served")).collect();
    assert_eq!(served, ["item-served help late 28800 second freed 1"], "10 votes for a minute, 8 for four weeks");
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 0);
    assert!(coop.bucket("maintainer", 1) <= before, "and the office had one update without them");
}

#[test]
fn where_conviction_puts_in_order_a_minute_counts_for_little() {
    let mut clause = help(TooLarge::Stops);
    if let ClauseKind::Ranking(list) = &mut clause.kind {
        list.order = charter::ItemOrder::Conviction(quantity::Span::from_seconds(30 * 86_400));
    }
    let mut coop = Setup { edition: FOUR, ..Setup::new(vec![clause]) }.found().with_weights(&[100, 64, 1_000_000]);
    coop.next();
    ask(&mut coop, 2, "patient", 8, 1_000_000);
    coop.act(request(1, "late", 8));
    coop.run_until("2025-02-03T00:59:00Z");
    coop.place(1, "help", "late", 1_000_000);
    coop.next();
    let believed = |coop: &Coop, item: &str| coop.decision("help").item(item).unwrap().conviction.rounded();
    assert_eq!(coop.decision("help").item("patient").unwrap().closed_at, Some(coop.state.time), "it was served");
    assert_eq!(believed(&coop, "late"), 1_493_328, "of 10 votes");
    // Who has a million passes everybody within the first week all the same: the price of an order by weight.
    ask(&mut coop, 3, "rich", 8, 1_000_000);
    coop.next();
    assert_eq!((believed(&coop, "late"), believed(&coop, "rich")), (2_763_653, 149_332_839));
}

#[test]
fn a_server_that_is_late_serves_by_the_log_as_of_then() {
    let mut coop = served(TooLarge::Stops, &[9, 4]);
    ask(&mut coop, 1, "here", 8, 1_000_000);
    // It is stopped from 20 January to 20 March. Nobody can bring a request meanwhile, and each update is made once.
    let mut stopped = coop.clone();
    let told = stopped.run_until("2025-03-20");
    assert_eq!(told, ["item-served help here 28800 second freed 1"], "March's hours went to nobody: that is its price");
    stopped.act(request(2, "kept-out", 8));
    // On time, the other would have had March.
    coop.run_until("2025-02-20");
    ask(&mut coop, 2, "kept-out", 8, 1_000_000);
    assert_eq!(coop.run_until("2025-03-20"), ["item-served help kept-out 28800 second freed 1"]);
}
