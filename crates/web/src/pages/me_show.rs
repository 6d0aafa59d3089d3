//! My page: what waits for me, what my weight is and why, where it is placed and how it will fade.

use super::{Asked, Frame, render, see};
use crate::app::App;
use crate::chart::{self, Figure};
use crate::form::{self, Fields};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use views::{MyPageView, PreviewView, Problem, Share};

#[derive(Template)]
#[template(path = "me_show.html")]
struct MyPage {
    frame: Frame,
    view: MyPageView,
    shares: Figure,
    fade: Option<Figure>,
    /// What would change, decision by decision; none before anything is typed.
    previews: Option<Vec<PreviewView>>,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let me = visitor.me.as_deref().ok_or(Trouble::Nobody)?;
    let view = app.desk.my_page(me)?;
    let done = asked.done.as_deref();
    render(&MyPage::new(&app, &visitor, view, None, done)?)
}

/// Shows the page again with what the typed shares would change. Nothing is kept.
pub(crate) async fn preview(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    let moves = match form::share_moves(&fields) {
        Ok(moves) => moves,
        Err(problems) => return again(&app, &visitor, &me, &fields, problems),
    };
    let mut view = app.desk.my_page(&me)?;
    let previews = app.at_desk(move |desk| desk.preview_shares(&me, &moves)).await?;
    form::refill_shares(&mut view, &fields, Vec::new());
    for placed in &mut view.placed {
        placed.share = Share::from_ppm(placed.typed.share_ppm.unwrap_or_default());
    }
    if let Some(one) = previews.first() {
        view.idle = one.idle.clone();
    }
    let page = MyPage::new(&app, &visitor, view, Some(previews), None)?;
    Ok(render(&page)?.into_response())
}

/// Changes the shares of ballots that stand, all or none.
pub(crate) async fn move_shares(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me.clone().ok_or(Trouble::Nobody)?;
    match form::share_moves(&fields) {
        Ok(moves) => {
            app.at_desk(move |desk| desk.move_shares(&me, &moves)).await?;
            Ok(see("/me?done=shares"))
        }
        Err(problems) => again(&app, &visitor, &me, &fields, problems),
    }
}

/// The form as it was typed, and what is wrong with it.
fn again(app: &App, visitor: &Visitor, me: &str, fields: &Fields, problems: Vec<Problem>) -> Result<Response, Trouble> {
    let mut view = app.desk.my_page(me)?;
    form::refill_shares(&mut view, fields, problems);
    let page = MyPage::new(app, visitor, view, None, None)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}

impl MyPage {
    fn new(
        app: &App,
        visitor: &Visitor,
        view: MyPageView,
        previews: Option<Vec<PreviewView>>,
        done: Option<&str>,
    ) -> Result<Self, Trouble> {
        Ok(Self {
            frame: Frame::new(app, visitor, "me", "/me", done)?,
            shares: chart::shares("shares", &view.placed, &view.idle),
            fade: chart::fade("fade", &view.fade, &view.fade_words),
            view,
            previews,
        })
    }
}
