//! The chain: each entry names the hash of the previous one, so that the next entry reveals any change.
//!
//! It does not know the meaning of an entry; `engine` replays whether an act was allowed.

use std::ops::ControlFlow;

use crate::{
    body::{BadBody, Body},
    entry::{BadEntry, Entry, decode, decode_into},
    hash::{Hash, hash_entry},
    store::{Fault, Store},
};

/// The end of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Head {
    /// The number of entries; 0 for an empty log.
    pub seq: u64,
    /// The hash of the last entry; zeros when empty.
    pub hash: Hash,
    /// The log's time at the last entry, in microseconds since 1970; 0 when empty.
    pub time_us: i64,
}

/// The first entry that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq} is wrong: {why}")]
pub struct Broken {
    pub seq: u64,
    pub why: Why,
}

/// The mistake in an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("it is not in the form of an entry, {0}")]
    Form(BadEntry),
    #[error("it belongs to another co-op")]
    Coop,
    #[error("entry {found} is in its place")]
    Place { found: u64 },
    #[error("two entries claim its place")]
    Twice,
    #[error("it does not name the hash of the entry before it")]
    Prev,
    #[error("the entry after it names another hash: it was changed")]
    Changed,
    #[error("its time is earlier than that of the entry before it")]
    Time,
    #[error("it is missing")]
    Missing,
    #[error("the log should have ended before it")]
    Beyond,
    #[error("the head of the log names another hash or time: it was changed")]
    Head,
}

/// Takes the entries of one log in order, and names the first that is wrong.
///
/// It keeps only the end of the log so far. An error leaves it as it was before.
#[derive(Clone, Debug)]
pub struct ChainCheck {
    coop: String,
    head: Head,
    /// The `prev` of the last entry, to tell a second claim to its place from a gap.
    prev: Hash,
}

impl ChainCheck {
    /// Begins before the first entry.
    pub fn new(coop: &str) -> Self {
        Self::resume(coop, Head::default())
    }

    /// Begins after `head`, which the caller has reason to trust.
    pub fn resume(coop: &str, head: Head) -> Self {
        Self { coop: coop.to_owned(), head, prev: Hash::ZERO }
    }

    /// Returns the end of the log so far.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Takes the next entry.
    pub fn next(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.accept(bytes).map(|_| ())
    }

    /// Takes the next entry and returns it, for those who also read it.
    ///
    /// Where `prev` is not the hash of the previous entry, one of the two is wrong, and only the entry after
    /// them can show which: this names the earlier one, and [`ChainCheck::settle`] corrects that.
    pub fn accept<'a>(&mut self, bytes: &'a [u8]) -> Result<Entry<'a>, Broken> {
        let entry = decode(bytes).map_err(|error| self.misformed(error))?;
        self.link(&entry, bytes)?;
        Ok(entry)
    }

    /// As [`ChainCheck::accept`], and reads the body on the way as [`decode_into`] does.
    pub fn accept_into<'a, T>(
        &mut self,
        bytes: &'a [u8],
        read: impl FnOnce(&str, Body<'_, 'a>) -> Result<T, BadBody>,
    ) -> Result<(Entry<'a>, Result<T, BadBody>), Broken> {
        let (entry, body) = decode_into(bytes, read).map_err(|error| self.misformed(error))?;
        self.link(&entry, bytes)?;
        Ok((entry, body))
    }

    fn misformed(&self, error: BadEntry) -> Broken {
        Broken { seq: self.head.seq.saturating_add(1), why: Why::Form(error) }
    }

    /// Takes an entry that is in the right form.
    fn link(&mut self, entry: &Entry<'_>, bytes: &[u8]) -> Result<(), Broken> {
        let seq = self.head.seq.saturating_add(1);
        if entry.coop != self.coop {
            return Err(Broken { seq, why: Why::Coop });
        }
        if entry.seq != seq {
            let second_claim = entry.seq == self.head.seq && entry.prev == self.prev;
            return Err(if second_claim && hash_entry(bytes) != self.head.hash {
                Broken { seq: self.head.seq, why: Why::Twice }
            } else {
                Broken { seq, why: Why::Place { found: entry.seq } }
            });
        }
        if entry.prev != self.head.hash {
            return Err(match self.head.seq {
                0 => Broken { seq, why: Why::Prev },
                before => Broken { seq: before, why: Why::Changed },
            });
        }
        if self.head.seq > 0 && entry.time_us < self.head.time_us {
            return Err(Broken { seq, why: Why::Time });
        }
        self.prev = entry.prev;
        self.head = Head { seq, hash: hash_entry(bytes), time_us: entry.time_us };
        Ok(())
    }

    /// Corrects the verdict of [`ChainCheck::accept`] on `bytes`, now that the hash is known by which the next entry, or
    /// the head, binds it: if that is not its own hash, it is the wrong one.
    pub fn settle(&self, broken: Broken, bytes: &[u8], bound_by: Option<Hash>) -> Broken {
        let own = hash_entry(bytes);
        match (broken.why, bound_by) {
            (Why::Changed, Some(hash)) if hash != own => Broken { seq: broken.seq.saturating_add(1), why: Why::Prev },
            _ => broken,
        }
    }

    /// Checks that the log ends at `head`.
    pub fn finish(&self, head: &Head) -> Result<(), Broken> {
        if self.head.seq < head.seq {
            return Err(Broken { seq: self.head.seq.saturating_add(1), why: Why::Missing });
        }
        if self.head.seq > head.seq {
            return Err(Broken { seq: head.seq.saturating_add(1), why: Why::Beyond });
        }
        if self.head == *head { Ok(()) } else { Err(Broken { seq: head.seq, why: Why::Head }) }
    }
}

/// A [`ChainCheck`] that reads one entry further before it names the wrong one.
#[derive(Clone, Debug)]
pub struct ChainAudit {
    check: ChainCheck,
    /// The first error, and the entry it was seen at.
    doubt: Option<(Broken, Vec<u8>)>,
    bound_by: Option<Hash>,
}

impl ChainAudit {
    /// Begins before the first entry.
    pub fn new(coop: &str) -> Self {
        Self { check: ChainCheck::new(coop), doubt: None, bound_by: None }
    }

    /// Takes the next entry; `Break` when it has seen enough.
    pub fn feed(&mut self, bytes: &[u8]) -> ControlFlow<()> {
        if self.doubt.is_some() {
            self.bound_by = decode(bytes).ok().map(|entry| entry.prev);
            return ControlFlow::Break(());
        }
        if let Err(broken) = self.check.next(bytes) {
            self.doubt = Some((broken, bytes.to_vec()));
        }
        ControlFlow::Continue(())
    }

    /// Names the first wrong entry, or returns the end of the log. `head` is the expected end, if it is known.
    pub fn verdict(self, head: Option<&Head>) -> Result<Head, Broken> {
        let end = self.check.head();
        if let Some((broken, bytes)) = self.doubt {
            let last = head.filter(|head| head.seq == end.seq.saturating_add(1)).map(|head| head.hash);
            return Err(self.check.settle(broken, &bytes, self.bound_by.or(last)));
        }
        head.map_or(Ok(()), |head| self.check.finish(head)).map(|()| end)
    }
}

/// Reads a co-op's whole log and checks its chain up to the head that the store remembers.
pub fn verify_chain(store: &mut dyn Store, coop: &str) -> Result<Result<Head, Broken>, Fault> {
    let head = store.head(coop)?;
    let mut audit = ChainAudit::new(coop);
    store.read(coop, 1, &mut |_, bytes| audit.feed(bytes))?;
    Ok(audit.verdict(Some(&head)))
}

#[cfg(test)]
mod tests;
