//! Names and titles from outside: which characters they may hold.

use crate::mistake::Wrong;
use crate::table::{Row, shown};

/// The longest name, in characters.
pub(crate) const NAME_MAX: usize = 200;

/// Returns whether a character is one that readers cannot see, or that changes the order in which they see others.
/// With those, one name can be made to look like another.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns whether a character is refused in a name, wherever the name comes from. Joiners, fillers and variation selectors have
/// no shape either, and only titles need them.
#[must_use]
pub fn is_refused_in_name(c: char) -> bool {
    is_hidden(c)
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200c}' | '\u{200d}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0080}'..='\u{e0fff}')
}

/// Cleans the name of somebody elsewhere, which nobody here can correct.
pub(crate) fn cleaned_name(name: &str) -> String {
    let kept: String = name.chars().filter(|c| !is_refused_in_name(*c) || c.is_whitespace()).collect();
    cleaned(&kept, NAME_MAX)
}

/// Reads the name in a cell. An empty or too long name is refused, and one with hidden characters.
pub(crate) fn name(row: &Row, column: usize, noun: &str) -> Result<String, Wrong> {
    let name = row.get(column);
    if name.is_empty() {
        return Err(row.wrong(column, format!("the {noun} is missing")));
    }
    if name.chars().nth(NAME_MAX).is_some() {
        let why = format!("the {noun} `{}` is longer than {NAME_MAX} characters", shown(name));
        return Err(row.wrong(column, why));
    }
    if let Some(c) = name.chars().find(|c| is_refused_in_name(*c)) {
        let why = format!("the {noun} `{}` holds a character that cannot be seen: U+{:04X}", shown(name), u32::from(c));
        return Err(row.wrong(column, why).help("write it without that character"));
    }
    Ok(name.to_owned())
}

/// Reads as [`name`] does; an empty cell is none.
pub(crate) fn optional_name(row: &Row, column: usize, noun: &str) -> Result<Option<String>, Wrong> {
    if row.get(column).is_empty() { Ok(None) } else { name(row, column, noun).map(Some) }
}

/// Cleans text that nobody here can correct, such as a title in a forge: it loses its hidden characters, line ends
/// become spaces, and at most `longest` characters are kept.
pub(crate) fn cleaned(text: &str, longest: usize) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let cleaned: String = spaced.filter(|c| !is_hidden(*c)).take(longest).collect();
    cleaned.trim().to_owned()
}
