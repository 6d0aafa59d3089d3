//! Applications: people who are no members yet ask to join, through the door that a class of the kernel has. From edition 5 on.
//! Not their names, which are beside the log. Source: `docs/spec/register.md`, Doors.

pub(crate) mod act;
mod effect;

use std::fmt;

use charter::Door;
use imbl::{OrdMap, OrdSet, Vector};
use quantity::{Broken, Moment, ensure};
use serde::{Deserialize, Serialize};

use crate::act::{Deed, Pseudonym};
use crate::digest::Collect;
use crate::id::MemberIndex;
use crate::state::State;

/// The most applications that wait.
const MOST_WAITING: usize = 1_000;
/// The most who ask on one day of UTC: nobody's hour limits those who are no members.
const MOST_A_DAY: u32 = 200;
/// The most people for whom one member vouches in a year.
const MOST_VOUCHES: usize = 3;
const DAY_S: i64 = 86_400;
const DAY_US: i64 = DAY_S * 1_000_000;
/// The time for which a vouch counts against its member, seconds: a year.
const VOUCHED_S: i64 = 365 * DAY_S;
/// The time for which a member has been one who vouches, seconds: 90 days.
const STANDING_S: u64 = 90 * 86_400;
/// The time for which an application waits, seconds: 60 days.
const WAITS_S: i64 = 60 * DAY_S;
/// The time between the last vouch that is needed and the admission, seconds: 7 days.
const ANNOUNCED_S: i64 = 7 * DAY_S;
/// The time for which members say yes or no, seconds: 14 days.
const VOTED_S: i64 = 14 * DAY_S;
/// Why an application is refused: a closed list, since words about a person do not belong in a log that is kept for good.
pub const REASONS: [&str; 5] = ["not-known", "incomplete", "not-eligible", "no-room", "applied-already"];

/// An application that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its number, from 1.
    pub number: u64,
    /// The class.
    pub class: String,
    /// An organisation, not a person.
    pub organisation: bool,
    /// When it was handed in.
    pub at: Moment,
    /// Those who vouch, or say yes.
    pub yes: OrdSet<MemberIndex>,
    /// Those who say no.
    pub no: OrdSet<MemberIndex>,
    /// Since when enough members vouch.
    pub carried: Option<Moment>,
}

impl Application {
    /// The moment at which it is over if nobody has decided.
    #[must_use]
    pub fn lapses_at(&self) -> Moment {
        self.at.plus_seconds(WAITS_S)
    }

    /// The earliest moment at which members' answers are counted.
    #[must_use]
    pub fn counted_from(&self) -> Moment {
        self.at.plus_seconds(VOTED_S)
    }

    /// The earliest moment at which somebody is admitted for whom enough vouch.
    #[must_use]
    pub fn admits_from(&self) -> Option<Moment> {
        self.carried.map(|carried| carried.plus_seconds(ANNOUNCED_S))
    }
}

/// Applications that wait, and what bounds them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applications {
    /// How many numbers were given out.
    given: u64,
    /// By number.
    waiting: OrdMap<u64, (Pseudonym, Application)>,
    by_applicant: OrdMap<Pseudonym, u64>,
    /// For whom members have vouched of late: when somebody came in by their word.
    vouched: OrdMap<MemberIndex, Vector<Moment>>,
    /// The day of UTC on which somebody last asked, and how many did.
    asked: (i64, u32),
}

impl Applications {
    /// Nobody ever asked to join.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.given == 0
    }

    /// Those that wait, in the order in which they came.
    pub fn waiting(&self) -> impl Iterator<Item = (Pseudonym, &Application)> {
        self.waiting.values().map(|(who, application)| (*who, application))
    }

    /// The application of somebody.
    #[must_use]
    pub fn of(&self, applicant: Pseudonym) -> Option<&Application> {
        let number = self.by_applicant.get(&applicant)?;
        self.waiting.get(number).map(|(_, application)| application)
    }

    fn put(&mut self, applicant: Pseudonym, application: Application) {
        self.by_applicant.insert(applicant, application.number);
        self.waiting.insert(application.number, (applicant, application));
    }

    /// Takes an application out, whatever becomes of it.
    pub(crate) fn close(&mut self, applicant: Pseudonym) -> Option<Application> {
        let number = self.by_applicant.remove(&applicant)?;
        self.waiting.remove(&number).map(|(_, application)| application)
    }

    /// A former member answers nothing.
    pub(crate) fn forget(&mut self, gone: MemberIndex) {
        let said = |one: &Application| one.yes.contains(&gone) || one.no.contains(&gone);
        let all: Vec<(Pseudonym, Application)> =
            self.waiting().filter(|(_, one)| said(one)).map(|(who, one)| (who, one.clone())).collect();
        for (who, one) in all {
            let (yes, no) = (one.yes.without(&gone), one.no.without(&gone));
            self.put(who, Application { yes, no, ..one });
        }
        self.vouched.remove(&gone);
    }

    /// docs/spec/updates.md, Named sections, `applications`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.number(self.given).wide(self.waiting.len() as u128);
        for (number, (_, one)) in &self.waiting {
            into.number(*number).text(&one.class).number(u32::from(one.organisation)).number(one.at.0);
            into.number(one.carried.map_or(-1, |at| at.0));
            for side in [&one.yes, &one.no] {
                into.wide(side.len() as u128);
                for who in side {
                    into.number(*who);
                }
            }
        }
        into.wide(self.vouched.len() as u128);
        for (member, times) in &self.vouched {
            into.number(*member).wide(times.len() as u128);
            for at in times {
                into.number(at.0);
            }
        }
        into.number(self.asked.0).number(self.asked.1);
    }

    pub(crate) fn check(&self, members: &super::Members) -> Result<(), Broken> {
        ensure!(self.waiting.len() == self.by_applicant.len(), "an application is nobody's");
        for (number, (who, one)) in &self.waiting {
            ensure!(one.number == *number && *number <= self.given, "application {number} has another number");
            ensure!(self.by_applicant.get(who) == Some(number), "application {number} is not found by its applicant");
            ensure!(members.index(*who).is_none(), "{who} is a member and asks to join");
            let answers = || one.yes.iter().chain(&one.no);
            ensure!(
                answers().all(|who| members.is_active(*who)),
                "application {number} is answered by a former member"
            );
            ensure!(
                !one.yes.iter().any(|who| one.no.contains(who)),
                "somebody says yes and no to application {number}"
            );
        }
        Ok(())
    }
}

/// An application, as an outcome names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Its number.
    pub number: u64,
    /// Whose it is.
    pub applicant: Pseudonym,
    /// The class.
    pub class: String,
}

impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.number, self.class, self.applicant)
    }
}

impl Applied {
    pub(super) fn of(applicant: Pseudonym, application: &Application) -> Applied {
        Applied { number: application.number, applicant, class: application.class.clone() }
    }
}

impl State {
    /// The door of a class, by the rules in force; [`Door::Invitation`] where there is no such class.
    #[must_use]
    pub fn door(&self, class: &str) -> Door {
        self.rules.kernel.class(class).map_or(Door::Invitation, |class| class.door)
    }

    /// Whether an act waits that admits somebody.
    pub(crate) fn is_about_to_be_admitted(&self, applicant: Pseudonym) -> bool {
        let admits = |deed: &Deed| matches!(deed, Deed::AdmitMember(act) if act.member == applicant);
        self.powers.proposed().any(|(_, one)| admits(&one.deed))
            || self.powers.announced().any(|(_, one)| admits(&one.deed))
    }

    /// The vouches of a member that count against them: those that wait, and those of the last year.
    #[must_use]
    pub fn vouches(&self, member: MemberIndex, at: Moment) -> usize {
        let counts = |since: &&Moment| since.plus_seconds(VOUCHED_S) > at;
        let past = self.applications.vouched.get(&member).map_or(0, |all| all.iter().filter(counts).count());
        // A yes where all members decide is no vouch.
        let vouched = |one: &Application| matches!(self.door(&one.class), Door::Vouched { .. });
        let open = self.applications.waiting().filter(|(_, one)| one.yes.contains(&member) && vouched(one)).count();
        past.saturating_add(open)
    }

    /// Whether a member can vouch: one for 90 days or a founder, with weight.
    #[must_use]
    pub fn can_vouch(&self, member: MemberIndex, at: Moment) -> bool {
        let since = self.members.since(member);
        let of_standing = since.is_some_and(|since| at.seconds_since(since) >= STANDING_S);
        let founds = self.founders().any(|founder| founder == member);
        self.members.is_active(member) && (of_standing || founds) && self.weights.of(member) > 0
    }

    /// Whether a member can say yes or no where members decide: one before the application, with weight.
    #[must_use]
    pub fn can_answer(&self, member: MemberIndex, application: &Application) -> bool {
        let before = self.members.since(member).is_some_and(|since| since < application.at);
        self.members.is_active(member) && before && self.weights.of(member) > 0
    }
}

#[cfg(test)]
mod tests;
