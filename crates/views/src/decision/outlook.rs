//! What would happen if nothing moved, in a sentence.

use engine::State;
use engine::chamber::Decision;
use engine::chamber::election::what_if::{BucketForecast, NomineeForecast, SeatForecast};
use engine::count::SeatChange;
use quantity::Moment;

use crate::{Sight, say};

/// Farther than this a date would only pretend to know.
const FAR_SECONDS: u64 = 100 * 365 * 86_400;

impl Sight<'_> {
    pub(crate) fn is_far(&self, at: Moment) -> bool {
        at.seconds_since(self.now) > FAR_SECONDS
    }

    /// `in 3 weeks, on Monday 8 December 2025`.
    pub(crate) fn when(&self, at: Moment) -> String {
        let day = format!("on {} {}", say::weekday(at, self.zone()), self.day(at));
        if at > self.now { format!("{}, {day}", say::ahead(self.now, at, self.zone())) } else { day }
    }

    /// One challenger's bucket: `filling, full in 3 weeks, on Monday 8 December 2025 if nothing moves`.
    pub(crate) fn bucket_words(&self, ahead: BucketForecast, bucket: u128) -> String {
        match ahead {
            BucketForecast::Full(_) => "full".to_owned(),
            BucketForecast::Fills(at) if self.is_far(at) => "filling, but never full at this rate".to_owned(),
            BucketForecast::Fills(at) => {
                format!("filling, full {} if nothing moves", self.when(at))
            }
            BucketForecast::Drains(at) => {
                format!("draining, empty on {} if nothing moves", self.day(at))
            }
            BucketForecast::Still if bucket == 0 => "empty, and never full at this rate".to_owned(),
            BucketForecast::Still => "neither filling nor draining".to_owned(),
        }
    }

    pub(crate) fn nominee_words(&self, decision: &Decision, nominee: &engine::chamber::Candidate) -> String {
        if self.state.last_update.is_none_or(|last| nominee.since >= last) {
            return format!("is counted first on {}", self.day(self.state.next_update));
        }
        match self.state.nominee_ahead(decision, nominee) {
            NomineeForecast::Enters(at) if self.is_far(at) => "never becomes a candidate at this rate".to_owned(),
            NomineeForecast::Enters(at) => {
                format!("becomes a candidate on {} if nothing moves", self.day(at))
            }
            NomineeForecast::Drops(at) => format!("drops out on {} if nothing moves", self.day(at)),
            NomineeForecast::Stays => "stays a nominee if nothing moves".to_owned(),
        }
    }

    /// The whole election in one sentence, with its full stop.
    pub(crate) fn election_words(&self, state: &State, decision: &Decision) -> String {
        if !decision.has_seats() {
            return String::new();
        }
        if state.last_update.is_none() {
            return format!("Votes are counted for the first time on {}.", self.day(state.next_update));
        }
        match state.next_seat_change(decision).filter(|next| !self.is_far(next.at)) {
            Some(next) => match next.changes.first() {
                Some(change) => format!("If nobody moves a vote, {}.", self.change_words(decision, *change, &next)),
                None => "Challengers with a full bucket have equal votes: a tie keeps the seat as it is.".to_owned(),
            },
            None => self.standstill_words(decision),
        }
    }

    /// The same for a card: `member-080 takes over on 8 December 2025 if nothing moves.`
    pub(crate) fn card_words(&self, decision: &Decision) -> String {
        let next = self.state.next_seat_change(decision).filter(|next| !self.is_far(next.at));
        let change = next.as_ref().and_then(|next| Some((next, next.changes.first()?)));
        match change {
            Some((next, change)) => format!("{} if nothing moves.", self.change_words(decision, *change, next)),
            None => self.election_words(self.state, decision),
        }
    }

    fn change_words(&self, decision: &Decision, change: SeatChange, next: &SeatForecast) -> String {
        let when = self.when(next.at);
        let name = |place: usize| self.in_words(decision, place);
        match (change.from.map(name), change.to.map(name)) {
            (Some(from), Some(to)) if decision.elects_documents() => {
                format!("{to} replaces {from} {when}")
            }
            (Some(from), Some(to)) => format!("{to} takes over from {from} {when}"),
            (None, Some(to)) => format!("{to} takes a vacant seat {when}"),
            (Some(from), None) => format!("{from} loses the seat {when}, and it is vacant"),
            (None, None) => format!("nothing changes {when}"),
        }
    }

    fn standstill_words(&self, decision: &Decision) -> String {
        let holders: Vec<String> = decision.seated().map(|place| self.in_words(decision, place)).collect();
        let standing = decision.candidate_count();
        match (holders.is_empty(), standing.saturating_sub(holders.len())) {
            (true, 0) => nobody_words(decision).to_owned(),
            (true, _) => "The seat stays vacant: no candidate is ahead of the others at this rate.".to_owned(),
            (false, 0) => format!("Nothing would change: nobody challenges {}.", say::all_of(&holders)),
            (false, _) if holders.len() == 1 => {
                format!("Nothing would change: no challenger is ahead of {}.", say::all_of(&holders))
            }
            (false, _) => "Nothing would change: no challenger is ahead of those seated.".to_owned(),
        }
    }
}

/// Nothing is seated and nothing can be elected.
fn nobody_words(decision: &Decision) -> &'static str {
    let nominated = decision.nominees().next().is_some();
    match (decision.elects_documents(), nominated) {
        (true, false) => "No text is in force and none is proposed yet.",
        (true, true) => "No text is in force. The first is being nominated.",
        (false, false) => "Nobody holds this seat and nobody stands for it yet.",
        (false, true) => "Nobody holds this seat. Newcomers are being nominated.",
    }
}
