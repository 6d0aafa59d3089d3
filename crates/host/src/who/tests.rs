//! Who is who does not depend on the order of files, and nobody is joined by what two places say alike.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Actor, Edition, MemberIndex, Pseudonym};
use quantity::Moment;

use super::{Answer, COUNT, MOST_PAIRS, WHO};
use crate::inbox::{Handed, LogTime, Newcomers, NotTaken, Taken, open_handed, take_all};
use crate::{Charter, Coop};

const KERNEL: &str = r#"```charter
kernel {
    name "who"
    purpose "Tell people apart"
    currency "USD"
    time-zone "UTC"
    class "patrons" { weight "donated(ever) / 1 USD" }
    class "workers" { weight "contributed(ever)" }
    votes "quadratic"
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
    amend "never"
    fork carries="register ledger rules" treasury="none"
}
```
"#;
const CONSTITUTION: &str =
    "# Constitution\n\n```charter\noffice \"secretary\" { settles-in \"14 days\"; may \"admit\" }\n```\n";

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn now() -> Moment {
    at("2025-06-01T00:00:00Z")
}

/// A household of two with one address and one surname, a third of the same name elsewhere, and one bank account for two.
const REGISTER: &str = "name,kind,joined,email,number\n\
    member-001 north,person,2025-01-01,north@example.org,1\n\
    member-002 north,person,2025-01-01,north@example.org,2\n\
    member-003 south,person,2025-01-01,south@example.org,3\n";
const DONATIONS: &str = "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName\n\
    2025-02-01T09:00:00,a1,Contribution,CREDIT,CONTRIBUTION,,,50,0,50,USD,north,member-001 north\n\
    2025-02-02T09:00:00,a2,Contribution,CREDIT,CONTRIBUTION,,,20,0,20,USD,south-3,member-003 south\n\
    2025-02-03T09:00:00,a3,Contribution,CREDIT,CONTRIBUTION,,,10,0,10,USD,north-2,member-001 north\n";
const COMMITS: &str = "commit,authored_at,author,files_changed\n\
    85864b414,2025-03-01T21:51:59Z,member-001 north,1\n\
    85864b415,2025-03-02T21:51:59Z,north,1\n\
    85864b416,2025-03-03T21:51:59Z,member-003 south,1\n";
const DUES: &str = "member,kind,amount,unit,given_at,source\n\
    1,dues,5,USD,2025-04-01,d1\n\
    #2,dues,6,USD,2025-04-01,d2\n\
    member-003 south,hours,1,hours,2025-04-01,d3\n";

const FILES: [&str; 4] = [REGISTER, DONATIONS, COMMITS, DUES];

fn house() -> Coop {
    let charter = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), Edition::THREE).unwrap();
    Coop::in_memory(charter, false, at("2025-01-01T00:00:00Z")).unwrap()
}

fn bring(coop: &mut Coop, text: &str) -> Result<Taken, NotTaken> {
    let handed = Handed { name: "file.csv".to_owned(), bytes: text.as_bytes().to_vec() };
    let mut sources = [open_handed(&coop.committed(), &handed, None, None).unwrap()];
    let mut batch = coop.batch().unwrap();
    let taken = take_all(&mut batch, &mut sources, LogTime::Now(now()), Newcomers::Welcome, &mut || ())?;
    batch.commit().unwrap();
    Ok(taken)
}

const SOURCES: [&str; 9] = [
    "open-collective:a1",
    "open-collective:a2",
    "open-collective:a3",
    "commit:85864b414",
    "commit:85864b415",
    "commit:85864b416",
    "support:d1",
    "support:d2",
    "support:d3",
];

/// Who holds which records, and with which weight: of each member the sources, in an order that no pseudonym decides.
fn partition(coop: &mut Coop) -> BTreeSet<(Vec<&'static str>, u64)> {
    let mut batch = coop.batch().unwrap();
    batch.run_due(at("2025-06-03T00:00:00Z")).unwrap();
    let mut all: BTreeMap<MemberIndex, Vec<&str>> = BTreeMap::new();
    for source in SOURCES {
        if let Some(member) = batch.giver(source).unwrap() {
            all.entry(member).or_default().push(source);
        }
    }
    let weight = |member| batch.state().weights.of(member);
    let all = all.into_iter().map(|(member, own)| (own, weight(member))).collect();
    batch.abort();
    all
}

fn orders() -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    for first in 0..4 {
        for second in (0..4).filter(|one| *one != first) {
            for third in (0..4).filter(|one| ![first, second].contains(one)) {
                let last = 6 - first - second - third;
                all.push(vec![first, second, third, last]);
            }
        }
    }
    all
}

#[test]
fn the_order_of_files_never_changes_who_is_who() {
    let mut seen = BTreeSet::new();
    for order in orders() {
        let mut coop = house();
        let mut later = Vec::new();
        for file in order.iter().map(|place| FILES[*place]) {
            // A table that names a number before the register has it says so, and is brought again.
            if bring(&mut coop, file).is_err() {
                assert_eq!(file, DUES, "{order:?}");
                later.push(file);
            }
        }
        for file in later {
            bring(&mut coop, file).unwrap();
        }
        let once = partition(&mut coop);
        let entries = coop.committed().head.seq;
        for file in FILES {
            let again = bring(&mut coop, file).unwrap();
            assert_eq!((again.recorded, again.new_members, again.maybe_one), (0, 0, 0), "{order:?}");
        }
        assert_eq!(coop.committed().head.seq, entries, "two imports of any file equal one");
        assert_eq!(partition(&mut coop), once);
        seen.insert(once);
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
    let who = seen.pop_first().unwrap();
    // Two of one household, and each place's people: nothing was joined but what the co-op's own files name.
    let expected: BTreeSet<(Vec<&str>, u64)> = [
        (vec!["support:d1"], 0),
        (vec!["support:d2"], 0),
        (vec!["support:d3"], 0),
        (vec!["open-collective:a1"], 50_000_000),
        (vec!["open-collective:a2"], 20_000_000),
        (vec!["open-collective:a3"], 10_000_000),
        (vec!["commit:85864b414"], 1_000_000),
        (vec!["commit:85864b415"], 1_000_000),
        (vec!["commit:85864b416"], 1_000_000),
    ]
    .into();
    assert_eq!(who, expected);
}

fn named(coop: &Coop, name: &str) -> Vec<Pseudonym> {
    let committed = coop.committed();
    let names = committed.directory().names;
    names.iter().filter(|(_, shown)| **shown == name).map(|(member, _)| *member).collect()
}

#[test]
fn what_places_say_alike_is_asked_and_answered_once() {
    let mut coop = house();
    for file in [REGISTER, DONATIONS] {
        bring(&mut coop, file).unwrap();
    }
    let asked = coop.committed().maybe_one().unwrap();
    let pairs = |coop: &Coop| coop.committed().maybe_one().unwrap().len();
    assert!(asked.iter().any(|pair| pair.by == crate::Evidence::Address), "a household: {asked:?}");
    let before = asked.len();
    let first = &asked[0];
    let answer = |coop: &mut Coop, one, other, answer| {
        coop.all_or_nothing(|batch| batch.answer_who(one, other, answer, Actor::Operator, now()))
    };
    assert_eq!(answer(&mut coop, first.one, first.other, Answer::Later).unwrap(), None);
    assert_eq!(pairs(&coop), before, "it waits on");
    assert_ne!(coop.committed().maybe_one().unwrap()[0], *first, "and is asked last");
    answer(&mut coop, first.one, first.other, Answer::Two).unwrap();
    assert_eq!(pairs(&coop), before - 1);
    for file in [REGISTER, DONATIONS] {
        bring(&mut coop, file).unwrap();
    }
    assert_eq!(pairs(&coop), before - 1, "what was answered is not asked again");
    // The one of the register and the one of the donation site are one person, says the operator.
    let south = named(&coop, "member-003 south");
    let act = answer(&mut coop, south[0], south[1], Answer::Same).unwrap().unwrap();
    assert_eq!(act.kind(), "join_members");
    assert_eq!(
        coop.find_member("member-003 south").unwrap_err().to_string().matches("m_").count(),
        2,
        "candidates are named"
    );
    coop.all_or_nothing(|batch| batch.run_due(at("2025-06-20T00:00:00Z"))).unwrap();
    let stays = coop.find_member("member-003 south").unwrap().unwrap();
    assert_eq!(
        coop.profile(stays).unwrap().unwrap().emails,
        ["south@example.org"],
        "whom the co-op knows itself stays"
    );
    // The site's next record goes to the one who stayed, and an old file again records nothing.
    let more = DONATIONS.replace(",a2,", ",a9,");
    assert_eq!(bring(&mut coop, &more).unwrap().recorded, 2, "the gift and its booking");
    let mut batch = coop.batch().unwrap();
    let giver = batch.giver("open-collective:a9").unwrap();
    assert_eq!(giver.and_then(|giver| batch.state().members.pseudonym(giver)), Some(stays));
    batch.abort();
    let again = bring(&mut coop, REGISTER).unwrap();
    assert_eq!((again.recorded, again.differ), (0, 0));
    assert!(answer(&mut coop, south[0], south[1], Answer::Two).unwrap().is_some(), "it can be taken back");
    crate::verify::verify_store(&mut *coop.store, 1).unwrap();
}

#[test]
fn where_somebody_has_signed_in_both_are_asked() {
    let mut coop = house();
    for file in [REGISTER, DONATIONS] {
        bring(&mut coop, file).unwrap();
    }
    let south = named(&coop, "member-003 south");
    let session = crate::gate::Session::begun(south[0], quantity::Moment(0));
    coop.all_or_nothing(|batch| batch.put_session("hash", &session)).unwrap();
    let act = coop
        .all_or_nothing(|batch| batch.answer_who(south[0], south[1], Answer::Same, Actor::Operator, now()))
        .unwrap();
    assert!(matches!(act, Some(engine::Act::JoinMembers(act)) if act.ask_both));
    let other = named(&coop, "member-002 north")[0];
    let stranger =
        coop.all_or_nothing(|batch| batch.answer_who(south[0], south[1], Answer::Two, Actor::Member(other), now()));
    assert!(stranger.is_err(), "others say nothing of it");
    let own =
        coop.all_or_nothing(|batch| batch.answer_who(south[0], south[1], Answer::Two, Actor::Member(south[0]), now()));
    assert!(matches!(own.unwrap(), Some(engine::Act::AnswerJoin(act)) if !act.yes));
}

/// Answers about pairs that nobody had found take room as found ones do.
#[test]
fn answers_are_kept_as_long_as_there_is_room() {
    let mut coop = house();
    bring(&mut coop, REGISTER).unwrap();
    let [one, other] = ["member-001 north", "member-003 south"].map(|name| named(&coop, name)[0]);
    let say_two = |coop: &mut Coop| {
        coop.all_or_nothing(|batch| batch.answer_who(one, other, Answer::Two, Actor::Operator, now())).unwrap();
        super::kept(&mut *coop.store, &coop.now.id).unwrap().contains_key(&(one.min(other), one.max(other)))
    };
    coop.all_or_nothing(|batch| batch.put(WHO, COUNT, MOST_PAIRS.to_string().as_bytes())).unwrap();
    assert!(!say_two(&mut coop));
    coop.all_or_nothing(|batch| batch.put(WHO, COUNT, (MOST_PAIRS - 1).to_string().as_bytes())).unwrap();
    assert!(say_two(&mut coop));
}
