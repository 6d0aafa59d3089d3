//! `backup` and `restore`, also while a server writes.

use std::sync::atomic::{AtomicBool, Ordering};

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use crate::http::Server;
use crate::run::Place;

#[test]
fn there_and_back() {
    let place = Place::founded();
    place.run(&["backup", "home", "copy.db"]).quietly();
    let before = place.stand();
    std::fs::rename(place.path("home"), place.path("old")).unwrap();
    place.run(&["restore", "copy.db", "home"]).quietly();
    assert_eq!(place.stand(), before);
    for file in ["kernel.md", "constitution.md"] {
        assert_eq!(place.read(&format!("home/{file}")), place.read(&format!("old/{file}")));
    }
    // It lives on.
    place.write("more.jsonl", "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"9\"}");
    place.run(&["act", "home", "--file", "more.jsonl"]).quietly();
    place.run(&["verify", "home"]).quietly();
}

/// Reading leaves no file behind where nobody else has the data file open, and a copy that nobody may write to verifies.
#[test]
fn reading_leaves_nothing_behind() {
    let place = Place::founded();
    let names = |folder: &str| {
        let files = std::fs::read_dir(place.path(folder)).unwrap();
        let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    };
    std::fs::create_dir(place.path("copies")).unwrap();
    place.run(&["backup", "home", "copies/one.db"]).quietly();
    for command in [&["verify", "home"][..], &["verify", "copies/one.db"], &["status", "home"], &["weights", "home"]] {
        place.run(command).ends(0);
        assert_eq!(names("home"), ["constitution.md", "kernel.md", "rochdale.db", "rochdale.db.lock"], "{command:?}");
        assert_eq!(names("copies"), ["one.db"], "{command:?}");
    }
    let allow = |path: &str, mode| std::fs::set_permissions(place.path(path), Permissions::from_mode(mode)).unwrap();
    allow("copies/one.db", 0o444);
    allow("copies", 0o555);
    place.run(&["verify", "copies/one.db"]).ends(0);
    place.run(&["restore", "copies/one.db", "restored"]).ends(0);
    assert_eq!(names("copies"), ["one.db"]);
    allow("copies", 0o755);
}

#[test]
fn nothing_is_overwritten() {
    let place = Place::founded();
    place.write("there", "mine");
    place.unchanged(|| {
        place.run(&["backup", "home", "there"]).fails(2, "is there already");
        place.run(&["backup", "home", "home"]).fails(2, "is there already");
        place.run(&["backup", "home", "nowhere/copy.db"]).fails(2, "not a folder");
        place.run(&["backup", "nowhere", "copy.db"]).fails(2, "holds no co-op");
        place.run(&["backup", "home", "copy.db"]).quietly();
        place.run(&["restore", "copy.db", "home"]).fails(2, "is there already");
        place.run(&["restore", "nowhere", "new"]).fails(2, "is not a file");
        place.run(&["restore", "home", "new"]).fails(2, "is not a file");
        place.run(&["restore", "copy.db", "there"]).fails(2, "there");
        place.run(&["restore", "copy.db", "there/new"]).fails(2, "there");
        place.run(&["restore", "members.csv", "new"]).ends(1);
    });
    assert_eq!(place.read("there"), "mine");
    assert!(!place.path("new").exists());
    // A document that somebody wrote stays, and is said to be another.
    std::fs::create_dir(place.path("new")).unwrap();
    place.write("new/kernel.md", "mine");
    place.run(&["restore", "copy.db", "new"]).quietly();
    assert_eq!(place.read("new/kernel.md"), "mine");
    place.run(&["status", "new"]).ends(0).says("not the text in force");
}

#[test]
fn an_empty_log_is_nothing_to_keep() {
    let place = Place::unfounded();
    place.run(&["backup", "home", "copy.db"]).fails(1, "is empty");
    assert!(!place.path("copy.db").exists());
    place.run(&["restore", "home/rochdale.db", "new"]).fails(1, "is empty");
    assert!(!place.path("new").exists());
}

/// Every backup holds all that was acknowledged before it began, and verifies.
#[test]
fn backups_under_load_hold_what_was_acknowledged() {
    let place = Place::roomy().with_members();
    let server = Server::start(&place, &["--walk-in"]);
    let stop = AtomicBool::new(false);
    let newest = std::sync::atomic::AtomicU64::new(0);
    std::thread::scope(|scope| {
        for member in ["member-001", "member-002"] {
            let (server, stop, newest) = (&server, &stop, &newest);
            scope.spawn(move || {
                for share in 1.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let act = format!(r#"{{"act":"cast_ballot","member":"{member}","decision":"issues","item":"220","share_ppm":{share}}}"#);
                    let answer = server.act(&[], &act);
                    assert_eq!(answer.status, 200, "{answer:?}");
                    newest.fetch_max(answer.json()["receipt"]["entry"].as_u64().unwrap(), Ordering::SeqCst);
                }
            });
        }
        for round in 0..5 {
            let (copy, folder) = (format!("copy-{round}.db"), format!("restored-{round}"));
            let acknowledged = newest.load(Ordering::SeqCst);
            let backup = place.run(&["backup", "home", &copy]);
            let restored = place.run(&["restore", &copy, &folder]);
            let status = place.run(&["status", &folder, "--json"]);
            if round == 4 || backup.code != 0 {
                stop.store(true, Ordering::Relaxed);
            }
            backup.quietly();
            restored.quietly();
            assert!(status.ends(0).json()["entries"].as_u64().unwrap() >= acknowledged);
        }
    });
    assert!(newest.load(Ordering::SeqCst) > 10);
}
