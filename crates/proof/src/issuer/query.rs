//! Names and values as they stand behind the `?` of an address, and in a form. It writes them.

use std::fmt::Write as _;

/// Returns names and values, escaped and joined by `&`.
pub(super) fn text(pairs: &[(&str, &str)]) -> String {
    pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect::<Vec<_>>().join("&")
}

/// Returns a text in which each byte is escaped that is no letter, digit, `-`, `.`, `_` or `~`.
pub(super) fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
