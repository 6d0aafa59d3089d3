//! Credit in stories: a list of contributions that is proposed, options against it, and the cells of its table. Lists and options name members
//! as stories do; the log has their pseudonyms.

use engine::act::{ProposeCredit, StrikeCredit};
use engine::credit::contributions::{Contributions, Strikes};
use engine::credit::wish::Wish;
use engine::{Act, State, digest};

use super::Stage;
use super::act::{Deed, Scene};

/// `proposes credit of 2025-03-01 for COMMITMENT by LIST`, `puts up TEXT against COMMITMENT`.
pub(super) fn read(does: &str, who: &str, scene: Scene<'_>) -> Option<Result<Deed, String>> {
    if let Some(rest) = does.strip_prefix("proposes credit of ") {
        let (period, rest) = rest.split_once(" for ")?;
        let (decision, list) = rest.split_once(" by ")?;
        return Some(proposal(period, decision, list, scene));
    }
    let (text, decision) = does.strip_prefix("puts up ")?.split_once(" against ")?;
    Some(strike(who, text, decision, scene))
}

fn proposal(period: &str, decision: &str, name: &str, scene: Scene<'_>) -> Result<Deed, String> {
    let text = text_of(name, scene.stage)?;
    let list = list_of(&text, name)?;
    let credit = list.rows(&Strikes::default(), &scene.state.credit_parameters());
    let act = Act::ProposeCredit(ProposeCredit {
        decision: decision.to_owned(),
        period: period.to_owned(),
        contributions: digest::hex(text.as_bytes()),
        credit: credit.map_err(|wrong| format!("no credit comes of `{name}`: {wrong:?}"))?,
        contributions_text: Some(text.into()),
    });
    Ok(Deed::Whole { act: Box::new(act), text: None })
}

fn strike(who: &str, name: &str, decision: &str, scene: Scene<'_>) -> Result<Deed, String> {
    let member = scene.stage.members.get(who).copied().ok_or_else(|| format!("nobody here is `{who}`"))?;
    let text = text_of(name, scene.stage)?;
    let proposal = scene.state.credit_proposed().ok_or("no credit is proposed")?;
    let lists = scene.stage.story.documents.keys().filter_map(|name| text_of(name, scene.stage).ok());
    let mut lists = lists.filter(|text| digest::hex(text.as_bytes()) == proposal.contributions);
    let list_text = lists.next().ok_or("what is proposed is no list of this story")?;
    let list = list_of(&list_text, &proposal.contributions)?;
    // An option that cannot be read has no rows; the engine says why.
    let wish = Wish::read(&text);
    let credit = wish.and_then(|wish| wish.rows(&list, &proposal.parameters)).unwrap_or_default();
    let option = digest::hex(text.as_bytes());
    let act = Act::StrikeCredit(StrikeCredit {
        member,
        decision: decision.to_owned(),
        option: option.clone(),
        text: Some(text.into()),
        contributions: proposal.contributions.clone(),
        contributions_text: Some(list_text.into()),
        credit,
    });
    Ok(Deed::Whole { act: Box::new(act), text: Some((option, name.to_owned())) })
}

/// A document of the story, with pseudonyms in place of the names of members.
fn text_of(name: &str, stage: &Stage<'_>) -> Result<String, String> {
    let text = stage.story.documents.get(name).ok_or_else(|| format!("the story has no document `{name}`"))?;
    let word = |word: &str| stage.members.get(word).map_or_else(|| word.to_owned(), ToString::to_string);
    let lines = text.lines().map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ") + "\n");
    Ok(lines.collect())
}

fn list_of(text: &str, name: &str) -> Result<Contributions, String> {
    Contributions::parse(text).map_err(|wrong| format!("`{name}`, line {}: {}", wrong.line, wrong.why))
}

/// Micro-credits of a member: `proposed`, `accepted` so far, or what an option leaves of the proposal.
pub(super) fn cell(stage: &Stage<'_>, state: &State, name: &str, head: &str) -> Option<i128> {
    let member = state.members.index(*stage.members.get(name)?)?;
    if head == "accepted" {
        let rows = state.support.rows(charter::SupportKind::Credit);
        let own = rows.map(|rows| rows.of(member)).unwrap_or_default();
        return Some(own.iter().map(|(_, row)| i128::from(row.amount)).sum());
    }
    let proposal = state.credit_proposed()?;
    let rows = if head == "proposed" { &proposal.rows } else { proposal.options.get(&stage.logged(head, "")?)? };
    Some(rows.iter().filter(|(who, _)| *who == member).map(|(_, micro)| i128::from(*micro)).sum())
}
