//! Histories written by git itself: who is whom, which commits count, and which repositories cannot be read.

use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use super::mailmap::Mailmap;
use crate::{Fact, Kind, Summary, What, open};

struct History {
    folder: tempfile::TempDir,
}

impl History {
    fn new() -> Self {
        let history = Self { folder: tempfile::tempdir().unwrap() };
        history.git(&["init", "-q", "-b", "main"], "", 0);
        history
    }

    fn git(&self, arguments: &[&str], author: &str, day: u32) {
        let (name, email) = author.split_once(" <").unwrap_or(("x", "x"));
        let date = format!("2025-01-{:02}T12:00:00+02:00", day.max(1));
        let output = Command::new("git")
            .current_dir(self.folder.path())
            .args(["-c", "commit.gpgsign=false"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", name)
            .env("GIT_AUTHOR_EMAIL", email.trim_end_matches('>'))
            .env("GIT_AUTHOR_DATE", date)
            .env("GIT_COMMITTER_NAME", "committer")
            .env("GIT_COMMITTER_EMAIL", "committer@example.org")
            .env("GIT_COMMITTER_DATE", "2025-02-01T00:00:00Z")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self, author: &str, day: u32, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = self.folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        self.git(&["add", "-A"], "", 0);
        self.git(&["commit", "-q", "--allow-empty", "-m", "x"], author, day);
    }

    fn read(&self) -> (Summary, Vec<Fact>) {
        read(self.folder.path())
    }
}

fn read(path: &Path) -> (Summary, Vec<Fact>) {
    let mut source = open(Kind::Git, path, &mut |_, _| {}).unwrap();
    let mut facts = Vec::new();
    source
        .facts(&mut |fact| {
            facts.push(fact);
            ControlFlow::Continue(())
        })
        .unwrap();
    (source.summary().clone(), facts)
}

/// `day name addresses` for each fact.
fn told(facts: &[Fact]) -> Vec<String> {
    let told = facts.iter().map(|fact| match &fact.what {
        What::Support { person, .. } => {
            format!("{} {} {}", &fact.at.to_string()[8..13], person.name, person.emails.join(" "))
        }
        other => format!("{other:?}"),
    });
    told.collect()
}

#[test]
fn commits_count_by_author_date_and_merges_do_not() {
    let history = History::new();
    history.commit("Ann <ann@example.org>", 1, &[("a", "1"), ("folder/b", "1")]);
    history.git(&["checkout", "-q", "-b", "side"], "", 0);
    history.commit("Bob <bob@example.org>", 3, &[("c", "1")]);
    history.git(&["checkout", "-q", "main"], "", 0);
    history.commit("Ann <ann@example.org>", 2, &[("a", "2")]);
    history.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"], "Ann <ann@example.org>", 4);
    history.commit("Ann <ann@example.org>", 5, &[]);
    let (summary, facts) = history.read();
    assert_eq!(summary, Summary { records: 4, passed_over: 1, notes: Vec::new() });
    assert_eq!(
        told(&facts),
        [
            "01T10 Ann ann@example.org",
            "02T10 Ann ann@example.org",
            "03T10 Bob bob@example.org",
            "05T10 Ann ann@example.org"
        ]
    );
    let ids = facts.iter().filter(|fact| fact.source.len() == "commit:".len() + 40);
    assert_eq!(ids.count(), 4);
}

#[test]
fn one_address_is_one_person_and_the_mailmap_joins_more() {
    let history = History::new();
    history.commit("ann <Ann@Example.org>", 1, &[("a", "1")]);
    history.commit("Ann A <ann@example.org>", 2, &[("a", "2")]);
    history.commit("Ann A <ann@example.org>", 3, &[("a", "3")]);
    history.commit("Ann <ann@home.example>", 4, &[("a", "4")]);
    history.commit("Ann A <other@example.org>", 5, &[("a", "5")]);
    let (_, before) = history.read();
    assert_eq!(
        told(&before),
        [
            "01T10 Ann A ann@example.org",
            "02T10 Ann A ann@example.org",
            "03T10 Ann A ann@example.org",
            "04T10 Ann ann@home.example",
            "05T10 Ann A other@example.org",
        ]
    );
    let mailmap = "# people\nAnn A <ann@example.org> <ANN@home.example>\n";
    history.commit("Ann <ann@home.example>", 6, &[(".mailmap", mailmap)]);
    let (_, after) = history.read();
    let both = "Ann A ann@example.org ann@home.example";
    assert_eq!(told(&after)[3], format!("04T10 {both}"));
    assert_eq!(told(&after)[4], "05T10 Ann A other@example.org");
}

#[test]
fn an_address_that_two_people_share_is_nobody_s() {
    let history = History::new();
    let mailmap = "Ann <ann@x> Ann <desk@x>\nBob <bob@x> Bob <desk@x>\n";
    history.commit("Ann <desk@x>", 1, &[(".mailmap", mailmap)]);
    history.commit("Bob <desk@x>", 2, &[]);
    assert_eq!(told(&history.read().1), ["01T10 Ann ann@x", "02T10 Bob bob@x"]);
}

#[test]
fn a_bare_and_a_shallow_copy_are_read_too() {
    let history = History::new();
    for day in 1..4 {
        history.commit("Ann <ann@example.org>", day, &[("a", &day.to_string())]);
    }
    let address = format!("file://{}", history.folder.path().display());
    history.git(&["clone", "-q", "--bare", &address, "bare"], "", 0);
    history.git(&["clone", "-q", "--depth", "2", &address, "shallow"], "", 0);
    assert_eq!(read(&history.folder.path().join("bare")).0.records, 3);
    assert_eq!(read(&history.folder.path().join("shallow")).0.records, 2);
}

#[test]
fn names_in_a_history_lose_their_hidden_characters() {
    let history = History::new();
    history.commit("Ann\u{202e}\u{1b} B <ann@example.org>", 1, &[]);
    assert_eq!(told(&history.read().1), ["01T10 Ann B ann@example.org"]);
}

#[test]
fn a_repository_without_commits_is_refused() {
    let history = History::new();
    let refused = open(Kind::Git, history.folder.path(), &mut |_, _| {}).unwrap_err();
    assert!(refused.to_string().ends_with(": it has no commit yet"), "{refused}");
}

/// The four forms of gitmailmap(5).
#[test]
fn mailmap_forms() {
    let mailmap = Mailmap::parse(
        "Proper Name <one@x>\n<proper@x> <two@x>\nProper Name <proper@x> <three@x> # end\n\
         First <first@x> Commit Name <shared@x>\nSecond <second@x> Other Name <shared@x>\n\
         nonsense\n<broken\n",
    );
    for (name, email, expected) in [
        ("n", "one@x", ("Proper Name", "one@x")),
        ("n", "TWO@x", ("n", "proper@x")),
        ("n", "three@x", ("Proper Name", "proper@x")),
        ("commit name", "shared@x", ("First", "first@x")),
        ("Other Name", "shared@x", ("Second", "second@x")),
        ("n", "shared@x", ("n", "shared@x")),
        ("n", "none@x", ("n", "none@x")),
    ] {
        let (found_name, found_email) = mailmap.resolve(name, email);
        assert_eq!((found_name.as_str(), found_email.as_str()), expected);
    }
}

/// A repository of half a megabyte can hold an object of any size: none is read whole.
#[test]
fn an_object_that_grows_when_it_is_read_is_refused() {
    use std::io::Write as _;
    let history = History::new();
    let mut git = Command::new("git")
        .current_dir(history.folder.path())
        .args(["fast-import", "--quiet"])
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let size = 24 << 20;
    let mut stream = git.stdin.take().unwrap();
    let person = "A <a@example.org> 1735689600 +0000";
    let head = format!("commit refs/heads/main\nmark :1\nauthor {person}\ncommitter {person}\ndata {size}\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&vec![b'x'; size]).unwrap();
    stream.write_all(b"\n\n").unwrap();
    drop(stream);
    assert!(git.wait().unwrap().success());
    let refused = open(Kind::Git, history.folder.path(), &mut |_, _| {}).unwrap_err().to_string();
    assert!(refused.contains(": commit ") && refused.len() < 1_000, "{refused}");
}

#[test]
fn co_authors_share_the_credit_where_it_is_said() {
    let history = History::new();
    history.commit("Member One <one@example.org>", 1, &[("a", "1")]);
    let message = "x\n\nCo-authored-by: Member Two <two@example.org>\nco-authored-by: Member One <one@example.org>\n\
                   Co-Authored-By: Member Three <three@example.org>\nCo-authored-by: dependabot[bot] <bot@example.org>";
    history.git(&["commit", "-q", "--allow-empty", "-m", message], "Member One <one@example.org>", 2);
    let mut source = open(Kind::Git, history.folder.path(), &mut |_, _| {}).unwrap();
    let facts = |source: &mut crate::Source| {
        let mut told = Vec::new();
        let each = &mut |fact: Fact| {
            if let What::Support { person, amount, .. } = &fact.what {
                let short = fact.source.split_once(':').map_or("", |(_, rest)| rest.get(40..).unwrap_or_default());
                told.push((person.name.clone(), *amount, short.to_owned(), fact.also.len()));
            }
            ControlFlow::Continue(())
        };
        source.facts(each).unwrap();
        told
    };
    let one = "Member One".to_owned();
    let alone = facts(&mut source);
    assert_eq!(alone, [(one.clone(), 1_000_000, String::new(), 0), (one.clone(), 1_000_000, String::new(), 1)]);
    assert!(source.remarks()[0].starts_with("1 commit names co-authors"), "{:?}", source.remarks());
    source.share_credit();
    let shared = facts(&mut source);
    assert_eq!(
        shared,
        [
            (one.clone(), 1_000_000, String::new(), 0),
            (one, 333_334, ":by".to_owned(), 1),
            ("Member Two".to_owned(), 333_333, ":with:1".to_owned(), 1),
            ("Member Three".to_owned(), 333_333, ":with:2".to_owned(), 1),
        ]
    );
    assert_eq!(source.remarks(), Vec::<String>::new());
}

#[test]
fn a_lineage_knows_merges_and_parents() {
    let history = History::new();
    history.commit("Ann <ann@example.org>", 1, &[("a", "1")]);
    history.git(&["checkout", "-q", "-b", "side"], "", 0);
    history.commit("Bob <bob@example.org>", 3, &[("c", "1")]);
    history.git(&["checkout", "-q", "main"], "", 0);
    history.commit("renovate[bot] <bot@example.org>", 2, &[("a", "2")]);
    history.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"], "Ann <ann@example.org>", 4);
    let lineage = crate::read_lineage(history.folder.path(), &mut |_, _| {}).unwrap();
    let names: Vec<&str> = lineage.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let merge = lineage.commits.iter().find(|commit| commit.parents.len() == 2).unwrap();
    let (person, at) = merge.made.unwrap();
    assert_eq!((names[person as usize], &at.to_string()[8..13]), ("Ann", "04T10"));
    // A program's commit has nobody, and is a parent all the same.
    let parents: Vec<_> = merge.parents.iter().map(|parent| &lineage.commits[*parent as usize]).collect();
    assert_eq!(parents.iter().filter(|parent| parent.made.is_none()).count(), 1);
    assert!(parents.iter().all(|parent| parent.parents.len() == 1));
    assert!(lineage.commits.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert!(lineage.notes[0].starts_with("1 commit by a bot"), "{:?}", lineage.notes);
}
