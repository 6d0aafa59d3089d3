//! Documents that hold rules, read against the rules above them. It decides nothing: `charter` checks.

use charter::{Diagnostic, Rules, Unread};
use engine::chamber::ROOT;
use engine::rules::amendment::KERNEL;
use engine::{Outcome, State};
use views::{Directory, EffectWords, RulesDiff};

/// Returns the notes on the document of `decision`: allowed, and worth knowing.
#[must_use]
pub fn notes<'a>(rules: &'a Rules, decision: &str) -> &'a [Diagnostic] {
    let constitution = match decision {
        KERNEL => return &rules.kernel.notes,
        ROOT => Some(&rules.constitution),
        path => rules.below.get(path),
    };
    constitution.map_or(&[], |constitution| &constitution.notes)
}

/// One of two documents that are compared, and the rules with it in force.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    pub rules: &'a Rules,
    /// `None` for the document that is in force in the co-op at hand.
    pub text: Option<&'a str>,
}

/// Returns the changes for members if one document of `decision` took the other's place; with a co-op at hand, for it too.
#[must_use]
pub fn rules_diff(
    decision: &str,
    before: Version<'_>,
    after: Version<'_>,
    here: Option<(&State, Directory<'_>)>,
) -> RulesDiff {
    let effects = charter::diff(before.rules, after.rules).into_iter();
    let effects = effects.map(|effect| EffectWords {
        about: effect.about,
        kind: format!("{:?}", effect.kind).to_lowercase(),
        words: effect.sentence,
    });
    let here = here.map(|(state, directory)| {
        let outcomes = brought_about(state, decision, before.text, after.text);
        let kernels = (&before.rules.kernel, &after.rules.kernel);
        views::here_diff(state, kernels, outcomes.as_deref().map_err(Clone::clone), directory)
    });
    RulesDiff { effects: effects.collect(), here }
}

/// Returns the changes if a document took the place of the one in force.
///
/// # Errors
/// As [`Rules::with_document`].
pub fn diff_to_force(state: &State, directory: Directory<'_>, decision: &str, text: &str) -> Result<RulesDiff, Unread> {
    let rules = state.rules.with_document(decision, text)?;
    let before = Version { rules: &state.rules, text: None };
    let after = Version { rules: &rules, text: Some(text) };
    Ok(rules_diff(decision, before, after, Some((state, directory))))
}

/// Returns the outcomes on a copy of the state when `before` is in force and `after` takes over, or the reason why it cannot.
fn brought_about(
    state: &State,
    decision: &str,
    before: Option<&str>,
    after: Option<&str>,
) -> Result<Vec<Outcome>, String> {
    let (mut copy, mut outcomes) = (state.clone(), Vec::new());
    for text in [before, after].into_iter().flatten() {
        let put = copy.put_in_force(decision, text, state.time);
        outcomes = put.map_err(|mistakes| {
            let words = mistakes.iter().map(|mistake| mistake.why.clone());
            words.collect::<Vec<_>>().join("; ")
        })?;
    }
    Ok(outcomes)
}
