//! A member's own ways in, browsers, and what changed of them. Who may change them, and which may go, the gate says (`host::gate`).

pub(crate) mod passkey;
pub(crate) mod password;
mod picture;
pub(crate) mod totp;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use engine::Pseudonym;
use host::clock;
use host::gate::{Fresh, Kind, NoWay, Ways, What, fresh_codes};
use quantity::Moment;
use std::sync::Arc;
use views::Sight;

use crate::app::aside;
use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, render, see};
use crate::front::{Here, Offer};
use crate::sign_in::prove::prove_first;
use crate::trouble::Trouble;
use crate::visit::Visitor;

pub(crate) use picture::qr;

#[derive(Template)]
#[template(path = "way/show.html")]
struct WaysPage {
    frame: Frame,
    ways: Vec<WayRow>,
    lets_in: bool,
    has_password: bool,
    has_totp: bool,
    /// Codes of a program can be set up: there is a place for the key that wraps their seed.
    may_totp: bool,
    /// Links can be sent by mail.
    may_mail: bool,
    offer: Offer,
    sessions: Vec<SessionRow>,
    changes: Vec<ChangeRow>,
    /// Recovery codes that were just made. Nobody sees them again.
    codes: Vec<String>,
    problem: Option<&'static str>,
}

/// A way in the list of its member.
struct WayRow {
    id: String,
    name: String,
    added: views::Moment,
    used: Option<views::Moment>,
}

/// A browser in which the member is signed in.
struct SessionRow {
    id: String,
    name: String,
    begun: views::Moment,
    /// To about a day.
    seen: views::Moment,
    is_this: bool,
}

struct ChangeRow {
    at: views::Moment,
    words: String,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    render(&page(&visitor, asked.done.as_deref(), None)?)
}

/// Notes that the reader has seen what changed.
pub(crate) async fn seen(visitor: Visitor) -> Result<Response, Trouble> {
    let sessions = Arc::clone(visitor.app.invited_sessions()?);
    sessions.tell(visitor.session()?.0);
    aside(move || sessions.save()).await?;
    Ok(see("/me/ways"))
}

/// Removes a way in.
pub(crate) async fn remove(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let Some(fresh) = fresh(&visitor)? else { return Ok(prove_first("/me/ways")) };
    let id = value(&fields, "way").to_owned();
    let removed = visitor.write(move |batch| Ok(batch.remove_way(fresh, &id, clock::now())?)).await?;
    match removed {
        Ok(_) => {
            note_changed(&visitor, fresh.member())?;
            Ok(see("/me/ways?done=way-removed"))
        }
        Err(why) => refused(&visitor, why),
    }
}

/// Makes ten recovery codes, and shows them this once. Older ones end.
pub(crate) async fn make_codes(visitor: Visitor) -> Result<Response, Trouble> {
    let Some(fresh) = fresh(&visitor)? else { return Ok(prove_first("/me/ways")) };
    let (kept, codes) = fresh_codes()?;
    match add(&visitor, fresh, Kind::RecoveryCodes(kept)).await? {
        Ok(()) => {
            let shown = page(&visitor, None, None)?;
            Ok(render(&WaysPage { codes, ..shown })?.into_response())
        }
        Err(why) => refused(&visitor, why),
    }
}

/// Signs one of the member's browsers out.
pub(crate) async fn end(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let sessions = Arc::clone(visitor.app.invited_sessions()?);
    let (_, me) = visitor.session()?;
    if !sessions.end_one(me, value(&fields, "session")) {
        return Err(Trouble::Absent);
    }
    aside(move || sessions.save()).await?;
    Ok(see("/me/ways?done=session-ended"))
}

/// Signs all of the member's other browsers out, and ends all their tokens.
pub(crate) async fn end_all(visitor: Visitor) -> Result<Response, Trouble> {
    let sessions = Arc::clone(visitor.app.invited_sessions()?);
    let (id, me) = visitor.session()?;
    sessions.end_others(me, id);
    let now = clock::now();
    let ended = visitor.write(move |batch| {
        batch.end_tokens_of(me, now)?;
        Ok(batch.note_change(me, What::Ended, "session", now)?)
    });
    ended.await?;
    note_changed(&visitor, me)?;
    aside(move || sessions.save()).await?;
    Ok(see("/me/ways?done=all-ended"))
}

/// The right of the visitor's browser to change their ways in; `None` where it has to prove itself first.
pub(crate) fn fresh(visitor: &Visitor) -> Result<Option<Fresh>, Trouble> {
    let sessions = visitor.app.invited_sessions()?;
    sessions.fresh(visitor.session()?.0)
}

/// Adds a way in, and tells the member's other browsers.
pub(crate) async fn add(visitor: &Visitor, fresh: Fresh, kind: Kind) -> Result<Result<(), NoWay>, Trouble> {
    let added = visitor.write(move |batch| Ok(batch.add_way(fresh, kind, clock::now())?)).await?;
    if added.is_ok() {
        note_changed(visitor, fresh.member())?;
    }
    Ok(added.map(|_| ()))
}

/// Has the browsers of a member told of what changed last, but this one.
pub(crate) fn note_changed(visitor: &Visitor, member: Pseudonym) -> Result<(), Trouble> {
    let ways = visitor.app.coop.read().ways_in(member)?;
    if let Some(at_us) = ways.changed_us() {
        let own = visitor.session().ok().filter(|(_, me)| *me == member);
        visitor.app.invited_sessions()?.note_changed(member, at_us, own.map_or("", |(id, _)| id));
    }
    Ok(())
}

/// The page again, with a problem.
pub(crate) fn again(visitor: &Visitor, words: &'static str, status: StatusCode) -> Result<Response, Trouble> {
    Ok((status, render(&page(visitor, None, Some(words))?)?).into_response())
}

/// The page again, with the reason why a way was not added or removed.
fn refused(visitor: &Visitor, why: NoWay) -> Result<Response, Trouble> {
    if why == NoWay::Stale {
        return Ok(prove_first("/me/ways"));
    }
    let page = page(visitor, None, Some(reason(why)))?;
    Ok((StatusCode::CONFLICT, render(&page)?).into_response())
}

pub(crate) fn reason(why: NoWay) -> &'static str {
    match why {
        NoWay::Stale => words::way::STALE,
        NoWay::Taken => words::way::TAKEN,
        NoWay::TooMany => words::way::TOO_MANY,
        NoWay::Last => words::way::LAST,
        NoWay::Alone => words::way::ALONE,
        NoWay::Often => words::way::OFTEN,
        NoWay::Absent => words::way::GONE,
    }
}

fn page(visitor: &Visitor, done: Option<&str>, problem: Option<&'static str>) -> Result<WaysPage, Trouble> {
    let sessions = visitor.app.invited_sessions()?;
    let (id, me) = visitor.session()?;
    visitor.see(|sight, coop| {
        let ways = coop.ways_in(me)?;
        let own = sessions.of(me, id).into_iter().map(|one| SessionRow {
            id: one.id,
            name: one.session.browser.unwrap_or_else(|| words::way::SOME_BROWSER.to_owned()),
            begun: sight.moment(Moment(one.session.begun_us)),
            seen: sight.moment(Moment(one.session.seen_us)),
            is_this: one.is_this,
        });
        let changes = ways.changes.iter().rev().map(|change| ChangeRow {
            at: sight.moment(Moment(change.at_us)),
            words: words::way::changed(deed(change.what), &change.kind),
        });
        Ok(WaysPage {
            frame: visitor.frame(sight, "me", "/me/ways", done),
            lets_in: ways.lets_in(),
            has_password: ways.password().is_some(),
            has_totp: ways.totp().is_some(),
            may_totp: visitor.app.coop.gate_vault().is_some(),
            may_mail: visitor.app.post.is_some(),
            offer: visitor.offer(),
            sessions: own.collect(),
            changes: changes.collect(),
            ways: rows(sight, ways, &visitor.here),
            codes: Vec::new(),
            problem,
        })
    })
}

fn rows(sight: &Sight<'_>, ways: Ways, here: &Here) -> Vec<WayRow> {
    let row = |way: host::gate::Way| {
        let name = match &way.kind {
            Kind::RecoveryCodes(codes) => words::way::codes_left(codes.left()),
            Kind::Address(address) => address.address.clone(),
            Kind::Passkey(passkey) if here.is_elsewhere(passkey) => {
                words::way::passkey_elsewhere(&passkey.name, &passkey.credential.host)
            }
            Kind::Passkey(passkey) => words::way::passkey_of(&passkey.name),
            Kind::Account(account) => words::way::account_at(&account.identity.issuer),
            kind => words::way::kind(kind.name()).to_owned(),
        };
        WayRow {
            id: way.id,
            name,
            added: sight.moment(Moment(way.added_us)),
            used: way.used_us.map(|used| sight.moment(Moment(used))),
        }
    };
    ways.ways.into_iter().map(row).collect()
}

fn deed(what: What) -> words::way::Deed {
    match what {
        What::Added => words::way::Deed::Added,
        What::Removed => words::way::Deed::Removed,
        What::Used => words::way::Deed::Used,
        What::WentBack => words::way::Deed::WentBack,
        What::Ended => words::way::Deed::Ended,
    }
}
