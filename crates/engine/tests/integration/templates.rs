//! The templates' documents, read as founders get them, give co-ops that count.

use charter::{Rules, read_constitution, read_kernel, template, templates};
use engine::act::{AddToList, AdmitMember, Amount, Found, RecordSupport};
use engine::{Act, Actor, Context, Due, Pseudonym, State, apply, change, digest, update};
use quantity::{Currency, Moment};

fn found(name: &str) -> State {
    let filled = template(name).unwrap().fill("trial", Currency::parse("USD").unwrap());
    let kernel = read_kernel(&filled.kernel).unwrap_or_else(|mistakes| panic!("{name}: {mistakes:?}"));
    let constitution =
        read_constitution(&filled.constitution, &kernel).unwrap_or_else(|mistakes| panic!("{name}: {mistakes:?}"));
    let hash = |text: &str| digest::hex(text.as_bytes());
    let act = Found::on(&hash(&filled.kernel), &hash(&filled.constitution), false);
    State::found(Rules::new(kernel, constitution), act, Moment::parse("2025-01-01").unwrap())
}

fn submit(state: &mut State, act: Act) {
    let context = Context::of(Actor::Operator, state.time);
    apply(state, &act, &context).unwrap_or_else(|refusal| panic!("{act:?}: {refusal}"));
}

fn admit(state: &mut State, number: u64) {
    let member = Pseudonym(number);
    submit(
        state,
        Act::AdmitMember(AdmitMember { member, organisation: false, founder: false, joined_on: None, left_on: None }),
    );
}

fn give(state: &mut State, number: u64, kind: &str, minor: i64) {
    submit(
        state,
        Act::RecordSupport(RecordSupport {
            service: None,
            member: Pseudonym(number),
            kind: kind.to_owned(),
            amount: Amount { amount: minor, currency: Some("USD".to_owned()), unit: None },
            given_at: Some(Moment::parse("2024-12-20").unwrap()),
            given_on: None,
            source: format!("test:{kind}:{number}"),
            parts: 1,
            series: None,
            stands_months: None,
            book: None,
        }),
    );
}

fn run(state: &mut State, updates: u64) {
    let until = state.updates + updates;
    while state.updates < until {
        match state.next_due() {
            Due::Update(at) => update(state, at, 1).unwrap(),
            Due::Change(at) => change(state, at).unwrap(),
        };
    }
}

#[test]
fn each_template_founds_a_co_op_that_counts() {
    for name in templates() {
        let mut state = found(name);
        for number in 1..=3 {
            admit(&mut state, number);
        }
        run(&mut state, 5);
        assert_eq!(state.updates, 5, "{name}");
        let counted = state.decisions.rows().iter().all(|decision| decision.updates == 5);
        assert!(counted && state.decisions.len() > 1, "{name}");
    }
}

#[test]
fn in_open_source_a_lone_contributor_weighs_as_much_as_the_highest_patron() {
    let mut state = found("open-source");
    for number in 1..=7 {
        admit(&mut state, number);
        if number < 7 {
            give(&mut state, number, "donation", 1_000);
            give(&mut state, number, "pledge", 1_000);
        }
    }
    let list = "contributor-list".to_owned();
    submit(&mut state, Act::AddToList(AddToList { list, member: Pseudonym(7) }));
    run(&mut state, 1);
    // Ten dollars each, and nobody has more than a fifth of all.
    assert_eq!(state.weights.member, [10_000_000; 7]);
}
