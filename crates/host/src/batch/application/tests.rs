//! Applications and what is kept of those who ask. Source: `docs/spec/register.md`, Doors.

use engine::act::{Act, AdmitMember, RefuseApplication, WithdrawApplication};
use engine::{Actor, Edition, Pseudonym};

use crate::coop::tests::at;
use crate::gate::{Standing, Unasked, code_hash};
use crate::{Charter, Coop, Person, Submission, verify_store};

const KERNEL: &str = "```charter\nkernel { name x; purpose y; currency USD\nclass \"members\" list=\"member-list\" { weight \"1\"; join \"request\" }\nclass \"guests\" { weight \"donated(ever) / 1 USD\"; join \"open\" }\nconstitution { settles-in \"30 days\"; updates \"weekly on monday at 01:00\" } }\n```\n";

fn coop() -> Coop {
    let charter = Charter::read_under(KERNEL.to_owned(), "```charter\n```\n".to_owned(), Edition::FIVE).unwrap();
    let mut coop = Coop::in_memory(charter, false, at("2025-01-01T00:00:00Z")).unwrap();
    let person = Person { name: "member-001".to_owned(), ..Person::default() };
    let day = at("2025-01-01T00:00:00Z");
    coop.all_or_nothing(|batch| batch.member_for(&person, Actor::Operator, day)).unwrap();
    coop
}

/// Asks to join, and returns the code of the link and the pseudonym.
fn ask(coop: &mut Coop, name: &str, class: &str) -> (String, Pseudonym) {
    let day = at("2025-01-02T00:00:00Z");
    let mut batch = coop.batch().unwrap();
    let code = batch.ask_to_join(name, (class, false), (day, day)).unwrap();
    batch.commit().unwrap();
    let (invitation, _) = coop.committed().invitation(&code_hash(&code), day).unwrap().unwrap();
    (code, invitation.member)
}

fn submit(coop: &mut Coop, act: Act, actor: Actor) {
    let submission = Submission { act, actor, key: String::new(), nonce: String::new(), signed: None };
    let done = coop.submit(&[submission], at("2025-01-03T00:00:00Z")).unwrap();
    assert!(matches!(&done[0], crate::Submitted::Accepted(_)), "{done:?}");
}

#[test]
fn who_asks_has_a_name_and_a_link_that_lets_them_in_once_they_are_a_member() {
    let mut coop = coop();
    let (code, who) = ask(&mut coop, "member-002", "members");
    let day = at("2025-01-02T00:00:00Z");
    assert_eq!(coop.now.directory().name(who), "member-002");
    assert_eq!(coop.committed().invitation(&code_hash(&code), day).unwrap().unwrap().1, Standing::Waiting);
    verify_store(&mut *coop.store, 1).unwrap();
    let admit = AdmitMember { member: who, organisation: false, founder: false, joined_on: None, left_on: None };
    submit(&mut coop, Act::AdmitMember(admit), Actor::Operator);
    assert_eq!(coop.now.directory().name(who), "member-002", "the name that the application bound");
    assert_eq!(coop.committed().invitation(&code_hash(&code), day).unwrap().unwrap().1, Standing::Open);
    verify_store(&mut *coop.store, 1).unwrap();
    let hash = coop.state().hash();
    coop.reload().unwrap();
    assert_eq!(coop.state().hash(), hash);
}

#[test]
fn nothing_is_kept_of_those_who_are_not_let_in() {
    for how in ["refused", "withdrawn", "lapsed"] {
        let mut coop = coop();
        let (code, who) = ask(&mut coop, "member-002", "members");
        match how {
            "refused" => {
                let act = RefuseApplication { applicant: who, reason: "no-room".to_owned() };
                submit(&mut coop, Act::RefuseApplication(act), Actor::Operator);
            }
            "withdrawn" => {
                submit(&mut coop, Act::WithdrawApplication(WithdrawApplication { member: who }), Actor::Member(who));
            }
            _ => {
                let later = at("2025-03-11T00:00:00Z");
                coop.update_until(later, later).unwrap();
            }
        }
        assert_eq!(coop.profile(who).unwrap(), None, "{how}");
        assert_ne!(coop.now.directory().name(who), "member-002");
        let day = at("2025-01-02T00:00:00Z");
        assert_eq!(coop.committed().invitation(&code_hash(&code), day).unwrap(), None, "{how}: the link too");
        verify_store(&mut *coop.store, 1).unwrap();
    }
}

#[test]
fn an_open_door_makes_a_member_and_a_name_of_the_register_is_refused() {
    let mut coop = coop();
    let (_, who) = ask(&mut coop, "member-002", "guests");
    assert!(coop.state().members.index(who).is_some());
    let day = at("2025-01-02T00:00:00Z");
    for name in ["member-001", "member-002"] {
        let mut batch = coop.batch().unwrap();
        let refused = batch.ask_to_join(name, ("guests", false), (day, day));
        assert!(matches!(refused, Err(Unasked::NameTaken)), "{name}");
    }
    let mut batch = coop.batch().unwrap();
    assert!(matches!(batch.ask_to_join("m_04hmasw9nf6yy", ("guests", false), (day, day)), Err(Unasked::Unusable(_))));
    drop(batch);
    verify_store(&mut *coop.store, 1).unwrap();
}
