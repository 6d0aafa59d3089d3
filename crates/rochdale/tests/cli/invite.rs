//! `invite`: links for members, and a first run that needs them.

use crate::http::{Answer, Server};
use crate::run::Place;

/// Returns the code in the link that a command printed.
fn code(out: &str) -> String {
    let (_, rest) = out.split_once("/invitation/").unwrap();
    rest.chars().take(32).collect()
}

/// Sends the request of a browser whose owner presses the button of a page of this server.
fn press(server: &Server, path: &str, cookie: &str) -> Answer {
    let origin = format!("Origin: http://{}", server.address);
    let cookie = format!("Cookie: {cookie}");
    let form = "Content-Type: application/x-www-form-urlencoded";
    server.send("POST", path, &[&origin, &cookie, form], "")
}

fn cookie(answer: &Answer) -> String {
    let (_, set) = answer.head.split_once("set-cookie: ").unwrap();
    set.split(';').next().unwrap().to_owned()
}

#[test]
fn a_link_lets_its_member_in_once_and_for_good() {
    let place = Place::founded();
    let out = place.run(&["invite", "home", "member-001"]).quietly();
    assert!(out.contains("http://127.0.0.1:1844/invitation/") && out.contains("good once"));
    let path = format!("/invitation/{}", code(&out));
    let server = Server::start(&place, &[]);
    let page = server.get(&path);
    assert_eq!(page.status, 200, "{page:?}");
    let came = press(&server, &path, "");
    assert_eq!(came.status, 303, "{came:?}");
    let session = cookie(&came);
    assert_eq!(press(&server, &path, "").status, 410);
    let act = r#"{"act":"stand","member":"member-001","decision":"maintainer"}"#;
    let origin = format!("Origin: http://{}", server.address);
    let header = format!("Cookie: {session}");
    // Standing already: the answer is the entry that stands, for this member and for nobody else.
    let again = server.act(&[&origin, &header], act);
    assert!(again.status == 200 && again.body.contains("\"repeated\":true"), "{again:?}");
    assert_eq!(server.act(&[&origin], act).status, 401);
    assert_eq!(server.signal("-TERM"), Some(0));

    let server = Server::start(&place, &[]);
    let me = server.send("GET", "/me", &[&header], "");
    assert!(me.status == 200 && me.body.contains("Sign out"), "{me:?}");
    assert_eq!(press(&server, "/session/end", &session).status, 303);
    assert_eq!(server.send("GET", "/me", &[&header], "").status, 401);
    drop(server);
    let server = Server::start(&place, &[]);
    assert_eq!(server.send("GET", "/me", &[&header], "").status, 401);
}

#[test]
fn a_new_name_joins_the_register_and_a_known_one_does_not() {
    let place = Place::founded();
    let before = place.stand();
    let out = place.run(&["invite", "home", "member-002"]).quietly();
    assert!(!out.contains("joins"), "{out}");
    assert_eq!(place.stand(), before, "nothing of it is in the log");
    let out =
        place.run(&["invite", "home", "member-003", "--address", "https://coop.example/", "--for", "3"]).quietly();
    assert!(out.contains("joins the register") && out.contains("\nhttps://coop.example/invitation/"));
    assert_ne!(place.stand(), before);
    let json = place.run(&["invite", "home", "member-003", "--json"]).ends(0).json();
    assert_eq!(json["name"], "member-003");
    assert!(json["link"].as_str().unwrap().len() > 32);
    place.run(&["verify", "home"]).quietly();
}

#[test]
fn what_is_no_address_or_no_name_changes_nothing() {
    let place = Place::founded();
    place.unchanged(|| {
        for address in [
            "coop.example",
            "ftp://coop.example",
            "https://",
            "https:///x",
            "https://coop.example/?a=b",
            "https://coop.example#top",
            "https://coop.example /x",
        ] {
            place
                .run(&["invite", "home", "member-003", "--address", address])
                .fails(2, "is not an address such as https://coop.example");
        }
        for name in ["m_zzz", "m_zzzzzzzzzzzzz", "m_0000000000001"] {
            place.run(&["invite", "home", name]).fails(2, "is how the log calls members");
        }
    });
    assert_eq!(place.run(&["invite", "home", "--list"]).quietly(), "no invitations\n");
    let out = place.run(&["invite", "home", "member-001"]).quietly();
    let (_, until) = out.split_once(", until ").unwrap();
    let (until, _) = until.split_once(';').unwrap();
    assert!(until.ends_with(" (UTC)") && !until.contains('Z'), "{out}");
}

#[test]
fn invitations_are_listed_and_taken_back() {
    let place = Place::founded();
    assert_eq!(place.run(&["invite", "home", "--list"]).quietly(), "no invitations\n");
    let made = code(&place.run(&["invite", "home", "member-001"]).quietly());
    let list = place.run(&["invite", "home", "--list"]).quietly();
    assert!(list.contains("member-001") && list.contains("open") && !list.contains(&made));
    let json = place.run(&["invite", "home", "--list", "--json"]).ends(0).json();
    let id = json["invitations"][0]["id"].as_str().unwrap().to_owned();
    let out = place.run(&["invite", "home", "--revoke", &id]).quietly();
    assert!(out.contains("member-001"), "{out}");
    place.run(&["invite", "home", "--revoke", "member-001"]).fails(1, "no invitation of `member-001` is open");
    let list = place.run(&["invite", "home", "--list"]).quietly();
    assert!(list.contains("taken back"), "{list}");
    let server = Server::start(&place, &[]);
    assert_eq!(press(&server, &format!("/invitation/{made}"), "").status, 410);
    // The list can be read beside the server, and the server makes links.
    place.run(&["invite", "home", "--list"]).quietly();
    place.run(&["invite", "home", "member-001"]).quietly();
}

#[test]
fn who_cannot_be_invited_is_bad_input_and_changes_nothing() {
    let place = Place::founded();
    place.unchanged(|| {
        for (arguments, words) in [
            (&["invite", "home"][..], "required"),
            (&["invite", "home", ""], "1 to 100 letters"),
            (&["invite", "home", "m_0000000000001"], "how the log calls members"),
            (&["invite", "home", "a\u{202e}b"], "can be seen"),
            (&["invite", "home", "member-001", "--for", "0"], "1..=90"),
            (&["invite", "home", "member-001", "--for", "91"], "1..=90"),
            (&["invite", "home", "member-001", "--address", "coop.example"], "not an address"),
            (&["invite", "home", "member-001", "--list"], "cannot be used with"),
            (&["invite", "nowhere", "member-001"], "holds no co-op"),
        ] {
            place.run(arguments).fails(2, words);
        }
    });
}

/// Without a co-op the server waits for its founder, and writes nothing until then.
#[test]
fn a_folder_without_a_co_op_is_a_first_run() {
    let place = Place::empty();
    for dir in ["nowhere", "a/b"] {
        let mut command = place.command(&["serve", dir, "--listen", "127.0.0.1:0"]);
        let server = Server::of(&mut command);
        assert_eq!(server.get("/").status, 401);
        assert_eq!(server.get("/health").status, 503);
        assert_eq!(server.get("/found").status, 401);
        assert_eq!(server.get(&format!("/found/{}", "0".repeat(32))).status, 401);
        assert_eq!(server.signal("-TERM"), Some(0));
        assert!(!place.path(dir).exists());
    }
}

#[test]
fn a_first_run_is_for_this_machine_unless_told_otherwise() {
    let place = Place::empty();
    for address in ["0.0.0.0:0", "[::]:0"] {
        place.run(&["serve", "home", "--listen", address]).fails(2, "founded on loopback only");
    }
    place.run(&["serve", "home", "--read-only", "--listen", "127.0.0.1:0"]).fails(2, "holds no co-op");
    place.write("file", "text");
    for dir in ["file", "file/nowhere"] {
        place.run(&["serve", dir]).fails(2, "holds no co-op");
    }
    std::fs::create_dir(place.path("half")).unwrap();
    place.write("half/kernel.md", "text");
    place.run(&["serve", "half"]).fails(2, "holds no co-op");
    let mut command = place.command(&["serve", "home", "--found-from-anywhere", "--listen", "0.0.0.0:0"]);
    let server = Server::of(&mut command);
    let port = server.address.port();
    drop(server);
    assert!(port > 0 && !place.path("home").exists());
}

/// Behind https the cookie is one that browsers keep for https.
#[test]
fn behind_https_links_and_cookies_are_for_https() {
    let place = Place::founded();
    let out = place.run(&["invite", "home", "member-001"]).quietly();
    let server = Server::start(&place, &["--https"]);
    let came = press(&server, &format!("/invitation/{}", code(&out)), "");
    assert_eq!(came.status, 303, "{came:?}");
    assert!(cookie(&came).starts_with("__host-rochdale_session="), "{came:?}");
    assert!(came.head.contains("; secure"), "{came:?}");
}

#[test]
fn read_only_lets_nobody_in() {
    let place = Place::founded();
    let out = place.run(&["invite", "home", "member-001"]).quietly();
    let path = format!("/invitation/{}", code(&out));
    let server = Server::start(&place, &["--read-only"]);
    assert_eq!(server.get(&path).status, 404);
    assert_eq!(press(&server, &path, "").status, 404);
    assert_eq!(server.get("/me").status, 401);
}
