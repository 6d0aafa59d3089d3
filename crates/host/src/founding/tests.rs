//! A new co-op is there as a whole, or not at all.

use super::*;
use crate::Coop;
use quantity::{Currency, Moment};

fn charter() -> Charter {
    let template = charter::template("club").unwrap();
    let filled = template.fill("a co-op", Currency::parse("EUR").unwrap());
    Charter::read(filled.kernel, filled.constitution).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// As a crash leaves it that comes when so many of the files are in place.
fn broken_off(folder: &Path, in_place: usize) {
    let made = folder.join(format!("{MAKING}0123"));
    lay_out(&made, &charter(), false).unwrap();
    put(&made, folder, &FILES[..in_place]).unwrap();
}

#[test]
fn a_new_co_op_is_whole() {
    let place = tempfile::tempdir().unwrap();
    init(place.path(), &charter(), false).unwrap();
    assert_eq!(names(place.path()), ["constitution.md", "kernel.md", "rochdale.db"]);
    assert!(!Coop::open(place.path(), Moment(0)).unwrap().is_founded());
}

#[test]
fn after_a_crash_a_second_one_succeeds_or_says_what_to_remove() {
    for in_place in 0..FILES.len() {
        let place = tempfile::tempdir().unwrap();
        broken_off(place.path(), in_place);
        assert!(!data_file(place.path()).exists());
        if in_place > 0 {
            let before = names(place.path());
            let said = init(place.path(), &charter(), false).unwrap_err();
            assert_eq!(names(place.path()), before);
            let said = said.to_string();
            let (_, remove) = said.split_once("remove ").unwrap();
            for path in remove.split('`').skip(1).step_by(2) {
                let path = Path::new(path);
                match path.is_dir() {
                    true => fs::remove_dir_all(path).unwrap(),
                    false => fs::remove_file(path).unwrap(),
                }
            }
            assert!(names(place.path()).is_empty(), "{said}");
        }
        init(place.path(), &charter(), false).unwrap();
        Coop::open(place.path(), Moment(0)).unwrap();
    }
}

#[test]
fn a_crash_after_the_last_file_leaves_a_co_op() {
    let place = tempfile::tempdir().unwrap();
    broken_off(place.path(), FILES.len());
    Coop::open(place.path(), Moment(0)).unwrap();
}

#[test]
fn what_cannot_be_put_in_place_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let made = place.path().join("made");
    lay_out(&made, &charter(), false).unwrap();
    let folder = place.path().join("home");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("rochdale.db"), "mine").unwrap();
    assert!(put(&made, &folder, &FILES).is_err());
    assert_eq!(names(&folder), ["rochdale.db"]);
    assert_eq!(fs::read_to_string(folder.join("rochdale.db")).unwrap(), "mine");
}
