//! An existing co-op moves in: three tables that are looked at together, and kept by one press. Nothing is kept between the two but
//! what the form carries. The host checks, and the engine decides.

use askama::Template;
use axum::body::Bytes;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use host::inbox::{Door, Handed, Import, LogTime, Newcomers};
use host::move_in::{HandedPapers, MovingIn, Then, Undone, move_in};

use super::bring::not_opened;
use super::table::MOST_TABLE;
use super::upload;
use super::who::Recorder;
use crate::form::value;
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "record/move_in.html")]
struct MoveInPage {
    frame: Frame,
    sheets: Vec<SheetView>,
    balances_on: String,
    wrong: Vec<String>,
    /// A line for each table that was read, and its sums by year.
    found: Vec<(String, String)>,
    notes: Vec<String>,
    /// The report that the import would have.
    would_be: Vec<String>,
}

impl MoveInPage {
    #[allow(clippy::unused_self, reason = "templates call it so")]
    fn no_problem(&self) -> Option<&str> {
        None
    }
}

/// One of the three tables.
#[derive(Clone, Debug)]
struct SheetView {
    id: &'static str,
    title: &'static str,
    hint: &'static str,
    /// As it was pasted or read from the file, with its name.
    text: String,
    name: String,
}

/// The three of them, empty, each with the name of a table that was pasted.
fn sheets() -> Vec<SheetView> {
    let sheet = |id, title, hint, name: &str| SheetView { id, title, hint, text: String::new(), name: name.to_owned() };
    vec![
        sheet("register", words::move_in::REGISTER, words::move_in::REGISTER_HINT, "register.csv"),
        sheet("dues", words::move_in::DUES, words::move_in::DUES_HINT, "dues.csv"),
        sheet("balances", words::move_in::BALANCES, words::move_in::BALANCES_HINT, "balances.csv"),
    ]
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    visitor.recorder()?;
    render(&page(&visitor, sheets(), String::new(), asked.done.as_deref())?)
}

/// Looks at the tables, or keeps them.
pub(crate) async fn take(visitor: Visitor, headers: HeaderMap, body: Bytes) -> Result<Response, Trouble> {
    visitor.me()?;
    visitor.recorder()?;
    let upload = upload::read(&headers, &body)?;
    let (fields, mut sheets) = (upload.fields, sheets());
    let mut wrong = Vec::new();
    for sheet in &mut sheets {
        value(&fields, sheet.id).clone_into(&mut sheet.text);
        let named = value(&fields, &format!("{}_name", sheet.id));
        if !named.is_empty() {
            named.clone_into(&mut sheet.name);
        }
        let own = format!("{}_file", sheet.id);
        if let Some((_, name, bytes)) = upload.files.iter().find(|(field, ..)| *field == own) {
            match bridges::as_text(bytes) {
                Some(text) => (sheet.text, sheet.name) = (text, name.clone()),
                None => wrong.push(format!("{name}: {}", words::record::NOT_TEXT)),
            }
        }
        if sheet.text.len() > MOST_TABLE {
            sheet.text.clear();
            wrong.push(format!("{}: {}", sheet.name, words::record::TOO_LONG));
        }
    }
    let balances_on = value(&fields, "balances_on").trim().to_owned();
    if wrong.is_empty() && sheets.iter().all(|sheet| sheet.text.trim().is_empty()) {
        wrong.push(words::move_in::NOTHING.to_owned());
    }
    if !wrong.is_empty() {
        let page = MoveInPage { wrong, ..page(&visitor, sheets, balances_on, None)? };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response());
    }
    let then = if value(&fields, "do") == "keep" { Then::Keep } else { Then::Look };
    let moved = moves(&visitor, papers(&sheets, &balances_on), Door::Page, then).await?;
    if moved.kept {
        let number = moved.import.and_then(|import| import.number);
        let to = number.map(|number| format!("/imports/{number}?done=moved-in"));
        return Ok(see(to.as_deref().unwrap_or("/record?done=known")));
    }
    let status = if moved.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = with_answer(&visitor, page(&visitor, sheets, balances_on, None)?, moved)?;
    Ok((status, render(&page)?).into_response())
}

fn page(
    visitor: &Visitor,
    sheets: Vec<SheetView>,
    balances_on: String,
    done: Option<&str>,
) -> Result<MoveInPage, Trouble> {
    visitor.see(|sight, _| {
        let frame = visitor.frame(sight, "me", "/record/move-in", done);
        let (wrong, found, notes, would_be) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Ok(MoveInPage { frame, sheets, balances_on, wrong, found, notes, would_be })
    })
}

/// The page with what was found.
fn with_answer(visitor: &Visitor, page: MoveInPage, mut moved: MovingIn) -> Result<MoveInPage, Trouble> {
    let import = moved.import.take();
    let (wrong, notes) = (std::mem::take(&mut moved.wrong), std::mem::take(&mut moved.notes));
    visitor.see(|sight, _| {
        let name = |member| sight.directory.name(member);
        let mut found: Vec<(String, String)> = Vec::new();
        for line in moved.lines(&name) {
            match (line.strip_prefix("  "), found.last_mut()) {
                (Some(year), Some((_, under))) if under.is_empty() => year.clone_into(under),
                (Some(year), Some((_, under))) => *under = format!("{under} · {year}"),
                _ => found.push((line, String::new())),
            }
        }
        let would_be =
            import.iter().flat_map(|import| import.lines(&name)).filter(|line| !notes.contains(line)).collect();
        Ok(MoveInPage { wrong, found, notes, would_be, ..page })
    })
}

/// The tables as they are handed in.
fn papers(sheets: &[SheetView], balances_on: &str) -> HandedPapers {
    let handed = |id: &str| {
        let sheet = sheets.iter().find(|sheet| sheet.id == id && !sheet.text.trim().is_empty());
        sheet.map(|sheet| Handed { name: sheet.name.clone(), bytes: sheet.text.clone().into_bytes() })
    };
    HandedPapers {
        register: handed("register"),
        dues: handed("dues"),
        balances: handed("balances"),
        balances_on: Some(balances_on.to_owned()).filter(|day| !day.is_empty()),
    }
}

/// Looks at what was handed in, or keeps it: the same for the page and the API.
pub(crate) async fn moves(
    visitor: &Visitor,
    papers: HandedPapers,
    door: Door,
    then: Then,
) -> Result<MovingIn, Trouble> {
    let Recorder { by, kinds, recording, .. } = visitor.recorder()?;
    let opened = visitor.costly(move |visitor| visitor.see(|_, coop| papers.open(coop).map_err(not_opened))).await?;
    let time = LogTime::Now(visitor.app.coop.now());
    let import = Import { door, by, time, newcomers: Newcomers::Welcome, kinds, recording, every: None };
    let done = visitor.try_out(move |batch| move_in(batch, opened, &import, then, &mut || ())).await?;
    Ok(Undone::answer(done)?)
}
