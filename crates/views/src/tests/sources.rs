//! A source that falls silent, as everybody is told.

use std::sync::Arc;

use engine::act::SourceHeard;
use engine::{Act, Edition};

use super::world::{World, at, m};
use crate::{Sight, coop_summary, explain, log_entry};

/// Member 1 gave in January and promised for February; the bank is heard on 3 February, and expected every 7 days.
fn world() -> World {
    let mut world = World::new();
    world.state.editions.current = Edition::THREE;
    for class in &mut Arc::make_mut(&mut world.state.rules).kernel.classes {
        class.holds_while_silent = true;
    }
    world.admit(1..=1);
    world.run_until("2025-02-03");
    world.give(1, "donation", 10_000, "2025-01-10");
    world.give(1, "pledge", 10_000, "2025-01-10");
    world.act(heard());
    world
}

fn heard() -> Act {
    let kinds = vec!["donation".to_owned(), "pledge".to_owned()];
    Act::SourceHeard(SourceHeard { source: "bank".to_owned(), kinds, every_days: 7 })
}

fn told(world: &World, day: &str) -> Vec<String> {
    let sight = Sight { now: at(day), ..world.sight(None) };
    coop_summary(&sight).warnings.into_iter().map(|warning| warning.words).collect()
}

#[test]
fn everybody_is_told_on_the_day_a_week_before_the_end_and_at_the_end() {
    let world = world();
    assert!(told(&world, "2025-02-09").is_empty(), "in time");
    let late = "Records of donations and pledges are late: their source was last heard on 3 February 2025.";
    for (day, rest) in [
        ("2025-02-10", "Members keep the weight that they had then, until 11 April 2025."),
        ("2025-04-03", "Members keep the weight that they had then, until 11 April 2025."),
        ("2025-04-04", "Members keep the weight that they had then only until 11 April 2025, within a week."),
        ("2025-04-11", "Since 11 April 2025 weight is that of the records that there are."),
        ("2025-06-03", "Since 11 April 2025 weight is that of the records that there are."),
    ] {
        assert_eq!(told(&world, day), [format!("{late} {rest}")], "{day}");
    }
}

#[test]
fn a_class_that_fades_says_so_and_one_that_reads_nothing_of_it_says_nothing() {
    let mut world = world();
    let classes = |world: &mut World| Arc::make_mut(&mut world.state.rules).kernel.classes.clone();
    let mut fading = classes(&mut world);
    fading.iter_mut().for_each(|class| class.holds_while_silent = false);
    Arc::make_mut(&mut world.state.rules).kernel.classes = fading;
    assert!(told(&world, "2025-02-10")[0].ends_with("2025. Weight is that of the records that there are."));
    world.act(Act::SourceHeard(SourceHeard {
        source: "bank".to_owned(),
        kinds: vec!["loan".to_owned()],
        every_days: 7,
    }));
    assert!(told(&world, "2025-06-03").is_empty());
}

#[test]
fn the_explanation_of_a_weight_says_since_when_and_until_when_it_is_held() {
    let mut world = world();
    world.run_until("2025-02-05");
    let before = explain(&world.sight(None), m(1)).unwrap().total.weight_micro;
    assert!(before > 0);
    world.run_until("2025-04-05");
    let explained = explain(&world.sight(None), m(1)).unwrap();
    assert_eq!(explained.total.weight_micro, before);
    let lines: Vec<&str> = explained.classes[0].lines.iter().map(|line| line.words.as_str()).collect();
    let held = "held since 10 February 2025, until 11 April 2025: a source of these records is silent";
    assert!(lines.contains(&held), "{lines:?}");
    world.run_until("2025-04-20");
    let after = explain(&world.sight(None), m(1)).unwrap();
    let left: Vec<&str> = after.classes.iter().map(|class| class.class.as_str()).collect();
    assert_eq!(left, ["friends"], "nobody gave in March, and gifts fade");
    assert!(after.total.weight_micro < 90_000_000, "{}", after.total.text);
    assert!(after.classes[0].lines.iter().all(|line| !line.words.starts_with("held since")));
}

#[test]
fn the_log_says_what_was_heard() {
    let world = world();
    let told = log_entry("operator", &heard(), world.directory(), &world.state.rules.kernel.zone);
    assert_eq!(told.words, "a source of donations and pledges was heard, and is expected again within 7 days");
}
