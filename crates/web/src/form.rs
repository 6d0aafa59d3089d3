//! From what people type to exact integers and texts as they are kept. Fields that cannot be read come back with their words, so that
//! the form can be shown again as it was typed. Each form's own fields are read beside its page.

mod number;

pub(crate) use number::{amount_minor, score_ppm, share_ppm};

use views::{Problem, ShareField, Side};

/// The fields of a form, in the order sent.
pub(crate) type Fields = Vec<(String, String)>;

/// A field's text; empty where it is absent.
pub(crate) fn value<'a>(fields: &'a Fields, wanted: &str) -> &'a str {
    let found = fields.iter().find(|(name, _)| name == wanted);
    found.map_or("", |(_, typed)| typed.as_str())
}

/// The text of an option, a project or a request: its line, and whatever else there is to say below it.
pub(crate) fn line_and_reasons(fields: &Fields) -> String {
    let (line, reasons) = (value(fields, "line").trim(), value(fields, "reasons").replace("\r\n", "\n"));
    match reasons.trim() {
        "" => format!("{line}\n"),
        reasons => format!("{line}\n\n{reasons}\n"),
    }
}

/// All values of a field that may stand several times.
pub(crate) fn values(fields: &Fields, wanted: &str) -> Vec<String> {
    let own = fields.iter().filter(|(name, _)| name == wanted);
    own.map(|(_, value)| value.clone()).collect()
}

/// The most bytes of a document.
const MOST_TEXT: usize = 64 * 1024;

/// A document's text as it is kept: lines end in `\n`, and the last line ends.
pub(crate) fn document_text(fields: &Fields) -> Result<String, String> {
    let typed = value(fields, "text").replace("\r\n", "\n");
    let text = typed.trim_end();
    if text.is_empty() {
        return Err(words::form::NO_TEXT.to_owned());
    }
    if text.len() >= MOST_TEXT {
        return Err(words::form::document_too_long(text.len()));
    }
    if text.chars().any(|letter| letter.is_control() && !"\n\t".contains(letter)) {
        return Err(words::form::CONTROL_CHARACTERS.to_owned());
    }
    Ok(format!("{text}\n"))
}

/// A text of rules as it is kept: lines end in `\n`, and the last line ends.
pub(crate) fn rules_text(fields: &Fields, name: &str) -> Result<String, String> {
    let typed = value(fields, name).replace("\r\n", "\n");
    let text = typed.trim_end();
    if text.is_empty() {
        return Err(words::form::EMPTY.to_owned());
    }
    if text.len() >= engine::rules::brought::MAX_RULES {
        return Err(words::form::rules_too_long(text.len()));
    }
    Ok(format!("{text}\n"))
}

/// For or against, and how much: what a ballot on an item and attention for a nominee ask for.
pub(crate) fn side_and_share(fields: &Fields) -> Result<(Side, u32), Vec<Problem>> {
    let problem = |field: &str, words: String| vec![Problem { field: field.to_owned(), words }];
    let side = match value(fields, "side") {
        "for" => Side::For,
        "against" => Side::Against,
        _ => return Err(problem("side", words::form::FOR_OR_AGAINST.to_owned())),
    };
    let share_ppm = share_ppm(value(fields, "share")).map_err(|words| problem("share", words))?;
    Ok((side, share_ppm))
}

/// A share as it was typed.
pub(crate) fn share_field(typed: String) -> ShareField {
    ShareField { share_ppm: share_ppm(&typed).ok(), typed }
}

#[cfg(test)]
mod tests;
