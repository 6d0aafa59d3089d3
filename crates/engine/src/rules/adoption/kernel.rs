//! Another kernel: how long enough weight has assented to it, and what follows when it comes into force.

use std::sync::Arc;

use charter::{Amendment, Kernel, Part};
use imbl::OrdSet;
use quantity::Moment;

use super::Change;
use crate::id::{DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::rules::amendment::KERNEL;
use crate::state::State;
use crate::weight::{Sources, weigh};

impl State {
    /// Notes which proposals have the weight that an amendment needs, by the weights of the update at `at`. One with nobody's
    /// weight behind it is out; while nobody has any weight, none is.
    pub(crate) fn count_assent(&mut self, at: Moment) -> Vec<Outcome> {
        if self.amendment.proposals.is_empty() {
            return Vec::new();
        }
        let amend = self.rules.kernel.amend;
        let (all, whole) = (&self.weights.member, self.weights.total);
        let columns = self.weights.columns();
        let mut out = Vec::new();
        self.amendment.proposals.retain_mut(|proposal| {
            let held = is_held(amend, &proposal.assents, &columns);
            proposal.held_since = proposal.held_since.or(Some(at)).filter(|_| held);
            let stays = whole == 0 || behind(&proposal.assents, all) > 0;
            if !stays {
                out.push(Outcome::NomineeDropped { decision: KERNEL.to_owned(), candidate: proposal.document.clone() });
            }
            stays
        });
        out
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
        Arc::make_mut(&mut self.rules).kernel = kernel;
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
    }

    /// Everyone's weight by the kernel now in force, at the same moment. Columns that were kept belong to the old one's formulas.
    fn weigh_anew(&mut self, at: Moment, threads: usize) {
        self.sources = Arc::default();
        if self.last_update.is_none() && self.weights.classes.is_empty() {
            return;
        }
        let mut sources = Sources::default();
        let (kernel, members) = (&self.rules.kernel, &self.members);
        let given = (&self.support, self.standing.as_ref());
        self.weights = Arc::new(weigh(kernel, members, given, &mut sources, at, threads));
        self.sources = Arc::new(sources);
        self.note_standing(at);
    }

    pub(crate) fn next_update_after(&self, at: Moment) -> Moment {
        let kernel = &self.rules.kernel;
        kernel.updates.next_after(at, &kernel.zone)
    }
}

/// Whether the weight of those who assent is enough, of all weight and, where the kernel asks for it, in every class that has
/// any. `columns` are the weights of all members and of each class, with their sums.
pub(crate) fn is_held(amend: Amendment, assents: &OrdSet<MemberIndex>, columns: &[(&[u64], u128)]) -> bool {
    let Amendment::Held { of_weight, of_each_class, .. } = amend else {
        return false;
    };
    let reached = |part: Part, (column, whole): &(&[u64], u128)| part.is_reached(behind(assents, column), *whole);
    let Some((all, classes)) = columns.split_first() else {
        return false;
    };
    let in_each = |part: Part| {
        let mut with_weight = classes.iter().filter(|(_, whole)| *whole > 0);
        with_weight.all(|class| reached(part, class))
    };
    reached(of_weight, all) && of_each_class.is_none_or(in_each)
}

/// The weight of those who assent, of one column, micro-weights.
fn behind(assents: &OrdSet<MemberIndex>, column: &[u64]) -> u128 {
    let own = assents.iter().filter_map(|member| column.get(member.place()));
    own.map(|micro| u128::from(*micro)).sum()
}
