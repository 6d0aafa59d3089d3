//! Invitations, and what is kept of them and of sessions beside the log. The holder of a code is taken for the member it was made for.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use engine::act::Deed;
use engine::power::Announced;
use engine::{Pseudonym, State};
use quantity::Moment;
use rochdale_log::Store;
use serde::{Deserialize, Serialize};

use crate::batch::Batch;
use crate::error::Error;
use crate::gate::{Session, What, code_hash, new_code};
use crate::snapshot::Snapshot;

/// The right of one browser to begin one session as one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// As whom.
    pub member: Pseudonym,
    /// Who invites; none for the operator at the command line.
    pub by: Option<Pseudonym>,
    /// When it was made, microseconds since 1970.
    pub made_us: i64,
    /// It is good before this time at the latest, microseconds since 1970.
    pub until_us: i64,
    /// When a session began with it.
    pub used_us: Option<i64>,
    /// When it was taken back.
    pub revoked_us: Option<i64>,
    /// The days for which it is good from the day on which its member's admission takes effect; `None` for one that was made for a
    /// member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_after: Option<u32>,
}

/// Whether an invitation can still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can.
    Open,
    /// Its member's admission is announced: it can be used once that has taken effect.
    Waiting,
    /// A session has begun with it.
    Used,
    /// It was taken back, or a newer one took its place.
    Revoked,
    /// Its time is over.
    Expired,
    /// Its member is no member any more.
    Ended,
}

/// As many invitations as may be open at once.
const MOST_OPEN: usize = 10_000;
/// The days after the end of an application for which an announced admission can still wait.
const AFTER_APPLYING: u32 = 180;
/// The time for which an invitation's outcome is kept, microseconds: 90 days.
const KEPT_US: i64 = 90 * DAY_US;
const DAY_US: i64 = 86_400_000_000;

const INVITATIONS: &str = "invitation";
const SESSIONS: &str = "session";
const FOUNDER: &[u8] = b"founder";

impl Invitation {
    /// Whether it can be used at `now`, by what it says itself.
    #[must_use]
    pub fn standing(&self, now: Moment) -> Standing {
        if self.used_us.is_some() {
            Standing::Used
        } else if self.revoked_us.is_some() {
            Standing::Revoked
        } else if now.0 >= self.until_us {
            Standing::Expired
        } else {
            Standing::Open
        }
    }

    /// When it stopped being of use, or will.
    fn over_us(&self) -> i64 {
        self.used_us.or(self.revoked_us).unwrap_or(self.until_us)
    }
}

impl Snapshot {
    /// Every invitation that is kept, with the hash of its code, by that hash.
    ///
    /// # Errors
    /// A fault.
    pub fn invitations(&self) -> Result<Vec<(String, Invitation)>, Error> {
        self.beside.look(|store, coop| records(store, coop, INVITATIONS))
    }

    /// Returns the invitation whose code has this hash, and its state at `now`.
    ///
    /// # Errors
    /// A fault.
    pub fn invitation(&self, hash: &str, now: Moment) -> Result<Option<(Invitation, Standing)>, Error> {
        let found: Option<Invitation> = self.beside.look(|store, coop| record(store, coop, INVITATIONS, hash))?;
        Ok(found.map(|invitation| {
            let standing = self.standing(&invitation, now);
            (invitation, standing)
        }))
    }

    /// Whether an invitation can be used at `now`.
    #[must_use]
    pub fn standing(&self, invitation: &Invitation, now: Moment) -> Standing {
        match invitation.standing(now) {
            Standing::Open if self.is_member(invitation.member) => match now < self.good_until(invitation) {
                true => Standing::Open,
                false => Standing::Expired,
            },
            Standing::Open if is_awaited(self.state(), invitation.member) => Standing::Waiting,
            Standing::Open => Standing::Ended,
            standing => standing,
        }
    }

    /// When an invitation ends. One for an announced admission is good for its days from the day on which that takes effect; before,
    /// this is the last day that is possible.
    #[must_use]
    pub fn good_until(&self, invitation: &Invitation) -> Moment {
        let latest = Moment(invitation.until_us);
        let members = &self.state().members;
        let since = members.index(invitation.member).and_then(|index| members.since(index));
        let own = since.zip(invitation.days_after).map(|(since, days)| after_days(since, days));
        own.map_or(latest, |own| own.min(latest))
    }

    /// Every session that is kept, with the hash of its id.
    ///
    /// # Errors
    /// A fault.
    pub fn sessions(&self) -> Result<Vec<(String, Session)>, Error> {
        self.beside.look(|store, coop| records(store, coop, SESSIONS))
    }

    /// Who founded the co-op from its first page; `None` for one that was made at the command line.
    ///
    /// # Errors
    /// A fault.
    pub fn founder(&self) -> Result<Option<Pseudonym>, Error> {
        self.beside.look(founder)
    }
}

impl Batch<'_> {
    /// As [`Snapshot::invitations`], with what this batch has changed.
    ///
    /// # Errors
    /// A fault.
    pub fn invitations(&mut self) -> Result<Vec<(String, Invitation)>, Error> {
        records(&mut *self.coop.store, &self.coop.now.id, INVITATIONS)
    }

    /// As [`Snapshot::sessions`], with what this batch has changed.
    ///
    /// # Errors
    /// A fault.
    pub fn sessions(&mut self) -> Result<Vec<(String, Session)>, Error> {
        records(&mut *self.coop.store, &self.coop.now.id, SESSIONS)
    }

    /// Invites a member for `days`, or somebody whose admission is announced for as many days once it has taken effect. Returns the
    /// code, which is kept nowhere. An invitation of theirs that is open is taken back: each member has one at the most.
    ///
    /// # Errors
    /// Somebody who is no member, too many that are open, or a fault.
    pub fn invite(
        &mut self,
        member: Pseudonym,
        by: Option<Pseudonym>,
        days: u32,
        now: Moment,
    ) -> Result<String, Error> {
        let applied = self.state().applications.of(member).map(|one| after_days(one.lapses_at(), AFTER_APPLYING));
        let latest = announced_admission(self.state(), member).map(Announced::latest).or(applied);
        if latest.is_none() && !self.coop.now.is_member(member) {
            let why = match self.is_awaited(member) && self.state().members.index(member).is_none() {
                true => "their admission waits for agreement. Invite them when it is announced",
                false => "an invitation is for a member",
            };
            return Err(Error::Usage(format!("{member} is no member: {why}")));
        }
        // One walk forgets old ones, takes back the member's own (each has one at most), and counts the others.
        let mut open: usize = 0;
        for (hash, mut kept) in self.invitations()? {
            if now.0.saturating_sub(kept.over_us()) > KEPT_US {
                self.delete(INVITATIONS, hash.as_bytes())?;
            } else if matches!(self.coop.now.standing(&kept, now), Standing::Open | Standing::Waiting) {
                if kept.member == member {
                    kept.revoked_us = Some(now.0);
                    self.put_beside(INVITATIONS, &hash, &kept)?;
                } else {
                    open += 1;
                }
            }
        }
        if open >= MOST_OPEN {
            return Err(Error::Usage(format!(
                "{MOST_OPEN} invitations are open, and that is the most: take some back first"
            )));
        }
        // Only the hash of the code is kept: a reader of the data file cannot use it.
        let code = new_code()?;
        let invitation = Invitation {
            member,
            by,
            made_us: now.0,
            until_us: after_days(latest.map_or(now, |latest| latest.max(now)), days).0,
            used_us: None,
            revoked_us: None,
            days_after: latest.map(|_| days),
        };
        self.put_beside(INVITATIONS, &code_hash(&code), &invitation)?;
        Ok(code)
    }

    /// Begins a session, whose id has the hash `session`, with the invitation whose code has the hash `hash`. Used or not, and
    /// begun or not, is one thing: a transaction.
    ///
    /// # Errors
    /// A fault.
    pub fn redeem(
        &mut self,
        hash: &str,
        session: &str,
        browser: Option<String>,
        now: Moment,
    ) -> Result<Result<Session, Option<Standing>>, Error> {
        let coop = &mut *self.coop;
        let kept: Option<Invitation> = record(&mut *coop.store, &coop.now.id, INVITATIONS, hash)?;
        let Some(mut invitation) = kept else {
            return Ok(Err(None));
        };
        let standing = coop.now.standing(&invitation, now);
        if standing != Standing::Open {
            return Ok(Err(Some(standing)));
        }
        invitation.used_us = Some(now.0);
        self.put_beside(INVITATIONS, hash, &invitation)?;
        let begun = Session { browser, ..Session::begun(invitation.member, now) };
        // Somebody who has ways in already comes in by the word of whoever made the link: their browsers are told.
        if !self.ways_in(invitation.member)?.ways.is_empty() {
            self.note_change(invitation.member, What::Used, "link", now)?;
        }
        self.put_session(session, &begun)?;
        Ok(Ok(begun))
    }

    /// Deletes the invitations of people whose admission came to nothing.
    pub(crate) fn delete_invitations(&mut self, of: &BTreeSet<Pseudonym>) -> Result<(), Error> {
        for (hash, kept) in self.invitations()? {
            if of.contains(&kept.member) {
                self.delete(INVITATIONS, hash.as_bytes())?;
            }
        }
        Ok(())
    }

    /// Takes back the open invitation whose hash begins with `start`; whose it was, `None` if there is no such one, or several.
    ///
    /// # Errors
    /// A fault.
    pub fn revoke(&mut self, start: &str, now: Moment) -> Result<Option<Pseudonym>, Error> {
        let kept = self.invitations()?;
        let mut found = kept
            .into_iter()
            .filter(|(hash, invitation)| hash.starts_with(start) && invitation.standing(now) == Standing::Open);
        let (Some((hash, mut invitation)), None) = (found.next(), found.next()) else {
            return Ok(None);
        };
        invitation.revoked_us = Some(now.0);
        self.put_beside(INVITATIONS, &hash, &invitation)?;
        Ok(Some(invitation.member))
    }

    /// Keeps a session under the hash of its id.
    ///
    /// # Errors
    /// A fault.
    pub fn put_session(&mut self, hash: &str, session: &Session) -> Result<(), Error> {
        self.put_beside(SESSIONS, hash, session)
    }

    /// Forgets a session.
    ///
    /// # Errors
    /// A fault.
    pub fn end_session(&mut self, hash: &str) -> Result<(), Error> {
        self.delete(SESSIONS, hash.as_bytes())
    }

    /// As [`Snapshot::founder`], with what this batch has changed.
    pub(crate) fn first_founder(&mut self) -> Result<Option<Pseudonym>, Error> {
        founder(&mut *self.coop.store, &self.coop.now.id)
    }

    /// Notes who founded the co-op from its first page.
    ///
    /// # Errors
    /// A fault.
    pub fn put_founder(&mut self, founder: Pseudonym) -> Result<(), Error> {
        self.put("meta", FOUNDER, founder.to_string().as_bytes())
    }

    fn put_beside(&mut self, space: &str, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let json = serde_json::to_vec(value).map_err(|error| Error::Usage(error.to_string()))?;
        self.put(space, name.as_bytes(), &json)
    }
}

/// Whether somebody has asked to join, or is announced to be admitted.
#[must_use]
pub fn is_awaited(state: &State, member: Pseudonym) -> bool {
    announced_admission(state, member).is_some() || state.applications.of(member).is_some()
}

/// The announced act by which somebody is to be admitted.
#[must_use]
pub fn announced_admission(state: &State, member: Pseudonym) -> Option<&Announced> {
    let mut announced = state.powers.announced().map(|(_, one)| one);
    announced.find(|one| matches!(&one.deed, Deed::AdmitMember(act) if act.member == member))
}

fn after_days(from: Moment, days: u32) -> Moment {
    Moment(from.0.saturating_add(DAY_US.saturating_mul(days.into())))
}

fn founder(store: &mut dyn Store, coop: &str) -> Result<Option<Pseudonym>, Error> {
    let text = store.get(coop, "meta", FOUNDER)?;
    Ok(text.and_then(|text| std::str::from_utf8(&text).ok()?.parse().ok()))
}

pub(crate) fn record<T: for<'a> Deserialize<'a>>(
    store: &mut dyn Store,
    coop: &str,
    space: &str,
    name: &str,
) -> Result<Option<T>, Error> {
    let json = store.get(coop, space, name.as_bytes())?;
    Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
}

/// A record that cannot be read counts as absent: then nobody comes in by it.
pub(crate) fn records<T: for<'a> Deserialize<'a>>(
    store: &mut dyn Store,
    coop: &str,
    space: &str,
) -> Result<Vec<(String, T)>, Error> {
    let mut found = Vec::new();
    store.scan(coop, space, &mut |name, json| {
        if let (Ok(name), Ok(value)) = (String::from_utf8(name.to_vec()), serde_json::from_slice(json)) {
            found.push((name, value));
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests;
