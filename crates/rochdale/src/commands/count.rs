//! `rochdale count`: calculators that need no co-op, on the same functions that the engine counts with.

mod amount;
mod cap;
mod commitment;
mod conviction;
mod credit;
mod crowdmatching;
mod csv;
mod delegation;
mod pool;
mod quadratic;
mod quadratic_funding;
mod settle;
mod surplus;

use std::path::{Path, PathBuf};

use host::{Misread, read_json};
use serde_json::value::RawValue;

use crate::commands::edition::chosen;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Count {
    #[command(subcommand)]
    method: Method,
}

#[derive(Debug, clap::Subcommand)]
enum Method {
    /// The cap on a member's weight: the level that weights are cut to
    Cap(File),
    /// A commitment: how conviction follows votes, and what is taken at the deadline
    Commitment(File),
    /// Conviction voting in its published form: requests for money, and what each needs
    Conviction(File),
    /// Credit that flows from contributions to people, by week: of a file, or of a git repository on this machine
    Credit(credit::Of),
    /// Crowd-matching: who gives, when each gives a unit for every patron up to a limit
    Crowdmatching(File),
    /// Delegation: who votes for whom along the chains
    Delegation(File),
    /// A pool: which projects it pays, in which order, and what is left
    Pool(File),
    /// Quadratic range votes: the root of the weight placed, times the score
    Quadratic(UnderEdition),
    /// Quadratic funding: the match of each project
    QuadraticFunding(quadratic_funding::Funding),
    /// Settling of an outcome: buckets, and who takes the seat
    Settle(UnderEdition),
    /// A surplus, split by parts to the last minor unit
    Surplus(File),
}

#[derive(Debug, clap::Args)]
struct File {
    /// JSON (`quadratic-funding`: CSV) as in docs/spec/count.md; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct UnderEdition {
    #[command(flatten)]
    file: File,
    /// The edition of the program's rules; the newest closed one if not given
    #[arg(long, value_name = "N")]
    edition: Option<u16>,
}

/// The largest file, bytes.
const MAX_FILE: u64 = 64 * 1_048_576;

impl Count {
    pub fn run(self) -> Result<(), Exit> {
        match self.method {
            Method::Cap(file) => cap::run(file.read()?, file.json),
            Method::Commitment(file) => commitment::run(file.read()?, file.json),
            Method::Conviction(file) => conviction::run(file.read()?, file.json),
            Method::Crowdmatching(file) => crowdmatching::run(file.read()?, file.json),
            Method::Delegation(file) => delegation::run(file.read()?, file.json),
            Method::Pool(file) => pool::run(file.read()?, file.json),
            Method::QuadraticFunding(funding) => funding.run(),
            Method::Surplus(file) => surplus::run(file.read()?, file.json),
            Method::Credit(of) => of.run(),
            Method::Quadratic(UnderEdition { file, edition }) => {
                quadratic::run(file.read()?, chosen(edition, true)?, file.json)
            }
            Method::Settle(UnderEdition { file, edition }) => {
                settle::run(file.read()?, file.json, chosen(edition, true)?)
            }
        }
    }
}

impl File {
    /// Reads the file as a method's input; a name that occurs twice in one object is a mistake.
    fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, Exit> {
        let bytes = self.bytes()?;
        let wrong = |misread: Misread| {
            let (file, Misread { why, line, column }) = (self.file.display(), misread);
            Exit::input(format!("{file}:{line}:{column}: {why}"))
        };
        if !read_json(&bytes).map_err(wrong)?.is_object() {
            return Err(Exit::input(format!("{}:1:1: the file holds one JSON object", self.file.display())));
        }
        serde_json::from_slice(&bytes).map_err(|error| wrong(Misread::of_json("", &error)))
    }

    fn bytes(&self) -> Result<Vec<u8>, Exit> {
        bytes_of(&self.file)
    }
}

/// Reads a file, or standard input where it is `-`.
fn bytes_of(file: &Path) -> Result<Vec<u8>, Exit> {
    use std::io::Read as _;
    let wrong = |why: std::io::Error| Exit::input(format!("cannot read `{}`: {why}", file.display()));
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        std::io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(wrong)?;
    } else {
        std::fs::File::open(file).map_err(wrong)?.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(wrong)?;
    }
    if bytes.len() as u64 > MAX_FILE {
        return Err(Exit::input(format!("`{}` is larger than {MAX_FILE} bytes", file.display())));
    }
    Ok(bytes)
}

/// Reads a decimal number from a JSON string or number, as a whole number of 10^-`places`. The number is taken as it is written:
/// a JSON reader would round it, and take an exponent.
fn decimal(value: &RawValue, places: u32, what: &str) -> Result<i128, Exit> {
    let written = value.get();
    let text = match written.chars().next() {
        Some('"') => serde_json::from_str(written).unwrap_or_default(),
        Some('-' | '0'..='9') => written.to_owned(),
        _ => return Err(Exit::input(format!("{what} is a number, or a decimal number in a string"))),
    };
    decimal_of(&text, places, what)
}

fn decimal_of(text: &str, places: u32, what: &str) -> Result<i128, Exit> {
    parse(text, places).ok_or_else(|| {
        Exit::input(format!("{what} is `{text}`: give a decimal number with at most {places} places, such as `0.25`"))
    })
}

fn parse(text: &str, places: u32) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || !numeric(whole)
        || !numeric(rest)
        || rest.len() > places as usize
        || (digits.contains('.') && rest.is_empty())
    {
        return None;
    }
    let fraction = format!("{rest:0<width$}", width = places as usize);
    let scale = 10_i128.checked_pow(places)?;
    let fraction: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let value = whole.parse::<i128>().ok()?.checked_mul(scale)?.checked_add(fraction)?;
    Some(if negative { -value } else { value })
}

/// Prints a whole number of 10^-`places`: whole numbers plain, all others with at least nine places.
fn print_decimal(value: i128, places: u32) -> String {
    let scale = 10_u128.pow(places);
    let (whole, rest) = (value.unsigned_abs() / scale, value.unsigned_abs() % scale);
    let sign = if value < 0 { "-" } else { "" };
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0width$}", width = places as usize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_read_back() {
        assert_eq!(parse("0.25", 9), Some(250_000_000));
        assert_eq!(parse("-3", 9), Some(-3_000_000_000));
        assert_eq!(print_decimal(-3_000_000_000, 9), "-3");
        assert_eq!(print_decimal(250_000_000, 9), "0.250000000");
        for bad in ["", ".5", "5.", "1e3", "+1", "0.1234567890", "--1", "1 "] {
            assert_eq!(parse(bad, 9), None, "{bad}");
        }
    }
}
