//! Devices, whose keys sign members' acts.

include!("device.words");

/// The list of words of BIP 39 in English, by Pavol Rusnak and others (MIT licence): 2,048 words of which no two begin with the same four
/// letters.
const LIST: &str = include_str!("six_words.txt");

/// A word of the list, by its place from 0; nothing beyond it.
#[must_use]
pub fn six_word(place: usize) -> &'static str {
    LIST.lines().nth(place).unwrap_or_default()
}
