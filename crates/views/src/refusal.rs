//! A named "no" of the rules, for people: the event, the assurance that nothing was lost, and the ways out.

use engine::{Refusal, Rule};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Share, say};

/// A refusal.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct RefusalView {
    /// Stable, never used again: 17 is shown as `R017`.
    pub number: u16,
    /// Stable, for example `share-exceeds-weight`.
    pub name: String,
    /// One sentence: the rule that refused, with the figures.
    pub happened: String,
    /// The ways out, most useful first.
    pub ways_out: Vec<WayOut>,
}

/// Something that can still be done.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
pub struct WayOut {
    /// An action that is still possible.
    pub words: String,
    /// Where.
    pub href: Option<String>,
}

impl RefusalView {
    /// For example `R017`.
    pub fn code(&self) -> String {
        format!("R{:03}", self.number)
    }
}

/// Returns a refusal in words, with its ways out.
#[must_use]
pub fn refusal(refused: &Refusal) -> RefusalView {
    let number = refused.rule.number().trim_start_matches('R').parse().unwrap_or(0);
    RefusalView {
        number,
        name: refused.rule.name().to_owned(),
        happened: sentence(&for_people(refused.rule, &refused.why)),
        ways_out: vec![WayOut {
            words: say::sentence(&quoted(&for_people(refused.rule, &refused.instead))),
            href: way(refused.rule).map(str::to_owned),
        }],
    }
}

/// Returns the page of the way out.
fn way(rule: Rule) -> Option<&'static str> {
    match rule {
        Rule::ShareExceedsWeight | Rule::TooManyBallots | Rule::NothingToTakeBack => Some("/me"),
        Rule::UnknownDecision | Rule::WrongKindOfDecision | Rule::NotInElectorate => Some("/decisions"),
        Rule::UnknownItem | Rule::ItemClosed => Some("/issues"),
        Rule::UnknownMember => Some("/members"),
        _ => None,
    }
}

/// Shares in per cent, as people type them: every whole number that these two rules say is a share.
fn for_people(rule: Rule, words: &str) -> String {
    if !matches!(rule, Rule::ShareExceedsWeight | Rule::ShareOutOfRange) {
        return words.to_owned();
    }
    let bare = words.replace(words::refusal::SHARE_UNIT, "");
    let words: Vec<&str> = bare.split(' ').collect();
    let told = words.iter().enumerate().map(|(place, word)| {
        let in_per_cent = place.checked_add(1).is_some_and(|next| words.get(next) == Some(&"%"));
        match word.parse() {
            Ok(ppm) if !in_per_cent => Share::from_ppm(ppm).text,
            _ => (*word).to_owned(),
        }
    });
    told.collect::<Vec<_>>().join(" ")
}

fn sentence(words: &str) -> String {
    format!("{}.", say::sentence(&quoted(words)))
}

/// Returns the reader's own words in quotation marks instead of backticks.
fn quoted(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut open = false;
    for letter in words.chars() {
        if letter == '`' {
            out.push(if open { '”' } else { '“' });
            open = !open;
        } else {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_in_per_cent() {
        let why = "700000 parts per million of your weight stand elsewhere and 990000 would come on top";
        let instead = "300000 parts per million are free; take a share back elsewhere for more";
        let view = refusal(&Refusal::new(Rule::ShareExceedsWeight, why, instead));
        assert_eq!(view.happened, "70 % of your weight stand elsewhere and 99 % would come on top.");
        let way = view.ways_out.first().map(|way| way.words.as_str());
        assert_eq!(way, Some("30 % are free; take a share back elsewhere for more"));
        let other = refusal(&Refusal::new(Rule::UnknownItem, "`issues` has no item `220`", "name one"));
        assert_eq!(other.happened, "“issues” has no item “220”.");
    }
}
