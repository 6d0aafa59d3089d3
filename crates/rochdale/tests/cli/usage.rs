//! Laws for every command.

use crate::run::Place;

const COMMANDS: [&str; 29] = [
    "init",
    "invite",
    "serve",
    "demo",
    "import",
    "status",
    "weights",
    "standings",
    "book",
    "export",
    "act",
    "update",
    "verify",
    "count",
    "check",
    "explain",
    "diff",
    "dry-run",
    "format",
    "propose",
    "assent",
    "story",
    "backup",
    "restore",
    "completions",
    "man",
    "bench",
    "outbox",
    "test-coop",
];

#[test]
fn every_command_has_help_with_examples() {
    let place = Place::empty();
    let all = place.run(&["--help"]).quietly();
    for command in COMMANDS {
        assert!(all.contains(command), "`{command}` is not listed");
        for arguments in [&[command, "--help"][..], &[command, "-h"]] {
            let help = place.run(arguments).quietly();
            assert!(help.contains("Example") && help.contains(&format!("  rochdale {command}")), "{command}: {help}");
        }
    }
    for method in ["quadratic", "settle"] {
        assert!(place.run(&["count", method, "--help"]).quietly().contains("--json"));
    }
    let listed = all.lines().filter(|line| {
        let word = line.trim_start().split(' ').next().unwrap_or_default();
        line.starts_with("  ") && COMMANDS.contains(&word)
    });
    assert_eq!(listed.count(), COMMANDS.len());
    assert!(place.run(&["--version"]).quietly().starts_with("rochdale 0."));
}

#[test]
fn help_completions_and_manual_pages_know_every_command() {
    let place = Place::empty();
    assert_eq!(place.run(&["help"]).quietly(), place.run(&["--help"]).quietly());
    place.run(&["man", "pages"]).quietly();
    let page = |name: &str| std::fs::read_to_string(place.path(&format!("pages/{name}.1"))).unwrap();
    let scripts = ["bash", "zsh", "fish", "elvish", "powershell"];
    let scripts = scripts.map(|shell| place.run(&["completions", shell]).quietly());
    for command in COMMANDS {
        assert_eq!(place.run(&["help", command]).quietly(), place.run(&[command, "--help"]).quietly());
        assert!(scripts.iter().all(|script| script.contains(command)), "{command}");
        assert!(page("rochdale").contains(&command.replace('-', "\\-")), "{command}");
        assert!(page(&format!("rochdale-{command}")).contains("Example"), "{command}");
    }
}

#[test]
fn bad_usage_ends_with_2() {
    let place = Place::founded();
    place.unchanged(|| {
        for arguments in [
            &[][..],
            &["fly"],
            &["--fly"],
            &["help", "fly"],
            &["completions"],
            &["completions", "fly"],
            &["man"],
            &["init"],
            &["init", "x"],
            &["init", "x", "--template"],
            &["serve", "home", "--listen", "nonsense"],
            &["serve", "home", "--listen", "127.0.0.1"],
            &["serve", "home", "--listen", "127.0.0.1:99999"],
            &["import", "members-csv", "--dir", "home"],
            &["import", "members-csv", "members.csv"],
            &["status", "home", "more"],
            &["weights", "home", "--json", "--csv"],
            &["weights", "home", "--at"],
            &["book", "home", "--by", "week"],
            &["export", "home"],
            &["export", "home", "--format", "pdf"],
            &["act", "home"],
            &["act", "--file", "begin.jsonl"],
            &["update", "home"],
            &["verify"],
            &["verify", "home", "--threads", "many"],
            &["verify", "home", "--threads", "-1"],
            &["check"],
            &["explain"],
            &["diff", "home/kernel.md"],
            &["dry-run"],
            &["dry-run", "home/kernel.md", "--at", "soon"],
            &["format"],
            &["propose", "home", "constitution", "home/constitution.md"],
            &["propose", "home", "constitution", "--as", "member-001"],
            &["assent", "home", "0123456789"],
            &["count"],
            &["count", "magic", "x"],
            &["count", "quadratic"],
            &["backup", "home"],
            &["restore", "home"],
            &["bench", "nothing-of-that-name"],
        ] {
            let ran = place.run(arguments).ends(2);
            assert!(ran.out.is_empty() && !ran.err.is_empty(), "{ran:?}");
        }
    });
    assert!(!place.path("x").exists());
}

#[test]
fn a_folder_without_a_co_op_is_bad_input() {
    let place = Place::empty();
    std::fs::create_dir(place.path("bare")).unwrap();
    place.write("file", "text");
    place.write("acts.jsonl", "{}\n");
    place.write("members.csv", "name,kind,joined\n");
    for dir in ["nowhere", "bare", "file", "bare/nowhere", "file/nowhere"] {
        for arguments in [
            &["invite", dir, "member-001"][..],
            &["import", "members-csv", "members.csv", "--dir", dir],
            &["status", dir, "--json"],
            &["weights", dir, "--json"],
            &["standings", dir, "--json"],
            &["book", dir, "--json"],
            &["export", dir, "--format", "log", "--all"],
            &["act", dir, "--file", "acts.jsonl"],
            &["update", dir, "--until", "2030-01-01"],
            &["backup", dir, "copy.db"],
            &["explain", "file", "--dir", dir],
            &["diff", "file", "file", "--dir", dir],
            &["dry-run", "file", "--dir", dir],
            &["propose", dir, "kernel", "file", "--as", "member-001"],
            &["assent", dir, "0123456789", "--as", "member-001"],
        ] {
            place.run(arguments).fails(2, "holds no co-op");
        }
    }
    place.run(&["verify", "bare"]).fails(2, "holds no co-op");
    place.run(&["verify", "nowhere"]).fails(2, "cannot read");
    assert_eq!(std::fs::read_dir(place.path("bare")).unwrap().count(), 0);
    assert!(!place.path("nowhere").exists() && !place.path("copy.db").exists());
}

/// `rochdale … | head -1`, and standard error that nobody reads.
#[test]
fn a_reader_who_leaves_is_no_failure() {
    let place = Place::founded();
    for arguments in [
        "status home",
        "status home --json",
        "weights home --all --json",
        "weights home --all --csv",
        "standings home",
        "book home",
        "export home --format log",
        "export home --format hledger",
        "export home --format json",
        "verify home",
        "check home/kernel.md",
        "--help",
        "act home --file acts.jsonl",
        "update home --until 2020-01-01 --json",
    ] {
        place.write("acts.jsonl", "{}\n{}\n{}\n");
        let shell = format!("{{ '{}' {arguments} 2>err; echo $? >code; }} | true", env!("CARGO_BIN_EXE_rochdale"));
        let mut sh = std::process::Command::new("sh");
        sh.args(["-c", &format!("sleep 0 | {{ {shell}; }}")]).current_dir(place.path(""));
        assert!(sh.status().unwrap().success());
        let (code, err) = (place.read("code"), place.read("err"));
        assert!(["0", "2"].contains(&code.trim()) && !err.contains("panicked"), "{arguments}: {code}{err}");
    }
    let shell =
        format!("{{ '{0}' status nowhere; echo $? >code; }} 2>&1 >/dev/null | true", env!("CARGO_BIN_EXE_rochdale"));
    let mut sh = std::process::Command::new("sh");
    assert!(sh.args(["-c", &shell]).current_dir(place.path("")).status().unwrap().success());
    assert_eq!(place.read("code").trim(), "2");
}

#[test]
fn a_full_disk_for_output_is_the_worlds_failure() {
    let place = Place::founded();
    for arguments in [
        &["status", "home", "--json"][..],
        &["weights", "home", "--all"],
        &["export", "home", "--format", "log", "--all"],
        &["export", "home", "--format", "beancount"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = place.command(arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}

/// Neither colours nor bars where nobody watches.
#[test]
fn no_escape_sequences_in_pipes() {
    let place = Place::founded();
    for arguments in [
        &["status", "home"][..],
        &["--help"],
        &["fly"],
        &["import", "members-csv", "members.csv", "--dir", "home"],
        &["check", "home/kernel.md"],
    ] {
        let ran = place.run(arguments);
        assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "{ran:?}");
    }
}
