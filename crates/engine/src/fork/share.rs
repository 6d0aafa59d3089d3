//! How much money goes along with a fork, and how it is booked out.

use charter::TreasuryShare;
use imbl::OrdSet;
use quantity::{Moment, mul_div, split};

use super::Share;
use crate::act::{BookEntry, Posting};
use crate::book::AccountKind;
use crate::id::MemberIndex;
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
        let balance_minor = divisible(&assets(self), self);
        let (part, whole) = match self.rules.kernel.fork.treasury {
            TreasuryShare::ByWeight => (going.weight, self.weights.total.saturating_sub(going.gone)),
            TreasuryShare::ByHead => (going.heads as u128, self.members.active_count() as u128),
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
        narration: "share of those who left in a fork".to_owned(),
        currency: state.book.currency.code().to_owned(),
        postings,
    })
}
