//! The state of one co-op: what its log adds up to. Changed only by `apply`, `update` and `change`.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use charter::Rules;
use imbl::{OrdMap, OrdSet};
use quantity::{Moment, Table};

use crate::act::{Found, Pseudonym};
use crate::apply::handed_in::HandedIn;
use crate::ballot::{Ballot, Ballots, Score};
use crate::book::Book;
use crate::chamber::pool::Held;
use crate::chamber::{Candidate, Decision, Parts, ROOT, open_all};
use crate::credit::CoopCredit;
use crate::digest::{Collect, Mix, Sections, hex, to_hex};
use crate::due::Queue;
use crate::edition::{Edition, Editions};
use crate::fork::Forks;
use crate::id::{DecisionId, MemberIndex};
use crate::power::Powers;
use crate::register::application::Applications;
use crate::register::device::Devices;
use crate::register::founders::Founders;
use crate::register::hearing::Hearings;
use crate::register::join::Joins;
use crate::register::leaving::Leavings;
use crate::register::{Members, Roll};
use crate::release::{Releases, Sums};
use crate::rules::amendment::Amending;
use crate::rules::brought::Brought;
use crate::rules::tenure::Tenure;
use crate::support::silence::Silences;
use crate::support::{Claims, Support};
use crate::weight::{Given, Sources, Standing, Weights, noted, weigh};

/// Ballots with their scores, by member.
pub(crate) type Counted = OrdMap<MemberIndex, Arc<Vec<(Ballot, Vec<Score>)>>>;

/// The founding of a co-op.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Founding {
    /// The entry's body.
    #[serde(with = "crate::saved::as_json")]
    pub act: Found,
    /// When.
    pub at: Moment,
}

/// Everything that a log adds up to.
#[derive(Clone, Debug)]
pub struct State {
    /// The rules in force.
    pub rules: Arc<Rules>,
    /// How it began.
    pub founding: Arc<Founding>,
    /// The log's time: that of the last entry.
    pub time: Moment,
    /// The register.
    pub members: Members,
    /// Members who founded the co-op.
    pub founders: Founders,
    /// The constitution's values of the kernel's parameters by which the last update counted, each with its name; from edition 3 on.
    pub counted_by: Arc<Vec<(String, String)>>,
    /// Members' support.
    pub support: Support,
    /// Sources of records, and the weight that classes hold while one is silent; kept from edition 3 on.
    pub silences: Silences,
    /// Every member's weight at the last update.
    pub weights: Arc<Weights>,
    /// The register as it was when weights were worked out. Not in the hash: the entries since then say what has changed.
    pub(crate) weighed: Roll,
    /// Decisions, closed ones too, the constitution's own election first; places never change.
    pub decisions: Table<DecisionId, Decision, 1>,
    /// The edition of the rules, and the later one that is announced.
    pub editions: Editions,
    /// The kernel in force and those that are proposed in its place.
    pub amendment: Amending,
    /// Acts of offices and bodies that wait: proposed ones for agreement, announced ones for their time.
    pub powers: Powers,
    /// How long members have had weight; kept from edition 2 on.
    pub tenure: Tenure,
    /// Forks, announced and completed.
    pub forks: Forks,
    /// Standing ballots.
    pub ballots: Ballots,
    /// The book.
    pub book: Book,
    /// How many updates were counted.
    pub updates: u64,
    /// The last update's instant.
    pub last_update: Option<Moment>,
    /// When the next update is due.
    pub next_update: Moment,
    /// Until when change times are done.
    pub(crate) changes_done: Moment,
    pub(crate) waits: Queue,
    /// Open decisions by path.
    pub(crate) by_path: OrdMap<Arc<str>, DecisionId>,
    /// Members with the decisions in which they ever stood: those whose seats they may hold.
    pub(crate) stood: OrdSet<(Pseudonym, DecisionId)>,
    pub(crate) brought: Brought,
    pub(crate) handed_in: HandedIn,
    pub(crate) sources: Arc<Sources>,
    /// Who had weight when, where a cap asks for it.
    pub(crate) standing: Arc<Standing>,
    pub(crate) ballot_digest: Mix,
    /// From edition 2 on: the instants of the last updates, the newest last.
    pub(crate) recent: Arc<Vec<Moment>>,
    /// From edition 2 on: everybody's part of the capacities at the last update.
    pub(crate) parts: Arc<Parts>,
    /// From edition 2 on: to whom something was refunded since the last update was counted.
    pub(crate) refunded: OrdSet<MemberIndex>,
    /// From edition 3 on: the offices and bodies that recorded something since the last update, by the number of its source.
    pub(crate) recorded: OrdMap<u64, DecisionId>,
    /// From edition 3 on: what members say they gave, and that waits for a yes.
    pub claims: Claims,
    /// From edition 3 on: records of the register that are joined into others, or wait to be.
    pub joins: Joins,
    /// Members' devices, whose keys sign acts.
    pub devices: Devices,
    /// From edition 5 on: notices of members who leave, and memberships that rest.
    pub leavings: Leavings,
    /// From edition 5 on: members whom a body may expel are heard.
    pub hearings: Hearings,
    /// From edition 5 on: people who ask to join.
    pub applications: Applications,
    /// From edition 4 on: what was published, and until when only patrons may fetch it.
    pub releases: Releases,
    /// How much came in for releases that wait, as the last update had it.
    pub(crate) raised: Sums,
    /// From edition 4 on: money that is held for members, and what income fed pools with.
    pub held: Held,
    /// From edition 4 on: credit that is proposed, and the periods that were decided.
    pub credit: CoopCredit,
    /// The ballots that the last update counted, of members who have moved one since. Not in the hash: what was said says it.
    pub(crate) moved: Counted,
    /// Whose rules stay in force whatever their votes: dry runs only, never while a log is kept.
    pub(crate) tried: BTreeSet<String>,
}

impl State {
    /// The state after the first entry.
    #[must_use]
    pub fn found(rules: Rules, act: Found, at: Moment) -> State {
        let mut members = Members::default();
        for list in rules.kernel.classes.iter().filter_map(|class| class.list.as_deref()) {
            members.declare_list(list);
        }
        let decisions = open_all(&rules.kernel, &rules.constitution, &act.constitution, at);
        let amendment = Amending::new(&act.kernel);
        let next_update = rules.kernel.updates.next_after(at, &rules.kernel.zone);
        let book = Book::new(rules.kernel.currency);
        let act_edition = act.edition;
        let mut state = State {
            by_path: OrdMap::new(),
            stood: OrdSet::new(),
            waits: Queue::default(),
            founding: Arc::new(Founding { act, at }),
            time: at,
            members,
            founders: Founders::default(),
            counted_by: Arc::new(rules.constitution.values()),
            support: Support::default(),
            silences: Silences::default(),
            weights: Arc::default(),
            weighed: Roll::default(),
            decisions: decisions.into(),
            editions: Editions::new(act_edition),
            amendment,
            powers: Powers::default(),
            tenure: Tenure::default(),
            forks: Forks::default(),
            ballots: Ballots::default(),
            book,
            updates: 0,
            last_update: None,
            next_update,
            changes_done: at,
            brought: Brought::default(),
            handed_in: HandedIn::default(),
            sources: Arc::default(),
            standing: Arc::default(),
            ballot_digest: Mix::default(),
            recent: Arc::default(),
            parts: Arc::default(),
            refunded: OrdSet::new(),
            recorded: OrdMap::new(),
            claims: Claims::default(),
            joins: Joins::default(),
            devices: Devices::default(),
            hearings: Hearings::default(),
            leavings: Leavings::default(),
            applications: Applications::default(),
            releases: Releases::default(),
            raised: Sums::default(),
            held: Held::default(),
            credit: CoopCredit::default(),
            moved: OrdMap::new(),
            tried: BTreeSet::new(),
            rules: Arc::new(rules),
        };
        state.index_anew();
        state
    }

    /// Makes everything anew that is only there to find something: decisions by path, candidates by name, what is due.
    pub(crate) fn index_anew(&mut self) {
        self.members.index_anew();
        self.tenure.index_anew();
        for (_, decision) in self.decisions.iter_mut() {
            decision.index_anew();
        }
        let open = || self.open_decisions();
        let by_path = open().map(|(place, one)| (Arc::from(one.name.as_str()), place)).collect();
        let candidates =
            |(place, one)| Decision::candidates(one).iter().filter_map(move |c| Some((c.name.member()?, place)));
        let stood = self.decisions.iter().flat_map(candidates).collect();
        (self.by_path, self.stood) = (by_path, stood);
        self.wait_anew();
    }

    /// The state with the texts that it was founded on, which are read again where another kernel or edition is to be put in
    /// force. A text with another hash changes nothing.
    #[must_use]
    pub fn with_texts(mut self, kernel: &str, constitution: &str) -> State {
        self.amendment.text = (hex(kernel.as_bytes()) == self.amendment.in_force).then(|| Arc::from(kernel));
        if let Some(root) = self.decisions.get_mut(DecisionId::ROOT) {
            root.keep_text(&hex(constitution.as_bytes()), Arc::from(constitution));
        }
        self
    }

    /// The place of an open decision by its path.
    #[must_use]
    pub fn decision_place(&self, name: &str) -> Option<DecisionId> {
        self.by_path.get(name).copied()
    }

    /// An open decision by its path.
    #[must_use]
    pub fn decision(&self, name: &str) -> Option<&Decision> {
        self.decisions.get(self.decision_place(name)?)
    }

    /// Open decisions with their places.
    pub fn open_decisions(&self) -> impl Iterator<Item = (DecisionId, &Decision)> {
        self.decisions.iter().filter(|(_, decision)| decision.is_open())
    }

    /// The document that holds a decision's seat.
    pub(crate) fn document_in_force(&self, place: DecisionId) -> Option<&Candidate> {
        self.decisions.get(place)?.in_force()
    }

    /// The rules in force as entries name them: SHA-256, hex, over a line for each document in force, which are the kernel's
    /// hash, the constitution's, and then `path hash` for each constitution inside it, in the order of paths.
    #[must_use]
    pub fn rules_hash(&self) -> String {
        let mut below = BTreeMap::new();
        for (place, decision) in self.open_decisions().filter(|(_, d)| d.holds_rules) {
            if let Some(document) = self.document_in_force(place) {
                below.insert(decision.name.as_str(), document.name.to_string());
            }
        }
        let constitution = below.remove(ROOT).unwrap_or_default();
        let mut lines = format!("{}\n{constitution}\n", self.amendment.in_force);
        for (path, document) in below {
            lines.push_str(&format!("{path} {document}\n"));
        }
        hex(lines.as_bytes())
    }

    /// The inputs of formulas at the last update.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Who had weight when, where a cap asks for it.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Everything that weights are worked out from, beside the rules and the register.
    #[must_use]
    pub fn given(&self) -> Given<'_> {
        Given {
            support: &self.support,
            standing: &self.standing,
            silences: Some(&self.silences),
            founders: self.founders.with_weight(),
        }
    }

    /// Makes formulas count by the values that the constitution in force gives to the kernel's parameters, and returns whether a
    /// formula counts differently by them.
    pub(crate) fn count_by_settings(&mut self) -> bool {
        let values = self.rules.constitution.values();
        if *self.counted_by == values {
            return false;
        }
        let differs = Arc::make_mut(&mut self.rules).kernel.count_by(&values);
        self.counted_by = Arc::new(values);
        if differs {
            // Columns that were kept, and results of formulas, are those of the earlier values.
            self.sources = Arc::default();
        }
        differs
    }

    /// Weighs everybody at an update, with the columns that are kept.
    pub(crate) fn weigh_at(&mut self, at: Moment, threads: usize) {
        let mut sources = std::mem::take(&mut self.sources);
        let kept = Arc::make_mut(&mut sources);
        self.weights = Arc::new(weigh(&self.rules.kernel, &self.members, self.given(), kept, at, threads));
        self.sources = sources;
    }

    /// Notes who had weight at an update, where a cap asks for it.
    pub(crate) fn note_standing(&mut self, at: Moment) {
        let mut all = Vec::new();
        let columns = noted(&self.rules.kernel, &self.members, &self.weights, &mut all);
        if !columns.is_empty() || !self.standing.is_empty() {
            Arc::make_mut(&mut self.standing).note(at, &columns);
        }
    }

    /// SHA-256 over the state, hex: the same on every machine for the same log. Pseudonyms and the co-op's id are
    /// not in it (the chain binds those); members stand in it by their order of admission.
    #[must_use]
    pub fn hash(&self) -> String {
        self.hash_as(self.editions.current)
    }

    /// The state's hash in the form of an edition, which compares two states under two editions.
    #[must_use]
    pub fn hash_as(&self, edition: Edition) -> String {
        if edition < Edition::TWO { self.hash_in_one_row() } else { self.sections().hash() }
    }

    /// Edition 1: every field in one row.
    fn hash_in_one_row(&self) -> String {
        let mut into = Collect::default();
        into.text("rochdale state 2");
        self.collect_updates(&mut into);
        into.text(&self.founding.act.kernel).text(&self.founding.act.constitution).text(&self.rules_hash());
        self.amendment.collect(&mut into);
        self.members.collect(&mut into);
        self.collect_support(&mut into);
        self.collect_ballots(&mut into);
        self.collect_weights(&mut into);
        for decision in self.decisions.rows().iter() {
            decision.collect(&mut into);
        }
        self.book.collect(&mut into);
        self.forks.collect(&mut into);
        to_hex(&into.finish())
    }

    /// From edition 2 on: a hash over named sections. An empty one is left out, so that a wing that nobody uses changes no hash.
    // flat: a row for each section.
    fn sections(&self) -> Sections {
        let mut all = Sections::default();
        all.add("updates", |into| self.collect_updates(into));
        all.add("rules", |into| {
            into.text(&self.founding.act.kernel).text(&self.founding.act.constitution).text(&self.rules_hash());
        });
        all.add("edition", |into| {
            into.number(self.editions.current.number());
        });
        // docs/spec/updates.md, Named sections: the table gives the condition under which each of these is left out.
        if self.editions.announced.is_some() {
            all.add("announced", |into| self.editions.collect(into));
        }
        if !self.amendment.proposals.is_empty() {
            all.add("amendment", |into| {
                self.amendment.collect_proposals(into);
                self.amendment.collect_places(into);
            });
        }
        if !self.tenure.is_empty() {
            all.add("tenure", |into| self.tenure.collect(into));
        }
        if !self.members.is_empty() {
            all.add("members", |into| self.members.collect(into));
        }
        if self.members.has_days() {
            all.add("days", |into| self.members.collect_days(into));
        }
        if !self.founders.is_empty() {
            all.add("founders", |into| self.founders.collect(into));
        }
        // The source of a booking is in the set of records, which then has no row.
        if !self.support.is_empty() || self.support.digest != Mix::default() {
            all.add("support", |into| self.collect_support(into));
        }
        if !self.counted_by.is_empty() {
            all.add("parameters", |into| {
                into.wide(self.counted_by.len() as u128);
                for (name, value) in self.counted_by.iter() {
                    into.text(name).text(value);
                }
            });
        }
        if !self.silences.is_empty() {
            all.add("sources", |into| self.silences.collect(into));
        }
        if !self.ballots.is_empty() {
            all.add("ballots", |into| self.collect_ballots(into));
        }
        if !self.weights.classes.is_empty() {
            all.add("weights", |into| self.collect_weights(into));
        }
        if !self.standing.is_empty() {
            all.add("standing", |into| self.standing.collect(into));
        }
        // Elections and rankings are in sections of their own, so a decision's place is hashed with it.
        for (place, decision) in self.decisions.iter() {
            all.add(decision.section(), |into| {
                into.wide(place.place() as u128);
                decision.collect(into);
            });
        }
        if !self.parts.is_empty() || !self.refunded.is_empty() {
            all.add("capacity", |into| self.collect_capacity(into));
        }
        if !self.recent.is_empty() {
            all.add("settling", |into| self.collect_settling(into));
        }
        if self.decisions.rows().iter().any(Decision::has_brought) {
            all.add("bringers", |into| {
                for (place, decision) in self.decisions.iter().filter(|(_, decision)| decision.has_brought()) {
                    into.wide(place.place() as u128);
                    decision.collect_brought(into);
                }
            });
        }
        if self.decisions.rows().iter().any(Decision::has_requests) {
            all.add("requests", |into| {
                for (place, decision) in self.decisions.iter().filter(|(_, decision)| decision.has_requests()) {
                    into.wide(place.place() as u128);
                    decision.collect_requests(into);
                }
            });
        }
        if self.decisions.rows().iter().any(Decision::goes_by_conviction) {
            all.add("orders", |into| {
                for (place, decision) in self.decisions.iter().filter(|(_, decision)| decision.goes_by_conviction()) {
                    into.wide(place.place() as u128);
                    decision.collect_order(into);
                }
            });
        }
        if self.book.entries() > 0 {
            all.add("book", |into| self.book.collect(into));
        }
        if !self.handed_in.is_empty() {
            all.add("acts", |into| self.handed_in.collect(into));
        }
        if !self.powers.is_empty() {
            all.add("powers", |into| self.collect_powers(into));
        }
        if !self.support.own_pledges.is_empty() {
            all.add("pledges", |into| self.support.own_pledges.collect(into));
        }
        if !self.claims.is_empty() {
            all.add("claims", |into| self.claims.collect(into));
        }
        if !self.joins.is_empty() {
            all.add("joins", |into| self.joins.collect(into));
        }
        if !self.devices.is_empty() {
            all.add("devices", |into| self.devices.collect(into));
        }
        if !self.hearings.is_empty() {
            all.add("hearings", |into| self.hearings.collect(into));
        }
        if !self.leavings.is_empty() {
            all.add("leaving", |into| self.leavings.collect(into));
        }
        if !self.applications.is_empty() {
            all.add("applications", |into| self.applications.collect(into));
        }
        if !self.releases.is_empty() {
            all.add("releases", |into| self.releases.collect(into));
        }
        if !self.held.is_empty() {
            all.add("pools", |into| self.held.collect(into));
        }
        if !self.credit.is_empty() {
            all.add("credit", |into| self.credit.collect(into));
        }
        if !self.recorded.is_empty() {
            all.add("recorded", |into| {
                into.wide(self.recorded.len() as u128);
                for (source, by) in &self.recorded {
                    into.number(*source).wide(by.place() as u128);
                }
            });
        }
        if !self.forks.is_empty() {
            all.add("forks", |into| {
                self.forks.collect(into);
                self.forks.collect_shares(into);
            });
        }
        all
    }

    fn collect_updates(&self, into: &mut Collect) {
        into.number(self.updates).number(self.last_update.map_or(-1, |at| at.0)).number(self.changes_done.0);
    }

    fn collect_support(&self, into: &mut Collect) {
        into.mix(&self.support.digest).wide(self.support.len() as u128);
    }

    fn collect_ballots(&self, into: &mut Collect) {
        into.mix(&self.ballot_digest).wide(self.ballots.len() as u128);
    }

    fn collect_capacity(&self, into: &mut Collect) {
        self.parts.collect(into);
        into.wide(self.refunded.len() as u128);
        for member in &self.refunded {
            into.number(*member);
        }
    }

    /// All that edition 2 remembers of updates, elections and rankings beside what edition 1 does.
    fn collect_settling(&self, into: &mut Collect) {
        into.wide(self.recent.len() as u128);
        for at in self.recent.iter() {
            into.number(at.0);
        }
        for (place, decision) in self.open_decisions() {
            into.wide(place.place() as u128);
            decision.collect_memory(into);
        }
    }

    fn collect_weights(&self, into: &mut Collect) {
        into.column(&self.weights.member);
        for class in &self.weights.classes {
            into.column(&class.weight);
        }
    }
}

#[cfg(test)]
mod tests;
