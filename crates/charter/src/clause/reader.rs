//! The context in which clauses are read: everything above the document, and its mistakes and notes so far. Kinds of
//! clauses read their own fields with it. It knows no kind.

use std::collections::BTreeSet;
use std::ops::Range;

use super::commitment::Asked;
use super::jurisdiction::{Jurisdiction, Layer};
use super::lists::Keeper;
use super::pool::income::Fed;
use crate::code;
use crate::diagnostic::{Diagnostic, Help};
use crate::document::{Fields, Mistakes};
use crate::kernel::{Given, GivenPower, Kernel, Power, Under, powers};
use crate::phrase::MoneyPer;

pub(crate) struct Reader<'a, 't> {
    pub(super) kernel: &'a Kernel,
    /// How many constitutions are above.
    pub(super) depth: usize,
    pub(super) jurisdiction: Jurisdiction<'a>,
    /// How much of the co-op's income pools get so far.
    pub(super) fed: Fed,
    /// The names of clauses so far.
    pub(super) taken: BTreeSet<String>,
    /// Clauses that give the power to keep lists.
    pub(super) keepers: Vec<Keeper>,
    /// A clause that accepts credit came before.
    pub(super) accepts_credit: bool,
    /// Pools that commitments name, and where.
    pub(super) asked: Vec<Asked>,
    pub(crate) mistakes: Mistakes<'t>,
    pub(crate) notes: Vec<Diagnostic>,
}

impl<'a, 't> Reader<'a, 't> {
    pub(crate) fn new(kernel: &'a Kernel, above: &[Layer<'a>], mistakes: Mistakes<'t>) -> Reader<'a, 't> {
        Reader {
            kernel,
            depth: above.len(),
            jurisdiction: Jurisdiction::new(kernel, above),
            fed: Fed::default(),
            taken: BTreeSet::new(),
            keepers: Vec::new(),
            accepts_credit: false,
            asked: Vec::new(),
            mistakes,
            notes: Vec::new(),
        }
    }

    /// Returns the kernel above, with the values of its parameters.
    pub(crate) fn kernel(&self) -> &'a Kernel {
        self.kernel
    }

    /// Returns the powers of a clause, each of them given within what is granted above.
    pub(super) fn powers(&mut self, found: &Fields) -> Vec<GivenPower> {
        let under = Under { currency: Some(self.kernel.currency), edition: self.kernel.edition };
        let given = powers(found, under, &mut self.mistakes);
        for given in &given {
            self.jurisdiction.give(given, &mut self.mistakes);
        }
        given.into_iter().map(|given| given.power).collect()
    }

    /// Spends money that a clause hands out by itself, within the limits above.
    pub(super) fn spend(&mut self, limit: MoneyPer, at: &Range<usize>) {
        let power = GivenPower { limit: Some(limit), ..GivenPower::plain(Power::Spend) };
        let given = Given { power, at: at.clone(), unreadable: false, kinds: Vec::new() };
        self.jurisdiction.give(&given, &mut self.mistakes);
    }

    pub(super) fn note(&mut self, code: &'static str, at: &Range<usize>, why: String, help: impl Into<Help>) {
        self.notes.push(self.mistakes.diagnostic(code, at, why, help));
    }

    /// Notes a field that is kept and not carried out.
    pub(super) fn note_field(&mut self, found: &Fields, name: &str) {
        if let Some(field) = found.get(name) {
            let why = format!("this version keeps `{name}` and does not carry it out yet");
            self.note(code::NOT_COUNTED_YET, &field.name.at, why, None);
        }
    }
}
