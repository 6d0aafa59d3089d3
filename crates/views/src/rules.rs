//! A decision's rules in plain words, a sentence each.

use engine::chamber::{Decision, Layer};
use quantity::{Currency, Span};

use crate::{Amount, Sight, power, say};

impl Sight<'_> {
    /// What the rules say about a decision, and what is spent by them; nothing of one that they no longer define.
    pub(super) fn rules(&self, decision: &Decision) -> Vec<String> {
        let kernel = &self.state.rules.kernel;
        let clause = self.state.rules.clause(&decision.name);
        let mut rules = match clause {
            Some(clause) => charter::explain_clause(clause, kernel, None),
            None if decision.layer == Layer::Kernel => charter::explain_root(kernel, None),
            None => Vec::new(),
        };
        let limits = power::limits(self, decision).into_iter();
        rules.extend(limits.map(|limit| limit.spent_words));
        rules.push(charter::explain_updates(kernel));
        rules
    }

    /// Who may spend, a sentence each; one sentence where nobody may.
    pub(super) fn spending_words(&self) -> Vec<String> {
        let clauses = self.state.rules.constitution.clauses.iter();
        let may = clauses.flat_map(|clause| {
            let spending = clause.power(charter::Power::Spend).into_iter();
            spending.map(|power| {
                format!(
                    "The {} may {}.",
                    say::plain(&clause.name),
                    charter::explain_power(power, &self.state.rules.kernel)
                )
            })
        });
        let words: Vec<String> = may.collect();
        if words.is_empty() {
            return vec![
                "No office has been given the power to spend: payments are recorded here, and not decided here."
                    .to_owned(),
            ];
        }
        words
    }
}

/// Days, because that is how people count towards a closing.
pub(super) fn days(seconds: u64) -> String {
    if seconds.is_multiple_of(86_400) {
        say::count(seconds / 86_400, "day")
    } else {
        Span::from_seconds(seconds).to_string()
    }
}

pub(super) fn money(minor: i64, currency: Currency) -> Amount {
    Amount::from_minor(minor, currency.code(), u32::from(currency.digits()))
}
