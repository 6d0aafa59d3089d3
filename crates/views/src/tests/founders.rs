//! A founding period as everybody sees it, and as founders do.

use std::sync::Arc;

use engine::act::{Act, AddToList, AdmitMember, Found, Stand};
use engine::{Edition, State};

use super::world::{CONSTITUTION, KERNEL, World, at, m};
use crate::{explain, home, log_entry, my_page, power};

/// Founded under edition 2 by member 1, with a constitution that lets somebody admit; member 2 has all the weight.
fn world(constitution: &str) -> World {
    let block = "    founding { powers until \"admit is held\" }\n    votes \"quadratic\"";
    let kernel = KERNEL.replace("    votes \"quadratic\"", block);
    let kernel = charter::read_kernel_under(&kernel, Edition::TWO).unwrap();
    let constitution = charter::read_constitution(constitution, &kernel).unwrap();
    let act = Found { edition: Edition::TWO, open: true, ..Found::on(&"11".repeat(32), &"22".repeat(32), false) };
    let mut world = World::new();
    world.state = State::found(charter::Rules::new(kernel, constitution), act, at("2025-01-01"));
    world.act(Act::AdmitMember(AdmitMember {
        member: m(1),
        organisation: false,
        founder: true,
        joined_on: None,
        left_on: None,
    }));
    world.names.insert(m(1), "member-001".to_owned());
    world.admit(2..=2);
    world.give(2, "donation", 10_000, "2025-01-01");
    world.give(2, "pledge", 10_000, "2025-01-01");
    world
}

fn with_registrar() -> String {
    CONSTITUTION.replace(
        "office \"maintainer\"",
        "office \"registrar\" { settles-in \"1 day\"; may \"admit\" }\noffice \"maintainer\"",
    )
}

#[test]
fn home_says_who_has_which_power_until_when() {
    let mut world = world(&with_registrar());
    let told = home(&world.sight(None)).founding.unwrap();
    assert_eq!(told.weight, None, "the kernel gives none");
    assert!(told.until.unwrap().ends_with("until somebody who may admit members is seated for the first time."));
    let founders: Vec<&str> = told.founders.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(founders, ["member-001"]);
    let vacant: Vec<(&str, &str)> =
        told.vacant.iter().map(|one| (one.title.as_str(), one.powers[0].words.as_str())).collect();
    assert_eq!(
        vacant,
        [("Registrar", "admit members"), ("Maintainer", "merge"), ("Core team", "spend up to 100.00 USD a month")]
    );
    world.run(1);
    world.act(Act::Stand(Stand { member: m(2), decision: "registrar".to_owned() }));
    world.cast(2, "registrar", 400_000, &[(2, 1_000_000)]);
    for _ in 0..80 {
        if !world.state.founding_lasts() {
            break;
        }
        assert!(home(&world.sight(None)).founding.is_some());
        world.run(1);
    }
    assert_eq!(home(&world.sight(None)).founding, None, "the registrar is seated");
    assert!(my_page(&world.sight(Some(1))).unwrap().held.is_empty());
}

#[test]
fn home_and_the_weight_of_a_founder_say_until_when_it_lasts() {
    let mut world = world(&with_registrar());
    world.state.editions.current = Edition::THREE;
    Arc::make_mut(&mut world.state.rules).kernel.founding_weight_micro = 1_000_000;
    world.run(1);
    let told = home(&world.sight(None)).founding.unwrap();
    assert!(told.weight.unwrap().ends_with("at three updates in a row: on 30 June 2025 at the latest."));
    let explained = explain(&world.sight(None), m(1)).unwrap();
    let founding = explained.founding.unwrap();
    assert_eq!(
        (founding.words.as_str(), founding.weight.text.as_str(), explained.total.text.as_str()),
        ("as a founder, until 30 June 2025 at the latest", "1.00", "1.00")
    );
    assert!(explain(&world.sight(None), m(2)).unwrap().founding.is_none());
    // The powers are over, and the weight is not.
    Arc::make_mut(&mut world.state.rules).kernel.founders_hold_powers = false;
    let told = home(&world.sight(None)).founding.unwrap();
    assert_eq!((told.until, told.vacant.len(), told.founders.len()), (None, 0, 1));
    world.admit(3..=3);
    world.give(3, "donation", 10_000, "2025-01-01");
    world.give(3, "pledge", 10_000, "2025-01-01");
    world.run(1);
    let told = home(&world.sight(None)).founding.unwrap().weight.unwrap();
    assert!(told.contains("Two members have weight of their own, so this ends on "), "{told}");
    world.run(2);
    assert_eq!(home(&world.sight(None)).founding, None);
}

#[test]
fn rules_that_let_nobody_admit_say_so_and_other_co_ops_say_nothing() {
    let endless = home(&world(CONSTITUTION).sight(None)).founding.unwrap();
    let until = endless.until.unwrap();
    assert!(until.ends_with("so nothing ends it yet."), "{until}");
    assert_eq!(home(&World::usual().sight(None)).founding, None);
    let mut without = world(CONSTITUTION);
    without.act(Act::EndMembership(engine::act::EndMembership { member: m(1) }));
    assert_eq!(home(&without.sight(None)).founding, None, "every founder has left");
}

#[test]
fn a_founder_uses_the_powers_of_vacant_offices_on_the_same_pages() {
    let world = world(&with_registrar());
    let held = my_page(&world.sight(Some(1))).unwrap().held;
    let held: Vec<(&str, bool)> = held.iter().map(|one| (one.name.as_str(), one.is_vacant)).collect();
    assert_eq!(held, [("registrar", true), ("maintainer", true), ("core-team", true)]);
    let page = |me: u64| power(&world.sight(Some(me)), "admit", "").unwrap().held;
    assert_eq!(page(1)[0].name, "registrar");
    assert!(page(2).is_empty());
    let (zone, act) = (
        &world.state.rules.kernel.zone,
        AdmitMember { member: m(1), organisation: false, founder: true, joined_on: None, left_on: None },
    );
    let told = log_entry("operator", &Act::AdmitMember(act.clone()), world.directory(), zone);
    assert_eq!(told.words, "member-001 joined as a founder");
    let act = Act::AdmitMember(AdmitMember { member: m(2), founder: false, ..act });
    let told = log_entry("founder registrar", &act, world.directory(), zone);
    assert_eq!(told.words, "member-002 joined, by a founder, for the vacant Registrar");
}

/// While a council is vacant those on its list keep the list, and a founder among them needs nobody.
#[test]
fn a_founder_who_is_on_the_list_puts_others_on_it_at_once() {
    let council =
        "body \"council\" seats=3 { settles-in \"1 day\"; may \"admit\" \"keep-list\" }\noffice \"maintainer\"";
    let mut world = world(&CONSTITUTION.replace("office \"maintainer\"", council));
    let list = || "contributor-list".to_owned();
    for member in [1, 2] {
        world.act(Act::AddToList(AddToList { list: list(), member: m(member) }));
    }
    let waits = |world: &World, me| power(&world.sight(Some(me)), "keep-list", "").unwrap().waits;
    assert_eq!((waits(&world, 1), waits(&world, 2)), (false, true));
}

#[test]
fn founders_see_their_next_step_and_others_how_a_say_is_earned() {
    let mut world = world(&with_registrar());
    let titles = |world: &World, who| -> Vec<(String, bool, bool)> {
        let steps = home(&world.sight(who)).steps;
        steps.into_iter().map(|step| (step.title, step.is_done, step.is_next)).collect()
    };
    assert_eq!(titles(&world, Some(2)), [], "no founder");
    assert_eq!(titles(&world, None), []);
    let step = |title: &str, is_done, is_next| (title.to_owned(), is_done, is_next);
    let before = [
        step("Choose the rules", true, false),
        step("Invite the first members", true, false),
        step("Put members on a list", false, true),
        step("Record what was given", true, false),
        step("Stand: Registrar", false, false),
        step("Vote, and see it counted", false, false),
    ];
    assert_eq!(titles(&world, Some(1)), before);
    world.act(Act::AddToList(AddToList { list: "contributor-list".to_owned(), member: m(2) }));
    world.act(Act::Stand(Stand { member: m(2), decision: "registrar".to_owned() }));
    let after = titles(&world, Some(1));
    assert_eq!(
        (&after[2], &after[4].0),
        (&step("Put members on a list", true, false), &"Stand: Maintainer".to_owned())
    );
    // Without a say the page tells how one is earned; with one it does not.
    world.run(5);
    let told = my_page(&world.sight(Some(1))).unwrap().earning.unwrap();
    assert_eq!(told.ways.len(), world.state.rules.kernel.classes.len());
    assert!(told.ways.iter().all(|(class, sentences)| !class.is_empty() && !sentences.is_empty()));
    assert_eq!(told.can.first().map(|(words, ..)| words.as_str()), Some("Stand for an office: Registrar."));
    let weighs = world.state.weights.of(engine::MemberIndex::at(1)) > 0;
    assert_eq!(my_page(&world.sight(Some(2))).unwrap().earning.is_none(), weighs);
}
