//! Documents: texts that members can replace.

use super::kind::{Answers, DELEGATION, ELECTORATE, Kind, PLAIN, SERVICE};
use super::reader::Reader;
use crate::document::{Fields, Node};
use crate::kernel::{ALLOWANCE, CHANGES, Kernel, NOMINATED_BY, SETTLES_IN, Terms, VOTES};
use crate::vocabulary::Known;

/// A text that members can replace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    pub terms: Terms,
}

impl Kind for Document {
    const FIELDS: &'static [Known] =
        &[SETTLES_IN, NOMINATED_BY, CHANGES, ELECTORATE, SERVICE, VOTES, ALLOWANCE, DELEGATION];

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Document> {
        Terms::read(found, None, &mut reader.mistakes).map(|terms| Document { terms })
    }

    fn answers(&self) -> Answers<'_> {
        let change = "another text of the {} would be in force";
        Answers { title: "The document “{}”", change, terms: Some(&self.terms), ..PLAIN }
    }

    fn meaning(&self, _: &Kernel) -> Vec<String> {
        let words =
            "The document that has held the most votes for long enough is in force. It can be replaced, not emptied.";
        vec![words.to_owned()]
    }
}
