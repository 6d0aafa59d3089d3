//! The things that go along with a fork, as the acts at the beginning of the new log.

use std::collections::{BTreeMap, BTreeSet};

use charter::{Kernel, SupportKind};

use super::CompletedFork;
use super::given::{amount_worth, as_money, kinds};
use crate::act::{Act, AddToList, AdmitMember, Amount, BookEntry, Posting, Pseudonym, RecordSupport, ReverseSupport};
use crate::edition::THREE;
use crate::id::MemberIndex;
use crate::register::Members;
use crate::state::State;
use crate::support::Support;

/// The things that go along with a completed fork: the acts of the new log after the founding. They come in this
/// order: [`Extract::members`], then the acts of the old log that [`Extract::copies`], in its order, then
/// [`Extract::divided`], then [`Extract::money`].
#[derive(Debug)]
pub struct Extract<'a> {
    fork: &'a CompletedFork,
    members: &'a Members,
    /// From edition 3 on, under which an act may have been announced alone.
    support: Option<&'a Support>,
    currency: &'static str,
    went: BTreeSet<Pseudonym>,
    /// Sources of what was copied so far.
    copied: BTreeSet<String>,
    /// By source, the gifts that were copied so far and what is left of each. Of those alone of whose gifts something was
    /// divided.
    left: BTreeMap<String, Gift>,
}

/// A gift that was copied.
#[derive(Debug)]
struct Gift {
    /// Its giver's place among those who went, and its own in the order of the log.
    order: (usize, usize),
    kind: SupportKind,
    left: i64,
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
            support: (state.editions.current >= THREE).then_some(&state.support),
            currency: state.book.currency.code(),
            went: fork.went.iter().filter_map(pseudonym).collect(),
            copied: BTreeSet::new(),
            left: BTreeMap::new(),
        })
    }

    /// The same extract from its beginning.
    #[must_use]
    pub fn again(self) -> Extract<'a> {
        Extract { copied: BTreeSet::new(), left: BTreeMap::new(), ..self }
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
                Act::AdmitMember(AdmitMember { member, organisation, founder: false, joined_on: None, left_on: None })
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
            // Acts that were only proposed or announced have left no record.
            Act::RecordSupport(RecordSupport { source, .. }) | Act::ReverseSupport(ReverseSupport { source, .. })
                if self.support.is_some_and(|support| !support.knows(source)) =>
            {
                false
            }
            // Of a fork's own log: it comes from the rows, with what was accepted since.
            Act::RecordSupport(given) if given.kind == SupportKind::Credit.name() => false,
            Act::RecordSupport(given) if self.went.contains(&self.holder(given)) => {
                self.note(given);
                self.copied.insert(given.source.clone())
            }
            Act::ReverseSupport(back) => {
                self.take_back(back);
                self.copied.contains(&back.of)
            }
            _ => false,
        }
    }

    /// Returns what is copied of an act of the old log, as [`Extract::copies`] says. The money of the old book stays there: that
    /// which goes along is [`Extract::money`].
    pub fn copy(&mut self, act: Act) -> Option<Act> {
        let mut act = recorded(act);
        if !self.copies(&act) {
            return None;
        }
        if let Act::RecordSupport(given) = &mut act {
            given.book = None;
            given.member = self.holder(given);
        }
        Some(act)
    }

    /// Whose a record is now: a join may have moved it since.
    fn holder(&self, given: &RecordSupport) -> Pseudonym {
        let giver = self.support.and_then(|support| support.giver(&given.source));
        giver.and_then(|giver| self.members.pseudonym(giver)).unwrap_or(given.member)
    }

    fn note(&mut self, given: &RecordSupport) {
        let kind = SupportKind::parse(&given.kind).filter(|kind| kinds(self.fork.counted).any(|one| one == *kind));
        let index = self.members.index(self.holder(given));
        let divided = index.and_then(|index| self.fork.went.binary_search(&index).ok());
        let divided = divided.filter(|place| self.fork.divided.get(*place).is_some_and(|divided| *divided > 0));
        if let Some((kind, place)) = kind.zip(divided) {
            let gift = Gift { order: (place, self.left.len()), kind, left: given.amount.amount };
            self.left.entry(given.source.clone()).or_insert(gift);
        }
    }

    fn take_back(&mut self, back: &ReverseSupport) {
        if let Some(gift) = self.left.get_mut(&back.of) {
            gift.left = gift.left.saturating_sub(back.amount.unwrap_or(gift.left));
        }
    }

    /// Credit of those who went, which no act of the old log has recorded: member by member in order of admission, in the order in which it
    /// was accepted. Such as was accepted after they had left stays behind.
    fn credit(&self) -> Vec<Act> {
        if !(self.fork.register && self.fork.ledger) {
            return Vec::new();
        }
        let rows = self.support.and_then(|support| support.rows(SupportKind::Credit));
        let mut acts = Vec::new();
        for member in &self.fork.went {
            let Some(named) = self.members.pseudonym(*member) else { continue };
            let own = rows.map(|rows| rows.of(*member)).unwrap_or_default();
            let by_then = own.into_iter().filter(|(_, row)| row.known_at <= self.fork.at);
            for (number, (_, row)) in (1_usize..).zip(by_then) {
                acts.push(Act::RecordSupport(RecordSupport {
                    member: named,
                    kind: SupportKind::Credit.name().to_owned(),
                    amount: Amount { amount: row.amount, currency: None, unit: Some("micro-credit".to_owned()) },
                    given_at: Some(row.counted_at),
                    given_on: None,
                    parts: 1,
                    stands_months: None,
                    series: None,
                    book: None,
                    service: None,
                    source: format!("credit/{named}/{number}"),
                }));
            }
        }
        acts
    }

    /// After the copies: credit, and then what is taken back of gifts that were divided, member by member in order of admission and gift by
    /// gift in the order of the log, so that they give no weight in the new co-op. `old` is the old co-op's id.
    #[must_use]
    pub fn divided(&self, old: &str) -> Vec<Act> {
        let counted = self.fork.counted;
        let mut gifts: Vec<(&String, &Gift)> = self.left.iter().filter(|(_, gift)| gift.left > 0).collect();
        gifts.sort_by_key(|(_, gift)| gift.order);
        let mut rest = self.fork.divided.clone();
        let mut acts = self.credit();
        let credit = acts.len();
        for (source, gift) in gifts {
            let Some(rest) = rest.get_mut(gift.order.0) else {
                continue;
            };
            let worth = i64::try_from(as_money(gift.kind, gift.left, counted)).unwrap_or(i64::MAX);
            let taken = worth.min(*rest);
            *rest = rest.saturating_sub(taken);
            let amount = amount_worth(gift.kind, taken, counted).min(gift.left);
            if amount > 0 {
                let number = acts.len().saturating_sub(credit).saturating_add(1);
                acts.push(Act::ReverseSupport(ReverseSupport {
                    of: source.clone(),
                    amount: Some(amount),
                    given_at: Some(self.fork.at),
                    given_on: None,
                    source: format!("fork:{old}:{}:{number}", self.fork.name),
                }));
            }
        }
        acts
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
                narration: Some("share of the co-op that was forked from".to_owned()),
                currency: self.currency.to_owned(),
                postings: vec![
                    posting(format!("assets:fork:{name}"), minor),
                    posting(format!("equity:fork:{name}"), minor.saturating_neg()),
                ],
            })
        })
    }
}

/// The record that a body proposed or a member claimed, for the act by which they did.
fn recorded(act: Act) -> Act {
    match act {
        Act::ProposeAct(act) if act.proposed.records_support() => act.proposed.act(),
        Act::ClaimSupport(act) => Act::RecordSupport(act.as_record()),
        act => act,
    }
}
