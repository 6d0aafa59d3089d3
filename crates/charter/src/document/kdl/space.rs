//! Spaces, comments, dropped parts, and steps from letter to letter.

use std::ops::Range;

use super::{Mark, Reader, Step, Wrong};
use crate::code;
use crate::diagnostic::Help;

impl<'r> Reader<'r, '_> {
    /// Passes everything that is allowed between nodes.
    pub(super) fn between_nodes(&mut self) -> Step<()> {
        loop {
            self.spaces()?;
            match self.peek() {
                Some(letter @ ('\n' | '\r' | ';')) => {
                    self.next();
                    let is_break = letter == '\n' || (letter == '\r' && self.peek() != Some('\n'));
                    if is_break {
                        self.mark(|| Mark::Break);
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    /// Passes spaces, comments and `\` at the end of a line, and returns whether there were any.
    pub(super) fn spaces(&mut self) -> Step<bool> {
        let start = self.at;
        loop {
            match self.peek() {
                Some(letter) if letter.is_whitespace() && !['\n', '\r'].contains(&letter) => self.next(),
                Some('/') if self.rest().starts_with("//") => self.line_comment(),
                Some('/') if self.rest().starts_with("/*") => self.block_comment()?,
                Some('\\') => self.continuation()?,
                _ => return Ok(self.at > start),
            }
        }
    }

    fn line_comment(&mut self) {
        let start = self.at;
        self.skip_line();
        let end = self.at;
        self.mark(|| Mark::LineComment(start..end));
    }

    pub(super) fn block_comment(&mut self) -> Step<()> {
        let start = self.at;
        let mut open = 0_usize;
        loop {
            if self.rest().starts_with("/*") {
                open = open.saturating_add(1);
                self.next();
                self.next();
            } else if self.rest().starts_with("*/") {
                open = open.saturating_sub(1);
                self.next();
                self.next();
            } else if self.peek().is_some() {
                self.next();
            } else {
                return self.wrong(start..start.saturating_add(2), "this comment is never closed", None);
            }
            if open == 0 {
                let end = self.at;
                self.mark(|| Mark::BlockComment(start..end));
                return Ok(());
            }
        }
    }

    /// Passes `\`, which joins a line with the next one.
    pub(super) fn continuation(&mut self) -> Step<()> {
        let at = self.here();
        self.next();
        loop {
            match self.peek() {
                Some(end @ ('\n' | '\r')) => {
                    self.next();
                    if end == '\r' {
                        self.take_if('\n');
                    }
                    return Ok(());
                }
                Some(letter) if letter.is_whitespace() => self.next(),
                None => return Ok(()),
                Some('/') if self.rest().starts_with("//") => self.line_comment(),
                Some(_) => return self.wrong(at, "something follows `\\` on its line", None),
            }
        }
    }

    /// Takes `/-`, which drops what follows it. Ends of lines and comments may come between (KDL 2, *line-space*).
    pub(super) fn slashdash(&mut self) -> Step<bool> {
        let mut dropped = false;
        while self.rest().starts_with("/-") {
            self.next();
            self.next();
            dropped = true;
            while self.spaces()? || self.take_if('\n') || self.take_if('\r') {}
            self.mark(|| Mark::Dropped);
        }
        Ok(dropped)
    }

    pub(super) fn skip_line(&mut self) {
        while self.peek().is_some_and(|letter| !['\n', '\r'].contains(&letter)) {
            self.next();
        }
    }

    pub(super) fn rest(&self) -> &'r str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) {
        self.mistakes.step(1);
        self.at = self.at.saturating_add(self.peek().map_or(0, char::len_utf8));
    }

    pub(super) fn take_if(&mut self, letter: char) -> bool {
        let taken = self.peek() == Some(letter);
        if taken {
            self.next();
        }
        taken
    }

    /// Returns the place of the next character.
    pub(super) fn here(&self) -> Range<usize> {
        self.at..self.at.saturating_add(self.peek().map_or(0, char::len_utf8))
    }

    /// Reports whether mistakes count that the first edition passes over.
    pub(super) fn is_strict(&self) -> bool {
        self.mistakes.is_strict()
    }

    /// Reports what the first edition passes over, where it counts.
    pub(super) fn wrong_later(&mut self, at: Range<usize>, why: impl Into<String>, help: impl Into<Help>) -> Step<()> {
        if self.is_strict() { self.wrong(at, why, help) } else { Ok(()) }
    }

    pub(super) fn wrong<T>(&mut self, at: Range<usize>, why: impl Into<String>, help: impl Into<Help>) -> Step<T> {
        self.wrong = true;
        self.mistakes.report(code::SYNTAX, &at, why, help);
        Err(Wrong)
    }
}
