//! The page that asks whether two members are one person, one pair at a time, with all joins below it; and the same for programs.

use askama::Template;
use axum::extract::{Form, Json, Query};
use axum::response::{Html, IntoResponse, Response};
use engine::{Act, Actor, Pseudonym};
use host::{Answer, Evidence, MaybeOne, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use views::{JoinView, RefusalView, Sight, WhoView};

use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "who/show.html")]
struct WhoPage {
    frame: Frame,
    view: WhoView,
    no: Option<RefusalView>,
}

impl WhoPage {
    fn new(visitor: &Visitor, done: Option<&str>) -> Result<WhoPage, Trouble> {
        visitor.see(|sight, coop| {
            let pairs: Vec<_> =
                coop.maybe_one()?.into_iter().map(|one| (one.one, one.other, one.by == Evidence::Address)).collect();
            let view = views::who(sight, &pairs);
            Ok(WhoPage { frame: visitor.frame(sight, "members", "/who", done), view, no: None })
        })
    }
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    render(&WhoPage::new(&visitor, asked.done.as_deref())?)
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let pseudonym = |field: &str| value(&fields, field).parse::<Pseudonym>().map_err(|_| Trouble::Absent);
    let (answer, word) = match value(&fields, "answer") {
        "same" => (Answer::Same, "who-same"),
        "two" => (Answer::Two, "who-two"),
        "later" => (Answer::Later, "who-later"),
        _ => return Err(Trouble::Absent),
    };
    let done = say(&visitor, pseudonym("one")?, pseudonym("other")?, answer).await;
    let trouble = match done {
        Ok(_) => return Ok(see(&format!("/who?done={word}"))),
        Err(trouble) => trouble,
    };
    let status = trouble.status();
    let page = WhoPage::new(&visitor, None)?;
    match trouble {
        Trouble::Refused(no) => Ok((status, render(&WhoPage { no: Some(no), ..page })?).into_response()),
        other => Err(other),
    }
}

async fn say(visitor: &Visitor, one: Pseudonym, other: Pseudonym, answer: Answer) -> Result<Option<Act>, Trouble> {
    let (me, now) = (visitor.me()?, visitor.app.coop.now());
    visitor
        .write(move |batch| batch.answer_who(one, other, answer, Actor::Member(me), now).map_err(Trouble::in_words))
        .await
}

/// The pairs that a reader is asked about, and all joins.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Who")]
pub(crate) struct WhoAnswer {
    /// The first ones first.
    pairs: Vec<MaybeOne>,
    joins: Vec<JoinView>,
}

/// A pair, and whether it is one person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhoSaid {
    /// A pseudonym.
    #[schemars(with = "String")]
    one: Pseudonym,
    /// Another.
    #[schemars(with = "String")]
    other: Pseudonym,
    /// `same`, `two` or `later`.
    answer: Answer,
}

/// The kind of act that an answer was.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WhoDone {
    /// Such as `join_members`; none where it only puts the question aside.
    act: Option<String>,
}

/// `GET /api/v1/who`.
pub(crate) async fn list(visitor: Visitor) -> Result<Json<WhoAnswer>, Trouble> {
    visitor.see(|sight, coop| Ok(Json(WhoAnswer { pairs: asked_of(sight, coop)?, joins: views::joins(sight) })))
}

fn asked_of(sight: &Sight<'_>, coop: &Snapshot) -> Result<Vec<MaybeOne>, Trouble> {
    let decides = views::may_decide(sight);
    let is_mine = |pair: &MaybeOne| decides || sight.me == Some(pair.one) || sight.me == Some(pair.other);
    Ok(coop.maybe_one()?.into_iter().filter(is_mine).collect())
}

/// `POST /api/v1/who`.
pub(crate) async fn answer(visitor: Visitor, Json(said): Json<WhoSaid>) -> Result<Json<WhoDone>, Trouble> {
    let act = say(&visitor, said.one, said.other, said.answer).await?;
    Ok(Json(WhoDone { act: act.map(|act| act.kind().to_owned()) }))
}
