//! The money of pools in the book. A pool's balance is set aside: an account of its own under equity, against one account for all.
//! Money that is held for members is a liability, and so is the money that projects are owed.

use std::sync::Arc;

use charter::{Edition, SupportKind};
use quantity::{Moment, PPM, mul_div};

use super::{End, Fed};
use crate::act::{BookEntry, Posting, Pseudonym};
use crate::book::{Day, is_account};
use crate::chamber::Decision;
use crate::id::{DecisionId, ItemId, MemberIndex};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// Money that is held for members.
pub(super) const HELD: &str = "liabilities:held-for-members";
/// All that is set aside for pools.
const SET_ASIDE: &str = "equity:set-aside-for-pools";
/// A pool's balance is below this.
const POOLS: &str = "equity:pool";
/// The debts to a pool's projects are below this.
const OWED: &str = "liabilities:pool-projects";
/// The money for a pool's projects is below this.
const SPENT: &str = "expenses:pool-projects";
/// Pledges that were charged.
const CHARGED: &str = "income:pledges-to-projects";
/// Gifts of members to pools.
const GIVEN: &str = "income:gifts-to-pools";

/// The account of a pool below `kind`. A path that is too long, or could be read as a member's, has the decision's place for its name.
fn account(kind: &str, path: &str, place: DecisionId) -> String {
    let name = format!("{kind}:{}", path.replace('/', ":"));
    let last = path.rsplit('/').next().unwrap_or_default().replacen('-', "_", 1);
    if is_account(&name) && last.parse::<Pseudonym>().is_err() { name } else { format!("{kind}:p{place}") }
}

/// Adds to the postings of one entry: of an account once.
fn post(postings: &mut Vec<Posting>, account: &str, minor: i64) {
    match postings.iter_mut().find(|posting| posting.account == account) {
        Some(posting) => posting.minor = posting.minor.saturating_add(minor),
        None => postings.push(Posting { account: account.to_owned(), minor }),
    }
}

fn signed(minor: u64) -> i64 {
    i64::try_from(minor).unwrap_or(i64::MAX)
}

/// Refuses a booking by hand on an account that pools keep, from edition 4 on.
pub(crate) fn not_kept_by_pools(state: &State, account: &str) -> Result<(), Refusal> {
    let kept = [HELD, SET_ASIDE].contains(&account) || account.starts_with("equity:pool:");
    if state.editions.current < Edition::FOUR || !kept {
        return Ok(());
    }
    let why = format!("`{account}` is kept by the acts of pools and of held money");
    let instead = "record held money with `hold_money` and `pay_back_held`; what projects are owed is paid from `liabilities:pool-projects`";
    Err(Refusal::new(Rule::KeptByPools, why, instead))
}

impl State {
    /// The debt to a pool's projects, minor units: all that was funded and is not booked as paid yet.
    #[must_use]
    pub fn owed_by_pool(&self, place: DecisionId) -> i64 {
        let Some(decision) = self.decisions.get(place) else { return 0 };
        self.book.balance_of(&account(OWED, &decision.name, place)).saturating_neg()
    }

    /// The account on which a pool's projects are owed.
    #[must_use]
    pub fn account_owed(&self, place: DecisionId) -> Option<String> {
        Some(account(OWED, &self.decisions.get(place)?.name, place))
    }

    /// All that is held for a member, minor units: pledged to nothing, and pledged to projects.
    #[must_use]
    pub fn held_for(&self, member: MemberIndex) -> (u64, u64) {
        let pools = self.open_decisions().filter_map(|(_, decision)| decision.pool());
        let projects = pools.flat_map(|pool| pool.asking());
        let pledged = projects.filter_map(|(_, project)| project.pledges.get(&member));
        (self.held.free(member), pledged.fold(0, |sum, minor| sum.saturating_add(*minor)))
    }

    /// Enters postings that no act names, at an instant.
    fn enter_for_pools(&mut self, postings: &[Posting], at: Moment) {
        let day = Day::of(at, &self.rules.kernel.zone);
        self.book.enter(day, postings);
    }

    /// Sets so much aside for a pool; what is below 0 goes back to what is common.
    fn set_aside(&self, place: DecisionId, minor: i64, postings: &mut Vec<Posting>) {
        let Some(decision) = self.decisions.get(place) else { return };
        post(postings, SET_ASIDE, minor);
        post(postings, &account(POOLS, &decision.name, place), minor.saturating_neg());
    }

    /// The postings by which a record, or what took some of it back, fed pools; none where it fed none.
    pub(crate) fn fed_postings(&self, source: u64) -> Vec<Posting> {
        let mut postings = Vec::new();
        for (place, minor) in self.held.moved.get(&source).into_iter().flat_map(|moved| moved.iter()) {
            self.set_aside(*place, *minor, &mut postings);
        }
        postings
    }

    /// The words of the rules by which a source fed pools: `20 % to commons`.
    #[must_use]
    pub fn fed_words(&self, source: &str) -> Vec<String> {
        let number = crate::support::number_of(source);
        let fed = self.held.fed.get(&number).into_iter().flat_map(|fed| fed.parts.iter());
        let words = fed.filter_map(|(place, part_ppm)| {
            let percent = quantity::format_decimal(i64::from(*part_ppm), 4);
            Some(format!("{percent} % to {}", self.decisions.get(*place)?.name))
        });
        words.collect()
    }

    /// Feeds pools with their parts of what a member gave: each part rounded down, and the rest stays common. A gift from before a pool
    /// was opened is none of its.
    pub(crate) fn feed_pools(&mut self, source: u64, kind: SupportKind, minor: i64, day: Day) {
        if self.editions.current < Edition::FOUR {
            return;
        }
        let zone = &self.rules.kernel.zone;
        let feeds = |(place, decision): (DecisionId, &Decision)| {
            let part_ppm = decision.pool()?.terms.part_of(kind);
            (part_ppm > 0 && day >= Day::of(decision.opened_at, zone)).then_some((place, part_ppm))
        };
        let parts: Vec<(DecisionId, u32)> = self.open_decisions().filter_map(feeds).collect();
        if parts.is_empty() {
            return;
        }
        let left = u64::try_from(minor).unwrap_or(0);
        let moved = parts.iter().map(|(place, part)| (*place, part_of(left, *part))).collect();
        self.held.fed.insert(source, Arc::new(Fed { left, parts }));
        self.move_fed(source, moved, day);
    }

    /// Takes back from pools the parts of what was taken back of a record. A pool that has spent them owes them; one that the rules have
    /// no more has given them back already.
    pub(crate) fn take_back_fed(&mut self, source: u64, of: u64, minor: i64, day: Day) {
        let Some(fed) = self.held.fed.get(&of).cloned() else { return };
        let left = fed.left.saturating_sub(u64::try_from(minor).unwrap_or(0));
        let mut moved = Vec::new();
        for (place, part) in &fed.parts {
            let open = self.decisions.get(*place).is_some_and(Decision::is_open);
            if open {
                moved.push((*place, part_of(left, *part).saturating_sub(part_of(fed.left, *part))));
            }
        }
        self.held.fed.insert(of, Arc::new(Fed { left, parts: fed.parts.clone() }));
        self.move_fed(source, moved, day);
    }

    fn move_fed(&mut self, source: u64, mut moved: Vec<(DecisionId, i64)>, day: Day) {
        moved.retain(|(_, minor)| *minor != 0);
        if moved.is_empty() {
            return;
        }
        for (place, minor) in &moved {
            if let Some(pool) = self.decisions.get_mut(*place).and_then(Decision::pool_mut) {
                pool.sums.fed = pool.sums.fed.saturating_add(*minor);
            }
        }
        self.held.moved.insert(source, Arc::new(moved));
        let postings = self.fed_postings(source);
        self.book.enter(day, &postings);
    }

    /// A member's gift to a pool, as postings.
    pub(crate) fn gift_postings(&self, place: DecisionId, minor: i64) -> Vec<Posting> {
        let mut postings = Vec::new();
        post(&mut postings, HELD, minor);
        post(&mut postings, GIVEN, minor.saturating_neg());
        self.set_aside(place, minor, &mut postings);
        postings
    }

    /// The pool that was open under a path at an instant.
    pub(crate) fn pool_at(&self, path: &str, at: Moment) -> Option<DecisionId> {
        let was_open = |decision: &Decision| {
            decision.opened_at <= at && decision.closed_at.is_none_or(|closed| closed >= at) && decision.name == path
        };
        let mut known = self.decisions.iter().filter(|(_, decision)| decision.pool().is_some() && was_open(decision));
        known.next_back().map(|(place, _)| place)
    }

    /// Money that came to an account, or left it, for a member.
    pub(crate) fn held_postings(account: &str, minor: i64) -> Vec<Posting> {
        let posting = |account: &str, minor| Posting { account: account.to_owned(), minor };
        vec![posting(account, minor), posting(HELD, minor.saturating_neg())]
    }

    /// Common money comes into a pool.
    pub(super) fn add_common(&mut self, place: DecisionId, added: u64, postings: &mut Vec<Posting>) {
        self.set_aside(place, signed(added), postings);
        if let Some(pool) = self.decisions.get_mut(place).and_then(Decision::pool_mut) {
            pool.sums.added = pool.sums.added.saturating_add(signed(added));
        }
    }

    /// Pays one project: it is owed what the pool adds and what members pledged, which is charged. The pledges are gone from the
    /// project before.
    pub(in crate::chamber) fn owe(
        &mut self,
        place: DecisionId,
        from_pool: u64,
        pledged: u64,
        postings: &mut Vec<Posting>,
    ) {
        let Some(decision) = self.decisions.get(place) else { return };
        let (pool, pledges, path) = (signed(from_pool), signed(pledged), decision.name.clone());
        let all = pool.saturating_add(pledges);
        post(postings, &account(SPENT, &path, place), all);
        post(postings, &account(OWED, &path, place), all.saturating_neg());
        post(postings, HELD, pledges);
        post(postings, CHARGED, pledges.saturating_neg());
        self.set_aside(place, pool.saturating_neg(), postings);
        if let Some(pool) = self.decisions.get_mut(place).and_then(Decision::pool_mut) {
            pool.sums.paid = pool.sums.paid.saturating_add(signed(from_pool));
        }
    }

    /// Enters what an update or a change time did with pools, and keeps it for those who read the book.
    pub(in crate::chamber) fn book_for_pools(&mut self, mut postings: Vec<Posting>, at: Moment) {
        postings.retain(|posting| posting.minor != 0);
        if postings.is_empty() {
            return;
        }
        self.enter_for_pools(&postings, at);
        // The update that is counted now is the next one still.
        let key = (at, self.next_update == at);
        let before = self.held.booked.get(&key).map(|entry| entry.postings.clone()).unwrap_or_default();
        let mut all = before;
        for posting in &postings {
            post(&mut all, &posting.account, posting.minor);
        }
        all.retain(|posting| posting.minor != 0);
        let entry = BookEntry {
            at,
            source: format!("pools:{}:{at}", if key.1 { "update" } else { "change" }),
            narration: Some("pools were shared out or closed".to_owned()),
            currency: self.book.currency.code().to_owned(),
            postings: all,
        };
        self.held.booked.insert(key, Arc::new(entry));
    }

    /// Gives pledges back to who made them: they are held for them as before.
    pub(super) fn give_back_pledges(&mut self, pledges: &imbl::OrdMap<MemberIndex, u64>) {
        for (member, minor) in pledges {
            self.held.put(*member, *minor);
        }
    }

    /// A pool closes with its clause: what it has is common again, and pledges go back.
    pub(crate) fn empty_pool(&mut self, place: DecisionId, at: Moment) -> Option<Outcome> {
        let pool = self.decisions.get(place)?.pool()?;
        let (left, name) = (pool.sums.left(), self.decisions.get(place)?.name.clone());
        let open: Vec<ItemId> = pool.asking().map(|(item, _)| item).collect();
        let mut pledged: u64 = 0;
        for item in open {
            let pool = self.decisions.get_mut(place).and_then(Decision::pool_mut)?;
            let pledges = pool.end(item, End::Closed);
            pledged = pledges.values().fold(pledged, |sum, minor| sum.saturating_add(*minor));
            self.give_back_pledges(&pledges);
        }
        let mut postings = Vec::new();
        self.set_aside(place, left.saturating_neg(), &mut postings);
        if let Some(pool) = self.decisions.get_mut(place).and_then(Decision::pool_mut) {
            pool.sums.fed = pool.sums.fed.saturating_sub(left);
        }
        self.book_for_pools(postings, at);
        Some(Outcome::PoolEmptied { decision: name, common: left, pledges: signed(pledged) })
    }

    /// A fork takes its part of every pool's balance too: as much of it, rounded up, as of all the money that it divides.
    pub(crate) fn fork_pools(&mut self, minor: i64, of: i64) -> Vec<Posting> {
        let mut postings = Vec::new();
        let open: Vec<(DecisionId, i64)> = self
            .open_decisions()
            .filter_map(|(place, decision)| Some((place, decision.pool()?.sums.left())))
            .filter(|(_, left)| *left > 0 && of > 0)
            .collect();
        for (place, left) in open {
            let up = i128::from(of).saturating_sub(1);
            let part = mul_div(i128::from(left), i128::from(minor), 1).saturating_add(up);
            let part = i64::try_from(mul_div(part, 1, i128::from(of))).unwrap_or(left).min(left);
            self.set_aside(place, part.saturating_neg(), &mut postings);
            if let Some(pool) = self.decisions.get_mut(place).and_then(Decision::pool_mut) {
                pool.sums.forked = pool.sums.forked.saturating_add(part);
            }
        }
        postings
    }
}

/// A part of an amount, minor units, rounded down.
fn part_of(minor: u64, part_ppm: u32) -> i64 {
    i64::try_from(mul_div(i128::from(minor), i128::from(part_ppm), i128::from(PPM))).unwrap_or(0)
}
