//! How weight becomes votes, and who votes.

use crate::document::{Field, Mistakes};
use crate::edition::Edition;
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

named! {
    /// The weight that a member's shares on a decision are shares of.
    pub enum Allowance {
        /// A member's shares on all such decisions together are at most the whole.
        Shared = "shared" "one weight, divided over decisions",
        /// A member's shares on this decision are at most the whole, whatever they place elsewhere.
        Each = "each" "a whole vote on every decision",
    }
}

impl Allowance {
    /// Returns what holds where rules do not say. Dividing is the point of quadratic counting; everywhere else one member, one vote
    /// means a vote on every decision.
    pub(crate) fn usual(edition: Edition, counting: Counting) -> Allowance {
        match counting {
            _ if edition < Edition::TWO => Allowance::Shared,
            Counting::Quadratic => Allowance::Shared,
            Counting::Linear | Counting::Approval | Counting::OneMember => Allowance::Each,
        }
    }

    /// Says what a member can place, in a part of a sentence.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Allowance::Shared => "a member divides one weight over all decisions that share it",
            Allowance::Each => "a member has a whole vote on every decision, whatever they place elsewhere",
        }
    }
}

impl Kernel {
    /// Returns what members can place where a clause counts so and does not say otherwise.
    #[must_use]
    pub fn allowance_of(&self, counting: Counting) -> Allowance {
        self.allowance.unwrap_or_else(|| Allowance::usual(self.edition, counting))
    }
}

pub(crate) const ALLOWANCE: Known =
    field("allowance", "what a member can place: one weight divided over decisions, or a whole vote on each")
        .values(Allowance::WORDS)
        .since(Edition::TWO);

/// Reads `allowance`, of the kernel or of a clause.
pub(crate) fn allowance(field: &Field, mistakes: &mut Mistakes) -> Option<Allowance> {
    phrase::named(field.text(mistakes)?, mistakes)
}

pub(crate) const VOTES: Known = field("votes", "how weight becomes votes").values(Counting::WORDS);

/// Reads `votes`, of the kernel or of a clause.
pub(crate) fn votes(field: &Field, mistakes: &mut Mistakes) -> Option<Counting> {
    phrase::named(field.text(mistakes)?, mistakes)
}

/// Says how weight becomes votes, in a sentence.
pub fn explain_votes(kernel: &Kernel) -> String {
    let votes = kernel.counting.words(kernel);
    match kernel.allowance_of(kernel.counting) {
        allowance @ Allowance::Each => format!("Unless a clause says otherwise, {votes}, and {}.", allowance.words()),
        Allowance::Shared => format!("Unless a clause says otherwise, {votes}."),
    }
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
pub(crate) fn voting(classes: &[String], (counting, allowance): (Counting, Allowance), kernel: &Kernel) -> String {
    let votes = format!("{} may vote; {}", electorate(classes), counting.words(kernel));
    // One weight that is divided goes without saying where it is the usual way.
    match allowance {
        Allowance::Each => format!("{votes}; a member's whole vote counts here, whatever they place elsewhere."),
        Allowance::Shared if Allowance::usual(kernel.edition, counting) != allowance => {
            format!("{votes}; {}.", allowance.words())
        }
        Allowance::Shared => format!("{votes}."),
    }
}

/// Writes `Every member with weight`, `Members who are patrons or contributors`.
pub(crate) fn electorate(classes: &[String]) -> String {
    match classes.is_empty() {
        true => "Every member with weight".to_owned(),
        false => format!("Members who are {}", words::classes(classes)),
    }
}
