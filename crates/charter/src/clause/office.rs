//! Offices: one seat that members fill by standing votes.

use super::kind::{DELEGATION, ELECTORATE, Kind};
use super::reader::Reader;
use crate::document::{Fields, Node};
use crate::kernel::{CHANGES, GivenPower, Kernel, LIMITS, MAY, NOMINATED_BY, SETTLES_IN, Terms, VOTES};
use crate::vocabulary::Known;

/// One seat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Office {
    pub terms: Terms,
    pub powers: Vec<GivenPower>,
}

impl Kind for Office {
    fn fields() -> &'static [Known] {
        &[SETTLES_IN, NOMINATED_BY, CHANGES, ELECTORATE, VOTES, MAY, LIMITS, DELEGATION]
    }

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Office> {
        let powers = reader.powers(found);
        Some(Office { terms: Terms::read(found, None, &mut reader.mistakes)?, powers })
    }

    fn title(&self, thing: &str) -> String {
        format!("The office of {thing}")
    }

    fn meaning(&self, _: &Kernel) -> Vec<String> {
        let words = "Whoever has held the most votes for long enough holds the office; voted below zero for long enough, they lose it.";
        vec![words.to_owned()]
    }

    fn terms(&self) -> Option<&Terms> {
        Some(&self.terms)
    }

    fn change(&self, thing: &str) -> String {
        format!("a new {thing} would take over")
    }

    fn seats(&self) -> u32 {
        1
    }

    fn powers(&self) -> &[GivenPower] {
        &self.powers
    }
}
