//! Fields of a clause: `name "value"` in its braces, or `name="value"` beside its name. Both are read alike.

use super::{Literal, Mistakes, Node, Value, Word};
use crate::code;
use crate::nearest::{nearest, suggest};
use crate::vocabulary::{Known, names};

/// A field of a clause.
pub(crate) struct Field<'n> {
    pub(crate) name: &'n Word,
    /// The field of the language with this name, or with a name that is nearly this one.
    known: Option<Known>,
    pub(crate) values: Vec<&'n Value>,
    pub(crate) properties: &'n [(Word, Value)],
    pub(crate) children: &'n [Node],
}

/// The fields of one clause, and the clause's own word.
pub(crate) struct Fields<'n> {
    pub(crate) owner: &'n Word,
    found: Vec<Field<'n>>,
}

/// Returns the known fields of a clause, and reports unknown ones and those that are written twice and do not repeat.
pub(crate) fn fields<'n>(node: &'n Node, known: &[Known], mistakes: &mut Mistakes) -> Fields<'n> {
    read(&node.name, &node.properties, &node.children, known, mistakes)
}

fn read<'n>(
    owner: &'n Word,
    properties: &'n [(Word, Value)],
    children: &'n [Node],
    known: &[Known],
    mistakes: &mut Mistakes,
) -> Fields<'n> {
    // An edition does not know the fields of a later one.
    let known: &Vec<Known> = &known.iter().copied().filter(|known| known.since <= mistakes.edition).collect();
    let by_name = |name: &str| known.iter().find(|known| known.name == name).copied();
    let beside = properties.iter().map(|(name, value)| (name, vec![value], &[][..], &[][..]));
    let inside = children
        .iter()
        .map(|child| (&child.name, child.values.iter().collect(), &child.properties[..], &child.children[..]));
    let mut found: Vec<Field> = Vec::new();
    let mut mistyped: Vec<Field> = Vec::new();
    for (name, values, properties, children) in beside.chain(inside) {
        if mistakes.is_full() {
            break;
        }
        let mut field = Field { name, known: by_name(&name.text), values, properties, children };
        match field.known {
            None => {
                let all = names(known);
                let why = format!("`{}` has no field `{}`", owner.text, name.text);
                mistakes.report(code::UNKNOWN_FIELD, &name.at, why, suggest(&name.text, &all));
                field.known = nearest(&name.text, all).and_then(by_name);
                mistyped.push(field);
            }
            Some(known) if !known.repeats && found.iter().any(|earlier| earlier.is(known.name)) => {
                twice(name, mistakes);
            }
            Some(_) => found.push(field),
        }
    }
    // A name that is nearly right is reported once: its value is read, and nothing is missing.
    for field in mistyped {
        let is_new = |meant: Known| !found.iter().any(|known| known.is(meant.name));
        if field.known.is_some_and(is_new) {
            found.push(field);
        }
    }
    Fields { owner, found }
}

/// Reports a field or property that is written a second time.
fn twice(name: &Word, mistakes: &mut Mistakes) {
    let why = format!("`{}` is written a second time", name.text);
    mistakes.report(code::FIELD_TWICE, &name.at, why, "leave one of them out");
}

impl<'n> Fields<'n> {
    /// Returns the field with this name, the first of several.
    pub(crate) fn get(&self, name: &str) -> Option<&Field<'n>> {
        self.found.iter().find(|field| field.is(name))
    }

    /// Returns every field with this name, in the order of the document.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &Field<'n>> {
        self.found.iter().filter(move |field| field.is(name))
    }

    /// Reads the field's only value with `read`: `Some(None)` where the field is absent, `None` where it is wrong.
    pub(crate) fn optional<T>(
        &self,
        name: &str,
        mistakes: &mut Mistakes,
        read: impl FnOnce(&'n Value, &mut Mistakes) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.get(name) {
            Some(field) => field.text(mistakes).and_then(|value| read(value, mistakes)).map(Some),
            None => Some(None),
        }
    }

    /// Reads as [`Fields::optional`], with a value for an absent field.
    pub(crate) fn or<T>(
        &self,
        name: &str,
        absent: T,
        mistakes: &mut Mistakes,
        read: impl FnOnce(&'n Value, &mut Mistakes) -> Option<T>,
    ) -> Option<T> {
        self.optional(name, mistakes, read).map(|found| found.unwrap_or(absent))
    }

    /// Reports that a required field is absent.
    pub(crate) fn missing(&self, name: &str, example: &str, mistakes: &mut Mistakes) {
        let why = format!("`{}` has no `{name}`", self.owner.text);
        mistakes.report(code::FIELD_MISSING, &self.owner.at, why, format!("write `{example}`"));
    }

    /// Reports each of these fields that another one rules out.
    pub(crate) fn clash(&self, names: &[&str], with: &str, mistakes: &mut Mistakes) {
        for name in names {
            for field in self.all(name) {
                let why = format!("`{name}` and `{with}` do not go together");
                mistakes.report(code::FIELDS_CLASH, &field.name.at, why, format!("leave out `{name}` or `{with}`"));
            }
        }
    }

    /// Reports a field that has no meaning because another one is absent.
    pub(crate) fn needs(&self, name: &str, other: &str, mistakes: &mut Mistakes) {
        if let Some(field) = self.get(name) {
            let why = format!("`{name}` means nothing without {other}");
            mistakes.report(code::NEEDS_ANOTHER, &field.name.at, why, None);
        }
    }
}

/// Reports a value without quotes. The help adds them, and after a number the unit of its field.
fn not_text(name: &Word, known: Option<Known>, value: &Value, mistakes: &mut Mistakes) {
    let unit = known.filter(|_| value.is == Literal::Number).map_or("", |known| known.unit);
    let help = format!("write it in quotes: `\"{}{unit}\"`", value.text);
    mistakes.report(code::WRONG_KIND, &value.at, format!("`{}` takes text", name.text), help);
}

impl<'n> Field<'n> {
    fn is(&self, name: &str) -> bool {
        self.known.is_some_and(|known| known.name == name)
    }

    /// Reads the field's own fields, as [`fields`] does.
    pub(crate) fn fields(&self, known: &[Known], mistakes: &mut Mistakes) -> Fields<'n> {
        self.no_value(mistakes);
        read(self.name, self.properties, self.children, known, mistakes)
    }

    /// Returns the only value, where it is text.
    pub(crate) fn text(&self, mistakes: &mut Mistakes) -> Option<&'n Value> {
        self.nothing_else(&[], mistakes);
        self.only_text(mistakes)
    }

    /// Returns the only value, where it is text; properties and braces are the caller's.
    pub(crate) fn only_text(&self, mistakes: &mut Mistakes) -> Option<&'n Value> {
        let value = self.only(mistakes)?;
        if value.is != Literal::Text {
            not_text(self.name, self.known, value, mistakes);
            return None;
        }
        Some(value)
    }

    /// Returns the only value, where it is a whole number in the range.
    pub(crate) fn whole(&self, range: std::ops::RangeInclusive<u32>, mistakes: &mut Mistakes) -> Option<u32> {
        self.nothing_else(&[], mistakes);
        let value = self.only(mistakes)?;
        let name = &self.name.text;
        if value.is != Literal::Number || value.text.contains('.') {
            let why = format!("`{name}` takes a whole number without quotes");
            return mistakes.refuse(code::WRONG_KIND, &value.at, why, None);
        }
        let number = value.text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let why = format!("`{name}` is from {} to {}", range.start(), range.end());
            mistakes.report(code::OUT_OF_RANGE, &value.at, why, None);
        }
        number
    }

    /// Reads a whole number beside the field, `name=3`, and reports every other property: `Some(None)` where it is absent, `None` where
    /// it is wrong.
    pub(crate) fn number_beside(
        &self,
        name: &str,
        range: std::ops::RangeInclusive<u32>,
        mistakes: &mut Mistakes,
    ) -> Option<Option<u32>> {
        let mut found = Some(None);
        for (word, value) in self.properties {
            if word.text != name {
                let why = format!("`{}` has no field `{}`", self.name.text, word.text);
                mistakes.report(code::UNKNOWN_FIELD, &word.at, why, suggest(&word.text, &[name]));
                continue;
            }
            if found != Some(None) {
                twice(word, mistakes);
                continue;
            }
            let number = value.text.parse().ok().filter(|number| range.contains(number));
            if value.is != Literal::Number || value.text.contains('.') {
                let why = format!("`{name}` takes a whole number without quotes");
                mistakes.report(code::WRONG_KIND, &value.at, why, None);
            } else if number.is_none() {
                let why = format!("`{name}` is from {} to {}", range.start(), range.end());
                mistakes.report(code::OUT_OF_RANGE, &value.at, why, None);
            }
            found = number.map(Some);
        }
        found
    }

    /// Returns every value as text; at least one.
    pub(crate) fn texts(&self, mistakes: &mut Mistakes) -> Vec<&'n Value> {
        if self.values.is_empty() {
            self.empty(mistakes);
        }
        let wrong = self.values.iter().filter(|value| value.is != Literal::Text);
        for value in wrong {
            let why = format!("`{}` takes text", self.name.text);
            mistakes.report(code::WRONG_KIND, &value.at, why, "put it in quotes");
        }
        self.values.iter().filter(|value| value.is == Literal::Text).copied().collect()
    }

    /// Returns a property beside the field, where it is text.
    pub(crate) fn property(&self, name: &str) -> Option<&'n Value> {
        self.properties
            .iter()
            .find(|(known, _)| known.text == name)
            .map(|(_, value)| value)
            .filter(|value| value.is == Literal::Text)
    }

    /// Reports braces.
    pub(crate) fn no_braces(&self, mistakes: &mut Mistakes) {
        if let Some(child) = self.children.first() {
            let why = format!("`{}` has no fields of its own", self.name.text);
            mistakes.report(code::UNKNOWN_FIELD, &child.name.at, why, None);
        }
    }

    /// Reports braces, and properties other than these.
    pub(crate) fn nothing_else(&self, known: &[Known], mistakes: &mut Mistakes) {
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in self.properties {
            if mistakes.is_full() {
                break;
            }
            let word = name.text.as_str();
            let property = known.iter().find(|known| known.name == word).copied();
            if property.is_none() {
                let why = format!("`{}` has no field `{word}`", self.name.text);
                mistakes.report(code::UNKNOWN_FIELD, &name.at, why, suggest(word, &names(known)));
            } else if seen.contains(&word) {
                twice(name, mistakes);
            } else {
                seen.push(word);
                if value.is != Literal::Text {
                    not_text(name, property, value, mistakes);
                }
            }
        }
        self.no_braces(mistakes);
    }

    /// Reports a value: the field has fields of its own instead.
    pub(crate) fn no_value(&self, mistakes: &mut Mistakes) {
        if let Some(value) = self.values.first() {
            let why = format!("`{}` takes no value of its own", self.name.text);
            mistakes.report(code::UNEXPECTED_VALUE, &value.at, why, None);
        }
    }

    fn only(&self, mistakes: &mut Mistakes) -> Option<&'n Value> {
        if let Some(extra) = self.values.get(1) {
            let why = format!("`{}` takes one value", self.name.text);
            mistakes.report(code::UNEXPECTED_VALUE, &extra.at, why, None);
        }
        if self.values.is_empty() {
            self.empty(mistakes);
        }
        self.values.first().copied()
    }

    fn empty(&self, mistakes: &mut Mistakes) {
        let why = format!("`{}` has no value", self.name.text);
        mistakes.report(code::FIELD_MISSING, &self.name.at, why, None);
    }
}
