//! The kernel: who has weight, how it is counted, how the constitution and the kernel change. It is
//! read from a document once and is then in force as written.

mod acts_per;
mod amend;
mod class;
mod counting;
mod diff;
mod editions;
mod fork;
mod founding;
mod leaving;
mod meaning;
mod parameter;
mod power;
mod read;
mod splitting;
mod terms;

#[cfg(test)]
mod tests;

use quantity::{Currency, Rhythm, Zone};

use crate::diagnostic::Diagnostic;
use crate::edition::Edition;

pub use acts_per::ActsPer;
pub use amend::{Amendment, Heads, Of, Part, Reach, explain_amendment};
pub use class::{Affirmed, Class, Door, KeptBy, explain_door};
pub(crate) use counting::{ALLOWANCE, VOTES, allowance, electorate, votes, voting};
pub use counting::{Allowance, Counting, explain_votes};
pub(crate) use diff::effects;
pub use fork::{Counted, Fork, TreasuryShare, explain_fork};
pub use leaving::{Ends, Leaving};
pub(crate) use meaning::CONSTITUTION;
pub use meaning::{explain_kernel, explain_root, explain_updates};
pub(crate) use parameter::{ABOUT_SET, SET, names as names_parameter, quantity};
pub use parameter::{Parameter, Setting};
pub(crate) use power::{GIVES, GIVES_UP_TO, Given, LIMITS, MAY, Under, kinds_in_words, powers, powers_in_words};
pub use power::{GivenPower, Grant, Power, explain_power};
pub use read::is_kernel;
pub(crate) use read::{FIELDS, read};
pub use splitting::explain_splitting;
pub use terms::Terms;
pub(crate) use terms::{
    CHANGES, DEFAULT_NOMINATED_BY_PPM, NEW_MEMBER, NEW_TEXT, NOMINATED_BY, Pace, SETTLES_IN, nominated_by,
};

/// A checked kernel.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// The edition under which it was read, and under which constitutions below it are read.
    pub edition: Edition,
    pub name: String,
    pub purpose: String,
    pub currency: Currency,
    /// Where the co-op's days, months and hours are counted.
    pub zone: Zone,
    pub classes: Vec<Class>,
    /// Numbers that the constitution may set within limits; since edition 3.
    pub parameters: Vec<Parameter>,
    /// Indices into `classes`: each class comes after every class that its formula names.
    pub class_order: Vec<usize>,
    /// The most weight that one member may hold, in parts per million of all weight.
    pub cap_ppm: Option<u32>,
    /// The least weight of a member who belongs to a class, in micro-weights; 0 where none is set.
    pub floor_micro: u64,
    /// How many acts one member hands in; from edition 2 on.
    pub acts_per: ActsPer,
    /// How weight becomes votes, unless a clause says otherwise.
    pub counting: Counting,
    /// The usual allowance, where the kernel says so; since edition 2.
    pub allowance: Option<Allowance>,
    /// How the constitution itself changes.
    pub constitution: Terms,
    /// When everything is counted.
    pub updates: Rhythm,
    /// The powers that the constitution may give to offices, bodies and the constitutions below it.
    pub grant: Grant,
    pub amend: Amendment,
    /// Members adopt a later edition as they amend the kernel; otherwise an announced one comes after its 30 days.
    pub editions_by_amend: bool,
    /// Founders have the powers of vacant offices and bodies until somebody who may admit members is seated.
    pub founders_hold_powers: bool,
    /// The least that each founder weighs until members have weight of their own, micro-weights; 0 for nothing. Since edition 3.
    pub founding_weight_micro: u64,
    /// How members leave, and how long a membership can rest; since edition 5.
    pub leaving: Leaving,
    pub fork: Fork,
    /// The part of the money that no fork divides, in parts per million.
    pub reserves_ppm: u32,
    /// Notes on things that are allowed but probably not meant, such as a root taken twice.
    pub notes: Vec<Diagnostic>,
}

impl Kernel {
    /// Returns the class with this name.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.name == name)
    }

    /// Reports whether those on a list keep it themselves, so that no power reaches it.
    pub fn is_kept_by_members(&self, list: &str) -> bool {
        self.reads(list).any(|class| class.kept_by == KeptBy::Members)
    }

    /// Returns the classes that read a list.
    pub fn reads(&self, list: &str) -> impl Iterator<Item = &Class> {
        self.classes.iter().filter(move |class| class.list.as_deref() == Some(list))
    }

    /// Reports whether a class has a part of the votes, fixed or at most, so that votes are worked out class by class.
    pub(crate) fn is_held_by_classes(&self) -> bool {
        self.classes.iter().any(|class| class.control_ppm.is_some() || class.at_most_ppm.is_some())
    }
}
