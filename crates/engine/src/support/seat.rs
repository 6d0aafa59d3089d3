//! Support that an office or a body records, by the power `record`. Not the records themselves (`support/act`), nor who has the power
//! (`apply/authority`). From edition 3 on. Source: `docs/spec/powers.md`, Recording.

use imbl::OrdSet;

use super::Fingerprint;
use super::act as support;
use crate::act::{RecordSupport, ReverseSupport};
use crate::book::AccountKind;
use crate::context::Context;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::power::Group;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// Records for another member. Those who agreed do not record anything for themselves, and money only comes in.
pub(crate) fn record(
    state: &mut State,
    act: &RecordSupport,
    by: &Group,
    agreed: &OrdSet<MemberIndex>,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    // Of the rules of the record itself some have lower numbers, and some higher ones.
    let mut no: Vec<Refusal> = support::record(&mut state.clone(), act, context).err().into_iter().collect();
    if state.members.index(state.holder(act.member)).is_some_and(|giver| agreed.contains(&giver)) {
        let why = "nobody records what they gave themselves";
        no.push(Refusal::new(Rule::OwnSupport, why, "ask another who may record it, or the operator"));
    }
    if let Some(sides) = &act.book {
        let kinds = (AccountKind::of(&sides.to), AccountKind::of(&sides.from));
        let comes_in = kinds.0 == Some(AccountKind::Assets)
            && !matches!(kinds.1, None | Some(AccountKind::Assets | AccountKind::Expenses));
        if !comes_in {
            let why = format!("from `{}` to `{}` no money comes in", sides.from, sides.to);
            let instead = "book it to assets, from income, liabilities or equity, or ask the operator";
            no.push(Refusal::new(Rule::NotMoneyIn, why, instead));
        }
    }
    if let Some(first) = no.into_iter().min_by_key(|no| no.rule) {
        return Err(first);
    }
    let done = support::record(state, act, context)?;
    if let Group::Seat(place) = by {
        state.recorded.insert(Fingerprint::of(&act.source).number(), *place);
    }
    Ok(done)
}

/// Takes back at once what the same office or body has recorded since the last update; a founder nothing else.
pub(crate) fn reverse(
    state: &mut State,
    act: &ReverseSupport,
    by: &Group,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    if is_fresh(state, by, &act.of) {
        return support::reverse(state, act, context);
    }
    support::reverse(&mut state.clone(), act, context)?;
    let why = "others recorded it, or an update has counted it";
    Err(Refusal::new(Rule::CountedAlready, why, "ask the operator: nobody sits here who could announce it"))
}

/// Whether an office or body has recorded something since the last update, so that nothing has counted it yet.
pub(crate) fn is_fresh(state: &State, by: &Group, source: &str) -> bool {
    let recorded = state.recorded.get(&Fingerprint::of(source).number());
    matches!(by, Group::Seat(place) if recorded == Some(place))
}

/// Money that came into the book with a record leaves it with the operator's word alone: a gift paid back would be spending by
/// another name (docs/spec/powers.md, Spending).
pub(crate) fn not_booked(state: &State, act: &ReverseSupport, context: &Context) -> Result<(), Refusal> {
    if state.support.booked(&act.of).is_none() {
        return Ok(());
    }
    support::reverse(&mut state.clone(), act, context)?;
    let why = "money came into the book with it, and would leave it again";
    Err(Refusal::new(Rule::NotMoneyIn, why, "ask the operator to take it back"))
}

#[cfg(test)]
mod tests;
