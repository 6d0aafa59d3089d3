//! The sum that members have given, less what they have back: a limit on the money that they take along in a fork, and the gifts
//! that it divides. From edition 2 on; `docs/spec/fork.md`, From edition 2 on.

use std::collections::BTreeMap;

use charter::{Counted, SupportKind};
use imbl::OrdSet;
use quantity::{mul_div, split};

use crate::act::Pseudonym;
use crate::book::AccountKind;
use crate::id::MemberIndex;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

const HOUR_S: i128 = 3_600;

/// The kinds of support that count as given, in the order in which gifts are divided.
pub(super) fn kinds(counted: Counted) -> impl Iterator<Item = SupportKind> {
    const ALL: [SupportKind; 6] = [
        SupportKind::Donation,
        SupportKind::Dues,
        SupportKind::Loan,
        SupportKind::ShareCapital,
        SupportKind::Purchase,
        SupportKind::Hours,
    ];
    ALL.into_iter().filter(move |kind| match kind {
        SupportKind::Purchase => counted.purchases,
        SupportKind::Hours => counted.hour_minor > 0,
        _ => true,
    })
}

/// An amount of a kind as money, minor units, rounded down.
pub(super) fn as_money(kind: SupportKind, amount: i64, counted: Counted) -> i128 {
    match kind {
        SupportKind::Hours => mul_div(amount.into(), counted.hour_minor.into(), HOUR_S),
        _ => amount.into(),
    }
}

/// The least amount of a kind that is worth so much money.
pub(super) fn amount_worth(kind: SupportKind, minor: i64, counted: Counted) -> i64 {
    let hour = i128::from(counted.hour_minor);
    let seconds = |minor: i128| mul_div(minor.saturating_mul(HOUR_S).saturating_add(hour.saturating_sub(1)), 1, hour);
    match kind {
        SupportKind::Hours => i64::try_from(seconds(minor.into())).unwrap_or(i64::MAX),
        _ => minor,
    }
}

impl State {
    /// The sum that a member has given, less what was taken back of it; minor units, never below 0.
    pub(crate) fn given_minor(&self, member: MemberIndex, counted: Counted) -> i64 {
        let sum = kinds(counted).map(|kind| {
            let rows = self.support.rows(kind).map(|rows| rows.of(member)).unwrap_or_default();
            let amount = rows.iter().fold(0_i64, |sum, (_, row)| sum.saturating_add(row.amount));
            as_money(kind, amount, counted)
        });
        let sum = sum.fold(0_i128, i128::saturating_add).max(0);
        i64::try_from(sum).unwrap_or(i64::MAX)
    }

    /// The sums that were paid to members or are owed to them by the book, minor units: accounts whose last part is a member's
    /// pseudonym are theirs.
    fn had_minor(&self, going: &OrdSet<MemberIndex>) -> BTreeMap<MemberIndex, i64> {
        let theirs = |account: &str| {
            let pseudonym = account.rsplit(':').next()?.replacen('-', "_", 1).parse::<Pseudonym>().ok()?;
            self.members.index(pseudonym).filter(|member| going.contains(member))
        };
        let mut had: BTreeMap<MemberIndex, i64> = BTreeMap::new();
        for (account, minor) in self.book.balances(None) {
            let Some(member) = theirs(account) else { continue };
            let minor = match AccountKind::of(account) {
                Some(AccountKind::Expenses | AccountKind::Equity) => minor.max(0),
                Some(AccountKind::Liabilities) => minor.min(0).saturating_neg(),
                Some(AccountKind::Assets | AccountKind::Income) | None => 0,
            };
            let sum = had.entry(member).or_default();
            *sum = sum.saturating_add(minor);
        }
        had
    }

    /// The most that those who go take along: what each gave, less what they have back or are owed and never below 0, added up; minor
    /// units. Pay of one member is no debt of the others, who could leave without them.
    pub(super) fn given_at_most(&self, going: &OrdSet<MemberIndex>) -> i64 {
        let counted = self.rules.kernel.fork.counted;
        let had = self.had_minor(going);
        let own = going.iter().map(|member| {
            let had = had.get(member).copied().unwrap_or(0);
            self.given_minor(*member, counted).saturating_sub(had).max(0)
        });
        own.fold(0, i64::saturating_add)
    }

    /// Divides a sum that goes along over the gifts of those who go, in proportion (largest remainder, ties to the lower
    /// number). More than they gave belongs to no gift.
    pub(super) fn divided(&self, going: &OrdSet<MemberIndex>, minor: i64) -> Vec<i64> {
        let counted = self.rules.kernel.fork.counted;
        let given: Vec<i64> = going.iter().map(|member| self.given_minor(*member, counted)).collect();
        let all = given.iter().fold(0_i64, |sum, one| sum.saturating_add(*one));
        let parts: Vec<u64> = given.iter().map(|one| one.unsigned_abs()).collect();
        split(minor.min(all), &parts)
    }

    /// Whether so much of a kind can be taken back of what somebody gave: a part that a fork has divided cannot.
    pub(crate) fn not_divided(&self, giver: MemberIndex, kind: SupportKind, amount: i64) -> Result<(), Refusal> {
        let Some((fork, divided)) = self.forks.left_with(giver).filter(|(_, divided)| *divided > 0) else {
            return Ok(());
        };
        if !kinds(fork.counted).any(|one| one == kind) {
            return Ok(());
        }
        let left = i128::from(self.given_minor(giver, fork.counted).saturating_sub(divided).max(0));
        if as_money(kind, amount, fork.counted) <= left {
            return Ok(());
        }
        Err(Refusal::new(
            Rule::GiftDivided,
            format!("{divided} minor units of it went along with the fork `{}`, and {left} are left", fork.name),
            "take back no more than is left: the rest is in the new co-op",
        ))
    }
}

#[cfg(test)]
mod tests;
