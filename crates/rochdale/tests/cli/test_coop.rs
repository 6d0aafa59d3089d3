//! `test-coop`: a test co-op of a co-op's rules, on a port of its own; the co-op's folder stays as it was, to the byte.

use crate::http::Server;
use crate::run::Place;

/// A browser sends these with a press.
const PRESSED: [&str; 2] = ["Sec-Fetch-Site: same-origin", "Content-Type: application/x-www-form-urlencoded"];

#[test]
fn the_rules_of_a_co_op_are_tried_and_its_folder_stays_as_it_is() {
    let place = Place::founded();
    let files = || {
        ["rochdale.db", "kernel.md", "constitution.md"]
            .map(|name| std::fs::read(place.path("home").join(name)).unwrap())
    };
    let before = files();
    place.unchanged(|| {
        let server = Server::of(&mut place.command(&["test-coop", "home", "--listen", "127.0.0.1:0"]));
        assert!(server.get("/").head.contains("location: /test/"));
        let home = server.get("/test/");
        assert_eq!(home.status, 200, "{home:?}");
        assert!(home.body.contains("This is a test.") && home.body.contains("href=\"/test/members\""), "{home:?}");
        assert!(server.get("/test/members").body.contains("member-012"));
        let style = home.body.split("href=\"/static/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert_eq!(server.get(&format!("/static/{style}")).status, 200);
        let pressed = server.send("POST", "/test/time", &PRESSED, "by=half-year&back=%2Fmoney");
        assert!(pressed.head.contains("location: /test/money"), "{pressed:?}");
        let foreign = server.send("POST", "/test/end", &["Sec-Fetch-Site: cross-site"], "");
        assert_eq!((foreign.status, server.get("/test/").status), (403, 200));
        let elsewhere = server.send("GET", "/test/", &["Host: evil.test"], "");
        assert_eq!(elsewhere.status, 404);
        assert!(server.send("POST", "/test/end", &PRESSED, "").head.contains("location: /\r\n"));
        assert!(server.get("/").body.contains("It is thrown away"));
        assert_eq!(server.get("/test/").status, 404);
        assert_eq!(server.signal("-TERM"), Some(0));
    });
    assert_eq!(files(), before);
}

#[test]
fn a_template_is_tried_without_any_folder() {
    let place = Place::empty();
    let arguments = ["test-coop", "--template", "worker", "--listen", "127.0.0.1:0"];
    let server = Server::of(&mut place.command(&arguments));
    assert!(server.get("/test/").body.contains("This is a test."));
    assert_eq!(std::fs::read_dir(place.path("")).unwrap().count(), 0, "nothing is written");
}
