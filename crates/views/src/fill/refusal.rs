//! A refusal, for people.

use engine::{Refusal, Rule};

use super::say;
use crate::{RefusalView, WayOut};

/// What the rules said no to, and what can still be done.
#[must_use]
pub fn refusal(refused: &Refusal) -> RefusalView {
    let number = refused
        .rule
        .number()
        .trim_start_matches('R')
        .parse()
        .unwrap_or(0);
    RefusalView {
        number,
        name: refused.rule.name().to_owned(),
        happened: sentence(&refused.why),
        ways_out: vec![WayOut {
            words: say::sentence(&quoted(&refused.instead)),
            href: way(refused.rule).map(str::to_owned),
        }],
    }
}

/// Where what can still be done is done.
fn way(rule: Rule) -> Option<&'static str> {
    match rule {
        Rule::ShareExceedsWeight | Rule::TooManyBallots | Rule::NothingToTakeBack => Some("/me"),
        Rule::UnknownDecision | Rule::WrongKindOfDecision | Rule::NotInElectorate => {
            Some("/decisions")
        }
        Rule::UnknownItem | Rule::ItemClosed => Some("/issues"),
        Rule::UnknownMember => Some("/members"),
        _ => None,
    }
}

fn sentence(words: &str) -> String {
    format!("{}.", say::sentence(&quoted(words)))
}

/// The reader's own words in quotation marks instead of backticks.
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
