//! Whether a text of rules could come into force under the present rules.

use std::collections::BTreeSet;

use charter::{Above, Constitution, Diagnostic, Kernel, Rules, read_constitution_below, read_kernel_under};

use super::{child_path, rules_path};
use crate::chamber::{Kind, Layer, MAX_DECISIONS};
use crate::id::DecisionId;
use crate::refusal::{Refusal, Rule};
use crate::rules::amendment::KERNEL;
use crate::state::State;

/// The most decisions that there ever were inside one constitution inside the constitution, at any depth, since it opened: a
/// group that changes its rules quickly must not use up the places of all.
const MAX_BELOW: usize = 4_096;

impl State {
    /// Reads a text that stands for the constitution at `place` and checks it against everything above.
    ///
    /// # Errors
    /// Every mistake.
    pub fn read_rules(&self, place: DecisionId, text: &str) -> Result<Constitution, Vec<Diagnostic>> {
        let name = self.decisions.get(place).map_or("", |d| d.name.as_str());
        let Some(above) = self.rules.above(rules_path(name)) else {
            return Err(without_place(format!("nothing above defines `{name}`")));
        };
        read_constitution_below(text, &above)
    }

    /// Whether there is room for the decisions that a document would open.
    pub(crate) fn has_room(&self, place: DecisionId, constitution: &Constitution) -> Result<(), String> {
        let Some(name) = self.decisions.get(place).map(|d| d.name.as_str()) else {
            return Ok(());
        };
        let layer = Layer::Of(place);
        let stay: BTreeSet<(&str, Kind)> =
            self.layer(layer).map(|(_, decision)| (decision.name.as_str(), decision.kind())).collect();
        let opens = constitution.clauses.iter().filter(|clause| {
            let path = child_path(name, &clause.name);
            Kind::of(self.rules.kernel.edition, clause).is_some_and(|kind| !stay.contains(&(path.as_str(), kind)))
        });
        let opens = opens.count();
        if let Some((path, had)) = self.full_below(name, opens) {
            return Err(format!(
                "the text opens {opens} decisions, and `{path}` has had {had} of the {MAX_BELOW} that there is room for inside it since it opened: the constitution above can close it and open it anew"
            ));
        }
        if self.decisions.len().saturating_add(opens) <= MAX_DECISIONS {
            return Ok(());
        }
        Err(format!(
            "the text opens {opens} decisions, and this co-op has had {} of the {MAX_DECISIONS} that there is room for",
            self.decisions.len()
        ))
    }

    /// The first of the constitutions inside the constitution that `opens` more decisions of `name` would fill, from the root
    /// down, and how many decisions there were inside it since it opened.
    fn full_below(&self, name: &str, opens: usize) -> Option<(String, usize)> {
        let path = rules_path(name);
        let ends = path.match_indices('/').map(|(at, _)| at);
        let ends = ends.chain((!path.is_empty()).then_some(path.len()));
        ends.filter_map(|end| path.get(..end)).find_map(|path| {
            let place = self.decision_place(path)?;
            let since = self.decisions.rows().iter().skip(place.place());
            let inside = |name: &str| {
                let rest = name.strip_prefix(path);
                rest.is_some_and(|rest| rest.starts_with('/'))
            };
            let had = since.filter(|decision| inside(&decision.name)).count();
            (had.saturating_add(opens) > MAX_BELOW).then(|| (path.to_owned(), had))
        })
    }

    /// Reads a kernel that could take the place of the one in force.
    ///
    /// # Errors
    /// Every mistake, in the kernel or in what is in force below it; one for another currency or time zone.
    pub(crate) fn kernel_that_fits(&self, text: &str) -> Result<Kernel, Vec<Diagnostic>> {
        let kernel = read_kernel_under(text, self.editions.current)?;
        if let Some(refusal) = self.fixed_for_good(&kernel) {
            return Err(without_place(refusal.why));
        }
        self.rules_under(&kernel)?;
        Ok(kernel)
    }

    /// Returns the refusal of proposing this text for `decision`, but for the mistakes in it: no such decision is open, the
    /// constitution in force does not fit under the kernel, or it is another in what is fixed for good.
    #[must_use]
    pub fn rules_refused(&self, decision: &str, text: &str) -> Option<Refusal> {
        if decision != KERNEL {
            return crate::context::decision(self, decision).err();
        }
        let kernel = read_kernel_under(text, self.editions.current).ok()?;
        crate::rules::assent::fits(self, &kernel).err()
    }

    /// Why no amendment makes this kernel the one in force: what is on record is counted in the currency and the time zone.
    pub(crate) fn fixed_for_good(&self, kernel: &Kernel) -> Option<Refusal> {
        let own = &self.rules.kernel;
        let why = if kernel.currency != own.currency {
            let (new, old) = (kernel.currency.code(), own.currency.code());
            format!("the {KERNEL} counts in {new} and the book in {old}")
        } else if kernel.zone != own.zone {
            format!("the {KERNEL} has another time zone than what is on record")
        } else {
            return None;
        };
        let instead = "leave it as it is, or found a co-op that counts in another: a fork";
        Some(Refusal::new(Rule::FixedForGood, why, instead))
    }

    /// The constitutions in force, read under another kernel.
    ///
    /// # Errors
    /// The mistakes of the first that does not check under it.
    pub(crate) fn rules_under(&self, kernel: &Kernel) -> Result<Rules, Vec<Diagnostic>> {
        let text = |place: DecisionId| self.document_in_force(place).map(|c| c.text.as_deref());
        let Some(Some(own)) = text(DecisionId::ROOT) else {
            let why = "the text of the constitution in force is not at hand";
            return Err(without_place(why.to_owned()));
        };
        let constitution = read_constitution_below(own, &Above::root(kernel))?;
        let mut rules = Rules::new(kernel.clone(), constitution);
        let below = self.open_decisions().filter(|(_, d)| d.holds_rules);
        for (place, decision) in below.skip(1) {
            let Some(Some(text)) = text(place) else {
                continue;
            };
            let read = rules.above(&decision.name).map(|above| read_constitution_below(text, &above));
            if let Some(read) = read {
                let constitution = read?;
                rules.below.insert(decision.name.clone(), constitution);
            }
        }
        Ok(rules)
    }
}

/// A mistake of the whole text.
pub(crate) fn without_place(why: String) -> Vec<Diagnostic> {
    vec![Diagnostic {
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 1,
        code: Rule::DoesNotCheck.number(),
        name: Rule::DoesNotCheck.name(),
        words: String::new(),
        why,
        help: None,
    }]
}
