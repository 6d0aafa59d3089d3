//! Decisions: all that weight can be placed on, and what every kind of them is asked. The only file that matches over the kinds;
//! a question that a kind knows nothing of is answered emptily. How ballots add up is in `count`.

mod asked;
mod capacity;
pub mod commitment;
mod count;
pub mod election;
mod electorate;
mod lanes;
mod open;
mod places;
pub mod pool;
pub mod ranking;
mod recount;
pub mod requests;
mod what_if;

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

use charter::{Allowance, Clause, ClauseKind, Counting, Due, Kernel};
use quantity::{Broken, Moment, Zone, ensure};

pub use capacity::{Parts, PartsKey};
pub use commitment::{Choice, Commitment, SharedOut, Taken};
pub use election::{Candidate, CandidateName, Election, Standing};
pub use electorate::{Favour, in_electorate};
pub use lanes::Lanes;
pub(crate) use open::{electorate, favour, open, open_all};
pub use pool::{Pool, Project};
pub use ranking::own::OwnItems;
pub use ranking::supply::{Asked, Outlook, Serving, Supply, Unit, Wait};
pub use ranking::{Brought, Item, Ranking};
pub use requests::{Request, RequestEnd, RequestNow, Requests};
pub(crate) use what_if::Moved;

use crate::act::Pseudonym;
use crate::count::{Factor, Recount, SeatKind, Tally};
use crate::digest::{Collect, to_hex};
use crate::edition::{Edition, carries_out, is_made_up};
use crate::id::{CandidateId, ClassId, DecisionId, ItemId};
use crate::outcome::Outcome;

/// The name of the constitution's own election.
pub const ROOT: &str = "constitution";
/// The most decisions that there ever were: a ballot has 16 bits for its decision's place.
pub(crate) const MAX_DECISIONS: usize = 65_535;

/// Which document defines a decision. Decisions of one layer share its members' weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Layer {
    /// The kernel: the constitution's own election.
    Kernel,
    /// The document in force of the decision at this place.
    Of(DecisionId),
}

/// The layer of the constitution's own decisions: its own election is the first place.
pub const CONSTITUTION: Layer = Layer::Of(DecisionId::ROOT);

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its path: the name of its clause, after the paths of the constitutions that the clause stands in further down
    /// (`docs-team/editor`). Unique among open decisions.
    pub name: String,
    /// Where it is defined.
    pub layer: Layer,
    /// Since when weight can be placed on it.
    pub opened_at: Moment,
    /// When the rules ceased to define it. No weight stands on it from then on.
    pub closed_at: Option<Moment>,
    /// The document that is elected is a constitution: it defines decisions itself.
    pub holds_rules: bool,
    /// In how many updates it was counted.
    pub updates: u64,
    /// Places of the classes that may vote, in the kernel's order; empty for all.
    pub electorate: Vec<ClassId>,
    /// Classes whose weight counts several times, since it is about their service; from edition 3 on.
    pub favour: Option<Favour>,
    /// How ballots are rooted.
    pub counting: Counting,
    /// Whether what is placed here is taken from the one weight that decisions share.
    pub allowance: Allowance,
    /// C at the last update, micro-votes: what one candidate would have if everyone divided their weight evenly.
    pub capacity: u128,
    /// The factor of each voting class's votes at the last update; empty where no class has control.
    pub factors: Vec<Factor>,
    /// From edition 2 on: the column of parts that C was the sum of at the last update.
    pub(crate) parts_key: Option<PartsKey>,
    chamber: Chamber,
}

/// The part of a decision that depends on its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Chamber {
    /// An office, a body or a document.
    Election(Election),
    /// An ordered list.
    Ranking(Ranking),
    /// Options with a deadline.
    Commitment(Commitment),
    /// Projects that ask for money.
    Pool(Pool),
    /// Requests for money of a pool.
    Requests(Requests),
}

impl Chamber {
    /// The chamber of a clause that opens this kind of decision; `None` where an election has no terms.
    fn open(kind: Kind, kernel: &Kernel, clause: &Clause, at: Moment) -> Option<Chamber> {
        let seats = match kind {
            Kind::Office => SeatKind::Office,
            Kind::Body => SeatKind::Body,
            Kind::Document | Kind::Constitution => SeatKind::Document,
            Kind::Commitment => return Some(Chamber::Commitment(Commitment::open(clause, &kernel.zone, at)?)),
            Kind::Ranking => return Some(Chamber::Ranking(Ranking::of_clause(kernel, clause, at))),
            Kind::Pool => return Some(Chamber::Pool(Pool::open(clause, &kernel.zone, at)?)),
            Kind::Requests => return Some(Chamber::Requests(Requests::open(clause)?)),
        };
        Some(Chamber::Election(Election::new(seats, clause.seats(), clause.terms()?.clone(), at)))
    }
}

/// The plain name of a kind of decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One seat for a person.
    Office,
    /// Several seats for people.
    Body,
    /// A text.
    Document,
    /// A text of rules.
    Constitution,
    /// An ordered list.
    Ranking,
    /// Options, one of which is taken at a deadline.
    Commitment,
    /// Money, and projects that ask for it.
    Pool,
    /// Requests for money, each of which passes by itself.
    Requests,
}

impl Kind {
    /// The kind of the decision that a clause opens; `None` where an edition keeps the clause and does not carry it out.
    pub(crate) fn of(edition: Edition, clause: &Clause) -> Option<Kind> {
        if !carries_out(edition, clause) {
            return None;
        }
        match &clause.kind {
            // The edition that only tests have carries requests for money out as lists.
            ClauseKind::Commitment(_) if is_made_up(clause) => Some(Kind::Ranking),
            ClauseKind::Commitment(commitment) => match commitment.due {
                Due::Continuous { .. } => Some(Kind::Requests),
                Due::Every(..) | Due::Deadline(..) => Some(Kind::Commitment),
            },
            ClauseKind::Office(_) => Some(Kind::Office),
            ClauseKind::Body(_) => Some(Kind::Body),
            ClauseKind::Document(_) => Some(Kind::Document),
            ClauseKind::Constitution(_) => Some(Kind::Constitution),
            ClauseKind::Ranking(_) => Some(Kind::Ranking),
            ClauseKind::Pool(_) => Some(Kind::Pool),
            ClauseKind::Release(_) => None,
        }
    }

    /// The word in the log, in refusals and on pages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Office => "office",
            Kind::Body => "body",
            Kind::Document => "document",
            Kind::Constitution => ROOT,
            Kind::Ranking => "ranking",
            Kind::Commitment => "commitment",
            Kind::Pool => "pool",
            Kind::Requests => "requests",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// The numbers of one update that a decision is counted with.
pub(crate) struct Counted<'a> {
    /// The sum of all ballots.
    pub tally: &'a Tally,
    /// The decision's place in it.
    pub place: usize,
    /// Δ, seconds.
    pub period_s: u64,
    /// The update.
    pub at: Moment,
    /// The edition whose rules hold.
    pub edition: Edition,
    /// From edition 2 on: the instants of the last updates, this one too.
    pub recent: &'a [Moment],
    /// C at the last update, and the same without what was refunded since.
    pub refunds: (u128, u128),
}

impl Decision {
    /// Returns the plain name of its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match &self.chamber {
            Chamber::Ranking(_) => Kind::Ranking,
            Chamber::Commitment(_) => Kind::Commitment,
            Chamber::Pool(_) => Kind::Pool,
            Chamber::Requests(_) => Kind::Requests,
            Chamber::Election(_) if self.holds_rules => Kind::Constitution,
            Chamber::Election(election) => election.kind(),
        }
    }

    /// How many candidates or items ballots can name, past ones too.
    pub fn target_count(&self) -> usize {
        match &self.chamber {
            Chamber::Election(election) => election.candidates.len(),
            Chamber::Ranking(ranking) => ranking.items.len(),
            Chamber::Commitment(commitment) => commitment.options().candidates.len(),
            Chamber::Pool(pool) => pool.list.items.len(),
            Chamber::Requests(requests) => requests.list.items.len(),
        }
    }

    /// How many parts of a member's weight this decision stands for: a body counts once a seat.
    pub(crate) fn parts(&self) -> u32 {
        match &self.chamber {
            Chamber::Election(election) => u32::try_from(election.seats.holders.len()).unwrap_or(u32::MAX),
            Chamber::Ranking(_) | Chamber::Commitment(_) | Chamber::Pool(_) | Chamber::Requests(_) => 1,
        }
    }

    /// Takes in what an update counted: nominations and buckets, or the order of items.
    pub(crate) fn count(&mut self, counted: &Counted<'_>) -> Vec<Outcome> {
        match &mut self.chamber {
            Chamber::Election(election) => election.count(&self.name, self.capacity, counted),
            Chamber::Ranking(ranking) => {
                ranking.count(counted);
                Vec::new()
            }
            Chamber::Commitment(commitment) => commitment.count(&self.name, self.capacity, counted),
            Chamber::Pool(pool) => {
                pool.count(counted);
                Vec::new()
            }
            Chamber::Requests(requests) => {
                requests.count(counted);
                Vec::new()
            }
        }
    }

    /// The candidate whose nomination an outcome of this decision ended.
    pub(crate) fn nomination_ended(&self, outcome: &Outcome) -> Option<CandidateId> {
        let (Outcome::CandidateEntered { candidate, .. } | Outcome::NomineeDropped { candidate, .. }) = outcome else {
            return None;
        };
        self.candidate_by_name(candidate)
    }

    /// Reads what its clause says by now. Ballots, candidates, buckets and C are left alone; members who lose a seat
    /// are returned.
    pub(crate) fn renew(&mut self, kernel: &Kernel, clause: &Clause, at: Moment) -> Vec<Outcome> {
        let electorate = electorate(kernel, clause);
        let favour = favour(kernel, clause);
        if self.favour != favour
            && let Chamber::Election(election) = &mut self.chamber
        {
            // Buckets keep their percentage where all votes are other numbers.
            election.measures.rescale = true;
        }
        self.favour = favour;
        if self.electorate != electorate || self.counting != clause.counting {
            self.factors.clear();
        }
        self.count_as(clause.counting);
        self.electorate = electorate;
        self.allowance = clause.allowance;
        match &mut self.chamber {
            Chamber::Election(election) => election.renew_clause(&self.name, clause, at),
            Chamber::Ranking(ranking) => {
                ranking.renew_clause(kernel, clause, at);
                Vec::new()
            }
            Chamber::Commitment(commitment) => {
                commitment.renew(clause, &kernel.zone, at);
                Vec::new()
            }
            Chamber::Pool(pool) => {
                pool.renew(clause, &kernel.zone, at);
                Vec::new()
            }
            Chamber::Requests(requests) => {
                requests.renew(clause);
                Vec::new()
            }
        }
    }

    /// Buckets keep their percentage where another way of counting makes all votes other numbers (edition 2).
    fn count_as(&mut self, counting: Counting) {
        if self.counting != counting
            && let Chamber::Election(election) = &mut self.chamber
        {
            election.measures.rescale = true;
        }
        self.counting = counting;
    }

    /// Its next change time after `done`, where it has its own. Those up to when its terms came into force are none of its.
    pub(crate) fn change_after(&self, done: Moment, zone: &Zone) -> Option<Moment> {
        match &self.chamber {
            Chamber::Election(election) => {
                let rhythm = election.terms.changes.as_ref()?;
                Some(rhythm.next_after(done.max(election.terms_since), zone))
            }
            Chamber::Ranking(_) | Chamber::Requests(_) => None,
            Chamber::Commitment(commitment) => commitment.deadline(),
            Chamber::Pool(pool) => Some(pool.until()),
        }
    }

    /// Carries out what full buckets have earned at a change time.
    pub(crate) fn take_over(&mut self, at: Moment, now: &Recount) -> Result<Vec<Outcome>, Broken> {
        match &mut self.chamber {
            Chamber::Election(election) => election.take_over(&self.name, at, now),
            Chamber::Ranking(_) | Chamber::Commitment(_) | Chamber::Pool(_) | Chamber::Requests(_) => Ok(Vec::new()),
        }
    }

    /// Items whose time is up at an update, by place.
    pub(crate) fn items_due(&self, at: Moment) -> Vec<(ItemId, String)> {
        match &self.chamber {
            Chamber::Election(_) | Chamber::Commitment(_) | Chamber::Pool(_) | Chamber::Requests(_) => Vec::new(),
            Chamber::Ranking(ranking) => ranking.due(at),
        }
    }

    pub(crate) fn close_items(&mut self, items: &BTreeSet<ItemId>, at: Moment) {
        if let Some(list) = self.list_mut() {
            items.iter().for_each(|item| list.close(*item, at));
        }
    }

    /// A member leaves the register: their candidacy ends, and a seat that they hold is vacant.
    pub(crate) fn leave(&mut self, who: Pseudonym, at: Moment) -> Option<Outcome> {
        let place = self.candidate_place(&CandidateName::Member(who))?;
        let held = self.holds(place);
        if let Chamber::Election(election) = &mut self.chamber {
            election.leave(place, at);
        }
        held.then(|| Outcome::SeatVacated { decision: self.name.clone(), from: who.to_string() })
    }

    /// Reads what the kernel says by now of the constitution's own election.
    pub(crate) fn renew_root(&mut self, kernel: &Kernel, at: Moment) {
        self.count_as(kernel.counting);
        self.allowance = kernel.allowance_of(kernel.counting);
        if let Chamber::Election(election) = &mut self.chamber {
            election.renew(&kernel.constitution, at);
        }
    }

    /// Puts a text on the only seat, whoever held it.
    pub(crate) fn put_in_force(&mut self, document: &str, text: &str, at: Moment) -> Option<Outcome> {
        let from = self.in_force().map(|text| text.name.to_string());
        let Chamber::Election(election) = &mut self.chamber else {
            return None;
        };
        election.put_in_force(document, text, at);
        Some(Outcome::SeatTaken { decision: self.name.clone(), candidate: document.to_owned(), from })
    }

    /// Keeps the text of a document that stands or is in force.
    pub(crate) fn keep_text(&mut self, document: &str, text: Arc<str>) {
        if let Chamber::Election(election) = &mut self.chamber {
            election.keep_text(document, Some(text));
        }
    }

    /// Takes a candidate out whatever their votes.
    pub(crate) fn fall_out(&mut self, candidate: CandidateId, at: Moment) {
        if let Chamber::Election(election) = &mut self.chamber {
            election.leave(candidate, at);
        }
    }

    /// The rules define it no longer: seats, totals, buckets and items end.
    pub(crate) fn close(&mut self, at: Moment) {
        self.closed_at = Some(at);
        self.factors = Vec::new();
        self.parts_key = None;
        match &mut self.chamber {
            Chamber::Election(election) => election.close(at),
            Chamber::Ranking(ranking) => ranking.close_all(at),
            Chamber::Commitment(commitment) => commitment.close(at),
            Chamber::Pool(pool) => pool.close(at),
            Chamber::Requests(requests) => requests.close(at),
        }
    }

    /// The decision as it would have been counted with so many more votes, and so much more attention, by target. Items that
    /// sink to their floor have been low since `at`.
    pub(crate) fn with_votes(&self, moved: &Moved, at: Moment) -> Decision {
        let mut then = self.clone();
        match &mut then.chamber {
            Chamber::Election(election) => election.add_votes(moved),
            Chamber::Ranking(ranking) => ranking.add_votes(moved, at),
            Chamber::Commitment(commitment) => commitment.add_votes(moved),
            Chamber::Pool(pool) => pool.add_votes(moved, at),
            Chamber::Requests(requests) => requests.add_votes(moved, at),
        }
        then
    }

    /// The section of the state's hash that it belongs to, from edition 2 on.
    pub(crate) fn section(&self) -> &'static str {
        match &self.chamber {
            Chamber::Election(_) => "elections",
            Chamber::Ranking(_) => "rankings",
            Chamber::Commitment(_) => "commitments",
            Chamber::Pool(_) => "pools",
            Chamber::Requests(_) => "grants",
        }
    }

    /// SHA-256, hex, over every number of the decision, as in the state's hash.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut into = Collect::default();
        self.collect(&mut into);
        to_hex(&into.finish())
    }

    /// Checks its inner agreement: seats with candidates, buckets with their size, items with their places.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        ensure!(self.is_open() || self.seated().next().is_none(), "somebody holds `{}`, which is closed", self.name);
        ensure!(self.is_open() || self.open_items().next().is_none(), "`{}` is closed, and an item is open", self.name);
        match &self.chamber {
            Chamber::Election(election) => election.check(&self.name),
            Chamber::Ranking(ranking) => ranking.check(&self.name),
            Chamber::Commitment(commitment) => commitment.check(&self.name, self.is_open()),
            Chamber::Pool(pool) => pool.check(&self.name, self.is_open()),
            Chamber::Requests(requests) => requests.check(&self.name),
        }
    }

    /// Makes anew what finds its parts by name.
    pub(crate) fn index_anew(&mut self) {
        match &mut self.chamber {
            Chamber::Election(election) => election.index_anew(),
            Chamber::Ranking(ranking) => ranking.index_anew(),
            Chamber::Commitment(commitment) => commitment.index_anew(),
            Chamber::Pool(pool) => pool.index_anew(),
            Chamber::Requests(requests) => requests.index_anew(),
        }
    }

    /// Its part of the state's hash.
    pub(crate) fn collect(&self, into: &mut Collect) {
        let layer = match self.layer {
            Layer::Kernel => -1,
            Layer::Of(place) => i128::from(place),
        };
        into.text(&self.name)
            .text(self.kind().word())
            .number(layer)
            .number(self.opened_at.0)
            .number(self.closed_at.map_or(-1, |at| at.0))
            .number(self.updates)
            .wide(self.capacity);
        match &self.chamber {
            Chamber::Election(election) => election.collect(into),
            Chamber::Ranking(ranking) => ranking.collect(into),
            Chamber::Commitment(commitment) => commitment.collect(into),
            Chamber::Pool(pool) => pool.collect(into),
            Chamber::Requests(requests) => requests.collect(into),
        }
    }

    /// Its part of the section `settling`, from edition 2 on.
    pub(crate) fn collect_memory(&self, into: &mut Collect) {
        match &self.chamber {
            Chamber::Election(election) => election.collect_memory(into),
            Chamber::Ranking(ranking) => ranking.collect_memory(into),
            Chamber::Commitment(commitment) => commitment.collect_memory(into),
            Chamber::Pool(pool) => pool.collect_memory(into),
            Chamber::Requests(requests) => requests.collect_memory(into),
        }
    }

    /// Whether a member ever brought one of its items.
    pub(crate) fn has_brought(&self) -> bool {
        self.ranking().is_some_and(Ranking::has_brought)
    }

    pub(crate) fn collect_brought(&self, into: &mut Collect) {
        if let Some(ranking) = self.ranking() {
            ranking.collect_brought(into);
        }
    }

    /// Whether it has a supply, or handed something out, or an item of it asks for an amount.
    pub(crate) fn has_requests(&self) -> bool {
        self.ranking().is_some_and(Ranking::has_requests)
    }

    /// Whether its items are in the order of conviction.
    #[must_use]
    pub fn goes_by_conviction(&self) -> bool {
        self.ranking().is_some_and(|ranking| ranking.half_life_s.is_some())
    }

    pub(crate) fn collect_order(&self, into: &mut Collect) {
        if let Some(ranking) = self.ranking() {
            ranking.collect_order(into);
        }
    }

    pub(crate) fn collect_requests(&self, into: &mut Collect) {
        if let Some(ranking) = self.ranking() {
            ranking.collect_requests(into);
        }
    }

    /// The election, for those who know what is elected.
    pub(crate) fn election(&self) -> Option<&Election> {
        if let Chamber::Election(election) = &self.chamber { Some(election) } else { None }
    }

    pub(crate) fn election_mut(&mut self) -> Option<&mut Election> {
        if let Chamber::Election(election) = &mut self.chamber { Some(election) } else { None }
    }

    pub(crate) fn commitment_mut(&mut self) -> Option<&mut Commitment> {
        if let Chamber::Commitment(commitment) = &mut self.chamber { Some(commitment) } else { None }
    }

    pub(crate) fn pool_mut(&mut self) -> Option<&mut Pool> {
        if let Chamber::Pool(pool) = &mut self.chamber { Some(pool) } else { None }
    }

    pub(crate) fn requests_mut(&mut self) -> Option<&mut Requests> {
        if let Chamber::Requests(requests) = &mut self.chamber { Some(requests) } else { None }
    }

    /// The items that ballots are on: those of a ranking, a pool's projects, or requests.
    pub(crate) fn list(&self) -> Option<&Ranking> {
        match &self.chamber {
            Chamber::Ranking(ranking) => Some(ranking),
            Chamber::Pool(pool) => Some(&pool.list),
            Chamber::Requests(requests) => Some(&requests.list),
            Chamber::Election(_) | Chamber::Commitment(_) => None,
        }
    }

    fn list_mut(&mut self) -> Option<&mut Ranking> {
        match &mut self.chamber {
            Chamber::Ranking(ranking) => Some(ranking),
            Chamber::Pool(pool) => Some(&mut pool.list),
            Chamber::Requests(requests) => Some(&mut requests.list),
            Chamber::Election(_) | Chamber::Commitment(_) => None,
        }
    }

    pub(crate) fn ranking(&self) -> Option<&Ranking> {
        if let Chamber::Ranking(ranking) = &self.chamber { Some(ranking) } else { None }
    }

    pub(crate) fn ranking_mut(&mut self) -> Option<&mut Ranking> {
        if let Chamber::Ranking(ranking) = &mut self.chamber { Some(ranking) } else { None }
    }
}
