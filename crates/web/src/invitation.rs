//! Invitations, for their pages. Who may invite whom, and which invitation is good, the gate says (`host::gate`).

pub(crate) mod list;
pub(crate) mod open;

use engine::Pseudonym;
use host::gate::{NotInvited, Session, Standing, Unnamed, announced_admission, check_names, code_hash};
use host::{Batch, Snapshot, clock};
use views::Sight;

use crate::trouble::Trouble;
use crate::visit::Visitor;

/// An invitation as its page shows it.
#[derive(Debug, Clone)]
pub(crate) struct InvitationView {
    /// Whom it was made for.
    pub(crate) name: String,
    pub(crate) member: Pseudonym,
    /// Who invites; none for the operator.
    pub(crate) by: Option<String>,
    pub(crate) until: views::Moment,
    /// When the admission takes effect that is announced; `None` for a member, who can come in now.
    pub(crate) waits: Option<String>,
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
    /// When newcomers become members, in words; `None` where they do at once.
    pub(crate) waits: Option<String>,
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
    /// When the admission takes effect; `None` for a member.
    pub(crate) waits: Option<String>,
}

/// A code that was just made: nobody will see it again.
#[derive(Debug, Clone)]
pub(crate) struct NewInvitation {
    pub(crate) name: String,
    pub(crate) code: String,
}

/// An invitation in words, also one that waits for its admission. [`Trouble::Absent`] if no invitation has the code.
fn invitation(sight: &Sight<'_>, coop: &Snapshot, code: &str) -> Result<InvitationView, Trouble> {
    let found = coop.invitation(&code_hash(code), clock::now())?;
    let (invitation, standing) = found.ok_or(Trouble::Absent)?;
    if standing != Standing::Waiting {
        over(standing)?;
    }
    let text = sight.directory.document(&sight.state.founding.act.kernel);
    Ok(InvitationView {
        name: sight.directory.name(invitation.member),
        member: invitation.member,
        by: invitation.by.map(|by| sight.directory.name(by)),
        until: sight.moment(coop.good_until(&invitation)),
        waits: waits(sight, invitation.member),
        kernel: text.map(|card| card.text.clone()),
        classes: sight.state.rules.kernel.classes.iter().map(|class| class.name.clone()).collect(),
    })
}

/// When somebody's announced admission takes effect.
fn waits(sight: &Sight<'_>, member: Pseudonym) -> Option<String> {
    let announced = announced_admission(sight.state, member).map(|announced| views::takes_effect(sight, announced));
    announced.or_else(|| views::application_stands(sight, member))
}

/// Uses an invitation up, and begins the session whose id has the hash `session`.
async fn redeem(visitor: &Visitor, code: &str, session: String, browser: Option<String>) -> Result<Session, Trouble> {
    let (code, now) = (code_hash(code), clock::now());
    let redeem = move |batch: &mut Batch<'_>| batch.redeem(&code, &session, browser, now).map_err(Trouble::in_words);
    visitor.write(redeem).await?.or_else(|standing| match standing {
        None => Err(Trouble::Absent),
        Some(standing) => over(standing).and(Err(Trouble::Absent)),
    })
}

/// The invitations that `me` may see, and whether `me` may make more.
fn invitations(sight: &Sight<'_>, coop: &Snapshot, me: Pseudonym) -> Result<InvitationsView, Trouble> {
    let refusal = match coop.may_invite(me, sight.now).map_err(Trouble::from) {
        Ok(_) => None,
        Err(Trouble::Refused(refusal)) => Some(refusal),
        Err(trouble) => return Err(trouble),
    };
    let founder_until = coop.founder_until(me, sight.now)?;
    let lists = founder_until.map(|_| lists_of(&sight.state.rules.kernel)).unwrap_or_default();
    let open = coop.open_invitations_of(me, clock::now())?.into_iter().map(|(id, one)| OpenInvitation {
        id,
        name: sight.directory.name(one.member),
        until: sight.moment(coop.good_until(&one)),
        waits: waits(sight, one.member),
    });
    let waits = coop.newcomers_wait(me, sight.now)?.map(|due| words::invitation::newcomers_wait(sight.moment(due).day));
    let founder_until = founder_until.map(|until| sight.moment(until));
    Ok(InvitationsView { refusal, waits, founder_until, lists, open: open.collect() })
}

/// Admits who is new among these, and makes an invitation for each: all of them or none.
async fn invite(visitor: &Visitor, names: Vec<String>, on_lists: Vec<String>) -> Result<Vec<NewInvitation>, Trouble> {
    let me = visitor.me()?;
    let at = visitor.app.coop.now();
    visitor
        .write(move |batch| {
            let codes = batch.invite_newcomers(me, &names, &on_lists, (at, clock::now())).map_err(not_invited)?;
            let made = names.into_iter().zip(codes);
            Ok(made.map(|(name, code)| NewInvitation { name, code }).collect())
        })
        .await
}

/// Takes back an open invitation that the visitor made; [`Trouble::Absent`] if there is no such one.
async fn revoke(visitor: &Visitor, id: String) -> Result<(), Trouble> {
    let me = visitor.me()?;
    let revoke = move |batch: &mut Batch<'_>| batch.revoke_own(me, &id, clock::now()).map_err(Trouble::in_words);
    if visitor.write(revoke).await? { Ok(()) } else { Err(Trouble::Absent) }
}

/// The reason beside the form.
fn not_invited(why: NotInvited) -> Trouble {
    match why {
        NotInvited::NameTaken(name) => Trouble::bad("names", words::invitation::name_taken(&name)),
        NotInvited::FounderAlone => Trouble::bad("lists", words::invitation::FOUNDER_ALONE),
        NotInvited::Failed(error) => Trouble::in_words(error),
    }
}

/// The names of a form, a line each.
///
/// # Errors
/// None at all, too many, or one that is too long or stands twice.
pub(crate) fn names(typed: &str) -> Result<Vec<String>, String> {
    let lines = typed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let names: Vec<String> = lines.filter(|name| !name.is_empty()).collect();
    check_names(&names).map_err(|why| match why {
        Unnamed::Nobody => words::invitation::NO_NAMES.to_owned(),
        Unnamed::TooMany(count, most) => words::invitation::too_many_names(count, most),
        Unnamed::Unusable(why) => why,
        Unnamed::Twice(name) => words::invitation::name_twice(&name),
    })?;
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

fn over(standing: Standing) -> Result<(), Trouble> {
    Err(Trouble::Over(match standing {
        Standing::Open => return Ok(()),
        Standing::Waiting => words::invitation::NOT_YET,
        Standing::Used => words::invitation::USED,
        Standing::Revoked => words::invitation::REVOKED,
        Standing::Expired => words::invitation::EXPIRED,
        Standing::Ended => words::invitation::ENDED,
    }))
}

#[cfg(test)]
mod tests;
