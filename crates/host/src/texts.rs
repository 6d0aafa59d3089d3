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
        Act::AnnounceFork(act) => vec![
            (&act.kernel, &mut act.kernel_text),
            (&act.constitution, &mut act.constitution_text),
        ],
        _ => Vec::new(),
    }
}

/// The texts that an act brings along, each with its hash.
pub(crate) fn brought(act: &Act) -> impl Iterator<Item = (&str, &Arc<str>)> {
    let pairs = match act {
        Act::ProposeDocument(act) => [Some((&*act.document, &act.text)), None],
        Act::AnnounceFork(act) => [
            Some((&*act.kernel, &act.kernel_text)),
            Some((&*act.constitution, &act.constitution_text)),
        ],
        _ => [None, None],
    };
    let pairs = pairs.into_iter().flatten();
    pairs.filter_map(|(hash, text)| Some((hash, text.as_ref()?)))
}

/// The act with the texts that it names, where they are known: the engine says which ones it cannot do without.
pub(crate) fn with_texts<'a>(
    act: &'a Act,
    documents: &mut Documents<'_>,
) -> Result<Cow<'a, Act>, Error> {
    if !matches!(act, Act::ProposeDocument(_) | Act::AnnounceFork(_)) {
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
    for (hash, text) in brought(act) {
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
    let Some((_, text)) = brought(act).find(|(_, text)| text.len() > most) else {
        return Ok(());
    };
    let why = format!("this text has {} bytes", text.len());
    let instead = format!("a text of this kind has at most {most}");
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
