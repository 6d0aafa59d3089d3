//! A formula's text as tokens with their places. It knows no grammar.

use std::ops::Range;

use winnow::combinator::{alt, fail, opt, repeat};
use winnow::prelude::*;
use winnow::stream::LocatingSlice;
use winnow::token::{any, one_of, take_while};

use super::FormulaMistake;
use crate::code;

/// A token and its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Token<'t> {
    pub(crate) is: Lexeme<'t>,
    pub(crate) at: Range<usize>,
}

/// The content of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lexeme<'t> {
    /// Digits, perhaps with a point.
    Number(&'t str),
    /// A function, class, unit or keyword.
    Word(&'t str),
    Sign(Sign),
    Stray(&'t str),
}

/// A sign in any of its spellings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sign {
    Open,
    Close,
    Comma,
    Plus,
    Minus,
    Times,
    Over,
    Percent,
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

const SIGNS: [(&str, Sign); 19] = [
    ("==", Sign::Equal),
    ("!=", Sign::Unequal),
    ("<=", Sign::AtMost),
    (">=", Sign::AtLeast),
    ("≠", Sign::Unequal),
    ("≤", Sign::AtMost),
    ("≥", Sign::AtLeast),
    ("<", Sign::Less),
    (">", Sign::More),
    ("(", Sign::Open),
    (")", Sign::Close),
    (",", Sign::Comma),
    ("+", Sign::Plus),
    ("-", Sign::Minus),
    ("−", Sign::Minus),
    ("*", Sign::Times),
    ("×", Sign::Times),
    ("/", Sign::Over),
    ("÷", Sign::Over),
];

type Input<'t> = LocatingSlice<&'t str>;

/// Splits a text into tokens, or returns a mistake for every character that no formula has.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Vec<FormulaMistake>> {
    let mut input = LocatingSlice::new(text);
    let mut tokens = Vec::new();
    let mut mistakes = Vec::new();
    while let Ok((is, at)) = token(&mut input) {
        if let Lexeme::Stray(letter) = is {
            mistakes.push(stray(letter, at.clone()));
        }
        tokens.push(Token { is, at });
    }
    if mistakes.is_empty() { Ok(tokens) } else { Err(mistakes) }
}

fn token<'t>(input: &mut Input<'t>) -> winnow::Result<(Lexeme<'t>, Range<usize>)> {
    take_while(0.., char::is_whitespace).void().parse_next(input)?;
    alt((number.map(Lexeme::Number), word.map(Lexeme::Word), sign.map(Lexeme::Sign), any.take().map(Lexeme::Stray)))
        .with_span()
        .parse_next(input)
}

fn number<'t>(input: &mut Input<'t>) -> winnow::Result<&'t str> {
    (digits, opt(('.', digits))).take().parse_next(input)
}

fn digits<'t>(input: &mut Input<'t>) -> winnow::Result<&'t str> {
    take_while(1.., |letter: char| letter.is_ascii_digit()).parse_next(input)
}

/// Reads a word. It may have single hyphens between letters or digits, as class names do; one in capitals may
/// not, so that `5 USD-3 USD` is a difference.
fn word<'t>(input: &mut Input<'t>) -> winnow::Result<&'t str> {
    let letters = |letter: char| letter.is_alphanumeric() || letter == '_';
    let code = (one_of(char::is_uppercase), take_while(0.., letters)).take();
    let parts = repeat::<_, _, (), _, _>(0.., ('-', take_while(1.., letters)));
    let name = (one_of(char::is_alphabetic), take_while(0.., letters), parts).take();
    alt((code, name)).parse_next(input)
}

fn sign(input: &mut Input<'_>) -> winnow::Result<Sign> {
    let text: &str = input.as_ref();
    if text.starts_with('%') {
        return one_of('%').value(Sign::Percent).parse_next(input);
    }
    match SIGNS.iter().find(|(written, _)| text.starts_with(written)) {
        Some((written, sign)) => (*written).value(*sign).parse_next(input),
        None => fail.parse_next(input),
    }
}

fn stray(letter: &str, at: Range<usize>) -> FormulaMistake {
    let help = match letter {
        "=" => Some("compare with `==`".to_owned()),
        "^" => Some("multiply a value by itself, or use `sqrt(…)`".to_owned()),
        "$" | "€" | "£" | "¥" => Some("write the currency's code after the number: `5 USD`".to_owned()),
        "&" => Some("write `and`".to_owned()),
        "|" => Some("write `or`".to_owned()),
        "!" => Some("write `not`".to_owned()),
        _ => None,
    };
    let shown: String = letter.escape_debug().collect();
    FormulaMistake { code: code::STRAY_CHARACTER, at, why: format!("`{shown}` means nothing in a formula"), help }
}
