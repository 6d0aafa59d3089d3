//! Acts to bytes and back: the body of a log entry, and the JSON that people and programs hand in.

mod fields;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use engine::act::{Act, ActRow, BookEntry, Right};
use engine::ballot::MAX_SCORES;
use engine::rules::brought::MAX_RULES;
use engine::{Actor, Pseudonym, State};
use rochdale_log::{BadBody, Body, Signed, base64};
use serde::de::Error as _;
use serde_json::{Map, Value};

use crate::batch::booked_by;
use crate::error::Misread;
use crate::json::read_json;
use crate::texts::with_texts;
use crate::title::item_title;

/// One act as it was handed in: the act, its idempotency key and the client's nonce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActLine {
    /// The act.
    pub act: Act,
    /// Empty when none was given.
    pub key: String,
    /// Empty when none was given.
    pub nonce: String,
    /// The signature of a device under it.
    pub signed: Option<Signed>,
}

/// The longest key and nonce.
pub const MAX_KEY: usize = 128;

/// Reads an act from JSON such as `{"act":"cast_ballot","member":"m_…",…,"key":"…"}`. A field that is `null` counts as
/// absent. `resolve` turns a member's name into a pseudonym where the JSON does not hold one.
///
/// # Errors
/// The first mistake, in words for the writer of the JSON.
pub fn decode_act(json: &[u8], resolve: &mut dyn FnMut(&str) -> Option<Pseudonym>) -> Result<ActLine, Misread> {
    let Value::Object(mut fields) = read_json(json)? else {
        return Err(Misread::new("an act is a JSON object"));
    };
    fields.retain(|_, value| !value.is_null());
    // The kind comes first: every other message depends on it.
    let kind = text(&mut fields, "act")?
        .ok_or_else(|| Misread::new(format!("the field `act` is missing: one of {}", kinds())))?;
    let row =
        Act::row_of(&kind).ok_or_else(|| Misread::new(format!("there is no act `{kind}`: one of {}", kinds())))?;
    if let [Right::Operator, Right::Command(command)] = row.rights {
        let why = format!("`{kind}` is not handed in: use `{command}`, which makes it with all that belongs to it");
        return Err(Misread::new(why));
    }
    // Both are kept in the log for good, so their length and signs are bounded.
    let key = text(&mut fields, "key")?.unwrap_or_default();
    let nonce = text(&mut fields, "nonce")?.unwrap_or_default();
    if [&key, &nonce].iter().any(|name| name.len() > MAX_KEY || name.chars().any(char::is_control)) {
        return Err(Misread::new(format!(
            "`key` and `nonce` have at most {MAX_KEY} characters and no control characters"
        )));
    }
    let signed = fields.remove("signed").map(|given| signed_of(&given)).transpose()?;
    resolve_names(&kind, &mut fields, resolve)?;
    let title = title_of(&kind, &mut fields)?;
    // Texts become hashes before the body is read, since its type has only those.
    let texts = take_texts(row, &mut fields)?;
    match Act::deserialize_body(&kind, Value::Object(fields)) {
        Some(Ok(act)) => {
            let act = with_texts(&act, &mut |hash| Ok(texts.get(hash).cloned()));
            let mut act = act.map_err(|error| Misread::new(error.to_string()))?.into_owned();
            // Entries may leave it out, and people may not.
            if booked_by(&mut act).is_some_and(|entry| entry.narration.is_none()) {
                return Err(Misread::new(format!("`{kind}`: missing field `narration`")));
            }
            if let Act::BringItem(act) = &mut act {
                act.title = title;
            }
            Ok(ActLine { act, key, nonce, signed })
        }
        Some(Err(error)) => Err(Misread::of_json(&format!("`{kind}`: "), &error)),
        None => Err(Misread::new(format!("there is no act `{kind}`: one of {}", kinds()))),
    }
}

/// Reads a signature: the fields that an entry has, in any order.
fn signed_of(given: &Value) -> Result<Signed, Misread> {
    let wrong = || {
        Misread::new(
            "`signed` has `device`, `turn`, `after` and `until_us`, whole numbers, and `sig`, 64 bytes in base 64",
        )
    };
    let fields = given.as_object().filter(|fields| fields.len() == 5).ok_or_else(wrong)?;
    let number = |name: &str| fields.get(name).and_then(Value::as_u64).ok_or_else(wrong);
    let sig = fields.get("sig").and_then(Value::as_str).and_then(base64::decode);
    Ok(Signed {
        device: number("device")?,
        turn: number("turn")?,
        after: number("after")?,
        until_us: fields.get("until_us").and_then(Value::as_i64).ok_or_else(wrong)?,
        sig: sig.and_then(|sig| sig.try_into().ok()).ok_or_else(wrong)?,
    })
}

/// Takes the title of an item that a member brings, which stands beside the log.
fn title_of(kind: &str, fields: &mut Map<String, Value>) -> Result<Option<Arc<str>>, Misread> {
    if kind != "bring_item" {
        return Ok(None);
    }
    let title = text(fields, "title")?.ok_or_else(|| Misread::new("`bring_item`: missing field `title`"))?;
    item_title(&title).map(|title| Some(title.into())).map_err(|why| Misread::new(format!("`title`: {why}")))
}

/// Puts pseudonyms in the place of members' names: people write names and the log holds pseudonyms (docs/spec/commands.md, act).
/// Looked up are only names in fields that the act has, and no more of them than a ballot may score: an act that the rules
/// would never read costs nobody a walk along the register.
fn resolve_names(
    kind: &str,
    fields: &mut Map<String, Value>,
    resolve: &mut dyn FnMut(&str) -> Option<Pseudonym>,
) -> Result<(), Misread> {
    let declared = fields::fields_of(kind);
    // A proposed act has a kind and fields of its own.
    if let Some(Value::Object(inner)) = fields.get_mut("proposed").filter(|_| declared.contains(&"proposed"))
        && let Some(kind) = inner.get("act").and_then(Value::as_str).map(str::to_owned)
    {
        // No act that is proposed proposes another.
        if kind != "propose_act" {
            resolve_names(&kind, inner, resolve)?;
        }
    }
    for name in ["member", "candidate"] {
        let given = fields.get_mut(name).filter(|_| declared.contains(&name));
        if let Some(Value::String(who)) = given {
            translate(who, resolve);
            if name == "member" && who.parse::<Pseudonym>().is_err() {
                return Err(Misread::new(format!(
                    "nobody in the register is called `{who}`, and it is no pseudonym (`m_` and thirteen characters)"
                )));
            }
        }
    }
    let given = fields.get_mut("scores").filter(|_| declared.contains(&"scores"));
    let Some(Value::Object(scores)) = given else {
        return Ok(());
    };
    if scores.len() > MAX_SCORES {
        return Err(Misread::new(format!(
            "`scores` names {} candidates, and a ballot scores at most {MAX_SCORES}",
            scores.len()
        )));
    }
    let mut known = Map::new();
    for (mut who, score) in std::mem::take(scores) {
        translate(&mut who, resolve);
        if known.insert(who.clone(), score).is_some() {
            return Err(Misread::new(format!("`scores` names `{who}` twice")));
        }
    }
    *scores = known;
    Ok(())
}

/// Takes texts out of an act and puts their hashes in their place; the texts by their hash.
fn take_texts(row: &ActRow, fields: &mut Map<String, Value>) -> Result<BTreeMap<String, String>, Misread> {
    let mut texts = BTreeMap::new();
    for (to, from) in row.texts {
        let Some(given) = text(fields, from)? else {
            continue;
        };
        if given.len() > MAX_RULES {
            return Err(Misread::new(format!("`{from}` has more than {MAX_RULES} bytes")));
        }
        let hash = engine::digest::hex(given.as_bytes());
        let told = fields.insert((*to).to_owned(), Value::String(hash.clone()));
        if told.is_some_and(|told| told != Value::String(hash.clone())) {
            return Err(Misread::new(format!("`{to}` is not the SHA-256 of `{from}`: leave it out")));
        }
        texts.insert(hash, given);
    }
    Ok(texts)
}

/// Replaces a member's name by the pseudonym where the register has the name; anything else is left for the rules to judge.
fn translate(who: &mut String, resolve: &mut dyn FnMut(&str) -> Option<Pseudonym>) {
    if who.parse::<Pseudonym>().is_err()
        && let Some(pseudonym) = resolve(who)
    {
        *who = pseudonym.to_string();
    }
}

fn kinds() -> String {
    let handed_in = Act::TABLE.iter().filter(|row| row.is_handed_in());
    handed_in.map(|row| format!("`{}`", row.kind)).collect::<Vec<_>>().join(", ")
}

fn text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Misread> {
    match fields.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Misread::new(format!("`{name}` is a text"))),
    }
}

/// Appends an act's body as the log holds it.
pub(crate) fn write_body(act: &Act, out: &mut Vec<u8>) -> Result<(), Misread> {
    act.serialize_body(&mut serde_json::Serializer::new(out)).map_err(|error| Misread::new(error.to_string()))
}

/// Reads the body of a log entry.
pub(crate) fn read_body(kind: &str, body: &[u8]) -> Result<Act, Misread> {
    rochdale_log::read_body(body, |body| act_of(kind, body)).map_err(|bad| Misread::new(bad.to_string()))
}

/// Reads the act of a log entry as its bytes are stepped over.
pub(crate) fn act_of(kind: &str, body: Body<'_, '_>) -> Result<Act, BadBody> {
    let unknown = || Err(BadBody::custom(format_args!("this program knows no act `{kind}`")));
    Act::deserialize_body(kind, body).unwrap_or_else(unknown)
}

/// Returns the booking of the entry with these bytes: its own, that of those who agreed, a completed fork's share, or both sides
/// of support. Which of several agreements was the last one, the history's bookings say.
#[must_use]
pub fn booked(state: &State, bytes: &[u8]) -> Option<BookEntry> {
    let entry = rochdale_log::decode(bytes).ok()?;
    if !matches!(
        &*entry.kind,
        "book_entry"
            | "complete_fork"
            | "record_support"
            | "reverse_support"
            | "agree_to_act"
            | "hold_money"
            | "pay_back_held"
            | "give_to_pool"
            | "update"
            | "change"
    ) {
        return None;
    }
    let act = read_body(&entry.kind, entry.body).ok()?;
    engine::book::booking(state, &act, quantity::Moment(entry.time_us)).map(Cow::into_owned)
}

/// Returns the actor as the log writes it beside this `authority`.
pub(crate) fn actor_text(actor: Actor, authority: &str) -> String {
    match actor {
        // The act's body names the member, and the operator acts.
        Actor::Desk(_) if authority == DESK => actor_text(Actor::Operator, authority),
        Actor::Member(who) | Actor::Desk(who) => who.to_string(),
        Actor::Operator => "operator".to_owned(),
        Actor::Bridge => "bridge".to_owned(),
        Actor::Demonstration => "demonstration".to_owned(),
    }
}

/// The right by which the operator hands in a member's own act.
pub(crate) const DESK: &str = "desk";

/// Whether the operator acted in a member's name.
pub(crate) fn is_at_the_desk(authority: &str) -> bool {
    authority.strip_prefix(DESK).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Reads [`actor_text`] back.
pub(crate) fn read_actor(text: &str, authority: &str) -> Result<Actor, Misread> {
    match text {
        "operator" => Ok(Actor::Operator),
        "bridge" => Ok(Actor::Bridge),
        "demonstration" => Ok(Actor::Demonstration),
        who => {
            let who = who.parse().map_err(Misread::new)?;
            Ok(if is_at_the_desk(authority) { Actor::Desk(who) } else { Actor::Member(who) })
        }
    }
}

#[cfg(test)]
mod tests;
