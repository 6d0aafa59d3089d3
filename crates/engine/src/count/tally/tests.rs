//! Ballots read leaf by leaf add up to what they add up to one by one.

use quantity::{Moment, PPM};

use super::*;
use crate::act::Pseudonym;
use crate::ballot::{NewBallot, Side};
use crate::count::votes::{capacity, scored};
use crate::id::{CandidateId, ClassId, DecisionId, MemberIndex};
use crate::register::Members;

/// Numbers that look random and are the same in every run.
struct Spread(u64);

impl Spread {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

const MEMBERS: u64 = 300;
/// An office with candidates, two rankings, and what nobody can vote for any more.
const TARGETS: [usize; 4] = [7, 40, 3, 0];

/// Ballots on all decisions, with gaps where some were taken back.
fn ballots(count: u64, spread: &mut Spread) -> Ballots {
    let (mut members, mut ballots) = (Members::default(), Ballots::default());
    for member in 0..MEMBERS {
        members.admit(Pseudonym(member), false, Moment(0));
    }
    for at in 0..count {
        let place = spread.next(4);
        let targets = TARGETS[place as usize].max(1) as u64;
        let side = [Side::For, Side::Against, Side::Nominate, Side::NominateAgainst][spread.next(4) as usize];
        let scores: Vec<(CandidateId, u32)> = if place == 0 && !side.is_nomination() {
            let candidates = (0..targets as u32).filter(|_| spread.next(3) == 0).map(CandidateId);
            let first = Some(CandidateId(0)).into_iter();
            first.chain(candidates.skip(1)).map(|candidate| (candidate, 1_000_000 - candidate.0 * 7)).collect()
        } else {
            Vec::new()
        };
        let new = NewBallot {
            member: MemberIndex(spread.next(MEMBERS + 5) as u32),
            decision: DecisionId(place as u16),
            side,
            allowance: charter::Allowance::Shared,
            target: spread.next(targets) as u32,
            share_ppm: 1 + spread.next(u64::from(PPM)) as u32,
        };
        ballots.place(&mut members, new, &scores);
        if spread.next(9) == 0 {
            let gone = spread.next(at + 1) as u32;
            let scored =
                ballots.rows().get(gone as usize).is_some_and(|b| b.decision.0 == 0 && !b.side.is_nomination());
            ballots.remove(&mut members, gone, crate::ballot::HasScores::of(scored));
        }
    }
    ballots
}

/// Small weights, one so heavy that its product takes more than 64 bits, and members of whom no lane knows.
fn lane(spread: &mut Spread) -> Vec<u64> {
    let weight = |member| match member % 50 {
        7 => u64::MAX - spread.next(1_000),
        8 => 1 << (20 + spread.next(40)),
        9 => 0,
        _ => spread.next(100_000_000),
    };
    (0..MEMBERS - 20).map(weight).collect()
}

/// By the definition: each ballot by itself, in sums of 128 bits.
fn one_by_one(readings: &[Reading<'_>], ballots: &Ballots) -> Tally {
    let mut begins = Vec::new();
    let mut width = 0;
    for reading in readings {
        begins.push(width);
        width += reading.targets;
    }
    let mut tally = Tally { begins, support: vec![Votes::default(); width], attention: vec![Votes::default(); width] };
    for ballot in ballots.rows().iter().filter(|ballot| ballot.member != MemberIndex::NOBODY) {
        let (place, reading) = (ballot.decision.place(), &readings[ballot.decision.place()]);
        let votes = reading.votes(ballot);
        let nomination = ballot.side.is_nomination();
        let on: Vec<(u32, u64)> = if reading.scored && !nomination {
            ballots.scores(ballot).map(|score| (score.candidate.0, scored(votes, score.ppm()))).collect()
        } else {
            vec![(ballot.target, votes)]
        };
        for (target, votes) in on.into_iter().filter(|(target, _)| (*target as usize) < reading.targets) {
            let column = if nomination { &mut tally.attention } else { &mut tally.support };
            let sum = &mut column[tally.begins[place] + target as usize];
            let side = if ballot.side.is_against() { &mut sum.against } else { &mut sum.in_favour };
            *side += u128::from(votes);
        }
    }
    tally
}

fn check(readings: &[Reading<'_>], ballots: &Ballots) {
    let expect = one_by_one(readings, ballots);
    for threads in [1, 2, 3, 64] {
        assert_eq!(tally(readings, ballots, threads).unwrap(), expect, "{threads} threads");
    }
}

fn readings<'a>(lanes: [&'a [u64]; 4], counting: [Counting; 4], classes: &[(Factor, &'a [u64])]) -> Vec<Reading<'a>> {
    let read = |place: usize| Reading {
        counting: counting[place],
        lane: if classes.is_empty() { lanes[place] } else { &[] },
        // Not every class may vote on everything.
        classes: classes.iter().skip(place % 2).copied().collect(),
        targets: TARGETS[place],
        scored: place == 0,
        together: false,
    };
    (0..4).map(read).collect()
}

#[test]
fn leaves_add_up_to_what_their_ballots_do() {
    let mut spread = Spread(8);
    // Fewer than a leaf, a leaf, one more, and enough for threads.
    for count in [0, 1, 255, 256, 257, 6_000] {
        let ballots = ballots(count, &mut spread);
        let (one, other) = (lane(&mut spread), lane(&mut spread));
        let rooted = [Counting::Quadratic; 4];
        check(&readings([&one; 4], rooted, &[]), &ballots);
        check(&readings([&one, &other, &one, &[]], rooted, &[]), &ballots);
        let mixed = [Counting::Quadratic, Counting::Linear, Counting::OneMember, Counting::Approval];
        check(&readings([&one, &other, &one, &other], mixed, &[]), &ballots);
        let factor = |class, times, over| Factor { class: ClassId(class), times, over };
        let classes = [(factor(0, 1, 1), &one[..]), (factor(1, 3, 7), &other), (factor(2, 1 << 70, 1 << 69), &one)];
        check(&readings([&[]; 4], rooted, &classes), &ballots);
        check(&readings([&[]; 4], mixed, &classes), &ballots);
    }
}

#[test]
fn capacity_is_the_sum_of_every_members_part() {
    let mut spread = Spread(80);
    let lane = lane(&mut spread);
    for parts in [0, 1, 3, 1_000, u32::MAX] {
        let each = lane.iter().map(|weight| u128::from(quantity::votes_split(*weight, parts)));
        assert_eq!(capacity(Counting::Quadratic, &lane, parts), each.sum::<u128>());
        let each = lane.iter().map(|weight| u128::from(*weight / u64::from(parts.max(1))));
        assert_eq!(capacity(Counting::Linear, &lane, parts), each.sum::<u128>());
    }
}
