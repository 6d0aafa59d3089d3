//! The questions that every kind of clause answers. Most kinds share the answers of [`PLAIN`] and differ in a few.

use super::reader::Reader;
use crate::document::{Fields, Node};
use crate::edition::Edition;
use crate::effect::Effects;
use crate::kernel::{GivenPower, Grant, Kernel, Terms};
use crate::named::Named;
use crate::vocabulary::{Known, field};

/// Fields that most kinds have.
pub(super) const ELECTORATE: Known = field("electorate", "the classes whose members vote; everyone unless said");
pub(super) const SERVICE: Known =
    field("service", "the part of the co-op that it is about: weight in the classes of it counts, alone or more")
        .fields(&[field("weighs", "it counts so many times, beside all other weight")])
        .since(Edition::THREE);
pub(super) const DELEGATION: Known = field("delegation", "whether a member may name another to vote for them")
    .values(<super::Delegation as Named>::WORDS);

/// The kernels under which two versions of a clause are compared.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'k> {
    pub(crate) from: &'k Kernel,
    pub(crate) to: &'k Kernel,
}

/// The answers of a clause. `{}` is the decision's own words, `{seats}` its seats.
pub(crate) struct Answers<'c> {
    /// The clause as the subject of a sentence: `The office of {}`.
    pub(super) title: &'static str,
    /// The event of a changed outcome, after `If everyone agreed,`.
    pub(super) change: &'static str,
    pub(super) terms: Option<&'c Terms>,
    pub(super) powers: &'c [GivenPower],
    pub(super) grant: Option<&'c Grant>,
    /// Seats that members hold.
    pub(super) seats: u32,
    /// Whether several members hold it together, so that their seats are named and their payments are added up.
    pub(super) is_shared: bool,
    pub(super) is_voted_on: bool,
    /// The first edition that carries it out; `None` where every one keeps it with a note.
    pub(super) since: Option<Edition>,
    /// The part that is kept and not carried out, after `This version`.
    pub(super) kept: Option<&'static str>,
    /// The first edition that carries that part out; `None` where none does.
    pub(super) kept_until: Option<Edition>,
}

/// The answers of a kind that has no outcome, no holder and nothing that is kept.
pub(super) const PLAIN: Answers<'static> = Answers {
    title: "",
    change: "the outcome would change",
    terms: None,
    powers: &[],
    grant: None,
    seats: 0,
    is_shared: false,
    is_voted_on: true,
    since: Some(Edition::ONE),
    kept: None,
    kept_until: None,
};

/// A kind of clause.
pub(crate) trait Kind {
    /// Its fields, in the order in which an editor offers them.
    const FIELDS: &'static [Known];

    /// Reads the fields that only this kind has.
    fn read(reader: &mut Reader, node: &Node, found: &Fields) -> Option<Self>
    where
        Self: Sized;

    fn answers(&self) -> Answers<'_>;

    /// Explains what kind of decision it is, one sentence for each point.
    fn meaning(&self, kernel: &Kernel) -> Vec<String>;

    /// Returns sentences that follow those on who votes.
    fn order(&self, _kernel: &Kernel) -> Vec<String> {
        Vec::new()
    }

    /// Adds the effects of its own fields, against the same clause before; without one, those of a clause that opens.
    fn compare(&self, _from: Option<&Self>, _sides: Sides, _thing: &str, _effects: &mut Effects) {}

    /// Adds the effects of its end besides that it closes.
    fn end(&self, _thing: &str, _effects: &mut Effects) {}
}
