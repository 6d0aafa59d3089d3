//! How much text members bring in a day: the log decides, and under edition 1 nobody asks it.

use super::*;
use crate::edition::{ONE, TWO};
use crate::rules::brought::{MAX_A_DAY, MAX_RULES, MAX_TEXT, fits_at_hand_in};
use crate::{Actor, Context, Edition};

const MANNERS: &str = "document \"manners\" { settles-in \"14 days\" }";

fn coop(edition: Edition) -> Coop {
    let mut coop = found(&kernel(HELD), &lines(&[CONDUCT, MANNERS]), &[100, 400]);
    coop.state.editions.current = edition;
    // A day's texts are more than an hour's acts.
    coop.rules_mut().kernel.acts_per = charter::ActsPer { hour: 10_000, day: 10_000 };
    coop
}

/// The member hands it in; `None` if it is accepted.
fn hand_in(coop: &mut Coop, member: u64, act: &Act) -> Option<Rule> {
    let context = Context::of(Actor::Member(m(member)), coop.state.time);
    let before = format!("{:?}", coop.state);
    let no = crate::apply(&mut coop.state, act, &context).err()?;
    assert!(format!("{:?}", coop.state) == before, "a refused act changes nothing");
    Some(no.refused().rule)
}

/// One of two documents in turn, since one election remembers fewer texts of a member than a day has room for.
fn text(number: usize) -> Act {
    proposal(1, ["conduct", "manners"][number % 2], &format!("# Text {number}\n"))
}

/// Proposes these texts; the number of the first one that is refused as too many.
fn propose_until_refused(coop: &mut Coop, mut numbers: std::ops::Range<usize>) -> Option<usize> {
    numbers.find(|number| {
        let refused = hand_in(coop, 1, &text(*number));
        assert!(matches!(refused, None | Some(Rule::TooMany)), "{refused:?}");
        refused.is_some()
    })
}

#[test]
fn a_text_that_is_too_long_is_refused_from_edition_2_on() {
    for (decision, most) in [("conduct", MAX_TEXT), ("constitution", MAX_RULES), ("kernel", MAX_RULES)] {
        let long = proposal(1, decision, &"x".repeat(most + 1));
        assert_eq!(hand_in(&mut coop(TWO), 1, &long), Some(Rule::TooMany), "{decision}");
        assert_ne!(hand_in(&mut coop(ONE), 1, &long), Some(Rule::TooMany), "{decision}");
        let context = Context::of(Actor::Operator, coop(ONE).state.time);
        assert!(fits_at_hand_in(&coop(ONE).state, &long, &context).is_err(), "who hands it in asks: {decision}");
        let fits = proposal(1, decision, &"x".repeat(most));
        assert_ne!(hand_in(&mut coop(TWO), 1, &fits), Some(Rule::TooMany), "{decision}");
    }
}

/// R027 and R028 come before R046, and R047 after it.
#[test]
fn a_text_that_is_too_long_has_its_place_among_the_refusals() {
    let mut coop = coop(TWO);
    let mut act = proposal(1, "conduct", &"x".repeat(MAX_TEXT + 1));
    if let Act::ProposeDocument(act) = &mut act {
        act.document = "no hash".to_owned();
    }
    assert_eq!(hand_in(&mut coop, 1, &act), Some(Rule::NameNotAllowed));
    let mut never = found(&kernel("    amend \"never\""), &lines(&[CONDUCT]), &[100]);
    never.state.editions.current = TWO;
    assert_eq!(hand_in(&mut never, 1, &proposal(1, "kernel", "x")), Some(Rule::NoAmendment));
    assert_eq!(hand_in(&mut never, 1, &proposal(1, "kernel", &"x".repeat(MAX_RULES + 1))), Some(Rule::TooMany));
}

#[test]
fn each_text_of_a_day_counts_as_the_longest_of_its_kind() {
    let most = MAX_A_DAY / MAX_TEXT;
    let mut one = coop(TWO);
    assert_eq!(propose_until_refused(&mut one, 0..most + 9), Some(most));
    // Others have a day of their own, and the operator brings what there is to bring.
    assert_eq!(hand_in(&mut one, 2, &proposal(2, "conduct", "# Another\n")), None);
    one.next();
    assert_eq!(propose_until_refused(&mut one, most..most + 1), None, "on another day");
}

/// A replay that has erased a text comes to the same answers as one that has it, and so does one that began anew.
#[test]
fn the_sum_of_a_day_needs_no_text() {
    let mut with = coop(TWO);
    let mut without = coop(TWO);
    for number in 0..MAX_A_DAY / MAX_TEXT {
        let act = text(number);
        let mut bare = act.clone();
        bare.texts().for_each(|(_, text)| *text = None);
        let (one, other) = (hand_in(&mut with, 1, &act), hand_in(&mut without, 1, &bare));
        assert_eq!(one, other, "{number}");
    }
    assert_eq!(with.state.brought, without.state.brought);
}

/// Under edition 1 the sum goes on too, for who hands acts in, and nothing is refused by it.
#[test]
fn edition_1_counts_and_refuses_nothing() {
    let most = MAX_A_DAY / MAX_TEXT;
    let mut one = coop(ONE);
    assert_eq!(propose_until_refused(&mut one, 0..most + 5), None);
    let context = Context::of(Actor::Member(m(1)), one.state.time);
    let no = fits_at_hand_in(&one.state, &proposal(1, "conduct", "# One more\n"), &context).unwrap_err();
    assert_eq!(no.rule, Rule::TooMany);
}
