//! Texts beside the log: an act holds a text's hash, and the caller who hands it to the engine attaches the text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use engine::act::Act;
use engine::digest;
use rochdale_log::Store;

use crate::error::Error;

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

/// The text beside a log with this hash, if it is kept.
pub(crate) fn kept_text(store: &mut dyn Store, coop: &str, hash: &str) -> Result<Option<String>, Error> {
    let text = store.get(coop, "document", hash.as_bytes())?;
    Ok(text.map(|text| String::from_utf8_lossy(&text).into_owned()))
}

/// The words of a booking, by its source in the form of the log; `None` where they are erased, or never were beside the log.
pub(crate) fn kept_narration(store: &mut dyn Store, coop: &str, source: &str) -> Result<Option<String>, Error> {
    let words = store.get(coop, "narration", source.as_bytes())?;
    Ok(words.map(|words| String::from_utf8_lossy(&words).into_owned()))
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
