//! Sources that fall silent. Each test is a sentence of `docs/spec/support.md`, Silent sources.

use charter::SupportKind;

use crate::edition::THREE;
use crate::support::silence::MOST_SOURCES;
use crate::tests::{Coop, ONE, Setup, at, read};
use crate::weight::{Sums, weight_ahead};
use crate::{Act, Actor, Context, MemberIndex, NotDone, Rule, apply};

const PATRONS: &str = "patrons: donated(last month) / 1 USD";

/// Members 1 and 2 under edition 3, with a class that holds weight.
fn house(classes: &[&'static str]) -> Coop {
    let mut house = Setup { edition: THREE, ..Setup::classes(classes) }.found();
    for class in &mut house.rules_mut().kernel.classes {
        class.holds_while_silent = true;
    }
    house.admit(1..=2);
    house
}

fn heard(source: &str, kinds: &str, every_days: u32) -> Act {
    read("source_heard", &format!(r#"{{"source":"{source}","kinds":[{kinds}],"every_days":{every_days}}}"#))
}

fn until(house: &mut Coop, day: &str) -> Vec<u64> {
    house.run_until(day);
    house.state.weights.member.clone()
}

/// The bank is expected every 31 days. It is heard on 4 February, with the gifts of January, and then for 120 days no more.
fn silent() -> Coop {
    let mut house = house(&[PATRONS]);
    house.run_until("2025-02-04");
    house.give(1, "donation", 5_000, "2025-01-20");
    house.give(2, "donation", 3_000, "2025-01-21");
    house.act(heard("bank", "\"donation\"", 31));
    house
}

#[test]
fn a_source_that_is_silent_for_120_days_holds_weight_for_60_and_then_no_more() {
    let mut house = silent();
    let (full, none) = (vec![50 * ONE, 30 * ONE], vec![0, 0]);
    assert_eq!(until(&mut house, "2025-02-11"), full);
    let (_, bank) =
        house.state.silences.sources().next().map(|(name, heard)| (name.to_owned(), heard.clone())).unwrap();
    assert_eq!((bank.late_at(), bank.held_until()), (at("2025-03-07"), at("2025-05-06")));
    assert!(bank.kinds.contains(&SupportKind::Donation));
    // The month ends while the bank is in time: nothing is held yet.
    assert_eq!(until(&mut house, "2025-03-04"), none);
    // 7 March: later than expected. The next updates count the weight of 10 February.
    assert_eq!(until(&mut house, "2025-03-11"), full);
    let held = house.state.weights.classes[0].held.clone().unwrap();
    assert_eq!((held.since, held.until, &*held.formula), (at("2025-03-07"), at("2025-05-06"), &none));
    assert_eq!(until(&mut house, "2025-05-06"), full, "5 May is the last update within 60 days");
    assert_eq!(until(&mut house, "2025-05-13"), none);
    assert_eq!(house.state.weights.classes[0].held, None);
    assert_eq!(until(&mut house, "2025-06-04"), none, "120 days");
    // Late records count by their dates from then on: those of May do in June, and those of March no more.
    house.give(1, "donation", 700, "2025-03-10");
    house.give(2, "donation", 900, "2025-05-10");
    house.act(heard("bank", "\"donation\"", 31));
    assert_eq!(until(&mut house, "2025-06-10"), [0, 9 * ONE]);
    house.state.check().unwrap();
}

#[test]
fn a_source_that_is_heard_again_ends_the_hold() {
    let mut house = silent();
    house.run_until("2025-03-20");
    house.give(2, "donation", 400, "2025-02-10");
    house.act(heard("bank", "\"donation\"", 31));
    assert_eq!(until(&mut house, "2025-03-25"), [0, 4 * ONE], "a poll that finds nothing is an answer");
    // Silent again, it holds what there was then, and not what was held.
    assert_eq!(until(&mut house, "2025-05-01"), [0, 4 * ONE]);
}

#[test]
fn what_is_recorded_meanwhile_raises_weight_and_a_refund_ends_it() {
    let mut house = silent();
    house.run_until("2025-03-11");
    house.give(2, "donation", 9_000, "2025-02-20");
    assert_eq!(until(&mut house, "2025-03-18"), [50 * ONE, 90 * ONE]);
    let last = "test:1".to_owned();
    house.take_back(&last, Some(1), "2025-03-18");
    assert_eq!(until(&mut house, "2025-03-25"), [0, 90 * ONE], "a refund takes all that is held for its giver");
    house.leave(2);
    assert_eq!(until(&mut house, "2025-04-01"), [0, 0], "who leaves has none");
}

#[test]
fn it_holds_where_the_kernel_says_so_and_the_class_reads_it() {
    let mut house =
        house(&[PATRONS, "buyers: purchased(last month) / 1 USD", "crew [crew]: donated(last month) / 1 USD"]);
    house.rules_mut().kernel.classes[2].holds_while_silent = true;
    house.list("crew", 1);
    house.run_until("2025-02-04");
    for kind in ["donation", "purchase"] {
        house.give(1, kind, 100, "2025-01-20");
    }
    house.act(heard("bank", "\"donation\"", 7));
    house.run_until("2025-03-04");
    let of = |house: &Coop| house.state.weights.classes.iter().map(|class| class.earned[0] / ONE).collect::<Vec<_>>();
    assert_eq!(of(&house), [1, 0, 1], "no source of purchases is known");
    house.act(read("remove_from_list", r##"{"list":"crew","member":"#1"}"##));
    house.rules_mut().kernel.classes[0].holds_while_silent = false;
    house.next();
    assert_eq!(of(&house), [0, 0, 0], "it fades, and who is off the list is not held there");
}

#[test]
fn another_formula_holds_nothing_of_this_one() {
    let mut house = silent();
    house.run_until("2025-03-11");
    let other = house_formula("patrons: donated(last month) / 2 USD");
    house.rules_mut().kernel.classes[0].weight = other;
    assert_eq!(until(&mut house, "2025-03-18"), [0, 0]);
}

fn house_formula(class: &'static str) -> charter::Formula {
    Setup::classes(&[class]).rules().kernel.classes.remove(0).weight
}

#[test]
fn of_two_sources_the_silent_one_is_held() {
    let mut house = silent();
    for week in ["2025-02-12", "2025-02-26", "2025-03-12", "2025-03-26"] {
        house.run_until(week);
        house.act(heard("till", "\"donation\",\"purchase\"", 14));
    }
    assert_eq!(until(&mut house, "2025-04-01"), [50 * ONE, 30 * ONE]);
}

#[test]
fn weight_ahead_ends_with_the_hold() {
    let mut house = silent();
    house.run_until("2025-03-11");
    let sums = Sums::of(&house.state.rules.kernel, &house.state.members, &house.state.weights);
    let days = ["2025-04-07T01:00:00Z", "2025-05-05T01:00:00Z", "2025-05-12T01:00:00Z"].map(at);
    assert_eq!(weight_ahead(&house.state, &sums, MemberIndex(0), &days), [50 * ONE, 50 * ONE, 0]);
}

fn refused(house: &mut Coop, actor: Actor, act: &Act) -> Result<(), Rule> {
    let (context, before) = (Context::of(actor, house.state.time), house.state.hash());
    let told = apply(&mut house.state, act, &context).map_err(|no| NotDone::refused(no).rule);
    assert_eq!(house.state.hash() == before, told.is_err(), "a refused act changes nothing");
    told.map(|_| ())
}

#[test]
fn each_rule_of_a_source_is_kept() {
    let mut house = house(&[PATRONS]);
    let long = "x".repeat(129);
    for (act, rule) in [
        (heard("", "\"donation\"", 7), Rule::NameNotAllowed),
        (heard(&long, "\"donation\"", 7), Rule::NameNotAllowed),
        (heard("bank", "\"gold\"", 7), Rule::UnknownSupportKind),
        (heard("bank", "\"donation\"", 0), Rule::RhythmOutOfRange),
        (heard("bank", "\"donation\"", 367), Rule::RhythmOutOfRange),
        (heard("bank", "", 7), Rule::KindsOutOfRange),
        (heard("bank", "\"donation\",\"donation\"", 7), Rule::KindsOutOfRange),
    ] {
        assert_eq!(refused(&mut house, Actor::Operator, &act), Err(rule), "{act:?}");
    }
    let bank = heard("bank", "\"donation\"", 366);
    assert_eq!(refused(&mut house, Actor::Member(crate::tests::m(1)), &bank), Err(Rule::NotAuthorised));
    assert_eq!(refused(&mut house, Actor::Bridge, &bank), Ok(()));
    for number in 1..MOST_SOURCES {
        house.act(heard(&format!("till {number}"), "\"purchase\"", 1));
    }
    assert_eq!(refused(&mut house, Actor::Operator, &heard("one more", "\"loan\"", 1)), Err(Rule::TooMany));
    assert_eq!(
        refused(&mut house, Actor::Operator, &heard("bank", "\"dues\"", 1)),
        Ok(()),
        "a known one is heard again"
    );
    let mut before = Setup::classes(&[PATRONS]).found();
    assert_eq!(refused(&mut before, Actor::Operator, &bank), Err(Rule::ActOfLaterEdition));
}

/// The price of a rhythm: a source that is expected once a year brings the weights of a year ago back for 60 days, once it is late. In a
/// class that reads the last month these are of gifts long past.
#[test]
fn a_source_of_once_a_year_brings_back_the_weights_of_a_year_ago() {
    let mut house = house(&[PATRONS]);
    house.run_until("2025-02-04");
    house.give(1, "donation", 5_000, "2025-01-20");
    house.act(heard("bank", "\"donation\"", 366));
    assert_eq!(until(&mut house, "2025-02-11"), [50 * ONE, 0]);
    house.run_until("2026-01-15");
    house.give(2, "donation", 3_000, "2026-01-14");
    assert_eq!(until(&mut house, "2026-02-03"), [0, 30 * ONE], "a day before it is late");
    assert_eq!(until(&mut house, "2026-02-10"), [50 * ONE, 30 * ONE]);
    assert_eq!(until(&mut house, "2026-04-14"), [0, 0]);
    // Heard, it holds nothing; and who names a source and its rhythm is the operator, or a bridge.
    let member = Context::of(Actor::Member(crate::tests::m(1)), house.state.time);
    let refused = apply(&mut house.state, &heard("other", "\"donation\"", 366), &member).map_err(NotDone::refused);
    assert_eq!(refused.unwrap_err().rule, Rule::NotAuthorised);
}
