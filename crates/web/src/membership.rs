//! The page of a member's own membership: leaving, and letting it rest.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{Html, IntoResponse, Response};
use views::{MembershipView, MembershipWish, RefusalView};

use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "membership/show.html")]
struct MembershipPage {
    frame: Frame,
    view: MembershipView,
    problem: Option<&'static str>,
    no: Option<RefusalView>,
}

impl MembershipPage {
    fn new(visitor: &Visitor, done: Option<&str>) -> Result<MembershipPage, Trouble> {
        visitor.me()?;
        visitor.see(|sight, _| {
            let view = views::membership(sight).ok_or(Trouble::Absent)?;
            Ok(MembershipPage { frame: visitor.frame(sight, "me", "/membership", done), view, problem: None, no: None })
        })
    }
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    render(&MembershipPage::new(&visitor, asked.done.as_deref())?)
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let page = MembershipPage::new(&visitor, None)?;
    let (wish, then) = match value(&fields, "do") {
        "leave" if page.view.is_notice => (MembershipWish::Leave, "/membership?done=notice"),
        "leave" => (MembershipWish::Leave, "/"),
        "pause" => (MembershipWish::Pause, "/membership?done=rests"),
        "resume" => (MembershipWish::Resume, "/membership?done=goes-on"),
        _ => return Err(Trouble::Absent),
    };
    // Nothing takes it back, so it takes a second look.
    if wish == MembershipWish::Leave && value(&fields, "sure") != "yes" {
        let page = MembershipPage { problem: Some(words::leaving::NOT_SURE), ..page };
        return Ok((Trouble::bad("sure", words::leaving::NOT_SURE).status(), render(&page)?).into_response());
    }
    match visitor.act(move |_, member| Ok(vec![views::membership_act(wish, member)])).await {
        Ok(()) => Ok(see(then)),
        Err(Trouble::Refused(no)) => {
            let status = Trouble::Refused(no.clone()).status();
            Ok((status, render(&MembershipPage { no: Some(no), ..page })?).into_response())
        }
        Err(other) => Err(other),
    }
}
