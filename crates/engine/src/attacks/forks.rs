//! Money that leaves with a fork: by dust, by a late gift, by newcomers.

use super::*;
use crate::act::{AnnounceFork, CompleteFork, JoinFork, ReverseSupport};
use crate::fork::Share;
use crate::refusal::Rule;

fn announce(coop: &mut Coop, member: u64) {
    let text = kernel("    members { floor \"1 weight\" }");
    coop.act(Act::AnnounceFork(AnnounceFork {
        member: m(member),
        fork: "away".to_owned(),
        kernel: hex(text.as_bytes()),
        constitution: hex(CONSTITUTION.as_bytes()),
        kernel_text: Some(text.into()),
        constitution_text: Some(CONSTITUTION.into()),
    }));
}

fn join(coop: &mut Coop, members: impl IntoIterator<Item = u64>) {
    for member in members {
        coop.act(Act::JoinFork(JoinFork { member: m(member), fork: "away".to_owned(), going: true }));
    }
}

fn completion() -> Act {
    Act::CompleteFork(CompleteFork {
        fork: "away".to_owned(),
        coop: "c_0000000000001".to_owned(),
        key: "ab".repeat(32),
    })
}

/// Completes the fork as soon as the rules allow it; the share, and the day.
fn complete(coop: &mut Coop) -> (Share, String) {
    let early = coop.submit(&completion()).unwrap_err();
    assert_eq!(early.rule, Rule::ForkNotDue, "{early}");
    while coop.submit(&completion()).is_err() {
        coop.next();
    }
    let done = coop.state.forks.completed_named("away").unwrap();
    (done.share, done.at.to_string())
}

/// Three members with a cent each, under a cap of a fifth: edition 1 gives them 60 % of all weight, and 6,000 of 10,000 USD.
#[test]
fn three_members_with_a_cent_take_three_cents() {
    let mut coop = house(&kernel("    members { cap \"20%\" }"), &[500_000, 500_000, 1, 1, 1]);
    announce(&mut coop, 3);
    join(&mut coop, 4..=5);
    let (share, day) = complete(&mut coop);
    assert_eq!((share.balance_minor, share.given_minor, share.minor), (1_000_003, Some(3), 3));
    assert_eq!(day, "2025-02-10T01:00:00Z", "the first update 30 days after 6 January");
    // With no limit to what they gave, the cap alone would hand them their part of all weight.
    assert!(share.part > 0 && share.whole > 0);
}

/// One who gave 1,000 last Sunday, as much as all others in a month, and forks with half of 11,000: 5,500 and the gift back.
#[test]
fn a_gift_of_last_sunday_takes_itself_along_and_is_not_refunded() {
    let monthly = kernel("").replace("donated(ever)", "donated(last 30 days)");
    let mut coop = house(&monthly.replace("donated(last 30 days)", "faded(donated, half-life 30 days)"), &[1_000_000]);
    coop.run_until("2025-04-06T00:00:00Z");
    coop.admit(2..=2);
    let gift = coop.give(2, "donation", 100_000, "2025-04-06");
    bank(&mut coop, 100_000);
    coop.next();
    announce(&mut coop, 2);
    let (share, day) = complete(&mut coop);
    assert_eq!(day, "2025-05-12T01:00:00Z");
    let by_weight = share.balance_minor as u128 * share.part / share.whole;
    assert!(by_weight > 500_000, "by weight alone {by_weight} cents of {}", share.balance_minor);
    assert_eq!((share.given_minor, share.minor), (Some(100_000), 100_000), "what they gave, and no more");
    let back = |amount: i64| {
        Act::ReverseSupport(ReverseSupport {
            of: gift.clone(),
            amount: Some(amount),
            given_at: Some(at("2025-05-12")),
            given_on: None,
            source: "refund".to_owned(),
        })
    };
    for amount in [100_000, 1] {
        let no = coop.submit(&back(amount)).unwrap_err();
        assert_eq!(no.rule, Rule::GiftDivided, "{no}");
    }
}

/// A gift that was given back before the fork is completed takes nothing along, and joins no later.
#[test]
fn a_gift_taken_back_meanwhile_takes_nothing_along() {
    let mut coop = house(&kernel(""), &[100_000, 100_000]);
    announce(&mut coop, 2);
    let of = "test:2".to_owned();
    coop.take_back(&of, None, "2025-01-06");
    let (share, _) = complete(&mut coop);
    assert_eq!((share.part, share.then, share.minor), (0, Some((1_000_000_000, 2_000_000_000)), 0));
}

/// A hundred newcomers, as many as there were members: in edition 1 they join and fork in one second with half of the bank.
#[test]
fn a_hundred_newcomers_take_nothing_by_head() {
    let by_head = kernel("    fork treasury=\"by head\"");
    let mut coop = house(&by_head, &[10_000; 100]);
    coop.admit(101..=200);
    announce(&mut coop, 101);
    join(&mut coop, 102..=200);
    assert_eq!(coop.submit(&completion()).unwrap_err().rule, Rule::ForkNotDue, "not in one second");
    let (share, day) = complete(&mut coop);
    assert_eq!((share.balance_minor, share.then, share.part, share.minor), (1_000_000, Some((0, 100)), 0, 0));
    assert_eq!(day, "2025-02-10T01:00:00Z");
    assert_eq!(coop.state.members.active_count(), 100, "they are gone, and the money is not");
}

/// Somebody waits with the announcement until others have left in a mass: the lesser of both shares counts.
#[test]
fn the_lesser_of_both_shares_counts() {
    let all = "    fork treasury=\"by weight of those who go\"";
    let mut coop = house(&kernel(all), &[100_000, 100_000, 200_000]);
    announce(&mut coop, 1);
    coop.leave(3);
    let (share, _) = complete(&mut coop);
    assert_eq!((share.part, share.whole), (1_000_000_000, 2_000_000_000), "a half by now");
    assert_eq!(share.then, Some((1_000_000_000, 4_000_000_000)), "a quarter when it was announced");
    assert_eq!(share.minor, 100_000);
}

/// F29: two forks of two fifths each. The second does not lose by being second, and takes as much as the first.
#[test]
fn the_second_of_two_forks_takes_as_much_as_the_first() {
    for treasury in ["by weight of those who go", "by head"] {
        let mut coop = house(&kernel(&format!("    fork treasury=\"{treasury}\"")), &[100_000; 5]);
        coop.next();
        let go = |coop: &mut Coop, fork: &str, members: [u64; 2]| {
            let text = kernel("    members { floor \"1 weight\" }");
            coop.act(Act::AnnounceFork(AnnounceFork {
                member: m(members[0]),
                fork: fork.to_owned(),
                kernel: hex(text.as_bytes()),
                constitution: hex(CONSTITUTION.as_bytes()),
                kernel_text: Some(text.into()),
                constitution_text: Some(CONSTITUTION.into()),
            }));
            let join = JoinFork { member: m(members[1]), fork: fork.to_owned(), going: true };
            coop.act(Act::JoinFork(join));
        };
        go(&mut coop, "away", [1, 2]);
        go(&mut coop, "also", [3, 4]);
        let (share, _) = complete(&mut coop);
        assert_eq!((share.balance_minor, share.minor), (500_000, 200_000), "{treasury}");
        coop.next();
        let second = CompleteFork { fork: "also".to_owned(), coop: "c_0000000000002".to_owned(), key: "cd".repeat(32) };
        coop.submit(&Act::CompleteFork(second)).unwrap();
        let second = coop.state.forks.completed_named("also").unwrap().share;
        assert_eq!((second.balance_minor, second.minor), (300_000, 200_000), "{treasury}");
    }
}

/// Those who were paid, or are owed something, take so much less; a reserve stays whole.
#[test]
fn what_was_paid_or_is_owed_is_no_share() {
    let reserve = kernel("    reserves \"30%\"");
    let mut coop = house(&reserve, &[100_000, 100_000]);
    let entry = |name: &str, postings: &str| {
        let body = format!(
            r#"{{"at":"2025-01-06","source":"{name}","narration":"n","currency":"USD","postings":[{postings}]}}"#
        );
        crate::tests::read("book_entry", &body)
    };
    let account = format!("{}", m(2)).replace('_', "-");
    coop.act(entry(
        "wage",
        &format!(
            r#"{{"account":"expenses:wages:{account}","minor":30000}},{{"account":"assets:bank","minor":-30000}}"#
        ),
    ));
    coop.act(entry(
        "owed",
        &format!(
            r#"{{"account":"expenses:rent","minor":20000}},{{"account":"liabilities:rent:{account}","minor":-20000}}"#
        ),
    ));
    announce(&mut coop, 2);
    let (share, _) = complete(&mut coop);
    // 2,000.00 less 300.00 paid and 200.00 owed are 1,500.00, of which 450.00 are the reserve.
    assert_eq!((share.reserve_minor, share.balance_minor), (45_000, 105_000));
    assert_eq!((share.given_minor, share.minor), (Some(50_000), 50_000), "half would be 525.00");
}
