//! Inviting: who may, whom, and under which names. The engine says who may admit; here stands what is not in it yet.

use std::collections::BTreeSet;

use engine::act::{Act, AdmitMember};
use engine::power::Announced;
use engine::{Actor, Edition, NotDone, Pseudonym, State, intent};
use quantity::Moment;

use crate::batch::Batch;
use crate::directory::Person;
use crate::error::Error;
use crate::gate::{Invitation, Standing, announced_admission};
use crate::snapshot::Snapshot;

/// The days for which an invitation is good by default.
pub const INVITATION_DAYS: u32 = 14;
/// The longest, days.
pub const MOST_INVITATION_DAYS: u32 = 90;

/// As many names as are invited at once.
const MOST_NAMES: usize = 100;
/// The longest name of a member who is invited, characters.
const MOST_LETTERS: usize = 100;
/// The time after the founding in which the founder admits the first members, microseconds: 14 days.
const FOUNDING_US: i64 = 14 * 86_400_000_000;
/// A hash's first characters tell one invitation from all others, and open none.
const ID_LETTERS: usize = 16;

/// Why names cannot be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// There are none.
    Nobody,
    /// There are too many: how many, and the most.
    TooMany(usize, usize),
    /// One of them cannot be used, for this reason.
    Unusable(String),
    /// One of them stands twice.
    Twice(String),
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum NotInvited {
    /// Somebody has the name who may have come in already, or was invited by somebody else.
    #[error("`{0}` is in the register")]
    NameTaken(String),
    /// The founder alone puts newcomers on lists, in the first days.
    #[error("only the founder puts newcomers on lists")]
    FounderAlone,
    /// A refusal or a fault.
    #[error("{0}")]
    Failed(#[from] Error),
}

/// Why nobody asked to join.
#[derive(Debug, thiserror::Error)]
pub enum Unasked {
    /// Somebody in the register, or who has asked, has the name.
    #[error("somebody has this name")]
    NameTaken,
    /// The name cannot be one, for this reason.
    #[error("{0}")]
    Unusable(String),
    /// A refusal or a fault.
    #[error("{0}")]
    Failed(#[from] Error),
}

/// By what right `who` admits newcomers at `now`: by the rules, if they let this member; else as the founder of the first days,
/// whom the operator let found the co-op.
///
/// The engine's own founding period (from edition 2 on) is among the rules; the founder's days are for logs of edition 1.
///
/// # Errors
/// The refusal of the rules, or an invariant that does not hold.
pub fn may_invite(state: &State, who: Pseudonym, founder: Option<Pseudonym>, now: Moment) -> Result<Actor, NotDone> {
    let member = Actor::Member(who);
    match intent::tried(state, member, &[newcomer()], now.max(state.time)) {
        Ok(_) => Ok(member),
        Err(NotDone::Refused(_)) if is_founder_by_days(state, who, founder, now) => Ok(Actor::Operator),
        Err(why) => Err(why),
    }
}

/// Whether `who` still has the founder's days, which logs of edition 1 have.
pub(crate) fn is_founder_by_days(state: &State, who: Pseudonym, founder: Option<Pseudonym>, now: Moment) -> bool {
    founder_until(state, who, founder).is_some_and(|until| now < until)
}

/// A pseudonym that nobody has.
const NOBODY: Pseudonym = Pseudonym(0);

fn newcomer() -> Act {
    Act::AdmitMember(AdmitMember {
        member: NOBODY,
        organisation: false,
        founder: false,
        joined_on: None,
        left_on: None,
    })
}

/// Until when `who` admits as the founder; `None` for others, for a founder who has left, and from edition 2 on, whose own
/// founding period `docs/spec/powers.md` defines.
fn founder_until(state: &State, who: Pseudonym, founder: Option<Pseudonym>) -> Option<Moment> {
    let is_member = state.members.index(who).is_some_and(|index| state.members.is_active(index));
    let has_days = state.editions.current < Edition::TWO;
    (has_days && is_member && founder == Some(who)).then_some(Moment(state.founding.at.0.saturating_add(FOUNDING_US)))
}

/// The beginning of the hash of a code, which takes its invitation back and opens nothing.
#[must_use]
pub fn invitation_id(hash: &str) -> String {
    hash.chars().take(ID_LETTERS).collect()
}

/// Checks the names of newcomers, as they are typed.
///
/// # Errors
/// None at all, too many, or one that cannot be used or stands twice.
pub fn check_names(names: &[String]) -> Result<(), Unnamed> {
    if names.is_empty() {
        return Err(Unnamed::Nobody);
    }
    if names.len() > MOST_NAMES {
        return Err(Unnamed::TooMany(names.len(), MOST_NAMES));
    }
    let mut seen = BTreeSet::new();
    for name in names {
        check_name(name).map_err(Unnamed::Unusable)?;
        if !seen.insert(name.to_lowercase()) {
            return Err(Unnamed::Twice(name.clone()));
        }
    }
    Ok(())
}

/// Checks the name of a newcomer.
///
/// # Errors
/// It is empty, too long, looks like a pseudonym, or holds signs that cannot be seen.
pub fn check_name(name: &str) -> Result<(), String> {
    let letters = name.trim().chars().count();
    if letters == 0 || letters > MOST_LETTERS {
        return Err(format!("a name has 1 to {MOST_LETTERS} letters"));
    }
    if name.chars().any(bridges::is_refused_in_name) {
        return Err("a name holds only signs that can be seen".to_owned());
    }
    // Also one with a letter too few, so that nobody is admitted under a slip of the pen.
    let in_form = |rest: &str| !rest.is_empty() && rest.bytes().all(|it| it.is_ascii_alphanumeric());
    if name.trim().strip_prefix("m_").is_some_and(in_form) {
        return Err(format!(
            "`{name}` is how the log calls members, and none of this co-op is called so: write a name"
        ));
    }
    Ok(())
}

impl Snapshot {
    /// By what right `who` admits newcomers at `now`.
    ///
    /// # Errors
    /// The refusal of the rules, or a fault.
    pub fn may_invite(&self, who: Pseudonym, now: Moment) -> Result<Actor, Error> {
        let may = may_invite(self.state(), who, self.founder()?, now);
        may.map_err(|why| Error::not_done(self.head().seq + 1, why))
    }

    /// When those whom `who` admits at `now` become members, at the earliest; `None` where they do at once, or `who` may not.
    ///
    /// # Errors
    /// A fault.
    pub fn newcomers_wait(&self, who: Pseudonym, now: Moment) -> Result<Option<Moment>, Error> {
        let tried = intent::tried(self.state(), Actor::Member(who), &[newcomer()], now.max(self.state().time));
        match tried {
            Ok(then) => Ok(announced_admission(&then, NOBODY).map(Announced::due)),
            Err(NotDone::Refused(_)) => Ok(None),
            Err(why) => Err(Error::not_done(self.head().seq + 1, why)),
        }
    }

    /// Until when `who` admits as the founder, where that is later than `now`.
    ///
    /// # Errors
    /// A fault.
    pub fn founder_until(&self, who: Pseudonym, now: Moment) -> Result<Option<Moment>, Error> {
        Ok(founder_until(self.state(), who, self.founder()?).filter(|until| now < *until))
    }

    /// The invitations that `by` has made and that are open, or wait for an admission to take effect: the newest first, each under the id
    /// that takes it back.
    ///
    /// # Errors
    /// A fault.
    pub fn open_invitations_of(&self, by: Pseudonym, now: Moment) -> Result<Vec<(String, Invitation)>, Error> {
        let mut own = self.invitations()?;
        let is_open = |one: &Invitation| matches!(self.standing(one, now), Standing::Open | Standing::Waiting);
        own.retain(|(_, one)| one.by == Some(by) && is_open(one));
        own.sort_by_key(|(_, one)| std::cmp::Reverse(one.made_us));
        let shortened = |(hash, one): (String, Invitation)| (invitation_id(&hash), one);
        Ok(own.into_iter().map(shortened).collect())
    }
}

impl Batch<'_> {
    /// Admits who is new among these people, and makes an invitation for each of them. The caller undoes all of it after an error.
    /// `at` is the present of the log, `now` that of the machine. Returns the codes, which are kept nowhere, in the order of `names`.
    ///
    /// # Errors
    /// `by` may not, or not all of these.
    pub fn invite_newcomers(
        &mut self,
        by: Pseudonym,
        names: &[String],
        lists: &[String],
        (at, now): (Moment, Moment),
    ) -> Result<Vec<String>, NotInvited> {
        let founder = self.first_founder()?;
        let at = self.time(at);
        if !lists.is_empty() && founder_until(self.state(), by, founder).is_none_or(|until| at >= until) {
            return Err(NotInvited::FounderAlone);
        }
        let entry = self.coop.now.head.seq + 1;
        let actor = may_invite(self.state(), by, founder, at).map_err(|why| Error::not_done(entry, why))?;
        for name in names {
            self.is_free_for(by, name)?;
        }
        let mut codes = Vec::with_capacity(names.len());
        for name in names {
            let person = Person { name: name.clone(), ..Person::default() };
            let member = self.member_for(&person, actor, at)?;
            for list in lists {
                self.put_on_list(list, member, actor, at)?;
            }
            codes.push(self.invite(member, Some(by), INVITATION_DAYS, now)?);
        }
        Ok(codes)
    }

    /// Takes back an open invitation that `by` has made; whether there is such a one.
    ///
    /// # Errors
    /// A fault.
    pub fn revoke_own(&mut self, by: Pseudonym, id: &str, now: Moment) -> Result<bool, Error> {
        let kept = self.invitations()?;
        let own = kept.iter().any(|(hash, one)| one.by == Some(by) && hash.starts_with(id));
        Ok(own && id.len() == ID_LETTERS && self.revoke(id, now)?.is_some())
    }

    /// A link makes its holder act as its member: so members make links for newcomers only, and for those whom the same member
    /// invited before and who have not come in yet.
    fn is_free_for(&mut self, by: Pseudonym, name: &str) -> Result<(), NotInvited> {
        let Some(member) = self.find_member(name)? else {
            return Ok(());
        };
        let kept = self.invitations()?;
        let mut own = kept.iter().filter(|(_, one)| one.member == member);
        let waits = |one: &Invitation| one.by == Some(by) && one.used_us.is_none();
        let sessions = self.sessions()?;
        let has_come = sessions.iter().any(|(_, session)| session.member == member);
        if own.clone().next().is_some() && own.all(|(_, one)| waits(one)) && !has_come {
            return Ok(());
        }
        Err(NotInvited::NameTaken(name.to_owned()))
    }
}

#[cfg(test)]
mod tests;
