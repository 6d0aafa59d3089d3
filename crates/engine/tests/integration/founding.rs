//! A founding period from its first day to the first holder of `admit`, under the documents as a founder writes them.

use std::collections::BTreeMap;

use charter::{Rules, read_constitution, read_kernel_under};
use engine::act::{AddToList, AdmitMember, CastBallot, Found, Nominate, Stand};
use engine::chamber::Standing;
use engine::{Act, Actor, Context, Due, Edition, NotDone, Pseudonym, Rule, State, apply, change, digest, update};
use quantity::Moment;

const KERNEL: &str = r#"```charter
kernel {
    name "a co-op"
    purpose "Try things out"
    currency "USD"
    class "members" list="member-list" { weight "1" }
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
    founding { powers until "admit is held" }
}
```
"#;
const CONSTITUTION: &str = r#"```charter
office "registrar" { settles-in "14 days"; may "admit" }
body "secretary" seats=3 { settles-in "14 days"; may "keep-list" }
```
"#;

fn found() -> State {
    let kernel = read_kernel_under(KERNEL, Edition::TWO).unwrap();
    let constitution = read_constitution(CONSTITUTION, &kernel).unwrap();
    let hash = |text: &str| digest::hex(text.as_bytes());
    let act = Found { edition: Edition::TWO, open: true, ..Found::on(&hash(KERNEL), &hash(CONSTITUTION), false) };
    State::found(Rules::new(kernel, constitution), act, Moment::parse("2025-01-01").unwrap())
}

/// Hands in; the right by which it was accepted.
fn hand_in(state: &mut State, actor: Actor, act: &Act) -> Result<String, Rule> {
    let context = Context::of(actor, state.time);
    let right = state.authority(act, &context).unwrap_or_default().into_owned();
    match apply(state, act, &context) {
        Ok(_) => Ok(right),
        Err(NotDone::Refused(no)) => Err(no.rule),
        Err(broken) => panic!("{broken}"),
    }
}

fn admission(number: u64, founder: bool) -> Act {
    Act::AdmitMember(AdmitMember {
        member: Pseudonym(number),
        organisation: false,
        founder,
        joined_on: None,
        left_on: None,
    })
}

fn listing(number: u64) -> Act {
    Act::AddToList(AddToList { list: "member-list".to_owned(), member: Pseudonym(number) })
}

fn next(state: &mut State) {
    match state.next_due() {
        Due::Update(at) => update(state, at, 1).unwrap(),
        Due::Change(at) => change(state, at).unwrap(),
    };
}

#[test]
fn a_founder_admits_and_lists_until_somebody_else_may_admit() {
    let mut state = found();
    let founder = Actor::Member(Pseudonym(1));
    assert_eq!(hand_in(&mut state, Actor::Operator, &admission(1, true)), Ok("operator".to_owned()));
    for number in [2, 3] {
        assert_eq!(hand_in(&mut state, founder, &admission(number, false)), Ok("founder registrar".to_owned()));
    }
    assert_eq!(hand_in(&mut state, founder, &listing(2)), Ok("founder secretary".to_owned()));
    next(&mut state);
    let newcomer = Actor::Member(Pseudonym(2));
    let (member, decision) = (Pseudonym(2), "registrar".to_owned());
    let stands = Act::Stand(Stand { member, decision: decision.clone() });
    assert_eq!(hand_in(&mut state, newcomer, &stands), Ok("member".to_owned()));
    let candidate = member.to_string();
    let nominates = Nominate {
        member,
        decision: decision.clone(),
        candidate: candidate.clone(),
        share_ppm: 100_000,
        against: false,
    };
    hand_in(&mut state, newcomer, &Act::Nominate(nominates)).unwrap();
    while state.decision("registrar").unwrap().candidates()[0].standing != Standing::Candidate {
        next(&mut state);
    }
    let scores = Some(BTreeMap::from([(candidate, 1_000_000)]));
    let votes = CastBallot { member, decision, item: None, share_ppm: 500_000, scores, against: false };
    hand_in(&mut state, newcomer, &Act::CastBallot(votes)).unwrap();
    while state.founding_lasts() {
        assert!(!state.decision("registrar").unwrap().seats_member(member));
        next(&mut state);
    }
    assert!(state.decision("registrar").unwrap().seats_member(member));
    assert_eq!(hand_in(&mut state, founder, &admission(4, false)), Err(Rule::NotAuthorised));
    assert_eq!(hand_in(&mut state, founder, &listing(3)), Err(Rule::NotAuthorised), "all the powers end, not one");
    assert_eq!(hand_in(&mut state, newcomer, &admission(4, false)), Ok("office registrar".to_owned()));
    assert_eq!(hand_in(&mut state, Actor::Operator, &admission(5, true)), Err(Rule::FoundingOver));
}
