//! Elections through whole updates: capacity, settling time, nomination, and tallies against a plain reference.

use charter::Counting;
use proptest::prelude::*;

use super::*;
use crate::DecisionId;
use crate::tests::{
    Coop, DAY, ONE, Setup, at, ballot, body, changing, counted, doc, document, m, office, only, ranking,
};
use crate::{Act, Actor, Context, apply};

const ALL: u32 = 1_000_000;
const WEEK: u64 = 7 * DAY;

/// Four members of weight 100 each and one office: C is 40 votes.
fn four(days: u64) -> Coop {
    let mut coop = Setup::new(vec![office("maintainer", days)]).found().with_weights(&[100; 4]);
    coop.enter(&[1, 2, 3], "maintainer");
    coop.seat(&[1], "maintainer");
    coop
}

#[test]
fn unanimity_takes_exactly_the_settling_time() {
    let mut coop = four(28);
    for member in 1..=4 {
        coop.vote(member, "maintainer", ALL, &[(2, ALL)]);
    }
    assert_eq!(coop.run(3), [] as [&str; 0]);
    assert_eq!(coop.total("maintainer", 2), Some(40_000_000));
    assert_eq!(coop.state.decision("maintainer").unwrap().capacity, 40_000_000);
    assert_eq!(coop.decision("maintainer").bucket_size(), u128::from(40 * ONE * 4 * WEEK));
    assert_eq!(coop.bucket("maintainer", 2), u128::from(40 * ONE * 3 * WEEK));
    assert_eq!(coop.next(), ["seat-taken maintainer #2 from #1"]);
    assert_eq!(coop.holders("maintainer"), [Some(2)]);
    assert_eq!(coop.bucket("maintainer", 1), 0);
}

#[test]
fn a_lead_of_a_tenth_takes_ten_times_as_long() {
    let mut coop = four(7);
    // Full approval of one member is 10 votes; a score of 4 of 10 is 4 votes, a tenth of 40.
    coop.vote(1, "maintainer", ALL, &[(2, 400_000)]);
    assert_eq!(coop.run(9), [] as [&str; 0]);
    assert_eq!(coop.next(), ["seat-taken maintainer #2 from #1"]);
}

#[test]
fn nobody_takes_as_long_as_anyone() {
    let mut coop = four(14);
    for member in 1..=4 {
        coop.oppose(member, "maintainer", ALL, &[(1, ALL)]);
    }
    assert_eq!(coop.run(2), ["seat-vacated maintainer from #1"]);
    assert_eq!(coop.total("maintainer", 1), Some(-40_000_000));
    assert_eq!(coop.run(9), [] as [&str; 0], "nobody can take a seat without votes");
}

#[test]
fn for_and_against_have_their_own_shares_and_scores() {
    let mut coop = four(14);
    coop.vote(1, "maintainer", 640_000, &[(1, ALL), (2, 250_000)]);
    coop.oppose(1, "maintainer", 360_000, &[(3, 500_000)]);
    coop.next();
    // √64 = 8 votes, √36 = 6 votes.
    assert_eq!(coop.total("maintainer", 1), Some(8_000_000));
    assert_eq!(coop.total("maintainer", 2), Some(2_000_000));
    assert_eq!(coop.total("maintainer", 3), Some(-3_000_000));
}

#[test]
fn each_way_of_counting() {
    for (counting, votes, capacity) in [
        (Counting::Quadratic, 5_000_000, 12_000_000),
        (Counting::Linear, 25_000_000, 104_000_000),
        (Counting::Approval, 25_000_000, 104_000_000),
        (Counting::OneMember, 250_000, 3_000_000),
    ] {
        let setup = Setup::new(vec![counted(counting, office("maintainer", 14))]);
        // The third has no weight, the fourth leaves.
        let mut coop = setup.found().with_weights(&[100, 4, 0, 900]);
        coop.enter(&[1], "maintainer");
        coop.vote(1, "maintainer", 250_000, &[(1, ALL)]);
        coop.leave(4);
        coop.next();
        assert_eq!(coop.total("maintainer", 1), Some(votes), "{counting:?}");
        let found = coop.state.decision("maintainer").unwrap().capacity;
        assert_eq!(found, capacity, "{counting:?}");
    }
}

#[test]
fn an_electorate_votes_with_its_whole_weight() {
    let setup = Setup {
        classes: vec!["patrons: donated(ever) / 1 USD", "contributors [list]: 9"],
        ..Setup::new(vec![only("contributors", office("editor", 14)), office("maintainer", 14)])
    };
    let mut coop = setup.found().with_weights(&[16, 25]);
    coop.list("list", 1);
    coop.enter(&[1], "editor");
    coop.vote(1, "editor", ALL, &[(1, ALL)]);
    coop.next();
    assert_eq!(coop.total("editor", 1), Some(5_000_000), "√25: 16 given and 9 for being on the list");
    let capacity = |name: &str| coop.state.decision(name).unwrap().capacity;
    // Two decisions in the layer: √(25 ÷ 2), and √(25 ÷ 2) twice.
    assert_eq!(capacity("editor"), 3_535_533);
    assert_eq!(capacity("maintainer"), 2 * 3_535_533);
}

#[test]
fn one_member_one_vote_within_an_electorate() {
    let setup = Setup {
        classes: vec!["patrons: donated(ever) / 1 USD", "contributors [list]: 9"],
        ..Setup::new(vec![counted(Counting::OneMember, only("contributors", office("editor", 14)))])
    };
    let mut coop = setup.found().with_weights(&[16, 25, 0]);
    coop.list("list", 1);
    coop.list("list", 3);
    coop.enter(&[1], "editor");
    coop.vote(3, "editor", ALL, &[(1, ALL)]);
    coop.next();
    assert_eq!(coop.total("editor", 1), Some(1_000_000));
    let capacity = coop.state.decision("editor").unwrap().capacity;
    assert_eq!(capacity, 2_000_000, "the patron outside the list does not count");
}

#[test]
fn capacity_rises_at_once_and_falls_by_a_tenth() {
    let mut coop = Setup::classes(&["patrons: donated(last month) / 1 USD"]);
    coop.clauses = vec![office("maintainer", 14)];
    let mut coop = coop.found();
    coop.admit(1..=1);
    coop.give(1, "donation", 10_000, "2024-12-01");
    let capacity = |coop: &Coop| coop.state.decision("maintainer").unwrap().capacity;
    coop.next();
    assert_eq!(capacity(&coop), 10_000_000);
    coop.run_until("2025-02-02");
    for expected in [9_000_000, 8_100_000, 7_290_000, 6_561_000] {
        coop.next();
        assert_eq!(capacity(&coop), expected);
    }
    coop.run_until("2025-03-01");
    coop.give(1, "donation", 40_000, "2025-02-01");
    coop.run(1);
    // Given in February and last month is February.
    assert_eq!(capacity(&coop), 20_000_000);
    // 20.000001 ÷ 10 rounds so that it never falls by more than a tenth.
    coop.state.decisions[DecisionId(1)].capacity = 20_000_001;
    coop.run_until("2025-04-01");
    coop.state.decisions[DecisionId(1)].capacity = 20_000_001;
    coop.next();
    assert_eq!(capacity(&coop), 18_000_001);
}

#[test]
fn n_counts_seats_and_what_was_open_for_an_update() {
    let clauses = vec![body("team", 3, 14), office("maintainer", 14), ranking("issues", 0, 0)];
    let mut coop = Setup::new(clauses).found().with_weights(&[500]);
    coop.next();
    let capacity = |coop: &Coop, name: &str| coop.state.decision(name).unwrap().capacity;
    // Five parts at the first update already: 500 ÷ 5 = 100. The constitution has a layer of its own.
    assert_eq!(capacity(&coop, "team"), 10_000_000);
    assert_eq!(capacity(&coop, "issues"), 10_000_000);
    assert_eq!(capacity(&coop, "constitution"), 22_360_679);
    // A decision that has not been open for an update does not count yet.
    coop.state.decisions[DecisionId(3)].updates = 0;
    coop.next();
    assert_eq!(capacity(&coop, "team"), 11_180_339, "500 ÷ 4");
}

#[test]
fn a_newcomer_enters_when_attention_fills_the_level() {
    let mut coop = four(14);
    coop.stand(4, "maintainer");
    // M = 2 % × 40 votes × a week × 1.3 = 1.04 votes for a week. Half a vote a week: √(100 × 0.0025).
    coop.nominate(1, "maintainer", 4, 2_500);
    coop.next();
    let place = 3;
    let level = |coop: &Coop| coop.decision("maintainer").candidates()[place].level;
    assert_eq!(coop.decision("maintainer").nomination_size(), u128::from(1_040_000 * WEEK));
    assert_eq!(level(&coop), u128::from(500_000 * WEEK));
    assert_eq!(coop.total("maintainer", 4), None, "attention is not support");
    coop.next();
    assert_eq!(coop.standing("maintainer", 4), Standing::Nominee);
    assert_eq!(coop.next(), ["candidate-entered maintainer #4"]);
    assert_eq!(level(&coop), u128::from(1_040_000 * WEEK), "never above M");
    assert_eq!(coop.total("maintainer", 4), Some(0), "attention is not support after entry either");
    coop.nominate(1, "maintainer", 4, 0);
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 0, "its shares can be taken back");
}

#[test]
fn a_score_on_a_nominee_is_attention_until_entry() {
    let mut coop = four(14);
    coop.stand(4, "maintainer");
    coop.vote(1, "maintainer", 10_000, &[(4, ALL)]);
    coop.next();
    let attention = coop.decision("maintainer").candidates()[3].attention;
    assert_eq!(attention, 1_000_000);
    assert_eq!(coop.total("maintainer", 4), None);
    assert_eq!(coop.next(), ["candidate-entered maintainer #4"]);
    assert_eq!(coop.total("maintainer", 4), Some(1_000_000), "and support from then on");
}

#[test]
fn a_nominee_without_attention_drops_out() {
    let mut coop = four(14);
    coop.stand(4, "maintainer");
    coop.nominate(1, "maintainer", 4, 2_500);
    coop.next();
    coop.nominate(1, "maintainer", 4, 0);
    assert_eq!(coop.next(), [] as [&str; 0], "the level stands without attention");
    let mut against = crate::tests::read(
        "nominate",
        r##"{"member":"#2","decision":"maintainer","candidate":"#4","share_ppm":2500,"against":true}"##,
    );
    coop.act(against.clone());
    assert_eq!(coop.next(), ["nominee-dropped maintainer #4"]);
    assert_eq!(coop.standing("maintainer", 4), Standing::Out);
    if let Act::Nominate(body) = &mut against {
        body.share_ppm = 0;
    }
    coop.act(against);
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(1)), 0, "attention can be taken back after that too");
    coop.stand(4, "maintainer");
    assert_eq!(coop.next(), ["nominee-dropped maintainer #4"], "nobody looked");
}

#[test]
fn without_capacity_nobody_enters_and_nobody_drops_out() {
    let mut coop = Setup::new(vec![office("maintainer", 14)]).found().with_weights(&[0, 0]);
    coop.stand(1, "maintainer");
    coop.vote(2, "maintainer", ALL, &[(1, ALL)]);
    assert_eq!(coop.run(3), [] as [&str; 0]);
    assert_eq!(coop.standing("maintainer", 1), Standing::Nominee);
}

#[test]
fn who_withdraws_comes_back_at_an_empty_bucket() {
    let mut coop = four(28);
    coop.vote(1, "maintainer", ALL, &[(2, ALL)]);
    coop.next();
    assert!(coop.bucket("maintainer", 2) > 0);
    assert_eq!(coop.withdraw(2, "maintainer"), ["recorded"]);
    assert_eq!(coop.bucket("maintainer", 2), 0);
    coop.next();
    assert_eq!((coop.total("maintainer", 2), coop.bucket("maintainer", 2)), (None, 0));
    // Votes that still stand are attention at once, and a full score is enough to enter.
    coop.stand(2, "maintainer");
    assert_eq!(coop.next(), ["candidate-entered maintainer #2"]);
    assert_eq!(coop.bucket("maintainer", 2), u128::from(10 * ONE * WEEK), "it begins with the update of entry");
}

#[test]
fn a_holder_who_resigns_leaves_the_ballot() {
    let mut coop = four(14);
    coop.oppose(1, "maintainer", ALL, &[(1, ALL)]);
    coop.next();
    assert!(coop.decision("maintainer").seats().nobody > 0);
    assert_eq!(coop.resign(1, "maintainer"), ["seat-vacated maintainer from #1"]);
    assert_eq!((coop.holders("maintainer"), coop.standing("maintainer", 1)), (vec![None], Standing::Out));
    assert_eq!(coop.decision("maintainer").seats().nobody, 0);
}

#[test]
fn a_displaced_holder_goes_on_as_a_candidate() {
    let mut coop = four(7);
    for member in 1..=4 {
        coop.vote(member, "maintainer", ALL, &[(2, ALL), (1, 900_000)]);
    }
    coop.run(10);
    assert_eq!(coop.holders("maintainer"), [Some(2)]);
    assert_eq!(coop.standing("maintainer", 1), Standing::Candidate);
    coop.next();
    assert_eq!(coop.bucket("maintainer", 1), 0, "and drains against the new holder");
}

#[test]
fn change_times_wait_for_the_last_update() {
    let clause = changing(office("maintainer", 7), "monday 07:00");
    let mut coop = Setup::new(vec![clause, office("other", 7)]).found().with_weights(&[100]);
    coop.enter(&[1], "maintainer");
    coop.vote(1, "maintainer", 500_000, &[(1, ALL)]);
    // A change time without a full bucket changes nothing.
    assert_eq!(coop.run_until("2025-01-06T06:59:59Z"), [] as [&str; 0]);
    assert_eq!(coop.bucket("maintainer", 1), coop.decision("maintainer").bucket_size());
    let due = coop.state.next_due();
    assert_eq!(due, crate::Due::Change(at("2025-01-06T07:00:00Z")));
    let maintainer = coop.state.decision("maintainer").unwrap();
    assert_eq!(coop.state.next_change(maintainer), at("2025-01-06T07:00:00Z"));
    // Moving the ballot between update and change time does not matter: the last update counts.
    coop.vote(1, "maintainer", 0, &[]);
    assert_eq!(coop.next(), ["seat-taken maintainer #1 from nobody"]);
    assert_eq!(coop.state.next_due(), crate::Due::Update(at("2025-01-13T01:00:00Z")));
    assert_eq!(coop.decision("maintainer").changed_at(), Some(at("2025-01-06T07:00:00Z")));
}

#[test]
fn a_change_time_at_the_update_comes_after_it() {
    let clause = changing(office("maintainer", 7), "monday 01:00");
    let mut coop = Setup::new(vec![clause]).found().with_weights(&[100]);
    coop.enter(&[1], "maintainer");
    coop.vote(1, "maintainer", ALL, &[(1, ALL)]);
    assert_eq!(coop.next(), [] as [&str; 0]);
    assert_eq!(coop.state.next_due(), crate::Due::Change(at("2025-01-06T01:00:00Z")));
    assert_eq!(coop.next(), ["seat-taken maintainer #1 from nobody"]);
    assert_eq!(coop.state.next_due(), crate::Due::Update(at("2025-01-13T01:00:00Z")));
}

#[test]
fn a_document_is_proposed_enters_and_replaces() {
    let mut coop = Setup::new(vec![document("conduct", 7)]).found().with_weights(&[100]);
    for text in [doc(1), doc(2)] {
        coop.propose(1, "conduct", &text);
        let mut act = ballot(1, "conduct", ALL, &[]);
        act.scores = Some([(text, ALL)].into());
        coop.act(Act::CastBallot(act));
        let holder = coop.decision("conduct").holders()[0].cloned();
        let from = holder.map_or("nobody".to_owned(), |name| name.to_string());
        let outcomes = coop.run(2);
        assert_eq!(outcomes.len(), 2, "entered and settled: {outcomes:?}");
        assert!(outcomes[1].ends_with(&format!("from {from}")), "{outcomes:?}");
    }
}

#[test]
fn a_body_through_whole_updates() {
    let mut coop = Setup::new(vec![body("team", 2, 7)]).found().with_weights(&[100; 4]);
    coop.enter(&[1, 2, 3], "team");
    for member in 1..=4 {
        coop.vote(member, "team", ALL, &[(1, ALL), (2, 900_000), (3, 800_000)]);
    }
    assert_eq!(coop.run(1), ["seat-taken team #1 from nobody", "seat-taken team #2 from nobody"]);
    assert_eq!(coop.holders("team"), [Some(1), Some(2)]);
    coop.run(1);
    assert_eq!(coop.bucket("team", 3), coop.decision("team").bucket_size() - u128::from(4 * ONE * WEEK));
    for member in 1..=4 {
        coop.vote(member, "team", ALL, &[(1, ALL), (3, 800_000)]);
    }
    assert_eq!(coop.next(), ["seat-vacated team from #2", "seat-taken team #3 from nobody"]);
}

#[test]
fn former_holders_of_a_left_member_do_not_count() {
    let mut coop = four(14);
    coop.vote(2, "maintainer", ALL, &[(3, ALL)]);
    coop.leave(2);
    coop.next();
    assert_eq!(coop.total("maintainer", 3), Some(0));
    assert_eq!(coop.state.decision("maintainer").unwrap().capacity, 30_000_000);
}

/// A move of one member: which decision, item or scores, and what share.
#[derive(Clone, Debug)]
struct Move {
    member: u64,
    kind: u8,
    share_ppm: u32,
    scores: Vec<(u64, u32)>,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let scores = prop::collection::btree_map(1..=4_u64, 0..=ALL, 1..4);
    let one = (1..=6_u64, 0..5_u8, 0..400_000_u32, scores).prop_map(|(member, kind, share_ppm, scores)| Move {
        member,
        kind,
        share_ppm,
        scores: scores.into_iter().collect(),
    });
    prop::collection::vec(one, 1..30)
}

fn law_coop() -> Coop {
    let clauses =
        vec![office("maintainer", 14), counted(Counting::Linear, office("clerk", 14)), ranking("issues", 0, 0)];
    let mut coop = Setup::new(clauses).found().with_weights(&[100, 7, 31, 2, 0, 64]);
    coop.enter(&[1, 2, 3], "maintainer");
    coop.stand(4, "maintainer");
    coop.enter(&[1, 2, 3, 4], "clerk");
    for item in 1..=4 {
        coop.open("issues", &format!("i{item}"));
    }
    coop
}

/// Plays moves in an order; those that the rules refuse are left out. Which are refused depends on a member's own
/// moves only.
fn play<'a>(coop: &mut Coop, moves: impl IntoIterator<Item = &'a Move>) {
    for step in moves {
        let act = match step.kind {
            0 => Act::CastBallot(ballot(step.member, "maintainer", step.share_ppm, &step.scores)),
            1 => {
                let against = true;
                let ballot = ballot(step.member, "maintainer", step.share_ppm, &step.scores);
                Act::CastBallot(crate::act::CastBallot { against, ..ballot })
            }
            2 => Act::CastBallot(ballot(step.member, "clerk", step.share_ppm, &step.scores)),
            3 => {
                let item = format!("i{}", step.scores[0].0);
                let ballot = crate::tests::on_item(step.member, "issues", &item, step.share_ppm);
                Act::CastBallot(crate::act::CastBallot { against: step.scores[0].1 % 2 == 0, ..ballot })
            }
            _ => Act::Nominate(crate::act::Nominate {
                member: m(step.member),
                decision: "maintainer".to_owned(),
                candidate: m(4).to_string(),
                share_ppm: step.share_ppm,
                against: step.scores[0].1 % 2 == 0,
            }),
        };
        let context = Context::of(Actor::Member(m(step.member)), coop.state.time);
        let _ = apply(&mut coop.state, &act, &context);
    }
}

/// Σ ± score × g(share × weight) once more, over every member's ballots one by one.
fn plain_total(coop: &Coop, decision: DecisionId, target: u32, counting: Counting) -> i128 {
    let state = &coop.state;
    let mut sum = 0_i128;
    for member in state.members.indices() {
        for ballot in state.ballots_on(member, decision).filter(|b| !b.side.is_nomination()) {
            let product = u128::from(state.weights.of(member)) * u128::from(ballot.share_ppm);
            let votes = if counting == Counting::Quadratic { product.isqrt() } else { product / 1_000_000 };
            let sign = if ballot.side.is_against() { -1 } else { 1 };
            if state.decisions[decision].lists_items() {
                sum += if ballot.target == target { sign * votes as i128 } else { 0 };
                continue;
            }
            for score in state.ballots.scores(ballot).filter(|s| s.candidate.0 == target) {
                sum += sign * (votes * u128::from(score.ppm()) / 1_000_000) as i128;
            }
        }
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn order_of_ballots_never_matters(moves in moves(), seed in any::<u64>()) {
        let mut first = law_coop();
        play(&mut first, &moves);
        // Another order of the members, each member's own moves in theirs.
        let mut other = law_coop();
        let mut order: Vec<&Move> = moves.iter().collect();
        order.sort_by_key(|step| step.member.wrapping_mul(seed | 1).rotate_left(17));
        play(&mut other, order);
        prop_assert_eq!(first.state.hash(), other.state.hash(), "before the update");
        other.threads = 2;
        for _ in 0..3 {
            prop_assert_eq!(first.next(), other.next());
            prop_assert_eq!(first.state.hash(), other.state.hash());
        }
    }

    #[test]
    fn tallies_equal_a_plain_sum(moves in moves()) {
        let mut coop = law_coop();
        play(&mut coop, &moves);
        coop.next();
        for (place, counting) in [(1, Counting::Quadratic), (2, Counting::Linear)] {
            let election = &coop.state.decisions[DecisionId(place)];
            for (target, total) in (0_u32..).zip(&election.seats().totals) {
                let plain = plain_total(&coop, DecisionId(place), target, counting);
                match election.candidates()[target as usize].standing {
                    Standing::Candidate => prop_assert_eq!(*total, Some(plain)),
                    _ => prop_assert_eq!(*total, None),
                }
            }
            for bucket in &election.seats().buckets {
                prop_assert!(*bucket <= election.bucket_size());
            }
        }
        for (target, item) in (0_u32..).zip(coop.decision("issues").items()) {
            prop_assert_eq!(item.total, plain_total(&coop, DecisionId(3), target, Counting::Quadratic));
            prop_assert_eq!(item.total, item.votes_for as i128 - item.votes_against as i128);
        }
    }

    #[test]
    fn splitting_a_ballot_over_two_members_never_raises_linear_votes(cents in 2..100_000_i64, part in 1..999_i64) {
        let votes = |members: &[i64]| {
            let setup = Setup::new(vec![counted(Counting::Linear, office("clerk", 14))]);
            let mut coop = setup.found();
            for (number, cents) in (1..).zip(members) {
                coop.admit(number..=number);
                if *cents > 0 {
                    coop.give(number, "donation", *cents, "2025-01-01");
                }
            }
            coop.enter(&[1], "clerk");
            for number in 1..=members.len() as u64 {
                coop.vote(number, "clerk", 333_333, &[(1, 777_777)]);
            }
            coop.next();
            coop.total("clerk", 1).unwrap()
        };
        let first = cents * part / 1_000;
        prop_assert!(votes(&[first, cents - first]) <= votes(&[cents]));
    }

    #[test]
    fn shares_never_exceed_the_whole(moves in moves()) {
        let mut coop = law_coop();
        play(&mut coop, &moves);
        for member in coop.state.members.indices() {
            let own = coop.state.ballots.of(&coop.state.members, member);
            let sum: u32 = own.map(|(_, ballot)| ballot.share_ppm).sum();
            prop_assert!(sum <= ALL);
            prop_assert_eq!(sum, coop.state.members.placed_ppm(member));
        }
    }
}
