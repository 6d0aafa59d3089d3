//! `rochdale act`: acts handed in, one JSON object a line.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use engine::{Act, Actor, Edition, Refusal};
use host::{ActLine, Misread, Submission, Submitted, Writable, decode_act};
use quantity::Moment;
use serde_json::json;

use crate::caller::{Caller, time_of};
use crate::commands::device;
use crate::commands::weights::named;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct ActCommand {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// A file of acts, one JSON object a line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Act in this member's name, a name or a pseudonym: the log says that the operator says so (`desk`). Only what the member could do
    /// is accepted. Without it, the operator hands in acts of any member, and the operator's own
    #[arg(long = "as", value_name = "MEMBER")]
    member: Option<String>,
    /// The log's time for these acts; never earlier than the log's last entry
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Hand nothing in: sign the acts with the key in this file, and print them to be handed in. DIR may be an exported log; it is
    /// verified first
    #[arg(long, value_name = "FILE", conflicts_with = "member")]
    sign: Option<PathBuf>,
}

/// Examples, and every act that can be handed in.
pub fn help() -> String {
    let mut words = "Examples:\n  rochdale act our-coop --file acts.jsonl\n  rochdale act our-coop --file - --as member-001\n  rochdale act our-coop.log --sign device.key --file acts.jsonl > signed.jsonl\n\nActs (docs/spec/acts.md has their fields):\n".to_owned();
    for row in Act::TABLE.iter().filter(|row| row.is_handed_in()) {
        words.push_str(&format!("  {:18} {}\n", row.kind, row.about));
    }
    words
}

/// As many acts as share one sync.
const BATCH: usize = 512;
/// The longest line: a text of the most bytes, with its quotes and line breaks escaped.
const MAX_LINE: u64 = 2 * 1_048_576;
/// As many bytes as are read ahead.
const MAX_BATCH: usize = 8 * 1_048_576;

/// A line that was read, or why it could not be; with its number.
struct Line {
    number: u64,
    read: Result<Box<Submission>, Misread>,
}

impl ActCommand {
    /// The folder that this writes, where it hands anything in.
    pub fn writes(&self) -> Option<&Path> {
        self.sign.is_none().then_some(&*self.dir)
    }

    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        if let Some(key) = &self.sign {
            return device::sign(&self.dir, key, &self.file, caller);
        }
        let unreadable = |why: std::io::Error| Exit::input(format!("cannot read `{}`: {why}", self.file.display()));
        let input: Box<dyn Read + '_> =
            if self.file.as_os_str() == "-" { caller.input() } else { Box::new(caller.open(&self.file)?) };
        let mut coop = caller.write(&self.dir)?;
        let actor = match &self.member {
            Some(name) => Actor::Desk(named(coop.find_member(name)?, name)?),
            None => Actor::Operator,
        };
        let now = time_of(self.at.as_deref(), &coop.read())?;
        let name = self.file.file_name().map_or_else(|| "-".to_owned(), |name| name.to_string_lossy().into_owned());
        let mut lines = BufReader::new(input);
        let (mut number, mut worst, mut power_used) = (0, 0, false);
        loop {
            let batch = read_lines(&mut lines, &mut number, &mut coop, actor).map_err(unreadable)?;
            if batch.is_empty() {
                break;
            }
            worst = worst.max(hand_in(caller, &mut coop, &batch, now, &name)?);
            power_used |= batch.iter().any(|line| line.read.as_ref().is_ok_and(|one| one.act.own_member().is_none()));
        }
        // From edition 2 on the log has a word for it (docs/spec/powers.md).
        if power_used && matches!(actor, Actor::Desk(_)) && coop.read().state().editions.current < Edition::TWO {
            caller.warn("edition 1 has no word for a power that the operator uses in its holder's name: the log says that the holder used it");
        }
        match worst {
            0 => Ok(()),
            1 => Err(Exit::no("")),
            _ => Err(Exit::input("")),
        }
    }
}

fn read_lines(
    lines: &mut impl BufRead,
    number: &mut u64,
    coop: &mut Writable,
    actor: Actor,
) -> std::io::Result<Vec<Line>> {
    let mut batch = Vec::new();
    let (mut line, mut bytes) = (Vec::new(), 0);
    while batch.len() < BATCH && bytes < MAX_BATCH {
        line.clear();
        let mut part = lines.by_ref().take(MAX_LINE + 1);
        if part.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        bytes += line.len();
        *number += 1;
        let mut read = line.strip_suffix(b"\n").unwrap_or(&line);
        if *number == 1 {
            read = read.strip_prefix(b"\xef\xbb\xbf").unwrap_or(read);
        }
        if line.len() as u64 > MAX_LINE {
            lines.skip_until(b'\n')?;
            batch.push(Line {
                number: *number,
                read: Err(Misread { why: format!("the line is longer than {MAX_LINE} bytes"), line: 1, column: 1 }),
            });
        } else if !read.trim_ascii().is_empty() {
            batch.push(Line { number: *number, read: decode(read, coop, actor) });
        }
    }
    Ok(batch)
}

fn decode(line: &[u8], coop: &mut Writable, actor: Actor) -> Result<Box<Submission>, Misread> {
    let mut failed = None;
    let read = decode_act(line, &mut |name| {
        coop.find_member(name).unwrap_or_else(|error| {
            failed = Some(error.to_string());
            None
        })
    });
    if let Some(why) = failed {
        return Err(Misread { why, line: 1, column: 1 });
    }
    let ActLine { act, key, nonce, signed } = read?;
    // A signed act is its member's, no matter who hands it in.
    let signer = signed.and_then(|signed| device::signer(coop.read().state(), &act, &signed));
    let actor = signer.map_or(actor, Actor::Member);
    Ok(Box::new(Submission { act, actor, key, nonce, signed }))
}

/// Hands a batch in and prints a line for each; the worst that happened: 0 accepted, 1 refused, 2 misread.
fn hand_in(caller: &Caller, coop: &mut Writable, lines: &[Line], now: Moment, file: &str) -> Result<u8, Exit> {
    let submissions: Vec<Submission> =
        lines.iter().filter_map(|line| line.read.as_ref().ok().map(|act| (**act).clone())).collect();
    let mut results = coop.submit(submissions, now)?.into_iter();
    let mut out = Vec::new();
    let mut worst = 0;
    for Line { number, read } in lines {
        let answer = match read {
            Err(misread) => Err((misread.why.clone(), misread.column)),
            Ok(_) => match results.next() {
                Some(Submitted::Accepted(receipt)) => Ok((json!({ "receipt": receipt }), 0)),
                Some(Submitted::Refused(refusal)) => Ok((json!({ "refusal": refusal_json(&refusal) }), 1)),
                Some(Submitted::KeyReused(seq)) => {
                    Err((format!("entry {seq} has this key and is another act: give every act a key of its own"), 1))
                }
                None => Err(("the act was not answered".to_owned(), 1)),
            },
        };
        let (value, grade) = answer.unwrap_or_else(|(why, column)| {
            caller.warn(&format!("{file}:{number}:{column}: {why}"));
            (json!({ "error": { "line": number, "column": column, "why": why } }), 2)
        });
        worst = worst.max(grade);
        serde_json::to_writer(&mut out, &value)?;
        out.push(b'\n');
    }
    caller.print(&String::from_utf8_lossy(&out))?;
    Ok(worst)
}

/// Returns a refusal as JSON.
pub fn refusal_json(refusal: &Refusal) -> serde_json::Value {
    json!({"number": refusal.rule.number(), "name": refusal.rule.name(), "why": refusal.why, "instead": refusal.instead})
}
