//! Checks of what somebody shows, each within its limits: by name, by member and by network, and four passwords at a time.

use std::sync::Arc;
use std::time::Duration;

use engine::Pseudonym;
use host::clock;
use host::gate::Tried;
use tokio::time::timeout;

use crate::session::enter::Coming;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked {
    /// It is this member.
    Right(Pseudonym),
    /// It is not, or nobody is called so.
    Wrong,
    /// Too many were wrong: it was not looked at.
    Slowed,
}

/// Which code somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Six digits of a program.
    Program,
    /// A longer one, off paper.
    Recovery,
}

impl Code {
    pub(crate) fn of(typed: &str) -> Code {
        let letters = typed.chars().filter(char::is_ascii_alphanumeric).count();
        if letters > 8 { Code::Recovery } else { Code::Program }
    }
}

/// So long a password waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Checks a password under a name, after the same work whether somebody is called so or not.
pub(crate) async fn password(visitor: &Visitor, coming: &Coming, name: &str, typed: &str) -> Result<Checked, Trouble> {
    let found = visitor.app.coop.read().signs_in_as(name)?;
    limited(visitor, &[Tried::name_typed(name), network(visitor, coming)], found, typed).await
}

/// Checks the password of a member who is signed in. Tries by others, under their name, do not keep them from it.
pub(crate) async fn own_password(
    visitor: &Visitor,
    coming: &Coming,
    me: Pseudonym,
    typed: &str,
) -> Result<Checked, Trouble> {
    limited(visitor, &[Tried::Account(me), network(visitor, coming)], Some(me), typed).await
}

async fn limited(
    visitor: &Visitor,
    tried: &[Tried],
    found: Option<Pseudonym>,
    typed: &str,
) -> Result<Checked, Trouble> {
    if !visitor.app.tries.may_try(tried, clock::now()) {
        return Ok(Checked::Slowed);
    }
    let is_right = is_password(visitor, found, typed).await?;
    let Some(member) = found.filter(|_| is_right) else { return Ok(Checked::Wrong) };
    visitor.app.tries.was_right(tried);
    Ok(Checked::Right(member))
}

/// Hashes a password in one of the few places for it.
async fn is_password(visitor: &Visitor, member: Option<Pseudonym>, typed: &str) -> Result<bool, Trouble> {
    let typed = typed.to_owned();
    hashing(visitor, move |visitor| Ok(visitor.app.coop.read().has_password(member, &typed)?)).await
}

/// Does what hashes a password in one of the few places for it. The place is free again once it is done, whoever still waits.
pub(crate) async fn hashing<T: Send + 'static>(
    visitor: &Visitor,
    work: impl FnOnce(&Visitor) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let places = Arc::clone(&visitor.app.hashing);
    let Ok(Ok(place)) = timeout(PATIENCE, places.acquire_owned()).await else { return Err(Trouble::Hashing) };
    let done = visitor.aside(move |visitor| {
        let done = work(visitor);
        drop(place);
        done
    });
    done.await
}

/// Checks the code of a member's program, and uses it up.
pub(crate) async fn code(
    visitor: &Visitor,
    coming: &Coming,
    member: Pseudonym,
    typed: &str,
) -> Result<Checked, Trouble> {
    let tried = [Tried::Code(member), network(visitor, coming)];
    let now = clock::now();
    if !visitor.app.tries.may_try(&tried, now) {
        return Ok(Checked::Slowed);
    }
    let typed = typed.to_owned();
    let step = visitor.aside(move |visitor| {
        let ways = visitor.app.coop.read().ways_in(member)?;
        let Some((totp, vault)) = ways.totp().zip(visitor.app.coop.gate_vault()) else { return Ok(None) };
        totp.step(&vault, member, &typed, now).map_err(|why| {
            tracing::error!(%why, "a code cannot be checked");
            Trouble::NoPlace(words::sign_in::KEY_LOST)
        })
    });
    let Some(step) = step.await? else { return Ok(Checked::Wrong) };
    if !visitor.write(move |batch| Ok(batch.spend_step(member, step, now)?)).await? {
        return Ok(Checked::Wrong);
    }
    visitor.app.tries.was_right(&tried);
    Ok(Checked::Right(member))
}

/// Checks a recovery code, and uses it up; of nobody the same work is done.
pub(crate) async fn recovery(
    visitor: &Visitor,
    coming: &Coming,
    member: Option<Pseudonym>,
    typed: &str,
) -> Result<Checked, Trouble> {
    let tried = [network(visitor, coming)];
    let now = clock::now();
    if !visitor.app.tries.may_try(&tried, now) {
        return Ok(Checked::Slowed);
    }
    let (of, typed) = (member.unwrap_or(NOBODY), typed.to_owned());
    let spent = visitor.write(move |batch| Ok(batch.spend_code(of, &typed, now)?)).await?;
    let Some(member) = member.filter(|_| spent) else { return Ok(Checked::Wrong) };
    visitor.app.tries.was_right(&tried);
    crate::way::note_changed(visitor, member)?;
    Ok(Checked::Right(member))
}

/// A pseudonym that nobody has.
const NOBODY: Pseudonym = Pseudonym(0);

pub(super) fn network(visitor: &Visitor, coming: &Coming) -> Tried {
    Tried::from_network(visitor.app.coop.read().id(), coming.from)
}
