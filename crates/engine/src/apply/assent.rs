//! Members assent to another kernel. No share of their weight is placed: the same member may assent to several.

use crate::act::Assent;
use crate::amendment::KERNEL;
use crate::apply::member;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

pub(super) fn assent(state: &mut State, act: &Assent) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let place = state.amendment.place(&act.document);
    let Some(proposal) = place.and_then(|place| state.amendment.proposals.get_mut(place)) else {
        let why = format!("`{}` is not proposed as the {KERNEL}", act.document);
        return Err(Refusal::new(
            Rule::NotStanding,
            why,
            "propose it first, or assent to one that stands",
        ));
    };
    let stood = proposal.assents.contains(&who);
    if !act.assent && !stood {
        return Err(Refusal::new(
            Rule::NothingToTakeBack,
            "you do not assent to this kernel",
            "nothing needs to be done",
        ));
    }
    if act.assent && stood {
        return Err(Refusal::new(
            Rule::AlreadyStanding,
            "you assent to this kernel already",
            "nothing needs to be done",
        ));
    }
    if act.assent {
        proposal.assents.insert(who);
    } else {
        proposal.assents.remove(&who);
    }
    Ok(vec![Outcome::Recorded])
}
