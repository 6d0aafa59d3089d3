//! The questions of pages, bridges and the rest of the engine: seats and candidates, items and their order. Kinds that have none
//! of what is asked answer emptily.

use charter::Terms;
use quantity::Moment;

use super::election::{Candidate, CandidateName, Standing};
use super::ranking::Item;
use super::ranking::supply::{Serving, Supply};
use super::{Chamber, Commitment, Decision, Election, Pool, Ranking, Requests};
use crate::act::Pseudonym;
use crate::chamber::election::what_if::Leads;
use crate::count::{Recount, SeatKind, Seats};
use crate::id::{CandidateId, ItemId};

static NO_SEATS: Seats = Seats::NONE;

impl Decision {
    /// Whether weight can be placed on it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// Whether people or documents are elected: ballots score candidates.
    #[must_use]
    pub fn has_seats(&self) -> bool {
        !self.seats().holders.is_empty()
    }

    /// Whether ballots score candidates: people, texts or options. Each ballot on a list is on one item.
    #[must_use]
    pub fn scores_candidates(&self) -> bool {
        self.stands().is_some()
    }

    /// The commitment, where it is one that ends.
    #[must_use]
    pub fn commitment(&self) -> Option<&Commitment> {
        if let Chamber::Commitment(commitment) = &self.chamber { Some(commitment) } else { None }
    }

    /// The pool, where it is one.
    #[must_use]
    pub fn pool(&self) -> Option<&Pool> {
        if let Chamber::Pool(pool) = &self.chamber { Some(pool) } else { None }
    }

    /// The requests, where it takes requests for money.
    #[must_use]
    pub fn requests(&self) -> Option<&Requests> {
        if let Chamber::Requests(requests) = &self.chamber { Some(requests) } else { None }
    }

    /// Everybody and everything that stands.
    fn stands(&self) -> Option<&Election> {
        self.commitment().map_or_else(|| self.election(), |commitment| Some(commitment.options()))
    }

    /// Whether it lists items: each ballot is on one of them.
    #[must_use]
    pub fn lists_items(&self) -> bool {
        self.list().is_some()
    }

    /// Whether its candidates are documents.
    #[must_use]
    pub fn elects_documents(&self) -> bool {
        self.elects(SeatKind::Document)
    }

    /// Whether *nobody* stands against somebody who holds it.
    #[must_use]
    pub fn nobody_challenges(&self) -> bool {
        self.elects(SeatKind::Office) && self.holders().iter().any(Option::is_some)
    }

    fn elects(&self, kind: SeatKind) -> bool {
        self.election().is_some_and(|election| election.kind == kind)
    }

    /// Holders, votes and buckets by the places of candidates.
    #[must_use]
    pub fn seats(&self) -> &Seats {
        self.election().map_or(&NO_SEATS, |election| &election.seats)
    }

    /// Everyone who ever stood; places never change.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        self.stands().map_or(&[], |election| &election.candidates)
    }

    /// The candidate at a place, also one who is out.
    #[must_use]
    pub fn candidate(&self, place: CandidateId) -> Option<&Candidate> {
        self.candidates().get(place.place())
    }

    /// The place of a candidate, also of one who is out.
    #[must_use]
    pub fn candidate_place(&self, name: &CandidateName) -> Option<CandidateId> {
        self.stands()?.place(name)
    }

    /// The place of a candidate by the name that ballots use, also of one who is out.
    #[must_use]
    pub fn candidate_by_name(&self, name: &str) -> Option<CandidateId> {
        self.stands()?.place_named(name)
    }

    /// Places of newcomers whose nomination is not over.
    pub fn nominees(&self) -> impl Iterator<Item = (CandidateId, &Candidate)> {
        let known = (0..).map(CandidateId).zip(self.candidates());
        known.filter(|(_, candidate)| candidate.standing == Standing::Nominee)
    }

    /// How many can be voted for now.
    #[must_use]
    pub fn candidate_count(&self) -> usize {
        self.stands().map_or(0, Election::candidate_count)
    }

    /// Whether the candidate holds a seat.
    #[must_use]
    pub fn holds(&self, place: CandidateId) -> bool {
        self.seats().holds(place)
    }

    /// Whether a member holds a seat.
    #[must_use]
    pub fn seats_member(&self, who: Pseudonym) -> bool {
        self.candidate_place(&CandidateName::Member(who)).is_some_and(|place| self.holds(place))
    }

    /// Holders by name, seat by seat; `None` is vacant.
    #[must_use]
    pub fn holders(&self) -> Vec<Option<&CandidateName>> {
        self.election().map_or_else(Vec::new, Election::holders)
    }

    /// Places of those who hold a seat, seat by seat.
    pub fn seated(&self) -> impl Iterator<Item = CandidateId> + '_ {
        self.seats().holders.iter().flatten().copied()
    }

    /// Returns the holder of the only seat.
    #[must_use]
    pub fn in_force(&self) -> Option<&Candidate> {
        self.candidate(self.seated().next()?)
    }

    /// Who takes the only seat at a change time now, by place.
    pub(crate) fn taking_over(&self, at: Moment, now: &Recount) -> Option<(CandidateId, &Candidate)> {
        let election = self.election()?;
        let changes = election.changes_of(&mut election.seats.clone(), at, now);
        let winner = changes.first()?.to?;
        Some((winner, self.candidate(winner)?))
    }

    /// A candidate's votes at the last update, micro-votes; `None` for who cannot be elected now.
    #[must_use]
    pub fn votes(&self, place: CandidateId) -> Option<i128> {
        self.stands()?.seats.totals.get(place.place()).copied().flatten()
    }

    /// A candidate's bucket at the last update, micro-vote-seconds.
    #[must_use]
    pub fn bucket(&self, place: CandidateId) -> u128 {
        self.seats().buckets.get(place.place()).copied().unwrap_or(0)
    }

    /// F at the last update, micro-vote-seconds.
    #[must_use]
    pub fn bucket_size(&self) -> u128 {
        self.election().map_or(0, |election| election.bucket_size)
    }

    /// M at the last update, micro-vote-seconds.
    #[must_use]
    pub fn nomination_size(&self) -> u128 {
        self.stands().map_or(0, |election| election.nomination_size)
    }

    /// When the holders last changed.
    #[must_use]
    pub fn changed_at(&self) -> Option<Moment> {
        self.election()?.changed_at
    }

    /// Returns the clause's terms of settling and nominations.
    #[must_use]
    pub fn terms(&self) -> Option<&Terms> {
        Some(&self.election()?.terms)
    }

    /// How fast each bucket fills as votes are.
    #[must_use]
    pub fn leads(&self) -> Leads {
        self.election().map_or_else(Leads::default, Election::leads)
    }

    /// R: the votes that the strongest challenger is measured against, micro-votes.
    #[must_use]
    pub fn reference(&self) -> i128 {
        self.election().map_or(0, Election::reference)
    }

    /// All items that ever were; places never change.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.list().into_iter().flat_map(|list| list.items.rows().iter())
    }

    /// Items that can be voted for.
    pub fn open_items(&self) -> impl Iterator<Item = &Item> {
        self.items().filter(|item| item.closed_at.is_none())
    }

    /// The place of an item, also of a closed one.
    #[must_use]
    pub fn item_place(&self, id: &str) -> Option<ItemId> {
        self.list()?.place(id)
    }

    /// An item by its id, also a closed one.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.item_at(self.item_place(id)?)
    }

    /// The item that a ballot is on.
    #[must_use]
    pub fn item_at(&self, place: ItemId) -> Option<&Item> {
        self.list()?.items.get(place)
    }

    /// Places of the open items, most votes first.
    #[must_use]
    pub fn item_order(&self) -> Vec<ItemId> {
        self.list().map_or_else(Vec::new, Ranking::order)
    }

    /// Where items come from, such as `forge`.
    #[must_use]
    pub fn items_of(&self) -> Option<&str> {
        self.ranking()?.of.as_deref()
    }

    /// When an item closes if its votes stay as they are, counted to the second.
    pub(crate) fn item_closes_at(&self, item: &Item) -> Option<Moment> {
        self.ranking()?.closes_at(item)
    }

    /// The terms of its supply, from edition 4 on.
    #[must_use]
    pub fn supply(&self) -> Option<Supply> {
        self.ranking()?.handing.supply
    }

    /// The servings of past periods that are remembered, the latest first.
    pub fn servings(&self) -> impl ExactSizeIterator<Item = &Serving> {
        self.ranking().map_or(&[][..], |ranking| ranking.handing.servings()).iter().rev()
    }

    /// The votes above which an item is not low, micro-votes.
    #[must_use]
    pub fn floor_micro(&self) -> u64 {
        self.ranking().map_or(0, |ranking| ranking.floor_micro)
    }

    /// How long votes stay at or below the floor until an item closes, seconds; `None` where none ever does.
    #[must_use]
    pub fn close_after_s(&self) -> Option<u64> {
        self.ranking()?.close_after_s
    }
}
