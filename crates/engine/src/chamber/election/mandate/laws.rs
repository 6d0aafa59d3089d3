//! Laws of edition 2 through whole updates, with made-up co-ops from fixed seeds (`ROCHDALE_LAW_TRIES`).

use charter::{Counting, Edition};

use crate::Act;
use crate::act::CastBallot;
use crate::tests::{Coop, DAY, Luck, Setup, ballot, body, counted, office, tries};

const ALL: u32 = 1_000_000;

fn founded(luck: &mut Luck) -> (Coop, &'static str, u64) {
    let days = 1 + luck.below(40);
    let counting = [Counting::Quadratic, Counting::Linear, Counting::OneMember][luck.below(3) as usize];
    let (name, clause) = match luck.below(2) {
        0 => ("maintainer", office("maintainer", days)),
        _ => ("team", body("team", 1 + luck.below(3) as u32, days)),
    };
    let setup = Setup {
        edition: Edition::TWO,
        updates: "daily at 01:00",
        ..Setup::new(vec![counted(counting, clause), office("other", 7)])
    };
    let weights: Vec<i64> = (0..6).map(|_| 1 + luck.below(200) as i64).collect();
    let mut coop = setup.found().with_weights(&weights);
    coop.enter(&[1, 2, 3, 4], name);
    coop.seat(&[1], name);
    (coop, name, days)
}

/// The whole weight of a coalition makes x votes; others stand behind the holders. Members of the coalition split shares and move
/// ballots at every update, and some who vote on neither side leave.
#[test]
fn no_coalition_is_faster_than_its_votes() {
    let mut changed = 0;
    for seed in 0..tries() / 4 {
        let mut luck = Luck::new(seed);
        let (mut coop, name, days) = founded(&mut luck);
        coop.seat(&[1, 2, 3][..coop.decision(name).seats().holders.len()], name);
        // Members 5 and 6 are the coalition; member 1 votes for every holder, and member 4 may leave.
        let holders: Vec<(u64, u32)> = coop.holders(name).into_iter().flatten().map(|who| (who, ALL)).collect();
        coop.vote(1, name, ALL, &holders);
        let leaves = luck.below(30);
        for update in 1..=120_u64 {
            if update == leaves {
                coop.leave(4);
            }
            for member in [5, 6] {
                let share = if luck.below(3) == 0 { luck.below(1_000_000) as u32 } else { ALL };
                // One side at a time: both sides of a ballot are one root's matter, which has tests of its own.
                for against in [false, true] {
                    let back = CastBallot { against, ..ballot(member, name, 0, &[]) };
                    // Refused where there is none to take back.
                    let _ = coop.submit(&Act::CastBallot(back));
                }
                match luck.below(4) {
                    0 => coop.oppose(member, name, share.max(1), &[(1 + luck.below(3), ALL)]),
                    1 => coop.vote(member, name, share.max(1), &[(if leaves > update { 4 } else { 3 }, ALL)]),
                    _ => coop.vote(member, name, share.max(1), &[(3, ALL), (2, ALL)]),
                }
            }
            let outcomes = coop.next();
            let came = outcomes.iter().any(|words| words.starts_with("seat-"));
            // Who leaves by themselves changes nothing that was voted for.
            if !came {
                continue;
            }
            let decision = coop.decision(name);
            let x: u128 = [4, 5]
                .map(|index| u128::from(coop.state.votes_for_share(decision, crate::MemberIndex(index), ALL)))
                .iter()
                .sum();
            let least = u128::from(days * DAY) * decision.capacity;
            let taken = u128::from((update + 1) * DAY);
            assert!(taken * x >= least, "seed {seed}: {outcomes:?} after {update} days of {days}");
            changed += 1;
            break;
        }
    }
    assert!(changed > 3, "only {changed} changed anything");
}

/// Somebody who votes on neither side joins with a gift, which is taken back later; a second co-op never saw them.
#[test]
fn newcomers_and_refunds_never_shorten_a_take_over() {
    for seed in 0..tries() / 4 {
        let mut luck = Luck::new(seed);
        let (mut without, name, _) = founded(&mut luck);
        without.vote(1, name, ALL, &[(1, ALL)]);
        without.vote(5, name, ALL, &[(2, ALL)]);
        without.vote(6, name, ALL, &[(2, ALL)]);
        let mut with = without.clone();
        with.admit(7..=7);
        let since = luck.below(20);
        let lasts = 1 + luck.below(20);
        let gift = 1 + luck.below(1_000_000) as i64;
        let mut given = None;
        let (mut first_with, mut first_without) = (None, None);
        for update in 0..60 {
            if update == since {
                given = Some(with.give(7, "donation", gift, "2025-01-01"));
            }
            if update == since + lasts {
                with.take_back(given.as_ref().unwrap(), None, "2025-01-01");
            }
            let seated = |outcomes: Vec<String>| outcomes.iter().any(|words| words.starts_with("seat-taken"));
            first_with = first_with.or(seated(with.next()).then_some(update));
            first_without = first_without.or(seated(without.next()).then_some(update));
        }
        let shorter = first_with.is_some_and(|with| first_without.is_none_or(|without| with < without));
        assert!(!shorter, "seed {seed}: {first_with:?} with them, {first_without:?} without");
    }
}

/// The order of ballots between two updates never matters, nor ballots that are moved there and back.
#[test]
fn neither_order_nor_detours_matter() {
    for seed in 0..tries() / 4 {
        let mut luck = Luck::new(seed);
        let (start, name, _) = founded(&mut luck);
        let (mut direct, mut detour) = (start.clone(), start);
        for _ in 0..8 {
            let votes: Vec<(u64, u64, u32)> =
                (1..=6).map(|member| (member, 1 + luck.below(4), 1 + luck.below(1_000_000) as u32)).collect();
            for (member, candidate, share) in &votes {
                direct.vote(*member, name, *share, &[(*candidate, ALL)]);
            }
            for (member, candidate, share) in votes.iter().rev() {
                detour.vote(*member, name, ALL, &[(1 + candidate % 4, 1)]);
                detour.vote(*member, name, *share, &[(*candidate, ALL)]);
            }
            assert_eq!(direct.next(), detour.next(), "seed {seed}");
            assert_eq!(direct.state.hash(), detour.state.hash(), "seed {seed}");
        }
    }
}
