//! Releases: files that open to patrons first, and to everyone later.

#[cfg(test)]
mod tests;

use quantity::Moment;

use super::kind::{Answers, Kind, PLAIN, Sides};
use super::reader::Reader;
use crate::code;
use crate::document::{Fields, Mistakes, Node, Value};
use crate::edition::Edition;
use crate::effect::{EffectKind, Effects};
use crate::kernel::Kernel;
use crate::phrase::{self, Every, MoneyPer};
use crate::support::{SupportKind, SupportKinds};
use crate::vocabulary::{Known, field};
use crate::words;

/// Files that only patrons may fetch until a condition holds, and then everyone for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Release {
    /// The part of a member's gifts in one period that makes them a patron; `None` is more than nothing. Its period is a month at least.
    pub patrons: Option<MoneyPer>,
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
    const FIELDS: &'static [Known] = &[
        field("patrons", "who gave so much in a period is a patron; a cent is enough unless said").since(Edition::FOUR),
        field("patrons-until", "only patrons may fetch it until support reaches this sum, or until this day"),
    ];

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Release> {
        let (kernel, mistakes) = (reader.kernel, &mut reader.mistakes);
        if found.get("patrons-until").is_none() {
            found.missing("patrons-until", "patrons-until \"400 USD per month\"", mistakes);
        }
        let until = found.optional("patrons-until", mistakes, |value, mistakes| until(value, kernel, mistakes));
        let least = found.optional("patrons", mistakes, |value, mistakes| least_gift(value, kernel, mistakes));
        note_patrons(reader, found);
        let release = Release { patrons: least?, patrons_until: until?? };
        note_one_patron(reader, found, release);
        Some(release)
    }

    fn answers(&self) -> Answers<'_> {
        Answers { title: "The release “{}”", since: Some(Edition::FOUR), is_voted_on: false, ..PLAIN }
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
        let first =
            format!("Only members with support may fetch its files until {until}; then everyone may, for good.");
        if kernel.edition < Edition::FOUR {
            return vec![first];
        }
        let kinds = kinds_in_words(patron_kinds(kernel));
        let period = self.patrons_for().name();
        let of = match self.patrons {
            None => kinds,
            Some(least) => format!("{} or more of {kinds}", words::money(least.amount_minor, kernel.currency)),
        };
        vec![
            first,
            format!(
                "A member has support who gave {of} in this or the last full calendar {period}, less what was given back."
            ),
        ]
    }

    fn compare(&self, from: Option<&Release>, sides: Sides, thing: &str, effects: &mut Effects) {
        let old = from.map(|from| from.meaning(sides.from)).unwrap_or_default();
        effects.add_sentences(EffectKind::Flow, &format!("the {thing}"), &old, &self.meaning(sides.to));
    }
}

impl Release {
    /// Returns the calendar period by which it is said who has support: that of `patrons`, or else that of its sum, and a month at least.
    #[must_use]
    pub fn patrons_for(&self) -> Every {
        match (self.patrons, self.patrons_until) {
            (Some(least), _) => least.every,
            (None, Until::Support(sum)) if !is_short(sum.every) => sum.every,
            _ => Every::Month,
        }
    }

    /// Returns what of a member's gifts in one period makes them a patron, in minor units: one at least.
    #[must_use]
    pub fn least_gift(&self) -> i64 {
        self.patrons.map_or(1, |least| least.amount_minor)
    }

    /// Reports whether one patron's gifts in a period reach its sum.
    fn opens_by_one(&self) -> bool {
        match (self.patrons, self.patrons_until) {
            (Some(least), Until::Support(sum)) => least.every == sum.every && least.amount_minor >= sum.amount_minor,
            (Some(least), Until::Raised(minor)) => least.amount_minor >= minor,
            _ => false,
        }
    }
}

/// Returns the kinds of support that make a patron and fill a release's sum: the money that members gave and do not get back, as far as
/// the weight of any class reads it.
#[must_use]
pub fn patron_kinds(kernel: &Kernel) -> SupportKinds {
    const GIVEN: [SupportKind; 3] = [SupportKind::Donation, SupportKind::Purchase, SupportKind::Dues];
    let read =
        |kind: &SupportKind| kernel.classes.iter().any(|class| class.weight.support_kinds().any(|one| one == *kind));
    GIVEN.into_iter().filter(read).collect()
}

fn kinds_in_words(kinds: SupportKinds) -> String {
    let kinds: Vec<String> = kinds.iter().map(|kind| words::plain(kind.many())).collect();
    if kinds.is_empty() { "money that a class counts".to_owned() } else { words::any_of(&kinds) }
}

/// Notes a release of which nobody can ever be a patron.
fn note_patrons(reader: &mut Reader, found: &Fields) {
    if reader.kernel.edition < Edition::FOUR || !patron_kinds(reader.kernel).is_empty() {
        return;
    }
    if let Some(field) = found.get("patrons-until") {
        let why = "no class counts donations, purchases or dues, so nobody is a patron".to_owned();
        let help = "let the weight of a class read one of them, as in `donated(last month)`";
        reader.note(code::NO_PATRONS, &field.name.at.clone(), why, help.to_owned());
    }
}

/// Notes a sum that one patron's gift reaches, so that the first one opens it.
fn note_one_patron(reader: &mut Reader, found: &Fields, release: Release) {
    if let Some(field) = found.get("patrons").filter(|_| release.opens_by_one()) {
        let why = "what makes one patron opens it to everyone".to_owned();
        let help = "let `patrons` be less than `patrons-until`".to_owned();
        reader.note(code::ONE_PATRON_OPENS, &field.name.at.clone(), why, help);
    }
}

/// Reports whether a period is too short to say who has support by it.
fn is_short(every: Every) -> bool {
    matches!(every, Every::Day | Every::Week)
}

fn least_gift(value: &Value, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<MoneyPer> {
    let least = phrase::money_per(value, Some(kernel.currency), mistakes)?;
    if is_short(least.every) {
        let why = format!("nobody is a patron by the {}", least.every.name());
        mistakes.report(code::PATRONS_FOR_DAYS, &value.at, why, "write `per month`, `per quarter` or `per year`");
        return None;
    }
    Some(least)
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
