//! The questions that every kind of clause answers. A kind answers those that it has something to say to; the others have
//! the answer of most kinds.

use super::reader::Reader;
use crate::document::{Fields, Node};
use crate::effect::Effects;
use crate::kernel::{GivenPower, Grant, Kernel, Terms};
use crate::named::Named;
use crate::vocabulary::{Known, field};
use crate::words;

/// Fields that most kinds have.
pub(super) const ELECTORATE: Known = field("electorate", "the classes whose members vote; everyone unless said");
pub(super) const DELEGATION: Known = field("delegation", "whether a member may name another to vote for them")
    .values(<super::Delegation as Named>::WORDS);

/// The kernels under which two versions of a clause are compared.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'k> {
    pub(crate) from: &'k Kernel,
    pub(crate) to: &'k Kernel,
}

/// A kind of clause.
pub(crate) trait Kind {
    /// Its fields, in the order in which an editor offers them.
    fn fields() -> &'static [Known]
    where
        Self: Sized;

    /// Reads the fields that only this kind has.
    fn read(reader: &mut Reader, node: &Node, found: &Fields) -> Option<Self>
    where
        Self: Sized;

    /// `The office of maintainer`, as the subject of a sentence.
    fn title(&self, thing: &str) -> String;

    /// What kind of decision it is, a sentence each.
    fn meaning(&self, kernel: &Kernel) -> Vec<String>;

    /// Sentences that follow those on who votes.
    fn order(&self, _kernel: &Kernel) -> Vec<String> {
        Vec::new()
    }

    /// The effects of its own fields, against the same clause before; without one, of a clause that opens.
    fn compare(&self, _from: Option<&Self>, _sides: Sides, _thing: &str, _effects: &mut Effects)
    where
        Self: Sized,
    {
    }

    /// Effects of its end besides that it closes.
    fn end(&self, _thing: &str, _effects: &mut Effects) {}

    /// Whether this version opens a decision for it.
    fn opens(&self) -> bool {
        true
    }

    /// The part that is kept and not carried out, after `This version`.
    fn kept(&self) -> Option<&'static str> {
        None
    }

    fn is_voted_on(&self) -> bool {
        true
    }

    fn terms(&self) -> Option<&Terms> {
        None
    }

    /// What happens when its outcome changes, after `If everyone agreed,`.
    fn change(&self, _thing: &str) -> String {
        "the outcome would change".to_owned()
    }

    /// Seats that members hold.
    fn seats(&self) -> u32 {
        0
    }

    fn powers(&self) -> &[GivenPower] {
        &[]
    }

    /// What its holder may do, given the words of its powers.
    fn may(&self, thing: &str, powers: &[String]) -> Option<String> {
        (!powers.is_empty()).then(|| format!("The {thing} may {}.", words::all_of(powers)))
    }

    /// Whose payments a limit on spending adds up.
    fn payments(&self) -> &'static str {
        "All its payments"
    }

    fn grant(&self) -> Option<&Grant> {
        None
    }
}
