//! Documents that commands read from files: their place in the rules, and the rules above them.

use std::path::{Path, PathBuf};

use charter::{Constitution, Diagnostic, Edition, Rules, Unread, is_kernel, read_kernel_under};
use engine::chamber::ROOT;
use engine::rules::amendment::KERNEL;
use host::{Coop, data_file, notes};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::commands::edition::chosen;
use crate::commands::read;
use crate::exit::Exit;

/// The rules that a document is read against.
#[derive(Debug, Default, clap::Args)]
pub struct Above {
    /// The kernel that a constitution is read against; `kernel.md` beside it if not given
    #[arg(long, value_name = "FILE")]
    pub kernel: Option<PathBuf>,
    /// The document is the constitution at this path inside the constitution, such as `docs-team`
    #[arg(long, value_name = "PATH")]
    pub decision: Option<String>,
    /// With `--decision`: the constitutions above it, outermost first; `constitution.md` beside it if not given
    #[arg(long = "constitution", value_name = "FILE")]
    pub constitutions: Vec<PathBuf>,
    /// The edition of the program's rules; the one under which the co-op in the file's folder begins, or the newest
    /// closed one if not given
    #[arg(long, value_name = "N")]
    pub edition: Option<u16>,
}

/// The longest document, bytes: anything longer is no text that members read.
const MAX_DOCUMENT: u64 = engine::rules::brought::MAX_RULES as u64;

/// A document that was read and has no mistakes.
#[derive(Debug)]
pub struct Document {
    /// As it was typed.
    pub name: String,
    pub text: String,
    /// `kernel`, `constitution`, or the path of a constitution inside it.
    pub decision: String,
    /// Everything above it, and itself.
    pub rules: Rules,
}

/// The reason why a document could not be read.
#[derive(Debug)]
pub enum Unreadable {
    /// It, or one above it, has mistakes.
    Mistakes(Mistaken),
    Exit(Exit),
}

/// A document with mistakes.
#[derive(Debug)]
pub struct Mistaken {
    pub name: String,
    pub text: String,
    pub mistakes: Vec<Diagnostic>,
}

impl From<Exit> for Unreadable {
    fn from(exit: Exit) -> Self {
        Unreadable::Exit(exit)
    }
}

impl From<Unreadable> for Exit {
    /// For commands that need documents without mistakes: bad input.
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Exit(exit) => exit,
            Unreadable::Mistakes(mistaken) => Exit::input(mistaken.lines().trim_end()),
        }
    }
}

impl Mistaken {
    /// Returns a line for each mistake.
    pub fn lines(&self) -> String {
        let lines = self.mistakes.iter();
        lines.map(|one| one.in_file(&self.name) + "\n").collect()
    }
}

impl Document {
    /// Returns its notes.
    pub fn notes(&self) -> &[Diagnostic] {
        notes(&self.rules, &self.decision)
    }
}

/// Reads a document against `rules` where they are given, else against the files that `above` names.
pub fn read_document(file: &Path, above: &Above, rules: Option<&Rules>) -> Result<Document, Unreadable> {
    let text = read_text(file)?;
    // Edition 1 reads rules that nobody sees and KDL that is none; whoever writes a document today hears of them.
    let later = charter::later_mistakes(&text);
    let name = file.display().to_string();
    match read_under(file, text.clone(), above, rules) {
        Ok(_) if !later.is_empty() => Err(Unreadable::Mistakes(Mistaken { name, text, mistakes: later })),
        Err(Unreadable::Mistakes(mut mistaken)) if mistaken.name == name => {
            mistaken.mistakes.extend(later);
            mistaken.mistakes.sort();
            Err(Unreadable::Mistakes(mistaken))
        }
        read => read,
    }
}

fn read_under(file: &Path, text: String, above: &Above, rules: Option<&Rules>) -> Result<Document, Unreadable> {
    let decision = decision_of(file, &text, above, rules)?;
    let rules = match (decision.as_str(), rules) {
        (KERNEL, None) => Rules::new(
            checked(file, &text, read_kernel_under(&text, edition_for(file, above)?))?,
            Constitution::new(Vec::new(), Vec::new()),
        ),
        (_, Some(rules)) => of_decision(file, &text, rules, &decision)?,
        (_, None) => {
            let rules = rules_above(file, above, &decision)?;
            of_decision(file, &text, &rules, &decision)?
        }
    };
    Ok(Document { name: file.display().to_string(), text, decision, rules })
}

/// The edition that a kernel is read under.
fn edition_for(kernel: &Path, above: &Above) -> Result<Edition, Exit> {
    match above.edition {
        Some(_) => chosen(above.edition, true),
        None => Ok(host::edition_of_folder(&beside(kernel, "."))?.unwrap_or(Edition::USUAL)),
    }
}

/// Finds the decision of a document: a kernel has its own clause, or is in a file called `kernel.md`.
fn decision_of(file: &Path, text: &str, above: &Above, rules: Option<&Rules>) -> Result<String, Exit> {
    if let Some(path) = &above.decision {
        return Ok(path.clone());
    }
    if above.kernel.is_some() {
        return Ok(ROOT.to_owned());
    }
    let is_kernel = is_kernel(text) || file.file_name().is_some_and(|name| name == "kernel.md");
    let alone = rules.is_none() && !beside(file, "kernel.md").is_file();
    Ok(if is_kernel || alone { KERNEL } else { ROOT }.to_owned())
}

/// Reads the kernel and the constitutions above a document from files.
fn rules_above(file: &Path, above: &Above, decision: &str) -> Result<Rules, Unreadable> {
    let kernel = (above.kernel.clone()).unwrap_or_else(|| beside(file, "kernel.md"));
    let text = read_text(&kernel)?;
    let empty = Constitution::new(Vec::new(), Vec::new());
    let mut rules = Rules::new(checked(&kernel, &text, read_kernel_under(&text, edition_for(&kernel, above)?))?, empty);
    if [KERNEL, ROOT].contains(&decision) {
        return Ok(rules);
    }
    let mut files = above.constitutions.clone();
    if files.is_empty() {
        files.push(beside(file, "constitution.md"));
    }
    let ends = decision.match_indices('/').map(|(at, _)| &decision[..at]);
    for (file, path) in files.iter().zip(std::iter::once(ROOT).chain(ends)) {
        rules = of_decision(file, &read_text(file)?, &rules, path)?;
    }
    Ok(rules)
}

fn of_decision(file: &Path, text: &str, rules: &Rules, decision: &str) -> Result<Rules, Unreadable> {
    match rules.with_document(decision, text) {
        Ok(rules) => Ok(rules),
        Err(Unread::Mistakes(mistakes)) => checked(file, text, Err(mistakes)),
        Err(Unread::NoSuchDecision) => {
            let words = format!("the rules above have no constitution at `{decision}`");
            Err(Exit::input(words).into())
        }
    }
}

fn checked<T>(file: &Path, text: &str, read: Result<T, Vec<Diagnostic>>) -> Result<T, Unreadable> {
    read.map_err(|mistakes| {
        Unreadable::Mistakes(Mistaken { name: file.display().to_string(), text: text.to_owned(), mistakes })
    })
}

fn beside(file: &Path, name: &str) -> PathBuf {
    file.with_file_name(name)
}

/// Returns the co-op at hand: in the folder that is given, else in the file's own folder if there is one.
pub fn coop_at_hand(dir: Option<&Path>, file: &Path) -> Result<Option<Coop>, Exit> {
    let own = file.parent().map(|folder| match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    });
    match (dir, own) {
        (Some(dir), _) => read(dir).map(Some),
        (None, Some(own)) if data_file(own).is_file() => read(own).map(Some),
        (None, _) => Ok(None),
    }
}

/// Reads a text from a file, or reports the place where it is no longer UTF-8.
pub fn read_text(path: &Path) -> Result<String, Exit> {
    read_open(Caller::Here.open(path)?, path)
}

/// As [`read_text`], of a file that is open.
pub fn read_open(file: std::fs::File, path: &Path) -> Result<String, Exit> {
    use std::io::Read as _;
    let name = path.display();
    let wrong = |why: std::io::Error| Exit::input(format!("cannot read `{name}`: {why}"));
    let mut bytes = Vec::new();
    file.take(MAX_DOCUMENT + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() as u64 > MAX_DOCUMENT {
        return Err(Exit::input(format!("`{name}` is longer than {MAX_DOCUMENT} bytes")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..good).unwrap_or_default();
        let before = String::from_utf8_lossy(before);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Exit::input(format!("{name}:{line}:{column}: these bytes are not UTF-8"))
    })
}

/// How much a diagnostic matters to an editor, as the Language Server Protocol counts.
#[derive(Clone, Copy, Debug)]
pub enum Severity {
    Mistake = 1,
    Note = 2,
}

/// Diagnostics as the Language Server Protocol has them: lines from 0, characters from 0 in units of UTF-16.
pub fn lsp(diagnostics: &[Diagnostic], text: &str, severity: Severity) -> Vec<Value> {
    let lines: Vec<&str> = charter::lines(text).collect();
    let position = |line: u32, column: u32| {
        let (line, column) = (line.saturating_sub(1), column.saturating_sub(1) as usize);
        let text = lines.get(line as usize).copied().unwrap_or_default();
        let before = text.chars().take(column);
        json!({ "line": line, "character": before.map(char::len_utf16).sum::<usize>() })
    };
    let value = |one: &Diagnostic| {
        let help = one.help.as_ref();
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        json!({
            "range": {
                "start": position(one.line, one.column),
                "end": position(one.end_line, one.end_column),
            },
            "severity": severity as u8,
            "code": one.code,
            "source": "rochdale",
            "message": format!("{}: {}{help}", one.name, one.why),
        })
    };
    diagnostics.iter().map(value).collect()
}
