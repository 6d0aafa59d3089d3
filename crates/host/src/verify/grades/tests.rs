//! An operator with the whole disk acts for a hundred members; what a reader who knows three of them is told.

use engine::act::{ConfirmDevice, SignOnly};
use engine::{Act, Rule};

use super::*;
use crate::device::tests::{House, house_of, stands, votes};
use crate::verify_store;

fn confirms(member: u64, device: u64) -> Act {
    Act::ConfirmDevice(ConfirmDevice { member: Pseudonym(member), device })
}

fn grades(house: &mut House) -> Grades {
    verify_store(&mut *house.coop.store, 1).unwrap().remove(0).grades
}

fn knows(members: &[u64]) -> Vec<Trusted> {
    members.iter().map(|member| Trusted { member: Pseudonym(*member), words: None }).collect()
}

/// Members 1 to 100 are the operator's prey, 101 to 103 are real and know each other, 104 to 123 are made up.
#[test]
fn none_of_a_hundred_is_confirmed_for_who_knows_three() {
    let mut house = house_of(123);
    let mut key = 0;
    let mut enrol = |house: &mut House, member: u64| {
        key += 1;
        (house.enrol(member, key), key)
    };
    let real: Vec<_> = (101..=103).map(|member| (member, enrol(&mut house, member))).collect();
    for (place, (member, (device, key))) in real.iter().enumerate() {
        let (_, (next, _)) = real[(place + 1) % 3];
        house.signed(confirms(*member, next), *key, *device, 1).unwrap();
        house.signed(stands(*member), *key, *device, 2).unwrap();
    }
    let made_up: Vec<_> = (104..=123).map(|member| (member, enrol(&mut house, member))).collect();
    for (place, (member, (device, key))) in made_up.iter().enumerate() {
        for step in 1..=3 {
            let (_, (next, _)) = made_up[(place + step) % 20];
            house.signed(confirms(*member, next), *key, *device, step as u64).unwrap();
        }
    }
    house.hand_in(Actor::Member(Pseudonym(1)), stands(1), None).unwrap();
    // 25 sign only: the operator hands nothing in for them.
    for member in 1..=25 {
        let (device, key) = enrol(&mut house, member);
        let only = Act::SignOnly(SignOnly { member: Pseudonym(member), on: true });
        house.signed(only, key, device, 1).unwrap();
        let refused = house.hand_in(Actor::Member(Pseudonym(member)), votes(member, 500_000), None).unwrap_err();
        assert_eq!(refused.rule, Rule::SignatureMissing);
    }
    // 25 have a device: the server's word, or a device that waits.
    for member in 26..=50 {
        enrol(&mut house, member);
        house.hand_in(Actor::Member(Pseudonym(member)), votes(member, 500_000), None).unwrap();
        let (past, key) = enrol(&mut house, member);
        assert_eq!(house.signed(votes(member, 400_000), key, past, 1).unwrap_err().rule, Rule::DeviceWaits);
    }
    // 50 never had one: a device on the server's word, that the made-up members confirm.
    for member in 51..=100 {
        let (device, key) = enrol(&mut house, member);
        house.signed(votes(member, 500_000), key, device, 1).unwrap();
        let (by, (confirming, confirming_key)) = made_up[0];
        house.signed(confirms(by, device), confirming_key, confirming, member).unwrap();
    }
    let mut told = grades(&mut house);
    assert_eq!((told.confirmed, told.placed.confirmed), (0, 0), "nobody is known yet");
    told.confirm(&knows(&[101, 102, 103]));
    assert_eq!(told.confirmed, 6, "what the three signed themselves");
    assert_eq!(told.placed.confirmed, 0, "no vote of the hundred");
    let known = told.known(&knows(&[101, 102, 103]));
    assert_eq!(known, real.iter().map(|(_, (device, _))| *device).collect());
    assert_eq!(told.past_an_older.len(), 25, "devices that came past an older one");
    assert_eq!(told.only_by_server.len(), 3 + 20 + 25 + 50);
    // The server's word: 123 enrolments and 25, 25 votes, and one who stands.
    assert_eq!((told.servers_word, told.desk), (123 + 25 + 25 + 1, 0));
    assert!(told.placed.signed == 0 && told.placed.servers_word == 0, "nobody has weight before an update");
}

#[test]
fn a_chain_leads_from_who_is_known_and_no_further() {
    let mut house = house_of(4);
    let devices: Vec<u64> = (1..=4).map(|member| house.enrol(member, u8::try_from(member).unwrap())).collect();
    house.signed(confirms(1, devices[1]), 1, devices[0], 1).unwrap();
    house.signed(confirms(2, devices[2]), 2, devices[1], 1).unwrap();
    house.signed(confirms(4, devices[0]), 4, devices[3], 1).unwrap();
    let told = grades(&mut house);
    assert_eq!(told.known(&knows(&[1])), devices[..3].iter().copied().collect());
    assert_eq!(told.known(&knows(&[3])), [devices[2]].into());
    assert_eq!(told.known(&[]), BTreeSet::new());
    // With the words of another key, nothing of the member is known.
    let words = |words: &str| vec![Trusted { member: Pseudonym(1), words: Some(words.to_owned()) }];
    assert_eq!(told.known(&words("one-two-three-four-five-six")), BTreeSet::new());
    assert_eq!(told.known(&words(&told.devices[0].words.clone())), devices[..3].iter().copied().collect());
}

#[test]
fn weight_is_told_by_the_grade_of_the_act_that_placed_it() {
    let mut house = house_of(3);
    let device = house.enrol(1, 1);
    house.signed(stands(1), 1, device, 1).unwrap();
    house.signed(votes(1, 500_000), 1, device, 2).unwrap();
    house.hand_in(Actor::Member(Pseudonym(2)), votes(2, 250_000), None).unwrap();
    house.hand_in(Actor::Desk(Pseudonym(3)), votes(3, 1_000_000), None).unwrap();
    house.update();
    let mut told = grades(&mut house);
    assert_eq!((told.placed.signed, told.placed.servers_word), (0, 0), "nobody is on a list that counts");
    house.list(&[1, 2, 3]);
    house.update();
    told.confirm(&[]);
    told = grades(&mut house);
    assert_eq!(told.placed, Placed { confirmed: 0, signed: 500_000, servers_word: 1_250_000 });
    told.confirm(&knows(&[1]));
    assert_eq!(told.placed, Placed { confirmed: 500_000, signed: 0, servers_word: 1_250_000 });
    assert_eq!((told.confirmed, told.desk), (2, 1));
    // The same vote without a signature afterwards is the server's word again.
    house.hand_in(Actor::Member(Pseudonym(1)), votes(1, 400_000), None).unwrap();
    assert_eq!(grades(&mut house).placed, Placed { confirmed: 0, signed: 0, servers_word: 1_650_000 });
}

#[test]
fn who_is_known_is_read_with_or_without_words() {
    let one: Trusted = "m_0000000000001:a-b-c-d-e-f".parse().unwrap();
    assert_eq!(one, Trusted { member: Pseudonym(1), words: Some("a-b-c-d-e-f".to_owned()) });
    assert_eq!("m_0000000000001".parse::<Trusted>().unwrap().words, None);
    assert!("somebody".parse::<Trusted>().is_err());
}
