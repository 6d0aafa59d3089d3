//! Bytes as letters: base64url without `=`, one form for each. Source: RFC 4648, 5; RFC 7515, appendix C.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes that JSON has as base64url.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Returns the bytes of a text; none where it is no base64url, has `=`, or bits that no byte needs.
    ///
    /// ```
    /// use proof::Bytes;
    /// assert_eq!(Bytes::read("_-8"), Some(Bytes(vec![0xff, 0xef])));
    /// assert!(["_-8=", "/+8", "_-9", "_", "_ -8"].iter().all(|text| Bytes::read(text).is_none()));
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
        for four in text.as_bytes().chunks(4) {
            let mut bits = 0_u32;
            for letter in four {
                bits = bits << 6 | value(*letter)?;
            }
            let (whole, spare) = match four.len() {
                4 => (3, 0),
                3 => (2, 2),
                2 => (1, 4),
                _ => return None,
            };
            if bits & ((1 << spare) - 1) != 0 {
                return None;
            }
            let all = (bits >> spare).to_be_bytes();
            bytes.extend_from_slice(all.get(4 - whole..)?);
        }
        Some(Self(bytes))
    }

    /// Returns the text of the bytes.
    #[must_use]
    pub fn text(&self) -> String {
        text(&self.0)
    }
}

impl From<[u8; 32]> for Bytes {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes.to_vec())
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::read(&text).ok_or_else(|| serde::de::Error::custom("not base64url"))
    }
}

fn value(letter: u8) -> Option<u32> {
    let at = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(at))
}

/// Returns the text of bytes.
pub(crate) fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |place: usize| u32::from(three.get(place).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..=three.len() {
            let six = (bits >> (18 - 6 * place)) & 63;
            let letter = usize::try_from(six).ok().and_then(|six| LETTERS.get(six));
            text.extend(letter.map(|letter| char::from(*letter)));
        }
    }
    text
}

/// Returns the text of bytes in the alphabet of mail, with `=`: the head of a request has it so.
pub(crate) fn basic(bytes: &[u8]) -> String {
    let mut text = text(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_texts_come_out() {
        for (bytes, plain) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(basic(bytes.as_bytes()), plain);
            assert_eq!(text(bytes.as_bytes()), plain.trim_end_matches('='));
        }
    }

    proptest! {
        #[test]
        fn each_bytes_have_one_text(bytes in proptest::collection::vec(any::<u8>(), 0..70)) {
            prop_assert_eq!(Bytes::read(&text(&bytes)), Some(Bytes(bytes)));
        }

        #[test]
        fn each_text_is_of_one_bytes(letters in "[A-Za-z0-9_=+ -]{0,12}") {
            if let Some(bytes) = Bytes::read(&letters) {
                prop_assert_eq!(bytes.text(), letters);
            }
        }
    }
}
