//! Another kernel: how long enough weight has assented to it, and what follows when it comes into force.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use charter::{Amendment, Kernel, Part};
use imbl::OrdSet;
use quantity::Moment;

use super::Change;
use crate::edition::Edition;
use crate::id::{DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::register::Members;
use crate::rules::amendment::{HeadsBehind, KERNEL, Place, Proposal, UNSUPPORTED_S};
use crate::rules::tenure::Tenure;
use crate::rules::texts::MAX_RULES;
use crate::state::State;
use crate::weight::{Sources, weigh};

impl State {
    /// Notes which proposals have what an amendment needs, by the weights of the update at `at`. One that has too little behind
    /// it is out.
    pub(crate) fn count_assent(&mut self, at: Moment) -> Vec<Outcome> {
        if self.amendment.proposals.is_empty() {
            return Vec::new();
        }
        let mut proposals = std::mem::take(&mut self.amendment.proposals);
        let keys = Keys::of(self);
        let out = match self.editions.current {
            Edition::ONE => without_weight(&mut proposals, &keys),
            _ => place(&mut proposals, &keys, at),
        };
        for proposal in &mut proposals {
            let held = keys.turn(&proposal.assents, proposal.since);
            proposal.heads = held.heads;
            let held = held.all && proposal.place == Place::Counts;
            proposal.held_since = proposal.held_since.or(Some(at)).filter(|_| held);
        }
        self.amendment.proposals = proposals;
        if self.editions.current > Edition::ONE {
            self.amendment.tidy();
        }
        let dropped = |candidate| Outcome::NomineeDropped { decision: KERNEL.to_owned(), candidate };
        out.into_iter().map(dropped).collect()
    }

    /// Puts the proposal in force that has had enough weight for long enough: where there are several, the one that has had it
    /// longest, then the one proposed first. It waits while the constitutions in force do not check under it.
    pub(crate) fn adopt_amendment(&mut self, at: Moment, threads: usize) -> Vec<Outcome> {
        let Amendment::Held { span, .. } = self.rules.kernel.amend else {
            return Vec::new();
        };
        if self.tried.contains(KERNEL) {
            return Vec::new();
        }
        let mut ripe: Vec<(Moment, usize, String, Arc<str>)> = Vec::new();
        for (place, proposal) in self.amendment.proposals.iter().enumerate() {
            let since = proposal.held_since;
            if let Some(since) = since.filter(|since| at.seconds_since(*since) >= span.seconds()) {
                let (document, text) = (proposal.document.clone(), Arc::clone(&proposal.text));
                ripe.push((since, place, document, text));
            }
        }
        ripe.sort();
        for (_, _, document, text) in ripe {
            if let Ok(kernel) = self.kernel_that_fits(&text) {
                return self.adopt_kernel(&document, text, kernel, at, threads);
            }
        }
        Vec::new()
    }

    /// Puts a kernel in force under which everything in force checks.
    pub(super) fn adopt_kernel(
        &mut self,
        document: &str,
        text: Arc<str>,
        kernel: Kernel,
        at: Moment,
        threads: usize,
    ) -> Vec<Outcome> {
        let mut change = Change::default();
        change.outcomes.push(Outcome::AmendmentAdopted { document: document.to_owned() });
        document.clone_into(&mut self.amendment.in_force);
        self.amendment.text = Some(text);
        self.put_kernel(kernel);
        self.stand_again(document, at, &mut change);
        self.weigh_anew(at, threads);
        // The factors that votes were multiplied by were the old kernel's.
        for (_, decision) in self.decisions.iter_mut() {
            decision.factors = Vec::new();
        }
        self.renew_root(at);
        self.read_again(DecisionId::ROOT, at, &mut change);
        self.carry_through(change, at)
    }

    /// Lays everything in force out once more under its kernel, as another edition reads it.
    pub(crate) fn lay_out_under(&mut self, kernel: Kernel, at: Moment, threads: Option<usize>) -> Vec<Outcome> {
        let before = self.rules_hash();
        let mut change = Change::default();
        self.put_kernel(kernel);
        if let Some(threads) = threads {
            self.weigh_anew(at, threads);
        }
        self.renew_root(at);
        self.read_again(DecisionId::ROOT, at, &mut change);
        let mut outcomes = self.carry_out(change, at);
        let rules = self.rules_hash();
        outcomes.extend((rules != before).then_some(Outcome::RulesChanged { rules }));
        outcomes
    }

    fn put_kernel(&mut self, kernel: Kernel) {
        for class in &kernel.classes {
            if let Some(list) = &class.list {
                self.members.declare_list(list);
            }
        }
        let values = self.rules.constitution.values();
        Arc::make_mut(&mut self.rules).kernel = kernel.with_values(&values);
        self.counted_by = Arc::new(values);
    }

    /// Gives the constitution's own election what the kernel says of it.
    fn renew_root(&mut self, at: Moment) {
        if let Some(root) = self.decisions.get_mut(DecisionId::ROOT) {
            root.renew_root(&self.rules.kernel, at);
        }
    }

    /// The other proposals, and the announced edition, begin anew under the kernel that is now in force; under one that is never amended they are out.
    fn stand_again(&mut self, adopted: &str, at: Moment, change: &mut Change) {
        let never = self.rules.kernel.amend == Amendment::Never;
        let mut others = std::mem::take(&mut self.amendment.proposals);
        others.retain(|proposal| proposal.document != adopted);
        for proposal in &mut others {
            proposal.held_since = None;
        }
        if let Some(announced) = &mut self.editions.announced {
            (announced.at, announced.held_since) = (at, None);
        }
        if never {
            change.outcomes.extend(others.drain(..).map(|proposal| Outcome::DocumentNoLongerChecks {
                decision: KERNEL.to_owned(),
                document: proposal.document,
            }));
        }
        self.amendment.proposals = others;
        if self.editions.current > Edition::ONE {
            self.amendment.tidy();
        }
    }

    /// Everyone's weight by the kernel now in force, at the same moment. Columns that were kept belong to the old one's formulas.
    pub(super) fn weigh_anew(&mut self, at: Moment, threads: usize) {
        self.sources = Arc::default();
        if self.last_update.is_none() && self.weights.classes.is_empty() {
            return;
        }
        let mut sources = Sources::default();
        let (kernel, members) = (&self.rules.kernel, &self.members);
        self.weights = Arc::new(weigh(kernel, members, self.given(), &mut sources, at, threads));
        self.weighed = self.members.roll().clone();
        self.sources = Arc::new(sources);
        self.note_standing(at);
    }

    pub(crate) fn next_update_after(&self, at: Moment) -> Moment {
        let kernel = &self.rules.kernel;
        kernel.updates.next_after(at, &kernel.zone)
    }
}

/// The keys of an amendment: what all of those who assent are measured against.
pub(crate) struct Keys<'a> {
    amend: Amendment,
    /// The weights of all members and of each class, with their sums.
    columns: Vec<(&'a [u64], u128)>,
    tenure: &'a Tenure,
    members: &'a Members,
}

/// Which keys turn.
pub(crate) struct Turned {
    /// All that the kernel asks for.
    pub(crate) all: bool,
    /// The heads that were counted, where it counts any.
    pub(crate) heads: Option<HeadsBehind>,
}

impl<'a> Keys<'a> {
    /// Those of the kernel in force, by the weights of the last update.
    pub(crate) fn of(state: &'a State) -> Keys<'a> {
        let amend = state.rules.kernel.amend;
        Keys { amend, columns: state.weights.columns(), tenure: &state.tenure, members: &state.members }
    }

    /// Whether those who assent to what was proposed at `since` are enough: of all weight, in every class that has any where
    /// the kernel asks for it, and of the members where it counts heads.
    pub(crate) fn turn(&self, assents: &OrdSet<MemberIndex>, since: Moment) -> Turned {
        let Amendment::Held { of_weight, of_each_class, of_members, .. } = self.amend else {
            return Turned { all: false, heads: None };
        };
        let reached = |part: Part, (column, whole): &(&[u64], u128)| part.is_reached(behind(assents, column), *whole);
        let Some((all, classes)) = self.columns.split_first() else {
            return Turned { all: false, heads: None };
        };
        let in_each = |part: Part| {
            let mut with_weight = classes.iter().filter(|(_, whole)| *whole > 0);
            with_weight.all(|class| reached(part, class))
        };
        let heads = of_members.map(|key| self.tenure.reaches(key, assents, since, self.members));
        let weight = reached(of_weight, all) && of_each_class.is_none_or(in_each);
        Turned {
            all: weight && heads.is_none_or(|(reached, _)| reached),
            heads: heads.map(|(_, [part, whole])| HeadsBehind { part, whole }),
        }
    }

    fn behind(&self, proposal: &Proposal) -> u128 {
        self.columns.first().map_or(0, |(all, _)| behind(&proposal.assents, all))
    }

    fn whole(&self) -> u128 {
        self.columns.first().map_or(0, |(_, whole)| *whole)
    }
}

/// Edition 1: a proposal with nobody's weight behind it is out; while nobody has any weight, none is.
fn without_weight(proposals: &mut Vec<Proposal>, keys: &Keys<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let whole = keys.whole();
    proposals.retain(|proposal| {
        let stays = whole == 0 || keys.behind(proposal) > 0;
        if !stays {
            out.push(proposal.document.clone());
        }
        stays
    });
    out
}

/// A hundredth of all weight behind it keeps a text on the list (edition 2).
pub(crate) const HUNDREDTH: u128 = 100;

/// From edition 2 on: those stay that have most behind them, of equal ones the older; a young one waits for a place, and
/// one that has had less than a hundredth of all weight for 30 days leaves.
fn place(proposals: &mut Vec<Proposal>, keys: &Keys<'_>, at: Moment) -> Vec<String> {
    let whole = keys.whole();
    let weights: BTreeMap<u64, u128> = proposals.iter().map(|one| (one.number, keys.behind(one))).collect();
    let weight = |one: &Proposal| weights.get(&one.number).copied().unwrap_or(0);
    let mut out = Vec::new();
    proposals.retain_mut(|one| {
        let is_low = whole > 0 && weight(one).saturating_mul(HUNDREDTH) < whole;
        one.low_since = one.low_since.or(Some(at)).filter(|_| is_low);
        let leaves = one.low_since.is_some_and(|since| at.seconds_since(since) >= UNSUPPORTED_S);
        if leaves {
            out.push(one.document.clone());
        }
        !leaves
    });
    let mut ranked: Vec<(Reverse<u128>, u64)> =
        proposals.iter().map(|one| (Reverse(weight(one)), one.number)).collect();
    ranked.sort_unstable();
    let placed: BTreeSet<u64> = ranked.into_iter().take(MAX_RULES).map(|(_, number)| number).collect();
    proposals.retain_mut(|one| {
        one.place = if placed.contains(&one.number) { Place::Counts } else { Place::Waits };
        let stays = one.place == Place::Counts || at.seconds_since(one.since) < UNSUPPORTED_S;
        if !stays {
            out.push(one.document.clone());
        }
        stays
    });
    out
}

/// The weight of those who assent, of one column, micro-weights.
fn behind(assents: &OrdSet<MemberIndex>, column: &[u64]) -> u128 {
    let own = assents.iter().filter_map(|member| column.get(member.place()));
    own.map(|micro| u128::from(*micro)).sum()
}
