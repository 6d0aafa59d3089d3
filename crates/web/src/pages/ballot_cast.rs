//! A member's two ballots on an election: first what they would change, then casting them.

use super::decision_show::DecisionPage;
use super::{render, see};
use crate::app::App;
use crate::form::{self, Fields};
use crate::session::Visitor;
use crate::trouble::Trouble;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use views::Problem;

/// Shows the page again with what would change. Nothing is kept.
pub(crate) async fn preview(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    let draft = match form::ballot(&fields) {
        Ok(draft) => draft,
        Err(problems) => return again(&app, &visitor, &name, &fields, problems),
    };
    let mut view = app.desk.decision(&name, Some(&me))?;
    if let Some(ballot) = &mut view.ballot {
        form::refill_ballot(ballot, &fields, Vec::new());
    }
    let preview = app.at_desk(move |desk| desk.preview_ballot(&me, &name, &draft)).await?;
    let page = DecisionPage::new(&app, &visitor, view, Some(preview), None)?;
    Ok(render(&page)?.into_response())
}

/// Casts the ballots and goes back to the decision.
pub(crate) async fn cast(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    let draft = match form::ballot(&fields) {
        Ok(draft) => draft,
        Err(problems) => return again(&app, &visitor, &name, &fields, problems),
    };
    // Only names of decisions that exist go into the address of the answer.
    let view = app.desk.decision(&name, Some(&me))?;
    app.at_desk(move |desk| desk.cast_ballot(&me, &name, &draft)).await?;
    let name = view.name.replace('/', "%2F");
    Ok(see(&format!("/decisions/{name}?done=ballot#ballot")))
}

/// The form as it was typed, and what is wrong with it.
fn again(
    app: &App,
    visitor: &Visitor,
    name: &str,
    fields: &Fields,
    problems: Vec<Problem>,
) -> Result<Response, Trouble> {
    let mut view = app.desk.decision(name, visitor.me.as_deref())?;
    if let Some(ballot) = &mut view.ballot {
        form::refill_ballot(ballot, fields, problems);
    }
    let page = DecisionPage::new(app, visitor, view, None, None)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}
