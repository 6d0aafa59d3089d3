//! Logs of several editions: begun, carried on, refused and verified.

use engine::Pseudonym;
use engine::act::{AddToList, AdmitMember, Amount, AnnounceFork, Assent, ProposeDocument, RecordSupport, Stand};
use engine::edition::{ONE, THREE, TWO};
use rochdale_log::{EntryHead, Form, Hash, Head, Memory, encode, hash_entry};

use super::*;
use crate::founding::{begin_log, edition_to_begin_under};
use crate::replay::founding_act;
use crate::{Charter, Submission, verify_file, verify_store};

const KERNEL: &str = r#"```charter
kernel {
    name "a co-op"
    purpose "Try things out"
    currency "USD"
    class "members" list="member-list" { weight "1" }
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
}
```
"#;
const CONSTITUTION: &str = "```charter\noffice \"maintainer\" { settles-in \"14 days\" }\n```\n";

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn charter(edition: Edition) -> Charter {
    Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), edition).unwrap()
}

/// A co-op with a member, a month old.
fn coop(edition: Edition, demonstration: bool) -> Coop {
    let mut coop = Coop::in_memory(charter(edition), demonstration, at("2025-01-01")).unwrap();
    let act = Act::AdmitMember(AdmitMember {
        member: Pseudonym(1),
        organisation: false,
        founder: false,
        joined_on: None,
        left_on: None,
    });
    let submission = Submission { act, actor: Actor::Operator, key: String::new(), nonce: String::new(), signed: None };
    coop.submit(&[submission], at("2025-01-01")).unwrap();
    coop.update_until(at("2025-02-01"), at("2025-02-01")).unwrap();
    coop
}

fn exported(coop: &mut Coop) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    coop.export_log(&mut file).unwrap();
    file
}

/// The number of the edition that the first entry names, and whether it calls it open.
fn founding(coop: &Coop) -> (Edition, bool) {
    let act = &coop.state().founding.act;
    (act.edition, act.open)
}

#[test]
fn a_log_begins_under_the_edition_that_was_asked_for_and_says_so() {
    let (mut one, mut two, mut three) = (coop(ONE, false), coop(TWO, false), coop(THREE, false));
    assert_eq!([&one, &two, &three].map(founding), [(ONE, false), (TWO, false), (THREE, false)]);
    let entry = |coop: &Coop| String::from_utf8(coop.entry(1).unwrap().unwrap()).unwrap();
    assert!(!entry(&one).contains("edition") && ![&two, &three].iter().any(|coop| entry(coop).contains("open")));
    assert!(entry(&two).contains(r#""edition":2"#) && entry(&three).contains(r#""edition":3"#));
    for coop in [&mut one, &mut two, &mut three] {
        let hash = coop.state().hash();
        coop.reload().unwrap();
        assert_eq!(coop.state().hash(), hash);
        assert_eq!(verify_file(exported(coop).path(), 1).unwrap().state, hash);
    }
    assert_ne!(one.state().hash(), two.state().hash());
    assert_eq!(one.state().hash(), two.state().hash_as(ONE), "they differ in the form of the hash alone");
}

#[test]
fn a_log_goes_on_under_a_later_edition_and_verifies() {
    let mut coop = coop(ONE, false);
    assert_eq!(coop.edition_differences(TWO).unwrap(), "", "edition 2 changes no answer of this log");
    let before = coop.state().hash();
    let accepted = coop.go_on_under(TWO, Way::Adopt, true, at("2025-02-02")).unwrap();
    assert_eq!(accepted.outcomes, [Outcome::EditionAdopted { edition: TWO }]);
    assert_eq!(coop.state().hash_as(ONE), before);
    coop.update_until(at("2025-03-01"), at("2025-03-01")).unwrap();
    let (hash, file) = (coop.state().hash(), exported(&mut coop));
    assert_eq!(verify_file(file.path(), 1).unwrap().state, hash);
    assert_eq!(verify_store(&mut *coop.store, 1).unwrap()[0].state, hash);
    coop.reload().unwrap();
    assert_eq!(coop.state().hash(), hash);
    let refused = coop.go_on_under(TWO, Way::Adopt, true, at("2025-03-02")).unwrap_err();
    assert!(matches!(refused, Error::Refused(no) if no.rule == engine::Rule::EditionNotLater));
}

#[test]
fn an_announced_edition_takes_effect_after_thirty_days_and_its_differences_are_kept() {
    let mut coop = coop(ONE, false);
    coop.go_on_under(TWO, Way::Announce, true, at("2025-02-02")).unwrap();
    coop.update_until(at("2025-03-03"), at("2025-03-03")).unwrap();
    assert_eq!(coop.state().editions.current, ONE, "29 days and an hour");
    assert!(coop.documents().unwrap().iter().any(|(_, text)| text.is_empty()), "kept beside the log");
    coop.update_until(at("2025-03-11"), at("2025-03-11")).unwrap();
    assert_eq!(coop.state().editions.current, TWO);
    let hash = coop.state().hash();
    assert_eq!(verify_file(exported(&mut coop).path(), 2).unwrap().state, hash);
}

#[test]
fn verification_works_the_differences_out_again() {
    let mut coop = coop(ONE, true);
    let act = Act::AdoptEdition(AdoptEdition { edition: TWO, open: true, dry_run: digest::hex(b"made up") });
    let submission =
        Submission { act, actor: Actor::Demonstration, key: String::new(), nonce: String::new(), signed: None };
    coop.submit(&[submission], at("2025-02-02")).unwrap();
    coop.reload().unwrap();
    let claimed = coop.head().seq;
    for verdict in
        [verify_file(exported(&mut coop).path(), 1).map(|_| ()), verify_store(&mut *coop.store, 1).map(|_| ())]
    {
        assert!(matches!(verdict, Err(Error::Wrong(Wrong { seq, .. })) if seq == claimed), "{verdict:?}");
    }
}

/// Acts of a co-op with something of everything that a later edition keeps more of: support, assents, a fork. For whoever adds
/// state to edition 2: hand in here an act that edition 1 has and that concerns it.
fn eventful(coop: &mut Coop, time: Moment) {
    let m = Pseudonym;
    let mut acts = Vec::new();
    for member in 2..=4 {
        acts.push(Act::AdmitMember(AdmitMember {
            member: m(member),
            organisation: false,
            founder: false,
            joined_on: None,
            left_on: None,
        }));
    }
    for member in 1..=4 {
        acts.push(Act::AddToList(AddToList { list: "member-list".to_owned(), member: m(member) }));
        acts.push(Act::RecordSupport(RecordSupport {
            service: None,
            member: m(member),
            kind: "donation".to_owned(),
            amount: Amount { amount: 100, currency: Some("USD".to_owned()), unit: None },
            given_at: Some(time),
            given_on: None,
            book: None,
            source: format!("given:{member}"),
            parts: 1,
            series: None,
            stands_months: None,
        }));
    }
    let kernel = |number: u64| KERNEL.replace("Try things out", &format!("Try {number}"));
    for number in 1..=5 {
        let text = kernel(number);
        let document = digest::hex(text.as_bytes());
        acts.push(Act::ProposeDocument(ProposeDocument {
            member: m(1 + number / 4),
            decision: "kernel".to_owned(),
            document: document.clone(),
            text: Some(text.into()),
        }));
        acts.push(Act::Assent(Assent { member: m(3), document, assent: true }));
    }
    acts.push(Act::Stand(Stand { member: m(2), decision: "maintainer".to_owned() }));
    let theirs = kernel(9);
    acts.push(Act::AnnounceFork(AnnounceFork {
        member: m(4),
        fork: "next".to_owned(),
        kernel: digest::hex(theirs.as_bytes()),
        constitution: digest::hex(CONSTITUTION.as_bytes()),
        kernel_text: Some(theirs.into()),
        constitution_text: Some(CONSTITUTION.into()),
    }));
    for act in acts {
        let submission =
            Submission { act, actor: Actor::Operator, key: String::new(), nonce: String::new(), signed: None };
        for result in coop.submit(&[submission], time).unwrap() {
            assert!(matches!(result, crate::Submitted::Accepted(_)), "{result:?}");
        }
    }
}

/// Whatever a later edition keeps begins from the log alone: a co-op with a history goes on, is verified, and comes to the
/// same from its beginning, from a stored state, and on another number of threads.
#[test]
fn a_log_with_a_history_goes_on_under_edition_2_and_replays() {
    for way in [Way::Announce, Way::Adopt] {
        let mut coop = coop(ONE, true);
        eventful(&mut coop, at("2025-02-01"));
        coop.update_until(at("2025-02-11"), at("2025-02-11")).unwrap();
        coop.go_on_under(TWO, way, true, at("2025-02-11")).unwrap();
        let mut kept = None;
        for day in ["2025-02-12", "2025-03-18", "2025-04-01"] {
            coop.update_until(at(day), at(day)).unwrap();
            coop.state().check().unwrap();
            kept = kept.or(Some(coop.state().clone()).filter(|state| state.editions.current == TWO));
        }
        let state = coop.state().clone();
        assert_eq!(state.editions.current, TWO, "{way:?}");
        let carried = state.amendment.proposals.iter().filter(|one| !one.assents.is_empty()).count();
        assert_eq!(carried, 3, "the latest three assents of one member");
        assert!(state.forks.open()[0].then.is_some());
        // A state that was stored on the way goes on as the log did.
        let bytes = postcard::to_extend(&Kept(&kept.unwrap()), Vec::new()).unwrap();
        let mut from = postcard::Deserializer::from_bytes(&bytes);
        let mut stored = engine::State::deserialize(&mut from).unwrap();
        while let engine::Due::Update(due) = stored.next_due() {
            if due > at("2025-04-01") {
                break;
            }
            engine::update(&mut stored, due, 2).unwrap();
        }
        let hash = state.hash();
        assert_eq!(stored.hash(), hash, "{way:?}");
        for threads in [1, 2] {
            assert_eq!(verify_file(exported(&mut coop).path(), threads).unwrap().state, hash);
            assert_eq!(verify_store(&mut *coop.store, threads).unwrap()[0].state, hash);
        }
        coop.reload().unwrap();
        assert_eq!(coop.state().hash(), hash);
    }
}

/// Runs what is due next so many times, and checks the whole state after each.
fn run(state: &mut engine::State, times: usize, threads: usize) {
    for _ in 0..times {
        match state.next_due() {
            engine::Due::Update(due) => engine::update(state, due, threads).unwrap(),
            engine::Due::Change(due) => engine::change(state, due).unwrap(),
        };
        state.check().unwrap();
    }
}

/// Every log of edition 1 but the demonstration's, whatever happened in it, goes on under edition 2 from its end: alike on any
/// number of threads, and from a stored state.
#[test]
fn every_log_of_edition_1_can_go_on_under_edition_2() {
    let logs = crate::verify::tests::Logs::of(&crate::verify::tests::ONE);
    let mut adopted = 0;
    for told in crate::verify::tests::told(&crate::verify::tests::ONE)
        .iter()
        .filter(|told| told.name != crate::verify::tests::DEMO)
    {
        let (_, mut state, _) = crate::verify::replay_file(&logs.unpack(&told.name), 2).unwrap();
        let time = state.time;
        // Rules that do not check under the later edition stay under the earlier one: one holder alone keeps a list there.
        if let Err(mistakes) = state.go_on_under(TWO, time, None) {
            assert!(mistakes.iter().all(|one| one.code == "C072"), "`{}`: {mistakes:?}", told.name);
            continue;
        }
        adopted += 1;
        state.check().unwrap_or_else(|broken| panic!("`{}`: {broken:?}", told.name));
        let bytes = postcard::to_extend(&Kept(&state), Vec::new()).unwrap();
        let mut from = postcard::Deserializer::from_bytes(&bytes);
        let mut stored = engine::State::deserialize(&mut from).unwrap();
        assert_eq!(stored.hash(), state.hash(), "`{}`", told.name);
        run(&mut state, 3, 1);
        run(&mut stored, 3, 2);
        assert_eq!(stored.hash(), state.hash(), "`{}`", told.name);
    }
    assert!(adopted > 50, "{adopted} of them");
}

struct Kept<'a>(&'a engine::State);

impl serde::Serialize for Kept<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

/// A log of one entry that says these words in place of `was`.
fn log_that_says(was: &str, says: &str) -> (Memory, Head) {
    let charter = charter(THREE);
    let mut body = Vec::new();
    crate::codec::write_body(&Act::Found(founding_act(&charter, false)), &mut body).unwrap();
    let body = String::from_utf8(body).unwrap().replace(was, says);
    assert!(body.contains(says), "{body}");
    let mut store = Memory::new();
    let coop = begin_log(&mut store, false, ONE).unwrap();
    store.begin(&coop, &Head::default()).unwrap();
    let head = EntryHead {
        coop: &coop,
        seq: 1,
        prev: Hash::ZERO,
        time_us: at("2025-01-01").0,
        kind: "found",
        rules: Hash::ZERO,
        actor: "operator",
        authority: "founder",
        nonce: "",
        key: "",
    };
    let mut line = Vec::new();
    encode(&head, body.as_bytes(), &[], Form::One, &mut line).unwrap();
    store.push(1, "", &line).unwrap();
    for text in [KERNEL, CONSTITUTION] {
        store.put("document", digest::hex(text.as_bytes()).as_bytes(), text.as_bytes()).unwrap();
    }
    let head = Head { seq: 1, hash: hash_entry(&line), time_us: at("2025-01-01").0 };
    store.commit(&head).unwrap();
    (store, head)
}

#[test]
fn a_newer_edition_is_refused_by_name_and_nothing_is_changed() {
    for (was, says, named) in [
        (r#""edition":3"#, r#""edition":99"#, "edition 99"),
        (r#""edition":3"#, r#""edition":65536"#, "edition 65536"),
        // It may have fields that this program does not know.
        (r#""edition":3"#, r#""edition":99,"wing":1"#, "edition 99"),
    ] {
        let (mut store, _) = log_that_says(was, says);
        let error = verify_store(&mut store, 1).unwrap_err();
        assert!(matches!(error, Error::NewerEdition { entry: 1, .. }), "{error:?}");
        assert!(error.to_string().contains(named), "{error}");
        let error = Coop::with_store(Box::new(store), None, at("2025-01-02")).unwrap_err();
        assert!(matches!(error, Error::NewerEdition { .. }), "{error:?}");
    }
    for (was, says, words) in [
        (r#""edition":3"#, r#""edition":1"#, "edition 1 is left out"),
        (r#""edition":3"#, r#""edition":3,"open":false"#, "`false` is left out"),
        (r#""edition":3"#, r#""open":true"#, "edition 1 is closed"),
    ] {
        let error = verify_store(&mut log_that_says(was, says).0, 1).unwrap_err();
        assert!(matches!(error, Error::Wrong(_)) && error.to_string().contains(words), "one way to write it: {error}");
    }
    // One that began while edition 3 was open is read like another one.
    let (mut store, _) = log_that_says(r#""edition":3"#, r#""edition":3,"open":true"#);
    assert!(matches!(verify_store(&mut store, 1), Err(Error::Wrong(wrong)) if wrong.why.contains("names other rules")));
}

#[test]
fn an_empty_log_begins_under_the_edition_of_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("home");
    crate::init(&dir, &charter(THREE), false).unwrap();
    let coop = Coop::open(&dir, at("2025-01-01")).unwrap();
    assert_eq!(founding(&coop), (THREE, false));
    drop(coop);
    let mut store = Memory::new();
    let id = begin_log(&mut store, false, ONE).unwrap();
    assert_eq!(edition_to_begin_under(&mut store, &id).unwrap(), ONE);
    store.begin(&id, &Head::default()).unwrap();
    store.put("meta", b"edition", b"7").unwrap();
    store.commit(&Head::default()).unwrap();
    assert!(matches!(edition_to_begin_under(&mut store, &id), Err(Error::NewerEdition { .. })));
}

/// A co-op in which the maintainer alone keeps the list that gives weight, as the templates of edition 1 had it.
const KEEPING: &str = "```charter\noffice \"maintainer\" { settles-in \"14 days\"; may \"keep-list\" }\n```\n";

fn hand_in(coop: &mut Coop, acts: Vec<Act>, time: Moment) {
    for act in acts {
        let submission =
            Submission { act, actor: Actor::Operator, key: String::new(), nonce: String::new(), signed: None };
        for result in coop.submit(&[submission], time).unwrap() {
            assert!(matches!(result, crate::Submitted::Accepted(_)), "{result:?}");
        }
    }
}

/// Its way under edition 2, from the first word to the adoption: the rules of the founding never check under it, and those of
/// later do.
#[test]
fn a_co_op_whose_founding_rules_do_not_check_goes_on_once_those_in_force_do() {
    let charter = Charter::read_under(KERNEL.to_owned(), KEEPING.to_owned(), ONE).unwrap();
    let mut coop = Coop::in_memory(charter, false, at("2025-01-01")).unwrap();
    let m = Pseudonym;
    let mut acts = Vec::new();
    for member in 1..=3 {
        acts.push(Act::AdmitMember(AdmitMember {
            member: m(member),
            organisation: false,
            founder: false,
            joined_on: None,
            left_on: None,
        }));
        acts.push(Act::AddToList(AddToList { list: "member-list".to_owned(), member: m(member) }));
    }
    hand_in(&mut coop, acts, at("2025-01-02"));
    coop.update_until(at("2025-01-07"), at("2025-01-07")).unwrap();

    // Told precisely, with the way out, by the command and by the page; and nothing is written.
    let entries = coop.head().seq;
    for way in [Way::Announce, Way::Adopt] {
        let told = coop.go_on_under(TWO, way, true, at("2025-01-07")).unwrap_err();
        assert!(matches!(&told, Error::Unfit { edition: TWO, mistakes } if mistakes.len() == 1), "{told:?}");
        let told = told.to_string();
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 3, "{told}");
        assert_eq!(lines[0], "Edition 2 cannot be announced or adopted while the rules in force are as they are.");
        assert!(
            lines[1].contains("one holder alone would keep `member-list`") && lines[1].ends_with("(C072)."),
            "{told}"
        );
        assert!(lines[2].starts_with("The way out: members bring a constitution into force"), "{told}");
        assert_eq!(views::kernel(&coop.sight(at("2025-01-08"))).edition.words[1..].join("\n"), told);
    }
    assert_eq!(coop.head().seq, entries);

    // The way out: all members want a constitution in which nobody keeps the list alone.
    let text = CONSTITUTION;
    let document = digest::hex(text.as_bytes());
    let nominate = |member| {
        let (decision, candidate) = ("constitution".to_owned(), document.clone());
        Act::Nominate(engine::act::Nominate {
            member: m(member),
            decision,
            candidate,
            share_ppm: 100_000,
            against: false,
        })
    };
    let mut acts = vec![Act::ProposeDocument(ProposeDocument {
        member: m(1),
        decision: "constitution".to_owned(),
        document: document.clone(),
        text: Some(text.into()),
    })];
    acts.extend((1..=3).map(nominate));
    hand_in(&mut coop, acts, at("2025-01-08"));
    coop.update_until(at("2025-01-14"), at("2025-01-14")).unwrap();
    let cast = |member| {
        let scores = Some(BTreeMap::from([(document.clone(), 1_000_000)]));
        let (decision, item) = ("constitution".to_owned(), None);
        Act::CastBallot(engine::act::CastBallot {
            member: m(member),
            decision,
            item,
            share_ppm: 900_000,
            scores,
            against: false,
        })
    };
    hand_in(&mut coop, (1..=3).map(cast).collect(), at("2025-01-14"));
    coop.update_until(at("2025-05-01"), at("2025-05-01")).unwrap();
    assert!(coop.state().unfit_for(TWO).is_empty(), "the constitution is in force");

    // From here on as every other co-op: differences, a notice, and the adoption after it.
    let differences = coop.edition_differences(TWO).unwrap();
    assert!(!differences.contains("rules-changed"), "it is tried from the new constitution on: {differences}");
    coop.go_on_under(TWO, Way::Announce, true, at("2025-05-02")).unwrap();
    let page = views::kernel(&coop.sight(at("2025-05-02"))).edition;
    let announced = page.announced.unwrap();
    assert_eq!(announced.differences, differences.lines().collect::<Vec<_>>());
    assert!(page.words.iter().all(|words| !words.contains("C072")), "{:?}", page.words);
    coop.update_until(at("2025-06-10"), at("2025-06-10")).unwrap();
    assert_eq!(coop.state().editions.current, TWO);
    let hash = coop.state().hash();
    assert_eq!(verify_file(exported(&mut coop).path(), 2).unwrap().state, hash);
    assert_eq!(verify_store(&mut *coop.store, 1).unwrap()[0].state, hash);
}

/// The demonstration of edition 1 is such a co-op: its maintainer keeps the list of contributors.
#[test]
fn the_demonstration_of_edition_1_says_what_keeps_it_from_edition_2() {
    let logs = crate::verify::tests::Logs::of(&crate::verify::tests::ONE);
    let (_, mut state, _) = crate::verify::replay_file(&logs.unpack(crate::verify::tests::DEMO), 2).unwrap();
    let words = views::unfit_words(TWO, &state.unfit_for(TWO));
    assert_eq!(words.len(), 3, "{words:?}");
    assert!(words[1].contains("one holder alone would keep `contributor-list`"), "{words:?}");
    let before: Vec<u64> = state.weights.member.to_vec();
    let time = state.time;
    let text = state.decision("constitution").unwrap().in_force().unwrap().text.clone().unwrap();
    state.put_in_force("constitution", &text.replace(" \"keep-list\"", ""), time).unwrap();
    assert_eq!(views::unfit_words(TWO, &state.unfit_for(TWO)).len(), 1, "no mistake is left");
    state.go_on_under(TWO, time, None).unwrap();
    state.check().unwrap();
    run(&mut state, 4, 2);
    assert_eq!(state.editions.current, TWO);
    assert!(before.iter().zip(state.weights.member.iter()).any(|(before, after)| before != after));
}

/// A constitution has set a number, and no update has counted by it: a state that was stored then goes on as the log does.
#[test]
fn a_stored_state_counts_by_the_numbers_of_its_log() {
    let kernel = KERNEL.replace(
        "class \"members\" list=\"member-list\" { weight \"1\" }",
        "parameter \"price\" default=\"5 USD\" from=\"1 USD\" to=\"20 USD\"\n    class \"members\" { weight \"donated(ever) / price\" }",
    );
    let charter = Charter::read_under(kernel, CONSTITUTION.to_owned(), THREE).unwrap();
    let mut coop = Coop::in_memory(charter, false, at("2025-01-01")).unwrap();
    let act = Act::AdmitMember(AdmitMember {
        member: Pseudonym(1),
        organisation: false,
        founder: false,
        joined_on: None,
        left_on: None,
    });
    let gift = Act::RecordSupport(RecordSupport {
        service: None,
        member: Pseudonym(1),
        kind: "donation".to_owned(),
        amount: Amount { amount: 10_000, currency: Some("USD".to_owned()), unit: None },
        given_at: Some(at("2025-01-01")),
        given_on: None,
        source: "test:1".to_owned(),
        parts: 1,
        series: None,
        stands_months: None,
        book: None,
    });
    for act in [act, gift] {
        let submission =
            Submission { act, actor: Actor::Operator, key: String::new(), nonce: String::new(), signed: None };
        coop.submit(&[submission], at("2025-01-01")).unwrap();
    }
    coop.update_until(at("2025-02-01"), at("2025-02-01")).unwrap();
    let mut state = coop.state().clone();
    assert_eq!(state.weights.member, [20_000_000]);
    // As a take-over leaves it: the text is in force, and formulas count by what they did.
    let text = "```charter\nset \"price\" \"2 USD\"\noffice \"maintainer\" { settles-in \"14 days\" }\n```\n";
    let now = state.time;
    state.put_in_force("constitution", text, now).unwrap();
    let bytes = postcard::to_extend(&Kept(&state), Vec::new()).unwrap();
    let mut from = postcard::Deserializer::from_bytes(&bytes);
    let mut stored = engine::State::deserialize(&mut from).unwrap();
    assert_eq!(stored.hash(), state.hash());
    run(&mut state, 2, 1);
    run(&mut stored, 2, 2);
    assert_eq!((stored.hash(), &stored.weights.member), (state.hash(), &vec![50_000_000]));
}
