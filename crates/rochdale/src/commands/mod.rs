//! The commands, a file each.

pub mod act;
pub mod backup;
pub mod bench;
pub mod book;
pub mod check;
pub mod count;
pub mod export;
pub mod import;
pub mod init;
pub mod serve;
pub mod standings;
pub mod status;
pub mod update;
pub mod verify;
pub mod weights;

use std::io::Write as _;
use std::path::Path;

use engine::State;
use host::{Coop, clock};
use quantity::Moment;
use serde::Serialize;
use views::History;

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

/// Opens a co-op for reading.
pub fn read(folder: &Path) -> Result<Coop, Exit> {
    Ok(Coop::open_read(folder, clock::now())?)
}

/// Opens a co-op for writing.
pub fn write(folder: &Path) -> Result<Coop, Exit> {
    Ok(Coop::open(folder, clock::now())?)
}

/// A date of the command line: a bare date means the end of that day in the co-op's zone.
pub fn date(text: &str, coop: &Coop) -> Result<Moment, Exit> {
    let zone = &coop.state().rules.kernel.zone;
    Moment::parse_at_end_of_day(text, zone).map_err(|why| Exit::input(format!("`{text}`: {why}")))
}

/// The state and its history now, or as the log stood at a date.
pub fn as_of(coop: &mut Coop, at: Option<&str>) -> Result<(State, History), Exit> {
    let Some(text) = at else {
        return Ok((coop.state().clone(), coop.history().clone()));
    };
    let moment = date(text, coop)?;
    coop.state_at(moment)?
        .ok_or_else(|| Exit::no(format!("the co-op was not founded by {moment}")))
}

/// The present, or the log's time if that is later.
pub fn present(coop: &Coop) -> Moment {
    clock::now().max(if coop.is_founded() {
        coop.state().time
    } else {
        Moment(i64::MIN)
    })
}

/// Lines up columns; the first is left-aligned, the others right.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
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
