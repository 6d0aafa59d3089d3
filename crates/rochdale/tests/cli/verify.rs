//! `verify` against people who change what was written: in the data file, in an exported log, in the documents.

use crate::http::Server;
use crate::run::Place;

/// As random as this test needs, and the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

/// Returns a co-op with some more entries, an update among them, and its log and a copy of its data file.
fn written() -> (Place, String) {
    let place = Place::founded();
    let acts: String = (1..=30)
        .map(|n| format!("{{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"i{n}\",\"key\":\"k{n}\"}}\n"))
        .collect();
    place.write("more.jsonl", acts);
    place.run(&["act", "home", "--file", "more.jsonl"]).ends(0);
    let next = place.run(&["status", "home", "--json"]).ends(0).json();
    let next = next["next_update"].as_str().unwrap().to_owned();
    place.run(&["update", "home", "--until", &next]).quietly();
    place.run(&["backup", "home", "copy.db"]).quietly();
    let log = place.run(&["export", "home", "--format", "log", "--all"]).quietly();
    (place, log)
}

#[test]
fn everything_as_written_verifies() {
    let (place, log) = written();
    place.write("a.log", &log);
    let stand = place.stand();
    for what in ["home", "home/rochdale.db", "copy.db", "a.log"] {
        let said = place.run(&["verify", what, "--json"]).ends(0).json();
        assert_eq!(
            (&said[0]["entries"], &said[0]["head"], &said[0]["state"]),
            (&stand[0], &stand[1], &stand[2]),
            "{what}"
        );
        let words = place.run(&["verify", what]).quietly();
        assert!(words.contains("entries") && words.contains("verified"));
    }
}

/// Whatever is flipped: either the verification says no, or not a byte of the log is other than it was.
#[test]
fn a_flipped_byte_in_the_data_file_never_passes_as_the_log() {
    let (place, log) = written();
    let good = std::fs::read(place.path("copy.db")).unwrap();
    let mut dice = Dice(1844);
    let mut found = 0;
    for round in 0..100 {
        let mut bad = good.clone();
        let at = dice.below(bad.len());
        bad[at] ^= 1 << dice.below(8);
        std::fs::create_dir(place.path("flipped")).unwrap();
        place.write("flipped/rochdale.db", &bad);
        let ran = place.run(&["verify", "flipped"]);
        assert!([0, 1].contains(&ran.code), "byte {at}: {ran:?}");
        if ran.code == 0 {
            let exported = place.run(&["export", "flipped", "--format", "log", "--all"]);
            assert!(exported.code == 0 && exported.out == log, "byte {at} in round {round}: {exported:?}");
        } else {
            found += 1;
            assert!(ran.out.is_empty() && !ran.err.is_empty(), "{ran:?}");
            place.run(&["restore", "flipped/rochdale.db", "restored"]).ends(1);
            assert!(!place.path("restored").exists());
        }
        std::fs::remove_dir_all(place.path("flipped")).unwrap();
    }
    assert!(found > 10, "only {found} flips were noticed");
}

/// The first wrong entry is named: the one that was changed, or, where only the chain can tell, the next.
#[test]
fn a_changed_entry_of_an_exported_log_is_named() {
    let (place, log) = written();
    let lines: Vec<&str> = log.lines().collect();
    let documents = lines.iter().filter(|line| line.starts_with("{\"document\"")).count();
    let mut dice = Dice(1761);
    for _ in 0..60 {
        let line = documents + dice.below(lines.len() - documents - 1);
        let mut bytes = lines[line].as_bytes().to_vec();
        let at = dice.below(bytes.len());
        bytes[at] ^= 1 << dice.below(7);
        if bytes[at] == b'\n' {
            continue;
        }
        let mut text = lines[..line].join("\n").into_bytes();
        text.push(b'\n');
        text.extend_from_slice(&bytes);
        text.push(b'\n');
        text.extend_from_slice(lines[line + 1..].join("\n").as_bytes());
        text.push(b'\n');
        place.write("bad.log", text);
        let seq = line - documents + 1;
        let ran = place.run(&["verify", "bad.log"]).ends(1);
        // The first entry says whose log it is, so that another name there is found in the second.
        let named = |seq: usize| ran.err.contains(&format!("entry {seq}: "));
        assert!(named(seq) || seq == 1 && named(2) && ran.err.contains("another co-op"), "{ran:?}");
    }
}

#[test]
fn lines_cut_swapped_doubled_and_documents_changed() {
    let (place, log) = written();
    let lines: Vec<&str> = log.lines().collect();
    let without = |skip: usize| -> String {
        lines.iter().enumerate().filter(|(n, _)| *n != skip).map(|(_, line)| format!("{line}\n")).collect()
    };
    let mut swapped = lines.clone();
    swapped.swap(5, 6);
    let mut doubled = lines.clone();
    doubled.insert(6, lines[5]);
    let cut = &log[..log.len() - 20];
    let mut late = lines.clone();
    late.swap(1, 2);
    let whole = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    for (what, text, words) in [
        ("without the kernel", without(0), "missing"),
        ("without the constitution", without(1), "missing"),
        ("without the first entry", without(2), "entry 1"),
        ("without the fourth entry", without(5), "entry 4"),
        ("swapped", whole(&swapped), "entry 4"),
        ("doubled", whole(&doubled), "entry 5"),
        ("cut", cut.to_owned(), &format!("line {} has no line end", lines.len())),
        (
            "without the last line end",
            log[..log.len() - 1].to_owned(),
            &format!("line {} has no line end", lines.len()),
        ),
        ("a document twice", whole(&[&lines[..2], &lines[1..]].concat()), "line 3: the document "),
        ("a document twice, late", whole(&[&lines[..], &lines[1..2]].concat()), "is in line 2 already"),
        ("a document after its need", whole(&late), "line 3: the document "),
        ("another text", log.replacen("maintainer", "maintaimer", 1), "line 1: "),
        ("blank", String::new(), "holds no entry"),
        ("only documents", format!("{}\n{}\n", lines[0], lines[1]), "holds no entry"),
        ("noise", format!("{}\n", "\u{0}\u{1}\u{2}".repeat(5_000)), "entry 1: "),
        ("a long line", "x".repeat(9 * 1_048_576), "line 1 is longer"),
    ] {
        place.write("bad.log", text);
        let ran = place.run(&["verify", "bad.log"]).ends(1);
        assert!(ran.err.contains(words) && ran.out.is_empty(), "{what}: {ran:?}");
    }
}

#[test]
fn truncated_and_foreign_files_are_a_no() {
    let (place, _) = written();
    let good = std::fs::read(place.path("copy.db")).unwrap();
    for length in [1, 15, 16, 30, 99, 100, 512, 4_096, good.len() / 2, good.len() - 1] {
        place.write("short.db", &good[..length]);
        let ran = place.run(&["verify", "short.db"]).ends(1);
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{length}: {ran:?}");
    }
    let mut foreign = good;
    foreign[68..72].copy_from_slice(b"else");
    place.write("foreign.db", foreign);
    place.run(&["verify", "foreign.db"]).fails(1, "another program");
    place.run(&["restore", "foreign.db", "there"]).fails(1, "another program");
    assert!(!place.path("there").exists());
}

/// The log is signed at each update. An older copy is not gone on with, and a log that was written anew from an entry on is seen:
/// by a start, by `verify`, and by everybody who has kept a checkpoint.
#[test]
fn a_log_is_compared_with_what_was_signed() {
    let place = Place::founded();
    place.run(&["backup", "home", "early.db"]).quietly();
    let go_on = |folder: &str, items: u32| {
        let item = |n| format!("{{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"{folder}{n}\"}}\n");
        place.write("more.jsonl", (1..=items).map(item).collect::<String>());
        place.run(&["act", folder, "--file", "more.jsonl"]).ends(0);
        let next = place.run(&["status", folder, "--json"]).ends(0).json();
        place.run(&["update", folder, "--until", next["next_update"].as_str().unwrap()]).quietly();
    };
    go_on("home", 3);
    place.run(&["backup", "home", "copy.db"]).quietly();
    place.write("a.log", place.run(&["export", "home", "--format", "log", "--all"]).quietly());
    let entries = place.stand()[0].as_u64().unwrap();
    let kept = place.read("home/signed.checkpoint");
    assert!(kept.starts_with("rochdale/c_") && kept.lines().nth(1) == Some(&*entries.to_string()), "{kept}");
    assert_eq!(place.read(&format!("home/checkpoints/{entries:012}")), kept);
    let server = Server::start(&place, &[]);
    let answer = server.get("/log/checkpoint");
    assert!(answer.status == 200 && answer.body == kept && answer.head.contains("text/plain"), "{answer:?}");
    assert_eq!(server.signal("-TERM"), Some(0));
    place.write("kept", &kept);
    let said = place.run(&["verify", "home"]).quietly();
    let (_, key) = said.split_once(&format!("signed up to entry {entries} by the key ")).unwrap();
    let key = key.trim_end();
    for what in ["home", "copy.db", "a.log"] {
        let said = place.run(&["verify", what, "--from-checkpoint", "kept", "--key", key]).quietly();
        let words = format!("the first {entries} entries are those of the checkpoint; its signature is good");
        assert!(said.contains(&words), "{said}");
    }
    place.run(&["verify", "home", "--from-checkpoint", "kept", "--key", &"1".repeat(64)]).ends(1);
    place.write("forged", kept.replacen(&format!("\n{entries}\n"), &format!("\n{}\n", entries - 1), 1));
    place.run(&["verify", "home", "--from-checkpoint", "forged", "--key", key]).fails(1, "the checkpoint is not good");
    place.run(&["verify", "home", "--from-checkpoint", "forged"]).fails(1, "it was written anew");

    // The same log with other last entries verifies by itself.
    std::fs::create_dir(place.path("anew")).unwrap();
    std::fs::copy(place.path("early.db"), place.path("anew/rochdale.db")).unwrap();
    go_on("anew", 4);
    place.run(&["verify", "anew"]).quietly();
    place.run(&["verify", "anew", "--from-checkpoint", "kept"]).fails(1, "it was written anew");
    for (file, words) in [("early.db", "it is an older copy"), ("anew/rochdale.db", "has other entries now")] {
        std::fs::copy(place.path(file), place.path("home/rochdale.db")).unwrap();
        let before = place.stand();
        for command in [
            &["act", "home", "--file", "more.jsonl"][..],
            &["update", "home", "--until", "2090-01-01"],
            &["serve", "home", "--listen", "127.0.0.1:0"],
            &["verify", "home"],
        ] {
            let ran = place.run(command).says(words);
            assert!(ran.code != 0 && ran.out.is_empty(), "{ran:?}");
        }
        assert_eq!(place.stand(), before);
    }
    std::fs::copy(place.path("copy.db"), place.path("home/rochdale.db")).unwrap();
    place.run(&["act", "home", "--file", "more.jsonl"]).ends(0);
}

/// A member keeps the receipt of an act, and can check it anywhere, without the log and without the server.
#[test]
fn a_receipt_is_checked_by_itself() {
    let place = Place::founded();
    place.write("own.jsonl", "{\"act\":\"stand\",\"member\":\"member-002\",\"decision\":\"maintainer\"}\n");
    place.run(&["act", "home", "--file", "own.jsonl", "--as", "member-002"]).quietly();
    let next = place.run(&["status", "home", "--json"]).ends(0).json()["next_update"].as_str().unwrap().to_owned();
    let server = Server::start(&place, &[]);
    assert_eq!(server.get("/log/7/receipt").status, 404, "nothing is signed yet");
    assert_eq!(server.signal("-TERM"), Some(0));
    place.run(&["update", "home", "--until", &next]).quietly();
    place.run(&["act", "home", "--file", "own.jsonl", "--as", "member-001", "--at", &next]).ends(1);
    let server = Server::start(&place, &[]);
    let head = server.get("/api/v1/log").json();
    let key = head["head"]["public_key"].as_str().unwrap().to_owned();
    let page = server.get("/log");
    assert!(page.body.contains("href=\"/log/7/receipt\"") && page.body.contains(&key), "{page:?}");
    let answer = server.get("/log/7/receipt");
    assert!(answer.status == 200 && answer.head.contains("entry-7.tlog-proof"), "{answer:?}");
    assert_eq!(server.get("/api/v1/log/entries/7/receipt").body, answer.body);
    for none in ["0", "07", "99999", "x", "-1"] {
        assert_eq!(server.get(&format!("/log/{none}/receipt")).status, 404, "{none}");
    }
    assert_eq!(server.signal("-TERM"), Some(0));
    assert!(answer.body.len() <= 4_096);
    place.write("own.tlog-proof", &answer.body);
    let said = place.run(&["verify", "receipt", "own.tlog-proof", "--key", &key]).quietly();
    assert!(said.contains("as they were signed; the signature is good"), "{said}");
    assert!(said.contains("stand, by operator as desk") && said.contains("the operator says so"), "{said}");
    let said = place.run(&["verify", "receipt", "own.tlog-proof"]).quietly();
    assert!(said.contains("who signed was not checked"), "{said}");
    let told = place.run(&["verify", "receipt", "own.tlog-proof", "--json"]).ends(0).json();
    assert_eq!(
        (&told["entry"], &told["act"]["kind"], &told["signature_checked"]),
        (&7.into(), &"stand".into(), &false.into())
    );
    // Not with another key, and not with another place, entry or head.
    let other = "rochdale/c_x+0f2f0b21+AAAA";
    place.run(&["verify", "receipt", "own.tlog-proof", "--key", other]).fails(1, "is no public key");
    place.run(&["verify", "receipt", "own.tlog-proof", "--key", &"1".repeat(64)]).ends(1);
    let line = |number: usize| answer.body.lines().nth(number).unwrap().to_owned();
    for (from, to) in
        [("index 6", "index 5"), (&*line(3), &*line(4)), (&*line(1), "extra AAAA"), ("rochdale/c_", "rochdale/d_")]
    {
        place.write("changed", answer.body.replacen(from, to, 1));
        place.run(&["verify", "receipt", "changed", "--key", &key]).fails(1, "the receipt is not good");
    }
    place.write("cut", &answer.body[..answer.body.len() / 2]);
    place.run(&["verify", "receipt", "cut"]).fails(1, "the receipt is not good");
    place.run(&["verify", "receipt", "nowhere"]).fails(2, "cannot read `nowhere`");
    place.run(&["verify", "home", "own.tlog-proof"]).fails(2, "`receipt` and a receipt");
    place.run(&["verify", "home", "--key", &key]).fails(2, "`--key` is for");
}

/// An update whose checkpoint cannot be kept counts all the same, and whoever runs the co-op hears of it: at the command line, and in `/health`.
#[test]
fn a_checkpoint_that_cannot_be_kept_is_said() {
    let place = Place::founded();
    // A file where the folder of checkpoints would be: nothing can be kept in it.
    place.write("home/checkpoints", "");
    let next = |place: &Place| {
        place.run(&["status", "home", "--json"]).ends(0).json()["next_update"].as_str().unwrap().to_owned()
    };
    let ran = place.run(&["update", "home", "--until", &next(&place)]).ends(0);
    let ran = ran
        .says("the log was not signed up to entry")
        .says("Every act is saved, and the next update signs for this one too");
    assert!(ran.out.starts_with("1 done"), "{ran:?}");
    let server = Server::start(&place, &[]);
    let until = next(&place);
    place.run(&["update", "home", "--until", &until]).ends(0).says("the log was not signed");
    let health = server.get("/health");
    assert_eq!((health.status, &health.json()["ready"]), (200, &true.into()));
    assert!(
        health.json()["warning"].as_str().unwrap().contains("make sure that the co-op's folder can be written to"),
        "{health:?}"
    );
    std::fs::remove_file(place.path("home/checkpoints")).unwrap();
    place.run(&["update", "home", "--until", &next(&place)]).quietly();
    assert_eq!(server.get("/health").json(), serde_json::json!({ "ready": true }));
    assert_eq!(server.signal("-TERM"), Some(0));
    place.run(&["verify", "home"]).quietly();
}
