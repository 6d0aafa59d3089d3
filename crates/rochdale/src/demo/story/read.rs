//! A story's Markdown: its tables and documents, in order. Everything else is for the reader.

use std::collections::BTreeMap;

use quantity::{Moment, Zone};

use crate::exit::Exit;

/// A story as it was read.
#[derive(Clone, Debug)]
pub struct Story {
    file: String,
    /// The co-op's name.
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    /// When the co-op is founded.
    pub founded: Moment,
    /// Acts and expectations, in the order of the page.
    pub tables: Vec<Table>,
    /// Texts that members propose, by the story's name for them.
    pub documents: BTreeMap<String, String>,
}

/// One table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its kind.
    pub about: About,
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line, from 1.
    pub line: usize,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
    /// Of an act: noon of its date.
    pub day: Option<Moment>,
}

/// The kind of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Who does what.
    Acts,
    /// The expected results by the end of a day.
    Expected {
        /// The day's last instant.
        until: Moment,
        /// The values that are compared.
        what: What,
    },
}

/// The values that a table compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Members' weights.
    Weight,
    /// Candidates' or items' votes on this decision.
    Votes(String),
    /// Decisions' capacities.
    Capacity,
    /// Who holds what.
    Seats,
    /// The share that members have not placed.
    Free,
    /// Versions of this release clause, and who may fetch them.
    Releases(String),
    /// The outcomes since the last such table.
    Outcomes,
    /// This pool's money.
    Money(String),
    /// Members' credit.
    Credit,
}

/// The longest time that a story lasts.
const LONGEST_SECONDS: i64 = 50 * 366 * 86_400;
/// Acts are handed in at noon: after the update of that night.
const NOON_SECONDS: i64 = 12 * 3_600;
/// The heads of the table that every story begins with.
const SETTING: [&str; 3] = ["co-op", "currency", "founded"];

impl Story {
    /// Reads the story in `file`.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read(file: &str, text: &str) -> Result<Story, Exit> {
        let wrong = |(line, why): (usize, String)| Exit::input(format!("{file}:{line}: {why}"));
        let mut setting = None;
        let mut tables = Vec::new();
        let mut documents = BTreeMap::new();
        let mut lines = (1..).zip(text.lines()).peekable();
        // Fenced documents and tables are the story; prose is passed over (docs/spec/templates.md, Stories).
        while let Some((line, text)) = lines.next() {
            if let Some(fence) = Fence::open(text) {
                let body = lines.by_ref().map(|(_, text)| text);
                let body: Vec<&str> = body.take_while(|text| !fence.closes(text)).collect();
                if let Some(name) = fence.name {
                    documents.insert(name, body.join("\n") + "\n");
                }
            } else if text.starts_with('|') {
                let heads = cells(text);
                let mut rows = Vec::new();
                while let Some((line, text)) = lines.next_if(|(_, text)| text.starts_with('|')) {
                    rows.push((line, cells(text)));
                }
                // The first row is Markdown's line of dashes.
                if !rows.is_empty() {
                    rows.remove(0);
                }
                if heads == SETTING {
                    setting = rows.into_iter().next().map(|(_, cells)| (line, cells));
                } else {
                    tables.push(table(line, heads, rows).map_err(wrong)?);
                }
            }
        }
        // The setting is needed before any act: it gives the founding's day and the currency.
        let missing = || {
            let heads = SETTING.join("`, `");
            wrong((1, format!("the table `{heads}` is missing")))
        };
        let (line, cells) = setting.ok_or_else(missing)?;
        let [name, currency, founded] = cells.as_slice() else {
            return Err(wrong((line, "the table has three columns".to_owned())));
        };
        let founded = Moment::parse(founded).map_err(|why| wrong((line, why)))?;
        // The limit bounds the updates that a mistyped year would make.
        let end = founded.plus_seconds(LONGEST_SECONDS);
        if let Some(line) = tables.iter().find_map(|table| table.line_after(end)) {
            return Err(wrong((line, "a story lasts 50 years at most".to_owned())));
        }
        Ok(Story { file: file.to_owned(), name: name.clone(), currency: currency.clone(), founded, tables, documents })
    }

    /// Returns the place of a line of the story, as messages name it.
    pub(super) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.file)
    }

    /// Reports a line that cannot be played.
    pub(super) fn wrong(&self, line: usize, why: &str) -> Exit {
        Exit::input(format!("{}: {why}", self.at(line)))
    }
}

impl Table {
    /// Returns the first line that is about a time after `end`.
    fn line_after(&self, end: Moment) -> Option<usize> {
        let until = match &self.about {
            About::Acts => None,
            About::Expected { until, .. } => Some(*until),
        };
        let late = |row: &&Row| row.day.max(until).is_some_and(|at| at > end);
        self.rows.iter().find(late).map(|row| row.line)
    }
}

/// A fenced block; one that is a document has a name.
struct Fence {
    marks: usize,
    name: Option<String>,
}

impl Fence {
    fn open(text: &str) -> Option<Fence> {
        let info = text.trim_start_matches('`');
        let marks = text.len() - info.len();
        let name = info.strip_prefix("document ");
        (marks >= 3).then(|| Fence { marks, name: name.map(|name| name.trim().to_owned()) })
    }

    fn closes(&self, text: &str) -> bool {
        text.len() >= self.marks && text.bytes().all(|byte| byte == b'`')
    }
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
    inner.split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn table(line: usize, heads: Vec<String>, rows: Vec<(usize, Vec<String>)>) -> Result<Table, (usize, String)> {
    let about = about(&heads).map_err(|why| (line, why))?;
    let mut day = None;
    let mut read = Vec::new();
    for (line, cells) in rows {
        if cells.len() != heads.len() {
            let why = format!("{} cells under {} heads", cells.len(), heads.len());
            return Err((line, why));
        }
        // An empty date is that of the row above.
        if let Some(date) = cells.first().filter(|_| about == About::Acts)
            && !date.is_empty()
        {
            let midnight = Moment::parse(date).map_err(|why| (line, why))?;
            day = Some(midnight.plus_seconds(NOON_SECONDS));
        }
        read.push(Row { line, cells, day });
    }
    Ok(Table { about, heads, rows: read })
}

fn about(heads: &[String]) -> Result<About, String> {
    let first = heads.first().map_or("", String::as_str);
    if first == "date" {
        return Ok(About::Acts);
    }
    let unknown = || format!("no table begins with `{first}`");
    let (what, date) = first.rsplit_once(" on ").or_else(|| first.rsplit_once(" to ")).ok_or_else(unknown)?;
    let what = match what {
        "weight" => What::Weight,
        "capacity" => What::Capacity,
        "seats" => What::Seats,
        "free" => What::Free,
        "credit" => What::Credit,
        "outcomes" => What::Outcomes,
        _ if what.starts_with("money of ") => What::Money(what.trim_start_matches("money of ").to_owned()),
        _ if what.starts_with("releases of ") => What::Releases(what.replacen("releases of ", "", 1)),
        _ => What::Votes(what.strip_prefix("votes for ").ok_or_else(unknown)?.to_owned()),
    };
    let until = Moment::parse_at_end_of_day(date, &Zone::utc())?;
    Ok(About::Expected { until, what })
}
