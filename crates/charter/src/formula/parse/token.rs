//! Steps from token to token, and the mistakes found on the way.

use std::ops::Range;

use super::{FormulaMistake, Lexeme, Reader, Sign, Source, Step, Stop, Token};
use crate::code;
use crate::diagnostic::Help;

impl<'t> Reader<'t> {
    pub(super) fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.next).cloned()
    }

    /// Takes the next token and returns its place.
    pub(super) fn take(&mut self) -> Range<usize> {
        let at = self.tokens.get(self.next).map_or(self.text.len()..self.text.len(), |token| token.at.clone());
        self.next = self.next.saturating_add(1);
        at
    }

    /// Returns the place of the token that was taken last.
    pub(super) fn before(&self) -> Range<usize> {
        let last = self.next.checked_sub(1).and_then(|last| self.tokens.get(last));
        last.map_or(0..0, |token| token.at.clone())
    }

    pub(super) fn is_next(&self, sign: Sign) -> bool {
        self.peek().is_some_and(|token| token.is == Lexeme::Sign(sign))
    }

    pub(super) fn expect(&mut self, sign: Sign, words: &str) -> Step<Range<usize>> {
        if self.is_next(sign) { Ok(self.take()) } else { self.missing(words) }
    }

    pub(super) fn keyword(&mut self, word: &'static str) -> Step<()> {
        if self.peek().is_some_and(|token| token.is == Lexeme::Word(word)) {
            self.take();
            return Ok(());
        }
        self.missing(&format!("`{word}`"))
    }

    /// Takes a word that must come next.
    pub(super) fn word(&mut self, wanted: &str) -> Step<(&'t str, Range<usize>)> {
        match self.peek().map(|token| token.is) {
            Some(Lexeme::Word(word)) => Ok((word, self.take())),
            _ => self.missing(wanted),
        }
    }

    pub(super) fn words(&self, at: &Range<usize>) -> &'t str {
        self.text.get(at.clone()).unwrap_or("")
    }

    /// Reports that something is missing at the next token, or at the end.
    pub(super) fn missing<T>(&mut self, words: &str) -> Step<T> {
        let (at, found) = match self.peek() {
            Some(token) => (token.at.clone(), format!("before `{}`", self.words(&token.at))),
            None => (self.text.len()..self.text.len(), "at the end".to_owned()),
        };
        self.stop(code::FORMULA_SYNTAX, at, format!("{words} is missing {found}"), None)
    }

    pub(super) fn stop<T>(
        &mut self,
        code: &'static str,
        at: Range<usize>,
        why: impl Into<String>,
        help: impl Into<Help>,
    ) -> Step<T> {
        self.report(code, at, why, help);
        Err(Stop)
    }

    pub(super) fn report(
        &mut self,
        code: &'static str,
        at: Range<usize>,
        why: impl Into<String>,
        help: impl Into<Help>,
    ) {
        self.mistakes.push(FormulaMistake { code, at, why: why.into(), help: help.into().0 });
    }

    /// Returns the index of a source, which is entered once.
    pub(super) fn source(&mut self, source: Source) -> usize {
        if let Some(index) = self.sources.iter().position(|known| *known == source) {
            return index;
        }
        self.sources.push(source);
        self.sources.len().saturating_sub(1)
    }
}
