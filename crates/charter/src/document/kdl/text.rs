//! Text in quotes: with escapes or raw, on one line or on several.

use std::ops::Range;

use crate::document;

use super::{Literal, Places, Reader, Step, Value};

/// Text and the place of each of its bytes.
struct Writer {
    text: String,
    places: Vec<usize>,
}

impl Reader<'_, '_> {
    /// Reads text after `marks` number signs; 0 of them allow escapes.
    pub(super) fn quoted(&mut self, marks: usize) -> Step<Value> {
        let start = self.at;
        (0..marks).for_each(|_| self.next());
        let lines = self.rest().starts_with("\"\"\"");
        let quote = if lines { "\"\"\"" } else { "\"" };
        let close = format!("{quote}{}", "#".repeat(marks));
        (0..quote.len()).for_each(|_| self.next());
        let inner = self.at;
        let Some(end) = self.close(&close, marks == 0, lines) else {
            let why = if lines { "this text is never closed" } else { "this text is not closed on its line" };
            let line = self.text.get(start..self.end).and_then(|rest| rest.split(['\n', '\r']).next()).unwrap_or("");
            return self.wrong(start..start.saturating_add(line.len()), why, format!("close it with `{close}`"));
        };
        let at = start..self.at;
        let raw = self.text.get(inner..end).unwrap_or("");
        if !lines && (marks > 0 || !raw.contains('\\')) {
            return Ok(Value { is: Literal::Text, text: raw.to_owned(), at, places: Places::From(inner) });
        }
        let mut writer = Writer { text: String::new(), places: Vec::new() };
        if lines {
            self.lines(inner..end, marks == 0, &mut writer)?;
        } else {
            self.escaped(inner..end, &mut writer)?;
        }
        Ok(Value { is: Literal::Text, text: writer.text, at, places: Places::Each(writer.places) })
    }

    /// Passes the closing quote and returns where the text ends.
    fn close(&mut self, close: &str, escapes: bool, lines: bool) -> Option<usize> {
        loop {
            if self.rest().starts_with(close) {
                let end = self.at;
                (0..close.len()).for_each(|_| self.next());
                return Some(end);
            }
            match self.peek()? {
                '\n' | '\r' if !lines => return None,
                '\\' if escapes => {
                    self.next();
                    self.escape_passed();
                }
                _ => self.next(),
            }
        }
    }

    /// Passes what follows `\`: one character, or all spaces and ends of lines.
    fn escape_passed(&mut self) {
        if !self.peek().is_some_and(char::is_whitespace) {
            self.next();
            return;
        }
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    /// Reads text on several lines, and removes the indent of the closing quotes from every line.
    fn lines(&mut self, inner: Range<usize>, escapes: bool, writer: &mut Writer) -> Step<()> {
        let raw = self.text.get(inner.clone()).unwrap_or("");
        let mut at = inner.start;
        let mut lines: Vec<(usize, &str)> = Vec::new();
        for line in document::ended_lines(raw) {
            lines.push((at, line.trim_end_matches(['\n', '\r'])));
            at = at.saturating_add(line.len());
        }
        // KDL 2, *Multi-line strings*: the first line is empty, and the last one is the indent of all.
        let (Some((_, "")), Some((_, indent))) = (lines.first(), lines.last()) else {
            return self.wrong(inner.start..inner.start, "text on several lines begins on its own line", None);
        };
        if lines.len() < 2 || !indent.trim().is_empty() {
            let help = "put the closing quotes on a line of their own";
            return self.wrong(inner.end..inner.end, "text on several lines ends on its own line", help);
        }
        let count = lines.len().saturating_sub(2);
        for (index, (start, line)) in lines.iter().skip(1).take(count).enumerate() {
            if index > 0 {
                writer.push('\n', start.saturating_sub(1));
            }
            // Empty lines need no indent.
            if line.trim().is_empty() {
                continue;
            }
            let Some(text) = line.strip_prefix(*indent) else {
                return self.wrong(*start..*start, "this line has less indent than its closing quotes", None);
            };
            let from = start.saturating_add(indent.len());
            let place = from..from.saturating_add(text.len());
            if escapes {
                self.escaped(place, writer)?;
            } else {
                text.char_indices().for_each(|(at, letter)| writer.push(letter, from.saturating_add(at)));
            }
        }
        Ok(())
    }

    fn escaped(&mut self, inner: Range<usize>, writer: &mut Writer) -> Step<()> {
        let raw = self.text.get(inner.clone()).unwrap_or("");
        let mut letters = raw.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let place = inner.start.saturating_add(at);
            if letter != '\\' {
                writer.push(letter, place);
                continue;
            }
            let escape = letters.next().map(|(_, letter)| letter);
            let meant = match escape {
                Some('n') => Some('\n'),
                Some('r') => Some('\r'),
                Some('t') => Some('\t'),
                Some('s') => Some(' '),
                Some('b') => Some('\u{8}'),
                Some('f') => Some('\u{c}'),
                Some('"') => Some('"'),
                Some('\\') => Some('\\'),
                Some('u') => {
                    let digits: String =
                        letters.by_ref().map(|(_, letter)| letter).take_while(|letter| *letter != '}').collect();
                    digits.strip_prefix('{').and_then(unicode)
                }
                // `\` before spaces and ends of lines removes them all.
                Some(space) if space.is_whitespace() => {
                    while letters.next_if(|(_, letter)| letter.is_whitespace()).is_some() {}
                    continue;
                }
                _ => None,
            };
            match meant {
                Some(letter) => writer.push(letter, place),
                None => return self.wrong(place..place.saturating_add(1), "this escape means nothing", None),
            }
        }
        Ok(())
    }
}

impl Writer {
    fn push(&mut self, letter: char, place: usize) {
        self.text.push(letter);
        (0..letter.len_utf8()).for_each(|_| self.places.push(place));
    }
}

fn unicode(digits: &str) -> Option<char> {
    let plain = (1..=6).contains(&digits.len()) && digits.chars().all(|digit| digit.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| plain).and_then(char::from_u32)
}
