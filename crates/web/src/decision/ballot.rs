//! A member's two ballots on an election: first what they would change, then casting them.

use super::{DecisionPage, election, is_scored};
use crate::commitment::CommitmentPage;
use crate::form::{Fields, score_ppm, share_field, share_ppm};
use crate::frame::{render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use engine::intent::{BothBallots, replace_ballots};
use engine::{Act, Pseudonym};
use std::collections::BTreeMap;
use views::{BallotForm, PreviewView, Problem, ScoreField, Side, Sight};

/// Shows the page again with what would change. Nothing is kept.
pub(crate) async fn preview(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let wish = match both_ballots(&fields) {
        Ok(wish) => wish,
        Err(problems) => return again(&visitor, &name, &fields, problems),
    };
    let on = name.clone();
    let preview = visitor.ahead(move |sight, me| Ok((acts(sight, me, &on, &wish)?, vec![on]))).await?;
    let preview = preview.into_iter().next();
    let page = visitor.see(|sight, _| shown(&visitor, sight, &name, &fields, Vec::new(), preview));
    Ok(page?.into_response())
}

/// Casts the ballots and goes back to the decision.
pub(crate) async fn cast(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    let wish = match both_ballots(&fields) {
        Ok(wish) => wish,
        Err(problems) => return again(&visitor, &name, &fields, problems),
    };
    // Only names of decisions that exist go into the address of the answer.
    let address = name.replace('/', "%2F");
    visitor.act(move |sight, me| acts(sight, me, &name, &wish)).await?;
    Ok(see(&format!("/decisions/{address}?done=ballot#ballot")))
}

fn acts(sight: &Sight<'_>, me: Pseudonym, decision: &str, wish: &BothBallots) -> Result<Vec<Act>, Trouble> {
    is_scored(sight, decision)?;
    replace_ballots(sight.state, me, decision, wish).ok_or(Trouble::Nobody)
}

/// The form as it was typed, and what is wrong with it.
fn again(visitor: &Visitor, name: &str, fields: &Fields, problems: Vec<Problem>) -> Result<Response, Trouble> {
    let page = visitor.see(|sight, _| shown(visitor, sight, name, fields, problems, None))?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The decision with what was typed in its form, and what it would change.
fn shown(
    visitor: &Visitor,
    sight: &Sight<'_>,
    name: &str,
    fields: &Fields,
    problems: Vec<Problem>,
    preview: Option<PreviewView>,
) -> Result<Html<String>, Trouble> {
    let refilled = |ballot: &mut Option<BallotForm>| {
        if let Some(ballot) = ballot {
            refill(ballot, fields, problems);
        }
    };
    if let Some(mut view) = views::commitment(sight, name) {
        refilled(&mut view.ballot);
        view.preview = preview;
        return render(&CommitmentPage::new(visitor, sight, view, None));
    }
    let mut view = election(sight, name)?;
    refilled(&mut view.ballot);
    render(&DecisionPage::new(visitor, sight, view, preview, None))
}

/// Parses the two ballots of an election.
fn both_ballots(fields: &Fields) -> Result<BothBallots, Vec<Problem>> {
    let mut wish = BothBallots::default();
    let mut problems = Vec::new();
    for (name, typed) in fields {
        let read = match name.as_str() {
            "for_share" => share_ppm(typed).map(|share| wish.for_share_ppm = share),
            "against_share" => share_ppm(typed).map(|share| wish.against_share_ppm = share),
            "newcomer" if typed.trim().is_empty() => Ok(()),
            "newcomer" => {
                wish.for_scores_ppm.insert(typed.trim().to_owned(), 1_000_000);
                Ok(())
            }
            other => match scored(other) {
                Some((Side::For, id)) => note_score(&mut wish.for_scores_ppm, id, typed),
                Some((Side::Against, id)) => note_score(&mut wish.against_scores_ppm, id, typed),
                None => Ok(()),
            },
        };
        if let Err(words) = read {
            problems.push(Problem { field: name.clone(), words });
        }
    }
    if problems.is_empty() { Ok(wish) } else { Err(problems) }
}

/// Whose score a field holds, on which of the two ballots.
fn scored(field: &str) -> Option<(Side, &str)> {
    match field.split_once('.')? {
        ("for", id) => Some((Side::For, id)),
        ("against", id) => Some((Side::Against, id)),
        _ => None,
    }
}

/// Scores of 0 are left out.
fn note_score(scores: &mut BTreeMap<String, u32>, id: &str, typed: &str) -> Result<(), String> {
    let score = score_ppm(typed)?;
    if score > 0 {
        scores.insert(id.to_owned(), score);
    }
    Ok(())
}

/// Puts what was typed back into the form.
fn refill(form: &mut BallotForm, fields: &Fields, problems: Vec<Problem>) {
    for (name, typed) in fields {
        let typed = typed.trim().to_owned();
        match (name.as_str(), scored(name)) {
            ("for_share", _) => form.for_share = share_field(typed),
            ("against_share", _) => form.against_share = share_field(typed),
            (_, Some((side, id))) => {
                let score = ScoreField { score_ppm: score_ppm(&typed).ok(), typed };
                if let Some(row) = form.rows.iter_mut().find(|row| row.candidate.id == id) {
                    match side {
                        Side::For => row.for_score = score,
                        Side::Against => row.against_score = score,
                    }
                }
            }
            _ => {}
        }
    }
    form.problems = problems;
}

#[cfg(test)]
mod tests;
