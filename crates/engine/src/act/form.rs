//! How some fields of bodies are written: editions by their numbers, and instants. Not which fields there are (`body`).

use charter::Edition;
use quantity::Moment;
use serde::{Deserialize, Deserializer, Serializer};

/// Editions by their numbers. There is one way to write edition 1, which is to leave it out.
pub(super) mod numbered {
    use super::{Deserialize, Deserializer, Edition, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(in crate::act) fn serialize<S: Serializer>(edition: &Edition, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u16(edition.number())
    }

    pub(in crate::act) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Edition, D::Error> {
        let later = Edition::numbered(u16::deserialize(from)?).filter(|edition| *edition > Edition::ONE);
        later.ok_or_else(|| serde::de::Error::custom("an edition is a number from 2 on; edition 1 is left out"))
    }
}

/// Instants as ISO 8601 in UTC.
pub(super) mod iso {
    use std::fmt;

    use serde::de::Visitor;

    use super::{Deserializer, Moment, Serializer};

    pub(in crate::act) fn serialize<S: Serializer>(moment: &Moment, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(moment)
    }

    pub(in crate::act) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Moment, D::Error> {
        from.deserialize_str(Text)
    }

    /// Reads the text where it stands: a copy of it would be thrown away at once.
    struct Text;

    impl Visitor<'_> for Text {
        type Value = Moment;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Moment, E> {
            Moment::parse(text).map_err(E::custom)
        }
    }
}

/// Words that are kept beside the log from some edition on: a text, or no such field.
pub(super) mod words_or_none {
    use super::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::ref_option, reason = "serde asks for a reference")]
    pub(in crate::act) fn serialize<S: Serializer>(words: &Option<String>, to: S) -> Result<S::Ok, S::Error> {
        match words {
            Some(words) => to.serialize_str(words),
            None => to.serialize_none(),
        }
    }

    pub(in crate::act) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
        String::deserialize(from).map(Some)
    }
}

/// As [`iso`], for an instant that another field may stand for.
pub(super) mod iso_or_none {
    use super::{Deserializer, Moment, Serializer, iso};

    #[allow(clippy::ref_option, reason = "serde asks for a reference")]
    pub(in crate::act) fn serialize<S: Serializer>(moment: &Option<Moment>, to: S) -> Result<S::Ok, S::Error> {
        match moment {
            Some(moment) => iso::serialize(moment, to),
            None => to.serialize_none(),
        }
    }

    pub(in crate::act) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Moment>, D::Error> {
        iso::deserialize(from).map(Some)
    }
}
