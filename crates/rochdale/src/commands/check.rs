//! `rochdale check`: every mistake of a kernel or constitution at once.

use std::path::{Path, PathBuf};

use charter::{Diagnostic, read_constitution, read_kernel};
use serde_json::{Value, json};

use crate::commands::{print, print_json};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Check {
    /// A kernel, or with `--kernel` a constitution
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The kernel that a constitution is checked against
    #[arg(long, value_name = "FILE")]
    kernel: Option<PathBuf>,
    /// Print an array of LSP diagnostics
    #[arg(long)]
    json: bool,
}

/// The longest document, bytes: anything longer is no text that members read.
const MAX_DOCUMENT: u64 = 1_048_576;

impl Check {
    pub fn run(self) -> Result<(), Exit> {
        let mut text = read(&self.file)?;
        let (file, mistakes) = match &self.kernel {
            None => (&self.file, read_kernel(&text).err().unwrap_or_default()),
            Some(path) => {
                let kernel_text = read(path)?;
                match read_kernel(&kernel_text) {
                    Ok(kernel) => (
                        &self.file,
                        read_constitution(&text, &kernel).err().unwrap_or_default(),
                    ),
                    Err(mistakes) => {
                        text = kernel_text;
                        (path, mistakes)
                    }
                }
            }
        };
        let name = file.display().to_string();
        if self.json {
            let lines: Vec<&str> = text.lines().collect();
            let mistakes = mistakes.iter().map(|mistake| lsp(mistake, &lines));
            print_json(&mistakes.collect::<Vec<_>>())?;
        } else if mistakes.is_empty() {
            print(&format!("{name}: no mistakes\n"))?;
        } else {
            print(
                &mistakes
                    .iter()
                    .map(|mistake| mistake.in_file(&name) + "\n")
                    .collect::<String>(),
            )?;
        }
        if mistakes.is_empty() {
            Ok(())
        } else {
            Err(Exit::no(""))
        }
    }
}

fn read(path: &Path) -> Result<String, Exit> {
    use std::io::Read as _;
    let name = path.display();
    let wrong = |why: std::io::Error| Exit::input(format!("cannot read `{name}`: {why}"));
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(wrong)?;
    file.take(MAX_DOCUMENT + 1)
        .read_to_end(&mut bytes)
        .map_err(wrong)?;
    if bytes.len() as u64 > MAX_DOCUMENT {
        return Err(Exit::input(format!(
            "`{name}` is longer than {MAX_DOCUMENT} bytes"
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..good).unwrap_or_default();
        let before = String::from_utf8_lossy(before);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        Exit::input(format!("{name}:{line}:{column}: these bytes are not UTF-8"))
    })
}

/// A diagnostic as the Language Server Protocol has it: lines from 0, characters from 0 in units of UTF-16.
fn lsp(mistake: &Diagnostic, lines: &[&str]) -> Value {
    let position = |line: u32, column: u32| {
        let (line, column) = (line.saturating_sub(1), column.saturating_sub(1) as usize);
        let text = lines.get(line as usize).copied().unwrap_or_default();
        let before = text.chars().take(column);
        json!({ "line": line, "character": before.map(char::len_utf16).sum::<usize>() })
    };
    let help = mistake
        .help
        .as_ref()
        .map(|help| format!("; {help}"))
        .unwrap_or_default();
    json!({
        "range": {
            "start": position(mistake.line, mistake.column),
            "end": position(mistake.end_line, mistake.end_column),
        },
        "severity": 1,
        "code": mistake.code,
        "source": "rochdale",
        "message": format!("{}: {}{help}", mistake.name, mistake.why),
    })
}
