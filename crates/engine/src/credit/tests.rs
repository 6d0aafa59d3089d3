//! Graphs for the tests of this room, and its worked examples.

mod attacks;
mod bounds;
mod coop;
mod coop_attacks;
mod laws;
mod weights;
mod why;

use super::{Attribution, Credits, Graph, Item, Kind, Link, LinkKind, Parameters, Wrong, credits};

/// A commit: its author, its week, and the places of its parents.
type Commit<'a> = (u32, u32, &'a [u32]);

/// A graph of commits; one with two parents or more is a merge.
fn commits(people: u32, weeks: u32, commits: &[Commit]) -> Graph {
    let mut graph =
        Graph { people, weeks, items: Vec::new(), with: Vec::new(), links: Vec::new(), attributions: Vec::new() };
    for (author, week, parents) in commits {
        add(&mut graph, *author, *week, parents);
    }
    graph
}

/// Adds a commit; returns its place.
fn add(graph: &mut Graph, author: u32, week: u32, parents: &[u32]) -> u32 {
    let place = graph.items.len() as u32;
    let kind = if parents.len() > 1 { Kind::Merge } else { Kind::Commit };
    graph.items.push(Item { kind, author: Some(author), week, mint_micro: None });
    graph.links.extend(parents.iter().map(|parent| Link { kind: LinkKind::Parent, from: place, to: *parent }));
    place
}

fn usual(graph: &Graph) -> Credits {
    credits(graph, &Parameters::USUAL).unwrap()
}

/// Everybody's pico-credits, once it is certain that people's sum to what was minted, and weeks' to the person's.
fn picos(graph: &Graph) -> Vec<u64> {
    let credits = usual(graph);
    checked(&credits)
}

fn checked(credits: &Credits) -> Vec<u64> {
    let micro: u64 = credits.people.iter().map(|person| person.micro).sum();
    let pico: u64 = credits.people.iter().map(|person| person.pico).sum();
    assert_eq!((micro, pico), (credits.minted_micro, credits.minted_micro * 1_000_000));
    for person in &credits.people {
        assert_eq!(person.weeks.iter().map(|week| week.pico).sum::<u64>(), person.pico);
        assert!(person.weeks.windows(2).all(|pair| pair[0].week < pair[1].week));
        assert!(person.micro.abs_diff(person.pico / 1_000_000) <= 1, "{person:?}");
    }
    credits.people.iter().map(|person| person.pico).collect()
}

/// c1 by a, c2 by b after c1 in week 0; c3 by a after c2, c4 by b after c1 and c3 in week 2.
fn example(weeks: u32) -> Graph {
    commits(2, weeks, &[(0, 0, &[]), (1, 0, &[0]), (0, 2, &[1]), (1, 2, &[0, 2])])
}

#[test]
fn the_example_to_the_last_digit() {
    assert_eq!(picos(&example(3)), [2_529_269_647_228, 1_470_730_352_772]);
    let micro: Vec<u64> = usual(&example(3)).people.iter().map(|person| person.micro).collect();
    assert_eq!(micro, [2_529_270, 1_470_730]);
    // Weeks to come take a part of the tails.
    assert_eq!(picos(&example(7)), [2_529_298_662_480, 1_470_701_337_520]);
}
