//! The page of a power: what its holder may do, in forms; and, for others, who has it.

use super::{Asked, Frame, render, see};
use crate::app::App;
use crate::form::{self, Fields};
use crate::hosted::down;
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use views::{PowerForm, PowerView, Problem, RefusalView};

#[derive(Template)]
#[template(path = "power_show.html")]
struct PowerPage {
    frame: Frame,
    view: PowerView,
    typed: Fields,
    problems: Vec<Problem>,
    no: Option<RefusalView>,
    /// What makes an expense that is handed in twice the same as once.
    source: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(power): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let me = visitor.me.as_deref().ok_or(Trouble::Nobody)?;
    let view = app.desk.power(me, &power, &asked.query)?;
    let page = PowerPage::new(&app, &visitor, view, asked.done.as_deref())?;
    render(&page)
}

/// Does what was asked for. What cannot be read, and what the rules refuse, comes back as it was typed.
pub(crate) async fn take(
    State(app): State<App>,
    visitor: Visitor,
    Path(power): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    let view = app.desk.power(&me, &power, form::value(&fields, "query"))?;
    let done = done(&view.form, &fields);
    let may = !view.held.is_empty();
    let trouble = match form::deed(&view, &fields) {
        Err(problems) => Trouble::BadInput(problems),
        Ok(deed) => {
            let used = app.at_desk(move |desk| desk.use_power(&me, &deed)).await;
            match used {
                Ok(()) => return Ok(see(&format!("/powers/{}?done={done}", view.power))),
                Err(trouble) => trouble,
            }
        }
    };
    let status = trouble.status();
    let page = PowerPage::new(&app, &visitor, view, None)?;
    let page = match trouble {
        Trouble::BadInput(problems) if may => PowerPage { problems, ..page },
        Trouble::Refused(no) if may => PowerPage { no: Some(no), ..page },
        other => return Err(other),
    };
    let page = page.with_typed(fields);
    Ok((status, render(&page)?).into_response())
}

/// Which word of thanks follows.
fn done(form: &PowerForm, fields: &Fields) -> &'static str {
    match (form, form::value(fields, "do")) {
        (PowerForm::Admit, _) => "admitted",
        (PowerForm::KeepList(_), "off") => "off-list",
        (PowerForm::KeepList(_), _) => "on-list",
        (PowerForm::CloseIssue(_), "close") => "item-closed",
        (PowerForm::CloseIssue(_), _) => "item-opened",
        (PowerForm::Spend(_), _) => "booked",
    }
}

impl PowerPage {
    fn new(app: &App, visitor: &Visitor, view: PowerView, done: Option<&str>) -> Result<Self, Trouble> {
        let path = format!("/powers/{}", view.power);
        let source = match view.form {
            PowerForm::Spend(_) => host::new_code().map_err(down)?,
            _ => String::new(),
        };
        Ok(Self {
            frame: Frame::new(app, visitor, "me", &path, done)?,
            typed: begun(&view.form),
            view,
            problems: Vec::new(),
            no: None,
            source,
        })
    }

    fn with_typed(mut self, typed: Fields) -> Self {
        let recorded = engine::Rule::SourceAlreadyRecorded.name();
        if self.no.as_ref().is_none_or(|no| no.name != recorded) {
            form::value(&typed, "source").clone_into(&mut self.source);
        }
        self.typed = typed;
        self
    }

    fn typed(&self, field: &str) -> &str {
        form::value(&self.typed, field)
    }

    fn problem(&self, field: &str) -> Option<&str> {
        let found = self.problems.iter().find(|problem| problem.field == field);
        found.map(|problem| problem.words.as_str())
    }

    fn heading(&self) -> &'static str {
        match self.view.form {
            PowerForm::Admit => "Admit a member",
            PowerForm::KeepList(_) => "Keep lists of members",
            PowerForm::CloseIssue(_) => "Open or close an item",
            PowerForm::Spend(_) => "Book an expense",
        }
    }
}

/// What stands in a form before anything is typed.
fn begun(form: &PowerForm) -> Fields {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    match form {
        PowerForm::Admit => Vec::new(),
        PowerForm::KeepList(_) => vec![pair("do", "on")],
        PowerForm::CloseIssue(_) => Vec::new(),
        PowerForm::Spend(form) => {
            let from = match form.from.as_slice() {
                [only] => only,
                _ => "",
            };
            vec![pair("day", &form.today), pair("from", from)]
        }
    }
}
