//! Numbers that a kernel leaves to the constitution: a majority sets one against those who gave long ago.

use super::*;
use crate::act::{AnnounceFork, CastBallot, CompleteFork, Nominate};
use crate::edition::THREE;

const SET: &str =
    "# Rules\n\n```charter\noffice \"maintainer\" { settles-in \"14 days\" }\nset \"half-life\" \"LEAST\"\n```\n";

/// Gifts that fade, by half in two years unless the constitution says otherwise; a constitution that settles in so many days.
fn fading(least: &str, settles_days: u32) -> String {
    let parameter = format!("    parameter \"half-life\" default=\"2 years\" from=\"{least}\" to=\"5 years\"");
    let text = kernel(&parameter).replace("donated(ever)", "faded(donated, half-life)");
    text.replace("settles-in \"7 days\"", &format!("settles-in \"{settles_days} days\""))
}

/// Member 1 gave 1,000 USD two years ago, members 2 and 3 give 300 each today: 500, 300 and 300 of weight.
fn old_and_new(kernel: &str) -> Coop {
    let mut coop = Setup::new(Vec::new()).found();
    let read = read_kernel_under(kernel, THREE).unwrap_or_else(|why| panic!("{why:?}"));
    let clauses = read_constitution(CONSTITUTION, &read).unwrap_or_else(|why| panic!("{why:?}"));
    let mut act = Found::on(&hex(kernel.as_bytes()), &hex(CONSTITUTION.as_bytes()), false);
    (act.edition, act.open) = (THREE, true);
    coop.state = State::found(Rules::new(read, clauses), act, at("2025-01-01")).with_texts(kernel, CONSTITUTION);
    coop.admit(1..=3);
    // 730 days before the others.
    coop.give(1, "donation", 100_000, "2023-01-02");
    coop.give(2, "donation", 30_000, "2025-01-01");
    coop.give(3, "donation", 30_000, "2025-01-01");
    bank(&mut coop, 160_000);
    coop.next();
    coop
}

/// The part of all weight that the member who gave long ago has, parts per million.
fn part(coop: &Coop) -> u128 {
    u128::from(coop.weights()[0]) * 1_000_000 / coop.state.weights.total
}

fn ballot(member: u64, text: &str) -> Act {
    Act::CastBallot(CastBallot {
        member: m(member),
        decision: "constitution".to_owned(),
        item: None,
        share_ppm: 1_000_000,
        scores: Some([(hex(text.as_bytes()), 1_000_000)].into()),
        against: false,
    })
}

/// The two propose a text that sets the half-life as low as it goes, and place all their weight on it; the one places all of it on
/// the text in force.
fn propose_least(coop: &mut Coop, least: &str) -> String {
    let text = SET.replace("LEAST", least);
    coop.act(Act::ProposeDocument(ProposeDocument {
        member: m(2),
        decision: "constitution".to_owned(),
        document: hex(text.as_bytes()),
        text: Some(Arc::from(&*text)),
    }));
    coop.act(Act::Nominate(Nominate {
        member: m(2),
        decision: "constitution".to_owned(),
        candidate: hex(text.as_bytes()),
        share_ppm: 1_000_000,
        against: false,
    }));
    // It enters, and the nominator's share comes free.
    coop.next();
    for (member, text) in [(1, CONSTITUTION), (2, &*text), (3, &*text)] {
        coop.act(ballot(member, text));
    }
    text
}

/// Runs updates until the text is in force; the day, and the part before and after the update that follows.
fn carried(coop: &mut Coop) -> (String, [u128; 2]) {
    for _ in 0..100 {
        if coop.next().iter().any(|words| words.starts_with("rules-changed")) {
            let before = part(coop);
            let day = coop.state.time.to_string();
            coop.next();
            return (day, [before, part(coop)]);
        }
    }
    panic!("it never comes into force");
}

/// 45.5 % of all weight become 0.6 % where the kernel allows 90 days, and 29.4 % where it allows no less than a year: a half-life h
/// leaves 1,000 × 2^(−730 days ÷ h) beside 600.
#[test]
fn a_majority_sets_the_half_life_against_old_gifts() {
    for (least, after) in [("90 days", 5_991), ("1 year", 294_117)] {
        let mut coop = old_and_new(&fading(least, 7));
        assert_eq!(part(&coop), 454_545);
        propose_least(&mut coop, least);
        let (day, parts) = carried(&mut coop);
        // √300 twice are 34.6 votes, √500 are 22.4: a lead of 12.3 of 57.0 fills a bucket of 7 days in 32.5.
        assert_eq!(day, "2025-02-17T01:00:00Z", "five updates of counting after the one that nominates");
        assert_eq!(
            parts,
            [454_545, after],
            "the update at which it comes into force still counts by two years: {least}"
        );
        assert_eq!(coop.state.counted_by.as_slice(), [("half-life".to_owned(), least.to_owned())]);
        coop.state.check().unwrap();
    }
}

/// A constitution that settles in 30 days lets the one leave before, with what they had; one that settles in 7 does not.
#[test]
fn who_would_lose_by_a_number_leaves_before_where_the_constitution_settles_slowly() {
    let left = |settles_days| {
        let mut coop = old_and_new(&fading("90 days", settles_days));
        let text = kernel("    members { floor \"1 weight\" }");
        coop.act(Act::AnnounceFork(AnnounceFork {
            member: m(1),
            fork: "away".to_owned(),
            kernel: hex(text.as_bytes()),
            constitution: hex(CONSTITUTION.as_bytes()),
            kernel_text: Some(text.into()),
            constitution_text: Some(CONSTITUTION.into()),
        }));
        propose_least(&mut coop, "90 days");
        let completion = Act::CompleteFork(CompleteFork {
            fork: "away".to_owned(),
            coop: "c_0000000000001".to_owned(),
            key: "ab".repeat(32),
        });
        let mut changed = false;
        while coop.submit(&completion).is_err() {
            changed |= coop.next().iter().any(|words| words.starts_with("rules-changed"));
        }
        let done = coop.state.forks.completed_named("away").unwrap();
        (done.at.to_string(), changed, done.share.minor)
    };
    // 45.45 % of 1,600.00 USD.
    assert_eq!(left(30), ("2025-02-10T01:00:00Z".to_owned(), false, 72_727));
    // With three who agree the seven days are over before the thirty of a fork: the kernel's limits alone hold then.
    assert_eq!(left(7).2, 72_727, "on 10 February, a week before this text could take over");
}
