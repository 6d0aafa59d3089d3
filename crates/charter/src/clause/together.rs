//! How those who hold powers act with care, in plain English: a body by so many of its seats, and what they do to the register or
//! to a list only later. From edition 2 on; `docs/spec/powers.md` defines it.

use crate::edition::Edition;
use crate::kernel::{GivenPower, Kernel, Power, Terms};
use crate::words;

/// Settling times after which what was done to the register or a list takes effect, and at the latest.
const LATER: u64 = 2;
const LATEST: u64 = 8;

/// Explains how the holders of so many seats use their powers.
pub(super) fn meaning(powers: &[GivenPower], seats: u32, needed: u32, terms: &Terms, kernel: &Kernel) -> Vec<String> {
    if kernel.edition < Edition::TWO {
        return Vec::new();
    }
    let mut sentences = Vec::new();
    let acts =
        |given: &&GivenPower| matches!(given.power, Power::Admit | Power::KeepList | Power::CloseIssue | Power::Spend);
    if needed > 1 && powers.iter().any(|given| acts(&given)) {
        sentences.push(format!(
            "It acts together: one seat proposes an act, and it is done once {needed} of the {seats} seats have agreed."
        ));
    }
    let given = |power: Power| powers.iter().any(|given| given.power == power);
    let what = match (given(Power::Admit), given(Power::KeepList)) {
        (true, true) => "An admission, or a change of a list,",
        (true, false) => "An admission",
        (false, true) => "A change of a list",
        (false, false) => return sentences,
    };
    let settles = terms.settles_in;
    let times = |many: u64| words::days(quantity::Span::from_seconds(settles.seconds().saturating_mul(many)));
    sentences.push(format!(
        "{what} is announced, and takes effect after {}; while one candidate is far ahead, it waits, for {} at most. Until then it can be taken back.",
        times(LATER),
        times(LATEST)
    ));
    sentences
}
