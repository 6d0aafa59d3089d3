//! The effects of another kernel on classes.

use super::meaning::weight_words;
use super::{Class, KeptBy, door};
use crate::effect::{Effect, EffectKind, Effects};
use crate::formula::Source;
use crate::kernel::Kernel;
use crate::words;

/// Adds the effects on each class: first on present ones, then on new ones.
pub(crate) fn compare_all(from: &Kernel, to: &Kernel, found: &mut Vec<Effect>) {
    for class in &from.classes {
        let mut effects = Effects::new(&class.name, found);
        match to.class(&class.name) {
            Some(same) => {
                compare(class, same, &mut effects);
                let (old, new) = (door::sentences(class, from.currency), door::sentences(same, to.currency));
                let way = format!("the way into the {}", words::plain(&class.name));
                effects.add_sentences(EffectKind::Electorate, &way, &old, &new);
            }
            None => {
                let name = words::plain(&class.name);
                let sentence = format!("There would be no class of {name} any more: nobody would have weight by it.");
                effects.add(EffectKind::Weight, sentence);
            }
        }
    }
    for class in to.classes.iter().filter(|class| from.class(&class.name).is_none()) {
        let mut effects = Effects::new(&class.name, found);
        let (name, weight) = (words::plain(&class.name), weight_words(class));
        let sentence = format!("There would be a class of {name}, whose members weigh {weight}.");
        effects.add(EffectKind::Weight, sentence);
        if let Some(list) = &class.list {
            let sentence = format!("Every member on {} would belong to the {name}.", words::list(list));
            effects.add(EffectKind::Weight, sentence);
            if class.kept_by == KeptBy::Members {
                effects
                    .add(EffectKind::Powers, "Those on it would keep it, more than half of them together.".to_owned());
            }
        }
        control(None, class, &mut effects);
        for sentence in door::sentences(class, to.currency) {
            effects.add(EffectKind::Electorate, sentence);
        }
    }
}

fn compare(from: &Class, to: &Class, effects: &mut Effects) {
    let name = words::plain(&from.name);
    if !from.weight.is_same(&to.weight) || from.scale_root != to.scale_root {
        let (mut new, mut old) = (weight_words(to), weight_words(from));
        if new == old {
            (new, old) = (format!("`{}`", to.weight.text()), format!("`{}`", from.weight.text()));
        }
        effects.add(EffectKind::Weight, format!("The {name} would weigh {new}, instead of {old}."));
    }
    service(from, to, &name, effects);
    if from.list != to.list {
        let sentence = match &to.list {
            Some(list) => {
                format!("Every member on {} would belong to the {name}, and nobody else.", words::list(list))
            }
            None => format!("Every member with weight by the rule would belong to the {name}: no list would say so."),
        };
        effects.add(EffectKind::Weight, sentence);
    }
    let falls =
        |class: &Class| class.weight.sources.iter().any(|source| matches!(source.whole(), Source::Falling { .. }));
    if falls(from) != falls(to) {
        let sentence = match falls(to) {
            true => format!(
                "Where records are late, the weight of the {name} would fall by half from one period to the next."
            ),
            false => format!("Where records are late, the weight of the {name} would fall at once."),
        };
        effects.add(EffectKind::Weight, sentence);
    }
    if from.holds_while_silent != to.holds_while_silent {
        let sentence = match to.holds_while_silent {
            true => format!("While a source of records is silent, the {name} would keep their weight for 60 days."),
            false => {
                format!("While a source of records is silent, the {name} would weigh what records there are give.")
            }
        };
        effects.add(EffectKind::Weight, sentence);
    }
    affirmed(from, to, &name, effects);
    if from.cap_ppm != to.cap_ppm {
        let sentence = match (from.cap_ppm.map(words::percent), to.cap_ppm.map(words::percent)) {
            (None, Some(new)) => {
                format!("None of the {name} could hold more than {new} of their weight; today there is no such limit.")
            }
            (Some(old), Some(new)) => {
                format!("None of the {name} could hold more than {new} of their weight, instead of {old}.")
            }
            (old, None) => {
                let old = old.unwrap_or_default();
                format!("One of the {name} could hold more than {old} of their weight: the limit would be gone.")
            }
        };
        effects.add(EffectKind::Weight, sentence);
    }
    if to.list.is_some() && from.kept_by != to.kept_by {
        let sentence = match to.kept_by {
            KeptBy::Members => {
                format!(
                    "Those on the list of the {name} would keep it, more than half of them together; no power would reach it any more."
                )
            }
            KeptBy::Powers => {
                format!("Those who may keep lists would keep that of the {name}, instead of those on it.")
            }
        };
        effects.add(EffectKind::Powers, sentence);
    }
    control(Some(from), to, effects);
}

/// Adds the change in the service that a class is about.
fn service(from: &Class, to: &Class, name: &str, effects: &mut Effects) {
    if from.service != to.service {
        let sentence = match &to.service {
            Some(service) => {
                format!("The {name} would be about {}: only what was given to it would count.", words::plain(service))
            }
            None => format!("The {name} would be about no service: what was given to any would count."),
        };
        effects.add(EffectKind::Weight, sentence);
    }
}

/// Adds the change in who affirms hours.
fn affirmed(from: &Class, to: &Class, name: &str, effects: &mut Effects) {
    if from.affirmed == to.affirmed {
        return;
    }
    let Some(affirmed) = to.affirmed else {
        let sentence = format!("The {name} would affirm nobody’s hours any more: who may record them says yes.");
        return effects.add(EffectKind::Powers, sentence);
    };
    for sentence in affirmed.sentences(name) {
        effects.add(EffectKind::Powers, format!("It would hold that {}", words::lower(&sentence)));
    }
}

/// Adds the change in a class's part of the votes.
fn control(from: Option<&Class>, to: &Class, effects: &mut Effects) {
    let limits = |class: &Class| (class.control_ppm, class.at_most_ppm);
    let before = from.map_or((None, None), limits);
    let name = words::plain(&to.name);
    if let Some(from) = from.filter(|from| from.control_from != to.control_from && to.control_ppm.is_some()) {
        let (new, old) = (to.control_from, from.control_from);
        let sentence = format!(
            "The {name} would have their part of the votes in full from {new} members with weight on, instead of from {old}; below that in proportion."
        );
        effects.add(EffectKind::Counting, sentence);
    }
    if before == limits(to) {
        return;
    }
    let new = match limits(to) {
        (Some(ppm), _) => {
            let part = words::percent(ppm);
            format!("The {name} would have {part} of the votes in every decision that they may vote in")
        }
        (None, Some(ppm)) => {
            format!("The {name} would have {} of the votes in a decision at most", words::percent(ppm))
        }
        (None, None) => {
            let sentence = "The votes of the class would be what its members' weight gives, and nothing would hold them to a part.";
            return effects.add(EffectKind::Counting, sentence);
        }
    };
    let instead = before.0.or(before.1).map(|ppm| format!(", instead of {}", words::percent(ppm)));
    effects.add(EffectKind::Counting, format!("{new}{}.", instead.unwrap_or_default()));
}
