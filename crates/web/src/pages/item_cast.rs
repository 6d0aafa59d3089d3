//! A member's ballot on one item of the priorities: first what it would change, then casting it.

use super::ranking_show::RankingPage;
use super::{render, see};
use crate::app::App;
use crate::form::{self, Fields};
use crate::session::Visitor;
use crate::trouble::Trouble;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use views::{Problem, RankingView};

/// Shows the list again with what would change. Nothing is kept.
pub(crate) async fn preview(
    State(app): State<App>,
    visitor: Visitor,
    Path((name, item)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    let draft = match form::item_ballot(&item, &fields) {
        Ok(draft) => draft,
        Err(problems) => return again(&app, &visitor, (&name, &item), &fields, problems),
    };
    let mut view = refilled(&app, &me, (&name, &item), &fields)?;
    let preview = app.at_desk(move |desk| desk.preview_item(&me, &name, &draft)).await?;
    view.preview = Some(preview);
    let page = RankingPage::new(&app, &visitor, view, Some(item), Vec::new(), None)?;
    Ok(render(&page)?.into_response())
}

/// Casts the ballot and goes back to the list.
pub(crate) async fn cast(
    State(app): State<App>,
    visitor: Visitor,
    Path((name, item)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    let draft = match form::item_ballot(&item, &fields) {
        Ok(draft) => draft,
        Err(problems) => return again(&app, &visitor, (&name, &item), &fields, problems),
    };
    let href = app.desk.ranking(Some(&name), Some(&me))?.href;
    app.at_desk(move |desk| desk.cast_item_ballot(&me, &name, &draft)).await?;
    Ok(see(&format!("{href}?done=ballot")))
}

fn again(
    app: &App,
    visitor: &Visitor,
    (name, item): (&str, &str),
    fields: &Fields,
    problems: Vec<Problem>,
) -> Result<Response, Trouble> {
    let me = visitor.me.as_deref().unwrap_or_default();
    let view = refilled(app, me, (name, item), fields)?;
    let page = RankingPage::new(app, visitor, view, Some(item.to_owned()), problems, None)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}

fn refilled(app: &App, me: &str, (name, item): (&str, &str), fields: &Fields) -> Result<RankingView, Trouble> {
    let mut view = app.desk.ranking(Some(name), Some(me))?;
    let found = view.items.iter_mut().find(|one| one.item == item);
    let row = found.ok_or(Trouble::Absent)?;
    if let Some(ballot) = &mut row.ballot {
        form::refill_item(ballot, fields);
    }
    Ok(view)
}
