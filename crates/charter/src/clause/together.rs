//! How those who hold powers act with care, in plain English: a body by so many of its seats, and what they do to the register or
//! to a list only later. From edition 2 on; `docs/spec/powers.md` defines it.

use crate::edition::Edition;
use crate::kernel::{GivenPower, Kernel, Power, Terms};
use crate::words;

/// Settling times after which what was done to the register or a list takes effect, and at the latest.
const LATER: u64 = 2;
const LATEST: u64 = 8;

/// The seats of a clause: how many there are, and how many must agree to an act, and to recording something.
#[derive(Clone, Copy)]
pub(super) struct Seats {
    pub(super) all: u32,
    pub(super) needed: u32,
    pub(super) to_record: u32,
}

impl Seats {
    /// The seat of an office.
    pub(super) const ONE: Seats = Seats { all: 1, needed: 1, to_record: 1 };
}

/// Explains how the holders of so many seats use their powers.
pub(super) fn meaning(powers: &[GivenPower], seats: Seats, terms: &Terms, kernel: &Kernel) -> Vec<String> {
    let mut sentences = together(powers, seats, terms, kernel);
    sentences.extend(recording(powers, seats, terms));
    sentences.extend(expelling(powers, seats, terms));
    sentences
}

/// Explains how they record what members give.
fn recording(powers: &[GivenPower], seats: Seats, terms: &Terms) -> Vec<String> {
    if !powers.iter().any(|given| given.power == Power::Record) {
        return Vec::new();
    }
    let alone = match (seats.all, seats.to_record) {
        (1, _) => "Nobody records anything for themselves.".to_owned(),
        (_, 1) => "Each seat records alone, and never for its own holder.".to_owned(),
        (all, needed) => {
            format!("A record takes the agreement of {needed} of the {all} seats, without that of the giver.")
        }
    };
    let later = words::days(quantity::Span::from_seconds(terms.settles_in.seconds().saturating_mul(LATER)));
    let back = "To take back what others recorded, or what an update has counted, is announced";
    vec![alone, format!("{back}, and takes effect after {later} as a change of a list does.")]
}

/// Explains how they expel somebody.
fn expelling(powers: &[GivenPower], seats: Seats, terms: &Terms) -> Option<String> {
    powers.iter().find(|given| given.power == Power::Expel)?;
    let later = words::days(quantity::Span::from_seconds(terms.settles_in.seconds().saturating_mul(LATER)));
    Some(format!(
        "A member is expelled once {} of the {} seats agree, 14 days or more after a hearing was opened with a reason that they can answer; it is announced as an admission is, and takes effect after {later}. Until then the member keeps their say.",
        seats.needed, seats.all
    ))
}

fn together(powers: &[GivenPower], seats: Seats, terms: &Terms, kernel: &Kernel) -> Vec<String> {
    let Seats { all: seats, needed, .. } = seats;
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
