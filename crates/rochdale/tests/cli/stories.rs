//! `rochdale story`: a co-op's own story, played under the documents that it is given.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the command in `folder`, where the documents of the template `club` lie beside `text`.
fn told(folder: &Path, text: &str) -> Output {
    let filled = charter::template("club").unwrap().fill("Walkers", quantity::Currency::parse("USD").unwrap());
    for (name, text) in
        [("kernel.md", filled.kernel.as_str()), ("constitution.md", filled.constitution.as_str()), ("year.md", text)]
    {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let arguments = ["story", "year.md", "--kernel", "kernel.md", "--constitution", "constitution.md"];
    Command::new(env!("CARGO_BIN_EXE_rochdale")).args(arguments).current_dir(folder).output().unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_story_holds_or_says_where_it_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let story = charter::template("club").unwrap().story;
    let held = told(folder.path(), story);
    assert_eq!((held.status.code(), words(&held.stdout)), (Some(0), "the story holds\n".to_owned()));

    let line = story.lines().position(|line| line == "| member-002 | 4.00 | 50% |").unwrap();
    let other = story.replace("| member-002 | 4.00 | 50% |", "| member-002 | 4.00 | 55% |");
    let failed = told(folder.path(), &other);
    assert_eq!(
        (failed.status.code(), words(&failed.stdout)),
        (Some(1), format!("year.md:{}: bucket of member-002: the story says 55%, and the count says 50%\n", line + 1))
    );
    assert_eq!(words(&failed.stderr), "rochdale: the story does not hold: 1 difference\n");
}

#[test]
fn what_is_no_story_is_bad_input() {
    let folder = tempfile::tempdir().unwrap();
    let misread = told(folder.path(), "# No tables\n");
    assert_eq!(misread.status.code(), Some(2));
    assert!(words(&misread.stderr).starts_with("rochdale: year.md:1: the table `co-op`"));
}
