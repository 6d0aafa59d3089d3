//! One commitment: options whose conviction follows their votes, and the decisions that were taken. Source: `docs/spec/commitments.md`.

pub(crate) mod act;
mod ahead;
mod count;
mod decide;
mod terms;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

use charter::Clause;
use quantity::{Broken, Conviction, Moment, PPM, Zone, ensure, mul_div};

use super::{Candidate, CandidateName, Election, Moved, Standing};
use crate::act::PoolPlan;
use crate::count::SeatKind;
use crate::digest::{Collect, hex};
use crate::id::{CandidateId, MemberIndex};
use terms::Ending;

pub use terms::SharedOut;

/// A decision that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The deadline.
    pub at: Moment,
    /// SHA-256, hex, of the option's text.
    pub option: String,
    /// The line of the default option, where it was that.
    pub default: Option<Arc<str>>,
    /// The option's conviction at the last update before the deadline, in micro-votes.
    pub conviction: Conviction,
    /// C at that update, micro-votes.
    pub capacity: u128,
    /// How many options stood, the default among them.
    pub options: u64,
}

/// A commitment's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// The terms of its clause.
    ending: Ending,
    /// The options, as texts that stand for one seat; the default holds it.
    options: Election,
    /// y of those that can be voted for, as of the last update.
    convictions: BTreeMap<CandidateId, Conviction>,
    /// How options share out a pool, where the commitment does.
    plans: BTreeMap<CandidateId, Arc<PoolPlan>>,
    /// The span of the running cycle by the calendar; that of a single day begins when it was opened.
    from: Moment,
    /// The deadline, and the end of the last cycle where none runs.
    until: Moment,
    /// In how many updates the running cycle was counted.
    updates: u64,
    /// When its only decision was taken, or its day had passed.
    over_at: Option<Moment>,
    /// Every decision that was taken, in order.
    taken: Arc<Vec<Taken>>,
}

/// An option with its numbers, as of the last update.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// Its place on ballots.
    pub place: CandidateId,
    /// Its name, proposer and nomination.
    pub option: &'a Candidate,
    /// Votes, micro-votes; `None` for one that cannot be voted for.
    pub votes: Option<i128>,
    /// y, in micro-votes.
    pub conviction: Conviction,
}

impl Commitment {
    /// A commitment that begins with its default alone; `None` for a clause without an end.
    pub(super) fn open(clause: &Clause, zone: &Zone, at: Moment) -> Option<Commitment> {
        let ending = Ending::of(clause)?;
        let options = Election::new(SeatKind::Document, 1, ending.terms(), at);
        let mut commitment = Commitment {
            ending,
            options,
            convictions: BTreeMap::new(),
            plans: BTreeMap::new(),
            from: at,
            until: at,
            updates: 0,
            over_at: None,
            taken: Arc::default(),
        };
        commitment.begin(zone, at);
        Some(commitment)
    }

    /// A cycle begins: no option but the default, and no conviction. One whose day has passed does not begin.
    fn begin(&mut self, zone: &Zone, at: Moment) {
        self.options = Election::new(SeatKind::Document, 1, self.ending.terms(), at);
        self.convictions = BTreeMap::new();
        self.plans = BTreeMap::new();
        self.updates = 0;
        self.put_default(at);
        self.run(zone, at);
    }

    /// The span of the cycle that runs at a moment.
    fn run(&mut self, zone: &Zone, at: Moment) {
        match self.ending.span_around(zone, at) {
            Some((from, until)) => (self.from, self.until, self.over_at) = (from, until, None),
            None => self.over_at = self.over_at.or(Some(at)),
        }
    }

    /// The clause's default holds the seat; another one before it is out.
    fn put_default(&mut self, at: Moment) {
        let name = CandidateName::Document(self.default_name());
        let before = self.default_place();
        let stands = |place: &CandidateId| {
            let one = self.options.candidates.get(place.place());
            one.is_some_and(|one| one.standing != Standing::Out)
        };
        if self.options.place(&name).filter(stands).is_none() {
            self.options.nominate(name.clone(), None, at);
        }
        let Some(place) = self.options.place(&name) else { return };
        if before == Some(place) {
            return;
        }
        if let Some(before) = before {
            self.options.leave(before, at);
            self.convictions.remove(&before);
        }
        if let Some(option) = self.options.candidates.get_mut(place.place()) {
            (option.standing, option.proposer, option.waits) = (Standing::Candidate, None, false);
        }
        self.options.seats.put(place);
    }

    /// Takes the clause's present terms. Options, ballots and conviction stay; a cycle of which nothing but the numbers changes goes on.
    pub(super) fn renew(&mut self, clause: &Clause, zone: &Zone, at: Moment) {
        let Some(ending) = Ending::of(clause) else { return };
        let before = std::mem::replace(&mut self.ending, ending);
        self.options.terms = self.ending.terms();
        if self.over_at.is_some() && !self.ending.ends_as(&before) {
            self.begin(zone, at);
        } else if self.over_at.is_none() {
            self.put_default(at);
            if self.pool_name() != before.shares_out.as_ref().map(|shares| &shares.of) {
                self.leave_all(at);
            }
            match self.ending.is_once() && before.is_once() {
                // A single day counts from when it was opened.
                true => self.move_day(at),
                false => self.run(zone, at),
            }
            if self.over_at.is_some() {
                self.end(at);
            }
        }
    }

    /// Another day for a decision that is to be taken once.
    fn move_day(&mut self, at: Moment) {
        match self.ending.day().filter(|until| *until > at) {
            Some(until) => self.until = until,
            None => self.over_at = Some(at),
        }
    }

    /// Nothing is asked any more: every option but the default is out, and none has votes.
    fn end(&mut self, at: Moment) {
        self.leave_all(at);
        self.options.seats.totals.iter_mut().for_each(|total| *total = None);
        self.convictions = BTreeMap::new();
    }

    /// A member puts up an option.
    fn put_up(&mut self, name: CandidateName, who: MemberIndex, plan: Option<PoolPlan>, at: Moment) {
        self.options.nominate(name.clone(), Some(who), at);
        if let Some((place, plan)) = self.options.place(&name).zip(plan) {
            self.plans.insert(place, Arc::new(plan));
        }
    }

    /// Puts an option on the ballot, with the conviction of votes that have stood for ever.
    #[cfg(test)]
    pub(crate) fn convince_for_test(&mut self, place: CandidateId, votes: i128) {
        if let Some(option) = self.options.candidates.get_mut(place.place()) {
            option.standing = Standing::Candidate;
        }
        self.convictions.insert(place, Conviction::default().toward(votes, 10_000, 1));
    }

    /// Every option but the default is out: what they say belongs to another pool, or nothing is asked any more.
    fn leave_all(&mut self, at: Moment) {
        let default = self.default_place();
        for place in (0..self.options.candidates.len()).map(CandidateId::at) {
            if Some(place) != default {
                self.leave(place, at);
            }
        }
    }

    /// An option leaves before the deadline.
    pub(super) fn leave(&mut self, place: CandidateId, at: Moment) {
        self.options.leave(place, at);
        self.convictions.remove(&place);
        self.plans.remove(&place);
    }

    /// The pool that it shares out.
    #[must_use]
    pub fn shares_out(&self) -> Option<&SharedOut> {
        self.ending.shares_out.as_ref()
    }

    fn pool_name(&self) -> Option<&Arc<str>> {
        self.shares_out().map(|shares| &shares.of)
    }

    /// How an option shares out the pool.
    #[must_use]
    pub fn plan_of(&self, place: CandidateId) -> PoolPlan {
        match self.plans.get(&place) {
            Some(plan) => PoolPlan::clone(plan),
            None if self.is_default(place) => PoolPlan::of_default(self.default_line()),
            None => PoolPlan::default(),
        }
    }

    /// The rules define it no longer.
    pub(super) fn close(&mut self, at: Moment) {
        self.options.close(at);
        self.convictions = BTreeMap::new();
        self.over_at = self.over_at.or(Some(at));
    }

    pub(crate) fn options(&self) -> &Election {
        &self.options
    }

    pub(crate) fn options_mut(&mut self) -> &mut Election {
        &mut self.options
    }

    fn default_place(&self) -> Option<CandidateId> {
        self.options.seats.holders.first().copied().flatten()
    }

    /// SHA-256, hex, of the default's line: its name on ballots.
    #[must_use]
    pub fn default_name(&self) -> String {
        hex(self.ending.default.as_bytes())
    }

    /// The default's line.
    #[must_use]
    pub fn default_line(&self) -> &Arc<str> {
        &self.ending.default
    }

    /// Whether an option is the default.
    #[must_use]
    pub fn is_default(&self, place: CandidateId) -> bool {
        self.default_place() == Some(place)
    }

    /// The deadline of the running cycle; `None` once its only decision was taken, or its day had passed.
    #[must_use]
    pub fn deadline(&self) -> Option<Moment> {
        self.over_at.is_none().then_some(self.until)
    }

    /// When the running cycle began by the calendar.
    #[must_use]
    pub fn cycle_begins(&self) -> Moment {
        self.from
    }

    /// From when on no option comes on the ballot.
    #[must_use]
    pub fn frozen_from(&self) -> Moment {
        let freeze = mul_div(i128::from(self.length_us()), i128::from(self.ending.freeze_ppm), i128::from(PPM));
        Moment(self.until.0.saturating_sub(i64::try_from(freeze).unwrap_or(i64::MAX)))
    }

    /// Whether options are frozen at a moment: also where none can be taken any more.
    #[must_use]
    pub fn is_frozen(&self, at: Moment) -> bool {
        self.ending.freeze_ppm > 0 && at > self.frozen_from()
    }

    fn length_us(&self) -> u64 {
        self.until.micros_since(self.from)
    }

    /// h, microseconds.
    #[must_use]
    pub fn half_life_us(&self) -> u64 {
        match self.ending.half_life {
            Some(span) => span.seconds().saturating_mul(quantity::MICRO),
            None => self.length_us() / 4,
        }
    }

    /// The part of C that the winner's conviction is at least, in parts per million.
    #[must_use]
    pub fn quorum_ppm(&self) -> u32 {
        self.ending.quorum_ppm
    }

    /// In how many updates the running cycle was counted.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// Every decision that was taken, in order.
    #[must_use]
    pub fn taken(&self) -> &[Taken] {
        &self.taken
    }

    /// y of an option at the last update; 0 for one that cannot be voted for.
    #[must_use]
    pub fn conviction(&self, place: CandidateId) -> Conviction {
        self.convictions.get(&place).copied().unwrap_or_default()
    }

    /// Options that stand, nominees too, in the order in which they were put up.
    pub fn choices(&self) -> impl Iterator<Item = Choice<'_>> {
        let known = (0..).map(CandidateId).zip(&self.options.candidates);
        known.filter(|(_, option)| option.standing != Standing::Out).map(|(place, option)| Choice {
            place,
            option,
            votes: self.options.seats.totals.get(place.place()).copied().flatten(),
            conviction: self.conviction(place),
        })
    }

    pub(super) fn add_votes(&mut self, moved: &Moved) {
        self.options.add_votes(moved);
    }

    pub(super) fn index_anew(&mut self) {
        self.options.index_anew();
    }

    pub(super) fn check(&self, name: &str, is_open: bool) -> Result<(), Broken> {
        self.options.check(name)?;
        for place in self.convictions.keys() {
            let standing = self.options.candidates.get(place.place()).map(|option| option.standing);
            ensure!(
                standing == Some(Standing::Candidate),
                "option {place} of `{name}` has conviction and is {standing:?}"
            );
        }
        ensure!(!is_open || self.default_place().is_some(), "`{name}` has no default option");
        ensure!(is_open || self.over_at.is_some(), "`{name}` is closed, and goes on");
        ensure!(self.over_at.is_some() || self.from < self.until, "the cycle of `{name}` has no length");
        ensure!(self.taken.is_sorted_by(|a, b| a.at < b.at), "two decisions of `{name}` were taken at once");
        Ok(())
    }

    pub(super) fn collect(&self, into: &mut Collect) {
        into.text(&self.ending.default)
            .number(self.from.0)
            .number(self.until.0)
            .number(self.updates)
            .number(self.over_at.map_or(-1, |at| at.0));
        self.options.collect(into);
        into.wide(self.convictions.len() as u128);
        for (place, conviction) in &self.convictions {
            into.number(*place);
            collect_conviction(*conviction, into);
        }
        into.wide(self.plans.len() as u128);
        for (place, plan) in &self.plans {
            into.number(*place);
            collect_plan(plan, into);
        }
        into.wide(self.taken.len() as u128);
        for taken in self.taken.iter() {
            into.number(taken.at.0).text(&taken.option).number(i32::from(taken.default.is_some()));
            collect_conviction(taken.conviction, into);
            into.wide(taken.capacity).number(taken.options);
        }
    }

    /// Its part of the section `settling`: how its options stand.
    pub(super) fn collect_memory(&self, into: &mut Collect) {
        self.options.collect_memory(into);
    }
}

fn collect_conviction(conviction: Conviction, into: &mut Collect) {
    let (negative, whole, part) = conviction.words();
    into.number(negative).wide(whole).number(part);
}

fn collect_plan(plan: &PoolPlan, into: &mut Collect) {
    for names in [&plan.fund, &plan.strike] {
        into.wide(names.len() as u128);
        names.iter().for_each(|name| {
            into.text(name);
        });
    }
    into.number(plan.add.as_ref().map_or(0, |add| add.amount)).number(i32::from(plan.nothing_else));
}

#[cfg(test)]
mod laws;
#[cfg(test)]
pub(crate) mod tests;
