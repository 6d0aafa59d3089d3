//! Fixed control and caps by hand, through the engine, and against a reference with products of any length.

use crate::id::ItemId;
use charter::Counting;
use proptest::prelude::*;

use super::*;
use crate::MemberIndex;
use crate::act::Act;
use crate::tests::{Coop, ONE, Setup, on_item, only, ranking};

const WHOLE: u32 = 1_000_000;

/// A co-op with these classes and what each controls, or at most.
fn with_control(setup: &Setup, control: &[u32]) -> Coop {
    let mut coop = setup.found();
    for (class, ppm) in coop.rules_mut().kernel.classes.iter_mut().zip(control) {
        class.control_ppm = Some(*ppm);
    }
    coop
}

fn with_caps(setup: &Setup, caps: &[Option<u32>]) -> Coop {
    let mut coop = setup.found();
    for (class, cap) in coop.rules_mut().kernel.classes.iter_mut().zip(caps) {
        class.at_most_ppm = *cap;
    }
    coop
}

const TWO: [&str; 2] = ["workers: hours(ever) / 1 hour", "customers: purchased(ever) / 1 USD"];

/// The example of `docs/spec/elections.md`: 40 % for workers with 100 and 25, 60 % for customers with 16, 9 and 9. The
/// second member is both.
fn somerset(clauses: Vec<charter::Clause>) -> Coop {
    let setup = Setup { clauses, ..Setup::classes(&TWO) };
    let mut coop = with_control(&setup, &[400_000, 600_000]);
    coop.admit(1..=4);
    for (member, hours) in [(1, 100), (2, 25)] {
        coop.give(member, "hours", hours * 3_600, "2025-01-01");
    }
    for (member, dollars) in [(2, 16), (3, 9), (4, 9)] {
        coop.give(member, "purchase", dollars * 100, "2025-01-01");
    }
    coop
}

fn votes(coop: &Coop, decision: &str) -> Vec<u64> {
    let known = coop.state.decision(decision).unwrap();
    let members = 0..u32::try_from(coop.state.members.len()).unwrap();
    let votes = |member| coop.state.votes_for_share(known, MemberIndex(member), WHOLE);
    members.map(votes).collect()
}

fn capacity_of(coop: &Coop, decision: &str) -> u128 {
    coop.state.decision(decision).unwrap().capacity
}

fn total(coop: &Coop, decision: &str) -> i128 {
    coop.decision(decision).item_at(ItemId(0)).unwrap().total
}

/// Everybody places `share_ppm` on the first item.
fn all_in(coop: &mut Coop, decision: &str, share_ppm: u32) {
    coop.open(decision, "first");
    let last = u64::try_from(coop.state.members.len()).unwrap();
    for member in 1..=last {
        coop.place(member, decision, "first", share_ppm);
    }
}

#[test]
fn classes_hold_their_percentage_of_the_votes() {
    let mut coop = somerset(vec![ranking("issues", 0, 0)]);
    all_in(&mut coop, "issues", WHOLE);
    coop.next();
    // Workers have roots of 10 and 5, customers 4, 3 and 3: C = 25, of which 10 to the workers and 15 to the customers.
    assert_eq!(votes(&coop, "issues"), [6_666_666, 3_333_333 + 6_000_000, 4_500_000, 4_500_000]);
    assert_eq!(total(&coop, "issues"), 24_999_999);
    assert_eq!(capacity_of(&coop, "issues"), 25_000_000);
}

#[test]
fn only_the_classes_that_a_decision_names_vote_on_it_and_they_hold_all_of_it() {
    let both = ranking("issues", 0, 0);
    let mut coop = somerset(vec![both, only("workers", ranking("shifts", 0, 0))]);
    all_in(&mut coop, "issues", WHOLE / 2);
    coop.next();
    coop.open("shifts", "first");
    coop.place(2, "shifts", "first", WHOLE / 2);
    coop.next();
    // n is 2. The second member's weight as a customer does not count on shifts.
    assert_eq!(capacity_of(&coop, "shifts"), 7_071_067 + 3_535_533);
    assert_eq!(votes(&coop, "shifts"), [10_000_000, 5_000_000, 0, 0]);
    assert_eq!(total(&coop, "shifts"), 3_535_533);
    let all = 7_071_067 + 3_535_533 + 2_828_427 + 2 * 2_121_320;
    assert_eq!(capacity_of(&coop, "issues"), all);
}

#[test]
fn a_class_without_weight_leaves_its_percentage_to_the_others() {
    let classes = [TWO[0], TWO[1], "investors: capital(ever) / 1 USD"];
    let setup = Setup { clauses: vec![ranking("issues", 0, 0)], ..Setup::classes(&classes) };
    let mut coop = with_control(&setup, &[200_000, 300_000, 500_000]);
    coop.admit(1..=2);
    coop.next();
    assert_eq!(capacity_of(&coop, "issues"), 0, "nobody has weight");
    assert_eq!(votes(&coop, "issues"), [0, 0]);
    coop.give(1, "hours", 100 * 3_600, "2025-01-01");
    coop.give(2, "purchase", 100, "2025-01-01");
    coop.next();
    // C = 10 + 1; 2 of 5 parts to the worker, 3 to the customer.
    assert_eq!(votes(&coop, "issues"), [4_400_000, 6_600_000]);
    let control = |coop: &mut Coop, ppm: [u32; 3]| {
        let classes = &mut coop.rules_mut().kernel.classes;
        for (class, ppm) in classes.iter_mut().zip(ppm) {
            class.control_ppm = Some(ppm);
        }
        coop.next();
        votes(coop, "issues")
    };
    assert_eq!(control(&mut coop, [0, 500_000, 500_000]), [0, 11_000_000]);
    assert_eq!(
        control(&mut coop, [0, 0, 1_000_000]),
        [10_000_000, 1_000_000],
        "where nobody with weight is to control anything, nobody is kept from voting"
    );
}

#[test]
fn one_member_counts_one_in_each_class() {
    let mut clause = ranking("issues", 0, 0);
    clause.counting = Counting::OneMember;
    let mut coop = somerset(vec![clause]);
    all_in(&mut coop, "issues", WHOLE);
    coop.admit(5..=5);
    coop.next();
    // Two workers, three customers: C = 5, of which 2 and 3; the second member is both, the fifth neither.
    assert_eq!(votes(&coop, "issues"), [ONE, 2 * ONE, ONE, ONE, 0]);
    assert_eq!(capacity_of(&coop, "issues"), 5_000_000);
    assert_eq!(total(&coop, "issues"), 5_000_000);
}

#[test]
fn cap_and_floor_act_on_the_whole_weight_before_it_is_counted_by_class() {
    let setup = Setup { clauses: vec![ranking("issues", 0, 0)], cap_ppm: Some(500_000), ..Setup::classes(&TWO) };
    let mut coop = with_control(&setup, &[500_000, 500_000]);
    coop.admit(1..=3);
    coop.give(1, "hours", 30 * 3_600, "2025-01-01");
    coop.give(1, "purchase", 3_000, "2025-01-01");
    coop.give(2, "hours", 8 * 3_600, "2025-01-01");
    coop.give(3, "purchase", 200, "2025-01-01");
    coop.next();
    // 60 against 10: cut to 10, five in each class.
    let classes = &coop.state.weights.classes;
    assert_eq!(*classes[0].weight, [5 * ONE, 8 * ONE, 0]);
    assert_eq!(*classes[1].weight, [5 * ONE, 0, 2 * ONE]);
}

#[test]
fn the_percentages_hold_at_once_where_capacity_falls_slowly() {
    let mut coop = somerset(vec![ranking("issues", 0, 0)]);
    coop.next();
    coop.leave(1);
    coop.next();
    // C would be 5 + 10 = 15 and falls from 25 to 22.5 only; workers hold 40 % of 15.
    assert_eq!(capacity_of(&coop, "issues"), 22_500_000);
    assert_eq!(votes(&coop, "issues"), [0, 6_000_000 + 3_600_000, 2_700_000, 2_700_000]);
}

#[test]
fn a_decision_that_was_not_counted_yet_is_previewed_as_it_will_be() {
    let mut coop = somerset(vec![ranking("issues", 0, 0)]);
    coop.next();
    let counted = votes(&coop, "issues");
    let place = coop.state.decision_place("issues").unwrap();
    coop.state.decisions[place].factors.clear();
    assert_eq!(votes(&coop, "issues"), counted);
}

#[test]
fn another_electorate_is_previewed_at_once() {
    let mut coop = somerset(vec![ranking("issues", 0, 0)]);
    coop.next();
    let text = "# Rules\n\n```charter\nranking \"issues\" electorate=\"workers\"\n```\n";
    let now = coop.state.time;
    coop.state.put_in_force("constitution", text, now).unwrap_or_else(|why| panic!("{why:?}"));
    let ahead = votes(&coop, "issues");
    assert_eq!(ahead, [10_000_000, 5_000_000, 0, 0]);
    coop.next();
    assert_eq!(votes(&coop, "issues"), ahead);
}

#[test]
fn a_class_is_cut_to_its_cap() {
    let classes = [TWO[0], "investors: capital(ever) / 1 USD"];
    let setup = Setup {
        clauses: vec![ranking("issues", 0, 0), only("investors", ranking("yields", 0, 0))],
        ..Setup::classes(&classes)
    };
    let mut coop = with_caps(&setup, &[None, Some(100_000)]);
    coop.admit(1..=3);
    for (member, hours) in [(1, 100), (2, 64)] {
        coop.give(member, "hours", 2 * hours * 3_600, "2025-01-01");
    }
    coop.give(3, "share-capital", 2 * 4_900, "2025-01-01");
    coop.next();
    // n is 2, so roots of 10 and 8 against 7. The 18 are to be nine tenths: 20 in all, 2 for the investor.
    assert_eq!(capacity_of(&coop, "issues"), 20_000_000);
    let shares = |decision: &str| {
        let known = coop.state.decision(decision).unwrap();
        [0, 1, 2].map(|member| coop.state.votes_for_share(known, MemberIndex(member), WHOLE / 2))
    };
    assert_eq!(shares("issues"), [10_000_000, 8_000_000, 2_000_000]);
    assert_eq!(shares("yields"), [0, 0, 7_000_000], "where nobody else votes, no cap applies");
}

#[test]
fn caps_are_cut_one_after_the_other() {
    let kernel = |caps: &[Option<u32>]| {
        let mut rules = Setup::classes(&["a: 1", "b: 1", "c: 1"]).rules();
        for (class, cap) in rules.kernel.classes.iter_mut().zip(caps) {
            class.at_most_ppm = *cap;
        }
        rules.kernel
    };
    let after = |caps: &[Option<u32>], own: [u64; 3]| {
        let capacities: Vec<(ClassId, u128)> = (0..).map(ClassId).zip(own.into_iter().map(u128::from)).collect();
        let by_class = ByClass::of(&kernel(caps), &capacities).unwrap();
        let cut = by_class.factors.iter().zip(own);
        let cut: Vec<u64> = cut.map(|(factor, own)| factor.of(own)).collect();
        (cut, by_class.capacity)
    };
    // A has 70 % and is cut to 20 %, which leaves b with more than its 30 %: 50 % for c, so 20 of 40.
    let caps = [Some(200_000), Some(300_000), None];
    assert_eq!(after(&caps, [70, 20, 20]), (vec![8, 12, 20], 40));
    // At its cap is not above it.
    assert_eq!(after(&caps, [20, 30, 50]), (vec![20, 30, 50], 100));
    assert_eq!(after(&caps, [0, 0, 50]), (vec![0, 0, 50], 50));
    assert_eq!(after(&caps, [70, 20, 0]), (vec![70, 20, 0], 90), "c has nothing");
    assert_eq!(after(&[Some(0), None, None], [70, 20, 20]), (vec![0, 20, 20], 40));
    assert_eq!(after(&caps, [0, 0, 0]), (vec![0, 0, 0], 0));
}

/// a × b in limbs of 32 bits, lowest first.
fn product(a: u128, b: u128) -> Vec<u32> {
    let limbs = |n: u128| (0..4).map(|at| (n >> (32 * at)) as u32).collect::<Vec<_>>();
    let (a, b) = (limbs(a), limbs(b));
    let mut sum = vec![0_u32; 8];
    for (i, x) in a.iter().enumerate() {
        let mut carry = 0_u64;
        for (j, y) in b.iter().enumerate() {
            let cell = u64::from(*x) * u64::from(*y) + u64::from(sum[i + j]) + carry;
            sum[i + j] = cell as u32;
            carry = cell >> 32;
        }
        sum[i + 4] = carry as u32;
    }
    sum.reverse();
    sum
}

proptest! {
    /// q = ⌊v × times ÷ over⌋ says q × over ≤ v × times < (q + 1) × over.
    #[test]
    fn factors_multiply_exactly(votes in any::<u64>(), times in 0..1_i128 << 108, over in 1..1_i128 << 108) {
        let factor = Factor { class: ClassId(0), times, over };
        let (q, times, over) = (factor.of(votes), times.unsigned_abs(), over.unsigned_abs());
        let whole = product(u128::from(votes), times);
        prop_assert!(product(u128::from(q), over) <= whole);
        if q < u64::MAX {
            prop_assert!(product(u128::from(q) + 1, over) > whole);
        }
    }

    /// With everybody taking part, each class has its percentage of C less what rounding takes: under one micro-vote a member.
    #[test]
    fn everybody_together_gives_each_class_its_percentage(
        weights in prop::collection::vec(prop::collection::vec(prop_oneof![Just(0_u64), 1..u64::MAX >> 20], 3), 1..20),
        control in (0_u32..=1_000_000).prop_flat_map(|a| (Just(a), 0..=1_000_000 - a)),
        capped in any::<bool>(),
    ) {
        let control = [control.0, control.1, WHOLE - control.0 - control.1];
        let mut kernel = Setup::classes(&["a: 1", "b: 1", "c: 1"]).rules().kernel;
        for (class, ppm) in kernel.classes.iter_mut().zip(control) {
            if capped {
                class.at_most_ppm = (ppm < WHOLE / 2).then_some(ppm);
            } else {
                class.control_ppm = Some(ppm);
            }
        }
        let votes: Vec<Vec<u64>> = weights.iter().map(|own| own.iter().map(|w| quantity::votes(*w, WHOLE)).collect()).collect();
        let own: Vec<(ClassId, u128)> = (0..3).map(|c| (ClassId::at(c), votes.iter().map(|v| u128::from(v[c])).sum())).collect();
        let by_class = ByClass::of(&kernel, &own).unwrap();
        let parts: u128 = own.iter().filter(|(_, own)| *own > 0).map(|(c, _)| u128::from(control[c.place()])).sum();
        let counted: Vec<u128> = (0..3).map(|c| votes.iter().map(|v| u128::from(by_class.factors[c].of(v[c]))).sum()).collect();
        let slack = weights.len() as u128;
        let all: u128 = counted.iter().sum();
        prop_assert!(all <= by_class.capacity + 1 && all + 3 * slack + 1 >= by_class.capacity);
        for c in 0..3 {
            let (_, natural) = own[c];
            if capped {
                let limit = kernel.classes[c].at_most_ppm.map(u128::from);
                let free = (0..3).any(|o| own[o].1 > 0 && counted[o] == own[o].1);
                prop_assert!(free || all == 0, "somebody is not cut");
                if let Some(limit) = limit.filter(|_| by_class.capacity < own.iter().map(|o| o.1).sum()) {
                    prop_assert!(counted[c] * 1_000_000 <= limit * (by_class.capacity + 1));
                }
                prop_assert!(counted[c] <= natural);
            } else if natural > 0 && parts > 0 {
                let due = u128::from(control[c]) * by_class.capacity / parts;
                prop_assert!(counted[c] <= due && counted[c] + slack >= due, "{} of {due}", counted[c]);
            }
        }
    }

    /// The votes that a page shows for each ballot add up to the update's count, in any order of ballots.
    #[test]
    fn the_sum_of_previews_is_the_count(
        given in prop::collection::vec((0_i64..100, 0_i64..100, 0_u32..=WHOLE), 1..12),
        control in 0..=WHOLE,
        linear in any::<bool>(),
    ) {
        let build = |order: &mut dyn Iterator<Item = usize>| {
            let mut clause = ranking("issues", 0, 0);
            if linear {
                clause.counting = Counting::Linear;
            }
            let setup = Setup { clauses: vec![clause], ..Setup::classes(&TWO) };
            let mut coop = with_control(&setup, &[control, WHOLE - control]);
            coop.open("issues", "first");
            for (member, (hours, dollars, _)) in (1..).zip(&given) {
                coop.admit(member..=member);
                if *hours > 0 { coop.give(member, "hours", hours * 3_600, "2025-01-01"); }
                if *dollars > 0 { coop.give(member, "purchase", dollars * 100, "2025-01-01"); }
            }
            for at in order {
                let (_, _, share) = given[at];
                if share > 0 { coop.place(at as u64 + 1, "issues", "first", share); }
            }
            coop.next();
            coop
        };
        let coop = build(&mut (0..given.len()));
        let other = build(&mut (0..given.len()).rev());
        prop_assert_eq!(total(&coop, "issues"), total(&other, "issues"));
        prop_assert_eq!(capacity_of(&coop, "issues"), capacity_of(&other, "issues"));
        let known = coop.state.decision("issues").unwrap();
        let previews = (0..).zip(&given).map(|(at, (_, _, share))| i128::from(coop.state.votes_for_share(known, MemberIndex(at), *share)));
        prop_assert_eq!(previews.sum::<i128>(), total(&coop, "issues"));
    }
}

#[test]
fn any_number_of_threads_counts_the_same_by_class() {
    let setup = Setup { clauses: vec![ranking("issues", 0, 0)], ..Setup::classes(&TWO) };
    let mut coop = with_control(&setup, &[300_000, 700_000]);
    for item in 0..5 {
        coop.open("issues", &item.to_string());
    }
    for member in 1..=1_000 {
        coop.admit(member..=member);
        let kind = if member % 3 == 0 { "hours" } else { "purchase" };
        coop.give(member, kind, i64::try_from(member * 77).unwrap(), "2025-01-01");
        for item in 0..5 {
            let share = 1 + u32::try_from(member * (item + 1) * 37 % 200_000).unwrap();
            coop.act(Act::CastBallot(on_item(member, "issues", &item.to_string(), share)));
        }
    }
    assert!(coop.state.ballots.len() > 4_096, "threads share them");
    let hash = |threads: usize| {
        let mut coop = coop.clone();
        coop.threads = threads;
        coop.next();
        coop.state.hash()
    };
    assert_eq!(hash(1), hash(3));
}

/// F4: workers 40 % from three, customers 60 %. One worker counts a third of it, and the rest goes to the customers. F5 and D9: whether a
/// class has weight is asked of this update's, and where none has, C is 0.
#[test]
fn what_a_small_class_does_not_count_goes_to_the_others() {
    let coop = with_control(&Setup::classes(&TWO), &[400_000, 600_000]);
    let mut kernel = coop.state.rules.kernel.clone();
    kernel.edition = charter::Edition::TWO;
    kernel.classes[0].control_from = 3;
    let own = [(ClassId(0), 1_000_000_u128), (ClassId(1), 10_000_000)];
    let under = |heads: [u64; 2]| ByClass::under(&kernel, &own, &|class: ClassId| heads[class.place()]).unwrap();
    let all = |heads: [u64; 2]| {
        let by_class = under(heads);
        (by_class.factors[0].of(1_000_000), by_class.factors[1].of(10_000_000), by_class.capacity)
    };
    assert_eq!(all([1, 5]), (133_333_333_333, 866_666_666_666, 1_000_000_000_000));
    assert_eq!(all([3, 5]), (400_000_000_000, 600_000_000_000, 1_000_000_000_000));
    assert_eq!(all([0, 5]), (0, 1_000_000_000_000, 1_000_000_000_000), "at once, though C_c falls slowly");
    assert_eq!(all([1, 0]), (1_000_000_000_000, 0, 1_000_000_000_000), "who is alone keeps all");
    assert_eq!(all([0, 0]), (0, 0, 0));
}
