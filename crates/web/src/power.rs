//! The page of a power: what its holder may do, in forms; and, for others, who has it. Whether they may, the engine says.

mod form;
pub(crate) mod waiting;

use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{Html, IntoResponse, Response};
use engine::act::{AdmitMember, OpenItem};
use engine::{Act, Actor, Pseudonym, intent};
use form::{Deed, deed};
use host::gate::{check_name, new_code};
use host::{Error, Person};
use views::{ItemCard, PowerForm, PowerView, Problem, RefusalView, Sight};

#[derive(Template)]
#[template(path = "power/show.html")]
struct PowerPage {
    frame: Frame,
    view: PowerView,
    typed: Fields,
    problems: Vec<Problem>,
    no: Option<RefusalView>,
    /// Its source: an expense that is handed in twice is booked once.
    source: String,
}

pub(crate) async fn show(
    visitor: Visitor,
    Path(power): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    visitor.page(|sight, _| {
        let view = view(sight, &power, &asked.query)?;
        PowerPage::new(&visitor, sight, view, asked.done.as_deref())
    })
}

fn view(sight: &Sight<'_>, power: &str, query: &str) -> Result<PowerView, Trouble> {
    views::power(sight, power, query).ok_or(Trouble::Absent)
}

/// Does what was asked for. Input that cannot be read, or that the rules refuse, comes back as it was typed.
pub(crate) async fn take(
    visitor: Visitor,
    Path(power): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let me = visitor.me()?;
    let (view, read) = visitor.see(|sight, _| {
        let view = view(sight, &power, value(&fields, "query"))?;
        if matches!(view.form, PowerForm::Record) {
            return Err(Trouble::Absent);
        }
        let read = deed(&view, &fields, &sight.state.rules.kernel);
        Ok((view, read))
    })?;
    let used = match read {
        Err(problems) => Err(Trouble::BadInput(problems)),
        Ok(Deed::Act(act)) => {
            visitor.act(move |sight, me| Ok(vec![intent::by_power(sight.state, me, act, sight.now)])).await
        }
        Ok(Deed::Admit(person)) => admit(&visitor, me, person).await,
        Ok(Deed::Open(item, card)) => open(&visitor, me, item, card).await,
    };
    let trouble = match used {
        Ok(()) => return Ok(see(&format!("/powers/{}?done={}", view.power, done(&view, &fields)))),
        Err(trouble) => trouble,
    };
    let status = trouble.status();
    let may = !view.held.is_empty() || !view.kept.is_empty() || view.by_members;
    let page = visitor.see(|sight, _| PowerPage::new(&visitor, sight, view, None))?;
    let page = match trouble {
        Trouble::BadInput(problems) if may => PowerPage { problems, ..page },
        Trouble::Refused(no) if may => PowerPage { no: Some(no), ..page },
        other => return Err(other),
    };
    Ok((status, render(&page.with_typed(fields))?).into_response())
}

/// Admits somebody whom nothing in the register is known by. Their name stands beside the log.
async fn admit(visitor: &Visitor, me: Pseudonym, person: Person) -> Result<(), Trouble> {
    let actor = Actor::Member(me);
    // First of all, so that only who may admit learns by which names and addresses others are known. The pseudonym is one
    // that nobody has.
    let newcomer = Act::AdmitMember(AdmitMember {
        member: Pseudonym(0),
        organisation: person.organisation,
        founder: false,
        joined_on: None,
        left_on: None,
    });
    let may = move |visitor: &Visitor| {
        visitor.see(|sight, _| {
            let newcomer = intent::by_power(sight.state, me, newcomer, sight.now);
            Ok(intent::tried(sight.state, actor, &[newcomer], sight.now).map(|_| ())?)
        })
    };
    visitor.aside(may).await?;
    check_name(&person.name).map_err(|why| Trouble::bad("name", why))?;
    let now = visitor.app.coop.now();
    visitor
        .write(move |batch| {
            match batch.find_member(&person.name) {
                Ok(None) => {}
                Ok(Some(_)) | Err(Error::Usage(_)) => {
                    return Err(Trouble::bad("name", words::power::name_taken(&person.name)));
                }
                Err(error) => return Err(error.into()),
            }
            batch.member_for(&person, actor, now).map(|_| ()).map_err(Trouble::in_words)
        })
        .await
}

/// Opens an item, and keeps its title and link beside the log: both or neither.
async fn open(visitor: &Visitor, me: Pseudonym, item: OpenItem, card: ItemCard) -> Result<(), Trouble> {
    let now = visitor.app.coop.now();
    let wish = Act::OpenItem(item.clone());
    let act = visitor.see(|sight, _| Ok(intent::by_power(sight.state, me, wish, sight.now)))?;
    if matches!(act, Act::ProposeAct(_)) {
        // The title stands beside an item that is open; a proposed one has its id.
        return visitor.act(move |_, _| Ok(vec![act])).await;
    }
    visitor
        .write(move |batch| {
            let known = batch.item(&item.decision, &item.item);
            let card = ItemCard { labels: known.map_or_else(Vec::new, |card| card.labels.clone()), ..card };
            let act = Act::OpenItem(item);
            batch.append_item(&act, &card, Actor::Member(me), now).map(|_| ()).map_err(Trouble::in_words)
        })
        .await
}

/// Which word of thanks follows.
fn done(view: &PowerView, fields: &Fields) -> &'static str {
    if view.waits {
        return "waits";
    }
    match (&view.form, value(fields, "do")) {
        (PowerForm::Admit, _) => "admitted",
        (PowerForm::KeepList(_), "off") => "off-list",
        (PowerForm::KeepList(_), _) => "on-list",
        (PowerForm::CloseIssue(_), "close") => "item-closed",
        (PowerForm::CloseIssue(_), _) => "item-opened",
        (PowerForm::Record, _) => "recorded",
        (PowerForm::Spend(_), _) => "booked",
    }
}

impl PowerPage {
    fn new(visitor: &Visitor, sight: &Sight<'_>, view: PowerView, done: Option<&str>) -> Result<Self, Trouble> {
        let path = format!("/powers/{}", view.power);
        let source = match view.form {
            PowerForm::Spend(_) => new_code()?,
            _ => String::new(),
        };
        Ok(Self {
            frame: visitor.frame(sight, "me", &path, done),
            typed: begun(&view.form),
            view,
            problems: Vec::new(),
            no: None,
            source,
        })
    }

    fn with_typed(mut self, typed: Fields) -> Self {
        let recorded = engine::Rule::SourceAlreadyRecorded.name();
        if self.no.as_ref().is_none_or(|no| no.name != recorded) {
            value(&typed, "source").clone_into(&mut self.source);
        }
        self.typed = typed;
        self
    }

    fn typed(&self, field: &str) -> &str {
        value(&self.typed, field)
    }

    fn problem(&self, field: &str) -> Option<&str> {
        let found = self.problems.iter().find(|problem| problem.field == field);
        found.map(|problem| problem.words.as_str())
    }

    fn heading(&self) -> &'static str {
        match self.view.form {
            PowerForm::Admit => words::power::ADMIT,
            PowerForm::KeepList(_) => words::power::KEEP_LISTS,
            PowerForm::CloseIssue(_) => words::power::CLOSE_ISSUE,
            PowerForm::Record => words::power::RECORD,
            PowerForm::Spend(_) => words::power::SPEND,
        }
    }
}

/// The fields of a form before anything is typed.
fn begun(form: &PowerForm) -> Fields {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    match form {
        PowerForm::Admit | PowerForm::Record => Vec::new(),
        PowerForm::KeepList(_) => vec![pair("do", "on")],
        PowerForm::CloseIssue(_) => Vec::new(),
        PowerForm::Spend(form) => {
            let from = match form.from.as_slice() {
                [only] => only,
                _ => "",
            };
            vec![pair("day", &form.today), pair("from", from)]
        }
    }
}
