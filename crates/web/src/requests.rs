//! Requests for money: what stands, what each needs, and the forms to vote, ask and take back.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use engine::Act;
use engine::act::{RequestMoney, WithdrawRequest};
use views::{MoneyRequest, RequestsView, Sight};

use crate::chart;
use crate::form::{self, Fields};
use crate::frame::Frame;
use crate::pool::{back, money, people, place};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "requests/show.html")]
pub(crate) struct RequestsPage {
    frame: Frame,
    view: RequestsView,
    rows: Vec<Row>,
}

/// A request with its bar.
struct Row {
    request: MoneyRequest,
    bar: String,
}

impl RequestsPage {
    pub(crate) fn new(visitor: &Visitor, sight: &Sight<'_>, mut view: RequestsView, done: Option<&str>) -> Self {
        let requests = std::mem::take(&mut view.requests);
        let rows = requests.into_iter().enumerate();
        let rows =
            rows.map(|(index, request)| Row { bar: chart::needed(&format!("needs-{index}"), &request), request });
        Self { rows: rows.collect(), frame: visitor.frame(sight, "decisions", &view.href, done), view }
    }
}

fn digits(visitor: &Visitor, name: &str) -> Result<(u32, &'static str), Trouble> {
    visitor.see(|sight, _| {
        let view = views::requests(sight, name).ok_or(Trouble::Absent)?;
        Ok((view.digits, view.currency))
    })
}

/// Votes for or against a request.
pub(crate) async fn vote(
    visitor: Visitor,
    Path((name, request)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    digits(&visitor, &name)?;
    place(&visitor, &name, &request, &fields).await?;
    Ok(back(&name, "ballot", &format!("r-{request}")))
}

/// Asks for money.
pub(crate) async fn ask(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let (digits, currency) = digits(&visitor, &name)?;
    let amount = money(&fields, "amount", digits, currency)?;
    let text = form::line_and_reasons(&fields);
    let people = people(&visitor, &fields)?;
    let decision = name.clone();
    visitor
        .act(move |_, member| {
            let request = engine::digest::hex(text.as_bytes());
            let text = Some(text.into());
            Ok(vec![Act::RequestMoney(RequestMoney { member, decision, request, amount, people, text })])
        })
        .await?;
    Ok(back(&name, "requested", "ask"))
}

/// Takes a request of one's own back.
pub(crate) async fn withdraw(
    visitor: Visitor,
    Path((name, request)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    digits(&visitor, &name)?;
    let decision = name.clone();
    visitor.act(move |_, member| Ok(vec![Act::WithdrawRequest(WithdrawRequest { member, decision, request })])).await?;
    Ok(back(&name, "request-withdrawn", "ask"))
}
