//! Documents: texts that members can replace.

use super::kind::{DELEGATION, ELECTORATE, Kind};
use super::reader::Reader;
use crate::document::{Fields, Node};
use crate::kernel::{CHANGES, Kernel, NOMINATED_BY, SETTLES_IN, Terms, VOTES};
use crate::vocabulary::Known;

/// A text that members can replace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    pub terms: Terms,
}

impl Kind for Document {
    fn fields() -> &'static [Known] {
        &[SETTLES_IN, NOMINATED_BY, CHANGES, ELECTORATE, VOTES, DELEGATION]
    }

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Document> {
        Terms::read(found, None, &mut reader.mistakes).map(|terms| Document { terms })
    }

    fn title(&self, thing: &str) -> String {
        format!("The document “{thing}”")
    }

    fn meaning(&self, _: &Kernel) -> Vec<String> {
        let words =
            "The document that has held the most votes for long enough is in force. It can be replaced, not emptied.";
        vec![words.to_owned()]
    }

    fn terms(&self) -> Option<&Terms> {
        Some(&self.terms)
    }

    fn change(&self, thing: &str) -> String {
        format!("another text of the {thing} would be in force")
    }
}
