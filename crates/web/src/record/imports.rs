//! The reports of imports: a list, newest first, and each by its number. Members read their numbers; the lines of a file are for
//! those who may record, since strangers wrote them.

use crate::frame::{Asked, Frame};
use crate::paging::Page;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Html;
use engine::Pseudonym;
use host::Snapshot;
use host::inbox::{Door, Report, Sum};
use views::{Directory, Sight};

use super::who::recorder;

/// How much of a report somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sees {
    Everything,
    /// Its numbers.
    Counts,
}

#[derive(Template)]
#[template(path = "record/imports.html")]
struct ImportsPage {
    frame: Frame,
    rows: Vec<ReportRow>,
    next: Option<String>,
    previous: Option<String>,
    may_record: bool,
}

#[derive(Template)]
#[template(path = "record/import.html")]
struct ImportPage {
    frame: Frame,
    row: ReportRow,
    /// The support that was recorded, a row for each kind and unit.
    sums: Vec<(String, u64, String)>,
    lines: Vec<String>,
    files: Vec<(String, Option<String>, u64)>,
    may_record: bool,
}

/// A report in the list.
struct ReportRow {
    number: u64,
    at: views::Moment,
    headline: String,
    /// The support that it recorded, by kind.
    sums: String,
    refused: bool,
    /// By which door, by whom, and of which files.
    way: String,
}

pub(crate) async fn list(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    visitor.page(|sight, coop| {
        let sees = sees(&visitor, sight, coop)?;
        let (reports, page) = page(coop, asked.cursor.as_deref())?;
        Ok(ImportsPage {
            frame: visitor.frame(sight, "money", "/imports", asked.done.as_deref()),
            rows: reports.iter().map(|report| row(report, sight, coop)).collect(),
            next: page.next,
            previous: page.previous,
            may_record: sees == Sees::Everything,
        })
    })
}

pub(crate) async fn show(
    visitor: Visitor,
    Path(number): Path<u64>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    visitor.page(|sight, coop| {
        let sees = sees(&visitor, sight, coop)?;
        let report = coop.report(number)?.ok_or(Trouble::Absent)?;
        let row = row(&report, sight, coop);
        let report = shown(report, sees, sight.directory);
        let sums = report.taken.sums.iter();
        let sums = sums.map(|sum| (sum.kind.clone(), sum.records, sum.amount_words())).collect();
        let files = report.files.iter().map(|file| (file.name.clone(), file.kind.clone(), file.records)).collect();
        // The first line is the headline, and the sums are a table.
        let passed = 1 + report.taken.sums.len() * usize::from(report.refused.is_empty());
        let lines = report.lines(&|member| sight.directory.name(member)).into_iter().skip(passed).collect();
        let frame = visitor.frame(sight, "money", &format!("/imports/{number}"), asked.done.as_deref());
        Ok(ImportPage { frame, row, sums, lines, files, may_record: sees == Sees::Everything })
    })
}

/// How much of reports the sender of a request sees; nobody sees nothing.
pub(crate) fn sees(visitor: &Visitor, sight: &Sight<'_>, coop: &Snapshot) -> Result<Sees, Trouble> {
    match recorder(visitor, sight, coop) {
        Ok(_) => Ok(Sees::Everything),
        Err(_) if sight.me.is_some() => Ok(Sees::Counts),
        Err(_) if visitor.bearer.is_some() => Err(Trouble::OutOfScope),
        Err(_) => Err(Trouble::Nobody),
    }
}

/// The reports on the page of a cursor, newest first. Some of the oldest may not be kept any more.
pub(crate) fn page(coop: &Snapshot, cursor: Option<&str>) -> Result<(Vec<Report>, Page), Trouble> {
    let total = usize::try_from(coop.last_report()?).unwrap_or(usize::MAX);
    let page = Page::of(total, cursor)?;
    let mut reports = Vec::new();
    for place in page.range.clone().rev() {
        reports.extend(coop.report(place as u64 + 1)?);
    }
    Ok((reports, page))
}

/// A report as somebody sees it, with the names of new members as they are now.
pub(crate) fn shown(mut report: Report, sees: Sees, directory: Directory<'_>) -> Report {
    let taken = &mut report.taken;
    taken.new_names = taken.newcomers.iter().map(|member| directory.name(*member)).collect();
    if sees == Sees::Counts {
        taken.left_out_first.clear();
        taken.differ_first.clear();
        taken.notes.clear();
        report.refused.truncate(1);
        report.refused.iter_mut().for_each(|line| words::record::LINES_FOR_RECORDERS.clone_into(line));
    }
    report
}

fn row(report: &Report, sight: &Sight<'_>, coop: &Snapshot) -> ReportRow {
    let name = |member: Pseudonym| sight.directory.name(member);
    let door = match report.door {
        Door::Page => words::record::BY_PAGE,
        Door::Api => words::record::BY_API,
        Door::Folder => words::record::BY_FOLDER,
        Door::Command => words::record::BY_COMMAND,
        Door::Bridge => words::record::BY_BRIDGE,
    };
    let who = match (report.by.member, &report.by.token) {
        // The token of a bridge is the forge's, and named by the repository.
        (Some(member), Some(_)) if report.door == Door::Bridge => name(member),
        (None, Some(_)) if report.door == Door::Bridge => words::record::THE_OPERATOR.to_owned(),
        (None, None) => words::record::THE_OPERATOR.to_owned(),
        (Some(member), None) => name(member),
        (None, Some(token)) => words::record::token_of(token, words::record::THE_OPERATOR),
        (Some(member), Some(token)) => words::record::token_of(token, name(member)),
    };
    let files: Vec<&str> = report.files.iter().map(|file| file.name.as_str()).collect();
    ReportRow {
        number: report.number.unwrap_or_default(),
        at: coop.shown_time(report),
        headline: report.lines(&name).into_iter().next().unwrap_or_default(),
        sums: report.taken.sums.iter().map(Sum::words).collect::<Vec<_>>().join(" · "),
        refused: !report.refused.is_empty(),
        way: words::record::way(door, who, files.join(", ")),
    }
}
