//! A whole vote on every decision, and what becomes of shares where rules change that.

use charter::{Allowance, Counting, Edition};
use proptest::prelude::*;

use crate::tests::{Setup, at, ballot, counted, each, office, on_item, ranking};
use crate::{Act, MemberIndex};

const WHOLE: u32 = 1_000_000;

fn setup() -> Setup {
    let clauses = vec![
        each(counted(Counting::Linear, office("chair", 14))),
        each(counted(Counting::Linear, ranking("issues", 0, 0))),
        office("maintainer", 14),
        ranking("ideas", 0, 0),
    ];
    Setup { edition: Edition::TWO, ..Setup::new(clauses) }
}

#[test]
fn a_whole_vote_on_one_decision_takes_nothing_from_others() {
    let mut coop = setup().found().with_weights(&[4, 1]);
    coop.enter(&[2], "chair");
    coop.enter(&[2], "maintainer");
    for (ranking, item) in [("issues", "1"), ("issues", "2"), ("ideas", "1")] {
        coop.open(ranking, item);
    }
    coop.vote(1, "chair", WHOLE, &[(2, WHOLE)]);
    coop.place(1, "issues", "1", 600_000);
    coop.place(1, "issues", "2", 400_000);
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 0);
    coop.vote(1, "maintainer", 700_000, &[(2, WHOLE)]);
    let no = coop.submit(&Act::CastBallot(on_item(1, "ideas", "1", 300_001))).unwrap_err();
    assert_eq!(no.rule.number(), "R017", "what shares one weight is at most the whole: {no}");
    let no = coop.submit(&Act::CastBallot(on_item(1, "issues", "2", 400_001))).unwrap_err();
    assert!(no.to_string().contains("your vote on `issues`"), "within one decision too: {no}");
    let mut against = ballot(1, "chair", 1, &[(2, WHOLE)]);
    against.against = true;
    assert!(coop.submit(&Act::CastBallot(against)).is_err());
    coop.next();
    assert_eq!(coop.total("chair", 2), Some(4_000_000));
    assert_eq!(coop.total("maintainer", 2), Some(1_673_320), "the root of 2.8");
}

#[test]
fn shares_beyond_the_whole_are_scaled_down_where_decisions_come_to_share_it() {
    let mut coop = setup().found().with_weights(&[4, 1]);
    coop.enter(&[2], "chair");
    coop.enter(&[2], "maintainer");
    coop.open("issues", "1");
    coop.open("issues", "2");
    coop.vote(1, "chair", WHOLE, &[(2, WHOLE)]);
    coop.vote(1, "maintainer", 500_000, &[(2, WHOLE)]);
    coop.place(1, "issues", "1", 500_000);
    coop.place(1, "issues", "2", 1);
    let before = coop.state.hash();
    coop.state.allow_anew();
    assert_eq!(coop.state.hash(), before, "rules that change nothing move nothing");
    for name in ["chair", "issues"] {
        let place = coop.state.decision_place(name).unwrap();
        coop.state.decisions[place].allowance = Allowance::Shared;
    }
    coop.state.allow_anew();
    coop.state.check().unwrap();
    // 2,000,001 are placed: halves, rounded down; of a millionth nothing is left.
    let shares = |name: &str| {
        let place = coop.state.decision_place(name).unwrap();
        coop.state.ballots_on(MemberIndex(0), place).map(|ballot| ballot.share_ppm).collect::<Vec<_>>()
    };
    assert_eq!(
        [shares("chair"), shares("maintainer"), shares("issues")],
        [vec![499_999], vec![249_999], vec![249_999]]
    );
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 999_997);
}

#[test]
fn an_edition_gives_whole_votes_where_counting_is_not_quadratic() {
    let text = "kernel {\n name x; purpose y; currency USD; class p { weight \"donated(ever) / 1 USD\" }\n votes linear\n \
                constitution { settles-in \"1 day\"; updates hourly }\n}";
    let rules = "```charter\noffice \"chair\" { settles-in \"1 day\" }\noffice \"clerk\" { settles-in \"1 day\"; votes \"quadratic\" }\n```\n";
    let of = |edition| {
        let kernel = charter::read_kernel_under(text, edition).unwrap();
        let constitution = charter::read_constitution(rules, &kernel).unwrap();
        let act = crate::act::Found::on(&"11".repeat(32), &"22".repeat(32), false);
        let act = crate::act::Found { edition, open: edition > Edition::ONE, ..act };
        let state = crate::State::found(charter::Rules::new(kernel, constitution), act, at("2025-01-01"));
        ["constitution", "chair", "clerk"].map(|name| state.decision(name).unwrap().allowance)
    };
    use Allowance::{Each, Shared};
    assert_eq!(of(Edition::ONE), [Shared; 3]);
    assert_eq!(of(Edition::TWO), [Each, Each, Shared]);
}

proptest! {
    #[test]
    fn no_order_of_acts_places_more_than_the_whole(
        acts in prop::collection::vec((1_u64..4, 0_usize..4, any::<bool>(), 0..=700_000_u32), 1..60),
    ) {
        let mut coop = setup().found().with_weights(&[4, 1, 9]);
        coop.enter(&[1, 2], "chair");
        coop.enter(&[1, 2], "maintainer");
        for name in ["issues", "ideas"] {
            coop.open(name, "1");
            coop.open(name, "2");
        }
        for (member, on, second, share_ppm) in acts {
            let act = match on {
                0 | 1 => {
                    let name = ["chair", "maintainer"][on];
                    let scores = [(if second { 2 } else { 1 }, WHOLE)];
                    let mut act = ballot(member, name, share_ppm, &scores[..usize::from(share_ppm > 0)]);
                    act.against = second;
                    act
                }
                _ => on_item(member, ["issues", "ideas"][on - 2], if second { "2" } else { "1" }, share_ppm),
            };
            let _ = coop.submit(&Act::CastBallot(act));
            coop.state.check().unwrap();
        }
    }
}
