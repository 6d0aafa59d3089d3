//! A fork from announcement to two logs that verify; every step at which it may be killed; everything that may be changed.

use std::path::{Path, PathBuf};

use engine::act::{
    AddToList, AdmitMember, Amount, AnnounceFork, BookEntry, EndMembership, JoinFork, Posting, RecordSupport,
    ReverseSupport,
};
use engine::{MemberIndex, Pseudonym, State};
use rochdale_log::{Checkpoint, Signer};
use tempfile::TempDir;

use super::*;
use crate::codec::read_body;
use crate::directory::Person;
use crate::founding::{Charter, begin_log_of};

mod forged;

const KERNEL: &str = "# Ours\n\n```charter\nkernel {\n    name \"ours\"\n    purpose \"Try\"\n    currency \"USD\"\n    time-zone \"UTC\"\n    class \"patrons\" { weight \"donated(ever) / 1 USD\" }\n    class \"crew\" list=\"crew\" { weight \"0\" }\n    class \"else\" list=\"else\" { weight \"0\" }\n    constitution { settles-in \"30 days\"; updates \"weekly on monday at 01:00\" }\n    fork carries=\"register ledger rules\" treasury=\"by weight of those who go\"\n}\n```\n";
const CONSTITUTION: &str = "# Ours\n\n```charter\noffice \"maintainer\" { settles-in \"14 days\" }\n```\n";

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn m(number: u64) -> Pseudonym {
    Pseudonym(number)
}

fn fork_into(folder: &Path, name: &str, to: &Path) -> Result<Forked, Error> {
    let now = at("2025-01-09");
    fork(&mut Writable::open(folder, now)?, &Written::here(folder), name, &Written::here(to), now)
}

/// The fork's own kernel: it reads one of the two lists.
fn theirs() -> String {
    KERNEL.replace("    class \"else\" list=\"else\" { weight \"0\" }\n", "")
}

/// A co-op of four in `old`, weights 1 to 4, 100.00 USD; members 2 and 3 go with `next`; what was given to one was
/// taken back in part.
struct Trial {
    folder: TempDir,
}

impl Trial {
    fn new() -> Trial {
        Trial::under(engine::edition::ONE)
    }

    fn under(edition: engine::Edition) -> Trial {
        let trial = Trial { folder: tempfile::tempdir().unwrap() };
        let charter = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), edition).unwrap();
        crate::init(&trial.old(), &charter, false).unwrap();
        let mut coop = Coop::open(&trial.old(), at("2025-01-01")).unwrap();
        let mut batch = coop.batch().unwrap();
        let time = at("2025-01-01");
        for number in 1..=4 {
            let person = Person {
                name: format!("member-{number:03}"),
                emails: vec![format!("member-{number:03}@example.org")],
                ..Person::default()
            };
            batch.admit_as(m(number), &person, Actor::Operator, time).unwrap();
        }
        let given = |number: u64| {
            Act::RecordSupport(RecordSupport {
                service: None,
                member: m(number),
                kind: "donation".to_owned(),
                amount: Amount {
                    amount: i64::try_from(number).unwrap() * 100,
                    currency: Some("USD".to_owned()),
                    unit: None,
                },
                given_at: Some(time),
                given_on: None,
                source: format!("given:{number}"),
                parts: 1,
                series: None,
                stands_months: None,
                book: None,
            })
        };
        for number in 1..=4 {
            give(&mut batch, given(number), time);
        }
        give(&mut batch, given_back("given:3", 50), time);
        give(&mut batch, given_back("given:1", 50), time);
        for (list, number) in [("crew", 3), ("else", 2), ("crew", 4)] {
            let list = list.to_owned();
            give(&mut batch, Act::AddToList(AddToList { list, member: m(number) }), time);
        }
        give(&mut batch, booked(10_000), time);
        // Past the first update, so that there are weights.
        batch.run_due(at("2025-01-07")).unwrap();
        let time = at("2025-01-08");
        let announcement = AnnounceFork {
            member: m(3),
            fork: "next".to_owned(),
            kernel: engine::digest::hex(theirs().as_bytes()),
            constitution: engine::digest::hex(CONSTITUTION.as_bytes()),
            kernel_text: Some(theirs().into()),
            constitution_text: None,
        };
        // The constitution is kept beside the log already, and attached.
        give(&mut batch, Act::AnnounceFork(announcement), time);
        let join = JoinFork { member: m(2), fork: "next".to_owned(), going: true };
        give(&mut batch, Act::JoinFork(join), time);
        batch.commit().unwrap();
        trial
    }

    fn old(&self) -> PathBuf {
        self.folder.path().join("old")
    }

    fn new_one(&self) -> PathBuf {
        self.folder.path().join("new")
    }

    fn fork(&self) -> Result<Forked, Error> {
        fork_into(&self.old(), "next", &self.new_one())
    }

    fn state(&self, folder: &Path) -> State {
        Coop::open_read(folder, at("2025-02-01")).unwrap().state().clone()
    }

    fn compare(&self) -> Result<Compared, Error> {
        verify_against(&self.new_one(), &self.old(), 1)
    }

    /// Both logs verify, and hang together.
    #[track_caller]
    fn is_whole(&self) {
        let compared = self.compare().unwrap();
        assert_eq!(compared.same, 7);
        assert_eq!(compared.verified.entries, 8);
        let from = compared.verified.forked_from.unwrap();
        assert_eq!((from.coop, from.fork.as_str()), (compared.old.coop, "next"));
        assert!(compared.old.forked_from.is_none());
        assert!(!self.folder.path().join("new.making").exists());
    }
}

#[track_caller]
fn give(batch: &mut Batch<'_>, act: Act, time: Moment) {
    batch.append(&act, Actor::Operator, "", "", time).unwrap();
}

fn given_back(of: &str, amount: i64) -> Act {
    Act::ReverseSupport(ReverseSupport {
        of: of.to_owned(),
        amount: Some(amount),
        given_at: Some(at("2025-01-01")),
        given_on: None,
        source: format!("back:{of}"),
    })
}

fn booked(minor: i64) -> Act {
    let posting = |account: &str, minor| Posting { account: account.to_owned(), minor };
    Act::BookEntry(BookEntry {
        at: at("2025-01-01"),
        source: "bank:1".to_owned(),
        narration: Some("gifts".to_owned()),
        currency: "USD".to_owned(),
        postings: vec![posting("assets:bank", minor), posting("income:gifts", -minor)],
    })
}

/// Under edition 2 it waits for its time, the lesser share counts, and gifts that were divided give no weight there.
#[test]
fn a_fork_under_edition_2_takes_its_gifts_along_once() {
    let trial = Trial::under(engine::edition::TWO);
    let refused = trial.fork().unwrap_err();
    assert!(matches!(refused, Error::Refused(no) if no.rule == engine::Rule::ForkNotDue));
    let mut coop = Coop::open(&trial.old(), at("2025-02-11")).unwrap();
    coop.update_until(at("2025-02-11"), at("2025-02-11")).unwrap();
    drop(coop);
    let now = at("2025-02-11");
    let done = {
        let (old, new) = (trial.old(), trial.new_one());
        fork(&mut Writable::open(&old, now).unwrap(), &Written::here(&old), "next", &Written::here(&new), now).unwrap()
    };
    // The kernel says `by weight of those who go` and no more, so what they gave is no limit: half of 100.00.
    let treasury = &done.treasury;
    assert_eq!((treasury.amount, treasury.of, treasury.given), (5_000, 10_000, None));
    assert_eq!(treasury.announced, Some((4_500_000, 9_000_000)));
    let compared = trial.compare().unwrap();
    // Two members, a place on a list, three records, two reversals of what was divided, the money.
    assert_eq!((compared.same, compared.verified.entries), (9, 10));
    let mut coop = Coop::open(&trial.new_one(), now).unwrap();
    coop.update_until(at("2025-03-01"), at("2025-03-01")).unwrap();
    let weights: Vec<u64> = (0..2).map(|index| coop.state().weights.of(MemberIndex(index))).collect();
    assert_eq!(weights, [0, 0], "all of their 4.50 was divided");
    assert_eq!(coop.state().editions.current, engine::edition::TWO);
    // Records keep the form of the old log, and are recognised here under this co-op's own key; what was given by others is not.
    let mut batch = coop.batch().unwrap();
    let known = ["given:2", "given:3", "given:1"].map(|source| batch.knows(source).unwrap());
    assert_eq!(known, [true, true, false]);
    batch.abort();
    drop(coop);
    trial.compare().unwrap();
    let old = trial.state(&trial.old());
    assert_eq!(old.forks.completed()[0].divided, [200, 250], "no more than each gave");
}

#[test]
fn a_fork_makes_a_co_op_and_both_logs_verify() {
    let trial = Trial::new();
    let done = trial.fork().unwrap();
    // Weights after what was taken back: 0.50, 2, 2.50 and 4 of 9; 2 and 3 hold 4.50 of them.
    assert_eq!((done.treasury.amount, done.treasury.of), (5_000, 10_000));
    assert_eq!((done.treasury.part, done.treasury.whole), (4_500_000, 9_000_000));
    assert_eq!((done.records, done.again), (3, false));
    let names: Vec<_> = done.went.iter().map(|who| who.name.as_deref()).collect();
    assert_eq!(names, [Some("member-002"), Some("member-003")]);
    trial.is_whole();
    let old = trial.state(&trial.old());
    assert_eq!(old.members.active_count(), 2);
    assert_eq!(
        old.book.balances(None),
        [("assets:bank", 5_000), ("equity:fork:next", 5_000), ("income:gifts", -10_000)]
    );
    let new = trial.state(&trial.new_one());
    assert_eq!(new.members.active_count(), 2);
    assert_eq!(new.members.index(m(2)), Some(MemberIndex(0)), "pseudonyms stay");
    assert_eq!(*new.members.list("crew").unwrap(), [MemberIndex(1)].into_iter().collect());
    assert!(new.members.list("else").is_none());
    assert_eq!(new.support.len(), 3);
    assert_eq!(new.book.balances(None), [("assets:fork:next", 5_000), ("equity:fork:next", -5_000)]);
    let mut coop = Coop::open(&trial.new_one(), at("2025-02-01")).unwrap();
    assert_eq!(coop.find_member("member-003@example.org").unwrap(), Some(m(3)));
    assert_eq!(coop.find_member("member-001").unwrap(), None, "who stays is not known there");
    let moved = coop.history().bookings().last().map(|mark| mark.balance_minor);
    assert_eq!(moved, Some(5_000));
    coop.update_until(at("2025-03-01"), at("2025-03-01")).unwrap();
    let weights: Vec<u64> = (0..2).map(|index| coop.state().weights.of(MemberIndex(index))).collect();
    assert_eq!(weights, [2_000_000, 2_500_000], "what they gave weighs there as here");
    drop(coop);
    trial.compare().unwrap();
}

#[test]
fn the_book_of_the_old_co_op_shows_the_share_as_any_entry() {
    let trial = Trial::new();
    trial.fork().unwrap();
    let coop = Coop::open_read(&trial.old(), at("2025-02-01")).unwrap();
    let balances: Vec<i64> = coop.history().bookings().iter().map(|mark| mark.balance_minor).collect();
    assert_eq!(balances, [10_000, 5_000]);
}

#[test]
fn exported_logs_are_compared_as_well() {
    let trial = Trial::new();
    trial.fork().unwrap();
    let export = |folder: PathBuf, name: &str| {
        let mut coop = Coop::open_read(&folder, at("2025-02-01")).unwrap();
        let path = trial.folder.path().join(name);
        coop.export_log(&mut fs::File::create(&path).unwrap()).unwrap();
        path
    };
    let (old, new) = (export(trial.old(), "old.log"), export(trial.new_one(), "new.log"));
    let mut compared = trial.compare().unwrap();
    for log in [&mut compared.verified, &mut compared.old] {
        assert!(log.operators_word.addresses > 0, "only a data file has them");
        log.operators_word = crate::OperatorsWord { acts: log.operators_word.acts, ..crate::OperatorsWord::default() };
    }
    assert_eq!(verify_against(&new, &old, 1).unwrap(), compared);
    assert_eq!(crate::verify_file(&new, 1).unwrap(), compared.verified);
}

/// Wherever it is killed, the same command makes it whole.
#[test]
fn killed_at_each_step_it_is_healed_by_running_it_again() {
    for step in 0..=3 {
        let trial = Trial::new();
        let place = Place::new(&Written::here(trial.new_one())).unwrap();
        let before = trial.state(&trial.old()).hash();
        {
            let mut old = Coop::open(&trial.old(), at("2025-01-09")).unwrap();
            place.clear().unwrap();
            let mut batch = old.batch().unwrap();
            let checkpoint =
                prepare(&mut batch, &Written::here(trial.old()), "next", &place, at("2025-01-09")).unwrap();
            assert!(place.making.join("rochdale.db").real().exists() && !place.to.real().exists());
            if step >= 1 {
                batch.commit().unwrap();
                if step >= 2 {
                    key::note_signed(&Written::here(trial.old()), &checkpoint).unwrap();
                }
            }
        }
        if step >= 3 {
            place.move_in().unwrap();
        }
        if step == 0 {
            assert_eq!(trial.state(&trial.old()).hash(), before, "the old log has no entry without the new log");
        }
        let done = trial.fork().unwrap();
        assert_eq!(done.again, step >= 3, "step {step}");
        trial.is_whole();
        if step < 3 {
            let signed = key::last_signed(&Written::here(trial.old())).unwrap().unwrap();
            let head = Coop::open(&trial.old(), at("2025-01-09")).unwrap().head();
            assert_eq!(signed.size, head.seq, "step {step}");
        }
        assert!(trial.fork().unwrap().again);
    }
}

#[test]
fn half_a_folder_is_cleared_away_and_a_stranger_s_is_not_touched() {
    let trial = Trial::new();
    let making = trial.folder.path().join("new.making");
    fs::create_dir(&making).unwrap();
    fs::write(making.join("kernel.md"), "half").unwrap();
    fs::write(making.join("rochdale.db"), "half").unwrap();
    trial.fork().unwrap();
    trial.is_whole();
    let trial = Trial::new();
    let before = trial.state(&trial.old()).hash();
    for (folder, file) in [("new.making", "photo.png"), ("new", "photo.png")] {
        let folder = trial.folder.path().join(folder);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(file), "x").unwrap();
        assert!(matches!(trial.fork(), Err(Error::Usage(_))));
        assert!(folder.join(file).exists());
        fs::remove_dir_all(&folder).unwrap();
    }
    assert_eq!(trial.state(&trial.old()).hash(), before);
    fs::create_dir(trial.new_one()).unwrap();
    trial.fork().unwrap();
    trial.is_whole();
}

#[test]
fn a_co_op_that_was_made_is_not_made_twice() {
    let trial = Trial::new();
    trial.fork().unwrap();
    let elsewhere = trial.folder.path().join("second");
    let no = fork_into(&trial.old(), "next", &elsewhere).unwrap_err();
    assert!(matches!(no, Error::Usage(_)) && no.to_string().contains("is complete"), "{no}");
    assert!(!elsewhere.exists());
}

#[test]
fn nothing_is_made_for_a_fork_that_nobody_announced() {
    let trial = Trial::new();
    let no = fork_into(&trial.old(), "other", &trial.new_one()).unwrap_err();
    assert!(matches!(no, Error::Refused(ref no) if no.rule == engine::Rule::UnknownFork), "{no}");
    assert_eq!(fs::read_dir(trial.folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn the_key_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let trial = Trial::new();
    trial.fork().unwrap();
    let path = trial.old().join("signing.key");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let key = fs::read_to_string(path).unwrap();
    let data = fs::read(data_file(&trial.old())).unwrap();
    // `PRIVATE+KEY+name+id+secret`, of which the secret may hold a `+` itself.
    let secret = key.trim_end().splitn(5, '+').nth(4).unwrap().as_bytes();
    assert!(secret.len() >= 40, "{}", secret.len());
    assert!(!data.windows(secret.len()).any(|window| window == secret), "the key is not in the data file");
    assert!(!trial.new_one().join("signing.key").exists());
}

/// An older copy put back under the same key and checkpoint is not signed: two histories would stand against each other.
#[test]
fn a_log_behind_what_was_signed_is_not_signed() {
    let trial = Trial::new();
    let copy = trial.folder.path().join("copy.db");
    fs::copy(data_file(&trial.old()), &copy).unwrap();
    trial.fork().unwrap();
    fs::copy(&copy, data_file(&trial.old())).unwrap();
    fs::remove_dir_all(trial.new_one()).unwrap();
    // Nothing is added to it beside what was signed; somebody who moves that away meanwhile gets no further.
    let signed = trial.old().join("signed.checkpoint");
    let no = Coop::open(&trial.old(), at("2025-01-09")).unwrap_err().to_string();
    assert!(no.contains("it is an older copy. Restore the newest, or move `signed.checkpoint`"), "{no}");
    assert!(crate::verify_signed(&trial.old()).is_err());
    fs::rename(&signed, trial.folder.path().join("aside")).unwrap();
    let mut coop = Coop::open(&trial.old(), at("2025-01-09")).unwrap();
    let mut batch = coop.batch().unwrap();
    give(&mut batch, Act::EndMembership(EndMembership { member: m(4) }), at("2025-01-09"));
    batch.commit().unwrap();
    drop(coop);
    let before = trial.state(&trial.old()).hash();
    fs::rename(trial.folder.path().join("aside"), &signed).unwrap();
    let no = trial.fork().unwrap_err();
    assert!(no.to_string().contains("older copy"), "{no}");
    // As many entries as were signed, and others: only their hashes tell.
    let no = crate::verify_signed(&trial.old()).unwrap_err().to_string();
    assert!(no.contains("has other entries now"), "{no}");
    assert_eq!(trial.state(&trial.old()).hash(), before);
    assert!(!trial.new_one().exists() && !trial.folder.path().join("new.making").exists());
}

/// A new log's acts after the founding.
fn acts_of(folder: &Path) -> Vec<Act> {
    let mut acts = Vec::new();
    let mut coop = Coop::open_read(folder, at("2025-02-01")).unwrap();
    coop.entries(2, &mut |_, bytes| {
        let entry = rochdale_log::decode(bytes).unwrap();
        acts.push(read_body(&entry.kind, entry.body).unwrap());
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    acts
}

/// Documents in the words of edition 1.
fn read_one(kernel: String, constitution: &str) -> Charter {
    Charter::read_under(kernel, constitution.to_owned(), engine::edition::ONE).unwrap()
}

/// Writes the new log again: the same id, another beginning. It replays without a mistake, or it says why not.
fn rewrite(trial: &Trial, constitution: &str, change: impl FnOnce(&mut Pointer, &mut Vec<Act>)) {
    let folder = trial.new_one();
    let coop = Coop::open_read(&folder, at("2025-02-01")).unwrap();
    let mut pointer = coop.state().founding.act.forked_from.clone().unwrap();
    let id = coop.id().to_owned();
    drop(coop);
    let mut acts = acts_of(&folder);
    change(&mut pointer, &mut acts);
    fs::remove_dir_all(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    let charter = Charter { forked_from: Some(pointer), ..read_one(theirs(), constitution) };
    fs::write(folder.join("kernel.md"), &charter.kernel).unwrap();
    fs::write(folder.join("constitution.md"), &charter.constitution).unwrap();
    begin_log_of(&mut Sqlite::open(data_file(&folder)).unwrap(), &id, false, engine::Edition::ONE).unwrap();
    let mut coop = Coop::open(&folder, at("2025-01-09")).unwrap();
    coop.charter = Some(charter);
    let mut batch = coop.batch().unwrap();
    batch.run_due(at("2025-01-09")).unwrap();
    for act in acts {
        give(&mut batch, act, at("2025-01-09"));
    }
    batch.commit().unwrap();
}

/// Where the kernel keeps register and money, a fork begins with its rules alone.
#[test]
fn what_the_kernel_keeps_stays() {
    let trial = Trial::new();
    let mut coop = Coop::open(&trial.old(), at("2025-01-09")).unwrap();
    std::sync::Arc::make_mut(&mut coop.now.state.rules).kernel.fork.register = false;
    std::sync::Arc::make_mut(&mut coop.now.state.rules).kernel.fork.treasury = charter::TreasuryShare::Nothing;
    let place = Place::new(&Written::here(trial.new_one())).unwrap();
    let mut batch = coop.batch().unwrap();
    prepare(&mut batch, &Written::here(trial.old()), "next", &place, at("2025-01-09")).unwrap();
    let made = Coop::open_read(&place.making.real(), at("2025-01-09")).unwrap();
    assert_eq!((made.head().seq, made.state().members.len()), (1, 0));
    assert!(made.state().book.balances(None).is_empty());
    batch.abort();
}
