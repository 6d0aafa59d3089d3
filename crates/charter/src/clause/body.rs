//! Bodies: several seats that members fill by standing votes.

use super::kind::{Answers, DELEGATION, ELECTORATE, Kind, PLAIN, Sides};
use super::reader::Reader;
use crate::document::{Fields, Node};
use crate::effect::{EffectKind, Effects};
use crate::kernel::{ALLOWANCE, CHANGES, GivenPower, Kernel, LIMITS, MAY, NOMINATED_BY, SETTLES_IN, Terms, VOTES};
use crate::vocabulary::{Known, field};
use crate::words;

const MOST_SEATS: u32 = 100;

/// Several seats.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Body {
    pub seats: u32,
    pub terms: Terms,
    pub powers: Vec<GivenPower>,
}

const SEATS: Known = field("seats", "how many seats there are, 1 to 100");

impl Kind for Body {
    const FIELDS: &'static [Known] =
        &[SEATS, SETTLES_IN, NOMINATED_BY, CHANGES, ELECTORATE, VOTES, ALLOWANCE, MAY, LIMITS, DELEGATION];

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Body> {
        let powers = reader.powers(found);
        let terms = Terms::read(found, None, &mut reader.mistakes);
        let Some(seats) = found.get("seats") else {
            found.missing("seats", "seats=5", &mut reader.mistakes);
            return None;
        };
        let seats = seats.whole(1..=MOST_SEATS, &mut reader.mistakes)?;
        Some(Body { seats, terms: terms?, powers })
    }

    fn answers(&self) -> Answers<'_> {
        Answers {
            title: "The {}, with {seats},",
            change: "a new member of the {} would take a seat",
            terms: Some(&self.terms),
            powers: &self.powers,
            seats: self.seats,
            is_shared: true,
            ..PLAIN
        }
    }

    fn meaning(&self, _: &Kernel) -> Vec<String> {
        let words = "Those who have held the most votes for long enough hold the seats; a holder with no more votes for than against loses the seat when seats change next.";
        vec![words.to_owned()]
    }

    fn compare(&self, from: Option<&Body>, _: Sides, thing: &str, effects: &mut Effects) {
        // A new body names its seats in its title.
        if let Some(from) = from.filter(|from| from.seats != self.seats) {
            let (new, old) = (words::count(u64::from(self.seats), "seat"), from.seats);
            effects.add(EffectKind::Seats, format!("The {thing} would have {new} instead of {old}."));
        }
    }
}
