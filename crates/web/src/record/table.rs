//! A pasted table, or a file: looked at first, then recorded as a whole. One with columns that nobody knows is mapped by hand. Nothing
//! is kept between the two steps but what the form carries, so that nothing typed is lost.

use super::bring::{Settings, Share, bring, not_opened, opened};
use super::{RecordPage, upload};
use crate::form::{Fields, value};
use crate::frame::{render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bridges::{Kind, Layout, Mapping, Origin, columns_of};
use host::inbox::{Door, Handed, Named, rhythm};

/// The longest table of a page, bytes: the page shows it again.
pub(super) const MOST_TABLE: usize = 1 << 20;
/// The longest example of a column, letters.
const MOST_EXAMPLE: usize = 30;

/// The second half of the page: the table, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct TableView {
    /// As it was pasted or read from the file.
    pub(super) text: String,
    pub(super) name: String,
    pub(super) new_members: bool,
    /// How often such a file is expected, as it was typed.
    pub(super) every: String,
    /// Every line at fault, or whatever else is wrong.
    pub(super) wrong: Vec<String>,
    /// Its kind and how many records it has, once it can be recorded.
    pub(super) is: Option<String>,
    /// The question which column is which.
    pub(super) map: Option<MapView>,
    /// The answers to it, which go on with the form.
    pub(super) answers: Fields,
}

impl TableView {
    /// The table of a form: that of the file, where one was chosen.
    fn of(upload: upload::Upload) -> Result<(TableView, Fields), Trouble> {
        let fields = upload.fields;
        let mut view = TableView {
            text: value(&fields, "text").to_owned(),
            name: value(&fields, "file_name").to_owned(),
            new_members: value(&fields, "new_members") == "yes",
            every: value(&fields, "every").trim().to_owned(),
            answers: fields.iter().filter(|(name, _)| is_answer(name)).cloned().collect(),
            ..TableView::default()
        };
        let Some((_, name, bytes)) = upload.files.into_iter().next() else { return Ok((view, fields)) };
        let text = bridges::as_text(&bytes).ok_or_else(|| Trouble::bad("file", words::record::NOT_TEXT));
        (view.text, view.name) = (text?, name);
        // Answers were about another table.
        view.answers.clear();
        Ok((view, fields.into_iter().filter(|(name, _)| !is_answer(name)).collect()))
    }
}

/// Which column is which?
#[derive(Debug, Default)]
pub(super) struct MapView {
    /// The kind of file that its rows are said to be.
    pub(super) kind: &'static str,
    /// The columns of the table, each with its place, and an example.
    pub(super) columns: Vec<(String, String)>,
    pub(super) targets: Vec<Target>,
}

/// One column that is asked for.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) needed: bool,
    /// Whether one text may stand for it in every row.
    pub(super) may_be_said: bool,
    /// The column that was chosen, and the text that was said.
    pub(super) chosen: String,
    pub(super) said: String,
}

/// Looks at a table, or records it.
pub(crate) async fn take(visitor: Visitor, headers: HeaderMap, body: Bytes) -> Result<Response, Trouble> {
    visitor.me()?;
    visitor.recorder()?;
    let upload = upload::read(&headers, &body)?;
    let (mut view, fields) = TableView::of(upload)?;
    if view.name.is_empty() {
        PASTED.clone_into(&mut view.name);
    }
    if view.text.trim().is_empty() {
        view.wrong.push(words::record::NO_TABLE.to_owned());
    } else if view.text.len() > MOST_TABLE {
        view.wrong.push(words::record::TOO_LONG.to_owned());
    }
    let every = (!view.every.is_empty()).then(|| rhythm(&view.every)).transpose();
    view.wrong.extend(every.as_ref().err().cloned());
    let (true, Ok(every)) = (view.wrong.is_empty(), every) else { return again(&visitor, view) };
    let handed = Handed { name: view.name.clone(), bytes: view.text.clone().into_bytes() };
    let layout = handed.layout().map_err(not_opened)?;
    let known = visitor.see(|_, coop| Ok(coop.mapping(&layout)?))?;
    let is_said = !value(&fields, "kind").is_empty();
    // Somebody who says it anew is heard.
    let mapping = match (is_said, layout.kind.is_some() || known.is_some()) {
        (true, _) => answered(&layout, &fields).map(Some),
        (false, true) => Ok(None),
        (false, false) => Err(Vec::new()),
    };
    let mapping = match mapping {
        Ok(mapping) => mapping,
        Err(missing) => {
            view.map = Some(question(&layout, &fields));
            view.wrong = missing;
            return again(&visitor, view);
        }
    };
    let (door, share) = (Door::Page, Share::OfItsOwn);
    let settings = Settings { door, kind: None, mapping, new_members: view.new_members, share, every };
    let done = match value(&fields, "do") {
        "record" => bring(&visitor, handed, settings).await.map(|report| Some(report.number)),
        _ => opened(&visitor, handed, &settings).await.map(|named| {
            view.is = Some(is_words(&named));
            None
        }),
    };
    match done {
        Ok(Some(Some(number))) => Ok(see(&format!("/imports/{number}?done=imported"))),
        Ok(Some(None)) if every.is_some() => Ok(see("/sources?done=heard")),
        Ok(Some(None)) => Ok(see("/record?done=known")),
        Ok(None) => again(&visitor, view),
        Err(Trouble::BadInput(problems)) => {
            view.map = is_said.then(|| question(&layout, &fields));
            view.wrong = problems.into_iter().map(|problem| problem.words).collect();
            again(&visitor, view)
        }
        Err(Trouble::Refused(refusal)) => {
            view.wrong = vec![refusal.happened];
            again(&visitor, view)
        }
        Err(trouble) => Err(trouble),
    }
}

/// Says what a table is and how many records it has.
fn is_words(named: &Named) -> String {
    let records = match named.source.count() {
        1 => words::record::RECORDS_ONE.to_owned(),
        count => words::record::records(views::decimal(count.into(), 0, 0)),
    };
    words::record::it_is(kind_words(named.source.kind()), records)
}

/// The name of a table that was pasted.
const PASTED: &str = "table.csv";

fn again(visitor: &Visitor, view: TableView) -> Result<Response, Trouble> {
    let status = if view.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = RecordPage { table: view, ..RecordPage::new(visitor, None)? };
    Ok((status, render(&page)?).into_response())
}

fn is_answer(name: &str) -> bool {
    name == "kind" || name.starts_with("column.") || name.starts_with("always.")
}

/// The kind that somebody says the rows are.
fn kind_said(fields: &Fields) -> Kind {
    match value(fields, "kind") {
        "members-csv" => Kind::MembersCsv,
        _ => Kind::SupportCsv,
    }
}

/// The columns that are asked for: those that a page can explain.
fn targets(kind: Kind) -> Vec<(&'static str, &'static str, bool)> {
    let label = |name: &str| match name {
        "member" => Some(words::record::COLUMN_MEMBER),
        "kind" => Some(words::record::COLUMN_KIND),
        "amount" => Some(words::record::COLUMN_AMOUNT),
        "unit" => Some(words::record::COLUMN_UNIT),
        "given_at" => Some(words::record::COLUMN_GIVEN_AT),
        "source" => Some(words::record::COLUMN_SOURCE),
        "takes_back" => Some(words::record::COLUMN_TAKES_BACK),
        "name" => Some(words::record::COLUMN_NAME),
        "email" => Some(words::record::COLUMN_EMAIL),
        "handle" => Some(words::record::COLUMN_HANDLE),
        "joined" => Some(words::record::COLUMN_JOINED),
        "lists" => Some(words::record::COLUMN_LISTS),
        _ => None,
    };
    let columns = columns_of(kind).into_iter();
    columns.filter_map(|(name, needed)| Some((name, label(name)?, needed))).collect()
}

/// The mapping that was answered; what is missing where it is not whole.
fn answered(layout: &Layout, fields: &Fields) -> Result<Mapping, Vec<String>> {
    let kind = kind_said(fields);
    let (mut columns, mut missing) = (Vec::new(), Vec::new());
    for (name, label, needed) in targets(kind) {
        let chosen = value(fields, &format!("column.{name}")).parse::<usize>().ok();
        let said = value(fields, &format!("always.{name}")).trim();
        match (chosen.filter(|at| *at < layout.columns.len()), said) {
            (Some(at), _) => columns.push((name.to_owned(), Origin::Cell(at))),
            (None, said) if !said.is_empty() => columns.push((name.to_owned(), Origin::Always(said.to_owned()))),
            _ if needed => missing.push(words::record::needed(label)),
            _ => {}
        }
    }
    if missing.is_empty() { Ok(Mapping { kind, columns }) } else { Err(missing) }
}

/// The question, with what was answered so far.
fn question(layout: &Layout, fields: &Fields) -> MapView {
    let kind = kind_said(fields);
    let columns = layout.columns.iter().enumerate().map(|(at, name)| {
        let example: String = layout.example.get(at).map_or("", String::as_str).chars().take(MOST_EXAMPLE).collect();
        let told = if example.is_empty() { name.clone() } else { words::record::column_example(name, example) };
        (at.to_string(), told)
    });
    let targets = targets(kind).into_iter().map(|(name, label, needed)| Target {
        name,
        label,
        needed,
        may_be_said: matches!(name, "kind" | "unit"),
        chosen: value(fields, &format!("column.{name}")).to_owned(),
        said: value(fields, &format!("always.{name}")).to_owned(),
    });
    MapView { kind: kind.name(), columns: columns.collect(), targets: targets.collect() }
}

pub(crate) fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::OpenCollectiveCsv => words::record::KIND_OPEN_COLLECTIVE,
        Kind::CommitsCsv => words::record::KIND_COMMITS,
        Kind::Git => words::record::KIND_GIT,
        Kind::GithubIssues => words::record::KIND_ISSUES,
        Kind::MembersCsv => words::record::KIND_MEMBERS,
        Kind::SupportCsv => words::record::KIND_SUPPORT,
        Kind::Forge => words::record::KIND_FORGE,
        Kind::Balances => words::record::KIND_BALANCES,
    }
}
