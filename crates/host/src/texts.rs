//! Texts that stand beside the log: an act holds a text's hash, and whoever hands it to the engine attaches the text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use engine::act::Act;
use engine::{Refusal, Rule, State, digest};
use rochdale_log::Store;

use crate::error::Error;

/// The longest text that holds rules, bytes.
pub const MAX_RULES: usize = 1_048_576;
/// The longest text that holds none, bytes.
pub const MAX_TEXT: usize = 65_536;

/// Gives the text with a SHA-256, if there is one.
pub(crate) type Documents<'a> = dyn FnMut(&str) -> Result<Option<String>, Error> + 'a;

/// The texts that an act names by their hash.
fn texts(act: &mut Act) -> Vec<(&str, &mut Option<Arc<str>>)> {
    match act {
        Act::ProposeDocument(act) => vec![(&act.document, &mut act.text)],
        _ => Vec::new(),
    }
}

/// The text that an act brings along, with its hash.
pub(crate) fn brought(act: &Act) -> Option<(&str, &Arc<str>)> {
    match act {
        Act::ProposeDocument(act) => Some((&act.document, act.text.as_ref()?)),
        _ => None,
    }
}

/// The act with the texts that it names, where they are known: the engine says which ones it cannot do without.
pub(crate) fn with_texts<'a>(
    act: &'a Act,
    documents: &mut Documents<'_>,
) -> Result<Cow<'a, Act>, Error> {
    if !matches!(act, Act::ProposeDocument(_)) {
        return Ok(Cow::Borrowed(act));
    }
    let mut act = act.clone();
    for (hash, text) in texts(&mut act) {
        if text.is_none() {
            *text = documents(hash)?.map(Arc::from);
        }
    }
    Ok(Cow::Owned(act))
}

/// A text beside the log is the one that the log names, to the byte.
pub(crate) fn compare(act: &Act) -> Result<(), String> {
    match brought(act) {
        Some((hash, text)) if digest::hex(text.as_bytes()) != hash => {
            Err(format!("the text kept as {hash} is another one"))
        }
        _ => Ok(()),
    }
}

/// A text that is too long is not kept. How long it is changes no outcome, so this is no rule of the engine's.
pub(crate) fn fits(state: &State, act: &Act) -> Result<(), Refusal> {
    let (Act::ProposeDocument(proposal), Some((_, text))) = (act, brought(act)) else {
        return Ok(());
    };
    let decision = &proposal.decision;
    let most = match holds_rules(state, decision) {
        true => MAX_RULES,
        false => MAX_TEXT,
    };
    if text.len() <= most {
        return Ok(());
    }
    let why = format!("this text has {} bytes", text.len());
    let instead = format!("a text for `{decision}` has at most {most}");
    Err(Refusal::new(Rule::TooMany, why, instead))
}

/// Whether documents of this decision are rules: the kernel, the constitution, and the constitutions inside it.
#[must_use]
pub fn holds_rules(state: &State, decision: &str) -> bool {
    let known = || state.decision(decision);
    decision == engine::amendment::KERNEL || known().is_some_and(|known| known.holds_rules)
}

/// Every document beside a log, by hash.
pub(crate) fn stored_documents(
    store: &mut dyn Store,
    coop: &str,
) -> Result<BTreeMap<String, String>, Error> {
    let mut documents = BTreeMap::new();
    store.scan(coop, "document", &mut |name, text| {
        documents.insert(
            String::from_utf8_lossy(name).into_owned(),
            String::from_utf8_lossy(text).into_owned(),
        );
        ControlFlow::Continue(())
    })?;
    Ok(documents)
}
