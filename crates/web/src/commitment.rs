//! Commitment: the options, how far each has come, the time that is left, what was decided, and my ballot here.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use engine::act::WithdrawOption;
use engine::{Act, intent};
use views::{CommitmentView, OptionText, Sight};

use crate::chart;
use crate::form::{self, Fields};
use crate::frame::{Frame, see};
use crate::prose::{Block, blocks};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "commitment/show.html")]
pub(crate) struct CommitmentPage {
    frame: Frame,
    view: CommitmentView,
    /// The picture of each option.
    levels: Vec<String>,
}

/// The text of an option.
#[derive(Template)]
#[template(path = "commitment/option.html")]
pub(crate) struct OptionPage {
    frame: Frame,
    /// The commitment's name and title.
    name: String,
    title: String,
    view: OptionText,
    blocks: Vec<Block>,
}

impl CommitmentPage {
    pub(crate) fn new(visitor: &Visitor, sight: &Sight<'_>, view: CommitmentView, done: Option<&str>) -> Self {
        let levels = view.options.iter().enumerate().map(|(index, option)| {
            chart::option_level(&format!("option-{index}"), &option.candidate.name, option.fill_ppm)
        });
        let levels = levels.collect();
        Self { frame: visitor.frame(sight, "decisions", &view.href, done), levels, view }
    }
}

impl OptionPage {
    /// `None` where there is no such option of a commitment or project of a pool.
    pub(crate) fn of(visitor: &Visitor, sight: &Sight<'_>, name: &str, option: &str) -> Option<OptionPage> {
        let view = views::option_text(sight, name, option).or_else(|| views::project_text(sight, name, option))?;
        let title = views::decision_title_of(sight, name)?;
        let path = format!("/decisions/{}/documents/{}", name.replace('/', "%2F"), view.id);
        Some(OptionPage {
            frame: visitor.frame(sight, "decisions", &path, None),
            name: name.to_owned(),
            title,
            blocks: view.text.as_deref().map(blocks).unwrap_or_default(),
            view,
        })
    }
}

/// Puts up an option: a line, and whatever else there is to say below it.
pub(crate) async fn propose(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let reasons = form::line_and_reasons(&fields);
    let address = name.replace('/', "%2F");
    visitor
        .act(move |sight, me| {
            let view = views::commitment(sight, &name).ok_or(Trouble::Absent)?;
            let code = sight.state.rules.kernel.currency.code();
            let lines = view.sharing.map(|sharing| directing(&sharing.projects, &fields, code)).unwrap_or_default();
            let text = reasons + &lines;
            if sight.state.accepts_credit(&name)
                && let Some(strike) = views::strike(sight, me, &text)
            {
                return Ok(vec![strike]);
            }
            Ok(vec![intent::put_up(me, &name, &text)])
        })
        .await?;
    Ok(see(&format!("/decisions/{address}?done=option#nominations")))
}

/// The lines that direct a pool as its form says: each names a project by its first twelve signs, and its line for those who read it.
fn directing(projects: &[(String, String)], fields: &Fields, currency: &str) -> String {
    let mut lines = Vec::new();
    for does in ["fund", "strike"] {
        let chosen = projects.iter().filter(|(id, _)| form::value(fields, &format!("do.{id}")) == does);
        lines.extend(chosen.map(|(id, line)| format!("{does} {} {line}", id.get(..12).unwrap_or(id))));
    }
    if form::value(fields, "nothing") == "yes" {
        lines.push(charter::FUND_NOTHING.to_owned());
    }
    let add = form::value(fields, "add").trim();
    if !add.is_empty() {
        lines.push(["add", add, currency].join(" "));
    }
    if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join("\n")) }
}

/// Takes back an option of one's own.
pub(crate) async fn withdraw(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let option = form::value(&fields, "option").to_owned();
    let address = name.replace('/', "%2F");
    visitor
        .act(move |sight, member| {
            views::commitment(sight, &name).ok_or(Trouble::Absent)?;
            Ok(vec![Act::WithdrawOption(WithdrawOption { member, decision: name, option })])
        })
        .await?;
    Ok(see(&format!("/decisions/{address}?done=withdraw#nominations")))
}
