//! Credit is explained: parts sum to the micro-credit, and come from where the graph says.

use proptest::prelude::*;

use super::super::{Came, Explained, Made, Origin};
use super::*;

/// Each person's items sum to their credit, and each item's origins to its part.
fn sums(explained: &Explained) {
    for (person, credit) in (0..).zip(&explained.credits.people) {
        let why = explained.why(person);
        assert_eq!(why.iter().map(|one| one.micro).sum::<u64>(), credit.micro, "of person {person}");
        for Made { micro, from, .. } in &why {
            assert_eq!(from.iter().map(|one| one.micro).sum::<u64>(), *micro);
        }
    }
}

#[test]
fn the_example_is_explained_to_the_micro_credit() {
    let explained = Explained::of(&example(3), &Parameters::USUAL).unwrap();
    sums(&explained);
    assert_eq!(explained.credits, usual(&example(3)));
    let why = explained.why(0);
    let items: Vec<(u32, u64)> = why.iter().map(|one| (one.item, one.micro)).collect();
    assert_eq!(items, [(0, 1_772_280), (2, 756_990)], "a made c1, on which two others build, and c3");
    let first = &why[0].from;
    assert_eq!(first[0], Came { from: Origin::Item(1), micro: first[0].micro }, "most of c1 comes from b's c2");
    assert!(
        first.iter().any(|came| came.from == Origin::Minted) && first.iter().any(|came| came.from == Origin::Person(0))
    );
}

#[test]
fn authors_of_one_commit_share_it() {
    let mut graph = commits(3, 1, &[(0, 0, &[])]);
    graph.with = vec![(0, 1)];
    let shared = usual(&graph);
    assert_eq!(checked(&shared), [500_000_000_000, 500_000_000_000, 0]);
    graph.with = vec![(0, 1), (0, 2)];
    let credits = usual(&graph);
    let parts: Vec<u64> = credits.people.iter().map(|one| one.micro).collect();
    assert_eq!(parts, [333_334, 333_333, 333_333]);
    // Beside another commit: all authors together get what one would.
    let alone = usual(&commits(4, 1, &[(0, 0, &[]), (3, 0, &[0])]));
    let mut graph = commits(4, 1, &[(0, 0, &[]), (3, 0, &[0])]);
    graph.with = vec![(0, 1)];
    let both = usual(&graph);
    assert!(both.people[3].micro.abs_diff(alone.people[3].micro) <= 2, "{both:?} {alone:?}");
    sums(&Explained::of(&graph, &Parameters::USUAL).unwrap());
    for wrong in [(9, 1), (0, 9), (0, 0)] {
        graph.with = vec![wrong];
        assert!(matches!(credits_of(&graph), Err(Wrong::Item(_))), "{wrong:?}");
    }
}

fn credits_of(graph: &Graph) -> Result<Credits, Wrong> {
    credits(graph, &Parameters::USUAL)
}

proptest! {
    #[test]
    fn parts_of_any_graph_sum_to_its_credit(made in prop::collection::vec((0_u32..5, 0_u32..9, 0_u32..40, any::<bool>()), 1..40)) {
        let mut graph = commits(5, 9, &[]);
        for (author, week, parent, two) in made {
            let before = graph.items.len() as u32;
            let parents: Vec<u32> = if before == 0 { Vec::new() } else { vec![parent % before] };
            let item = add(&mut graph, author, week, &parents);
            if two {
                graph.with.push((item, (author + 1) % 5));
            }
        }
        let explained = Explained::of(&graph, &Parameters::USUAL).unwrap();
        sums(&explained);
        prop_assert_eq!(&explained.credits, &usual(&graph));
    }
}
