//! Members' names in the log.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A member's name in the log: `m_` and thirteen characters of base 32, 64 random bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(pub u64);

/// Crockford's base 32 without the letters that people misread.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Each byte's value as a digit. A replay reads some pseudonyms an entry, so none of them is searched for.
#[allow(clippy::indexing_slicing, reason = "computed as the program is built")]
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 32_u8 {
        values[DIGITS[value as usize] as usize] = value;
        value = value.wrapping_add(1);
    }
    values
};

/// The value of what is no digit.
const NONE: u8 = u8::MAX;

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(15);
        text.push_str("m_");
        for place in (0..13_u32).rev() {
            let digit = self.0.checked_shr(place.saturating_mul(5)).unwrap_or(0) & 31;
            let index = usize::try_from(digit).unwrap_or(0);
            text.push(char::from(DIGITS.get(index).copied().unwrap_or(b'0')));
        }
        f.write_str(&text)
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Pseudonym {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a member's pseudonym (`m_` and thirteen characters)");
        let digits = text.strip_prefix("m_").filter(|d| d.len() == 13).ok_or_else(wrong)?;
        let mut value: u64 = 0;
        for (place, byte) in digits.bytes().enumerate() {
            let digit = VALUES.get(usize::from(byte)).copied().unwrap_or(NONE);
            if digit == NONE || (place == 0 && digit > 15) {
                return Err(wrong());
            }
            value = (value << 5) | u64::from(digit);
        }
        Ok(Pseudonym(value))
    }
}

impl JsonSchema for Pseudonym {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Pseudonym".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

impl Serialize for Pseudonym {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pseudonym {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(Text)
    }
}

/// Reads the text where it stands: a copy of it would be thrown away at once.
struct Text;

impl Visitor<'_> for Text {
    type Value = Pseudonym;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Pseudonym, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_reads_back_as_written() {
        for value in [0, 1, 31, 32, u64::MAX, 0x0123_4567_89ab_cdef] {
            let text = Pseudonym(value).to_string();
            assert_eq!(text.len(), 15);
            assert_eq!(text.parse(), Ok(Pseudonym(value)));
        }
        assert!("m_zzzzzzzzzzzzz".parse::<Pseudonym>().is_err(), "more than 64 bits");
        for text in ["member-001", "", "m_", "m_000000000000", "m_00000000000000", "m_000000000000u", "m_00000000000é"]
        {
            assert!(text.parse::<Pseudonym>().is_err(), "{text}");
        }
        for (value, digit) in DIGITS.iter().enumerate() {
            let text = format!("m_000000000000{}", char::from(*digit));
            assert_eq!(text.parse(), Ok(Pseudonym(value as u64)));
        }
    }
}
