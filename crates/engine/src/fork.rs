//! Forks: members who leave together for a co-op of their own. Who goes, what goes along, and how much money. Not the new
//! co-op's log, which `host` writes from what is said here.

pub(crate) mod act;

use std::collections::{BTreeMap, BTreeSet};

use charter::{Kernel, TreasuryShare};
use quantity::{Moment, mul_div, split};

use crate::act::{Act, AddToList, AdmitMember, AnnounceFork, BookEntry, CompleteFork, Posting, Pseudonym};
use crate::book::AccountKind;
use crate::digest::Collect;
use crate::register::{MemberIndex, Members};
use crate::state::State;

/// The most forks that are announced at a time.
pub const MAX_OPEN: usize = 20;
/// The most that one posting may move, minor units: a share is booked with one.
const MAX_MINOR: i64 = 1_000_000_000_000_000;

/// Every fork that is announced or was completed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forks {
    open: Vec<OpenFork>,
    completed: Vec<CompletedFork>,
}

/// A fork that is announced. It stands as long as somebody goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFork {
    /// Its name, unique among those announced and completed.
    pub name: String,
    /// Who announced it.
    pub announced_by: MemberIndex,
    /// When.
    pub announced_at: Moment,
    /// SHA-256 of the new co-op's kernel, hex.
    pub kernel: String,
    /// SHA-256 of the new co-op's constitution, hex.
    pub constitution: String,
    /// Who goes; never empty.
    pub going: BTreeSet<MemberIndex>,
}

/// A fork that was completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletedFork {
    /// Its name.
    pub name: String,
    /// The new co-op's id.
    pub coop: String,
    /// The key that signs the pointer from the new log into this one: Ed25519, 64 hex digits.
    pub key: String,
    /// When.
    pub at: Moment,
    /// SHA-256 of the new co-op's kernel, hex.
    pub kernel: String,
    /// SHA-256 of the new co-op's constitution, hex.
    pub constitution: String,
    /// Who left, in order of admission.
    pub went: Vec<MemberIndex>,
    /// By list, who of them was on it.
    pub lists: BTreeMap<String, Vec<MemberIndex>>,
    /// Whether the kernel let their entries in the register go along.
    pub register: bool,
    /// Whether it let what they gave go along.
    pub ledger: bool,
    /// By what the kernel divided the money.
    pub treasury: TreasuryShare,
    /// The money that went along.
    pub share: Share,
    /// How it was booked out; `None` where there was none.
    pub booking: Option<BookEntry>,
}

/// How much money goes along with members who go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// What is divided: assets less liabilities, no more than stands on asset accounts and than 10^15, never below 0; minor
    /// units.
    pub balance_minor: i64,
    /// The part of those who go: their weight in micro-weights, or their number; 0 where no money goes along.
    pub part: u128,
    /// The same of all who are members.
    pub whole: u128,
    /// balance × part ÷ whole, rounded down; minor units.
    pub minor: i64,
}

impl Forks {
    /// Those that are announced, in order of announcement.
    #[must_use]
    pub fn open(&self) -> &[OpenFork] {
        &self.open
    }

    /// Those that were completed, in order of completion.
    #[must_use]
    pub fn completed(&self) -> &[CompletedFork] {
        &self.completed
    }

    /// One that is announced, by name.
    #[must_use]
    pub fn open_named(&self, name: &str) -> Option<&OpenFork> {
        self.open.iter().find(|fork| fork.name == name)
    }

    /// One that was completed, by name.
    #[must_use]
    pub fn completed_named(&self, name: &str) -> Option<&CompletedFork> {
        self.completed.iter().find(|fork| fork.name == name)
    }

    /// The fork that a member goes with.
    #[must_use]
    pub fn of(&self, member: MemberIndex) -> Option<&OpenFork> {
        self.open.iter().find(|fork| fork.going.contains(&member))
    }

    pub(crate) fn announce(&mut self, act: &AnnounceFork, by: MemberIndex, at: Moment) {
        self.open.push(OpenFork {
            name: act.fork.clone(),
            announced_by: by,
            announced_at: at,
            kernel: act.kernel.clone(),
            constitution: act.constitution.clone(),
            going: [by].into(),
        });
    }

    pub(crate) fn join(&mut self, name: &str, member: MemberIndex) {
        if let Some(fork) = self.open.iter_mut().find(|fork| fork.name == name) {
            fork.going.insert(member);
        }
    }

    /// A member goes with nobody any more; the name of the fork that is withdrawn because they were the last.
    pub(crate) fn stay(&mut self, member: MemberIndex) -> Option<String> {
        let place = self.open.iter().position(|fork| fork.going.contains(&member))?;
        let fork = self.open.get_mut(place)?;
        fork.going.remove(&member);
        let last = fork.going.is_empty();
        last.then(|| self.open.remove(place).name)
    }

    pub(crate) fn take_open(&mut self, name: &str) -> Option<OpenFork> {
        let place = self.open.iter().position(|fork| fork.name == name)?;
        Some(self.open.remove(place))
    }

    pub(crate) fn complete(&mut self, fork: CompletedFork) {
        self.completed.push(fork);
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.open.len() as u128);
        for fork in &self.open {
            into.text(&fork.name)
                .number(fork.announced_by)
                .number(fork.announced_at.0)
                .text(&fork.kernel)
                .text(&fork.constitution)
                .wide(fork.going.len() as u128);
            for member in &fork.going {
                into.number(*member);
            }
        }
        into.wide(self.completed.len() as u128);
        for fork in &self.completed {
            into.text(&fork.name)
                .text(&fork.coop)
                .text(&fork.key)
                .number(fork.at.0)
                .number(fork.share.minor)
                .wide(fork.went.len() as u128);
            for member in &fork.went {
                into.number(*member);
            }
        }
    }
}

impl State {
    /// The money that would go along with these members now. Pages and the act that completes a fork ask this alone.
    #[must_use]
    pub fn fork_share(&self, going: &BTreeSet<MemberIndex>) -> Share {
        let balance_minor = divisible(&assets(self), self);
        let (part, whole) = match self.rules.kernel.fork.treasury {
            TreasuryShare::ByWeight => {
                let weight = |member: &MemberIndex| u128::from(self.weights.of(*member));
                let gone: u128 = self.members.former().map(|member| weight(&member)).sum();
                let whole = self.weights.total.saturating_sub(gone);
                (going.iter().map(weight).sum(), whole)
            }
            TreasuryShare::ByHead => (going.len() as u128, self.members.active_count() as u128),
            TreasuryShare::Nothing => (0, 0),
        };
        let wide = |number: u128| i128::try_from(number).unwrap_or(i128::MAX);
        let minor = mul_div(i128::from(balance_minor), wide(part), wide(whole));
        Share { balance_minor, part, whole, minor: i64::try_from(minor).unwrap_or(0).min(balance_minor) }
    }
}

/// Asset accounts with money on them, minor units above 0.
fn assets(state: &State) -> Vec<(&str, i64)> {
    let mut accounts = state.book.balances(None);
    accounts.retain(|(name, minor)| *minor > 0 && AccountKind::of(name) == Some(AccountKind::Assets));
    accounts
}

/// What the co-op has and owes nobody. What others owe it cannot be handed over, so no more than the asset accounts hold.
fn divisible(assets: &[(&str, i64)], state: &State) -> i64 {
    let owned = |name: &str| {
        let kind = AccountKind::of(name);
        matches!(kind, Some(AccountKind::Assets | AccountKind::Liabilities))
    };
    let sum = |sum: i64, (_, minor): &(&str, i64)| sum.saturating_add(*minor);
    let mut net = state.book.balances(None);
    net.retain(|(name, _)| owned(name));
    let most = assets.iter().fold(0, sum).min(MAX_MINOR);
    net.iter().fold(0, sum).clamp(0, most)
}

/// How a share is booked out: from the asset accounts in proportion to what is on them (largest remainder, ties to the
/// earlier name), against the fork's own account.
pub(crate) fn booked_out(state: &State, fork: &str, share: &Share, at: Moment) -> Option<BookEntry> {
    let accounts = assets(state);
    let parts: Vec<u64> = accounts.iter().map(|(_, minor)| minor.unsigned_abs()).collect();
    let mut postings: Vec<Posting> = accounts
        .iter()
        .zip(split(share.minor, &parts))
        .filter(|(_, minor)| *minor > 0)
        .map(|((account, _), minor)| Posting { account: (*account).to_owned(), minor: minor.saturating_neg() })
        .collect();
    postings.push(Posting { account: format!("equity:fork:{fork}"), minor: share.minor });
    (share.minor > 0).then(|| BookEntry {
        at,
        source: format!("fork:{fork}"),
        narration: "share of those who left in a fork".to_owned(),
        currency: state.book.currency.code().to_owned(),
        postings,
    })
}

/// The entry that an accepted act has put in the book: its own, or the one by which a fork was booked out.
#[must_use]
pub fn booking<'a>(forks: &'a Forks, act: &'a Act) -> Option<&'a BookEntry> {
    match act {
        Act::BookEntry(entry) => Some(entry),
        Act::CompleteFork(CompleteFork { fork, .. }) => forks.completed_named(fork)?.booking.as_ref(),
        _ => None,
    }
}

/// What goes along with a completed fork: the acts that the new log begins with, after the founding. They come in this
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
                Act::AdmitMember(AdmitMember { member, organisation: self.members.is_organisation(index) })
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

#[cfg(test)]
mod tests;
