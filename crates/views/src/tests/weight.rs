//! A weight explained: its lines add up to it.

use engine::act::Found;
use engine::{Edition, State};

use super::world::{CONSTITUTION, KERNEL, World, at, m};
use crate::{ClassWeightExplained, WeightLine};
use crate::{explain, member, my_page};

/// Returns the values of the lines just under the line that begins with `words`.
fn under<'a>(class: &'a ClassWeightExplained, words: &str) -> (&'a WeightLine, Vec<&'a WeightLine>) {
    let place = class.lines.iter().position(|line| line.words.starts_with(words));
    let place = place.unwrap_or_else(|| panic!("no line `{words}` in {:#?}", class.lines));
    let head = &class.lines[place];
    let below = class.lines[place + 1..].iter().take_while(|line| line.depth > head.depth).collect();
    (head, below)
}

fn cents(value: &str) -> i64 {
    let amount = value.replace('−', "-").replace([',', '.'], "");
    amount.strip_suffix(" USD").unwrap_or_else(|| panic!("`{value}`")).parse().unwrap()
}

#[test]
fn records_add_up_to_what_the_formula_read() {
    let mut world = World::new();
    world.admit(1..=1);
    world.run_until("2025-02-20");
    for (day, amount) in (1..=28).zip([150, 250, 999].into_iter().cycle()) {
        world.give(1, "donation", amount, &format!("2025-01-{day:02}"));
    }
    world.give(1, "pledge", 5_000, "2025-02-01");
    world.run(1);
    let told = explain(&world.sight(None), m(1)).unwrap();
    let patron = told.classes.iter().find(|class| class.class == "patrons").unwrap();
    assert_eq!(patron.formula, "min(donated(last month), pledged(next month)) / 1 USD");
    let (head, records) = under(patron, "donated last month");
    assert_eq!(head.words, "donated last month: 28 records");
    assert_eq!(records.len(), 25, "24 newest and the rest in one line");
    assert_eq!((records[0].words.as_str(), records[0].value.as_str()), ("28 January 2025", "1.50 USD"));
    assert_eq!(records[24].words, "and 4 earlier");
    assert_eq!(records.iter().map(|line| cents(&line.value)).sum::<i64>(), cents(&head.value));
    let (pledged, promises) = under(patron, "pledged next month");
    assert_eq!(pledged.value, "50.00 USD");
    assert_eq!(promises[0].words, "promised on 1 February 2025, holds until 1 February 2026");
    assert_eq!(
        patron.earned.weight_micro,
        u64::try_from(cents(&pledged.value).min(cents(&head.value))).unwrap() * 10_000
    );
    let friend = told.classes.iter().find(|class| class.class == "friends").unwrap();
    let (faded, records) = under(friend, "what was donated and fades by half in 1 year:");
    assert!(records[0].words.starts_with("28 January 2025: 1.50 USD, faded since"), "{}", records[0].words);
    let sum: i64 = records.iter().map(|line| cents(&line.value)).sum();
    assert!((cents(&faded.value) - sum).abs() <= 28, "cents are rounded down one by one: {sum} {}", faded.value);
    let classes: u64 = told.classes.iter().map(|class| class.capped.weight_micro).sum();
    assert_eq!(told.total.weight_micro, classes);
    assert_eq!(told.share.share_ppm, 1_000_000);
}

#[test]
fn records_of_one_day_are_one_line() {
    let mut world = World::usual();
    for _ in 0..30 {
        world.give(4, "contribution", 1_000_000, "2024-12-20");
    }
    world.give(4, "contribution", 1_000_000, "2024-12-19");
    world.run(1);
    let told = explain(&world.sight(None), m(4)).unwrap();
    let (head, days) = under(&told.classes[0], "contributed last year:");
    assert_eq!((head.words.as_str(), head.value.as_str()), ("contributed last year: 31 records", "31"));
    let days: Vec<_> = days.iter().map(|day| (day.words.as_str(), day.value.as_str())).collect();
    assert_eq!(days, [("20 December 2024: 30 records", "30"), ("19 December 2024", "1")]);
}

#[test]
fn a_record_after_the_count_is_told_apart() {
    let mut world = World::new();
    world.admit(1..=1);
    world.run_until("2025-02-20");
    world.give(1, "donation", 1_000, "2025-01-10");
    world.run(1);
    world.give(1, "donation", 500, "2025-01-20");
    let told = explain(&world.sight(None), m(1)).unwrap();
    let friend = told.classes.iter().find(|class| class.class == "friends").unwrap();
    let (_, records) = under(friend, "what was donated and fades by half in 1 year:");
    assert_eq!(records.last().unwrap().words, "recorded after the count, counts at the next update");
    assert!(records.last().unwrap().value.starts_with('−'));
}

#[test]
fn only_the_branch_that_decided_is_told() {
    let world = World::usual();
    let told = explain(&world.sight(None), m(4)).unwrap();
    let class = &told.classes[0];
    assert_eq!((class.class.as_str(), class.class_index), ("contributors", 2));
    assert!(
        class.lines.iter().any(|line| line.words.contains("contributed last year: 0 records")),
        "{:#?}",
        class.lines
    );
    assert!(!class.lines.iter().any(|line| line.words == "the highest weight among patrons"));
}

#[test]
fn the_cap_says_what_it_took() {
    let capped = super::world::KERNEL.replace("    votes", "    members {\n        cap \"40%\"\n    }\n    votes");
    let mut world = World::with(&capped);
    world.admit(1..=3);
    for (member, amount) in [(1, 50_000), (2, 10_000), (3, 10_000)] {
        world.give(member, "donation", amount, "2025-01-01");
    }
    world.run(1);
    let told = explain(&world.sight(None), m(1)).unwrap();
    let cap = told.cap.unwrap();
    assert_eq!(cap.words, "no member holds more than 40 % of all weight");
    assert!(cap.before.weight_micro > cap.after.weight_micro);
    assert_eq!(cap.after, told.total);
    assert!(explain(&world.sight(None), m(2)).unwrap().cap.is_none());
}

#[test]
fn the_floor_is_a_line_of_its_own() {
    let floored = super::world::KERNEL.replace("    votes", "    members {\n        floor \"2\"\n    }\n    votes");
    let Ok(_) = charter::read_kernel(&floored) else {
        return;
    };
    let mut world = World::with(&floored);
    world.admit(1..=1);
    world.give(1, "donation", 50, "2025-01-01");
    world.run(1);
    let told = explain(&world.sight(None), m(1)).unwrap();
    assert_eq!(told.total.weight_micro, 2_000_000);
    let last = told.classes.last().unwrap().lines.last().unwrap();
    assert_eq!(
        (last.words.as_str(), last.value.as_str()),
        ("every member who is in a class weighs at least this much", "2")
    );
}

#[test]
fn my_page_tells_how_weight_fades() {
    let mut world = World::usual();
    let page = my_page(&world.sight(Some(1))).unwrap();
    assert_eq!(page.name, "member-001");
    assert_eq!(page.fade.len(), 13);
    assert_eq!((page.fade[0].label.as_str(), page.fade[1].label.as_str()), ("February 2025", "March 2025"));
    assert_eq!(page.fade[0].weight, page.weight.total);
    assert!(
        page.fade_words.starts_with("If you give nothing more, your weight goes from 193.92 to "),
        "{}",
        page.fade_words
    );
    let march = page.fade[1].weight.weight_micro;
    world.run_until("2025-03-03T01:00:00Z");
    assert_eq!(explain(&world.sight(None), m(1)).unwrap().total.weight_micro, march);
    assert_eq!(
        my_page(&world.sight(Some(6))).unwrap().fade_words,
        "There is nothing that could fade: you have no weight yet."
    );
    assert_eq!(
        page.votes_words,
        "Unless a clause says otherwise, votes are the root of the weight placed, so that four times the weight is twice the votes."
    );
    assert!(my_page(&world.sight(None)).is_none());
}

#[test]
fn a_member_before_the_first_update_has_no_weight_yet() {
    let mut world = World::new();
    world.admit(1..=1);
    let view = member(&world.sight(None), m(1)).unwrap();
    assert!(view.weight.counted_at.is_none() && view.weight.classes.is_empty());
    assert_eq!(view.since.text, "Wednesday 1 January 2025, 00:00");
    assert!(member(&world.sight(None), m(9)).is_none());
}

/// Under edition 2, with other fields before `votes`.
fn two(fields: &str, class: &str) -> World {
    let kernel = KERNEL.replace("    votes", &format!("    class \"workers\" {{ {class} }}\n    {fields}\n    votes"));
    let kernel = charter::read_kernel_under(&kernel, Edition::TWO).unwrap();
    let constitution = charter::read_constitution(CONSTITUTION, &kernel).unwrap();
    let act = Found { edition: Edition::TWO, open: true, ..Found::on(&"11".repeat(32), &"22".repeat(32), false) };
    let mut world = World::new();
    world.state = State::found(charter::Rules::new(kernel, constitution), act, at("2025-01-01"));
    world
}

#[test]
fn weight_that_is_carried_over_says_from_when() {
    let mut world = two("", "weight \"contributed(last month)\"");
    world.admit(1..=1);
    world.give(1, "contribution", 64_000_000, "2024-12-15");
    world.run_until("2025-02-01");
    world.run(1);
    let told = explain(&world.sight(None), m(1)).unwrap();
    let workers = told.classes.iter().find(|class| class.class == "workers").unwrap();
    let (head, lines) = under(workers, "contributed last month");
    assert_eq!(head.value, "32", "half of December's");
    let words =
        "carried over from 1 December 2024 to 31 December 2024, since less is recorded since then: 50 % of it counts";
    assert_eq!((lines[0].words.as_str(), lines[0].value.as_str()), (words, "32"));
    assert_eq!((lines[1].words.as_str(), lines[1].value.as_str()), ("15 December 2024", "32"));
    assert_eq!(workers.earned.weight_micro, 32_000_000);
}

#[test]
fn the_cap_says_which_limit_binds_and_who_is_a_newcomer() {
    let mut world = two("members { cap \"40%\" }", "weight \"contributed(ever)\"; cap \"50%\"");
    world.admit(1..=2);
    for member in [1, 2] {
        world.give(member, "donation", 10_000, "2025-01-01");
    }
    world.give(1, "contribution", 10_000_000, "2025-01-01");
    world.run(1);
    world.admit(3..=3);
    world.give(3, "donation", 100, "2025-01-06");
    world.run(1);
    let told = explain(&world.sight(None), m(1)).unwrap();
    let cap = told.cap.unwrap();
    assert!(cap.words.starts_with("no member holds more than 40 % of all weight, unless"), "{}", cap.words);
    let workers = told.classes.iter().find(|class| class.class == "workers").unwrap();
    let line = workers.lines.last().unwrap();
    assert!(
        line.words.starts_with("no member holds more than 50 % of the weight in this class, unless"),
        "{}",
        line.words
    );
    let new = explain(&world.sight(None), m(3)).unwrap().cap.unwrap();
    assert!(new.words.contains("have not had weight for 90 days"), "{}", new.words);
}
