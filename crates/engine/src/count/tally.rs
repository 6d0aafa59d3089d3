//! What standing ballots add up to at one instant. Integer sums: neither order nor the number of threads matters.

use charter::{Counting, Kernel};
use quantity::{MICRO, mul_div_u64, votes, votes_split};

use crate::ballot::{Ballot, Ballots};
use crate::chamber::Decision;
use crate::count::by_class::{Factor, counts_by_class};
use crate::count::lanes::Lanes;
use crate::register::{MemberIndex, Members, NONE};
use crate::state::State;
use crate::update::parts_of_layer;
use crate::weight::Weights;

/// Votes for and against one target, micro-votes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    /// For.
    pub in_favour: u128,
    /// Against.
    pub against: u128,
}

impl Votes {
    /// For minus against.
    #[must_use]
    pub fn net(self) -> i128 {
        let signed = |votes: u128| i128::try_from(votes).unwrap_or(i128::MAX);
        signed(self.in_favour).saturating_sub(signed(self.against))
    }
}

/// What all ballots of a co-op add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    begins: Vec<usize>,
    support: Vec<Votes>,
    attention: Vec<Votes>,
}

impl Tally {
    /// Votes on one target (a candidate's or item's place) of one decision.
    #[must_use]
    pub fn support(&self, decision: usize, target: usize) -> Votes {
        self.at(&self.support, decision, target)
    }

    /// Attention for one nominee.
    #[must_use]
    pub fn attention(&self, decision: usize, target: usize) -> Votes {
        self.at(&self.attention, decision, target)
    }

    fn at(&self, column: &[Votes], decision: usize, target: usize) -> Votes {
        let place = self.begins.get(decision).map(|begin| begin.saturating_add(target));
        place.and_then(|place| column.get(place)).copied().unwrap_or_default()
    }

    fn merge(&mut self, other: &Tally) {
        for (mine, theirs) in [(&mut self.support, &other.support), (&mut self.attention, &other.attention)] {
            for (sum, votes) in mine.iter_mut().zip(theirs) {
                sum.in_favour = sum.in_favour.saturating_add(votes.in_favour);
                sum.against = sum.against.saturating_add(votes.against);
            }
        }
    }
}

/// The weight of one member that counts in one decision, micro-weights: all of it for whoever is in the electorate. A
/// share is a share of the whole weight everywhere, since what is placed here cannot be placed elsewhere.
#[must_use]
pub fn counted_weight(
    kernel: &Kernel,
    decision: &Decision,
    members: &Members,
    weights: &Weights,
    member: MemberIndex,
) -> u64 {
    let active = members.is_active(member);
    if !active || !in_electorate(kernel, decision, members, weights, member) {
        return 0;
    }
    match decision.counting {
        Counting::OneMember => MICRO,
        Counting::Quadratic | Counting::Linear | Counting::Approval => weights.of(member),
    }
}

/// Whether a member may vote: on the list of one of the decision's classes or, where a class has none, with weight in it.
#[must_use]
pub fn in_electorate(
    kernel: &Kernel,
    decision: &Decision,
    members: &Members,
    weights: &Weights,
    member: MemberIndex,
) -> bool {
    let belongs = |place: &usize| belongs(kernel, members, weights, member, *place);
    decision.electorate.is_empty() || decision.electorate.iter().any(belongs)
}

/// Whether a member is in a class: on its list or, where it has none, with weight in it.
fn belongs(kernel: &Kernel, members: &Members, weights: &Weights, member: MemberIndex, class: usize) -> bool {
    let list = kernel.classes.get(class).and_then(|c| c.list.as_deref());
    match list {
        Some(list) => members.list(list).is_some_and(|on| on.contains(&member)),
        None => weights.of_classes(member, &[class]) > 0,
    }
}

/// The weight of one member that counts for one of their classes, micro-weights.
pub(super) fn weight_in_class(
    kernel: &Kernel,
    counting: Counting,
    members: &Members,
    weights: &Weights,
    member: MemberIndex,
    class: usize,
) -> u64 {
    if !members.is_active(member) || !belongs(kernel, members, weights, member, class) {
        return 0;
    }
    match counting {
        Counting::OneMember => MICRO,
        Counting::Quadratic | Counting::Linear | Counting::Approval => weights.of_classes(member, &[class]),
    }
}

/// The votes of one share where members are counted by class, micro-votes: of the weight in each class, rounded down,
/// times the class's factor, rounded down once more, and added up.
fn votes_by_class(counting: Counting, share_ppm: u32, classes: impl Iterator<Item = (Factor, u64)>) -> u64 {
    let votes = |(factor, weight): (Factor, u64)| factor.of(votes_of(counting, weight, share_ppm));
    classes.map(votes).fold(0, u64::saturating_add)
}

impl State {
    /// The votes that a full score would make of a share, micro-votes: what an update counts for a ballot with it, by the
    /// weights and the classes' factors of the last one.
    #[must_use]
    pub fn votes_for_share(&self, decision: &Decision, member: MemberIndex, share_ppm: u32) -> u64 {
        let (kernel, members, weights) = (&self.rules.kernel, &self.members, &self.weights);
        let counting = decision.counting;
        if !counts_by_class(kernel) {
            let weight = counted_weight(kernel, decision, members, weights, member);
            return votes_of(counting, weight, share_ppm);
        }
        let fresh;
        let factors = if decision.factors.is_empty() {
            // It opened since the last update.
            let decisions = std::slice::from_ref(decision);
            let parts = |layer| parts_of_layer(self, layer);
            let lanes = Lanes::new(kernel, decisions, members, weights, &parts);
            fresh = lanes.by_class(0).cloned().unwrap_or_default().factors;
            &fresh
        } else {
            &decision.factors
        };
        let classes = factors.iter().map(|factor| {
            let class = factor.class;
            let weight = weight_in_class(kernel, counting, members, weights, member, class);
            (*factor, weight)
        });
        votes_by_class(counting, share_ppm, classes)
    }
}

/// The votes of one share of one weight, micro-votes, rounded down.
#[must_use]
pub fn votes_of(counting: Counting, weight_micro: u64, share_ppm: u32) -> u64 {
    match counting {
        Counting::Quadratic => votes(weight_micro, share_ppm),
        Counting::Linear | Counting::Approval | Counting::OneMember => {
            mul_div_u64(weight_micro, u64::from(share_ppm), 1_000_000)
        }
    }
}

/// C before its limit on falling: Σ g(weight ÷ n), micro-votes.
#[must_use]
pub fn capacity(counting: Counting, lane: &[u64], parts: u32) -> u128 {
    let parts = parts.max(1);
    let sum = |each: &dyn Fn(u64) -> u64| lane.iter().map(|weight| u128::from(each(*weight))).sum();
    match counting {
        Counting::Quadratic => lane.iter().map(|weight| u128::from(votes_split(*weight, parts))).sum(),
        Counting::Linear | Counting::Approval | Counting::OneMember => {
            sum(&|weight| weight.checked_div(u64::from(parts)).unwrap_or(0))
        }
    }
}

/// Adds up all ballots.
#[must_use]
pub fn tally(decisions: &[Decision], ballots: &Ballots, lanes: &Lanes<'_>, threads: usize) -> Tally {
    let mut begins = Vec::with_capacity(decisions.len());
    let mut width: usize = 0;
    for decision in decisions {
        begins.push(width);
        width = width.saturating_add(if decision.is_open() { decision.target_count() } else { 0 });
    }
    let empty = Tally { begins, support: vec![Votes::default(); width], attention: vec![Votes::default(); width] };
    let rows = ballots.rows();
    let chunk = rows.len().div_ceil(threads.max(1)).max(1);
    if threads <= 1 || rows.len() < 4_096 {
        return add_up(decisions, ballots, lanes, 0..rows.len(), empty);
    }
    let parts: Vec<Tally> = std::thread::scope(|scope| {
        let begin = (0..threads).map(|thread| thread.saturating_mul(chunk).min(rows.len()));
        let workers: Vec<_> = begin
            .map(|from| {
                let (range, empty) = (from..from.saturating_add(chunk).min(rows.len()), empty.clone());
                scope.spawn(move || add_up(decisions, ballots, lanes, range, empty))
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut sum = empty;
    for part in &parts {
        sum.merge(part);
    }
    sum
}

/// How one decision's ballots are read, looked up once.
struct Reading<'a> {
    counting: Counting,
    lane: &'a [u64],
    /// Where members are counted by class: each class's lane.
    classes: Vec<(Factor, &'a [u64])>,
    begin: usize,
    scored: bool,
}

impl<'a> Reading<'a> {
    fn new(decision: &Decision, place: usize, lanes: &'a Lanes<'_>, begin: usize) -> Self {
        let factors = lanes.by_class(place).map_or(&[][..], |by| &by.factors);
        let lane = |factor: &Factor| (*factor, lanes.of_class(decision.counting, factor.class));
        Reading {
            counting: decision.counting,
            lane: lanes.lane(place),
            classes: factors.iter().map(lane).collect(),
            begin,
            scored: decision.has_seats(),
        }
    }

    #[inline]
    fn votes(&self, ballot: &Ballot) -> u64 {
        let weight = |lane: &[u64]| lane.get(ballot.member as usize).copied().unwrap_or(0);
        if self.classes.is_empty() {
            return votes_of(self.counting, weight(self.lane), ballot.share_ppm);
        }
        let classes = self.classes.iter();
        let classes = classes.map(|(factor, lane)| (*factor, weight(lane)));
        votes_by_class(self.counting, ballot.share_ppm, classes)
    }
}

fn add_up(
    decisions: &[Decision],
    ballots: &Ballots,
    lanes: &Lanes<'_>,
    range: std::ops::Range<usize>,
    mut into: Tally,
) -> Tally {
    let readings: Vec<Reading<'_>> = decisions
        .iter()
        .enumerate()
        .map(|(place, decision)| {
            let begin = into.begins.get(place).copied().unwrap_or(0);
            Reading::new(decision, place, lanes, begin)
        })
        .collect();
    for ballot in ballots.rows().get(range).unwrap_or_default() {
        if ballot.member == NONE {
            continue;
        }
        let Some(reading) = readings.get(ballot.decision as usize) else {
            continue;
        };
        let votes = reading.votes(ballot);
        let against = ballot.side.is_against();
        if ballot.side.is_nomination() {
            add(&mut into.attention, reading.begin, ballot.target, u128::from(votes), against);
        } else if reading.scored {
            for score in ballots.scores(ballot) {
                let scored = scored(votes, score.ppm());
                add(&mut into.support, reading.begin, score.candidate, u128::from(scored), against);
            }
        } else {
            add(&mut into.support, reading.begin, ballot.target, u128::from(votes), against);
        }
    }
    into
}

/// `votes × score`, micro-votes, rounded down. The product of usual votes fits 64 bits, where the division is a
/// multiplication.
#[inline]
fn scored(votes: u64, score_ppm: u32) -> u64 {
    match votes.checked_mul(u64::from(score_ppm)) {
        Some(product) => product / 1_000_000,
        None => mul_div_u64(votes, u64::from(score_ppm), 1_000_000),
    }
}

/// INVARIANT: nothing overflows, since fewer than 2^32 ballots stand and each has votes below 2^64.
#[inline]
fn add(column: &mut [Votes], begin: usize, target: u32, votes: u128, against: bool) {
    if let Some(sum) = column.get_mut(begin.wrapping_add(target as usize)) {
        let side = if against { &mut sum.against } else { &mut sum.in_favour };
        *side = side.wrapping_add(votes);
    }
}
