//! How many acts one member hands in for themselves: a bound on what one member can make of the log.

use crate::code;
use crate::document::{Field, Mistakes};
use crate::edition::Edition;
use crate::kernel::Kernel;
use crate::vocabulary::{Known, field};

/// The most acts of one member in an hour and in a day, both of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActsPer {
    /// From 20 to 10,000.
    pub hour: u32,
    /// From as many as in an hour to 100,000.
    pub day: u32,
}

impl ActsPer {
    /// The limits of a kernel that sets none.
    pub const USUAL: ActsPer = ActsPer { hour: USUAL_AN_HOUR, day: USUAL_A_DAY };
}

const USUAL_AN_HOUR: u32 = 120;
const USUAL_A_DAY: u32 = 500;
/// Fewer would keep members from moving their shares.
const FEWEST: u32 = 20;
const MOST_AN_HOUR: u32 = 10_000;
const MOST_A_DAY: u32 = 100_000;

pub(super) const ACTS_PER: Known = field("acts-per", "how many acts a member hands in")
    .fields(&[
        field("hour", "in one hour").values(&[("120", "the usual number")]),
        field("day", "in one day").values(&[("500", "the usual number")]),
    ])
    .since(Edition::TWO);

/// `acts-per hour=120 day=500`
pub(super) fn read(field: &Field, mistakes: &mut Mistakes) -> Option<ActsPer> {
    let found = field.fields(ACTS_PER.fields, mistakes);
    let (hour, day) = (found.get("hour"), found.get("day"));
    if hour.is_none() && day.is_none() && field.properties.is_empty() && field.children.is_empty() {
        found.missing("hour", "hour=120 day=500", mistakes);
        return None;
    }
    let in_hour = hour.map(|field| field.whole(FEWEST..=MOST_AN_HOUR, mistakes));
    let in_day = day.map(|field| field.whole(FEWEST..=MOST_A_DAY, mistakes));
    let in_hour = in_hour.unwrap_or(Some(ActsPer::USUAL.hour))?;
    // A day that is left out has room for what its hours allow.
    let in_day = in_day.unwrap_or(Some(ActsPer::USUAL.day.max(in_hour)))?;
    if in_day < in_hour {
        let at = day.map_or(&field.name.at, |day| &day.name.at);
        let why = format!("a day has room for {in_day} acts and an hour for {in_hour}");
        return mistakes.refuse(code::DAY_BELOW_HOUR, at, why, "give `day` at least as many as `hour`");
    }
    Some(ActsPer { hour: in_hour, day: in_day })
}

/// Says how many, where the kernel does.
pub(super) fn meaning(kernel: &Kernel) -> Option<String> {
    (kernel.acts_per != ActsPer::USUAL).then(|| sentence(kernel.acts_per))
}

pub(super) fn sentence(acts: ActsPer) -> String {
    let ActsPer { hour, day } = acts;
    format!("A member hands in {hour} acts an hour at most, and {day} a day.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::tests::{kernel_with as kernel, rules_with as rules};

    #[test]
    fn limits_are_read_explained_and_compared() {
        let (usual, own) = (rules(""), rules("members { acts-per hour=60 day=300 }"));
        assert_eq!(usual.kernel.acts_per, ActsPer::USUAL);
        assert_eq!(own.kernel.acts_per, ActsPer { hour: 60, day: 300 });
        assert_eq!(rules("members { acts-per { hour 900 } }").kernel.acts_per, ActsPer { hour: 900, day: 900 });
        assert_eq!(meaning(&usual.kernel), None, "the usual limits go without saying");
        let explained = crate::explain_kernel(&own.kernel, None);
        let members = explained.iter().find(|one| one.name == "members").unwrap();
        assert_eq!(members.sentences, ["A member hands in 60 acts an hour at most, and 300 a day."]);
        let told: Vec<String> = crate::diff(&usual, &own).into_iter().map(|effect| effect.sentence).collect();
        assert_eq!(
            told,
            [
                "For members it would no longer hold that a member hands in 120 acts an hour at most, and 500 a day.",
                "For members it would hold that a member hands in 60 acts an hour at most, and 300 a day.",
            ]
        );
    }

    #[test]
    fn each_mistake_names_what_is_known() {
        let told = |line: &str, edition| {
            let found = kernel(line, edition).err().unwrap_or_default();
            found.iter().map(ToString::to_string).collect::<Vec<String>>().join("\n")
        };
        for (line, wanted) in [
            ("members { acts-per hour=20 day=20 }", ""),
            ("members { acts-per hour=10000 day=100000 }", ""),
            ("members { acts-per }", "`acts-per` has no `hour`"),
            ("members { acts-per 120 }", "`acts-per` takes no value of its own"),
            ("members { acts-per hour=19 }", "`hour` is from 20 to 10000"),
            ("members { acts-per hour=\"60\" }", "`hour` takes a whole number without quotes"),
            ("members { acts-per week=9 }", "`acts-per` has no field `week`"),
            ("members { acts-per hour=200 day=100 }", "a day has room for 100 acts and an hour for 200"),
        ] {
            let told = told(line, Edition::TWO);
            assert!(told.contains(wanted) && told.is_empty() == wanted.is_empty(), "{line}: {told}");
        }
        assert!(told("members { acts-per hour=60 }", Edition::ONE).contains("`members` has no field `acts-per`"));
    }
}
