//! Attacks on credit, with the numbers of docs/spec/attacks.md. Five honest people and one attacker make a commit a week each for ten weeks, each
//! on the one before it. An attacker who does no more than that has 159 thousandths of all credit.

use super::*;

const PEOPLE: u32 = 6;
const WEEKS: u32 = 10;
const ATTACKER: u32 = 5;
const FRIEND: u32 = 4;

/// The honest year: the newest commit of all is the parent of the next one.
fn project() -> Graph {
    let mut graph = commits(PEOPLE, WEEKS, &[]);
    for week in 0..WEEKS {
        for person in 0..PEOPLE {
            build_on_the_newest(&mut graph, person, week);
        }
    }
    graph
}

fn build_on_the_newest(graph: &mut Graph, person: u32, week: u32) -> u32 {
    let newest = (graph.items.len() as u32).checked_sub(1);
    add(graph, person, week, newest.as_slice())
}

/// The part of all credit that some have, in thousandths.
fn thousandths(graph: &Graph, parameters: &Parameters, people: &[u32]) -> u64 {
    let credits = credits(graph, parameters).unwrap();
    checked(&credits);
    let theirs: u64 = people.iter().map(|person| credits.people[*person as usize].micro).sum();
    (theirs * 1_000 + credits.minted_micro / 2) / credits.minted_micro
}

fn attackers(graph: &Graph) -> u64 {
    thousandths(graph, &Parameters::USUAL, &[ATTACKER])
}

fn review(graph: &mut Graph, person: u32, of: u32) {
    let from = graph.items.len() as u32;
    let week = graph.items[of as usize].week;
    graph.items.push(Item { kind: Kind::Review, author: Some(person), week, mint_micro: None });
    graph.links.push(Link { kind: LinkKind::Review, from, to: of });
}

fn by(graph: &Graph, person: u32) -> Vec<u32> {
    (0..).zip(&graph.items).filter(|(_, item)| item.author == Some(person)).map(|(place, _)| place).collect()
}

#[test]
fn an_honest_year_is_shared_evenly() {
    let credits = usual(&project());
    let parts: Vec<u64> = credits.people.iter().map(|person| person.micro / 10_000).collect();
    assert_eq!(parts, [1_088, 1_004, 991, 985, 974, 954], "hundredths; who begins and who is built on has more");
}

#[test]
fn a_hundred_commits_in_the_last_week() {
    let mut graph = project();
    for _ in 0..100 {
        build_on_the_newest(&mut graph, ATTACKER, WEEKS - 1);
    }
    assert_eq!(attackers(&graph), 668);
    // Struck items mint nothing, and what they pass on goes to the commits below them.
    for item in &mut graph.items[60..] {
        item.mint_micro = Some(0);
    }
    assert_eq!(attackers(&graph), 161);
}

#[test]
fn each_commit_in_ten_pieces() {
    let mut graph = commits(PEOPLE, WEEKS, &[]);
    for week in 0..WEEKS {
        for person in 0..PEOPLE {
            for _ in 0..if person == ATTACKER { 10 } else { 1 } {
                build_on_the_newest(&mut graph, person, week);
            }
        }
    }
    assert_eq!(attackers(&graph), 660);
    // A tenth of a credit for each piece.
    for piece in by(&graph, ATTACKER) {
        graph.items[piece as usize].mint_micro = Some(100_000);
    }
    assert_eq!(attackers(&graph), 297);
}

#[test]
fn two_friends_review_each_other() {
    let both = [FRIEND, ATTACKER];
    let mut graph = project();
    assert_eq!(thousandths(&graph, &Parameters::USUAL, &both), 322);
    for (one, other) in [(FRIEND, ATTACKER), (ATTACKER, FRIEND)] {
        for of in by(&project(), other) {
            (0..5).for_each(|_| review(&mut graph, one, of));
        }
    }
    assert_eq!(thousandths(&graph, &Parameters::USUAL, &both), 687);
    let mint = crate::credit::Mint { review_micro: 0, ..Parameters::USUAL.mint };
    assert_eq!(thousandths(&graph, &Parameters { mint, ..Parameters::USUAL }, &both), 375);
}

#[test]
fn two_friends_name_each_other() {
    let both = [FRIEND, ATTACKER];
    let mut graph = project();
    let of = [by(&graph, FRIEND), by(&graph, ATTACKER)];
    for (one, other) in of[0].iter().zip(&of[1]) {
        graph.links.push(Link { kind: LinkKind::Mention, from: *one, to: *other });
        graph.links.push(Link { kind: LinkKind::Mention, from: *other, to: *one });
    }
    assert_eq!(thousandths(&graph, &Parameters::USUAL, &both), 310);
}

#[test]
fn a_chain_of_empty_merges() {
    let mut graph = project();
    for _ in 0..100 {
        let newest = graph.items.len() as u32 - 1;
        add(&mut graph, ATTACKER, WEEKS - 1, &[newest - 1, newest]);
    }
    assert_eq!(attackers(&graph), 636);
    let mint = crate::credit::Mint { merge_micro: 0, ..Parameters::USUAL.mint };
    assert_eq!(thousandths(&graph, &Parameters { mint, ..Parameters::USUAL }, &[ATTACKER]), 162);
}

#[test]
fn old_dates_move_credit_and_make_none() {
    let last_weeks = |graph: &Graph| {
        let weeks = &usual(graph).people[ATTACKER as usize].weeks;
        weeks.iter().filter(|week| week.week >= WEEKS - 2).map(|week| week.pico).sum::<u64>() / 1_000_000_000
    };
    let mut graph = project();
    assert_eq!((attackers(&graph), last_weeks(&graph)), (159, 1_575));
    // All that the attacker made is dated into the first week; then into the last one.
    for item in by(&project(), ATTACKER) {
        graph.items[item as usize].week = 0;
    }
    assert_eq!((attackers(&graph), last_weeks(&graph)), (157, 0));
    for item in by(&project(), ATTACKER) {
        graph.items[item as usize].week = WEEKS - 1;
    }
    assert_eq!((attackers(&graph), last_weeks(&graph)), (157, 9_321));
}

#[test]
fn commits_that_build_on_their_own_alone() {
    let mut graph = project();
    graph.links.retain(|link| graph.items[link.from as usize].author != Some(ATTACKER));
    for pair in by(&project(), ATTACKER).windows(2) {
        graph.links.push(Link { kind: LinkKind::Parent, from: pair[1], to: pair[0] });
    }
    assert_eq!(attackers(&graph), 272);
}
