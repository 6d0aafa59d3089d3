//! All or nothing.

use std::fs;

use super::*;
use engine::Edition;
use quantity::Currency;

fn charter() -> Charter {
    charter_under(Edition::USUAL)
}

fn charter_under(edition: Edition) -> Charter {
    let template = charter::template_under("worker", edition).unwrap();
    let filled = template.fill("a co-op", Currency::parse("EUR").unwrap());
    Charter::read_under(filled.kernel, filled.constitution, edition).unwrap()
}

fn founder() -> Founder {
    Founder { name: "member-001".to_owned(), lists: vec!["worker-list".to_owned()] }
}

const NOW: Moment = Moment(1_750_000_000_000_000);

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_founded_co_op_is_whole() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("new/home");
    let (coop, member) = found(&folder, &charter(), &founder(), NOW).unwrap();
    assert!(coop.is_founded() && coop.is_member(member));
    assert_eq!(coop.founder().unwrap(), Some(member));
    let list = coop.state().members.list("worker-list").unwrap();
    assert_eq!(list.len(), 1);
    drop(coop);
    assert_eq!(names(&folder), ["constitution.md", "kernel.md", "rochdale.db", "rochdale.db.lock"]);
    let again = found(&folder, &charter(), &founder(), NOW);
    assert!(again.is_err_and(|why| why.to_string().contains("holds a co-op already")));
    let coop = Coop::open(&folder, NOW).unwrap();
    assert_eq!(coop.founder().unwrap(), Some(member));
}

#[test]
fn what_is_refused_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let founder = Founder { name: "member-001".to_owned(), lists: vec!["no-such-list".to_owned()] };
    assert!(found(place.path(), &charter(), &founder, NOW).is_err());
    assert!(names(place.path()).is_empty());
}

#[test]
fn documents_that_a_crash_left_out_are_written_again() {
    let place = tempfile::tempdir().unwrap();
    let charter = charter();
    let (mut coop, _) = found(place.path(), &charter, &founder(), NOW).unwrap();
    let kernel = place.path().join("kernel.md");
    fs::remove_file(&kernel).unwrap();
    write_missing_documents(place.path(), &mut coop).unwrap();
    assert_eq!(fs::read_to_string(&kernel).unwrap(), charter.kernel);
    fs::write(&kernel, "edited").unwrap();
    write_missing_documents(place.path(), &mut coop).unwrap();
    assert_eq!(fs::read_to_string(&kernel).unwrap(), "edited");
}

#[test]
fn only_a_folder_without_a_co_op_is_free() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    assert!(is_free(place.path()).unwrap());
    assert!(is_free(&at("a/b/c")).unwrap());
    fs::write(at("file"), "text").unwrap();
    assert!(is_free(&at("file")).is_err() && is_free(&at("file/a")).is_err());
    fs::write(at("notes.txt"), "text").unwrap();
    assert!(is_free(place.path()).unwrap());
    fs::write(at("kernel.md"), "text").unwrap();
    assert!(is_free(place.path()).is_err());
    fs::write(at("rochdale.db"), "text").unwrap();
    assert!(!is_free(place.path()).unwrap());
}

/// The founder is one in the log from edition 2 on, the log verifies, and a later start knows it. Under edition 1 the log says
/// nothing of it, so that its bytes are what they were.
#[test]
fn the_founder_is_in_the_log_from_edition_2_on() {
    for edition in [Edition::ONE, Edition::TWO] {
        let charter = charter_under(edition);
        let place = tempfile::tempdir().unwrap();
        let (mut coop, member) = found(place.path(), &charter, &founder(), NOW).unwrap();
        let founders = |coop: &Coop| coop.state().founders().count();
        assert_eq!(founders(&coop), usize::from(edition == Edition::TWO), "{edition}");
        let mut batch = coop.batch().unwrap();
        let newcomer = Person { name: "member-002".to_owned(), ..Person::default() };
        let admitted = batch.member_for(&newcomer, Actor::Member(member), NOW);
        assert_eq!(admitted.is_ok(), edition == Edition::TWO, "{edition}");
        let mut words = String::new();
        let mut read = |_: u64, bytes: &[u8]| {
            words.push_str(&String::from_utf8_lossy(bytes));
            std::ops::ControlFlow::Continue(())
        };
        batch.each_entry(&mut read).unwrap();
        batch.commit().unwrap();
        assert_eq!(words.contains("\"founder\":true"), edition == Edition::TWO, "{words}");
        assert_eq!(words.contains("\"authority\":\"founder "), edition == Edition::TWO, "{words}");
        assert_eq!(crate::verify_store(&mut *coop.store, 1).unwrap().len(), 1);
        drop(coop);
        assert_eq!(founders(&Coop::open(place.path(), NOW).unwrap()), usize::from(edition == Edition::TWO));
    }
}
