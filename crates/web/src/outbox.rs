//! The outbox: outcomes on their way to forges, what goes out by which bridge, and the words of those who may say *go*, *again* or
//! *drop it*. Nothing is called from here.

use std::collections::BTreeMap;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{Html, IntoResponse, Response};
use host::Snapshot;
use host::bridge::{Bridge, NoBridge};
use host::outbox::{Call, DAYS, Outlet, Standing, Task};
use quantity::Moment;
use views::Sight;

use crate::bridge::keeper;
use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, see};
use crate::paging::Page;
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "outbox/show.html")]
struct OutboxPage {
    frame: Frame,
    bridges: Vec<OutletRow>,
    waiting: Vec<TaskRow>,
    more_wait: usize,
    held: bool,
    ended: Vec<TaskRow>,
    next: Option<String>,
    previous: Option<String>,
    may: bool,
}

/// The outlet of a bridge.
struct OutletRow {
    id: String,
    place: String,
    close: bool,
    comment: bool,
    label: bool,
    days: u32,
    rests: Option<views::Moment>,
}

/// A task in a list.
pub(crate) struct TaskRow {
    number: u64,
    words: &'static str,
    issue: String,
    href: String,
    standing: &'static str,
    why: Option<String>,
    tries: u32,
    at: views::Moment,
    next: Option<views::Moment>,
    is_held: bool,
    is_failed: bool,
}

/// The most tasks that wait and are shown.
const MOST_SHOWN: usize = 100;

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    let may = keeper(&visitor).is_ok();
    visitor.page(|sight, coop| {
        let places: BTreeMap<String, Bridge> = coop.bridges()?.into_iter().collect();
        let outlets: BTreeMap<String, Outlet> = coop.outlets()?.into_iter().collect();
        let (waiting, ended) = (coop.outbox()?, coop.outbox_ended()?);
        let total = ended.len();
        let page = Page::of(total, asked.cursor.as_deref())?;
        // The newest first, as the list is; pages count from the oldest.
        let shown = ended.iter().rev().skip(page.range.start).take(page.range.len());
        let mut ended: Vec<TaskRow> = shown.map(|task| row(task, sight, &places)).collect();
        ended.reverse();
        Ok(OutboxPage {
            frame: visitor.frame(sight, "money", "/outbox", asked.done.as_deref()),
            bridges: places.iter().map(|(id, bridge)| outlet_row(id, bridge, outlets.get(id), sight)).collect(),
            held: waiting.iter().any(|task| task.standing == Standing::Held),
            more_wait: waiting.len().saturating_sub(MOST_SHOWN),
            waiting: waiting.iter().take(MOST_SHOWN).map(|task| row(task, sight, &places)).collect(),
            ended,
            next: page.next,
            previous: page.previous,
            may,
        })
    })
}

fn outlet_row(id: &str, bridge: &Bridge, outlet: Option<&Outlet>, sight: &Sight<'_>) -> OutletRow {
    let rests =
        outlet.map(|outlet| Moment(outlet.rest_us)).filter(|rest| rest.0 > sight.now.0.saturating_add(MINUTE_US));
    OutletRow {
        id: id.to_owned(),
        place: bridge.place(),
        close: outlet.is_some_and(|outlet| outlet.close),
        comment: outlet.is_some_and(|outlet| outlet.comment),
        label: outlet.is_some_and(|outlet| outlet.label),
        days: outlet.map_or(DAYS.1, |outlet| outlet.every_days),
        rests: rests.map(|rest| sight.moment(rest)),
    }
}

/// Between two tasks of one bridge is always a short pause, which nobody needs to read of.
const MINUTE_US: i64 = 60_000_000;

fn row(task: &Task, sight: &Sight<'_>, places: &BTreeMap<String, Bridge>) -> TaskRow {
    let place = places.get(&task.bridge).map_or_else(|| task.bridge.clone(), Bridge::place);
    let waits = task.standing == Standing::Waiting && task.tries > 0;
    TaskRow {
        number: task.number,
        words: match task.call {
            Call::Close => words::outbox::CALL_CLOSE,
            Call::Reopen => words::outbox::CALL_REOPEN,
            Call::Support => words::outbox::CALL_SUPPORT,
        },
        issue: words::outbox::issue(task.issue, place),
        href: format!("/decisions/{}?item={}", task.decision.replace('/', "%2F"), task.item.replace('#', "%23")),
        standing: match task.standing {
            Standing::Waiting => words::outbox::IS_WAITING,
            Standing::Held => words::outbox::IS_HELD,
            Standing::Done => words::outbox::IS_DONE,
            Standing::Failed => words::outbox::IS_FAILED,
            Standing::Dropped => words::outbox::IS_DROPPED,
        },
        why: task.why.clone().filter(|_| task.standing != Standing::Held),
        tries: task.tries,
        at: sight.moment(Moment(task.ended_us.unwrap_or(task.made_us))),
        next: waits.then(|| sight.moment(Moment(task.next_us))),
        is_held: task.standing == Standing::Held,
        is_failed: task.standing == Standing::Failed,
    }
}

/// Something that somebody says of tasks.
pub(crate) enum Said {
    /// Try it now.
    Retry(u64),
    /// Drop it.
    Drop(u64),
    /// Let all go that are held.
    GoAll,
}

/// Does what was said; the tasks that it was about. Those who may record everything may say it.
pub(crate) async fn told(visitor: &Visitor, said: Said) -> Result<Vec<Task>, Trouble> {
    keeper(visitor)?;
    let now = visitor.app.coop.now();
    let done = visitor.write(move |batch| {
        Ok(match said {
            Said::Retry(number) => batch.retry_task(number, now)?.into_iter().collect(),
            Said::Drop(number) => {
                batch.drop_task(number, words::outbox::DROPPED_BY_HAND, now)?.into_iter().collect::<Vec<Task>>()
            }
            Said::GoAll => {
                batch.let_all_go(now)?;
                Vec::new()
            }
        })
    });
    done.await
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let number = value(&fields, "task").parse::<u64>().unwrap_or(0);
    let said = match value(&fields, "do") {
        "retry" => Said::Retry(number),
        "drop" => Said::Drop(number),
        "go" => Said::GoAll,
        _ => return Err(Trouble::Absent),
    };
    let all = matches!(said, Said::GoAll);
    match told(&visitor, said).await?.is_empty() && !all {
        true => Err(Trouble::Absent),
        false => Ok(see("/outbox?done=outbox")),
    }
}

/// A choice of what goes out.
pub(crate) struct Chosen {
    pub(crate) bridge: String,
    pub(crate) sends: (bool, bool, bool),
    pub(crate) days: u32,
}

/// Keeps a choice.
pub(crate) async fn chosen(visitor: &Visitor, chosen: Chosen) -> Result<Outlet, Trouble> {
    let by = keeper(visitor)?.by.member;
    let now = visitor.app.coop.now();
    let kept =
        visitor.write(move |batch| match batch.choose_outlet(&chosen.bridge, chosen.sends, chosen.days, by, now) {
            Ok(outlet) => Ok(Ok(outlet)),
            Err(NoBridge::Failed(error)) => Err(error.into()),
            Err(why) => Ok(Err(why.to_string())),
        });
    kept.await?.map_err(|why| Trouble::bad("days", why))
}

pub(crate) async fn choose(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let checked = |name: &str| value(&fields, name) == "yes";
    let days = value(&fields, "days").trim().parse().unwrap_or(0);
    let sends = (checked("close"), checked("comment"), checked("label"));
    chosen(&visitor, Chosen { bridge: value(&fields, "bridge").to_owned(), sends, days }).await?;
    Ok(see("/outbox?done=outlet").into_response())
}

/// How much of the outbox the sender of a request sees: members everything, and tokens that may record.
pub(crate) fn sees(visitor: &Visitor, sight: &Sight<'_>, _: &Snapshot) -> Result<(), Trouble> {
    match (visitor.recorder(), sight.me) {
        (Ok(_), _) | (Err(_), Some(_)) => Ok(()),
        (Err(why), None) => Err(why),
    }
}
