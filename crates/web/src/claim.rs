//! The page of hours that members hand in: their own, and those that they may say yes or no to.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{Html, IntoResponse, Response};
use charter::SupportKind;
use engine::Act;
use engine::act::{AnswerClaim, TakeBackClaim};
use engine::intent::{self, Gift};
use views::{ClaimsView, Problem, RefusalView};

use crate::form::{Fields, amount_minor, value};
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use host::gate::new_code;

#[derive(Template)]
#[template(path = "claim/show.html")]
struct ClaimsPage {
    frame: Frame,
    view: ClaimsView,
    typed: Fields,
    problems: Vec<Problem>,
    no: Option<RefusalView>,
    /// Its source: what is handed in twice waits once.
    source: String,
}

impl ClaimsPage {
    fn new(visitor: &Visitor, done: Option<&str>) -> Result<ClaimsPage, Trouble> {
        visitor.see(|sight, _| {
            let view = views::claims(sight).ok_or(Trouble::Absent)?;
            let frame = visitor.frame(sight, "me", "/claims", done);
            let typed = vec![("day".to_owned(), view.today.clone())];
            Ok(ClaimsPage { frame, view, typed, problems: Vec::new(), no: None, source: new_code()? })
        })
    }

    fn typed(&self, field: &str) -> &str {
        value(&self.typed, field)
    }

    fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|problem| problem.field == field).map(|problem| problem.words.as_str())
    }
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    render(&ClaimsPage::new(&visitor, asked.done.as_deref())?)
}

/// A wish of the page.
enum Wish {
    HandIn { seconds: i64, day: String, source: String, service: Option<String> },
    Answer { number: u64, yes: bool, reason: Option<String> },
    TakeBack { number: u64 },
}

fn wish(fields: &Fields) -> Result<Wish, Trouble> {
    let number = || value(fields, "number").parse().map_err(|_| Trouble::Absent);
    Ok(match value(fields, "do") {
        "yes" => Wish::Answer { number: number()?, yes: true, reason: None },
        "no" => Wish::Answer { number: number()?, yes: false, reason: Some(value(fields, "reason").to_owned()) },
        "take-back" => Wish::TakeBack { number: number()? },
        "hand-in" => {
            // Hours have two digits after the point: a hundredth is 36 seconds.
            let hours = amount_minor(value(fields, "hours"), 2).map_err(|words| Trouble::bad("hours", words))?;
            let source = value(fields, "source").to_owned();
            let service = service_of(fields);
            Wish::HandIn {
                seconds: hours.saturating_mul(36),
                day: value(fields, "day").trim().to_owned(),
                source,
                service,
            }
        }
        _ => return Err(Trouble::Absent),
    })
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let done = match wish(&fields) {
        Ok(wish) => {
            let word = match &wish {
                Wish::HandIn { .. } => "claimed",
                Wish::Answer { yes: true, .. } => "said-yes",
                Wish::Answer { .. } => "said-no",
                Wish::TakeBack { .. } => "claim-taken-back",
            };
            let acts = move |sight: &views::Sight<'_>, member| {
                Ok(vec![match wish {
                    Wish::HandIn { seconds, day, source, service } => {
                        let (kind, source) = (SupportKind::Hours, format!("page:{source}"));
                        let gift = Gift { member, kind, amount: seconds, day, source, service };
                        intent::claim(&sight.state.rules.kernel, gift)
                    }
                    Wish::Answer { number, yes, reason } => {
                        Act::AnswerClaim(AnswerClaim { member, number, yes, reason })
                    }
                    Wish::TakeBack { number } => Act::TakeBackClaim(TakeBackClaim { member, number }),
                }])
            };
            visitor.act(acts).await.map(|()| word)
        }
        Err(trouble) => Err(trouble),
    };
    let trouble = match done {
        Ok(word) => return Ok(see(&format!("/claims?done={word}"))),
        Err(trouble) => trouble,
    };
    let status = trouble.status();
    let page = ClaimsPage::new(&visitor, None)?;
    let page = match trouble {
        Trouble::BadInput(problems) => ClaimsPage { problems, typed: fields, ..page },
        Trouble::Refused(no) => ClaimsPage { no: Some(no), typed: fields, ..page },
        other => return Err(other),
    };
    Ok((status, render(&page)?).into_response())
}

/// The part of the co-op that something was given to, where one is named.
fn service_of(fields: &Fields) -> Option<String> {
    let service = value(fields, "service").trim();
    (!service.is_empty()).then(|| service.to_owned())
}
