//! The register as of a day. Each test is a sentence of `docs/spec/register.md`, *The register*.

use engine::act::{Act, AddToList, EndMembership, PauseMembership, RemoveFromList};
use engine::{Actor, Edition, Pseudonym};
use quantity::Moment;
use views::{RegisterReport, RegisterRow, register};

use super::Registered;
use crate::coop::tests::at;
use crate::{Charter, Coop, Person, Submission, Submitted};

const KERNEL: &str = "```charter\nkernel { name x; purpose y; currency EUR; time-zone \"Europe/Berlin\"\nclass \"members\" list=\"member-list\" { weight \"1\" }\nclass \"guests\" { weight \"donated(ever) / 1 EUR\"; join \"open\" }\nleaving { ends \"end of year\"; pause \"1 year\" }\nconstitution { settles-in \"30 days\"; updates \"weekly on monday at 01:00\" } }\n```\n";

fn coop() -> (Coop, Vec<Pseudonym>) {
    let charter = Charter::read_under(KERNEL.to_owned(), "```charter\n```\n".to_owned(), Edition::FIVE).unwrap();
    let mut coop = Coop::in_memory(charter, false, at("2025-03-01T12:00:00Z")).unwrap();
    let person = |name: &str| Person { name: name.to_owned(), ..Person::default() };
    let members = coop
        .all_or_nothing(|batch| {
            let first = batch.admit_founder(&person("member-001"), at("2025-03-01T12:00:00Z"))?;
            let second = batch.member_for(&person("member-002"), Actor::Operator, at("2025-03-02T12:00:00Z"))?;
            Ok(vec![first, second])
        })
        .unwrap();
    (coop, members)
}

fn submit(coop: &mut Coop, act: Act, actor: Actor, now: &str) {
    let submission = Submission { act, actor, key: String::new(), nonce: String::new(), signed: None };
    let done = coop.submit(&[submission], at(now)).unwrap();
    assert!(matches!(&done[0], Submitted::Accepted(_)), "{done:?}");
}

fn of(coop: &mut Coop, day: &str, former: bool) -> RegisterReport {
    let zone = coop.state().rules.kernel.zone.clone();
    let when = Moment::parse_at_end_of_day(day, &zone).unwrap();
    let Registered { state, history, lives, entry } = coop.register_at(when).unwrap().unwrap();
    let kept = views::Kept::of(&state, history.points());
    let sight = views::Sight { state: &state, kept: &kept, ..coop.sight(when) };
    register(&sight, (&lives, entry), former, &mut |_| Vec::new())
}

fn names(report: &RegisterReport) -> Vec<&str> {
    report.members.iter().map(|row| row.name.as_str()).collect()
}

fn row<'a>(report: &'a RegisterReport, name: &str) -> &'a RegisterRow {
    report.members.iter().find(|row| row.name == name).unwrap()
}

#[test]
fn a_leaver_of_31_december_is_listed_on_it_and_not_on_1_january() {
    let (mut coop, members) = coop();
    let leaves = Act::EndMembership(EndMembership { member: members[1] });
    submit(&mut coop, leaves, Actor::Member(members[1]), "2025-06-01T12:00:00Z");
    let later = at("2026-03-01T12:00:00Z");
    coop.update_until(later, later).unwrap();
    let last = of(&mut coop, "2025-12-31", false);
    assert_eq!(names(&last), ["member-001", "member-002"]);
    assert_eq!(row(&last, "member-002").left, None, "on that day the membership lasts");
    // The first update of the year is on the 5th: before it the log has not ended the membership, and it is over.
    for day in ["2026-01-01", "2026-01-04", "2026-02-01"] {
        assert_eq!(names(&of(&mut coop, day, false)), ["member-001"], "{day}");
    }
    let all = of(&mut coop, "2026-02-01", true);
    let gone = row(&all, "member-002");
    assert_eq!((gone.left.as_deref(), gone.left_by.as_deref()), (Some("2025-12-31"), Some("notice")));
    assert_eq!((gone.number, all.members.len()), (2, 2), "a number stays whose it is");
    let entry = gone.left_entry.unwrap();
    let mut kind = String::new();
    coop.entries(entry, &mut |_, bytes| {
        kind = rochdale_log::decode(bytes).unwrap().kind.into_owned();
        std::ops::ControlFlow::Break(())
    })
    .unwrap();
    assert_eq!(kind, "update", "the entry that ended it");
}

#[test]
fn who_leaves_at_once_is_listed_on_that_day() {
    let (mut coop, members) = coop();
    assert_eq!(names(&of(&mut coop, "2025-03-01", false)), ["member-001"]);
    assert_eq!(names(&of(&mut coop, "2025-03-02", false)), ["member-001", "member-002"]);
    let rests = Act::PauseMembership(PauseMembership { member: members[1] });
    submit(&mut coop, rests, Actor::Member(members[1]), "2025-06-01T22:30:00Z");
    let then = of(&mut coop, "2025-06-02", false);
    assert_eq!(row(&then, "member-002").rests_since.as_deref(), Some("2025-06-02"), "a day of the co-op's zone");
    assert_eq!(row(&of(&mut coop, "2025-06-01", false), "member-002").rests_since, None);
}

#[test]
fn each_row_says_by_which_entry_and_since_when_on_which_list() {
    let (mut coop, members) = coop();
    let list = || "member-list".to_owned();
    let on = Act::AddToList(AddToList { list: list(), member: members[0] });
    submit(&mut coop, on, Actor::Operator, "2025-04-01T12:00:00Z");
    let off = Act::RemoveFromList(RemoveFromList { list: list(), member: members[0] });
    submit(&mut coop, off, Actor::Operator, "2025-05-01T12:00:00Z");
    let day = at("2025-05-02T12:00:00Z");
    let mut batch = coop.batch().unwrap();
    batch.ask_to_join("member-003", ("guests", false), (day, day)).unwrap();
    batch.commit().unwrap();
    let april = of(&mut coop, "2025-04-30", false);
    let first = row(&april, "member-001");
    assert_eq!((first.joined.as_str(), first.joined_by.as_str()), ("2025-03-01", "founder"));
    assert_eq!((first.joined_entry, first.classes.as_slice()), (Some(2), &["members".to_owned()][..]));
    assert_eq!(first.lists[0].since.as_deref(), Some("2025-04-01"));
    assert_eq!(first.lists[0].until, None);
    let may = of(&mut coop, "2025-05-31", false);
    assert_eq!(row(&may, "member-001").lists[0].until.as_deref(), Some("2025-05-01"));
    assert_eq!(row(&may, "member-002").joined_by, "admitted by operator");
    assert_eq!(row(&may, "member-003").joined_by, "asked to join the guests");
    assert_eq!(coop.register_at(at("2025-02-01T00:00:00Z")).unwrap().map(|one| one.entry), None);
    let rows = views::register_rows(&may, coop.state().rules.kernel.currency);
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
}
