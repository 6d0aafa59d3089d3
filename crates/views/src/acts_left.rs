//! How many acts a member can still hand in, told before there are none.

use engine::{Pseudonym, State};
use quantity::Moment;
use words::me;

use crate::say;

/// Says how many acts a member has left in the hour or the day, once fewer than a quarter are; else `None`.
#[must_use]
pub fn acts_left(state: &State, member: Pseudonym, now: Moment) -> Option<String> {
    let left = state.acts_left(member, now).filter(|left| left.is_low())?;
    let until = say::moment(left.until, &state.rules.kernel.zone).text;
    let unit = if left.in_day { me::THIS_DAY } else { me::THIS_HOUR };
    Some(match left.left {
        0 => me::no_acts_left(left.of, unit, until),
        1 => me::one_act_left(left.of, unit, until),
        many => me::acts_left(many, left.of, unit, until),
    })
}
