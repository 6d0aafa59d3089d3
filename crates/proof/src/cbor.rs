//! CBOR as authenticators write it: definite lengths, shortest numbers, no tags and no floats. It reads, and makes nothing.
//! Source: RFC 8949; CTAP 2.2, 8 (canonical form).

/// The most values within values.
const MOST_DEEP: u32 = 8;
/// The most entries of one map or array.
const MOST_ENTRIES: u64 = 100;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Int(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(Vec<Value<'a>>),
    /// No key comes twice.
    Map(Vec<(Value<'a>, Value<'a>)>),
    Bool(bool),
    Null,
}

impl<'a> Value<'a> {
    /// Returns the entry of a map under a number.
    pub(crate) fn at(&self, key: i64) -> Option<&Value<'a>> {
        self.entry(&Value::Int(key))
    }

    /// Returns the entry of a map under a name.
    pub(crate) fn named(&self, key: &str) -> Option<&Value<'a>> {
        self.entry(&Value::Text(key))
    }

    fn entry(&self, key: &Value<'_>) -> Option<&Value<'a>> {
        let Value::Map(entries) = self else { return None };
        entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    pub(crate) fn int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&'a str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self, Value::Map(_))
    }
}

/// Reads one value, and returns it with the bytes behind it. None where the bytes begin with no value of the canonical form.
pub(crate) fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let mut reader = Reader { rest: bytes };
    let value = reader.value(MOST_DEEP)?;
    Some((value, reader.rest))
}

/// Reads one value that is all of the bytes.
pub(crate) fn whole(bytes: &[u8]) -> Option<Value<'_>> {
    read(bytes).filter(|(_, rest)| rest.is_empty()).map(|(value, _)| value)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn value(&mut self, deep: u32) -> Option<Value<'a>> {
        let deep = deep.checked_sub(1)?;
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        let (kind, low) = (first >> 5, first & 31);
        if kind == 7 {
            return match low {
                20 => Some(Value::Bool(false)),
                21 => Some(Value::Bool(true)),
                22 => Some(Value::Null),
                _ => None,
            };
        }
        let number = self.number(low)?;
        match kind {
            0 => Some(Value::Int(i64::try_from(number).ok()?)),
            1 => Some(Value::Int(-1 - i64::try_from(number).ok()?)),
            2 => Some(Value::Bytes(self.take(number)?)),
            3 => Some(Value::Text(std::str::from_utf8(self.take(number)?).ok()?)),
            4 if number <= MOST_ENTRIES => {
                let values: Option<Vec<_>> = (0..number).map(|_| self.value(deep)).collect();
                Some(Value::Array(values?))
            }
            5 if number <= MOST_ENTRIES => self.map(number, deep),
            _ => None,
        }
    }

    fn map(&mut self, count: u64, deep: u32) -> Option<Value<'a>> {
        let mut entries: Vec<(Value<'a>, Value<'a>)> = Vec::new();
        for _ in 0..count {
            let key = self.value(deep)?;
            if entries.iter().any(|(known, _)| *known == key) {
                return None;
            }
            entries.push((key, self.value(deep)?));
        }
        Some(Value::Map(entries))
    }

    /// The number that a head holds, in its shortest form.
    fn number(&mut self, low: u8) -> Option<u64> {
        let (length, least) = match low {
            0..24 => return Some(u64::from(low)),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            _ => return None,
        };
        let number = self.take(length)?.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        (number >= least).then_some(number)
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn the_published_examples_are_read() {
        let table = [
            ("17", Value::Int(23)),
            ("1818", Value::Int(24)),
            ("1b000000e8d4a51000", Value::Int(1_000_000_000_000)),
            ("20", Value::Int(-1)),
            ("3903e7", Value::Int(-1000)),
            ("f5", Value::Bool(true)),
            ("f6", Value::Null),
            ("4401020304", Value::Bytes(&[1, 2, 3, 4])),
            ("6449455446", Value::Text("IETF")),
            ("820102", Value::Array(vec![Value::Int(1), Value::Int(2)])),
            ("a201020304", Value::Map(vec![(Value::Int(1), Value::Int(2)), (Value::Int(3), Value::Int(4))])),
        ];
        for (text, value) in table {
            assert_eq!(whole(&hex(text)), Some(value), "{text}");
        }
    }

    #[test]
    fn other_forms_are_not_read() {
        let table = [
            ("a longer number than needed", "1817"),
            ("two bytes for one", "1900ff"),
            ("a number past the greatest", "1bffffffffffffffff"),
            ("an indefinite text", "7f657374726561ff"),
            ("an indefinite map", "bf6161018161ff"),
            ("a tag", "c074323031332d30332d32315432303a30343a30305a"),
            ("a float", "fb3ff199999999999a"),
            ("half a float", "f93c00"),
            ("undefined", "f7"),
            ("a key twice", "a201020103"),
            ("a text that is no UTF-8", "61ff"),
            ("bytes that end early", "4401"),
            ("a length without an end", "5bffffffffffffff"),
            ("more behind it", "0000"),
            ("nothing", ""),
            ("an array of a billion", "9a3b9aca00"),
            ("arrays in arrays", "818181818181818181818180"),
        ];
        for (what, text) in table {
            assert_eq!(whole(&hex(text)), None, "{what}");
        }
    }

    proptest! {
        #[test]
        fn junk_neither_panics_nor_takes_long(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Some((_, rest)) = read(&bytes) {
                prop_assert!(rest.len() < bytes.len());
            }
        }
    }
}
