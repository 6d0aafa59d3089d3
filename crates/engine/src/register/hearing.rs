//! Hearings: a member whom a body may expel is told why, answers, and keeps their say until a decision takes effect. From edition 5
//! on. Not the decision itself, which is an announced act (`power`). Source: `docs/spec/register.md`, Hearings.

pub(crate) mod act;

use imbl::OrdMap;
use quantity::{Broken, Moment, ensure};
use serde::{Deserialize, Serialize};

use crate::act::{Deed, Pseudonym};
use crate::digest::Collect;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::state::State;

/// The most hearings that are open.
const MOST_OPEN: usize = 100;
/// The most that one seat has opened and that are open.
const MOST_OWN: usize = 3;
/// The time in which the member can answer, seconds: 14 days.
const TO_ANSWER_S: i64 = 14 * 86_400;
/// The time after which a hearing is over without a decision, seconds: 90 days.
const OPEN_S: i64 = 90 * 86_400;

/// A hearing of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearing {
    /// Who opened it.
    pub opener: MemberIndex,
    /// Since when it is open.
    pub at: Moment,
    /// SHA-256 of the reason's text, hex.
    pub reason: String,
    /// SHA-256 of the answer's text, hex, once there is one.
    pub answer: Option<String>,
}

impl Hearing {
    /// The earliest moment at which a body can decide.
    #[must_use]
    pub fn decided_from(&self) -> Moment {
        self.at.plus_seconds(TO_ANSWER_S)
    }

    /// The moment at which it is over if nothing is announced.
    #[must_use]
    pub fn lapses_at(&self) -> Moment {
        self.at.plus_seconds(OPEN_S)
    }
}

/// Hearings that are open, by who is heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearings {
    open: OrdMap<MemberIndex, Hearing>,
}

impl Hearings {
    /// None is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The hearing of a member.
    #[must_use]
    pub fn of(&self, accused: MemberIndex) -> Option<&Hearing> {
        self.open.get(&accused)
    }

    /// Those that are open, in order of admission of who is heard.
    pub fn open(&self) -> impl Iterator<Item = (MemberIndex, &Hearing)> {
        self.open.iter().map(|(accused, hearing)| (*accused, hearing))
    }

    /// A former member is heard no more.
    pub(crate) fn forget(&mut self, gone: MemberIndex) {
        self.open.remove(&gone);
    }

    /// docs/spec/updates.md, Named sections, `hearings`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.open.len() as u128);
        for (accused, hearing) in &self.open {
            into.number(*accused).number(hearing.opener).number(hearing.at.0);
            into.text(&hearing.reason).text(hearing.answer.as_deref().unwrap_or_default());
        }
    }

    pub(crate) fn check(&self, members: &super::Members) -> Result<(), Broken> {
        for (accused, hearing) in &self.open {
            ensure!(members.is_active(*accused), "{accused} is heard and no member");
            ensure!(hearing.opener != *accused, "{accused} is heard by themselves");
        }
        Ok(())
    }
}

impl State {
    /// Whether an act waits that expels somebody.
    #[must_use]
    pub fn is_about_to_be_expelled(&self, accused: Pseudonym) -> bool {
        let expels = |deed: &Deed| matches!(deed, Deed::ExpelMember(act) if act.accused == accused);
        self.powers.announced().any(|(_, one)| expels(&one.deed))
    }

    /// Ends hearings that nobody decided. One with an announced decision waits for that.
    pub(crate) fn lapse_hearings(&mut self, at: Moment) -> Vec<Outcome> {
        let over = self.hearings.open().filter(|(_, hearing)| at >= hearing.lapses_at());
        let over: Vec<MemberIndex> = over.map(|(accused, _)| accused).collect();
        let mut outcomes = Vec::new();
        for accused in over {
            let Some(who) = self.members.pseudonym(accused).filter(|who| !self.is_about_to_be_expelled(*who)) else {
                continue;
            };
            self.hearings.open.remove(&accused);
            outcomes.push(Outcome::HearingLapsed { accused: who });
        }
        outcomes
    }
}

#[cfg(test)]
mod tests;
