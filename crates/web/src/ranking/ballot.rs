//! A member's ballot on one item of the priorities: first what it would change, then casting it.

use super::RankingPage;
use crate::form::{Fields, share_field, side_and_share};
use crate::frame::{render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use engine::act::CastBallot;
use engine::{Act, Pseudonym};
use views::{ItemBallot, PreviewView, Problem, RankingPart, RankingView, Side, Sight};

/// A ranking and one of its items.
type Where = (String, String);

/// Shows the list again with what would change. Nothing is kept.
pub(crate) async fn preview(
    visitor: Visitor,
    Path(here): Path<Where>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let placed = match side_and_share(&fields) {
        Ok(placed) => placed,
        Err(problems) => return again(&visitor, &here, &fields, problems),
    };
    let on = here.clone();
    let preview = visitor.ahead(move |sight, me| {
        item(sight, &on)?;
        Ok((vec![act(me, &on, placed)], vec![on.0]))
    });
    let page = shown(&visitor, &here, &fields, preview.await?.pop(), Vec::new())?;
    Ok(render(&page)?.into_response())
}

/// Casts the ballot and goes back to the list.
pub(crate) async fn cast(
    visitor: Visitor,
    Path(here): Path<Where>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let placed = match side_and_share(&fields) {
        Ok(placed) => placed,
        Err(problems) => return again(&visitor, &here, &fields, problems),
    };
    let (href, begin) = visitor.see(|sight, _| {
        let view = item(sight, &here)?;
        let begin = view.items.first().map_or(0, |first| first.rank.saturating_sub(1));
        Ok((view.href, begin))
    })?;
    visitor.act(move |_, me| Ok(vec![act(me, &here, placed)])).await?;
    Ok(see(&match begin {
        0 => format!("{href}?done=ballot"),
        _ => format!("{href}?cursor={begin}&done=ballot"),
    }))
}

fn act(member: Pseudonym, (ranking, item): &Where, (side, share_ppm): (Side, u32)) -> Act {
    Act::CastBallot(CastBallot {
        member,
        decision: ranking.clone(),
        item: Some(item.clone()),
        share_ppm,
        scores: None,
        against: side == Side::Against,
    })
}

/// The page of the ranking that has this item, if it has it.
fn item(sight: &Sight<'_>, (name, item): &Where) -> Result<RankingView, Trouble> {
    let view = views::ranking(sight, name, RankingPart::With(item)).ok_or(Trouble::Absent)?;
    if view.items.iter().any(|one| one.item == *item) { Ok(view) } else { Err(Trouble::Absent) }
}

fn again(visitor: &Visitor, here: &Where, fields: &Fields, problems: Vec<Problem>) -> Result<Response, Trouble> {
    let page = shown(visitor, here, fields, None, problems)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}

/// The list with what was typed in the item's form.
fn shown(
    visitor: &Visitor,
    here: &Where,
    fields: &Fields,
    preview: Option<PreviewView>,
    problems: Vec<Problem>,
) -> Result<RankingPage, Trouble> {
    visitor.see(|sight, _| {
        let mut view = RankingView { preview, ..item(sight, here)? };
        let row = view.items.iter_mut().find(|one| one.item == here.1);
        if let Some(ballot) = row.and_then(|row| row.ballot.as_mut()) {
            refill(ballot, fields);
        }
        Ok(RankingPage::new(visitor, sight, view, Some(here.1.clone()), problems, None))
    })
}

/// Puts what was typed back into an item's form.
fn refill(form: &mut ItemBallot, fields: &Fields) {
    for (name, typed) in fields {
        match (name.as_str(), typed.as_str()) {
            ("share", typed) => form.share = share_field(typed.trim().to_owned()),
            ("side", "for") => form.side = Side::For,
            ("side", "against") => form.side = Side::Against,
            _ => {}
        }
    }
}
