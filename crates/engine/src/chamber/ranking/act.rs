//! Items come on a ranking and leave it.

use super::supply::{self, Asked};
use crate::act::{CloseItem, OpenItem};
use crate::chamber::Ranking;
use crate::context::{Context, decision, wrong_kind};
use crate::id::{DecisionId, ItemId};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// The longest id of an item.
pub(super) const MAX_ID: usize = 64;
/// The most items that one ranking ever had.
pub(super) const MAX_ITEMS: usize = 1_000_000;

pub(crate) fn open(state: &mut State, act: &OpenItem, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let place = decision(state, &act.decision)?;
    let ranking = ranking(state, place, &act.decision)?;
    let asked = may_open(state, ranking, act)?;
    supply::fits(ranking, &act.decision, act.amount.is_some(), asked)?;
    if let Some(ranking) = state.decisions.get_mut(place).and_then(|d| d.ranking_mut()) {
        ranking.open(&act.item, context.time, None, asked);
    }
    Ok(vec![Outcome::Recorded])
}

/// Whether an item can come on a ranking, whoever brings it, and the amount that it asks for.
pub(super) fn may_open(state: &State, ranking: &Ranking, act: &OpenItem) -> Result<Option<Asked>, Refusal> {
    let known = ranking.place(&act.item);
    if known.is_some_and(|at| ranking.items.get(at).is_some_and(|item| item.closed_at.is_none())) {
        let why = format!("`{}` is open on `{}` already", act.item, act.decision);
        return Err(Refusal::new(Rule::ItemAlreadyOpen, why, "nothing needs to be done"));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '#' | '/');
    if act.item.is_empty() || act.item.len() > MAX_ID || !act.item.chars().all(allowed) {
        let instead = format!("use 1 to {MAX_ID} of letters, digits, `.`, `_`, `-`, `#`, `/`");
        return Err(Refusal::new(Rule::NameNotAllowed, "the item's id cannot be used", instead));
    }
    let asked = state.amount_asked(ranking, act.amount.as_ref())?;
    if known.is_none() && ranking.items.len() >= MAX_ITEMS {
        return Err(Refusal::new(
            Rule::TooMany,
            format!("`{}` has had {MAX_ITEMS} items", act.decision),
            "open a second ranking",
        ));
    }
    Ok(asked)
}

pub(crate) fn close(state: &mut State, act: &CloseItem, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let place = decision(state, &act.decision)?;
    let ranking = ranking(state, place, &act.decision)?;
    let target = open_one(ranking, &act.decision, &act.item)?;
    let freed = state.close_items(place, &[target].into(), context.time);
    let freed = freed.get(&target).copied().unwrap_or(0);
    Ok(vec![Outcome::ItemClosed { decision: act.decision.clone(), item: act.item.clone(), freed }])
}

/// The place of an item that is open.
pub(super) fn open_one(ranking: &Ranking, decision: &str, item: &str) -> Result<ItemId, Refusal> {
    let Some(target) = ranking.place(item) else {
        let why = format!("`{decision}` has no item `{item}`");
        return Err(Refusal::new(Rule::UnknownItem, why, "name an item of the list"));
    };
    if ranking.items.get(target).is_some_and(|item| item.closed_at.is_some()) {
        let why = format!("`{item}` is closed already");
        return Err(Refusal::new(Rule::ItemClosed, why, "nothing needs to be done"));
    }
    Ok(target)
}

pub(super) fn ranking<'a>(state: &'a State, place: DecisionId, name: &str) -> Result<&'a Ranking, Refusal> {
    let known = state.decisions.get(place);
    known
        .and_then(|d| d.ranking())
        .ok_or_else(|| wrong_kind(name, known.map_or("decision", |d| d.kind().word()), "a ranking"))
}
