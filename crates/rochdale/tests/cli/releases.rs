//! `rochdale release`: files go in, are listed with their hashes, go along in a backup, and are taken away; alone and while a server runs.

use std::process::Command;

use crate::http::Server;
use crate::run::Place;

const KERNEL: &str = r#"# A small co-op

```charter
kernel {
    name "home"
    purpose "Try releases"
    currency "USD"
    time-zone "UTC"
    class "patrons" { weight "donated(ever) / 1 USD" }
    constitution { settles-in "30 days"; updates "daily at 01:00" }
    amend "never"
    fork carries="register" treasury="none"
}
```
"#;
const CONSTITUTION: &str = "# What we decide\n\n```charter\noffice \"maintainer\" { settles-in \"14 days\"; may \"release\" }\nrelease \"binaries\" { patrons-until \"400 USD per month\" }\n```\n";

pub fn place() -> Place {
    let place = Place::empty();
    place.run(&["init", "home", "--template", "open-source", "--edition", "4", "--open"]).ends(0);
    place.write("home/kernel.md", KERNEL);
    place.write("home/constitution.md", CONSTITUTION);
    place.write("tool.zip", "x".repeat(600_000));
    place.write("tool.zip.sig", "signed");
    place
}

/// SHA-256 of 600,000 times `x`.
fn hash() -> String {
    engine::digest::hex("x".repeat(600_000).as_bytes())
}

#[test]
fn files_go_in_are_kept_with_the_log_and_are_taken_away() {
    let place = place();
    place.run(&["release", "home", "binaries", "1.0"]).fails(2, "name the files");
    place.run(&["release", "home", "binaries", "1.0", "none.zip"]).fails(2, "cannot read `none.zip`");
    place.run(&["release", "home", "binaries", "1.0", "tool.zip", "--files-mib", "1", "--file-mib", "1"]).ends(0);
    let large = ["release", "home", "binaries", "1.1", "tool.zip", "tool.zip.sig", "--files-mib", "2"];
    place.run(&large).ends(0);
    let listed = place.run(&["release", "home"]).ends(0);
    assert!(listed.out.contains(&hash()) && listed.out.contains("For members with support"), "{}", listed.out);
    place.run(&["release", "home", "binaries", "1.0", "tool.zip"]).fails(1, "R137");
    place.write("other.zip", "y".repeat(600_000));
    place.run(&["release", "home", "binaries", "1.2", "other.zip", "--files-mib", "1"]).fails(2, "1.0 MiB at most");
    place.write("page.html", "<p>");
    place.run(&["release", "home", "binaries", "1.2", "page.html"]).fails(1, "R138");
    place.run(&["verify", "home"]).ends(0);
    place.run(&["backup", "home", "copy.db"]).ends(0);
    place.run(&["verify", "copy.db"]).ends(0);
    for version in ["1.0", "1.1"] {
        place.run(&["release", "home", "binaries", version, "--withdraw"]).ends(0);
    }
    place.run(&["release", "home", "binaries", "1.0", "--withdraw"]).fails(1, "R152");
    let without = "{\"act\":\"publish_release\",\"release\":\"binaries\",\"version\":\"2.0\",\"files\":[{\"name\":\"a\",\"bytes\":600000,\"sha256\":\"HASH\",\"media\":\"application/zip\"}]}\n";
    place.write("act.jsonl", without.replace("HASH", &hash()));
    let refused = place.run(&["act", "home", "--file", "act.jsonl"]).ends(1);
    assert!(refused.out.contains("R150"), "its bytes are erased: {}", refused.out);
    place.run(&["verify", "home"]).ends(0);
    place.run(&["verify", "copy.db"]).ends(0);
}

#[test]
fn a_server_takes_the_files_of_the_command() {
    let place = place();
    place.run(&["update", "home", "--until", "2030-01-01"]).ends(0);
    let server = Server::start(&place, &[]);
    place.run(&["release", "home", "binaries", "1.0", "tool.zip"]).ends(0);
    let list = server.get("/api/v1/releases");
    assert!(list.body.contains(&hash()), "{list:?}");
}

/// Whether `minisign`, which is none of ours, takes a file's signature. None where it is not here.
fn minisign(place: &Place, file: &str, key: &str) -> Option<bool> {
    let arguments = ["-V", "-q", "-m", file, "-P", key];
    match Command::new("minisign").args(arguments).current_dir(place.path("")).output() {
        Ok(output) => Some(output.status.success()),
        Err(why) if std::env::var_os("ROCHDALE_TEST_TOOLS").is_none() => {
            println!("minisign is not here: {why}");
            None
        }
        Err(why) => panic!("minisign: {why}"),
    }
}

/// The keys that are listed, the newest first.
fn keys(place: &Place) -> Vec<String> {
    let listed = place.run(&["release", "home"]).ends(0).out;
    listed.lines().filter_map(|line| line.split_once("minisign -Vm FILE -P ")).map(|(_, key)| key.to_owned()).collect()
}

#[test]
fn a_stranger_checks_a_file_with_minisign() {
    let place = place();
    place.write("home/constitution.md", CONSTITUTION.replace("400 USD per month", "2020-01-01"));
    place.run(&["release", "home", "binaries", "1.0", "tool.zip", "tool.zip.sig"]).ends(0);
    let first = keys(&place);
    assert_eq!(first.len(), 1);
    place.run(&["release", "home", "--new-key"]).ends(0);
    place.run(&["release", "home", "binaries", "1.1", "tool.zip"]).ends(0);
    let both = keys(&place);
    assert_eq!((both.len(), &both[1]), (2, &first[0]));
    place.run(&["verify", "home"]).ends(0);
    let key = std::fs::read_to_string(place.path("home/bridges.key")).unwrap();
    assert!(!place.run(&["release", "home", "--json"]).ends(0).out.contains(key.trim()));
    place.run(&["update", "home", "--until", "2030-01-01"]).ends(0);
    let server = Server::start(&place, &[]);
    let page = server.get("/releases/binaries").body;
    for told in
        ["tool.zip.minisig", "Signed by the co-op:", "Signed by its publisher: tool.zip.sig", &both[0], &both[1]]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    for (version, by, other) in [("1.0", 1, 0), ("1.1", 0, 1)] {
        let signature = server.get(&format!("/releases/binaries/{version}/tool.zip.minisig")).body;
        assert!(signature.contains(&format!("version {version} file tool.zip sha256 {}", hash())), "{signature}");
        place.write("tool.zip.minisig", signature.as_str());
        let Some(good) = minisign(&place, "tool.zip", &both[by]) else { return };
        assert!(good, "version {version} by its own key");
        assert_eq!(minisign(&place, "tool.zip", &both[other]), Some(false), "and by no other");
        place.write("other.zip", "x".repeat(600_001));
        place.write("other.zip.minisig", signature.as_str());
        assert_eq!(minisign(&place, "other.zip", &both[by]), Some(false), "other bytes");
        place.write("tool.zip.minisig", signature.replace(version, "9.9"));
        assert_eq!(minisign(&place, "tool.zip", &both[by]), Some(false), "the same bytes under another version");
    }
    let none = server.get("/releases/binaries/1.0/none.zip.minisig");
    assert!(none.body.starts_with("This opens nothing."), "{none:?}");
}
