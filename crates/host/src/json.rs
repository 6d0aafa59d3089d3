//! JSON from outside, read strictly: a name that occurs twice in one object is a mistake, because two readers could
//! take two different values for it. Not for the log, whose entries have a form of their own.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::Misread;

/// Reads one JSON value.
///
/// # Errors
/// The first mistake, with its place.
pub fn read_json(json: &[u8]) -> Result<Value, Misread> {
    serde_json::from_slice::<Strict>(json).map(|strict| strict.0).map_err(|error| Misread::of_json("", &error))
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("`{name}` occurs twice")));
            }
            let Strict(value) = fields.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expect: Result<&str, (&str, usize)>) {
        let read = read_json(json.as_bytes()).map(|value| value.to_string());
        let read = read.map_err(|misread| (misread.why, misread.column));
        let expect = expect.map(str::to_owned).map_err(|(why, column)| (why.to_owned(), column));
        assert_eq!(read, expect, "{json}");
    }

    #[test]
    fn values_come_through() {
        for json in ["null", "[true,-1,18446744073709551615,0.25,\"é\",{}]", "{\"a\":{\"b\":[1]}}"] {
            check(json, Ok(json));
        }
    }

    #[test]
    fn a_name_stands_once_in_an_object() {
        check("{\"a\":{\"b\":1},\"b\":2}", Ok("{\"a\":{\"b\":1},\"b\":2}"));
        check("{\"a\":1,\"a\":1}", Err(("`a` occurs twice", 10)));
        check("[{\"b\":{\"a\":1,\"a\":2}}]", Err(("`a` occurs twice", 16)));
        check("{\"a\":1,\"\\u0061\":1}", Err(("`a` occurs twice", 15)));
    }

    #[test]
    fn what_is_no_json_is_named() {
        check("", Err(("EOF while parsing a value", 1)));
        check("{\"a\":NaN}", Err(("expected value", 6)));
        check("1 2", Err(("trailing characters", 3)));
        let deep = "[".repeat(100_000);
        assert_eq!(
            read_json(deep.as_bytes()).map_err(|misread| misread.why),
            Err("recursion limit exceeded".to_owned())
        );
    }
}
