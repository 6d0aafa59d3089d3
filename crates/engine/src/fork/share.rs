//! How much money goes along with a fork, and how it is booked out.

use std::sync::Arc;

use charter::{Edition, TreasuryShare};
use imbl::OrdSet;
use quantity::{Moment, PPM, mul_div, split};

use super::{OpenFork, Share, Then};
use crate::act::{BookEntry, Posting};
use crate::book::AccountKind;
use crate::id::MemberIndex;
use crate::register::Members;
use crate::state::State;

/// The most that one posting may move, minor units: a share is booked with one.
const MAX_MINOR: i64 = 1_000_000_000_000_000;

/// Members who go, and the weight of those who have left since it was counted; micro-weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Going {
    /// How many go.
    pub heads: usize,
    /// Their weight.
    pub weight: u128,
    /// The weight that all former members had at the last update.
    pub gone: u128,
}

impl State {
    /// The money that would go along with these members now. Pages and the act that completes a fork ask this alone.
    #[must_use]
    pub fn fork_share(&self, going: &OrdSet<MemberIndex>) -> Share {
        let weight = |member: MemberIndex| u128::from(self.weights.of(member));
        let gone = self.members.former().map(weight).sum();
        self.fork_share_of(&Going { heads: going.len(), weight: going.iter().copied().map(weight).sum(), gone })
    }

    /// As [`State::fork_share`], for members who are counted and weighed already.
    #[must_use]
    pub fn fork_share_of(&self, going: &Going) -> Share {
        let (balance_minor, reserve_minor) = self.dividable();
        let (part, whole) = match self.rules.kernel.fork.treasury {
            TreasuryShare::ByWeight => (going.weight, self.weights.total.saturating_sub(going.gone)),
            TreasuryShare::ByHead => (going.heads as u128, self.members.active_count() as u128),
            TreasuryShare::Nothing => (0, 0),
        };
        let wide = |number: u128| i128::try_from(number).unwrap_or(i128::MAX);
        let minor = mul_div(i128::from(balance_minor), wide(part), wide(whole));
        let minor = i64::try_from(minor).unwrap_or(0).min(balance_minor);
        Share { balance_minor, part, whole, minor, reserve_minor, ..Share::default() }
    }

    /// The money that would go along with a fork that is announced, if it were completed now. The act that completes it asks
    /// this, and pages do.
    #[must_use]
    pub fn share_of(&self, fork: &OpenFork) -> Share {
        match &fork.then {
            Some(then) if self.editions.current > Edition::ONE => self.lesser_share(&fork.going, then),
            _ => self.fork_share(&fork.going),
        }
    }

    /// Edition 2: by the lesser of two parts, without the reserve, and no more than those who go gave.
    fn lesser_share(&self, going: &OrdSet<MemberIndex>, then: &Then) -> Share {
        let kernel = &self.rules.kernel;
        let (balance_minor, reserve_minor) = self.dividable();
        let (now, before) = match kernel.fork.treasury {
            TreasuryShare::ByWeight => self.parts_by_weight(going, then),
            TreasuryShare::ByHead => self.parts_by_head(going, then),
            TreasuryShare::Nothing => ((0, 0), (0, 0)),
        };
        let wide = |number: u128| i128::try_from(number).unwrap_or(i128::MAX);
        let share = |(part, whole): (u128, u128)| {
            let minor = mul_div(balance_minor.into(), wide(part), wide(whole));
            i64::try_from(minor).unwrap_or(0).min(balance_minor)
        };
        let given_minor = kernel.fork.given_at_most.then(|| self.given_at_most(going));
        let lesser = share(now).min(share(before));
        let minor = given_minor.map_or(lesser, |given| lesser.min(given));
        let (part, whole) = now;
        Share { balance_minor, part, whole, minor, then: Some(before), given_minor, reserve_minor }
    }

    /// The money that can be divided, and the reserve that was taken off it; minor units.
    pub(crate) fn dividable(&self) -> (i64, i64) {
        let balance = divisible(&assets(self), self);
        // docs/spec/fork.md, The share of the money: rounded up, in favour of what is not divided.
        let parts = u128::from(balance.unsigned_abs()).saturating_mul(self.rules.kernel.reserves_ppm.into());
        let reserve = i64::try_from(parts.div_ceil(PPM.into())).unwrap_or(balance).min(balance);
        (balance.saturating_sub(reserve), reserve)
    }

    fn parts_by_weight(&self, going: &OrdSet<MemberIndex>, then: &Then) -> ((u128, u128), (u128, u128)) {
        let weight = |member: MemberIndex| u128::from(self.weights.of(member));
        let gone: u128 = self.members.former().map(weight).sum();
        let now = going.iter().copied().map(weight).sum();
        let before = |member: &MemberIndex| then.weights.get(member.place()).copied().unwrap_or(0);
        let part = going.iter().map(|member| u128::from(before(member))).sum();
        // docs/spec/fork.md: who left with another fork since took their weight along. Who left alone is in the whole still.
        let left: u128 = self.forks.left_since(then).map(|member| u128::from(before(&member))).sum();
        ((now, self.weights.total.saturating_sub(gone)), (part, then.whole.saturating_sub(left)))
    }

    fn parts_by_head(&self, going: &OrdSet<MemberIndex>, then: &Then) -> ((u128, u128), (u128, u128)) {
        // docs/spec/fork.md: who joined after the last update before the announcement is not counted.
        let counts = |member: &MemberIndex| is_counted(&self.members, *member, then.update);
        let part = going.iter().filter(|member| counts(member)).count() as u128;
        let whole = self.members.indices().filter(counts).count() as u128;
        let joined =
            |member: &MemberIndex| self.members.since(*member).zip(then.update).is_some_and(|(at, update)| at < update);
        let left = self.forks.left_since(then).filter(joined).count() as u128;
        ((part, whole), (part, u128::from(then.heads).saturating_sub(left)))
    }

    /// Everybody's part now, as an announcement keeps it.
    pub(crate) fn parts_of_now(&self) -> Then {
        let mut weights = self.weights.member.clone();
        for former in self.members.former() {
            if let Some(weight) = weights.get_mut(former.place()) {
                *weight = 0;
            }
        }
        let update = self.last_update;
        let heads = self.members.indices().filter(|member| is_counted(&self.members, *member, update)).count();
        Then {
            whole: weights.iter().map(|weight| u128::from(*weight)).sum(),
            weights: Arc::new(weights),
            update,
            forks: self.forks.completed().len() as u64,
            heads: u64::try_from(heads).unwrap_or(u64::MAX),
        }
    }

    /// The update from which on a fork can be completed: the first that is 30 days after it was announced, or later. `None`
    /// under edition 1, where it can be at once.
    #[must_use]
    pub fn fork_due(&self, fork: &OpenFork) -> Option<Moment> {
        if self.editions.current < Edition::TWO {
            return None;
        }
        let ripe = Moment(fork.announced_at.0.saturating_add(ANNOUNCED_US));
        match self.last_update.filter(|last| *last >= ripe) {
            Some(last) => Some(last),
            None => Some(self.next_update_after(Moment(ripe.0.saturating_sub(1))).max(self.next_update)),
        }
    }
}

/// How long a fork is announced before it can be completed: 30 days, in microseconds.
const ANNOUNCED_US: i64 = 30 * 86_400 * 1_000_000;

/// Whether somebody is a member, and was one at an update. An act at an update's instant comes after it.
fn is_counted(members: &Members, member: MemberIndex, update: Option<Moment>) -> bool {
    let joined = members.since(member).zip(update);
    members.is_active(member) && joined.is_some_and(|(since, update)| since < update)
}

/// Asset accounts with money on them, minor units above 0.
fn assets(state: &State) -> Vec<(&str, i64)> {
    let mut accounts = state.book.balances(None);
    accounts.retain(|(name, minor)| *minor > 0 && AccountKind::of(name) == Some(AccountKind::Assets));
    accounts
}

/// Returns the money that the co-op has and owes nobody. Others' debts cannot be handed over, so it is no more than the asset
/// accounts hold.
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
        narration: Some("share of those who left in a fork".to_owned()),
        currency: state.book.currency.code().to_owned(),
        postings,
    })
}
