//! Tokens to a checked tree, by precedence (Pratt). Units are checked while the tree is built, so that
//! no tree with a mistake in it exists.

mod call;
mod check;
mod number;
mod token;

use std::ops::Range;

pub(crate) use call::is_taken;
pub(crate) use number::minor_units;

use super::lexer::{Lexeme, Sign, Token, tokens};
use super::units::{Kind, Unit};
use super::{DEEPEST, FormulaMistake, LONGEST, Pico, Scope, Source};
use crate::code;
use quantity::Currency;

/// A checked part of a formula.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) what: What,
    pub(crate) kind: Kind,
}

/// INVARIANT: nests at most `DEEPEST` parentheses, functions and choices deep, and chains of one
/// operator are flat, so that walking it by recursion is safe.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// `value` ÷ `over`: 20 USD per hour are 2,000 over 3,600, which no decimal is.
    Number {
        value: Pico,
        /// Never 0.
        over: Pico,
        written: String,
    },
    /// An index into the formula's sources.
    Source(usize),
    Least(Vec<Expression>),
    Greatest(Vec<Expression>),
    Root(Box<Expression>),
    Negative(Box<Expression>),
    /// From left to right; the first is added to 0.
    Sum(Vec<(Add, Expression)>),
    /// From left to right; the first multiplies 1.
    Product(Vec<(Multiply, Expression)>),
    Choice(Box<Choice>),
    Compare(Comparison, Box<(Expression, Expression)>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
}

#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) condition: Expression,
    pub(crate) then: Expression,
    pub(crate) otherwise: Expression,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Add {
    Plus,
    Minus,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Multiply {
    Times,
    Over,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A part with its bytes.
pub(crate) struct Part {
    pub(crate) is: Expression,
    pub(crate) at: Range<usize>,
}

/// A tree without mistakes, and the sources that it looks up.
pub(crate) struct Parsed {
    pub(crate) tree: Expression,
    pub(crate) sources: Vec<Source>,
    pub(crate) parameters: Vec<(String, String)>,
}

/// Stops the parse: the mistake that stopped it is among the mistakes already.
struct Stop;

type Step<T> = Result<T, Stop>;

/// How tightly a sign binds; a greater number binds tighter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bind {
    Whole,
    Or,
    And,
    Not,
    Compare,
    Add,
    Multiply,
    Negate,
}

struct Reader<'t> {
    text: &'t str,
    scope: &'t Scope<'t>,
    tokens: Vec<Token<'t>>,
    next: usize,
    depth: usize,
    sources: Vec<Source>,
    parameters: Vec<(String, String)>,
    mistakes: Vec<FormulaMistake>,
}

/// Parses and checks a whole formula.
pub(crate) fn parse(text: &str, scope: &Scope) -> Result<Parsed, Vec<FormulaMistake>> {
    if text.len() > LONGEST {
        let why = format!("a formula may have {LONGEST} bytes at most; this one has {}", text.len());
        return Err(vec![FormulaMistake { code: code::FORMULA_TOO_LONG, at: 0..text.len(), why, help: None }]);
    }
    let mut reader = Reader::new(text, scope)?;
    let whole = reader.whole();
    let Reader { sources, parameters, mut mistakes, .. } = reader;
    match whole {
        Ok(tree) if mistakes.is_empty() => Ok(Parsed { tree, sources, parameters }),
        _ => {
            mistakes.sort_by_key(|mistake| (mistake.at.start, mistake.at.end));
            mistakes.dedup();
            Err(mistakes)
        }
    }
}

/// Reads a number with its unit and nothing else: its value, what that is divided by, and the unit.
pub(crate) fn quantity(text: &str, currency: Currency) -> Result<(Pico, Pico, Unit), Vec<FormulaMistake>> {
    let scope = Scope { currency, classes: &[], parameters: &[], edition: Default::default() };
    let mut reader = Reader::new(text, &scope)?;
    let read = reader.alone();
    match read {
        Ok(Part { is: Expression { what: What::Number { value, over, .. }, kind: Kind::Number(unit) }, .. })
            if reader.mistakes.is_empty() =>
        {
            Ok((value, over, unit))
        }
        _ => Err(reader.mistakes),
    }
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, scope: &'t Scope<'t>) -> Result<Reader<'t>, Vec<FormulaMistake>> {
        let tokens = tokens(text)?;
        let (sources, parameters) = (Vec::new(), Vec::new());
        Ok(Reader { text, scope, tokens, next: 0, depth: 0, sources, parameters, mistakes: Vec::new() })
    }

    /// Reads one number, and nothing after it.
    fn alone(&mut self) -> Step<Part> {
        let Some(Token { is: Lexeme::Number(digits), at }) = self.peek() else {
            return self.missing("a number");
        };
        self.take();
        let part = self.number(digits, at)?;
        match self.peek() {
            None => Ok(part),
            Some(token) => {
                let why = format!("the number could end before `{}`", self.words(&token.at));
                self.stop(code::FORMULA_SYNTAX, token.at, why, None)
            }
        }
    }

    fn whole(&mut self) -> Step<Expression> {
        if self.tokens.is_empty() {
            let help = "one member one vote is `1`";
            return self.stop(code::FORMULA_SYNTAX, 0..self.text.len(), "the formula is empty", help);
        }
        let part = self.expression(Bind::Whole)?;
        if let Some(token) = self.peek() {
            let why = format!("the formula could end before `{}`", self.words(&token.at));
            return self.stop(code::FORMULA_SYNTAX, token.at, why, None);
        }
        self.plain(&part);
        Ok(part.is)
    }

    /// Climbs precedence: a first operand, then every operator that binds tighter than `least`.
    fn expression(&mut self, least: Bind) -> Step<Part> {
        let mut left = self.nested(Self::operand)?;
        while let Some((bind, operator)) = self.operator() {
            if bind <= least {
                break;
            }
            let sign = self.take();
            let right = self.expression(bind)?;
            left = match operator {
                Operator::Or => self.logic(left, right, What::Any),
                Operator::And => self.logic(left, right, What::All),
                Operator::Compare(how) => {
                    self.refuse_chain()?;
                    self.compare(left, how, right)
                }
                Operator::Add(how) => self.add(left, how, right),
                Operator::Multiply(how) => self.multiply(left, how, right, &sign),
            };
        }
        Ok(left)
    }

    fn operand(&mut self) -> Step<Part> {
        let Some(token) = self.peek() else {
            return self.missing("a value");
        };
        match token.is {
            Lexeme::Number(digits) => {
                self.take();
                self.number(digits, token.at)
            }
            Lexeme::Sign(Sign::Open) => {
                self.take();
                let inner = self.expression(Bind::Whole)?;
                let close = self.expect(Sign::Close, "`)`")?;
                Ok(Part { is: inner.is, at: token.at.start..close.end })
            }
            Lexeme::Sign(Sign::Minus) => {
                self.take();
                // `-2 * 3` negates 2 alone, and `not a == b` the whole comparison (formulas.md, *Grammar*).
                let inner = self.expression(Bind::Negate)?;
                Ok(self.negative(inner, token.at.start))
            }
            Lexeme::Word("not") => {
                self.take();
                let inner = self.expression(Bind::Not)?;
                Ok(self.negate(inner, token.at.start))
            }
            Lexeme::Word("if") => {
                self.take();
                self.choice(token.at.start)
            }
            Lexeme::Word(name) => {
                self.take();
                self.call(name, token.at)
            }
            Lexeme::Sign(_) | Lexeme::Stray(_) => self.missing("a value"),
        }
    }

    fn choice(&mut self, start: usize) -> Step<Part> {
        let condition = self.expression(Bind::Whole)?;
        self.keyword("then")?;
        let then = self.expression(Bind::Whole)?;
        self.keyword("else")?;
        let otherwise = self.expression(Bind::Whole)?;
        Ok(self.choose(condition, then, otherwise, start))
    }

    /// Counts a level of nesting around one reading step, and stops at the deepest one allowed.
    fn nested<T>(&mut self, read: fn(&mut Self) -> Step<T>) -> Step<T> {
        // The whole formula is level 0, so that 64 parentheses are 64 levels.
        if self.depth > DEEPEST {
            let at = self.peek().map_or(self.text.len()..self.text.len(), |token| token.at);
            let why = format!("this is nested more than {DEEPEST} levels deep");
            return self.stop(code::NESTED_TOO_DEEP, at, why, None);
        }
        self.depth = self.depth.saturating_add(1);
        let read = read(self);
        self.depth = self.depth.saturating_sub(1);
        read
    }

    fn operator(&self) -> Option<(Bind, Operator)> {
        let compare = |how| Some((Bind::Compare, Operator::Compare(how)));
        match self.peek()?.is {
            Lexeme::Word("or") => Some((Bind::Or, Operator::Or)),
            Lexeme::Word("and") => Some((Bind::And, Operator::And)),
            Lexeme::Sign(Sign::Equal) => compare(Comparison::Equal),
            Lexeme::Sign(Sign::Unequal) => compare(Comparison::Unequal),
            Lexeme::Sign(Sign::Less) => compare(Comparison::Less),
            Lexeme::Sign(Sign::AtMost) => compare(Comparison::AtMost),
            Lexeme::Sign(Sign::More) => compare(Comparison::More),
            Lexeme::Sign(Sign::AtLeast) => compare(Comparison::AtLeast),
            Lexeme::Sign(Sign::Plus) => Some((Bind::Add, Operator::Add(Add::Plus))),
            Lexeme::Sign(Sign::Minus) => Some((Bind::Add, Operator::Add(Add::Minus))),
            Lexeme::Sign(Sign::Times) => Some((Bind::Multiply, Operator::Multiply(Multiply::Times))),
            Lexeme::Sign(Sign::Over) => Some((Bind::Multiply, Operator::Multiply(Multiply::Over))),
            _ => None,
        }
    }

    /// Refuses `1 < 2 < 3`, which would compare a yes or no with a number: the writer means `and`.
    fn refuse_chain(&mut self) -> Step<()> {
        match (self.operator(), self.peek()) {
            (Some((Bind::Compare, _)), Some(token)) => self.stop(
                code::FORMULA_SYNTAX,
                token.at,
                "two comparisons follow each other",
                "write `a < b and b < c`",
            ),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Copy)]
enum Operator {
    Or,
    And,
    Compare(Comparison),
    Add(Add),
    Multiply(Multiply),
}

impl Expression {
    pub(crate) fn plain(what: What) -> Expression {
        Expression { what, kind: Kind::Number(Unit::PLAIN) }
    }
}
