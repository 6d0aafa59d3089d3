//! Asking to join, for people who are no members yet; and the page on which members answer them.

pub(crate) mod list;

use crate::app::Door;
use crate::form::{Fields, value};
use crate::frame::{Frame, render};
use crate::session::{Transport, address};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::Form;
use axum::extract::{FromRequest, Request};
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use host::clock;
use host::gate::{Tried, Unasked, network};
use views::{DoorsView, Problem, RefusalView};

#[derive(Template)]
#[template(path = "application/ask.html")]
struct AskPage {
    frame: Frame,
    view: DoorsView,
    typed: Fields,
    problems: Vec<Problem>,
    no: Option<RefusalView>,
    /// The link of somebody who has just asked, and whether they are a member at once.
    made: Option<Made>,
}

/// A link that is shown once.
struct Made {
    link: String,
    is_member: bool,
}

impl AskPage {
    fn new(visitor: &Visitor) -> Result<AskPage, Trouble> {
        visitor.app.invited_sessions()?;
        visitor.see(|sight, _| {
            let frame = visitor.frame(sight, "members", "/join", None);
            Ok(AskPage {
                frame,
                view: views::doors(sight),
                typed: Fields::new(),
                problems: Vec::new(),
                no: None,
                made: None,
            })
        })
    }

    fn typed(&self, field: &str) -> &str {
        value(&self.typed, field)
    }

    fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|problem| problem.field == field).map(|problem| problem.words.as_str())
    }
}

/// The doors, and the form of those who ask.
pub(crate) async fn show(visitor: Visitor) -> Result<Html<String>, Trouble> {
    render(&AskPage::new(&visitor)?)
}

/// Hands an application in, and shows its link once. The link stands nowhere else: an address must not hold it.
pub(crate) async fn ask(visitor: Visitor, request: Request) -> Result<Response, Trouble> {
    let (parts, body) = request.into_parts();
    let page = AskPage::new(&visitor)?;
    let form = Form::<Fields>::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let Form(fields) = form.map_err(|_| Trouble::bad("name", words::power::LOOK_AGAIN))?;
    let made = match asked(&visitor, &page.view, &fields) {
        Ok(asked) => hand_in(&visitor, &parts, asked).await,
        Err(trouble) => Err(trouble),
    };
    let trouble = match made {
        Ok(made) => return Ok(render(&AskPage { made: Some(made), ..page })?.into_response()),
        Err(trouble) => trouble,
    };
    let status = trouble.status();
    let page = AskPage { typed: fields, ..page };
    let page = match trouble {
        Trouble::BadInput(problems) => AskPage { problems, ..page },
        Trouble::Refused(no) => AskPage { no: Some(no), ..page },
        other => return Err(other),
    };
    Ok((status, render(&page)?).into_response())
}

/// An application as it is typed: a name, a class, and whether it is for an organisation.
struct Asks {
    name: String,
    class: String,
    organisation: bool,
}

fn asked(visitor: &Visitor, view: &DoorsView, fields: &Fields) -> Result<Asks, Trouble> {
    // Members have come in; nothing is asked of a program with a token either.
    if visitor.bearer.is_some() {
        return Err(Trouble::OutOfScope);
    }
    let name = value(fields, "name").split_whitespace().collect::<Vec<_>>().join(" ");
    let class = value(fields, "class").to_owned();
    if !view.doors.iter().any(|door| door.class == class) {
        return Err(Trouble::bad("class", words::application::NO_CLASS));
    }
    Ok(Asks { name, class, organisation: value(fields, "organisation") == "yes" })
}

async fn hand_in(visitor: &Visitor, parts: &Parts, asks: Asks) -> Result<Made, Trouble> {
    // Counted as wrong codes are: nobody fills the co-op's day from one network.
    let from = Tried::Address(network(address(&visitor.app.proxies, parts)));
    if visitor.app.tries.note(&[from], clock::now()) {
        return Err(Trouble::TooMany);
    }
    let at = visitor.app.coop.now();
    let code = visitor
        .write(move |batch| {
            let class = (asks.class.as_str(), asks.organisation);
            batch.ask_to_join(&asks.name, class, (at, clock::now())).map_err(|why| match why {
                Unasked::NameTaken => Trouble::bad("name", words::application::NAME_TAKEN),
                Unasked::Unusable(words) => Trouble::bad("name", words),
                Unasked::Failed(error) => Trouble::in_words(error),
            })
        })
        .await?;
    let hash = host::gate::code_hash(&code);
    let is_member = visitor.see(|_, coop| {
        let made = coop.invitation(&hash, clock::now())?;
        Ok(made.is_some_and(|(made, _)| coop.is_member(made.member)))
    })?;
    Ok(Made { link: link(visitor, parts, &code), is_member })
}

/// The link as the reader's own browser calls this server.
fn link(visitor: &Visitor, parts: &Parts, code: &str) -> String {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = match visitor.app.transport {
        Transport::Https => "https",
        Transport::Plain => "http",
    };
    format!("{scheme}://{host}/invitation/{code}")
}

/// Whether people can ask to join on this server.
pub(crate) fn is_open(visitor: &Visitor) -> bool {
    visitor.app.door == Door::Invited
}
