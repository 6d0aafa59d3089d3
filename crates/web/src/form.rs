//! From what people type to exact integers. Fields that cannot be read come back with their words, so that the form can be shown
//! again as it was typed.

mod deed;
mod number;

pub(crate) use deed::deed;
pub(crate) use number::{score_ppm, share_ppm};

use crate::desk::{BallotDraft, ItemDraft, ShareMove};
use views::{BallotForm, ItemBallot, MyPageView, Problem, ScoreField, ShareField, Side};

/// The fields of a form, in the order sent.
pub(crate) type Fields = Vec<(String, String)>;

/// Parses the two ballots of an election.
pub(crate) fn ballot(fields: &Fields) -> Result<BallotDraft, Vec<Problem>> {
    let mut draft = BallotDraft::default();
    let mut problems = Vec::new();
    for (name, typed) in fields {
        let problem = match name.as_str() {
            "for_share" => share_ppm(typed).map(|share| draft.for_share_ppm = share),
            "against_share" => share_ppm(typed).map(|share| draft.against_share_ppm = share),
            "newcomer" if typed.trim().is_empty() => Ok(()),
            "newcomer" => {
                let newcomer = typed.trim().to_owned();
                draft.for_scores_ppm.insert(newcomer, 1_000_000);
                Ok(())
            }
            other => score_field(&mut draft, other, typed),
        };
        if let Err(words) = problem {
            problems.push(Problem { field: name.clone(), words });
        }
    }
    if problems.is_empty() { Ok(draft) } else { Err(problems) }
}

/// A field's text; empty where it is absent.
pub(crate) fn value<'a>(fields: &'a Fields, wanted: &str) -> &'a str {
    let found = fields.iter().find(|(name, _)| name == wanted);
    found.map_or("", |(_, typed)| typed.as_str())
}

/// The most bytes of a document.
const MOST_TEXT: usize = 64 * 1024;

/// A document's text as it is kept: lines end in `\n`, and the last line ends.
pub(crate) fn document_text(fields: &Fields) -> Result<String, String> {
    let typed = value(fields, "text").replace("\r\n", "\n");
    let text = typed.trim_end();
    if text.is_empty() {
        return Err("a document needs a text".to_owned());
    }
    if text.len() >= MOST_TEXT {
        return Err(format!("a document is at most 64 KiB long, and this text has {} bytes", text.len()));
    }
    if text.chars().any(|letter| letter.is_control() && !"\n\t".contains(letter)) {
        return Err("the text holds control characters that cannot be printed".to_owned());
    }
    Ok(format!("{text}\n"))
}

/// A text of rules as it is kept: lines end in `\n`, and the last line ends.
pub(crate) fn rules_text(fields: &Fields, name: &str) -> Result<String, String> {
    let typed = value(fields, name).replace("\r\n", "\n");
    let text = typed.trim_end();
    if text.is_empty() {
        return Err("the text is empty".to_owned());
    }
    if text.len() >= host::MAX_RULES {
        let bytes = text.len();
        return Err(format!("rules are at most 1 MiB long, and this text has {bytes} bytes"));
    }
    Ok(format!("{text}\n"))
}

/// Parses a ballot on one item.
pub(crate) fn item_ballot(item: &str, fields: &Fields) -> Result<ItemDraft, Vec<Problem>> {
    let value = |wanted: &str| value(fields, wanted);
    let problem = |field: &str, words: String| vec![Problem { field: field.to_owned(), words }];
    let side = match value("side") {
        "for" => Side::For,
        "against" => Side::Against,
        _ => return Err(problem("side", "choose for or against".to_owned())),
    };
    match share_ppm(value("share")) {
        Ok(share_ppm) => Ok(ItemDraft { item: item.to_owned(), side, share_ppm }),
        Err(words) => Err(problem("share", words)),
    }
}

/// Parses the shares of My page: fields named `share.` and the ballot's own name.
pub(crate) fn share_moves(fields: &Fields) -> Result<Vec<ShareMove>, Vec<Problem>> {
    let mut moves = Vec::new();
    let mut problems = Vec::new();
    for (name, typed) in fields {
        let Some(field) = name.strip_prefix("share.") else {
            continue;
        };
        match share_ppm(typed) {
            Ok(share_ppm) => moves.push(ShareMove { field: field.to_owned(), share_ppm }),
            Err(words) => problems.push(Problem { field: name.clone(), words }),
        }
    }
    if problems.is_empty() { Ok(moves) } else { Err(problems) }
}

/// Puts what was typed back into an election's form.
pub(crate) fn refill_ballot(form: &mut BallotForm, fields: &Fields, problems: Vec<Problem>) {
    for (name, typed) in fields {
        let typed = typed.trim().to_owned();
        match name.as_str() {
            "for_share" => form.for_share = share_field(typed),
            "against_share" => form.against_share = share_field(typed),
            other => {
                let score = ScoreField { score_ppm: score_ppm(&typed).ok(), typed };
                let (id, side) = match other.split_once('.') {
                    Some(("for", id)) => (id, Side::For),
                    Some(("against", id)) => (id, Side::Against),
                    _ => continue,
                };
                if let Some(row) = form.rows.iter_mut().find(|row| row.candidate.id == id) {
                    match side {
                        Side::For => row.for_score = score,
                        Side::Against => row.against_score = score,
                    }
                }
            }
        }
    }
    form.problems = problems;
}

/// Puts what was typed back into an item's form.
pub(crate) fn refill_item(form: &mut ItemBallot, fields: &Fields) {
    for (name, typed) in fields {
        match (name.as_str(), typed.as_str()) {
            ("share", typed) => form.share = share_field(typed.trim().to_owned()),
            ("side", "for") => form.side = Side::For,
            ("side", "against") => form.side = Side::Against,
            _ => {}
        }
    }
}

/// Puts what was typed back into My page.
pub(crate) fn refill_shares(view: &mut MyPageView, fields: &Fields, problems: Vec<Problem>) {
    for (name, typed) in fields {
        let field = name.strip_prefix("share.");
        let placed = view.placed.iter_mut().find(|one| Some(one.field.as_str()) == field);
        if let Some(placed) = placed {
            placed.typed = share_field(typed.trim().to_owned());
        }
    }
    view.problems = problems;
}

fn share_field(typed: String) -> ShareField {
    ShareField { share_ppm: share_ppm(&typed).ok(), typed }
}

fn score_field(draft: &mut BallotDraft, name: &str, typed: &str) -> Result<(), String> {
    let (scores, id) = if let Some(id) = name.strip_prefix("for.") {
        (&mut draft.for_scores_ppm, id)
    } else if let Some(id) = name.strip_prefix("against.") {
        (&mut draft.against_scores_ppm, id)
    } else {
        return Ok(());
    };
    match score_ppm(typed)? {
        0 => {}
        score => {
            scores.insert(id.to_owned(), score);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
