//! Items that members bring for themselves, and take back. From edition 3 on. Source: `docs/spec/rankings.md`, Who brings items.

use charter::ClauseKind;
use quantity::Moment;

use super::act::{may_open, open_one, ranking};
use super::supply;
use crate::act::{BringItem, OpenItem, Pseudonym, TakeBackItem};
use crate::ballot::Side;
use crate::chamber::Item;
use crate::chamber::election::act::is_a_hundredth;
use crate::context::{Context, decision, member};
use crate::id::{DecisionId, ItemId, MemberIndex};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// The time for which an item that was taken back still counts toward the limit of its member, seconds: 30 days.
const COUNTS_S: i64 = 30 * 86_400;

/// The part of a ranking's items that a member may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnItems {
    /// So many count now.
    pub had: u32,
    /// Of so many.
    pub most: u32,
    /// When the first of those that were taken back counts no more, if one counts.
    pub until: Option<Moment>,
}

impl State {
    /// How many items of a ranking a member has brought, and may; `None` where members bring none.
    #[must_use]
    pub fn own_items(&self, who: Pseudonym, name: &str, now: Moment) -> Option<OwnItems> {
        let most = self.members_bring(name)?;
        let (who, ranking) = (self.members.index(who)?, self.decision(name)?.ranking()?);
        let ends = |item: &Item| item.closed_at.map(|at| at.plus_seconds(COUNTS_S));
        let counts = || ranking.own(who).filter(|item| ends(item).is_none_or(|end| now < end));
        let had = u32::try_from(counts().count()).unwrap_or(u32::MAX);
        Some(OwnItems { had, most, until: counts().filter_map(ends).min() })
    }

    /// How many open items of a ranking each member may have brought; `None` where members bring none.
    #[must_use]
    pub fn members_bring(&self, name: &str) -> Option<u32> {
        match &self.rules.clause(name)?.kind {
            ClauseKind::Ranking(ranking) => ranking.members_bring(),
            _ => None,
        }
    }

    /// Whether a member brought an item that is open. It is theirs to take back unless others are for it, which is asked then alone: it
    /// takes a look at every ballot.
    #[must_use]
    pub fn brought_item(&self, who: Pseudonym, name: &str, item: &str) -> bool {
        let list = self.decision(name);
        let own = list.and_then(|list| list.item_at(list.item_place(item)?)).filter(|one| one.closed_at.is_none());
        own.and_then(|one| one.brought).is_some_and(|brought| Some(brought.by) == self.members.index(who))
    }

    /// Whether others with a hundredth of all weight or more are for an item.
    fn others_are_for(&self, place: DecisionId, item: ItemId, who: MemberIndex) -> bool {
        let on_it = self.ballots.rows().iter().filter(|ballot| {
            ballot.decision == place
                && ballot.side == Side::For
                && ballot.item() == item
                && ![who, MemberIndex::NOBODY].contains(&ballot.member)
        });
        is_a_hundredth(self, on_it.map(|ballot| ballot.member))
    }
}

/// A member brings an item.
pub(crate) fn bring(state: &mut State, act: &BringItem, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let list = ranking(state, place, &act.decision)?;
    let (decision, item, amount) = (act.decision.clone(), act.item.clone(), act.amount.clone());
    let asked = may_open(state, list, &OpenItem { decision, item, amount })?;
    let own = state.own_items(act.member, &act.decision, context.time);
    if let Some(own) = own.filter(|own| own.had >= own.most) {
        let why = format!("you have brought {} to `{}`, and each member may {}", own.had, act.decision, own.most);
        let instead = match own.until {
            Some(until) => format!("wait until one of yours closes, or until {until}"),
            None => "take one of yours back, or wait until one closes".to_owned(),
        };
        return Err(Refusal::new(Rule::TooMany, why, instead));
    }
    if own.is_none() {
        let why = format!("members bring no items to `{}`", act.decision);
        return Err(Refusal::new(Rule::NotBroughtByMembers, why, "ask those who may close its items to bring it"));
    }
    if list.place(&act.item).is_some() {
        let why = format!("`{}` was on `{}` before", act.item, act.decision);
        let instead = "give it another id, or ask those who may close items to open it again";
        return Err(Refusal::new(Rule::ItemWasThere, why, instead));
    }
    supply::fits(list, &act.decision, act.amount.is_some(), asked)?;
    if let Some(list) = state.decisions.get_mut(place).and_then(|one| one.ranking_mut()) {
        list.open(&act.item, context.time, Some(who), asked);
    }
    Ok(vec![Outcome::Recorded])
}

/// A member takes an item back that they brought, as long as others are not for it.
pub(crate) fn take_back(state: &mut State, act: &TakeBackItem, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = decision(state, &act.decision)?;
    let list = ranking(state, place, &act.decision)?;
    let target = open_one(list, &act.decision, &act.item)?;
    let brought = list.items.get(target).and_then(|item| item.brought);
    if brought.is_none_or(|brought| brought.by != who) {
        let why = format!("you did not bring `{}`", act.item);
        return Err(Refusal::new(
            Rule::NotTheProposer,
            why,
            "place weight against it, or ask those who may close items",
        ));
    }
    if state.others_are_for(place, target, who) {
        let why = "others with a hundredth of all weight or more are for it";
        return Err(Refusal::new(
            Rule::OthersBehindIt,
            why,
            "take your own ballot back, or ask those who may close items",
        ));
    }
    let freed = state.close_items(place, &[target].into(), context.time);
    let freed = freed.get(&target).copied().unwrap_or(0);
    if let Some(list) = state.decisions.get_mut(place).and_then(|one| one.ranking_mut()) {
        list.take_back(target);
    }
    Ok(vec![Outcome::ItemClosed { decision: act.decision.clone(), item: act.item.clone(), freed }])
}

#[cfg(test)]
mod tests;
