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
use views::MyPageView;

#[derive(Template)]
#[template(path = "me_show.html")]
struct MyPage {
    frame: Frame,
    view: MyPageView,
    shares: Figure,
    fade: Option<Figure>,
}

pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let me = visitor.me.as_deref().ok_or(Trouble::Nobody)?;
    let view = app.desk.my_page(me)?;
    render(&MyPage::new(&app, &visitor, view, asked.done.as_deref())?)
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
            app.at_desk(move |desk| desk.move_shares(&me, &moves))
                .await?;
            Ok(see("/me?done=shares"))
        }
        Err(problems) => {
            let mut view = app.desk.my_page(&me)?;
            form::refill_shares(&mut view, &fields, problems);
            let page = MyPage::new(&app, &visitor, view, None)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
        }
    }
}

impl MyPage {
    fn new(
        app: &App,
        visitor: &Visitor,
        view: MyPageView,
        done: Option<&str>,
    ) -> Result<Self, Trouble> {
        Ok(Self {
            frame: Frame::new(app, visitor, "me", "/me", done)?,
            shares: chart::shares("shares", &view.placed, &view.idle),
            fade: chart::fade("fade", &view.fade, &view.fade_words),
            view,
        })
    }
}
