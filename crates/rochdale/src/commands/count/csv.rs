//! Small tables as comma-separated values (RFC 4180) with a first line that names the columns. Not the reader of imports, which are
//! streams.

use std::path::Path;

use crate::exit::Exit;

/// A table: its rows as cells, each with its line.
pub struct Table {
    file: String,
    columns: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Table {
    /// Reads a table; empty lines are left out.
    pub fn read(file: &Path, bytes: Vec<u8>) -> Result<Table, Exit> {
        let file = file.display().to_string();
        let text = String::from_utf8(bytes).map_err(|_| Exit::input(format!("{file}:1: the table is not UTF-8")))?;
        let mut rows = records(&file, text.strip_prefix('\u{feff}').unwrap_or(&text))?;
        if rows.is_empty() {
            return Err(Exit::input(format!("{file}:1: the first line names the columns")));
        }
        let (_, columns) = rows.remove(0);
        let columns = columns.iter().map(|name| name.trim().to_lowercase()).collect();
        Ok(Table { file, columns, rows })
    }

    /// Returns the place of a column that must be there once.
    pub fn column(&self, name: &str) -> Result<usize, Exit> {
        let mut places = self.columns.iter().enumerate().filter(|(_, known)| *known == name).map(|(place, _)| place);
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            (None, _) => Err(Exit::input(format!(
                "{}:1: there is no column `{name}`: the first line names {}",
                self.file,
                self.columns.join(", ")
            ))),
            _ => Err(Exit::input(format!("{}:1: the column `{name}` is there twice", self.file))),
        }
    }

    /// Returns the rows: where each stands, and its cells.
    pub fn rows(&self) -> impl Iterator<Item = (String, &[String])> {
        self.rows.iter().map(|(line, cells)| (format!("{}:{line}", self.file), cells.as_slice()))
    }

    /// Returns a name from a row's cell.
    pub fn name<'a>(place: &str, cells: &'a [String], column: usize, what: &str) -> Result<&'a str, Exit> {
        let name = cells.get(column).map_or("", |cell| cell.trim());
        if name.is_empty() { Err(Exit::input(format!("{place}: the {what} is empty"))) } else { Ok(name) }
    }
}

/// Parts a text into records, each with the line on which it begins.
fn records(file: &str, text: &str) -> Result<Vec<(usize, Vec<String>)>, Exit> {
    let mut records = Vec::new();
    let (mut line, mut begun) = (1, 1);
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut signs = text.chars().peekable();
    loop {
        match signs.next() {
            Some('"') if quoted && signs.peek() == Some(&'"') => {
                cell.push('"');
                signs.next();
            }
            Some('"') if quoted => {
                quoted = false;
                if !matches!(signs.peek(), None | Some(',' | '\r' | '\n')) {
                    return Err(Exit::input(format!("{file}:{line}: a quote ends within a cell")));
                }
            }
            Some('"') if cell.is_empty() => quoted = true,
            Some(',') if !quoted => cells.push(std::mem::take(&mut cell)),
            Some('\r') if !quoted && signs.peek() == Some(&'\n') => {}
            Some('\n') if !quoted => {
                cells.push(std::mem::take(&mut cell));
                keep(&mut records, begun, std::mem::take(&mut cells));
                line += 1;
                begun = line;
            }
            Some(sign) => {
                line += usize::from(sign == '\n');
                cell.push(sign);
            }
            None if quoted => return Err(Exit::input(format!("{file}:{begun}: a quote is not closed"))),
            None => {
                cells.push(cell);
                keep(&mut records, begun, cells);
                return Ok(records);
            }
        }
    }
}

fn keep(records: &mut Vec<(usize, Vec<String>)>, line: usize, cells: Vec<String>) {
    if cells.iter().any(|cell| !cell.is_empty()) {
        records.push((line, cells));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        records("t", text).map(|rows| rows.into_iter().map(|(_, cells)| cells).collect()).unwrap_or_default()
    }

    #[test]
    fn quotes_commas_and_line_ends() {
        assert_eq!(cells("a,b\r\n\"x, \"\"y\"\"\",1\n\n"), [["a", "b"], ["x, \"y\"", "1"]]);
        assert_eq!(cells("a,\n,b"), [["a", ""], ["", "b"]]);
        assert!(records("t", "\"a").is_err() && records("t", "\"a\"b").is_err());
        assert_eq!(records("t", "a\n\"x\ny\"\nz").map(|rows| rows[2].0).ok(), Some(4));
    }
}
