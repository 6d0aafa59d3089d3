//! Releases: files that open to patrons first, and to everyone later.

#[cfg(test)]
mod tests;

use quantity::Moment;

use super::kind::{Answers, Kind, PLAIN, Sides};
use super::reader::Reader;
use crate::document::{Fields, Mistakes, Node, Value};
use crate::effect::{EffectKind, Effects};
use crate::kernel::Kernel;
use crate::phrase::{self, MoneyPer};
use crate::vocabulary::{Known, field};
use crate::words;

/// Files that only patrons may fetch until a condition holds, and then everyone for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Release {
    pub patrons_until: Until,
}

/// The event that opens a release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Until {
    /// Support over the last full period reaches this.
    Support(MoneyPer),
    /// This much was raised in all, in minor units of the kernel's currency.
    Raised(i64),
    /// This day in the co-op's time zone has ended.
    Day(Moment),
}

impl Kind for Release {
    const FIELDS: &'static [Known] =
        &[field("patrons-until", "only patrons may fetch it until support reaches this sum, or until this day")];

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Release> {
        let (kernel, mistakes) = (reader.kernel, &mut reader.mistakes);
        if found.get("patrons-until").is_none() {
            found.missing("patrons-until", "patrons-until \"400 USD per month\"", mistakes);
        }
        let until = found.optional("patrons-until", mistakes, |value, mistakes| until(value, kernel, mistakes));
        Some(Release { patrons_until: until?? })
    }

    fn answers(&self) -> Answers<'_> {
        Answers { title: "The release “{}”", since: None, is_voted_on: false, ..PLAIN }
    }

    fn meaning(&self, kernel: &Kernel) -> Vec<String> {
        let until = match self.patrons_until {
            Until::Support(sum) => {
                format!(
                    "support over a full {} reaches {}",
                    sum.every.name(),
                    words::money(sum.amount_minor, kernel.currency)
                )
            }
            Until::Raised(minor) => format!("{} have been raised in all", words::money(minor, kernel.currency)),
            Until::Day(at) => format!("{} is over", words::day(at, &kernel.zone)),
        };
        vec![format!("Only members with support may fetch its files until {until}; then everyone may, for good.")]
    }

    fn compare(&self, from: Option<&Release>, sides: Sides, thing: &str, effects: &mut Effects) {
        let old = from.map(|from| from.meaning(sides.from)).unwrap_or_default();
        effects.add_sentences(EffectKind::Flow, &format!("the {thing}"), &old, &self.meaning(sides.to));
    }
}

fn until(value: &Value, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Until> {
    let words = phrase::words(&value.text);
    let is_day = words.len() == 1 && value.text.contains('-');
    if is_day {
        phrase::day(value, &kernel.zone, mistakes).map(Until::Day)
    } else if words.iter().any(|(word, _)| *word == "per") {
        phrase::money_per(value, Some(kernel.currency), mistakes).map(Until::Support)
    } else {
        phrase::money(value, kernel.currency, mistakes).map(Until::Raised)
    }
}
