//! The effects of another constitution on a clause: decisions that open, close, or are decided otherwise. Each kind adds the
//! effects of its own fields.

use std::collections::BTreeSet;

use super::kind::Sides;
use super::{Clause, Delegation, domain};
use crate::effect::{Effect, EffectKind, Effects};
use crate::kernel::{GivenPower, Kernel, Power, electorate, kinds_in_words, powers_in_words};
use crate::words;

/// Adds the effects of a clause that would begin.
pub(crate) fn opens(clause: &Clause, path: &str, sides: Sides, found: &mut Vec<Effect>) {
    let effects = &mut Effects::new(path, found);
    let thing = words::plain(path);
    let title = title(clause, &thing);
    let opens = match clause.terms() {
        _ if !clause.opens(sides.to.edition) => {
            format!("{title} would be part of the rules. This version keeps it and does not carry it out yet.")
        }
        None if !clause.kind.answers().is_voted_on => format!("{title} would begin."),
        None => format!("{title} would open."),
        Some(terms) => {
            let days = words::days(terms.settles_in);
            format!("{title} would open. A change would take {days}, if everyone agreed.")
        }
    };
    effects.add(EffectKind::Opens, opens);
    let powers = powers_in_words(clause.powers(), sides.to);
    if !powers.is_empty() {
        effects.add(EffectKind::Powers, format!("The {thing} could {}.", words::all_of(&powers)));
    }
    if clause.kind.answers().is_voted_on {
        unusual(clause, sides.to, &thing, effects);
    }
    clause.kind.compare(None, sides, &thing, effects);
}

/// Returns the clause as the subject of a sentence: `The office of maintainer`.
fn title(clause: &Clause, thing: &str) -> String {
    let answers = clause.kind.answers();
    let seats = words::count(u64::from(answers.seats), "seat");
    answers.title.replace("{seats}", &seats).replace("{}", thing)
}

/// Adds who could vote on a clause that opens, and how, where that differs from the kernel's usual.
fn unusual(clause: &Clause, kernel: &Kernel, thing: &str, effects: &mut Effects) {
    if !clause.electorate.is_empty() {
        let who = electorate(&clause.electorate);
        effects.add(EffectKind::Electorate, format!("{who} would vote on the {thing}."));
    }
    domain::compare(None, clause.domain.as_ref(), thing, effects);
    if clause.counting != kernel.counting {
        effects.add(EffectKind::Counting, format!("On the {thing}, {}.", clause.counting.words(kernel)));
    }
    if clause.allowance != kernel.allowance_of(kernel.counting) {
        effects.add(EffectKind::Counting, format!("On the {thing}, {}.", clause.allowance.words()));
    }
    if clause.delegation == Delegation::Allowed {
        delegation(clause.delegation, thing, effects);
    }
    let Some(terms) = clause.terms() else {
        return;
    };
    if terms.nominated_by_ppm != kernel.constitution.nominated_by_ppm {
        let by = words::percent(terms.nominated_by_ppm);
        let sentence = format!("To stand for the {thing}, a newcomer would need the attention of {by} of all votes.");
        effects.add(EffectKind::Settles, sentence);
    }
    if terms.changes.is_some() {
        let when = terms.changes_when();
        effects.add(EffectKind::Settles, format!("A full bucket would take over the {thing} {when}."));
    }
}

/// Adds the effects of a clause that would end.
pub(crate) fn closes(clause: &Clause, path: &str, sides: Sides, found: &mut Vec<Effect>) {
    let mut effects = Effects::new(path, found);
    let thing = words::plain(path);
    let title = title(clause, &thing);
    let closes = match clause.opens(sides.from.edition) {
        true if !clause.kind.answers().is_voted_on => format!("{title} would end."),
        true => format!("{title} would close, and the weight on it would come back."),
        false => format!("{title} would no longer be part of the rules."),
    };
    effects.add(EffectKind::Closes, closes);
    let powers = powers_in_words(clause.powers(), sides.from);
    if !powers.is_empty() {
        effects.add(EffectKind::Powers, format!("The {thing} could no longer {}.", words::any_of(&powers)));
    }
    clause.kind.end(&thing, &mut effects);
}

/// Adds the effects on a clause that would go on.
pub(crate) fn compare(from: &Clause, to: &Clause, path: &str, sides: Sides, found: &mut Vec<Effect>) {
    let effects = &mut Effects::new(path, found);
    let thing = words::plain(path);
    if let (Some(before), Some(after)) = (from.terms(), to.terms()) {
        after.compare(before, &thing, effects);
    }
    let names = |clause: &Clause| clause.electorate.iter().cloned().collect::<BTreeSet<String>>();
    if names(from) != names(to) {
        let (new, old) = (electorate(&to.electorate), words::lower(&electorate(&from.electorate)));
        effects.add(EffectKind::Electorate, format!("{new} would vote on the {thing}, instead of {old}."));
    }
    domain::compare(from.domain.as_ref(), to.domain.as_ref(), &thing, effects);
    // Votes that follow the kernel's change with it, and the kernel's own effects say so.
    let inherited = from.counting == sides.from.counting && to.counting == sides.to.counting;
    if from.counting != to.counting && !inherited {
        let (new, old) = (to.counting.words(sides.to), from.counting.words(sides.from));
        effects.add(EffectKind::Counting, format!("On the {thing}, {new}; today {old}."));
    }
    let follows = |clause: &Clause, kernel: &Kernel| clause.allowance == kernel.allowance_of(kernel.counting);
    let inherited = follows(from, sides.from) && follows(to, sides.to);
    if from.allowance != to.allowance && !inherited {
        let (new, old) = (to.allowance.words(), from.allowance.words());
        effects.add(EffectKind::Counting, format!("On the {thing}, {new}; today {old}."));
    }
    if from.delegation != to.delegation {
        delegation(to.delegation, &thing, effects);
    }
    powers(from.powers(), to.powers(), sides, &thing, effects);
    to.kind.compare(Some(&from.kind), sides, &thing, effects);
}

fn delegation(to: Delegation, thing: &str, effects: &mut Effects) {
    let could = match to {
        Delegation::Allowed => "could",
        Delegation::Nobody => "could no longer",
    };
    let sentence = format!("A member {could} let another member vote on the {thing} for them.");
    effects.add(EffectKind::Counting, sentence);
}

fn powers(from: &[GivenPower], to: &[GivenPower], sides: Sides, thing: &str, effects: &mut Effects) {
    let find = |powers: &[GivenPower], power: Power| powers.iter().find(|given| given.power == power).copied();
    let only_in = |powers: &[GivenPower], others: &[GivenPower], kernel| {
        let missing = powers.iter().filter(|given| find(others, given.power).is_none());
        powers_in_words(&missing.copied().collect::<Vec<_>>(), kernel)
    };
    // The words of a lost power are those of the old kernel, whose lists and currency it used.
    let (new, gone) = (only_in(to, from, sides.to), only_in(from, to, sides.from));
    if !new.is_empty() {
        effects.add(EffectKind::Powers, format!("The {thing} could also {}.", words::all_of(&new)));
    }
    if !gone.is_empty() {
        effects.add(EffectKind::Powers, format!("The {thing} could no longer {}.", words::any_of(&gone)));
    }
    for given in to {
        if let Some(before) = find(from, given.power).filter(|before| before.kinds != given.kinds) {
            let (new, old) = (kinds_in_words(given.kinds), kinds_in_words(before.kinds));
            effects.add(EffectKind::Powers, format!("The {thing} could record {new} instead of {old}."));
        }
    }
    // Powers on both sides differ by their limit or their kinds alone.
    let limit = |given: &GivenPower, kernel: &Kernel| match given.limit {
        None => "without limit".to_owned(),
        Some(limit) => format!("up to {}", words::money_per(limit, kernel.currency)),
    };
    for given in to {
        if let Some(before) = find(from, given.power).filter(|before| before.limit != given.limit) {
            let (power, new) = (words::plain(given.power.name()), limit(given, sides.to));
            let old = limit(&before, sides.from);
            effects.add(EffectKind::Powers, format!("The {thing} could {power} {new} instead of {old}."));
        }
    }
}
