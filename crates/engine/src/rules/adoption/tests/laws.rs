//! Laws that hold whatever members do while rules change at random.

use proptest::prelude::*;

use super::*;
use crate::DecisionId;
use crate::act::{CastBallot, Nominate, OpenItem, Stand};
use crate::chamber::{Layer, Standing};
use crate::id::MemberIndex;
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
    /// A text comes into force at once.
    Put(&'static str, String),
    /// A text is proposed, and everyone places a quarter of their weight on it.
    Back(&'static str, String),
    Due(usize),
}

const RULES: [&str; 8] = ["constitution", "constitution", "kernel", "d", "d", "d", "e", "d/d"];
const PATHS: [&str; 11] = ["constitution", "a", "b", "c", "d", "e", "d/x", "d/y", "d/d", "e/x", "d/d/y"];

/// A text for a decision: a kernel, a constitution, or a constitution inside one.
fn text(path: &str, bits: u32) -> String {
    match path {
        "constitution" => some(&CLAUSES, bits),
        "kernel" => {
            let linear = if bits & 1 == 1 { "    votes \"linear\"\n" } else { "" };
            let text = kernel(&format!("{linear}{HELD}"));
            let daily = text.replace("weekly on monday at 01:00", "daily at 01:00");
            if bits & 2 == 2 { daily } else { text }
        }
        _ => some(&BELOW, bits),
    }
}

fn step() -> impl Strategy<Value = Step> {
    let path = || prop::sample::select(PATHS.to_vec());
    let rules = || prop::sample::select(RULES.to_vec());
    let share = || prop_oneof![Just(0_u32), 1..200_000_u32];
    let bits = || 1..512_u32;
    prop_oneof![
        3 => (rules(), bits()).prop_map(|(path, bits)| Step::Put(path, text(path, bits))),
        3 => (rules(), bits()).prop_map(|(path, bits)| Step::Back(path, text(path, bits))),
        2 => (1..5_u64, rules(), bits()).prop_map(|(who, path, bits)| {
            Step::Act(Box::new(proposal(who, path, &text(path, bits))))
        }),
        6 => (1..5_u64, path(), share(), any::<bool>(), any::<bool>()).prop_map(
            |(who, path, share_ppm, on, against)| {
                let scores = [(m(1).to_string(), 1_000_000), (m(2).to_string(), 300_000)];
                Step::Act(Box::new(Act::CastBallot(CastBallot {
                    member: m(who),
                    decision: path.to_owned(),
                    item: on.then(|| "i".to_owned()),
                    share_ppm,
                    scores: (!on).then(|| scores.into()),
                    against,
                })))
            }
        ),
        2 => (1..5_u64, path(), 1..3_u64, share()).prop_map(|(who, path, whom, share_ppm)| {
            Step::Act(Box::new(Act::Nominate(Nominate {
                member: m(who),
                decision: path.to_owned(),
                candidate: m(whom).to_string(),
                share_ppm,
                against: false,
            })))
        }),
        3 => (1..3_u64, path()).prop_map(|(who, path)| {
            let decision = path.to_owned();
            Step::Act(Box::new(Act::Stand(Stand { member: m(who), decision })))
        }),
        2 => path().prop_map(|path| {
            let (decision, item) = (path.to_owned(), "i".to_owned());
            Step::Act(Box::new(Act::OpenItem(OpenItem { decision, item, amount: None })))
        }),
        4 => (1..4_usize).prop_map(Step::Due),
    ]
}

fn hand_in(state: &mut State, act: &Act) {
    let context = Context::of(Actor::Operator, state.time);
    // The rules may say no.
    let _ = apply(state, act, &context);
}

fn take(state: &mut State, step: &Step, threads: usize) {
    match step {
        Step::Act(act) => hand_in(state, act),
        Step::Put(path, text) => {
            let now = state.time;
            let _ = state.put_in_force(path, text, now);
        }
        Step::Back(path, text) => {
            hand_in(state, &proposal(1, path, text));
            for member in 1..5 {
                let document = hex(text.as_bytes());
                let assents = crate::act::Assent { member: m(member), document: document.clone(), assent: true };
                hand_in(state, &Act::Assent(assents));
                let ballot = crate::tests::ballot(member, path, 250_000, &[]);
                let scores = Some([(document, 1_000_000)].into());
                hand_in(state, &Act::CastBallot(CastBallot { scores, ..ballot }));
            }
        }
        Step::Due(count) => {
            for _ in 0..*count {
                let done = match state.next_due() {
                    Due::Update(at) => update(state, at, threads),
                    Due::Change(at) => change(state, at),
                };
                done.unwrap();
            }
        }
    }
}

/// Asserts the laws after every step.
fn check(state: &State) {
    let mut placed = vec![0_u32; state.members.len()];
    for ballot in state.ballots.rows().iter().filter(|ballot| ballot.member != MemberIndex::NOBODY) {
        placed[ballot.member.place()] += ballot.share_ppm;
        assert!(state.decisions[ballot.decision].is_open(), "a ballot on a closed decision");
    }
    for (member, placed) in (0..).zip(placed) {
        assert!(placed <= 1_000_000);
        assert_eq!(placed, state.members.placed_ppm(MemberIndex(member)));
    }
    for (place, decision) in state.decisions.iter() {
        let above = match decision.layer {
            Layer::Kernel => None,
            Layer::Of(above) => Some(above),
        };
        assert!(above.is_none_or(|above| above < place));
        if decision.is_open() {
            assert_eq!(state.decision_place(&decision.name), Some(place), "one open decision a path");
            if let Some(above) = above {
                assert!(state.decisions[above].is_open());
                assert!(state.rules.clause(&decision.name).is_some(), "{}", decision.name);
            }
        } else {
            assert_eq!(decision.seated().count(), 0);
        }
        if !decision.is_open() || !decision.holds_rules {
            continue;
        }
        for candidate in decision.candidates() {
            let stands = candidate.standing != Standing::Out;
            assert_eq!(candidate.text.is_some(), stands, "{}", decision.name);
            if let Some(text) = &candidate.text {
                assert!(state.read_rules(place, text).is_ok(), "{}: {text}", decision.name);
            }
        }
        let path = super::super::rules_path(&decision.name);
        let in_force = state.document_in_force(place).and_then(|c| c.text.clone());
        let read = in_force.map(|text| state.read_rules(place, &text).unwrap());
        assert_eq!(read.as_ref(), state.rules.constitution_at(path), "{}", decision.name);
        let layer = Layer::Of(place);
        assert_eq!(state.layer(layer).count(), read.map_or(0, |read| read.clauses.len()));
    }
    assert!(state.next_due().moment() > state.time);
    let below = state.open_decisions().filter(|(place, d)| *place > DecisionId::ROOT && d.holds_rules);
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
            if matches!(step, Step::Put(..)) {
                for (place, decision) in before.open_decisions() {
                    if state.decisions[place].is_open() {
                        let was: Vec<_> = (0..4).flat_map(|who| before.ballots_on(MemberIndex(who), place)).map(|b| (b.member, b.side, b.share_ppm)).collect();
                        let is: Vec<_> = (0..4).flat_map(|who| state.ballots_on(MemberIndex(who), place)).map(|b| (b.member, b.side, b.share_ppm)).collect();
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
