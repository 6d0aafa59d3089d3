//! The storage fails at any call: memory never differs from storage, and it heals by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use rochdale_log::{EachEntry, EachRecord, Readers};

use super::*;
use crate::{ServerClock, Shared};

/// Which calls fail for as long as they are switched on.
#[derive(Debug, Default)]
struct Switches {
    push: AtomicBool,
    put: AtomicBool,
    commit: AtomicBool,
    reopen: AtomicBool,
}

/// A store in memory that fails when it is told to.
struct Failing {
    store: Memory,
    fails: Arc<Switches>,
}

fn unless(fails: &AtomicBool, fault: Fault) -> Result<(), Fault> {
    if fails.load(SeqCst) { Err(fault) } else { Ok(()) }
}

impl Store for Failing {
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
        unless(&self.fails.push, Fault::Full("no room".to_owned()))?;
        self.store.push(seq, key, bytes)
    }
    fn put(&mut self, space: &str, name: &[u8], value: &[u8]) -> Result<(), Fault> {
        unless(&self.fails.put, Fault::Full("no room".to_owned()))?;
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
        unless(&self.fails.commit, Fault::Unknown("no answer".to_owned()))?;
        self.store.commit(new_head)
    }
    fn rollback(&mut self) {
        self.store.rollback();
    }
    fn reopen(&mut self) -> Result<(), Fault> {
        unless(&self.fails.reopen, Fault::Other("gone".to_owned()))?;
        self.store.reopen()
    }
    fn find_key(&mut self, coop: &str, key: &str) -> Result<Option<u64>, Fault> {
        self.store.find_key(coop, key)
    }
    fn entry(&mut self, coop: &str, seq: u64) -> Result<Option<Vec<u8>>, Fault> {
        self.store.entry(coop, seq)
    }
    fn read(&mut self, coop: &str, from_seq: u64, each: EachEntry<'_>) -> Result<(), Fault> {
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

fn failing() -> (Coop, Arc<Switches>) {
    let mut store = Memory::new();
    begin_log(&mut store, false, charter().edition).unwrap();
    let fails = Arc::new(Switches::default());
    let store = Failing { store, fails: Arc::clone(&fails) };
    let coop = Coop::empty(Box::new(store), charter(), at("2025-01-01T00:00:00Z")).unwrap();
    (coop, fails)
}

#[test]
fn an_act_that_could_not_be_stored_is_not_in_memory() {
    let (mut coop, fails) = failing();
    let now = at("2025-01-02T00:00:00Z");
    fails.push.store(true, SeqCst);
    coop.submit(&[submission(admit(1), "a")], now).unwrap_err();
    assert!(!coop.is_founded(), "the founding was not stored either");
    fails.push.store(false, SeqCst);
    coop.submit(&[submission(admit(1), "a")], now).unwrap();
    let before = (coop.state().hash(), coop.head());

    fails.push.store(true, SeqCst);
    coop.submit(&[submission(admit(2), "b")], now).unwrap_err();
    assert_eq!((coop.state().hash(), coop.head()), before);
    fails.push.store(false, SeqCst);
    let again = coop.submit(&[submission(admit(2), "b")], now).unwrap();
    assert!(!receipt(&again[0]).repeated);
    coop.update_until(at("2025-02-01T00:00:00Z"), now).unwrap();
    verify_store(&mut *coop.store, 1).unwrap();
}

#[test]
fn what_may_not_be_stored_is_not_shown_and_heals_without_anybody_who_writes() {
    let (mut coop, fails) = failing();
    let now = at("2025-01-02T00:00:00Z");
    coop.submit(&[submission(admit(1), "a")], now).unwrap();
    let clock = ServerClock::From { log: now, machine: crate::clock::now() };
    let shared = Shared::new(coop, clock);
    fails.commit.store(true, SeqCst);
    fails.reopen.store(true, SeqCst);
    shared.submit(submission(admit(2), "b")).unwrap_err();
    assert_eq!(shared.read().state().members.len(), 1, "nobody sees an act that may be lost");
    assert_eq!(shared.health(), Err("it is not known whether the last entries were saved: no answer".to_owned()));
    assert!(shared.run_due().is_err(), "the storage is still gone");
    fails.commit.store(false, SeqCst);
    fails.reopen.store(false, SeqCst);
    shared.run_due().unwrap();
    assert_eq!(shared.health(), Ok(()));
    assert_eq!(shared.read().state().members.len(), 1);
}

/// Reads go on, health says why, nothing acknowledged is lost, and it heals by itself once there is room.
#[test]
fn a_full_disk_stops_what_writes_and_nothing_else() {
    let (mut coop, fails) = failing();
    let now = at("2025-01-02T00:00:00Z");
    coop.submit(&[submission(admit(1), "a")], now).unwrap();
    let shared = Shared::new(coop, ServerClock::From { log: now, machine: crate::clock::now() });
    fails.push.store(true, SeqCst);
    fails.put.store(true, SeqCst);
    for _ in 0..3 {
        let no = shared.submit(submission(admit(2), "b")).unwrap_err();
        assert!(matches!(no, Error::Fault(Fault::Full(_))), "{no}");
        assert_eq!(shared.health(), Err("there is no room left to save anything: no room".to_owned()));
        assert_eq!(shared.read().state().members.len(), 1, "pages are read");
        shared.run_due().unwrap_err();
    }
    fails.push.store(false, SeqCst);
    fails.put.store(false, SeqCst);
    shared.run_due().unwrap();
    assert_eq!(shared.health(), Ok(()));
    assert!(matches!(shared.submit(submission(admit(2), "b")), Ok(Submitted::Accepted(_))));
    assert_eq!(shared.read().state().members.len(), 2);
}

/// An import that fails in the middle leaves neither records nor a report; handed in again, it is there once, with one.
#[test]
fn an_import_that_breaks_off_leaves_nothing_and_comes_in_once() {
    use crate::inbox::{
        Bringer, Door, Handed, Import, Kinds, LogTime, Newcomers, NotTaken, Recording, bring, open_handed,
    };
    let (mut coop, fails) = failing();
    let now = at("2025-06-02T00:00:00Z");
    coop.submit(&[submission(admit(1), "a")], now).unwrap();
    let rows = (0..50).map(|number| format!("m_00000000000{:02},hours,1,hours,2025-03-01,r{number}\n", number + 1));
    let text: String = std::iter::once("member,kind,amount,unit,given_at,source\n".to_owned()).chain(rows).collect();
    let handed = Handed { name: "hours.csv".to_owned(), bytes: text.into_bytes() };
    let (time, newcomers, kinds) = (LogTime::Now(now), Newcomers::Welcome, Kinds::All);
    let recording = Recording::Bridge;
    let import = Import { door: Door::Api, by: Bringer::default(), time, newcomers, kinds, recording, every: None };
    let bring_all = |coop: &mut Coop| -> Result<_, NotTaken> {
        let named = open_handed(&coop.committed(), &handed, None, None).unwrap();
        let mut batch = coop.batch().map_err(NotTaken::from)?;
        let report = bring(&mut batch, &mut [named], &import, &mut || ())?;
        batch.commit().map_err(NotTaken::from)?;
        Ok(report)
    };
    let before = (coop.state().hash(), coop.head());
    for switch in [&fails.push, &fails.put, &fails.commit] {
        switch.store(true, SeqCst);
        assert!(matches!(bring_all(&mut coop), Err(NotTaken::Failed(_))));
        switch.store(false, SeqCst);
        assert_eq!((coop.state().hash(), coop.head()), before);
        assert_eq!(coop.committed().last_report().unwrap(), 0);
    }
    let report = bring_all(&mut coop).unwrap();
    assert_eq!((report.number, report.taken.recorded, report.taken.known), (Some(1), 50, 0));
    let again = bring_all(&mut coop).unwrap();
    assert_eq!((again.number, again.taken.recorded, again.taken.known), (None, 0, 50));
    verify_store(&mut *coop.store, 1).unwrap();
}

#[test]
fn a_refused_first_act_founds_nothing() {
    let mut coop = coop();
    let nobody = Act::Stand(Stand { member: Pseudonym(9), decision: "maintainer".to_owned() });
    let now = at("2025-01-02T00:00:00Z");
    let answers = coop.submit(&[submission(nobody.clone(), "")], now).unwrap();
    assert!(matches!(answers[0], Submitted::Refused(_)), "{answers:?}");
    assert!(!coop.is_founded() && coop.head().seq == 0);
    let answers = coop.submit(&[submission(nobody, ""), submission(admit(1), "")], now).unwrap();
    assert_eq!(receipt(&answers[1]).entry, 2, "one act that counts is enough");
}

/// The operator is told where wrong codes are not saved, for as long as that lasts.
#[test]
fn wrong_codes_that_cannot_be_saved_are_reported() {
    let (mut coop, fails) = failing();
    let now = at("2025-01-02T00:00:00Z");
    coop.submit(&[submission(admit(1), "a")], now).unwrap();
    let clock = ServerClock::From { log: now, machine: crate::clock::now() };
    let shared = Shared::new(coop, clock);
    let tries = crate::gate::Tries::kept(&shared).unwrap();
    tries.note(&[crate::gate::Tried::Account(engine::Pseudonym(1))], now);
    assert_eq!(tries.warning(), None);
    fails.put.store(true, SeqCst);
    tries.save(&shared, now).unwrap_err();
    assert!(tries.warning().unwrap().contains("wrong codes of the last ten minutes are not saved"));
    fails.put.store(false, SeqCst);
    shared.run_due().unwrap();
    tries.save(&shared, now).unwrap();
    assert_eq!(tries.warning(), None, "they were tried again");
    let again = crate::gate::Tries::kept(&shared).unwrap();
    let tried = || vec![crate::gate::Tried::Account(engine::Pseudonym(1))];
    assert!(!(1..20).any(|_| again.note(&tried(), now)) && again.note(&tried(), now), "the twenty-first in all");
}
