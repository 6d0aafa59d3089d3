//! All kinds of clauses, a row each. Only this file tells one kind from another: a new kind needs a folder, a row here, and
//! a section of `docs/spec/charter.md`.

use super::body::Body;
use super::commitment::Commitment;
use super::constitution::InnerConstitution;
use super::document::Document;
use super::kind::{Answers, Kind, Sides};
use super::office::Office;
use super::pool::Pool;
use super::ranking::Ranking;
use super::reader::Reader;
use super::release::Release;
use crate::document::{Fields, Node};
use crate::effect::Effects;
use crate::kernel::Kernel;
use crate::vocabulary::Known;

/// A kind of clause before one is read.
pub(crate) struct Row {
    /// The word with which its clauses begin.
    pub(crate) word: &'static str,
    /// Its meaning, for editors.
    pub(crate) about: &'static str,
    pub(crate) fields: &'static [Known],
    pub(super) read: fn(&mut Reader, &Node, &Fields) -> Option<ClauseKind>,
}

macro_rules! kinds {
    ($($Kind:ident($Type:ty) $word:literal $about:literal;)*) => {
        /// The kind of a clause, with the fields that only this kind has.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum ClauseKind {
            $($Kind($Type),)*
        }

        pub(crate) const KINDS: &[Row] = &[$(Row {
            word: $word,
            about: $about,
            fields: <$Type as Kind>::FIELDS,
            read: |reader, node, found| <$Type as Kind>::read(reader, node, found).map(ClauseKind::$Kind),
        }),*];

        /// Asks the clause's own kind.
        impl ClauseKind {
            pub(super) fn word(&self) -> &'static str {
                match self {
                    $(ClauseKind::$Kind(_) => $word,)*
                }
            }

            pub(super) fn answers(&self) -> Answers<'_> {
                match self {
                    $(ClauseKind::$Kind(kind) => kind.answers(),)*
                }
            }

            pub(super) fn meaning(&self, kernel: &Kernel) -> Vec<String> {
                match self {
                    $(ClauseKind::$Kind(kind) => kind.meaning(kernel),)*
                }
            }

            pub(super) fn order(&self, kernel: &Kernel) -> Vec<String> {
                match self {
                    $(ClauseKind::$Kind(kind) => kind.order(kernel),)*
                }
            }

            pub(super) fn compare(&self, from: Option<&ClauseKind>, sides: Sides, thing: &str, effects: &mut Effects) {
                match (self, from) {
                    $(
                        (ClauseKind::$Kind(to), None) => to.compare(None, sides, thing, effects),
                        (ClauseKind::$Kind(to), Some(ClauseKind::$Kind(from))) => {
                            to.compare(Some(from), sides, thing, effects);
                        }
                    )*
                    // A clause of another kind is another clause: the one closes and the other opens.
                    _ => {}
                }
            }

            pub(super) fn end(&self, thing: &str, effects: &mut Effects) {
                match self {
                    $(ClauseKind::$Kind(kind) => kind.end(thing, effects),)*
                }
            }
        }
    };
}

kinds! {
    Office(Office) "office" "one seat that members fill by standing votes";
    Body(Body) "body" "several seats that members fill by standing votes";
    Document(Document) "document" "a text that members can replace";
    Constitution(InnerConstitution) "constitution" "a document that defines decisions of its own, within what it is given";
    Ranking(Ranking) "ranking" "items in the order of their standing support";
    Commitment(Commitment) "commitment" "an irreversible decision with a deadline";
    Pool(Pool) "pool" "money that members' pledges and weight direct to projects";
    Release(Release) "release" "files that open to everyone once support has reached a sum";
}

/// Returns the words with which clauses begin.
pub(crate) fn words() -> Vec<&'static str> {
    KINDS.iter().map(|row| row.word).collect()
}
