//! Builds each part and checks its units: the typing rules of `docs/spec/formulas.md`.

use std::ops::Range;

use super::{Add, Choice, Comparison, Expression, Multiply, Part, Reader, What};
use crate::code;
use crate::formula::units::{Kind, Unit};

impl Reader<'_> {
    /// Reports a formula that is no plain number.
    pub(super) fn plain(&mut self, part: &Part) {
        match part.is.kind {
            Kind::Broken | Kind::Number(Unit::PLAIN) => {}
            Kind::Truth => {
                let why = "a weight is a number, and this is a yes or no";
                self.report(code::NOT_A_PLAIN_NUMBER, part.at.clone(), why, "write `if … then 1 else 0`");
            }
            Kind::Number(unit) => {
                let currency = self.scope.currency;
                let words = unit.words(currency);
                let help = match unit {
                    Unit::MONEY => Some(format!("divide by an amount: `… / 1 {}`", currency.code())),
                    Unit::TIME => Some("divide by a time: `… / 1 hour`".to_owned()),
                    Unit::MONTHS => Some("divide by a month: `… / 1 month`".to_owned()),
                    _ => None,
                };
                let why = format!("a weight is a plain number, and this is in {words}");
                self.report(code::NOT_A_PLAIN_NUMBER, part.at.clone(), why, help);
            }
        }
    }

    pub(super) fn add(&mut self, left: Part, how: Add, right: Part) -> Part {
        let at = around(&left, &right);
        let kind = match how {
            Add::Plus => self.same(&left, &right, &at, "added to"),
            Add::Minus => self.same(&left, &right, &at, "taken from"),
        };
        let mut terms = match left.is.what {
            What::Sum(terms) => terms,
            what => vec![(Add::Plus, Expression { what, kind: left.is.kind })],
        };
        terms.push((how, right.is));
        Part { is: Expression { what: What::Sum(terms), kind }, at }
    }

    pub(super) fn multiply(&mut self, left: Part, how: Multiply, right: Part, sign: &Range<usize>) -> Part {
        let at = around(&left, &right);
        let kind = match (self.number_of(&left), self.number_of(&right)) {
            (Some(one), Some(other)) => {
                let unit = match how {
                    Multiply::Times => one.times(other),
                    Multiply::Over => one.over(other),
                };
                self.bounded(unit, sign)
            }
            _ => Kind::Broken,
        };
        let mut factors = match left.is.what {
            What::Product(factors) => factors,
            what => vec![(Multiply::Times, Expression { what, kind: left.is.kind })],
        };
        factors.push((how, right.is));
        Part { is: Expression { what: What::Product(factors), kind }, at }
    }

    pub(super) fn root(&mut self, inner: Part, at: Range<usize>) -> Part {
        let kind = match self.number_of(&inner) {
            Some(unit) => self.bounded(unit.root(), &at),
            None => Kind::Broken,
        };
        Part { is: Expression { what: What::Root(Box::new(inner.is)), kind }, at }
    }

    pub(super) fn negative(&mut self, inner: Part, start: usize) -> Part {
        let kind = self.number_of(&inner).map_or(Kind::Broken, Kind::Number);
        Part { is: Expression { what: What::Negative(Box::new(inner.is)), kind }, at: start..inner.at.end }
    }

    pub(super) fn compare(&mut self, left: Part, how: Comparison, right: Part) -> Part {
        let at = around(&left, &right);
        let kind = match self.same(&left, &right, &at, "compared with") {
            Kind::Broken => Kind::Broken,
            Kind::Number(_) | Kind::Truth => Kind::Truth,
        };
        let what = What::Compare(how, Box::new((left.is, right.is)));
        Part { is: Expression { what, kind }, at }
    }

    /// Joins two conditions; chains of the same word stay flat.
    pub(super) fn logic(&mut self, left: Part, right: Part, join: fn(Vec<Expression>) -> What) -> Part {
        let at = around(&left, &right);
        let (one, other) = (self.condition(&left), self.condition(&right));
        let kind = if one && other { Kind::Truth } else { Kind::Broken };
        let same = std::mem::discriminant(&join(Vec::new())) == std::mem::discriminant(&left.is.what);
        let mut parts = match left.is.what {
            What::All(parts) | What::Any(parts) if same => parts,
            what => vec![Expression { what, kind: left.is.kind }],
        };
        parts.push(right.is);
        Part { is: Expression { what: join(parts), kind }, at }
    }

    pub(super) fn negate(&mut self, inner: Part, start: usize) -> Part {
        let kind = if self.condition(&inner) { Kind::Truth } else { Kind::Broken };
        Part { is: Expression { what: What::Not(Box::new(inner.is)), kind }, at: start..inner.at.end }
    }

    pub(super) fn choose(&mut self, condition: Part, then: Part, otherwise: Part, start: usize) -> Part {
        let asked = self.condition(&condition);
        let at = start..otherwise.at.end;
        let kind = match self.same(&then, &otherwise, &otherwise.at.clone(), "the other choice of") {
            Kind::Number(unit) if asked => Kind::Number(unit),
            _ => Kind::Broken,
        };
        let choice = Choice { condition: condition.is, then: then.is, otherwise: otherwise.is };
        Part { is: Expression { what: What::Choice(Box::new(choice)), kind }, at }
    }

    /// Builds `min` or `max`, all in the unit of the first.
    pub(super) fn extreme(&mut self, parts: Vec<Part>, at: Range<usize>, join: fn(Vec<Expression>) -> What) -> Part {
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else {
            return Part { is: Expression { what: join(Vec::new()), kind: Kind::Broken }, at };
        };
        let mut kind = self.number_of(&first).map_or(Kind::Broken, Kind::Number);
        let mut inner = Vec::new();
        for part in parts {
            if self.same(&first, &part, &part.at.clone(), "compared with") == Kind::Broken {
                kind = Kind::Broken;
            }
            inner.push(part.is);
        }
        inner.insert(0, first.is);
        Part { is: Expression { what: join(inner), kind }, at }
    }

    /// Returns the unit that both parts have, and reports a difference.
    fn same(&mut self, left: &Part, right: &Part, at: &Range<usize>, verb: &str) -> Kind {
        let (Some(one), Some(other)) = (self.number_of(left), self.number_of(right)) else {
            return Kind::Broken;
        };
        if one == other {
            return Kind::Number(one);
        }
        let currency = self.scope.currency;
        let (left, right) = (one.words(currency), other.words(currency));
        let why = match verb {
            "the other choice of" => format!("one choice is in {left} and the other in {right}"),
            "taken from" => format!("{right} cannot be taken from {left}"),
            verb => format!("{left} cannot be {verb} {right}"),
        };
        let help = [one, other].contains(&Unit::PLAIN).then(|| {
            let unit = if one == Unit::PLAIN { right } else { left };
            format!("give the plain number a unit, as in `5 {unit}`, or divide the other by one")
        });
        self.report(code::UNIT_MISMATCH, at.clone(), why, help);
        Kind::Broken
    }

    /// Returns the unit of a part, and reports a yes or no.
    fn number_of(&mut self, part: &Part) -> Option<Unit> {
        match part.is.kind {
            Kind::Number(unit) => Some(unit),
            Kind::Broken => None,
            Kind::Truth => {
                let why = format!("a number is needed, and `{}` is a yes or no", self.words(&part.at));
                self.report(code::NOT_A_CONDITION, part.at.clone(), why, "write `if … then 1 else 0`");
                None
            }
        }
    }

    /// Returns true for a condition, and reports a number. A broken part is neither, and is reported already.
    fn condition(&mut self, part: &Part) -> bool {
        match part.is.kind {
            Kind::Truth => true,
            Kind::Broken => false,
            Kind::Number(_) => {
                let why = format!("a condition is needed, and `{}` is a number", self.words(&part.at));
                self.report(code::NOT_A_CONDITION, part.at.clone(), why, "compare it with something, as in `… > 0`");
                false
            }
        }
    }

    pub(super) fn bounded(&mut self, unit: Option<Unit>, at: &Range<usize>) -> Kind {
        match unit {
            Some(unit) => Kind::Number(unit),
            None => {
                let why = "the unit's exponent leaves the range from -64 to 64 in steps of 1/64";
                self.report(code::BAD_EXPONENT, at.clone(), why, None);
                Kind::Broken
            }
        }
    }
}

fn around(left: &Part, right: &Part) -> Range<usize> {
    left.at.start..right.at.end
}
