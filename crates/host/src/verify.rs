//! Trusting nobody: a whole log replayed and compared, from a data file or from an exported file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::ops::ControlFlow;
use std::path::Path;

use engine::{Edition, State};
use quantity::Moment;
use rochdale_log::{Broken, ChainAudit, Head, Line, Memory, Store, decode, read_line, verify_chain};

use crate::edition::check_claims;
use crate::error::Error;
use crate::replay::{Replay, Wrong, state_at};

/// A verified log.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// The co-op's id.
    pub coop: String,
    /// How many entries.
    pub entries: u64,
    /// How many updates were compared.
    pub updates: u64,
    /// Hash of the last entry, hex.
    pub head: String,
    /// Hash of the state, hex.
    pub state: String,
    /// The number of the edition under which it goes on; 1 for a log without entries.
    pub edition: u16,
    /// For a log that a fork has made: where it points to. The pointer was checked by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forked_from: Option<ForkedFrom>,
}

/// The entry of another log that a log goes on from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ForkedFrom {
    /// The old co-op's id.
    pub coop: String,
    /// The fork's name there.
    pub fork: String,
    /// The entry's place.
    pub entry: u64,
}

/// The checked pointer of a log that a fork has made.
fn forked_from(state: &State) -> Result<Option<ForkedFrom>, Wrong> {
    let Some(pointer) = &state.founding.act.forked_from else {
        return Ok(None);
    };
    crate::fork::alone(pointer).map_err(|why| Wrong { seq: 1, why })?;
    Ok(Some(ForkedFrom { coop: pointer.coop.clone(), fork: pointer.fork.clone(), entry: pointer.entry }))
}

/// Verifies every co-op of a store: form, chain, each act against the rules, each update's state and outcomes.
///
/// # Errors
/// [`Error::Wrong`] names the first entry that is wrong.
pub fn verify_store(store: &mut dyn Store, threads: usize) -> Result<Vec<Verified>, Error> {
    store.check()?;
    let mut verified = Vec::new();
    for coop in store.coops()? {
        let told = store.head(&coop)?;
        if let Err(Broken { seq, why }) = verify_chain(store, &coop)? {
            return Err(Wrong { seq, why: why.to_string() }.into());
        }
        let found = state_at(store, &coop, Moment(i64::MAX), threads)?;
        let head = found.as_ref().map_or_else(Default::default, |(_, _, head)| *head);
        if head != told {
            let why =
                format!("the log's head says {} entries and {} were found, or its hash is another", told.seq, head.seq);
            return Err(Wrong { seq: head.seq.min(told.seq).saturating_add(1), why }.into());
        }
        let state = found.map(|(state, _, _)| state);
        if let Some(state) = &state {
            check_claims(store, &coop, state, threads)?;
        }
        let forked_from = state.as_ref().map_or(Ok(None), forked_from)?;
        let edition = state.as_ref().map_or(Edition::ONE, |state| state.editions.current).number();
        let (updates, state) = state.map_or((0, String::new()), |state| (state.updates, state.hash()));
        let (entries, head) = (head.seq, head.hash.to_string());
        verified.push(Verified { coop, entries, updates, head, state, edition, forked_from });
    }
    Ok(verified)
}

/// Verifies an exported log.
///
/// # Errors
/// As [`verify_store`]; a line that is neither an entry nor a document is named by its number.
pub fn verify_file(path: &Path, threads: usize) -> Result<Verified, Error> {
    replay_file(path, threads).map(|(verified, _, _)| verified)
}

/// As [`verify_file`], with the state and the documents.
pub(crate) fn replay_file(path: &Path, threads: usize) -> Result<(Verified, State, BTreeMap<String, String>), Error> {
    let (coop, documents) = audit(path)?;
    let mut find = |hash: &str| Ok(documents.get(hash).cloned());
    let mut replay = Replay::new(&coop, threads, &mut find);
    each_line(path, &mut |line| match line {
        Line::Entry(bytes) => replay.feed(bytes).map(ControlFlow::Continue),
        Line::Document { .. } => Ok(ControlFlow::Continue(())),
    })?;
    let Some((state, _, head)) = replay.finish() else {
        return Err(Error::Usage(format!("`{}` holds no entry", path.display())));
    };
    if state.editions.current != state.founding.act.edition || state.editions.announced.is_some() {
        check_claims(&mut in_memory(path, &coop, head)?, &coop, &state, threads)?;
    }
    let verified = Verified {
        coop,
        entries: head.seq,
        updates: state.updates,
        head: head.hash.to_string(),
        state: state.hash(),
        edition: state.editions.current.number(),
        forked_from: forked_from(&state)?,
    };
    Ok((verified, state, documents))
}

/// An exported log in a store, to be replayed from there.
fn in_memory(path: &Path, coop: &str, head: Head) -> Result<Memory, Error> {
    let mut store = Memory::new();
    store.begin(coop, &Head::default())?;
    let mut seq = 0;
    each_line(path, &mut |line| {
        match line {
            Line::Document { hash, text } => store.put("document", hash.to_string().as_bytes(), text.as_bytes())?,
            Line::Entry(bytes) => {
                seq += 1;
                store.push(seq, "", bytes)?;
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    store.commit(&head)?;
    Ok(store)
}

/// The chain alone, which reads one entry further to find which of two is wrong; and the documents.
fn audit(path: &Path) -> Result<(String, BTreeMap<String, String>), Error> {
    let mut documents = BTreeMap::new();
    let mut audit: Option<(String, ChainAudit)> = None;
    each_line(path, &mut |line| match line {
        Line::Document { hash, text } => {
            documents.insert(hash.to_string(), text);
            Ok(ControlFlow::Continue(()))
        }
        Line::Entry(bytes) => {
            if audit.is_none() {
                let first = decode(bytes).map_err(|bad| Error::Wrong(Wrong { seq: 1, why: bad.to_string() }))?;
                audit = Some((first.coop.to_string(), ChainAudit::new(&first.coop)));
            }
            Ok(audit.as_mut().map_or(ControlFlow::Break(()), |(_, chain)| chain.feed(bytes)))
        }
    })?;
    let Some((coop, chain)) = audit else {
        return Err(Error::Usage(format!("`{}` holds no entry", path.display())));
    };
    chain.verdict(None).map_err(|Broken { seq, why }| Wrong { seq, why: why.to_string() })?;
    Ok((coop, documents))
}

/// The longest line of an exported log: an entry, or a document with every character escaped.
const MAX_LINE: u64 = 8 * 1_048_576;

/// The treatment of a line: go on, stop, or fail.
pub(crate) type EachLine<'a> = dyn FnMut(Line<'_>) -> Result<ControlFlow<()>, Error> + 'a;

pub(crate) fn each_line(path: &Path, each: &mut EachLine<'_>) -> Result<(), Error> {
    let fail = |why| Error::File { path: path.display().to_string(), why };
    let mut lines = BufReader::new(File::open(path).map_err(fail)?);
    let (mut line, mut number) = (Vec::new(), 0_u64);
    loop {
        line.clear();
        number += 1;
        if lines.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut line).map_err(fail)? == 0 {
            return Ok(());
        }
        if line.len() as u64 > MAX_LINE {
            return Err(Error::Usage(format!("line {number} is longer than {MAX_LINE} bytes")));
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        let read = read_line(&line).map_err(|bad| Error::Usage(format!("line {number}: {bad}")))?;
        if each(read)?.is_break() {
            return Ok(());
        }
    }
}

impl crate::Coop {
    /// Writes the log as lines: documents first, then every entry's exact bytes.
    ///
    /// # Errors
    /// A fault, or the file system's.
    pub fn export_log(&mut self, to: &mut dyn std::io::Write) -> Result<(), Error> {
        let fail = |why| Error::File { path: "the exported log".to_owned(), why };
        let mut line = Vec::new();
        for (_, text) in self.documents()? {
            line.clear();
            rochdale_log::write_document(&text, &mut line);
            line.push(b'\n');
            to.write_all(&line).map_err(fail)?;
        }
        let mut failed = None;
        self.entries(1, &mut |_, bytes| match to.write_all(bytes).and_then(|()| to.write_all(b"\n")) {
            Ok(()) => ControlFlow::Continue(()),
            Err(why) => {
                failed = Some(why);
                ControlFlow::Break(())
            }
        })?;
        failed.map_or(Ok(()), |why| Err(fail(why)))
    }
}

#[cfg(test)]
mod tests;
