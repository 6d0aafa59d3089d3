//! Who keeps a list, and what becomes of its announced changes.

use super::*;

#[test]
fn those_on_a_list_act_where_no_more_than_half_of_the_seats_are_filled() {
    let mut house = house_of(vec![may(body("council", 5, 14), &["keep-list"])], 5);
    house.enter(&[1, 2, 3], "council");
    house.seat(&[1, 2, 3], "council");
    house.admit(6..=7);
    assert_eq!(rule(propose(&mut house, 4, None, &adds(6))), Rule::NotAuthorised, "three of five seats are filled");
    house.resign(3, "council");
    for member in 1..=2 {
        house.vote(member, "council", WHOLE, &[(1, WHOLE), (2, WHOLE)]);
    }
    assert_eq!(rule(propose(&mut house, 6, None, &adds(6))), Rule::NotAmongThem);
    propose(&mut house, 4, None, &adds(6)).unwrap();
    assert_eq!(agree(&mut house, 5, 1, true).unwrap(), ["recorded"]);
    let told = agree(&mut house, 3, 1, true).unwrap();
    assert!(told[0].starts_with("act-announced 2 list member-list add_to_list member-list #6 due"), "{told:?}");
    // It is the council whose electorate the list feeds, with 14 days.
    house.run_until("2025-01-28");
    assert_eq!(on_list(&house), 5);
    house.run_until("2025-02-04");
    assert_eq!(on_list(&house), 6);
    // With nobody on the list, the members act.
    for member in 1..=6 {
        house.act(strikes(member));
    }
    propose(&mut house, 7, None, &adds(7)).unwrap();
    let number = house.state.powers.proposed().last().unwrap().0;
    for member in 1..=2 {
        assert_eq!(agree(&mut house, member, number, true).unwrap(), ["recorded"]);
    }
    let told = agree(&mut house, 3, number, true).unwrap();
    assert!(told[0].contains(" members add_to_list member-list #7"), "{told:?}");
}

/// The decision that a list feeds closes: the next one that it feeds decides from then on, and the opponents there hold it up.
#[test]
fn another_decision_that_the_list_feeds_takes_the_place_of_a_closed_one() {
    let mut house = house_of(vec![office("chair", 28), office("clerk", 14)], 10);
    house.rules_mut().kernel.classes[0].kept_by = KeptBy::Members;
    for (decision, holder) in [("chair", 1), ("clerk", 2)] {
        house.enter(&[holder, 9], decision);
        house.seat(&[holder], decision);
    }
    propose(&mut house, 1, None, &strikes(5)).unwrap();
    for member in 2..=6 {
        agree(&mut house, member, 1, true).unwrap();
    }
    let place = |house: &Coop, name: &str| house.state.decision_place(name).unwrap();
    let (chair, clerk) = (place(&house, "chair"), place(&house, "clerk"));
    assert_eq!(house.state.powers.announced_act(2).unwrap().watched, chair);
    for opponent in 4..=8 {
        house.vote(opponent, "clerk", WHOLE, &[(9, 400_000)]);
    }
    house.run(2);
    assert_eq!(house.state.powers.announced_act(2).unwrap().held_up_by().count(), 0, "nobody wants another chair");
    // The chair is abolished.
    let abolish = |house: &mut Coop, place: DecisionId, left: Vec<Clause>| {
        let at = house.state.time;
        house.state.decisions[place].close(at);
        house.rules_mut().constitution = Constitution::new(left, Vec::new());
        house.state.index_anew();
    };
    abolish(&mut house, chair, vec![office("clerk", 14)]);
    house.run(1);
    let announced = house.state.powers.announced_act(2).unwrap();
    assert_eq!((announced.watched, announced.held_up_by().count()), (clerk, 1));
    assert_eq!(announced.settles_s, 28 * 86_400, "its term stays that of the announcement");
    assert_eq!(announced.capacity, house.decision("clerk").capacity);
    // Where no office or body is left, the constitution's own election decides, and nobody proposes a text.
    for opponent in 4..=8 {
        house.vote(opponent, "clerk", 0, &[]);
    }
    abolish(&mut house, clerk, Vec::new());
    let told = house.run_until("2025-03-05");
    assert_eq!(told.last().unwrap(), "act-took-effect 2 list member-list remove_from_list member-list #5");
}

#[test]
fn a_list_that_its_members_keep_is_out_of_the_reach_of_powers() {
    let mut house = house_of(vec![may(office("secretary", 14), &["keep-list"])], 5);
    house.rules_mut().kernel.classes[0].kept_by = KeptBy::Members;
    house.enter(&[1], "secretary");
    house.seat(&[1], "secretary");
    house.admit(6..=6);
    assert_eq!(rule(by(&mut house, 1, &adds(6))), Rule::NotAuthorised);
    propose(&mut house, 1, None, &strikes(5)).unwrap();
    agree(&mut house, 2, 1, true).unwrap();
    let told = agree(&mut house, 3, 1, true).unwrap();
    assert!(told[0].starts_with("act-announced 2"), "{told:?}");
    // Those on the list take back what they announced; a newcomer on it ends nothing.
    propose(&mut house, 4, None, &takes_back(2)).unwrap();
    agree(&mut house, 5, 3, true).unwrap();
    house.list(LIST, 6);
    assert!(house.state.powers.announced_act(2).is_some());
    agree(&mut house, 6, 3, true).unwrap();
    assert_eq!(
        agree(&mut house, 1, 3, true).unwrap()[0],
        "act-taken-back 2 list member-list remove_from_list member-list #5"
    );
}

/// A list is changed while a class reads it: nobody watches one that gives no weight, and it may give some again.
#[test]
fn a_list_that_no_class_reads_any_longer_is_not_changed() {
    let mut house = council();
    house.admit(13..=13);
    together(&mut house, [1, 2], &adds(13));
    house.rules_mut().kernel.classes[0].list = None;
    for act in [adds(13), strikes(12)] {
        assert_eq!(house.submit(&act).unwrap_err().rule, Rule::UnknownList, "the desk");
        assert_eq!(rule(propose(&mut house, 1, Some("council"), &act)), Rule::UnknownList);
        assert_eq!(rule(propose(&mut house, 1, None, &act)), Rule::UnknownList);
        let mut earlier = house.clone();
        earlier.state.editions.current = crate::edition::Edition::ONE;
        earlier.act(act);
    }
    let told = house.run_until("2025-02-04");
    assert_eq!((count(&told, "act-lapsed"), on_list(&house)), (1, 12), "{told:?}");
    house.rules_mut().kernel.classes[0].list = Some(LIST.to_owned());
    house.act(strikes(12));
    assert_eq!(on_list(&house), 11);
}
