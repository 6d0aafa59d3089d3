//! The sums of standing ballots at one instant. Integer sums: neither order nor the number of threads matters. Not how ballots are
//! read one leaf after the other (`leaves`).

mod leaves;

use charter::Counting;
use quantity::{Broken, ensure};

use crate::ballot::{Ballot, Ballots};
use crate::count::by_class::Factor;
use crate::count::votes::{Votes, votes_by_class, votes_of};
use leaves::Reader;

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

    /// Votes for and against anything at all.
    #[must_use]
    pub fn support_of_all(&self) -> Votes {
        let mut all = Votes::default();
        self.support.iter().for_each(|votes| all.add(*votes));
        all
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
                sum.add(*votes);
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
    /// Whether a member's two ballots on it are rooted together: those of a quadratic election since edition 2.
    pub together: bool,
}

impl Reading<'_> {
    /// The votes of one ballot, micro-votes.
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
    let rows = ballots.rows();
    // INVARIANT: no sum overflows, since fewer than 2^32 ballots stand and each has votes below 2^64.
    ensure!(u32::try_from(rows.len()).is_ok(), "{} ballots stand", rows.len());
    let reader = Reader::new(readings, &begins, ballots);
    let mut sum = Tally { begins, support: vec![Votes::default(); width], attention: vec![Votes::default(); width] };
    let leaves = rows.leaf_count();
    if threads <= 1 || rows.len() < 4_096 {
        reader.add_up(0..leaves, &mut sum);
        return Ok(sum);
    }
    let chunk = leaves.div_ceil(threads);
    let parts: Vec<Tally> = std::thread::scope(|scope| {
        let begin = (0..threads).map(|thread| thread.saturating_mul(chunk).min(leaves));
        let workers: Vec<_> = begin
            .map(|from| {
                let (range, reader, mut part) = (from..from.saturating_add(chunk).min(leaves), &reader, sum.clone());
                scope.spawn(move || {
                    reader.add_up(range, &mut part);
                    part
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    for part in &parts {
        sum.merge(part);
    }
    Ok(sum)
}

#[cfg(test)]
mod tests;
