//! Bodies: several seats that members fill by standing votes.

use super::kind::{DELEGATION, ELECTORATE, Kind, Sides};
use super::reader::Reader;
use crate::document::{Fields, Node};
use crate::effect::{EffectKind, Effects};
use crate::kernel::{CHANGES, GivenPower, Kernel, LIMITS, MAY, NOMINATED_BY, SETTLES_IN, Terms, VOTES};
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

impl Body {
    fn seats_in_words(&self) -> String {
        words::count(u64::from(self.seats), "seat")
    }
}

impl Kind for Body {
    fn fields() -> &'static [Known] {
        const SEATS: Known = field("seats", "how many seats there are, 1 to 100");
        &[SEATS, SETTLES_IN, NOMINATED_BY, CHANGES, ELECTORATE, VOTES, MAY, LIMITS, DELEGATION]
    }

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

    fn title(&self, thing: &str) -> String {
        format!("The {thing}, with {},", self.seats_in_words())
    }

    fn meaning(&self, _: &Kernel) -> Vec<String> {
        let words = "Those who have held the most votes for long enough hold the seats; a holder with no more votes for than against loses the seat when seats change next.";
        vec![words.to_owned()]
    }

    fn compare(&self, from: Option<&Body>, _: Sides, thing: &str, effects: &mut Effects) {
        // The title of one that opens names its seats.
        if let Some(from) = from.filter(|from| from.seats != self.seats) {
            let (new, old) = (self.seats_in_words(), from.seats);
            effects.add(EffectKind::Seats, format!("The {thing} would have {new} instead of {old}."));
        }
    }

    fn terms(&self) -> Option<&Terms> {
        Some(&self.terms)
    }

    fn change(&self, thing: &str) -> String {
        format!("a new member of the {thing} would take a seat")
    }

    fn seats(&self) -> u32 {
        self.seats
    }

    fn powers(&self) -> &[GivenPower] {
        &self.powers
    }

    fn may(&self, thing: &str, powers: &[String]) -> Option<String> {
        let seats = self.seats_in_words();
        Some(match powers.is_empty() {
            true => format!("The {thing} has {seats}."),
            false => format!("The {thing} has {seats} and may {}.", words::all_of(powers)),
        })
    }

    fn payments(&self) -> &'static str {
        "All payments of its members"
    }
}
