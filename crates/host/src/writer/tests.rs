//! One writer: jobs share a commit, readers never wait for it, and what is not kept leaves nothing. The store is one that blocks,
//! fails and counts as it is told.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};

use engine::act::{Act, AdmitMember};
use engine::{Actor, Pseudonym};
use rochdale_log::{EachEntry, EachRecord, Fault, Head, Memory, Outage, Readers, Store};

use super::*;
use crate::coop::tests::{KERNEL, at};
use crate::founding::begin_log;
use crate::{Charter, Person, Shared};

const CONSTITUTION: &str = r#"```charter
office "maintainer" { settles-in "14 days"; may "merge" }
```
"#;

/// The test's side of a store.
#[derive(Clone, Default)]
struct Hand {
    /// Commits stop at a gate while it is set.
    gated: Arc<AtomicBool>,
    outage: Arc<Mutex<Option<Outage>>>,
    commits: Arc<AtomicU64>,
    /// Reads of the whole log.
    replays: Arc<AtomicU64>,
}

/// A store in memory, whose commits say that they have begun and wait to be let through.
struct Watched {
    store: Memory,
    hand: Hand,
    begun: Sender<()>,
    go: Receiver<()>,
}

impl Store for Watched {
    fn head(&mut self, coop: &str) -> Result<Head, Fault> {
        self.store.head(coop)
    }
    fn coops(&mut self) -> Result<Vec<String>, Fault> {
        self.store.coops()
    }
    fn begin(&mut self, coop: &str, expected: &Head) -> Result<(), Fault> {
        self.store.begin(coop, expected)
    }
    fn push(&mut self, seq: u64, key: &str, bytes: &[u8]) -> Result<(), Fault> {
        self.store.push(seq, key, bytes)
    }
    fn put(&mut self, space: &str, name: &[u8], value: &[u8]) -> Result<(), Fault> {
        self.store.put(space, name, value)
    }
    fn delete(&mut self, space: &str, name: &[u8]) -> Result<(), Fault> {
        self.store.delete(space, name)
    }
    fn savepoint(&mut self) -> Result<(), Fault> {
        self.store.savepoint()
    }
    fn rollback_to(&mut self) -> Result<(), Fault> {
        self.store.rollback_to()
    }
    fn release(&mut self) -> Result<(), Fault> {
        self.store.release()
    }
    fn commit(&mut self, new_head: &Head) -> Result<(), Fault> {
        if self.hand.gated.load(SeqCst) {
            let _ = self.begun.send(());
            let _ = self.go.recv();
        }
        self.hand.commits.fetch_add(1, SeqCst);
        if let Some(outage) = self.hand.outage.lock().unwrap().take() {
            self.store.fail_next_commit(outage);
        }
        self.store.commit(new_head)
    }
    fn rollback(&mut self) {
        self.store.rollback();
    }
    fn reopen(&mut self) -> Result<(), Fault> {
        self.store.reopen()
    }
    fn find_key(&mut self, coop: &str, key: &str) -> Result<Option<u64>, Fault> {
        self.store.find_key(coop, key)
    }
    fn entry(&mut self, coop: &str, seq: u64) -> Result<Option<Vec<u8>>, Fault> {
        self.store.entry(coop, seq)
    }
    fn read(&mut self, coop: &str, from_seq: u64, each: EachEntry<'_>) -> Result<(), Fault> {
        self.hand.replays.fetch_add(1, SeqCst);
        self.store.read(coop, from_seq, each)
    }
    fn get(&mut self, coop: &str, space: &str, name: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        self.store.get(coop, space, name)
    }
    fn scan(&mut self, coop: &str, space: &str, each: EachRecord<'_>) -> Result<(), Fault> {
        self.store.scan(coop, space, each)
    }
    fn spaces(&mut self, coop: &str) -> Result<Vec<String>, Fault> {
        self.store.spaces(coop)
    }
    fn check(&mut self) -> Result<(), Fault> {
        self.store.check()
    }
    fn readers(&self) -> Arc<dyn Readers> {
        self.store.readers()
    }
}

/// A co-op with one member, and what the test holds of it.
struct House {
    shared: Arc<Shared>,
    hand: Hand,
    /// A commit is at the gate.
    begun: Receiver<()>,
    /// Lets one commit through.
    go: Sender<()>,
}

impl House {
    fn new() -> House {
        let charter = Charter::read(KERNEL.to_owned(), CONSTITUTION.to_owned()).unwrap();
        let mut store = Memory::new();
        begin_log(&mut store, false, charter.edition).unwrap();
        let hand = Hand::default();
        let (tells, begun) = channel();
        let (go, waits) = channel();
        let store = Watched { store, hand: hand.clone(), begun: tells, go: waits };
        let now = at("2025-01-01T00:00:00Z");
        let mut coop = Coop::empty(Box::new(store), charter, now).unwrap();
        coop.submit(&[submission(1_000, "")], now).unwrap();
        let clock = ServerClock::From { log: now, machine: crate::clock::now() };
        let shared = Arc::new(Shared::new(coop, clock));
        let house = House { shared, hand, begun, go };
        house.hand.commits.store(0, SeqCst);
        house.hand.replays.store(0, SeqCst);
        house
    }

    /// Holds the writer in a commit, with an act of this member.
    fn hold(&self, member: u64) -> Receiver<Result<Submitted, Error>> {
        self.hand.gated.store(true, SeqCst);
        let answer = self.hand_in(member, "");
        self.begun.recv().unwrap();
        answer
    }

    /// Lets the commit go, and all that come after it.
    fn let_go(&self) {
        self.hand.gated.store(false, SeqCst);
        self.go.send(()).unwrap();
    }

    fn hand_in(&self, member: u64, key: &str) -> Receiver<Result<Submitted, Error>> {
        let (told, answer) = channel();
        let answered = move |result| told.send(result).unwrap_or_default();
        self.shared.hand_in(submission(member, key), answered).unwrap();
        answer
    }

    /// Work that admits somebody of this name, and then succeeds or not.
    fn admit_by_form(&self, name: &'static str, works: bool) -> Receiver<Result<Pseudonym, Error>> {
        let (told, answer) = channel();
        let work = move |batch: &mut Batch<'_>| {
            let person = Person { name: name.to_owned(), ..Person::default() };
            let member = batch.member_for(&person, Actor::Operator, at("2025-01-01T00:00:00Z"))?;
            batch.put_session(name, &crate::gate::Session::begun(member, quantity::Moment(0)))?;
            if works { Ok(member) } else { Err(Error::Usage("not this one".to_owned())) }
        };
        self.shared.do_later(work, move |result| told.send(result).unwrap_or_default()).unwrap();
        answer
    }

    fn members(&self) -> usize {
        self.shared.read().state().members.len()
    }

    fn count(&self) -> (u64, u64) {
        (self.hand.commits.load(SeqCst), self.hand.replays.load(SeqCst))
    }
}

fn submission(member: u64, key: &str) -> Submission {
    let act = Act::AdmitMember(AdmitMember {
        member: Pseudonym(member),
        organisation: false,
        founder: false,
        joined_on: None,
        left_on: None,
    });
    Submission { act, actor: Actor::Operator, key: key.to_owned(), nonce: String::new(), signed: None }
}

fn accepted(answer: &Receiver<Result<Submitted, Error>>) -> u64 {
    match answer.recv().unwrap() {
        Ok(Submitted::Accepted(receipt)) => receipt.entry,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reader_reads_while_the_store_is_stuck_in_a_sync() {
    let house = House::new();
    let answer = house.hold(1);
    // Nobody but this thread lets the commit go: whatever waited for it would wait for ever.
    let present = house.shared.read();
    assert_eq!((present.state().members.len(), present.head().seq), (1, 2), "nothing of it is seen yet");
    assert!(present.entry(2).unwrap().is_some() && present.entry(3).unwrap().is_none());
    assert!(present.sessions().unwrap().is_empty() && present.invitations().unwrap().is_empty());
    let founding = &present.state().founding.act;
    assert!(present.directory().document(&founding.constitution).unwrap().text.contains("maintainer"));
    assert_eq!(house.shared.health(), Ok(()));
    let (past, _) = house.shared.state_at(at("2025-01-01T00:00:00Z")).unwrap().unwrap();
    assert_eq!(past.members.len(), 1);
    house.let_go();
    assert_eq!(accepted(&answer), 3);
    assert_eq!((house.members(), present.state().members.len()), (2, 1), "a snapshot stays as it was");
}

#[test]
fn everything_that_waits_shares_one_commit() {
    let house = House::new();
    let first = house.hold(1);
    let acts: Vec<_> = (2..50).map(|member| house.hand_in(member, "")).collect();
    let form = house.admit_by_form("member-001", true);
    house.let_go();
    accepted(&first);
    for (answer, entry) in acts.iter().zip(4..) {
        assert_eq!(accepted(answer), entry, "in the order of the queue");
    }
    let member = form.recv().unwrap().unwrap();
    assert_eq!(house.count(), (2, 0), "one for the first, one for all who waited");
    assert_eq!(house.shared.commits(), 2);
    assert_eq!(house.members(), 51);
    assert_eq!(house.shared.read().directory().name(member), "member-001");
}

#[test]
fn work_that_fails_undoes_only_itself() {
    let house = House::new();
    let first = house.hold(1);
    let before = house.hand_in(2, "k");
    let fails = house.admit_by_form("member-001", false);
    let works = house.admit_by_form("member-002", true);
    let refused = house.hand_in(2, "");
    let again = house.hand_in(2, "k");
    house.let_go();
    accepted(&first);
    assert_eq!(accepted(&before), 4);
    assert!(matches!(fails.recv().unwrap(), Err(Error::Usage(words)) if words == "not this one"));
    let member = works.recv().unwrap().unwrap();
    assert!(matches!(refused.recv().unwrap(), Ok(Submitted::Refused(_))));
    assert_eq!(accepted(&again), 4, "its key was seen in the same batch");
    let present = house.shared.read();
    assert_eq!((present.state().members.len(), present.head().seq, house.count()), (4, 5, (2, 0)));
    let sessions = present.sessions().unwrap();
    assert_eq!(sessions.iter().map(|(hash, _)| hash.as_str()).collect::<Vec<_>>(), ["member-002"]);
    let names: Vec<_> = present.directory().names.iter().map(|(who, name)| (*who, name.clone())).collect();
    assert_eq!(names, [(member, "member-002".to_owned())]);
    // The name of whoever was not admitted is free.
    let found = house.shared.write(|batch| batch.find_member("member-001"));
    assert_eq!(found.unwrap(), None);
}

#[test]
fn nothing_to_keep_is_no_commit() {
    let house = House::new();
    assert!(matches!(house.shared.submit(submission(1_000, "")).unwrap(), Submitted::Refused(_)));
    assert!(house.admit_by_form("member-001", false).recv().unwrap().is_err());
    house.shared.run_due().unwrap();
    assert_eq!(house.count(), (0, 0));
}

#[test]
fn an_unknown_commit_is_settled_by_the_head_of_the_log() {
    for (outage, stands) in [(Outage::BeforeCommit, false), (Outage::AfterCommit, true)] {
        let house = House::new();
        let before = house.shared.read().state().hash();
        let first = house.hold(1);
        let (act, form) = (house.hand_in(2, "k"), house.admit_by_form("member-001", true));
        let refused = house.hand_in(1, "");
        house.go.send(()).unwrap();
        accepted(&first);
        // The second commit is at the gate.
        house.begun.recv().unwrap();
        *house.hand.outage.lock().unwrap() = Some(outage);
        house.let_go();
        for error in [act.recv().unwrap().unwrap_err(), form.recv().unwrap().unwrap_err()] {
            assert!(matches!(error, Error::Fault(Fault::Unknown(_))), "{error}");
        }
        assert!(refused.recv().unwrap().is_err(), "its refusal may rest on what is not there");
        assert_eq!(house.count(), (2, 0), "the log is not read again");
        assert_eq!(house.shared.health(), Ok(()));
        assert_ne!(house.shared.read().state().hash(), before);
        assert_eq!(house.members(), if stands { 4 } else { 2 });
        assert_eq!(house.shared.read().directory().names.len(), usize::from(stands));
        let again = house.shared.submit(submission(2, "k")).unwrap();
        assert!(matches!(again, Submitted::Accepted(receipt) if receipt.repeated == stands && receipt.entry == 4));
        let logged = house.shared.state_at(Moment(i64::MAX)).unwrap().unwrap().0;
        assert_eq!(logged.hash(), house.shared.read().state().hash());
    }
}

#[test]
fn records_without_an_entry_are_looked_up_after_an_unknown_commit() {
    for (outage, stands) in [(Outage::BeforeCommit, false), (Outage::AfterCommit, true)] {
        let house = House::new();
        let card = views::ItemCard { title: "Item".to_owned(), ..views::ItemCard::default() };
        *house.hand.outage.lock().unwrap() = Some(outage);
        let put = house.shared.write(move |batch| batch.put_item("issues", "1", &card));
        assert!(matches!(put, Err(Error::Fault(Fault::Unknown(_)))));
        assert_eq!(house.shared.read().directory().item("issues", "1").is_some(), stands);
        assert_eq!(house.count(), (1, 0));
    }
}

#[test]
fn a_store_that_is_gone_is_still_read() {
    let house = House::new();
    *house.hand.outage.lock().unwrap() = Some(Outage::ForGood);
    assert!(house.shared.submit(submission(1, "")).is_err());
    assert!(house.shared.submit(submission(2, "")).is_err());
    assert!(house.shared.run_due().is_err());
    let health = house.shared.health().unwrap_err();
    assert!(health.starts_with("it is not known whether the last entries were saved"), "{health}");
    let present = house.shared.read();
    assert_eq!(present.state().members.len(), 1);
    assert!(present.entry(2).unwrap().is_some());
}

#[test]
fn readers_do_not_wait_for_work_under_way() {
    let house = House::new();
    let (inside, is_inside) = channel();
    let (goes, go) = channel::<()>();
    let (told, answer) = channel();
    let counts = move |batch: &mut Batch<'_>| {
        let outcomes = batch.run_next_update(at("2025-01-01T00:00:00Z"))?;
        inside.send(batch.state().updates).unwrap();
        go.recv().unwrap();
        Ok::<_, Error>(outcomes.len())
    };
    house.shared.do_later(counts, move |result| told.send(result).unwrap_or_default()).unwrap();
    assert_eq!(is_inside.recv().unwrap(), 1, "the update is counted, and the batch goes on");
    let present = house.shared.read();
    assert_eq!((present.state().updates, present.history().points().len()), (0, 0));
    assert_eq!(house.shared.health(), Ok(()));
    goes.send(()).unwrap();
    answer.recv().unwrap().unwrap();
    let after = house.shared.read();
    assert_eq!((after.state().updates, after.history().points().len()), (1, 1));
    assert_eq!((present.state().updates, present.history().points().len()), (0, 0));
}

#[test]
fn the_queue_has_a_bound() {
    let house = House::new();
    let first = house.hold(1);
    let (told, answers) = channel();
    for number in 0..MOST_WAITING {
        let work =
            move |batch: &mut Batch<'_>| batch.put_item("issues", &number.to_string(), &views::ItemCard::default());
        let told = told.clone();
        house.shared.do_later(work, move |result: Result<(), Error>| told.send(result).unwrap_or_default()).unwrap();
    }
    let full = house.shared.hand_in(submission(2, ""), |_| panic!("dropped, not answered"));
    assert!(matches!(full, Err(Error::Busy(FULL))));
    assert!(matches!(house.shared.submit(submission(2, "")), Err(Error::Busy(FULL))));
    house.let_go();
    accepted(&first);
    answers.iter().take(MOST_WAITING).for_each(|result| result.unwrap());
    assert_eq!(house.count().0 as usize, 1 + MOST_WAITING / MOST_TOGETHER);
    house.shared.submit(submission(2, "")).unwrap();
}

#[test]
fn a_panic_ends_its_batch_and_not_the_server() {
    let house = House::new();
    let first = house.hold(1);
    let good = house.hand_in(2, "");
    let (told, answer) = channel();
    let bad = |_: &mut Batch<'_>| -> Result<(), Error> { panic!("on purpose") };
    house.shared.do_later(bad, move |result| told.send(result).unwrap_or_default()).unwrap();
    house.let_go();
    accepted(&first);
    assert!(good.recv().unwrap().is_err() && answer.recv().unwrap().is_err());
    assert_eq!((house.members(), house.count()), (2, (1, 0)));
    assert_eq!(accepted(&house.hand_in(2, "")), 4);
}

#[test]
fn what_waits_when_the_server_ends_is_still_written() {
    let house = House::new();
    let first = house.hold(1);
    let second = house.hand_in(2, "");
    let House { shared, hand, go, .. } = house;
    hand.gated.store(false, SeqCst);
    go.send(()).unwrap();
    drop(shared);
    assert_eq!((accepted(&first), accepted(&second)), (3, 4));
}

/// A client who writes alone does not wait, and a batch waits for most of those whom the last one answered.
#[test]
fn company_is_awaited_within_bounds() {
    let house = House::new();
    // A desk at which nobody works: the writer would take the jobs.
    let published = RwLock::new(house.shared.writer().published());
    let desk = Desk { queue: Mutex::default(), came: Condvar::new(), published, commits: AtomicU64::new(0) };
    for (jobs, company) in [(0, 0), (1, 1), (2, 2), (64, 56), (5_000, 896)] {
        assert_eq!(Last(jobs).company(), company, "{jobs}");
    }
    assert_eq!([1, 50, 5_000].map(|jobs| Last(jobs).gap().as_micros()), [1_020, 2_000, 5_000]);
    let mut queue = desk.lock();
    queue.jobs.push_back(Box::new(HandIn::new(submission(1, ""), |_| ())));
    let alone = desk.gather(queue, Last(1));
    assert_eq!(alone.jobs.len(), 1);
    // Nobody else comes, and the writer goes on.
    let left_by_others = desk.gather(alone, Last(64));
    assert_eq!(left_by_others.jobs.len(), 1);
    drop(left_by_others);
}
