//! A tree as a flat program in postfix order, which runs for every member at every update.

use super::Pico;
use super::parse::{Add, Comparison, Expression, Multiply, What};

/// One of a plain number.
pub(crate) const ONE: Pico = 1_000_000_000_000;

/// One step; operands are taken from the top of the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Number(Pico),
    Source(usize),
    Least,
    Greatest,
    Add,
    Subtract,
    Multiply,
    Divide,
    /// × `times` ÷ `over`, rounded once: a product or quotient with a number, with 10^12 reduced away.
    Scale {
        times: Pico,
        over: Pico,
    },
    Root,
    Negate,
    Compare(Comparison),
    And,
    Or,
    Not,
    /// Skips so many further steps where the condition is no.
    SkipUnless(usize),
    Skip(usize),
}

/// Steps and the height of the stack that they need.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Program {
    pub(crate) steps: Vec<Step>,
    pub(crate) height: usize,
}

/// Compiles a checked tree.
pub(crate) fn compile(tree: &Expression) -> Program {
    let mut writer = Writer { steps: Vec::new(), now: 0, height: 0 };
    writer.expression(tree);
    Program { steps: writer.steps, height: writer.height }
}

impl Expression {
    /// Returns the divisor of a number; 1 for everything else.
    fn over(&self) -> Pico {
        match &self.what {
            What::Number { over, .. } => *over,
            _ => 1,
        }
    }
}

struct Writer {
    steps: Vec<Step>,
    now: usize,
    height: usize,
}

impl Writer {
    fn expression(&mut self, part: &Expression) {
        match &part.what {
            What::Number { value, over, .. } => {
                self.push(Step::Number(value.checked_div(*over).unwrap_or(0)));
            }
            What::Source(index) => self.push(Step::Source(*index)),
            What::Least(parts) => self.chain(parts, Step::Least),
            What::Greatest(parts) => self.chain(parts, Step::Greatest),
            What::All(parts) => self.chain(parts, Step::And),
            What::Any(parts) => self.chain(parts, Step::Or),
            What::Root(inner) => self.unary(inner, Step::Root),
            What::Negative(inner) => self.unary(inner, Step::Negate),
            What::Not(inner) => self.unary(inner, Step::Not),
            What::Sum(terms) => {
                for (index, (how, term)) in terms.iter().enumerate() {
                    self.expression(term);
                    match how {
                        _ if index == 0 => {}
                        Add::Plus => self.join(Step::Add),
                        Add::Minus => self.join(Step::Subtract),
                    }
                }
            }
            What::Product(factors) => {
                // A leading rate is divided last, while its product is still whole (formulas.md, *Units*).
                let late = factors.first().map_or(1, |(_, first)| first.over());
                for (index, (how, factor)) in factors.iter().enumerate() {
                    match &factor.what {
                        What::Number { value, .. } if index == 0 => self.push(Step::Number(*value)),
                        _ => self.factor(index == 0, *how, factor),
                    }
                }
                if late != 1 {
                    self.steps.push(reduced(1, late));
                }
            }
            What::Compare(how, sides) => {
                self.expression(&sides.0);
                self.expression(&sides.1);
                self.join(Step::Compare(*how));
            }
            What::Choice(choice) => {
                self.expression(&choice.condition);
                // The skip takes the condition from the stack, and only one of the two branches leaves a value.
                let unless = self.hole();
                self.now = self.now.saturating_sub(1);
                self.expression(&choice.then);
                let over = self.hole();
                self.now = self.now.saturating_sub(1);
                self.fill(unless, Step::SkipUnless);
                self.expression(&choice.otherwise);
                self.fill(over, Step::Skip);
            }
        }
    }

    fn factor(&mut self, first: bool, how: Multiply, factor: &Expression) {
        match (&factor.what, how) {
            _ if first => self.expression(factor),
            (What::Number { value, over, .. }, Multiply::Times) => {
                self.steps.push(reduced(*value, ONE.saturating_mul(*over)));
            }
            (What::Number { value, over, .. }, Multiply::Over) => {
                self.steps.push(reduced(ONE.saturating_mul(*over), *value));
            }
            (_, Multiply::Times) => {
                self.expression(factor);
                self.join(Step::Multiply);
            }
            (_, Multiply::Over) => {
                self.expression(factor);
                self.join(Step::Divide);
            }
        }
    }

    fn chain(&mut self, parts: &[Expression], step: Step) {
        for (index, part) in parts.iter().enumerate() {
            self.expression(part);
            if index > 0 {
                self.join(step);
            }
        }
    }

    fn unary(&mut self, inner: &Expression, step: Step) {
        self.expression(inner);
        self.steps.push(step);
    }

    fn push(&mut self, step: Step) {
        self.steps.push(step);
        self.now = self.now.saturating_add(1);
        self.height = self.height.max(self.now);
    }

    fn join(&mut self, step: Step) {
        self.steps.push(step);
        self.now = self.now.saturating_sub(1);
    }

    /// Leaves a place for a skip whose length is not known yet.
    fn hole(&mut self) -> usize {
        self.steps.push(Step::Skip(0));
        self.steps.len()
    }

    /// Fills the hole before `after` with a skip to here.
    fn fill(&mut self, after: usize, skip: fn(usize) -> Step) {
        let length = self.steps.len().saturating_sub(after);
        if let Some(step) = after.checked_sub(1).and_then(|hole| self.steps.get_mut(hole)) {
            *step = skip(length);
        }
    }
}

/// × times ÷ over in lowest terms, which rounds to the same result with smaller numbers.
fn reduced(times: Pico, over: Pico) -> Step {
    if over == 0 {
        return Step::Scale { times: 0, over: 1 };
    }
    let (mut left, mut right) = (times, over);
    while right != 0 {
        (left, right) = (right, left.checked_rem(right).unwrap_or(0));
    }
    let shared = left.max(1);
    Step::Scale { times: times.checked_div(shared).unwrap_or(0), over: over.checked_div(shared).unwrap_or(1) }
}
