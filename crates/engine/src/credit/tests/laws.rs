//! Laws that hold for every graph, tried on made-up ones.

use proptest::prelude::*;

use super::*;

/// Graphs of up to five people, twenty weeks and thirty commits, parents before their children.
fn graphs() -> impl Strategy<Value = Graph> {
    let commit = (0_u32..5, 0_u32..20, proptest::collection::vec(any::<prop::sample::Index>(), 0..4));
    proptest::collection::vec(commit, 1..30).prop_map(|mut drawn| {
        drawn.sort_by_key(|(_, week, _)| *week);
        let mut graph = commits(6, 24, &[]);
        for (place, (author, week, parents)) in drawn.iter().enumerate() {
            let mut parents: Vec<u32> =
                parents.iter().filter(|_| place > 0).map(|parent| parent.index(place) as u32).collect();
            parents.sort_unstable();
            parents.dedup();
            add(&mut graph, *author, *week, &parents);
        }
        graph
    })
}

/// The same graph with a node for every week of everybody: who shares nothing of their pay-out has all weeks.
fn with_every_week(graph: &Graph) -> Graph {
    let mut whole = graph.clone();
    let pairs = (1..graph.people).map(|to| Attribution { from: 0, to, week: 0, share_ppm: 0 });
    whole.attributions.extend(pairs);
    whole
}

/// Items in another order, and people too: `turn` is how far each is moved.
fn turned(graph: &Graph, turn: u32) -> Graph {
    let all = graph.items.len() as u32;
    let mut moved = graph.clone();
    moved.items.rotate_right((turn % all) as usize);
    for item in &mut moved.items {
        item.author = item.author.map(|author| (author + turn) % graph.people);
    }
    for link in &mut moved.links {
        link.from = (link.from + turn % all) % all;
        link.to = (link.to + turn % all) % all;
    }
    moved.links.reverse();
    moved
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn all_credit_is_all_that_was_minted(graph in graphs()) {
        picos(&graph);
    }

    #[test]
    fn weeks_left_out_flow_as_if_they_were_there(graph in graphs()) {
        let (some, all) = (usual(&graph), usual(&with_every_week(&graph)));
        for (some, all) in some.people.iter().zip(&all.people) {
            prop_assert!(some.pico.abs_diff(all.pico) <= 1, "{} {}", some.pico, all.pico);
            for week in 0..graph.weeks {
                let of = |weeks: &[crate::credit::InWeek]| weeks.iter().find(|one| one.week == week).map_or(0, |one| one.pico);
                prop_assert!(of(&some.weeks).abs_diff(of(&all.weeks)) <= 1, "week {week}");
            }
        }
    }

    #[test]
    fn the_order_of_items_never_shows(graph in graphs(), turn in 1_u32..40) {
        let mut before = usual(&graph).people;
        let after = usual(&turned(&graph, turn));
        before.rotate_right((turn % graph.people) as usize);
        for (before, after) in before.iter().zip(&after.people) {
            // The order of people decides between equal remainders, and nothing else.
            prop_assert!(before.pico.abs_diff(after.pico) <= 1);
        }
        let mut items_alone = graph.clone();
        items_alone.links.reverse();
        prop_assert_eq!(usual(&graph), usual(&items_alone));
    }
}

#[test]
fn a_long_silence_is_passed_over_from_both_ends() {
    let far = |weeks: u32, second: u32| commits(1, weeks, &[(0, 3, &[]), (0, second, &[0])]);
    let credits = usual(&far(5_000, 4_000));
    checked(&credits);
    let weeks: Vec<u32> = credits.people[0].weeks.iter().map(|week| week.week).collect();
    assert!(weeks.contains(&3) && weeks.contains(&4_000) && weeks.contains(&2) && weeks.contains(&4_001), "{weeks:?}");
    assert!(!weeks.contains(&2_000) && weeks.len() < 60, "{weeks:?}");
    // A tail is shorter the farther it is from its week.
    let of = |week: u32| credits.people[0].weeks.iter().find(|one| one.week == week).unwrap().pico;
    assert!(of(3) > 9 * of(4) && of(4) > 9 * of(5) && of(4) < 11 * of(5), "{} {} {}", of(3), of(4), of(5));
}

#[test]
fn gamma_that_has_nowhere_to_go_stays_in_its_week() {
    // One week alone: everything comes back or is paid to the only person.
    assert_eq!(picos(&commits(1, 1, &[(0, 0, &[])])), [1_000_000_000_000]);
    // In the first week a tail goes one way and the other γ stays: more of it than in the middle.
    let first_week = |weeks: u32, week: u32| {
        let graph = commits(2, weeks, &[(0, week, &[]), (1, weeks / 2, &[])]);
        let credits = usual(&graph);
        credits.people[0].weeks.iter().find(|one| one.week == week).unwrap().pico
    };
    assert!(first_week(9, 0) > first_week(9, 1));
    assert_eq!(first_week(9, 0), first_week(9, 8), "both γ are alike");
}

#[test]
fn a_pay_out_may_go_to_another_person() {
    let mut graph = commits(2, 3, &[(0, 1, &[])]);
    assert_eq!(picos(&graph), [1_000_000_000_000, 0]);
    graph.attributions.push(Attribution { from: 0, to: 1, week: 0, share_ppm: 1_000_000 });
    assert_eq!(picos(&graph), [0, 1_000_000_000_000]);
    // From week 2 on all is theirs again: the tail of that week.
    graph.attributions.push(Attribution { from: 0, to: 1, week: 2, share_ppm: 0 });
    let credits = usual(&graph);
    checked(&credits);
    assert_eq!(credits.people[0].weeks.iter().map(|week| week.week).collect::<Vec<_>>(), [2]);
    assert_eq!(credits.people[0].micro, 166_667, "a sixth");
}

#[test]
fn an_item_without_an_author_passes_credit_on() {
    let mut graph = commits(2, 2, &[(0, 0, &[]), (1, 1, &[0])]);
    graph.items[1].author = None;
    assert_eq!(picos(&graph), [2_000_000_000_000, 0]);
}

#[test]
fn an_item_may_mint_its_own_sum() {
    let mut graph = commits(2, 1, &[(0, 0, &[]), (1, 0, &[])]);
    graph.items[1].mint_micro = Some(3_000_000);
    assert_eq!(picos(&graph), [1_000_000_000_000, 3_000_000_000_000]);
    graph.items[1].mint_micro = Some(0);
    assert_eq!(picos(&graph), [1_000_000_000_000, 0]);
}

#[test]
fn slow_flows_come_to_an_end() {
    let slow = Parameters { alpha_ppm: 10_000, beta_ppm: 10_000, ..Parameters::USUAL };
    let mut graph = commits(3, 40, &[(0, 0, &[])]);
    for place in 1..120 {
        add(&mut graph, place % 3, place / 3, &[place - 1]);
    }
    let credits = credits(&graph, &slow).unwrap();
    checked(&credits);
    assert!(credits.sweeps > 100 && credits.sweeps < 6_000, "{}", credits.sweeps);
}
