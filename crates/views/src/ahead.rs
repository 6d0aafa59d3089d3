//! The effect of one more record on a member's say at the next update: nothing in it has happened.

use engine::weight::{Sources, Weights, weigh};
use engine::{MemberIndex, State};
use words::record;

use crate::{Share, Sight, Weight};

/// The member's say at the next update, without the record and with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAhead {
    /// One sentence.
    pub words: String,
    /// Of all weight.
    pub share_now: Share,
    pub share_then: Share,
    pub weight_now: Weight,
    pub weight_then: Weight,
}

/// Returns what a record of `member` does to their say. `after` is the state with the record.
#[must_use]
pub fn record_ahead(before: &Sight<'_>, after: &State, member: MemberIndex) -> RecordAhead {
    let at = before.state.next_update;
    let weights =
        |state: &State| weigh(&state.rules.kernel, &state.members, state.given(), &mut Sources::default(), at, 1);
    let (now, then) = (weights(before.state), weights(after));
    let share = |weights: &Weights| Share::from_ppm(part(weights.of(member), weights.total));
    let (share_now, share_then) = (share(&now), share(&then));
    let (weight_now, weight_then) = (now.of(member), then.of(member));
    let name = before.state.members.pseudonym(member).map(|who| before.directory.name(who)).unwrap_or_default();
    let when = before.moment(at).day;
    let words = match weight_now == weight_then {
        true if weight_now == 0 => record::say_stays_none(name, when),
        true => record::say_stays(name, share_now.brief(), when),
        false if weight_now == 0 => record::say_begins(name, share_then.brief(), when),
        false => record::say_changes(name, share_now.brief(), share_then.brief(), when),
    };
    let (weight_now, weight_then) = (Weight::from_micro(weight_now), Weight::from_micro(weight_then));
    RecordAhead { words, share_now, share_then, weight_now, weight_then }
}

/// A part of a whole in parts per million, rounded down.
fn part(weight: u64, total: u128) -> u32 {
    let millions = u128::from(weight).saturating_mul(1_000_000);
    millions.checked_div(total).and_then(|ppm| u32::try_from(ppm).ok()).unwrap_or(0)
}
