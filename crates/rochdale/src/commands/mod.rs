//! The commands, a file each.

pub mod act;
pub mod assent;
pub mod attack;
pub mod backup;
pub mod bench;
pub mod book;
pub mod bridge;
pub mod check;
pub mod count;
pub mod credit;
pub mod device;
pub mod diff;
pub mod document;
pub mod dry_run;
pub mod edition;
pub mod explain;
pub mod export;
pub mod fork;
pub mod format;
pub mod import;
pub mod init;
pub mod invite;
pub mod lsp;
pub mod move_in;
pub mod outbox;
pub mod propose;
pub mod register;
pub mod release;
pub mod serve;
pub mod shell;
pub mod standings;
pub mod status;
pub mod story;
pub mod test_coop;
pub mod token;
pub mod update;
pub mod verify;
pub mod weights;
pub mod who;

use std::io::Write as _;
use std::path::Path;

use engine::State;
use host::{Coop, History, Snapshot, Written, clock};
use quantity::Moment;
use rochdale_log::Head;
use serde::Serialize;

use crate::caller::Caller;
use crate::exit::Exit;

/// Prints one JSON value and nothing else.
pub fn print_json(value: &impl Serialize) -> Result<(), Exit> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// Prints text for people.
pub fn print(text: &str) -> Result<(), Exit> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Returns a number with its word, such as `1 entry`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{number} {word}")
}

/// Opens a co-op for reading.
pub fn read(folder: &Path) -> Result<Coop, Exit> {
    Ok(Coop::open_read(folder, clock::now())?)
}

/// Returns the folder's documents that are not the ones in force. Before the founding there are none.
pub fn edited_documents(folder: &Written, coop: &Snapshot) -> Vec<&'static str> {
    if !coop.is_founded() {
        return Vec::new();
    }
    let differs = |name: &str, hash: &str| {
        std::fs::read(folder.join(name).real()).is_ok_and(|text| engine::digest::hex(&text) != hash)
    };
    documents_in_force(coop).into_iter().filter(|(name, hash)| differs(name, hash)).map(|(name, _)| name).collect()
}

/// Returns the folder's two documents, each with the SHA-256 of the text in force.
pub fn documents_in_force(coop: &Snapshot) -> [(&'static str, String); 2] {
    let state = coop.state();
    let root = state.decision(engine::chamber::ROOT);
    let constitution = root.and_then(|root| root.in_force()).map(|text| text.name.to_string());
    [("kernel.md", state.amendment.in_force.clone()), ("constitution.md", constitution.unwrap_or_default())]
}

/// Warns of them, because the editor of a document expects an effect.
pub fn say_what_differs(caller: &Caller, folder: &Path, coop: &Snapshot) {
    let folder = caller.written(folder);
    for name in edited_documents(&folder, coop) {
        let path = folder.join(name);
        caller.warn(&format!(
            "`{}` is not the text in force: rules are changed with `rochdale propose`, not by editing them here",
            path.display()
        ));
    }
}

/// Reads a date of the command line: a bare date means the end of that day in the co-op's zone.
pub fn date(text: &str, coop: &Snapshot) -> Result<Moment, Exit> {
    let zone = &coop.state().rules.kernel.zone;
    Moment::parse_at_end_of_day(text, zone).map_err(|why| Exit::input(format!("`{text}`: {why}")))
}

/// Reads a date that the log's time may move to. The time never moves back, so a slip of the pen must not bind the co-op
/// for good.
pub fn date_to_move_to(text: &str, coop: &Snapshot) -> Result<Moment, Exit> {
    let at = date(text, coop)?;
    if at.0.saturating_sub(present(coop).0) > HUNDRED_YEARS_US {
        return Err(Exit::input(format!(
            "`{text}` is more than a hundred years ahead, and the log's time never goes back"
        )));
    }
    Ok(at)
}

/// Of 365 days; microseconds.
const HUNDRED_YEARS_US: i64 = 36_500 * 86_400 * 1_000_000;

/// A co-op as of some time.
pub struct AsOf {
    pub state: State,
    pub history: History,
    pub head: Head,
    /// The date that was asked for, else the present.
    pub at: Moment,
}

/// Returns the co-op now, or as of a date.
pub fn as_of(coop: &mut Coop, at: Option<&str>) -> Result<AsOf, Exit> {
    let Some(text) = at else {
        return Ok(AsOf {
            state: coop.state().clone(),
            history: coop.history().clone(),
            head: coop.head(),
            at: present(coop),
        });
    };
    let at = date(text, coop)?;
    let (state, history, head) =
        coop.stood_at(at)?.ok_or_else(|| Exit::no(format!("the co-op was not founded by {at}")))?;
    Ok(AsOf { state, history, head, at })
}

/// Returns the present, or the log's time if that is later.
pub fn present(coop: &Snapshot) -> Moment {
    clock::now().max(if coop.is_founded() { coop.state().time } else { Moment(i64::MIN) })
}

/// RFC 4180, and no cell is a formula.
pub fn csv(rows: &[Vec<String>]) -> String {
    rows.iter()
        .map(|row| row.iter().map(|cell| bridges::export::csv_cell(cell)).collect::<Vec<_>>().join(",") + "\r\n")
        .collect()
}

/// Lines up columns; the first is left-aligned, the others right.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
            if place == 0 {
                line.push_str(cell);
                line.push_str(&pad);
            } else {
                line.push_str("  ");
                line.push_str(&pad);
                line.push_str(cell);
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
