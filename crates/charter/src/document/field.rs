//! Fields: what stands in a clause as `name "value"` in its braces or as `name="value"` beside its
//! name. Both are read alike.

use super::{Literal, Mistakes, Node, Value, Word};
use crate::code;
use crate::nearest::{nearest, suggest};

/// A field of a clause.
pub(crate) struct Field<'n> {
    pub(crate) name: &'n Word,
    /// The known name, where it is written almost so.
    meant: Option<String>,
    pub(crate) values: Vec<&'n Value>,
    pub(crate) properties: &'n [(Word, Value)],
    pub(crate) children: &'n [Node],
}

/// The fields of one clause, and the clause's own word.
pub(crate) struct Fields<'n> {
    pub(crate) owner: &'n Word,
    found: Vec<Field<'n>>,
}

/// The known fields of a clause; the others are mistakes, and so is one that stands twice, except for
/// those of `many`.
pub(crate) fn fields<'n>(node: &'n Node, known: &[&str], many: &[&str], mistakes: &mut Mistakes) -> Fields<'n> {
    read(&node.name, &node.properties, &node.children, known, many, mistakes)
}

fn read<'n>(
    owner: &'n Word,
    properties: &'n [(Word, Value)],
    children: &'n [Node],
    known: &[&str],
    many: &[&str],
    mistakes: &mut Mistakes,
) -> Fields<'n> {
    let beside = properties.iter().map(|(name, value)| Field {
        name,
        meant: None,
        values: vec![value],
        properties: &[],
        children: &[],
    });
    let inside = children.iter().map(|child| Field {
        name: &child.name,
        meant: None,
        values: child.values.iter().collect(),
        properties: &child.properties,
        children: &child.children,
    });
    let mut found: Vec<Field> = Vec::new();
    let mut mistyped: Vec<Field> = Vec::new();
    for mut field in beside.chain(inside) {
        if mistakes.is_full() {
            break;
        }
        let name = field.name.text.as_str();
        if many.contains(&name) {
            found.push(field);
        } else if !known.contains(&name) {
            let why = format!("`{}` has no field `{name}`", owner.text);
            let all: Vec<&str> = known.iter().chain(many).copied().collect();
            let help = suggest(name, &all);
            mistakes.tell(code::UNKNOWN_FIELD, &field.name.at, why, help);
            field.meant = nearest(name, all).map(str::to_owned);
            mistyped.push(field);
        } else if found.iter().any(|earlier| earlier.name.text == name) {
            let why = format!("`{name}` stands here a second time");
            let help = Some("leave one of them out".to_owned());
            mistakes.tell(code::FIELD_TWICE, &field.name.at, why, help);
        } else {
            found.push(field);
        }
    }
    // A name that is nearly right is told once: its value is read, and nothing is missing.
    for field in mistyped {
        let is_new = |meant: &str| !found.iter().any(|known| known.is(meant));
        if field.meant.as_deref().is_some_and(is_new) {
            found.push(field);
        }
    }
    Fields { owner, found }
}

impl<'n> Fields<'n> {
    /// The field with this name, the first where it may stand several times.
    pub(crate) fn get(&self, name: &str) -> Option<&Field<'n>> {
        self.found.iter().find(|field| field.is(name))
    }

    /// Every field with this name, in the order in which they stand.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &Field<'n>> {
        self.found.iter().filter(move |field| field.is(name))
    }

    /// The field's only value, read by `read`: `Some(None)` where the field is absent, `None` where it is wrong.
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

    /// As [`Fields::optional`], with a value for a field that is absent.
    pub(crate) fn or<T>(
        &self,
        name: &str,
        absent: T,
        mistakes: &mut Mistakes,
        read: impl FnOnce(&'n Value, &mut Mistakes) -> Option<T>,
    ) -> Option<T> {
        self.optional(name, mistakes, read).map(|found| found.unwrap_or(absent))
    }

    /// Tells that a field which must stand here does not.
    pub(crate) fn missing(&self, name: &str, example: &str, mistakes: &mut Mistakes) {
        let why = format!("`{}` has no `{name}`", self.owner.text);
        let help = Some(format!("write `{example}`"));
        mistakes.tell(code::FIELD_MISSING, &self.owner.at, why, help);
    }

    /// Tells each of these fields that stands beside another which rules it out.
    pub(crate) fn clash(&self, names: &[&str], with: &str, mistakes: &mut Mistakes) {
        for name in names {
            for field in self.all(name) {
                let why = format!("`{name}` and `{with}` do not go together");
                let help = Some(format!("leave out `{name}` or `{with}`"));
                mistakes.tell(code::FIELDS_CLASH, &field.name.at, why, help);
            }
        }
    }

    /// Tells a field that means nothing because another one is absent.
    pub(crate) fn needs(&self, name: &str, other: &str, mistakes: &mut Mistakes) {
        if let Some(field) = self.get(name) {
            let why = format!("`{name}` means nothing without {other}");
            mistakes.tell(code::NEEDS_ANOTHER, &field.name.at, why, None);
        }
    }
}

/// How a value without quotes is mended: in quotes, and a number with the unit that its field takes.
fn in_quotes(field: &str, value: &Value) -> String {
    let unit = match field {
        _ if value.is != Literal::Number => "",
        "settles-in" | "close-after" | "conviction-half-life" => " days",
        "cap" | "control" | "at-most" | "nominated-by" | "spending-limit" | "least-conviction" | "freeze"
        | "quorum" => "%",
        _ => "",
    };
    format!("write it in quotes: `\"{}{unit}\"`", value.text)
}

impl<'n> Field<'n> {
    fn is(&self, name: &str) -> bool {
        self.meant.as_deref().unwrap_or(&self.name.text) == name
    }

    /// The field's own fields, as [`fields`].
    pub(crate) fn fields(&self, known: &[&str], many: &[&str], mistakes: &mut Mistakes) -> Fields<'n> {
        self.no_value(mistakes);
        let (name, properties, children) = (self.name, self.properties, self.children);
        read(name, properties, children, known, many, mistakes)
    }

    /// The only value, where it is text.
    pub(crate) fn text(&self, mistakes: &mut Mistakes) -> Option<&'n Value> {
        self.nothing_else(&[], mistakes);
        self.only_text(mistakes)
    }

    /// The only value, where it is text; properties and braces are the caller's.
    pub(crate) fn only_text(&self, mistakes: &mut Mistakes) -> Option<&'n Value> {
        let value = self.only(mistakes)?;
        if value.is != Literal::Text {
            let name = self.meant.as_deref().unwrap_or(&self.name.text);
            let help = Some(in_quotes(name, value));
            mistakes.tell(code::WRONG_KIND, &value.at, format!("`{}` takes text", self.name.text), help);
            return None;
        }
        Some(value)
    }

    /// The only value, where it is a whole number in the range.
    pub(crate) fn whole(&self, range: std::ops::RangeInclusive<u32>, mistakes: &mut Mistakes) -> Option<u32> {
        self.nothing_else(&[], mistakes);
        let value = self.only(mistakes)?;
        let name = &self.name.text;
        if value.is != Literal::Number || value.text.contains('.') {
            let why = format!("`{name}` takes a whole number without quotes");
            mistakes.tell(code::WRONG_KIND, &value.at, why, None);
            return None;
        }
        let number = value.text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let why = format!("`{name}` is from {} to {}", range.start(), range.end());
            mistakes.tell(code::OUT_OF_RANGE, &value.at, why, None);
        }
        number
    }

    /// Every value as text; at least one.
    pub(crate) fn texts(&self, mistakes: &mut Mistakes) -> Vec<&'n Value> {
        if self.values.is_empty() {
            self.empty(mistakes);
        }
        let wrong = self.values.iter().filter(|value| value.is != Literal::Text);
        for value in wrong {
            let why = format!("`{}` takes text", self.name.text);
            mistakes.tell(code::WRONG_KIND, &value.at, why, Some("put it in quotes".to_owned()));
        }
        self.values.iter().filter(|value| value.is == Literal::Text).copied().collect()
    }

    /// A property beside the field, where it is text.
    pub(crate) fn property(&self, name: &str) -> Option<&'n Value> {
        self.properties
            .iter()
            .find(|(known, _)| known.text == name)
            .map(|(_, value)| value)
            .filter(|value| value.is == Literal::Text)
    }

    /// Braces, and properties other than these, are mistakes.
    pub(crate) fn nothing_else(&self, known: &[&str], mistakes: &mut Mistakes) {
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in self.properties {
            if mistakes.is_full() {
                break;
            }
            let word = name.text.as_str();
            let owner = &self.name.text;
            if !known.contains(&word) {
                let why = format!("`{owner}` has no field `{word}`");
                let help = suggest(word, known);
                mistakes.tell(code::UNKNOWN_FIELD, &name.at, why, help);
            } else if seen.contains(&word) {
                let why = format!("`{word}` stands here a second time");
                let help = Some("leave one of them out".to_owned());
                mistakes.tell(code::FIELD_TWICE, &name.at, why, help);
            } else {
                seen.push(word);
                if value.is != Literal::Text {
                    let help = Some(in_quotes(word, value));
                    let why = format!("`{word}` takes text");
                    mistakes.tell(code::WRONG_KIND, &value.at, why, help);
                }
            }
        }
        if let Some(child) = self.children.first() {
            let why = format!("`{}` has no fields of its own", self.name.text);
            mistakes.tell(code::UNKNOWN_FIELD, &child.name.at, why, None);
        }
    }

    /// A value is a mistake: the field has fields of its own instead.
    pub(crate) fn no_value(&self, mistakes: &mut Mistakes) {
        if let Some(value) = self.values.first() {
            let why = format!("`{}` takes no value of its own", self.name.text);
            mistakes.tell(code::UNEXPECTED_VALUE, &value.at, why, None);
        }
    }

    fn only(&self, mistakes: &mut Mistakes) -> Option<&'n Value> {
        if let Some(extra) = self.values.get(1) {
            let why = format!("`{}` takes one value", self.name.text);
            mistakes.tell(code::UNEXPECTED_VALUE, &extra.at, why, None);
        }
        if self.values.is_empty() {
            self.empty(mistakes);
        }
        self.values.first().copied()
    }

    fn empty(&self, mistakes: &mut Mistakes) {
        let why = format!("`{}` has no value", self.name.text);
        mistakes.tell(code::FIELD_MISSING, &self.name.at, why, None);
    }
}
