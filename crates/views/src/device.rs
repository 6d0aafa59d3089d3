//! Devices as people see them: six words for a key.

use engine::digest::hex;

/// As many bits as a word of the list says.
const BITS: u32 = 11;
/// As many words.
const WORDS: u32 = 6;

/// The six words that people compare: the first 66 bits of SHA-256 over `rochdale/six-words/1`, the co-op's id and the key in hexadecimal
/// digits, a line each, as words of a list of 2,048. Source: `docs/spec/devices.md`.
#[must_use]
pub fn six_words(coop: &str, public: &str) -> String {
    let digest = hex(format!("rochdale/six-words/1\n{coop}\n{public}\n").as_bytes());
    let digits = digest.chars().take(17).filter_map(|digit| digit.to_digit(16));
    let bits = digits.fold(0_u128, |bits, digit| bits << 4 | u128::from(digit)) >> 2;
    let word = |place: u32| {
        let number = bits.checked_shr(place.saturating_mul(BITS)).unwrap_or(0) & 0x7ff;
        words::device::six_word(usize::try_from(number).unwrap_or(0))
    };
    (0..WORDS).rev().map(word).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's `hashlib` and the list of BIP 39.
    #[test]
    fn words_are_those_of_another_program() {
        let public = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
        assert_eq!(six_words("c_38wheqj84186n", public), "elbow-tuna-session-glove-orphan-amused");
        assert_ne!(six_words("c_38wheqj84186m", public), six_words("c_38wheqj84186n", public));
    }
}
