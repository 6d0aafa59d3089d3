//! The things that go along with a fork, as the acts at the beginning of the new log.

use std::collections::BTreeSet;

use charter::Kernel;

use super::CompletedFork;
use crate::act::{Act, AddToList, AdmitMember, BookEntry, Posting, Pseudonym};
use crate::id::MemberIndex;
use crate::register::Members;
use crate::state::State;

/// The things that go along with a completed fork: the acts of the new log after the founding. They come in this
/// order: [`Extract::members`], then the acts of the old log that [`Extract::copies`], in its order, then
/// [`Extract::money`].
#[derive(Debug)]
pub struct Extract<'a> {
    fork: &'a CompletedFork,
    members: &'a Members,
    currency: &'static str,
    went: BTreeSet<Pseudonym>,
    /// Sources of what was copied so far.
    copied: BTreeSet<String>,
}

impl<'a> Extract<'a> {
    /// The extract of a fork that `state` has completed; `None` when it has not.
    #[must_use]
    pub fn new(state: &'a State, fork: &str) -> Option<Extract<'a>> {
        let fork = state.forks.completed_named(fork)?;
        let pseudonym = |member: &MemberIndex| state.members.pseudonym(*member);
        Some(Extract {
            fork,
            members: &state.members,
            currency: state.book.currency.code(),
            went: fork.went.iter().filter_map(pseudonym).collect(),
            copied: BTreeSet::new(),
        })
    }

    /// The same extract from its beginning.
    #[must_use]
    pub fn again(self) -> Extract<'a> {
        Extract { copied: BTreeSet::new(), ..self }
    }

    /// Those who went are admitted under the pseudonyms that they had, in order of admission, and go on the lists that they
    /// were on, where the new kernel reads a list of that name. Nothing where the old kernel keeps its register.
    pub fn members(&self, kernel: &Kernel) -> Vec<Act> {
        if !self.fork.register {
            return Vec::new();
        }
        let known = |member: &MemberIndex| Some((*member, self.members.pseudonym(*member)?));
        let admitted = self.fork.went.iter().filter_map(known);
        let mut acts: Vec<Act> = admitted
            .map(|(index, member)| {
                // docs/spec/fork.md: a founder who goes along has founded another co-op.
                let organisation = self.members.is_organisation(index);
                Act::AdmitMember(AdmitMember { member, organisation, founder: false })
            })
            .collect();
        let reads = |list: &str| {
            let mut classes = kernel.classes.iter();
            classes.any(|class| class.list.as_deref() == Some(list))
        };
        for (list, members) in self.fork.lists.iter().filter(|(list, _)| reads(list)) {
            acts.extend(
                members
                    .iter()
                    .filter_map(known)
                    .map(|(_, member)| Act::AddToList(AddToList { list: list.clone(), member })),
            );
        }
        acts
    }

    /// Whether an act of the old log is copied as it stands: support that someone who went gave, and what was taken back
    /// of it. To be asked in the order of the old log. Nothing where the old kernel keeps its ledger or its register:
    /// support is always a member's.
    pub fn copies(&mut self, act: &Act) -> bool {
        if !(self.fork.register && self.fork.ledger) {
            return false;
        }
        match act {
            Act::RecordSupport(given) if self.went.contains(&given.member) => self.copied.insert(given.source.clone()),
            Act::ReverseSupport(back) => self.copied.contains(&back.of),
            _ => false,
        }
    }

    /// Returns what is copied of an act of the old log, as [`Extract::copies`] says. The money of the old book stays there: that
    /// which goes along is [`Extract::money`].
    pub fn copy(&mut self, mut act: Act) -> Option<Act> {
        if !self.copies(&act) {
            return None;
        }
        if let Act::RecordSupport(given) = &mut act {
            given.book = None;
        }
        Some(act)
    }

    /// The money that went along, as the new book's first entry; `old` is the old co-op's id.
    #[must_use]
    pub fn money(&self, old: &str) -> Option<Act> {
        let (name, minor) = (&self.fork.name, self.fork.share.minor);
        let posting = |account: String, minor| Posting { account, minor };
        (minor > 0).then(|| {
            Act::BookEntry(BookEntry {
                at: self.fork.at,
                source: format!("fork:{old}:{name}"),
                narration: "share of the co-op that was forked from".to_owned(),
                currency: self.currency.to_owned(),
                postings: vec![
                    posting(format!("assets:fork:{name}"), minor),
                    posting(format!("equity:fork:{name}"), minor.saturating_neg()),
                ],
            })
        })
    }
}
