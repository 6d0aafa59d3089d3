//! The editor of rules: the text that it begins with, and the checker's answer to a text that somebody writes.

use charter::{Diagnostic, Rules};
use engine::chamber::ROOT;
use engine::rules::amendment::KERNEL;
use quantity::Moment;
use serde::Serialize;
use words::editor;

use crate::names::rules_href;
use crate::names::{decision_href, decision_title};
use crate::{LISTED, PlainClause, RulesDiff, Sight, facts, say};

/// The beginning of the editor.
#[derive(Serialize, Debug, Clone)]
pub struct RulesDraft {
    /// `kernel`, `constitution`, or the path of a constitution inside it.
    pub decision: String,
    /// For example `Constitution` or `Docs team`.
    pub title: String,
    /// The page of the rules in force.
    pub back_href: String,
    /// The text to begin with; empty where nothing is in force.
    pub text: String,
    /// The name of that text, for example `the text in force, “How we decide”`.
    pub words: String,
    /// The steps until it is in force, a sentence each.
    pub terms: Vec<String>,
    /// The date from which the past is tried if none is given: a year before now, `2025-03-03`.
    pub past_from: String,
    /// The reader may propose a text.
    pub may_propose: bool,
}

/// The checker's answer to a text.
#[derive(Serialize, Debug, Clone, Default)]
pub struct RulesCheck {
    /// The first of them, at most [`crate::LISTED`], in the order of the text; empty where the text checks.
    pub mistakes: Vec<Mistake>,
    /// The number of all mistakes.
    pub mistakes_total: u64,
    /// Notes: allowed, and worth knowing.
    pub notes: Vec<Mistake>,
    /// Every clause in plain English; empty where there are mistakes.
    pub plain: Vec<PlainClause>,
    /// The changes if it were in force today; `None` where there are mistakes, and where nothing is compared.
    pub change: Option<RulesDiff>,
    /// It is, byte for byte, the text in force.
    pub in_force: bool,
}

/// One mistake, with the line as it was typed.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    pub end_line: u32,
    /// The column after the last character.
    pub end_column: u32,
    /// The stable code, such as `C012`.
    pub code: String,
    /// Its name, such as `unit-mismatch`.
    pub name: String,
    /// A sentence.
    pub why: String,
    /// How to mend it, a sentence.
    pub help: Option<String>,
    /// The line before the words that are wrong, cut to its end where it is long.
    pub before: String,
    /// The words that are wrong, as far as they are in this line.
    pub words: String,
    /// The line after them, cut to its beginning where it is long.
    pub after: String,
}

impl RulesCheck {
    /// It has no mistakes.
    #[must_use]
    pub fn checks(&self) -> bool {
        self.mistakes_total == 0
    }
}

/// The most characters of a line that are shown before and after the wrong words, and of those.
const SHOWN: usize = 60;
const YEAR_US: i64 = 365 * 86_400_000_000;

/// Returns the beginning of the editor of a decision's rules: the document `from`, or the one in force. `None` where the
/// decision holds no rules, or `from` was never a candidate there.
#[must_use]
pub fn rules_draft(sight: &Sight<'_>, decision: &str, from: Option<&str>) -> Option<RulesDraft> {
    let (in_force, terms) = match decision {
        KERNEL => {
            let terms = charter::explain_amendment(&sight.state.rules.kernel);
            (Some(sight.state.amendment.in_force.clone()), terms)
        }
        path => {
            let known = sight.state.decision(path).filter(|known| known.holds_rules)?;
            (known.in_force().map(|holder| holder.name.to_string()), sight.rules(known))
        }
    };
    let (document, which) = match from {
        Some(from) if in_force.as_deref() != Some(from) => (Some(sight.proposed(decision, from)?), editor::PROPOSED),
        _ => (in_force, editor::IN_FORCE),
    };
    let card = document.and_then(|document| sight.directory.document(&document));
    let past = Moment(sight.now.0.saturating_sub(YEAR_US));
    Some(RulesDraft {
        decision: decision.to_owned(),
        title: decision_title(decision),
        back_href: rules_href(decision),
        text: card.as_ref().map_or_else(String::new, |card| card.text.clone()),
        words: card.map_or_else(String::new, |card| editor::which(which, &card.title)),
        terms,
        past_from: sight.moment(past).iso.chars().take(10).collect(),
        may_propose: sight.me_index().is_some(),
    })
}

/// Returns a text that checks. `rules` are the rules with it in force, `change` the difference that they make.
#[must_use]
pub fn checked(sight: &Sight<'_>, decision: &str, text: &str, rules: &Rules, change: Option<RulesDiff>) -> RulesCheck {
    // Another kernel weighs everybody anew; for the one in force, the last update did.
    let facts = match decision {
        KERNEL => facts(sight.state, &rules.kernel, sight.directory),
        _ => sight.facts(),
    };
    RulesCheck { change, ..checked_with(sight, (decision, text), rules, &facts) }
}

/// As [`checked`], with the facts of the co-op under these rules' kernel.
pub(crate) fn checked_with(
    sight: &Sight<'_>,
    (decision, text): (&str, &str),
    rules: &Rules,
    facts: &charter::Facts,
) -> RulesCheck {
    let kernel = &rules.kernel;
    let (explained, notes) = match decision {
        KERNEL => (charter::explain_kernel(kernel, Some(facts)), &kernel.notes[..]),
        path => {
            let path = if path == ROOT { "" } else { path };
            let constitution = rules.constitution_at(path);
            let explained = constitution
                .map(|constitution| charter::explain_constitution_at(path, constitution, kernel, Some(facts)));
            let notes = constitution.map_or(&[][..], |constitution| &constitution.notes);
            (explained.unwrap_or_default(), notes)
        }
    };
    let plain = explained.into_iter().map(|clause| PlainClause {
        href: sight.state.decision(&clause.name).map(|_| decision_href(&clause.name)),
        title: say::title(&clause.name),
        name: clause.name,
        sentences: clause.sentences,
    });
    RulesCheck {
        notes: mistakes(text, notes),
        plain: plain.collect(),
        in_force: sight.is_in_force(decision, text),
        ..RulesCheck::default()
    }
}

/// Returns a text that does not check.
#[must_use]
pub fn mistaken(text: &str, wrong: &[Diagnostic]) -> RulesCheck {
    RulesCheck { mistakes: mistakes(text, wrong), mistakes_total: say::whole(wrong.len()), ..RulesCheck::default() }
}

fn mistakes(text: &str, diagnostics: &[Diagnostic]) -> Vec<Mistake> {
    let lines: Vec<&str> = charter::lines(text).collect();
    let shown = diagnostics.iter().take(LISTED);
    shown.map(|one| mistake(&lines, one)).collect()
}

fn mistake(lines: &[&str], one: &Diagnostic) -> Mistake {
    let place = |number: u32| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    let line = lines.get(place(one.line)).copied().unwrap_or_default();
    let begin = place(one.column);
    let length = match one.end_line == one.line {
        true => place(one.end_column).saturating_sub(begin),
        false => SHOWN,
    };
    let before: Vec<char> = line.chars().take(begin).collect();
    let cut = before.len().saturating_sub(SHOWN);
    let rest: Vec<char> = line.chars().skip(begin).take(SHOWN.saturating_mul(2)).collect();
    let (words, after) = rest.split_at(length.min(rest.len()).min(SHOWN));
    let dots = |left_out: bool| if left_out { "…" } else { "" };
    let letters = |part: &[char]| part.iter().collect::<String>();
    let left = line.chars().nth(begin.saturating_add(rest.len())).is_some();
    Mistake {
        line: one.line,
        column: one.column,
        end_line: one.end_line,
        end_column: one.end_column,
        code: one.code.to_owned(),
        name: one.name.to_owned(),
        why: whole_sentence(&one.why),
        help: one.help.as_deref().map(whole_sentence),
        before: format!("{}{}", dots(cut > 0), letters(before.get(cut..).unwrap_or_default())),
        words: letters(words),
        after: format!("{}{}", letters(after), dots(left)),
    }
}

/// With a capital letter and an end.
fn whole_sentence(words: &str) -> String {
    let ends = words.ends_with(['.', '?']);
    format!("{}{}", say::sentence(words), if ends { "" } else { "." })
}

impl Sight<'_> {
    /// Returns a document that was proposed for a decision.
    fn proposed(&self, decision: &str, document: &str) -> Option<String> {
        let stood = match decision {
            KERNEL => self.state.amendment.proposal(document).is_some(),
            path => crate::document(self, path, document).is_some(),
        };
        stood.then(|| document.to_owned())
    }

    fn is_in_force(&self, decision: &str, text: &str) -> bool {
        let draft = rules_draft(self, decision, None);
        draft.is_some_and(|draft| draft.text == text)
    }
}
