//! `rochdale act`: acts handed in, one JSON object a line.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::PathBuf;

use engine::{Actor, Refusal};
use host::{ActLine, Coop, Submission, Submitted, clock, decode_act};
use quantity::Moment;
use serde_json::json;

use crate::commands::weights::find;
use crate::commands::{date, write};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct ActCommand {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// A file of acts, one JSON object a line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Act as this member: a name or a pseudonym. Without it, the operator hands in what members brought to the desk
    #[arg(long = "as", value_name = "MEMBER")]
    member: Option<String>,
    /// The log's time for these acts; never earlier than the log's last entry
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
}

/// As many acts as share one sync.
const BATCH: usize = 512;
/// The longest line.
const MAX_LINE: u64 = 1_048_576;

/// A line that was read, or why it could not be.
enum Line {
    Act(Box<Submission>),
    Misread(u64, String),
}

impl ActCommand {
    pub fn run(self) -> Result<(), Exit> {
        let mut input: Box<dyn Read> = if self.file.as_os_str() == "-" {
            Box::new(std::io::stdin().lock())
        } else {
            Box::new(std::fs::File::open(&self.file).map_err(|why| {
                Exit::input(format!("cannot read `{}`: {why}", self.file.display()))
            })?)
        };
        let mut coop = write(&self.dir)?;
        let actor = match &self.member {
            Some(name) => Actor::Member(find(&mut coop, name)?),
            None => Actor::Operator,
        };
        let now = match &self.at {
            Some(text) => date(text, &coop)?,
            None => clock::now(),
        };
        let mut lines = BufReader::new(&mut input);
        let (mut number, mut worst) = (0, 0);
        loop {
            let batch = read_lines(&mut lines, &mut number, &mut coop, actor)?;
            if batch.is_empty() {
                break;
            }
            worst = worst.max(hand_in(&mut coop, batch, now)?);
        }
        match worst {
            0 => Ok(()),
            1 => Err(Exit::no("")),
            _ => Err(Exit::input("")),
        }
    }
}

fn read_lines(
    lines: &mut impl std::io::BufRead,
    number: &mut u64,
    coop: &mut Coop,
    actor: Actor,
) -> Result<Vec<Line>, Exit> {
    let mut batch = Vec::new();
    while batch.len() < BATCH {
        let mut line = Vec::new();
        let length = lines
            .by_ref()
            .take(MAX_LINE + 1)
            .read_until(b'\n', &mut line)?;
        if length == 0 {
            break;
        }
        *number += 1;
        if line.len() as u64 > MAX_LINE {
            return Err(Exit::input(format!(
                "line {number} is longer than {MAX_LINE} bytes; the lines before it were handed in"
            )));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let read = decode_act(&line, &mut |name| coop.find_member(name).ok().flatten());
        batch.push(match read {
            Ok(ActLine { act, key, nonce }) => Line::Act(Box::new(Submission {
                act,
                actor,
                key,
                nonce,
            })),
            Err(misread) => Line::Misread(*number, misread.to_string()),
        });
    }
    Ok(batch)
}

/// Hands a batch in and prints a line for each; the worst that happened: 0 accepted, 1 refused, 2 misread.
fn hand_in(coop: &mut Coop, lines: Vec<Line>, now: Moment) -> Result<u8, Exit> {
    let submissions: Vec<Submission> = lines
        .iter()
        .filter_map(|line| {
            if let Line::Act(act) = line {
                Some((**act).clone())
            } else {
                None
            }
        })
        .collect();
    let mut results = coop.submit(&submissions, now)?.into_iter();
    let mut out = std::io::stdout().lock();
    let mut worst = 0;
    for line in &lines {
        let (value, grade) = match line {
            Line::Misread(number, why) => (json!({"error": {"line": number, "why": why}}), 2),
            Line::Act(_) => match results.next() {
                Some(Submitted::Accepted(receipt)) => (json!({"receipt": receipt}), 0),
                Some(Submitted::Refused(refusal)) => {
                    (json!({"refusal": refusal_json(&refusal)}), 1)
                }
                Some(Submitted::KeyReused(seq)) => (
                    json!({"error": {"why": format!("entry {seq} has this key and is another act: give every act a key of its own")}}),
                    2,
                ),
                None => (json!({"error": {"why": "no answer"}}), 2),
            },
        };
        worst = worst.max(grade);
        serde_json::to_writer(&mut out, &value)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(worst)
}

/// A refusal as JSON.
pub fn refusal_json(refusal: &Refusal) -> serde_json::Value {
    json!({"number": refusal.rule.number(), "name": refusal.rule.name(), "why": refusal.why, "instead": refusal.instead})
}
