//! Ways in as records: what is added, what stays, and whom a key finds.

use super::*;
use crate::coop::tests::{at, charter};
use crate::{Coop, Person};

const NOW: &str = "2025-01-02T10:00:00Z";

fn coop(names: &[&str]) -> (Coop, Vec<Pseudonym>) {
    let now = at(NOW);
    let mut coop = Coop::in_memory(charter(), false, now).unwrap();
    let mut batch = coop.batch().unwrap();
    let mut admit = |name: &&str| {
        let person = Person { name: (*name).to_owned(), ..Person::default() };
        batch.member_for(&person, engine::Actor::Operator, now).unwrap()
    };
    let members = names.iter().map(&mut admit).collect();
    batch.commit().unwrap();
    (coop, members)
}

fn fresh(member: Pseudonym) -> Fresh {
    Fresh { member, first: false }
}

fn password(typed: &str) -> Kind {
    Kind::Password(Password::new(typed).unwrap().unwrap())
}

fn address(typed: &str) -> Kind {
    Kind::Address(checked_address(typed).unwrap())
}

fn added(coop: &mut Coop, proof: Fresh, kind: Kind) -> Result<String, NoWay> {
    let mut batch = coop.batch().unwrap();
    let added = batch.add_way(proof, kind, at(NOW)).unwrap();
    batch.commit().unwrap();
    added
}

fn removed(coop: &mut Coop, member: Pseudonym, id: &str) -> Result<Way, NoWay> {
    let mut batch = coop.batch().unwrap();
    let removed = batch.remove_way(fresh(member), id, at(NOW)).unwrap();
    batch.commit().unwrap();
    removed
}

#[test]
fn the_last_way_in_stays() {
    let (mut coop, members) = coop(&["member-001"]);
    let me = members[0];
    let first = added(&mut coop, Fresh { member: me, first: true }, password("fifteen letters")).unwrap();
    assert_eq!(removed(&mut coop, me, &first), Err(NoWay::Last));
    let (codes, _) = fresh_codes().unwrap();
    let codes = added(&mut coop, fresh(me), Kind::RecoveryCodes(codes)).unwrap();
    assert_eq!(removed(&mut coop, me, &first), Err(NoWay::Last), "codes alone run out");
    let mail = added(&mut coop, fresh(me), address("member-001@example.org")).unwrap();
    removed(&mut coop, me, &first).unwrap();
    removed(&mut coop, me, &codes).unwrap();
    assert_eq!(removed(&mut coop, me, &mail), Err(NoWay::Last));
    assert_eq!(removed(&mut coop, me, "0000000000000000"), Err(NoWay::Absent));
    let kept = coop.committed().ways_in(me).unwrap();
    assert_eq!(kept.ways.len(), 1);
    let told: Vec<_> = kept.changes.iter().map(|change| (change.what, change.kind.as_str())).collect();
    assert_eq!(
        told,
        [
            (What::Added, "password"),
            (What::Added, "recovery_codes"),
            (What::Added, "address"),
            (What::Removed, "password"),
            (What::Removed, "recovery_codes")
        ]
    );
    assert!(kept.changes.is_sorted_by(|one, next| one.at_us < next.at_us));
}

/// A thief of one session who adds a way while its member does the same has not both.
#[test]
fn a_right_to_the_first_way_is_good_for_the_first_alone() {
    let (mut coop, members) = coop(&["member-001"]);
    let first = Fresh { member: members[0], first: true };
    let id = added(&mut coop, first, password("fifteen letters")).unwrap();
    assert_eq!(added(&mut coop, first, password("sixteen letters!")), Err(NoWay::Stale));
    let mut batch = coop.batch().unwrap();
    assert_eq!(batch.remove_way(first, &id, at(NOW)).unwrap(), Err(NoWay::Stale));
    batch.commit().unwrap();
    let kept = coop.committed().ways_in(members[0]).unwrap();
    assert!(kept.password().unwrap().is("fifteen letters").unwrap());
}

#[test]
fn a_short_password_stands_beside_a_second_factor_only() {
    let (mut coop, members) = coop(&["member-001"]);
    let me = members[0];
    assert_eq!(added(&mut coop, fresh(me), password("fourteen sign.")), Err(NoWay::Alone));
    added(&mut coop, fresh(me), password("fifteen letters")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let vault = crate::bridge::Vault::of_gate(folder.path(), "coop");
    let totp = Totp::new(&vault, me, &Seed::new().unwrap(), 0).unwrap();
    let totp = added(&mut coop, fresh(me), Kind::Totp(totp)).unwrap();
    added(&mut coop, fresh(me), password("fourteen sign.")).unwrap();
    assert_eq!(coop.committed().ways_in(me).unwrap().ways.len(), 2, "one password");
    assert_eq!(removed(&mut coop, me, &totp), Err(NoWay::Alone));
    added(&mut coop, fresh(me), password("fifteen letters")).unwrap();
    removed(&mut coop, me, &totp).unwrap();
}

#[test]
fn an_address_finds_one_member() {
    let (mut coop, members) = coop(&["member-001", "member-002"]);
    added(&mut coop, fresh(members[0]), address("one@example.org")).unwrap();
    assert_eq!(added(&mut coop, fresh(members[1]), address("One@Example.org")), Err(NoWay::Taken));
    assert_eq!(added(&mut coop, fresh(members[0]), address("one@example.org")), Err(NoWay::TooMany));
    for number in 2..=3 {
        added(&mut coop, fresh(members[0]), address(&format!("{number}@example.org"))).unwrap();
    }
    assert_eq!(added(&mut coop, fresh(members[0]), address("4@example.org")), Err(NoWay::TooMany));
    let seen = coop.committed();
    let found = |typed: &str| seen.signs_in_as(typed).unwrap();
    assert_eq!(found(" ONE@example.org "), Some(members[0]));
    assert_eq!(found("member-002"), Some(members[1]));
    assert_eq!(found(&members[1].to_string()), Some(members[1]));
    for nobody in ["", "member-003", "4@example.org", "address:one@example.org", "m_0000000000000007"] {
        assert_eq!(found(nobody), None, "{nobody}");
    }
    let id = seen.ways_in(members[0]).unwrap().ways[0].id.clone();
    removed(&mut coop, members[0], &id).unwrap();
    assert_eq!(coop.committed().signs_in_as("one@example.org").unwrap(), None);
    added(&mut coop, fresh(members[1]), address("one@example.org")).unwrap();
}

#[test]
fn somebody_who_has_left_does_not_sign_in() {
    let (mut coop, members) = coop(&["member-001"]);
    assert_eq!(coop.committed().signs_in_as("member-001").unwrap(), Some(members[0]));
    let mut batch = coop.batch().unwrap();
    let leaves = engine::Act::EndMembership(engine::act::EndMembership { member: members[0] });
    batch.append(&leaves, engine::Actor::Member(members[0]), "", "", at(NOW)).unwrap();
    batch.commit().unwrap();
    assert_eq!(coop.committed().signs_in_as("member-001").unwrap(), None);
}
