//! A body read straight into the type of its act: a serde deserializer over the canonical reader, so that the bytes are
//! stepped over once, and each of them is checked on the way.
//!
//! It reads what the bodies of acts are made of. Enums are not among it: closed sets are written as strings.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::canonical::{BadForm, Fields, Raw, Reader};

/// A body that is not what its reader expects, or not in canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadBody(Box<str>);

impl serde::de::Error for BadBody {
    fn custom<T: fmt::Display>(why: T) -> Self {
        Self(why.to_string().into())
    }
}

impl From<BadForm> for BadBody {
    fn from(bad: BadForm) -> Self {
        Self::custom(bad)
    }
}

/// The deserializer of one body, or of a value within it.
pub struct Body<'r, 'a>(&'r mut Reader<'a>);

impl fmt::Debug for Body<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Body").field(&self.0.at()).finish()
    }
}

/// Reads a body that stands alone: `read` gets its deserializer.
///
/// # Errors
/// Those of `read`, and bytes that are not one canonical object.
pub fn read_body<'a, T>(body: &'a [u8], read: impl FnOnce(Body<'_, 'a>) -> Result<T, BadBody>) -> Result<T, BadBody> {
    let mut reader = Reader::new(body)?;
    let value = read_object(&mut reader, read)?;
    reader.end()?;
    value
}

/// Reads the body at which `reader` stands. The inner error is that of `read`: the bytes were canonical.
pub(crate) fn read_object<'a, T>(
    reader: &mut Reader<'a>,
    read: impl FnOnce(Body<'_, 'a>) -> Result<T, BadBody>,
) -> Result<Result<T, BadBody>, BadForm> {
    reader.object_by(|reader| read(Body(reader)))
}

impl<'a> Deserializer<'a> for Body<'_, 'a> {
    type Error = BadBody;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, BadBody> {
        let Body(reader) = self;
        match reader.peek() {
            Some(b'"') => match reader.string()? {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            Some(b'{') => read_fields(reader, visitor),
            Some(b'[') => read_items(reader, visitor),
            Some(b't') => {
                reader.expect("true", "a value was expected")?;
                visitor.visit_bool(true)
            }
            Some(b'f') => {
                reader.expect("false", "a value was expected")?;
                visitor.visit_bool(false)
            }
            Some(b'n') => {
                reader.expect("null", "a value was expected")?;
                visitor.visit_unit()
            }
            Some(b'-' | b'0'..=b'9') => {
                let number = reader.integer()?;
                match u64::try_from(number) {
                    Ok(number) => visitor.visit_u64(number),
                    // The reader takes no negative number that does not fit.
                    Err(_) => visitor.visit_i64(number as i64),
                }
            }
            _ => Ok(reader.bad("a value was expected")?),
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, BadBody> {
        if self.0.peek() != Some(b'n') {
            return visitor.visit_some(self);
        }
        self.0.expect("null", "a value was expected")?;
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(self, _: &'static str, visitor: V) -> Result<V::Value, BadBody> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, BadBody> {
        self.0.value()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier
    }
}

fn read_fields<'a, V: Visitor<'a>>(reader: &mut Reader<'a>, visitor: V) -> Result<V::Value, BadBody> {
    let fields = reader.enter_object()?;
    let mut object = Object { reader, fields, ended: false };
    let value = visitor.visit_map(&mut object)?;
    object.next_name()?.map_or(Ok(value), |_| Err(BadBody::custom("an object has fewer fields")))
}

/// The fields of an object, one by one.
struct Object<'r, 'a> {
    reader: &'r mut Reader<'a>,
    fields: Fields,
    ended: bool,
}

impl<'a> Object<'_, 'a> {
    fn next_name(&mut self) -> Result<Option<Raw<'a>>, BadForm> {
        if self.ended {
            return Ok(None);
        }
        let name = self.reader.next_name(&mut self.fields)?;
        self.ended = name.is_none();
        Ok(name)
    }
}

impl<'a> MapAccess<'a> for &mut Object<'_, 'a> {
    type Error = BadBody;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, BadBody> {
        let Some(name) = self.next_name()? else {
            return Ok(None);
        };
        match name.text() {
            Cow::Borrowed(name) => seed.deserialize(BorrowedStrDeserializer::new(name)),
            Cow::Owned(name) => seed.deserialize(StringDeserializer::new(name)),
        }
        .map(Some)
    }

    fn next_value_seed<W: DeserializeSeed<'a>>(&mut self, seed: W) -> Result<W::Value, BadBody> {
        seed.deserialize(Body(self.reader))
    }
}

fn read_items<'a, V: Visitor<'a>>(reader: &mut Reader<'a>, visitor: V) -> Result<V::Value, BadBody> {
    reader.enter_list()?;
    let mut list = List { reader, first: true, ended: false };
    let value = visitor.visit_seq(&mut list)?;
    if list.more()? { Err(BadBody::custom("a list has fewer items")) } else { Ok(value) }
}

/// The items of a list, one by one.
struct List<'r, 'a> {
    reader: &'r mut Reader<'a>,
    first: bool,
    ended: bool,
}

impl List<'_, '_> {
    fn more(&mut self) -> Result<bool, BadForm> {
        self.ended = self.ended || !self.reader.next_item(self.first)?;
        self.first = false;
        Ok(!self.ended)
    }
}

impl<'a> SeqAccess<'a> for &mut List<'_, 'a> {
    type Error = BadBody;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, BadBody> {
        if self.more()? { seed.deserialize(Body(self.reader)).map(Some) } else { Ok(None) }
    }
}

#[cfg(test)]
mod tests;
