//! One update with 100,000 members and 2,000,000 ballots.

use std::time::Duration;

use engine::act::{Act, AdmitMember, Found, Stand};
use engine::ballot::Ballot;
use engine::chamber::{Decision, Lanes};
use engine::count::{capacity, tally};
use engine::weight::Sources;
use engine::{Actor, Context, DecisionId, Edition, MemberIndex, Pseudonym, State};

use super::{Spread, crowd, line, mechanisms, median, ms, ratio, timed};
use crate::exit::Exit;

const MEMBERS: u64 = 100_000;
const BALLOTS_EACH: u64 = 20;
const ITEMS: u64 = 1_000;
const RUNS: usize = 9;

pub fn run() -> Result<(), Exit> {
    let mut state = state()?;
    let bytes = state.ballots.bytes();
    line("ballots", &state.ballots.len().to_string())?;
    line(
        "memory per ballot, scores and spare room included",
        &format!("{}.{} bytes", bytes / state.ballots.len(), bytes * 10 / state.ballots.len() % 10),
    )?;
    // The first update fills the columns of sums; the later ones are the usual case, and one month's end is among the runs.
    next(&mut state, 2)?;
    let (mut last, mut alone) = (Duration::ZERO, Duration::ZERO);
    for threads in [1, 2] {
        let mut times = Vec::new();
        let mut passes = Vec::new();
        for _ in 0..RUNS {
            let (result, time) = timed(|| next(&mut state, threads));
            result?;
            times.push(time);
            passes.push(timed(|| std::hint::black_box(pass(&state, threads))).1);
        }
        let slowest = times.iter().max().copied().unwrap_or_default();
        let (update, pass) = (median(times), median(passes));
        line(&format!("update, {threads} threads, median of {RUNS}"), &ms(update))?;
        line(&format!("update, {threads} threads, slowest (a month's end)"), &ms(slowest))?;
        line(&format!("one pass over the same bytes, {threads} threads"), &ms(pass))?;
        line("update ÷ pass", &ratio(update, pass))?;
        last = update;
        if threads == 1 {
            alone = pass;
        }
    }
    line("update on 2 threads ÷ pass on 1", &ratio(last, alone))?;
    parts(&state)?;
    let (hash, time) = timed(|| state.hash());
    line("state hash", &ms(time))?;
    line("state", &hash)?;
    by_class(&mut state)?;
    drop(state);
    by_editions()?;
    mechanisms::run()
}

/// The update of the same people under each edition of the rules, in turns.
fn by_editions() -> Result<(), Exit> {
    let [mut one, mut two] = [state_under(Edition::ONE)?, state_under(Edition::TWO)?];
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        for (state, times) in [(&mut one, &mut before), (&mut two, &mut after)] {
            let (result, time) = timed(|| next(state, 2));
            result?;
            // The first update fills the columns.
            if run > 0 {
                times.push(time);
            }
        }
    }
    let (before, after) = (median(before), median(after));
    line("update, 2 threads, under edition 1 and 2", &format!("{}, {}", ms(before), ms(after)))?;
    line("update under edition 2 ÷ edition 1", &ratio(after, before))?;
    line("state under edition 1", &one.hash())?;
    line("state under edition 2", &two.hash())
}

/// The same ballots where both classes have half of the votes each.
fn by_class(state: &mut State) -> Result<(), Exit> {
    for class in &mut std::sync::Arc::make_mut(&mut state.rules).kernel.classes {
        class.control_ppm = Some(quantity::PPM / 2);
    }
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let (result, time) = timed(|| next(state, 2));
        result?;
        times.push(time);
    }
    line("update, 2 threads, classes with fixed control", &ms(median(times)))
}

/// Where the time of an update goes, on two threads.
fn parts(state: &State) -> Result<(), Exit> {
    let mut sources = state.sources().clone();
    let (kernel, at) = (&state.rules.kernel, state.time);
    let weigh = |sources: &mut Sources| engine::weight::weigh(kernel, &state.members, state.given(), sources, at, 2);
    let (_, time) = timed(|| std::hint::black_box(weigh(&mut sources)));
    line("of which weights", &ms(time))?;
    let weights = &state.weights;
    let decisions: Vec<&Decision> = state.decisions.rows().iter().collect();
    let lanes = Lanes::new(kernel, &decisions, &state.members, weights, &|_| 3)
        .map_err(|broken| Exit::world(broken.to_string()))?;
    let (_, time) = timed(|| std::hint::black_box(tally(&lanes.readings(&decisions), &state.ballots, 2)));
    line("of which ballots", &ms(time))?;
    let (_, time) = timed(|| std::hint::black_box(capacity(charter::Counting::Quadratic, lanes.lane(0), 3)));
    line("of which one capacity", &ms(time))
}

/// Runs change times that are due before the next update.
pub fn changes(state: &mut State) -> Result<(), Exit> {
    while let engine::Due::Change(moment) = state.next_due() {
        engine::change(state, moment).map_err(|refusal| Exit::world(refusal.to_string()))?;
    }
    Ok(())
}

/// Runs the next update.
pub fn next(state: &mut State, threads: usize) -> Result<(), Exit> {
    changes(state)?;
    let moment = state.next_update;
    engine::update(state, moment, threads).map_err(|refusal| Exit::world(refusal.to_string()))?;
    Ok(())
}

/// Reads every ballot with its scores and its member's weight once, and adds something up: what the memory allows.
fn pass(state: &State, threads: usize) -> u64 {
    let rows = state.ballots.rows();
    let leaves: Vec<&[Ballot]> = rows.leaves().collect();
    let chunk = leaves.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = leaves
            .chunks(chunk)
            .map(|rows| {
                scope.spawn(move || {
                    let mut sum = 0_u64;
                    for ballot in rows.iter().copied().flatten().filter(|ballot| ballot.member != MemberIndex::NOBODY) {
                        sum =
                            sum.wrapping_add(state.weights.of(ballot.member).wrapping_mul(u64::from(ballot.share_ppm)));
                        if ballot.decision == DecisionId(1) {
                            sum = state
                                .ballots
                                .scores(ballot)
                                .fold(sum, |sum, score| sum.wrapping_add(u64::from(score.ppm())));
                        }
                    }
                    sum
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(0)).fold(0, u64::wrapping_add)
    })
}

/// Founds a co-op and lets its members vote.
pub fn state() -> Result<State, Exit> {
    state_under(Edition::USUAL)
}

/// As [`state`], under an edition.
fn state_under(edition: Edition) -> Result<State, Exit> {
    let founding = Found { edition, open: edition > Edition::USUAL, ..Found::on("", "", false) };
    let time = crowd::moment("2025-01-01T00:00:00Z")?;
    let mut state = State::found(crowd::charter_under(edition)?.rules, founding, time);
    let actor = Actor::Operator;
    let mut do_act = |act: Act| {
        let done = engine::apply(&mut state, &act, &Context::of(actor, time));
        done.map(|_| ()).map_err(|no| Exit::world(no.to_string()))
    };
    // Members with a year of support, so that every formula has sums to read.
    let mut spread = Spread(1_844);
    for number in 0..MEMBERS {
        let (member, organisation) = (Pseudonym(number), false);
        do_act(Act::AdmitMember(AdmitMember { member, organisation, founder: false, joined_on: None, left_on: None }))?;
        let cents = 100 + spread.next(9_900);
        for act in crowd::year_of_support(member, number, cents)? {
            do_act(act)?;
        }
    }
    // Items and candidates come before the ballots that name them.
    for item in 0..ITEMS {
        do_act(crowd::open_item(item))?;
    }
    for candidate in 0..5 {
        let (member, decision) = (Pseudonym(candidate), "maintainer".to_owned());
        do_act(Act::Stand(Stand { member, decision }))?;
    }
    // One ballot of each member is on the office, with scores; the others are on items, an eighth of them against.
    for round in 0..BALLOTS_EACH {
        for member in (0..MEMBERS).map(Pseudonym) {
            let share = 20_000 + u32::try_from(spread.next(20_000)).unwrap_or(0);
            do_act(if round == 7 {
                let candidates = (0..3).map(|_| Pseudonym(spread.next(5)));
                crowd::office_ballot(member, candidates, share)
            } else {
                let item = spread.next(50) + 50 * round;
                crowd::item_ballot(member, item, share, spread.next(8) == 0)
            })?;
        }
    }
    Ok(state)
}
