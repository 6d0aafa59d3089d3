//! The answer of a move: counts and sums of each paper, what is wrong, what somebody should know, and the report of the import.

use engine::Pseudonym;
use quantity::{Currency, Moment, format_decimal};
use schemars::JsonSchema;
use serde::Serialize;

use crate::inbox::Report;

/// A move that was looked at, or kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MovingIn {
    /// Whether it is in the log; else nothing of it is.
    pub kept: bool,
    /// Every line at fault, up to 60, and how many more; nothing is kept while there is one.
    pub wrong: Vec<String>,
    /// Sentences that somebody should read before they keep it.
    pub notes: Vec<String>,
    /// The register.
    pub register: Option<RegisterIn>,
    /// The dues.
    pub dues: Option<DuesIn>,
    /// The opening balances.
    pub balances: Option<OpeningIn>,
    /// The report of the import: of one that was only looked at, what it would be.
    pub import: Option<Report>,
    /// Dues that were paid before are in the opening balances.
    #[serde(skip)]
    pub(super) books_from: Option<Moment>,
}

/// The rows of a register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RegisterIn {
    /// The file's name.
    pub file: String,
    /// Those who are members.
    pub members: u64,
    /// Those who have left.
    pub left: u64,
    /// Of all of them: organisations.
    pub organisations: u64,
    /// Of all of them: those whom the log knows by their number.
    pub known: u64,
    /// The first and the last day of joining.
    pub joined: Option<[String; 2]>,
}

/// The rows of dues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DuesIn {
    /// The file's name.
    pub file: String,
    /// How many rows.
    pub records: u64,
    /// All together, minor units, less what was taken back.
    pub amount: i64,
    /// The currency's code.
    pub currency: String,
    /// By calendar year.
    pub years: Vec<DuesOfYear>,
    /// Rows from before the opening balances: they give support and leave the book alone.
    pub in_balances: u64,
}

/// The dues of a calendar year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DuesOfYear {
    /// Such as `2024`.
    pub year: String,
    /// How many rows.
    pub records: u64,
    /// Their sum, minor units.
    pub amount: i64,
}

/// Opening balances.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpeningIn {
    /// The file's name.
    pub file: String,
    /// The day that begins with them.
    pub day: String,
    /// Accounts that are not 0.
    pub accounts: u64,
    /// The sum of either side, minor units.
    pub side: i64,
    /// The currency's code.
    pub currency: String,
    /// Whether the log has them already.
    pub known: bool,
}

impl MovingIn {
    /// Returns it in words, a line each. `name` says whom a pseudonym is of.
    #[must_use]
    pub fn lines(&self, name: &dyn Fn(Pseudonym) -> String) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(self.register.iter().map(RegisterIn::words));
        if let Some(dues) = &self.dues {
            lines.push(dues.words());
            lines.extend(dues.years.iter().map(|year| format!("  {}", year.words(&dues.currency))));
        }
        lines.extend(self.balances.iter().map(OpeningIn::words));
        lines.extend(self.notes.iter().map(|note| format!("note: {note}")));
        if let Some(import) = &self.import {
            // The notes are among those of the report.
            let report = import.lines(name).into_iter().filter(|line| !self.notes.contains(line));
            let how = if self.kept { "" } else { "would be: " };
            lines.extend(report.map(|line| format!("{how}{line}")));
        }
        lines
    }
}

impl RegisterIn {
    /// Returns it in words.
    #[must_use]
    pub fn words(&self) -> String {
        let members = counted(self.members, "member", "members");
        let left = match self.left {
            0 => String::new(),
            1 => ", 1 who has left".to_owned(),
            left => format!(", {left} who have left"),
        };
        let known = match self.known {
            0 => String::new(),
            known => format!(", {known} of them known here by their number"),
        };
        let joined = match &self.joined {
            Some([first, last]) if first == last => format!("; joined on {first}"),
            Some([first, last]) => format!("; joined from {first} to {last}"),
            None => String::new(),
        };
        format!("{}: {members}{left}{known}{joined}", self.file)
    }
}

impl DuesIn {
    /// Returns it in words.
    #[must_use]
    pub fn words(&self) -> String {
        let rows = counted(self.records, "row", "rows");
        format!("{}: {rows} of dues, {} in all", self.file, money(self.amount, &self.currency))
    }
}

impl DuesOfYear {
    /// Returns it in words.
    #[must_use]
    pub fn words(&self, currency: &str) -> String {
        let rows = counted(self.records, "row", "rows");
        format!("{}: {rows}, {}", self.year, money(self.amount, currency))
    }
}

impl OpeningIn {
    /// Returns it in words.
    #[must_use]
    pub fn words(&self) -> String {
        let accounts = counted(self.accounts, "account", "accounts");
        let known = if self.known { "; the book has them already" } else { "" };
        let side = money(self.side, &self.currency);
        format!("{}: {accounts} as {} begins, {side} on either side{known}", self.file, self.day)
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// A sum of money in words.
pub(super) fn money(minor: i64, currency: &str) -> String {
    let digits = Currency::parse(currency).map_or(2, |known| known.digits());
    format!("{} {currency}", format_decimal(minor, digits))
}
