//! The one canonical layout of a document (`docs/spec/format.md`). Prose is kept byte for byte; only `charter` blocks are
//! laid out anew. It looks at form alone: rules may be wrong.
//!
//! The reader's marks are written in one pass, without recursion, and never past the size that a document may have.

mod words;

use std::ops::Range;

use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{LONGEST, Literal, Mark, Value, blocks, marks};
use crate::edition::Edition;

/// Spaces per level.
const LEVEL: usize = 4;
/// The widest line, in characters, on which braces may open and close.
const WIDEST: usize = 80;

/// Lays a document out in its canonical layout.
///
/// # Errors
/// Every mistake of form: a document that is too long (before or after), has no rules, or cannot be read.
///
/// ```
/// let mistakes = charter::format("office \"maintainer").unwrap_err();
/// assert_eq!(mistakes[0].code, "C003");
/// let laid_out = charter::format("office   \"x\" {settles-in #\"14 days\"# }").unwrap();
/// assert_eq!(laid_out, "office \"x\" { settles-in \"14 days\" }\n");
/// ```
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let (blocks, mut mistakes) = blocks(text, Edition::ONE)?;
    let mut result = String::new();
    let mut kept = 0;
    for block in blocks {
        let marks = marks(text, block.clone(), &mut mistakes);
        if !mistakes.is_empty() {
            continue;
        }
        result.push_str(text.get(kept..block.start).unwrap_or(""));
        kept = block.end;
        let room = LONGEST.saturating_sub(result.len());
        let mut page = Page::new(text, &block, room);
        page.write(&marks);
        result.push_str(&page.out);
    }
    result.push_str(text.get(kept..).unwrap_or(""));
    if mistakes.is_empty() && result.len() > LONGEST {
        let why = format!("laid out, the document would have more than {LONGEST} bytes");
        mistakes.report(code::TOO_LONG, &(0..0), why, None);
    }
    if mistakes.is_empty() { Ok(result) } else { Err(mistakes.all()) }
}

/// One block, as far as it is written.
struct Page<'t> {
    text: &'t str,
    out: String,
    /// The most bytes that the document has room for.
    room: usize,
    /// Characters on the line that is being written.
    column: usize,
    newline: &'static str,
    /// The fence's own indent.
    margin: usize,
    /// How many braces are open.
    depth: usize,
    /// Between nodes, not in one.
    between: bool,
    /// The line has something on it.
    begun: bool,
    /// The line ends with a `//` comment: nothing can follow on it.
    closed: bool,
    /// These braces are still empty, so that no empty line comes first.
    fresh: bool,
    /// Ends of lines since the last mark.
    breaks: usize,
    /// `/-` waits for what it drops.
    dropped: bool,
    /// A `//` comment inside a node, whose place depends on whether the node goes on.
    waiting: Option<Range<usize>>,
}

impl<'t> Page<'t> {
    fn new(text: &'t str, block: &Range<usize>, room: usize) -> Page<'t> {
        let before = text.get(..block.start).unwrap_or("");
        let model = if before.is_empty() { text } else { before };
        let line = match before.is_empty() {
            true => model.split_inclusive('\n').next(),
            false => model.split_inclusive('\n').next_back(),
        };
        let line = line.unwrap_or("");
        let indent = line.len().saturating_sub(line.trim_start_matches(' ').len());
        Page {
            text,
            out: String::new(),
            room,
            column: 0,
            newline: if line.ends_with("\r\n") { "\r\n" } else { "\n" },
            margin: if before.is_empty() { 0 } else { indent },
            depth: 0,
            between: true,
            begun: false,
            closed: false,
            fresh: true,
            breaks: 0,
            dropped: false,
            waiting: None,
        }
    }

    fn write(&mut self, marks: &[Mark]) {
        let mut rest = marks;
        while let Some((mark, after)) = rest.split_first() {
            rest = match mark {
                Mark::Open => self.open(after),
                _ => {
                    self.mark(mark);
                    after
                }
            };
            if self.out.len() > self.room {
                return;
            }
        }
        if self.begun {
            self.out.push_str(self.newline);
        }
    }

    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Name(name) => {
                self.start_line();
                self.between = false;
                self.drop_mark();
                self.push(&words::name(name));
            }
            Mark::Value(value) => {
                self.go_on();
                self.drop_mark();
                self.value(value);
            }
            Mark::Property(name, value) => {
                self.go_on();
                self.drop_mark();
                self.push(&words::name(name));
                self.push("=");
                self.value(value);
            }
            Mark::Dropped => self.dropped = true,
            Mark::Open => {}
            Mark::Close => {
                self.depth = self.depth.saturating_sub(1);
                self.fresh = true;
                self.start_line();
                self.push("}");
                self.between = false;
            }
            // A trailing comment keeps its line; a node that goes on after it flushes it earlier.
            Mark::End => {
                if let Some(comment) = self.waiting.take() {
                    self.push(" ");
                    self.comment(&comment);
                    self.closed = true;
                }
                self.between = true;
                self.dropped = false;
                self.breaks = 0;
            }
            // The line cannot go on after a `//` comment.
            Mark::LineComment(at) if self.between => {
                self.between_comment(at);
                self.closed = true;
            }
            Mark::LineComment(at) => {
                self.flush();
                self.waiting = Some(at.clone());
            }
            Mark::BlockComment(at) if self.between => self.between_comment(at),
            Mark::BlockComment(at) => {
                self.go_on();
                self.comment(at);
            }
            Mark::Break => self.breaks = self.breaks.saturating_add(1),
        }
    }

    /// Opens braces: on one line with one short field, otherwise with a line for each field. Returns the marks that are left
    /// to write.
    fn open<'m>(&mut self, after: &'m [Mark]) -> &'m [Mark] {
        self.go_on();
        self.drop_mark();
        self.push("{");
        if let Some((inside, rest)) = self.on_one_line(after) {
            self.push(&inside);
            return rest;
        }
        self.depth = self.depth.saturating_add(1);
        self.between = true;
        self.fresh = true;
        self.breaks = 0;
        after
    }

    /// Returns the content of braces with the closing one, if it is empty or one field that fits on this line.
    fn on_one_line<'m>(&self, after: &'m [Mark]) -> Option<(String, &'m [Mark])> {
        let mut inside = String::new();
        let mut named = false;
        for (index, mark) in after.iter().enumerate() {
            match mark {
                Mark::Break | Mark::End => {}
                Mark::Dropped if drops_nothing(after.get(index.saturating_add(1))) => {}
                Mark::Name(name) if !named => {
                    named = true;
                    inside = format!(" {}", words::name(name));
                }
                Mark::Value(value) => {
                    inside.push(' ');
                    inside.push_str(&self.short(value)?);
                }
                Mark::Property(name, value) => {
                    inside.push_str(&format!(" {}=", words::name(name)));
                    inside.push_str(&self.short(value)?);
                }
                Mark::Close => {
                    inside.push_str(if named { " }" } else { "}" });
                    let width = self.column.saturating_add(inside.chars().count());
                    let rest = after.get(index.saturating_add(1)..)?;
                    return (width <= WIDEST || !named).then_some((inside, rest));
                }
                _ => return None,
            }
            if self.column.saturating_add(inside.len()) > WIDEST.saturating_mul(4) {
                return None;
            }
        }
        None
    }

    /// Writes a value that fits on one line.
    fn short(&self, value: &Value) -> Option<String> {
        match value.is {
            Literal::Text if value.text.contains('\n') => None,
            Literal::Text => Some(words::quoted(&value.text)),
            Literal::Number | Literal::Keyword => Some(self.written(&value.at).to_owned()),
        }
    }

    fn value(&mut self, value: &Value) {
        match self.short(value) {
            Some(short) => self.push(&short),
            None => self.lines(&value.text),
        }
    }

    /// Writes text on several lines, a level deeper than its field.
    fn lines(&mut self, text: &str) {
        self.push("\"\"\"");
        for line in text.split('\n') {
            if line.is_empty() {
                self.out.push_str(self.newline);
            } else {
                self.break_line(1);
                self.push(&words::line(line));
            }
        }
        self.break_line(1);
        self.push("\"\"\"");
    }

    /// Writes a comment between nodes: at the end of a line that has something on it, or on a line of its own.
    fn between_comment(&mut self, at: &Range<usize>) {
        if self.begun && self.breaks == 0 && !self.closed {
            self.push(" ");
        } else {
            self.start_line();
        }
        self.fresh = false;
        self.comment(at);
        self.breaks = 0;
    }

    fn comment(&mut self, at: &Range<usize>) {
        let text = self.text;
        let written = text.get(at.clone()).unwrap_or("");
        for (index, line) in written.split('\n').enumerate() {
            if index > 0 {
                self.out.push_str(self.newline);
                self.column = 0;
            }
            self.push(line.trim_end());
        }
    }

    /// Goes on with a node: after a `//` comment on the next line, which `\` joins.
    fn go_on(&mut self) {
        if self.flush() {
            return;
        }
        self.push(" ");
    }

    /// Writes the waiting comment, because the node goes on after it.
    fn flush(&mut self) -> bool {
        let Some(comment) = self.waiting.take() else {
            return false;
        };
        self.push(" \\ ");
        self.comment(&comment);
        self.break_line(1);
        true
    }

    /// Starts a line for a node, comment or brace, after one empty line where the writer left some.
    fn start_line(&mut self) {
        if self.begun {
            if self.breaks > 1 && !self.fresh {
                self.out.push_str(self.newline);
            }
            self.break_line(0);
        } else {
            self.indent(0);
        }
        self.begun = true;
        self.closed = false;
        self.fresh = false;
        self.breaks = 0;
    }

    fn break_line(&mut self, deeper: usize) {
        self.out.push_str(self.newline);
        self.indent(deeper);
    }

    fn indent(&mut self, deeper: usize) {
        let level = self.depth.saturating_add(deeper).saturating_mul(LEVEL);
        self.column = self.margin.saturating_add(level);
        self.out.extend(std::iter::repeat_n(' ', self.column));
    }

    fn drop_mark(&mut self) {
        if std::mem::take(&mut self.dropped) {
            self.push("/-");
        }
    }

    fn push(&mut self, words: &str) {
        self.out.push_str(words);
        self.column = self.column.saturating_add(words.chars().count());
    }

    fn written(&self, at: &Range<usize>) -> &'t str {
        self.text.get(at.clone()).unwrap_or("")
    }
}

/// Reports whether nothing follows a `/-` that it could drop, so that it is left out.
fn drops_nothing(next: Option<&Mark>) -> bool {
    matches!(next, Some(Mark::Dropped | Mark::End))
}
