//! Pool: its money, the projects that ask, and the forms to pledge, vote, give and ask.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use engine::act::{Amount, AskPool, CastBallot, GiveToPool, PledgeToProject, WithdrawProject};
use engine::{Act, Pseudonym};
use views::{PoolView, ProjectView, Side, Sight};

use crate::chart;
use crate::form::{self, Fields, amount_minor, side_and_share};
use crate::frame::{Frame, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "pool/show.html")]
pub(crate) struct PoolPage {
    frame: Frame,
    view: PoolView,
    rows: Vec<Row>,
}

/// A project with its bar.
struct Row {
    project: ProjectView,
    bar: String,
}

impl PoolPage {
    pub(crate) fn new(visitor: &Visitor, sight: &Sight<'_>, mut view: PoolView, done: Option<&str>) -> Self {
        let projects = std::mem::take(&mut view.projects);
        let rows = projects.into_iter().enumerate();
        let rows = rows.map(|(index, project)| Row { bar: chart::goal(&format!("goal-{index}"), &project), project });
        Self { rows: rows.collect(), frame: visitor.frame(sight, "decisions", &view.href, done), view }
    }
}

/// A pool and one of its projects.
type Where = (String, String);

fn digits(visitor: &Visitor, name: &str) -> Result<(u32, &'static str), Trouble> {
    visitor.see(|sight, _| {
        let view = views::pool(sight, name).ok_or(Trouble::Absent)?;
        Ok((view.digits, view.currency))
    })
}

pub(crate) fn money(fields: &Fields, field: &'static str, digits: u32, currency: &str) -> Result<Amount, Trouble> {
    let minor = amount_minor(form::value(fields, field), digits).map_err(|why| Trouble::bad(field, why))?;
    Ok(Amount { amount: minor, currency: Some(currency.to_owned()), unit: None })
}

pub(crate) fn back(name: &str, done: &str, to: &str) -> Response {
    see(&format!("/decisions/{}?done={done}#{to}", name.replace('/', "%2F")))
}

/// Votes for or against a project.
pub(crate) async fn vote(
    visitor: Visitor,
    Path((name, project)): Path<Where>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    digits(&visitor, &name)?;
    place(&visitor, &name, &project, &fields).await?;
    Ok(back(&name, "ballot", &format!("p-{project}")))
}

/// Places the reader's share for or against a project, or a request for money.
pub(crate) async fn place(visitor: &Visitor, name: &str, item: &str, fields: &Fields) -> Result<(), Trouble> {
    let (side, share_ppm) = side_and_share(fields).map_err(|problems| {
        let words = problems.into_iter().next().map(|problem| problem.words);
        Trouble::bad("share", words.unwrap_or_default())
    })?;
    let (decision, item) = (name.to_owned(), Some(item.to_owned()));
    visitor
        .act(move |_, member| {
            let against = side == Side::Against;
            Ok(vec![Act::CastBallot(CastBallot { member, decision, item, share_ppm, scores: None, against })])
        })
        .await?;
    Ok(())
}

/// Pledges to a project, or takes the pledge back.
pub(crate) async fn pledge(
    visitor: Visitor,
    Path((name, project)): Path<Where>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let (digits, currency) = digits(&visitor, &name)?;
    let takes_back = form::value(&fields, "do") == "back" || form::value(&fields, "amount").trim() == "0";
    let amount = match takes_back {
        true => Amount { amount: 0, currency: Some(currency.to_owned()), unit: None },
        false => money(&fields, "amount", digits, currency)?,
    };
    let (decision, of) = (name.clone(), project.clone());
    visitor
        .act(move |_, member| Ok(vec![Act::PledgeToProject(PledgeToProject { member, decision, project: of, amount })]))
        .await?;
    Ok(back(&name, if takes_back { "pledge-back" } else { "project-pledged" }, &format!("p-{project}")))
}

/// Gives the pool some of what is held for the reader.
pub(crate) async fn give(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let (digits, currency) = digits(&visitor, &name)?;
    let amount = money(&fields, "amount", digits, currency)?;
    let decision = name.clone();
    visitor.act(move |_, member| Ok(vec![Act::GiveToPool(GiveToPool { member, decision, amount })])).await?;
    Ok(back(&name, "given-to-pool", "mine"))
}

/// Asks for money.
pub(crate) async fn ask(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let (digits, currency) = digits(&visitor, &name)?;
    let goal = money(&fields, "goal", digits, currency)?;
    let text = form::line_and_reasons(&fields);
    let people = people(&visitor, &fields)?;
    let decision = name.clone();
    visitor
        .act(move |_, member| {
            let project = engine::digest::hex(text.as_bytes());
            Ok(vec![Act::AskPool(AskPool { member, decision, project, goal, people, text: Some(text.into()) })])
        })
        .await?;
    Ok(back(&name, "asked", "ask"))
}

/// The project's other people, one a line.
pub(crate) fn people(visitor: &Visitor, fields: &Fields) -> Result<Vec<Pseudonym>, Trouble> {
    let typed = form::value(fields, "people");
    let names = typed.lines().map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| {
            let known = visitor.see(|_, coop| crate::api::member(coop, name));
            known.map_err(|_| Trouble::bad("people", words::pool::bad_person(name)))
        })
        .collect()
}

/// Takes a project of one's own back.
pub(crate) async fn withdraw(visitor: Visitor, Path((name, project)): Path<Where>) -> Result<Response, Trouble> {
    visitor.me()?;
    digits(&visitor, &name)?;
    let decision = name.clone();
    visitor.act(move |_, member| Ok(vec![Act::WithdrawProject(WithdrawProject { member, decision, project })])).await?;
    Ok(back(&name, "project-withdrawn", "ask"))
}
