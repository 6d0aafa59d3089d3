//! The kernel: who has weight, how it is counted, how the constitution and the kernel change. It is
//! read from a document once and is then in force as it stands.

mod class;
mod order;
mod read;

#[cfg(test)]
mod tests;

use quantity::{Currency, Rhythm, Span, Zone};

use crate::{Diagnostic, Formula};

pub(crate) use class::{not_yet, own_name};
pub use read::read_kernel;
pub(crate) use read::{terms, votes};

/// A checked kernel.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub name: String,
    pub purpose: String,
    pub currency: Currency,
    /// Where the co-op's days, months and hours are counted.
    pub zone: Zone,
    pub classes: Vec<Class>,
    /// Indices into `classes`: each class stands after every class that its formula names.
    pub class_order: Vec<usize>,
    /// The most weight that one member may hold, in parts per million of all weight.
    pub cap_ppm: Option<u32>,
    /// The least weight of a member who belongs to a class, in micro-weights; 0 where none is set.
    pub floor_micro: u64,
    /// How weight becomes votes, unless a clause says otherwise.
    pub counting: Counting,
    /// How the constitution itself changes.
    pub constitution: Terms,
    /// When everything is counted.
    pub updates: Rhythm,
    /// How the kernel changes: `never`, or words such as `2/3 of weight for 180 days`.
    pub amend: String,
    pub fork: Fork,
    /// What is allowed but probably not meant, such as a root taken twice.
    pub notes: Vec<Diagnostic>,
}

/// A kind of member with its own way to earn weight.
#[derive(Clone, Debug)]
pub struct Class {
    pub name: String,
    /// The list that says who belongs; without one, every member with weight in it does.
    pub list: Option<String>,
    pub weight: Formula,
    /// `scale "sqrt"`: the square root of the formula's value is the weight.
    pub scale_root: bool,
    /// The line where the class begins.
    pub line: u32,
}

/// How weight placed becomes votes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Counting {
    /// The square root of the weight placed × the score.
    Quadratic,
    /// The weight placed × the score.
    Linear,
    /// As linear, with scores 0 or 10 only.
    Approval,
    /// Every member weighs 1.
    OneMember,
}

/// How the outcome of a decision changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// How long a unanimous electorate takes to change the outcome.
    pub settles_in: Span,
    /// The attention that a nominee needs, in parts per million of the capacity.
    pub nominated_by_ppm: u32,
    /// When a full bucket takes over; `None` means at every update.
    pub changes: Option<Rhythm>,
}

/// What members who leave together may take with them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fork {
    /// Of `register`, `ledger`, `rules`.
    pub carries: Vec<String>,
    /// `by weight of those who go`, `by head` or `none`.
    pub treasury: String,
}

impl Counting {
    pub const ALL: [Counting; 4] = [
        Counting::Quadratic,
        Counting::Linear,
        Counting::Approval,
        Counting::OneMember,
    ];

    /// The word for it in a document.
    pub fn name(self) -> &'static str {
        match self {
            Counting::Quadratic => "quadratic",
            Counting::Linear => "linear",
            Counting::Approval => "approval",
            Counting::OneMember => "one-member",
        }
    }

    /// The way of counting with exactly this name.
    pub fn parse(name: &str) -> Option<Counting> {
        Counting::ALL
            .into_iter()
            .find(|counting| counting.name() == name)
    }
}

impl Kernel {
    /// The class with this name.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.name == name)
    }
}
