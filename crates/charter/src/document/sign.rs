//! Invisible characters, ends of lines, and the parts of a document that a message quotes.

use super::BYTE_ORDER_MARK;

/// The most characters of a document that a message quotes in one place.
const LONGEST_QUOTE: usize = 80;
/// The most bytes of a message: a document can put quotes of its own into it.
const LONGEST_MESSAGE: usize = 4_000;

/// Returns the bytes after each end of a line. Lines end as editors count them: at `\n`, `\r\n` or `\r`.
pub(crate) fn line_ends(text: &str) -> impl Iterator<Item = usize> {
    let after = |at: usize| at.saturating_add(1);
    text.match_indices(['\n', '\r'])
        .filter(move |(at, end)| *end == "\n" || text.as_bytes().get(after(*at)) != Some(&b'\n'))
        .map(move |(at, _)| after(at))
}

/// Returns the lines of a text, each with its end; the last one may be empty.
pub(crate) fn ended_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    line_ends(text)
        .chain(std::iter::once(text.len()))
        .map(move |end| text.get(std::mem::replace(&mut start, end)..end).unwrap_or(""))
}

/// Returns the lines that the places of diagnostics count, each without its end and without a byte order mark.
///
/// ```
/// let lines: Vec<&str> = charter::lines("\u{feff}a\r\nb\rc\n").collect();
/// assert_eq!(lines, ["a", "b", "c", ""]);
/// ```
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    ended_lines(text).map(|line| line.trim_end_matches(['\n', '\r']))
}

/// Reports whether a character must be escaped in rules: it changes how others are shown, or ends a line for
/// some readers and not for others. KDL 2 forbids most of them.
pub(super) fn is_refused(letter: char) -> bool {
    (letter.is_control() && !['\t', '\n', '\r'].contains(&letter))
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Reports whether a character has no shape, so that it could hide something, or changes the order in which others are seen. The
/// joiners that scripts need are kept.
///
/// ```
/// assert!(charter::is_hidden('\u{202e}') && !charter::is_hidden('a'));
/// ```
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || is_refused(letter)
        || matches!(letter, '\u{61c}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{e0000}'..='\u{e007f}')
}

/// Reports whether nothing of a text is visible: spaces, hidden characters, joiners, fillers, combining marks.
pub(crate) fn is_invisible(text: &str) -> bool {
    let shows_nothing = |letter: char| {
        letter.is_whitespace()
            || is_hidden(letter)
            || matches!(letter, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
            || matches!(letter, '\u{180b}'..='\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{206a}'..='\u{206f}')
            || matches!(letter, '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}')
            || matches!(letter, '\u{e0080}'..='\u{e0fff}')
    };
    text.chars().all(shows_nothing)
}

/// Writes a character as an escape: `\u{1b}`.
pub(crate) fn escape(letter: char) -> String {
    format!("\\u{{{:x}}}", u32::from(letter))
}

/// Returns the quoted part of a document: all of it, or its beginning and `…`.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}

/// Makes a message safe to print: cuts each quote in backticks, and escapes hidden characters.
pub(super) fn message(words: &str) -> String {
    let mut message = String::new();
    let mut quoted: Option<usize> = None;
    for letter in words.chars() {
        if message.len() >= LONGEST_MESSAGE {
            message.push('…');
            break;
        }
        match (&mut quoted, letter) {
            (None, '`') => quoted = Some(0),
            (Some(_), '`') => quoted = None,
            (Some(count), _) => {
                *count = count.saturating_add(1);
                if *count == LONGEST_QUOTE.saturating_add(1) {
                    message.push('…');
                }
                if *count > LONGEST_QUOTE {
                    continue;
                }
            }
            (None, _) => {}
        }
        if is_hidden(letter) { message.push_str(&escape(letter)) } else { message.push(letter) }
    }
    message
}
