//! Ballots read leaf by leaf: their weights and shares are gathered into columns, the roots of a whole column are taken at once,
//! and the votes are added to their targets. Not what one ballot's votes are (`Reading`).

use charter::Counting;
use quantity::{Cursor, give_way, votes_each};

use super::{Reading, Tally};
use crate::ballot::{Ballot, Ballots, Score};
use crate::count::by_class::Factor;
use crate::count::votes::{Shares, Votes, scored};
use crate::id::ClassId;

/// As many as a leaf of ballots has.
const LEAF: usize = 256;

/// How the ballots of every decision are read, in the order in which a leaf needs it.
pub(super) struct Reader<'a> {
    ballots: &'a Ballots,
    readings: &'a [Reading<'a>],
    places: Vec<Place>,
    /// One where members are counted whole; one for each class that votes on any decision where they are counted by class.
    passes: Vec<Pass<'a>>,
}

/// The part of a decision's reading that adding votes to its targets takes.
#[derive(Clone, Copy)]
struct Place {
    begin: usize,
    targets: u32,
    scored: bool,
    /// Its votes are roots of a share of a weight.
    rooted: bool,
    /// Those of a member's two ballots are roots of both shares.
    together: bool,
}

/// One weight of each ballot's member: the lane by decision, and what the votes of it are multiplied by.
struct Pass<'a> {
    lanes: Vec<&'a [u64]>,
    /// The lane of all decisions, where they share one: the usual case, which spares each ballot a look at its decision.
    shared: Option<&'a [u64]>,
    factors: Option<Vec<Factor>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(readings: &'a [Reading<'a>], begins: &[usize], ballots: &'a Ballots) -> Self {
        let place = |(reading, begin): (&Reading<'_>, &usize)| Place {
            begin: *begin,
            targets: u32::try_from(reading.targets).unwrap_or(u32::MAX),
            scored: reading.scored,
            rooted: reading.counting == Counting::Quadratic,
            together: reading.together,
        };
        let classes = readings.iter().map(|reading| reading.classes.len()).max().unwrap_or(0);
        let passes = match classes {
            0 => vec![Pass::new(readings.iter().map(|reading| reading.lane).collect(), None)],
            _ => (0..classes).map(|class| Pass::of_class(readings, class)).collect(),
        };
        Reader { ballots, readings, places: readings.iter().zip(begins).map(place).collect(), passes }
    }

    /// Adds the ballots of some leaves to sums of 0.
    pub(super) fn add_up(&self, leaves: std::ops::Range<usize>, into: &mut Tally) {
        let (mut support, mut attention) = (Sums::over(&mut into.support), Sums::over(&mut into.attention));
        let mut columns = Columns::default();
        let mut scores = self.ballots.all_scores().cursor();
        for leaf in leaves {
            give_way(leaf.saturating_mul(LEAF).saturating_add(LEAF.saturating_sub(1)));
            let opposites = self.ballots.opposites().leaf(leaf);
            for (number, ballots) in self.ballots.rows().leaf(leaf).chunks(LEAF).enumerate() {
                let opposites = opposites.chunks(LEAF).nth(number).unwrap_or_default();
                columns.pair(ballots, opposites, &self.places);
                self.root(ballots, &mut columns);
                self.scatter(ballots, &columns.votes, &mut scores, &mut support, &mut attention);
            }
        }
        support.settle();
        attention.settle();
    }

    /// The votes of each ballot whose votes are roots; 0 at free places.
    fn root(&self, ballots: &[Ballot], columns: &mut Columns) {
        let shares = columns.shares.get(..ballots.len()).unwrap_or_default();
        columns.votes.fill(0);
        for pass in &self.passes {
            pass.gather(ballots, &mut columns.weights);
            let Some(factors) = &pass.factors else {
                votes_each(&columns.weights, shares, &mut columns.votes);
                own_parts(&columns.opposites, ballots, &mut columns.votes);
                continue;
            };
            votes_each(&columns.weights, shares, &mut columns.part);
            own_parts(&columns.opposites, ballots, &mut columns.part);
            for ((votes, part), ballot) in columns.votes.iter_mut().zip(&columns.part).zip(ballots) {
                if let Some(factor) = factors.get(ballot.decision.place()) {
                    *votes = votes.saturating_add(factor.of(*part));
                }
            }
        }
    }

    fn scatter<'s>(
        &self,
        ballots: &[Ballot],
        votes: &[u64],
        scores: &mut Cursor<'_, Score>,
        support: &mut Sums<'s>,
        attention: &mut Sums<'s>,
    ) {
        for (ballot, rooted) in ballots.iter().zip(votes) {
            let Some(place) = self.places.get(ballot.decision.place()) else {
                continue;
            };
            let votes = if place.rooted { *rooted } else { self.votes(ballot) };
            // Free places and members without weight.
            if votes == 0 {
                continue;
            }
            let (side, nomination) = (usize::from(ballot.side.is_against()), ballot.side.is_nomination());
            if place.scored && !nomination {
                let mut at = ballot.target as usize;
                while let Some(score) = scores.get(at) {
                    support.add(*place, score.candidate.0, scored(votes, score.ppm()), side);
                    if score.is_last() {
                        break;
                    }
                    at = at.wrapping_add(1);
                }
            } else {
                let sums = if nomination { &mut *attention } else { &mut *support };
                sums.add(*place, ballot.target, votes, side);
            }
        }
    }

    /// Out of line: the usual ballot's votes are roots.
    #[cold]
    fn votes(&self, ballot: &Ballot) -> u64 {
        self.readings.get(ballot.decision.place()).map_or(0, |reading| reading.votes(ballot))
    }
}

impl<'a> Pass<'a> {
    fn new(lanes: Vec<&'a [u64]>, factors: Option<Vec<Factor>>) -> Self {
        let same = |lane: &&[u64], other: &&[u64]| lane.len() == other.len() && lane.as_ptr() == other.as_ptr();
        let shared = lanes.first().copied().filter(|first| lanes.iter().all(|lane| same(lane, first)));
        Pass { lanes, shared, factors }
    }

    /// Writes the weight of each ballot's member. Nobody's place is beyond every lane, and has none.
    fn gather(&self, ballots: &[Ballot], weights: &mut [u64]) {
        let weight = |lane: &[u64], ballot: &Ballot| lane.get(ballot.member.place()).copied().unwrap_or(0);
        if let Some(lane) = self.shared {
            for (cell, ballot) in weights.iter_mut().zip(ballots) {
                *cell = weight(lane, ballot);
            }
            return;
        }
        for (cell, ballot) in weights.iter_mut().zip(ballots) {
            let lane = self.lanes.get(ballot.decision.place()).copied().unwrap_or_default();
            *cell = weight(lane, ballot);
        }
    }

    /// The pass over the class that is at this place among those of its decision.
    fn of_class(readings: &'a [Reading<'a>], class: usize) -> Self {
        let one = Factor::one(ClassId(0));
        let own = readings.iter().map(|reading| match reading.classes.get(class) {
            Some(own) => *own,
            // A decision without classes is read whole, in the first pass.
            None if class == 0 => (one, reading.lane),
            None => (one, &[][..]),
        });
        let (factors, lanes) = own.unzip();
        Pass::new(lanes, Some(factors))
    }
}

/// The ballots of one leaf, column by column.
struct Columns {
    weights: [u64; LEAF],
    /// Each ballot's, and the opposite one's where both are rooted together.
    shares: [u32; LEAF],
    /// Of the opposite ballots that are; empty where there are none, as in nearly every leaf of most co-ops.
    opposites: Vec<u32>,
    votes: [u64; LEAF],
    part: [u64; LEAF],
}

impl Default for Columns {
    fn default() -> Self {
        Columns {
            weights: [0; LEAF],
            shares: [0; LEAF],
            opposites: Vec::with_capacity(LEAF),
            votes: [0; LEAF],
            part: [0; LEAF],
        }
    }
}

impl Columns {
    /// Writes the shares to be rooted.
    fn pair(&mut self, ballots: &[Ballot], opposites: &[u32], places: &[Place]) {
        for (share, ballot) in self.shares.iter_mut().zip(ballots) {
            *share = ballot.share_ppm;
        }
        self.opposites.clear();
        if opposites.iter().all(|opposite| *opposite == 0) {
            return;
        }
        for ((share, ballot), opposite) in self.shares.iter_mut().zip(ballots).zip(opposites) {
            let together = places.get(ballot.decision.place()).is_some_and(|place| place.together);
            let opposite = if together { *opposite } else { 0 };
            *share = share.saturating_add(opposite);
            self.opposites.push(opposite);
        }
    }
}

/// Leaves of the votes of two shares those of each ballot's own.
fn own_parts(opposites: &[u32], ballots: &[Ballot], votes: &mut [u64]) {
    for ((opposite_ppm, ballot), votes) in opposites.iter().zip(ballots).zip(votes) {
        *votes = Shares { own_ppm: ballot.share_ppm, opposite_ppm: *opposite_ppm }.part_of(*votes);
    }
}

/// Sums of votes by target. Votes below 2^32, which nearly all are, go to sums of 64 bits: fewer than 2^32 ballots stand.
struct Sums<'a> {
    whole: &'a mut [Votes],
    /// For and against in turn.
    light: Vec<u64>,
}

impl<'a> Sums<'a> {
    fn over(whole: &'a mut [Votes]) -> Self {
        let light = vec![0; whole.len().saturating_mul(2)];
        Sums { whole, light }
    }

    /// `side` is 1 for votes against.
    #[inline]
    fn add(&mut self, place: Place, target: u32, votes: u64, side: usize) {
        let at = place.begin.wrapping_add(target as usize);
        let known = target < place.targets;
        let Some(light) = self.light.get_mut(at.wrapping_mul(2).wrapping_add(side)).filter(|_| known) else {
            return;
        };
        if votes >> 32 == 0 {
            *light = light.wrapping_add(votes);
        } else if let Some(whole) = self.whole.get_mut(at) {
            let votes = u128::from(votes);
            let (in_favour, against) = if side == 0 { (votes, 0) } else { (0, votes) };
            whole.add(Votes { in_favour, against });
        }
    }

    fn settle(self) {
        for (whole, light) in self.whole.iter_mut().zip(self.light.chunks_exact(2)) {
            if let [in_favour, against] = light {
                whole.add(Votes { in_favour: u128::from(*in_favour), against: u128::from(*against) });
            }
        }
    }
}
