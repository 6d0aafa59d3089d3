//! Runs the binary and says how it ended.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
    what: String,
}

/// Runs a command in `folder`.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    let output = command(folder, arguments).stdin(Stdio::null()).output().unwrap();
    Ran::of(&output, arguments)
}

pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rochdale"));
    command.args(arguments).current_dir(folder);
    command
}

impl Ran {
    pub fn of(output: &Output, arguments: &[&str]) -> Ran {
        let ran = Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            what: arguments.join(" "),
        };
        assert!(!ran.err.contains("panicked") && ran.code != 101 && ran.code >= 0, "{ran:?}");
        ran
    }

    /// It ended with this code; all but "done" says why on standard error.
    pub fn ends(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "`rochdale {}`: {self:?}", self.what);
        self
    }

    /// It failed with this code, with these words on standard error, and said nothing on standard output.
    pub fn fails(self, code: i32, words: &str) -> Ran {
        let ran = self.ends(code).says(words);
        assert!(ran.out.is_empty(), "{ran:?}");
        ran
    }

    /// These words are on standard error.
    pub fn says(self, words: &str) -> Ran {
        assert!(self.err.contains(words), "no `{words}` in {self:?}");
        self
    }

    /// It was done without a word on standard error; what it printed.
    pub fn quietly(self) -> String {
        let ran = self.ends(0);
        assert!(ran.err.is_empty(), "{ran:?}");
        ran.out
    }

    /// Standard output is one line of JSON and nothing else.
    pub fn json(&self) -> Value {
        let line = self.out.strip_suffix('\n').unwrap_or(&self.out);
        assert!(!line.contains('\n'), "{self:?}");
        serde_json::from_str(line).unwrap_or_else(|why| panic!("{why} in {self:?}"))
    }

    /// Standard output is JSON, one value a line.
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"))).collect()
    }
}

/// A folder of one's own with a co-op `home` in it.
pub struct Place {
    folder: TempDir,
}

/// Two patrons of whom one is on a list, with a little support; it is founded.
const MEMBERS: &str =
    "name,kind,joined,lists\nmember-001,person,2020-01-01,contributor-list\nmember-002,person,2020-01-01,\n";

impl Place {
    /// Nothing is there yet.
    pub fn empty() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    /// Returns a co-op that is not founded yet.
    pub fn unfounded() -> Place {
        Place::unfounded_under("2")
    }

    pub fn unfounded_under(edition: &str) -> Place {
        let place = Place::empty();
        place.run(&["init", "home", "--template", "open-source", "--edition", edition]).quietly();
        place
    }

    /// Returns a co-op that is not founded yet, in which members hand in as much as a kernel can allow.
    pub fn roomy() -> Place {
        let place = Place::unfounded();
        let kernel = place.read("home/kernel.md");
        let roomy = kernel.replace("members { cap", "members { acts-per hour=10000 day=100000; cap");
        assert_ne!(kernel, roomy);
        place.write("home/kernel.md", roomy);
        place
    }

    /// Returns a co-op with two members, an issue and a candidate.
    pub fn founded() -> Place {
        Place::founded_under("2")
    }

    pub fn founded_under(edition: &str) -> Place {
        Place::unfounded_under(edition).with_members()
    }

    /// Founds it, with two members, an issue and a candidate.
    pub fn with_members(self) -> Place {
        let place = self;
        // Edition 2 does not let one holder keep a list that gives weight (C072), and some tests go on under it.
        let constitution = place.read("home/constitution.md").replace(" \"keep-list\"", "");
        place.write("home/constitution.md", constitution);
        place.write("members.csv", MEMBERS);
        place.run(&["import", "members-csv", "members.csv", "--dir", "home"]).quietly();
        place.write("begin.jsonl", "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"220\"}\n{\"act\":\"stand\",\"member\":\"member-001\",\"decision\":\"maintainer\"}\n");
        place.run(&["act", "home", "--file", "begin.jsonl"]).quietly();
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        run_in(self.folder.path(), arguments)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        command(self.folder.path(), arguments)
    }

    /// Returns the head of the log and the hash of its state.
    pub fn stand(&self) -> Value {
        let status = self.run(&["status", "home", "--json"]).ends(0).json();
        serde_json::json!([status["entries"], status["head"], status["state"]])
    }

    /// Whatever happens in `work`, the log and the state stay as they are.
    pub fn unchanged(&self, work: impl FnOnce()) {
        let before = self.stand();
        work();
        assert_eq!(self.stand(), before, "something was changed");
    }
}
