//! Commitments, sentence by sentence of `docs/spec/commitments.md`. A few members vote on options in a co-op that counts on Mondays.

use charter::{Ballot, Clause, ClauseKind, CreditFlow, Due, Every};
use quantity::Span;

use crate::act::{CastBallot, ProposeOption, WithdrawOption};
use crate::chamber::Standing;
use crate::digest::hex;
use crate::edition::{FOUR, THREE};
use crate::tests::{Coop, DAY, Setup, at, by, clause, counted, m, rule};
use crate::{Act, Refusal, Rule};

pub(crate) const ALL: u32 = 1_000_000;
/// A vote.
const ONE: i128 = 1_000_000;

/// A commitment with these numbers, `linear` so that weights are votes.
pub(crate) fn budget(due: fn(Ballot) -> Due, half_life_days: Option<u64>) -> Clause {
    let ballot =
        Ballot { default: "do nothing".to_owned(), freeze_ppm: 100_000, quorum_ppm: 100_000, nominated_by_ppm: 20_000 };
    let conviction_half_life = half_life_days.map(|days| Span::from_seconds(days * DAY));
    let kind = ClauseKind::Commitment(charter::Commitment {
        due: due(ballot),
        conviction_half_life,
        accepts: None,
        shares_out: None,
        credit: CreditFlow::USUAL,
    });
    counted(charter::Counting::Linear, clause("budget", kind))
}

pub(crate) fn quarterly() -> Clause {
    budget(|ballot| Due::Every(Every::Quarter, ballot), None)
}

fn with_numbers(mut clause: Clause, change: impl Fn(&mut charter::Commitment, &mut Ballot)) -> Clause {
    if let ClauseKind::Commitment(commitment) = &mut clause.kind {
        let (Due::Every(_, ballot) | Due::Deadline(_, ballot)) = &commitment.due else { panic!("an end") };
        let mut ballot = ballot.clone();
        change(commitment, &mut ballot);
        let (Due::Every(_, kept) | Due::Deadline(_, kept)) = &mut commitment.due else { panic!("an end") };
        *kept = ballot;
    }
    clause
}

/// Founded on 1 January 2025. The first quarter has Mondays from 6 January to 31 March.
pub(crate) fn house(clause: Clause, weights: &[i64]) -> Coop {
    Setup { edition: FOUR, ..Setup::new(vec![clause]) }.found().with_weights(weights)
}

pub(crate) fn propose_act(member: u64, text: &str) -> Act {
    propose_for(member, "budget", text)
}

pub(crate) fn proposes_for(house: &mut Coop, member: u64, decision: &str, text: &str) -> Result<Vec<String>, Refusal> {
    by(house, member, &propose_for(member, decision, text))
}

fn propose_for(member: u64, decision: &str, text: &str) -> Act {
    Act::ProposeOption(ProposeOption {
        member: m(member),
        decision: decision.to_owned(),
        option: hex(text.as_bytes()),
        text: Some(text.into()),
        plan: None,
    })
}

pub(crate) fn proposes(house: &mut Coop, member: u64, text: &str) -> Result<Vec<String>, Refusal> {
    by(house, member, &propose_act(member, text))
}

/// Puts an option on the ballot at once: nomination has tests of its own.
pub(crate) fn enters(house: &mut Coop, member: u64, text: &str) {
    house.act(propose_act(member, text));
    let place = house.state.decision_place("budget").unwrap();
    let options = house.state.decisions[place].commitment_mut().unwrap().options_mut();
    options.candidates.last_mut().unwrap().standing = Standing::Candidate;
}

pub(crate) fn backs_act(member: u64, share_ppm: u32, scores: &[(&str, u32)], against: bool) -> Act {
    let scores = scores.iter().map(|(text, ppm)| (hex(text.as_bytes()), *ppm)).collect();
    let (decision, item) = ("budget".to_owned(), None);
    Act::CastBallot(CastBallot { member: m(member), decision, item, share_ppm, scores: Some(scores), against })
}

/// Gives an option of a decision the full score.
pub(crate) fn backs_in(decision: &str, member: u64, share_ppm: u32, text: &str) -> Act {
    let scores = Some([(hex(text.as_bytes()), ALL)].into());
    let (decision, item) = (decision.to_owned(), None);
    Act::CastBallot(CastBallot { member: m(member), decision, item, share_ppm, scores, against: false })
}

pub(crate) fn backs(house: &mut Coop, member: u64, share_ppm: u32, text: &str) {
    house.act(backs_act(member, share_ppm, &[(text, ALL)], false));
}

fn withdraws(house: &mut Coop, member: u64, text: &str) -> Result<Vec<String>, Refusal> {
    let (decision, option) = ("budget".to_owned(), hex(text.as_bytes()));
    by(house, member, &Act::WithdrawOption(WithdrawOption { member: m(member), decision, option }))
}

/// y of an option in hundredths of a vote, rounded to the nearest.
pub(crate) fn conviction(house: &Coop, text: &str) -> i128 {
    let decision = house.decision("budget");
    let place = decision.candidate_by_name(&hex(text.as_bytes())).unwrap();
    let micro = decision.commitment().unwrap().conviction(place).rounded();
    (micro * 100 + micro.signum() * ONE / 2) / ONE
}

/// The decision that was taken last: the option's hash, and whether it was the default.
pub(crate) fn taken(house: &Coop) -> Option<(String, bool)> {
    let last = house.decision("budget").commitment().unwrap().taken().last()?;
    Some((last.option.clone(), last.default.is_some()))
}

pub(crate) fn is_default() -> Option<(String, bool)> {
    Some((hex(b"do nothing"), true))
}

pub(crate) fn is(text: &str) -> Option<(String, bool)> {
    Some((hex(text.as_bytes()), false))
}

/// The second quarter has 91 days, which are thirteen weeks with a Monday each.
const Q2: &str = "2025-04-01";
const Q3: &str = "2025-07-01";

fn taken_count(house: &Coop) -> usize {
    house.decision("budget").commitment().unwrap().taken().len()
}

#[test]
fn thirteen_weeks_come_out_as_designed() {
    // C = 100. 4.1 votes throughout: 3.84, the default; 10.9: 10.22, it wins.
    for (share, wanted, outcome) in [(41_000, 384, is_default()), (109_000, 1_022, is("build"))] {
        let mut house = house(quarterly(), &[100]);
        house.run_until(Q2);
        enters(&mut house, 1, "build");
        backs(&mut house, 1, share, "build");
        house.run(13);
        assert_eq!(conviction(&house, "build"), wanted);
        assert_eq!(taken_count(&house), 1, "30 June: the deadline is not there yet");
        let outcomes = house.run_until(Q3);
        let how = if outcome == is_default() { "default" } else { "conviction" };
        let option = &outcome.as_ref().unwrap().0;
        assert_eq!(outcomes[0], format!("commitment-taken budget {option} by {how} freed 1"));
        assert_eq!(outcomes[1], format!("share-freed budget #1 {share}"));
        assert_eq!(taken(&house), outcome);
    }
    let mut house = house(quarterly(), &[100]);
    house.run_until(Q2);
    enters(&mut house, 1, "a");
    enters(&mut house, 1, "b");
    backs(&mut house, 1, 100_000, "a");
    house.run(6);
    backs(&mut house, 1, 100_000, "b");
    house.run(7);
    assert_eq!((conviction(&house, "a"), conviction(&house, "b")), (162, 775));
    house.run_until(Q3);
    assert_eq!(taken(&house), is_default());
}

#[test]
fn votes_against_make_it_negative_and_the_default_may_be_voted_for() {
    let mut house = house(quarterly(), &[60, 40]);
    enters(&mut house, 1, "build");
    house.act(backs_act(1, ALL, &[("build", ALL)], true));
    house.run(4);
    assert!(conviction(&house, "build") < -2_000, "{}", conviction(&house, "build"));
    house.act(backs_act(1, 0, &[], true));
    backs(&mut house, 1, 400_000, "build");
    backs(&mut house, 2, ALL, "do nothing");
    house.run(9);
    assert!(conviction(&house, "do nothing") > conviction(&house, "build"));
    house.run_until(Q2);
    assert_eq!(taken(&house), is_default(), "24 votes against 40 for the default");
}

#[test]
fn ties_are_the_defaults() {
    let mut house = house(quarterly(), &[50, 50]);
    for (member, text) in [(1, "a"), (2, "b")] {
        enters(&mut house, member, text);
        backs(&mut house, member, ALL, text);
    }
    let decision = |house: &Coop| {
        let decision = house.decision("budget");
        decision
            .commitment()
            .unwrap()
            .leading(decision.capacity)
            .map(|place| decision.candidate(place).unwrap().name.to_string())
    };
    house.run(12);
    assert_eq!(decision(&house), Some(hex(b"do nothing")), "as much conviction for each");
    house.run_until(Q2);
    assert_eq!(taken(&house), is_default());
}

#[test]
fn a_cycle_begins_anew() {
    let mut house = house(quarterly(), &[100, 20]);
    enters(&mut house, 1, "build");
    backs(&mut house, 1, ALL, "build");
    backs(&mut house, 2, 500_000, "do nothing");
    house.act(propose_act(2, "later"));
    house.run_until(Q2);
    assert_eq!(taken(&house), is("build"));
    let commitment = house.decision("budget").commitment().unwrap();
    let stand: Vec<String> = commitment.choices().map(|choice| choice.option.name.to_string()).collect();
    assert_eq!(stand, [hex(b"do nothing")], "options and nominees leave");
    assert_eq!((house.state.ballots.len(), commitment.updates()), (0, 0), "weight on the default comes free too");
    assert_eq!(commitment.deadline(), Some(at("2025-07-01")));
    house.run(4);
    assert_eq!(house.decision("budget").commitment().unwrap().taken().len(), 1);
    // The same may be put up again, and begins at nothing.
    enters(&mut house, 1, "build");
    assert_eq!(conviction(&house, "build"), 0);
    house.run_until("2025-07-01");
    assert_eq!(taken(&house), is_default());
    assert_eq!(house.decision("budget").commitment().unwrap().taken().len(), 2, "both are listed for good");
}

#[test]
fn nothing_counts_from_the_deadline_on_and_an_update_at_it_does() {
    // Updates at midnight: the last one of the day's end is at the deadline itself.
    let day = || budget(|ballot| Due::Deadline(at("2025-03-31T23:59:59.999999Z"), ballot), Some(7));
    let founded = || {
        let setup = Setup { edition: FOUR, updates: "daily at 00:00", ..Setup::new(vec![day()]) };
        let mut house = setup.found().with_weights(&[100]);
        enters(&mut house, 1, "build");
        house
    };
    let mut house = founded();
    assert_eq!(house.decision("budget").commitment().unwrap().deadline(), Some(at(Q2)));
    house.run_until("2025-03-31");
    backs(&mut house, 1, ALL, "build");
    // The count at the deadline comes first: 100 × (1 − 2^(−1 ÷ 7)) = 9.43 votes, and the quorum is 10.
    house.run_until(Q2);
    assert_eq!(taken(&house), is_default());
    let mut earlier = founded();
    earlier.run_until("2025-03-30");
    backs(&mut earlier, 1, ALL, "build");
    earlier.run_until(Q2);
    assert_eq!(taken(&earlier), is("build"), "two counts, one of them at the deadline");
    // It is taken for good: what comes later is refused and changes nothing.
    let before = earlier.decision("budget").digest();
    assert_eq!(rule(by(&mut earlier, 1, &backs_act(1, ALL, &[("do nothing", ALL)], false))), Rule::DecisionTaken);
    assert_eq!(rule(by(&mut earlier, 1, &backs_act(1, ALL, &[("build", ALL)], false))), Rule::UnknownCandidate);
    assert_eq!(
        rule(proposes(&mut earlier, 1, "sell")),
        Rule::DecisionTaken,
        "there is no cycle to be in the last part of"
    );
    earlier.run(20);
    let commitment = earlier.decision("budget").commitment().unwrap();
    assert_eq!(
        (commitment.deadline(), commitment.taken().len(), commitment.leading(0)),
        (None, 1, Some(crate::CandidateId(0)))
    );
    assert_ne!(before, earlier.decision("budget").digest(), "updates are counted");
}

#[test]
fn a_server_that_was_away_takes_each_decision_once() {
    let mut house = house(budget(|ballot| Due::Every(Every::Month, ballot), None), &[100]);
    enters(&mut house, 1, "build");
    backs(&mut house, 1, ALL, "build");
    // Nothing is handed in for half a year; then all that was due is done at its own instant.
    let outcomes = house.run_until("2025-07-01");
    let taken: Vec<&String> = outcomes.iter().filter(|words| words.starts_with("commitment-taken")).collect();
    assert_eq!(taken.len(), 6);
    let ends: Vec<String> =
        house.decision("budget").commitment().unwrap().taken().iter().map(|one| one.at.to_string()).collect();
    assert_eq!(ends[0], "2025-02-01T00:00:00Z");
    assert_eq!(ends[5], "2025-07-01T00:00:00Z");
    let won = house.decision("budget").commitment().unwrap().taken().iter().filter(|one| one.default.is_none()).count();
    assert_eq!(won, 1, "ballots of January are free after January");
}

#[test]
fn options_stand_by_nomination() {
    let mut house = house(quarterly(), &[100, 1]);
    assert_eq!(proposes(&mut house, 2, "build\nand how").unwrap(), ["recorded"]);
    let name = hex(b"build\nand how");
    house.run(1);
    assert_eq!(house.decision("budget").candidates()[1].standing, Standing::Nominee, "nobody looks at it yet");
    let nominate = |share_ppm| {
        Act::Nominate(crate::act::Nominate {
            member: m(1),
            decision: "budget".to_owned(),
            candidate: name.clone(),
            share_ppm,
            against: false,
        })
    };
    // 2 % of all votes over one period, a tenth more for the default, which stands already.
    house.act(nominate(22_000));
    assert!(house.run(1).is_empty(), "2.2 votes of the 2.222 that it takes");
    house.act(nominate(30_000));
    let entered = house.run(1);
    assert_eq!(entered, [format!("candidate-entered budget {name}"), "share-freed budget #1 30000".to_owned()]);
    assert_eq!(
        house.decision("budget").commitment().unwrap().choices().filter(|one| one.can_be_voted_for()).count(),
        2
    );
}

#[test]
fn what_can_be_put_up() {
    let mut house = house(quarterly(), &[100, 1]);
    for (text, wanted) in [
        ("", Rule::LineMissing),
        ("\nreasons", Rule::LineMissing),
        (" - ", Rule::LineMissing),
        ("a\tb", Rule::LineMissing),
        ("sell the \u{202e}llah", Rule::LineMissing),
        ("do\u{200b} nothing", Rule::LineMissing),
        ("do\u{206a} nothing", Rule::LineMissing),
        ("do nothing", Rule::AlreadyStanding),
    ] {
        assert_eq!(rule(proposes(&mut house, 1, text)), wanted, "{text:?}");
    }
    assert_eq!(rule(proposes(&mut house, 1, &"x".repeat(101))), Rule::LineMissing);
    assert!(proposes(&mut house, 1, &"ß".repeat(100)).is_ok());
    assert_eq!(rule(proposes(&mut house, 2, &"ß".repeat(100))), Rule::AlreadyStanding);
    let (decision, text) = ("budget".to_owned(), Some("burn".into()));
    let swapped = ProposeOption { member: m(1), decision, option: hex(b"build"), text, plan: None };
    assert_eq!(rule(by(&mut house, 1, &Act::ProposeOption(swapped.clone()))), Rule::TextMissing);
    let unhashed = ProposeOption { option: "build".to_owned(), ..swapped.clone() };
    assert_eq!(rule(by(&mut house, 1, &Act::ProposeOption(unhashed))), Rule::NameNotAllowed);
    let elsewhere = ProposeOption { decision: "constitution".to_owned(), ..swapped };
    assert_eq!(rule(by(&mut house, 1, &Act::ProposeOption(elsewhere))), Rule::WrongKindOfDecision);
    let long = format!("build\n{}", "x".repeat(65_536));
    assert_eq!(rule(proposes(&mut house, 1, &long)), Rule::TooMany);
    // Before edition 4 the clause is kept with a note, and there is no such act.
    let mut earlier = Setup { edition: THREE, ..Setup::new(vec![quarterly()]) }.found();
    earlier.admit(1..=1);
    assert!(earlier.state.decision("budget").is_none());
    assert_eq!(rule(proposes(&mut earlier, 1, "build")), Rule::ActOfLaterEdition);
}

#[test]
fn nothing_enters_in_the_last_tenth() {
    let mut house = house(quarterly(), &[100, 100]);
    house.run_until("2025-03-20");
    house.act(propose_act(1, "late"));
    let commitment = house.decision("budget").commitment().unwrap();
    assert_eq!(commitment.frozen_from(), at("2025-03-23"), "nine of ninety days");
    house.run_until("2025-03-23");
    house.act(propose_act(1, "just in time"));
    house.state.time = at("2025-03-23T00:00:00.000001Z");
    assert_eq!(rule(proposes(&mut house, 2, "too late")), Rule::OptionsFrozen);
    for text in ["late", "just in time"] {
        let candidate = hex(text.as_bytes());
        let (decision, against) = ("budget".to_owned(), false);
        house.act(Act::Nominate(crate::act::Nominate {
            member: m(2),
            decision,
            candidate,
            share_ppm: 400_000,
            against,
        }));
    }
    assert!(house.run(2).is_empty(), "all the attention of the world");
    // Without a freeze an option enters up to the end.
    let open = with_numbers(quarterly(), |_, ballot| ballot.freeze_ppm = 0);
    let mut house = self::house(open, &[100]);
    house.run_until("2025-03-31T12:00:00Z");
    assert!(proposes(&mut house, 1, "at the last minute").is_ok());
}

#[test]
fn a_proposer_takes_back_what_nobody_else_wants() {
    let mut house = house(quarterly(), &[100, 1, 2]);
    enters(&mut house, 1, "build");
    enters(&mut house, 1, "sell");
    backs(&mut house, 1, ALL, "build");
    house.run(3);
    assert_eq!(rule(withdraws(&mut house, 2, "build")), Rule::NotTheProposer);
    assert_eq!(rule(withdraws(&mut house, 1, "burn")), Rule::NotStanding);
    assert_eq!(rule(withdraws(&mut house, 1, "do nothing")), Rule::NotTheProposer);
    backs(&mut house, 3, ALL, "build");
    assert_eq!(rule(withdraws(&mut house, 1, "build")), Rule::OthersBehindIt, "2 of 103");
    backs(&mut house, 3, ALL, "sell");
    backs(&mut house, 2, ALL, "build");
    assert!(withdraws(&mut house, 1, "build").is_ok(), "1 of 103 is less than a hundredth");
    house.run(1);
    enters(&mut house, 1, "build");
    assert_eq!(conviction(&house, "build"), 0, "put up again it begins at nothing");
}

#[test]
fn another_clause_keeps_what_stands() {
    let mut house = house(quarterly(), &[100]);
    enters(&mut house, 1, "build");
    backs(&mut house, 1, ALL, "build");
    house.run(4);
    let (before, now) = (conviction(&house, "build"), house.state.time);
    let kernel = house.state.rules.kernel.clone();
    let renew = |house: &mut Coop, clause: &Clause| {
        let place = house.state.decision_place("budget").unwrap();
        let at = house.state.time;
        assert!(house.state.decisions[place].renew(&kernel, clause, at).is_empty());
        let freed = house.state.free_past().len();
        house.state.wait_anew();
        house.state.check().unwrap();
        freed
    };
    // Other numbers, then another cycle: the running one ends with the present month.
    let strict = with_numbers(quarterly(), |_, ballot| ballot.quorum_ppm = ALL);
    renew(&mut house, &strict);
    assert_eq!((conviction(&house, "build"), house.state.ballots.len()), (before, 1));
    renew(&mut house, &budget(|ballot| Due::Every(Every::Month, ballot), None));
    assert_eq!(house.decision("budget").commitment().unwrap().deadline(), Some(at("2025-02-01")));
    assert_eq!((conviction(&house, "build"), now), (before, at("2025-01-27T01:00:00Z")));
    // Another default is another option: what was for the earlier one counts for nothing.
    let waits = with_numbers(quarterly(), |_, ballot| ballot.default = "wait".to_owned());
    let mut other = house.clone();
    backs(&mut other, 1, ALL, "do nothing");
    other.run(1);
    renew(&mut other, &waits);
    other.run(1);
    assert_eq!((conviction(&other, "wait"), conviction(&other, "do nothing")), (0, 0));
    assert_eq!(rule(by(&mut other, 1, &backs_act(1, 1, &[("do nothing", ALL)], false))), Rule::UnknownCandidate);
    // A day that has passed is none: nothing is asked any more, and nothing was decided.
    let past = budget(|ballot| Due::Deadline(at("2025-01-26T23:59:59.999999Z"), ballot), None);
    assert_eq!(renew(&mut house, &past), 1, "what stood on it comes free");
    assert_eq!((taken(&house), house.decision("budget").commitment().unwrap().deadline()), (None, None));
    house.run_until("2025-04-02");
    assert_eq!(taken(&house), None);
    // Another day asks again.
    renew(&mut house, &budget(|ballot| Due::Deadline(at("2025-06-30T23:59:59.999999Z"), ballot), None));
    assert_eq!(house.decision("budget").commitment().unwrap().deadline(), Some(at("2025-07-01")));
    assert!(proposes(&mut house, 1, "build").is_ok());
}

#[test]
fn a_deadline_at_the_instant_of_other_rules_is_carried_out_by_the_earlier_ones() {
    let fenced = |clause: &str| format!("# C\n\n```charter\n{clause}\n```\n");
    for (clause, goes_on_until) in [
        (r#"commitment "budget" every="month" { quorum "100%"; default "wait"; votes "linear" }"#, Some("2025-05-01")),
        (r#"commitment "budget" deadline="2025-04-20" { quorum "100%"; votes "linear" }"#, Some("2025-04-21")),
        (r#"commitment "budget" deadline="2025-03-31" { quorum "100%"; votes "linear" }"#, None),
        (r#"document "budget" settles-in="14 days""#, None),
    ] {
        let mut house = house(quarterly(), &[100]);
        enters(&mut house, 1, "build");
        backs(&mut house, 1, ALL, "build");
        house.run_until("2025-03-31T12:00:00Z");
        let outcomes = house.state.put_in_force("constitution", &fenced(clause), at(Q2)).unwrap();
        let words: Vec<String> = outcomes.iter().map(ToString::to_string).collect();
        let taken = format!("commitment-taken budget {} by conviction freed 1", hex(b"build"));
        assert!(words.contains(&taken), "{clause}: {words:?}");
        let goes_on = house.decision("budget").commitment().and_then(super::Commitment::deadline);
        assert_eq!(goes_on, goes_on_until.map(at), "{clause}");
        house.state.check().unwrap();
    }
}

#[test]
fn every_number_is_in_the_hash_and_sections_are_the_editions() {
    let mut house = house(quarterly(), &[100, 50]);
    let mut seen = vec![house.state.hash()];
    let note = |house: &Coop, seen: &mut Vec<String>| {
        let hash = house.state.hash();
        assert!(!seen.contains(&hash));
        seen.push(hash);
    };
    enters(&mut house, 1, "build");
    note(&house, &mut seen);
    backs(&mut house, 1, ALL, "build");
    house.run(1);
    note(&house, &mut seen);
    let place = house.state.decision_place("budget").unwrap();
    let spoil: [fn(&mut super::Commitment); 5] = [
        |one| one.updates += 1,
        |one| one.until.0 += 1,
        |one| one.from.0 -= 1,
        |one| one.convictions.clear(),
        |one| one.over_at = Some(at("2025-01-01")),
    ];
    for spoil in spoil {
        let mut other = house.clone();
        spoil(other.state.decisions[place].commitment_mut().unwrap());
        note(&other, &mut seen);
    }
    house.run_until(Q2);
    note(&house, &mut seen);
}

#[test]
fn a_stored_state_goes_on_as_it_was() {
    let mut house = house(quarterly(), &[100, 40]);
    enters(&mut house, 1, "build");
    backs(&mut house, 1, ALL, "build");
    house.act(propose_act(2, "later"));
    house.run_until("2025-04-08");
    enters(&mut house, 2, "sell");
    house.act(backs_act(2, ALL, &[("sell", ALL)], true));
    house.run(2);
    let kept = postcard::to_allocvec(&house.state.decisions).unwrap();
    let mut read: quantity::Table<crate::DecisionId, crate::chamber::Decision, 1> =
        postcard::from_bytes(&kept).unwrap();
    read.iter_mut().for_each(|(_, decision)| decision.index_anew());
    let same = |(own, other): (&crate::chamber::Decision, &crate::chamber::Decision)| own == other;
    assert!(house.state.decisions.rows().iter().zip(read.rows().iter()).all(same));
    let place = house.state.decision_place("budget").unwrap();
    assert_eq!(read[place].digest(), house.decision("budget").digest());
    assert!(read[place].commitment().unwrap().taken().len() == 1 && conviction(&house, "sell") < 0);
}
