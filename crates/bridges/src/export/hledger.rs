//! A journal for hledger.

use std::collections::BTreeSet;
use std::io;

use super::{BookExport, amount, date, one_line, write_postings};

/// Writes a journal for hledger 1.25 and later.
///
/// Each entry has its number in the log as code and its source as tag. Since `;` and `|` have a meaning in hledger's
/// descriptions, they are written as `,` and `/`.
///
/// # Errors
/// An error of `out`.
pub fn hledger(book: BookExport<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "; {}", one_line(book.title))?;
    writeln!(out)?;
    // Without it, the display of amounts would depend on the first one in the journal.
    writeln!(out, "decimal-mark .")?;
    // The point is written in any case: a format without one would leave open which mark is which.
    let format = amount(0, book.currency);
    let point = if book.currency.digits() > 0 { "" } else { "." };
    writeln!(out, "commodity {format}{point} {}", book.currency.code())?;
    let mut declared = BTreeSet::new();
    for line in &mut *book.entries {
        writeln!(out)?;
        // `hledger check -s` wants each account declared.
        for posting in &line.postings {
            let account = account(&posting.account);
            if !declared.contains(&account) {
                writeln!(out, "account {account}")?;
                declared.insert(account);
            }
        }
        let narration = description(&line.narration);
        let tag = source(&line.source);
        writeln!(out, "{} * ({}) {narration}  ; source:{tag}", date(&line), line.number)?;
        write_postings(out, &line, book.currency, account)?;
    }
    Ok(())
}

/// Replaces commas and line ends, which would end a tag's value.
fn source(text: &str) -> String {
    one_line(text).replace(',', ".")
}

fn description(text: &str) -> String {
    one_line(text).replace(';', ",").replace('|', "/")
}

/// Account names hold no double space (the amount follows one), and do not begin with a sign that would
/// make a posting virtual or a line a comment.
fn account(name: &str) -> String {
    let parts = name.split(':').map(|part| {
        let kept: String = part.chars().map(|c| if "()[];*!\"".contains(c) { '-' } else { c }).collect();
        let kept = one_line(&kept);
        if kept.is_empty() { "-".to_owned() } else { kept }
    });
    parts.collect::<Vec<_>>().join(":")
}
