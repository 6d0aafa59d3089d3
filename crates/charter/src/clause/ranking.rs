//! Rankings: items in the order of their standing votes.

mod order;
mod supply;
#[cfg(test)]
mod tests;

use quantity::Span;

use super::kind::{Answers, DELEGATION, ELECTORATE, Kind, PLAIN, SERVICE, Sides};
use super::reader::Reader;
use crate::code;
use crate::document::{Fields, Mistakes, Node};
use crate::edition::Edition;
use crate::effect::{EffectKind, Effects};
use crate::kernel::{ALLOWANCE, Kernel, VOTES};
use crate::named::{Named, named};
use crate::phrase::{self, Amount, MoneyPer};
use crate::vocabulary::{Known, field};
use crate::words;

pub use order::ItemOrder;
pub use supply::{Supply, TooLarge};

/// Items in the order of their standing votes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranking {
    /// Who brings its items, beside those who may close them and the desk.
    pub brought_by: BroughtBy,
    /// How many open ones one member may have brought, where members bring them.
    pub each_at_most: u32,
    /// How long an item may have votes at or below the floor before it is closed.
    pub close_after: Option<Span>,
    /// Micro-votes.
    pub floor_micro: u64,
    /// The supply that items are served from, in their order; without one they are only put in order.
    pub supply: Option<Supply>,
    /// The measure that puts its items in order.
    pub order: ItemOrder,
}

named! {
    /// Those who bring the items of a ranking.
    pub enum BroughtBy {
        Members = "members" "members bring them, each so many open ones at most",
        Powers = "powers" "those who may close its items (`close-issue`) bring them",
        Forge = "forge" "they are issues of the forge",
    }
}

/// The open items that one member may have brought, where the clause does not say how many.
const USUAL_EACH: u32 = 5;
/// The most that a clause can let one member have.
const MOST_EACH: u32 = 100;

const CLOSE_AFTER: Known =
    field("close-after", "how long an item may be at or below the floor before it is closed").span().fields(FLOOR);
const FLOOR: &[Known] = &[field("floor", "an item with votes at or below this is on its way out")];

impl Ranking {
    /// Returns how many open items one member may have brought; `None` where members bring none.
    #[must_use]
    pub fn members_bring(&self) -> Option<u32> {
        (self.brought_by == BroughtBy::Members).then_some(self.each_at_most)
    }

    /// Reports whether its items are issues of the forge.
    #[must_use]
    pub fn is_of_forge(&self) -> bool {
        self.brought_by == BroughtBy::Forge
    }

    /// Says where its items would come from, after `would come`.
    fn where_from(&self) -> String {
        match self.brought_by {
            BroughtBy::Members => {
                let each = words::count(u64::from(self.each_at_most), "open one");
                format!("from members, at most {each} of each, and from those who may close them")
            }
            BroughtBy::Powers => "from those who may close them, and not from the forge".to_owned(),
            BroughtBy::Forge => "from the forge".to_owned(),
        }
    }

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
const BROUGHT_BY: Known = field("brought-by", "who brings its items; members unless said")
    .values(<BroughtBy as Named>::WORDS)
    .fields(EACH)
    .since(Edition::THREE);
const EACH: &[Known] = &[field("at-most", "how many open items one member may have brought")];

/// Reads who brings the items, and how many open ones each member may. `of "forge"` is the earlier word for `brought-by "forge"`.
fn bringers(found: &Fields, edition: Edition, mistakes: &mut Mistakes) -> Option<(BroughtBy, u32)> {
    let of = found.optional("of", mistakes, |value, mistakes| phrase::choice(value, &["forge"], mistakes))?;
    let usual = if edition >= Edition::THREE { BroughtBy::Members } else { BroughtBy::Powers };
    let Some(field) = found.get("brought-by") else {
        return Some((if of.is_some() { BroughtBy::Forge } else { usual }, USUAL_EACH));
    };
    found.clash(&["of"], "brought-by", mistakes);
    field.no_braces(mistakes);
    let by = field.only_text(mistakes).and_then(|value| phrase::named(value, mistakes));
    let each = field.number_beside("at-most", 1..=MOST_EACH, mistakes);
    let beside = field.properties.iter().find(|(word, _)| word.text == "at-most");
    if let (Some(BroughtBy::Powers | BroughtBy::Forge), Some((word, _))) = (by, beside) {
        let why = "`at-most` is for members, and they bring none here";
        mistakes.report(code::BRINGS_NONE, &word.at, why, "leave it out, or write `brought-by \"members\"`");
        return None;
    }
    Some((by?, each?.unwrap_or(USUAL_EACH)))
}

impl Kind for Ranking {
    const FIELDS: &'static [Known] = &[
        BROUGHT_BY,
        OF,
        CLOSE_AFTER,
        order::ORDER,
        order::HALF_LIFE,
        ELECTORATE,
        SERVICE,
        VOTES,
        ALLOWANCE,
        supply::SUPPLY,
        supply::SKIP,
        DELEGATION,
    ];

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Ranking> {
        let mistakes = &mut reader.mistakes;
        let bringers = bringers(found, reader.kernel.edition, mistakes);
        let (mut close_after, mut floor) = (Some(None), Some(0));
        if let Some(close) = found.get("close-after") {
            close.nothing_else(FLOOR, mistakes);
            let span = close.only_text(mistakes);
            close_after = span.and_then(|value| phrase::span(value, mistakes)).map(Some);
            if let Some(value) = close.property("floor") {
                floor = phrase::micro(value, "votes", mistakes);
            }
        }
        let order = order::read(found, mistakes);
        let supply = supply::read(found, reader.kernel, mistakes);
        // Money that a ranking hands out counts as spent, as an office's payments do (charter.md, *Jurisdiction*).
        if let (Some(Some(Supply { amount: Amount::Money(amount_minor), every, .. })), Some(field)) =
            (supply, found.get("supply"))
        {
            reader.spend(MoneyPer { amount_minor, every }, &field.name.at);
        }
        if reader.kernel.edition >= Edition::FOUR {
            supply::note_lost(reader, found, supply.flatten());
        } else {
            supply::FIELDS.iter().for_each(|name| reader.note_field(found, name));
        }
        let (brought_by, each_at_most) = bringers?;
        let (close_after, supply, order) = (close_after?, supply?, order?);
        Some(Ranking { brought_by, each_at_most, close_after, floor_micro: floor?, supply, order })
    }

    fn answers(&self) -> Answers<'_> {
        let kept = self.supply.map(|_| "hands nothing out by the order yet");
        Answers { title: "The ranking of {}", kept, kept_until: Some(Edition::FOUR), ..PLAIN }
    }

    fn meaning(&self, kernel: &Kernel) -> Vec<String> {
        let words = match self.brought_by {
            BroughtBy::Forge => "Its items come from the forge.".to_owned(),
            BroughtBy::Members => {
                let each = words::count(u64::from(self.each_at_most), "open item");
                format!(
                    "Members bring its items, at most {each} each, and take their own back while nobody else with weight is for them. Those who may close its items (`close-issue`), or the desk, bring some too."
                )
            }
            BroughtBy::Powers if kernel.edition >= Edition::THREE => {
                "Those who may close its items (`close-issue`) bring them, or the desk does; members bring none.".to_owned()
            }
            // Members bring none until there is an act for it: the words are those of what pages let one do.
            BroughtBy::Powers => {
                "Those who may close its items (`close-issue`) bring them, or the desk does; members cannot bring any yet.".to_owned()
            }
        };
        vec![words]
    }

    fn order(&self, kernel: &Kernel) -> Vec<String> {
        let mut sentences = vec![self.order.sentence()];
        sentences.extend(self.closing(kernel.edition));
        sentences.extend(self.supplied(kernel));
        sentences.extend(self.supply.filter(|_| kernel.edition >= Edition::FOUR).map(|supply| supply.terms(kernel)));
        sentences
    }

    fn compare(&self, from: Option<&Ranking>, sides: Sides, thing: &str, effects: &mut Effects) {
        let of = format!("the {thing}");
        let items = format!("The items of the {thing} would come {}.", self.where_from());
        let Some(from) = from else {
            // The usual way goes without saying.
            let (by, each) = (self.brought_by, self.each_at_most);
            let is_usual = match sides.to.edition >= Edition::THREE {
                true => (by, each) == (BroughtBy::Members, USUAL_EACH),
                false => by == BroughtBy::Powers,
            };
            if !is_usual {
                effects.add(EffectKind::Flow, items);
            }
            effects.add_sentences(EffectKind::Closing, &of, &[], &Vec::from_iter(self.closing(sides.to.edition)));
            // Votes go without saying, too.
            let order = Some(self.order).filter(|order| *order != ItemOrder::Votes).map(ItemOrder::sentence);
            effects.add_sentences(EffectKind::Counting, &of, &[], &Vec::from_iter(order));
            effects.add_sentences(EffectKind::Flow, &of, &[], &Vec::from_iter(self.supplied(sides.to)));
            return;
        };
        let closing = |it: &Ranking, kernel: &Kernel| {
            it.closing(kernel.edition).unwrap_or_else(|| "Nothing closes by itself.".to_owned())
        };
        effects.add_sentences(EffectKind::Closing, &of, &[closing(from, sides.from)], &[closing(self, sides.to)]);
        let orders = [from.order, self.order].map(ItemOrder::sentence);
        effects.add_sentences(EffectKind::Counting, &of, &orders[..1], &orders[1..]);
        if (from.brought_by, from.members_bring()) != (self.brought_by, self.members_bring()) {
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
