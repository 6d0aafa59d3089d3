//! Updates: their rhythm, missed ones, and previews.

use super::*;
use crate::MemberIndex;
use crate::tests::{DAY, Setup, at, ballot, m, office};
use crate::{Act, Actor, Context};

#[test]
fn updates_follow_the_rhythm_of_the_zone() {
    let setup = Setup { zone: "Europe/Berlin", updates: "daily at 01:00", ..Setup::new(Vec::new()) };
    let mut coop = setup.found();
    assert_eq!(coop.state.next_due(), Due::Update(at("2025-01-02T00:00:00Z")));
    coop.run_until("2025-03-29");
    // Clocks go forward on 30 March: that day has 23 hours.
    let days: Vec<u64> = (0..3)
        .map(|_| {
            let due = coop.state.next_due().moment();
            coop.next();
            coop.state.period_s(due)
        })
        .collect();
    assert_eq!(days, [DAY, DAY - 3_600, DAY]);
}

#[test]
fn missed_updates_are_each_done_once() {
    let clauses = vec![office("maintainer", 28)];
    let mut coop = Setup::new(clauses).found().with_weights(&[100]);
    coop.enter(&[1], "maintainer");
    coop.vote(1, "maintainer", 1_000_000, &[(1, 1_000_000)]);
    let mut late = coop.clone();
    let outcomes = late.run_until("2025-02-01");
    assert_eq!((late.state.updates, outcomes.len()), (4, 1));
    assert_eq!(coop.run(4), outcomes);
    assert_eq!(coop.state.hash(), late.state.hash());
}

#[test]
fn an_act_counts_in_the_update_it_stands_before() {
    let mut coop = Setup::new(vec![office("maintainer", 28)]).found().with_weights(&[100]);
    coop.enter(&[1], "maintainer");
    let due = coop.state.next_update;
    let act = Act::CastBallot(ballot(1, "maintainer", 1_000_000, &[(1, 1_000_000)]));
    let actor = Actor::Member(m(1));
    let on_time = Context::of(actor, due);
    assert_eq!(crate::apply(&mut coop.state, &act, &on_time).unwrap_err().refused().rule, Rule::UpdateDueFirst);
    let before = Context::of(actor, Moment(due.0 - 1));
    crate::apply(&mut coop.state, &act, &before).unwrap();
    coop.next();
    assert_eq!(coop.total("maintainer", 1), Some(10_000_000));
    // The log's own instant is open again after it.
    crate::apply(&mut coop.state, &act, &on_time).unwrap();
}

#[test]
fn what_was_counted_is_known_until_the_next_update() {
    let mut coop = Setup::new(vec![office("maintainer", 28)]).found().with_weights(&[100]);
    coop.enter(&[1], "maintainer");
    let place = coop.state.decision_place("maintainer").unwrap();
    let counted = |state: &State| -> Vec<(u32, Vec<u32>)> {
        let own = state.ballots_counted(MemberIndex(0), place).into_iter();
        own.map(|(ballot, scores)| (ballot.share_ppm, scores.iter().map(|s| s.ppm()).collect())).collect()
    };
    coop.vote(1, "maintainer", 200_000, &[(1, 500_000)]);
    coop.next();
    let first = vec![(200_000, vec![500_000])];
    assert_eq!(counted(&coop.state), first, "stands as it was counted");
    coop.vote(1, "maintainer", 300_000, &[(1, 1_000_000)]);
    coop.vote(1, "maintainer", 400_000, &[(1, 900_000)]);
    assert_eq!(counted(&coop.state), first, "moved twice since");
    let hash = coop.state.hash();
    coop.state.moved.clear();
    assert_eq!(coop.state.hash(), hash, "it is not in the hash");
    coop.next();
    assert_eq!(counted(&coop.state), [(400_000, vec![900_000])]);
}

#[test]
fn what_is_not_due_is_refused() {
    let mut coop = Setup::new(vec![office("maintainer", 7)]).found();
    let due = coop.state.next_update;
    assert_eq!(update(&mut coop.state, Moment(due.0 + 1), 1).unwrap_err().refused().rule, Rule::NotDue);
    assert_eq!(change(&mut coop.state, due).unwrap_err().refused().rule, Rule::NotDue);
    update(&mut coop.state, due, 1).unwrap();
    assert_eq!(update(&mut coop.state, due, 1).unwrap_err().refused().rule, Rule::NotDue, "an update is done once");
}
