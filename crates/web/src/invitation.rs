//! What pages about invitations and sessions ask of the co-op. Beside the log throughout; only who joins is an act, and the
//! engine says whether whoever invites may admit them.

use std::collections::BTreeSet;

use engine::act::{Act, AdmitMember};
use engine::{Actor, Pseudonym};
use host::{Batch, Coop, Error, INVITATION_DAYS, Invitation, Person, Session, Standing, check_name, clock, code_hash};
use quantity::Moment;

use crate::hosted::{HostDesk, down, pseudonym, refused, tried};
use crate::trouble::Trouble;

/// As many names as are invited at once.
const MOST_NAMES: usize = 100;
/// So long after the founding does the founder admit the first members, microseconds: 14 days.
const FOUNDING_US: i64 = 14 * 86_400_000_000;

/// An invitation as its page shows it.
#[derive(Debug, Clone)]
pub(crate) struct InvitationView {
    /// Whom it was made for.
    pub(crate) name: String,
    /// Who invites; none for the operator.
    pub(crate) by: Option<String>,
    pub(crate) until: views::Moment,
    /// The kernel as it is written.
    pub(crate) kernel: Option<String>,
    /// What gives weight: the classes.
    pub(crate) classes: Vec<String>,
}

/// The page of whoever invites.
#[derive(Debug, Clone, Default)]
pub(crate) struct InvitationsView {
    /// Who may admit may invite; the words of the rules where not.
    pub(crate) refusal: Option<views::RefusalView>,
    /// The founder may, until then, whatever the rules say of admission.
    pub(crate) founder_until: Option<views::Moment>,
    /// Lists on which a newcomer can stand from the first day; the founder alone sees them.
    pub(crate) lists: Vec<ListView>,
    /// Invitations that are open, the newest first.
    pub(crate) open: Vec<OpenInvitation>,
}

/// A list that gives weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListView {
    pub(crate) name: String,
    /// The class that reads it.
    pub(crate) class: String,
}

/// One that can still be used.
#[derive(Debug, Clone)]
pub(crate) struct OpenInvitation {
    /// The beginning of the hash of its code.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) until: views::Moment,
}

/// A code that was just made: nobody will see it again.
#[derive(Debug, Clone)]
pub(crate) struct NewInvitation {
    pub(crate) name: String,
    pub(crate) code: String,
}

/// Whoever invites, and by what right.
struct Inviter {
    member: Pseudonym,
    actor: Actor,
}

/// A hash's first characters tell one invitation from all others, and open none.
const ID_LETTERS: usize = 16;

impl HostDesk {
    /// The sessions that are kept beside the log.
    pub(crate) fn sessions(&self) -> Result<Vec<(String, Session)>, Trouble> {
        self.shared.read().and_then(|coop| coop.sessions()).map_err(down)
    }

    /// Whether somebody is a member now; none while the store is down.
    pub(crate) fn is_member(&self, who: Pseudonym) -> Option<bool> {
        Some(self.shared.read().ok()?.is_member(who))
    }

    /// Keeps sessions, and forgets those that ended.
    pub(crate) fn save_sessions(&self, kept: &[(String, Session)], ended: &BTreeSet<String>) -> Result<(), Trouble> {
        self.write_beside(|batch| {
            for (hash, session) in kept {
                batch.put_session(hash, session)?;
            }
            ended.iter().try_for_each(|hash| batch.end_session(hash))
        })
    }

    /// What an invitation says. [`Trouble::Absent`] if no invitation has the code.
    pub(crate) fn invitation(&self, code: &str) -> Result<InvitationView, Trouble> {
        self.see(None, |sight, coop| {
            let found = coop.invitation(&code_hash(code), clock::now());
            let (invitation, standing) = found.map_err(down)?.ok_or(Trouble::Absent)?;
            over(standing)?;
            let kernel = &coop.state().rules.kernel;
            let text = sight.directory.document(&coop.state().founding.act.kernel);
            Ok(InvitationView {
                name: sight.directory.name(invitation.member),
                by: invitation.by.map(|by| sight.directory.name(by)),
                until: sight.moment(Moment(invitation.until_us)),
                kernel: text.map(|card| card.text.clone()),
                classes: kernel.classes.iter().map(|class| class.name.clone()).collect(),
            })
        })
    }

    /// Uses an invitation up, and begins the session whose id has the hash `session`.
    pub(crate) fn redeem(&self, code: &str, session: &str) -> Result<Session, Trouble> {
        let begun = self.write_beside(|batch| batch.redeem(&code_hash(code), session, clock::now()))?;
        begun.or_else(|standing| match standing {
            None => Err(Trouble::Absent),
            Some(standing) => over(standing).and(Err(Trouble::Absent)),
        })
    }

    /// Begins a session without an invitation: for the founder.
    pub(crate) fn begin_session(&self, who: Pseudonym, hash: &str) -> Result<Session, Trouble> {
        let now = clock::now();
        let session = Session { member: who, begun_us: now.0, seen_us: now.0 };
        self.write_beside(|batch| batch.put_session(hash, &session))?;
        Ok(session)
    }

    /// The invitations that `me` may see, and whether `me` may make more.
    pub(crate) fn invitations(&self, me: &str) -> Result<InvitationsView, Trouble> {
        let who = pseudonym(me)?;
        let now = clock::now();
        self.see(Some(me), |sight, coop| {
            let inviter = may_invite(sight, coop, who);
            let refusal = match inviter {
                Ok(_) => None,
                Err(Trouble::Refused(refusal)) => Some(refusal),
                Err(trouble) => return Err(trouble),
            };
            let founder_until = founder_until(coop, who)?.filter(|until| now < *until);
            let lists = founder_until.map(|_| lists(coop)).unwrap_or_default();
            let mut kept = coop.invitations().map_err(down)?;
            kept.retain(|(_, one)| one.by == Some(who) && coop.standing(one, now) == Standing::Open);
            kept.sort_by_key(|(_, one)| std::cmp::Reverse(one.made_us));
            let open = kept.iter().map(|(hash, one)| OpenInvitation {
                id: hash.chars().take(ID_LETTERS).collect(),
                name: sight.directory.name(one.member),
                until: sight.moment(Moment(one.until_us)),
            });
            Ok(InvitationsView {
                refusal,
                founder_until: founder_until.map(|until| sight.moment(until)),
                lists,
                open: open.collect(),
            })
        })
    }

    /// Admits who is new among these, and makes an invitation for each: all of them or none.
    pub(crate) fn invite(
        &self,
        me: &str,
        names: &[String],
        on_lists: &[String],
    ) -> Result<Vec<NewInvitation>, Trouble> {
        let who = pseudonym(me)?;
        let inviter = self.see(Some(me), |sight, coop| {
            if !on_lists.is_empty() && founder_until(coop, who)?.is_none_or(|until| clock::now() >= until) {
                return Err(Trouble::bad("lists", "only the founder puts newcomers on lists here"));
            }
            may_invite(sight, coop, who)
        })?;
        let now = self.shared.now();
        let mut coop = self.shared.write();
        for name in names {
            may_be_invited(&mut coop, who, name)?;
        }
        write_with(&mut coop, |batch| {
            let mut made = Vec::new();
            for name in names {
                let code = invite_one(batch, &inviter, name, on_lists, now)?;
                made.push(NewInvitation { name: name.clone(), code });
            }
            Ok(made)
        })
    }

    /// Takes back an open invitation that `me` made; [`Trouble::Absent`] if there is no such one.
    pub(crate) fn revoke(&self, me: &str, id: &str) -> Result<(), Trouble> {
        let own = self.invitations(me)?.open;
        if !own.iter().any(|one| one.id == id) {
            return Err(Trouble::Absent);
        }
        self.write_beside(|batch| batch.revoke(id, clock::now()).map(|_| ()))
    }

    fn write_beside<T>(&self, write: impl FnOnce(&mut Batch<'_>) -> Result<T, Error>) -> Result<T, Trouble> {
        write_with(&mut self.shared.write(), write)
    }
}

/// All that `write` does, in one transaction, or nothing of it.
pub(crate) fn write_with<T>(
    coop: &mut Coop,
    write: impl FnOnce(&mut Batch<'_>) -> Result<T, Error>,
) -> Result<T, Trouble> {
    let mut batch = coop.batch().map_err(down)?;
    match write(&mut batch) {
        Ok(done) => {
            batch.commit().map_err(down)?;
            Ok(done)
        }
        Err(error) => {
            batch.abort().map_err(down)?;
            Err(in_words(error))
        }
    }
}

fn in_words(error: Error) -> Trouble {
    match error {
        Error::Refused(refusal) => refused(refusal),
        Error::Usage(words) => Trouble::bad("names", words),
        error => down(error),
    }
}

/// Whoever holds a link acts as its member: so a page makes links for newcomers only, and for those whom the same member
/// invited before and who have not come in yet.
fn may_be_invited(coop: &mut Coop, by: Pseudonym, name: &str) -> Result<(), Trouble> {
    let Some(member) = coop.find_member(name).map_err(in_words)? else {
        return Ok(());
    };
    let kept = coop.invitations().map_err(down)?;
    let mut own = kept.iter().filter(|(_, one)| one.member == member);
    let waits = |one: &Invitation| one.by == Some(by) && one.used_us.is_none();
    let sessions = coop.sessions().map_err(down)?;
    let has_come = sessions.iter().any(|(_, session)| session.member == member);
    if own.clone().next().is_some() && own.all(|(_, one)| waits(one)) && !has_come {
        return Ok(());
    }
    Err(Trouble::bad(
        "names",
        format!(
            "`{name}` is in the register already: the operator invites members with `rochdale invite`; if this is somebody else, add to the name"
        ),
    ))
}

/// The names of a form, a line each.
///
/// # Errors
/// None at all, too many, or one that is too long or stands twice.
pub(crate) fn names(typed: &str) -> Result<Vec<String>, String> {
    let lines = typed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let names: Vec<String> = lines.filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err("write at least one name, a line each".to_owned());
    }
    if names.len() > MOST_NAMES {
        let count = names.len();
        return Err(format!("these are {count} names, and {MOST_NAMES} can be invited at once"));
    }
    let mut seen = BTreeSet::new();
    for name in &names {
        check_name(name)?;
        if !seen.insert(name.to_lowercase()) {
            return Err(format!("`{name}` stands there twice: give each person a name that nobody else has"));
        }
    }
    Ok(names)
}

/// The lists that classes read.
pub(crate) fn lists_of(kernel: &charter::Kernel) -> Vec<ListView> {
    let with_list = kernel.classes.iter().filter_map(|class| {
        let name = class.list.clone()?;
        Some(ListView { name, class: class.name.clone() })
    });
    with_list.collect()
}

fn lists(coop: &Coop) -> Vec<ListView> {
    lists_of(&coop.state().rules.kernel)
}

/// A person of that name only: whoever has it already is invited, not admitted again.
fn invite_one(
    batch: &mut Batch<'_>,
    inviter: &Inviter,
    name: &str,
    on_lists: &[String],
    now: Moment,
) -> Result<String, Error> {
    let person = Person { name: name.to_owned(), ..Person::default() };
    let member = batch.member_for(&person, inviter.actor, now)?;
    for list in on_lists {
        batch.put_on_list(list, member, inviter.actor, now)?;
    }
    let by = Some(inviter.member);
    batch.invite(member, by, INVITATION_DAYS, clock::now())
}

/// By the rules, if they let this member admit; else as the founder of the first days, whom the operator let found the co-op.
fn may_invite(sight: &views::Sight<'_>, coop: &Coop, who: Pseudonym) -> Result<Inviter, Trouble> {
    if !coop.is_member(who) {
        return Err(Trouble::Nobody);
    }
    // A pseudonym that nobody has.
    let newcomer = Act::AdmitMember(AdmitMember { member: Pseudonym(0), organisation: false });
    let inviter = |actor| Inviter { member: who, actor };
    match tried(sight, who, &[newcomer]) {
        Ok(_) => Ok(inviter(Actor::Member(who))),
        Err(refusal) => match founder_until(coop, who)? {
            Some(until) if clock::now() < until => Ok(inviter(Actor::Operator)),
            _ => Err(refusal),
        },
    }
}

/// Until when this member admits as the founder; none for others.
fn founder_until(coop: &Coop, who: Pseudonym) -> Result<Option<Moment>, Trouble> {
    let founder = coop.founder().map_err(down)?;
    let founded = coop.state().founding.at;
    Ok((founder == Some(who)).then_some(Moment(founded.0.saturating_add(FOUNDING_US))))
}

fn over(standing: Standing) -> Result<(), Trouble> {
    Err(Trouble::Over(match standing {
        Standing::Open => return Ok(()),
        Standing::Used => "This invitation was used already: each is good once, in one browser.",
        Standing::Revoked => "This invitation was taken back, or a newer one took its place.",
        Standing::Expired => "This invitation has expired.",
        Standing::Ended => "The membership that this invitation was for has ended.",
    }))
}

#[cfg(test)]
mod tests;
