//! The state hash: the same on any number of threads and for any way to one state, different for every number.

use super::*;
use crate::tests::{Coop, Setup, body, doc, document, m, office, ranking, read};

fn lively() -> Coop {
    let clauses = vec![
        office("maintainer", 14),
        body("team", 2, 14),
        document("conduct", 14),
        ranking("issues", 90, 0),
    ];
    let setup = Setup {
        classes: vec!["patrons: donated(ever) / 1 USD", "contributors [list]: 1"],
        ..Setup::new(clauses)
    };
    let mut coop = setup.found().with_weights(&[100, 64, 36, 9]);
    coop.list("list", 2);
    coop.enter(&[1, 2], "maintainer");
    coop.seat(&[1], "maintainer");
    coop.stand(3, "maintainer");
    coop.propose(1, "conduct", &doc(1));
    coop.open("issues", "a");
    coop.vote(1, "maintainer", 300_000, &[(2, 1_000_000), (1, 1)]);
    coop.oppose(2, "maintainer", 300_000, &[(1, 500_000)]);
    coop.nominate(4, "maintainer", 3, 1_000);
    coop.place(3, "issues", "a", 250_000);
    coop.give(3, "pledge", 500, "2025-01-01");
    coop.act(read(
        "book_entry",
        r#"{"at":"2025-01-01","source":"b","narration":"gift","currency":"USD","postings":[{"account":"assets:bank","minor":5},{"account":"income:gifts","minor":-5}]}"#,
    ));
    coop.next();
    coop
}

#[test]
fn threads_do_not_matter() {
    let mut large = Setup::new(vec![ranking("issues", 90, 0)]).found();
    large.admit(1..=1_500);
    for member in 1..=1_500 {
        large.give(member, "donation", 100 + member as i64, "2025-01-01");
    }
    for item in ["a", "b", "c", "d"] {
        large.open("issues", item);
        for member in 1..=1_500 {
            large.place(member, "issues", item, 1 + member as u32);
        }
    }
    assert!(
        large.state.ballots.len() > 4_096,
        "enough ballots that threads share them"
    );
    let hash = |threads: usize| {
        let mut coop = large.clone();
        coop.threads = threads;
        coop.next();
        coop.state.hash()
    };
    let one = hash(1);
    assert_eq!([hash(2), hash(7)], [one.clone(), one]);
}

#[test]
fn two_ways_to_one_state_have_one_hash() {
    let mut direct = lively();
    direct.place(1, "issues", "a", 70_000);
    direct.place(2, "issues", "a", 30_000);
    let mut detour = lively();
    detour.place(2, "issues", "a", 90_000);
    detour.place(1, "issues", "a", 10_000);
    detour.place(2, "issues", "a", 0);
    detour.place(1, "issues", "a", 70_000);
    detour.place(2, "issues", "a", 30_000);
    assert_eq!(direct.state.hash(), detour.state.hash());
    assert_eq!(direct.next(), detour.next());
    assert_eq!(direct.state.hash(), detour.state.hash());
}

#[test]
fn pseudonyms_are_not_in_it() {
    let mut first = Setup::new(Vec::new()).found();
    let mut second = first.clone();
    first.admit(1..=1);
    second.admit(7..=7);
    assert_eq!(first.state.hash(), second.state.hash());
}

type Change = (&'static str, fn(&mut Coop));

/// One number of the state is another.
const CHANGES: &[Change] = &[
    ("updates", |c| c.state.updates += 1),
    ("last update", |c| c.state.last_update = None),
    ("change times", |c| c.state.changes_done.0 += 1),
    ("kernel", |c| c.state.founding.act.kernel.push('0')),
    ("constitution", |c| {
        c.state.founding.act.constitution.push('0')
    }),
    ("a member", |c| {
        c.state.members.admit(m(9), false, Moment(0));
    }),
    ("an organisation", |c| {
        c.state.members.admit(m(9), true, Moment(0));
    }),
    ("a former member", |c| c.state.members.end(3, Moment(0))),
    ("a list", |c| {
        c.state.members.list_mut("list").unwrap().insert(3);
    }),
    ("a weight", |c| c.state.weights.member[0] += 1),
    ("a class's weight", |c| {
        c.state.weights.classes[1].weight[1] += 1
    }),
    ("a decision's name", |c| c.state.decisions[1].name.push('x')),
    ("its updates", |c| c.state.decisions[1].updates += 1),
    ("its capacity", |c| c.state.decisions[1].capacity += 1),
    ("F", |c| c.election_mut("maintainer").bucket_size += 1),
    ("M", |c| c.election_mut("maintainer").nomination_size += 1),
    ("nobody", |c| c.election_mut("maintainer").seats.nobody += 1),
    ("changed at", |c| {
        c.election_mut("maintainer").changed_at = Some(Moment(1))
    }),
    ("a holder", |c| {
        c.election_mut("maintainer").seats.holders[0] = Some(1)
    }),
    ("a seat", |c| {
        c.election_mut("team").seats.holders.push(None)
    }),
    ("standing", |c| {
        c.election_mut("maintainer").candidates[2].standing = crate::decision::Standing::Out
    }),
    ("since", |c| {
        c.election_mut("maintainer").candidates[0].since.0 += 1
    }),
    ("level", |c| {
        c.election_mut("maintainer").candidates[2].level += 1
    }),
    ("attention", |c| {
        c.election_mut("maintainer").candidates[2].attention += 1
    }),
    ("proposer", |c| {
        c.election_mut("conduct").candidates[0].proposer = None
    }),
    ("a document", |c| {
        c.election_mut("conduct").candidates[0].name =
            crate::decision::CandidateName::Document(doc(2))
    }),
    ("a total", |c| {
        c.election_mut("maintainer").seats.totals[0] = Some(1)
    }),
    ("no total", |c| {
        c.election_mut("maintainer").seats.totals[1] = None
    }),
    ("a bucket", |c| {
        c.election_mut("maintainer").seats.buckets[1] += 1
    }),
    ("a share", |c| c.place(3, "issues", "a", 250_001)),
    ("a score", |c| {
        c.vote(1, "maintainer", 300_000, &[(2, 999_999), (1, 1)])
    }),
    ("a side", |c| {
        c.place(3, "issues", "a", 0);
        c.act(read(
            "cast_ballot",
            r##"{"member":"#3","decision":"issues","item":"a","share_ppm":250000,"against":true}"##,
        ));
    }),
    ("a ballot gone", |c| c.place(3, "issues", "a", 0)),
    ("support", |c| {
        c.give(4, "donation", 1, "2025-01-01");
    }),
    ("support taken back", |c| {
        c.take_back("test:1", Some(1), "2025-01-01")
    }),
    ("an item", |c| c.open("issues", "b")),
    ("a booking", |c| {
        c.act(read("book_entry", r#"{"at":"2025-01-01","source":"c","narration":"gift","currency":"USD","postings":[{"account":"assets:bank","minor":0},{"account":"income:gifts","minor":0}]}"#));
    }),
];

type ItemChange = (&'static str, fn(&mut crate::decision::Item));

/// Numbers of a ranking's item.
const ITEM_CHANGES: &[ItemChange] = &[
    ("id", |item| item.id.push('x')),
    ("opened", |item| item.opened_at.0 += 1),
    ("total", |item| item.total += 1),
    ("for", |item| item.votes_for += 1),
    ("against", |item| item.votes_against += 1),
    ("low", |item| item.low_since = Some(Moment(1))),
    ("closed", |item| item.closed_at = Some(Moment(1))),
];

#[test]
fn every_number_is_in_it() {
    let coop = lively();
    let mut seen = std::collections::BTreeMap::from([(coop.state.hash(), "unchanged")]);
    let mut note = |what: &'static str, changed: &Coop| {
        let known = seen.insert(changed.state.hash(), what);
        assert_eq!(known, None, "{what}");
    };
    for (what, change) in CHANGES {
        let mut changed = coop.clone();
        change(&mut changed);
        note(what, &changed);
    }
    for (what, change) in ITEM_CHANGES {
        let mut changed = coop.clone();
        if let Matter::Ranking(ranking) = &mut changed.state.decisions[4].matter {
            change(&mut ranking.items[0]);
        }
        note(what, &changed);
    }
}

#[test]
fn records_differ_by_every_field() {
    let record = |change: &dyn Fn(&mut crate::act::RecordSupport)| {
        let mut coop = Setup::new(Vec::new()).found();
        coop.admit(1..=2);
        let mut act = coop.support(1, "pledge", 500, "2025-01-01");
        change(&mut act);
        coop.act(crate::Act::RecordSupport(act));
        coop.state.hash()
    };
    let hashes = [
        record(&|_| {}),
        record(&|act| act.member = m(2)),
        record(&|act| act.kind = "donation".to_owned()),
        record(&|act| act.amount.amount += 1),
        record(&|act| act.given_at.0 -= 1),
        record(&|act| act.source.push('x')),
        record(&|act| act.stands_months = Some(3)),
    ];
    let different: std::collections::BTreeSet<&String> = hashes.iter().collect();
    assert_eq!(different.len(), hashes.len());
}

#[test]
fn founding_opens_the_decisions_of_the_constitution() {
    let coop = Setup::new(vec![office("maintainer", 14), ranking("issues", 90, 0)]).found();
    let names: Vec<(&str, &str)> = coop
        .state
        .decisions
        .iter()
        .map(|d| (d.name.as_str(), d.kind()))
        .collect();
    assert_eq!(
        names,
        [
            ("constitution", "document"),
            ("maintainer", "office"),
            ("issues", "ranking")
        ]
    );
    let in_force = coop.election("constitution").holders()[0].map(ToString::to_string);
    assert_eq!(in_force, Some("22".repeat(32)));
    assert_eq!(coop.state.next_update.to_string(), "2025-01-06T01:00:00Z");
}
