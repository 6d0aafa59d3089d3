//! Sources of records on their way into the log: from edition 2 on an entry holds each as a keyed hash, with a key beside the log,
//! since a published source could be guessed. Here alone they are keyed; the engine sees a string that means nothing.
//! Source: `docs/spec/log.md`, *Keyed sources*.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use engine::act::{Act, Deed};
use engine::support::{Recorded, is_series, is_source};
use engine::{Actor, Edition, MemberIndex};
use quantity::Moment;
use rochdale_log::Hash;

use super::narration::Narration;
use super::{Accepted, Batch};
use crate::error::Error;
use crate::founding::random_key;
use crate::records::{NARRATION, SOURCES};
use crate::sources::{SERIES, SOURCE, binding, keyed};

/// An act as the log is to have it, and what is kept beside the log with it.
#[derive(Debug)]
pub(crate) struct Sealed<'a> {
    pub(crate) act: Cow<'a, Act>,
    /// The form in the log, and the source that was handed in: to be said in a refusal.
    said: Option<(String, String)>,
    /// The keyed hash of the source that was handed in, and the source: to be kept.
    plain: Option<(String, String)>,
    /// The keyed hash of a source that the log has in another form, and that form.
    alias: Option<(String, String)>,
    /// The key, where this act is the first that needs one.
    fresh: Option<[u8; 32]>,
    /// The words of a booking: to be bound, and kept.
    narration: Option<Narration>,
}

impl<'a> Sealed<'a> {
    fn as_it_is(act: &'a Act) -> Sealed<'a> {
        Sealed { act: Cow::Borrowed(act), said: None, plain: None, alias: None, fresh: None, narration: None }
    }

    /// The commitments of the entry: those of the act, and the key's where it begins here.
    pub(super) fn with_binding<'b>(&self, bound: &'b [(&'b str, Hash)]) -> Cow<'b, [(&'b str, Hash)]> {
        if self.fresh.is_none() && self.narration.is_none() {
            return Cow::Borrowed(bound);
        }
        let mut all = bound.to_vec();
        all.extend(self.fresh.as_ref().map(|key| (SOURCES, binding(key))));
        all.extend(self.narration.as_ref().map(|narration| (NARRATION, narration.binding())));
        all.sort_unstable_by_key(|(name, _)| *name);
        Cow::Owned(all)
    }

    /// A refusal says the source that was handed in, and not its hash.
    pub(super) fn in_plain_words(&self, error: Error) -> Error {
        let Error::Refused(mut refusal) = error else { return error };
        if let Some((keyed, plain)) = &self.said {
            refusal.why = refusal.why.replace(keyed, plain);
            refusal.instead = refusal.instead.replace(keyed, plain);
        }
        Error::Refused(refusal)
    }
}

/// The fields of an act that name facts outside.
struct Fields<'a> {
    source: &'a mut String,
    of: Option<&'a mut String>,
    series: Option<&'a mut String>,
}

fn names_a_fact(act: &Act) -> bool {
    use Act::{
        BookEntry, ClaimSupport, HoldMoney, PayBackHeld, ProposeAct, RecordSupport, ReverseSupport, SourceHeard,
    };
    matches!(
        act,
        RecordSupport(_)
            | ReverseSupport(_)
            | SourceHeard(_)
            | BookEntry(_)
            | ProposeAct(_)
            | ClaimSupport(_)
            | HoldMoney(_)
            | PayBackHeld(_)
    )
}

fn fields(act: &mut Act) -> Option<Fields<'_>> {
    let (source, of, series) = match act {
        Act::RecordSupport(act) => (&mut act.source, None, act.series.as_mut()),
        Act::ReverseSupport(act) => (&mut act.source, Some(&mut act.of), None),
        Act::BookEntry(act) => (&mut act.source, None, None),
        Act::HoldMoney(act) => (&mut act.source, None, None),
        Act::PayBackHeld(act) => (&mut act.source, None, None),
        Act::ClaimSupport(act) => (&mut act.source, None, None),
        Act::SourceHeard(act) => (&mut act.source, None, None),
        Act::ProposeAct(act) => match &mut act.proposed {
            Deed::BookEntry(act) => (&mut act.source, None, None),
            Deed::RecordSupport(act) => (&mut act.source, None, act.series.as_mut()),
            Deed::ReverseSupport(act) => (&mut act.source, Some(&mut act.of), None),
            _ => return None,
        },
        _ => return None,
    };
    Some(Fields { source, of, series })
}

impl Batch<'_> {
    /// The act as the log is to have it. Under edition 1 that is as it was handed in.
    pub(super) fn sealed<'b>(&mut self, act: &'b Act) -> Result<Sealed<'b>, Error> {
        let mut sealed = Sealed::as_it_is(act);
        // Most acts name no fact outside, and are not copied.
        if !(self.has_keyed_sources() && names_a_fact(act)) {
            return Ok(sealed);
        }
        let mut own = act.clone();
        let Some(Fields { source, of, series }) = fields(&mut own) else { return Ok(sealed) };
        let (key, fresh) = self.source_key_to_write()?;
        sealed.fresh = fresh;
        // A source that the log knows in any form keeps that form, and the engine says that it is recorded already.
        let form = match self.form_in_log(source)? {
            Some(known) => known,
            // The engine refuses a name that cannot be one, in its own words.
            None if !is_source(source) => source.clone(),
            None => {
                let form = keyed(&key, SOURCE, source);
                sealed.plain = Some((form.clone(), source.clone()));
                form
            }
        };
        sealed.said = Some((form.clone(), std::mem::replace(source, form)));
        if let Some(of) = of
            && let Some(known) = self.form_in_log(of)?
        {
            *of = known;
        }
        if let Some(series) = series
            && !(series.is_empty() || !is_series(series) || self.state().support.knows_series(series))
        {
            *series = keyed(&key, SERIES, series);
        }
        sealed.narration = Narration::taken(&mut own)?;
        sealed.act = Cow::Owned(own);
        Ok(sealed)
    }

    /// The act as its entry would have it: a source that is recorded has the form of its record.
    pub(crate) fn as_in_log<'b>(&mut self, act: &'b Act) -> Result<Cow<'b, Act>, Error> {
        Ok(self.sealed(act)?.act)
    }

    /// Hands in an act that another log has, with its sources as they are there. `plain` is its own one there, with what was
    /// handed in, where that is kept: so this log recognises it under its own key too.
    ///
    /// # Errors
    /// As [`Batch::append`].
    pub(crate) fn append_copied(
        &mut self,
        act: &Act,
        plain: Option<(&str, &str)>,
        time: Moment,
    ) -> Result<Accepted, Error> {
        let time = self.time(time);
        self.run_due(time)?;
        let mut sealed = Sealed::as_it_is(act);
        if self.has_keyed_sources() && matches!(act, Act::BookEntry(_)) {
            let mut own = act.clone();
            sealed.narration = Narration::taken(&mut own)?;
            sealed.act = Cow::Owned(own);
        }
        if let Some((form, plain)) = plain.filter(|_| self.has_keyed_sources()) {
            let (key, fresh) = self.source_key_to_write()?;
            let own = keyed(&key, SOURCE, plain);
            sealed.plain = Some((own.clone(), plain.to_owned()));
            sealed.alias = Some((own, form.to_owned()));
            sealed.fresh = fresh;
        }
        self.append_sealed(&sealed, Actor::Operator, ("", ""), time, &[])
    }

    /// Keeps what belongs to an act beside the log, in the transaction of its entry.
    pub(super) fn keep(&mut self, sealed: &Sealed<'_>) -> Result<(), Error> {
        if let Some(key) = &sealed.fresh {
            self.put("opening", SOURCES.as_bytes(), key)?;
            self.coop.source_key = Some(*key);
        }
        if let Some((keyed, plain)) = &sealed.plain {
            self.put("source", keyed.as_bytes(), plain.as_bytes())?;
        }
        if let Some((keyed, form)) = &sealed.alias {
            self.put("alias", keyed.as_bytes(), form.as_bytes())?;
        }
        if let Some(narration) = &sealed.narration {
            self.keep_narration(narration)?;
        }
        Ok(())
    }

    /// Whether a fact outside is recorded, in whatever form the log has it.
    pub(crate) fn knows(&mut self, source: &str) -> Result<bool, Error> {
        Ok(self.form_in_log(source)?.is_some())
    }

    /// Who gave what a source records.
    pub(crate) fn giver(&mut self, source: &str) -> Result<Option<MemberIndex>, Error> {
        let form = self.form_in_log(source)?;
        Ok(form.and_then(|form| self.state().support.giver(&form)))
    }

    /// The record of a source as it was given.
    pub(crate) fn recorded(&mut self, source: &str) -> Result<Option<Recorded>, Error> {
        let form = self.form_in_log(source)?;
        Ok(form.and_then(|form| self.state().support.recorded(&form)))
    }

    /// Whether one of the sources that are kept beside the log is such a one.
    pub(crate) fn any_source(&mut self, is_such: &mut dyn FnMut(&str) -> bool) -> Result<bool, Error> {
        let (coop, mut found) = (&mut *self.coop, false);
        coop.store.scan(&coop.now.id, "source", &mut |_, plain| {
            found = std::str::from_utf8(plain).is_ok_and(&mut *is_such);
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(found)
    }

    /// Every source that is kept beside the log, by the form in which the log has it.
    pub(crate) fn sources(&mut self) -> Result<BTreeMap<String, String>, Error> {
        let coop = &mut *self.coop;
        crate::sources::kept(&mut *coop.store, &coop.now.id)
    }

    fn has_keyed_sources(&self) -> bool {
        self.state().editions.current >= Edition::TWO
    }

    /// The form in which the log has a source: in plain, as edition 1 wrote it; as its keyed hash; or as another log had it, from
    /// which a fork has copied the record.
    pub(crate) fn form_in_log(&mut self, source: &str) -> Result<Option<String>, Error> {
        if self.state().support.knows(source) {
            return Ok(Some(source.to_owned()));
        }
        let Some(key) = self.source_key()? else { return Ok(None) };
        let keyed = keyed(&key, SOURCE, source);
        if self.state().support.knows(&keyed) {
            return Ok(Some(keyed));
        }
        let coop = &mut *self.coop;
        let alias = coop.store.get(&coop.now.id, "alias", keyed.as_bytes())?;
        let alias = alias.and_then(|form| String::from_utf8(form).ok());
        Ok(alias.filter(|form| self.state().support.knows(form)))
    }

    fn source_key(&mut self) -> Result<Option<[u8; 32]>, Error> {
        let coop = &mut *self.coop;
        if coop.source_key.is_none() {
            let kept = coop.store.get(&coop.now.id, "opening", SOURCES.as_bytes())?;
            coop.source_key = kept.and_then(|key| key.try_into().ok());
        }
        Ok(coop.source_key)
    }

    /// The key, and it once more where it has to be kept first. A log that is bound to a key gets no second one: under that, what is
    /// recorded would not be recognised.
    fn source_key_to_write(&mut self) -> Result<([u8; 32], Option<[u8; 32]>), Error> {
        if let Some(key) = self.source_key()? {
            return Ok((key, None));
        }
        let mut bound = None;
        self.each_entry(&mut |seq, bytes| {
            bound = crate::sources::binds_a_key(bytes).then_some(seq);
            if bound.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if let Some(seq) = bound {
            return Err(Error::Usage(format!(
                "the key of sources that entry {seq} binds is missing beside the log, so that nothing shows what is recorded already: restore the data file from a backup"
            )));
        }
        let key = random_key()?;
        Ok((key, Some(key)))
    }
}

#[cfg(test)]
mod tests;
