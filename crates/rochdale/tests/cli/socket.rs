//! Commands that write while a server runs: they hand their work over, and nobody can tell by what they print, by how they end,
//! or by the log.

mod cases;

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::Stdio;

use serde_json::json;

use crate::http::Server;
use crate::run::{Place, Ran, command, run_in};

const WELCOME: &str = concat!("rochdale ", env!("CARGO_PKG_VERSION"), " socket 1");

/// Two folders with the same co-op in `home`, of which the second is served, and a folder `desk` where commands are typed.
struct Twins {
    alone: Place,
    served: Place,
    _server: Server,
}

const FILES: [(&str, &str); 9] = [
    (
        "acts.jsonl",
        "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"221\",\"key\":\"a1\"}\n{\"act\":\"stand\",\"member\":\"member-001\",\"decision\":\"chair\"}\n{\"act\":\"stand\",\"member\":\"nobody\",\"decision\":\"maintainer\"}\n{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"220\",\"key\":\"a1\"}\n",
    ),
    ("own.jsonl", "{\"act\":\"stand\",\"member\":\"member-002\",\"decision\":\"maintainer\",\"key\":\"a2\"}\n"),
    ("bad.md", "# No rules\n"),
    (
        "faster.md",
        "# How we decide\n\n~~~charter\noffice \"maintainer\" {\n    settles-in \"7 days\"\n    may \"merge\"\n}\n~~~\n",
    ),
    ("kind.md", "# Be kind\n"),
    (
        "gifts.csv",
        "member,kind,amount,unit,given_at,source\nmember-001,donation,5,USD,2025-01-05,gift 1\nmember-002,pledge,7,USD,2025-01-06,gift 2\n",
    ),
    (
        "wrong.csv",
        "member,kind,amount,unit,given_at,source\nmember-001,donation,5,USD,2025-01-05,gift 3\nmember-002,donation,5,EUR,2025-01-06,gift 4\n",
    ),
    ("cells.csv", "member,kind,amount,unit,given_at,source\nmember-001,donation,five,USD,soon,gift 5\n"),
    ("more.csv", "name,kind,joined\nmember-003,person,2025-01-01\nmember-004,organisation,2025-01-01\n"),
];

impl Twins {
    fn new() -> Twins {
        // From edition 2 on entries are bound under keys that are drawn anew.
        Twins::under("1")
    }

    fn under(edition: &str) -> Twins {
        let (alone, served) = (Place::founded_under(edition), Place::empty());
        std::fs::create_dir(served.path("home")).unwrap();
        for file in ["kernel.md", "constitution.md", "rochdale.db"] {
            std::fs::copy(alone.path("home").join(file), served.path("home").join(file)).unwrap();
        }
        for place in [&alone, &served] {
            std::fs::create_dir(place.path("desk")).unwrap();
            for (name, text) in FILES {
                place.write(&format!("desk/{name}"), text);
            }
            place.write("desk/slow.md", place.read("home/kernel.md").replace("30 days", "90 days"));
        }
        let _server = Server::start(&served, &[]);
        Twins { alone, served, _server }
    }

    /// Runs a command in both, which print the same and end with `code`; what they print, and standard error.
    #[track_caller]
    fn run(&self, arguments: &[&str], code: i32) -> (String, String) {
        self.type_in(arguments, None, code)
    }

    #[track_caller]
    fn type_in(&self, arguments: &[&str], input: Option<&str>, code: i32) -> (String, String) {
        let [alone, served] =
            [&self.alone, &self.served].map(|place| with_input(&place.path("desk"), arguments, input));
        let what = arguments.join(" ");
        assert_eq!(plain(&served.out), plain(&alone.out), "{what}");
        assert_eq!(plain(&served.err), plain(&alone.err), "{what}");
        assert_eq!((alone.code, served.code), (code, code), "{what}: {served:?}");
        (served.out, served.err)
    }

    fn logs(&self) -> [String; 2] {
        [&self.alone, &self.served].map(|place| place.run(&["export", "home", "--format", "log", "--all"]).quietly())
    }
}

fn with_input(folder: &Path, arguments: &[&str], input: Option<&str>) -> Ran {
    let mut command = command(folder, arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary");
    let mut to = child.stdin.take().unwrap();
    // A command that does not read its input may have ended before.
    let _ = to.write_all(input.unwrap_or_default().as_bytes());
    drop(to);
    Ran::of(&child.wait_with_output().unwrap(), arguments)
}

/// Leaves out what is drawn at random, and the times of the machine.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for part in text.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_') {
        let word = part.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let drawn = word.starts_with("m_")
            || word.starts_with("c_")
            || (word.len() >= 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
            || word.starts_with(|letter: char| letter.is_ascii_digit());
        plain.push_str(&if drawn { part.replacen(word, "…", 1) } else { part.to_owned() });
    }
    plain
}

#[test]
fn every_command_that_writes_does_the_same_by_a_server() {
    let twins = Twins::new();
    // The log's time is ahead of the machine's from here on, so that entries of both have the same.
    twins.run(&["update", "../home", "--until", "2040-01-01", "--json"], 0);
    twins.run(&["update", "../home", "--until", "2040-01-20"], 0);
    twins.run(&["update", "../home", "--until", "soon"], 2);
    twins.run(&["update", "../home", "--until", "2999-01-01"], 2);
    twins.run(&["act", "../home", "--file", "acts.jsonl"], 2);
    twins.run(&["act", "../home", "--file", "own.jsonl", "--as", "member-001"], 1);
    twins.run(&["act", "../home", "--file", "own.jsonl", "--as", "nobody"], 1);
    let (out, _) = twins.run(&["act", "../home", "--file", "own.jsonl", "--as", "member-002", "--at", "2040-02-01"], 0);
    assert!(out.contains("2040-02-01T"), "{out}");
    twins.run(&["act", "../home", "--file", "own.jsonl", "--as", "member-002"], 0);
    twins.run(&["act", "../home", "--file", "nowhere.jsonl"], 2);
    let many: String = (0..600)
        .map(|number| {
            format!("{{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"i{number}\",\"key\":\"i{number}\"}}\n")
        })
        .collect();
    let (out, _) = twins.type_in(&["act", "../home", "--file", "-"], Some(&many), 0);
    assert_eq!(out.lines().count(), 600);
    twins.type_in(&["act", "../home", "--file", "-"], Some("nonsense"), 2);
    twins.type_in(&["act", "../home", "--file", "-"], None, 0);
    twins.run(&["propose", "../home", "constitution", "bad.md", "--as", "member-001"], 1);
    twins.run(&["propose", "../home", "constitution", "bad.md", "--as", "member-001", "--json"], 1);
    twins.run(&["propose", "../home", "constitution", "nowhere.md", "--as", "member-001"], 2);
    twins.run(&["propose", "../home", "constitution", "faster.md", "--as", "member-001"], 0);
    twins.run(&["propose", "../home", "constitution", "faster.md", "--as", "member-001"], 1);
    twins.run(&["propose", "../home", "code-of-conduct", "kind.md", "--as", "member-001", "--json"], 0);
    let (out, _) = twins.run(&["propose", "../home", "kernel", "slow.md", "--as", "member-001"], 0);
    let document = out.trim_end().rsplit(' ').next().unwrap();
    twins.run(&["assent", "../home", &document[..8], "--as", "member-002"], 0);
    twins.run(&["assent", "../home", document, "--as", "member-002", "--take-back", "--json"], 0);
    twins.run(&["assent", "../home", "0123456", "--as", "member-002"], 2);
    twins.run(&["assent", "../home", "01234567", "--as", "member-002"], 1);
    twins.run(&["import", "support-csv", "gifts.csv", "--dir", "../home"], 0);
    twins.run(&["import", "support-csv", "gifts.csv", "members-csv", "lists.csv", "--dir", "../home"], 2);
    for place in [&twins.alone, &twins.served] {
        place.write("desk/lists.csv", "name,kind,joined,lists\nmember-002,person,2020-01-01,contributor-list\n");
    }
    let both = ["import", "support-csv", "gifts.csv", "members-csv", "lists.csv", "--dir", "../home", "--json"];
    twins.run(&both, 0);
    for wrong in ["wrong.csv", "cells.csv", "nowhere.csv", "."] {
        twins.run(&["import", "support-csv", wrong, "--dir", "../home"], 2);
    }
    twins.run(&["import", "support-csv", "gifts.csv", "--dir", "../home", "--replay"], 0);
    twins.run(&["import", "git", "nowhere", "--dir", "../home"], 2);
    twins.run(&["import", "none", "gifts.csv", "--dir", "../home"], 2);
    let [alone, served] = twins.logs();
    assert!(alone == served, "the logs differ");

    twins.run(&["invite", "../home", "member-001", "--for", "3", "--address", "https://coop.example"], 0);
    twins.run(&["invite", "../home", "member-001", "--json"], 0);
    twins.run(&["invite", "../home", "--list"], 0);
    twins.run(&["invite", "../home", "--revoke", "member-001"], 0);
    twins.run(&["invite", "../home", "--revoke", "member-001"], 1);
    twins.run(&["invite", "../home", "member-009"], 0);
    twins.run(&["invite", "../home", "m_0000000000001"], 2);
    twins.run(&["import", "members-csv", "more.csv", "--dir", "../home"], 0);
    twins.run(&["edition", "../home", "--adopt", "1"], 1);
    twins.run(&["edition", "../home", "--announce", "2"], 0);
    twins.run(&["edition", "../home", "--announce", "99", "--open"], 2);
    twins.run(&["backup", "../home", "copy.db"], 0);
    twins.run(&["backup", "../home", "copy.db"], 2);
    twins.run(&["verify", "copy.db"], 0);
    let [alone, served] = twins.logs();
    assert_eq!(plain(&served), plain(&alone));
}

/// A document that was edited is mentioned by both, by the name that the caller knows it by.
#[test]
fn a_fork_and_edited_documents_are_the_same_by_a_server() {
    let twins = Twins::new();
    let kernel = twins.alone.read("home/kernel.md");
    let constitution = twins.alone.read("home/constitution.md");
    let act = json!({"act":"announce_fork","member":"member-001","fork":"next","kernel_text":kernel,"constitution_text":constitution});
    for place in [&twins.alone, &twins.served] {
        place.write("desk/fork.jsonl", format!("{act}\n"));
        place.write("home/kernel.md", format!("{kernel}\nEdited.\n"));
    }
    let (_, err) = twins.run(&["act", "../home", "--file", "fork.jsonl"], 0);
    assert!(err.contains("`../home/kernel.md` is not the text in force"), "{err}");
    twins.run(&["fork", "../home", "other", "next"], 1);
    twins.run(&["fork", "../home", "next", ".."], 2);
    twins.run(&["fork", "../home", "next", "../home"], 2);
    twins.run(&["fork", "../home", "next", "next", "--at", "2040-01-01"], 0);
    let (out, _) = twins.run(&["fork", "../home", "next", "next", "--json"], 0);
    assert!(out.contains("\"again\":true") && out.contains("\"folder\":\"next\""), "{out}");
    twins.run(&["fork", "../home", "next", "elsewhere"], 2);
    twins.run(&["verify", "next", "--from-log", "../home"], 0);
    let [alone, served] = twins.logs();
    assert_eq!(plain(&served), plain(&alone));
}

#[test]
fn commands_at_once_do_not_mix_their_words() {
    let place = Place::founded();
    let _server = Server::start(&place, &[]);
    let answers: Vec<Ran> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|client| {
                let folder = place.path("");
                scope.spawn(move || {
                    let lines: String = (0..1_100)
                        .map(|number| {
                            let (item, key) = (format!("{client}-{number}"), format!("k{client}-{number}"));
                            format!("{{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"{item}\",\"key\":\"{key}\"}}\n")
                        })
                        .collect();
                    // Each also gets a mistake of its own on standard error.
                    let lines = format!("{lines}{{\"mistake\":\"of {client}\"}}\n");
                    with_input(&folder, &["act", "home", "--file", "-"], Some(&lines)).ends(2)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut entries = Vec::new();
    for ran in answers {
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        let lines = ran.lines();
        assert_eq!(lines.len(), 1_101);
        entries.extend(lines[..1_100].iter().map(|line| line["receipt"]["entry"].as_u64().unwrap()));
    }
    entries.sort_unstable();
    entries.dedup();
    assert_eq!(entries.len(), 4_400);
    place.run(&["verify", "home"]).quietly();
}

#[test]
fn a_killed_server_leaves_a_socket_that_nobody_minds() {
    let place = Place::founded();
    let socket = place.path("home/rochdale.sock");
    let server = Server::start(&place, &[]);
    let mode = std::fs::metadata(&socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    server.signal("-KILL");
    assert!(socket.exists());
    place.run(&["act", "home", "--file", "begin.jsonl"]).ends(1);
    place.run(&["update", "home", "--until", "2020-01-01"]).quietly();
    let server = Server::start(&place, &[]);
    place.run(&["update", "home", "--until", "2040-01-01"]).quietly();
    assert_eq!(server.signal("-TERM"), Some(0));
    assert!(!socket.exists(), "the socket is left behind");
    place.run(&["update", "home", "--until", "2040-01-02"]).quietly();
}

#[test]
fn a_socket_that_is_something_else_is_left_alone() {
    let place = Place::founded();
    place.write("home/rochdale.sock", "no socket");
    let server = Server::start(&place, &[]);
    assert_eq!(server.get("/health").status, 200);
    place.run(&["act", "home", "--file", "begin.jsonl"]).fails(3, "took no command at `home/rochdale.sock`");
    assert_eq!(server.signal("-TERM"), Some(0));
    assert_eq!(place.read("home/rochdale.sock"), "no socket");
}

/// Peers that talk nonsense, hang up in the middle or say nothing disturb nobody.
#[test]
fn odd_peers_do_no_harm() {
    let place = Place::founded();
    let server = Server::start(&place, &[]);
    let socket = place.path("home/rochdale.sock");
    place.unchanged(|| {
        let call = [b"\x02\0\0\0\x09/\0import\0".as_slice(), b"\x02\0\0\0\x07/\0serve"];
        let odd = [b"GET / HTTP/1.1\r\n\r\n".as_slice(), b"\x02\xff\xff\xff\xff", b"\x02\0\0\0\x09half", b"", b"\x09"];
        for bytes in call.into_iter().chain(odd) {
            let mut peer = UnixStream::connect(&socket).unwrap();
            peer.write_all(bytes).unwrap();
            peer.shutdown(std::net::Shutdown::Write).unwrap();
            let mut answer = Vec::new();
            let _ = peer.read_to_end(&mut answer);
            assert!(answer.windows(WELCOME.len()).any(|part| part == WELCOME.as_bytes()));
        }
        // Nobody is asked to serve, or to read, by this way.
        for other in ["status", "serve", "init"] {
            let mut peer = UnixStream::connect(&socket).unwrap();
            let body = format!("/\0rochdale\0{other}\0x\0");
            peer.write_all(&[&[2, 0, 0, 0, u8::try_from(body.len()).unwrap()], body.as_bytes()].concat()).unwrap();
            let mut answer = Vec::new();
            peer.read_to_end(&mut answer).unwrap();
            assert!(String::from_utf8_lossy(&answer).contains("and no others"), "{other}");
        }
    });
    assert_eq!(server.get("/health").status, 200);
    place.run(&["update", "home", "--until", "2040-01-01"]).quietly();
}

#[test]
fn more_commands_than_it_carries_out_are_turned_away() {
    let place = Place::founded();
    let server = Server::start(&place, &[]);
    let socket = place.path("home/rochdale.sock");
    let silent: Vec<UnixStream> = (0..8)
        .map(|_| {
            let mut peer = UnixStream::connect(&socket).unwrap();
            // It has its place once it is welcome.
            peer.read_exact(&mut [0; 5]).unwrap();
            peer
        })
        .collect();
    place.run(&["update", "home", "--until", "2040-01-01"]).fails(3, "carries out 8 commands already");
    assert_eq!(server.get("/health").status, 200);
    drop(silent);
    let again = (0..1_000).map(|_| place.run(&["update", "home", "--until", "2040-01-01"]));
    assert!(again.into_iter().any(|ran| ran.code == 0));
}

#[test]
fn a_long_folder_has_a_socket_too() {
    let place = Place::empty();
    let long = format!("{}/{}", "a".repeat(100), "b".repeat(100));
    std::fs::create_dir_all(place.path(&long)).unwrap();
    let home = format!("{long}/home");
    place.run(&["init", &home, "--template", "club"]).quietly();
    for folder in [home.clone(), place.path(&home).display().to_string()] {
        let server = Server::of(&mut place.command(&["serve", &folder, "--listen", "127.0.0.1:0"]));
        place.run(&["update", &home, "--until", "2020-01-01"]).quietly();
        place.run(&["update", place.path(&home).to_str().unwrap(), "--until", "2020-01-01"]).quietly();
        run_in(&place.path(&home), &["update", ".", "--until", "2020-01-01"]).quietly();
        run_in(&place.path(&home), &["update", "--until", "2020-01-01"]).quietly();
        assert_eq!(server.signal("-TERM"), Some(0));
        assert!(!place.path(&home).join("rochdale.sock").exists());
    }
}

/// Answers one client as a server would that is not this one.
fn pretends(place: &Place, says: impl Fn(UnixStream) + Send + 'static) -> std::thread::JoinHandle<()> {
    let listener = UnixListener::bind(place.path("home/rochdale.sock")).unwrap();
    std::thread::spawn(move || says(listener.accept().unwrap().0))
}

fn welcome(program: &str) -> Vec<u8> {
    [&[1, 0, 0, 0, u8::try_from(program.len()).unwrap()], program.as_bytes()].concat()
}

#[test]
fn another_program_at_the_socket_gets_no_command() {
    let place = Place::founded();
    let update = ["update", "home", "--until", "2020-01-01"];
    place.unchanged(|| {
        let other = pretends(&place, |mut client| client.write_all(&welcome("rochdale 9.9.9 socket 1")).unwrap());
        place.run(&update).fails(3, "the server of `home` is `rochdale 9.9.9 socket 1`");
        other.join().unwrap();
        std::fs::remove_file(place.path("home/rochdale.sock")).unwrap();
        let other = pretends(&place, |mut client| client.write_all(&welcome(WELCOME)).unwrap());
        place.run(&update).fails(3, "ended before it answered");
        other.join().unwrap();
        std::fs::remove_file(place.path("home/rochdale.sock")).unwrap();
    });
    // Nonsense is no answer, and there is no server: the command works on the folder.
    let other = pretends(&place, |mut client| client.write_all(b"nonsense").unwrap());
    place.run(&update).quietly();
    other.join().unwrap();
}

/// Who founds on a page can go on at the command line.
#[test]
fn a_co_op_that_was_founded_on_a_page_takes_commands() {
    let place = Place::empty();
    let (server, words) = Server::with_words(&mut place.command(&["serve", "home", "--listen", "127.0.0.1:0"]), 3);
    let code = words.trim_end().rsplit('/').next().unwrap().to_owned();
    let cookie = format!("Cookie: rochdale_founder={code}");
    let origin = format!("Origin: http://{}", server.address);
    let form = "Content-Type: application/x-www-form-urlencoded";
    let template = Place::empty();
    template.run(&["init", "home", "--template", "club"]).quietly();
    let encoded = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let (kernel, constitution) =
        (encoded(&template.read("home/kernel.md")), encoded(&template.read("home/constitution.md")));
    let body = format!("go=found&template=club&founder=member-001&kernel={kernel}&constitution={constitution}");
    let founded = server.send("POST", "/found", &[&origin, &cookie, form], &body);
    assert_eq!(founded.status, 303, "{founded:?}");
    let out = place.run(&["invite", "home", "member-002"]).quietly();
    assert!(out.contains("joins the register"), "{out}");
    assert_eq!(server.signal("-TERM"), Some(0));
    place.run(&["verify", "home"]).quietly();
}
