//! The outlook of a decision if nothing moved, in a sentence.

use engine::chamber::Decision;
use engine::chamber::election::what_if::{BucketForecast, NomineeForecast, SeatForecast};
use engine::count::SeatChange;
use engine::{CandidateId, State};
use quantity::Moment;
use words::{numbers, outlook, time};

use crate::{Sight, say};

/// Beyond this time a date would be a false promise.
const FAR_SECONDS: u64 = 100 * 365 * 86_400;

impl Sight<'_> {
    pub(crate) fn is_far(&self, at: Moment) -> bool {
        at.seconds_since(self.now) > FAR_SECONDS
    }

    /// `in 3 weeks, on Monday 8 December 2025`.
    pub(crate) fn when(&self, at: Moment) -> String {
        let on = time::on(say::weekday(at, self.zone()), self.day(at));
        if at > self.now { time::ahead_on(say::ahead(self.now, at, self.zone()), on) } else { on }
    }

    /// One challenger's bucket: `filling, full in 3 weeks, on Monday 8 December 2025 if nothing moves`.
    pub(crate) fn bucket_words(&self, ahead: BucketForecast, bucket: u128) -> String {
        match ahead {
            BucketForecast::Full(_) => outlook::FULL.to_owned(),
            BucketForecast::Fills(at) if self.is_far(at) => outlook::NEVER_FULL.to_owned(),
            BucketForecast::Fills(at) => outlook::filling(self.when(at)),
            BucketForecast::Drains(at) => outlook::draining(self.day(at)),
            BucketForecast::Still if bucket == 0 => outlook::EMPTY.to_owned(),
            BucketForecast::Still => outlook::STILL.to_owned(),
        }
    }

    pub(crate) fn nominee_words(&self, decision: &Decision, nominee: &engine::chamber::Candidate) -> String {
        if nominee.waits {
            return outlook::WAITS.to_owned();
        }
        if self.state.last_update.is_none_or(|last| nominee.since >= last) {
            return outlook::counted_first(self.day(self.state.next_update));
        }
        match self.state.nominee_ahead(decision, nominee) {
            NomineeForecast::Enters(at) if self.is_far(at) => outlook::NEVER_A_CANDIDATE.to_owned(),
            NomineeForecast::Enters(at) => outlook::becomes_candidate(self.day(at)),
            NomineeForecast::Drops(at) => outlook::drops_out(self.day(at)),
            NomineeForecast::Stays => outlook::STAYS_NOMINEE.to_owned(),
        }
    }

    /// Returns the whole election in one sentence, with its full stop.
    pub(crate) fn election_words(&self, state: &State, decision: &Decision) -> String {
        if !decision.has_seats() {
            return String::new();
        }
        if state.last_update.is_none() {
            return outlook::first_count(self.day(state.next_update));
        }
        match state.next_seat_change(decision).filter(|next| !self.is_far(next.at)) {
            Some(next) => match next.changes.first() {
                Some(change) => outlook::if_nobody_moves(self.change_words(decision, *change, &next)),
                None => outlook::TIE.to_owned(),
            },
            None => self.standstill_words(decision),
        }
    }

    /// Returns the same for a card: `member-080 takes over on 8 December 2025 if nothing moves.`
    pub(crate) fn card_words(&self, decision: &Decision) -> String {
        let next = self.state.next_seat_change(decision).filter(|next| !self.is_far(next.at));
        let change = next.as_ref().and_then(|next| Some((next, next.changes.first()?)));
        match change {
            Some((next, change)) => outlook::if_nothing_moves(self.change_words(decision, *change, next)),
            None => self.election_words(self.state, decision),
        }
    }

    fn change_words(&self, decision: &Decision, change: SeatChange, next: &SeatForecast) -> String {
        let when = self.when(next.at);
        let name = |place: CandidateId| self.in_words(decision, place);
        match (change.from.map(name), change.to.map(name)) {
            (Some(from), Some(to)) if decision.elects_documents() => outlook::replaces(to, from, when),
            (Some(from), Some(to)) => outlook::takes_over(to, from, when),
            (None, Some(to)) => outlook::takes_vacant_seat(to, when),
            (Some(from), None) => outlook::loses_seat(from, when),
            (None, None) => outlook::nothing_changes(when),
        }
    }

    fn standstill_words(&self, decision: &Decision) -> String {
        let holders: Vec<String> = decision.seated().map(|place| self.in_words(decision, place)).collect();
        let challengers = decision.candidate_count().saturating_sub(holders.len());
        match (holders.as_slice(), challengers) {
            ([], 0) => nobody_words(decision).to_owned(),
            ([], _) => outlook::STAYS_VACANT.to_owned(),
            (_, 0) => outlook::nobody_challenges(numbers::all_of(&holders)),
            ([holder], _) => outlook::nobody_ahead(holder),
            _ => outlook::NOBODY_AHEAD_OF_THOSE_SEATED.to_owned(),
        }
    }
}

/// Nothing is seated and nothing can be elected.
fn nobody_words(decision: &Decision) -> &'static str {
    let nominated = decision.nominees().next().is_some();
    match (decision.elects_documents(), nominated) {
        (true, false) => outlook::NO_TEXT,
        (true, true) => outlook::NO_TEXT_BUT_NOMINATED,
        (false, false) => outlook::NO_HOLDER,
        (false, true) => outlook::NO_HOLDER_BUT_NOMINATED,
    }
}
