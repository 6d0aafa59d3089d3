//! The state hash: the same on any number of threads and for any way to one state, different for every number.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::*;
use crate::tests::{Coop, Setup, body, doc, document, m, office, ranking, read};

fn lively() -> Coop {
    let clauses =
        vec![office("maintainer", 14), body("team", 2, 14), document("conduct", 14), ranking("issues", 90, 0)];
    let setup =
        Setup { classes: vec!["patrons: donated(ever) / 1 USD", "contributors [list]: 1"], ..Setup::new(clauses) };
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
    assert!(large.state.ballots.len() > 4_096, "enough ballots that threads share them");
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

fn proposal(assents: &[u32], held_since: Option<Moment>) -> crate::rules::amendment::Proposal {
    crate::rules::amendment::Proposal {
        document: doc(3),
        text: "".into(),
        proposer: MemberIndex(1),
        since: Moment(4),
        assents: assents.iter().copied().map(MemberIndex).collect(),
        held_since,
        number: 0,
        place: crate::rules::amendment::Place::Counts,
        low_since: None,
        heads: None,
    }
}

type Change = (&'static str, fn(&mut Coop));

/// One number of the state is another.
const CHANGES: &[Change] = &[
    ("updates", |c| c.state.updates += 1),
    ("last update", |c| c.state.last_update = None),
    ("change times", |c| c.state.changes_done.0 += 1),
    ("kernel", |c| Arc::make_mut(&mut c.state.founding).act.kernel.push('0')),
    ("constitution", |c| Arc::make_mut(&mut c.state.founding).act.constitution.push('0')),
    ("a member", |c| {
        c.state.members.admit(m(9), false, Moment(0));
    }),
    ("an organisation", |c| {
        c.state.members.admit(m(9), true, Moment(0));
    }),
    ("a former member", |c| c.state.members.end(MemberIndex(3), Moment(0))),
    ("a list", |c| {
        c.state.members.list_mut("list").unwrap().insert(MemberIndex(3));
    }),
    ("a weight", |c| Arc::make_mut(&mut c.state.weights).member[0] += 1),
    ("a class's weight", |c| {
        Arc::make_mut(&mut Arc::make_mut(&mut c.state.weights).classes[1].weight)[1] += 1;
    }),
    ("a decision's name", |c| c.state.decisions[DecisionId(1)].name.push('x')),
    ("its kind", |c| c.state.decisions[DecisionId(3)].holds_rules = true),
    ("its layer", |c| c.state.decisions[DecisionId(1)].layer = crate::chamber::Layer::Of(DecisionId(3))),
    ("its opening", |c| c.state.decisions[DecisionId(1)].opened_at.0 += 1),
    ("its end", |c| c.state.decisions[DecisionId(1)].closed_at = Some(Moment(1))),
    ("its terms' age", |c| c.election_mut("maintainer").terms_since.0 += 1),
    ("the kernel in force", |c| c.state.amendment.in_force.push('0')),
    ("a proposed kernel", |c| {
        let proposals = &mut c.state.amendment.proposals;
        proposals.push(proposal(&[], None));
    }),
    ("who assents", |c| {
        let proposals = &mut c.state.amendment.proposals;
        proposals.push(proposal(&[2], None));
    }),
    ("since when enough do", |c| {
        let proposals = &mut c.state.amendment.proposals;
        proposals.push(proposal(&[2], Some(Moment(5))));
    }),
    ("its updates", |c| c.state.decisions[DecisionId(1)].updates += 1),
    ("its capacity", |c| c.state.decisions[DecisionId(1)].capacity += 1),
    ("F", |c| c.election_mut("maintainer").bucket_size += 1),
    ("M", |c| c.election_mut("maintainer").nomination_size += 1),
    ("nobody", |c| c.election_mut("maintainer").seats.nobody += 1),
    ("changed at", |c| c.election_mut("maintainer").changed_at = Some(Moment(1))),
    ("a holder", |c| c.election_mut("maintainer").seats.holders[0] = Some(crate::CandidateId(1))),
    ("a seat", |c| c.election_mut("team").seats.holders.push(None)),
    ("standing", |c| c.election_mut("maintainer").candidates[2].standing = crate::chamber::Standing::Out),
    ("since", |c| c.election_mut("maintainer").candidates[0].since.0 += 1),
    ("level", |c| c.election_mut("maintainer").candidates[2].level += 1),
    ("attention", |c| c.election_mut("maintainer").candidates[2].attention += 1),
    ("proposer", |c| c.election_mut("conduct").candidates[0].proposer = None),
    ("a document", |c| c.election_mut("conduct").candidates[0].name = crate::chamber::CandidateName::Document(doc(2))),
    ("a total", |c| c.election_mut("maintainer").seats.totals[0] = Some(1)),
    ("no total", |c| c.election_mut("maintainer").seats.totals[1] = None),
    ("a bucket", |c| c.election_mut("maintainer").seats.buckets[1] += 1),
    ("what an office spent", |c| {
        let day = crate::book::Day::of(crate::tests::at("2025-01-01"), &quantity::Zone::utc());
        c.state.book.note_spent("maintainer".to_owned(), day, 1);
    }),
    ("a share", |c| c.place(3, "issues", "a", 250_001)),
    ("a score", |c| c.vote(1, "maintainer", 300_000, &[(2, 999_999), (1, 1)])),
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
    ("support taken back", |c| c.take_back("test:1", Some(1), "2025-01-01")),
    ("an item", |c| c.open("issues", "b")),
    ("a booking", |c| {
        c.act(read("book_entry", r#"{"at":"2025-01-01","source":"c","narration":"gift","currency":"USD","postings":[{"account":"assets:bank","minor":0},{"account":"income:gifts","minor":0}]}"#));
    }),
];

type ItemChange = (&'static str, fn(&mut crate::chamber::Item));

/// Numbers of a ranking's item.
const ITEM_CHANGES: &[ItemChange] = &[
    ("id", |item| item.id = "x".into()),
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
        change(changed.state.decisions[DecisionId(4)].ranking_mut().unwrap().items.get_mut(crate::ItemId(0)).unwrap());
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
        record(&|act| act.given_at = act.given_at.map(|at| at.plus_seconds(-1))),
        record(&|act| act.source.push('x')),
        record(&|act| act.stands_months = Some(3)),
    ];
    let different: std::collections::BTreeSet<&String> = hashes.iter().collect();
    assert_eq!(different.len(), hashes.len());
}

#[test]
fn founding_opens_the_decisions_of_the_constitution() {
    let coop = Setup::new(vec![office("maintainer", 14), ranking("issues", 90, 0)]).found();
    let names: Vec<(&str, &str)> =
        coop.state.decisions.rows().iter().map(|d| (d.name.as_str(), d.kind().word())).collect();
    assert_eq!(names, [("constitution", "constitution"), ("maintainer", "office"), ("issues", "ranking")]);
    let in_force = coop.decision("constitution").holders()[0].map(ToString::to_string);
    assert_eq!(in_force, Some("22".repeat(32)));
    assert_eq!(coop.state.next_update.to_string(), "2025-01-06T01:00:00Z");
}

/// The hash once more, written from `docs/spec/updates.md` alone: bytes first, then one SHA-256.
#[derive(Default)]
struct Page(Vec<u8>);

impl Page {
    fn number(&mut self, value: impl TryInto<i128>) {
        let Ok(value) = value.try_into() else { panic!("too large") };
        self.0.extend(i128::to_le_bytes(value));
    }

    fn numbers(&mut self, values: &[i128]) {
        values.iter().for_each(|value| self.number(*value));
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as i128);
        self.0.extend(text.as_bytes());
    }

    fn column(&mut self, weights: &[u64]) {
        self.number(weights.len() as i128);
        weights.iter().for_each(|weight| self.0.extend(weight.to_le_bytes()));
    }

    fn instant(&mut self, at: Option<Moment>) {
        self.number(at.map_or(-1, |at| i128::from(at.0)));
    }

    fn set(&mut self, elements: &[Vec<u8>]) {
        let mut lanes = [0_u64; 4];
        for element in elements {
            for (lane, bytes) in lanes.iter_mut().zip(Sha256::digest(element).chunks(8)) {
                *lane = lane.wrapping_add(u64::from_be_bytes(bytes.try_into().unwrap()));
            }
        }
        lanes.iter().for_each(|lane| self.number(*lane));
    }
}

fn source_bytes(source: &str) -> Vec<u8> {
    Sha256::digest(source)[..8].iter().rev().copied().collect()
}

/// The records of `lively`: source, kind, member, amount, and the pledge's series and end.
fn lively_support() -> Vec<Vec<u8>> {
    let date = crate::tests::at("2025-01-01").0;
    let row = |source: &str, kind: u8, member: u32, amount: i64| {
        let fields =
            [&[kind][..], &member.to_le_bytes(), &amount.to_le_bytes(), &date.to_le_bytes(), &date.to_le_bytes()];
        [source_bytes(source), fields.concat()].concat()
    };
    let gifts = [(1, 10_000), (2, 6_400), (3, 3_600), (4, 900)];
    let mut rows: Vec<Vec<u8>> = gifts.map(|(n, cents)| row(&format!("test:{n}"), 0, n - 1, cents)).to_vec();
    let until = crate::tests::at("2025-03-01").0.to_le_bytes();
    rows.push([&row("test:5", 1, 2, 500)[..], &0_u16.to_le_bytes(), &until].concat());
    rows.push(source_bytes("b"));
    rows
}

fn lively_ballots() -> Vec<Vec<u8>> {
    let ballot = |member: u32, decision: u16, side: u8, share: u32, rest: &[u32]| {
        let rest: Vec<u8> = rest.iter().flat_map(|n| n.to_le_bytes()).collect();
        [&member.to_le_bytes()[..], &decision.to_le_bytes(), &[side], &share.to_le_bytes(), &rest].concat()
    };
    vec![
        ballot(0, 1, 0, 300_000, &[0, 1, 1, 1_000_000]),
        ballot(1, 1, 1, 300_000, &[0, 500_000]),
        ballot(3, 1, 2, 1_000, &[2]),
        ballot(2, 4, 0, 250_000, &[0]),
    ]
}

fn page_of_election(page: &mut Page, election: &crate::chamber::Election) {
    page.text(election.kind().word());
    page.number(election.bucket_size);
    page.number(election.nomination_size);
    page.number(election.seats.nobody);
    page.instant(election.changed_at);
    page.instant(Some(election.terms_since));
    page.number(election.seats.holders.len());
    for holder in &election.seats.holders {
        page.number(holder.map_or(-1, i128::from));
    }
    page.number(election.candidates.len());
    for (place, candidate) in election.candidates.iter().enumerate() {
        if let crate::chamber::CandidateName::Document(name) = &candidate.name {
            page.text(name);
        }
        page.number(candidate.proposer.map_or(-1, i128::from));
        page.number(match candidate.standing {
            crate::chamber::Standing::Nominee => 0,
            crate::chamber::Standing::Candidate => 1,
            crate::chamber::Standing::Out => 2,
        });
        page.instant(Some(candidate.since));
        page.number(candidate.level);
        page.number(candidate.attention);
        let total = election.seats.totals[place];
        page.number(i128::from(total.is_some()));
        page.number(total.unwrap_or(0));
        page.number(election.seats.buckets[place]);
    }
}

/// The bytes of the page for one part of `lively`'s state, or of several in a row.
fn page(write: impl FnOnce(&mut Page)) -> Page {
    let mut page = Page::default();
    write(&mut page);
    page
}

fn page_of_updates(page: &mut Page) {
    page.number(1);
    page.instant(Some(crate::tests::at("2025-01-06T01:00:00Z")));
    page.instant(Some(crate::tests::at("2025-01-01")));
}

fn page_of_rules(page: &mut Page) {
    page.text(&"11".repeat(32));
    page.text(&"22".repeat(32));
    // The rules in force are those of the founding, with nothing below.
    let rules = format!("{}\n{}\n", "11".repeat(32), "22".repeat(32));
    page.text(&to_hex(&Sha256::digest(rules)));
}

/// Four members, no organisation, nobody former, one list with the second on it.
fn page_of_members(page: &mut Page) {
    page.numbers(&[4, 0, 0, 1]);
    page.text("list");
    page.numbers(&[1, 1]);
}

fn page_of_support(page: &mut Page) {
    page.set(&lively_support());
    page.number(5);
}

fn page_of_ballots(page: &mut Page) {
    page.set(&lively_ballots());
    page.number(4);
}

fn page_of_weights(page: &mut Page) {
    let micro = |weights: [u64; 4]| weights.map(|weight| weight * crate::tests::ONE);
    page.column(&micro([100, 65, 36, 9]));
    page.column(&micro([100, 64, 36, 9]));
    page.column(&micro([0, 1, 0, 0]));
}

fn page_of_decision(page: &mut Page, decision: &Decision) {
    page.text(&decision.name);
    page.text(decision.kind().word());
    page.number(if decision.name == "constitution" { -1 } else { 0 });
    page.instant(Some(decision.opened_at));
    page.instant(decision.closed_at);
    page.number(decision.updates);
    page.number(decision.capacity);
    if let Some(election) = decision.election() {
        page_of_election(page, election);
        return;
    }
    page.number(decision.items().count());
    for item in decision.items() {
        page.text(&item.id);
        page.instant(Some(item.opened_at));
        page.number(item.total);
        page.number(item.votes_for);
        page.number(item.votes_against);
        page.instant(item.low_since);
        page.instant(item.closed_at);
    }
}

fn page_of_book(page: &mut Page) {
    page.text("USD");
    page.numbers(&[1, 2]);
    page.text("assets:bank");
    page.text("income:gifts");
    page.numbers(&[2, 2025, 1, 1, 0, 5, 2025, 1, 1, 1, -5]);
    // No office or body spent anything.
    page.number(0);
}

#[test]
fn a_stranger_works_out_the_same_from_the_page() {
    let coop = lively();
    let all = page(|page| {
        page.text("rochdale state 2");
        page_of_updates(page);
        page_of_rules(page);
        // No other kernel is proposed.
        page.text(&"11".repeat(32));
        page.number(0);
        page_of_members(page);
        page_of_support(page);
        page_of_ballots(page);
        page_of_weights(page);
        coop.state.decisions.rows().iter().for_each(|decision| page_of_decision(page, decision));
        page_of_book(page);
        // No fork is announced, none was completed.
        page.numbers(&[0, 0]);
    });
    assert_eq!(to_hex(&Sha256::digest(&all.0)), coop.state.hash());
}

#[test]
fn a_stranger_works_out_named_sections_from_the_page() {
    let mut coop = lively();
    coop.state.editions.current = Edition::TWO;
    let hash = |coop: &Coop, founders: Option<Page>| {
        let of_kind = |ranks: bool| {
            page(|page| {
                let all = coop.state.decisions.rows().iter().enumerate();
                for (place, decision) in all.filter(|(_, decision)| decision.lists_items() == ranks) {
                    page.number(place);
                    page_of_decision(page, decision);
                }
            })
        };
        let sections = [
            ("ballots", Some(page(page_of_ballots))),
            ("book", Some(page(page_of_book))),
            ("edition", Some(page(|page| page.number(2)))),
            ("elections", Some(of_kind(false))),
            ("founders", founders),
            ("members", Some(page(page_of_members))),
            ("rankings", Some(of_kind(true))),
            ("rules", Some(page(page_of_rules))),
            ("support", Some(page(page_of_support))),
            ("updates", Some(page(page_of_updates))),
            ("weights", Some(page(page_of_weights))),
        ];
        let mut all = page(|page| page.text("rochdale state 3"));
        for (name, section) in sections {
            if let Some(section) = section {
                all.text(name);
                all.0.extend(Sha256::digest(&section.0));
            }
        }
        to_hex(&Sha256::digest(&all.0))
    };
    assert_eq!(hash(&coop, None), coop.state.hash());
    let one = coop.state.hash_as(Edition::ONE);
    for (number, members) in [(3, &[1, 3, 0][..]), (1, &[2, 1, 3, 0])] {
        coop.state.founders.add(MemberIndex(number));
        assert_eq!(hash(&coop, Some(page(|page| page.numbers(members)))), coop.state.hash());
    }
    // The first seat gives the power to admit, and somebody holds it.
    let clause = &mut Arc::make_mut(&mut coop.state.rules).constitution.clauses[0];
    if let charter::ClauseKind::Office(office) = &mut clause.kind {
        office.powers = vec![charter::GivenPower::plain(charter::Power::Admit)];
    }
    coop.state.end_founding(coop.state.time);
    assert_eq!(hash(&coop, Some(page(|page| page.numbers(&[2, 1, 3, 1])))), coop.state.hash());
    assert_eq!(coop.state.hash_as(Edition::ONE), one, "edition 1 knows nothing of founders");
}
