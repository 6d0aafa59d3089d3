//! The page of acts that wait: everybody sees them, and those who act agree or take them back with one press.

use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{Html, Response};
use engine::act::{AgreeToAct, TakeBackAct};
use engine::{Act, intent};
use views::WaitsView;

#[derive(Template)]
#[template(path = "power/waiting.html")]
struct WaitingPage {
    frame: Frame,
    waits: WaitsView,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let frame = visitor.frame(sight, "decisions", "/powers/waiting", asked.done.as_deref());
        Ok(WaitingPage { frame, waits: views::waits(sight) })
    })
}

/// Agrees to an act, agrees no longer, or takes an announced one back.
pub(crate) async fn answer(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let number: u64 = value(&fields, "number").parse().map_err(|_| Trouble::Absent)?;
    let done = match value(&fields, "do") {
        "agree" => "agreed",
        "disagree" => "disagreed",
        "take-back" => "taken-back",
        _ => return Err(Trouble::Absent),
    };
    let wish = move |sight: &views::Sight<'_>, member| {
        let act = match done {
            "taken-back" => {
                let act = Act::TakeBackAct(TakeBackAct { number });
                intent::by_power(sight.state, member, act, sight.now)
            }
            word => Act::AgreeToAct(AgreeToAct { member, number, agree: word == "agreed" }),
        };
        Ok(vec![act])
    };
    visitor.act(wish).await?;
    Ok(see(&format!("/powers/waiting?done={done}")))
}
