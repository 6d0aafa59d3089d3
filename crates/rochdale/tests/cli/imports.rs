//! `import`: every kind with good files twice, and with everything that has ever been wrong with a file.

use crate::run::Place;

const OPEN_COLLECTIVE: &str = "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName\n";
const SUPPORT: &str = "member,kind,amount,unit,given_at,source\n";
const MEMBERS: &str = "name,kind,joined,email\n";
const COMMITS: &str = "commit,authored_at,author,files_changed\n";

fn good() -> [(&'static str, String, u64); 5] {
    [
        (
            "open-collective-csv",
            format!("{OPEN_COLLECTIVE}2021-01-05T09:00:00,b2,\"Refund of \"\"Monthly contribution from member-001\"\"\",DEBIT,CONTRIBUTION,REFUND,b1,-50,0,-50,USD,member-001,member-001\n2021-01-02T00:17:13,b1,Monthly contribution from member-001,CREDIT,CONTRIBUTION,,,50,-2.25,42.75,USD,member-001,member-001\n"),
            6,
        ),
        ("commits-csv", format!("{COMMITS}85864b414,2007-01-27T21:51:59Z,member-001,1\n85864b415,2007-01-28,member-009,3\n"), 2),
        (
            "github-issues",
            "[{\"number\":1,\"title\":\"x\",\"state\":\"open\",\"created_at\":\"2020-01-01\"},{\"number\":2,\"title\":\"y\",\"state\":\"closed\",\"created_at\":\"2020-01-01\"}]".to_owned(),
            1,
        ),
        ("members-csv", format!("{MEMBERS}member-001,person,2020-01-01,one@example.org\nmember-008,organisation,2020-01-01,\n"), 1),
        ("support-csv", format!("{SUPPORT}member-001,donation,5,USD,2020-01-05,a\n=cmd(),hours,1.5,hours,2020-01-03,b\nmember-001,donation,5,USD,2020-01-04,\n"), 3),
    ]
}

#[test]
fn twice_is_once() {
    for (kind, text, records) in good() {
        let place = Place::founded();
        place.write("file", &text);
        let import = || place.run(&["import", kind, "file", "--dir", "home", "--json"]).ends(0).json();
        let first = import();
        assert_eq!(first["recorded"], records, "{kind}: {first}");
        place.unchanged(|| assert_eq!(import()["recorded"], 0, "{kind}"));
        place.unchanged(|| {
            let words = place.run(&["import", kind, "file", "--dir", "home"]).quietly();
            assert!(words.starts_with("0 recorded"), "{words}");
        });
        place.run(&["verify", "home"]).quietly();
    }
}

/// A history of one's own, made by the real git, as a work tree and bare; then a commit more.
#[test]
fn a_repository_comes_in_once() {
    let place = Place::founded();
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.args(["-c", "user.name=member-001", "-c", "user.email=one@example.org"])
            .args(["-c", "init.defaultBranch=main", "-C", "work"])
            .args(arguments)
            .current_dir(place.path(""))
            .env("GIT_AUTHOR_DATE", "2020-01-05T10:00:00Z")
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        let output = git.output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    std::fs::create_dir(place.path("work")).unwrap();
    git(&["init", "-q"]);
    let import = |path: &str| place.run(&["import", "git", path, "--dir", "home", "--json"]);
    place.unchanged(|| {
        import("work").fails(2, "work");
    });
    git(&["commit", "-q", "--allow-empty", "-m", "=cmd() <script>"]);
    git(&["commit", "-q", "--allow-empty", "-m", "two"]);
    assert_eq!(import("work").ends(0).json()["recorded"], 2);
    git(&["clone", "-q", "--bare", ".", "../bare"]);
    place.unchanged(|| {
        for path in ["work", "bare"] {
            assert_eq!(import(path).ends(0).json()["recorded"], 0, "{path}");
        }
    });
    git(&["commit", "-q", "--allow-empty", "-m", "three"]);
    assert_eq!(import("work").ends(0).json()["recorded"], 1);
}

/// A file with one more record than the last time brings that one.
#[test]
fn what_is_new_comes_in_after_a_failure_too() {
    let place = Place::founded();
    let row = "member-001,donation,5,USD,2020-01-05,a\n";
    place.unchanged(|| {
        place.write("file", format!("{SUPPORT}{row}member-009,donation,5,EUR,2020-01-06,b\n"));
        place.run(&["import", "support-csv", "file", "--dir", "home"]).fails(2, "file:3:1: R044 wrong-currency");
    });
    place.write("file", format!("{SUPPORT}{row}"));
    let import = || place.run(&["import", "support-csv", "file", "--dir", "home", "--json"]).ends(0).json();
    assert_eq!(import()["recorded"], 1);
    place.write("file", format!("{SUPPORT}{row}member-009,donation,5,USD,2020-01-06,b\n"));
    let second = import();
    assert_eq!((second["recorded"].as_u64(), second["known"].as_u64()), (Some(1), Some(1)));
}

/// The row begins with the kind, then the bytes of the file, then what standard error says.
#[test]
fn bad_files_are_named_and_change_nothing() {
    let place = Place::founded();
    let cell = "x".repeat(10 * 1_048_576);
    let mut rows: Vec<(&str, Vec<u8>, &str)> = Vec::new();
    for (kind, head) in [
        ("open-collective-csv", OPEN_COLLECTIVE),
        ("commits-csv", COMMITS),
        ("members-csv", MEMBERS),
        ("support-csv", SUPPORT),
    ] {
        let commas = ",".repeat(head.matches(',').count());
        rows.push((kind, Vec::new(), "file:1:1: "));
        rows.push((kind, b"\xff\xfen\0a\0".to_vec(), "file:1:1: "));
        rows.push((kind, b"one,two\n1,2\n".to_vec(), "file:1:"));
        rows.push((kind, [head, "1,2\n"].concat().into_bytes(), "file:2:1: "));
        rows.push((kind, [head.as_bytes(), b"\xe9\x81", commas.as_bytes(), b"\n"].concat(), "file:2:1: "));
        rows.push((kind, [head.as_bytes(), b"a\0b", commas.as_bytes(), b"\n"].concat(), "file:2:1: "));
        rows.push((kind, [head, "\"never closed", &commas, "\n"].concat().into_bytes(), "file:2:1: "));
        rows.push((kind, [head, &cell, &commas, "\n"].concat().into_bytes(), "file:2:1: "));
        rows.push((kind, [head, "\"", &cell, "\"", &commas, "\n"].concat().into_bytes(), "file:2:1: "));
    }
    let text = |kind, head: &str, row: &str, words| (kind, [head, row].concat().into_bytes(), words);
    rows.extend([
        text("support-csv", SUPPORT, "member-001,donation,5,XYZ,2020-01-05,a\n", "file:2:23: unknown currency"),
        text("support-csv", SUPPORT, "member-001,donation,5,EUR,2020-01-05,a\n", "file:2:1: R044"),
        text("support-csv", SUPPORT, "member-001,donation,5,USD,2999-01-05,a\n", "file:2:1: R036"),
        text(
            "support-csv",
            SUPPORT,
            "member-001,donation,5,USD,2020-01-05,a\nmember-001,donation,6,USD,2020-01-05,a\n",
            "file:3:",
        ),
        text("support-csv", SUPPORT, "member-001,donation,5.001,USD,2020-01-05,a\n", "file:2:21: "),
        text("support-csv", SUPPORT, "member-001,donation,-5,USD,2020-01-05,a\n", "file:2:21: "),
        text("support-csv", SUPPORT, "member-001,donation,NaN,USD,2020-01-05,a\n", "file:2:21: "),
        text("support-csv", SUPPORT, "member-001,donation,1e3,USD,2020-01-05,a\n", "file:2:21: "),
        text("support-csv", SUPPORT, "member-001,donation,99999999999999999999999,USD,2020-01-05,a\n", "file:2:21: "),
        text("support-csv", SUPPORT, "member-001,donation,5,USD,05/01/2020,a\n", "file:2:27: "),
        text("support-csv", SUPPORT, "member-001,donation,5,USD,2020-02-30,a\n", "file:2:27: "),
        text("support-csv", SUPPORT, "mem\u{202e}ber,donation,5,USD,2020-01-05,a\n", "file:2:1: "),
        text("support-csv", SUPPORT, ",donation,5,USD,2020-01-05,a\n", "file:2:1: "),
        text("members-csv", MEMBERS, "a,robot,2020-01-01,\n", "file:2:3: "),
        text("members-csv", MEMBERS, "a,person,2999-01-01,\n", "file:2:1: the record is dated 2999"),
        text(
            "members-csv",
            MEMBERS,
            "a,person,2020-01-01,x@example.org\nb,person,2020-01-01,X@example.org\n",
            "file:3:",
        ),
        text("members-csv", "name,kind,joined,lists\n", "a,person,2020-01-01,nothing\n", "file:2:1: R009"),
        text("commits-csv", COMMITS, "xyz,2020-01-01,a,1\n", "file:2:1: "),
        text("commits-csv", COMMITS, "abcd1,2020-01-01,a,1\nABCD1,2020-01-01,a,1\n", "file:3:1: "),
        text("commits-csv", COMMITS, "abcd1,2999-01-01,a,1\n", "file:2:1: R036"),
        text("github-issues", "", "{}", "file:1:1: "),
        text("github-issues", "", "[{\"number\":1}]", "file:1:"),
        text(
            "github-issues",
            "",
            "[{\"number\":1.5,\"title\":\"x\",\"state\":\"open\",\"created_at\":\"2020-01-01\"}]",
            "file:1:",
        ),
        text(
            "github-issues",
            "",
            "[{\"number\":1,\"number\":2,\"title\":\"x\",\"state\":\"open\",\"created_at\":\"2020-01-01\"}]",
            "file:1:",
        ),
        text(
            "github-issues",
            "",
            "[{\"number\":1,\"title\":\"x\",\"state\":\"open\",\"created_at\":\"2999-01-01\"}]",
            "file:1:2: the record is dated 2999",
        ),
        text(
            "github-issues",
            "",
            "[{\"number\":1,\"title\":\"x\",\"state\":\"ajar\",\"created_at\":\"2020-01-01\"}]",
            "file:1:",
        ),
        text("github-issues", "", &"[".repeat(100_000), "file:1:"),
        text(
            "open-collective-csv",
            OPEN_COLLECTIVE,
            "2021-01-02T00:17:13,b1,x,CREDIT,CONTRIBUTION,,,50,-2.25,42.75,EUR,member-001,member-001\n",
            "file:2:1: R044",
        ),
    ]);
    place.unchanged(|| {
        for (kind, bytes, words) in &rows {
            place.write("file", bytes);
            let ran = place.run(&["import", kind, "file", "--dir", "home", "--json"]).fails(2, words);
            assert!(ran.err.len() < 10_000, "{kind} {words}: {} bytes of complaint", ran.err.len());
        }
    });
}

#[test]
fn what_is_no_file_of_that_kind_changes_nothing() {
    let place = Place::founded();
    place.write("file", SUPPORT);
    place.unchanged(|| {
        for (arguments, words) in [
            (&["nothing", "file"][..], "there is no kind `nothing`"),
            (&["support-csv", "file", "support-csv"], "in pairs"),
            (&["support-csv", "nowhere"], "nowhere"),
            (&["support-csv", "home"], "folder"),
            (&["support-csv", "/dev/null"], "/dev/null"),
            (&["support-csv", "/dev/zero"], "/dev/zero"),
            (&["git", "home"], "git"),
            (&["git", "file"], "git"),
            (&["git", "nowhere"], "git"),
            (&["support-csv", "file", "support-csv", "nowhere"], "nowhere"),
        ] {
            let all = [&["import"], arguments, &["--dir", "home"]].concat();
            place.run(&all).fails(2, words);
        }
    });
}

/// A bad file founds nothing either.
#[test]
fn a_failed_first_import_leaves_an_empty_log() {
    let place = Place::unfounded();
    place.write("file", format!("{SUPPORT}member-001,donation,5,EUR,2020-01-05,a\n"));
    for more in [&[][..], &["--replay"]] {
        let all = [&["import", "support-csv", "file", "--dir", "home"], more].concat();
        place.run(&all).fails(2, "R044");
        assert_eq!(place.run(&["status", "home", "--json"]).ends(0).json()["entries"], 0);
    }
}

#[test]
fn replay_gives_the_records_dates_to_the_log() {
    let place = Place::unfounded();
    place.write("a.csv", format!("{SUPPORT}member-001,donation,5,USD,2020-02-20,a\n"));
    place.write(
        "b.csv",
        format!("{SUPPORT}member-002,donation,5,USD,2020-01-05,b\nmember-002,donation,6,USD,2020-03-05,c\n"),
    );
    place.write("early.csv", format!("{SUPPORT}member-001,donation,5,USD,2020-02-01,d\n"));
    place.write("late.csv", format!("{SUPPORT}member-001,donation,5,USD,2999-02-01,e\n"));
    place
        .run(&["import", "support-csv", "late.csv", "--dir", "home", "--replay"])
        .fails(2, "late.csv:2:1: the record is dated 2999");
    let both = ["import", "support-csv", "a.csv", "support-csv", "b.csv", "--dir", "home", "--replay", "--json"];
    assert_eq!(place.run(&both).ends(0).json()["recorded"], 3);
    let status = place.run(&["status", "home", "--json"]).ends(0).json();
    assert_eq!(status["founded_at"], "2020-01-05T00:00:00Z");
    assert_eq!(status["last_update"], "2020-03-02T01:00:00Z");
    place.unchanged(|| {
        assert_eq!(place.run(&both).ends(0).json()["recorded"], 0);
        place
            .run(&["import", "support-csv", "early.csv", "--dir", "home", "--replay"])
            .fails(2, "early.csv:2:1: the record is dated 2020-02-01");
    });
    place.run(&["verify", "home"]).quietly();
}

/// Two people may share a name: then the name alone means neither of them.
#[test]
fn a_shared_name_is_nobodys() {
    let place = Place::founded();
    place.write("m.csv", "name,kind,joined,email,handle\nSam,person,2020-01-01,a@example.org,\nsam,person,2020-01-01,b@example.org,\nGuest,person,2020-01-01,,guest-1\nGuest,person,2020-01-01,,guest-2\n");
    place.run(&["import", "members-csv", "m.csv", "--dir", "home"]).quietly();
    assert_eq!(place.run(&["status", "home", "--json"]).ends(0).json()["members"], 6);
    place.unchanged(|| {
        for name in ["sam", "SAM", "guest"] {
            place.write("s.csv", format!("{SUPPORT}{name},donation,5,USD,2020-01-05,a\n"));
            place
                .run(&["import", "support-csv", "s.csv", "--dir", "home"])
                .fails(2, "s.csv:2:1: several members are called");
            place.run(&["weights", "home", "--member", name]).fails(2, "several members are called");
            place.write("a.jsonl", format!("{{\"act\":\"stand\",\"member\":\"{name}\",\"decision\":\"maintainer\"}}"));
            let ran = place.run(&["act", "home", "--file", "a.jsonl"]).ends(2);
            let why = ran.lines()[0]["error"]["why"].to_string();
            assert!(why.contains("several members are called"), "{why}");
        }
    });
    place.write(
        "s.csv",
        format!("{SUPPORT}b@example.org,donation,5,USD,2020-01-05,a\nguest-2,donation,5,USD,2020-01-05,b\n"),
    );
    place.run(&["import", "support-csv", "s.csv", "--dir", "home"]).quietly();
    assert_eq!(place.run(&["status", "home", "--json"]).ends(0).json()["members"], 6);
}

/// Records older than the machine's counting of time begin a log too.
#[test]
fn a_log_may_begin_before_1970() {
    let place = Place::unfounded();
    place.write(
        "s.csv",
        format!("{SUPPORT}member-001,donation,5,USD,1969-11-05,a\nmember-001,donation,5,USD,1970-01-15,b\n"),
    );
    place.run(&["import", "support-csv", "s.csv", "--dir", "home", "--replay"]).quietly();
    place.run(&["verify", "home"]).quietly();
    place.run(&["export", "home", "--format", "log", "--all"]).quietly();
}

#[test]
fn lists_and_names_are_learnt_by_a_later_register() {
    let place = Place::founded();
    place.write("m.csv", "name,kind,joined,lists\nmember-002,person,2020-01-01,contributor-list\n");
    let import = || place.run(&["import", "members-csv", "m.csv", "--dir", "home", "--json"]).ends(0).json();
    assert_eq!(import()["recorded"], 1);
    place.unchanged(|| assert_eq!(import()["recorded"], 0));
}
