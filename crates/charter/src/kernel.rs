//! The kernel: who has weight, how it is counted, how the constitution and the kernel change. It is
//! read from a document once and is then in force as it stands.

mod class;
mod order;
mod read;

#[cfg(test)]
mod tests;

use quantity::{Currency, Rhythm, Span, Zone};

use crate::{Diagnostic, Formula, Grant};

pub(crate) use class::own_name;
pub use read::{is_kernel, read_kernel};
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
    /// What the constitution may give to offices, bodies and the constitutions below it.
    pub grant: Grant,
    pub amend: Amendment,
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
    /// Fixed control: the part of the votes that the class holds in every decision it may vote in.
    pub control_ppm: Option<u32>,
    /// The most of the votes that the class holds in any decision.
    pub at_most_ppm: Option<u32>,
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

/// How the kernel itself changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amendment {
    /// It does not: whoever wants another one forks.
    Never,
    /// Members assent to a text with this much weight, without a break, for this long.
    Held {
        of_weight: Part,
        /// Also in every class that has weight.
        of_each_class: Option<Part>,
        span: Span,
    },
}

/// A part of a whole, exact: two thirds is 2 of 3.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    pub numerator: u32,
    /// Never 0.
    pub denominator: u32,
}

/// What members who leave together may take with them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fork {
    /// The entries of those who go.
    pub register: bool,
    /// What those who go gave.
    pub ledger: bool,
    /// The rules, as a text to start from.
    pub rules: bool,
    pub treasury: TreasuryShare,
}

/// How much of the money goes along.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TreasuryShare {
    /// As much of it as of all weight those who go hold.
    ByWeight,
    /// As much of it as of all members those who go are.
    ByHead,
    Nothing,
}

impl Counting {
    pub const ALL: [Counting; 4] = [Counting::Quadratic, Counting::Linear, Counting::Approval, Counting::OneMember];

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
        Counting::ALL.into_iter().find(|counting| counting.name() == name)
    }
}

impl TreasuryShare {
    pub const ALL: [TreasuryShare; 3] = [TreasuryShare::ByWeight, TreasuryShare::ByHead, TreasuryShare::Nothing];

    /// The words for it in a document.
    pub fn name(self) -> &'static str {
        match self {
            TreasuryShare::ByWeight => "by weight of those who go",
            TreasuryShare::ByHead => "by head",
            TreasuryShare::Nothing => "none",
        }
    }
}

impl Part {
    /// Whether it is a half or more.
    pub fn is_half(self) -> bool {
        u64::from(self.numerator).saturating_mul(2) >= u64::from(self.denominator)
    }

    /// Whether `part` is at least this part of `whole`; of nothing, nothing is a part.
    pub fn is_reached(self, part: u128, whole: u128) -> bool {
        // INVARIANT: weights of all members stay below 2^96, so the products fit.
        let (numerator, denominator) = (u128::from(self.numerator), u128::from(self.denominator));
        whole > 0 && part.saturating_mul(denominator) >= whole.saturating_mul(numerator)
    }
}

impl Class {
    /// Whether it has a part of the votes, fixed or at most, so that votes are worked out class by class.
    pub(crate) fn is_held(&self) -> bool {
        self.control_ppm.is_some() || self.at_most_ppm.is_some()
    }

    /// Whether its weight is a root, so that votes that are roots root it twice.
    pub(crate) fn is_root(&self) -> bool {
        self.scale_root || self.weight.is_root()
    }
}

impl Kernel {
    /// The class with this name.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.name == name)
    }
}
