//! The fields that a kind of act has, as its type declares them. Not their values.

use std::fmt;

use engine::act::Act;
use serde::Deserializer;
use serde::de::{Error, Visitor};

/// Returns the names of the fields of the act named `kind`; none where no act has that name.
pub(super) fn fields_of(kind: &str) -> &'static [&'static str] {
    let mut declared: &'static [&'static str] = &[];
    // Each body asks its reader for a structure with exactly its fields, and then reads nothing.
    let _ = Act::deserialize_body(kind, Declared(&mut declared));
    declared
}

/// A reader that notes which fields are asked for, and has none.
struct Declared<'a>(&'a mut &'static [&'static str]);

/// Says that nothing was read.
#[derive(Debug)]
struct Nothing;

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing is read")
    }
}

impl std::error::Error for Nothing {}

impl Error for Nothing {
    fn custom<T: fmt::Display>(_: T) -> Nothing {
        Nothing
    }
}

impl<'de> Deserializer<'de> for Declared<'_> {
    type Error = Nothing;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Nothing> {
        Err(Nothing)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Nothing> {
        *self.0 = fields;
        Err(Nothing)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_act_declares_its_fields() {
        assert_eq!(fields_of("stand"), ["member", "decision"]);
        assert!(fields_of("cast_ballot").contains(&"scores"));
        assert!(fields_of("nothing").is_empty());
        for row in Act::TABLE {
            assert!(!fields_of(row.kind).is_empty(), "{}", row.kind);
        }
    }
}
