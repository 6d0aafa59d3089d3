//! Offices: one seat that members fill by standing votes.

use super::kind::{Answers, DELEGATION, ELECTORATE, Kind, PLAIN, SERVICE};
use super::reader::Reader;
use super::together;
use crate::document::{Fields, Node};
use crate::kernel::{ALLOWANCE, CHANGES, GivenPower, Kernel, LIMITS, MAY, NOMINATED_BY, SETTLES_IN, Terms, VOTES};
use crate::vocabulary::Known;

/// One seat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Office {
    pub terms: Terms,
    pub powers: Vec<GivenPower>,
}

impl Kind for Office {
    const FIELDS: &'static [Known] =
        &[SETTLES_IN, NOMINATED_BY, CHANGES, ELECTORATE, SERVICE, VOTES, ALLOWANCE, MAY, LIMITS, DELEGATION];

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Office> {
        let powers = reader.powers(found);
        let office = Office { terms: Terms::read(found, None, &mut reader.mistakes)?, powers };
        reader.keeps(found, &office.powers, 1);
        reader.expels(found, &office.powers, (1, 1));
        Some(office)
    }

    fn answers(&self) -> Answers<'_> {
        Answers {
            title: "The office of {}",
            change: "a new {} would take over",
            terms: Some(&self.terms),
            powers: &self.powers,
            seats: 1,
            ..PLAIN
        }
    }

    fn meaning(&self, kernel: &Kernel) -> Vec<String> {
        let words = "The member with the most votes for long enough holds the office; a holder with votes below zero for long enough loses it.";
        let mut sentences = vec![words.to_owned()];
        sentences.extend(together::meaning(&self.powers, together::Seats::ONE, &self.terms, kernel));
        sentences
    }
}
