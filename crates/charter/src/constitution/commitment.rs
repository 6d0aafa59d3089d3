//! Commitments: decisions that cannot be taken back, by a day, in a cycle, or as requests come.

use quantity::{Moment, PPM, Span};

use super::Every;
use crate::Kernel;
use crate::code;
use crate::document::{Fields, Mistakes};
use crate::phrase;

pub(super) const FIELDS: &[&str] = &[
    "every",
    "deadline",
    "default",
    "conviction-half-life",
    "freeze",
    "quorum",
    "spending-limit",
    "least-conviction",
    "electorate",
    "votes",
    "delegation",
];
/// What only a commitment with an end has.
const OF_AN_END: [&str; 3] = ["default", "freeze", "quorum"];
const TENTH_PPM: u32 = 100_000;

/// A decision that is taken once and never undone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commitment {
    pub due: Due,
    /// How fast conviction follows votes; `None` is a quarter of the cycle, or of the time up to the deadline.
    pub conviction_half_life: Option<Span>,
}

/// When a commitment is decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Due {
    /// At the end of every period.
    Every(Every, Ballot),
    /// Once, at the end of a day in the co-op's time zone.
    Deadline(Moment, Ballot),
    /// Requests for money pass one by one, each when its conviction suffices.
    Continuous {
        /// A request for more of the pool than this can never pass, in parts per million.
        spending_limit_ppm: u32,
        /// The part of all votes that the least request needs, in parts per million.
        least_conviction_ppm: u32,
    },
}

/// How the options of a commitment with an end are decided between.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ballot {
    /// The option that wins where no other does.
    pub default: String,
    /// The last part of the time, in which no option enters, in parts per million.
    pub freeze_ppm: u32,
    /// The conviction that an option needs, in parts per million of the capacity.
    pub quorum_ppm: u32,
}

/// Reads `every`, `deadline` or the two numbers of a continuous commitment, and what goes with each.
pub(super) fn read(found: &Fields, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Commitment> {
    let half_life = found.optional("conviction-half-life", mistakes, phrase::span);
    let cycle = found.optional("every", mistakes, phrase::every);
    let day = found.optional("deadline", mistakes, |value, mistakes| phrase::day(value, &kernel.zone, mistakes));
    let limit =
        found.optional("spending-limit", mistakes, |value, mistakes| phrase::ratio_ppm(value, 1..=PPM, mistakes));
    // The whole would divide by zero: limit ÷ (1 − √least).
    let least = found.optional("least-conviction", mistakes, |value, mistakes| {
        phrase::ratio_ppm(value, 1..=PPM.saturating_sub(1), mistakes)
    });
    let ballot = ballot(found, mistakes);
    let (spends, has_least) = (found.get("spending-limit").is_some(), found.get("least-conviction").is_some());
    if found.get("every").is_some() {
        found.clash(&["deadline", "spending-limit", "least-conviction"], "every", mistakes);
    } else if found.get("deadline").is_some() {
        found.clash(&["spending-limit", "least-conviction"], "deadline", mistakes);
    } else if !spends && !has_least {
        let help = "write `every \"quarter\"`, `deadline \"2027-03-31\"`, or `spending-limit` and `least-conviction`";
        let why = "this commitment does not say when it is decided";
        mistakes.tell(code::FIELD_MISSING, &found.owner.at, why, Some(help.to_owned()));
    } else {
        found.clash(&OF_AN_END, "spending-limit", mistakes);
        if !has_least {
            found.needs("spending-limit", "`least-conviction`", mistakes);
        }
        if !spends {
            found.needs("least-conviction", "`spending-limit`", mistakes);
        }
        if found.get("conviction-half-life").is_none() {
            found.missing("conviction-half-life", "conviction-half-life \"7 days\"", mistakes);
        }
    }
    let due = match (cycle?, day?, limit?, least?) {
        (Some(every), None, None, None) => Due::Every(every, ballot?),
        (None, Some(day), None, None) => Due::Deadline(day, ballot?),
        (None, None, Some(spending_limit_ppm), Some(least_conviction_ppm)) => {
            Due::Continuous { spending_limit_ppm, least_conviction_ppm }
        }
        _ => return None,
    };
    Some(Commitment { due, conviction_half_life: half_life? })
}

fn ballot(found: &Fields, mistakes: &mut Mistakes) -> Option<Ballot> {
    let nothing = "do nothing".to_owned();
    let default = found.or("default", nothing, mistakes, |value, mistakes| phrase::line(value, 100, mistakes));
    let freeze_ppm =
        found.or("freeze", TENTH_PPM, mistakes, |value, mistakes| phrase::ratio_ppm(value, 0..=500_000, mistakes));
    let quorum_ppm =
        found.or("quorum", TENTH_PPM, mistakes, |value, mistakes| phrase::ratio_ppm(value, 0..=PPM, mistakes));
    Some(Ballot { default: default?, freeze_ppm: freeze_ppm?, quorum_ppm: quorum_ppm? })
}
