//! Wishes become acts that the rules take in this order.

use super::*;
use crate::tests::{Coop, Setup, ballot, m, office, on_item, ranking, read};
use crate::{CandidateId, ItemId, MemberIndex};

/// Two candidates and a nominee of an office, and two items; member 1 has placed 90 % and nominates.
fn coop() -> Coop {
    let setup = Setup::new(vec![office("maintainer", 14), ranking("issues", 90, 0)]);
    let mut coop = setup.found().with_weights(&[9, 4, 1, 0, 0, 0]);
    coop.enter(&[4, 5], "maintainer");
    coop.open("issues", "220");
    coop.open("issues", "221");
    coop.vote(1, "maintainer", 500_000, &[(4, 1_000_000), (5, 200_000)]);
    coop.place(1, "issues", "220", 400_000);
    coop.stand(6, "maintainer");
    coop.nominate(1, "maintainer", 6, 50_000);
    coop
}

fn new(ballot: &str, share_ppm: u32) -> NewShare {
    NewShare { ballot: ballot.to_owned(), share_ppm }
}

#[test]
fn a_moved_share_keeps_its_scores() {
    let coop = coop();
    let nomination = format!("maintainer:nominate:{}", m(6));
    let scores = [(4, 1_000_000), (5, 200_000)];
    for (name, expect) in [
        ("maintainer:for", Act::CastBallot(ballot(1, "maintainer", 70_000, &scores))),
        ("issues:220", Act::CastBallot(on_item(1, "issues", "220", 70_000))),
    ] {
        assert_eq!(move_shares(&coop.state, m(1), &[new(name, 70_000)]), Some(vec![expect]), "{name}");
    }
    assert!(matches!(move_shares(&coop.state, m(1), &[new(&nomination, 1)]).unwrap()[..], [Act::Nominate(_)]));
    for (member, name) in [(1, "maintainer:against"), (1, "issues:221"), (2, "maintainer:for"), (99, "issues:220")] {
        assert_eq!(move_shares(&coop.state, m(member), &[new(name, 1)]), None, "{member} {name}");
    }
}

#[test]
fn shares_that_shrink_move_first() {
    let coop = coop();
    let moves = [new("issues:220", 600_000), new("maintainer:for", 300_000)];
    let acts = move_shares(&coop.state, m(1), &moves).unwrap();
    assert_eq!(decisions_touched(&acts), ["maintainer", "issues"]);
    assert!(tried(&coop.state, Actor::Member(m(1)), &acts, coop.state.time).is_ok());
    let same = [new("issues:220", 400_000), new("maintainer:for", 500_000)];
    assert_eq!(move_shares(&coop.state, m(1), &same), Some(Vec::new()), "nothing moves");
}

#[test]
fn ballots_that_stand_as_wished_are_not_taken_back_first() {
    let coop = coop();
    let scores = |list: &[(u64, u32)]| list.iter().map(|(member, ppm)| (m(*member).to_string(), *ppm)).collect();
    let wish = BothBallots {
        for_share_ppm: 500_000,
        for_scores_ppm: scores(&[(4, 1_000_000), (5, 200_000)]),
        ..BothBallots::default()
    };
    let acts = replace_ballots(&coop.state, m(1), "maintainer", &wish).unwrap();
    assert_eq!(acts.len(), 1);
    assert!(coop.state.stands_already(&acts[0], m(1)) && !coop.state.stands_already(&acts[0], m(2)));
    let fewer = BothBallots { for_scores_ppm: scores(&[(4, 1_000_000)]), ..wish };
    let acts = replace_ballots(&coop.state, m(1), "maintainer", &fewer).unwrap();
    assert!(acts.iter().all(|act| !coop.state.stands_already(act, m(1))), "other scores are another ballot");
    for (member, wanted) in [(6, true), (1, false)] {
        let act = read("stand", &format!(r#"{{"member":"{}","decision":"maintainer"}}"#, m(member)));
        assert_eq!(coop.state.stands_already(&act, m(member)), wanted);
    }
    let same = with_share(&coop.state, m(1), coop.decision("maintainer"), &nomination(&coop), 50_000).unwrap();
    assert!(coop.state.stands_already(&same, m(1)));
}

fn nomination(coop: &Coop) -> Ballot {
    let mut own = coop.state.ballots.of(&coop.state.members, coop.state.members.index(m(1)).unwrap());
    *own.find(|(_, ballot)| ballot.side.is_nomination()).unwrap().1
}

#[test]
fn a_candidate_goes_to_the_other_ballot_by_way_of_neither() {
    let coop = coop();
    let full = |member: u64| BTreeMap::from([(m(member).to_string(), 1_000_000)]);
    let wish = BothBallots {
        for_share_ppm: 100_000,
        against_share_ppm: 450_000,
        for_scores_ppm: full(5),
        against_scores_ppm: full(4),
    };
    let acts = replace_ballots(&coop.state, m(1), "maintainer", &wish).unwrap();
    let after = tried(&coop.state, Actor::Member(m(1)), &acts, coop.state.time).unwrap();
    let shares = |state: &State| {
        let own = state.ballots_on(MemberIndex(0), state.decision_place("maintainer").unwrap());
        own.map(|ballot| (ballot.side, ballot.share_ppm)).collect::<BTreeMap<_, _>>()
    };
    use crate::ballot::Side::{Against, For, Nominate};
    assert_eq!(shares(&after), BTreeMap::from([(For, 100_000), (Against, 450_000), (Nominate, 50_000)]));
    let none = replace_ballots(&after, m(1), "maintainer", &BothBallots::default()).unwrap();
    let after = tried(&after, Actor::Member(m(1)), &none, after.time).unwrap();
    assert_eq!(shares(&after), BTreeMap::from([(Nominate, 50_000)]));
    assert_eq!(replace_ballots(&after, m(99), "maintainer", &wish), None);
    assert_eq!(replace_ballots(&after, m(1), "none", &wish), None);
}

#[test]
fn an_update_publishes_what_would_be_if_nobody_else_moves() {
    let mut coop = coop();
    coop.run(2);
    let me = Actor::Member(m(1));
    let wish = BothBallots {
        for_share_ppm: 300_000,
        for_scores_ppm: BTreeMap::from([(m(5).to_string(), 1_000_000)]),
        ..BothBallots::default()
    };
    let mut acts = replace_ballots(&coop.state, m(1), "maintainer", &wish).unwrap();
    acts.extend(move_shares(&coop.state, m(1), &[new("issues:220", 100_000)]).unwrap());
    let after = tried(&coop.state, me, &acts, coop.state.time).unwrap();
    let would_be = |name: &str| {
        let place = coop.state.decision_place(name).unwrap();
        coop.state.what_if(&after, MemberIndex(0), place).unwrap()
    };
    let (office, list) = (would_be("maintainer"), would_be("issues"));
    assert!(office.votes(CandidateId(0)) < coop.state.decision("maintainer").unwrap().votes(CandidateId(0)));
    coop.state = after;
    coop.run(1);
    let decision = |name: &str| coop.state.decision(name).unwrap();
    for place in (0..2).map(CandidateId) {
        assert_eq!(office.votes(place), decision("maintainer").votes(place));
    }
    assert_eq!(
        office.candidate(CandidateId(2)).unwrap().attention,
        decision("maintainer").candidate(CandidateId(2)).unwrap().attention
    );
    assert_eq!(list.item_at(ItemId(0)).unwrap().total, decision("issues").item_at(ItemId(0)).unwrap().total);
}
