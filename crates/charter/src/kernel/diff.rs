//! The effects of another kernel: who has weight, how it counts, how the rules change.

use super::{Kernel, acts_per, amend, class, editions, founding, leaving, parameter};
use crate::effect::{Effect, EffectKind, Effects};
use crate::words;

/// Returns every effect of another kernel: on the kernel, on its constitution, on its classes.
pub(crate) fn effects(from: &Kernel, to: &Kernel) -> Vec<Effect> {
    let mut found = Vec::new();
    let mut kernel = Effects::new("kernel", &mut found);
    identity(from, to, &mut kernel);
    members(from, to, &mut kernel);
    if from.counting != to.counting {
        let (new, old) = (to.counting.words(to), from.counting.words(from));
        kernel.add(EffectKind::Counting, format!("Where a clause does not say otherwise, {new}; today {old}."));
    }
    let (new, old) = (to.allowance_of(to.counting), from.allowance_of(from.counting));
    if new != old {
        let sentence = format!("Where a clause does not say otherwise, {}; today {}.", new.words(), old.words());
        kernel.add(EffectKind::Counting, sentence);
    }
    changes(from, to, &mut kernel);
    parameter::compare(from, to, &mut kernel);
    let mut constitution = Effects::new("constitution", &mut found);
    to.constitution.compare(&from.constitution, "constitution", &mut constitution);
    class::compare_all(from, to, &mut found);
    found
}

/// Adds changes to the way the rules change, and to what leaving members take along.
fn changes(from: &Kernel, to: &Kernel, kernel: &mut Effects) {
    if from.amend != to.amend {
        let (new, old) = (amend::compared(to), amend::compared(from));
        kernel.add_sentences(EffectKind::Amendment, "the kernel", &old, &new);
    }
    if from.editions_by_amend != to.editions_by_amend {
        let (new, old) = (editions::sentence(to), editions::sentence(from));
        kernel.add_sentences(EffectKind::Amendment, "later editions", &[old], &[new]);
    }
    if from.fork != to.fork || from.reserves_ppm != to.reserves_ppm {
        let (new, old) = (super::explain_fork(to), super::explain_fork(from));
        kernel.add_sentences(EffectKind::Fork, "leaving together", &old, &new);
    }
    let (old, new) = (founding::meaning(from), founding::meaning(to));
    kernel.add_sentences(EffectKind::Powers, "founders", &old, &new);
    let (old, new) = (leaving::meaning(from), leaving::meaning(to));
    kernel.add_sentences(EffectKind::Powers, "leaving", &old, &new);
    let (old, new) = (from.grant.compared(from), to.grant.compared(to));
    kernel.add_sentences(EffectKind::Powers, "the constitution", &[old], &[new]);
}

fn identity(from: &Kernel, to: &Kernel, kernel: &mut Effects) {
    let mut add = |sentence: String| kernel.add(EffectKind::Identity, sentence);
    if from.name != to.name {
        add(format!("The co-op would be called `{}` instead of `{}`.", to.name, from.name));
    }
    if from.purpose != to.purpose {
        add(format!("Its purpose would be: {}.", to.purpose.trim_end_matches('.')));
    }
    if from.currency != to.currency {
        add(format!("Money would be counted in {} instead of {}.", to.currency.code(), from.currency.code()));
    }
    if from.zone.name() != to.zone.name() {
        add(format!("Days and hours would be those of {} instead of {}.", to.zone.name(), from.zone.name()));
    }
    if from.updates != to.updates {
        let (new, old) = (words::rhythm(&to.updates), words::rhythm(&from.updates));
        add(format!("Votes would be counted {new} instead of {old}."));
    }
}

fn members(from: &Kernel, to: &Kernel, kernel: &mut Effects) {
    if from.cap_ppm != to.cap_ppm {
        let sentence = match (from.cap_ppm.map(words::percent), to.cap_ppm.map(words::percent)) {
            (None, Some(new)) => {
                format!("Nobody could hold more than {new} of all weight; today there is no such limit.")
            }
            (Some(old), Some(new)) => format!("Nobody could hold more than {new} of all weight, instead of {old}."),
            (old, None) => {
                let old = old.unwrap_or_default();
                format!("Members could hold more than {old} of all weight: the limit would be gone.")
            }
        };
        kernel.add(EffectKind::Weight, sentence);
    }
    if from.floor_micro != to.floor_micro {
        let (new, old) = (words::exactly(to.floor_micro), words::exactly(from.floor_micro));
        let sentence = format!("A member of any class would weigh {new} at least, instead of {old}.");
        kernel.add(EffectKind::Weight, sentence);
    }
    if from.acts_per != to.acts_per {
        let (old, new) = (acts_per::sentence(from.acts_per), acts_per::sentence(to.acts_per));
        kernel.add_sentences(EffectKind::Identity, "members", &[old], &[new]);
    }
}
