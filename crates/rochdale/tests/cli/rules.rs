//! Rules as documents: `explain`, `diff`, `dry-run`, `format`, `propose` and `assent`.

use serde_json::{Value, json};

use crate::http::Server;
use crate::run::Place;

const INSIDE: &str =
    "# The docs team\n\n```charter\noffice \"editor\" {\n    settles-in \"7 days\"\n    may \"publish\"\n}\n```\n";

/// Returns a founded co-op, and beside it `better.md`: its constitution with issues that are called tasks.
fn with_better() -> Place {
    let place = Place::founded();
    let text = place.read("home/constitution.md");
    place.write("better.md", text.replace("ranking \"issues\"", "ranking \"tasks\""));
    place
}

#[test]
fn a_document_is_explained_with_the_numbers_of_the_co_op_at_hand() {
    let place = Place::founded();
    let kernel = place.run(&["explain", "home/kernel.md"]).quietly();
    assert!(kernel.starts_with("patrons\n  "), "{kernel}");
    assert!(kernel.contains("another constitution would be in force after 10 days"), "{kernel}");
    let clauses = place.run(&["explain", "home/constitution.md", "--json"]).ends(0).json();
    let names: Vec<&str> = clauses.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"maintainer") && names.contains(&"issues"), "{clauses}");
    assert!(clauses[0]["line"].as_u64().unwrap() > 1);
    assert!(clauses[0]["sentences"][0].as_str().unwrap().ends_with('.'));
    let elsewhere = place.read("home/kernel.md");
    place.write("elsewhere.md", elsewhere);
    let alone = place.run(&["explain", "elsewhere.md"]).quietly();
    assert!(!alone.contains("Today it has"), "no co-op is at hand: {alone}");
    let here = place.run(&["explain", "elsewhere.md", "--dir", "home"]).quietly();
    assert!(here.contains("Today "), "{here}");
    place.write("bad.md", "# Nothing\n");
    place.run(&["explain", "bad.md"]).fails(2, "bad.md:1:1: C002");
}

#[test]
fn a_difference_is_told_as_what_changes_for_members() {
    let place = with_better();
    let files = ["diff", "home/constitution.md", "better.md"];
    let words = place.run(&files).quietly();
    assert!(words.contains("tasks: ") && words.contains("issues: "), "{words}");
    let diff = place.run(&[&files[..], &["--json"]].concat()).ends(0).json();
    assert_eq!(diff["here"]["opened"], json!(["tasks"]));
    assert_eq!(diff["here"]["closed"], json!(["issues"]));
    assert_eq!(diff["here"]["impossible"], Value::Null);
    let kinds: Vec<&Value> = diff["effects"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert!(kinds.contains(&&json!("opens")) && kinds.contains(&&json!("closes")), "{diff}");
    place.write("vote.jsonl", r#"{"act":"cast_ballot","member":"member-001","decision":"issues","item":"220","share_ppm":50000,"scores":null,"against":false}"#);
    place.run(&["act", "home", "--file", "vote.jsonl"]).quietly();
    let words = place.run(&["diff", "home/constitution.md", "better.md"]).quietly();
    for part in [
        "Decisions that open (1):\n  tasks\n",
        "Decisions that close (1):\n  issues\n",
        "Shares that come free (1):\n  member-001  5 % from issues\n",
    ] {
        assert!(words.contains(part), "no `{part}` in {words}");
    }
    let same = ["diff", "better.md", "better.md", "--kernel", "home/kernel.md"];
    assert_eq!(place.run(&same).quietly(), "Nothing would change for members.\n");
    let mixed = ["diff", "home/kernel.md", "home/constitution.md"];
    place.run(&mixed).fails(2, "nothing can be compared");

    place.write("cap.md", place.read("home/kernel.md").replace("cap \"20%\"", "cap \"5%\""));
    let kernels = ["diff", "home/kernel.md", "cap.md", "--json"];
    let diff = place.run(&kernels).ends(0).json();
    assert_eq!(diff["effects"][0]["about"], "kernel");
    assert!(diff["effects"][0]["words"].as_str().unwrap().contains("5 %"));
    let euro = place.read("home/kernel.md").replace("USD", "EUR");
    place.write("euro.md", euro);
    let here = place.run(&["diff", "home/kernel.md", "euro.md", "--json"]).ends(0).json();
    assert!(here["here"]["impossible"].is_string(), "a currency is fixed for good: {here}");
}

#[test]
fn the_past_is_tried_under_other_rules_and_nothing_is_written() {
    let place = with_better();
    place.unchanged(|| {
        let report = place.run(&["dry-run", "better.md", "--dir", "home", "--json"]).ends(0).json();
        assert_eq!(report["put_in_force"], json!(["constitution"]));
        assert_eq!(report["refused"]["total"], 1, "{report}");
        assert_eq!(report["refused"]["shown"][0]["number"], "R012");
        let entry = report["refused"]["shown"][0]["entry"].as_u64().unwrap();
        assert!(entry > 3, "{report}");
        let issues = report["decisions"].as_array().unwrap().iter().find(|one| one["decision"] == "issues").unwrap();
        assert_eq!(issues["holders_instead"], Value::Null);
        let words = place.run(&["dry-run", "better.md", "--dir", "home"]).quietly();
        assert!(words.contains("Acts that these rules refuse (1):"), "{words}");
        assert!(words.contains(&format!("entry {entry}, ")), "{words}");
        let same = place.run(&["dry-run", "home/constitution.md"]).quietly();
        assert!(same.contains("Everything would have come about as it did."), "{same}");
        let early = ["home/constitution.md", "--at", "2019-01-01"];
        let early = place.run(&[&["dry-run"], &early[..]].concat()).quietly();
        assert_eq!(early, same, "before the founding means the founding");
        assert!(early.contains(" (the founding) to "), "{early}");
        let never = ["dry-run", "better.md", "--dir", "home", "--at", "2999-01-01"];
        place.run(&never).fails(2, "the log has no entry after that time");
        place.run(&["dry-run", "better.md"]).fails(2, "give `--dir DIR`");
        place.write("euro.md", place.read("home/kernel.md").replace("USD", "EUR"));
        place
            .run(&["dry-run", "euro.md", "--dir", "home"])
            .fails(1, "R049 does-not-check: under this kernel the constitution");
        place.write("zone.md", place.read("home/kernel.md").replace("\"UTC\"", "\"Europe/Vienna\""));
        for kernel in ["euro.md", "zone.md"] {
            let tried = place.run(&["dry-run", kernel, "--dir", "home"]).ends(1);
            let proposal = ["propose", "home", "kernel", kernel, "--as", "member-001"];
            assert_eq!(tried.err, place.run(&proposal).ends(1).err);
        }
        place
            .run(&["dry-run", "zone.md", "--dir", "home"])
            .fails(1, "R050 fixed-for-good: the kernel has another time zone");
        let nowhere = ["better.md", "--dir", "home", "--decision", "chair"];
        place
            .run(&[&["dry-run"], &nowhere[..]].concat())
            .fails(1, "R012 unknown-decision: there is no decision `chair`");
        place.write("slow.md", place.read("home/kernel.md").replace("10 days", "90 days"));
        let both = ["dry-run", "better.md", "--kernel", "slow.md", "--dir", "home", "--json"];
        let twice = ["slow.md", "--kernel", "slow.md", "--dir", "home"];
        let words = place.run(&[&["dry-run"], &twice[..]].concat()).quietly();
        assert!(words.starts_with("With another kernel from "), "{words}");
        let report = place.run(&both).ends(0).json();
        assert_eq!(report["put_in_force"], json!(["kernel", "constitution"]));
    });
}

#[test]
fn a_document_has_one_layout() {
    let place = Place::unfounded();
    let tidy = place.run(&["format", "home/kernel.md"]).quietly();
    place.write("kernel.md", &tidy);
    place.run(&["format", "kernel.md", "--check"]).quietly();
    assert_eq!(place.run(&["format", "kernel.md"]).quietly(), tidy);
    let messy = tidy.replace("    name ", "  name    ");
    assert_ne!(messy, tidy);
    place.write("kernel.md", &messy);
    place.run(&["format", "kernel.md", "--check"]).fails(1, "`kernel.md` has another layout");
    assert_eq!(place.read("kernel.md"), messy, "checking writes nothing");
    assert!(place.run(&["format", "kernel.md", "-w"]).quietly().is_empty());
    assert_eq!(place.read("kernel.md"), tidy);
    place.write("bad.md", "```charter\nkernel {\n```\n");
    place.run(&["format", "bad.md", "--write"]).fails(2, "bad.md:2:");
    assert_eq!(place.read("bad.md"), "```charter\nkernel {\n```\n");
    place.run(&["format", "kernel.md", "--check", "--write"]).ends(2);
}

/// The new text takes the old one's place: who links to the file, and who may read it, stays.
#[cfg(unix)]
#[test]
fn a_document_laid_out_keeps_its_link_and_its_mode() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let place = Place::unfounded();
    let tidy = place.run(&["format", "home/kernel.md"]).quietly();
    place.write("kernel.md", tidy.replace("    name ", "  name    "));
    let (file, link) = (place.path("kernel.md"), place.path("link.md"));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("kernel.md", &link).unwrap();
    place.run(&["format", "link.md", "--write"]).quietly();
    assert_eq!(place.read("kernel.md"), tidy);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn rules_with_mistakes_are_not_proposed() {
    let place = with_better();
    place.write("bad.md", place.read("better.md").replace("settles-in", "setles-in"));
    let propose = ["propose", "home", "constitution", "bad.md", "--as", "member-001"];
    place.unchanged(|| {
        let ran = place.run(&propose).ends(1);
        assert!(ran.err.is_empty() && ran.out.contains("bad.md:") && ran.out.contains("C006"), "{ran:?}");
        let ran = place.run(&[&propose[..], &["--json"]].concat()).ends(1);
        assert!(ran.json()["mistakes"].as_array().unwrap().len() > 1);
        let unknown = ["propose", "home", "nothing", "better.md", "--as", "member-001"];
        place.run(&unknown).fails(1, "R012 unknown-decision");
        let nobody = ["propose", "home", "constitution", "better.md", "--as", "member-999"];
        place.run(&nobody).fails(1, "nobody in the register");
    });
    let log = place.run(&["export", "home", "--format", "log", "--all"]).quietly();
    assert!(!log.contains("setles-in"), "a refused text is not kept");
    let good = ["propose", "home", "constitution", "better.md", "--as", "member-001"];
    let said = place.run(&good).quietly();
    assert!(said.contains("proposed for `constitution`: "), "{said}");
    place.run(&good).fails(1, "R028 already-standing");
    place.run(&["verify", "home"]).quietly();
    let log = place.run(&["export", "home", "--format", "log", "--all"]).quietly();
    assert!(log.contains("ranking \\\"tasks\\\""), "the text goes with the log");
    place.write("log", log);
    place.run(&["verify", "log"]).quietly();
    place.run(&["backup", "home", "copy.db"]).quietly();
    place.run(&["restore", "copy.db", "again"]).quietly();
    place.run(&["verify", "again"]).quietly();
}

#[test]
fn an_act_may_bring_its_text_and_is_the_same_twice() {
    let place = Place::founded();
    let act = "{\"act\":\"propose_document\",\"member\":\"member-001\",\"decision\":\"code-of-conduct\",\"text\":\"# Be kind\",\"key\":\"k\"}\n";
    place.write("text.jsonl", act);
    let first = place.run(&["act", "home", "--file", "text.jsonl"]).ends(0).json();
    let again = place.run(&["act", "home", "--file", "text.jsonl"]).ends(0).json();
    assert_eq!(first["receipt"]["hash"], again["receipt"]["hash"]);
    assert_eq!(again["receipt"]["repeated"], true);
    let long = "x".repeat(70_000);
    place.write("text.jsonl", act.replace("# Be kind", &long).replace("\"k\"", "\"l\""));
    let refused = place.run(&["act", "home", "--file", "text.jsonl"]).ends(1).json();
    assert_eq!(refused["refusal"]["number"], "R046", "{refused}");
    let log = place.run(&["export", "home", "--format", "log", "--all"]).quietly();
    assert!(log.contains("# Be kind") && !log.contains(&long));
    place.run(&["verify", "home"]).quietly();
}

#[test]
fn a_member_agrees_to_a_kernel_by_its_first_digits() {
    let place = Place::founded();
    place.write("slow.md", place.read("home/kernel.md").replace("10 days", "90 days"));
    let propose = ["propose", "home", "kernel", "slow.md", "--as", "member-001"];
    let said = place.run(&propose).quietly();
    let document = said.trim_end().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(document.len(), 64);
    let assent = |digits: &str, more: &[&str]| {
        let arguments = ["assent", "home", digits, "--as", "member-002"];
        place.run(&[&arguments[..], more].concat())
    };
    assent(&document[..7], &[]).fails(2, "give the first 8 digits");
    assent("00000000", &[]).fails(1, "no proposed kernel and no announced edition begins with `00000000`");
    assent(&document[..8], &["--take-back"]).ends(1);
    assert!(assent(&document[..8], &[]).quietly().contains("agrees to"));
    let taken_back = assent(&document, &["--take-back", "--json"]).ends(0).json();
    assert!(taken_back["receipt"]["entry"].is_u64());
    place.run(&["verify", "home"]).quietly();
}

#[test]
fn a_constitution_inside_a_constitution_is_checked_against_all_above_it() {
    let place = Place::founded();
    place.write("inside.md", INSIDE);
    let text = place.read("home/constitution.md");
    let team = "\n```charter\nconstitution \"docs-team\" {\n    settles-in \"14 days\"\n    may \"publish\"\n}\n```\n";
    place.write("outer.md", text + team);
    place.run(&["check", "outer.md", "--kernel", "home/kernel.md"]).quietly();
    let inside = |more: &[&str]| {
        let arguments = ["check", "inside.md", "--decision", "docs-team", "--kernel", "home/kernel.md"];
        place.run(&[&arguments[..], more].concat())
    };
    let said = inside(&["--constitution", "outer.md"]).ends(0).out;
    assert!(said.ends_with("inside.md: no mistakes\n"), "{said}");
    place.write("inside.md", INSIDE.replace("publish", "release"));
    let said = inside(&["--constitution", "outer.md"]).ends(1).out;
    assert!(said.contains("inside.md:6:"), "{said}");
    inside(&["--constitution", "home/constitution.md"]).fails(2, "no constitution at `docs-team`");
    let there = ["check", "inside.md", "--decision", "docs-team", "--dir", "home"];
    place.run(&there).fails(2, "no constitution at `docs-team`");
}

#[test]
fn a_note_is_no_mistake() {
    let place = Place::unfounded();
    let kept = "\n```charter\nrelease \"binaries\" {\n    patrons-until \"400 USD per month\"\n}\n```\n";
    let text = place.read("home/constitution.md") + kept;
    place.write("home/constitution.md", text);
    let said = place.run(&["check", "home/constitution.md"]).quietly();
    assert!(said.contains("C015") && said.contains("(a note)"), "{said}");
    assert!(said.ends_with("home/constitution.md: no mistakes\n"), "{said}");
    let notes = place.run(&["check", "home/constitution.md", "--json"]).ends(0).json();
    assert_eq!(notes[0]["severity"], 2);
    assert_eq!(notes[0]["code"], "C015");
}

/// Long rules are rules: a program hands in what a form of the old size could not.
#[test]
fn rules_come_over_http_with_their_text_or_not_at_all() {
    let place = Place::founded();
    let prose = "Members decide here.\n".repeat(30_000);
    let rules = place.read("home/constitution.md") + "\n" + &prose;
    let server = Server::start(&place, &["--walk-in"]);
    let act = |text: &str| {
        let act = json!({"act": "propose_document", "member": "member-001", "decision": "constitution", "text": text});
        server.act(&[], &act.to_string())
    };
    let refused = act(&rules.replace("settles-in", "setles-in"));
    assert_eq!(refused.status, 409, "{refused:?}");
    assert!(refused.body.contains("does-not-check"), "{refused:?}");
    let accepted = act(&rules);
    assert_eq!(accepted.status, 200, "{:?}", accepted.head);
    assert!(accepted.json()["receipt"]["entry"].is_u64());
    assert_eq!(server.signal("-TERM"), Some(0));
    let log = place.run(&["export", "home", "--format", "log", "--all"]).quietly();
    assert!(log.contains("Members decide here.") && !log.contains("setles-in"));
    place.run(&["verify", "home"]).quietly();
}

#[test]
fn a_constitution_sets_a_number_that_the_kernel_leaves_to_it() {
    let place = Place::empty();
    place.write(
        "kernel.md",
        r#"kernel { name "x"; purpose "y"; currency "USD"
    parameter "price" default="5 USD" from="1 USD" to="20 USD"
    class "patrons" { weight "donated(last month) / price" }
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" } }
"#,
    );
    place.write("now.md", "office \"till\" { settles-in \"14 days\" }\n");
    place.write("then.md", "set \"price\" \"2 USD\"\noffice \"till\" { settles-in \"14 days\" }\n");
    place.write("dear.md", "set \"price\" \"21 USD\"\n");
    place.run(&["check", "kernel.md", "--edition", "3"]).quietly();
    place.run(&["check", "then.md", "--edition", "3"]).quietly();
    let wrong = place.run(&["check", "dear.md", "--edition", "3"]).ends(1);
    assert!(wrong.out.contains("C088 outside-its-limits"), "{wrong:?}");
    let told = place.run(&["explain", "then.md", "--edition", "3"]).quietly();
    assert!(
        told.contains("The price is 2 USD. The kernel lets the constitution set it from 1 USD to 20 USD"),
        "{told}"
    );
    let diff = place.run(&["diff", "now.md", "then.md", "--edition", "3"]).quietly();
    assert!(diff.contains("The price would be 2 USD instead of 5 USD."), "{diff}");
    assert!(diff.contains("The patrons would weigh donated last month ÷ price (2 USD), instead of"), "{diff}");
}
