//! Those who ask to join, and the answers of members and of who may admit them.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{Html, IntoResponse, Response};
use charter::SupportKind;
use engine::act::{AdmitMember, AnswerApplication, RefuseApplication};
use engine::intent::{self, Gift};
use engine::{Act, Pseudonym};
use host::gate::new_code;
use views::{ApplicationsView, Problem, RefusalView, Sight};

use crate::form::{Fields, amount_minor, value};
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "application/list.html")]
struct ListPage {
    frame: Frame,
    view: ApplicationsView,
    /// Whether strangers can ask on this server.
    asks_here: bool,
    problems: Vec<Problem>,
    no: Option<RefusalView>,
    /// A source of a gift: what is handed in twice is recorded once.
    source: String,
}

impl ListPage {
    fn new(visitor: &Visitor, done: Option<&str>) -> Result<ListPage, Trouble> {
        visitor.see(|sight, _| {
            Ok(ListPage {
                frame: visitor.frame(sight, "members", "/applications", done),
                view: views::applications(sight),
                asks_here: super::is_open(visitor),
                problems: Vec::new(),
                no: None,
                source: new_code()?,
            })
        })
    }
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    render(&ListPage::new(&visitor, asked.done.as_deref())?)
}

/// `GET /api/v1/applications`.
pub(crate) async fn read(visitor: Visitor) -> Result<axum::Json<ApplicationsView>, Trouble> {
    visitor.see(|sight, _| Ok(axum::Json(views::applications(sight))))
}

/// A wish of the page.
enum Wish {
    Answer { yes: bool },
    Admit,
    Refuse { reason: String },
    Gift { amount: i64, day: String, source: String },
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let applicant: Pseudonym = value(&fields, "applicant").parse().map_err(|_| Trouble::Absent)?;
    let (wish, word) = match value(&fields, "do") {
        "yes" => (Wish::Answer { yes: true }, "application-yes"),
        "no" => (Wish::Answer { yes: false }, "application-no"),
        "admit" => (Wish::Admit, "application-admitted"),
        "refuse" => (Wish::Refuse { reason: value(&fields, "reason").to_owned() }, "application-refused"),
        "gift" => {
            let digits = visitor.see(|sight, _| Ok(u32::from(sight.state.rules.kernel.currency.digits())))?;
            match amount_minor(value(&fields, "amount"), digits) {
                Ok(amount) => {
                    let source = format!("page:{}", value(&fields, "source"));
                    (Wish::Gift { amount, day: value(&fields, "day").trim().to_owned(), source }, "application-given")
                }
                Err(words) => return again(&visitor, Trouble::bad("amount", words)),
            }
        }
        _ => return Err(Trouble::Absent),
    };
    let done = visitor.act(move |sight, me| Ok(vec![act(sight, me, applicant, wish)?])).await;
    match done {
        Ok(()) => Ok(see(&format!("/applications?done={word}"))),
        Err(trouble) => again(&visitor, trouble),
    }
}

fn act(sight: &Sight<'_>, me: Pseudonym, applicant: Pseudonym, wish: Wish) -> Result<Act, Trouble> {
    let asked = sight.state.applications.of(applicant).ok_or(Trouble::Absent)?;
    let by_power = |act| intent::by_power(sight.state, me, act, sight.now);
    Ok(match wish {
        Wish::Answer { yes } => Act::AnswerApplication(AnswerApplication { member: me, applicant, yes }),
        Wish::Admit => by_power(Act::AdmitMember(AdmitMember {
            member: applicant,
            organisation: asked.organisation,
            founder: false,
            joined_on: None,
            left_on: None,
        })),
        Wish::Refuse { reason } => by_power(Act::RefuseApplication(RefuseApplication { applicant, reason })),
        Wish::Gift { amount, day, source } => {
            let gift = Gift { member: applicant, kind: SupportKind::Donation, amount, day, source, service: None };
            by_power(intent::record(&sight.state.rules.kernel, gift))
        }
    })
}

/// The page once more, with what was wrong.
fn again(visitor: &Visitor, trouble: Trouble) -> Result<Response, Trouble> {
    let status = trouble.status();
    let page = ListPage::new(visitor, None)?;
    let page = match trouble {
        Trouble::BadInput(problems) => ListPage { problems, ..page },
        Trouble::Refused(no) => ListPage { no: Some(no), ..page },
        other => return Err(other),
    };
    Ok((status, render(&page)?).into_response())
}
