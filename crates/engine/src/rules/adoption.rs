//! How rules come into force: which decisions stay, open and close when a document of rules takes over, and who must be read
//! again below it. Source: `docs/spec/adoption.md`. Not when a document takes over (`settle`, `update`).

mod check;
mod close;
mod kernel;
mod outlook;
#[cfg(test)]
mod tests;

pub(crate) use check::without_place;
pub(crate) use kernel::{HUNDREDTH, Keys};
pub use outlook::Assented;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use charter::{Clause, Constitution, Diagnostic};
use quantity::{Broken, Moment};

use crate::chamber::{Decision, Kind, Layer, MAX_DECISIONS, ROOT, Standing, open};
use crate::digest::hex;
use crate::id::{CandidateId, DecisionId};
use crate::outcome::Outcome;
use crate::rules::amendment::KERNEL;
use crate::state::State;

/// The path that rules know a constitution by; the co-op's own has the empty one.
pub(crate) fn rules_path(decision: &str) -> &str {
    if decision == ROOT { "" } else { decision }
}

/// The path of a clause in the document of `decision`.
fn child_path(decision: &str, clause: &str) -> String {
    match rules_path(decision) {
        "" => clause.to_owned(),
        path => format!("{path}/{clause}"),
    }
}

/// The progress of a change of rules: documents still to be laid out, by place, and decisions that closed.
#[derive(Default)]
struct Change {
    /// Parents have lower places than what they define, so the first is always nearest to the root.
    to_lay_out: BTreeMap<DecisionId, Constitution>,
    closed: BTreeSet<DecisionId>,
    outcomes: Vec<Outcome>,
}

impl State {
    /// Puts a text in force as a take-over at `at` does, for dry runs and tests. `decision` is `kernel`, `constitution` or the
    /// path of a constitution inside it.
    ///
    /// # Errors
    /// Every mistake of the text; one mistake without a place where no such decision is open or there is no room.
    pub fn put_in_force(&mut self, decision: &str, text: &str, at: Moment) -> Result<Vec<Outcome>, Vec<Diagnostic>> {
        let document = hex(text.as_bytes());
        if decision == KERNEL {
            let kernel = self.kernel_that_fits(text)?;
            let outcomes = self.adopt_kernel(&document, Arc::from(text), kernel, at, 1);
            self.wait_for_update(self.next_update_after(at));
            return Ok(outcomes);
        }
        let place =
            self.decision_place(decision).filter(|place| self.decisions.get(*place).is_some_and(|d| d.holds_rules));
        let Some(place) = place else {
            return Err(check::without_place(format!("there is no constitution `{decision}`")));
        };
        let constitution = self.read_rules(place, text)?;
        self.has_room(place, &constitution).map_err(check::without_place)?;
        let mut outcomes = Vec::new();
        outcomes.extend(self.decisions.get_mut(place).and_then(|known| known.put_in_force(&document, text, at)));
        outcomes.extend(self.come_into_force(place, constitution, at));
        // A take-over leaves that to the next update. Weights without it would not be those of the text.
        if self.count_by_settings() {
            self.weigh_anew(at, 1);
        }
        Ok(outcomes)
    }

    /// Puts a text in force as [`State::put_in_force`] does, to stay there whatever its votes: for dry runs, which ask what would
    /// have come of it and not how long it would have lasted.
    ///
    /// # Errors
    /// As [`State::put_in_force`].
    pub fn try_in_force(&mut self, decision: &str, text: &str, at: Moment) -> Result<Vec<Outcome>, Vec<Diagnostic>> {
        let outcomes = self.put_in_force(decision, text, at)?;
        self.tried.insert(decision.to_owned());
        Ok(outcomes)
    }

    /// Takes over where a document of rules has earned it. One that does not check any more, or defines more decisions than
    /// there is room for, is out instead.
    pub(crate) fn take_over_rules(&mut self, place: DecisionId, at: Moment) -> Result<Vec<Outcome>, Broken> {
        let Some(decision) = self.decisions.get(place) else {
            return Ok(Vec::new());
        };
        let name = decision.name.clone();
        if self.tried.contains(&name) {
            return Ok(Vec::new());
        }
        let now = self.recount(place);
        let Some((winner, candidate)) = decision.taking_over(at, &now) else {
            return Ok(Vec::new());
        };
        let (document, text) = (candidate.name.to_string(), candidate.text.clone());
        // The rules above it may have changed since it was proposed (spec/adoption.md).
        let read = text.and_then(|text| self.read_rules(place, &text).ok());
        let read = read.filter(|constitution| self.has_room(place, constitution).is_ok());
        let Some(constitution) = read else {
            self.fall_out(place, winner, at);
            return Ok(vec![Outcome::DocumentNoLongerChecks { decision: name, document }]);
        };
        let taken = self.decisions.get_mut(place).map(|decision| decision.take_over(at, &now));
        let mut outcomes = taken.transpose()?.unwrap_or_default();
        outcomes.extend(self.come_into_force(place, constitution, at));
        Ok(outcomes)
    }

    /// Carries out the consequences once a document holds the seat of the constitution at `place`.
    fn come_into_force(&mut self, place: DecisionId, constitution: Constitution, at: Moment) -> Vec<Outcome> {
        let mut change = Change::default();
        change.to_lay_out.insert(place, constitution);
        self.carry_through(change, at)
    }

    /// Lays out document after document, nearest to the root first, and then gives back what closed decisions held.
    fn carry_through(&mut self, change: Change, at: Moment) -> Vec<Outcome> {
        let mut outcomes = self.carry_out(change, at);
        outcomes.push(Outcome::RulesChanged { rules: self.rules_hash() });
        outcomes
    }

    /// The constitution becomes these clauses, as no act could bring about.
    #[cfg(test)]
    pub(crate) fn lay_out_for_test(&mut self, constitution: Constitution, at: Moment) -> Vec<Outcome> {
        self.come_into_force(DecisionId::ROOT, constitution, at)
    }

    /// As [`State::carry_through`], where what is in force may be what it was.
    fn carry_out(&mut self, mut change: Change, at: Moment) -> Vec<Outcome> {
        // Decisions that are due at this instant are taken by what held up to it, and not by the rules that come.
        let taken = self.take_due(at);
        change.outcomes.extend(taken);
        while let Some((place, constitution)) = change.to_lay_out.pop_first() {
            self.lay_out(place, constitution, at, &mut change);
        }
        self.give_back(&mut change);
        let freed = self.free_past();
        change.outcomes.extend(freed);
        self.allow_anew();
        self.wait_anew();
        change.outcomes
    }

    /// Makes the decisions of one document those that it defines: same path and kind stay, others close, new ones open.
    fn lay_out(&mut self, place: DecisionId, constitution: Constitution, at: Moment, change: &mut Change) {
        let Some(name) = self.decisions.get(place).map(|d| d.name.clone()) else {
            return;
        };
        let layer = Layer::Of(place);
        let mut opens: BTreeMap<String, &Clause> =
            constitution.clauses.iter().map(|clause| (child_path(&name, &clause.name), clause)).collect();
        // docs/spec/adoption.md, Take-over: a decision with the same path and kind stays, with its ballots and buckets.
        let edition = self.rules.kernel.edition;
        let (mut renewed, mut gone) = (Vec::new(), BTreeSet::new());
        for (place, decision) in self.layer(layer) {
            let same = opens.get(&decision.name);
            if same.is_some_and(|clause| Kind::of(edition, clause) == Some(decision.kind())) {
                renewed.extend(opens.remove(&decision.name).map(|clause| (place, clause)));
            } else {
                gone.insert(place);
            }
        }
        // Ballots on closed decisions stay until every document is laid out: then one walk takes all of them away.
        self.close(&gone, at, change);
        // docs/spec/updates.md, The entry: seats that a smaller body lost come before decisions that open.
        for (place, clause) in &renewed {
            let kernel = &self.rules.kernel;
            change
                .outcomes
                .extend(self.decisions.get_mut(*place).into_iter().flat_map(|d| d.renew(kernel, clause, at)));
        }
        // Places are given in the order of opening, which is that of the clauses and not of names.
        for clause in &constitution.clauses {
            let path = child_path(&name, &clause.name);
            if opens.contains_key(&path) {
                self.open(clause, path, layer, at, change);
            }
        }
        let renewed: Vec<DecisionId> = renewed.into_iter().map(|(place, _)| place).collect();
        // Texts below are read against this one, so it is in force before they are read again.
        match rules_path(&name) {
            "" => Arc::make_mut(&mut self.rules).put_constitution(constitution),
            path => {
                Arc::make_mut(&mut self.rules).below.insert(path.to_owned(), constitution);
            }
        }
        for place in renewed {
            self.read_again(place, at, change);
        }
    }

    fn open(&mut self, clause: &Clause, path: String, layer: Layer, at: Moment, change: &mut Change) {
        // Room was made sure of before the document took its seat.
        if self.decisions.len() >= MAX_DECISIONS {
            return;
        }
        if let Some(decision) = open(&self.rules.kernel, clause, path, layer, at) {
            change.outcomes.push(Outcome::DecisionOpened { decision: decision.name.clone() });
            let name = Arc::from(decision.name.as_str());
            let place = self.decisions.push(decision);
            self.by_path.insert(name, place);
        }
    }

    /// Reads every text that stands for the constitution at `place` against what is now above it. Those that do not check are
    /// out; a holder's decisions close with it, or are laid out again. Nothing happens where the decision holds no rules.
    fn read_again(&mut self, place: DecisionId, at: Moment, change: &mut Change) {
        let Some(decision) = self.decisions.get(place).filter(|d| d.holds_rules) else {
            return;
        };
        let name = decision.name.clone();
        // docs/spec/adoption.md, What is read again: candidates and nominees too, not the text in force alone.
        let standing: Vec<(CandidateId, String, Arc<str>)> = (0..)
            .map(CandidateId)
            .zip(decision.candidates())
            .filter(|(_, candidate)| candidate.standing != Standing::Out)
            .filter_map(|(at, candidate)| Some((at, candidate.name.to_string(), candidate.text.clone()?)))
            .collect();
        let holder = decision.seated().next();
        for (candidate, document, text) in standing {
            let holds = holder == Some(candidate);
            match self.read_rules(place, &text) {
                // An unchanged text is laid out again, since the terms that it leaves open may come from above.
                Ok(constitution) if holds => {
                    change.to_lay_out.insert(place, constitution);
                }
                Ok(_) => {}
                Err(_) => {
                    // Ballots that name the text stay and count for nothing, as for everyone who leaves.
                    self.fall_out(place, candidate, at);
                    change
                        .outcomes
                        .push(Outcome::DocumentNoLongerChecks { decision: name.clone(), document: document.clone() });
                    // A text in force loses its seat, and everything that it defines closes with it.
                    if holds {
                        change.outcomes.push(Outcome::SeatVacated { decision: name.clone(), from: document });
                        Arc::make_mut(&mut self.rules).below.remove(rules_path(&name));
                        let layer = Layer::Of(place);
                        let gone = self.layer(layer).map(|(place, _)| place).collect();
                        self.close(&gone, at, change);
                    }
                }
            }
        }
    }

    fn fall_out(&mut self, place: DecisionId, candidate: CandidateId, at: Moment) {
        if let Some(decision) = self.decisions.get_mut(place) {
            decision.fall_out(candidate, at);
        }
    }

    /// The open decisions that one document defines, with their places.
    pub(crate) fn layer(&self, layer: Layer) -> impl Iterator<Item = (DecisionId, &Decision)> {
        self.open_decisions().filter(move |(_, decision)| decision.layer == layer)
    }
}
