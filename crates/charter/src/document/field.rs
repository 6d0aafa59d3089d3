//! Fields: what stands in a clause as `name "value"` in its braces or as `name="value"` beside its
//! name. Both are read alike.

use std::ops::Range;

use super::{Literal, Mistakes, Node, Value, Word};
use crate::code;
use crate::nearest::suggest;

/// A field of a clause.
pub(crate) struct Field<'n> {
    pub(crate) name: &'n Word,
    pub(crate) values: Vec<&'n Value>,
    pub(crate) properties: &'n [(Word, Value)],
    pub(crate) children: &'n [Node],
    pub(crate) at: Range<usize>,
}

/// The known fields of a clause; the others are mistakes, and so is one that stands twice.
pub(crate) fn fields<'n>(
    node: &'n Node,
    known: &[&str],
    mistakes: &mut Mistakes,
) -> Vec<Field<'n>> {
    let beside = node.properties.iter().map(|(name, value)| Field {
        name,
        values: vec![value],
        properties: &[],
        children: &[],
        at: name.at.start..value.at.end,
    });
    let inside = node.children.iter().map(|child| Field {
        name: &child.name,
        values: child.values.iter().collect(),
        properties: &child.properties,
        children: &child.children,
        at: child.at.clone(),
    });
    let mut fields: Vec<Field> = Vec::new();
    for field in beside.chain(inside) {
        if mistakes.is_full() {
            break;
        }
        let name = field.name.text.as_str();
        if !known.contains(&name) {
            let why = format!("`{}` has no field `{name}`", node.name.text);
            mistakes.tell(
                code::UNKNOWN_FIELD,
                &field.name.at,
                why,
                suggest(name, known),
            );
        } else if fields.iter().any(|earlier| earlier.name.text == name) {
            let why = format!("`{name}` stands here a second time");
            mistakes.tell(code::FIELD_TWICE, &field.name.at, why, None);
        } else {
            fields.push(field);
        }
    }
    fields
}

impl<'n> Field<'n> {
    /// The only value, where it is text.
    pub(crate) fn text(&self, mistakes: &mut Mistakes) -> Option<&'n Value> {
        self.nothing_else(&[], mistakes);
        self.only_text(mistakes)
    }

    /// The only value, where it is text; properties and braces are the caller's.
    pub(crate) fn only_text(&self, mistakes: &mut Mistakes) -> Option<&'n Value> {
        let value = self.only(mistakes)?;
        if value.is != Literal::Text {
            let help = Some(format!("put it in quotes: `\"{}\"`", value.text));
            mistakes.tell(
                code::WRONG_KIND,
                &value.at,
                format!("`{}` takes text", self.name.text),
                help,
            );
            return None;
        }
        Some(value)
    }

    /// The only value, where it is a whole number in the range.
    pub(crate) fn whole(
        &self,
        range: std::ops::RangeInclusive<u32>,
        mistakes: &mut Mistakes,
    ) -> Option<u32> {
        self.nothing_else(&[], mistakes);
        let value = self.only(mistakes)?;
        let name = &self.name.text;
        if value.is != Literal::Number || value.text.contains('.') {
            let why = format!("`{name}` takes a whole number without quotes");
            mistakes.tell(code::WRONG_KIND, &value.at, why, None);
            return None;
        }
        let number = value
            .text
            .parse()
            .ok()
            .filter(|number| range.contains(number));
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
            mistakes.tell(
                code::WRONG_KIND,
                &value.at,
                why,
                Some("put it in quotes".to_owned()),
            );
        }
        self.values
            .iter()
            .filter(|value| value.is == Literal::Text)
            .copied()
            .collect()
    }

    /// A property beside the field, as text.
    pub(crate) fn property(&self, name: &str) -> Option<&'n Value> {
        self.properties
            .iter()
            .find(|(known, _)| known.text == name)
            .map(|(_, value)| value)
    }

    /// Braces, and properties other than these, are mistakes.
    pub(crate) fn nothing_else(&self, known: &[&str], mistakes: &mut Mistakes) {
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in self.properties {
            let why = if !known.contains(&name.text.as_str()) {
                Some((
                    code::UNKNOWN_FIELD,
                    format!("`{}` has no field `{}`", self.name.text, name.text),
                ))
            } else if seen.contains(&name.text.as_str()) {
                Some((
                    code::FIELD_TWICE,
                    format!("`{}` stands here a second time", name.text),
                ))
            } else if value.is != Literal::Text {
                Some((code::WRONG_KIND, format!("`{}` takes text", name.text)))
            } else {
                None
            };
            if let Some((code, why)) = why {
                mistakes.tell(code, &name.at, why, suggest(&name.text, known));
            }
            seen.push(&name.text);
        }
        if let Some(child) = self.children.first() {
            let why = format!("`{}` has no fields of its own", self.name.text);
            mistakes.tell(code::UNKNOWN_FIELD, &child.name.at, why, None);
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
