//! Texts beside the log: an act holds a text's hash, and the caller who hands it to the engine attaches the text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use engine::act::Act;
use engine::{Actor, Pseudonym, Refusal, Rule, State, digest};
use quantity::Moment;
use rochdale_log::Store;

use crate::error::Error;

/// The longest text that holds rules, bytes.
pub const MAX_RULES: usize = 1_048_576;
/// The longest text that holds none, bytes.
pub const MAX_TEXT: usize = 65_536;

/// The most bytes of texts that one member brings on one day (UTC): what was ever in the log stays beside it, so that whoever
/// proposed and withdrew again and again could fill the disk and the memory of all.
pub const MAX_A_DAY: usize = 8 * MAX_RULES;
const DAY_US: i64 = 86_400_000_000;

/// Gives the text with a SHA-256, if there is one.
pub(crate) type Documents<'a> = dyn FnMut(&str) -> Result<Option<String>, Error> + 'a;

/// The act with the texts that it names, where they are known: the engine says which ones it cannot do without.
pub(crate) fn with_texts<'a>(act: &'a Act, documents: &mut Documents<'_>) -> Result<Cow<'a, Act>, Error> {
    if act.row().texts.is_empty() {
        return Ok(Cow::Borrowed(act));
    }
    let mut act = act.clone();
    for (hash, text) in act.texts() {
        if text.is_none() {
            *text = documents(hash)?.map(Arc::from);
        }
    }
    Ok(Cow::Owned(act))
}

/// A text beside the log is the one that the log names, to the byte.
pub(crate) fn compare(act: &Act) -> Result<(), String> {
    for (hash, text) in act.brought() {
        if digest::hex(text.as_bytes()) != hash {
            return Err(format!("the text kept as {hash} is another one"));
        }
    }
    Ok(())
}

/// A text that is too long is not kept. How long it is changes no outcome, so this is no rule of the engine's.
pub(crate) fn fits(state: &State, act: &Act) -> Result<(), Refusal> {
    let most = match act {
        Act::ProposeDocument(act) if !holds_rules(state, &act.decision) => MAX_TEXT,
        _ => MAX_RULES,
    };
    let Some((_, text)) = act.brought().find(|(_, text)| text.len() > most) else {
        return Ok(());
    };
    let why = format!("this text has {} bytes", text.len());
    let instead = format!("a text of this kind has at most {most}");
    Err(Refusal::new(Rule::TooMany, why, instead))
}

/// How many bytes of texts each member brought on the day of the last one. In memory only: like the longest text it changes no
/// outcome, and a server that starts again begins to count anew.
#[derive(Clone, Debug, Default)]
pub(crate) struct Brought {
    day: i64,
    bytes: BTreeMap<Pseudonym, usize>,
}

impl Brought {
    /// Refuses texts that are more than a member may bring on a day.
    pub(crate) fn fits(&self, act: &Act, actor: Actor, time: Moment) -> Result<(), Refusal> {
        let (bytes, had) = (length(act), self.had(actor, time));
        if bytes == 0 || had.saturating_add(bytes) <= MAX_A_DAY {
            return Ok(());
        }
        let why = format!("you brought texts of {had} bytes today, and these are {bytes}");
        let instead = format!("a member brings at most {MAX_A_DAY} a day: go on tomorrow");
        Err(Refusal::new(Rule::TooMany, why, instead))
    }

    /// An act was accepted.
    pub(crate) fn note(&mut self, act: &Act, actor: Actor, time: Moment) {
        let (Actor::Member(who), bytes) = (actor, length(act)) else {
            return;
        };
        if bytes == 0 {
            return;
        }
        let had = self.had(actor, time);
        if self.day != day(time) {
            (self.day, self.bytes) = (day(time), BTreeMap::new());
        }
        self.bytes.insert(who, had.saturating_add(bytes));
    }

    fn had(&self, actor: Actor, time: Moment) -> usize {
        let Actor::Member(who) = actor else {
            return 0;
        };
        let today = self.bytes.get(&who).filter(|_| self.day == day(time));
        today.copied().unwrap_or(0)
    }
}

fn day(time: Moment) -> i64 {
    time.0.div_euclid(DAY_US)
}

/// Of all texts that an act brings along, bytes.
fn length(act: &Act) -> usize {
    act.brought().map(|(_, text)| text.len()).sum()
}

/// Whether documents of this decision are rules: the kernel, the constitution, and the constitutions inside it.
#[must_use]
pub fn holds_rules(state: &State, decision: &str) -> bool {
    let known = || state.decision(decision);
    decision == engine::rules::amendment::KERNEL || known().is_some_and(|known| known.holds_rules)
}

/// The text beside a log with this hash, if it is kept.
pub(crate) fn kept_text(store: &mut dyn Store, coop: &str, hash: &str) -> Result<Option<String>, Error> {
    let text = store.get(coop, "document", hash.as_bytes())?;
    Ok(text.map(|text| String::from_utf8_lossy(&text).into_owned()))
}

/// Returns a look at the texts beside a log, each read when it is asked for: on a handle of its own, since the log is read
/// meanwhile.
pub(crate) fn texts_of(store: &dyn Store, coop: &str) -> impl FnMut(&str) -> Result<Option<String>, Error> + use<> {
    let (readers, coop) = (store.readers(), coop.to_owned());
    let mut opened: Option<Box<dyn Store>> = None;
    move |hash: &str| {
        let store = match &mut opened {
            Some(store) => store,
            None => opened.insert(readers.open()?),
        };
        kept_text(&mut **store, &coop, hash)
    }
}

/// Every document beside a log, by hash.
pub(crate) fn stored_documents(store: &mut dyn Store, coop: &str) -> Result<BTreeMap<String, String>, Error> {
    let mut documents = BTreeMap::new();
    store.scan(coop, "document", &mut |name, text| {
        documents.insert(String::from_utf8_lossy(name).into_owned(), String::from_utf8_lossy(text).into_owned());
        ControlFlow::Continue(())
    })?;
    Ok(documents)
}
