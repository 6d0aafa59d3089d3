//! Members' names in the log.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A member's name in the log: `m_` and thirteen characters of base 32, 64 random bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(pub u64);

/// Crockford's base 32 without the letters that people misread.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

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
            let digit = DIGITS.iter().position(|d| *d == byte).ok_or_else(wrong)?;
            if place == 0 && digit > 15 {
                return Err(wrong());
            }
            value = (value << 5) | u64::try_from(digit).unwrap_or(0);
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
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
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
        assert!("member-001".parse::<Pseudonym>().is_err());
    }
}
