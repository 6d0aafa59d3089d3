//! Bodies: several seats that members fill by standing votes.

use super::kind::{Answers, DELEGATION, ELECTORATE, Kind, PLAIN, SERVICE, Sides};
use super::reader::Reader;
use super::together;
use crate::code;
use crate::document::{Fields, Mistakes, Node, Value};
use crate::edition::Edition;
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
    /// How many seats must agree to an act; more than half of them unless said.
    pub acts_by: Option<u32>,
}

const ACTS_BY: Known =
    field("acts-by", "how many of its seats must agree to an act, such as `2 of 5`").since(Edition::TWO);
const SEATS: Known = field("seats", "how many seats there are, 1 to 100");

impl Body {
    /// How many seats must agree to an act.
    pub fn needed(&self) -> u32 {
        self.acts_by.unwrap_or((self.seats / 2).saturating_add(1))
    }
}

/// Reads `2 of 5`: the second number is that of the seats, so that nobody changes the one and forgets the other.
fn acts_by(value: &Value, seats: u32, mistakes: &mut Mistakes) -> Option<u32> {
    let mut parts = value.text.split(" of ").map(|part| part.parse::<u32>().ok());
    let (needed, of) = (parts.next().flatten(), parts.next().flatten());
    let least = seats.min(2);
    if let (Some(needed), Some(of), None) = (needed, of, parts.next())
        && of == seats
        && (least..=seats).contains(&needed)
    {
        return Some(needed);
    }
    let why = match (needed, of) {
        (Some(_), Some(of)) if of != seats => format!("`acts-by` speaks of {of} seats, and the body has {seats}"),
        (Some(needed), Some(_)) => format!("{needed} of {seats} seats cannot act for the body"),
        _ => format!("`{}` is not so many of so many seats", value.text),
    };
    let help = format!("write `{least} of {seats}` to `{seats} of {seats}`, or leave it out for more than half");
    mistakes.refuse(code::BAD_ACTS_BY, &value.at, why, help)
}

impl Kind for Body {
    const FIELDS: &'static [Known] = &[
        SEATS,
        SETTLES_IN,
        NOMINATED_BY,
        CHANGES,
        ELECTORATE,
        SERVICE,
        VOTES,
        ALLOWANCE,
        MAY,
        LIMITS,
        ACTS_BY,
        DELEGATION,
    ];

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Body> {
        let powers = reader.powers(found);
        let terms = Terms::read(found, None, &mut reader.mistakes);
        let Some(seats) = found.get("seats") else {
            found.missing("seats", "seats=5", &mut reader.mistakes);
            return None;
        };
        let seats = seats.whole(1..=MOST_SEATS, &mut reader.mistakes)?;
        let acts_by =
            found.optional("acts-by", &mut reader.mistakes, |value, mistakes| acts_by(value, seats, mistakes));
        let body = Body { seats, terms: terms?, powers, acts_by: acts_by? };
        reader.keeps(found, &body.powers, body.seats);
        reader.expels(found, &body.powers, (body.seats, body.needed()));
        Some(body)
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

    fn meaning(&self, kernel: &Kernel) -> Vec<String> {
        let loses = match kernel.edition {
            Edition::ONE => "with no more votes for than against loses the seat when seats change next",
            _ => "with votes below zero for long enough loses the seat",
        };
        let mut sentences =
            vec![format!("Those who have held the most votes for long enough hold the seats; a holder {loses}.")];
        let (all, needed, to_record) = (self.seats, self.needed(), self.acts_by.unwrap_or(1));
        let seats = together::Seats { all, needed, to_record };
        sentences.extend(together::meaning(&self.powers, seats, &self.terms, kernel));
        sentences
    }

    fn compare(&self, from: Option<&Body>, sides: Sides, thing: &str, effects: &mut Effects) {
        // A new body names its seats in its title.
        if let Some(from) = from.filter(|from| from.seats != self.seats) {
            let (new, old) = (words::count(u64::from(self.seats), "seat"), from.seats);
            effects.add(EffectKind::Seats, format!("The {thing} would have {new} instead of {old}."));
        }
        let needed = |body: &Body| (body.needed(), body.seats);
        let other = from.map_or(self.acts_by.is_some(), |from| needed(from) != needed(self));
        if sides.to.edition >= Edition::TWO && other && !self.powers.is_empty() {
            let (needed, seats) = needed(self);
            let instead = from.map(|from| format!(", instead of {} of {}", from.needed(), from.seats));
            let instead = instead.unwrap_or_default();
            effects.add(
                EffectKind::Powers,
                format!("The {thing} would act once {needed} of {seats} seats have agreed{instead}."),
            );
        }
    }
}
