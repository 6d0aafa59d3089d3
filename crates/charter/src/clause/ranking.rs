//! Rankings: items in the order of their standing votes.

mod supply;
#[cfg(test)]
mod tests;

use quantity::Span;

use super::kind::{Answers, DELEGATION, ELECTORATE, Kind, PLAIN, Sides};
use super::reader::Reader;
use crate::document::{Fields, Node};
use crate::edition::Edition;
use crate::effect::{EffectKind, Effects};
use crate::kernel::{ALLOWANCE, Kernel, VOTES};
use crate::phrase::{self, Amount, MoneyPer};
use crate::vocabulary::{Known, field};
use crate::words;

pub use supply::{Supply, TooLarge};

/// Items in the order of their standing votes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranking {
    /// Where its items come from: `forge`, or `None` where those who may close them bring them.
    pub of: Option<String>,
    /// How long an item may have votes at or below the floor before it is closed.
    pub close_after: Option<Span>,
    /// Micro-votes.
    pub floor_micro: u64,
    /// The supply that items are served from, in their order; without one they are only put in order.
    pub supply: Option<Supply>,
}

const CLOSE_AFTER: Known =
    field("close-after", "how long an item may be at or below the floor before it is closed").span().fields(FLOOR);
const FLOOR: &[Known] = &[field("floor", "an item with votes at or below this is on its way out")];

impl Ranking {
    /// Says when an item is closed.
    fn closing(&self, edition: Edition) -> Option<String> {
        let (after, floor) = (words::days(self.close_after?), words::exactly(self.floor_micro));
        if edition >= Edition::TWO {
            return Some(format!(
                "An item older than {after} whose votes were {floor} or under for more than half of that time is closed, and the weight on it comes back."
            ));
        }
        Some(format!(
            "An item whose votes stay at {floor} or under for {after} is closed, and the weight on it comes back."
        ))
    }

    fn supplied(&self, kernel: &Kernel) -> Option<String> {
        self.supply.map(|supply| supply.sentence(kernel))
    }
}

const OF: Known = field("of", "where its items come from; those who may close them bring them unless said")
    .values(&[("forge", "issues of the forge")]);

impl Kind for Ranking {
    const FIELDS: &'static [Known] =
        &[OF, CLOSE_AFTER, ELECTORATE, VOTES, ALLOWANCE, supply::SUPPLY, supply::SKIP, DELEGATION];

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Ranking> {
        let mistakes = &mut reader.mistakes;
        let of = found.optional("of", mistakes, |value, mistakes| phrase::choice(value, &["forge"], mistakes));
        let (mut close_after, mut floor) = (Some(None), Some(0));
        if let Some(close) = found.get("close-after") {
            close.nothing_else(FLOOR, mistakes);
            let span = close.only_text(mistakes);
            close_after = span.and_then(|value| phrase::span(value, mistakes)).map(Some);
            if let Some(value) = close.property("floor") {
                floor = phrase::micro(value, "votes", mistakes);
            }
        }
        let supply = supply::read(found, reader.kernel, mistakes);
        // Money that a ranking hands out counts as spent, as an office's payments do (charter.md, *Jurisdiction*).
        if let (Some(Some(Supply { amount: Amount::Money(amount_minor), every, .. })), Some(field)) =
            (supply, found.get("supply"))
        {
            reader.spend(MoneyPer { amount_minor, every }, &field.name.at);
        }
        for name in ["supply", "skip"] {
            reader.note_field(found, name);
        }
        Some(Ranking { of: of?, close_after: close_after?, floor_micro: floor?, supply: supply? })
    }

    fn answers(&self) -> Answers<'_> {
        let kept = self.supply.map(|_| "hands nothing out by the order yet");
        Answers { title: "The ranking of {}", kept, ..PLAIN }
    }

    fn meaning(&self, _: &Kernel) -> Vec<String> {
        let words = match self.of {
            Some(_) => "Its items come from the forge.",
            // Members bring none until there is an act for it: what this says is what pages let one do.
            None => {
                "Those who may close its items (`close-issue`) bring them, or the desk does; members cannot bring any yet."
            }
        };
        vec![words.to_owned()]
    }

    fn order(&self, kernel: &Kernel) -> Vec<String> {
        let words = "Items are ordered by standing votes, for less against; on equal votes the older comes first.";
        let mut sentences = vec![words.to_owned()];
        sentences.extend(self.closing(kernel.edition));
        sentences.extend(self.supplied(kernel));
        sentences
    }

    fn compare(&self, from: Option<&Ranking>, sides: Sides, thing: &str, effects: &mut Effects) {
        let of = format!("the {thing}");
        let from_where = match self.of {
            Some(_) => "from the forge",
            None => "from those who may close them, and not from the forge",
        };
        let items = format!("The items of the {thing} would come {from_where}.");
        let Some(from) = from else {
            // Those who may close them bring the items of a new one unless it says so.
            if self.of.is_some() {
                effects.add(EffectKind::Flow, items);
            }
            effects.add_sentences(EffectKind::Closing, &of, &[], &Vec::from_iter(self.closing(sides.to.edition)));
            effects.add_sentences(EffectKind::Flow, &of, &[], &Vec::from_iter(self.supplied(sides.to)));
            return;
        };
        let closing = |it: &Ranking, kernel: &Kernel| {
            it.closing(kernel.edition).unwrap_or_else(|| "Nothing closes by itself.".to_owned())
        };
        effects.add_sentences(EffectKind::Closing, &of, &[closing(from, sides.from)], &[closing(self, sides.to)]);
        if from.of != self.of {
            effects.add(EffectKind::Flow, items);
        }
        // Another currency is an effect of the kernel, which says so itself.
        if from.supply != self.supply {
            let supplied = |it: &Ranking, kernel| {
                it.supplied(kernel).unwrap_or_else(|| "Nothing is handed out by its order.".to_owned())
            };
            let (old, new) = (supplied(from, sides.from), supplied(self, sides.to));
            effects.add_sentences(EffectKind::Flow, &of, &[old], &[new]);
        }
    }
}
