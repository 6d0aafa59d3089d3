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

fn handle() -> proof::passkey::Handle {
    proof::passkey::Handle::new().unwrap()
}

fn passkey(id: u8, handle: &proof::passkey::Handle) -> Kind {
    let credential = serde_json::json!({
        "id": proof::Bytes(vec![id; 16]), "handle": handle, "host": "coop.example", "counter": 1, "may_be_copied": false,
        "key": { "algorithm": "EdDSA", "point": proof::Bytes(vec![id; 32]) },
    });
    Kind::Passkey(Passkey::new(" my\n telephone\u{202e} ", serde_json::from_value(credential).unwrap()))
}

#[test]
fn a_passkey_finds_its_member_by_its_id_and_is_no_other_members() {
    let (mut coop, members) = coop(&["member-001", "member-002"]);
    let mine = handle();
    added(&mut coop, fresh(members[0]), passkey(1, &mine)).unwrap();
    assert_eq!(added(&mut coop, fresh(members[1]), passkey(1, &handle())), Err(NoWay::Taken));
    assert_eq!(added(&mut coop, fresh(members[0]), passkey(2, &handle())), Err(NoWay::Stale), "one handle a member");
    for id in 2..=10 {
        added(&mut coop, fresh(members[0]), passkey(id, &mine)).unwrap();
    }
    assert_eq!(added(&mut coop, fresh(members[0]), passkey(11, &mine)), Err(NoWay::TooMany));
    let seen = coop.committed();
    let (member, found) = seen.passkey(&proof::Bytes(vec![3; 16])).unwrap().unwrap();
    assert_eq!((member, found.name.as_str()), (members[0], "my telephone"));
    assert_eq!(seen.passkey(&proof::Bytes(vec![11; 16])).unwrap(), None);
    let ways = seen.ways_in(members[0]).unwrap();
    assert!(ways.lets_in() && ways.handle() == Some(&mine));
    assert_eq!((ways.passkeys_for("coop.example").count(), ways.passkeys_for("example").count()), (10, 0));
    assert_eq!(seen.passkey_hosts().unwrap(), [("coop.example".to_owned(), 10)].into());
    // One that is used keeps its counter; one that went back is told.
    let proved = |counter, went_back| proof::passkey::Proved {
        passkey: proof::passkey::Passkey { counter, ..found.credential.clone() },
        went_back,
    };
    let mut batch = coop.batch().unwrap();
    assert!(batch.use_passkey(members[0], &proved(7, false), at(NOW)).unwrap());
    assert!(!batch.use_passkey(members[1], &proved(8, false), at(NOW)).unwrap());
    assert!(batch.use_passkey(members[0], &proved(6, true), at(NOW)).unwrap());
    batch.commit().unwrap();
    let ways = coop.committed().ways_in(members[0]).unwrap();
    let used = ways.ways.iter().find(|way| way.used_us.is_some()).unwrap();
    assert!(matches!(&used.kind, Kind::Passkey(passkey) if passkey.credential.counter == 6));
    assert_eq!(ways.changes.last().map(|change| change.what), Some(What::WentBack));
}

#[test]
fn an_account_finds_its_member_to_the_letter() {
    let (mut coop, members) = coop(&["member-001", "member-002"]);
    let account = |issuer: &str, account: &str| proof::issuer::Identity {
        issuer: issuer.to_owned(),
        account: account.to_owned(),
    };
    let own = account("https://login.example.org", "248289761001");
    let kind = |identity: &proof::issuer::Identity| Kind::Account(Account { identity: identity.clone() });
    added(&mut coop, fresh(members[0]), kind(&own)).unwrap();
    assert_eq!(added(&mut coop, fresh(members[1]), kind(&own)), Err(NoWay::Taken));
    let found = |coop: &Coop, identity: &proof::issuer::Identity| coop.committed().member_of_account(identity).unwrap();
    assert_eq!(found(&coop, &own), Some(members[0]));
    for (issuer, id) in [
        ("https://login.example.org/", "248289761001"),
        ("https://login.example.org", "248289761001 "),
        ("https://Login.example.org", "248289761001"),
        ("https://login.example.or", "g248289761001"),
    ] {
        assert_eq!(found(&coop, &account(issuer, id)), None, "{issuer} {id}");
    }
    let mut batch = coop.batch().unwrap();
    assert!(batch.use_account(members[0], &own, at(NOW)).unwrap());
    assert!(!batch.use_account(members[1], &own, at(NOW)).unwrap());
    let leaves = engine::Act::EndMembership(engine::act::EndMembership { member: members[0] });
    batch.append(&leaves, engine::Actor::Member(members[0]), "", "", at(NOW)).unwrap();
    batch.commit().unwrap();
    assert_eq!(found(&coop, &own), None, "who has left comes in by nothing");
}

/// Letters so far to an address, and the token of the link in the newest, if it has one.
fn letters(coop: &Coop, to: &str) -> (usize, Option<String>) {
    let all = coop.committed().letters().unwrap();
    let to: Vec<_> = all.into_iter().map(|(_, letter)| letter).filter(|letter| letter.to == to).collect();
    let link = to.last().and_then(|letter| Some(letter.text.split_once("/mail/")?.1.chars().take(32).collect()));
    (to.len(), link)
}

/// A thief who took a member over removes their address, again and again; the member removes the thief's, once.
#[test]
fn an_address_of_a_week_undoes_its_removal_and_a_thief_s_does_not() {
    let (mut coop, members) = coop(&["member-001"]);
    let me = members[0];
    let day = |days: i64| Moment(at(NOW).0 + days * 86_400_000_000);
    let mut batch = coop.batch().unwrap();
    batch.put_json(crate::mail::MAIL, "settings", &serde_json::json!({"address": "https://coop.example"})).unwrap();
    let mine = batch.add_way(fresh(me), address("mine@example.org"), day(0)).unwrap().unwrap();
    let thief = batch.add_way(fresh(me), address("thief@example.org"), day(8)).unwrap().unwrap();
    batch.remove_way(fresh(me), &mine, day(8)).unwrap().unwrap();
    batch.commit().unwrap();
    assert_eq!(coop.committed().signs_in_as("mine@example.org").unwrap(), None);
    let link = letters(&coop, "mine@example.org").1.expect("a link to undo it");
    let undo = |coop: &mut Coop, link: &str, now: Moment| {
        let mut batch = coop.batch().unwrap();
        let spent = batch.spend_link(link, &Shown::Nothing, None, now).unwrap();
        batch.commit().unwrap();
        spent
    };
    assert_eq!(undo(&mut coop, &link, day(15)), Spent::Gone, "after seven days");
    let put_back = Spent::Done(me, Purpose::Undo("mine@example.org".to_owned()));
    assert_eq!(undo(&mut coop, &link, day(9)), put_back);
    assert_eq!(undo(&mut coop, &link, day(9)), Spent::Gone, "once");
    let kept = coop.committed().ways_in(me).unwrap();
    let again = kept.ways.iter().find(|way| way.id != thief).unwrap().clone();
    assert_eq!(again.added_us, day(0).0, "as old as it was, so that it can be put back again");
    let mut batch = coop.batch().unwrap();
    batch.remove_way(fresh(me), &again.id, day(9)).unwrap().unwrap();
    batch.commit().unwrap();
    let link = letters(&coop, "mine@example.org").1.expect("a link to undo it again");
    assert_eq!(undo(&mut coop, &link, day(10)), put_back);
    let mut batch = coop.batch().unwrap();
    batch.remove_way(fresh(me), &thief, day(10)).unwrap().unwrap();
    batch.commit().unwrap();
    let told = letters(&coop, "thief@example.org");
    assert_eq!(told.1, None, "it puts itself not back");
    let mut batch = coop.batch().unwrap();
    batch.note_change(me, What::Ended, "session", day(11)).unwrap();
    batch.commit().unwrap();
    assert_eq!(letters(&coop, "thief@example.org").0, told.0, "and is told nothing more");
}
