//! `github-issues`: the JSON that GitHub's REST interface gives for a list of issues, one page or several
//! one after the other. It skips pull requests among them.

mod pages;
pub(crate) mod work;

use std::io::{Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use quantity::Moment;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::file::SteadyFile;
use crate::mistake::{Mistakes, Wrong};
use crate::order::{Entry, Ids, in_time_order};
use crate::table::shown;
use crate::text::cleaned;
use crate::window::Window;
use crate::{By, Fact, Place, Refused, What};
use pages::{Halt, Item, Pages};

/// The name by which a ranking asks for these items.
const LIST: &str = "forge";
/// The longest file, in bytes.
const FILE_MAX: u64 = 256 << 20;
pub(crate) const TITLE_MAX: usize = 300;
pub(crate) const LABEL_MAX: usize = 100;
pub(crate) const URL_MAX: usize = 500;

/// A validated file of issues.
#[derive(Debug)]
pub(crate) struct Issues {
    file: SteadyFile,
    rows: Vec<Entry>,
    pub pull_requests: u64,
    /// Its encoding, where that is not UTF-8.
    pub encoding: Option<&'static str>,
}

/// The members of an issue that are read, each with its place in the text.
#[derive(Deserialize)]
struct RawIssue<'a> {
    #[serde(borrow)]
    number: Option<&'a RawValue>,
    #[serde(borrow)]
    title: Option<&'a RawValue>,
    #[serde(borrow)]
    state: Option<&'a RawValue>,
    #[serde(borrow)]
    labels: Option<&'a RawValue>,
    #[serde(borrow)]
    created_at: Option<&'a RawValue>,
    #[serde(borrow)]
    html_url: Option<&'a RawValue>,
    /// Of a pull request; Forgejo gives each issue one that is `null`.
    #[serde(borrow)]
    pull_request: Option<&'a RawValue>,
    /// GitLab's number within the project.
    #[serde(borrow)]
    iid: Option<&'a RawValue>,
    /// GitLab's page.
    #[serde(borrow)]
    web_url: Option<&'a RawValue>,
    /// As `gh issue list --json` writes them.
    #[serde(borrow, rename = "createdAt")]
    created: Option<&'a RawValue>,
    #[serde(borrow)]
    url: Option<&'a RawValue>,
}

impl<'a> RawIssue<'a> {
    /// Its number where people see it. GitLab's `number` would be another thing than its `iid`, and it has none.
    fn number(&self) -> Option<&'a RawValue> {
        self.iid.or(self.number)
    }

    fn created_at(&self) -> Option<&'a RawValue> {
        self.created_at.or(self.created)
    }

    /// The address of its page. The `url` of an answer that has another address too is one for programs.
    fn page(&self) -> Option<&'a RawValue> {
        self.html_url.or(self.web_url).or(self.url)
    }
}

/// GitHub gives labels as objects, other forges and old exports as plain names.
#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Name(String),
    Object { name: Option<String> },
}

impl Issues {
    /// Validates the whole file.
    pub(crate) fn open(path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Self, Refused> {
        let mut file = SteadyFile::open(path)?;
        if file.length > FILE_MAX {
            return Err(file.fault(format!("the file is larger than {} MiB", FILE_MAX >> 20)));
        }
        // A forge answers in UTF-8; a shell on Windows saves that in UTF-16.
        let encoding = file.in_utf8()?;
        let mut issues = Self { encoding, file, rows: Vec::new(), pull_requests: 0 };
        let mut mistakes = Mistakes::default();
        let mut ids = Ids::default();
        match issues.validate(&mut mistakes, &mut ids, progress) {
            Ok(()) => {}
            Err(Halt::Wrong(wrong)) => mistakes.add(wrong),
            Err(Halt::Io(error)) => return Err(issues.file.fault(error)),
        }
        issues.find_duplicates(ids, &mut mistakes);
        mistakes.refuse(path)?;
        issues.file.check()?;
        in_time_order(&mut issues.rows);
        Ok(issues)
    }

    pub(crate) fn count(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Hands out the facts, oldest first.
    pub(crate) fn facts(&mut self, each: &mut dyn FnMut(Fact) -> ControlFlow<()>) -> Result<(), Refused> {
        self.file.check()?;
        let mut window = Window::default();
        for entry in &self.rows {
            let bytes = window.read(&mut self.file.file, entry.offset, entry.length);
            let bytes = bytes.map_err(|_| self.file.changed())?;
            let place = place(*entry);
            let Ok(Some(fact)) = read(&Item { bytes, offset: entry.offset, place }) else {
                return Err(self.file.changed());
            };
            if each(fact).is_break() {
                return Ok(());
            }
        }
        self.file.check()
    }

    fn validate(
        &mut self,
        mistakes: &mut Mistakes,
        ids: &mut Ids,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Halt> {
        self.file.file.seek(SeekFrom::Start(0)).map_err(Halt::Io)?;
        let mut pages = Pages::new(self.file.file.try_clone().map_err(Halt::Io)?);
        while let Some(item) = pages.next()? {
            progress(item.offset, self.file.length);
            match read(&item) {
                Err(wrong) => mistakes.add(wrong),
                Ok(None) => self.pull_requests += 1,
                Ok(Some(fact)) => {
                    let fits = |n: u64| u32::try_from(n).map_err(|_| too_long(item.place));
                    ids.add(&own_id(&fact), fits(self.rows.len() as u64)?);
                    self.rows.push(Entry {
                        at: fact.at,
                        offset: item.offset,
                        length: fits(item.bytes.len() as u64)?,
                        line: fits(item.place.line)?,
                        column: fits(item.place.column)?,
                        nth: 0,
                        nth_written: 0,
                    });
                }
            }
        }
        progress(self.file.length, self.file.length);
        Ok(())
    }

    fn find_duplicates(&self, ids: Ids, mistakes: &mut Mistakes) {
        for (first, later) in ids.repeated() {
            let rows = (self.rows.get(first as usize), self.rows.get(later as usize));
            if let (Some(first), Some(later)) = rows {
                let Place { line, column } = place(*first);
                let why = format!("this issue is already on line {line}, column {column}");
                mistakes.add(Wrong::at(place(*later), why).help("each may occur only once"));
            }
        }
    }
}

const fn place(entry: Entry) -> Place {
    Place { line: entry.line as u64, column: entry.column as u64 }
}

fn too_long(place: Place) -> Halt {
    Halt::Wrong(Wrong::at(place, "the file is too long"))
}

/// Returns the key that an issue may have only once: its number within its repository.
fn own_id(fact: &Fact) -> String {
    match &fact.what {
        What::Item { place: Some(place), .. } => format!("{place} {}", fact.source),
        _ => fact.source.clone(),
    }
}

/// Returns the issue; none for a pull request.
fn read(item: &Item<'_>) -> Result<Option<Fact>, Wrong> {
    let raw: RawIssue<'_> = serde_json::from_str(item.text()?).map_err(|error| item.json_error(&error))?;
    if raw.pull_request.is_some() {
        return Ok(None);
    }
    let number: u64 = value(item, raw.number(), "number")?;
    let title: String = value(item, raw.title, "title")?;
    let state: String = value(item, raw.state, "state")?;
    let created_at: String = value(item, raw.created_at(), "created_at")?;
    // GitHub and Forgejo say `open`, GitLab `opened`, and `gh` `OPEN`.
    let closed = match state.to_ascii_lowercase().as_str() {
        "open" | "opened" => false,
        "closed" => true,
        _ => {
            let why = format!("`{}` is not a state of an issue", shown(&state));
            return Err(Wrong::at(item.place_of(raw.state), why).help("open or closed"));
        }
    };
    let at = Moment::parse(&shown(&created_at)).map_err(|why| Wrong::at(item.place_of(raw.created_at()), why))?;
    let title = match cleaned(&title, TITLE_MAX) {
        empty if empty.is_empty() => format!("#{number}"),
        title => title,
    };
    let page = raw.page();
    let url = url(item, page)?;
    let what = What::Item {
        list: LIST.to_owned(),
        id: number.to_string(),
        place: url.as_deref().and_then(place_of_page),
        title,
        url,
        labels: labels(item, raw.labels)?,
        closed,
        was_closed: None,
    };
    let source = format!("github-issue:{number}");
    Ok(Some(Fact { place: item.place, at, on: None, source, also: Vec::new(), by: By::Outside, what }))
}

/// Returns the repository of an issue's page, in small letters: `github.com/owner/name` of `https://github.com/owner/name/issues/7`.
#[must_use]
pub fn place_of_page(url: &str) -> Option<String> {
    let (before, number) = url.strip_prefix("https://")?.rsplit_once('/')?;
    let place = before.strip_suffix("/-/issues").or_else(|| before.strip_suffix("/-/work_items"));
    let place = place.or_else(|| before.strip_suffix("/issues"))?;
    // A port is written so that the place can stand in an item's id.
    (number.bytes().all(|byte| byte.is_ascii_digit()) && place.contains('/'))
        .then(|| place.to_ascii_lowercase().replace(':', "_"))
}

fn value<'a, T: Deserialize<'a>>(item: &Item<'_>, raw: Option<&'a RawValue>, name: &str) -> Result<T, Wrong> {
    let missing = || {
        let why = format!("this issue has no `{name}`");
        Wrong::at(item.place, why).help("give the answer of GitHub's REST interface as it is")
    };
    let text = raw.ok_or_else(missing)?;
    serde_json::from_str(text.get()).map_err(|_| Wrong::at(item.place_of(raw), format!("`{name}` has the wrong form")))
}

fn labels(item: &Item<'_>, raw: Option<&RawValue>) -> Result<Vec<String>, Wrong> {
    if raw.is_none() {
        return Ok(Vec::new());
    }
    let labels: Vec<Label> = value(item, raw, "labels")?;
    let names = labels.into_iter().filter_map(|label| match label {
        Label::Name(name) => Some(name),
        Label::Object { name } => name,
    });
    Ok(names.map(|name| cleaned(&name, LABEL_MAX)).filter(|name| !name.is_empty()).collect())
}

/// Only `https`: the address becomes a link on a page.
fn url(item: &Item<'_>, raw: Option<&RawValue>) -> Result<Option<String>, Wrong> {
    if raw.is_none() {
        return Ok(None);
    }
    let url: String = value(item, raw, "url")?;
    let plain = url.len() <= URL_MAX && url.bytes().all(|byte| byte.is_ascii_graphic());
    Ok(Some(url).filter(|url| plain && url.starts_with("https://")))
}
