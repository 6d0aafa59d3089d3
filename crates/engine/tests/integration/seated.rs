//! Each template under editions 3 and 4, founded by one founder, who admits and lists as its pages do, and whom nobody gives anything: its offices and
//! bodies are seated within 60 days.

use charter::{Allowance, KeptBy, Rules, read_constitution, read_kernel_under, template_under, templates};
use engine::act::{AddToList, AdmitMember, AgreeToAct, CastBallot, Deed, Found, Nominate, ProposeAct, Stand};
use engine::chamber::{Decision, Kind, Standing};
use engine::{Act, Actor, Context, Due, Edition, MemberIndex, Pseudonym, State, apply, change, digest, update};
use quantity::{Currency, Moment};

/// The founder's number; members after it stand for a seat each.
const FOUNDER: u64 = 1;
const MEMBERS: u64 = 9;
const DAYS: i64 = 60;

fn found(name: &str, edition: Edition) -> State {
    let template = template_under(name, edition).unwrap();
    assert_eq!(template.edition, edition, "{name}");
    let filled = template.fill("trial", Currency::parse("USD").unwrap());
    let kernel = read_kernel_under(&filled.kernel, edition).unwrap();
    let constitution = read_constitution(&filled.constitution, &kernel).unwrap();
    let hash = |text: &str| digest::hex(text.as_bytes());
    let act = Found::on(&hash(&filled.kernel), &hash(&filled.constitution), false);
    let act = Found { edition, open: true, ..act };
    State::found(Rules::new(kernel, constitution), act, Moment::parse("2026-01-01").unwrap())
}

/// Hands in, and returns the right by which it was accepted.
fn by(state: &mut State, actor: Actor, act: &Act) -> String {
    let context = Context::of(actor, state.time);
    let right = state.authority(act, &context).unwrap_or_default().into_owned();
    apply(state, act, &context).unwrap_or_else(|refusal| panic!("{act:?}: {refusal}"));
    right
}

fn by_member(state: &mut State, number: u64, act: &Act) -> String {
    by(state, Actor::Member(Pseudonym(number)), act)
}

fn days(state: &State) -> i64 {
    (state.time.0 - state.founding.at.0) / 86_400_000_000
}

/// Puts everybody on every list that gives weight: where powers keep it the founder does, and else more than half of the members.
fn list_all(state: &mut State, name: &str) {
    let classes = state.rules.kernel.classes.clone();
    for class in &classes {
        let Some(list) = class.list.clone() else {
            continue;
        };
        for number in 1..=MEMBERS {
            let entry = AddToList { list: list.clone(), member: Pseudonym(number) };
            if class.kept_by == KeptBy::Powers {
                let right = by_member(state, FOUNDER, &Act::AddToList(entry));
                assert!(right.starts_with("founder "), "{name}: {right}");
                continue;
            }
            let proposed = Deed::AddToList(entry);
            let proposes = ProposeAct { member: Pseudonym(FOUNDER), body: None, proposed };
            by_member(state, FOUNDER, &Act::ProposeAct(proposes));
            let proposed = state.powers.proposed().map(|(number, _)| number).last().unwrap();
            for member in 2..=MEMBERS / 2 + 1 {
                let agrees = AgreeToAct { member: Pseudonym(member), number: proposed, agree: true };
                by_member(state, member, &Act::AgreeToAct(agrees));
            }
        }
    }
}

/// The offices and bodies with the numbers of those who are to sit there.
fn wanted(state: &State) -> Vec<(String, Vec<u64>)> {
    let elected = |one: &&Decision| matches!(one.kind(), Kind::Office | Kind::Body);
    let mut free = 2..;
    let open = state.open_decisions().map(|(_, one)| one).filter(elected);
    open.map(|one| (one.name.clone(), free.by_ref().take(one.holders().len()).collect())).collect()
}

fn vacant(state: &State) -> usize {
    let seats = wanted(state).into_iter().filter_map(|(name, _)| state.decision(&name)).flat_map(Decision::holders);
    seats.filter(Option::is_none).count()
}

/// Those who are wanted stand; everybody with weight gives each a little attention, and all that is left once they can be voted for.
fn vote(state: &mut State) {
    let wanted = wanted(state);
    let whole = 900_000 / if state.rules.kernel.allowance == Some(Allowance::Each) { 1 } else { wanted.len() };
    for (decision, seats) in &wanted {
        for number in seats {
            let name = Pseudonym(*number).to_string();
            let known = state.decision(decision).unwrap().candidates().iter().any(|one| one.name.to_string() == name);
            if !known {
                let stands = Stand { member: Pseudonym(*number), decision: decision.clone() };
                by_member(state, *number, &Act::Stand(stands));
            }
        }
        let weighty = (1..=MEMBERS).filter(|number| state.weights.of(MemberIndex::at(*number as usize - 1)) > 0);
        for voter in weighty.collect::<Vec<u64>>() {
            let member = Pseudonym(voter);
            let ready = |state: &State| {
                let candidates = state.decision(decision).unwrap().candidates().iter();
                candidates.filter(|one| one.standing != Standing::Nominee).count() == seats.len()
            };
            if ready(state) {
                let scores = seats.iter().map(|number| (Pseudonym(*number).to_string(), 1_000_000)).collect();
                let (share_ppm, scores) = (u32::try_from(whole).unwrap(), Some(scores));
                let ballot =
                    CastBallot { member, decision: decision.clone(), item: None, share_ppm, scores, against: false };
                by_member(state, voter, &Act::CastBallot(ballot));
                continue;
            }
            for number in seats {
                let candidate = Pseudonym(*number).to_string();
                let nominates =
                    Nominate { member, decision: decision.clone(), candidate, share_ppm: 20_000, against: false };
                by_member(state, voter, &Act::Nominate(nominates));
            }
        }
    }
}

/// The day by which every seat is held.
fn seated(name: &str, edition: Edition) -> i64 {
    let mut state = found(name, edition);
    let admission = |number, founder| {
        Act::AdmitMember(AdmitMember {
            member: Pseudonym(number),
            organisation: false,
            founder,
            joined_on: None,
            left_on: None,
        })
    };
    assert_eq!(by(&mut state, Actor::Operator, &admission(FOUNDER, true)), "operator");
    for number in FOUNDER + 1..=MEMBERS {
        let right = by_member(&mut state, FOUNDER, &admission(number, false));
        assert!(right.starts_with("founder "), "{name}: {right}");
    }
    list_all(&mut state, name);
    while vacant(&state) > 0 {
        vote(&mut state);
        match state.next_due() {
            Due::Update(at) => update(&mut state, at, 1).unwrap(),
            Due::Change(at) => change(&mut state, at).unwrap(),
        };
        assert!(days(&state) <= DAYS, "{name}: {} seats are vacant on day {}", vacant(&state), days(&state));
    }
    assert!(days(&state) > 0 && !state.founding_lasts(), "{name}");
    days(&state)
}

#[test]
fn a_founder_seats_every_office_and_body_within_sixty_days() {
    let days = [18, 25, 25, 32, 25, 25, 25, 25, 25];
    for edition in [Edition::THREE, Edition::FOUR] {
        let told: Vec<(&str, i64)> = templates().iter().map(|name| (*name, seated(name, edition))).collect();
        assert_eq!(told, templates().iter().copied().zip(days).collect::<Vec<_>>(), "docs/spec/templates.md");
    }
}
