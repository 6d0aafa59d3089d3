//! Trusting nobody: a whole log replayed and compared, from a data file or from an exported file.

mod beside;
mod files;
mod grades;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::ops::ControlFlow;
use std::path::Path;

use engine::{Edition, State};
use quantity::Moment;
use rochdale_log::{Broken, ChainAudit, Head, Line, Memory, Store, decode, hash_entry, read_line, verify_chain};

use self::grades::Grading;
use crate::codec::is_at_the_desk;
use crate::device::Standing;
use crate::edition::check_claims;
use crate::error::Error;
use crate::follow::{EachBytes, Entries, Reader, follow, stored, walk};
use crate::history::History;
use crate::replay::{Replay, Wrong};
use crate::stored::Shelf;
use crate::texts::stored_documents;

pub use beside::OperatorsWord;
pub use grades::{Enrolled, Grades, Placed, Trusted};

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
    /// How much is the operator's word: acts in the log, and for a data file what beside it is not bound by it.
    #[serde(skip_serializing_if = "OperatorsWord::is_nothing")]
    pub operators_word: OperatorsWord,
    /// The grades of acts in members' names; nothing where no device ever was.
    #[serde(skip_serializing_if = "Grades::is_nothing")]
    pub grades: Grades,
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

/// Verifies the co-op of a store: form, chain, keys, each act against the rules, each update's state and outcomes; and everything
/// beside the log that it binds.
///
/// # Errors
/// [`Error::Wrong`] names the first entry that is wrong.
pub fn verify_store(store: &mut dyn Store, threads: usize) -> Result<Vec<Verified>, Error> {
    Ok(replay_store(store, threads)?.into_iter().map(|(verified, _)| verified).collect())
}

/// Verifies a copy of the co-op in `folder`: from the newest stored snapshot on, since the entries before it were verified when it
/// was stored; all of it where there is none. Returns how many entries the copy has, and the last that was not read again.
///
/// # Errors
/// As [`verify_store`].
pub fn verify_copy(store: &mut dyn Store, folder: &Path, threads: usize) -> Result<(u64, u64), Error> {
    let (mut entries, mut before) = (0, 0);
    let shelf = Shelf::of(folder);
    for coop in store.coops()? {
        let Some(taken) = shelf.take(store, &coop) else {
            return Ok((verify_store(store, threads)?.iter().map(|log| log.entries).sum(), 0));
        };
        store.check()?;
        let (told, head) = (store.head(&coop)?, taken.image.head);
        let found = follow(store, &coop, Some((taken.state, taken.history, head)), Moment(i64::MAX), threads)?;
        if found.map(|(_, _, head)| head) != Some(told) {
            return Err(Wrong { seq: told.seq, why: "the log does not end with it".to_owned() }.into());
        }
        (entries, before) = (entries + told.seq, before + head.seq);
    }
    Ok((entries, before))
}

/// As [`verify_store`], with the states; `None` for a log without entries.
pub(crate) fn replay_store(store: &mut dyn Store, threads: usize) -> Result<Vec<(Verified, Option<State>)>, Error> {
    store.check()?;
    let mut verified = Vec::new();
    let coops = store.coops()?;
    one_log(&coops)?;
    for coop in coops {
        let end = store.head(&coop)?;
        let texts = stored_documents(store, &coop)?;
        let mut reader = Reader::noting_keys(&coop);
        let mut told = Told::default();
        let replayed = replay_all(&mut reader, &mut stored(store, &coop, 1), &texts, threads, &mut told);
        let replayed = replayed.and_then(|found| reader.finish(&end).map(|()| found).map_err(Error::from));
        let found = match replayed {
            Ok(found) => found,
            Err(error) => {
                // Only the chain alone is read one entry further, to find which of two is wrong.
                let chain = verify_chain(store, &coop)?;
                let chain = chain.map_err(|Broken { seq, why }| Wrong { seq, why: why.to_string() });
                let error = chain.err().map_or(error, Error::from);
                return Err(first_of(error, reader, &mut stored(store, &coop, 1)));
            }
        };
        if let Some(twice) = reader.into_keys().twice(&mut stored(store, &coop, 1))? {
            return Err(twice.into());
        }
        let Some((state, _, head)) = found else {
            verified.push((Verified::of_nothing(coop), None));
            continue;
        };
        check_claims(store, &coop, &state, threads)?;
        let operators_word = OperatorsWord { acts: told.acts, ..beside::compare(store, &coop, &state, &texts)? };
        let grades = told.grading.finish(&coop, &state);
        verified.push((Verified { operators_word, grades, ..Verified::of(coop, head, &state)? }, Some(state)));
    }
    Ok(verified)
}

/// A data file holds one co-op: of several, a start would take one that somebody else has planted.
pub(crate) fn one_log(coops: &[String]) -> Result<(), Error> {
    match coops {
        [first, second, ..] => Err(Error::Usage(format!(
            "the data file holds the logs of {first} and {second}, and a co-op has a file of its own: restore a backup of it"
        ))),
        _ => Ok(()),
    }
}

impl Verified {
    fn of(coop: String, head: Head, state: &State) -> Result<Verified, Wrong> {
        Ok(Verified {
            coop,
            entries: head.seq,
            updates: state.updates,
            head: head.hash.to_string(),
            state: state.hash(),
            edition: state.editions.current.number(),
            forked_from: forked_from(state)?,
            operators_word: OperatorsWord::default(),
            grades: Grades::default(),
        })
    }

    fn of_nothing(coop: String) -> Verified {
        let head = Head::default().hash.to_string();
        let (entries, updates, state, edition) = (0, 0, String::new(), Edition::ONE.number());
        let operators_word = OperatorsWord::default();
        let grades = Grades::default();
        Verified { coop, entries, updates, head, state, edition, forked_from: None, operators_word, grades }
    }
}

/// Told by a log beside its state.
#[derive(Debug, Default)]
struct Told {
    /// Acts that the operator handed in for a member.
    acts: u64,
    grading: Grading,
}

/// Replays a whole log.
fn replay_all(
    reader: &mut Reader,
    entries: &mut Entries<'_>,
    texts: &BTreeMap<String, String>,
    threads: usize,
    told: &mut Told,
) -> Result<Option<(State, History, Head)>, Error> {
    let mut documents = |hash: &str| Ok(texts.get(hash).cloned());
    let mut replay = Replay::new(threads, &mut documents);
    walk(reader, entries, Moment(i64::MAX), &mut |entry| {
        told.acts += u64::from(is_at_the_desk(&entry.authority));
        replay.carry_out(entry)?;
        told.grading.note(entry);
        Ok(())
    })?;
    Ok(replay.finish())
}

/// A key that an earlier entry has comes first where it comes before the entry that is wrong otherwise.
fn first_of(error: Error, reader: Reader, entries: &mut Entries<'_>) -> Error {
    match (reader.into_keys().twice(entries), &error) {
        (Ok(Some(twice)), Error::Wrong(wrong)) if twice.seq < wrong.seq => twice.into(),
        _ => error,
    }
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
    let (coop, documents) = outline(path)?;
    let mut reader = Reader::noting_keys(&coop);
    let mut told = Told::default();
    let (state, head) = match replay_all(&mut reader, &mut filed(path), &documents, threads, &mut told) {
        Ok(Some((state, _, head))) => (state, head),
        Ok(None) => return Err(Error::Usage(format!("`{}` holds no entry", path.display()))),
        Err(error) => return Err(first_of(audit(path, &coop).err().unwrap_or(error), reader, &mut filed(path))),
    };
    if let Some(twice) = reader.into_keys().twice(&mut filed(path))? {
        return Err(twice.into());
    }
    if state.editions.current != state.founding.act.edition || state.editions.announced.is_some() {
        check_claims(&mut in_memory(path, &coop, head)?, &coop, &state, threads)?;
    }
    let operators_word = OperatorsWord { acts: told.acts, ..OperatorsWord::default() };
    let grades = told.grading.finish(&coop, &state);
    Ok((Verified { operators_word, grades, ..Verified::of(coop, head, &state)? }, state, documents))
}

/// The end of an exported log, verified.
pub(crate) fn standing_of_file(path: &Path) -> Result<Standing, Error> {
    let (told, state, _) = replay_file(path, 2)?;
    let (mut first, mut last) = (None, Head::default());
    filed(path)(&mut |bytes| {
        if let Ok(entry) = decode(bytes) {
            last = Head { seq: entry.seq, hash: hash_entry(bytes), time_us: entry.time_us };
            first.get_or_insert(last.hash);
        }
        ControlFlow::Continue(())
    })?;
    Ok(Standing::of(state, told.coop, first.unwrap_or_default(), last))
}

/// The entries of an exported log.
pub(crate) fn filed(path: &Path) -> impl FnMut(EachBytes<'_>) -> Result<(), Error> + Send + '_ {
    |each| {
        each_line(path, &mut |line| {
            Ok(match line {
                Line::Entry(bytes) => each(bytes),
                Line::Document { .. } => ControlFlow::Continue(()),
            })
        })
    }
}

/// An exported log in a store, to be replayed from there.
pub(crate) fn in_memory(path: &Path, coop: &str, head: Head) -> Result<Memory, Error> {
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

/// The co-op's id and the documents of an exported log. Each document stands there once, before the first entry that needs it;
/// entries after the first are not looked at otherwise.
pub(crate) fn outline(path: &Path) -> Result<(String, BTreeMap<String, String>), Error> {
    let mut documents = BTreeMap::new();
    let mut lines = BTreeMap::new();
    let (mut late, mut coop) = (BTreeMap::new(), None);
    each_numbered_line(path, &mut |number, line| {
        match line {
            Line::Document { hash, text } => {
                let hash = hash.to_string();
                if let Some(earlier) = lines.insert(hash.clone(), number) {
                    let twice = format!("line {number}: the document {hash} is in line {earlier} already");
                    return Err(Error::Usage(twice));
                }
                if coop.is_some() {
                    late.insert(hash.clone(), number);
                }
                documents.insert(hash, text);
            }
            Line::Entry(bytes) if coop.is_none() => {
                let first = decode(bytes).map_err(|bad| Error::Wrong(Wrong { seq: 1, why: bad.to_string() }))?;
                coop = Some(first.coop.into_owned());
            }
            Line::Entry(_) => {}
        }
        Ok(ControlFlow::Continue(()))
    })?;
    stand_before_need(path, &late)?;
    let none = || Error::Usage(format!("`{}` holds no entry", path.display()));
    Ok((coop.ok_or_else(none)?, documents))
}

/// No entry comes before a document that it names. `late` has the line of each document that has an entry before it.
fn stand_before_need(path: &Path, late: &BTreeMap<String, u64>) -> Result<(), Error> {
    if late.is_empty() {
        return Ok(());
    }
    let mut seq: u64 = 0;
    each_numbered_line(path, &mut |number, line| {
        let Line::Entry(bytes) = line else { return Ok(ControlFlow::Continue(())) };
        seq += 1;
        let named = bytes.split(|byte| *byte == b'"').filter_map(|part| std::str::from_utf8(part).ok());
        let after = named.filter_map(|part| late.get_key_value(part)).find(|(_, line)| **line > number);
        match after {
            Some((hash, line)) => {
                Err(Error::Usage(format!("line {line}: the document {hash} comes after entry {seq}, which needs it")))
            }
            None => Ok(ControlFlow::Continue(())),
        }
    })
}

/// The chain alone, which reads one entry further to find which of two is wrong.
fn audit(path: &Path, coop: &str) -> Result<(), Error> {
    let mut chain = ChainAudit::new(coop);
    filed(path)(&mut |bytes| chain.feed(bytes))?;
    chain.verdict(None).map_err(|Broken { seq, why }| Wrong { seq, why: why.to_string() })?;
    Ok(())
}

/// The longest line of an exported log: an entry, or a document with every character escaped.
const MAX_LINE: u64 = 8 * 1_048_576;

/// The treatment of a line: go on, stop, or fail.
pub(crate) type EachLine<'a> = dyn FnMut(Line<'_>) -> Result<ControlFlow<()>, Error> + 'a;

pub(crate) fn each_line(path: &Path, each: &mut EachLine<'_>) -> Result<(), Error> {
    each_numbered_line(path, &mut |_, line| each(line))
}

/// As [`EachLine`], with the line's number, from 1.
type EachNumberedLine<'a> = dyn FnMut(u64, Line<'_>) -> Result<ControlFlow<()>, Error> + 'a;

fn each_numbered_line(path: &Path, each: &mut EachNumberedLine<'_>) -> Result<(), Error> {
    let fail = |why| Error::File { path: path.display().to_string(), why };
    let mut lines = BufReader::new(File::open(path).map_err(fail)?);
    let (mut line, mut number, mut entries) = (Vec::new(), 0_u64, 0_u64);
    loop {
        line.clear();
        number += 1;
        if lines.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut line).map_err(fail)? == 0 {
            return Ok(());
        }
        if line.len() as u64 > MAX_LINE {
            return Err(Error::Usage(format!("line {number} is longer than {MAX_LINE} bytes")));
        }
        if line.pop_if(|last| *last == b'\n').is_none() {
            let why = format!("line {number} has no line end, and an exported log ends with one: its end is missing");
            let is_document = line.starts_with(b"{\"document\"");
            return Err(if is_document { Error::Usage(why) } else { Wrong { seq: entries + 1, why }.into() });
        }
        let read = read_line(&line).map_err(|bad| Error::Usage(format!("line {number}: {bad}")))?;
        entries += u64::from(matches!(read, Line::Entry(_)));
        if each(number, read)?.is_break() {
            return Ok(());
        }
    }
}

impl crate::Coop {
    /// Writes the whole log as lines, documents first, then every entry's exact bytes: the owner's own copy.
    ///
    /// # Errors
    /// A fault, or the file system's.
    pub fn export_log(&mut self, to: &mut dyn std::io::Write) -> Result<(), Error> {
        let documents = self.documents()?;
        self.export_until(u64::MAX, documents, to)
    }

    /// As [`Coop::export_log`](crate::Coop::export_log), up to the last update: the entries that are published, and the documents
    /// that they name.
    ///
    /// # Errors
    /// A fault, or the file system's.
    pub fn export_published(&mut self, to: &mut dyn std::io::Write) -> Result<(), Error> {
        let until = self.published();
        let mut documents: BTreeMap<String, String> = self.documents()?.into_iter().collect();
        let mut named = Vec::new();
        self.entries(1, &mut |seq, bytes| {
            if seq > until || documents.is_empty() {
                return ControlFlow::Break(());
            }
            for part in bytes.split(|byte| *byte == b'"').filter(|part| part.len() == 64) {
                let part = std::str::from_utf8(part).ok();
                named.extend(part.and_then(|part| documents.remove_entry(part)));
            }
            ControlFlow::Continue(())
        })?;
        named.sort_unstable();
        self.export_until(until, named, to)
    }

    fn export_until(
        &mut self,
        until: u64,
        documents: Vec<(String, String)>,
        to: &mut dyn std::io::Write,
    ) -> Result<(), Error> {
        let fail = |why| Error::File { path: "the exported log".to_owned(), why };
        let mut line = Vec::new();
        for (_, text) in documents {
            line.clear();
            rochdale_log::write_document(&text, &mut line);
            line.push(b'\n');
            to.write_all(&line).map_err(fail)?;
        }
        let mut failed = None;
        self.entries(1, &mut |seq, bytes| {
            if seq > until {
                return ControlFlow::Break(());
            }
            match to.write_all(bytes).and_then(|()| to.write_all(b"\n")) {
                Ok(()) => ControlFlow::Continue(()),
                Err(why) => {
                    failed = Some(why);
                    ControlFlow::Break(())
                }
            }
        })?;
        failed.map_or(Ok(()), |why| Err(fail(why)))
    }
}

#[cfg(test)]
pub(crate) mod tests;
