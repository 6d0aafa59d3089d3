//! The register as of a moment: the log read again, with the entry behind each joining, leaving and list.
//! Source: `docs/spec/register.md`, The register.

use engine::act::Act;
use engine::register::Members;
use engine::{Outcome, Pseudonym, State};
use quantity::Moment;
use rochdale_log::{Head, Store};
use views::{Ground, Life, Lives, Mark, Stay};

use crate::coop::Coop;
use crate::error::Error;
use crate::follow::{ReadEntry, Reader, stored, walk};
use crate::history::History;
use crate::replay::Replay;
use crate::shared::{Shared, spare_threads};
use crate::texts::texts_of;

/// The log as it stood at a moment, and what its entries say of each membership.
#[derive(Debug)]
pub struct Registered {
    /// The state of then.
    pub state: State,
    /// Its updates.
    pub history: History,
    /// The memberships.
    pub lives: Lives,
    /// The last entry by then.
    pub entry: u64,
}

/// Reads the log up to `at`; `None` before the founding.
pub(crate) fn register_at(
    store: &mut dyn Store,
    coop: &str,
    at: Moment,
    threads: usize,
) -> Result<Option<Registered>, Error> {
    let mut documents = texts_of(store, coop);
    let mut replay = Replay::new(threads, &mut documents);
    let mut noted = Noted::default();
    let mut entries = stored(store, coop, 1);
    let mut reader = Reader::after(coop, Head::default());
    walk(&mut reader, &mut entries, at, &mut |entry| {
        let outcomes = replay.carry_out(entry)?;
        if let Some(state) = replay.state() {
            noted.note(entry, &outcomes, state);
        }
        Ok(())
    })?;
    let lives = noted.lives;
    Ok(replay.finish().map(|(state, history, head)| Registered { state, history, lives, entry: head.seq }))
}

/// The memberships so far, and the register as the entry before left it.
#[derive(Default)]
struct Noted {
    lives: Lives,
    before: Members,
}

impl Noted {
    fn note(&mut self, entry: &ReadEntry, outcomes: &[Outcome], state: &State) {
        let (seq, at) = (entry.head.seq, Moment(entry.head.time_us));
        let members = &state.members;
        for index in members.indices().skip(self.before.len()) {
            let ground = members.pseudonym(index).map(|who| joined_by(entry, outcomes, who));
            let joined = ground.map(|ground| Mark { entry: seq, at, ground });
            self.lives.insert(index, Life { joined, ..Life::default() });
        }
        let gone: Vec<_> = members.left_since(&self.before).collect();
        for index in gone {
            let ground = left_by(outcomes, members.pseudonym(index));
            self.lives.entry(index).or_default().left = Some(Mark { entry: seq, at, ground });
        }
        for (list, index, came) in members.listed_since(&self.before) {
            let life = self.lives.entry(index).or_default();
            if came {
                life.stays.push(Stay { list, from: (at, seq), until: None });
            } else if let Some(stay) =
                life.stays.iter_mut().rev().find(|stay| stay.list == list && stay.until.is_none())
            {
                stay.until = Some((at, seq));
            }
        }
        self.before = members.clone();
    }
}

fn joined_by(entry: &ReadEntry, outcomes: &[Outcome], who: Pseudonym) -> Ground {
    let of_outcome = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::ApplicationAccepted(what) if what.applicant == who => Some(Ground::Asked(what.class.clone())),
        Outcome::ActTookEffect(what) if what.member == Some(who) && what.kind == "admit_member" => {
            Some(Ground::Announced(what.by.clone()))
        }
        _ => None,
    });
    let founder = matches!(&entry.act, Act::AdmitMember(act) if act.founder);
    of_outcome.unwrap_or_else(|| if founder { Ground::Founder } else { Ground::Admitted(entry.authority.to_string()) })
}

fn left_by(outcomes: &[Outcome], who: Option<Pseudonym>) -> Ground {
    let of_outcome = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::MembershipEnded { member, .. } if Some(*member) == who => Some(Ground::Notice),
        Outcome::MemberExpelled { member } if Some(*member) == who => Some(Ground::Expelled),
        Outcome::JoinTookEffect { what, .. } if Some(what.from) == who => Some(Ground::Joined),
        Outcome::ForkCompleted { fork, .. } => Some(Ground::Fork(fork.clone())),
        _ => None,
    });
    of_outcome.unwrap_or(Ground::Left)
}

impl Coop {
    /// The register as of `at`, with the entries behind it; `None` before the founding.
    ///
    /// # Errors
    /// A fault or the first wrong entry.
    pub fn register_at(&mut self, at: Moment) -> Result<Option<Registered>, Error> {
        register_at(&mut *self.store, &self.now.id, at, self.threads)
    }
}

impl Shared {
    /// As [`Coop::register_at`], one caller at a time.
    ///
    /// # Errors
    /// A fault or the first wrong entry.
    pub fn register_at(&self, at: Moment) -> Result<Option<Registered>, Error> {
        let _one_at_a_time = self.one_past();
        let present = self.read();
        let mut store = present.beside.snapshot()?;
        register_at(&mut *store, &present.id, at, spare_threads())
    }
}

#[cfg(test)]
mod tests;
