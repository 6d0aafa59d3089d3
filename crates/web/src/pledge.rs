//! The page of one's own pledge.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use engine::Act;
use engine::intent;
use views::{PledgeView, RefusalView};

use crate::form::{Fields, amount_minor, value};
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "pledge/show.html")]
struct PledgePage {
    frame: Frame,
    view: PledgeView,
    problem: Option<String>,
    no: Option<RefusalView>,
}

fn page(visitor: &Visitor, done: Option<&str>) -> Result<PledgePage, Trouble> {
    visitor.see(|sight, _| {
        let view = views::own_pledge(sight).ok_or(Trouble::Absent)?;
        Ok(PledgePage { frame: visitor.frame(sight, "me", "/pledge", done), view, problem: None, no: None })
    })
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    render(&page(&visitor, asked.done.as_deref())?)
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let shown = page(&visitor, None)?;
    let typed = value(&fields, "amount").to_owned();
    let ends = value(&fields, "do") == "end";
    let minor = if ends { Ok(0) } else { amount_minor(&typed, shown.view.digits) };
    let minor = match minor {
        Ok(minor) => minor,
        Err(why) => {
            let view = PledgeView { typed, ..shown.view };
            let again = PledgePage { view, problem: Some(why), ..shown };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&again)?).into_response());
        }
    };
    let acts = move |sight: &views::Sight<'_>, member| {
        Ok(vec![Act::PledgeOwn(intent::pledge(&sight.state.rules.kernel, member, minor))])
    };
    match visitor.act(acts).await {
        Ok(()) => Ok(see(if ends { "/pledge?done=pledge-ended" } else { "/pledge?done=pledged" })),
        Err(trouble) => {
            let status = trouble.status();
            let Trouble::Refused(no) = trouble else { return Err(trouble) };
            let view = PledgeView { typed, ..shown.view };
            Ok((status, render(&PledgePage { view, no: Some(no), ..shown })?).into_response())
        }
    }
}
