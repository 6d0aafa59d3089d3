//! A decision's rules in plain words, a sentence each.

use charter::DecisionFacts;
use engine::chamber::{Decision, Layer};

use crate::{Sight, facts, power, say};

impl Sight<'_> {
    /// Returns a decision's rules, and the sums spent by them; nothing for one that they no longer define.
    pub(super) fn rules(&self, decision: &Decision) -> Vec<String> {
        let kernel = &self.state.rules.kernel;
        let clause = self.state.rules.clause(&decision.name);
        // The page of a decision says its holders and votes elsewhere.
        let here = DecisionFacts { sharing: facts::sharing(self.state), ..DecisionFacts::default() };
        let mut rules = match clause {
            Some(clause) => charter::explain_clause(clause, kernel, Some(&here)),
            None if decision.layer == Layer::Kernel => charter::explain_root(kernel, Some(&here)),
            None => Vec::new(),
        };
        let limits = power::limits(self, decision).into_iter();
        rules.extend(limits.map(|limit| limit.spent_words));
        rules.push(charter::explain_updates(kernel));
        rules
    }

    /// Returns the members who may spend, a sentence each; one sentence where nobody may.
    pub(super) fn spending_words(&self) -> Vec<String> {
        let clauses = self.state.rules.constitution.clauses.iter();
        let may = clauses.flat_map(|clause| {
            let spending = clause.power(charter::Power::Spend).into_iter();
            let may = |power| charter::explain_power(power, &self.state.rules.kernel);
            spending.map(move |power| words::rules::may_spend(say::plain(&clause.name), may(power)))
        });
        let words: Vec<String> = may.collect();
        if words.is_empty() {
            return vec![words::rules::NOBODY_MAY_SPEND.to_owned()];
        }
        words
    }
}
