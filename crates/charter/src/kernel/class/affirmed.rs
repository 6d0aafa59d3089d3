//! Hours that members of a class affirm among themselves: `affirmed-by "2 members" at-most="40 hours per month"`. Since edition 3.

use crate::code;
use crate::document::{Field, Fields, Mistakes, Value};
use crate::edition::Edition;
use crate::phrase::{self, Amount, Every};
use crate::vocabulary::{Known, field};
use crate::words;
use quantity::Currency;

/// How members of a class affirm the hours that one of them hands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Affirmed {
    /// So many more say yes than no.
    pub members: u32,
    /// The most of one member in a calendar month, seconds.
    pub most_s: u64,
}

pub(super) const AFFIRMED_BY: Known =
    field("affirmed-by", "how many members of the class say yes to hours that one of them hands in")
        .values(&[("2 members", "two more say yes than no"), ("3 members", "three more say yes than no")])
        .fields(AT_MOST)
        .since(Edition::THREE);
const AT_MOST: &[Known] =
    &[field("at-most", "the hours of one member in a calendar month that count so")
        .values(&[("40 hours per month", "")])];

/// The fewest and the most members that a class can ask for.
const MEMBERS: std::ops::RangeInclusive<u32> = 2..=10;
/// The hours a month of one member, where the class does not say.
const USUAL_S: u64 = 40 * 3_600;
/// The most that a class can say.
const MOST_S: u64 = 200 * 3_600;

/// Reads it: `Some(None)` where it is absent, `None` where it is wrong.
pub(super) fn read(found: &Fields, currency: Option<Currency>, mistakes: &mut Mistakes) -> Option<Option<Affirmed>> {
    let Some(field) = found.get("affirmed-by") else { return Some(None) };
    field.nothing_else(AT_MOST, mistakes);
    let members = field.only_text(mistakes).and_then(|value| members(value, mistakes));
    let most_s = most(field, currency, mistakes);
    Some(Some(Affirmed { members: members?, most_s: most_s? }))
}

fn members(value: &Value, mistakes: &mut Mistakes) -> Option<u32> {
    let words: Vec<&str> = value.text.split_whitespace().collect();
    let [number, "members"] = words.as_slice() else {
        return mistakes.refuse(
            code::UNKNOWN_CHOICE,
            &value.at,
            format!("`{}` are no members", value.text),
            "write `affirmed-by \"2 members\"`",
        );
    };
    let number = number.parse().ok().filter(|number| MEMBERS.contains(number));
    if number.is_none() {
        let why = format!("`affirmed-by` takes {} to {} members", MEMBERS.start(), MEMBERS.end());
        mistakes.report(code::OUT_OF_RANGE, &value.at, why, None);
    }
    number
}

fn most(field: &Field, currency: Option<Currency>, mistakes: &mut Mistakes) -> Option<u64> {
    let Some(value) = field.property("at-most") else { return Some(USUAL_S) };
    let currency = currency.or_else(|| Currency::parse("USD"))?;
    match phrase::quantity_per(value, currency, mistakes)? {
        (Amount::Seconds(seconds), Every::Month) if seconds <= MOST_S => Some(seconds),
        _ => {
            let why = format!("it is up to {} hours per month", MOST_S / 3_600);
            mistakes.refuse(code::BAD_AMOUNT, &value.at, why, "write `at-most=\"40 hours per month\"`")
        }
    }
}

impl Affirmed {
    /// Says what it means.
    pub(super) fn sentences(self, name: &str) -> Vec<String> {
        let most = words::hours(self.most_s);
        let members = words::count(u64::from(self.members), "member");
        vec![
            format!(
                "Hours that one of the {name} hands in count once {members} more of them say yes than say no, and still do 7 days later; those who answer have had weight for 90 days."
            ),
            format!(
                "So at most {most} of each in a calendar month count, and only of that month and the one before. Those who may record hours are bound by none of this."
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::tests::kernel_with as kernel;

    const CLASS: &str = "class \"workers\" { weight \"hours(last month) / 1 hour\"; WORDS }";

    fn class(words: &str) -> String {
        CLASS.replace("WORDS", words)
    }

    #[test]
    fn who_affirms_hours_is_read_explained_and_compared() {
        let line = class("affirmed-by \"3 members\" at-most=\"60 hours per month\"");
        let (with, usual) = (rules_under(&line), rules_under(&class("affirmed-by \"2 members\"")));
        let of = |rules: &crate::Rules| rules.kernel.class("workers").and_then(|class| class.affirmed);
        assert_eq!(of(&with), Some(Affirmed { members: 3, most_s: 60 * 3_600 }));
        assert_eq!(of(&usual), Some(Affirmed { members: 2, most_s: 40 * 3_600 }));
        let without = rules_under(&class(""));
        let explained = crate::explain_kernel(&usual.kernel, None);
        let told = explained.iter().find(|one| one.name == "workers").unwrap();
        assert!(
            told.sentences.iter().any(|one| one.starts_with(
                "Hours that one of the workers hands in count once 2 members more of them say yes than say no"
            )),
            "{told:?}"
        );
        assert!(
            told.sentences.iter().any(|one| one.starts_with("So at most 40 hours of each in a calendar month")),
            "{told:?}"
        );
        let sentences = |from: &crate::Rules, to: &crate::Rules| {
            crate::diff(from, to).into_iter().map(|effect| effect.sentence).collect::<Vec<String>>()
        };
        assert_eq!(sentences(&without, &usual).len(), 2);
        assert!(sentences(&without, &usual)[0].starts_with("It would hold that hours that one of the workers"));
        assert_eq!(
            sentences(&usual, &without),
            ["The workers would affirm nobody’s hours any more: who may record them says yes."]
        );
        assert!(sentences(&usual, &with)[1].contains("60 hours"));
    }

    fn rules_under(line: &str) -> crate::Rules {
        let kernel = kernel(line, Edition::THREE).unwrap();
        let constitution = crate::read_constitution("", &kernel).unwrap();
        crate::Rules::new(kernel, constitution)
    }
}
