//! The texts that an editor has open, and the answers about each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use charter::{Diagnostic, Edition, Explained, Kernel, WordKind, is_kernel, read_constitution, read_kernel_under};
use serde_json::{Value, json};

use super::place::{byte_of, range_of};
use crate::commands::document::{Severity, lsp};

/// The most texts kept.
const MOST_TEXTS: usize = 256;
/// The longest text kept, bytes: nothing longer can be rules.
const LONGEST_TEXT: usize = 1_048_576;
/// The name of a kernel's file in a co-op's folder.
const KERNEL: &str = "kernel.md";

/// Open texts by their URI.
#[derive(Debug, Default)]
pub(super) struct Texts {
    open: BTreeMap<String, String>,
}

impl Texts {
    /// Keeps a text; the URIs of the texts whose mistakes may be others now.
    ///
    /// # Errors
    /// Why it is not kept, as the one thing to tell of it.
    pub(super) fn keep(&mut self, uri: &str, text: &str) -> Result<Vec<String>, Value> {
        let why = if text.len() > LONGEST_TEXT {
            Some(format!("this text has more than {LONGEST_TEXT} bytes: it is not checked"))
        } else if self.open.len() >= MOST_TEXTS && !self.open.contains_key(uri) {
            Some(format!("{MOST_TEXTS} texts are open, and that is the most: this one is not checked"))
        } else {
            None
        };
        if let Some(why) = why {
            self.forget(uri);
            return Err(about_the_whole("", &why));
        }
        self.open.insert(uri.to_owned(), text.to_owned());
        let beside = |other: &&String| kernel_beside(other) == uri && *other != uri;
        let touched = self.open.keys().filter(beside).cloned();
        Ok(std::iter::once(uri.to_owned()).chain(touched).collect())
    }

    pub(super) fn forget(&mut self, uri: &str) {
        self.open.remove(uri);
    }

    /// Returns every mistake and note, as the protocol has them.
    pub(super) fn mistakes(&self, uri: &str) -> Vec<Value> {
        let Some(text) = self.open.get(uri) else {
            return Vec::new();
        };
        let told = |mistakes: Vec<Diagnostic>, severity| lsp(&mistakes, text, severity);
        if is_kernel(text) {
            return match read_kernel_under(text, edition_of(uri)) {
                Ok(kernel) => told(kernel.notes, Severity::Note),
                Err(mistakes) => told(mistakes, Severity::Mistake),
            };
        }
        match self.kernel_of(uri) {
            Ok(kernel) => match read_constitution(text, &kernel) {
                Ok(constitution) => told(constitution.notes, Severity::Note),
                Err(mistakes) => told(mistakes, Severity::Mistake),
            },
            Err(why) => vec![about_the_whole(text, &why)],
        }
    }

    /// Returns the meaning of the word here; for a clause, its meaning in plain English.
    pub(super) fn hover(&self, uri: &str, place: &Value) -> Option<Value> {
        let text = self.open.get(uri)?;
        let found = charter::hover(text, byte_of(text, place))?;
        let explained = found.clause.and_then(|name| self.explained(uri, text, &name));
        let clause = explained.map(|explained| explained.sentences.join(" "));
        let about = match clause {
            Some(clause) if found.about.is_empty() => clause,
            Some(clause) => format!("{}\n\n{clause}", sentence(&found.about)),
            None => sentence(&found.about),
        };
        (!about.is_empty()).then(|| {
            json!({
                "contents": { "kind": "plaintext", "value": about },
                "range": range_of(text, &found.at),
            })
        })
    }

    /// Returns the words that fit here.
    pub(super) fn complete(&self, uri: &str, place: &Value) -> Option<Value> {
        let text = self.open.get(uri)?;
        let kernel = (!is_kernel(text)).then(|| self.kernel_of(uri).ok()).flatten();
        let found = charter::complete(text, byte_of(text, place), kernel.as_ref(), edition_of(uri));
        let range = range_of(text, &found.replaces);
        let item = |suggestion: charter::Suggestion| {
            json!({
                "label": suggestion.word,
                "kind": kind(suggestion.is),
                "detail": suggestion.about,
                "textEdit": { "range": range, "newText": suggestion.word },
            })
        };
        Some(found.words.into_iter().map(item).collect())
    }

    /// Returns the one layout, as one change of the whole text; nothing where the text has it or cannot be read.
    pub(super) fn format(&self, uri: &str) -> Option<Value> {
        let text = self.open.get(uri)?;
        let formatted = charter::format(text).ok()?;
        let whole = range_of(text, &(0..text.len()));
        (formatted != *text).then(|| json!([{ "range": whole, "newText": formatted }]))
    }

    fn explained(&self, uri: &str, text: &str, name: &str) -> Option<Explained> {
        let all = if is_kernel(text) {
            charter::explain_kernel(&read_kernel_under(text, edition_of(uri)).ok()?, None)
        } else {
            let kernel = self.kernel_of(uri).ok()?;
            let constitution = read_constitution(text, &kernel).ok()?;
            charter::explain_constitution(&constitution, &kernel, None)
        };
        all.into_iter().find(|explained| explained.name == name)
    }

    /// Returns the kernel beside a constitution: as it is open in the editor, or else on the disk.
    fn kernel_of(&self, uri: &str) -> Result<Kernel, String> {
        let beside = kernel_beside(uri);
        let text = match self.open.get(&beside) {
            Some(text) => text.clone(),
            None => {
                let path = path_of(&beside).ok_or("this text is no file: its kernel is not known")?;
                std::fs::read_to_string(&path).map_err(|_| {
                    format!("a constitution is checked against its kernel, and there is no {KERNEL} beside it")
                })?
            }
        };
        read_kernel_under(&text, edition_of(uri)).map_err(|mistakes| {
            let first = mistakes.first().map(ToString::to_string);
            format!("{KERNEL} has mistakes; the first: {}", first.unwrap_or_default())
        })
    }
}

/// Returns a mistake that is none of the text's own.
fn about_the_whole(text: &str, why: &str) -> Value {
    json!({
        "range": range_of(text, &(0..0)),
        "severity": 1,
        "source": "rochdale",
        "message": why,
    })
}

/// Returns the edition of the co-op in the same folder, as `rochdale check` does; that of new co-ops where there is none to read.
fn edition_of(uri: &str) -> Edition {
    let folder = path_of(uri).and_then(|path| Some(path.parent()?.to_owned()));
    let known = folder.and_then(|folder| host::edition_of_folder(&folder).ok().flatten());
    known.unwrap_or(Edition::USUAL)
}

/// Returns the URI of the kernel in the same folder.
fn kernel_beside(uri: &str) -> String {
    let folder = uri.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/{KERNEL}")
}

/// Returns the path of a `file` URI.
fn path_of(uri: &str) -> Option<PathBuf> {
    let written = uri.strip_prefix("file://")?;
    let written = written.get(written.find('/')?..)?;
    let mut bytes = Vec::new();
    let mut rest = written.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// Returns the protocol's number for a kind of word.
fn kind(is: WordKind) -> u8 {
    match is {
        WordKind::Clause => 14,
        WordKind::Field => 5,
        WordKind::Function => 3,
        WordKind::Value => 12,
        WordKind::Name => 6,
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    match words {
        "" => String::new(),
        _ => format!("{first}{}.", letters.as_str()),
    }
}
