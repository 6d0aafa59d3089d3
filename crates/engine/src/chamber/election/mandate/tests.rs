//! Edition 2 through whole updates: nominations, places, leaving, seats that stay, and change times of their own.

use charter::Edition;
use quantity::Moment;

use crate::chamber::Standing;
use crate::refusal::Rule;
use crate::tests::{Coop, DAY, Setup, ballot, body, changing, counted, doc, document, m, office, only, ranking, read};
use crate::{Act, MemberIndex};

const ALL: u32 = 1_000_000;
const WEEK: u128 = 7 * DAY as u128;

fn second(clauses: Vec<charter::Clause>) -> Setup {
    Setup { edition: Edition::TWO, ..Setup::new(clauses) }
}

/// Four members of weight 100 each and one office: C is 40 votes.
fn four(days: u64) -> Coop {
    let mut coop = second(vec![office("maintainer", days)]).found().with_weights(&[100; 4]);
    coop.enter(&[1, 2, 3], "maintainer");
    coop.seat(&[1], "maintainer");
    coop
}

fn score(coop: &mut Coop, member: u64, share_ppm: u32, text: &str, points: u32) {
    let mut act = ballot(member, "conduct", share_ppm, &[]);
    act.scores = (share_ppm > 0).then(|| [(text.to_owned(), points)].into());
    coop.act(Act::CastBallot(act));
}

#[test]
fn a_mandate_needs_continued_support() {
    let mut coop = four(7);
    coop.oppose(1, "maintainer", ALL, &[(1, ALL)]);
    coop.vote(2, "maintainer", ALL, &[(2, 200_000)]);
    coop.next();
    assert_eq!(coop.bucket("maintainer", 2), 2_000_000 * WEEK, "R is 0, and not -10");
    assert_eq!(coop.decision("maintainer").seats().nobody, 10_000_000 * WEEK, "nobody is measured against -10");
    assert_eq!(coop.decision("maintainer").reference(), 0);
}

#[test]
fn a_seat_that_changed_hands_stays_for_the_settling_time() {
    let mut coop = four(28);
    for member in 1..=4 {
        coop.vote(member, "maintainer", 500_000, &[(2, ALL), (3, 990_000)]);
    }
    let full = coop.decision("maintainer").bucket_size();
    assert_eq!(full, 0);
    coop.run(5);
    assert_eq!(coop.next(), ["seat-taken maintainer #2 from #1"], "28.28 votes of 40: six weeks");
    // Everybody turns: the third fills up at once, and waits.
    for member in 1..=4 {
        coop.vote(member, "maintainer", ALL, &[(3, ALL)]);
    }
    assert_eq!(coop.run(3), [] as [&str; 0]);
    let ahead = coop.state.next_seat_change(coop.decision("maintainer")).unwrap();
    assert_eq!(coop.next(), ["seat-taken maintainer #3 from #2"], "four weeks after the last change");
    assert_eq!(ahead.at, coop.state.last_update.unwrap());
}

#[test]
fn no_bucket_stays_full_without_a_lead() {
    let mut coop = four(28);
    coop.vote(1, "maintainer", ALL, &[(1, ALL)]);
    coop.vote(2, "maintainer", ALL, &[(2, ALL)]);
    coop.next();
    assert_eq!(coop.bucket("maintainer", 2), 0, "level with the holder");
    coop.seats_mut("maintainer").buckets[1] = 40_000_000 * WEEK;
    coop.next();
    assert_eq!(coop.bucket("maintainer", 2), 40_000_000 * WEEK - 800_000 * WEEK, "C ÷ 50 a week");
    coop.vote(1, "maintainer", 0, &[]);
    // The bucket is filled up, and the lead is a week old: at least half of four weeks it must be (F12).
    let mut full = coop.clone();
    full.seats_mut("maintainer").buckets[1] = 160_000_000 * WEEK;
    assert_eq!(full.next(), [] as [&str; 0]);
    assert_eq!(full.next(), ["seat-taken maintainer #2 from #1"]);
    coop.next();
    assert_eq!(coop.bucket("maintainer", 2), (39_200_000 + 10_000_000) * WEEK);
}

#[test]
fn everybody_is_told_once_when_a_bucket_passes_a_quarter() {
    let mut coop = second(vec![body("team", 2, 28)]).found().with_weights(&[100; 4]);
    coop.enter(&[1, 2, 3], "team");
    coop.seat(&[1, 2], "team");
    coop.vote(4, "team", ALL, &[(3, ALL)]);
    coop.vote(1, "team", ALL, &[(2, ALL)]);
    coop.oppose(2, "team", ALL, &[(1, ALL)]);
    let gains = |coop: &mut Coop| {
        let crate::Due::Update(at) = coop.state.next_due() else { return Vec::new() };
        let told = crate::update(&mut coop.state, at, 1).unwrap();
        told.iter().map(ToString::to_string).filter(|told| told.starts_with("challenger-gains")).collect()
    };
    // A quarter of 160 votes for a week is 40: both buckets have 10 a week.
    let told: Vec<Vec<String>> = (0..6).map(|_| gains(&mut coop)).collect();
    let both = vec![format!("challenger-gains team {}", m(3)), "challenger-gains team nobody".to_owned()];
    assert_eq!(told, [vec![], vec![], vec![], both, vec![], vec![]]);
    // It falls below a quarter, and passes it once more.
    coop.vote(4, "team", 0, &[]);
    coop.oppose(4, "team", ALL, &[(3, ALL)]);
    assert_eq!((0..3).map(|_| gains(&mut coop).len()).sum::<usize>(), 0);
    coop.act(Act::CastBallot(crate::act::CastBallot { against: true, ..ballot(4, "team", 0, &[]) }));
    coop.vote(4, "team", ALL, &[(3, ALL)]);
    assert_eq!((0..2).map(|_| gains(&mut coop).len()).sum::<usize>(), 1);
}

/// F30: with 90 of 100 a coalition takes 79 back, and its bucket holds no greater part than before.
#[test]
fn nobody_fills_a_bucket_by_taking_back_what_they_gave() {
    let clause = counted(charter::Counting::Linear, office("maintainer", 28));
    let mut coop = second(vec![clause]).found().with_weights(&[10, 11]);
    let gift = coop.give(2, "donation", 7_900, "2025-01-01");
    coop.enter(&[1, 2], "maintainer");
    coop.seat(&[1], "maintainer");
    coop.vote(1, "maintainer", ALL, &[(1, ALL)]);
    coop.vote(2, "maintainer", ALL, &[(2, ALL)]);
    coop.next();
    assert_eq!(coop.bucket("maintainer", 2), 80_000_000 * WEEK);
    assert_eq!(coop.decision("maintainer").bucket_size(), 400_000_000 * WEEK);
    coop.take_back(&gift, None, "2025-01-06");
    coop.next();
    assert_eq!(coop.decision("maintainer").bucket_size(), 84_000_000 * WEEK);
    assert_eq!(coop.bucket("maintainer", 2), (16_800_000 + 1_000_000) * WEEK, "a fifth as before, and a vote's lead");
}

/// A refund lowers a bucket and F alike: nobody passes a quarter by it a second time.
#[test]
fn a_refund_tells_nobody_anew_of_a_bucket_past_a_quarter() {
    let clause = counted(charter::Counting::Linear, office("maintainer", 28));
    let mut coop = second(vec![clause]).found().with_weights(&[60, 40]);
    let gift = coop.give(1, "donation", 6_000, "2025-01-01");
    coop.enter(&[2], "maintainer");
    coop.vote(2, "maintainer", ALL, &[(2, ALL)]);
    let gains = |coop: &mut Coop| {
        let crate::Due::Update(at) = coop.state.next_due() else { return 0 };
        let told = crate::update(&mut coop.state, at, 1).unwrap();
        told.iter().filter(|told| matches!(told, crate::Outcome::ChallengerGains { .. })).count()
    };
    let told: Vec<usize> = (0..4).map(|_| gains(&mut coop)).collect();
    assert_eq!(told, [0, 0, 0, 1], "a quarter of 160 votes for 28 days, by 40 a week");
    coop.take_back(&gift, None, "2025-01-27");
    assert_eq!(gains(&mut coop), 0);
    assert_eq!(coop.bucket("maintainer", 2), (100_000_000 + 40_000_000) * WEEK);
}

#[test]
fn ties_go_to_the_longest_full_then_to_more_members() {
    let setup = second(vec![office("maintainer", 7)]);
    let mut coop = setup.found().with_weights(&[100, 100, 100, 64, 4]);
    coop.enter(&[1, 2], "maintainer");
    coop.vote(3, "maintainer", ALL, &[(1, ALL)]);
    coop.vote(2, "maintainer", 640_000, &[(2, ALL)]);
    coop.vote(5, "maintainer", ALL, &[(2, ALL)]);
    coop.run(3);
    assert_eq!(coop.total("maintainer", 1), coop.total("maintainer", 2), "10 votes of one, 8 and 2 of two");
    assert_eq!(coop.run(20).last().unwrap(), "seat-taken maintainer #2 from nobody", "two are more members than one");
}

#[test]
fn a_take_over_at_a_change_time_is_counted_once_more() {
    let clause = changing(office("maintainer", 7), "monday 07:00");
    let mut coop = second(vec![clause, office("other", 7)]).found().with_weights(&[100]);
    coop.enter(&[1], "maintainer");
    coop.vote(1, "maintainer", ALL, &[(1, ALL)]);
    coop.next();
    let full = coop.decision("maintainer").bucket_size();
    assert_eq!(coop.bucket("maintainer", 1), full);
    coop.vote(1, "maintainer", 0, &[]);
    assert_eq!(coop.next(), [] as [&str; 0], "nobody takes a seat whose votes were taken back");
    coop.vote(1, "maintainer", ALL, &[(1, ALL)]);
    assert_eq!(coop.run(2), ["seat-taken maintainer #1 from nobody"]);
}

/// A holder without votes, and a challenger with 10 of 40 whose bucket is full at the fourth update; the change time is six hours later.
fn before_a_change(against: bool) -> Coop {
    let clause = changing(office("maintainer", 7), "monday 07:00");
    let mut coop = second(vec![clause]).found().with_weights(&[100; 4]);
    coop.enter(&[1, 2], "maintainer");
    coop.seat(&[1], "maintainer");
    if against {
        coop.oppose(4, "maintainer", ALL, &[(1, ALL)]);
    } else {
        coop.vote(4, "maintainer", ALL, &[(2, ALL)]);
    }
    coop.run(7);
    coop
}

/// F11: votes that stand elsewhere at every update and come for an hour defend nothing.
#[test]
fn only_votes_taken_back_count_at_a_change_time() {
    let taken = ["seat-taken maintainer #2 from #1"];
    let mut friends = before_a_change(false);
    friends.vote(3, "maintainer", ALL, &[(1, ALL)]);
    friends.vote(1, "maintainer", ALL, &[(1, ALL)]);
    assert_eq!(friends.next(), taken);
    let mut against = before_a_change(false);
    against.oppose(3, "maintainer", ALL, &[(2, ALL)]);
    assert_eq!(against.next(), taken);
    let mut part = before_a_change(false);
    part.vote(4, "maintainer", 10_000, &[(2, ALL)]);
    assert_eq!(part.next(), taken, "a tenth of the votes is ahead still");
    let mut back = before_a_change(false);
    back.vote(4, "maintainer", ALL, &[(1, ALL)]);
    assert_eq!(back.next(), [] as [&str; 0]);
    let mut gone = before_a_change(false);
    gone.leave(4);
    assert_eq!(gone.next(), [] as [&str; 0], "who leaves takes their votes along");
}

/// Four members on the list whose heads elect, a fifth who was struck off it, and a challenger with the vote of the fourth alone.
fn heads_before_a_change() -> Coop {
    let clause =
        only("members", counted(charter::Counting::OneMember, changing(office("maintainer", 7), "monday 07:00")));
    let mut coop = Setup { classes: vec!["members [member-list]: 1"], ..second(vec![clause]) }.found();
    coop.admit(1..=5);
    (1..=5).for_each(|member| coop.list("member-list", member));
    coop.enter(&[1, 2], "maintainer");
    coop.seat(&[1], "maintainer");
    coop.vote(4, "maintainer", ALL, &[(2, ALL)]);
    coop.vote(5, "maintainer", ALL, &[(2, ALL)]);
    strike(&mut coop, 5);
    while coop.bucket("maintainer", 2) < coop.decision("maintainer").bucket_size().max(1) {
        assert_eq!(coop.next(), [] as [&str; 0]);
    }
    assert_eq!(coop.total("maintainer", 2), Some(1_000_000));
    coop
}

fn strike(coop: &mut Coop, member: u64) {
    let body = format!(r##"{{"list":"member-list","member":"#{member}"}}"##);
    coop.act(read("remove_from_list", &body));
}

/// Between an update and a change time nobody changes who was counted: the list of the last update decides.
#[test]
fn the_electorate_of_the_last_update_decides_at_a_change_time() {
    let taken = ["seat-taken maintainer #2 from #1"];
    // A vote that was not counted takes nothing back, though its member is on the list once more.
    let mut joins = heads_before_a_change();
    joins.list("member-list", 5);
    joins.vote(5, "maintainer", 0, &[]);
    assert_eq!(joins.next(), taken);
    // One that was counted does, though its member is off the list by now.
    let mut struck = heads_before_a_change();
    strike(&mut struck, 4);
    let mut stands = struck.clone();
    assert_eq!(stands.next(), taken, "the list is not what voters take back");
    struck.vote(4, "maintainer", 0, &[]);
    assert_eq!(struck.next(), [] as [&str; 0]);
    // Heads behind candidates that tie are those of then as well.
    let mut tied = heads_before_a_change();
    let place = tied.state.decision_place("maintainer").unwrap();
    tied.list("member-list", 5);
    strike(&mut tied, 4);
    assert_eq!(tied.state.members_behind(place, tied.decision("maintainer")), [0, 1], "the fourth, and not the fifth");
}

/// A head counts without weight, and takes its vote along when it leaves.
#[test]
fn a_head_without_weight_takes_its_vote_along() {
    let clause = counted(charter::Counting::OneMember, changing(office("maintainer", 7), "monday 07:00"));
    let mut coop = second(vec![clause]).found();
    coop.admit(1..=4);
    coop.enter(&[1, 2], "maintainer");
    coop.seat(&[1], "maintainer");
    coop.vote(4, "maintainer", ALL, &[(2, ALL)]);
    coop.run(7);
    assert_eq!((coop.total("maintainer", 2), coop.weights()[3]), (Some(1_000_000), 0));
    let mut stays = coop.clone();
    assert_eq!(stays.next(), ["seat-taken maintainer #2 from #1"]);
    coop.leave(4);
    assert_eq!(coop.next(), [] as [&str; 0]);
}

/// F36: the same for nobody.
#[test]
fn a_seat_is_emptied_where_votes_against_were_not_taken_back() {
    let mut friends = before_a_change(true);
    friends.vote(3, "maintainer", ALL, &[(1, ALL)]);
    assert_eq!(friends.next(), ["seat-vacated maintainer from #1"]);
    let mut back = before_a_change(true);
    back.act(Act::CastBallot(crate::act::CastBallot { against: true, ..ballot(4, "maintainer", 0, &[]) }));
    assert_eq!(back.next(), [] as [&str; 0]);
}

/// Forecasts break exact ties as take-overs do, by the members behind.
#[test]
fn a_forecast_breaks_ties_as_the_engine_does() {
    let mut coop = second(vec![office("maintainer", 7)]).found().with_weights(&[100, 100, 100, 64, 4]);
    coop.enter(&[1, 2], "maintainer");
    coop.vote(3, "maintainer", ALL, &[(1, ALL)]);
    coop.vote(2, "maintainer", 640_000, &[(2, ALL)]);
    coop.vote(5, "maintainer", ALL, &[(2, ALL)]);
    coop.run(3);
    let ahead = coop.state.next_seat_change(coop.decision("maintainer")).unwrap();
    // A ballot that was moved since shows nothing.
    let mut moved = coop.clone();
    moved.vote(5, "maintainer", 0, &[]);
    assert_eq!(moved.state.next_seat_change(moved.decision("maintainer")).as_ref(), Some(&ahead));
    let told = std::iter::repeat_with(|| coop.next()).find(|told| !told.is_empty()).unwrap();
    assert_eq!(told, ["seat-taken maintainer #2 from nobody"]);
    assert_eq!(ahead.changes[0].to, Some(crate::CandidateId(1)));
    assert_eq!(ahead.at, coop.state.last_update.unwrap());
}

#[test]
fn each_seat_of_a_body_has_its_own_nobody() {
    let mut coop = second(vec![body("team", 2, 14)]).found().with_weights(&[100; 4]);
    coop.enter(&[1, 2, 3], "team");
    coop.seat(&[1, 2], "team");
    coop.oppose(3, "team", ALL, &[(1, ALL)]);
    coop.oppose(4, "team", ALL, &[(1, ALL)]);
    assert_eq!(coop.run(3), [] as [&str; 0], "20 of 40 votes take twice as long, and 0 votes empty no seat");
    assert_eq!(coop.next(), ["seat-vacated team from #1"]);
    assert_eq!(coop.holders("team"), [None, Some(2)]);
    // A free seat is filled though it was emptied a week ago.
    coop.vote(1, "team", ALL, &[(3, ALL)]);
    coop.vote(2, "team", ALL, &[(3, ALL)]);
    assert_eq!(coop.run(4), ["seat-taken team #3 from nobody"]);
}

#[test]
fn attention_against_counts_half() {
    let mut coop = four(14);
    coop.stand(4, "maintainer");
    // M is 1.04 votes for a week: half a vote for, a whole one against makes nothing.
    coop.nominate(1, "maintainer", 4, 2_500);
    coop.act(crate::tests::read(
        "nominate",
        r##"{"member":"#2","decision":"maintainer","candidate":"#4","share_ppm":10000,"against":true}"##,
    ));
    coop.next();
    assert_eq!(coop.standing("maintainer", 4), Standing::Nominee, "seven days are not over");
    assert_eq!(coop.decision("maintainer").candidates()[3].attention, 0);
    assert_eq!(
        coop.next(),
        ["nominee-dropped maintainer #4", "share-freed maintainer #1 2500", "share-freed maintainer #2 10000"]
    );
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 0);
}

#[test]
fn shares_of_a_nomination_come_free_at_entry() {
    let mut coop = four(14);
    coop.stand(4, "maintainer");
    coop.nominate(1, "maintainer", 4, 40_000);
    coop.vote(2, "maintainer", 10_000, &[(4, ALL)]);
    assert_eq!(coop.next(), ["candidate-entered maintainer #4", "share-freed maintainer #1 40000"]);
    assert_eq!(coop.state.members.placed_ppm(MemberIndex(0)), 0);
    assert_eq!(coop.total("maintainer", 4), Some(1_000_000), "a score is support now");
}

#[test]
fn candidates_without_votes_leave() {
    let mut coop = four(7);
    coop.vote(1, "maintainer", 10_000, &[(2, ALL)]);
    coop.next();
    coop.run(3);
    assert_eq!(coop.standing("maintainer", 3), Standing::Candidate);
    // Twice S is two weeks, and thirty days are more: the sixth update is 35 days after the first.
    assert_eq!(coop.run(2), ["candidate-left maintainer #3"]);
    assert_eq!(coop.standing("maintainer", 1), Standing::Candidate, "a holder stays");
    assert_eq!(coop.standing("maintainer", 2), Standing::Candidate);
}

#[test]
fn a_hundred_texts_have_places() {
    let mut coop = second(vec![document("conduct", 14)]).found().with_weights(&[100; 4]);
    let text = |number: u64| doc(number);
    for number in 0..100 {
        coop.propose(1 + number / 40, "conduct", &text(number));
    }
    coop.next();
    coop.propose(4, "conduct", &text(200));
    coop.next();
    let waits = |coop: &Coop, number: u64| {
        let decision = coop.decision("conduct");
        let place = decision.candidate_by_name(&text(number)).unwrap();
        decision.candidate(place).unwrap().waits
    };
    assert!(waits(&coop, 200), "nobody is behind any, and the others are older");
    // One vote and it takes the place of the youngest of the others.
    score(&mut coop, 4, 10_000, &text(200), ALL);
    let outcomes = coop.next();
    assert!(!waits(&coop, 200), "{outcomes:?}");
}

#[test]
fn a_proposer_cannot_withdraw_what_others_are_behind() {
    let mut coop = second(vec![document("conduct", 14)]).found().with_weights(&[100, 1, 99]);
    coop.propose(1, "conduct", &doc(1));
    score(&mut coop, 2, 500_000, &doc(1), ALL);
    coop.next();
    let act = Act::WithdrawCandidacy(crate::act::WithdrawCandidacy {
        member: m(1),
        decision: "conduct".to_owned(),
        document: Some(doc(1)),
    });
    let before = coop.state.hash();
    let mut two_hundredths = coop.clone();
    score(&mut two_hundredths, 3, 10_000, &doc(1), 1);
    assert_eq!(two_hundredths.submit(&act).unwrap_err().rule, Rule::OthersBehindIt);
    assert_eq!(coop.state.hash(), before);
    coop.submit(&act).unwrap();
}

#[test]
fn buckets_keep_their_percentage_where_s_or_counting_changes() {
    let mut coop = four(28);
    coop.vote(2, "maintainer", ALL, &[(2, ALL)]);
    coop.run(2);
    assert_eq!(coop.bucket("maintainer", 2), 20_000_000 * WEEK, "an eighth of 160");
    let terms = charter::Terms {
        settles_in: quantity::Span::from_seconds(56 * DAY),
        ..coop.election_mut("maintainer").terms.clone()
    };
    let at = coop.state.time;
    coop.election_mut("maintainer").renew(&terms, at);
    coop.vote(2, "maintainer", 0, &[]);
    coop.next();
    // An eighth of 320 for a week, less C ÷ 50.
    assert_eq!(coop.bucket("maintainer", 2), (40_000_000 - 800_000) * WEEK);
}

#[test]
fn an_item_closes_that_was_low_for_more_than_half_of_its_time() {
    let daily = Setup { updates: "daily at 00:00", ..second(vec![ranking("issues", 10, 0)]) };
    let mut coop = daily.found().with_weights(&[100]);
    for item in ["a", "b"] {
        coop.open("issues", item);
    }
    // a is supported on six days of ten, b on four.
    coop.place(1, "issues", "a", 100_000);
    coop.place(1, "issues", "b", 100_000);
    coop.run_until("2025-01-05T12:00:00Z");
    coop.place(1, "issues", "b", 0);
    coop.run_until("2025-01-07T12:00:00Z");
    coop.place(1, "issues", "a", 0);
    let closes = |coop: &Coop, item: &str| {
        let decision = coop.decision("issues");
        coop.state.item_closes_at(decision, decision.item(item).unwrap()).unwrap().to_string()
    };
    assert_eq!(closes(&coop, "b"), "2025-01-11T00:00:00Z");
    assert_eq!(coop.run_until("2025-01-10T12:00:00Z"), [] as [&str; 0]);
    assert_eq!(coop.run_until("2025-01-11T12:00:00Z"), ["item-closed issues b freed 0"]);
    assert_eq!(closes(&coop, "a"), "2025-01-14T00:00:00Z");
    assert_eq!(coop.run_until("2025-01-13T12:00:00Z"), [] as [&str; 0], "five days of ten are not more than half");
    assert_eq!(coop.run_until("2025-01-14T12:00:00Z"), ["item-closed issues a freed 0"]);
}

#[test]
fn one_bad_week_closes_nothing_and_moving_a_share_around_keeps_nothing_open() {
    let setup = second(vec![ranking("issues", 28, 0)]);
    let mut coop = setup.found().with_weights(&[100]);
    for item in ["a", "b", "c", "d"] {
        coop.open("issues", item);
    }
    let open = |coop: &Coop, item: &str| coop.decision("issues").item(item).unwrap().closed_at.is_none();
    let mut closed = Vec::new();
    for week in 0..8 {
        // The fourth has one bad week.
        if week == 0 || week == 3 || week == 4 {
            coop.place(1, "issues", "d", if week == 3 { 0 } else { 100_000 });
        }
        // One share goes around, a week on each.
        let (last, next) = (["c", "a", "b"][week % 3], ["a", "b", "c"][week % 3]);
        if week > 0 && open(&coop, last) {
            coop.place(1, "issues", last, 0);
        }
        if open(&coop, next) {
            coop.place(1, "issues", next, 500_000);
        }
        closed.extend(coop.next());
    }
    assert_eq!(closed.len(), 3, "{closed:?}");
    assert!(open(&coop, "d"));
}

#[test]
fn a_ballot_moved_there_and_back_changes_nothing() {
    let clauses = vec![office("maintainer", 14), counted(charter::Counting::Linear, body("team", 2, 14))];
    let mut coop = second(clauses).found().with_weights(&[100, 64, 36]);
    coop.enter(&[1, 2], "maintainer");
    coop.enter(&[1, 2, 3], "team");
    coop.vote(1, "maintainer", 400_000, &[(2, ALL)]);
    coop.vote(2, "team", 400_000, &[(2, ALL), (3, 500_000)]);
    coop.next();
    let mut moved = coop.clone();
    moved.vote(1, "maintainer", 0, &[]);
    moved.vote(1, "team", ALL, &[(3, ALL)]);
    moved.vote(1, "team", 0, &[]);
    moved.vote(1, "maintainer", 400_000, &[(2, ALL)]);
    assert_eq!(moved.next(), coop.next());
    assert_eq!(moved.state.hash(), coop.state.hash());
}

#[test]
fn the_hash_has_what_is_remembered() {
    let mut coop = four(28);
    coop.vote(2, "maintainer", ALL, &[(2, ALL)]);
    coop.run(2);
    let mut seen = std::collections::BTreeSet::from([coop.state.hash()]);
    let changes: [fn(&mut Coop); 8] = [
        |c| c.seats_mut("maintainer").memory.ahead[0].note(crate::count::settle::Lead::Ahead),
        |c| c.seats_mut("maintainer").memory.full_since[0] = Some(Moment(1)),
        |c| c.seats_mut("maintainer").memory.displaced_at[0] = Some(Moment(1)),
        |c| c.seats_mut("maintainer").memory.nobody[0] = 1,
        |c| c.candidates_mut("maintainer")[0].stood_at = Moment(1),
        |c| c.candidates_mut("maintainer")[0].low_since = Some(Moment(1)),
        |c| c.candidates_mut("maintainer")[0].waits = true,
        |c| c.election_mut("maintainer").measures.rescale = true,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut changed = coop.clone();
        change(&mut changed);
        assert!(seen.insert(changed.state.hash()), "change {number}");
    }
    let mut changed = coop.clone();
    std::sync::Arc::make_mut(&mut changed.state.recent).pop();
    assert!(seen.insert(changed.state.hash()), "the instants of updates");
}
