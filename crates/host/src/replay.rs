//! A log replayed: entry by entry through the engine, each update's hash compared with what is computed now.

use charter::Rules;
use engine::act::Act;
use engine::{Context, Outcome, State, digest};
use quantity::Moment;
use rochdale_log::{Broken, ChainCheck, Entry, Head, Store};
use std::ops::ControlFlow;
use views::History;

use crate::codec::{read_actor, read_body};
use crate::error::Error;
use crate::founding::Charter;

/// The first entry that is wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {why}")]
pub struct Wrong {
    /// Its place in the log.
    pub seq: u64,
    /// What is wrong with it.
    pub why: String,
}

/// A state being rebuilt from entries.
pub struct Replay<'a> {
    chain: ChainCheck,
    state: Option<State>,
    history: History,
    documents: &'a mut dyn FnMut(&str) -> Result<Option<String>, Error>,
    threads: usize,
}

impl std::fmt::Debug for Replay<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replay")
            .field("chain", &self.chain)
            .finish_non_exhaustive()
    }
}

impl<'a> Replay<'a> {
    /// Begins before the first entry of `coop`. `documents` gives the text with a SHA-256.
    pub fn new(
        coop: &str,
        threads: usize,
        documents: &'a mut dyn FnMut(&str) -> Result<Option<String>, Error>,
    ) -> Self {
        Replay {
            chain: ChainCheck::new(coop),
            state: None,
            history: History::default(),
            documents,
            threads,
        }
    }

    /// Where the replay stands.
    #[must_use]
    pub fn head(&self) -> Head {
        self.chain.head()
    }

    /// What the log added up to so far; `None` before the first entry.
    #[must_use]
    pub fn finish(self) -> Option<(State, History, Head)> {
        let head = self.chain.head();
        Some((self.state?, self.history, head))
    }

    /// Takes the next entry.
    ///
    /// # Errors
    /// [`Error::Wrong`] names the entry that is wrong.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let chain = &mut self.chain;
        let entry = match chain.accept(bytes) {
            Ok(entry) => entry,
            Err(broken) => {
                let Broken { seq, why } = chain.settle(broken, bytes, None);
                return Err(Wrong {
                    seq,
                    why: why.to_string(),
                }
                .into());
            }
        };
        let (seq, time) = (entry.seq, Moment(entry.time_us));
        let wrong = |why: String| Error::Wrong(Wrong { seq, why });
        let act =
            read_body(&entry.kind, entry.body).map_err(|misread| wrong(misread.to_string()))?;
        let Some(state) = &mut self.state else {
            self.state = Some(found(&entry, act, time, self.documents)?);
            return Ok(());
        };
        if entry.rules.to_string() != rules_hash(state) {
            return Err(wrong("it names other rules than those in force".to_owned()));
        }
        match &act {
            Act::Update(told) => {
                let outcomes = engine::update(state, told.moment, self.threads)
                    .map_err(|no| wrong(no.to_string()))?;
                compare(
                    state,
                    &outcomes,
                    &told.state,
                    told.outcomes,
                    &told.published,
                )
                .map_err(wrong)?;
                self.history.note(state, &outcomes);
            }
            Act::Change(told) => {
                let outcomes =
                    engine::change(state, told.moment).map_err(|no| wrong(no.to_string()))?;
                compare(
                    state,
                    &outcomes,
                    &told.state,
                    told.outcomes,
                    &told.published,
                )
                .map_err(wrong)?;
                self.history.note(state, &outcomes);
            }
            act => {
                if let Act::BookEntry(entry) = act {
                    self.history.note_booking(seq, entry);
                }
                let actor =
                    read_actor(&entry.actor).map_err(|misread| wrong(misread.to_string()))?;
                if act.authority(actor) != Some(&*entry.authority) {
                    return Err(wrong(format!(
                        "`{}` is not the authority of this act",
                        entry.authority
                    )));
                }
                engine::apply(state, act, &Context { time, actor })
                    .map_err(|no| wrong(no.to_string()))?;
            }
        }
        if state.time != time {
            return Err(wrong(
                "its time is not the instant that it counts".to_owned(),
            ));
        }
        Ok(())
    }
}

fn found(
    entry: &Entry<'_>,
    act: Act,
    time: Moment,
    documents: &mut dyn FnMut(&str) -> Result<Option<String>, Error>,
) -> Result<State, Error> {
    let wrong = |why: String| {
        Error::Wrong(Wrong {
            seq: entry.seq,
            why,
        })
    };
    let Act::Found(act) = act else {
        return Err(wrong("a log begins with `found`".to_owned()));
    };
    let mut text = |hash: &str| {
        documents(hash)?.ok_or_else(|| wrong(format!("the document {hash} is missing")))
    };
    let charter = Charter::read(text(&act.kernel)?, text(&act.constitution)?)?;
    for (name, given, told) in [
        ("kernel", &charter.kernel, &act.kernel),
        ("constitution", &charter.constitution, &act.constitution),
    ] {
        if digest::hex(given.as_bytes()) != *told {
            return Err(wrong(format!(
                "the {name}'s text is not the one that was founded on"
            )));
        }
    }
    let state = State::found(charter.rules, act, time);
    if entry.rules.to_string() != rules_hash(&state) {
        return Err(wrong("it names other rules than those in force".to_owned()));
    }
    Ok(state)
}

/// What an update publishes: its outcomes, a line each.
pub(crate) fn published(outcomes: &[Outcome]) -> String {
    let mut lines = String::new();
    for outcome in outcomes {
        lines.push_str(&outcome.to_string());
        lines.push('\n');
    }
    digest::hex(lines.as_bytes())
}

/// The rules in force as entries name them: SHA-256 over both documents' hashes.
pub(crate) fn rules_hash(state: &State) -> String {
    let act = &state.founding.act;
    digest::hex(format!("{}\n{}\n", act.kernel, act.constitution).as_bytes())
}

fn compare(
    state: &State,
    outcomes: &[Outcome],
    hash: &str,
    count: u64,
    told: &str,
) -> Result<(), String> {
    let computed = state.hash();
    if computed != hash {
        return Err(format!(
            "the state after it has the hash {computed}, and the entry says {hash}"
        ));
    }
    if u64::try_from(outcomes.len()).ok() != Some(count) || published(outcomes) != told {
        return Err("it published other outcomes than it had".to_owned());
    }
    Ok(())
}

/// The state as the log stood at `at`: entries with a later time are left out. `None` before the founding.
///
/// # Errors
/// A fault of the store or the first wrong entry.
pub fn state_at(
    store: &mut dyn Store,
    coop: &str,
    at: Moment,
    threads: usize,
) -> Result<Option<(State, History, Head)>, Error> {
    let rules = stored_documents(store, coop)?;
    let mut documents = |hash: &str| {
        Ok(rules
            .iter()
            .find(|(known, _)| known == hash)
            .map(|(_, text)| text.clone()))
    };
    let mut replay = Replay::new(coop, threads, &mut documents);
    let mut failed = None;
    store.read(coop, 1, &mut |_, bytes| {
        if rochdale_log::decode(bytes).is_ok_and(|entry| entry.time_us > at.0) {
            return ControlFlow::Break(());
        }
        match replay.feed(bytes) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(replay.finish()),
    }
}

/// Every document beside a log, by hash. Few and small: rules, and what elections are about.
pub(crate) fn stored_documents(
    store: &mut dyn Store,
    coop: &str,
) -> Result<Vec<(String, String)>, Error> {
    let mut documents = Vec::new();
    store.scan(coop, "document", &mut |name, text| {
        documents.push((
            String::from_utf8_lossy(name).into_owned(),
            String::from_utf8_lossy(text).into_owned(),
        ));
        ControlFlow::Continue(())
    })?;
    Ok(documents)
}

/// Rules as the founding entry will bind them.
pub(crate) fn founding_act(charter: &Charter, demonstration: bool) -> (Rules, engine::act::Found) {
    let act = engine::act::Found {
        kernel: digest::hex(charter.kernel.as_bytes()),
        constitution: digest::hex(charter.constitution.as_bytes()),
        demonstration,
    };
    (charter.rules.clone(), act)
}
