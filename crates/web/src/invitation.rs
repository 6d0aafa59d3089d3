//! Invitations and sessions, for their pages. They are kept beside the log; only who joins is an act, and the
//! engine says whether whoever invites may admit them.

pub(crate) mod list;
pub(crate) mod open;

use std::collections::BTreeSet;

use engine::act::{Act, AdmitMember};
use engine::{Actor, Pseudonym, intent};
use host::{
    Batch, Error, INVITATION_DAYS, Invitation, Person, Session, Snapshot, Standing, check_name, clock, code_hash,
};
use quantity::Moment;
use views::Sight;

use crate::trouble::Trouble;
use crate::visit::Visitor;

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
    /// The classes, which give weight.
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

/// Somebody who invites, and by what right.
struct Inviter {
    member: Pseudonym,
    actor: Actor,
}

/// A hash's first characters tell one invitation from all others, and open none.
const ID_LETTERS: usize = 16;

/// An invitation in words. [`Trouble::Absent`] if no invitation has the code.
fn invitation(sight: &Sight<'_>, coop: &Snapshot, code: &str) -> Result<InvitationView, Trouble> {
    let found = coop.invitation(&code_hash(code), clock::now())?;
    let (invitation, standing) = found.ok_or(Trouble::Absent)?;
    over(standing)?;
    let text = sight.directory.document(&sight.state.founding.act.kernel);
    Ok(InvitationView {
        name: sight.directory.name(invitation.member),
        by: invitation.by.map(|by| sight.directory.name(by)),
        until: sight.moment(Moment(invitation.until_us)),
        kernel: text.map(|card| card.text.clone()),
        classes: sight.state.rules.kernel.classes.iter().map(|class| class.name.clone()).collect(),
    })
}

/// Uses an invitation up, and begins the session whose id has the hash `session`.
async fn redeem(visitor: &Visitor, code: &str, session: String) -> Result<Session, Trouble> {
    let code = code_hash(code);
    let redeem = move |batch: &mut Batch<'_>| batch.redeem(&code, &session, clock::now()).map_err(Trouble::in_words);
    visitor.write(redeem).await?.or_else(|standing| match standing {
        None => Err(Trouble::Absent),
        Some(standing) => over(standing).and(Err(Trouble::Absent)),
    })
}

/// The invitations that `me` may see, and whether `me` may make more.
fn invitations(sight: &Sight<'_>, coop: &Snapshot, me: Pseudonym) -> Result<InvitationsView, Trouble> {
    let now = clock::now();
    let refusal = match may_invite(sight, coop, me) {
        Ok(_) => None,
        Err(Trouble::Refused(refusal)) => Some(refusal),
        Err(trouble) => return Err(trouble),
    };
    let founder_until = founder_until(coop, me)?.filter(|until| now < *until);
    let lists = founder_until.map(|_| lists_of(&sight.state.rules.kernel)).unwrap_or_default();
    let mut kept = coop.invitations()?;
    kept.retain(|(_, one)| one.by == Some(me) && coop.standing(one, now) == Standing::Open);
    kept.sort_by_key(|(_, one)| std::cmp::Reverse(one.made_us));
    let open = kept.iter().map(|(hash, one)| OpenInvitation {
        id: hash.chars().take(ID_LETTERS).collect(),
        name: sight.directory.name(one.member),
        until: sight.moment(Moment(one.until_us)),
    });
    let founder_until = founder_until.map(|until| sight.moment(until));
    Ok(InvitationsView { refusal, founder_until, lists, open: open.collect() })
}

/// Admits who is new among these, and makes an invitation for each: all of them or none.
async fn invite(visitor: &Visitor, names: Vec<String>, on_lists: Vec<String>) -> Result<Vec<NewInvitation>, Trouble> {
    let me = visitor.me()?;
    let listed = !on_lists.is_empty();
    let may = move |visitor: &Visitor| {
        visitor.see(|sight, coop| {
            if listed && founder_until(coop, me)?.is_none_or(|until| clock::now() >= until) {
                return Err(Trouble::bad("lists", words::invitation::FOUNDER_ALONE));
            }
            may_invite(sight, coop, me)
        })
    };
    let inviter = visitor.aside(may).await?;
    let now = visitor.app.coop.now();
    visitor
        .write(move |batch| {
            for name in &names {
                may_be_invited(batch, me, name)?;
            }
            let made = names.into_iter().map(|name| {
                let code = invite_one(batch, &inviter, &name, &on_lists, now).map_err(Trouble::in_words)?;
                Ok(NewInvitation { name, code })
            });
            made.collect()
        })
        .await
}

/// Takes back an open invitation that the visitor made; [`Trouble::Absent`] if there is no such one.
async fn revoke(visitor: &Visitor, id: String) -> Result<(), Trouble> {
    let me = visitor.me()?;
    let own = visitor.see(|sight, coop| invitations(sight, coop, me))?.open;
    if !own.iter().any(|one| one.id == id) {
        return Err(Trouble::Absent);
    }
    let revoke = move |batch: &mut Batch<'_>| batch.revoke(&id, clock::now()).map_err(Trouble::in_words);
    visitor.write(revoke).await.map(|_| ())
}

/// A link makes its holder act as its member: so a page makes links for newcomers only, and for those whom the same member
/// invited before and who have not come in yet.
fn may_be_invited(batch: &mut Batch<'_>, by: Pseudonym, name: &str) -> Result<(), Trouble> {
    let Some(member) = batch.find_member(name).map_err(Trouble::in_words)? else {
        return Ok(());
    };
    let kept = batch.invitations()?;
    let mut own = kept.iter().filter(|(_, one)| one.member == member);
    let waits = |one: &Invitation| one.by == Some(by) && one.used_us.is_none();
    let sessions = batch.sessions()?;
    let has_come = sessions.iter().any(|(_, session)| session.member == member);
    if own.clone().next().is_some() && own.all(|(_, one)| waits(one)) && !has_come {
        return Ok(());
    }
    Err(Trouble::bad("names", words::invitation::name_taken(name)))
}

/// The names of a form, a line each.
///
/// # Errors
/// None at all, too many, or one that is too long or stands twice.
pub(crate) fn names(typed: &str) -> Result<Vec<String>, String> {
    let lines = typed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let names: Vec<String> = lines.filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(words::invitation::NO_NAMES.to_owned());
    }
    if names.len() > MOST_NAMES {
        return Err(words::invitation::too_many_names(names.len(), MOST_NAMES));
    }
    let mut seen = BTreeSet::new();
    for name in &names {
        check_name(name)?;
        if !seen.insert(name.to_lowercase()) {
            return Err(words::invitation::name_twice(name));
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
fn may_invite(sight: &Sight<'_>, coop: &Snapshot, who: Pseudonym) -> Result<Inviter, Trouble> {
    if !coop.is_member(who) {
        return Err(Trouble::Nobody);
    }
    // A pseudonym that nobody has.
    let newcomer = Act::AdmitMember(AdmitMember { member: Pseudonym(0), organisation: false });
    let inviter = |actor| Inviter { member: who, actor };
    match intent::tried(sight.state, Actor::Member(who), &[newcomer], sight.now) {
        Ok(_) => Ok(inviter(Actor::Member(who))),
        Err(refusal) => match founder_until(coop, who)? {
            Some(until) if clock::now() < until => Ok(inviter(Actor::Operator)),
            _ => Err(refusal.into()),
        },
    }
}

/// Until when this member admits as the founder; none for others.
fn founder_until(coop: &Snapshot, who: Pseudonym) -> Result<Option<Moment>, Trouble> {
    let founder = coop.founder()?;
    let founded = coop.state().founding.at;
    Ok((founder == Some(who)).then_some(Moment(founded.0.saturating_add(FOUNDING_US))))
}

fn over(standing: Standing) -> Result<(), Trouble> {
    Err(Trouble::Over(match standing {
        Standing::Open => return Ok(()),
        Standing::Used => words::invitation::USED,
        Standing::Revoked => words::invitation::REVOKED,
        Standing::Expired => words::invitation::EXPIRED,
        Standing::Ended => words::invitation::ENDED,
    }))
}

#[cfg(test)]
mod tests;
