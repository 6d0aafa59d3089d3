//! What another kernel would change: who has weight, how it counts, how the rules change.

use super::clause::granted;
use super::{Effect, EffectKind, Teller};
use crate::explain::words;
use crate::explain::{of_class, of_kernel};
use crate::{Class, Kernel};

pub(super) fn effects(from: &Kernel, to: &Kernel) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut kernel = Teller { about: "kernel", effects: &mut effects };
    identity(from, to, &mut kernel);
    members(from, to, &mut kernel);
    if from.counting != to.counting {
        let (new, old) = (of_kernel::counting(to.counting, to), of_kernel::counting(from.counting, from));
        kernel.tell(EffectKind::Counting, format!("Where a clause does not say otherwise, {new}; today {old}."));
    }
    changes(from, to, &mut kernel);
    let mut constitution = Teller { about: "constitution", effects: &mut effects };
    super::clause::terms(&from.constitution, &to.constitution, "constitution", &mut constitution);
    classes(from, to, &mut effects);
    effects
}

/// How the rules change, and what leaving together takes.
fn changes(from: &Kernel, to: &Kernel, kernel: &mut Teller) {
    if from.amend != to.amend {
        let (new, old) = (of_kernel::amendment(to.amend), of_kernel::amendment(from.amend));
        kernel.tell_sentences(EffectKind::Amendment, "the kernel", &[old], &[new]);
    }
    if from.fork != to.fork {
        let (new, old) = (of_kernel::explain_fork(to), of_kernel::explain_fork(from));
        kernel.tell_sentences(EffectKind::Fork, "leaving together", &old, &new);
    }
    let (old, new) = (granted(&from.grant, from), granted(&to.grant, to));
    kernel.tell_sentences(EffectKind::Powers, "the constitution", &[old], &[new]);
}

fn classes(from: &Kernel, to: &Kernel, effects: &mut Vec<Effect>) {
    for class in &from.classes {
        let mut about = Teller { about: &class.name, effects };
        match to.class(&class.name) {
            Some(same) => compare(class, same, &mut about),
            None => {
                let name = words::plain(&class.name);
                about.tell(
                    EffectKind::Weight,
                    format!("There would be no class of {name} any more: nobody would have weight by it."),
                );
            }
        }
    }
    for class in to.classes.iter().filter(|class| from.class(&class.name).is_none()) {
        let mut about = Teller { about: &class.name, effects };
        let name = words::plain(&class.name);
        let weight = weight_words(class);
        about.tell(EffectKind::Weight, format!("There would be a class of {name}, whose members weigh {weight}."));
        if let Some(list) = &class.list {
            about.tell(
                EffectKind::Weight,
                format!("Whoever stands on {} would belong to the {name}.", words::list(list)),
            );
        }
        control(None, Some(class), &mut about);
    }
}

fn identity(from: &Kernel, to: &Kernel, kernel: &mut Teller) {
    let mut tell = |sentence: String| kernel.tell(EffectKind::Identity, sentence);
    if from.name != to.name {
        tell(format!("The co-op would be called `{}` instead of `{}`.", to.name, from.name));
    }
    if from.purpose != to.purpose {
        tell(format!("Its purpose would be: {}.", to.purpose.trim_end_matches('.')));
    }
    if from.currency != to.currency {
        tell(format!("Money would be counted in {} instead of {}.", to.currency.code(), from.currency.code()));
    }
    if from.zone.name() != to.zone.name() {
        tell(format!("Days and hours would be those of {} instead of {}.", to.zone.name(), from.zone.name()));
    }
    if from.updates != to.updates {
        tell(format!(
            "Votes would be counted {} instead of {}.",
            words::rhythm(&to.updates),
            words::rhythm(&from.updates)
        ));
    }
}

fn members(from: &Kernel, to: &Kernel, kernel: &mut Teller) {
    let sentence = match (from.cap_ppm, to.cap_ppm) {
        (before, after) if before == after => None,
        (None, Some(cap)) => Some(format!(
            "Nobody could hold more than {} of all weight; today there is no such limit.",
            words::percent(cap)
        )),
        (Some(cap), None) => Some(format!(
            "Members could hold more than {} of all weight: the limit would be gone.",
            words::percent(cap)
        )),
        (Some(before), Some(after)) => Some(format!(
            "Nobody could hold more than {} of all weight, instead of {}.",
            words::percent(after),
            words::percent(before)
        )),
        (None, None) => None,
    };
    if let Some(sentence) = sentence {
        kernel.tell(EffectKind::Weight, sentence);
    }
    if from.floor_micro != to.floor_micro {
        kernel.tell(
            EffectKind::Weight,
            format!(
                "A member of any class would weigh {} at least, instead of {}.",
                words::exactly(to.floor_micro),
                words::exactly(from.floor_micro)
            ),
        );
    }
}

fn compare(from: &Class, to: &Class, about: &mut Teller) {
    let name = words::plain(&from.name);
    if !from.weight.is_same(&to.weight) || from.scale_root != to.scale_root {
        let (mut new, mut old) = (weight_words(to), weight_words(from));
        if new == old {
            (new, old) = (format!("`{}`", to.weight.text()), format!("`{}`", from.weight.text()));
        }
        about.tell(EffectKind::Weight, format!("The {name} would weigh {new}, instead of {old}."));
    }
    match (&from.list, &to.list) {
        (before, after) if before == after => {}
        (_, Some(list)) => about.tell(
            EffectKind::Weight,
            format!("Whoever stands on {} would belong to the {name}, and nobody else.", words::list(list)),
        ),
        (_, None) => about.tell(
            EffectKind::Weight,
            format!("Whoever has weight by the rule would belong to the {name}: no list would say so."),
        ),
    }
    control(Some(from), Some(to), about);
}

/// How much of the votes a class has.
fn control(from: Option<&Class>, to: Option<&Class>, about: &mut Teller) {
    let words = |class: Option<&Class>| {
        let name = class.map(|class| words::plain(&class.name)).unwrap_or_default();
        match class.map(|class| (class.control_ppm, class.at_most_ppm)) {
            Some((Some(ppm), _)) => Some(format!(
                "the {name} would have {} of the votes in every decision that they may vote in",
                words::percent(ppm)
            )),
            Some((None, Some(ppm))) => {
                Some(format!("the {name} would have {} of the votes in a decision at most", words::percent(ppm)))
            }
            _ => None,
        }
    };
    let limits = |class: Option<&Class>| class.map_or((None, None), |class| (class.control_ppm, class.at_most_ppm));
    if limits(from) == limits(to) {
        return;
    }
    let percent = |class: Option<&Class>| {
        let (control, at_most) = limits(class);
        control.or(at_most).map(words::percent)
    };
    let sentence = match (words(to), percent(from)) {
        (Some(new), Some(old)) => format!("{new}, instead of {old}."),
        (Some(new), None) => format!("{new}."),
        (None, _) => {
            "the votes of the class would be what its members' weight gives, and nothing would hold them to a part."
                .to_owned()
        }
    };
    about.tell(EffectKind::Counting, words::sentence(&sentence));
}

/// `the lesser of … and …`.
fn weight_words(class: &Class) -> String {
    of_class::weight_words(class)
}
