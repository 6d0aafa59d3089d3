//! One act beside 10,000 open decisions that have change times, and beside 10; and previews at 100,000 members and 2,000,000
//! ballots.

use std::time::Duration;

use charter::Constitution;
use engine::act::{Act, AdmitMember, Found};
use engine::{Actor, Context, Pseudonym, State, intent};
use host::{Charter, Coop, Submission, Submitted};
use quantity::Moment;
use views::{Kept, Sight};

use super::{Spread, crowd, line, median, memory_kib, ratio, timed, update};
use crate::exit::Exit;

const DECISIONS: [usize; 2] = [10, 10_000];
/// As many as one document has room for.
const MOST_CLAUSES: usize = 5_000;
const MEMBERS: u64 = 1_000;
const ITEMS: u64 = 50;
/// Rounds go in turns between the two co-ops, so that a slow moment of the machine meets both.
const ROUNDS: usize = 21;
const ACTS: u64 = 1_000;
const PREVIEWS: u64 = 200;

/// Who looks on while an act is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    Nobody,
    /// A copy of the state is held from before each act on, as a server holds the snapshot that it published.
    One,
}

pub fn run() -> Result<(), Exit> {
    let mut states = [state(DECISIONS[0])?, state(DECISIONS[1])?];
    let changing = |state: &State| {
        let terms = state.open_decisions().filter_map(|(_, decision)| decision.terms());
        terms.filter(|terms| terms.changes.is_some()).count()
    };
    let [few, many] = states.each_ref().map(changing);
    line("open decisions that have change times", &format!("{few} and {many}"))?;
    for (name, readers) in [("nobody reads", Readers::Nobody), ("a reader holds a copy", Readers::One)] {
        let times = in_turns(&mut states, |state, round| acts(state, round, readers))?;
        said(&format!("one ballot through the engine, {name}"), times)?;
    }
    let mut coops = [coop(DECISIONS[0])?, coop(DECISIONS[1])?];
    let times = in_turns(&mut coops, submissions)?;
    said("one ballot through the writer's batch, in memory", times)?;
    drop((states, coops));
    previews()
}

/// The median time of a round's acts, of each of two co-ops.
fn in_turns<T>(
    both: &mut [T; 2],
    mut work: impl FnMut(&mut T, u64) -> Result<(), Exit>,
) -> Result<[Duration; 2], Exit> {
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        for (one, times) in both.iter_mut().zip(&mut times) {
            let (result, time) = timed(|| work(one, round as u64));
            result?;
            times.push(time);
        }
    }
    Ok(times.map(median))
}

fn said(name: &str, [few, many]: [Duration; 2]) -> Result<(), Exit> {
    let each = |time: Duration| micros(time, ACTS);
    line(name, &format!("{} and {}, ratio {}", each(few), each(many), ratio(many, few)))
}

/// Microseconds for each, with two places.
fn micros(time: Duration, count: u64) -> String {
    let hundredths = time.as_nanos() / 10 / u128::from(count.max(1));
    format!("{}.{:02} µs", hundredths / 100, hundredths % 100)
}

fn acts(state: &mut State, round: u64, readers: Readers) -> Result<(), Exit> {
    let time = state.time;
    for number in 0..ACTS {
        let held = (readers == Readers::One).then(|| state.clone());
        let member = Pseudonym(number % MEMBERS);
        let context = Context::of(Actor::Member(member), time);
        engine::apply(state, &ballot(member, number, round), &context).map_err(|no| Exit::world(no.to_string()))?;
        drop(held);
    }
    Ok(())
}

fn submissions(coop: &mut Coop, round: u64) -> Result<(), Exit> {
    let now = coop.state().time;
    for number in 0..ACTS {
        let member = coop.state().members.pseudonym(engine::MemberIndex::at(usize::try_from(number).unwrap_or(0)));
        let member = member.unwrap_or(Pseudonym(0));
        let act = ballot(member, number, round);
        let submission =
            Submission { act, actor: Actor::Member(member), key: String::new(), nonce: String::new(), signed: None };
        match coop.submit(&[submission], now)?.first() {
            Some(Submitted::Accepted(_)) => {}
            other => return Err(Exit::world(format!("a ballot of the benchmark was not accepted: {other:?}"))),
        }
    }
    Ok(())
}

fn ballot(member: Pseudonym, number: u64, round: u64) -> Act {
    let share = 1 + u32::try_from((number + round) % 10_000).unwrap_or(0);
    crowd::item_ballot(member, (number + round) % ITEMS, share, false)
}

/// The rules of the template, with so many further offices whose outcomes change on Mondays. One document has no room for all:
/// in a real co-op they come from constitutions inside the first.
fn charter(decisions: usize) -> Result<Charter, Exit> {
    let mut charter = crowd::charter()?;
    let mut clauses = charter.rules.constitution.clauses.clone();
    let numbers: Vec<usize> = (0..decisions).collect();
    for some in numbers.chunks(MOST_CLAUSES) {
        let office = |number| format!("office \"o-{number}\" {{ settles-in \"14 days\"; changes \"monday 07:00\" }}\n");
        let offices: String = some.iter().map(office).collect();
        let text = format!("# Offices\n\n```charter\n{offices}```\n");
        let read = charter::read_constitution(&text, &charter.rules.kernel);
        let read = read.map_err(|found| Exit::world(found.iter().map(ToString::to_string).collect::<String>()))?;
        clauses.extend(read.clauses);
    }
    charter.rules.constitution = Constitution::new(clauses, Vec::new());
    Ok(charter)
}

fn state(decisions: usize) -> Result<State, Exit> {
    let time = crowd::moment("2025-01-01T00:00:00Z")?;
    let mut state = State::found(charter(decisions)?.rules, Found::on("", "", false), time);
    let context = Context::of(Actor::Operator, time);
    for act in begin() {
        engine::apply(&mut state, &act, &context).map_err(|no| Exit::world(no.to_string()))?;
    }
    Ok(state)
}

fn coop(decisions: usize) -> Result<Coop, Exit> {
    let now = crowd::moment("2025-01-01T00:00:00Z")?;
    let mut coop = Coop::in_memory(charter(decisions)?, false, now)?;
    let mut batch = coop.batch()?;
    for act in begin() {
        batch.append(&act, Actor::Operator, "", "", now)?;
    }
    batch.commit()?;
    Ok(coop)
}

fn begin() -> impl Iterator<Item = Act> {
    let admit = |number| {
        Act::AdmitMember(AdmitMember {
            member: Pseudonym(number),
            organisation: false,
            founder: false,
            joined_on: None,
            left_on: None,
        })
    };
    (0..MEMBERS).map(admit).chain((0..ITEMS).map(crowd::open_item))
}

/// Previews on the ranking and on the office: the time of one, and what one holds beside the snapshot that it is of.
fn previews() -> Result<(), Exit> {
    let mut state = update::state()?;
    update::next(&mut state, 2)?;
    // Nothing is kept beside the log here, and a co-op without anything lends its directory.
    let nothing = Coop::in_memory(crowd::charter()?, false, state.time)?;
    let kept = Kept::of(&state, &[]);
    let sight = |now: Moment, me| Sight {
        state: &state,
        kept: &kept,
        history: &[],
        directory: nothing.directory(),
        now,
        me: Some(me),
        walk_in: false,
    };
    kept.warm(&sight(state.time, Pseudonym(0)));
    let mut spread = Spread(5);
    for decision in ["issues", "maintainer"] {
        let mut one = || {
            let member = Pseudonym(spread.next(state.members.len() as u64));
            let act = match decision {
                "issues" => crowd::item_ballot(member, spread.next(50), 1_000, false),
                _ => crowd::office_ballot(member, std::iter::once(Pseudonym(spread.next(5))), 1_000),
            };
            let after = intent::tried(&state, Actor::Member(member), &[act], state.time);
            let after = after.map_err(|no| Exit::world(no.to_string()))?;
            let view = views::preview_of(&sight(state.time, member), &after, decision);
            let view = view.ok_or_else(|| Exit::world("there is no preview"))?;
            Ok::<_, Exit>((after, view))
        };
        // The first few fill the allocator's spare room.
        let first: Result<Vec<_>, Exit> = (0..PREVIEWS).map(|_| one()).collect();
        drop(first?);
        let before = memory_kib("self", "VmRSS");
        let (mut held, mut times) = (Vec::new(), Vec::new());
        let first: Result<Vec<_>, Exit> = (0..PREVIEWS).map(|_| one()).collect();
        let first = first?;
        let spare = memory_kib("self", "VmRSS").saturating_sub(before);
        for _ in 0..PREVIEWS {
            let (made, time) = timed(&mut one);
            held.push(made?);
            times.push(time);
        }
        let more = memory_kib("self", "VmRSS").saturating_sub(before + spare);
        let slowest = times.iter().max().copied().unwrap_or_default();
        line(&format!("a preview on `{decision}`, median of {PREVIEWS}"), &micros(median(times), 1))?;
        line("  the slowest", &micros(slowest, 1))?;
        line("  held beside the snapshot, each", &format!("{}.{} KiB", more / PREVIEWS, more * 10 / PREVIEWS % 10))?;
        drop((first, held));
    }
    Ok(())
}
