//! Entries for the fields of the language: name, meaning, values. The checker and the editor read the same entries, so that
//! neither knows a word that the other does not. Each noun declares its own.

use crate::edition::Edition;
use crate::named::Meaning;

/// A field or property that the language knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) name: &'static str,
    /// Its meaning in a sentence or less.
    pub(crate) about: &'static str,
    /// The texts that it takes, or examples of them.
    pub(crate) values: &'static [Meaning],
    /// Its own fields and properties.
    pub(crate) fields: &'static [Known],
    /// The unit that a bare number lacks: ` days`, `%`.
    pub(crate) unit: &'static str,
    /// Whether one clause can have it several times.
    pub(crate) repeats: bool,
    /// The first edition that has it.
    pub(crate) since: Edition,
}

const SPANS: &[Meaning] = &[("7 days", ""), ("14 days", ""), ("30 days", ""), ("90 days", "")];
pub(crate) const RHYTHMS: &[Meaning] = &[
    ("hourly", "at every full hour"),
    ("daily at 01:00", "every night"),
    ("weekly on monday at 01:00", "once a week"),
    ("monthly on 1 at 01:00", "on the first of every month"),
];

/// Declares a field that takes one text.
pub(crate) const fn field(name: &'static str, about: &'static str) -> Known {
    Known { name, about, values: &[], fields: &[], unit: "", repeats: false, since: Edition::ONE }
}

impl Known {
    pub(crate) const fn values(self, values: &'static [Meaning]) -> Known {
        Known { values, ..self }
    }

    pub(crate) const fn fields(self, fields: &'static [Known]) -> Known {
        Known { fields, ..self }
    }

    /// Makes it take a length of time.
    pub(crate) const fn span(self) -> Known {
        Known { values: SPANS, unit: " days", ..self }
    }

    /// Makes it take a percentage.
    pub(crate) const fn percent(self) -> Known {
        Known { unit: "%", ..self }
    }

    pub(crate) const fn since(self, since: Edition) -> Known {
        Known { since, ..self }
    }

    pub(crate) const fn repeats(self) -> Known {
        Known { repeats: true, ..self }
    }
}

/// Returns the names in the order in which messages list them, the repeating ones last.
pub(crate) fn names(known: &[Known]) -> Vec<&'static str> {
    let (many, once): (Vec<&Known>, Vec<&Known>) = known.iter().partition(|known| known.repeats);
    once.into_iter().chain(many).map(|known| known.name).collect()
}
