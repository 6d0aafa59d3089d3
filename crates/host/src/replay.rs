//! A log replayed: entry by entry through the engine, each update's hash compared with what is computed now.

use engine::act::{Act, Found};
use engine::edition::{self, Edition, Status};
use engine::{Context, NotDone, Outcome, State, digest};
use quantity::Moment;
use rochdale_log::{Hash, Head};

use crate::device::can_be_signed;
use crate::error::Error;
use crate::follow::ReadEntry;
use crate::founding::Charter;
use crate::history::History;
use crate::texts::{self, Documents, with_texts};

/// The first entry that is wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {why}")]
pub struct Wrong {
    /// Its place in the log.
    pub seq: u64,
    /// The mistake in it.
    pub why: String,
}

/// A state being rebuilt from entries.
pub(crate) struct Replay<'a> {
    head: Head,
    state: Option<State>,
    history: History,
    documents: &'a mut Documents<'a>,
    threads: usize,
    /// As the entries name the rules in force.
    rules: Hash,
}

impl<'a> Replay<'a> {
    /// Begins before the first entry. `documents` gives the text with a SHA-256.
    pub(crate) fn new(threads: usize, documents: &'a mut Documents<'a>) -> Self {
        let (head, history) = (Head::default(), History::default());
        Replay { head, state: None, history, documents, threads, rules: Hash::ZERO }
    }

    /// Goes on from the state after an entry.
    pub(crate) fn resume(from: (State, History, Head), threads: usize, documents: &'a mut Documents<'a>) -> Self {
        let (state, history, head) = from;
        let rules = rules_in_force(&state);
        Replay { head, state: Some(state), history, documents, threads, rules }
    }

    /// Returns the state so far, and the head of the log; `None` before the first entry.
    pub(crate) fn finish(self) -> Option<(State, History, Head)> {
        Some((self.state?, self.history, self.head))
    }

    /// Returns the state so far; `None` before the first entry.
    pub(crate) fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// Takes the next entry that was read; what it brought about.
    pub(crate) fn carry_out(&mut self, entry: &ReadEntry) -> Result<Vec<Outcome>, Error> {
        let time = Moment(entry.head.time_us);
        let seq = entry.head.seq;
        let wrong = |why: String| Error::Wrong(Wrong { seq, why });
        // A log that was written by these rules holds nothing that they refuse.
        let not_done = |why: NotDone| match why {
            NotDone::Refused(no) => wrong(no.to_string()),
            NotDone::Broken(broken) => Error::Broken { entry: seq, broken },
        };
        let Some(state) = &mut self.state else {
            self.state = Some(found(entry, self.documents)?);
            self.rules = entry.rules;
            self.head = entry.head;
            return Ok(Vec::new());
        };
        has_form_of(entry, state.editions.current)?;
        // The rules are compared before the act, since an entry names those in force before it (spec/log.md).
        if entry.rules != self.rules {
            return Err(wrong(OTHER_RULES.to_owned()));
        }
        match &entry.act {
            Act::AnnounceEdition(act) => runs_under(seq, act.edition, act.open)?,
            Act::AdoptEdition(act) => runs_under(seq, act.edition, act.open)?,
            _ => {}
        }
        // Texts are kept beside the log, so their hashes are checked before the engine reads them.
        let act = with_texts(&entry.act, self.documents)?;
        texts::compare(&act).map_err(wrong)?;
        let outcomes = match &*act {
            Act::Update(told) => {
                let outcomes = engine::update(state, told.moment, self.threads).map_err(not_done)?;
                self.history.note_update(told.moment, &told.state, seq);
                let told = (&*told.state, told.outcomes, &*told.published);
                compare(state, &outcomes, told).map_err(wrong)?;
                self.history.note(state, &outcomes);
                self.rules = rules_in_force(state);
                outcomes
            }
            Act::Change(told) => {
                let outcomes = engine::change(state, told.moment).map_err(not_done)?;
                let told = (&*told.state, told.outcomes, &*told.published);
                compare(state, &outcomes, told).map_err(wrong)?;
                self.history.note(state, &outcomes);
                self.rules = rules_in_force(state);
                outcomes
            }
            act => {
                let context = context_of(entry, state, act)?;
                if state.authority(act, &context).as_deref() != Some(&*entry.authority) {
                    let why = format!("`{}` is not the authority of this act", entry.authority);
                    return Err(wrong(why));
                }
                let outcomes = engine::apply(state, act, &context).map_err(not_done)?;
                self.history.note_own(seq, act, state);
                if matches!(act, Act::AdoptEdition(_)) {
                    self.rules = rules_in_force(state);
                }
                outcomes
            }
        };
        if let Some(booking) = engine::book::booking(state, &act, time) {
            self.history.note_booking(seq, &booking);
        }
        if state.time != time {
            let why = "its time is not the instant that it counts";
            return Err(wrong(why.to_owned()));
        }
        self.head = entry.head;
        Ok(outcomes)
    }
}

/// Whether an entry has the version of the edition in force before it.
fn has_form_of(entry: &ReadEntry, edition: Edition) -> Result<(), Wrong> {
    let why = || Wrong { seq: entry.head.seq, why: OTHER_FORM.to_owned() };
    if entry.can_be_signed == can_be_signed(edition) { Ok(()) } else { Err(why()) }
}

/// The circumstances of an entry's act, its signature compared with the log.
fn context_of(entry: &ReadEntry, state: &State, act: &Act) -> Result<Context, Error> {
    let seq = entry.head.seq;
    let wrong = |why: String| Error::Wrong(Wrong { seq, why });
    let actor = entry.actor.clone().map_err(wrong)?;
    let signed = entry.signed.as_ref().map(|signed| signed.check(state, act)).transpose();
    let signed = signed.map_err(|no| wrong(no.to_string()))?;
    Ok(Context { entry: seq, signed, ..Context::of(actor, Moment(entry.head.time_us)) })
}

/// Whether this program can carry a log on under an edition. A log that does not call it open was written by a program that
/// knew it as closed.
fn runs_under(entry: u64, edition: Edition, open: bool) -> Result<(), Error> {
    match edition::status(edition) {
        Some(Status::Closed) => Ok(()),
        Some(Status::Open) if open => Ok(()),
        _ => Err(Error::NewerEdition { entry, edition: edition.number().into() }),
    }
}

const OTHER_FORM: &str = "its version is not the one of the edition in force";
const OTHER_RULES: &str = "it names other rules than those in force";

fn found(entry: &ReadEntry, documents: &mut Documents<'_>) -> Result<State, Error> {
    let seq = entry.head.seq;
    let wrong = |why: String| Error::Wrong(Wrong { seq, why });
    let Act::Found(act) = &entry.act else {
        return Err(wrong("a log begins with `found`".to_owned()));
    };
    let mut text = |hash: &str| {
        let missing = || wrong(format!("the document {hash} is missing"));
        documents(hash)?.ok_or_else(missing)
    };
    runs_under(seq, act.edition, act.open)?;
    has_form_of(entry, act.edition)?;
    if entry.signed.is_some() {
        return Err(wrong("a founding is signed by no device".to_owned()));
    }
    if act.open && act.edition == Edition::ONE {
        return Err(wrong("edition 1 is closed, and never called open".to_owned()));
    }
    let (kernel, constitution) = (text(&act.kernel)?, text(&act.constitution)?);
    for (name, given, told) in [("kernel", &kernel, &act.kernel), ("constitution", &constitution, &act.constitution)] {
        if digest::hex(given.as_bytes()) != *told {
            let why = format!("the {name}'s text is not the one that was founded on");
            return Err(wrong(why));
        }
    }
    let charter = Charter::read_under(kernel, constitution, act.edition)?;
    let time = Moment(entry.head.time_us);
    let state = founded(&charter, act.clone(), time);
    if entry.rules != rules_in_force(&state) {
        return Err(wrong(OTHER_RULES.to_owned()));
    }
    Ok(state)
}

/// Returns the hash that an update publishes: of its outcomes, a line each.
pub(crate) fn published(outcomes: &[Outcome]) -> String {
    let mut lines = String::new();
    for outcome in outcomes {
        lines.push_str(&outcome.to_string());
        lines.push('\n');
    }
    digest::hex(lines.as_bytes())
}

/// The rules in force as the next entry names them.
pub(crate) fn rules_in_force(state: &State) -> Hash {
    Hash::from_hex(state.rules_hash().as_bytes()).unwrap_or(Hash::ZERO)
}

/// Compares an update with its entry: the state's hash, the number of outcomes, and their hash.
fn compare(state: &State, outcomes: &[Outcome], told: (&str, u64, &str)) -> Result<(), String> {
    let (hash, count, digest) = told;
    let computed = state.hash();
    if computed != hash {
        return Err(format!("the state after it has the hash {computed}, and the entry says {hash}"));
    }
    if outcomes.len() as u64 != count || published(outcomes) != digest {
        return Err("it published other outcomes than it had".to_owned());
    }
    Ok(())
}

/// Returns the founding act of a charter.
pub(crate) fn founding_act(charter: &Charter, demonstration: bool) -> Found {
    Found {
        kernel: digest::hex(charter.kernel.as_bytes()),
        constitution: digest::hex(charter.constitution.as_bytes()),
        demonstration,
        edition: charter.edition,
        open: edition::status(charter.edition) == Some(Status::Open),
        forked_from: charter.forked_from.clone(),
    }
}

/// The state after the founding entry.
pub(crate) fn founded(charter: &Charter, act: Found, at: Moment) -> State {
    State::found(charter.rules.clone(), act, at).with_texts(&charter.kernel, &charter.constitution)
}
