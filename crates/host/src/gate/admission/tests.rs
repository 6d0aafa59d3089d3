//! Who may invite whom, and how newcomers are called.

use std::collections::BTreeMap;

use engine::act::{CastBallot, EndMembership, Nominate, ResignSeat, Stand, TakeBackAct};
use engine::{MemberIndex, Rule};

use super::*;
use crate::coop::tests::{KERNEL, at};
use crate::gate::code_hash;
use crate::{Charter, Coop};

const CONSTITUTION: &str = "```charter\noffice \"secretary\" { settles-in \"14 days\"; may \"admit\" }\n```\n";

const FOUNDED: &str = "2025-01-01T00:00:00Z";

fn rule(no: NotDone) -> Rule {
    match no {
        NotDone::Refused(refusal) => refusal.rule,
        NotDone::Broken(broken) => panic!("{broken}"),
    }
}

/// A co-op whose founder is `member-001`, with `member-002`.
fn coop() -> (Coop, Pseudonym, Pseudonym) {
    coop_under(KERNEL, Edition::ONE)
}

fn coop_under(kernel: &str, edition: Edition) -> (Coop, Pseudonym, Pseudonym) {
    coop_on(kernel, CONSTITUTION, edition)
}

fn coop_on(kernel: &str, constitution: &str, edition: Edition) -> (Coop, Pseudonym, Pseudonym) {
    let charter = Charter::read_under(kernel.to_owned(), constitution.to_owned(), edition).unwrap();
    let now = at(FOUNDED);
    let mut coop = Coop::in_memory(charter, false, now).unwrap();
    let mut batch = coop.batch().unwrap();
    let person = |name: &str| Person { name: name.to_owned(), ..Person::default() };
    let founder = batch.admit_founder(&person("member-001"), now).unwrap();
    let other = batch.member_for(&person("member-002"), Actor::Operator, now).unwrap();
    for member in [founder, other] {
        batch.put_on_list("member-list", member, Actor::Operator, now).unwrap();
    }
    batch.put_founder(founder).unwrap();
    batch.commit().unwrap();
    (coop, founder, other)
}

/// Seats `member` as the secretary, who may admit; returns when.
fn seat(coop: &mut Coop, member: Pseudonym) -> Moment {
    seat_on(coop, member, "secretary")
}

fn seat_on(coop: &mut Coop, member: Pseudonym, decision: &str) -> Moment {
    let decision = || decision.to_owned();
    let now = coop.state().time;
    let nominate =
        Nominate { member, decision: decision(), candidate: member.to_string(), share_ppm: 400_000, against: false };
    coop.all_or_nothing(|batch| {
        batch.append(&Act::Stand(Stand { member, decision: decision() }), Actor::Operator, "", "", now)?;
        batch.append(&Act::Nominate(nominate), Actor::Operator, "", "", now)
    })
    .unwrap();
    let later = at("2025-01-14T00:00:00Z");
    coop.update_until(later, later).unwrap();
    let scores = Some(BTreeMap::from([(member.to_string(), 1_000_000)]));
    let ballot = CastBallot { member, decision: decision(), item: None, share_ppm: 400_000, scores, against: false };
    coop.all_or_nothing(|batch| batch.append(&Act::CastBallot(ballot), Actor::Operator, "", "", later)).unwrap();
    let end = at("2025-07-01T00:00:00Z");
    coop.update_until(end, end).unwrap();
    end
}

#[test]
fn a_founder_admits_for_fourteen_days_and_nobody_else() {
    let (coop, founder, other) = coop();
    let may = |who, day: &str| may_invite(coop.state(), who, Some(founder), at(day)).map_err(rule);
    for (who, day, expect) in [
        (founder, FOUNDED, Ok(Actor::Operator)),
        (founder, "2025-01-14T23:59:59Z", Ok(Actor::Operator)),
        (founder, "2025-01-15T00:00:00Z", Err(Rule::NotAuthorised)),
        (other, FOUNDED, Err(Rule::NotAuthorised)),
    ] {
        assert_eq!(may(who, day), expect, "{who} on {day}");
    }
    let nobody = may_invite(coop.state(), founder, None, at(FOUNDED)).map_err(rule);
    assert_eq!(nobody, Err(Rule::NotAuthorised), "made at the command line");
}

/// docs/spec/powers.md, The founding period: the founder is then a member whom the rules let admit, or not.
#[test]
fn from_edition_2_on_the_rules_decide_and_no_days() {
    let block = KERNEL.replace("    amend", "    founding { powers until \"admit is held\" }\n    amend");
    for (kernel, is_let) in [(KERNEL, false), (&block, true)] {
        let (mut coop, founder, other) = coop_under(kernel, Edition::TWO);
        let may = |coop: &Coop, day: Moment| may_invite(coop.state(), founder, Some(founder), day).map_err(rule);
        let expect = if is_let { Ok(Actor::Member(founder)) } else { Err(Rule::NotAuthorised) };
        for day in [FOUNDED, "2025-01-05T00:00:00Z"] {
            assert_eq!(may(&coop, at(day)), expect, "{day}");
        }
        assert_eq!(founder_until(coop.state(), founder, Some(founder)), None);
        let day = seat(&mut coop, other);
        assert_eq!(may(&coop, day), Err(Rule::NotAuthorised), "somebody else is seated");
    }
}

/// One seat of a body invites nobody: the admission is the body's, which its other seats have to agree to.
#[test]
fn one_seat_of_a_body_invites_nobody() {
    let constitution = "```charter\nbody \"council\" seats=3 { settles-in \"14 days\"; may \"admit\" }\n```\n";
    let (mut coop, founder, other) = coop_on(KERNEL, constitution, Edition::TWO);
    let now = seat_on(&mut coop, other, "council");
    assert!(coop.state().decision("council").unwrap().seats_member(other));
    assert_eq!(may_invite(coop.state(), other, Some(founder), now).map_err(rule), Err(Rule::ActsTogether));
    let before = coop.head();
    let refused = invite(&mut coop, other, &["member-009"], &[]);
    assert!(matches!(refused, Err(NotInvited::Failed(Error::Refused(no))) if no.rule == Rule::ActsTogether));
    assert_eq!((coop.head(), coop.state().members.active_count()), (before, 2));
    assert!(coop.invitations().unwrap().is_empty());
}

/// Before an office's admission has taken effect its link lets nobody in, and from then on it is good for its days.
#[test]
fn an_announced_newcomer_comes_in_once_the_admission_has_taken_effect() {
    let (mut coop, _, other) = coop_under(KERNEL, Edition::TWO);
    seat(&mut coop, other);
    let now = coop.state().time;
    let due = coop.newcomers_wait(other, now).unwrap().unwrap();
    assert_eq!(due, Moment(now.0 + 28 * 86_400_000_000), "two settling times later");
    let hash = code_hash(&invite(&mut coop, other, &["member-009"], &[]).unwrap().remove(0));
    let member = coop.find_member("member-009").unwrap().unwrap();
    assert_eq!(coop.state().members.active_count(), 2);
    let before = Moment(due.0 - 1);
    for at in [now, before] {
        coop.update_until(at, at).unwrap();
        assert_eq!(coop.invitation(&hash, at).unwrap().unwrap().1, Standing::Waiting);
        assert_eq!(redeem(&mut coop, &hash, at), Err(Some(Standing::Waiting)));
        assert_eq!(coop.open_invitations_of(other, at).unwrap().len(), 1);
    }
    let later = Moment(due.0 + 7 * 86_400_000_000);
    coop.update_until(later, later).unwrap();
    let index = coop.state().members.index(member).unwrap();
    let since = coop.state().members.since(index).unwrap();
    assert!(due <= since && since <= later);
    let invitation = coop.invitation(&hash, later).unwrap().unwrap().0;
    let end = coop.good_until(&invitation);
    assert_eq!(end, Moment(since.0 + 14 * 86_400_000_000));
    assert_eq!(redeem(&mut coop, &hash, end), Err(Some(Standing::Expired)));
    assert_eq!(redeem(&mut coop, &hash, Moment(end.0 - 1)), Ok(member));
}

/// Until then the office can take the admission back, and it lapses with the seat: nothing is left of the name or the link.
#[test]
fn an_admission_that_comes_to_nothing_leaves_no_invitation_and_a_free_name() {
    for is_taken_back in [true, false] {
        let (mut coop, _, other) = coop_under(KERNEL, Edition::TWO);
        let now = seat(&mut coop, other);
        let hash = code_hash(&invite(&mut coop, other, &["member-009"], &[]).unwrap().remove(0));
        let first = coop.find_member("member-009").unwrap();
        assert!(first.is_some());
        let number = coop.state().powers.announced().next().unwrap().0;
        let act = match is_taken_back {
            true => Act::TakeBackAct(TakeBackAct { number }),
            false => Act::ResignSeat(ResignSeat { member: other, decision: "secretary".to_owned() }),
        };
        coop.all_or_nothing(|batch| batch.append(&act, Actor::Member(other), "", "", now)).unwrap();
        assert!(coop.invitation(&hash, now).unwrap().is_none() && coop.invitations().unwrap().is_empty());
        assert_eq!(redeem(&mut coop, &hash, now), Err(None));
        assert_eq!(coop.find_member("member-009").unwrap(), None);
        if is_taken_back {
            invite(&mut coop, other, &["member-009"], &[]).unwrap();
            assert_ne!(coop.find_member("member-009").unwrap(), first);
        }
    }
}

/// Somebody who is invited anew while the admission waits keeps their one admission; the older link ends.
#[test]
fn an_announced_newcomer_is_invited_anew_without_another_admission() {
    let (mut coop, _, other) = coop_under(KERNEL, Edition::TWO);
    let now = seat(&mut coop, other);
    let first = code_hash(&invite(&mut coop, other, &["member-009"], &[]).unwrap().remove(0));
    let head = coop.head();
    let second = code_hash(&invite(&mut coop, other, &["member-009"], &[]).unwrap().remove(0));
    assert_eq!(coop.head(), head, "nothing of it is in the log");
    let standing = |hash: &str| coop.invitation(hash, now).unwrap().unwrap().1;
    assert_eq!((standing(&first), standing(&second)), (Standing::Revoked, Standing::Waiting));
}

fn redeem(coop: &mut Coop, hash: &str, now: Moment) -> Result<Pseudonym, Option<Standing>> {
    let begun = coop.all_or_nothing(|batch| batch.redeem(hash, &code_hash("an id"), None, now)).unwrap();
    begun.map(|session| session.member)
}

#[test]
fn a_founder_who_has_left_admits_nobody() {
    let (mut coop, founder, _) = coop();
    let act = Act::EndMembership(EndMembership { member: founder });
    coop.all_or_nothing(|batch| batch.append(&act, Actor::Operator, "", "", at(FOUNDED))).unwrap();
    assert!(may_invite(coop.state(), founder, Some(founder), at(FOUNDED)).is_err());
}

#[test]
fn the_rules_let_a_holder_of_admit_invite_in_their_own_name() {
    let (mut coop, founder, other) = coop();
    let now = seat(&mut coop, other);
    assert_eq!(may_invite(coop.state(), other, Some(founder), now).map_err(rule), Ok(Actor::Member(other)));
    assert!(may_invite(coop.state(), founder, Some(founder), now).is_err());
}

fn invite(coop: &mut Coop, by: Pseudonym, names: &[&str], lists: &[&str]) -> Result<Vec<String>, NotInvited> {
    let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    let now = coop.state().time;
    let mut batch = coop.batch().unwrap();
    let made = batch.invite_newcomers(by, &owned(names), &owned(lists), (now, now));
    match &made {
        Ok(_) => batch.commit().unwrap(),
        Err(_) => batch.abort(),
    }
    made
}

#[test]
fn newcomers_join_with_their_lists_and_get_a_code_each() {
    let (mut coop, founder, _) = coop();
    let codes = invite(&mut coop, founder, &["member-003", "member-004"], &["member-list"]).unwrap();
    assert_eq!(codes.len(), 2);
    assert_eq!(coop.state().members.active_count(), 4);
    assert!(coop.state().members.list("member-list").unwrap().contains(&MemberIndex(3)));
    let open = coop.open_invitations_of(founder, coop.state().time).unwrap();
    assert_eq!((open.len(), open[0].0.len()), (2, ID_LETTERS));
    // Again for one who has not come in: the older link ends.
    invite(&mut coop, founder, &["member-003"], &[]).unwrap();
    assert_eq!(coop.state().members.active_count(), 4);
    assert_eq!(coop.open_invitations_of(founder, coop.state().time).unwrap().len(), 2);
}

#[test]
fn nobody_is_invited_in_place_of_somebody_who_is_there() {
    let (mut coop, founder, other) = coop();
    let before = coop.head();
    let taken = invite(&mut coop, founder, &["member-009", "member-002"], &[]);
    assert!(matches!(taken, Err(NotInvited::NameTaken(name)) if name == "member-002"));
    let alone = invite(&mut coop, other, &["member-009"], &["member-list"]);
    assert!(matches!(alone, Err(NotInvited::FounderAlone)));
    let refused = invite(&mut coop, other, &["member-009"], &[]);
    assert!(matches!(refused, Err(NotInvited::Failed(Error::Refused(no))) if no.rule == Rule::NotAuthorised));
    assert_eq!(coop.head(), before, "all or none");
}

#[test]
fn a_member_takes_back_their_own_invitations() {
    let (mut coop, founder, other) = coop();
    invite(&mut coop, founder, &["member-003"], &[]).unwrap();
    let now = coop.state().time;
    let id = coop.open_invitations_of(founder, now).unwrap().remove(0).0;
    let mut revoke = |by, id: &str| coop.all_or_nothing(|batch| batch.revoke_own(by, id, now)).unwrap();
    assert!(!revoke(other, &id) && !revoke(founder, "") && !revoke(founder, "0123456789abcdef"));
    assert!(revoke(founder, &id));
    assert!(!revoke(founder, &id), "once");
}

#[test]
fn names_are_checked_as_they_are_typed() {
    let names = |all: &[&str]| check_names(&all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
    assert_eq!(names(&["a", "b c"]), Ok(()));
    assert_eq!(names(&[]), Err(Unnamed::Nobody));
    assert_eq!(names(&["a", "A"]), Err(Unnamed::Twice("A".to_owned())));
    for unusable in ["m_0000000000001", "a\u{202e}b", "a\u{7}b", " ", &"x".repeat(101)] {
        assert!(matches!(names(&[unusable]), Err(Unnamed::Unusable(_))), "{unusable:?}");
    }
    let many: Vec<String> = (0..101).map(|number| format!("n{number}")).collect();
    assert_eq!(check_names(&many[..100]), Ok(()));
    assert_eq!(check_names(&many), Err(Unnamed::TooMany(101, 100)));
}
