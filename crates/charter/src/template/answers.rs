//! Puts a founder's answers into a template's documents. The words stay the template's own; only values are replaced.

use std::ops::Range;

use quantity::{Currency, Span, Zone};

use super::{Filled, Template, quoted};
use crate::document::{self, Node};

/// A founder's answers about their co-op. An answer that is left out stays as the template has it.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The co-op's name.
    pub name: String,
    pub currency: Currency,
    /// Its purpose in one sentence.
    pub purpose: Option<String>,
    /// Where its days and months are counted.
    pub zone: Option<Zone>,
    /// How long the constitution takes to change if everyone agrees.
    pub settles_in: Option<Span>,
}

impl Template {
    /// Fills both documents with a founder's answers. Each answer is written so that it is only ever a value.
    pub fn fill_with(&self, answers: &Answers) -> Filled {
        let mut filled = self.fill(&answers.name, answers.currency);
        let settles_in = answers.settles_in.map(|span| span.to_string());
        let values = [
            (&["purpose"][..], answers.purpose.as_deref()),
            (&["time-zone"][..], answers.zone.as_ref().map(Zone::name)),
            (&["constitution", "settles-in"][..], settles_in.as_deref()),
        ];
        for (path, value) in values {
            if let Some(value) = value {
                put(&mut filled.kernel, path, value);
            }
        }
        filled
    }
}

/// Replaces the value at a path inside the kernel; where there is none, nothing is written.
fn put(text: &mut String, path: &[&str], value: &str) {
    let place = document::read(text).ok().and_then(|(nodes, _)| {
        let kernel = nodes.iter().find(|node| node.name.text == "kernel")?;
        find(kernel, path)
    });
    if let Some(place) = place {
        text.replace_range(place, &quoted(value));
    }
}

/// Returns the place of the value at a path, in braces or as `name="value"`.
fn find(node: &Node, path: &[&str]) -> Option<Range<usize>> {
    let (first, rest) = path.split_first()?;
    let child = node.children.iter().find(|child| child.name.text == *first);
    match (child, rest) {
        (Some(child), []) => child.values.first().map(|value| value.at.clone()),
        (Some(child), rest) => find(child, rest),
        (None, []) => {
            let mut properties = node.properties.iter();
            properties.find(|(name, _)| name.text == *first).map(|(_, value)| value.at.clone())
        }
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{read_constitution, read_kernel, template, templates};

    #[test]
    fn every_answer_is_in_the_kernel_of_every_template() {
        let answers = Answers {
            name: "Our co-op".to_owned(),
            currency: Currency::parse("EUR").unwrap(),
            purpose: Some("Bread \"for\" everyone } \\ ```".to_owned()),
            zone: Some(Zone::named("Europe/Vienna").unwrap()),
            settles_in: Some(Span::parse("45 days").unwrap()),
        };
        for name in templates() {
            let filled = template(name).unwrap().fill_with(&answers);
            let kernel = read_kernel(&filled.kernel).unwrap();
            read_constitution(&filled.constitution, &kernel).unwrap();
            assert_eq!(kernel.purpose, answers.purpose.clone().unwrap(), "{name}");
            assert_eq!(kernel.zone.name(), "Europe/Vienna", "{name}");
            assert_eq!(kernel.constitution.settles_in.to_string(), "45 days");
            assert_eq!(kernel.name, "Our co-op");
        }
    }

    #[test]
    fn what_is_left_out_stays_as_the_template_has_it() {
        for name in templates() {
            let template = template(name).unwrap();
            let currency = Currency::parse("USD").unwrap();
            let answers =
                Answers { name: "Our co-op".to_owned(), currency, purpose: None, zone: None, settles_in: None };
            assert_eq!(template.fill_with(&answers), template.fill("Our co-op", currency));
        }
    }
}
