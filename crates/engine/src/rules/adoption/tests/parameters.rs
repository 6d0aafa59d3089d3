//! Numbers that the kernel leaves to the constitution.

use super::*;
use crate::edition::THREE;
use crate::update;

const PRICE: &str = "parameter \"price\" default=\"5 USD\" from=\"1 USD\" to=\"20 USD\"\n    parameter \"pace\" default=\"14 days\" from=\"7 days\" to=\"60 days\"\n    amend \"2/3 of weight for 28 days\"";
const NAMED: &str = "office \"maintainer\" { settles-in \"pace\" }";

fn priced(more: &str) -> String {
    kernel(more).replace("donated(ever) / 1 USD", "donated(ever) / price")
}

/// One member who gave 100 USD.
fn coop(constitution: &str) -> Coop {
    let kernel = priced(PRICE);
    let mut coop = Setup::new(Vec::new()).found();
    let read = read_kernel_under(&kernel, THREE).unwrap_or_else(|why| panic!("{why:?}"));
    let clauses = read_constitution(constitution, &read).unwrap_or_else(|why| panic!("{why:?}"));
    let mut act = Found::on(&hex(kernel.as_bytes()), &hex(constitution.as_bytes()), false);
    (act.edition, act.open) = (THREE, true);
    coop.state = State::found(Rules::new(read, clauses), act, at("2025-01-01")).with_texts(&kernel, constitution);
    coop.admit(1..=1).give(1, "donation", 10_000, "2025-01-01");
    coop.next();
    coop
}

fn settles_in(coop: &Coop) -> u64 {
    coop.decision("maintainer").terms().unwrap().settles_in.seconds() / 86_400
}

#[test]
fn the_founding_constitution_sets_numbers_and_another_one_sets_others() {
    let mut coop = coop(&rules(&format!("set \"price\" \"2 USD\"\nset \"pace\" \"21 days\"\n{NAMED}")));
    assert_eq!((coop.weights(), settles_in(&coop)), (&[50_000_000_u64][..], 21));
    let with = coop.state.hash();
    // Where nothing is set the defaults count: 100 USD at 5 each, and 14 days. The section of the hash is gone with the values.
    put(&mut coop, "constitution", &lines(&[NAMED]));
    assert_eq!((coop.weights(), settles_in(&coop)), (&[20_000_000_u64][..], 14));
    assert!(coop.state.counted_by.is_empty() && coop.state.hash() != with);
    coop.next();
    assert_eq!(coop.weights(), [20_000_000]);
    // A formula with another price gives other results of the same gifts: nothing that was kept is used again.
    put(&mut coop, "constitution", &lines(&["set \"price\" \"20 USD\"", NAMED]));
    coop.next();
    assert_eq!(coop.weights(), [5_000_000]);
}

#[test]
fn a_text_below_follows_the_number_of_the_one_above() {
    let inner = "constitution \"docs\" { settles-in \"7 days\" }";
    let mut coop = coop(&lines(&[NAMED, inner]));
    put(&mut coop, "docs", &lines(&["office \"editor\" { settles-in \"pace\" }"]));
    let pace = |coop: &Coop| coop.decision("docs/editor").terms().unwrap().settles_in.seconds() / 86_400;
    assert_eq!(pace(&coop), 14);
    put(&mut coop, "constitution", &lines(&["set \"pace\" \"30 days\"", NAMED, inner]));
    assert_eq!((pace(&coop), settles_in(&coop)), (30, 30), "it is read again");
}

#[test]
fn a_kernel_with_other_limits_waits_for_the_constitution() {
    let mut coop = coop(&lines(&["set \"price\" \"2 USD\"", NAMED]));
    let narrow = priced(&PRICE.replace("from=\"1 USD\"", "from=\"3 USD\""));
    let now = coop.state.time;
    let why = coop.state.clone().put_in_force("kernel", &narrow, now).unwrap_err();
    assert_eq!((why.len(), why[0].code), (1, "C088"), "{why:?}");
    put(&mut coop, "constitution", &lines(&["set \"price\" \"4 USD\"", NAMED]));
    put(&mut coop, "kernel", &narrow);
    assert_eq!(coop.weights(), [25_000_000], "its value goes on under the other kernel");
    let mut one = coop.state.clone();
    let due = one.next_due().moment();
    update(&mut one, due, 2).unwrap();
    coop.next();
    assert_eq!(one.hash(), coop.state.hash(), "on any number of threads");
}
