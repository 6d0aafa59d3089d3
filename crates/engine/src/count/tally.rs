//! The sums of standing ballots at one instant. Integer sums: neither order nor the number of threads matters.

use charter::Counting;
use quantity::{Broken, ensure};

use crate::ballot::{Ballot, Ballots, Score};
use crate::count::by_class::Factor;
use crate::count::votes::{Votes, scored, votes_by_class, votes_of};
use crate::id::MemberIndex;

/// The sums of all ballots of a co-op.
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

    #[inline]
    fn add(&mut self, begin: usize, ballot: &Ballot, votes: u64, scores: Option<impl IntoIterator<Item = Score>>) {
        let against = ballot.side.is_against();
        if ballot.side.is_nomination() {
            add(&mut self.attention, begin, ballot.target, votes, against);
        } else if let Some(scores) = scores {
            for score in scores {
                add(&mut self.support, begin, score.candidate.0, scored(votes, score.ppm()), against);
            }
        } else {
            add(&mut self.support, begin, ballot.target, votes, against);
        }
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

/// How one decision's ballots are read.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// How they are rooted.
    pub counting: Counting,
    /// The weight that counts, micro-weights by member; empty where members are counted by class.
    pub lane: &'a [u64],
    /// Where members are counted by class: each class's lane.
    pub classes: Vec<(Factor, &'a [u64])>,
    /// How many candidates or items ballots can name; 0 for a decision that is closed.
    pub targets: usize,
    /// Whether a ballot scores candidates, or is on one item.
    pub scored: bool,
}

impl Reading<'_> {
    #[inline]
    fn votes(&self, ballot: &Ballot) -> u64 {
        let weight = |lane: &[u64]| lane.get(ballot.member.place()).copied().unwrap_or(0);
        if self.classes.is_empty() {
            return votes_of(self.counting, weight(self.lane), ballot.share_ppm);
        }
        let classes = self.classes.iter();
        let classes = classes.map(|(factor, lane)| (*factor, weight(lane)));
        votes_by_class(self.counting, ballot.share_ppm, classes)
    }
}

/// Adds up all ballots, on as many threads. Each decision is read at its own place.
///
/// # Errors
/// There are more ballots than sums have room for.
pub fn tally(readings: &[Reading<'_>], ballots: &Ballots, threads: usize) -> Result<Tally, Broken> {
    let mut begins = Vec::with_capacity(readings.len());
    let mut width: usize = 0;
    for reading in readings {
        begins.push(width);
        width = width.saturating_add(reading.targets);
    }
    let empty = Tally { begins, support: vec![Votes::default(); width], attention: vec![Votes::default(); width] };
    let rows = ballots.rows();
    // INVARIANT: no sum overflows, since fewer than 2^32 ballots stand and each has votes below 2^64.
    ensure!(u32::try_from(rows.len()).is_ok(), "{} ballots stand", rows.len());
    let chunk = rows.len().div_ceil(threads.max(1)).max(1);
    if threads <= 1 || rows.len() < 4_096 {
        return Ok(add_up(readings, ballots, 0..rows.len(), empty));
    }
    let parts: Vec<Tally> = std::thread::scope(|scope| {
        let begin = (0..threads).map(|thread| thread.saturating_mul(chunk).min(rows.len()));
        let workers: Vec<_> = begin
            .map(|from| {
                let (range, empty) = (from..from.saturating_add(chunk).min(rows.len()), empty.clone());
                scope.spawn(move || add_up(readings, ballots, range, empty))
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
    Ok(sum)
}

fn add_up(readings: &[Reading<'_>], ballots: &Ballots, range: std::ops::Range<usize>, mut into: Tally) -> Tally {
    let places: Vec<(usize, &Reading<'_>)> = into.begins.iter().copied().zip(readings).collect();
    for ballot in ballots.rows().since(range.start).take(range.len()) {
        if ballot.member == MemberIndex::NOBODY {
            continue;
        }
        let Some((begin, reading)) = places.get(ballot.decision.place()).copied() else {
            continue;
        };
        let scores = (reading.scored && !ballot.side.is_nomination()).then(|| ballots.scores(ballot));
        into.add(begin, ballot, reading.votes(ballot), scores);
    }
    into
}

/// Nothing overflows: [`tally`] has asserted how many there are.
#[inline]
fn add(column: &mut [Votes], begin: usize, target: u32, votes: u64, against: bool) {
    if let Some(sum) = column.get_mut(begin.wrapping_add(target as usize)) {
        let side = if against { &mut sum.against } else { &mut sum.in_favour };
        *side = side.wrapping_add(u128::from(votes));
    }
}
