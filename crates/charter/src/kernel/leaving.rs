//! Leaving: the notice of those who go, the day on which a membership ends, and how long one can rest. Since edition 5.

use quantity::Span;

use crate::code;
use crate::document::{Field, Mistakes};
use crate::edition::Edition;
use crate::kernel::Kernel;
use crate::named::named;
use crate::phrase;
use crate::vocabulary::{Known, field};
use crate::words;

named! {
    /// The day on which a membership ends, once its notice is over.
    pub enum Ends {
        AnyDay = "any day" "the day on which the notice is over",
        Month = "end of month" "the last day of that month",
        Quarter = "end of quarter" "the last day of that quarter",
        Year = "end of year" "the last day of that year",
    }
}

/// How members leave, and for how long a membership can rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The time between a notice and the end of the membership, whole days; `None` where members leave at once.
    pub notice: Option<Span>,
    /// The day on which it ends after that.
    pub ends: Ends,
    /// The longest pause, whole days; `None` where memberships do not rest.
    pub pause: Option<Span>,
}

impl Leaving {
    /// A kernel that says nothing: members leave at once, and no membership rests.
    pub const USUAL: Leaving = Leaving { notice: None, ends: Ends::AnyDay, pause: None };

    /// Whether members leave at once.
    #[must_use]
    pub fn is_at_once(&self) -> bool {
        self.notice.is_none() && self.ends == Ends::AnyDay
    }
}

const DAY_S: u64 = 86_400;
/// The longest notice: five years, as long as a statute of a German co-operative may ask for (GenG § 65).
const MOST_NOTICE_DAYS: u64 = 5 * 365;
/// The longest pause: two years.
const MOST_PAUSE_DAYS: u64 = 2 * 365;

pub(super) const LEAVING: Known =
    field("leaving", "how members leave, and how long a membership can rest").fields(FIELDS).since(Edition::FIVE);
const FIELDS: &[Known] = &[
    field("notice", "the time between a member's notice and the end of the membership").span(),
    field("ends", "the day on which it ends after that").values(<Ends as crate::named::Named>::WORDS),
    field("pause", "the longest time for which a membership rests").span(),
];

/// `leaving { notice "90 days"; ends "end of year"; pause "1 year" }`
pub(super) fn read(field: &Field, mistakes: &mut Mistakes) -> Option<Leaving> {
    let found = field.fields(LEAVING.fields, mistakes);
    if field.properties.is_empty() && field.children.is_empty() {
        found.missing("notice", "notice \"90 days\"", mistakes);
        return None;
    }
    let days = |name: &str, most: u64, mistakes: &mut Mistakes| {
        found.optional(name, mistakes, |value, mistakes| {
            let span = phrase::span(value, mistakes)?;
            let days = span.seconds().div_euclid(DAY_S);
            let whole = span.seconds().checked_rem(DAY_S) == Some(0);
            if !whole || !(1..=most).contains(&days) {
                let why = format!("`{name}` is from 1 day to {most} days, in whole days");
                return mistakes.refuse(code::OUT_OF_RANGE, &value.at, why, None);
            }
            Some(span)
        })
    };
    let notice = days("notice", MOST_NOTICE_DAYS, mistakes);
    let ends = found.or("ends", Ends::AnyDay, mistakes, phrase::named);
    let pause = days("pause", MOST_PAUSE_DAYS, mistakes);
    Some(Leaving { notice: notice?, ends: ends?, pause: pause? })
}

/// Says how members leave, where the kernel says it.
pub(super) fn meaning(kernel: &Kernel) -> Vec<String> {
    let Leaving { notice, ends, pause } = kernel.leaving;
    let mut sentences = Vec::new();
    if !kernel.leaving.is_at_once() {
        let day = match ends {
            Ends::AnyDay => "that day",
            Ends::Month => "the month of that day",
            Ends::Quarter => "the quarter of that day",
            Ends::Year => "the year of that day",
        };
        let after = notice.map_or("A member who leaves gives notice".to_owned(), |notice| {
            format!("A member who leaves gives notice, and is a member for {} more", words::days(notice))
        });
        sentences.push(format!(
            "{after}; the membership ends with the last moment of {day}, and until then nothing of theirs changes."
        ));
    }
    if let Some(pause) = pause {
        sentences.push(format!(
            "A membership can rest for {} at most: while it does, the member has no weight, no seat and no part in decisions.",
            words::days(pause)
        ));
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::tests::kernel_with as kernel;

    const WHOLE: &str = "leaving { notice \"90 days\"; ends \"end of year\"; pause \"1 year\" }";

    #[test]
    fn leaving_is_read_explained_and_compared() {
        let (with, without) = (kernel(WHOLE, Edition::FIVE).unwrap(), kernel("", Edition::FIVE).unwrap());
        let (days, year) = (Span::parse("90 days"), Span::parse("1 year"));
        assert_eq!(with.leaving, Leaving { notice: days, ends: Ends::Year, pause: year });
        assert_eq!(without.leaving, Leaving::USUAL);
        assert!(without.leaving.is_at_once() && !with.leaving.is_at_once());
        assert_eq!(
            meaning(&with),
            [
                "A member who leaves gives notice, and is a member for 90 days more; the membership ends with the last moment of the year of that day, and until then nothing of theirs changes.",
                "A membership can rest for 365 days at most: while it does, the member has no weight, no seat and no part in decisions.",
            ]
        );
        assert!(meaning(&without).is_empty());
        let effects = crate::kernel::effects(&without, &with);
        assert_eq!(effects.len(), 2, "{effects:?}");
        assert!(effects[0].sentence.starts_with("For leaving it would hold that a member who leaves gives notice"));
    }

    #[test]
    fn each_mistake_is_named() {
        for (line, wanted) in [
            ("leaving", "C007"),
            ("leaving { notice \"36 hours\" }", "C014"),
            ("leaving { notice \"6 years\" }", "C014"),
            ("leaving { pause \"3 years\" }", "C014"),
            ("leaving { ends \"end of week\" }", "C033"),
            ("leaving { notice \"soon\" }", "C037"),
        ] {
            let found = kernel(line, Edition::FIVE).unwrap_err();
            assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), [wanted], "{line}");
        }
        assert_eq!(kernel(WHOLE, Edition::FOUR).unwrap_err()[0].code, "C006", "a word of edition 5");
    }
}
