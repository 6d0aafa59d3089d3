//! Gifts and all else that members give, recorded by whoever the rules let: a row, a table, a file; and the reports of all imports. Who may, the host asks
//! the engine (`who`); what becomes of it, the inbox says.

pub(crate) mod bring;
pub(crate) mod imports;
pub(crate) mod move_in;
pub(crate) mod table;
mod upload;
pub(crate) mod who;

use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use bridges::Kind;
use bring::{Settings, Share, not_opened, opened};
use charter::SupportKind;
use engine::{Pseudonym, intent};
use host::gate::new_code;
use host::inbox::{Door, Handed, Recording, Right, Row, act_of};
use quantity::Moment;
use std::ops::ControlFlow;
use table::TableView;
pub(crate) use upload::{boundary, parameter};
use views::{Problem, RecordAhead, Sight};
use who::Recorder;

#[derive(Template)]
#[template(path = "record/show.html")]
struct RecordPage {
    frame: Frame,
    /// By what right the reader records.
    right: Option<Right>,
    /// The kinds of one record, as the form sends it and as people say it.
    kinds: Vec<(String, String)>,
    /// The services that the rules count by themselves.
    services: Vec<String>,
    /// The last day that can be given.
    today: String,
    typed: Fields,
    problems: Vec<Problem>,
    /// Members who may be meant: their pseudonym, name, and since when they are members.
    candidates: Vec<(String, String, String)>,
    /// The effect of the record that was typed; nothing before.
    ahead: Option<RecordAhead>,
    table: TableView,
    signed_in: bool,
    /// Whether the rules know sources that fall silent.
    expects: bool,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    render(&RecordPage::new(&visitor, asked.done.as_deref())?)
}

/// Shows what one record would do, or records it. Input that cannot be read, or that the rules refuse, comes back as it was typed.
pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let Recorder { recording, .. } = visitor.recorder()?;
    let (row, member) = match read(&visitor, &fields)? {
        Ok(read) => read,
        Err(Unclear { problems, candidates }) => {
            let page = RecordPage::new(&visitor, None)?.with_typed(fields);
            let page = RecordPage { problems, candidates, ..page };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response());
        }
    };
    let handed = Handed::of_rows(ROW, &[row]);
    let kind = Some(Kind::SupportCsv);
    let (door, share) = (Door::Page, Share::OfTheDay);
    let settings = Settings { door, kind, mapping: None, new_members: false, share, every: None };
    let done = match value(&fields, "do") {
        "record" => bring::bring(&visitor, handed, settings).await.map(|_| None),
        _ => ahead(&visitor, handed, settings, (member, recording)).await.map(Some),
    };
    let problems = match done {
        Ok(None) => return Ok(see("/record?done=recorded")),
        Ok(Some(ahead)) => {
            let page = RecordPage { ahead: Some(ahead), ..RecordPage::new(&visitor, None)?.with_typed(fields) };
            return Ok(render(&page)?.into_response());
        }
        Err(Trouble::BadInput(problems)) => problems,
        Err(Trouble::Refused(refusal)) => vec![Problem { field: "amount".to_owned(), words: refusal.happened }],
        Err(trouble) => return Err(trouble),
    };
    let page = RecordPage { problems, ..RecordPage::new(&visitor, None)?.with_typed(fields) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}

/// The name of the file that one row is.
const ROW: &str = "page";

/// Returns the effect of the record on the member's say at the next update.
async fn ahead(
    visitor: &Visitor,
    handed: Handed,
    settings: Settings,
    (member, recording): (Pseudonym, Recording),
) -> Result<RecordAhead, Trouble> {
    let mut named = opened(visitor, handed, &settings).await?;
    visitor
        .costly(move |visitor| {
            visitor.see(|sight, _| {
                let mut acts = Vec::new();
                let edition = sight.state.editions.current;
                let read = named.source.facts(&mut |fact| {
                    acts.extend(act_of(&fact, member, edition));
                    ControlFlow::Continue(())
                });
                read.map_err(|refused| not_opened(refused.into()))?;
                let mut after = sight.state.clone();
                for act in acts {
                    let (act, actor) = recording.of(&after, act, sight.now);
                    after = intent::tried(&after, actor, &[act], sight.now)?;
                }
                let index = sight.state.members.index(member).ok_or(Trouble::Absent)?;
                Ok(views::record_ahead(sight, &after, index))
            })
        })
        .await
}

/// Why a row cannot be recorded as it was typed.
struct Unclear {
    problems: Vec<Problem>,
    candidates: Vec<(String, String, String)>,
}

/// The most members of whom one may be meant.
const MOST_CANDIDATES: usize = 8;

/// Reads the row that was typed. Who is meant is never guessed.
fn read(visitor: &Visitor, fields: &Fields) -> Result<Result<(Row, Pseudonym), Unclear>, Trouble> {
    let mut problems = Vec::new();
    let mut problem = |field: &str, words: String| problems.push(Problem { field: field.to_owned(), words });
    let typed = value(fields, "member").split_whitespace().collect::<Vec<_>>().join(" ");
    let chosen = value(fields, "chosen");
    let (member, candidates) =
        visitor.see(|sight, _| Ok(meant(sight, if chosen.is_empty() { &typed } else { chosen })))?;
    if typed.is_empty() && chosen.is_empty() {
        problem("member", words::record::WRITE_MEMBER.to_owned());
    } else if member.is_none() && candidates.iter().any(|(_, name, _)| *name == typed) {
        problem("member", words::record::several_called(&typed));
    } else if member.is_none() {
        problem("member", words::record::nobody_called(&typed));
    }
    let (kind, unit) = value(fields, "kind").split_once(':').unwrap_or_default();
    if kind.is_empty() {
        problem("kind", words::record::CHOOSE_KIND.to_owned());
    }
    let amount = value(fields, "amount").trim();
    if amount.is_empty() {
        problem("amount", words::record::GIVE_AMOUNT.to_owned());
    }
    let day = value(fields, "day").trim();
    if day.len() != "2025-12-29".len() {
        problem("day", words::power::GIVE_DAY.to_owned());
    }
    let source = value(fields, "source");
    if source.len() != 32 || !source.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        problem("source", words::power::LOAD_ANEW.to_owned());
    }
    let Some(member) = member.filter(|_| problems.is_empty()) else {
        return Ok(Err(Unclear { problems, candidates: if member.is_some() { Vec::new() } else { candidates } }));
    };
    let row = Row {
        member: member.to_string(),
        kind: kind.to_owned(),
        amount: amount.to_owned(),
        unit: unit.to_owned(),
        given_at: day.to_owned(),
        source: format!("page:{}", source.to_ascii_lowercase()),
        service: value(fields, "service").trim().to_owned(),
        ..Row::default()
    };
    Ok(Ok((row, member)))
}

/// The member whom a name or a pseudonym means, or those who may be meant. A handle is not looked at: it belongs to its own source.
fn meant(sight: &Sight<'_>, typed: &str) -> (Option<Pseudonym>, Vec<(String, String, String)>) {
    let index = |member: &Pseudonym| sight.state.members.index(*member);
    let is_active = |member: &Pseudonym| index(member).is_some_and(|index| sight.state.members.is_active(index));
    if let Some(member) = typed.parse::<Pseudonym>().ok().filter(|member| index(member).is_some()) {
        return (Some(member), Vec::new());
    }
    let wanted = typed.to_lowercase();
    let same = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase() == wanted;
    let called: Vec<Pseudonym> =
        sight.directory.names.iter().filter(|(_, name)| same(name)).map(|(who, _)| *who).collect();
    let called: Vec<Pseudonym> = called.into_iter().filter(is_active).collect();
    match called.as_slice() {
        [only] => (Some(*only), Vec::new()),
        [] => {
            let near = views::members(sight, typed, None).rows.into_iter().take(MOST_CANDIDATES);
            let near = near.filter_map(|row| row.member.parse().ok()).map(|who| candidate(sight, who));
            (None, if typed.is_empty() { Vec::new() } else { near.collect() })
        }
        several => (None, several.iter().take(MOST_CANDIDATES).map(|who| candidate(sight, *who)).collect()),
    }
}

fn candidate(sight: &Sight<'_>, who: Pseudonym) -> (String, String, String) {
    let since = sight.state.members.index(who).and_then(|index| views::joined(sight, index));
    let since = since.map(|at| words::record::since(sight.moment(at).day)).unwrap_or_default();
    (who.to_string(), sight.directory.name(who), since)
}

impl RecordPage {
    fn new(visitor: &Visitor, done: Option<&str>) -> Result<Self, Trouble> {
        let Recorder { right, offers, .. } = visitor.recorder()?;
        let source = new_code()?;
        visitor.see(|sight, _| {
            let today = day_of(sight, sight.now);
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            Ok(Self {
                frame: visitor.frame(sight, "me", "/record", done),
                right,
                kinds: kinds(&offers, sight.state.rules.kernel.currency.code()),
                services: views::services(sight),
                typed: vec![pair("day", &today), pair("source", &source)],
                today,
                problems: Vec::new(),
                candidates: Vec::new(),
                ahead: None,
                table: TableView::default(),
                signed_in: visitor.app.door == crate::app::Door::Invited,
                expects: sight.state.editions.current >= engine::Edition::THREE,
            })
        })
    }

    fn with_typed(self, typed: Fields) -> Self {
        Self { typed, ..self }
    }

    fn typed(&self, field: &str) -> &str {
        value(&self.typed, field)
    }

    fn problem(&self, field: &str) -> Option<&str> {
        let found = self.problems.iter().find(|problem| problem.field == field);
        found.map(|problem| problem.words.as_str())
    }

    /// Problems that stand beside no field.
    fn others(&self) -> Vec<&str> {
        let beside = ["member", "kind", "amount", "day", "service"];
        let others = self.problems.iter().filter(|problem| !beside.contains(&problem.field.as_str()));
        others.map(|problem| problem.words.as_str()).collect()
    }

    fn right_words(&self) -> &'static str {
        match self.right {
            Some(Right::Founder) => words::record::AS_FOUNDER,
            Some(Right::Desk) => words::record::AS_DESK,
            Some(Right::Power) => words::record::AS_POWER,
            None => "",
        }
    }
}

/// A day as forms have it, in the co-op's zone.
fn day_of(sight: &Sight<'_>, at: Moment) -> String {
    let day = sight.state.rules.kernel.zone.civil(at);
    format!("{:04}-{:02}-{:02}", day.year, day.month, day.day)
}

/// The kinds of one record, the commonest first, with the units that tables have.
const UNITS: [(SupportKind, &[&str]); 9] = [
    (SupportKind::Purchase, MONEY),
    (SupportKind::Dues, MONEY),
    (SupportKind::Donation, MONEY),
    (SupportKind::Loan, MONEY),
    (SupportKind::ShareCapital, MONEY),
    (SupportKind::Pledge, MONEY),
    (SupportKind::Hours, &["hours"]),
    (SupportKind::Contribution, &["credits"]),
    (SupportKind::Compute, &["hours", "credits"]),
];
/// Stands for the co-op's currency.
const MONEY: &[&str] = &[""];

/// Returns the kinds that a form offers.
fn kinds(offers: &[SupportKind], currency: &str) -> Vec<(String, String)> {
    let offered = UNITS.iter().filter(|(kind, _)| offers.contains(kind));
    let all = offered.flat_map(|(kind, units)| units.iter().map(|unit| (kind.name(), *unit)));
    all.map(|(kind, unit)| {
        let unit = if unit.is_empty() { currency } else { unit };
        let told = if kind == unit { kind.to_owned() } else { words::record::in_unit(kind, unit) };
        (format!("{kind}:{unit}"), told)
    })
    .collect()
}
