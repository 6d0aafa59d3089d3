//! Items that members bring: the page that adds one, and taking one's own back. Whether they may, the engine says.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use engine::act::{BringItem, TakeBackItem};
use engine::{Act, Actor};
use host::gate::new_code;
use host::{Batch, MOST_TITLE, Submission, Submitted, item_title};
use quantity::Moment;
use views::{Adding, Quantity, RankingPart, RankingView, RefusalView, SimilarItem};

use super::amount;
use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "ranking/add.html")]
struct AddPage {
    frame: Frame,
    title: String,
    href: String,
    name: String,
    adding: Adding,
    typed: String,
    most: usize,
    problem: Option<String>,
    /// The question for an amount, where the ranking hands something out.
    ask: Option<Ask>,
    similar: Vec<SimilarItem>,
    no: Option<RefusalView>,
    /// The form's own key: sent twice, it adds one item.
    key: String,
}

/// The question for an amount.
#[derive(Clone)]
struct Ask {
    whole: Quantity,
    label: String,
    hint: String,
    typed: String,
    problem: Option<String>,
}

impl Ask {
    fn of(whole: Quantity) -> Ask {
        // One of what is counted goes without saying.
        let typed = if whole.unit == "unit" { "1".to_owned() } else { String::new() };
        let (label, hint) = (amount::label(&whole), words::ranking::at_most(&whole.text));
        Ask { whole, label, hint, typed, problem: None }
    }
}

impl AddPage {
    fn ask_is_wrong(&self) -> bool {
        self.ask.as_ref().is_some_and(|ask| ask.problem.is_some())
    }

    /// The page with what was typed.
    fn with_amount(mut self, typed: &str, problem: Option<&String>) -> AddPage {
        if let Some(ask) = &mut self.ask {
            (ask.typed, ask.problem) = (typed.to_owned(), problem.cloned());
        }
        self
    }
}

fn page(visitor: &Visitor, name: &str, done: Option<&str>) -> Result<AddPage, Trouble> {
    visitor.see(|sight, _| {
        let view = views::ranking(sight, name, RankingPart::After(0)).ok_or(Trouble::Absent)?;
        let RankingView { title, href, adding, supply, .. } = view;
        let path = format!("/decisions/{}/add", name.replace('/', "%2F"));
        Ok(AddPage {
            frame: visitor.frame(sight, "issues", &path, done),
            title,
            href,
            name: name.to_owned(),
            adding: adding.ok_or(Trouble::Absent)?,
            typed: String::new(),
            most: MOST_TITLE,
            problem: None,
            ask: supply.map(|supply| Ask::of(supply.whole)),
            similar: Vec::new(),
            no: None,
            key: new_code()?,
        })
    })
}

pub(crate) async fn show(
    visitor: Visitor,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    render(&page(&visitor, &name, asked.done.as_deref())?)
}

/// Adds an item; where there are open ones like it, it shows them first.
pub(crate) async fn add(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me()?;
    let typed = value(&fields, "title").to_owned();
    let typed_amount = value(&fields, "amount").to_owned();
    let shown = page(&visitor, &name, None)?;
    let title = item_title(&typed);
    let amount = shown.ask.as_ref().map(|ask| amount::read(&ask.whole, &typed_amount)).transpose();
    let shown = shown.with_amount(&typed_amount, amount.as_ref().err());
    let (title, amount) = match (title, amount) {
        (Ok(title), Ok(amount)) => (title, amount),
        (title, _) => {
            let page = AddPage { typed, problem: title.err(), ..shown };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response());
        }
    };
    let sure = value(&fields, "sure") == "yes";
    let on = name.clone();
    let wanted = title.clone();
    let similar = if sure {
        Vec::new()
    } else {
        visitor.aside(move |visitor| visitor.see(|sight, _| Ok(views::similar_items(sight, &on, &wanted)))).await?
    };
    if !similar.is_empty() {
        let page = AddPage { typed: title, similar, ..shown };
        return Ok(render(&page)?.into_response());
    }
    let now = visitor.app.coop.now();
    let (key, decision) = (value(&fields, "key").to_owned(), name.clone());
    // The id is given when it is handed in.
    let act = BringItem { member: me, decision, item: String::new(), amount, title: Some(title.into()) };
    let added = visitor.write(move |batch| bring(batch, act, &key, now)).await;
    match added {
        Ok(()) => Ok(see(&format!("{}?done=item-brought", shown.href))),
        Err(trouble) => {
            let status = trouble.status();
            let Trouble::Refused(no) = trouble else { return Err(trouble) };
            let page = AddPage { typed, no: Some(no), ..shown };
            Ok((status, render(&page)?).into_response())
        }
    }
}

/// Hands the item in under the next number that is free there.
fn bring(batch: &mut Batch<'_>, act: BringItem, key: &str, now: Moment) -> Result<(), Trouble> {
    let (member, decision) = (act.member, &act.decision);
    let list = batch.state().decision(decision).ok_or(Trouble::Absent)?;
    let ever = list.items().count();
    let free = (1..).map(|more| ever.saturating_add(more).to_string()).find(|id| list.item_place(id).is_none());
    let item = free.ok_or(Trouble::Absent)?;
    let act = Act::BringItem(BringItem { item, ..act });
    let key = if key.is_empty() { String::new() } else { format!("add:{key}") };
    let submission = Submission { act, actor: Actor::Member(member), key, nonce: String::new(), signed: None };
    match batch.hand_in(&submission, now)? {
        Submitted::Refused(refusal) => Err(host::Error::Refused(refusal).into()),
        // The form was sent twice, and its item is there.
        Submitted::Accepted(_) | Submitted::KeyReused(_) => Ok(()),
    }
}

/// Takes one's own item back.
pub(crate) async fn take_back(
    visitor: Visitor,
    Path((decision, item)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let href = visitor.see(|sight, _| {
        let view = views::ranking(sight, &decision, RankingPart::With(&item)).ok_or(Trouble::Absent)?;
        Ok(view.href)
    })?;
    visitor.act(move |_, member| Ok(vec![Act::TakeBackItem(TakeBackItem { member, decision, item })])).await?;
    Ok(see(&format!("{href}?done=item-taken-back")))
}
