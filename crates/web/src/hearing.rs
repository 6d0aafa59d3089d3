//! Hearings: read by everyone, answered by who is heard, opened and decided by seats.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{Html, IntoResponse, Response};
use engine::act::{AnswerHearing, ExpelMember, OpenHearing};
use engine::{Act, Pseudonym, digest, intent};
use views::{HearingsView, Problem, RefusalView};

use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, render, see};
use crate::prose::{self, Block};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "hearing/show.html")]
struct HearingsPage {
    frame: Frame,
    view: HearingsView,
    typed: Fields,
    problems: Vec<Problem>,
    no: Option<RefusalView>,
}

impl HearingsPage {
    fn new(visitor: &Visitor, done: Option<&str>) -> Result<HearingsPage, Trouble> {
        visitor.see(|sight, _| {
            let frame = visitor.frame(sight, "members", "/hearings", done);
            let view = views::hearings(sight);
            Ok(HearingsPage { frame, view, typed: Fields::new(), problems: Vec::new(), no: None })
        })
    }

    fn typed(&self, field: &str) -> &str {
        value(&self.typed, field)
    }

    fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|problem| problem.field == field).map(|problem| problem.words.as_str())
    }

    /// A text as it is written, in blocks.
    fn prose(&self, text: &str) -> Vec<Block> {
        prose::blocks(text)
    }
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    render(&HearingsPage::new(&visitor, asked.done.as_deref())?)
}

/// `GET /api/v1/hearings`.
pub(crate) async fn read(visitor: Visitor) -> Result<axum::Json<HearingsView>, Trouble> {
    visitor.see(|sight, _| Ok(axum::Json(views::hearings(sight))))
}

/// A wish of the page.
enum Wish {
    Open { accused: Pseudonym, text: String },
    Answer { text: String },
    Expel { accused: Pseudonym },
}

fn wish(visitor: &Visitor, fields: &Fields) -> Result<(Wish, &'static str), Trouble> {
    let text = |field: &str| {
        let text = value(fields, field).replace("\r\n", "\n");
        let text = text.trim();
        if text.is_empty() {
            return Err(Trouble::bad(field, words::hearing::EMPTY));
        }
        if text.chars().any(|letter| letter.is_control() && !"\n\t".contains(letter)) {
            return Err(Trouble::bad(field, words::form::CONTROL_CHARACTERS));
        }
        Ok(text.to_owned())
    };
    Ok(match value(fields, "do") {
        "open" => {
            let name = value(fields, "whom").trim();
            let found = visitor.see(|_, coop| Ok(coop.find_member(name)?))?;
            let accused = found.ok_or_else(|| Trouble::bad("whom", words::hearing::UNKNOWN))?;
            (Wish::Open { accused, text: text("reason")? }, "hearing-opened")
        }
        "answer" => (Wish::Answer { text: text("answer")? }, "hearing-answered"),
        "expel" => {
            let accused = value(fields, "accused").parse().map_err(|_| Trouble::Absent)?;
            (Wish::Expel { accused }, "hearing-proposed")
        }
        _ => return Err(Trouble::Absent),
    })
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let done = match wish(&visitor, &fields) {
        Ok((wish, word)) => {
            let acts = move |sight: &views::Sight<'_>, member| {
                Ok(vec![match wish {
                    Wish::Open { accused, text } => {
                        let reason = digest::hex(text.as_bytes());
                        Act::OpenHearing(OpenHearing { accused, reason, text: Some(text.into()) })
                    }
                    Wish::Answer { text } => {
                        let answer = digest::hex(text.as_bytes());
                        Act::AnswerHearing(AnswerHearing { member, answer, text: Some(text.into()) })
                    }
                    Wish::Expel { accused } => {
                        intent::by_power(sight.state, member, Act::ExpelMember(ExpelMember { accused }), sight.now)
                    }
                }])
            };
            visitor.act(acts).await.map(|()| word)
        }
        Err(trouble) => Err(trouble),
    };
    let trouble = match done {
        Ok(word) => return Ok(see(&format!("/hearings?done={word}"))),
        Err(trouble) => trouble,
    };
    let status = trouble.status();
    let page = HearingsPage { typed: fields, ..HearingsPage::new(&visitor, None)? };
    let page = match trouble {
        Trouble::BadInput(problems) => HearingsPage { problems, ..page },
        Trouble::Refused(no) => HearingsPage { no: Some(no), ..page },
        other => return Err(other),
    };
    Ok((status, render(&page)?).into_response())
}
