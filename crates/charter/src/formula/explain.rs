//! A formula's value, explained line by line: the whole first, then its parts, then theirs. Of a choice only the branch that
//! was taken is shown.

mod amount;
mod words;

use quantity::Currency;

use super::compile::compile;
use super::parse::{Choice, Expression, What};
use super::{Pico, Source};

/// One line of an explanation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceLine {
    /// 0 for the whole, one more for each part of a part.
    pub depth: u8,
    /// The part in words, such as `donated last month`.
    pub words: String,
    /// Its value, such as `12.00 USD`, `3 hours`, `2.5`, `yes`.
    pub value: String,
}

/// Explains a whole formula.
pub(crate) fn trace(tree: &Expression, sources: &[Source], currency: Currency, values: &[Pico]) -> Vec<TraceLine> {
    let mut lines = Lines { sources, currency, values, lines: Vec::new() };
    lines.add(tree, 0);
    lines.lines
}

struct Lines<'f> {
    sources: &'f [Source],
    currency: Currency,
    values: &'f [Pico],
    lines: Vec<TraceLine>,
}

impl Lines<'_> {
    fn add(&mut self, part: &Expression, depth: u8) {
        let value = compile(part).run(self.values);
        self.lines.push(TraceLine {
            depth,
            words: words::words(part, self.sources),
            value: amount::amount(value, part.kind, self.currency),
        });
        let inner = depth.saturating_add(1);
        match &part.what {
            What::Number { .. } | What::Source(_) => {}
            What::Least(parts) | What::Greatest(parts) | What::All(parts) | What::Any(parts) => {
                parts.iter().for_each(|part| self.add_unless_plain(part, inner));
            }
            What::Root(part) | What::Negative(part) | What::Not(part) => self.add_unless_plain(part, inner),
            What::Sum(terms) => terms.iter().for_each(|(_, part)| self.add_unless_plain(part, inner)),
            What::Product(factors) => {
                factors.iter().for_each(|(_, part)| self.add_unless_plain(part, inner));
            }
            What::Compare(_, sides) => {
                self.add_unless_plain(&sides.0, inner);
                self.add_unless_plain(&sides.1, inner);
            }
            What::Choice(choice) => self.add_choice(choice, inner),
        }
    }

    fn add_choice(&mut self, choice: &Choice, depth: u8) {
        self.add(&choice.condition, depth);
        let taken = match compile(&choice.condition).run(self.values) {
            0 => &choice.otherwise,
            _ => &choice.then,
        };
        self.add(taken, depth);
    }

    /// Skips numbers: the words of the whole name them already.
    fn add_unless_plain(&mut self, part: &Expression, depth: u8) {
        if !matches!(part.what, What::Number { .. }) {
            self.add(part, depth);
        }
    }
}
