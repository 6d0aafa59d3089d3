//! Lists of contributions from a history.

use bridges::{ForgeWork, Identity, Lineage, LinkedCommit, WorkChange, WorkIssue, WorkReview};
use engine::Pseudonym;
use engine::credit::Parameters;
use engine::credit::contributions::{Contributions, Strikes};
use quantity::{Moment, Zone};

use super::pieces::{Makers, Work};
use super::{Listed, listed};

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn commit(id: &str, made: Option<(u32, &str)>, with: &[u32], parents: &[u32]) -> LinkedCommit {
    let made = made.map(|(author, day)| (author, at(&format!("{day}T12:00:00Z"))));
    let (with, parents, first) = (with.to_vec(), parents.to_vec(), parents.first().copied());
    LinkedCommit { id: id.repeat(10), made, with, parents, first, change: None, names: Vec::new() }
}

/// The list of March 2025; who is in no register has no member.
fn march(lineage: &Lineage, forge: &ForgeWork, members: impl Fn(&Identity) -> Option<Pseudonym>) -> Listed {
    let makers = Makers::of(lineage, forge);
    let members: Vec<Option<Pseudonym>> = makers.people.iter().map(members).collect();
    let work = Work::new(lineage, forge, makers, &members);
    let period = (at("2025-03-01T00:00:00Z"), at("2025-04-01T00:00:00Z"));
    listed(&work, &members, period, &Zone::utc())
}

#[test]
fn a_month_of_a_history_is_listed_with_what_it_builds_on() {
    let name = |name: &str| Identity { name: name.to_owned(), ..Identity::default() };
    let lineage = Lineage {
        people: vec![name("one"), name("two"), name("two at work"), name("a stranger")],
        commits: vec![
            // By id, as histories are read: the newest first here.
            commit("aaaa", Some((1, "2025-03-20")), &[2, 3], &[3]),
            commit("bbbb", Some((0, "2025-02-27")), &[], &[]),
            commit("cccc", Some((3, "2025-04-01")), &[], &[0]),
            commit("dddd", Some((2, "2025-03-02")), &[], &[1, 4]),
            commit("eeee", None, &[], &[]),
        ],
        notes: Vec::new(),
    };
    let (one, two) = (Pseudonym(7), Pseudonym(5));
    let member = |person: &Identity| match person.name.as_str() {
        "one" => Some(one),
        "a stranger" => None,
        _ => Some(two),
    };
    let listed = march(&lineage, &ForgeWork::default(), member);
    let text = listed.list.text();
    let wanted = format!(
        "rochdale contributions 1\nperiod 2025-03-01 2025-04-01\nweek 2025-02-23\nperson {two}\nperson {one}\nperson -\n\
         commit bbbbbbbbbbbb 0 1 old -\ncommit eeeeeeeeeeee 3 - old -\nmerge dddddddddddd 1 0 new 0,1\ncommit aaaaaaaaaaaa 3 0,2 new 2\n"
    );
    assert_eq!(text, wanted);
    assert_eq!(Contributions::parse(&text).unwrap(), listed.list);
    assert_eq!((listed.new, listed.unknown), (2, vec!["a stranger".to_owned()]));
    // One commit minted 1; the merge mints nothing.
    assert_eq!(
        listed
            .list
            .explained(&Strikes::default(), &Parameters::of(&charter::CreditFlow::USUAL))
            .unwrap()
            .credits
            .minted_micro,
        1_000_000
    );
}

fn person(name: &str, email: &str) -> Identity {
    Identity { name: name.to_owned(), emails: vec![email.to_owned()], ..Identity::default() }
}

/// Change 7 by one is merged by two on 10 March; change 9 is squashed; issue 3 is old, 4 is new and named by change 7's text.
fn forge_and_history() -> (Lineage, ForgeWork) {
    let mut commits = vec![
        commit("aaaa", Some((0, "2025-02-20")), &[], &[]),
        commit("bbbb", Some((0, "2025-03-05")), &[], &[0]),
        // A merge of the branch with `bbbb` into the one with `aaaa`.
        commit("cccc", Some((1, "2025-03-10")), &[], &[0, 1]),
        commit("dddd", Some((1, "2025-03-12")), &[], &[2]),
    ];
    commits[1].names = vec![3, 44];
    commits[2].change = Some(7);
    commits[3].change = Some(9);
    let people = vec![person("one", "1+one-there@users.noreply.github.com"), person("two", "two@example.org")];
    let lineage = Lineage { people, commits, notes: Vec::new() };
    let issue = |by: &str, day: &str| WorkIssue { by: Some(by.to_owned()), at: at(&format!("{day}T12:00:00Z")) };
    let review = |change, by: &str, day: &str| WorkReview {
        change,
        by: Some(by.to_owned()),
        at: at(&format!("{day}T11:00:00Z")),
    };
    let forge = ForgeWork {
        place: Some("github.com/owner/name".to_owned()),
        issues: [
            (3, issue("reporter", "2025-01-03")),
            (4, issue("one-there", "2025-03-04")),
            (6, issue("reporter", "2025-01-06")),
            (8, WorkIssue { by: None, at: at("2025-03-04T12:00:00Z") }),
        ]
        .into(),
        changes: [(7, WorkChange { names: vec![4], ..WorkChange::default() })].into(),
        reviews: [
            // Twice by one reviewer: the first counts. Her own of `dddd`, which she made, does not, nor one by who made `bbbb`.
            (80, review(7, "two-there", "2025-03-06")),
            (79, review(7, "two-there", "2025-03-07")),
            (81, review(9, "two-there", "2025-03-11")),
            (82, review(7, "one-there", "2025-03-07")),
            // After it came in, and of what never did.
            (83, review(7, "reporter", "2025-03-11")),
            (84, review(11, "reporter", "2025-03-11")),
            (85, review(9, "reporter", "2025-03-11")),
        ]
        .into(),
    };
    (lineage, forge)
}

#[test]
fn issues_and_reviews_of_the_forge_are_listed() {
    let (lineage, forge) = forge_and_history();
    let (one, two) = (Pseudonym(5), Pseudonym(7));
    let member = |person: &Identity| match (person.name.as_str(), person.handle.as_deref()) {
        ("one", _) => Some(one),
        // Known by an address in the repository, and by a name at the forge.
        ("two", _) | (_, Some("two-there")) => Some(two),
        _ => None,
    };
    let listed = march(&lineage, &forge, member);
    let wanted = format!(
        "rochdale contributions 1\nperiod 2025-03-01 2025-04-01\nweek 2024-12-29\nperson {one}\nperson {two}\nperson -\n\
         commit aaaaaaaaaaaa 7 0 old -\nissue 3 0 2 old -\ncommit bbbbbbbbbbbb 9 0 new 0,1\nissue 4 9 0 new -\n\
         merge cccccccccccc 10 1 new 0,2,3\ncommit dddddddddddd 10 1 new 4\nreview 80 10 1 new 4\nreview 85 10 2 new 5\n"
    );
    assert_eq!(listed.list.text(), wanted);
    assert_eq!(Contributions::parse(&wanted).unwrap(), listed.list);
    assert_eq!((listed.new, listed.left_out, listed.unknown), (6, 5, vec!["reporter".to_owned()]));
    // Two commits and two reviews mint.
    let usual = Parameters::of(&charter::CreditFlow::USUAL);
    assert_eq!(listed.list.explained(&Strikes::default(), &usual).unwrap().credits.minted_micro, 4_000_000);
}

/// The forge's own word on when a change came in, and by which commit, goes before a message's.
#[test]
fn the_forge_says_which_commit_brought_a_change_in() {
    let (lineage, mut forge) = forge_and_history();
    forge.changes.insert(
        11,
        WorkChange {
            merged: Some(at("2025-03-31T12:00:00Z")),
            commit: Some("bbbbbbbbbb".to_owned()),
            ..WorkChange::default()
        },
    );
    forge.changes.insert(7, WorkChange { merged: Some(at("2025-04-02T12:00:00Z")), ..WorkChange::default() });
    let text = march(&lineage, &forge, |_| None).list.text();
    let reviews: Vec<&str> = text.lines().filter(|line| line.starts_with("review")).collect();
    // Change 7 came in in April by the forge: its reviews are of then. Two accounts without a member are two people.
    assert_eq!(reviews.len(), 3, "{text}");
    assert!(reviews.iter().any(|line| line.starts_with("review 84 13 ")), "{text}");
    assert!(!text.contains("review 80 "), "{text}");
}
