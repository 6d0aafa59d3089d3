//! Runs a compiled formula. Total: every step has a result for every operand.

use super::Pico;
use super::compile::{ONE, Program, Step};
use super::parse::Comparison;
use super::wide;

/// Nearly every formula fits in this many cells, which then need no allocation.
const SMALL: usize = 12;

impl Program {
    /// Returns the value for these sources; a missing source is 0.
    pub(crate) fn run(&self, values: &[Pico]) -> Pico {
        if self.height <= SMALL {
            run(&self.steps, values, &mut [0; SMALL])
        } else {
            run(&self.steps, values, &mut vec![0; self.height])
        }
    }
}

/// The stack. Its top is kept apart, because every step reads or writes it.
struct Stack<'c> {
    cells: &'c mut [Pico],
    below: usize,
    top: Pico,
}

impl Stack<'_> {
    fn push(&mut self, value: Pico) {
        if let Some(cell) = self.cells.get_mut(self.below) {
            *cell = self.top;
        }
        self.below = self.below.saturating_add(1);
        self.top = value;
    }

    fn pop(&mut self) -> Pico {
        self.below = self.below.saturating_sub(1);
        let below = self.cells.get(self.below).copied().unwrap_or(0);
        std::mem::replace(&mut self.top, below)
    }

    fn join(&mut self, how: impl FnOnce(Pico, Pico) -> Pico) {
        let right = self.pop();
        self.top = how(self.top, right);
    }
}

fn run(steps: &[Step], values: &[Pico], cells: &mut [Pico]) -> Pico {
    let mut stack = Stack { cells, below: 0, top: 0 };
    let mut at = 0_usize;
    while let Some(step) = steps.get(at) {
        at = at.saturating_add(1);
        match *step {
            Step::Number(value) => stack.push(value),
            Step::Source(index) => stack.push(values.get(index).copied().unwrap_or(0)),
            Step::Least => stack.join(Pico::min),
            Step::Greatest => stack.join(Pico::max),
            Step::Add => stack.join(Pico::saturating_add),
            Step::Subtract => stack.join(Pico::saturating_sub),
            Step::Multiply => stack.join(|left, right| wide::scale(left, right, ONE)),
            Step::Divide => stack.join(|left, right| wide::scale(left, ONE, right)),
            Step::Scale { times, over } => stack.top = wide::scale(stack.top, times, over),
            Step::Root => stack.top = wide::root(stack.top),
            Step::Negate => stack.top = stack.top.saturating_neg(),
            Step::Compare(how) => stack.join(|left, right| truth(holds(how, left, right))),
            Step::And => stack.join(|left, right| truth(left != 0 && right != 0)),
            Step::Or => stack.join(|left, right| truth(left != 0 || right != 0)),
            Step::Not => stack.top = truth(stack.top == 0),
            Step::SkipUnless(length) => {
                if stack.pop() == 0 {
                    at = at.saturating_add(length);
                }
            }
            Step::Skip(length) => at = at.saturating_add(length),
        }
    }
    stack.top
}

/// Returns 1 for yes and 0 for no.
fn truth(yes: bool) -> Pico {
    Pico::from(yes)
}

fn holds(how: Comparison, left: Pico, right: Pico) -> bool {
    match how {
        Comparison::Equal => left == right,
        Comparison::Unequal => left != right,
        Comparison::Less => left < right,
        Comparison::AtMost => left <= right,
        Comparison::More => left > right,
        Comparison::AtLeast => left >= right,
    }
}
