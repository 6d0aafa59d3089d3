//! Announced acts take effect at updates, after take-overs; and acts that wait lapse with the seats of those who did them.

use imbl::OrdSet;
use quantity::Moment;

use super::act::put_in_effect;
use super::{Announced, Group};
use crate::act::{Act, Deed};
use crate::chamber::Decision;
use crate::context::{Actor, Context};
use crate::id::CandidateId;
use crate::outcome::Outcome;
use crate::state::State;

/// A candidate holds an announced act up who is ahead by this part of C: an eighth.
const PART_OF_CAPACITY: u128 = 8;

impl State {
    /// Whether an act can end somebody's seat, or somebody's part in a list, while something waits.
    pub(crate) fn may_end_waiting(&self, act: &Act) -> bool {
        !self.powers.is_idle()
            && matches!(
                act,
                Act::EndMembership(_)
                    | Act::PauseMembership(_)
                    | Act::WithdrawCandidacy(_)
                    | Act::ResignSeat(_)
                    | Act::CompleteFork(_)
                    | Act::RemoveFromList(_)
                    | Act::AdoptEdition(_)
                    | Act::ProposeAct(_)
                    | Act::AgreeToAct(_)
            )
    }

    /// Ends what waits and can no longer be done by those who began it.
    pub(crate) fn lapse(&mut self, at: Moment) -> Vec<Outcome> {
        if self.powers.is_idle() {
            return Vec::new();
        }
        let mut outcomes = Vec::new();
        for (number, proposed) in self.powers.proposed.clone() {
            let agreed = self.still(&proposed.by, &proposed.agreed);
            let is_over =
                at >= proposed.lapses_at() || agreed.is_empty() || !self.holds_on(&proposed.by, &proposed.deed.act());
            if is_over {
                outcomes.push(Outcome::ActLapsed(self.waited(number, &proposed.by, &proposed.deed)));
                self.powers.proposed.remove(&number);
            } else if agreed.len() < proposed.agreed.len() {
                self.powers.proposed.insert(number, super::Proposed { agreed, ..proposed });
            }
        }
        for (number, announced) in self.powers.announced.clone() {
            if !self.stays_announced(&announced) {
                outcomes.push(Outcome::ActLapsed(self.waited(number, &announced.by, &announced.deed)));
                self.powers.announced.remove(&number);
            }
        }
        outcomes
    }

    /// Whether the office or body is still there and may still do the act. Those on a list, and members, are asked when the act is done.
    /// Nobody waits to take back an act that no longer waits.
    fn holds_on(&self, by: &Group, act: &Act) -> bool {
        let Group::Seat(place) = by else {
            return !matches!(act, Act::TakeBackAct(act) if self.powers.announced_act(act.number).is_none());
        };
        self.decisions.get(*place).is_some_and(|one| one.is_open() && self.body_may(one, act))
    }

    /// Whether those who announced an act are still enough. Heads are counted against those of then: newcomers on a list end
    /// nothing.
    fn stays_announced(&self, announced: &Announced) -> bool {
        let needed = match announced.by {
            Group::Seat(_) => self.needed(&announced.by, &announced.deed),
            Group::List(_) | Group::Members => usize::try_from(announced.needed).unwrap_or(usize::MAX),
        };
        let still = self.still(&announced.by, &announced.agreed).len();
        still >= needed && self.holds_on(&announced.by, &announced.deed.act())
    }

    /// Notes at an update who holds announced acts up, before its take-overs: those who were ahead by an eighth of C at every update from
    /// one whole period after the announcement on. A candidate who was, and has taken a seat since, goes on counting; else the seat that
    /// opponents win would set the act free.
    pub(crate) fn note_ahead(&mut self, at: Moment) {
        let period_s = self.period_s(at);
        for (number, mut announced) in self.powers.announced.clone() {
            if at.seconds_since(announced.at) < period_s {
                continue;
            }
            let is_open = |place| self.decisions.get(place).is_some_and(Decision::is_open);
            if !is_open(announced.watched) {
                // The decision that a list fed has closed: another one that it feeds decides from here on. An act by a seat lapses.
                announced.watched = self.watched(&announced.by, &announced.deed);
                announced.capacity = self.decisions.get(announced.watched).map_or(0, |one| one.capacity);
                announced.ahead = None;
            }
            let Some(watched) = self.decisions.get(announced.watched).filter(|one| one.is_open()) else {
                continue;
            };
            let now = far_ahead(watched, announced.capacity);
            announced.ahead = Some(match announced.ahead.take() {
                None => now,
                Some(since) => since.into_iter().filter(|who| now.contains(who) || watched.holds(*who)).collect(),
            });
            self.powers.announced.insert(number, announced);
        }
    }

    /// Puts announced acts in effect whose time has come, in the order of their announcement. To be asked at an update, after
    /// take-overs.
    pub(crate) fn take_effect(&mut self, at: Moment) -> Vec<Outcome> {
        let mut outcomes = self.lapse(at);
        for (number, announced) in self.powers.announced.clone() {
            let is_held_up = announced.held_up_by().next().is_some() && at < announced.latest();
            if at < announced.due() || is_held_up {
                continue;
            }
            let what = self.waited(number, &announced.by, &announced.deed);
            self.powers.announced.remove(&number);
            // Somebody may have left, or the desk may have done the same: then nothing is left to do.
            let done = put_in_effect(self, &announced.deed, &Context::of(Actor::Operator, at));
            // Seats and forks that somebody leaves are told of an expulsion alone.
            let told = matches!(announced.deed, Deed::ExpelMember(_));
            match done {
                Ok(more) => {
                    outcomes.push(Outcome::ActTookEffect(what));
                    outcomes.extend(more.into_iter().filter(|_| told));
                }
                Err(_) => outcomes.push(Outcome::ActLapsed(what)),
            }
        }
        outcomes
    }
}

/// The candidates without a seat who are ahead of R by an eighth of C or more. C is the lesser of now and of the announcement, `then`:
/// a gift that votes for nobody raises it at once. Where nothing had been counted then, it is that of now.
fn far_ahead(decision: &Decision, then: u128) -> OrdSet<CandidateId> {
    let Some(election) = decision.election() else {
        return OrdSet::new();
    };
    let size = if then == 0 { decision.capacity } else { decision.capacity.min(then) };
    let places = (0..decision.candidates().len()).map(CandidateId::at);
    let ahead = places.filter(|place| {
        let reference = election.seats.measured_against(election.kind, *place);
        let lead = decision.votes(*place).map_or(0, |total| total.saturating_sub(reference));
        let enough = u128::try_from(lead).unwrap_or(0).saturating_mul(PART_OF_CAPACITY) >= size;
        !decision.holds(*place) && lead > 0 && enough
    });
    ahead.collect()
}
