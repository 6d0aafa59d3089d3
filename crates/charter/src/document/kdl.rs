//! Reads KDL 2 (kdl.dev) in one pass: time is linear in the text, depth is bounded, and every place is
//! kept. After a mistake it goes on at the next line. Type annotations have no meaning in rules and are
//! refused; numbers stay as they are written, since only their reader knows their range.

mod mark;
mod space;
mod text;

use std::ops::Range;

pub(crate) use mark::Mark;

use super::sign::{escape, is_refused};
use super::{BYTE_ORDER_MARK, Literal, Mistakes, Node, Places, Value, Word};
use crate::code;

/// How deep braces may nest.
const DEEPEST: usize = 16;

/// Reads the nodes between two places of the text.
pub(super) fn nodes(text: &str, block: Range<usize>, mistakes: &mut Mistakes) -> Vec<Node> {
    Reader::new(text, block, None, mistakes).nodes(0, None)
}

/// Returns everything between two places of the text in its order, comments included.
pub(crate) fn marks(text: &str, block: Range<usize>, mistakes: &mut Mistakes) -> Vec<Mark> {
    let mut reader = Reader::new(text, block, Some(Vec::new()), mistakes);
    reader.nodes(0, None);
    reader.marks.unwrap_or_default()
}

struct Reader<'r, 't> {
    text: &'r str,
    at: usize,
    end: usize,
    /// A mistake is reported already: a brace without its partner would only echo it.
    wrong: bool,
    /// Kept only for a caller that asks for comments too.
    marks: Option<Vec<Mark>>,
    mistakes: &'r mut Mistakes<'t>,
}

/// The mistake is reported, and reading goes on at the next line.
struct Wrong;

type Step<T> = Result<T, Wrong>;

impl<'r, 't> Reader<'r, 't> {
    fn new(
        text: &'r str,
        block: Range<usize>,
        marks: Option<Vec<Mark>>,
        mistakes: &'r mut Mistakes<'t>,
    ) -> Reader<'r, 't> {
        let mut reader = Reader { text, at: block.start, end: block.end, wrong: false, marks, mistakes };
        if reader.at == 0 {
            reader.take_if(BYTE_ORDER_MARK);
        }
        reader.hidden_signs();
        reader
    }

    /// Reports each character that must be written as an escape, also in comments.
    fn hidden_signs(&mut self) {
        let start = self.at;
        for (at, letter) in self.rest().char_indices() {
            if is_refused(letter) && !self.mistakes.is_full() {
                let at = start.saturating_add(at);
                let at = at..at.saturating_add(letter.len_utf8());
                let escape = escape(letter);
                let why = format!("an invisible character is here: `{escape}`");
                let help = format!("leave it out, or write `{escape}` inside a text");
                self.mistakes.report(code::HIDDEN_SIGN, &at, why, help);
            }
        }
    }

    /// Reads nodes up to the closing brace of `open`, or to the end.
    fn nodes(&mut self, depth: usize, open: Option<Range<usize>>) -> Vec<Node> {
        let mut nodes = Vec::new();
        loop {
            // A broken comment spoils its own line only.
            if self.between_nodes().is_err() {
                self.skip_line();
                continue;
            }
            match self.peek() {
                None => {
                    // After another mistake the missing brace may be a consequence of it.
                    if let Some(brace) = open
                        && !self.wrong
                    {
                        let _ = self.wrong::<()>(brace, "this brace is never closed", None);
                    }
                    return nodes;
                }
                Some('}') => {
                    let at = self.here();
                    self.next();
                    if open.is_some() {
                        self.mark(|| Mark::Close);
                        return nodes;
                    }
                    if !self.wrong {
                        let _ = self.wrong::<()>(at, "this brace closes nothing", None);
                    }
                }
                Some(_) => {
                    // `/-` drops a node, which must still be well-formed (KDL 2, *Slashdash comments*).
                    match self.slashdash().and_then(|dropped| Ok((dropped, self.node(depth)?))) {
                        Ok((false, node)) => nodes.push(node),
                        Ok((true, _)) => {}
                        Err(Wrong) => self.skip_line(),
                    }
                }
            }
        }
    }

    fn node(&mut self, depth: usize) -> Step<Node> {
        let name = self.name("the name of a clause or field")?;
        let start = name.at.start;
        self.mark(|| Mark::Name(name.text.clone()));
        let mut node = Node {
            at: name.at.clone(),
            name: name.cut(),
            values: Vec::new(),
            properties: Vec::new(),
            children: Vec::new(),
            end: start,
        };
        let mut braced = false;
        let mut braced_or_dropped = false;
        loop {
            let spaced = self.spaces()?;
            let slash = self.at;
            let dropped = self.slashdash()?;
            match self.peek() {
                None | Some(';' | '\n' | '\r' | '}') => {
                    if dropped {
                        let help = "take it away, or put what it drops after it";
                        self.wrong_later(slash..slash.saturating_add(2), "`/-` drops nothing here", help)?;
                    }
                    self.mark(|| Mark::End);
                    node.end = self.at;
                    return Ok(node);
                }
                Some('{') => {
                    // KDL 2 allows one pair of braces besides dropped ones.
                    let children = self.children(depth)?;
                    braced_or_dropped = true;
                    if !dropped {
                        if braced {
                            return self.wrong(self.here(), "this is a second pair of braces", None);
                        }
                        node.children = children;
                        braced = true;
                    }
                }
                Some(_) if braced => {
                    let help = "begin a new line after `}`";
                    return self.wrong(self.here(), "something follows the closing brace", help);
                }
                Some(_) if braced_or_dropped && self.is_strict() => {
                    let help = "values come before braces, also before dropped ones";
                    return self.wrong(self.here(), "something follows the dropped braces", help);
                }
                // KDL 2 separates entries by spaces, or by the `/-` of a dropped one.
                Some(_) if !spaced && !dropped => {
                    return self.wrong(self.here(), "a space is missing here", None);
                }
                Some(_) => {
                    let entry = self.entry()?;
                    // Mistakes underline a node from its name to its last entry.
                    if !dropped {
                        node.at = start..self.at;
                        match entry {
                            (Some(name), value) => node.properties.push((name, value)),
                            (None, value) => node.values.push(value),
                        }
                    }
                }
            }
        }
    }

    fn children(&mut self, depth: usize) -> Step<Vec<Node>> {
        let brace = self.here();
        self.next();
        self.mark(|| Mark::Open);
        let depth = depth.saturating_add(1);
        if depth > DEEPEST {
            self.wrong = true;
            let why = format!("braces nest more than {DEEPEST} levels deep");
            self.mistakes.report(code::NESTED_TOO_DEEP, &brace, why, None);
            self.at = self.end;
            return Err(Wrong);
        }
        Ok(self.nodes(depth, Some(brace)))
    }

    /// Reads a value, or a name, `=` and a value.
    fn entry(&mut self) -> Step<(Option<Word>, Value)> {
        let value = self.value()?;
        let after = self.at;
        let marked = self.marked();
        self.spaces()?;
        if !self.take_if('=') {
            self.at = after;
            self.forget(marked);
            self.mark(|| Mark::Value(value.clone()));
            return Ok((None, value));
        }
        if value.is != Literal::Text {
            return self.wrong(value.at, "a number cannot be the name of a property", None);
        }
        self.spaces()?;
        let name = Word { text: value.text, at: value.at };
        let value = self.value()?;
        self.mark(|| Mark::Property(name.text.clone(), value.clone()));
        Ok((Some(name.cut()), value))
    }

    fn name(&mut self, wanted: &str) -> Step<Word> {
        let value = self.value_of(wanted)?;
        match value.is {
            Literal::Text => Ok(Word { text: value.text, at: value.at }),
            Literal::Number | Literal::Keyword => self.wrong(value.at, format!("{wanted} is missing here"), None),
        }
    }

    fn value(&mut self) -> Step<Value> {
        self.value_of("a value")
    }

    fn value_of(&mut self, wanted: &str) -> Step<Value> {
        let rest = self.rest();
        if !self.mistakes.count_word(&self.here()) {
            self.wrong = true;
            self.at = self.end;
            return Err(Wrong);
        }
        match self.peek() {
            Some('"') => self.quoted(0),
            Some('#') => {
                let marks = rest.len().saturating_sub(rest.trim_start_matches('#').len());
                if rest.trim_start_matches('#').starts_with('"') { self.quoted(marks) } else { self.keyword() }
            }
            Some('(') => self.wrong(self.here(), "types in parentheses mean nothing here", None),
            Some('{' | '}' | ';' | '=' | '\n' | '\r') | None => {
                self.wrong(self.here(), format!("{wanted} is missing here"), None)
            }
            Some(_) => self.bare(),
        }
    }

    /// Reads a word without quotes, or a number.
    fn bare(&mut self) -> Step<Value> {
        let start = self.at;
        while self.peek().is_some_and(|letter| !ends_word(letter)) {
            self.next();
        }
        let at = start..self.at;
        if at.is_empty() {
            return self.wrong(self.here(), "this sign means nothing here", None);
        }
        let text = self.text.get(at.clone()).unwrap_or("").to_owned();
        let unsigned = text.trim_start_matches(['+', '-']);
        let is_number = unsigned.starts_with(|first: char| first.is_ascii_digit());
        if ["true", "false", "null"].contains(&text.as_str()) {
            return self.wrong(at, format!("write `#{text}`, or `\"{text}\"` for the word"), None);
        }
        if is_number && !unsigned.chars().all(|letter| letter.is_ascii_digit() || letter == '_' || letter == '.') {
            let help = format!("put it in quotes: `\"{text}\"`");
            return self.wrong(at, format!("`{text}` is neither a number nor a word"), help);
        }
        let numeric = unsigned.strip_prefix('.').unwrap_or(unsigned).starts_with(|first: char| first.is_ascii_digit());
        if numeric && !is_decimal(unsigned) {
            let help = format!("put it in quotes for the word: `\"{text}\"`");
            self.wrong_later(at.clone(), format!("`{text}` is neither a number nor a word"), help)?;
        }
        if ["inf", "-inf", "nan"].contains(&text.as_str()) {
            let help = format!("write `\"{text}\"` for the word");
            self.wrong_later(at.clone(), format!("`{text}` is a number of KDL that rules do not have"), help)?;
        }
        let is = if is_number { Literal::Number } else { Literal::Text };
        let text = if is_number { text.replace('_', "") } else { text };
        Ok(Value { is, text, at, places: Places::From(start) })
    }

    fn keyword(&mut self) -> Step<Value> {
        let start = self.at;
        self.next();
        while self.peek().is_some_and(|letter| !ends_word(letter)) {
            self.next();
        }
        let at = start..self.at;
        let text = self.text.get(at.clone()).unwrap_or("").to_owned();
        if !["#true", "#false", "#null"].contains(&text.as_str()) {
            return self.wrong(at, format!("`{text}` means nothing here"), None);
        }
        Ok(Value { is: Literal::Keyword, text, at, places: Places::From(start) })
    }
}

/// Reports whether a text has the form of a decimal number of KDL 2 without exponent: digits, and perhaps a point and digits.
/// Each part begins with a digit, and `_` may follow.
fn is_decimal(unsigned: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_digit())
            && part.chars().all(|letter| letter.is_ascii_digit() || letter == '_')
    };
    match unsigned.split_once('.') {
        Some((whole, decimals)) => part(whole) && part(decimals),
        None => part(unsigned),
    }
}

fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || ['"', '{', '}', '(', ')', ';', '=', '\\', '/', '#', '[', ']'].contains(&letter)
}
