//! Formulas: how much weight a member's support gives. A formula is parsed and its units are checked
//! once; then it is evaluated for every member at every update. It is total: there are no loops, no
//! clock and no errors at evaluation. `docs/spec/formulas.md` is the specification.

mod bound;
mod compile;
mod evaluate;
mod explain;
mod lexer;
mod parse;
mod quantity;
mod units;
mod wide;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use std::ops::Range;

use ::quantity::{Currency, Period, Reach};

use crate::edition::Edition;
use crate::named::Meaning;
use crate::support::SupportKind;
use compile::Program;
use parse::{Expression, What};

pub use self::quantity::Quantity;
pub use explain::TraceLine;
pub(crate) use parse::is_taken;

/// A value × 10^12: money in minor units, time in seconds, credits and weights plain.
///
/// 5 USD is 500 × 10^12, 3 hours are 10,800 × 10^12, one credit is 10^12. An amount of micro-credits
/// or micro-weights becomes a `Pico` when multiplied by 10^6.
pub type Pico = i128;

/// Functions and words of formulas, with their meanings.
pub(crate) const WORDS: &[Meaning] = &[
    ("donated", "what the member gave in a period: `donated(last month)`"),
    ("pledged", "what the member has promised: `pledged(next month)`"),
    ("purchased", "what the member bought in a period"),
    ("dues", "the dues that the member paid in a period"),
    ("hours", "the hours that the member worked in a period"),
    ("contributed", "the member's credited units of work in a period"),
    ("credit", "the credit that a commitment accepted, in a period"),
    ("computed", "the machine time that the member gave in a period"),
    ("lent", "what the member lent in a period"),
    ("capital", "the share capital that the member brought in in a period"),
    ("faded", "everything given, halved with every half-life: `faded(donated, half-life 1 year)`"),
    ("min", "the least of several values"),
    ("max", "the greatest of several values"),
    ("sqrt", "the square root"),
    ("count", "how many members a class has"),
    ("highest", "the greatest weight in a class"),
    ("total", "the weight of a whole class"),
    ("and", "both hold"),
    ("or", "one of them holds"),
    ("not", "it does not hold"),
    ("if", "`if … then … else …`"),
    ("then", "what holds if the condition does"),
    ("else", "what holds if the condition does not"),
    ("half-life", "the time in which what was given counts half"),
    ("of", "of one service alone: `purchased(last month, of food)`"),
];
/// The most bytes a formula may have.
pub(crate) const LONGEST: usize = 4_096;
/// How deep parentheses, functions and choices may nest.
pub(crate) const DEEPEST: usize = 64;

/// A fact that a formula needs, per member or per class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Source {
    /// Support of one kind that the member gave in a calendar period.
    Support { kind: SupportKind, period: Period },
    /// As `Support`, but not below half of what the period before it had, a quarter of the one before that, down to a
    /// thirty-second: for records that others enter, who may be late. Since edition 2.
    Falling { kind: SupportKind, period: Period },
    /// Σ amount × 2^-(age ÷ half-life) over the member's records of one kind.
    Faded { kind: SupportKind, half_life_us: u64 },
    /// One of these, over what was given to one service alone. Since edition 3.
    Of { service: String, of: Box<Source> },
    /// The members of a class: those on its list, or, where it has no list, those with weight in it.
    Count(String),
    /// The greatest weight that a member has in the class; 0 where it is empty.
    Highest(String),
    /// The sum of the weights in the class.
    Total(String),
}

/// The names that a formula may use.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub currency: Currency,
    pub classes: &'a [String],
    /// Numbers that the kernel leaves to the constitution, with their values.
    pub parameters: &'a [(String, Quantity)],
    /// Since edition 3 sums may be of one service; since edition 4 `credit` is what a commitment accepted.
    pub edition: Edition,
}

/// A checked formula.
#[derive(Clone, Debug)]
pub struct Formula {
    text: String,
    currency: Currency,
    tree: Expression,
    program: Program,
    /// The facts to look up before the formula can be evaluated, each once, in the order of first use.
    pub sources: Vec<Source>,
    /// The parameters that it names, with their values, in the order of first use.
    parameters: Vec<(String, String)>,
    /// The service of the sums that name none.
    service: Option<String>,
}

/// A writer's mistake in a formula.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormulaMistake {
    /// The stable code, such as `C012`.
    pub code: &'static str,
    /// Bytes in the formula's text.
    pub at: Range<usize>,
    pub why: String,
    pub help: Option<String>,
}

impl Formula {
    /// Parses and checks a formula, and reports every mistake that is not the echo of another.
    pub fn parse(text: &str, scope: &Scope) -> Result<Formula, Vec<FormulaMistake>> {
        let parsed = parse::parse(text, scope)?;
        let program = compile::compile(&parsed.tree);
        Ok(Formula {
            text: text.to_owned(),
            currency: scope.currency,
            tree: parsed.tree,
            program,
            sources: parsed.sources,
            parameters: parsed.parameters,
            service: None,
        })
    }

    /// Returns the formula as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the parameters that it names, with their values as they were written.
    pub fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    /// Returns the formula as it was written, with the values of the parameters that it names: two formulas that differ in them are two.
    #[must_use]
    pub fn with_values(&self) -> String {
        let values = self.parameters.iter().map(|(name, value)| format!("; {name} {value}"));
        std::iter::once(self.text.clone()).chain(values).collect()
    }

    /// Returns whether it is the one that [`Formula::with_values`] has written so.
    #[must_use]
    pub fn is_called(&self, written: &str) -> bool {
        if self.parameters.is_empty() { self.text == written } else { self.with_values() == written }
    }

    /// Returns it with other values of its parameters. `scope` is that of the kernel.
    pub(crate) fn bound(&self, scope: &Scope) -> Option<Formula> {
        let mut bound = Formula::parse(&self.text, scope).ok()?;
        if self.sources.iter().any(|source| source.at_once() != *source) {
            bound.fall_by_half();
        }
        if let Some(service) = &self.service {
            bound.serve(service);
        }
        Some(bound)
    }

    /// Returns the formula's value; `values[i]` belongs to `sources[i]`, and a missing value is 0.
    ///
    /// Products and quotients are rounded toward zero at 10^-12, roots are rounded down, `x ÷ 0` is 0,
    /// the root of a negative value is 0, and values that do not fit saturate.
    pub fn evaluate(&self, values: &[Pico]) -> Pico {
        self.program.run(values)
    }

    /// Returns the weight in micro-weights: the value × 10^6, rounded down; 0 where it is negative.
    pub fn weight(&self, values: &[Pico]) -> u64 {
        let micro = self.evaluate(values).div_euclid(1_000_000);
        u64::try_from(micro.max(0)).unwrap_or(u64::MAX)
    }

    /// Returns the most steps that one evaluation takes: never more than the formula has bytes.
    pub fn cost(&self) -> usize {
        self.program.steps.len()
    }

    /// Explains the value from the whole down to each source, in the reader's words.
    pub fn trace(&self, values: &[Pico]) -> Vec<TraceLine> {
        explain::trace(&self.tree, &self.sources, self.currency, values)
    }

    /// Returns true where both compute alike, and so always give the same value.
    pub fn is_same(&self, other: &Formula) -> bool {
        let plain = |formula: &Formula| formula.sources.iter().map(Source::at_once).collect::<Vec<_>>();
        self.program == other.program && plain(self) == plain(other)
    }

    /// Returns the kinds of support that it reads.
    pub(crate) fn support_kinds(&self) -> impl Iterator<Item = SupportKind> {
        self.sources.iter().filter_map(Source::kind)
    }

    /// Makes sums that name no service those of one.
    pub(crate) fn serve(&mut self, service: &str) {
        self.service = Some(service.to_owned());
        for source in &mut self.sources {
            if source.kind().is_some() && source.service().is_none() {
                *source = Source::Of { service: service.to_owned(), of: Box::new(source.clone()) };
            }
        }
    }

    /// Reports whether it sums over a calendar period records that others enter: hours or contributions.
    pub(crate) fn can_fall(&self) -> bool {
        self.sources.iter().any(|source| source.by_half() != source.at_once())
    }

    /// Reports whether it reads support that members gave.
    pub(crate) fn reads_support(&self) -> bool {
        self.sources.iter().any(|source| source.kind().is_some())
    }

    /// Makes such sums fall by half, period by period.
    pub(crate) fn fall_by_half(&mut self) {
        for source in &mut self.sources {
            *source = source.by_half();
        }
    }

    /// Reports whether a promise gives weight by itself: somewhere `pledged` is not the least of it and of money that was given.
    pub(crate) fn counts_promises_alone(&self) -> bool {
        bound::is_alone(&self.tree, &self.sources, false)
    }

    /// Returns true where the whole formula is a square root, so that a quadratic count would root it twice.
    pub fn is_root(&self) -> bool {
        matches!(self.tree.what, What::Root(_))
    }
}

impl Source {
    /// Returns the kind of support that it sums; `None` where it is a number of a class.
    #[must_use]
    pub fn kind(&self) -> Option<SupportKind> {
        match self {
            Source::Support { kind, .. } | Source::Falling { kind, .. } | Source::Faded { kind, .. } => Some(*kind),
            Source::Of { of, .. } => of.kind(),
            Source::Count(_) | Source::Highest(_) | Source::Total(_) => None,
        }
    }

    /// Returns the service that it is limited to.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        if let Source::Of { service, .. } = self { Some(service) } else { None }
    }

    /// Returns it over all services.
    #[must_use]
    pub fn whole(&self) -> &Source {
        if let Source::Of { of, .. } = self { of } else { self }
    }

    /// Returns it as it falls by half; itself where nothing of it is entered by others for a period.
    fn by_half(&self) -> Source {
        match self {
            Source::Support {
                kind: kind @ (SupportKind::Hours | SupportKind::Contribution | SupportKind::Credit),
                period,
            } if period.reach != Reach::Ever => Source::Falling { kind: *kind, period: *period },
            Source::Of { service, of } => Source::Of { service: service.clone(), of: Box::new(of.by_half()) },
            other => other.clone(),
        }
    }

    /// Returns it as the formula names it.
    fn at_once(&self) -> Source {
        match self {
            Source::Falling { kind, period } => Source::Support { kind: *kind, period: *period },
            Source::Of { service, of } => Source::Of { service: service.clone(), of: Box::new(of.at_once()) },
            other => other.clone(),
        }
    }
}
