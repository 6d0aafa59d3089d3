//! Devices. Each test is a sentence of `docs/spec/devices.md`.

use super::{MOST_CONFIRMATIONS, MOST_DEVICES, WAIT_S};
use crate::context::{Context, Signed};
use crate::edition::{FIVE, FOUR};
use crate::tests::{Coop, Luck, Setup, m, office, read, rule, tries, words};
use crate::{Act, Actor, NotDone, Refusal, Rule, apply};
use quantity::Moment;

/// Members with ten dollars each, and the number of the next entry.
struct House {
    coop: Coop,
    entry: u64,
}

fn house(members: usize) -> House {
    let setup = Setup { edition: FIVE, ..Setup::new(vec![office("maintainer", 14)]) };
    House { coop: setup.found().with_weights(&vec![10; members]), entry: 100 }
}

/// A key of so many hexadecimal digits alike.
fn key(number: u64) -> String {
    format!("{number:064x}")
}

fn by_itself(until: Moment) -> Option<Signed> {
    Some(Signed { device: 0, turn: 0, until })
}

impl House {
    fn hand_in(&mut self, actor: Actor, act: &Act, signed: Option<Signed>) -> Result<Vec<String>, Refusal> {
        let context = Context { entry: self.entry, signed, ..Context::of(actor, self.coop.state.time) };
        let done = apply(&mut self.coop.state, act, &context).map_err(NotDone::refused)?;
        self.entry += 1;
        Ok(words(&done))
    }

    fn later(&self) -> Moment {
        Moment(self.coop.state.time.0 + 1)
    }

    /// Enrols a key that signs for itself; the entry.
    fn enrol(&mut self, member: u64, public: u64) -> Result<u64, Refusal> {
        let act = enrols(member, public);
        let (entry, until) = (self.entry, self.later());
        self.hand_in(Actor::Member(m(member)), &act, by_itself(until)).map(|_| entry)
    }

    fn signed(&mut self, member: u64, act: &Act, device: u64, turn: u64) -> Result<Vec<String>, Refusal> {
        let until = self.later();
        self.hand_in(Actor::Member(m(member)), act, Some(Signed { device, turn, until }))
    }

    fn unsigned(&mut self, member: u64, act: &Act) -> Result<Vec<String>, Refusal> {
        self.hand_in(Actor::Member(m(member)), act, None)
    }

    /// The log goes on to an instant.
    fn wait(&mut self, until: Moment) {
        while self.coop.state.next_due().moment() <= until {
            self.coop.next();
        }
        self.coop.state.time = self.coop.state.time.max(until);
    }
}

fn enrols(member: u64, public: u64) -> Act {
    read("enrol_device", &format!(r##"{{"member":"#{member}","public":"{}"}}"##, key(public)))
}

fn confirms(member: u64, device: u64) -> Act {
    read("confirm_device", &format!(r##"{{"member":"#{member}","device":{device}}}"##))
}

fn revokes(member: u64, device: u64) -> Act {
    read("revoke_device", &format!(r##"{{"member":"#{member}","device":{device}}}"##))
}

fn sign_only(member: u64, on: bool) -> Act {
    read("sign_only", &format!(r##"{{"member":"#{member}","on":{on}}}"##))
}

fn votes(member: u64, share_ppm: u32) -> Act {
    read(
        "cast_ballot",
        &format!(
            r##"{{"member":"#{member}","decision":"maintainer","share_ppm":{share_ppm},"scores":{{"#1":1000000}}}}"##
        ),
    )
}

fn stands(member: u64) -> Act {
    read("stand", &format!(r##"{{"member":"#{member}","decision":"maintainer"}}"##))
}

const WEEK_US: i64 = WAIT_S * 1_000_000;

#[test]
fn the_first_device_signs_at_once_and_the_next_after_seven_days_to_the_microsecond() {
    let mut house = house(1);
    let first = house.enrol(1, 1).unwrap();
    assert_eq!(house.signed(1, &stands(1), first, 1).unwrap(), ["recorded"]);
    let begun = house.coop.state.time;
    let second = house.enrol(1, 2).unwrap();
    let due = Moment(begun.0 + WEEK_US);
    house.wait(Moment(due.0 - 1));
    assert_eq!(rule(house.signed(1, &votes(1, 500_000), second, 1)), Rule::DeviceWaits);
    house.wait(due);
    assert_eq!(house.signed(1, &votes(1, 500_000), second, 1).unwrap(), ["recorded"]);
}

#[test]
fn an_older_device_lets_the_next_one_in() {
    let mut house = house(1);
    let first = house.enrol(1, 1).unwrap();
    let second = house.enrol(1, 2).unwrap();
    assert_eq!(rule(house.unsigned(1, &confirms(1, second))), Rule::SignatureMissing);
    assert_eq!(rule(house.signed(1, &confirms(1, second), second, 1)), Rule::DeviceWaits, "not itself");
    assert_eq!(rule(house.signed(1, &confirms(1, first), first, 1)), Rule::ConfirmsNothing, "nor its own");
    let done = house.signed(1, &confirms(1, second), first, 1).unwrap();
    assert_eq!(done, [format!("device-confirmed #1 {second} by #1")]);
    assert_eq!(rule(house.signed(1, &confirms(1, second), first, 2)), Rule::ConfirmsNothing, "twice");
    house.signed(1, &stands(1), second, 1).unwrap();
    assert_eq!(
        rule(house.signed(1, &confirms(1, first), second, 2)),
        Rule::ConfirmsNothing,
        "the newer one, the older"
    );
    // Or enrols it itself, and then it signs at once.
    let third = house.entry;
    house.signed(1, &enrols(1, 3), second, 2).unwrap();
    house.signed(1, &votes(1, 500_000), third, 1).unwrap();
    assert_eq!(house.coop.state.devices.get(third).unwrap().enrolled_by, Some(second));
}

#[test]
fn another_member_confirms_and_lets_nobody_in() {
    let mut house = house(2);
    let (own, other) = (house.enrol(1, 1).unwrap(), house.enrol(2, 2).unwrap());
    let waits = house.enrol(1, 3).unwrap();
    house.signed(2, &confirms(2, waits), other, 1).unwrap();
    assert_eq!(rule(house.signed(1, &stands(1), waits, 1)), Rule::DeviceWaits);
    house.signed(2, &confirms(2, own), other, 2).unwrap();
    assert!(house.coop.state.devices.get(own).unwrap().confirmed_by.contains(&other));
}

#[test]
fn who_has_a_session_alone_signs_nothing_for_a_week() {
    let mut house = house(1);
    let first = house.enrol(1, 1).unwrap();
    house.signed(1, &sign_only(1, true), first, 1).unwrap();
    assert_eq!(rule(house.unsigned(1, &sign_only(1, false))), Rule::SignatureMissing);
    assert_eq!(rule(house.unsigned(1, &stands(1))), Rule::SignatureMissing);
    assert_eq!(rule(house.enrol(1, 2)), Rule::SignatureMissing, "a device of theirs enrols the next");
    house.signed(1, &sign_only(1, false), first, 2).unwrap();
    // Revoking works at once, and the thief's own key waits all the same: the member once had a device.
    house.unsigned(1, &revokes(1, first)).unwrap();
    let theirs = house.enrol(1, 2).unwrap();
    house.wait(Moment(house.coop.state.time.0 + WEEK_US - 1));
    assert_eq!(rule(house.signed(1, &stands(1), theirs, 1)), Rule::DeviceWaits);
    assert_eq!(rule(house.unsigned(1, &sign_only(1, true))), Rule::SignatureMissing, "nor locks the member out");
    house.unsigned(1, &revokes(1, theirs)).unwrap();
    assert_eq!(rule(house.signed(1, &stands(1), theirs, 1)), Rule::DeviceRevoked);
}

#[test]
fn under_sign_only_nothing_is_done_in_the_members_name_unsigned() {
    let mut house = house(2);
    let first = house.enrol(1, 1).unwrap();
    house.signed(1, &sign_only(1, true), first, 1).unwrap();
    for actor in [Actor::Member(m(1)), Actor::Desk(m(1)), Actor::Operator, Actor::Demonstration] {
        assert_eq!(rule(house.hand_in(actor, &stands(1), None)), Rule::SignatureMissing, "{actor:?}");
    }
    house.unsigned(2, &stands(2)).unwrap();
    // Records of others about the member are no acts in their name.
    house.coop.give(1, "donation", 100, "2025-01-01");
    house.signed(1, &stands(1), first, 2).unwrap();
    // The last device is revoked by the server's word, and the rule holds on.
    house.unsigned(1, &revokes(1, first)).unwrap();
    assert_eq!(rule(house.unsigned(1, &votes(1, 500_000))), Rule::SignatureMissing);
    assert_eq!(rule(house.signed(1, &sign_only(1, true), first, 3)), Rule::DeviceRevoked);
}

#[test]
fn turns_rise_and_signatures_end() {
    let mut house = house(2);
    let first = house.enrol(1, 1).unwrap();
    let time = house.coop.state.time;
    let late = Some(Signed { device: first, turn: 7, until: time });
    assert_eq!(
        rule(house.hand_in(Actor::Member(m(1)), &stands(1), late)),
        Rule::SignatureExpired,
        "the time is before it"
    );
    let day_us = super::MOST_AHEAD_US;
    let ahead = |until| Some(Signed { device: first, turn: 7, until: Moment(until) });
    let far = house.hand_in(Actor::Member(m(1)), &stands(1), ahead(time.0 + day_us + 1));
    assert_eq!(rule(far), Rule::SignedAhead, "a day and a microsecond");
    house.hand_in(Actor::Member(m(1)), &stands(1), ahead(time.0 + day_us)).unwrap();
    for turn in [0, 6, 7] {
        assert_eq!(rule(house.signed(1, &votes(1, 500_000), first, turn)), Rule::StaleTurn, "{turn}");
    }
    house.signed(1, &votes(1, 500_000), first, 9).unwrap();
    let refused = house.signed(1, &stands(1), first, 10);
    assert_eq!(rule(refused), Rule::AlreadyStanding);
    assert_eq!(house.coop.state.devices.get(first).unwrap().turn, 9, "a refused act takes no turn");
    assert_eq!(rule(house.signed(2, &stands(2), first, 10)), Rule::UnknownDevice, "another's device");
    assert_eq!(rule(house.signed(1, &stands(1), 5, 10)), Rule::UnknownDevice);
    let until = house.later();
    for actor in [Actor::Operator, Actor::Desk(m(1)), Actor::Demonstration] {
        let signed = Some(Signed { device: first, turn: 10, until });
        assert_eq!(rule(house.hand_in(actor, &stands(1), signed)), Rule::UnknownDevice, "{actor:?}");
    }
    let by_itself = by_itself(until);
    assert_eq!(rule(house.hand_in(Actor::Member(m(1)), &votes(1, 1), by_itself)), Rule::UnknownDevice, "a key alone");
}

#[test]
fn a_key_serves_once_and_devices_are_sixteen() {
    let mut house = house(2);
    house.enrol(1, 1).unwrap();
    assert_eq!(rule(house.enrol(1, 1)), Rule::KeyTaken);
    assert_eq!(rule(house.enrol(2, 1)), Rule::KeyTaken, "nor for another member");
    for public in ["", "ab", &"A".repeat(64), &"g".repeat(64)] {
        let act = read("enrol_device", &format!(r##"{{"member":"#1","public":"{public}"}}"##));
        let until = house.later();
        assert_eq!(rule(house.hand_in(Actor::Member(m(1)), &act, by_itself(until))), Rule::KeyNotAllowed, "{public}");
    }
    assert_eq!(rule(house.unsigned(1, &enrols(1, 2))), Rule::SignatureMissing);
    let mut last = 0;
    for public in 2..=MOST_DEVICES as u64 {
        last = house.enrol(1, public).unwrap();
    }
    assert_eq!(rule(house.enrol(1, 99)), Rule::TooMany);
    house.unsigned(1, &revokes(1, last)).unwrap();
    assert_eq!(rule(house.unsigned(1, &revokes(1, last))), Rule::DeviceRevoked);
    assert_eq!(rule(house.unsigned(2, &revokes(2, last - 1))), Rule::UnknownDevice, "members revoke their own");
    assert_eq!(rule(house.enrol(1, MOST_DEVICES as u64)), Rule::KeyTaken, "a revoked key serves no more");
    house.enrol(1, 99).unwrap();
}

#[test]
fn confirmations_are_sixty_four_and_an_older_device_has_its_place() {
    let members = MOST_CONFIRMATIONS as u64 + 2;
    let mut house = house(usize::try_from(members).unwrap());
    let old = house.enrol(1, 1).unwrap();
    let waits = house.enrol(1, 2).unwrap();
    let others: Vec<(u64, u64)> =
        (2..=members).map(|member| (member, house.enrol(member, 10 + member).unwrap())).collect();
    for (member, device) in others.iter().take(MOST_CONFIRMATIONS) {
        house.signed(*member, &confirms(*member, waits), *device, 1).unwrap();
    }
    let (member, device) = *others.last().unwrap();
    assert_eq!(rule(house.signed(member, &confirms(member, waits), device, 1)), Rule::TooMany);
    house.signed(1, &confirms(1, waits), old, 1).unwrap();
    house.signed(1, &stands(1), waits, 1).unwrap();
}

#[test]
fn devices_end_with_the_membership() {
    let mut house = house(2);
    let first = house.enrol(1, 1).unwrap();
    house.signed(1, &sign_only(1, true), first, 1).unwrap();
    let leaves = read("end_membership", r##"{"member":"#1"}"##);
    assert_eq!(rule(house.hand_in(Actor::Operator, &leaves, None)), Rule::SignatureMissing, "not by the desk");
    house.signed(1, &leaves, first, 2).unwrap();
    let device = house.coop.state.devices.get(first).unwrap();
    assert!(device.revoked.is_some() && !house.coop.state.devices.is_sign_only(device.member));
    assert_eq!(rule(house.enrol(1, 9)), Rule::MembershipEnded);
}

#[test]
fn earlier_editions_know_no_devices() {
    let setup = Setup { edition: FOUR, ..Setup::new(vec![office("maintainer", 14)]) };
    let mut house = House { coop: setup.found().with_weights(&[10]), entry: 100 };
    assert_eq!(rule(house.enrol(1, 1)), Rule::ActOfLaterEdition);
    assert_eq!(rule(house.signed(1, &stands(1), 1, 1)), Rule::ActOfLaterEdition);
    house.unsigned(1, &stands(1)).unwrap();
}

/// The operator acts for a hundred members: 25 who sign only, 25 with a device, and 50 without one.
#[test]
fn an_operator_with_the_whole_disk() {
    let mut house = house(100);
    let mut own = Vec::new();
    for member in 1..=50 {
        let device = house.enrol(member, member).unwrap();
        if member <= 25 {
            house.signed(member, &sign_only(member, true), device, 1).unwrap();
        }
        own.push(device);
    }
    let before = house.coop.state.time;
    for member in 1..=25 {
        assert_eq!(rule(house.unsigned(member, &votes(member, 500_000))), Rule::SignatureMissing);
        assert_eq!(rule(house.enrol(member, 1_000 + member)), Rule::SignatureMissing);
    }
    let past: Vec<u64> = (26..=50).map(|member| house.enrol(member, 1_000 + member).unwrap()).collect();
    for (member, device) in (26..=50).zip(&past) {
        assert_eq!(rule(house.signed(member, &votes(member, 1), *device, 1)), Rule::DeviceWaits);
        assert_eq!(house.coop.state.devices.get(*device).unwrap().acts_from, Moment(before.0 + WEEK_US));
    }
    // Those who never had one: the first device is on the server's word, and nobody's word but the server's says whose it is.
    for member in 51..=75 {
        let device = house.enrol(member, 1_000 + member).unwrap();
        let device = house.coop.state.devices.get(device).unwrap();
        assert!(device.enrolled_by.is_none() && device.confirmed_by.is_empty());
    }
}

#[test]
fn no_chain_of_acts_without_a_key_signs_within_a_week() {
    for seed in 0..tries() {
        let mut luck = Luck::new(seed);
        let mut house = house(3);
        let own: Vec<u64> = (1..=3).map(|member| house.enrol(member, member).unwrap()).collect();
        let begun = house.coop.state.time;
        let (mut theirs, mut public): (Vec<u64>, u64) = (Vec::new(), 100);
        for _ in 0..40 {
            let thief = Actor::Member(m(1));
            let any =
                own.iter().chain(&theirs).copied().nth(luck.below(own.len() as u64 + theirs.len() as u64) as usize);
            let device = any.unwrap_or(own[0]);
            public += 1;
            let until = house.later();
            let own_key = Some(Signed { device: *theirs.last().unwrap_or(&0), turn: public, until });
            let signed = [None, by_itself(until), own_key][luck.below(3) as usize];
            let act = match luck.below(5) {
                0 => enrols(1, public),
                1 => confirms(1, device),
                2 => revokes(1, device),
                3 => sign_only(1, luck.below(2) == 0),
                _ => votes(1, 1),
            };
            let (entry, is_enrolment) = (house.entry, matches!(act, Act::EnrolDevice(_)));
            if house.hand_in(thief, &act, signed).is_ok() {
                assert!(signed.is_none_or(|signed| signed.is_by_itself()), "seed {seed}: {act:?} by {signed:?}");
                if is_enrolment {
                    theirs.push(entry);
                }
            }
            house.wait(Moment((house.coop.state.time.0 + 3_600_000_000).min(begun.0 + WEEK_US - 1)));
            house.coop.state.check().unwrap();
        }
    }
}

#[test]
fn the_hash_says_each_of_it() {
    let base = || {
        let mut house = house(2);
        let (own, other) = (house.enrol(1, 1).unwrap(), house.enrol(2, 2).unwrap());
        let waits = house.enrol(1, 3).unwrap();
        (house, own, other, waits)
    };
    let hash = |house: &House| house.coop.state.hash();
    let (house, ..) = base();
    let mut seen = vec![hash(&house)];
    let mut differs = |house: &House, what: &str| {
        assert!(!seen.contains(&hash(house)), "{what}");
        seen.push(hash(house));
    };
    let (mut one, own, _, waits) = base();
    one.signed(1, &confirms(1, waits), own, 1).unwrap();
    differs(&one, "confirmed");
    let (mut one, _, other, waits) = base();
    one.signed(2, &confirms(2, waits), other, 1).unwrap();
    differs(&one, "confirmed by another");
    let (mut one, own, ..) = base();
    one.unsigned(1, &revokes(1, own)).unwrap();
    differs(&one, "revoked");
    let (mut one, own, ..) = base();
    one.signed(1, &sign_only(1, true), own, 1).unwrap();
    differs(&one, "signed only");
    let (mut one, own, ..) = base();
    one.signed(1, &sign_only(1, true), own, 2).unwrap();
    differs(&one, "a later turn");
}
