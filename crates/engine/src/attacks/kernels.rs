//! The kernel and its list of texts: closed by dust, changed by one key, ended by a proposer.

use super::*;
use crate::MemberIndex;
use crate::act::WithdrawCandidacy;
use crate::refusal::Rule;
use crate::rules::amendment::Place;

fn text(number: u64) -> String {
    kernel(&format!("    members {{ floor \"{number} weights\" }}"))
}

fn stands(coop: &Coop, text: &str) -> bool {
    coop.state.amendment.place(&hex(text.as_bytes())).is_some()
}

/// Thirty-four members with a cent each propose a hundred kernels: in edition 1 nobody else can propose one, and one cent keeps
/// each of them for ever.
#[test]
fn dust_does_not_close_the_kernel() {
    let mut cents = vec![500_000, 500_000];
    cents.extend([1; 67]);
    let mut coop = house(&kernel(""), &cents);
    // With 67 of them both rooms are full: a hundred places, and a hundred texts that wait for one.
    for number in 0..200 {
        coop.act(proposal(3 + number / 3, &text(number + 1)));
        coop.act(assent(3 + number / 3, &text(number + 1)));
    }
    let fair = kernel("    members { cap \"50%\" }");
    let told = coop.act(proposal(1, &fair));
    assert_eq!(told[1], format!("nominee-dropped kernel {}", hex(text(200).as_bytes())), "the youngest of the least");
    coop.act(assent(1, &fair));
    coop.act(assent(2, &fair));
    coop.next();
    let place = |coop: &Coop, text: &str| coop.state.amendment.proposal(&hex(text.as_bytes())).map(|one| one.place);
    assert_eq!(place(&coop, &fair), Some(Place::Counts), "the one with most behind it has its place");
    assert_eq!((place(&coop, &text(1)), place(&coop, &text(100))), (Some(Place::Counts), Some(Place::Waits)));
    // A cent is a ten-thousandth of a hundredth: 30 days after the proposal those are out that wait, and 30 days after the
    // first update all others of theirs.
    coop.run(3);
    assert_eq!(coop.state.amendment.proposals.len(), 200, "on 3 February");
    assert_eq!([coop.next().len(), coop.next().len()], [100, 99]);
    assert_eq!(coop.state.amendment.proposals.len(), 1);
    assert!(stands(&coop, &fair));
}

/// A text of dust stays only as long as a text may without a hundredth of all weight; one with a hundredth stays.
#[test]
fn a_hundredth_keeps_a_text_and_less_does_not() {
    let mut coop = house(&kernel(""), &[9_900, 100, 99]);
    for (member, number) in [(2, 1), (3, 2)] {
        coop.act(proposal(member, &text(number)));
    }
    coop.act(assent(2, &text(1)));
    coop.act(assent(3, &text(2)));
    // 99 of 10,099 are less than a hundredth, and 100 are not quite one either.
    coop.give(2, "donation", 1, "2025-01-06");
    coop.run(5);
    assert!(stands(&coop, &text(1)) && stands(&coop, &text(2)), "28 days after the first update with them");
    coop.next();
    assert!(!stands(&coop, &text(2)), "30 days without a hundredth");
    coop.run(8);
    assert!(stands(&coop, &text(1)) == (101 * 100 >= 10_100));
}

/// Each member's assent counts for the latest three: nobody keeps a hundred texts with one cent.
#[test]
fn one_member_carries_three_texts() {
    let mut coop = house(&kernel(""), &[100, 100]);
    for number in 1..=4 {
        coop.act(proposal(1 + number / 4, &text(number)));
    }
    let mut told = Vec::new();
    for number in 1..=4 {
        told.extend(coop.act(assent(2, &text(number))));
    }
    let ended = format!("assent-ended #2 {}", hex(text(1).as_bytes()));
    assert_eq!(told, ["recorded", "recorded", "recorded", "recorded", ended.as_str()]);
    let carried = |number: u64| {
        let proposal = coop.state.amendment.proposal(&hex(text(number).as_bytes())).unwrap();
        proposal.assents.contains(&MemberIndex(1))
    };
    assert_eq!([1, 2, 3, 4].map(carried), [false, true, true, true]);
}

/// The proposer of a text that two thirds carry withdraws it on the day before it comes into force.
#[test]
fn a_proposer_does_not_end_what_others_carry() {
    let mut coop = house(&kernel(""), &[10_000, 9_800, 101, 99]);
    let withdraw = |number: u64| {
        Act::WithdrawCandidacy(WithdrawCandidacy {
            member: m(1),
            decision: "kernel".to_owned(),
            document: Some(hex(text(number).as_bytes())),
        })
    };
    for number in 1..=3 {
        coop.act(proposal(1, &text(number)));
        coop.act(assent(1, &text(number)));
    }
    coop.act(assent(2, &text(1)));
    coop.act(assent(4, &text(2)));
    coop.next();
    assert_eq!(coop.submit(&withdraw(1)).unwrap_err().rule, Rule::CarriedByOthers, "49 of 100");
    coop.act(assent(3, &text(3)));
    coop.act(assent(4, &text(3)));
    assert_eq!(coop.submit(&withdraw(3)).unwrap_err().rule, Rule::CarriedByOthers, "200 of 20,000 are a hundredth");
    assert_eq!(coop.act(withdraw(2)), ["recorded"], "99 of 20,000 are less");
    assert!(stands(&coop, &text(1)) && !stands(&coop, &text(2)));
}

/// Neither one giver, nor dust, nor heads made for the purpose change the kernel alone.
#[test]
fn one_key_does_not_change_the_kernel() {
    // One of 21 gave 99 % of everything.
    let mut cents = vec![198_000];
    cents.extend([100; 20]);
    let mut coop = house(&kernel(""), &cents);
    coop.run(3);
    let away = kernel("    amend \"1/2 of weight for 1 day\"");
    coop.act(proposal(1, &away));
    coop.act(assent(1, &away));
    // Thirty friends join after the founding period and give a dollar each.
    coop.admit(22..=51);
    for friend in 22..=51 {
        coop.give(friend, "donation", 100, "2025-01-27");
        coop.act(assent(friend, &away));
    }
    coop.run(30);
    let proposal = coop.state.amendment.proposal(&hex(away.as_bytes())).unwrap();
    let heads = proposal.heads.clone().unwrap();
    assert_eq!((heads.part, heads.whole), (1, 21), "friends are not counted");
    assert_eq!(proposal.held_since, None, "98.5 % of all weight, and one member of 21");
    // Ten more make eleven of 21, more than half: both keys turn, and are held for 180 days.
    for member in 2..=10 {
        coop.act(assent(member, &away));
    }
    coop.next();
    let held = |coop: &Coop| coop.state.amendment.proposal(&hex(away.as_bytes())).and_then(|one| one.held_since);
    assert_eq!(held(&coop), None, "ten of 21 are no half");
    coop.act(assent(11, &away));
    coop.next();
    assert!(held(&coop).is_some());
    coop.run(25);
    assert!(stands(&coop, &away), "175 days");
    assert_eq!(coop.next()[0], format!("amendment-adopted {}", hex(away.as_bytes())), "182 days");
}

/// A change that few who take part carry: where the kernel counts active members, those who place nothing do not block it.
#[test]
fn idle_heads_neither_carry_nor_block_where_active_ones_count() {
    let active = kernel("    amend \"1/2 of weight and 1/2 of active members for 7 days\"");
    let mut coop = house(&active, &[400, 100, 100, 100]);
    let other = text(1);
    coop.act(proposal(1, &other));
    coop.act(assent(1, &other));
    coop.next();
    let heads = |coop: &Coop| {
        let heads = coop.state.amendment.proposal(&hex(other.as_bytes())).unwrap().heads.clone().unwrap();
        (heads.part, heads.whole)
    };
    assert_eq!(heads(&coop), (0, 0), "nobody has anything placed");
    coop.enter(&[2], "maintainer");
    for member in 1..=2 {
        coop.vote(member, "maintainer", 100_000, &[(2, 1_000_000)]);
    }
    coop.next();
    assert_eq!(heads(&coop), (1, 2), "a half is no more than a half");
    coop.act(assent(2, &other));
    coop.next();
    assert_eq!(heads(&coop), (2, 2));
    assert_eq!(coop.next()[0], format!("amendment-adopted {}", hex(other.as_bytes())));
}
