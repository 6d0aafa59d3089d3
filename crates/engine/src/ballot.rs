//! Standing ballots: 20 bytes each plus 8 for every score, chained by member. Not what they add up to (`tally`).

pub(crate) mod act;
mod allowance;
pub mod delegation;
mod standing;

use charter::Allowance;
use quantity::Column;
use serde::{Deserialize, Serialize};

pub use act::MAX_SCORES;

use crate::id::{CandidateId, DecisionId, ItemId, MemberIndex};
use crate::register::{Members, NONE};

/// Which of a member's ballots on one decision this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    /// Support.
    For,
    /// Opposition.
    Against,
    /// Attention for a nominee.
    Nominate,
    /// Opposition to a nominee's entry.
    NominateAgainst,
}

impl Side {
    /// Whether the ballot counts with a minus.
    #[must_use]
    pub fn is_against(self) -> bool {
        matches!(self, Side::Against | Side::NominateAgainst)
    }

    /// The other side of a member's two ballots on an election; `None` of attention.
    #[must_use]
    pub fn opposite(self) -> Option<Side> {
        match self {
            Side::For => Some(Side::Against),
            Side::Against => Some(Side::For),
            Side::Nominate | Side::NominateAgainst => None,
        }
    }

    /// Whether the ballot is attention and not support.
    #[must_use]
    pub fn is_nomination(self) -> bool {
        matches!(self, Side::Nominate | Side::NominateAgainst)
    }
}

/// One score on a ballot: candidate index and ppm of full approval; the last of a ballot is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The candidate's place in the election.
    pub candidate: CandidateId,
    marked: u32,
}

const LAST: u32 = 1 << 31;

impl Score {
    /// Parts per million of full approval.
    #[must_use]
    pub fn ppm(self) -> u32 {
        self.marked & !LAST
    }

    /// Whether the ballot has no further one.
    pub(crate) fn is_last(self) -> bool {
        self.marked & LAST != 0
    }
}

/// One standing ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// Whose; `NONE` marks a free place.
    pub member: MemberIndex,
    /// The decision's place.
    pub decision: DecisionId,
    /// For or against, support or attention.
    pub side: Side,
    /// Whether the share is taken from the one weight that decisions share, or is one of a whole vote here.
    pub allowance: Allowance,
    /// The item of a ranking, the nominee of a nomination, or where the scores begin.
    pub target: u32,
    /// Parts per million of the member's weight, 1 to 1,000,000.
    pub share_ppm: u32,
    next: u32,
}

impl Ballot {
    /// The nominee of a nomination.
    #[must_use]
    pub fn candidate(&self) -> CandidateId {
        CandidateId(self.target)
    }

    /// The item of a ranking.
    #[must_use]
    pub fn item(&self) -> ItemId {
        ItemId(self.target)
    }
}

/// The key of a ballot among those of one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// An election's for or against ballot.
    Scores(Side),
    /// A ranking's item: one ballot, for or against.
    Item(ItemId),
    /// A nominee: one ballot, for or against.
    Nominee(CandidateId),
}

/// All standing ballots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballots {
    rows: Column<Ballot>,
    free: Column<u32>,
    scores: Column<Score>,
    garbage: usize,
    /// By row of a scored ballot, the share of the same member's opposite one; shorter than rows where there is none further on.
    opposites: Column<u32>,
}

impl Ballots {
    /// The number of standing ballots.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len().saturating_sub(self.free.len())
    }

    /// None stands.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held, spare room included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.bytes().saturating_add(self.scores.bytes()).saturating_add(self.free.bytes())
    }

    /// All places, free ones included: `member` is `NONE` there.
    #[must_use]
    pub fn rows(&self) -> &Column<Ballot> {
        &self.rows
    }

    /// The scores of an election ballot.
    pub fn scores(&self, ballot: &Ballot) -> impl Iterator<Item = Score> + '_ {
        let mut next = Some(ballot.target as usize);
        std::iter::from_fn(move || {
            let at = next.take()?;
            let score = *self.scores.get(at)?;
            next = (!score.is_last()).then(|| at.saturating_add(1));
            Some(score)
        })
    }

    /// The scores of all ballots: those of one begin at its target and end with the first that is the last.
    pub(crate) fn all_scores(&self) -> &Column<Score> {
        &self.scores
    }

    /// By row of a ballot on an election, the share of the same member's opposite one there, and 0 without one; rows beyond its end
    /// have none.
    pub(crate) fn opposites(&self) -> &Column<u32> {
        &self.opposites
    }

    /// The member's opposite ballot on the same election.
    pub(crate) fn opposite(&self, members: &Members, ballot: &Ballot) -> Option<(u32, Ballot)> {
        self.find(members, ballot.member, ballot.decision, Slot::Scores(ballot.side.opposite()?))
    }

    fn set_opposite(&mut self, at: u32, share_ppm: u32) {
        let at = at as usize;
        if share_ppm > 0 {
            self.opposites.lengthen(at.saturating_add(1), 0);
        }
        if at < self.opposites.len() {
            self.opposites.set(at, share_ppm);
        }
    }

    /// The ballots of one member, newest first.
    pub fn of<'a>(&'a self, members: &Members, member: MemberIndex) -> impl Iterator<Item = (u32, &'a Ballot)> + 'a {
        let mut at = members.placed(member).first;
        std::iter::from_fn(move || {
            let ballot = self.rows.get(at as usize)?;
            let here = at;
            at = ballot.next;
            Some((here, ballot))
        })
    }

    /// The ballot in a slot, if the member has one there.
    #[must_use]
    pub fn find(
        &self,
        members: &Members,
        member: MemberIndex,
        decision: DecisionId,
        slot: Slot,
    ) -> Option<(u32, Ballot)> {
        self.of(members, member)
            .find(|(_, ballot)| {
                ballot.decision == decision
                    && match slot {
                        Slot::Scores(side) => ballot.side == side,
                        Slot::Item(item) => !ballot.side.is_nomination() && ballot.item() == item,
                        Slot::Nominee(nominee) => ballot.side.is_nomination() && ballot.candidate() == nominee,
                    }
            })
            .map(|(at, ballot)| (at, *ballot))
    }

    /// Places a ballot; `scores` is empty where the target is an item or a nominee. The caller has removed the one it replaces.
    pub(crate) fn place(&mut self, members: &mut Members, ballot: NewBallot, scores: &[(CandidateId, u32)]) {
        let target = if scores.is_empty() { ballot.target } else { self.write_scores(scores) };
        let head = members.placed(ballot.member).first;
        let row = Ballot {
            member: ballot.member,
            decision: ballot.decision,
            side: ballot.side,
            allowance: ballot.allowance,
            target,
            share_ppm: ballot.share_ppm,
            next: head,
        };
        let at = match self.free.pop() {
            Some(at) => {
                if let Some(place) = self.rows.get_mut(at as usize) {
                    *place = row;
                }
                at
            }
            None => {
                self.rows.push(row);
                u32::try_from(self.rows.len().saturating_sub(1)).unwrap_or(NONE)
            }
        };
        // A ranking's two ballots are on two items, and apart.
        let other = if scores.is_empty() { None } else { self.opposite(members, &row) };
        self.set_opposite(at, other.map_or(0, |(_, other)| other.share_ppm));
        if let Some((other, _)) = other {
            self.set_opposite(other, ballot.share_ppm);
        }
        if let Some(placed) = members.placed_mut(ballot.member) {
            placed.first = at;
            placed.ballots = placed.ballots.saturating_add(1);
            placed.ppm = placed.ppm.saturating_add(taken(ballot.allowance, ballot.share_ppm));
        }
    }

    /// Takes a ballot away and gives its share back.
    pub(crate) fn remove(&mut self, members: &mut Members, at: u32, has_scores: HasScores) {
        let Some(ballot) = self.rows.get(at as usize).copied() else {
            return;
        };
        if ballot.member == MemberIndex::NOBODY {
            return;
        }
        if has_scores == HasScores::Yes
            && let Some((other, _)) = self.opposite(members, &ballot)
        {
            self.set_opposite(other, 0);
        }
        self.set_opposite(at, 0);
        self.unlink(members, at, &ballot);
        if has_scores == HasScores::Yes {
            self.garbage = self.garbage.saturating_add(self.scores(&ballot).count());
        }
        if let Some(place) = self.rows.get_mut(at as usize) {
            place.member = MemberIndex::NOBODY;
            place.next = NONE;
        }
        self.free.push(at);
        if let Some(placed) = members.placed_mut(ballot.member) {
            placed.ballots = placed.ballots.saturating_sub(1);
            placed.ppm = placed.ppm.saturating_sub(taken(ballot.allowance, ballot.share_ppm));
        }
    }

    fn unlink(&mut self, members: &mut Members, at: u32, ballot: &Ballot) {
        if members.placed(ballot.member).first == at {
            if let Some(placed) = members.placed_mut(ballot.member) {
                placed.first = ballot.next;
            }
            return;
        }
        let before = self.of(members, ballot.member).find(|(_, other)| other.next == at).map(|(place, _)| place);
        if let Some(row) = before.and_then(|place| self.rows.get_mut(place as usize)) {
            row.next = ballot.next;
        }
    }

    fn write_scores(&mut self, scores: &[(CandidateId, u32)]) -> u32 {
        let begin = u32::try_from(self.scores.len()).unwrap_or(NONE);
        for (place, (candidate, ppm)) in scores.iter().enumerate() {
            let last = if place.saturating_add(1) == scores.len() { LAST } else { 0 };
            self.scores.push(Score { candidate: *candidate, marked: ppm | last });
        }
        begin
    }

    /// Rewrites the scores without gaps once more than half are left over from moved ballots.
    pub(crate) fn tidy(&mut self, has_scores: impl Fn(DecisionId) -> HasScores) {
        if self.garbage < 1_024 || self.garbage < self.scores.len() / 2 {
            return;
        }
        let mut kept = Column::default();
        let mut rows = std::mem::take(&mut self.rows);
        for ballot in rows.iter_mut().filter(|b| b.member != MemberIndex::NOBODY && !b.side.is_nomination()) {
            if has_scores(ballot.decision) == HasScores::Yes {
                let begin = u32::try_from(kept.len()).unwrap_or(NONE);
                kept.extend(self.scores(ballot));
                ballot.target = begin;
            }
        }
        self.rows = rows;
        self.scores = kept;
        self.garbage = 0;
    }
}

/// A ballot's bytes in the set of ballots.
pub(crate) fn bytes_of(ballot: &Ballot, scores: &[Score]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(24);
    bytes.extend_from_slice(&ballot.member.0.to_le_bytes());
    bytes.extend_from_slice(&ballot.decision.0.to_le_bytes());
    bytes.push(ballot.side as u8);
    bytes.extend_from_slice(&ballot.share_ppm.to_le_bytes());
    if scores.is_empty() {
        bytes.extend_from_slice(&ballot.target.to_le_bytes());
    }
    for score in scores {
        bytes.extend_from_slice(&score.candidate.0.to_le_bytes());
        bytes.extend_from_slice(&score.ppm().to_le_bytes());
    }
    bytes
}

/// Whether a ballot's target is a run of scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HasScores {
    /// An election's for or against ballot.
    Yes,
    /// A ranking's or a nomination's.
    No,
}

impl HasScores {
    pub(crate) fn of(scored: bool) -> HasScores {
        if scored { HasScores::Yes } else { HasScores::No }
    }
}

/// A ballot to be placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewBallot {
    pub member: MemberIndex,
    pub decision: DecisionId,
    pub side: Side,
    pub allowance: Allowance,
    pub target: u32,
    pub share_ppm: u32,
}

/// Returns the part that a share takes from the one weight that decisions share, parts per million.
pub(crate) fn taken(allowance: Allowance, share_ppm: u32) -> u32 {
    match allowance {
        Allowance::Shared => share_ppm,
        Allowance::Each => 0,
    }
}

#[cfg(test)]
mod tests {
    use quantity::Moment;

    use super::*;
    use crate::act::Pseudonym;

    #[test]
    fn a_ballot_and_one_score_take_28_bytes() {
        assert_eq!(size_of::<Ballot>() + size_of::<Score>(), 28);
    }

    #[test]
    fn chains_survive_removal_in_any_order() {
        let mut members = Members::default();
        members.admit(Pseudonym(1), false, Moment(0));
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
            let mut ballots = Ballots::default();
            for item in 0..3 {
                let new = NewBallot {
                    member: MemberIndex(0),
                    decision: DecisionId(0),
                    side: Side::For,
                    allowance: Allowance::Shared,
                    target: item,
                    share_ppm: 10,
                };
                ballots.place(&mut members, new, &[]);
            }
            assert_eq!(members.placed_ppm(MemberIndex(0)), 30);
            for (gone, item) in order.into_iter().enumerate() {
                let (at, _) = ballots.find(&members, MemberIndex(0), DecisionId(0), Slot::Item(ItemId(item))).unwrap();
                ballots.remove(&mut members, at, HasScores::No);
                assert_eq!(ballots.of(&members, MemberIndex(0)).count(), 2 - gone);
            }
            assert_eq!(members.placed_ppm(MemberIndex(0)), 0);
            assert!(ballots.is_empty());
        }
    }

    #[test]
    fn scores_are_kept_when_tidied() {
        let mut members = Members::default();
        members.admit(Pseudonym(1), false, Moment(0));
        let mut ballots = Ballots::default();
        for round in 0..2_000_u32 {
            if let Some((at, _)) = ballots.find(&members, MemberIndex(0), DecisionId(0), Slot::Scores(Side::For)) {
                ballots.remove(&mut members, at, HasScores::Yes);
            }
            let new = NewBallot {
                member: MemberIndex(0),
                decision: DecisionId(0),
                side: Side::For,
                allowance: Allowance::Shared,
                target: 0,
                share_ppm: 10,
            };
            ballots.place(&mut members, new, &[(CandidateId(1), round), (CandidateId(2), 7)]);
            ballots.tidy(|_| HasScores::Yes);
        }
        let (_, ballot) = ballots.find(&members, MemberIndex(0), DecisionId(0), Slot::Scores(Side::For)).unwrap();
        let scores: Vec<_> = ballots.scores(&ballot).map(|s| (s.candidate.0, s.ppm())).collect();
        assert_eq!(scores, [(1, 1_999), (2, 7)]);
        assert!(ballots.bytes() < 40_000, "moved ballots leave no garbage behind: {}", ballots.bytes());
    }
}
