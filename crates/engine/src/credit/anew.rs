//! Credit of the past under other rules: an act of then with what its list comes to by the weights that are tried. It changes nothing.

use super::contributions::{Contributions, Strikes};
use super::wish::Wish;
use crate::act::{Act, ProposeCredit, StrikeCredit};
use crate::state::State;

/// The act with the credit that its list comes to by the rules of a state; `None` where it is about something else, or where a text is not
/// at hand, so that the numbers of then are all that there is.
#[must_use]
pub fn worked_anew(state: &State, act: &Act) -> Option<Act> {
    let read = |text: &str| Contributions::parse(text).ok();
    match act {
        Act::ProposeCredit(act) => {
            let list = read(act.contributions_text.as_deref()?)?;
            let credit = list.rows(&Strikes::default(), &state.credit_parameters()).ok()?;
            Some(Act::ProposeCredit(ProposeCredit { credit, ..act.clone() }))
        }
        Act::StrikeCredit(act) => {
            let list = read(act.contributions_text.as_deref()?)?;
            let wish = Wish::read(act.text.as_deref()?).ok()?;
            let credit = wish.rows(&list, &state.credit_proposed()?.parameters).ok()?;
            Some(Act::StrikeCredit(StrikeCredit { credit, ..act.clone() }))
        }
        _ => None,
    }
}
