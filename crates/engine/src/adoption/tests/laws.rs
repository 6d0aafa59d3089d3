//! What holds whatever members do while rules change at random.

use proptest::prelude::*;

use super::*;
use crate::act::{CastBallot, Nominate, OpenItem, Stand};
use crate::decision::{Layer, Matter, Standing};
use crate::member::NONE;
use crate::{Actor, Context, Due, apply, change, update};

const CLAUSES: [&str; 9] = [
    "office \"a\" { settles-in \"7 days\" }",
    "office \"a\" electorate=\"workers\" { settles-in \"14 days\"; changes \"tuesday 07:00\" }",
    "ranking \"a\"",
    "body \"b\" seats=3 { settles-in \"7 days\" }",
    "body \"b\" seats=1 { settles-in \"7 days\" }",
    "ranking \"c\" { close-after \"14 days\" }",
    "constitution \"d\" { settles-in \"7 days\"; may \"merge\" }",
    "constitution \"d\" { settles-in \"7 days\"; may \"publish\" }",
    "constitution \"e\" { settles-in \"7 days\"; may \"merge\" }",
];
const BELOW: [&str; 6] = [
    "office \"x\" { settles-in \"7 days\"; may \"merge\" }",
    "office \"x\" { settles-in \"7 days\" }",
    "ranking \"y\"",
    "constitution \"d\" { settles-in \"7 days\"; may \"merge\" }",
    "constitution \"d\" { settles-in \"7 days\" }",
    "document \"z\" { settles-in \"7 days\" }",
];

/// Some of the clauses, at most one of each name.
fn some(of: &[&str], bits: u32) -> String {
    let mut names: Vec<&str> = Vec::new();
    let mut chosen = Vec::new();
    for (place, clause) in of.iter().enumerate() {
        let name = clause.split('"').nth(1).unwrap();
        if bits >> place & 1 == 1 && !names.contains(&name) {
            names.push(name);
            chosen.push(*clause);
        }
    }
    lines(&chosen)
}

#[derive(Clone, Debug)]
enum Step {
    Act(Box<Act>),
    Put(String, String),
    Due(usize),
}

const PATHS: [&str; 11] = [
    "constitution",
    "a",
    "b",
    "c",
    "d",
    "e",
    "d/x",
    "d/y",
    "d/d",
    "e/x",
    "d/d/y",
];

fn step() -> impl Strategy<Value = Step> {
    let path = || prop::sample::select(PATHS.to_vec());
    let share = || prop_oneof![Just(0_u32), 1..400_000_u32];
    let text = |path: &str, bits: u32| {
        if path == "constitution" {
            some(&CLAUSES, bits)
        } else {
            some(&BELOW, bits)
        }
    };
    let bits = || 1..512_u32;
    prop_oneof![
        2 => (path(), bits()).prop_map(move |(path, bits)| Step::Put(path.to_owned(), text(path, bits))),
        4 => (1..5_u64, path(), bits()).prop_map(move |(who, path, bits)| {
            Step::Act(Box::new(proposal(who, path, &text(path, bits))))
        }),
        6 => (1..5_u64, path(), share(), 0..3_u64, any::<bool>(), bits()).prop_map(
            move |(who, path, share_ppm, on, against, bits)| {
                let document = hex(text(path, bits).as_bytes());
                let scores = match on {
                    0 => Some([(m(1).to_string(), 1_000_000), (m(2).to_string(), 300_000)].into()),
                    1 => Some([(document, 1_000_000)].into()),
                    _ => None,
                };
                let item = (on == 2).then(|| "i".to_owned());
                let decision = path.to_owned();
                Step::Act(Box::new(Act::CastBallot(CastBallot { member: m(who), decision, item, share_ppm, scores, against })))
            }
        ),
        3 => (1..5_u64, path(), 1..3_u64, share()).prop_map(|(who, path, whom, share_ppm)| {
            let (decision, candidate) = (path.to_owned(), m(whom).to_string());
            Step::Act(Box::new(Act::Nominate(Nominate { member: m(who), decision, candidate, share_ppm, against: false })))
        }),
        3 => (1..3_u64, path()).prop_map(|(who, path)| {
            Step::Act(Box::new(Act::Stand(Stand { member: m(who), decision: path.to_owned() })))
        }),
        2 => path().prop_map(|path| {
            Step::Act(Box::new(Act::OpenItem(OpenItem { decision: path.to_owned(), item: "i".to_owned() })))
        }),
        4 => (1..4_usize).prop_map(Step::Due),
    ]
}

/// Takes a step; acts may be refused. True if something was put in force.
fn take(state: &mut State, step: &Step, threads: usize) {
    match step {
        Step::Act(act) => {
            let context = Context {
                time: state.time,
                actor: Actor::Operator,
            };
            let _ = apply(state, act, &context);
        }
        Step::Put(path, text) => {
            let now = state.time;
            let _ = state.put_in_force(path, text, now);
        }
        Step::Due(count) => {
            for _ in 0..*count {
                match state.next_due() {
                    Due::Update(at) => update(state, at, threads).map(drop).unwrap(),
                    Due::Change(at) => change(state, at).map(drop).unwrap(),
                }
            }
        }
    }
}

/// What must hold after every step.
fn check(state: &State) {
    let mut placed = vec![0_u32; state.members.len()];
    for ballot in state
        .ballots
        .rows()
        .iter()
        .filter(|ballot| ballot.member != NONE)
    {
        placed[ballot.member as usize] += ballot.share_ppm;
        assert!(
            state.decisions[usize::from(ballot.decision)].is_open(),
            "a ballot on a closed decision"
        );
    }
    for (member, placed) in (0..).zip(placed) {
        assert!(placed <= 1_000_000);
        assert_eq!(placed, state.members.placed_ppm(member));
    }
    for (place, decision) in state.decisions.iter().enumerate() {
        let above = match decision.layer {
            Layer::Kernel => None,
            Layer::Of(above) => Some(usize::from(above)),
        };
        assert!(above.is_none_or(|above| above < place));
        if decision.is_open() {
            assert_eq!(
                state.decision_place(&decision.name),
                Some(place),
                "one open decision a path"
            );
            if let Some(above) = above {
                assert!(state.decisions[above].is_open());
                assert!(
                    state.rules.clause(&decision.name).is_some(),
                    "{}",
                    decision.name
                );
            }
        } else if let Matter::Election(election) = &decision.matter {
            assert!(election.seats.holders.iter().all(Option::is_none));
        }
        let Some(election) = decision
            .election()
            .filter(|_| decision.is_open() && decision.holds_rules)
        else {
            continue;
        };
        for candidate in &election.candidates {
            let stands = candidate.standing != Standing::Out;
            assert_eq!(candidate.text.is_some(), stands, "{}", decision.name);
            if let Some(text) = &candidate.text {
                assert!(
                    state.read_rules(place, text).is_ok(),
                    "{}: {text}",
                    decision.name
                );
            }
        }
        let path = super::super::rules_path(&decision.name);
        let in_force = state.document_in_force(place).and_then(|c| c.text.clone());
        let read = in_force.map(|text| state.read_rules(place, &text).unwrap());
        assert_eq!(
            read.as_ref(),
            state.rules.constitution_at(path),
            "{}",
            decision.name
        );
        let layer = Layer::Of(u16::try_from(place).unwrap());
        assert_eq!(
            state.layer(layer).count(),
            read.map_or(0, |read| read.clauses.len())
        );
    }
    assert!(state.next_due().moment() > state.time);
    let below = state
        .open_decisions()
        .filter(|(place, d)| *place > 0 && d.holds_rules);
    let below = below.filter(|(place, _)| state.document_in_force(*place).is_some());
    assert_eq!(below.count(), state.rules.below.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rules_that_change_leave_everything_in_order(steps in prop::collection::vec(step(), 1..60)) {
        let mut coop = found(&kernel(HELD), &lines(&[CLAUSES[0], CLAUSES[3], CLAUSES[6]]), &[100, 64, 36, 9]);
        worker(&mut coop, 2);
        let mut state = coop.state;
        let mut again = state.clone();
        for step in &steps {
            let before = state.clone();
            take(&mut state, step, 1);
            check(&state);
            if let Step::Put(..) = step {
                for (place, decision) in before.open_decisions() {
                    if state.decisions[place].is_open() {
                        let was: Vec<_> = (0..4).flat_map(|who| before.ballots_on(who, place)).map(|b| (b.member, b.side, b.share_ppm)).collect();
                        let is: Vec<_> = (0..4).flat_map(|who| state.ballots_on(who, place)).map(|b| (b.member, b.side, b.share_ppm)).collect();
                        assert_eq!(was, is, "{}", decision.name);
                        assert_eq!(decision.capacity, state.decisions[place].capacity);
                    }
                }
            }
        }
        for step in &steps {
            take(&mut again, step, 3);
        }
        prop_assert_eq!(state.hash(), again.hash());
    }
}
