//! Base 64 with padding (RFC 4648, 4), as signed notes write it: one form for each sequence of bytes.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes bytes.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |place: usize| u32::from(group.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// Reads what [`encode`] would write; any other writing is `None`.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for group in text.as_bytes().chunks(4) {
        let letters = group.iter().take_while(|letter| **letter != b'=').count();
        let mut bits: u32 = 0;
        for letter in group.get(..letters)? {
            let value = LETTERS.iter().position(|known| known == letter)?;
            bits = bits << 6 | u32::try_from(value).ok()?;
        }
        let count = letters.checked_sub(1)?;
        bits <<= 6 * (4 - u32::try_from(letters).ok()?);
        bytes.extend_from_slice(bits.to_be_bytes().get(1..=count)?);
    }
    // Padding elsewhere, bits left over, a group cut short: all are other writings.
    (encode(&bytes) == text).then_some(bytes)
}
