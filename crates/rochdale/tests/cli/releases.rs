//! `rochdale release`: files go in, are listed with their hashes, go along in a backup, and are taken away; alone and while a server runs.

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

fn place() -> Place {
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
