//! How weight becomes votes, and who votes.

use crate::document::{Field, Mistakes};
use crate::kernel::Kernel;
use crate::named::{Named, named};
use crate::phrase;
use crate::vocabulary::{Known, field};
use crate::words;

named! {
    /// How weight placed becomes votes.
    pub enum Counting {
        /// The square root of the weight placed × the score.
        Quadratic = "quadratic" "votes are the root of the weight placed",
        /// The weight placed × the score.
        Linear = "linear" "votes are the weight placed",
        /// As linear, with scores 0 or 10 only.
        Approval = "approval" "as linear, with scores 0 or 10 only",
        /// Every member weighs 1.
        OneMember = "one-member" "every member counts the same",
    }
}

pub(crate) const VOTES: Known = field("votes", "how weight becomes votes").values(Counting::WORDS);

/// Reads `votes`, of the kernel or of a clause.
pub(crate) fn votes(field: &Field, mistakes: &mut Mistakes) -> Option<Counting> {
    phrase::named(field.text(mistakes)?, mistakes)
}

/// Says how weight becomes votes, in a sentence.
pub fn explain_votes(kernel: &Kernel) -> String {
    format!("Unless a clause says otherwise, {}.", kernel.counting.words(kernel))
}

impl Counting {
    /// Says how weight becomes votes, in a part of a sentence.
    pub(crate) fn words(self, kernel: &Kernel) -> &'static str {
        match self {
            Counting::Quadratic => {
                "votes are the root of the weight placed, so that four times the weight is twice the votes"
            }
            Counting::Linear => "votes are the weight placed",
            Counting::Approval => "votes are the weight placed, for whoever is approved of",
            // Where classes hold a part of the votes, each is counted by itself (charter.md, `class`).
            Counting::OneMember if kernel.is_held_by_classes() => "every member of a class counts the same",
            Counting::OneMember => "every member counts the same",
        }
    }
}

/// Writes `Every member with weight may vote; votes are the weight placed.`
pub(crate) fn voting(classes: &[String], counting: Counting, kernel: &Kernel) -> String {
    format!("{} may vote; {}.", electorate(classes), counting.words(kernel))
}

/// Writes `Every member with weight`, `Members who are patrons or contributors`.
pub(crate) fn electorate(classes: &[String]) -> String {
    match classes.is_empty() {
        true => "Every member with weight".to_owned(),
        false => format!("Members who are {}", words::classes(classes)),
    }
}
